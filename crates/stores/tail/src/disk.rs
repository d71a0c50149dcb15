//! The few things that following asks of a disk, so that tests can turn inodes over at will.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::sight::Identity;

/// A file as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Which file it is.
    pub identity: Identity,
    /// Its length in bytes.
    pub length: u64,
    /// When it was last written to, in nanoseconds since 1970.
    pub modified: u64,
    /// Whether it is a file of bytes, not a folder, pipe, socket or device.
    pub regular: bool,
}

/// Files under paths.
pub trait Disk {
    /// A file open for reading; it stays the same whatever happens to its name.
    type File;

    /// The file under a path, links followed.
    ///
    /// # Errors
    /// When there is none or the disk refuses.
    fn stat(&self, path: &Path) -> io::Result<Stat>;

    /// What stands in a folder.
    ///
    /// # Errors
    /// When there is none or the disk refuses.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Opens a file.
    ///
    /// # Errors
    /// When there is none, the disk refuses, or too many are open ([`Disk::is_full`]).
    fn open(&self, path: &Path) -> io::Result<Self::File>;

    /// An open file as it stands.
    ///
    /// # Errors
    /// When the disk refuses.
    fn stat_open(&self, file: &Self::File) -> io::Result<Stat>;

    /// Reads bytes at an offset; fewer where the file ends.
    ///
    /// # Errors
    /// When the disk refuses.
    fn read_at(&self, file: &mut Self::File, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// Whether an error of [`Disk::open`] says that too many files are open.
    fn is_full(&self, error: &io::Error) -> bool;
}

/// The file system of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct FileSystem;

impl Disk for FileSystem {
    type File = File;

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        fs::metadata(path).map(|metadata| stat(&metadata))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let here = folder.as_os_str().is_empty();
        let entries = fs::read_dir(if here { Path::new(".") } else { folder })?;
        // Named as the folder was.
        entries.map(|entry| Ok(folder.join(entry?.file_name()))).collect()
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        File::open(path)
    }

    fn stat_open(&self, file: &File) -> io::Result<Stat> {
        file.metadata().map(|metadata| stat(&metadata))
    }

    #[cfg(unix)]
    fn read_at(&self, file: &mut File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(file, buffer, offset)
    }

    #[cfg(not(unix))]
    fn read_at(&self, file: &mut File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        use std::io::{Read, Seek, SeekFrom};
        file.seek(SeekFrom::Start(offset))?;
        file.read(buffer)
    }

    fn is_full(&self, error: &io::Error) -> bool {
        // EMFILE and ENFILE.
        cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24))
    }
}

fn stat(metadata: &Metadata) -> Stat {
    let born = metadata.created().ok().map(nanoseconds);
    Stat {
        identity: identity(metadata, born),
        length: metadata.len(),
        modified: metadata.modified().map_or(0, nanoseconds),
        regular: metadata.is_file(),
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata, born: Option<u64>) -> Identity {
    use std::os::unix::fs::MetadataExt;
    Identity { device: metadata.dev(), inode: metadata.ino(), born }
}

/// Without numbers of files the time of birth has to do.
#[cfg(not(unix))]
fn identity(_: &Metadata, born: Option<u64>) -> Identity {
    Identity { device: 0, inode: 0, born }
}

fn nanoseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}
