//! Keys in points, destroyed when somebody is forgotten.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::disk;
use crate::error::{BackupError, disk};
use crate::folder::{Folder, Held};
use crate::forgotten::List;
use crate::points::{Point, State, points};

/// The folder of keys in a home.
pub(crate) const KEYS: &str = "keys";

impl Folder {
    /// Destroys the keys of all who were forgotten in all points of before; they are gone for good when this
    /// returns. Gives how many there were. A point that somebody is making looks for itself when it is done.
    ///
    /// # Errors
    /// When the disk refuses. Then it is to be done again.
    pub fn destroy_keys(&self) -> Result<u64, BackupError> {
        match self.clone().hold() {
            Ok(held) => held.destroy_keys(),
            Err(BackupError::Busy { .. }) => destroy(self, false),
            Err(error) => Err(error),
        }
    }
}

impl Held {
    /// The same, also in points that were never finished: nobody is at them.
    ///
    /// # Errors
    /// As [`Folder::destroy_keys`].
    pub fn destroy_keys(&self) -> Result<u64, BackupError> {
        destroy(self.folder(), true)
    }
}

fn destroy(folder: &Folder, with_unfinished: bool) -> Result<u64, BackupError> {
    let list = List::read(folder)?;
    let mut destroyed = 0;
    for Point { name, state } in points(folder)? {
        let known = match state {
            State::Whole(manifest) => manifest.about.forgotten,
            // Nobody knows what it knows, nor will put it back.
            State::Damaged => 0,
            State::Unfinished if with_unfinished => 0,
            State::Unfinished | State::Newer(_) => continue,
        };
        destroyed += destroy_in(&folder.points_folder().join(name), &list, known)?;
    }
    Ok(destroyed)
}

/// The same in one point.
pub(crate) fn destroy_in(point: &Path, list: &List, known: u64) -> Result<u64, BackupError> {
    let mut destroyed = 0;
    for key in list.keys_since(known) {
        let path = point.join(KEYS).join(key);
        destroyed += u64::from(overwrite(&path).map_err(disk(&path, "destroyed"))?);
    }
    Ok(destroyed)
}

/// Overwrites a file, so that no journal of the file system gives it back, and removes it; whether it was there.
fn overwrite(path: &Path) -> io::Result<bool> {
    let length = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        metadata => metadata?.len(),
    };
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.write_all(&vec![0; usize::try_from(length).unwrap_or(0)])?;
    file.sync_all()?;
    fs::remove_file(path)?;
    path.parent().map_or(Ok(()), disk::sync).map(|()| true)
}
