//! Old points go, and with them what no other point names.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use crate::disk::{self, names};
use crate::error::{BackupError, disk};
use crate::folder::{GONE, Held, remove};
use crate::points::{Point, State, points};

/// What was removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Old points.
    pub points: Vec<String>,
    /// Points that were never finished.
    pub unfinished: Vec<String>,
    /// Files that no other point names.
    pub files: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Points that cannot be read. They stay, and since nobody knows what they name, so do all such files.
    pub damaged: Vec<String>,
}

/// Folders with what points share.
const SHARED: [&str; 2] = ["files", "lake"];

impl Held {
    /// Removes all points but the newest so many that count, at least one, and what no other point names. The
    /// one that was just made is the newest of all, whatever the clock said when the others were.
    ///
    /// # Errors
    /// When the disk refuses. Then it is to be done again.
    pub fn prune(&self, keep: usize, made: Option<&str>) -> Result<Pruned, BackupError> {
        let folder = self.folder();
        let (place, mut all) = (folder.points_folder(), points(folder)?);
        all.sort_by_key(|point| Some(point.name.as_str()) == made);
        let whole = all.iter().filter(|point| point.whole().is_some()).count();
        let mut old = whole.saturating_sub(keep.max(1));
        let (mut pruned, mut stay) = (Pruned::default(), Vec::new());
        for point in all {
            match &point.state {
                State::Whole(_) if old > 0 => {
                    old -= 1;
                    pruned.points.push(point.name);
                }
                State::Whole(_) => stay.push(point),
                State::Unfinished => pruned.unfinished.push(point.name),
                State::Damaged | State::Newer(_) => pruned.damaged.push(point.name),
            }
        }
        let gone: Vec<_> =
            pruned.points.iter().chain(&pruned.unfinished).map(|name| place.join(name)).collect();
        for path in &gone {
            // At once: from now on it is none, whenever this is stopped.
            let to = path.with_file_name(format!("{}{GONE}", name_of(path)));
            fs::rename(path, &to).map_err(disk(path, "removed"))?;
        }
        if !gone.is_empty() {
            disk::sync(&place).map_err(disk(&place, "written"))?;
        }
        for path in &gone {
            remove(&path.with_file_name(format!("{}{GONE}", name_of(path))))?;
        }
        if pruned.damaged.is_empty() {
            let named = named(&stay);
            for shared in SHARED {
                sweep(folder.path(), shared, &named, &mut pruned)?;
            }
        }
        Ok(pruned)
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Paths of files that points share.
fn named(points: &[Point]) -> HashSet<&str> {
    let files = points.iter().filter_map(Point::whole).flat_map(|manifest| &manifest.files);
    files.filter(|file| file.is_shared).map(|file| file.path.as_str()).collect()
}

/// Removes files below a folder that are not named, and folders with nothing in them.
fn sweep(root: &Path, below: &str, named: &HashSet<&str>, pruned: &mut Pruned) -> Result<(), BackupError> {
    let folder = root.join(below);
    for name in names(&folder)? {
        let (path, relative) = (folder.join(&name), format!("{below}/{name}"));
        let metadata = fs::symlink_metadata(&path).map_err(disk(&path, "read"))?;
        if metadata.is_dir() {
            sweep(root, &relative, named, pruned)?;
        } else if !named.contains(relative.as_str()) {
            fs::remove_file(&path).map_err(disk(&path, "removed"))?;
            pruned.files += 1;
            pruned.bytes += metadata.len();
        }
    }
    if names(&folder)?.is_empty() && folder.is_dir() {
        fs::remove_dir(&folder).map_err(disk(&folder, "removed"))?;
    }
    Ok(())
}
