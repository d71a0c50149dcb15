//! `noroshi findings show`: what a finding stands on, and what became of it.

mod json;
mod page;
mod processes;
mod text;

use std::collections::{BTreeSet, HashMap};

use ::page::Words;
use ::page::wording::Clock;
use journal::Recorded;
use lake::Compartment;
use model::evidence::{ContentId, Evidence};
use serde_json::Value;
use verdicts::{KeptVerdict, Which};
use watch::findings::{self, Finding, Findings, Listed, RuleTold};

use super::{missing, unseen};
use crate::acts::{self, unkept};
use crate::arguments::FindingsShow;
use crate::books::{Books, look};
use crate::output;
use crate::{Failure, Outcome, range, seat};

/// Acts of people that are shown.
const ACTS: usize = 10_000;
/// Verdicts that are shown where nobody says how many.
const ROWS: usize = 50;

/// A finding with all that is told of it.
struct Shown {
    listed: Listed,
    finding: Finding,
    parts: BTreeSet<u64>,
    rules: Vec<RuleTold>,
    acts: Vec<Recorded>,
    names: HashMap<String, String>,
    /// Its verdicts, where they were asked for, in no order.
    verdicts: Vec<ContentId>,
    /// Those of them that were read.
    rows: Vec<KeptVerdict>,
}

pub(super) fn run(arguments: &FindingsShow, words: Words) -> Result<Outcome, Failure> {
    if let Some(file) = &arguments.html {
        return page::run(arguments, file, words);
    }
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let home = arguments.at.home.as_deref();
    let books = arguments.rows.then(|| Books::open(home, "verdicts of a finding", words)).transpose()?;
    seat::take(home, arguments.seat.as_deref(), words)?;
    let mut shown = Shown::read(arguments, arguments.rows, words)?;
    if let Some(books) = &books {
        shown.read_rows(books, arguments.limit.unwrap_or(ROWS), words)?;
    }
    if arguments.at.json {
        return output::print_json(&shown.json(arguments.rows), words);
    }
    output::print(&shown.text(arguments.rows, &clock, words), words)
}

impl Shown {
    /// What the journal has of it; `with_verdicts` says whether its verdicts are named.
    fn read(arguments: &FindingsShow, with_verdicts: bool, words: Words) -> Result<Self, Failure> {
        let (number, home) = (arguments.number, arguments.at.home.as_deref());
        let reader = acts::read(home, words)?;
        let mut verdicts = Vec::new();
        let read = look(|who| {
            let parts = findings::parts(&reader, who, number)?;
            let mut rules = Vec::new();
            for part in &parts {
                rules.extend(findings::rules_of(&reader, who, Some(*part))?);
            }
            if with_verdicts {
                findings::verdicts_of(&reader, who, &parts, &mut |id, _| verdicts.push(id))?;
            }
            let state = reader.state::<Findings>(who, &number.to_string())?;
            let acts = reader.history(who, &format!("watch/finding/{number}"), (0, ACTS))?;
            let names = acts::names(&reader, who)?;
            Ok((findings::one(&reader, who, number)?.zip(state), parts, rules, acts, names))
        });
        let read = read.map_err(|error: journal::JournalError| unkept(&error, words));
        let (found, parts, rules, acts, names) = read?;
        let (listed, (finding, _)) = found.ok_or_else(|| missing(number, words))?;
        Ok(Self { listed, finding, parts, rules, acts, names, verdicts, rows: Vec::new() })
    }

    /// The first verdicts by time, so many at most.
    fn read_rows(&mut self, books: &Books, most: usize, words: Words) -> Result<(), Failure> {
        let between = self.listed.first.zip(self.listed.last);
        for some in self.verdicts.chunks(5_000) {
            let read = books.verdicts(&Compartment::own(), Which::Ids(some), between);
            self.rows.extend(read.map_err(|error| unseen(&error, words))?);
            self.rows.sort_by_key(|verdict| (verdict.time, verdict.id));
            self.rows.truncate(most);
        }
        Ok(())
    }
}

/// The rows on which a verdict stands.
fn evidence(verdict: &KeptVerdict) -> &[Evidence] {
    if verdict.events.is_empty() { std::slice::from_ref(&verdict.evidence) } else { &verdict.events }
}

/// Whether an act is told: what machines added is told by the counts.
fn is_told(recorded: &Recorded) -> bool {
    !matches!(recorded.act.get("type").and_then(Value::as_str), Some("joined"))
}
