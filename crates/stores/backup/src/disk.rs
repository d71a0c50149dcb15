//! Files that are written whole or not at all, and folders whose names outlive a power cut.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use model::hash::Sha256;
use sha2::Digest;

use crate::error::{BackupError, disk};

/// Is told of bytes that were copied since it was told last; false lets the work stop.
pub type Tell<'a> = dyn FnMut(u64) -> bool + 'a;

/// Bytes that are read at once.
const CHUNK: usize = 1 << 18;

/// Folders whose names, and those in them, are not durable yet.
#[derive(Debug, Default)]
pub(crate) struct Touched(BTreeSet<PathBuf>);

impl Touched {
    /// Makes a folder of the owner's alone, and those above it.
    pub(crate) fn make(&mut self, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.is_dir());
        for path in missing.collect::<Vec<_>>().into_iter().rev() {
            match DirBuilder::new().mode(0o700).create(path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => made?,
            }
            self.0.extend(path.parent().map(Path::to_owned));
        }
        self.0.insert(folder.to_owned());
        Ok(())
    }

    /// Makes all of it durable.
    pub(crate) fn sync(&mut self) -> Result<(), BackupError> {
        for folder in std::mem::take(&mut self.0) {
            sync(&folder).map_err(disk(&folder, "written"))?;
        }
        Ok(())
    }
}

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Copied {
    pub(crate) bytes: u64,
    pub(crate) sha256: Sha256,
}

/// Why nothing was copied.
pub(crate) enum Uncopied {
    /// What is read could not be.
    Source(io::Error),
    /// What is written could not be.
    Target(io::Error),
    Stopped,
}

/// Copies what is read, at most so many bytes, to a file that has its name when it is durable.
pub(crate) fn copy(
    from: &mut dyn Read,
    to: &Path,
    touched: &mut Touched,
    tell: &mut Tell<'_>,
) -> Result<Copied, Uncopied> {
    if let Some(folder) = to.parent() {
        touched.make(folder).map_err(Uncopied::Target)?;
    }
    let part = part(to);
    let mut file = new(&part).map_err(Uncopied::Target)?;
    let copied = stream(from, &mut file, tell);
    let named = copied.and_then(|copied| {
        let named = file.sync_all().and_then(|()| fs::rename(&part, to));
        named.map(|()| copied).map_err(Uncopied::Target)
    });
    if named.is_err() {
        // A disk that is full has room again.
        drop(fs::remove_file(&part));
    }
    named
}

/// Writes a text to a file, whole or not at all, and durable with its name.
pub(crate) fn put(path: &Path, text: &str) -> io::Result<()> {
    let part = part(path);
    let write = || -> io::Result<()> {
        let mut file = new(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        path.parent().map_or(Ok(()), sync)
    };
    write().inspect_err(|_| drop(fs::remove_file(&part)))
}

/// Makes names in a folder durable.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

/// Names in a folder, sorted; none where there is no folder.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, BackupError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(disk(folder, "read"))?,
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<io::Result<Vec<_>>>().map_err(disk(folder, "read"))?;
    names.sort_unstable();
    Ok(names)
}

/// A file of the owner's alone in the place of what somebody left there, be it a link to elsewhere.
fn new(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

fn stream(from: &mut dyn Read, to: &mut dyn Write, tell: &mut Tell<'_>) -> Result<Copied, Uncopied> {
    let (mut hash, mut bytes, mut chunk) = (sha2::Sha256::new(), 0, vec![0; CHUNK]);
    loop {
        let read = match from.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Uncopied::Source(error)),
        };
        to.write_all(&chunk[..read]).map_err(Uncopied::Target)?;
        hash.update(&chunk[..read]);
        bytes += read as u64;
        if !tell(read as u64) {
            return Err(Uncopied::Stopped);
        }
    }
    Ok(Copied { bytes, sha256: <[u8; 32]>::from(hash.finalize()).into() })
}
