//! Rules that run over batches while these are added to the lake.

use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use detect::{Engine, RuleDigest, Scratch, Signal, Verdict};
use lake::{Delivery, Entry};
use model::evidence::Kept;
use model::panic::caught;
use observations::Derive;
use sources::{KeptIn, Sheet};

use crate::error::VerdictsError;
use crate::label::Label;
use crate::signals;
use crate::table::{self, SIGNALS, VERDICTS};
use crate::write::{self, Stamp, Told};

/// Rules that run over batches.
#[derive(Debug)]
pub struct Detecting {
    engine: Arc<Engine>,
    rules: RuleDigest,
    /// Memory of threads that are not at work.
    scratch: Mutex<Vec<Scratch>>,
    counts: Mutex<Counts>,
}

/// What was found while batches were added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Verdicts by level.
    pub levels: [u64; 5],
    /// Matches that correlations are about.
    pub signals: u64,
    /// Batches that no rule has looked at, by a fault of the program, and what it was.
    pub faults: Vec<(Arc<str>, String)>,
}

impl Detecting {
    /// Runs an engine's rules, which are those of this set.
    #[must_use]
    pub fn new(engine: Arc<Engine>, rules: RuleDigest) -> Self {
        Self { engine, rules, scratch: Mutex::default(), counts: Mutex::default() }
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// The digest of the set of rules.
    #[must_use]
    pub fn rules(&self) -> RuleDigest {
        self.rules
    }

    /// What was found so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn find(
        &self,
        entry: &Entry,
        sheets: &[Sheet],
        from: &Delivery,
    ) -> Result<Vec<(&'static str, RecordBatch)>, VerdictsError> {
        let scratch = self.scratch.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scratch = scratch.unwrap_or_default();
        let (mut verdicts, mut matches) = (Vec::new(), Vec::new());
        for sheet in sheets {
            let sheet = self.placed(entry, sheet);
            let found = self.engine.scan(&sheet, &mut scratch);
            let found = found.map_err(|cause| lake::RowsError::Sheet(cause.to_string()))?;
            verdicts.extend(found.verdicts);
            matches.extend(found.signals);
        }
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        self.rows(entry, verdicts, matches, from)
    }

    /// A sheet that says which rows its events will be.
    fn placed(&self, entry: &Entry, sheet: &Sheet) -> Sheet {
        let class = self.engine.catalogue().class_of(&sheet.kind).0;
        let kept = Kept {
            table: format!("{}/{class}", entry.owner.compartment).into(),
            batch: entry.batch.into(),
            first_event: entry.first_event,
        };
        let kept = KeptIn { batches: vec![Arc::new(kept)], of_row: Vec::new() };
        Sheet { kept: Some(kept), ..sheet.clone() }
    }

    fn rows(
        &self,
        entry: &Entry,
        verdicts: Vec<Verdict>,
        matches: Vec<Signal>,
        from: &Delivery,
    ) -> Result<Vec<(&'static str, RecordBatch)>, VerdictsError> {
        let label = Label::of(entry);
        let verdicts: Vec<Told> =
            verdicts.into_iter().filter_map(|verdict| Told::new(verdict, label.clone())).collect();
        let matches: Vec<signals::Told> = matches
            .into_iter()
            .filter_map(|signal| signals::Told::new(signal, label.clone(), &self.engine))
            .collect();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.signals += matches.len() as u64;
        verdicts.iter().for_each(|told| counts.levels[told.verdict.rule.level.index()] += 1);
        drop(counts);
        let mut rows = Vec::new();
        if !verdicts.is_empty() {
            let stamp = Stamp { rules: self.rules, now: entry.received };
            rows.push((VERDICTS, write::rows(&verdicts, stamp)?));
        }
        if !matches.is_empty() {
            rows.push((SIGNALS, signals::rows(&matches, from, entry.received)?));
        }
        Ok(rows)
    }
}

impl Derive for Detecting {
    fn tables(&self) -> Vec<(&'static str, SchemaRef)> {
        vec![(VERDICTS, table::verdicts()), (SIGNALS, table::signals())]
    }

    /// What rules find in a batch. A fault of ours costs the verdicts of that batch, and is told.
    fn derive(&self, entry: &Entry, sheets: &[Sheet], from: &Delivery) -> Vec<(&'static str, RecordBatch)> {
        let found = caught(|| self.find(entry, sheets, from));
        let found = found.and_then(|found| found.map_err(|error| error.to_string()));
        found.unwrap_or_else(|fault| {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            counts.faults.push((entry.source_path.clone(), fault));
            Vec::new()
        })
    }
}
