//! What is received and not yet in the lake, counted by whoever does not write there.

use std::collections::{BTreeMap, HashSet};

use home::Home;
use lake::{BatchId, Compartment, Entry, Lake, LakeError, Looking};
use spool::Folder;

use crate::error::ObservationsError;
use crate::payload::Record;

/// What a spool holds beyond the lake.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Batches.
    pub batches: u64,
    /// Their rows.
    pub rows: u64,
}

/// Counts what the spool of a home holds and its lake does not. Nothing is changed and no lock is needed,
/// so another process may write there meanwhile; what it adds to the lake before this ends counts as there.
///
/// # Errors
/// When the view is not of now, or spool or lake cannot be read.
pub fn waiting(home: &Home, who: Looking<'_>) -> Result<Waiting, ObservationsError> {
    let mut received = received(home, who)?;
    if !received.is_empty() && home.lake().is_dir() {
        let lake = Lake::open(&home.lake())?;
        let compartments: HashSet<Compartment> =
            received.values().map(|entry| entry.owner.compartment.clone()).collect();
        for compartment in &compartments {
            for entry in lake.entries(who, compartment)? {
                received.remove(&entry.batch);
            }
        }
    }
    let rows = received.values().map(|entry| entry.events).sum();
    Ok(Waiting { batches: received.len() as u64, rows })
}

/// The batches that a spool holds, each once. A record that cannot be read is passed over: whoever writes
/// next tells of it.
pub(crate) fn received(home: &Home, who: Looking<'_>) -> Result<BTreeMap<BatchId, Entry>, ObservationsError> {
    who.view.begin(who.now).map_err(LakeError::from)?;
    let mut received = BTreeMap::new();
    spool::look(&Folder::at(&home.spool()), &mut |record| {
        if let Ok(entry) = Record::entry(&record.payload) {
            received.insert(entry.batch, entry);
        }
    })?;
    Ok(received)
}
