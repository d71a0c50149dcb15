//! The folder of the log: what lies there under which name, and its lock.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

/// The file that whoever adds holds.
const LOCK: &str = "lock";

/// A segment, by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Segment {
    /// Number of its first record.
    pub(crate) first: u64,
    pub(crate) name: String,
}

impl Segment {
    /// The one that begins with a record.
    pub(crate) fn at(first: u64) -> Self {
        Self { first, name: format!("{first:016x}.log") }
    }

    fn named(name: &str) -> Option<Self> {
        let first = u64::from_str_radix(name.strip_suffix(".log")?, 16).ok()?;
        Some(Self::at(first)).filter(|segment| segment.name == name)
    }
}

/// Makes the folder for its owner alone, where it does not exist; the one it lies in must.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => match folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => sync(parent),
            None => Ok(()),
        },
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// The lock of whoever adds, held until it is dropped; waits for those who have it.
pub(crate) fn lock(folder: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).mode(0o600).open(folder.join(LOCK))?;
    wait(&file, FlockOperation::LockExclusive)?;
    Ok(file)
}

/// A lock that keeps those who add out, for whoever looks. A log without the file is a copy, or empty.
pub(crate) fn look_lock(folder: &Path) -> io::Result<Option<File>> {
    match File::open(folder.join(LOCK)) {
        Ok(file) => wait(&file, FlockOperation::LockShared).map(|()| Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// All segments, in their order; none where there is no folder.
pub(crate) fn segments(folder: &Path) -> io::Result<Vec<Segment>> {
    let mut segments: Vec<Segment> = names(folder)?.iter().filter_map(|name| Segment::named(name)).collect();
    segments.sort_unstable();
    Ok(segments)
}

/// Names of the files with what was set aside.
pub(crate) fn torn(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = names(folder)?;
    let is_torn = |name: &str| name.split_once(".torn-").is_some_and(|(of, _)| Segment::named(of).is_some());
    names.retain(|name| is_torn(name));
    names.sort_unstable();
    Ok(names)
}

/// Keeps bytes from the end of a segment in a file of their own, durable on return.
pub(crate) fn set_aside(folder: &Path, segment: &str, bytes: &[u8]) -> io::Result<()> {
    let mut number = 1;
    let (path, mut file) = loop {
        let path = folder.join(format!("{segment}.torn-{number}"));
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            opened => break (path, opened?),
        }
    };
    let kept = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| sync(folder));
    if kept.is_err() {
        // They are still where they were.
        let _ = fs::remove_file(&path);
    }
    kept
}

/// Removes a segment that is not even a head, and sets its bytes aside.
pub(crate) fn put_away(folder: &Path, segment: &str) -> io::Result<()> {
    let path = folder.join(segment);
    let bytes = fs::read(&path)?;
    if !bytes.is_empty() {
        set_aside(folder, segment, &bytes)?;
    }
    fs::remove_file(&path)?;
    sync(folder)
}

/// Makes the names in a folder durable.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn wait(file: &File, operation: FlockOperation) -> io::Result<()> {
    loop {
        match flock(file, operation) {
            Err(Errno::INTR) => {}
            waited => return waited.map_err(io::Error::from),
        }
    }
}
