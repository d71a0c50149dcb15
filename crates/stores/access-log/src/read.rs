//! The log for whoever reads it, or proves it. Nothing is changed, and whoever adds goes on.

use std::path::Path;

use model::time::Instant;
use model::view::View;

use crate::entry::Entry;
use crate::error::{AccessLogError, failed};
use crate::folder;
use crate::segment::Hash;
use crate::survey::{Fault, Segments, Survey, survey};

/// What a walk over the whole log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Records that are whole.
    pub records: u64,
    /// Number of the last of them; 0 when there is none.
    pub number: u64,
    /// Hash of the last of them; zeros when there is none.
    pub last: Hash,
    /// What is wrong, in the order of the log.
    pub faults: Vec<Fault>,
    /// Names of the segments that were begun because the one before was damaged.
    pub after_damage: Vec<String>,
    /// Names of the files with bytes that were set aside: beginnings of records that nobody was told of.
    pub set_aside: Vec<String>,
}

/// Walks over the whole log of a folder and tells what is wrong with it. Where there is no folder there is
/// nothing, and nothing wrong.
///
/// # Errors
/// When a newer version wrote there, or the disk refuses.
pub fn verify(folder: &Path) -> Result<Verified, AccessLogError> {
    let mut number = 0;
    let Survey { records, end, faults, after_damage } = walk(folder, &mut |entry| number = entry.number)?;
    let set_aside = folder::torn(folder).map_err(failed(folder, "be looked at"))?;
    Ok(Verified { records, number, last: end.last, faults, after_damage, set_aside })
}

/// Walks over the newest segment of a folder's log alone, and takes what its head says for what came before.
/// Where there is no folder there is nothing, and nothing wrong.
///
/// # Errors
/// When a newer version wrote there, or the disk refuses.
pub fn verify_newest(folder: &Path) -> Result<Verified, AccessLogError> {
    let mut number = 0;
    let newest = locked(folder)?.newest();
    let Survey { records, end, faults, after_damage } =
        survey(folder, newest, &mut |entry| number = entry.number)?;
    Ok(Verified { records, number, last: end.last, faults, after_damage, set_aside: Vec::new() })
}

/// Names of the files of a folder's log and their bytes at one moment: what a copy of it is made of. What is added
/// later comes behind these bytes.
///
/// # Errors
/// When the disk refuses.
pub fn files(folder: &Path) -> Result<Vec<(String, u64)>, AccessLogError> {
    let _lock = folder::look_lock(folder).map_err(failed(folder, "be locked"))?;
    let look = || -> std::io::Result<Vec<(String, u64)>> {
        let segments = folder::segments(folder)?.into_iter().map(|segment| segment.name);
        let names = segments.chain(folder::torn(folder)?);
        names.map(|name| std::fs::metadata(folder.join(&name)).map(|file| (name, file.len()))).collect()
    };
    look().map_err(failed(folder, "be looked at"))
}

/// Gives the entries of a folder's log to `each`, in the order of their numbers, as the view shows them:
/// those that name an owner whom it shows, with such owners only. Returns what is wrong with the log; what
/// is no whole record is not among the entries.
///
/// # Errors
/// When the view was not made just now, a newer version wrote there, or the disk refuses.
pub fn read(
    folder: &Path,
    view: &View,
    now: Instant,
    each: &mut dyn FnMut(Entry),
) -> Result<Vec<Fault>, AccessLogError> {
    view.begin(now)?;
    let walked = walk(folder, &mut |entry| entry.seen(view).into_iter().for_each(&mut *each))?;
    Ok(walked.faults)
}

fn walk(folder: &Path, each: &mut dyn FnMut(Entry)) -> Result<Survey, AccessLogError> {
    survey(folder, locked(folder)?, each)
}

/// The segments as they are while nobody adds.
fn locked(folder: &Path) -> Result<Segments, AccessLogError> {
    let _lock = folder::look_lock(folder).map_err(failed(folder, "be locked"))?;
    Segments::look(folder).map_err(failed(folder, "be looked at"))
}
