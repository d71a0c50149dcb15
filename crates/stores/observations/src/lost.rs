//! Batches that lost rows, counted by whoever does not write there.

use std::collections::HashSet;

use home::Home;
use lake::{BatchId, Lake, Looking};

use crate::error::ObservationsError;
use crate::waiting::received;

/// Counts the batches of a home that lack rows, because commits of its lake were set aside, and that its spool does
/// not give again. Nothing is changed and no lock is needed, so another process may write there meanwhile; what it
/// receives and adds during this is in the spool before or after.
///
/// # Errors
/// When the view is not of now, or spool or lake cannot be read.
pub fn lost(home: &Home, who: Looking<'_>) -> Result<u64, ObservationsError> {
    let mut again: HashSet<BatchId> = received(home, who)?.into_keys().collect();
    if !home.lake().is_dir() {
        return Ok(0);
    }
    let lake = Lake::open(&home.lake())?;
    let mut lacking = HashSet::new();
    for compartment in lake.compartments(who)? {
        let lost = lake.lost(who, &compartment)?;
        if lost.is_empty() {
            continue;
        }
        let mut entries = lake.entries(who, &compartment)?;
        entries.retain(|entry| lost.contains(&entry.batch));
        // What another one superseded comes back with it.
        let superseded: HashSet<BatchId> =
            entries.iter().flat_map(|entry| &entry.replaces).copied().collect();
        lacking.extend(lost.difference(&superseded));
    }
    if !lacking.is_empty() {
        again.extend(received(home, who)?.into_keys());
    }
    Ok(lacking.difference(&again).count() as u64)
}
