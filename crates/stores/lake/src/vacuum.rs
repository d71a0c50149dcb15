//! Files that no version of a table names any more, or never did, are removed.
//!
//! A reader holds nothing: it goes on with the files that its version named when it began. So a file
//! stays for a time after the last version that named it. Files that nobody names yet, because what
//! wrote them is still at it, are young.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use deltalake::DeltaTableError;
use futures::TryStreamExt;
use model::time::Instant;

use crate::error::LakeError;
use crate::place::Place;
use crate::retention::account;
use crate::store::is_staged;
use crate::table::{FORGOTTEN, Table};
use crate::values;

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Vacuumed {
    /// Files.
    pub files: usize,
    /// Bytes in them.
    pub bytes: u64,
    /// Files with rows that no version names, and that stay for those who may read them still.
    pub waiting: usize,
}

/// The shortest time that a file stays when no version names it any more.
pub(crate) const LEAST: Duration = Duration::from_secs(3_600);

/// When a file must have been left to be removed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before(pub(crate) SystemTime);

/// Removes what no version has named for some time.
pub(crate) async fn vacuum(
    table: &mut Table,
    place: &Place,
    now: Instant,
    keep: Duration,
) -> Result<Vacuumed, LakeError> {
    // What a version does not name any more, the log has forgotten after a day.
    let keep = keep.clamp(LEAST, FORGOTTEN);
    let since = u64::try_from(now.nanoseconds()).unwrap_or(0);
    let now = SystemTime::UNIX_EPOCH + Duration::from_nanos(since);
    let before = Before(now.checked_sub(keep).unwrap_or(SystemTime::UNIX_EPOCH));
    table.catch_up().await.map_err(|error| table.refused("vacuumed", error))?;
    let named = named(table, before).await.map_err(|error| table.refused("vacuumed", error))?;
    let folder = place.folder_of(&table.name);
    let remove = || {
        let found = left(&folder, &named, before)?;
        let mut done = Vacuumed { waiting: found.waiting, ..Vacuumed::default() };
        for file in found.idle {
            let bytes = fs::metadata(&file)?.len();
            place.remove(&file)?;
            done = Vacuumed { files: done.files + 1, bytes: done.bytes + bytes, ..done };
        }
        if account::is_there(place, &table.name) {
            place.forget(&table.name, before.0)?;
        }
        Ok(done)
    };
    remove().map_err(|source| LakeError::Folder { path: folder.clone(), source })
}

/// Paths of files.
pub(crate) struct Named {
    /// Those that the newest version names.
    now: HashSet<String>,
    /// Those that a version names which is not older than a moment.
    still: HashSet<String>,
}

/// Files that versions name.
pub(crate) async fn named(table: &Table, before: Before) -> Result<Named, DeltaTableError> {
    let state = table.delta.snapshot()?;
    let active = state.log_data().iter().map(|file| file.path().into_owned()).collect::<HashSet<_>>();
    let log = table.delta.log_store();
    let removed = state.all_tombstones(log.as_ref());
    let is_young = |milliseconds: Option<i64>| {
        let since = milliseconds.and_then(|since| u64::try_from(since).ok());
        // Of what has no time nobody knows that it is old.
        since.is_none_or(|since| SystemTime::UNIX_EPOCH + Duration::from_millis(since) > before.0)
    };
    let young = removed.try_filter_map(|file| async move {
        Ok(is_young(file.deletion_timestamp()).then(|| file.path().into_owned()))
    });
    let young: Vec<String> = young.try_collect().await?;
    Ok(Named { still: active.iter().cloned().chain(young).collect(), now: active })
}

/// Files of a table that no version names.
pub(crate) struct Left {
    /// Those that may go.
    pub(crate) idle: Vec<PathBuf>,
    /// How many with rows may not yet.
    waiting: usize,
}

pub(crate) fn left(folder: &Path, named: &Named, before: Before) -> io::Result<Left> {
    let (mut inside_of, mut left) = (vec![folder.to_owned()], Left { idle: Vec::new(), waiting: 0 });
    while let Some(inside) = inside_of.pop() {
        for entry in fs::read_dir(inside)? {
            let (path, data) = entry.and_then(|entry| Ok((entry.path(), entry.metadata()?)))?;
            if data.is_dir() {
                inside_of.push(path);
                continue;
            }
            let is_old = data.modified()? < before.0;
            if is_old
                && (is_staged(&path)
                    || is_unnamed(&path, folder, &named.still)
                    || values::is_idle(&path, folder, &named.still))
            {
                left.idle.push(path);
            } else if is_unnamed(&path, folder, &named.now) {
                left.waiting += 1;
            }
        }
    }
    left.idle.sort();
    Ok(left)
}

/// Whether a file holds rows of no version. The log and what belongs to others are left alone.
fn is_unnamed(path: &Path, folder: &Path, named: &HashSet<String>) -> bool {
    let Some(parts) = path
        .strip_prefix(folder)
        .ok()
        .and_then(|path| path.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>())
    else {
        return false;
    };
    let is_rows = parts.last().is_some_and(|name| name.ends_with(".parquet"));
    is_rows && parts.first() != Some(&"_delta_log") && !named.contains(&parts.join("/"))
}
