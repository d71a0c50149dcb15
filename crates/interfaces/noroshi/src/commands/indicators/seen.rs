//! `noroshi indicators seen`: all indicators looked for in the lake, and what changed noted.

use std::collections::HashSet;

use intake::Stop;
use lake::{Compartment, FindError};
use model::indicator::Indicator;
use model::time::Instant;
use page::Words;
use page::wording::Clock;
use serde_json::json;
use watch::indicators::{self, Command, Listed, LookCommand, Looks, Sighting, Status, Wanted};

use super::adding::{self, Saying};
use super::{Shown, object, table};
use crate::acts::{existing, existing_hand, kinds, unkept};
use crate::arguments::IndicatorsSeen;
use crate::books::{self, Books, look};
use crate::holder::Opening;
use crate::range::Range;
use crate::{Failure, Outcome, output, range, signals};

/// Runs the command.
///
/// # Errors
/// When there is no home, or its books cannot be used.
pub fn run(arguments: &IndicatorsSeen, words: Words) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let home = existing(arguments.at.home.as_deref(), words)?;
    let reader = journal::Reader::open(&home, kinds());
    let wanted = Wanted { states: vec![Status::Active], ..Wanted::default() };
    let all = look(|who| indicators::list(&reader, who, &wanted)).map_err(|error| unkept(&error, words))?;
    let sought: Vec<(&Listed, Indicator)> = all
        .iter()
        .filter_map(|one| Some((one, Indicator::exact(one.observable, &one.value).ok()?)))
        .collect();
    if sought.is_empty() {
        return output::print(&(words.get("cli-indicators-none") + "\n"), words);
    }
    let books = Books::open(arguments.at.home.as_deref(), &format!("{} indicators", sought.len()), words)?;
    let horizon = books.horizon(&Compartment::own()).map_err(|error| books::unread(&error, words))?.until();
    let values: Vec<Indicator> = sought.iter().map(|(_, value)| value.clone()).collect();
    let found = match find(&books, &values, &stop) {
        Ok(found) => found,
        Err(FindError::Stopped) => {
            eprintln!("{}", words.get("cli-query-stopped"));
            return Ok(Outcome::Stopped);
        }
        Err(error) => return Err(books::unfound(&error, words)),
    };
    let hand = existing_hand(arguments.at.home.as_deref(), Opening::short("indicators"), words)?;
    let there = found.iter().filter(|found| found.rows > 0).count() as u64;
    let sayings: Vec<Saying<'_>> = sought
        .iter()
        .zip(&found)
        // What nobody ever saw, and what was seen just so, need not be said.
        .filter(|((one, _), found)| (found.rows, found.first.zip(found.last)) != (one.hits, one.seen))
        .map(|((one, _), found)| {
            let sighting = Sighting { first: found.first, last: found.last, rows: found.rows, horizon };
            Saying { id: one.id.clone(), command: Command::See(sighting), value: &one.value }
        })
        .collect();
    let said = adding::say(&hand, &sayings, words)?;
    let new = sayings.iter().zip(said).filter(|(_, done)| done.position.is_some());
    let changed: HashSet<String> = new.map(|(one, _)| one.id.clone()).collect();
    let command = LookCommand::Look {
        horizon,
        indicators: sought.len() as u64,
        found: there,
        changed: changed.len() as u64,
    };
    hand.act::<Looks>("own", &command, |refusal| match *refusal {})?;
    let reader = hand.reader();
    drop(hand);
    let all = look(|who| indicators::list(&reader, who, &wanted)).map_err(|error| unkept(&error, words))?;
    let new: Vec<Listed> = all.into_iter().filter(|one| changed.contains(&one.id)).collect();
    let told = Told { horizon, looked: sought.len(), found: there, new: &new };
    let printed = told.print(arguments, &clock, words);
    books.tell_unseen(words);
    printed
}

/// What came of a look.
struct Told<'a> {
    horizon: Instant,
    looked: usize,
    found: u64,
    new: &'a [Listed],
}

impl Told<'_> {
    fn print(&self, arguments: &IndicatorsSeen, clock: &Clock, words: Words) -> Result<Outcome, Failure> {
        let Self { horizon, looked, found, new } = self;
        if arguments.at.json {
            let changed: Vec<_> = new.iter().map(object).collect();
            let told =
                json!({ "horizon": horizon, "indicators": looked, "found": found, "changed": changed });
            return output::print_json(&told, words);
        }
        let values = [
            ("indicators", (*looked).into()),
            ("found", (*found).into()),
            ("changed", new.len().into()),
            ("horizon", clock.second(horizon.timestamp()).into()),
        ];
        let shown = Shown { clock, is_plain: arguments.plain, words };
        let table = if new.is_empty() { String::new() } else { table(new, &shown) + "\n" };
        output::print(&format!("{table}{}\n", words.with("cli-indicators-seen", &values)), words)
    }
}

/// Looks for values in all that is kept.
pub(super) fn find(books: &Books, values: &[Indicator], stop: &Stop) -> Result<Vec<lake::Found>, FindError> {
    let compartment = Compartment::own();
    let wanted = books::Wanted { compartment: &compartment, values, range: Range::default(), rows: 0 };
    crate::commands::find::look(books, &wanted, stop)
}
