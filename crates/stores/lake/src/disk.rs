//! The few changes that the lake makes to a disk, so that tests can see them and take them away.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

/// What changes a disk. Paths are absolute.
pub trait Disk: Debug + Send + Sync {
    /// Makes a folder in one that is there; that it is there already is no error.
    ///
    /// # Errors
    /// When the disk refuses.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes an empty file; one of that name is emptied.
    ///
    /// # Errors
    /// When the disk refuses.
    fn create(&self, path: &Path) -> io::Result<()>;

    /// Writes into a file from an offset on; not yet durable.
    ///
    /// # Errors
    /// When the disk refuses; then any part of the bytes may have been written.
    fn write(&self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Makes the content of a file durable.
    ///
    /// # Errors
    /// When the disk refuses; then nothing is known about what was written since the last time.
    fn sync_file(&self, path: &Path) -> io::Result<()>;

    /// Makes durable which names a folder holds.
    ///
    /// # Errors
    /// When the disk refuses.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// Gives a file a second name.
    ///
    /// # Errors
    /// When that name is taken ([`io::ErrorKind::AlreadyExists`]) or the disk refuses.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives a file another name, which is taken from the file that had it.
    ///
    /// # Errors
    /// When the disk refuses.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// When the disk refuses.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// The disk of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct FileSystem;

impl Disk for FileSystem {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            made => made,
        }
    }

    fn create(&self, path: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map(drop)
    }

    fn write(&self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        // What is written through one handle is made durable through any; some systems want one
        // that may write.
        OpenOptions::new().write(true).open(path)?.sync_all()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Systems that cannot open folders have no such call.
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}
