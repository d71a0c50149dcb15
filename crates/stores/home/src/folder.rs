//! A home that is there.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::HomeError;
use crate::id::HomeId;

/// How homes are laid out now. Of format 1 were those without an id.
pub const FORMAT: u32 = 2;
/// The file that says how a home is laid out: a folder with it is a home.
pub(crate) const FORMAT_FILE: &str = "format";
/// The file that says who a home is.
pub(crate) const ID_FILE: &str = "id";
/// The file that the writing process holds.
pub(crate) const LOCK_FILE: &str = "lock";
/// The file of settings, which this crate does not read.
pub(crate) const SETTINGS_FILE: &str = "noroshi.toml";

/// A home, to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    path: PathBuf,
    format: u32,
}

impl Home {
    /// The home at a place.
    ///
    /// # Errors
    /// When there is none, or none that this version can read.
    pub fn open(path: &Path) -> Result<Self, HomeError> {
        let disk = |doing| move |source| disk(path, doing, source);
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(HomeError::Missing { path: path.to_owned() });
            }
            Err(error) => return Err(disk("looked at")(error)),
            Ok(metadata) if !metadata.is_dir() => return Err(HomeError::Foreign { path: path.to_owned() }),
            Ok(_) => {}
        }
        let text = match said(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let entries = names(path).map_err(disk("looked at"))?;
                if entries.iter().any(|name| name == FORMAT_FILE) {
                    // Another process has finished the home just now.
                    said(path).map_err(disk("read"))?
                } else if entries.iter().all(|name| is_begun(name)) {
                    return Err(HomeError::Missing { path: path.to_owned() });
                } else {
                    return Err(HomeError::Foreign { path: path.to_owned() });
                }
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(HomeError::Unreadable { path: path.to_owned() });
            }
            read => read.map_err(disk("read"))?,
        };
        match text.trim_end().parse() {
            Ok(format @ 1..=FORMAT) => Ok(Self { path: path.to_owned(), format }),
            Ok(found) if found > FORMAT => {
                Err(HomeError::Newer { path: path.to_owned(), found, known: FORMAT })
            }
            _ => Err(HomeError::Unreadable { path: path.to_owned() }),
        }
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How it is laid out.
    #[must_use]
    pub fn format(&self) -> u32 {
        self.format
    }

    /// Who it is, wherever it is moved or put back to.
    ///
    /// # Errors
    /// When it does not say so, as those of format 1, or it cannot be read.
    pub fn id(&self) -> Result<HomeId, HomeError> {
        let mut text = String::new();
        let read =
            File::open(self.path.join(ID_FILE)).and_then(|file| file.take(64).read_to_string(&mut text));
        match read {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {}
            Err(error) => return Err(disk(&self.path, "read", error)),
        }
        text.trim_end().parse().map_err(|_| HomeError::Nameless { path: self.path.clone() })
    }

    /// A home that is being made, and says of itself nothing yet.
    pub(crate) fn unfinished(path: &Path) -> Self {
        Self { path: path.to_owned(), format: FORMAT }
    }

    /// Whether it belongs to the user that this process runs as: what anybody else made in it, its owner
    /// might not read. False where the system does not tell.
    #[must_use]
    pub fn is_own(&self) -> bool {
        let owner = |path: &Path| fs::metadata(path).map(|metadata| metadata.uid());
        // The system's own account of the process, since asking the system itself needs more of rustix.
        owner(&self.path).ok().zip(owner(Path::new("/proc/self")).ok()).is_some_and(|(a, b)| a == b)
    }

    /// Bytes that its disk has left for this user.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn free(&self) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(&self.path)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// The folder of observations.
    #[must_use]
    pub fn lake(&self) -> PathBuf {
        self.path.join("lake")
    }

    /// The folder of uploads and artefacts.
    #[must_use]
    pub fn files(&self) -> PathBuf {
        self.path.join("files")
    }

    /// The folder of who looked at what.
    #[must_use]
    pub fn access(&self) -> PathBuf {
        self.path.join("access")
    }

    /// The folder of what was received and is not yet in the lake.
    #[must_use]
    pub fn spool(&self) -> PathBuf {
        self.path.join("spool")
    }

    /// The folder of what personal fields are sealed with.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// The settings, which need not be there.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.path.join(SETTINGS_FILE)
    }

    /// Where its backups are, which need not be there.
    #[must_use]
    pub fn backups(&self) -> PathBuf {
        self.path.join("backups")
    }

    /// The folder of copies of the journal on their way into a backup, made by whoever holds the home.
    #[must_use]
    pub fn copying(&self) -> PathBuf {
        self.path.join("journal.copy")
    }

    /// The folder of what a home of a format was, so that there is a way back to it.
    #[must_use]
    pub fn before(&self, format: u32) -> PathBuf {
        self.path.join("before").join(format.to_string())
    }
}

/// What a home says of its format.
fn said(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path.join(FORMAT_FILE))?.take(32).read_to_string(&mut text)?;
    Ok(text)
}

/// Whether a file is one that making a home begins with: a folder of nothing else is a home that was
/// not finished. Settings may be written before anything else.
pub(crate) fn is_begun(name: &str) -> bool {
    [LOCK_FILE, SETTINGS_FILE, ID_FILE].contains(&name)
        || [ID_FILE, FORMAT_FILE].iter().any(|file| name == part(file))
}

/// The name of a file before it has its own.
pub(crate) fn part(name: &str) -> String {
    format!("{name}.part")
}

pub(crate) fn names(path: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(path)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

pub(crate) fn disk(path: &Path, doing: &'static str, source: io::Error) -> HomeError {
    HomeError::Disk { path: path.to_owned(), doing, source }
}
