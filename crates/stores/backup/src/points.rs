//! The points of a folder, and which of them count.

use std::fs;
use std::io;

use crate::disk::names;
use crate::error::{BackupError, disk};
use crate::folder::{Folder, GONE};
use crate::manifest::{Manifest, Read};

/// The file that makes a point one.
pub(crate) const MANIFEST: &str = "manifest.json";

/// A point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its name: when the home was so, in UTC.
    pub name: String,
    /// What it is worth.
    pub state: State,
}

/// What a point is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// All of it is there, as far as its manifest can say.
    Whole(Box<Manifest>),
    /// It has no manifest: somebody is at it, or was stopped.
    Unfinished,
    /// Its manifest is not as it was written.
    Damaged,
    /// A newer version of the program made it, in this format.
    Newer(u32),
}

impl Point {
    /// What it holds, if it counts.
    #[must_use]
    pub fn whole(&self) -> Option<&Manifest> {
        match &self.state {
            State::Whole(manifest) => Some(manifest),
            State::Unfinished | State::Damaged | State::Newer(_) => None,
        }
    }
}

impl Folder {
    /// All points, the oldest first, by the times that are their names.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn points(&self) -> Result<Vec<Point>, BackupError> {
        points(self)
    }
}

pub(crate) fn points(folder: &Folder) -> Result<Vec<Point>, BackupError> {
    let place = folder.points_folder();
    let mut points = Vec::new();
    for name in names(&place)? {
        let path = place.join(&name);
        if name.ends_with(GONE) || !path.is_dir() {
            continue;
        }
        let manifest = path.join(MANIFEST);
        let state = match fs::read(&manifest) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::Unfinished,
            bytes => match Manifest::read(&bytes.map_err(disk(&manifest, "read"))?) {
                Read::Whole(manifest) if manifest.home == folder.home().to_string() => State::Whole(manifest),
                Read::Whole(_) | Read::Damaged => State::Damaged,
                Read::Newer(format) => State::Newer(format),
            },
        };
        points.push(Point { name, state });
    }
    Ok(points)
}
