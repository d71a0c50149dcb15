//! The segments of a table, and which files they cover.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::making::checksum;
use super::{Column, FOLDER, Making, Segment};
use crate::name::TableName;
use crate::place::Place;

/// The ending of segments.
const ENDING: &str = ".values";

/// What the names of segments of new files begin with, which are of several days.
pub(crate) const NEW: &str = "new";

/// All segments of a table that are whole.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) segments: Vec<Segment>,
    /// What is called a segment and is none.
    pub(crate) broken: Vec<PathBuf>,
}

/// Where a file is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cover {
    pub(crate) segment: usize,
    /// Its place in the segment.
    pub(crate) file: usize,
}

impl Shelf {
    /// Opens those in a folder, which need not be there. What cannot be read covers nothing.
    pub(crate) fn open(folder: &Path) -> Self {
        let mut shelf = Self::default();
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| is_segment(path)).collect();
        paths.sort();
        for path in paths {
            match Segment::open(&path) {
                Ok(segment) => shelf.segments.push(segment),
                Err(_) => shelf.broken.push(path),
            }
        }
        shelf
    }

    /// Where each file is covered, by its path and size; in that segment that knows most of the columns.
    pub(crate) fn covers(&self, columns: &[Column]) -> HashMap<(&str, u64), Cover> {
        let mut covers = HashMap::new();
        let known =
            |segment: &Segment| columns.iter().filter(|column| segment.columns.contains(column)).count();
        let mut order: Vec<usize> = (0..self.segments.len()).collect();
        order.sort_by_key(|segment| known(&self.segments[*segment]));
        for segment in order {
            for (file, covered) in self.segments[segment].files.iter().enumerate() {
                covers.insert((covered.path.as_str(), covered.size), Cover { segment, file });
            }
        }
        covers
    }
}

/// Whether a file is a segment of a table in a folder that nobody needs: of files that no version names, or
/// torn.
pub(crate) fn is_idle(path: &Path, table: &Path, named: &HashSet<String>) -> bool {
    let is_ours = path.parent() == Some(&table.join(FOLDER)) && is_segment(path);
    is_ours
        && Segment::open(path)
            .map_or(true, |segment| !segment.files.iter().any(|file| named.contains(&file.path)))
}

/// Whether a file is called as segments are.
fn is_segment(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(ENDING))
}

/// Puts a segment beside its table, if it says anything; the same content has the same name.
pub(crate) fn put(place: &Place, table: &TableName, begins: &str, making: Making) -> io::Result<()> {
    if making.is_empty() {
        return Ok(());
    }
    let bytes = making.finish();
    let hash = checksum(0, &bytes);
    let path = place.values_of(table).join(format!("{begins}-{hash:016x}{ENDING}"));
    place.leave(&path, &bytes)
}
