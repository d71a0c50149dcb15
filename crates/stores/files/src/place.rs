//! Names of files, and where their bytes lie.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use model::hash::Sha256;
use sha2::Digest;

/// The folder of files.
#[derive(Debug, Clone)]
pub(crate) struct Place(pub(crate) PathBuf);

/// Bytes that are written and have no name yet.
#[derive(Debug)]
pub(crate) struct Part {
    /// Nothing once it has its name: another one may be written there then.
    path: Option<PathBuf>,
    /// Locked, so that whoever sweeps sees that somebody is at it.
    _file: File,
    pub(crate) hash: Sha256,
    pub(crate) size: u64,
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // What stays is swept.
            drop(fs::remove_file(path));
        }
    }
}

/// The folder of bytes that have no name yet.
const INCOMING: &str = "incoming";

/// The file whose lock is held from the name of bytes to the act that tells of them, by several at once, and by
/// one alone who removes bytes, from before it is known that nobody holds them: else those might go that
/// somebody keeps at the same time.
const LOCK: &str = "lock";

/// Bytes that are read at once.
const CHUNK: usize = 1 << 16;

impl Place {
    pub(crate) fn of(&self, hash: &Sha256) -> PathBuf {
        let name = hash.to_string();
        self.0.join(&name[..2]).join(name)
    }

    /// Writes bytes to the disk, at most so many.
    pub(crate) fn write(&self, bytes: &mut dyn Read, most: u64) -> io::Result<Option<Part>> {
        let incoming = self.0.join(INCOMING);
        make_folder(&incoming)?;
        let held = self.hold()?;
        let (path, mut file) = new_file(&incoming)?;
        drop(held);
        let mut part =
            Part { path: Some(path), _file: file.try_clone()?, hash: Sha256::from([0; 32]), size: 0 };
        let (mut hash, mut chunk) = (sha2::Sha256::new(), vec![0; CHUNK]);
        loop {
            let read = match bytes.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            part.size += read as u64;
            if part.size > most {
                return Ok(None);
            }
            hash.update(&chunk[..read]);
            file.write_all(&chunk[..read])?;
        }
        file.sync_all()?;
        part.hash = Sha256::from(<[u8; 32]>::from(hash.finalize()));
        Ok(Some(part))
    }

    /// Gives bytes their name; it outlives a power cut when this returns.
    pub(crate) fn name(&self, part: &mut Part) -> io::Result<()> {
        let path = self.of(&part.hash);
        // What is there may be damaged, and what comes is not.
        let folder = path.parent().unwrap_or(&self.0);
        make_folder(folder)?;
        if let Some(from) = &part.path {
            fs::rename(from, &path)?;
        }
        part.path = None;
        File::open(folder)?.sync_all()
    }

    /// Names of all files that lie there.
    pub(crate) fn all(&self) -> io::Result<Vec<Sha256>> {
        let mut all = Vec::new();
        for folder in entries(&self.0)? {
            if folder.is_dir() {
                let names = entries(&folder)?;
                let name = |path: &PathBuf| path.file_name()?.to_str()?.parse::<Sha256>().ok();
                all.extend(names.iter().filter_map(name));
            }
        }
        all.sort_unstable();
        Ok(all)
    }

    /// Removes what came in and never got a name, and that nobody is at.
    pub(crate) fn sweep(&self) -> io::Result<()> {
        for path in entries(&self.0.join(INCOMING))? {
            if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// Lets nobody remove bytes until this is dropped.
    pub(crate) fn hold(&self) -> io::Result<File> {
        let lock = self.lock()?;
        lock.lock_shared().map(|()| lock)
    }

    /// Waits until no bytes are on their way to a name and an act, and lets none be until this is dropped.
    pub(crate) fn take(&self) -> io::Result<File> {
        let lock = self.lock()?;
        lock.lock().map(|()| lock)
    }

    fn lock(&self) -> io::Result<File> {
        make_folder(&self.0)?;
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(self.0.join(LOCK))
    }
}

/// A file that nobody else writes to, locked.
fn new_file(folder: &Path) -> io::Result<(PathBuf, File)> {
    let process = std::process::id();
    let mut number = 0_u64;
    loop {
        let path = folder.join(format!("{process}-{number}"));
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Ok(file) => return file.lock().map(|()| (path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Makes a folder of the owner's alone, and its name durable.
fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    let above = path.ancestors().skip(1).take(2).filter(|above| !above.as_os_str().is_empty());
    above.into_iter().try_for_each(|above| File::open(above)?.sync_all())
}

/// Reads a file and compares it with its name at the end.
#[derive(Debug)]
pub(crate) struct Compared {
    pub(crate) file: File,
    pub(crate) expected: Sha256,
    hash: Option<sha2::Sha256>,
}

impl Compared {
    pub(crate) fn new(file: File, expected: Sha256) -> Self {
        Self { file, expected, hash: Some(sha2::Sha256::new()) }
    }
}

impl Read for Compared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if read > 0 {
            if let Some(hash) = &mut self.hash {
                hash.update(&buffer[..read]);
            }
        } else if !buffer.is_empty()
            && let Some(hash) = self.hash.take()
            && Sha256::from(<[u8; 32]>::from(hash.finalize())) != self.expected
        {
            let what = format!("the file {} has other bytes than its name says", self.expected);
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(read)
    }
}
