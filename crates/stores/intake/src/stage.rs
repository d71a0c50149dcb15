//! What is done with the rows that were read, and what comes of it.

use std::sync::Arc;

use detect::{Correlator, Engine, Meta, Scratch, Signal, Verdict};
use model::catalogue::Catalogue;
use model::event::{Flaw, Place};
use model::time::Instant;
use sources::Sheet;

use crate::cause::Cause;

/// What is done with each sheet of rows, on any thread.
pub trait Stage: Sync {
    /// Memory of one worker, kept from sheet to sheet.
    type Scratch: Default;

    /// The catalogue that names the columns.
    fn catalogue(&self) -> &Arc<Catalogue>;

    /// Works on one sheet and adds to what its job found. Its ordinals are those of the whole source.
    fn work(&self, sheet: &Sheet, scratch: &mut Self::Scratch, found: &mut Found);

    /// What makes verdicts of the signals that [`work`](Self::work) finds.
    fn correlator(&self) -> Option<Correlator> {
        None
    }

    /// What could not be done, said when all has been worked on.
    fn flaws(&self) -> Vec<Flaw> {
        Vec::new()
    }
}

/// What one job found; its places are already those of the whole source.
#[derive(Debug, Default)]
pub struct Found {
    /// Verdicts in the order of the input.
    pub verdicts: Vec<Verdict>,
    /// Matches of rules that correlations are about; none once the caller receives it.
    pub signals: Vec<Signal>,
    /// What could not be read.
    pub flaws: Vec<Flaw>,
    /// Events read.
    pub events: u64,
    /// Of these, events that no rule reads.
    pub unread: u64,
    /// Times of the earliest and latest event.
    pub span: Option<(Instant, Instant)>,
    /// The rows themselves, where the stage keeps them.
    pub sheets: Vec<Sheet>,
}

impl Found {
    /// Adds what was found later.
    pub(crate) fn append(&mut self, mut later: Self) {
        self.verdicts.append(&mut later.verdicts);
        self.signals.append(&mut later.signals);
        self.flaws.append(&mut later.flaws);
        self.events += later.events;
        self.unread += later.unread;
        widen(&mut self.span, later.span);
        self.sheets.append(&mut later.sheets);
    }
}

/// The stage that runs Sigma rules over events of a range of time.
#[derive(Debug, Clone, Copy)]
pub struct Detection<'a> {
    /// The rules.
    pub engine: &'a Engine,
    /// Earliest event time that counts.
    pub from: Option<Instant>,
    /// First event time that no longer counts.
    pub to: Option<Instant>,
}

impl Stage for Detection<'_> {
    type Scratch = Scratch;

    fn catalogue(&self) -> &Arc<Catalogue> {
        self.engine.catalogue()
    }

    fn work(&self, sheet: &Sheet, scratch: &mut Scratch, found: &mut Found) {
        if self.engine.rules_for(&sheet.kind) == 0 {
            found.unread += sheet.columns.num_rows() as u64;
        }
        let (span, findings) = match (sheet.span(), self.engine.scan(sheet, scratch)) {
            (Ok(span), Ok(findings)) => (span, findings),
            (Err(cause), _) | (_, Err(cause)) => return found.flaws.push(Flaw::new("", 0, cause)),
        };
        widen(&mut found.span, span);
        found.verdicts.extend(findings.verdicts.into_iter().filter(|verdict| self.counts(&verdict.place)));
        found.signals.extend(findings.signals.into_iter().filter(|signal| self.counts(&signal.place)));
    }

    fn correlator(&self) -> Option<Correlator> {
        self.engine.correlator()
    }

    fn flaws(&self) -> Vec<Flaw> {
        let flaw = |(rule, values): (&Meta, u64)| {
            let (path, line) = (rule.path.clone(), rule.line as u64);
            let cause = Cause::RegexExhausted { title: rule.title.clone(), path, line, values };
            Flaw::new("", 0, cause)
        };
        self.engine.exhausted().into_iter().map(flaw).collect()
    }
}

impl Detection<'_> {
    /// Whether an event counts; one without a time cannot be said to lie in a range.
    #[must_use]
    pub fn counts(&self, place: &Place) -> bool {
        if self.from.is_none() && self.to.is_none() {
            return true;
        }
        let lies_in = |time| self.from.is_none_or(|from| time >= from) && self.to.is_none_or(|to| time < to);
        place.time.is_some_and(lies_in)
    }
}

/// Widens a span of time by another.
pub fn widen(span: &mut Option<(Instant, Instant)>, more: Option<(Instant, Instant)>) {
    *span = match (*span, more) {
        (Some((first, last)), Some((earlier, later))) => Some((first.min(earlier), last.max(later))),
        (one, other) => one.or(other),
    };
}
