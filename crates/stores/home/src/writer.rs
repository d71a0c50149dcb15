//! The one process that writes.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::error::HomeError;
use crate::folder::{
    FORMAT, FORMAT_FILE, Home, ID_FILE, LOCK_FILE, SETTINGS_FILE, disk, is_begun, names, part,
};
use crate::holder::said;
use crate::id::HomeId;

/// A home that this process alone writes to, until this is dropped or the process ends.
#[derive(Debug)]
pub struct Writer {
    home: Home,
    /// Held by being open. Children of the process do not inherit it.
    lock: File,
}

/// How often the lock is tried: who only looks whether it is held has it for a moment.
const TRIES: usize = 5;
/// How long is waited between two tries.
const BETWEEN: Duration = Duration::from_millis(4);

impl Writer {
    /// Takes the home at a place, which is made (0700) where there is none: in a new folder, or in
    /// one that is empty.
    ///
    /// # Errors
    /// When another process has it, the folder holds something else, it is of an earlier format, or the disk
    /// refuses.
    pub fn take(path: &Path) -> Result<Self, HomeError> {
        match Home::open(path) {
            Ok(home) => current(&home)?,
            Err(HomeError::Missing { .. }) => {}
            Err(error) => return Err(error),
        }
        make_folder(path).map_err(|source| disk(path, "made", source))?;
        let lock = lock(path)?;
        // Whoever had the lock before may have finished the home, or have made something else of it.
        let home = match Home::open(path) {
            Err(HomeError::Missing { .. }) => {
                furnish(path, None).map_err(|source| disk(path, "made", source))?;
                Home::open(path)?
            }
            opened => opened?,
        };
        current(&home).map(|()| Self { home, lock })
    }

    /// Takes a home that is there, of whatever format is known, to bring it up to date or back.
    ///
    /// # Errors
    /// As [`take`](Self::take), and when there is none.
    pub fn upgrading(path: &Path) -> Result<Self, HomeError> {
        Home::open(path)?;
        let lock = lock(path)?;
        Ok(Self { home: Home::open(path)?, lock })
    }

    /// Takes a new or empty folder that becomes a home when it is [finished](Self::finish); nobody takes it for
    /// one before.
    ///
    /// # Errors
    /// When there is something in it, another process has it, or the disk refuses.
    pub fn beginning(path: &Path) -> Result<Self, HomeError> {
        let is_new = || match Home::open(path) {
            // Settings that somebody wrote before would be written over.
            Err(HomeError::Missing { .. }) if !path.join(SETTINGS_FILE).exists() => Ok(()),
            Ok(_) | Err(HomeError::Missing { .. }) => Err(HomeError::Foreign { path: path.to_owned() }),
            Err(error) => Err(error),
        };
        is_new()?;
        make_folder(path).map_err(|source| disk(path, "made", source))?;
        let lock = lock(path)?;
        is_new()?;
        Ok(Self { home: Home::unfinished(path), lock })
    }

    /// Lets the folder be the home of an id, in the newest format, from then on.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(&self, id: HomeId) -> Result<(), HomeError> {
        let path = self.home.path();
        furnish(path, Some(id)).map_err(|source| disk(path, "made", source))
    }

    /// Says that the home is of a format, durably; one of format 2 has an id.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn set_format(&mut self, format: u32) -> Result<(), HomeError> {
        let path = self.home.path();
        let say = || -> io::Result<()> {
            make_id(path, None)?;
            put(path, FORMAT_FILE, &format.to_string())
        };
        say().map_err(|source| disk(path, "written", source))?;
        self.home = Home::open(path)?;
        Ok(())
    }

    /// The home.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }
}

/// Whoever ends in order leaves no number behind: one that stands there is of a process that was killed.
impl Drop for Writer {
    fn drop(&mut self) {
        // A number that stays misleads nobody: it is told as that of a process that has ended.
        drop(self.lock.set_len(0));
    }
}

/// The number of the user that this process runs as.
#[must_use]
pub fn user() -> u32 {
    rustix::process::getuid().as_raw()
}

fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Opens and locks the lock file. It is never removed: a process that waits for a file that is gone
/// would hold another lock than the one that comes after it.
fn lock(path: &Path) -> Result<File, HomeError> {
    let name = path.join(LOCK_FILE);
    let refused = |source| disk(path, "locked", source);
    // In a folder of somebody else's not even this file is made.
    if !names(path).map_err(refused)?.iter().all(|name| is_begun(name)) {
        Home::open(path)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let mut file = options.open(&name).map_err(refused)?;
    match exclusive(&file) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => {
            return Err(HomeError::Busy { path: path.to_owned(), holder: said(&mut file) });
        }
        Err(error) => return Err(refused(error.into())),
    }
    // Somebody may have put another file there between opening and locking.
    let is_same = fs::metadata(&name).and_then(|there| Ok(there.ino() == file.metadata()?.ino()));
    if !is_same.map_err(refused)? {
        return Err(HomeError::Busy { path: path.to_owned(), holder: None });
    }
    let told = file.set_len(0).and_then(|()| file.rewind());
    told.and_then(|()| write!(file, "{}", std::process::id())).map_err(refused)?;
    Ok(file)
}

/// Locks the file for this process alone.
fn exclusive(file: &File) -> Result<(), Errno> {
    for _ in 1..TRIES {
        match flock(file, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::WOULDBLOCK) => thread::sleep(BETWEEN),
            locked => return locked,
        }
    }
    flock(file, FlockOperation::NonBlockingLockExclusive)
}

/// Says who the home is and its format, each whole or not at all: from then on the folder is a home.
fn furnish(path: &Path, id: Option<HomeId>) -> io::Result<()> {
    make_id(path, id)?;
    put(path, FORMAT_FILE, &FORMAT.to_string())?;
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

/// Says who the home is; one that says so already stays who it is, unless it shall be somebody else.
fn make_id(path: &Path, id: Option<HomeId>) -> io::Result<()> {
    match id {
        None if Home::unfinished(path).id().is_ok() => Ok(()),
        None => put(path, ID_FILE, &HomeId::new()?.to_string()),
        Some(id) => put(path, ID_FILE, &id.to_string()),
    }
}

/// Writes a line to a file in a home, whole or not at all, and durable.
fn put(folder: &Path, name: &str, line: &str) -> io::Result<()> {
    let part = folder.join(part(name));
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    writeln!(file, "{line}")?;
    file.sync_all()?;
    fs::rename(&part, folder.join(name))?;
    File::open(folder)?.sync_all()
}

/// Refuses a home of an earlier format.
fn current(home: &Home) -> Result<(), HomeError> {
    match home.format() {
        FORMAT => Ok(()),
        found => Err(HomeError::Outdated { path: home.path().to_owned(), found, known: FORMAT }),
    }
}
