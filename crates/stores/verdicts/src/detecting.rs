//! Rules that run over batches while these are added to the lake.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use detect::{Engine, RuleDigest, Scratch, Signal, Verdict};
use lake::{BatchId, Delivery, Entry};
use model::evidence::Kept;
use model::panic::caught;
use observations::Derive;
use sources::{KeptIn, Sheet};

use crate::error::VerdictsError;
use crate::label::Label;
use crate::signals;
use crate::table::{self, SIGNALS, VERDICTS};
use crate::write::{self, Stamp, Told};

/// Rules that run over batches, until others run.
#[derive(Debug)]
pub struct Detecting {
    running: RwLock<Arc<Running>>,
    found: Mutex<Found>,
}

/// Rules that are ready to run.
#[derive(Debug)]
pub struct Running {
    engine: Arc<Engine>,
    rules: RuleDigest,
    /// Memory of threads that are not at work.
    scratch: Mutex<Vec<Scratch>>,
}

/// What was found while batches were added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Verdicts by level.
    pub levels: [u64; 5],
    /// Sources of batches that no rule has looked at, by a fault of the program, and what it was.
    pub faults: Vec<(Arc<str>, String)>,
}

/// Batches whose counts wait for who kept them.
const COUNTED: usize = 1 << 16;

/// What was found in each batch, until whoever kept it asks.
type Found = HashMap<BatchId, Counts>;

impl Counts {
    fn and(mut self, other: Self) -> Self {
        self.levels.iter_mut().zip(other.levels).for_each(|(all, more)| *all += more);
        self.faults.extend(other.faults);
        self
    }
}

impl Running {
    /// An engine's rules, which are those of a set with this digest.
    #[must_use]
    pub fn new(engine: Arc<Engine>, rules: RuleDigest) -> Self {
        Self { engine, rules, scratch: Mutex::default() }
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
}

impl Detecting {
    /// Runs these rules.
    #[must_use]
    pub fn new(running: Running) -> Self {
        Self { running: RwLock::new(Arc::new(running)), found: Mutex::default() }
    }

    /// The rules that run.
    #[must_use]
    pub fn running(&self) -> Arc<Running> {
        self.running.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs others over batches that are begun from now on.
    pub fn switch(&self, running: Running) {
        *self.running.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(running);
    }

    /// What was found in these batches since they were kept; said once.
    #[must_use]
    pub fn take(&self, batches: &[BatchId]) -> Counts {
        let mut found = self.found();
        batches.iter().filter_map(|batch| found.remove(batch)).fold(Counts::default(), Counts::and)
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(
        &self,
        entry: &Entry,
        sheets: &[Sheet],
        from: &Delivery,
    ) -> Result<Vec<(&'static str, RecordBatch)>, VerdictsError> {
        let running = self.running();
        let scratch = running.scratch.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scratch = scratch.unwrap_or_default();
        let (mut verdicts, mut matches) = (Vec::new(), Vec::new());
        for sheet in sheets {
            let sheet = placed(&running.engine, entry, sheet);
            let found = running.engine.scan(&sheet, &mut scratch);
            let found = found.map_err(|cause| lake::RowsError::Sheet(cause.to_string()))?;
            verdicts.extend(found.verdicts);
            matches.extend(found.signals);
        }
        running.scratch.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        self.rows(&running, (entry, from), verdicts, matches)
    }

    fn rows(
        &self,
        running: &Running,
        (entry, from): (&Entry, &Delivery),
        verdicts: Vec<Verdict>,
        matches: Vec<Signal>,
    ) -> Result<Vec<(&'static str, RecordBatch)>, VerdictsError> {
        let label = Label::of(entry);
        let verdicts: Vec<Told> =
            verdicts.into_iter().filter_map(|verdict| Told::new(verdict, label.clone())).collect();
        let matches: Vec<signals::Told> = matches
            .into_iter()
            .filter_map(|signal| signals::Told::new(signal, label.clone(), &running.engine))
            .collect();
        if !verdicts.is_empty() {
            let mut found = self.found();
            if found.len() >= COUNTED {
                // Nobody asks for those of clients that died.
                found.clear();
            }
            let counts = found.entry(entry.batch).or_default();
            verdicts.iter().for_each(|told| counts.levels[told.verdict.rule.level.index()] += 1);
        }
        let mut rows = Vec::new();
        if !verdicts.is_empty() {
            let stamp = Stamp { rules: running.rules, now: entry.received };
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
            let mut found = self.found();
            found.entry(entry.batch).or_default().faults.push((entry.source_path.clone(), fault));
            Vec::new()
        })
    }
}

/// A sheet that says which rows its events will be.
fn placed(engine: &Engine, entry: &Entry, sheet: &Sheet) -> Sheet {
    let class = engine.catalogue().class_of(&sheet.kind).0;
    let kept = Kept {
        table: format!("{}/{class}", entry.owner.compartment).into(),
        batch: entry.batch.into(),
        first_event: entry.first_event,
    };
    let kept = KeptIn { batches: vec![Arc::new(kept)], of_row: Vec::new() };
    Sheet { kept: Some(kept), ..sheet.clone() }
}
