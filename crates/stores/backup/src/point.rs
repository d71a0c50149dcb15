//! A point that is being made.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use model::hash::Sha256;
use model::time::Instant;

use crate::disk::{self, Copied, Tell, Touched, Uncopied};
use crate::error::{BackupError, disk};
use crate::folder::{Folder, Held};
use crate::forgotten::List;
use crate::keys::{KEYS, destroy_in};
use crate::manifest::{About, Entry, FORMAT, Manifest};
use crate::points::{MANIFEST, points};

/// A file that is to be in a point.
#[derive(Debug)]
pub struct Part {
    /// Its path in the home, with `/` between the parts.
    pub path: String,
    /// Where it is to be read.
    pub from: PathBuf,
    /// What is known of it.
    pub what: What,
}

/// What is known of a file.
#[derive(Debug)]
pub enum What {
    /// It never changes under its path and has so many bytes, of this hash if its name says so.
    Lasting(u64, Option<Sha256>),
    /// It is of the point alone; its first so many bytes, where more may have been added since.
    Own(Option<u64>),
    /// The same, opened when it was as it shall be.
    Opened(File),
    /// A key: one that is gone was destroyed since, and is in no point.
    Key,
}

/// A point that is being made; it counts once it is finished. Dropped before, it is removed.
#[derive(Debug)]
pub struct NewPoint<'h> {
    held: &'h Held,
    name: String,
    path: PathBuf,
    files: Vec<Entry>,
    /// What other points have of files that never change.
    known: HashMap<String, Entry>,
    touched: Touched,
    added: Added,
    is_finished: bool,
}

/// What was copied for a point that no other one had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// Files that never change.
    pub lasting_files: u64,
    /// All files.
    pub files: u64,
    /// Bytes of these.
    pub bytes: u64,
}

impl<'h> NewPoint<'h> {
    /// Begins one at a time.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn begin(held: &'h Held, at: Instant) -> Result<Self, BackupError> {
        let folder = held.folder();
        let (place, mut touched) = (folder.points_folder(), Touched::default());
        touched.make(&place).map_err(disk(&place, "made"))?;
        let (name, path) = new_folder(&place, at)?;
        touched.make(&path).map_err(disk(&path, "made"))?;
        // Before it is filled the folder removes itself, whatever happens.
        let added = Added::default();
        let (files, known) = (Vec::new(), HashMap::new());
        let mut point = Self { held, name, path, files, known, touched, added, is_finished: false };
        point.known = known_of(folder)?;
        Ok(point)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where a file of the point itself lies.
    #[must_use]
    pub fn place_of(&self, path: &str) -> PathBuf {
        self.path.join(path)
    }

    /// Copies a file, unless another point has it.
    ///
    /// # Errors
    /// When it is not as it should be, a disk refuses, or the caller stops it.
    pub fn add(&mut self, part: Part, tell: &mut Tell<'_>) -> Result<(), BackupError> {
        let Part { path, from, what } = part;
        let copied = match what {
            What::Lasting(bytes, sha256) => return self.lasting((&path, &from), (bytes, sha256), tell),
            What::Own(None) => self.copy(&mut open(&from)?, (&path, &from), tell)?,
            What::Own(Some(bytes)) => {
                let copied = self.copy(&mut open(&from)?.take(bytes), (&path, &from), tell)?;
                if copied.bytes != bytes {
                    return Err(changed(&from, "it is shorter than it was"));
                }
                copied
            }
            What::Opened(mut file) => self.copy(&mut file, (&path, &from), tell)?,
            What::Key => match File::open(&from) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                file => self.copy(&mut file.map_err(disk(&from, "read"))?, (&path, &from), tell)?,
            },
        };
        self.note(&path, copied, false);
        Ok(())
    }

    fn lasting(
        &mut self,
        (path, from): (&str, &Path),
        (bytes, sha256): (u64, Option<Sha256>),
        tell: &mut Tell<'_>,
    ) -> Result<(), BackupError> {
        let to = self.held.folder().path().join(path);
        if let Some(known) = self.known.get(path) {
            if known.bytes != bytes || sha256.is_some_and(|sha256| sha256 != known.sha256) {
                return Err(changed(from, "another file of its name is in the backups"));
            }
            if fs::metadata(&to).is_ok_and(|there| there.len() == bytes) {
                self.files.push(known.clone());
                return if tell(bytes) { Ok(()) } else { Err(BackupError::Stopped) };
            }
        }
        let copied = self.copy_to(&mut open(from)?, (&to, from), tell)?;
        if copied.bytes != bytes {
            return Err(changed(from, "it has not the length that it had"));
        }
        if sha256.is_some_and(|sha256| sha256 != copied.sha256) {
            return Err(changed(from, "it has other bytes than its name says"));
        }
        self.added.lasting_files += 1;
        self.note(path, copied, true);
        Ok(())
    }

    fn copy(
        &mut self,
        from: &mut dyn Read,
        (path, source): (&str, &Path),
        tell: &mut Tell<'_>,
    ) -> Result<Copied, BackupError> {
        let to = self.place_of(path);
        self.copy_to(from, (&to, source), tell)
    }

    fn copy_to(
        &mut self,
        from: &mut dyn Read,
        (to, source): (&Path, &Path),
        tell: &mut Tell<'_>,
    ) -> Result<Copied, BackupError> {
        let copied = disk::copy(from, to, &mut self.touched, tell).map_err(|error| match error {
            Uncopied::Source(error) => disk(source, "read")(error),
            Uncopied::Target(error) => disk(to, "written")(error),
            Uncopied::Stopped => BackupError::Stopped,
        })?;
        self.added.files += 1;
        self.added.bytes += copied.bytes;
        Ok(copied)
    }

    fn note(&mut self, path: &str, copied: Copied, is_shared: bool) {
        let Copied { bytes, sha256 } = copied;
        self.files.push(Entry { path: path.to_owned(), bytes, sha256, is_shared });
    }

    /// Makes all of it durable, and then a point. Gives what it holds, and what was copied for it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(mut self, about: About) -> Result<(Manifest, Added), BackupError> {
        let (folder, known) = (self.held.folder(), about.forgotten);
        // Of those who were forgotten meanwhile there are keys in it.
        destroy_in(&self.path, &List::read(folder)?, known)?;
        let mut files = std::mem::take(&mut self.files);
        files.retain(|file| !file.path.starts_with(KEYS) || self.path.join(&file.path).exists());
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let manifest = Manifest { format: FORMAT, home: folder.home().to_string(), about, files };
        self.touched.sync()?;
        let path = self.path.join(MANIFEST);
        let text = manifest.text().map_err(io::Error::from);
        text.and_then(|text| disk::put(&path, &text)).map_err(disk(&path, "written"))?;
        self.is_finished = true;
        // From now on who forgets finds it among the others; who looked before the manifest was there is in the
        // list by now.
        destroy_in(&self.path, &List::read(folder)?, known)?;
        Ok((manifest, self.added))
    }
}

impl Drop for NewPoint<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            // What stays does not count.
            drop(fs::remove_dir_all(&self.path));
        }
    }
}

/// What whole points say of files that several share.
fn known_of(folder: &Folder) -> Result<HashMap<String, Entry>, BackupError> {
    let mut known = HashMap::new();
    for point in points(folder)? {
        let shared =
            point.whole().into_iter().flat_map(|manifest| &manifest.files).filter(|file| file.is_shared);
        known.extend(shared.map(|file| (file.path.clone(), file.clone())));
    }
    Ok(known)
}

/// A folder that nobody else has, by a time: the next moment where somebody has that.
fn new_folder(place: &Path, at: Instant) -> Result<(String, PathBuf), BackupError> {
    let mut at = at;
    loop {
        let name = at.timestamp().strftime("%Y%m%dT%H%M%S.%3fZ").to_string();
        let path = place.join(&name);
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => return Ok((name, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                at = Instant::from_nanoseconds(at.nanoseconds().saturating_add(1_000_000));
            }
            Err(error) => return Err(disk(&path, "made")(error)),
        }
    }
}

fn open(from: &Path) -> Result<File, BackupError> {
    File::open(from).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => changed(from, "it is not there any more"),
        _ => disk(from, "read")(error),
    })
}

fn changed(path: &Path, why: &'static str) -> BackupError {
    BackupError::Changed { path: path.to_owned(), why }
}
