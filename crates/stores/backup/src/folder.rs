//! The folder of backups: whose it is, and who is at it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use home::HomeId;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::disk::{self, Touched};
use crate::error::{BackupError, disk};
use crate::manifest::FORMAT;

/// The file that says what the folder is, and is locked by whoever is at it.
const MARK: &str = "noroshi-backup";
/// The folder of points.
pub(crate) const POINTS: &str = "points";
/// The ending of points that are being removed.
pub(crate) const GONE: &str = ".gone";
/// Where a home is put back to see whether it can be, and then removed.
const DRILL: &str = "drill";
/// What may stand in an empty folder: file systems have it where they are mounted.
const EMPTY: [&str; 2] = ["lost+found", "noroshi-backup.part"];
/// Bits of a mode that let the group or others write.
const OTHERS_WRITE: u32 = 0o022;

/// A folder of backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
    home: HomeId,
}

/// A folder of backups that others do not change until this is dropped.
#[derive(Debug)]
pub struct Held {
    folder: Folder,
    lock: File,
}

/// Let go by itself: a process that is begun at this moment has the file as well, until it is another program.
impl Drop for Held {
    fn drop(&mut self) {
        let _ = flock(&self.lock, FlockOperation::Unlock);
    }
}

impl Folder {
    /// The folder at a place, to be read.
    ///
    /// # Errors
    /// When there are no backups, or none that this version knows.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let (mark, mut text) = (path.join(MARK), String::new());
        match File::open(&mark).and_then(|file| file.take(256).read_to_string(&mut text)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BackupError::Missing { path: path.to_owned() });
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(BackupError::Unreadable { path: mark });
            }
            read => read.map_err(disk(&mark, "read"))?,
        };
        let (format, home) = text.split_once('\n').unwrap_or_default();
        let format: Option<u32> = format.parse().ok();
        match (format, home.trim_end_matches('\n').parse()) {
            (Some(found), _) if found > FORMAT => {
                Err(BackupError::Newer { path: path.to_owned(), found, known: FORMAT })
            }
            (Some(FORMAT), Ok(home)) => Ok(Self { path: path.to_owned(), home }),
            _ => Err(BackupError::Unreadable { path: mark }),
        }
    }

    /// The folder of a home's backups, held by this process alone, in which they are made where there are none:
    /// in a new folder, or in one that is empty. What others left behind there is removed.
    ///
    /// # Errors
    /// When it holds something else or another home's backups, it is another user's or others may write to it, or
    /// another process is at it.
    pub fn make(path: &Path, home: HomeId) -> Result<Held, BackupError> {
        is_own(path)?;
        match Self::open(path) {
            Err(BackupError::Missing { .. }) => begin(path, home)?,
            opened => drop(opened?),
        }
        let folder = Self::open(path)?;
        if folder.home != home {
            return Err(BackupError::OtherHome { path: path.to_owned() });
        }
        folder.hold()
    }

    /// Holds it alone.
    ///
    /// # Errors
    /// When another process is at it.
    pub fn hold(self) -> Result<Held, BackupError> {
        let held = self.locked(FlockOperation::NonBlockingLockExclusive)?;
        held.sweep()?;
        Ok(held)
    }

    /// Holds it together with others who read.
    ///
    /// # Errors
    /// When another process changes it.
    pub fn share(self) -> Result<Held, BackupError> {
        self.locked(FlockOperation::NonBlockingLockShared)
    }

    fn locked(self, operation: FlockOperation) -> Result<Held, BackupError> {
        let mark = self.path.join(MARK);
        let lock = File::open(&mark).map_err(disk(&mark, "locked"))?;
        let busy = || BackupError::Busy { path: self.path.clone() };
        match flock(&lock, operation) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Err(busy()),
            Err(error) => return Err(disk(&mark, "locked")(error.into())),
        }
        // Two may have made the folder at the same time, and one of them its mark anew.
        let is_same = fs::metadata(&mark).and_then(|there| Ok(there.ino() == lock.metadata()?.ino()));
        if !is_same.map_err(disk(&mark, "locked"))? {
            return Err(busy());
        }
        Ok(Held { folder: self, lock })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whose backups these are.
    #[must_use]
    pub fn home(&self) -> HomeId {
        self.home
    }

    pub(crate) fn points_folder(&self) -> PathBuf {
        self.path.join(POINTS)
    }
}

impl Held {
    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Where a home may be put back to see whether it can be; whoever holds the folder next removes it.
    #[must_use]
    pub fn drill(&self) -> PathBuf {
        self.folder.path.join(DRILL)
    }

    /// Removes what others were about to remove.
    fn sweep(&self) -> Result<(), BackupError> {
        let points = self.folder.points_folder();
        let names = disk::names(&points)?;
        let gone = names.iter().filter(|name| name.ends_with(GONE)).map(|name| points.join(name));
        gone.chain([self.drill()]).try_for_each(|path| remove(&path))
    }
}

/// Removes a folder with all in it, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(disk(path, "removed")),
    }
}

/// Refuses a folder that is there and in which others can put what they like.
fn is_own(path: &Path) -> Result<(), BackupError> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(disk(path, "read")(error)),
        Ok(there) if there.uid() == home::user() && there.mode() & OTHERS_WRITE == 0 => Ok(()),
        Ok(_) => Err(BackupError::Exposed { path: path.to_owned() }),
    }
}

/// Says what a folder is that is empty, or not there.
fn begin(path: &Path, home: HomeId) -> Result<(), BackupError> {
    let names = if path.exists() { disk::names(path)? } else { Vec::new() };
    if !names.iter().all(|name| EMPTY.contains(&name.as_str())) {
        // Another process may just have said so.
        return Folder::open(path).map(drop).map_err(|_| BackupError::Foreign { path: path.to_owned() });
    }
    let mut touched = Touched::default();
    touched.make(path).map_err(disk(path, "made"))?;
    touched.sync()?;
    let mark = path.join(MARK);
    disk::put(&mark, &format!("{FORMAT}\n{home}\n")).map_err(disk(&mark, "written"))
}
