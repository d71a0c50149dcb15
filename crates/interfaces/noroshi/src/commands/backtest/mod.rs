//! `noroshi backtest`: what rules would have found in what is kept, and beside it what another version of
//! them would have.

mod count;
mod print;

use std::io::{self, Write};

use detect::{Bounds, RuleSet};
use intake::{Found, Settings, Stop};
use jiff::tz::TimeZone;
use model::level::Level;
use page::Words;
use sources::Limits;

use crate::arguments::{At, Backtest, threads};
use crate::books::Books;
use crate::commands::detect::{Scan, has_tag};
use crate::range::{self, Range};
use crate::tally::{Scanned, Unchecked};
use crate::{Failure, Outcome, output, ruleset, signals};
use count::{Count, Counts};

/// Runs the command.
///
/// # Errors
/// Wrong use, or a lake that cannot be read.
pub fn run(arguments: &Backtest, words: Words) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let zone = range::zone(&arguments.zone, words)?;
    let range = Range::of(arguments.from.as_deref(), arguments.to.as_deref(), &zone, words)?;
    let load = |paths: &[std::path::PathBuf]| -> Result<RuleSet, Failure> {
        let loaded = ruleset::find(paths, &arguments.placeholders, words)?.load(&stop, words)?;
        let mut rules = loaded.unwrap_or_default();
        let lowest = arguments.level.unwrap_or(Level::Informational);
        rules.retain(|meta| meta.level >= lowest && has_tag(&meta.tags, &arguments.tag));
        Ok(rules)
    };
    let after = load(&arguments.rules)?;
    let before = (!arguments.against.is_empty()).then(|| load(&arguments.against)).transpose()?;
    let books = Books::open(arguments.at.home.as_deref(), "events, to try rules on", words)?;
    let limits = Limits { zone: zone.clone(), ..Limits::default() };
    let settings = Settings { threads: threads(arguments.threads), limits };
    let trying = Trying { books: &books, settings: &settings, range, stop: &stop, words };
    trying.tell((&after, before.as_ref()), arguments.examples, arguments.at.json)
}

/// Tries rules on all that is kept, beside those that run now, and says what differs.
///
/// # Errors
/// When the lake cannot be read, or standard output cannot be written.
pub(super) fn beside(
    (after, before): (&RuleSet, &RuleSet),
    (at, zone): (&At, &TimeZone),
    words: Words,
) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let books = Books::open(at.home.as_deref(), "events, to try rules on", words)?;
    let range = Range::of(None, None, zone, words)?;
    let settings =
        Settings { threads: threads(None), limits: Limits { zone: zone.clone(), ..Limits::default() } };
    let trying = Trying { books: &books, settings: &settings, range, stop: &stop, words };
    trying.tell((after, Some(before)), 0, at.json)
}

/// A set of rules that was tried.
struct Tried {
    rules: RuleSet,
    counts: Vec<Count>,
    days: count::Days,
    scanned: Scanned,
}

/// What sets are tried on, and how.
struct Trying<'a> {
    books: &'a Books,
    settings: &'a Settings,
    range: Range,
    stop: &'a Stop,
    words: Words,
}

impl Trying<'_> {
    /// Tries rules, and others beside them, and says what they found.
    fn tell(
        &self,
        (after, before): (&RuleSet, Option<&RuleSet>),
        examples: usize,
        json: bool,
    ) -> Result<Outcome, Failure> {
        let Self { books, stop, words, .. } = *self;
        let counts = || Counts::new(self.settings.limits.zone.clone(), examples);
        let after = self.run(after, counts())?;
        let before = before.filter(|_| !stop.asked() && !after.scanned.broke_off);
        let before = before.map(|rules| self.run(rules, counts())).transpose()?;
        if after.scanned.broke_off || before.as_ref().is_some_and(|before| before.scanned.broke_off) {
            // Half of what there is compares with nothing.
            return Ok(Outcome::Unwritten);
        }
        let printed = match json {
            true => serde_json::to_string_pretty(&print::json(&after, before.as_ref()))
                .map(|text| text + "\n")
                .unwrap_or_default(),
            false => print::table(&after, before.as_ref(), words),
        };
        books.tell_unseen(words);
        match io::stdout().lock().write_all(printed.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                return Err(Failure::output(words, "-", &error));
            }
            _ => {}
        }
        for tried in [Some(&after), before.as_ref()].into_iter().flatten() {
            // A closed terminal must not turn what was counted into a failure.
            drop(output::flaws(&mut io::stderr(), &tried.scanned.tally, words));
        }
        Ok(match after.scanned.unchecked(&after.rules).first() {
            _ if stop.asked() => Outcome::Stopped,
            Some(Unchecked::NoRule) => Outcome::Unchecked(Unchecked::NoRule),
            _ => Outcome::Done,
        })
    }

    fn run(&self, rules: &RuleSet, mut counts: Counts) -> Result<Tried, Failure> {
        let Self { settings, range, stop, words, .. } = *self;
        let scan = Scan { words, rules, settings, bounds: Bounds::default(), range, stop, is_rescan: false };
        let scanned = scan.lake(self.books, false, &mut |found: &Found| {
            found.verdicts.iter().for_each(|verdict| counts.add(verdict));
        })?;
        let (counts, days) = counts.done(scanned.tally.span);
        Ok(Tried { rules: rules.clone(), counts, days, scanned })
    }
}
