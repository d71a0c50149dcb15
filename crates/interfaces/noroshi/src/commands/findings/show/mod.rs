//! `noroshi findings show`: what a finding stands on, and what became of it.

mod json;
mod text;

use std::collections::{BTreeSet, HashMap};

use journal::Recorded;
use lake::Compartment;
use model::evidence::ContentId;
use page::Words;
use page::wording::Clock;
use serde_json::Value;
use verdicts::{KeptVerdict, Which};
use watch::findings::{self, Finding, Findings, Listed, RuleTold};

use super::{missing, unseen};
use crate::acts::{self, unkept};
use crate::arguments::FindingsShow;
use crate::books::{Books, look};
use crate::output;
use crate::{Failure, Outcome, range};

/// Acts of people that are shown.
const ACTS: usize = 10_000;

/// A finding with all that is told of it.
struct Shown {
    listed: Listed,
    finding: Finding,
    parts: BTreeSet<u64>,
    rules: Vec<RuleTold>,
    acts: Vec<Recorded>,
    names: HashMap<String, String>,
    rows: Vec<KeptVerdict>,
}

pub(super) fn run(arguments: &FindingsShow, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let shown = Shown::read(arguments, words)?;
    if arguments.at.json {
        return output::print_json(&shown.json(arguments.rows), words);
    }
    output::print(&shown.text(arguments.rows, &clock, words), words)
}

impl Shown {
    fn read(arguments: &FindingsShow, words: Words) -> Result<Self, Failure> {
        let (number, home) = (arguments.number, arguments.at.home.as_deref());
        let reader = acts::read(home, words)?;
        let mut ids = Vec::new();
        let read = look(|who| {
            let parts = findings::parts(&reader, who, number)?;
            let mut rules = Vec::new();
            for part in &parts {
                rules.extend(findings::rules_of(&reader, who, Some(*part))?);
            }
            if arguments.rows {
                findings::verdicts_of(&reader, who, &parts, &mut |id, _| ids.push(id))?;
            }
            let state = reader.state::<Findings>(who, &number.to_string())?;
            let acts = reader.history(who, &format!("watch/finding/{number}"), (0, ACTS))?;
            let names = acts::names(&reader, who)?;
            Ok((findings::one(&reader, who, number)?.zip(state), parts, rules, acts, names))
        });
        let read = read.map_err(|error: journal::JournalError| unkept(&error, words));
        let (found, parts, rules, acts, names) = read?;
        let (listed, (finding, _)) = found.ok_or_else(|| missing(number, words))?;
        let mut shown = Self { listed, finding, parts, rules, acts, names, rows: Vec::new() };
        if arguments.rows {
            shown.read_rows(&ids, arguments, words)?;
        }
        Ok(shown)
    }

    /// The first verdicts by time.
    fn read_rows(
        &mut self,
        ids: &[ContentId],
        arguments: &FindingsShow,
        words: Words,
    ) -> Result<(), Failure> {
        let books = Books::open(arguments.at.home.as_deref(), "verdicts of a finding", words)?;
        let between = self.listed.first.zip(self.listed.last);
        for some in ids.chunks(5_000) {
            let read = books.verdicts(&Compartment::own(), Which::Ids(some), between);
            self.rows.extend(read.map_err(|error| unseen(&error, words))?);
            self.rows.sort_by_key(|verdict| (verdict.time, verdict.id));
            self.rows.truncate(arguments.limit);
        }
        Ok(())
    }
}

/// Whether an act is told: what machines added is told by the counts.
fn is_told(recorded: &Recorded) -> bool {
    !matches!(recorded.act.get("type").and_then(Value::as_str), Some("joined"))
}
