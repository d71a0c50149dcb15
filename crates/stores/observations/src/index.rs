//! Which batches are kept, by id and by place in their sources.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use lake::{BatchId, Entry, Owner};
use sources::Known;

/// Batches that are kept, in the spool or in the lake.
#[derive(Debug, Default)]
pub(crate) struct Index(RwLock<Batches>);

#[derive(Debug, Default)]
struct Batches {
    by_id: HashMap<BatchId, About>,
    /// The newest reader that read a batch again.
    again: HashMap<BatchId, u32>,
    by_owner: HashMap<Owner, Arc<Known>>,
    /// Batches that lost rows, and those that they superseded.
    lost: HashSet<BatchId>,
    /// Batches of which retention removed rows.
    expired: HashSet<BatchId>,
}

#[derive(Debug)]
struct About {
    source_path: Arc<str>,
    reader: u32,
}

impl Index {
    /// Adds a batch.
    pub(crate) fn add(&self, entry: &Entry) {
        let mut batches = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let about = About { source_path: entry.source_path.clone(), reader: entry.reader };
        if batches.by_id.insert(entry.batch, about).is_some() {
            return;
        }
        for first in entry.replaces.iter().filter(|first| first.again(entry.reader) == entry.batch) {
            let newest = batches.again.entry(*first).or_default();
            *newest = entry.reader.max(*newest);
        }
        batches.by_owner.entry(entry.owner.clone()).or_default().extend([entry.stored()]);
    }

    /// Takes batches for not kept that are found nowhere else.
    pub(crate) fn lose(&self, batches: HashSet<BatchId>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).lost.extend(batches);
    }

    /// Notes where a batch ends that lost rows: what is read again is cut there.
    pub(crate) fn add_lost(&self, entry: &Entry) {
        let known = self.known(&entry.owner);
        known.lose([entry.batch.bytes()]);
        known.extend([entry.stored()]);
    }

    /// Notes batches of which rows are kept no longer. They are kept as they are, and not read better.
    pub(crate) fn expire(&self, batches: impl IntoIterator<Item = BatchId>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).expired.extend(batches);
    }

    /// Whether retention removed rows of a batch.
    pub(crate) fn is_expired(&self, batch: BatchId) -> bool {
        self.read().expired.contains(&batch)
    }

    /// Whether a batch was kept, and lost rows.
    pub(crate) fn is_lost(&self, batch: BatchId) -> bool {
        self.read().lost.contains(&batch)
    }

    /// Whether a batch is kept.
    pub(crate) fn has(&self, batch: BatchId) -> bool {
        self.read().by_id.contains_key(&batch)
    }

    /// Version of the reader that a batch was read with.
    pub(crate) fn reader(&self, batch: BatchId) -> Option<u32> {
        self.read().by_id.get(&batch).map(|about| about.reader)
    }

    /// The newest reader that read a batch again, if one did.
    pub(crate) fn again(&self, batch: BatchId) -> Option<u32> {
        self.read().again.get(&batch).copied()
    }

    /// The path under which a batch was read first.
    pub(crate) fn source_path(&self, batch: BatchId) -> Option<Arc<str>> {
        self.read().by_id.get(&batch).map(|about| about.source_path.clone())
    }

    /// All batches of an owner, to be added to from here alone.
    pub(crate) fn known(&self, owner: &Owner) -> Arc<Known> {
        let mut batches = self.0.write().unwrap_or_else(PoisonError::into_inner);
        batches.by_owner.entry(owner.clone()).or_default().clone()
    }

    fn read(&self) -> RwLockReadGuard<'_, Batches> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}
