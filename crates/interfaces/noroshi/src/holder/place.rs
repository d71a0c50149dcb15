//! The socket of a home: a name for it that is short enough.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

/// The name of the socket in a home.
const SOCKET: &str = "socket";

/// The longest path that a socket can be bound to.
const LONGEST: usize = 107;

/// The way to the socket of a home, as long as this is held.
#[derive(Debug)]
pub struct SocketPath {
    path: PathBuf,
    /// The folder, where the path goes through its descriptor.
    _folder: Option<File>,
}

impl SocketPath {
    /// The way to the socket of a home.
    ///
    /// # Errors
    /// When the home's folder cannot be opened.
    pub fn of(home: &Path) -> io::Result<Self> {
        let path = home.join(SOCKET);
        if path.as_os_str().len() <= LONGEST {
            return Ok(Self { path, _folder: None });
        }
        let folder = File::open(home)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(SOCKET);
        Ok(Self { path, _folder: Some(folder) })
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}
