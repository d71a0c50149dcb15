//! What of the lake a copy of it needs: which version each table had at one moment, and the files of that version.
//!
//! The moment is told first ([`Lake::pin`]), in milliseconds, while nobody adds; the files afterwards, while
//! everybody goes on ([`Lake::inventory`]). They are there as long as nobody vacuums, and as they were as long as
//! nothing ends by retention, which is for the caller to see to; files of logs go with hundreds of new versions, and
//! are to be copied first. Value indexes are left out: they are made anew from rows.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use model::view::Looking;

use crate::error::LakeError;
use crate::lake::Lake;
use crate::listing;
use crate::log::{Log, Look};
use crate::name::TableName;
use crate::place::Place;
use crate::retention::account;
use crate::table::Table;

/// A table at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    /// Which.
    pub name: TableName,
    /// Its version.
    pub version: u64,
}

/// What a table at one moment is made of. Paths are from the folder of the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePoint {
    /// Which.
    pub name: TableName,
    /// Its version.
    pub version: u64,
    /// Its rows; unknown where a file was added without being counted.
    pub rows: Option<u64>,
    /// Files of its log that a reader of this version needs, and commits that were set aside.
    pub log: Vec<PathBuf>,
    /// Its files with rows, and their bytes. A file of this path has these rows for ever.
    pub data: Vec<(PathBuf, u64)>,
    /// What retention removed, where it did.
    pub account: Option<PathBuf>,
}

impl Lake {
    /// Which version each table has now, while nobody adds.
    ///
    /// # Errors
    /// When the view is not of now or shows a part, or a table's log cannot be looked at.
    pub fn pin(&self, who: Looking<'_>) -> Result<Vec<Pinned>, LakeError> {
        self.read(who, async |shelf, part| {
            whole(part.is_none())?;
            let mut pinned = Vec::new();
            for name in listing::names(shelf.place)? {
                let newest = shelf.place.log(&name).newest()?;
                pinned.extend(newest.map(|version| Pinned { name, version }));
            }
            Ok(pinned)
        })
    }

    /// The files of tables as they were, by name.
    ///
    /// # Errors
    /// When the view is not of now or shows a part, a commit is damaged, or a table cannot be read.
    pub fn inventory(&self, who: Looking<'_>, pinned: Vec<Pinned>) -> Result<Vec<TablePoint>, LakeError> {
        self.read(who, async |shelf, part| {
            whole(part.is_none())?;
            let mut points = Vec::new();
            for table in pinned {
                points.push(point(shelf.place, table).await?);
            }
            Ok(points)
        })
    }
}

fn whole(is_whole: bool) -> Result<(), LakeError> {
    if is_whole { Ok(()) } else { Err(LakeError::Veiled) }
}

async fn point(place: &Place, pinned: Pinned) -> Result<TablePoint, LakeError> {
    let Pinned { name, version } = pinned;
    let (log, folder) = (place.log(&name), name.folder());
    match log.look()? {
        Look::Newest(fault) | Look::Older(fault) if fault.version <= version => {
            return Err(log.damaged(fault));
        }
        _ => {}
    }
    let table = Table::load(place, &name, Some(version)).await?;
    let snapshot = table.delta.snapshot().map_err(|error| table.refused("listed", error))?;
    let (mut rows, mut data) = (Some(0), Vec::new());
    for file in snapshot.log_data().iter() {
        rows = rows.zip(file.num_records()).map(|(sum, more)| sum + more as u64);
        data.push((folder.join(&*file.path()), u64::try_from(file.size()).unwrap_or(0)));
    }
    data.sort();
    let in_lake = |path: PathBuf| path.strip_prefix(place.folder()).map(Path::to_owned).unwrap_or(path);
    let log = files(&log, version).map_err(|source| LakeError::Folder { path: folder.clone(), source })?;
    let log = log.into_iter().map(in_lake).collect();
    let account = account::is_there(place, &name).then(|| folder.join(account::NAME));
    Ok(TablePoint { name, version, rows, log, data, account })
}

/// The newest checkpoint of a version or before, the commits from there on, and what was set aside: without
/// that, nobody would know any more that batches lost rows.
fn files(log: &Log, version: u64) -> io::Result<Vec<PathBuf>> {
    let names = log.names()?;
    let checkpoint = names.checkpoints.iter().copied().rfind(|checkpoint| *checkpoint <= version);
    let is_needed = |commit: &&u64| **commit <= version && checkpoint.is_none_or(|first| **commit >= first);
    let commits = names.commits.iter().filter(is_needed).map(|commit| log.commit(*commit));
    let mut files: Vec<PathBuf> =
        checkpoint.iter().map(|version| log.checkpoint(*version)).chain(commits).collect();
    match fs::read_dir(log.damaged_folder()) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        entries => {
            for entry in entries? {
                files.push(entry?.path());
            }
        }
    }
    files.sort();
    Ok(files)
}
