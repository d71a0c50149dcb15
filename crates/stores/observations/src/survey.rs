//! What is wrong with what was received and waits, for whoever does not write there.

use home::Home;
pub use spool::Damage;
use spool::Folder;

use crate::error::ObservationsError;
use crate::payload::Record;

/// How often segments are looked at until what is wrong is believed: whoever writes lets some go.
const LOOKS: usize = 3;

/// What a spool holds, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// Segments.
    pub segments: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Records in them.
    pub records: u64,
    /// Records that are whole, and that this version cannot read.
    pub unreadable: u64,
    /// Bytes that are no record. While somebody writes, some at an end may be one on its way.
    pub damages: Vec<Damage>,
}

/// Looks at what the spool of a home holds. Nothing is changed and no lock is needed, so another process may
/// write there meanwhile. Tells numbers, and nothing of what stands in records.
///
/// # Errors
/// When the spool cannot be read.
pub fn survey(home: &Home) -> Result<Surveyed, ObservationsError> {
    let mut found = look(home)?;
    for _ in 1..LOOKS {
        if found.damages.is_empty() {
            break;
        }
        let mut again = look(home)?;
        again.damages.retain(|damage| found.damages.contains(damage));
        found = again;
    }
    Ok(found)
}

fn look(home: &Home) -> Result<Surveyed, ObservationsError> {
    let mut unreadable = 0;
    let found = spool::survey(&Folder::at(&home.spool()), &mut |record| {
        unreadable += u64::from(Record::entry(&record.payload).is_err());
    })?;
    let spool::Surveyed { segments, bytes, records, damages } = found;
    Ok(Surveyed { segments, bytes, records, unreadable, damages })
}
