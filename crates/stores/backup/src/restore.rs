//! A point is put back into a folder, each file compared while it is copied.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::disk::{self, Tell, Touched, Uncopied};
use crate::error::{BackupError, Damage, disk};
use crate::folder::{Folder, Held, POINTS};
use crate::forgotten::{Forgotten, List};
use crate::keys::KEYS;
use crate::manifest::{Entry, Manifest};

/// What was put back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    /// Files.
    pub files: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Who was forgotten since, in that order: the journal is to be told, which destroys what keys of theirs were
    /// copied before.
    pub forgotten: Vec<Forgotten>,
}

/// Copies all files of a point into a folder, durably, but for the keys of who was forgotten since.
///
/// # Errors
/// When files are not as they were written, all of which are named; when nobody knows who was forgotten, a disk
/// refuses, or the caller stops it. What is in the folder then is a part.
pub fn restore(
    held: &Held,
    (name, manifest): (&str, &Manifest),
    into: &Path,
    tell: &mut Tell<'_>,
) -> Result<Restored, BackupError> {
    let folder = held.folder();
    let since = forgotten_since(folder, manifest)?;
    let gone = keys(&since);
    let mut restored = Restored::default();
    let (mut touched, mut damages) = (Touched::default(), Vec::new());
    for file in &manifest.files {
        if gone.contains(&file.path) {
            continue;
        }
        match copy((folder, name, file), into, &mut touched, tell)? {
            None => {
                restored.files += 1;
                restored.bytes += file.bytes;
            }
            Some(damage) => damages.push((&file.path, damage)),
        }
    }
    touched.sync()?;
    // That took its time. Whoever was forgotten meanwhile has no key there any more.
    restored.forgotten = forgotten_since(folder, manifest)?;
    let gone = keys(&restored.forgotten);
    damages.retain(|(path, _)| !gone.contains(*path));
    let damages: Vec<Damage> = damages.into_iter().map(|(_, damage)| damage).collect();
    if damages.is_empty() { Ok(restored) } else { Err(BackupError::Damaged(damages)) }
}

/// Who was forgotten since a point was made, as the list says now.
///
/// # Errors
/// When the list cannot be read or is not whole.
pub fn forgotten_since(folder: &Folder, manifest: &Manifest) -> Result<Vec<Forgotten>, BackupError> {
    let list = List::read(folder)?;
    Ok(list.since(manifest.about.forgotten)?.into_iter().cloned().collect())
}

/// Paths in a home of keys that went.
fn keys(forgotten: &[Forgotten]) -> BTreeSet<String> {
    forgotten.iter().flat_map(|one| &one.keys).map(|key| format!("{KEYS}/{key}")).collect()
}

/// Copies a file; what is wrong with it, if something is.
fn copy(
    (folder, name, file): (&Folder, &str, &Entry),
    into: &Path,
    touched: &mut Touched,
    tell: &mut Tell<'_>,
) -> Result<Option<Damage>, BackupError> {
    let place = if file.is_shared { file.path.clone() } else { format!("{POINTS}/{name}/{}", file.path) };
    let (from, to) = (folder.path().join(&place), into.join(&file.path));
    let damage = |why| Ok(Some(Damage { path: place.clone(), why }));
    let mut opened = match File::open(&from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return damage("is missing"),
        opened => opened.map_err(disk(&from, "read"))?,
    };
    match disk::copy(&mut opened, &to, touched, tell) {
        Ok(copied) if copied.bytes == file.bytes && copied.sha256 == file.sha256 => Ok(None),
        Ok(copied) => {
            // Nobody shall take it for what it is not.
            fs::remove_file(&to).map_err(disk(&to, "removed"))?;
            damage(if copied.bytes == file.bytes { "has other bytes" } else { "has another length" })
        }
        // A bad sector.
        Err(Uncopied::Source(_)) => damage("cannot be read"),
        Err(Uncopied::Target(error)) => Err(disk(&to, "written")(error)),
        Err(Uncopied::Stopped) => Err(BackupError::Stopped),
    }
}
