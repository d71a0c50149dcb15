//! What can go wrong with backups.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a backup was not made, read or put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A disk refused.
    #[error("{} could not be {doing}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// There are no backups at this place.
    #[error("there are no backups in {}", path.display())]
    Missing {
        /// Where they should be.
        path: PathBuf,
    },
    /// The folder holds something else.
    #[error("{} is not empty and holds no backups", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// The folder is another user's, or others may write to it: they could change what is put back, or read keys.
    #[error("{} belongs to another user, or others may write to it", path.display())]
    Exposed {
        /// The folder.
        path: PathBuf,
    },
    /// These are backups of another home.
    #[error("{} holds the backups of another home", path.display())]
    OtherHome {
        /// The folder.
        path: PathBuf,
    },
    /// A newer version of the program made them.
    #[error("{} has the format {found}, and this version knows {known}", path.display())]
    Newer {
        /// What it is.
        path: PathBuf,
        /// The format it has.
        found: u32,
        /// The newest one known.
        known: u32,
    },
    /// The folder does not say what it is.
    #[error("{} says nothing that can be read", path.display())]
    Unreadable {
        /// The file that should.
        path: PathBuf,
    },
    /// Another process is at it.
    #[error("another process uses the backups in {}", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// What was to be copied is there no more, or not as it was.
    #[error("{} was to be copied, and {why}", path.display())]
    Changed {
        /// What.
        path: PathBuf,
        /// How.
        why: &'static str,
    },
    /// Files of a point are not as they were written.
    #[error("files of the backup are not as they were written: {}", listed(.0))]
    Damaged(Vec<Damage>),
    /// The list of who was forgotten is not whole, so that nobody knows who was.
    #[error("the list of who was forgotten is not whole: {what}")]
    List {
        /// Where, and how.
        what: String,
    },
    /// The caller wanted it to stop.
    #[error("it was stopped")]
    Stopped,
}

/// A file that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Its path in the folder of backups.
    pub path: String,
    /// What is wrong.
    pub why: &'static str,
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.path, self.why)
    }
}

/// The first of them, and how many there are.
fn listed(damages: &[Damage]) -> String {
    let first: Vec<String> = damages.iter().take(5).map(ToString::to_string).collect();
    let more = damages.len().saturating_sub(first.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    first.join(", ") + &more
}

/// The error of a disk while something was done at a place.
pub(crate) fn disk(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> BackupError {
    move |source| BackupError::Disk { path: path.to_owned(), doing, source }
}
