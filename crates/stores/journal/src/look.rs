//! The file of the journal, looked at by whoever changes nothing: not the file, and not those that the
//! database keeps beside it.
//!
//! A database opened in the ordinary way makes its log and the index of that where there are none, and removes
//! them when it is closed. So what is there decides how it is opened: where there is no log, as a file that
//! nobody changes, and what was read counts when nobody has; where there is one, as one that is only read,
//! together with whoever writes. (The database itself opens a log that is there so that it could write to it,
//! and does not.)
//!
//! Between the look at what is there and the opening the log could go, and would then be made anew. It
//! goes when its last user closes it, who must have the file alone. A lock of our own keeps the file from
//! being had alone; it is let go of when the database is closed. Locks of this kind belong to a process,
//! and closing any descriptor lets go of all: in a process that writes the journal itself nothing of
//! this is done, and nothing of it is needed. Whoever ends while the lock is held leaves its log, which whoever
//! opens the journal next takes in.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use home::{Holder, Home};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use rustix::fs::{FlockOperation, fcntl_lock};
use rustix::io::Errno;
use rustix::process::{Flock, FlockOffsetType, FlockType, fcntl_getlk};

use crate::error::JournalError;
use crate::journal::FILE;

/// How often it is tried while others change the file.
const TRIES: usize = 20;
/// How long is waited between two tries.
const BETWEEN: Duration = Duration::from_millis(25);

/// A journal that is looked at.
pub(crate) struct Look {
    // Before the lock.
    pub(crate) database: Connection,
    /// Bytes of a log that nobody else has open: whoever wrote it was killed, or ended during a look.
    pub(crate) left: u64,
    _guard: Option<File>,
}

/// Looks at the journal of a home; nothing where there is none. `work` may be called several times.
pub(crate) fn looked<T>(
    home: &Home,
    mut work: impl FnMut(&Look) -> Result<T, JournalError>,
) -> Result<Option<T>, JournalError> {
    let path = home.path().join(FILE);
    let mut outcome = Err(JournalError::Busy);
    for attempt in 0..TRIES {
        if attempt > 0 {
            thread::sleep(BETWEEN);
        }
        let Some(opening) = Opening::of(home, &path)? else { return Ok(None) };
        let before = opening.traces;
        let is_shared = opening.way() == Way::Shared;
        let done = opening.open(&path).and_then(|look| work(&look));
        let is_same = Traces::of(&path) == before;
        match done {
            Ok(done) if is_shared || is_same => return Ok(Some(done)),
            Err(error) if is_same && !is_passing(&error) => return Err(error),
            Ok(_) => {}
            Err(error) => outcome = Err(error),
        }
    }
    outcome
}

/// Whether an error may be over soon: somebody opens or closes the database, or has it alone.
fn is_passing(error: &JournalError) -> bool {
    use ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, FileLockingProtocolFailed, ReadOnly};
    let JournalError::Database { source, .. } = error else { return false };
    let passing = [CannotOpen, DatabaseBusy, DatabaseLocked, FileLockingProtocolFailed, ReadOnly];
    source.sqlite_error_code().is_some_and(|code| passing.contains(&code))
}

/// How a database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As a file that nobody changes: there is nothing beside it.
    Still,
    /// With whoever writes, through the index that is there; the database sees by itself whether anybody does.
    Shared,
    /// With a log whose index is not there, and is made in memory.
    Alone,
}

/// What lies in a home of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Traces {
    file: Option<Trace>,
    log: Option<Trace>,
    index: Option<u64>,
}

/// Whether a file is the same: device, inode, bytes, and when they changed.
type Trace = (u64, u64, u64, i64, i64);

impl Traces {
    fn of(path: &Path) -> Self {
        let trace = |data: Metadata| (data.dev(), data.ino(), data.len(), data.mtime(), data.mtime_nsec());
        let beside = |ending: &str| fs::metadata(beside(path, ending)).ok();
        Self {
            file: fs::metadata(path).ok().map(trace),
            log: beside("-wal").map(trace),
            index: beside("-shm").map(|data| data.ino()),
        }
    }

    fn log(&self) -> u64 {
        self.log.map_or(0, |(_, _, bytes, _, _)| bytes)
    }
}

/// A journal about to be opened.
struct Opening {
    guard: Option<File>,
    traces: Traces,
}

impl Opening {
    /// Nothing where there is no journal, or an empty file without a log: so it is while it is made.
    fn of(home: &Home, path: &Path) -> Result<Option<Self>, JournalError> {
        let failed = |source| JournalError::File { path: path.to_owned(), doing: "read", source };
        let traces = Traces::of(path);
        match (traces.file, traces.log()) {
            // Who makes it must have it alone, and would be refused if it were locked here.
            (None, _) | (Some((_, _, 0, _, _)), 0) => return Ok(None),
            // The database would remove the log.
            (Some((_, _, 0, _, _)), _) => {
                return Err(JournalError::Damaged { what: "it is empty, and its log is not".to_owned() });
            }
            _ => {}
        }
        let guard = match home.holder().map_err(failed)? {
            Holder::Process { number } if number == std::process::id().to_string() => None,
            _ => match File::open(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                opened => Some(opened.map_err(failed)?),
            },
        };
        if let Some(guard) = &guard {
            lock(guard).map_err(|error| match error {
                Errno::ACCESS | Errno::AGAIN => JournalError::Busy,
                error => failed(error.into()),
            })?;
        }
        Ok(Some(Self { guard, traces: Traces::of(path) }))
    }

    fn way(&self) -> Way {
        match (self.traces.log(), self.traces.index) {
            (0, None) => Way::Still,
            (_, Some(_)) if self.traces.log.is_some() => Way::Shared,
            (0, Some(_)) => Way::Still,
            (_, _) => Way::Alone,
        }
    }

    fn open(self, path: &Path) -> Result<Look, JournalError> {
        let how = match self.way() {
            Way::Still => "immutable=1",
            Way::Shared => "readonly_shm=1",
            Way::Alone => "vfs=unix-none",
        };
        // Who has a file alone keeps the index in memory.
        let alone = if self.way() == Way::Alone { "PRAGMA locking_mode = EXCLUSIVE;" } else { "" };
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || -> Result<Connection, rusqlite::Error> {
            let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let database = Connection::open_with_flags(uri(&absolute, how), flags)?;
            database.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            database.busy_timeout(Duration::from_secs(2))?;
            database.execute_batch(alone)?;
            database.execute_batch(
                "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; \
                 PRAGMA query_only = ON;",
            )?;
            Ok(database)
        };
        let database = open().map_err(JournalError::of("opened"))?;
        let is_used = self.guard.as_ref().is_none_or(is_used);
        let left = if is_used { 0 } else { self.traces.log() };
        Ok(Look { database, left, _guard: self.guard })
    }
}

/// Keeps others from having a file alone; who has it has it for a moment.
fn lock(file: &File) -> Result<(), Errno> {
    for _ in 1..TRIES {
        match fcntl_lock(file, FlockOperation::NonBlockingLockShared) {
            Err(Errno::ACCESS | Errno::AGAIN) => thread::sleep(BETWEEN),
            locked => return locked,
        }
    }
    fcntl_lock(file, FlockOperation::NonBlockingLockShared)
}

/// Whether another process has the database open.
fn is_used(file: &File) -> bool {
    let whole = Flock {
        start: 0,
        length: 0,
        pid: None,
        typ: FlockType::WriteLock,
        offset_type: FlockOffsetType::Set,
    };
    // Where it cannot be told, nothing is said of what was left.
    fcntl_getlk(file, &whole).map_or(true, |lock| lock.is_some())
}

/// A file that the database keeps beside its own.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(OsStr::new(ending));
    path.with_file_name(name)
}

/// The name of a database, with how it is to be opened (<https://www.sqlite.org/uri.html>).
fn uri(path: &Path, how: &str) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte));
            }
            byte => {
                // A text takes whatever is written to it.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    format!("{uri}?{how}")
}
