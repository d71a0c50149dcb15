//! An act of the journal: who did what, when, and where it stands in the chain.

use journal::Kind as _;
use model::evidence::Reference;
use model::hash::hex;
use serde_json::{Value, json};
use watch::findings::{self, Findings};

use super::Asking;
use super::told::Told;
use crate::Failure;
use crate::acts::{names, unkept};
use crate::books::look;

/// Acts, and rows, of a finding that are told.
const MOST: usize = 100;

impl Asking<'_> {
    /// What was done; none where there is no such act.
    pub(super) fn act(&self, what: &Reference, stream: &str, sequence: u64) -> Result<Option<Told>, Failure> {
        let reader = self.counting.reader();
        let kept = |error| unkept(&error, self.words);
        let Some(placed) = look(|who| reader.act(who, stream, sequence)).map_err(kept)? else {
            return Ok(None);
        };
        let names = look(|who| names(reader, who)).map_err(kept)?;
        let recorded = &placed.recorded;
        let subject = recorded.actor.subject();
        let mut told = Told::of(what);
        told.value("stream", json!(stream));
        told.value("actor", json!(subject));
        told.value("name", json!(names.get(subject)));
        told.value("at", json!(recorded.at));
        told.value("commit", json!(format!("#{} {}", placed.position, hex(&placed.commit))));
        if let Some(act) = recorded.act.as_object() {
            told.inside("act", act.clone());
        }
        let kind_and_id = stream.rsplit_once('/');
        let finding =
            kind_and_id.filter(|(kind, _)| *kind == Findings::NAME).and_then(|(_, id)| id.parse().ok());
        let mut time = Some(recorded.at);
        // Other figures are asked for by the first act of a finding, whatever was done with it later.
        let mut first = what.clone();
        if let Some(number) = finding {
            first = Reference::act(stream, 1);
            told.list("acts", self.acts(stream)?);
            told.list("based-on", self.based_on(number)?);
            let one = look(|who| findings::one(reader, who, number)).map_err(kept)?;
            time = one.and_then(|finding| finding.first).or(time);
        }
        let period = self.period(time)?;
        told.figures(&self.counted_by(&[first], period)?, period, self.words);
        Ok(Some(told))
    }

    /// What was done in a stream, the earliest first.
    fn acts(&self, stream: &str) -> Result<Vec<Value>, Failure> {
        let history = look(|who| self.counting.reader().history(who, stream, (0, MOST)));
        let history = history.map_err(|error| unkept(&error, self.words))?;
        let act = |recorded: &journal::Recorded| {
            json!({
                "evidence": Reference::act(stream, recorded.sequence),
                "at": recorded.at,
                "type": recorded.act["type"],
            })
        };
        Ok(history.iter().map(act).collect())
    }

    /// The rows of the lake on which the verdicts of a finding stand, the earliest first.
    fn based_on(&self, number: u64) -> Result<Vec<Value>, Failure> {
        let reader = self.counting.reader();
        let mut ids = Vec::new();
        let read = look(|who| {
            let all = findings::parts(reader, who, number)?;
            findings::verdicts_of(reader, who, &all, &mut |id, _| ids.push(format!("'{id}'")))
        });
        read.map_err(|error| unkept(&error, self.words))?;
        ids.sort();
        ids.truncate(MOST);
        let mut rows = Vec::new();
        if !ids.is_empty() {
            let sql = format!(
                "SELECT concat('lake:own/', class, '/', batch, '/', row) AS evidence, time, level, title FROM verdicts \
                 WHERE id IN ({}) ORDER BY time, id",
                ids.join(", ")
            );
            self.counting.ask_named(sql, &mut |names, values| {
                let pairs = names.iter().map(|heading| heading.name.clone()).zip(values);
                rows.push(Value::Object(pairs.collect()));
            })?;
        }
        Ok(rows)
    }
}
