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
use crate::folder::{FORMAT, FORMAT_FILE, Home, LOCK_FILE, PART_FILE, disk, is_begun, names};
use crate::holder::said;

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
    /// When another process has it, the folder holds something else, or the disk refuses.
    pub fn take(path: &Path) -> Result<Self, HomeError> {
        match Home::open(path) {
            Ok(_) | Err(HomeError::Missing { .. }) => {}
            Err(error) => return Err(error),
        }
        make_folder(path).map_err(|source| disk(path, "made", source))?;
        let lock = lock(path)?;
        // Whoever had the lock before may have finished the home, or have made something else of it.
        let home = match Home::open(path) {
            Err(HomeError::Missing { .. }) => {
                furnish(path).map_err(|source| disk(path, "made", source))?;
                Home::open(path)?
            }
            opened => opened?,
        };
        Ok(Self { home, lock })
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

/// Says the format, whole or not at all: from then on the folder is a home.
fn furnish(path: &Path) -> io::Result<()> {
    let part = path.join(PART_FILE);
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    writeln!(file, "{FORMAT}")?;
    file.sync_all()?;
    fs::rename(&part, path.join(FORMAT_FILE))?;
    File::open(path)?.sync_all()?;
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}
