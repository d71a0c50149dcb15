//! An act of the journal: who did what, when, and where it stands in the chain.

use model::evidence::Reference;
use model::hash::hex;
use serde_json::json;

use super::Asking;
use super::told::Told;
use crate::Failure;
use crate::acts::{names, unkept};
use crate::books::look;

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
        let period = self.period(Some(recorded.at))?;
        told.figures(&self.counted_by(what, period)?, period, self.words);
        Ok(Some(told))
    }
}
