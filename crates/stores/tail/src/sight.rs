//! The words between the rotation and whoever looks at the disk for it.

use std::path::PathBuf;

/// A log: a content, whatever files and names it goes through. Numbers are never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Log(pub u64);

/// A file, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    /// The file system it lies on.
    pub device: u64,
    /// Its number there; comes back once the file is removed.
    pub inode: u64,
    /// When it was made, in nanoseconds, where the file system says so.
    pub born: Option<u64>,
}

/// One file as a look saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Where it stands.
    pub path: PathBuf,
    /// Which file it is.
    pub identity: Identity,
    /// Its length in bytes.
    pub length: u64,
    /// When it was last written to, in nanoseconds since 1970.
    pub modified: u64,
    /// Whether the user asked for it; else it is a neighbour under a name that rotation makes.
    pub asked: bool,
    /// Its first bytes, [`Sight::START`] at most; only of files for which [`crate::Rotation`] wants them.
    pub start: Vec<u8>,
}

impl Sight {
    /// Most bytes of [`Sight::start`].
    pub const START: usize = 64;
}

/// Whether a file's content agrees with a log's, as far as both go.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// The log.
    pub log: Log,
    /// The file.
    pub path: PathBuf,
}

/// What was found when both were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// They agree in so many bytes; behind these one of them ends or they differ.
    Common(u64),
    /// They differ within what was read of the log.
    Different,
    /// The file could not be opened, or changed meanwhile; ask again.
    Unknown,
}

/// What is to be done after a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Read this file as a new log.
    Begin {
        /// The log.
        log: Log,
        /// Its file.
        path: PathBuf,
        /// Where to begin: what stands before was given as part of `after`.
        offset: u64,
        /// The log that this one goes on with.
        after: Option<Log>,
    },
    /// The log goes on in another file, at the same offset.
    Move {
        /// The log.
        log: Log,
        /// The file that holds it now.
        path: PathBuf,
    },
    /// The file holds nothing but what another log gives.
    Copied {
        /// The file.
        path: PathBuf,
        /// The log that it copies.
        of: Log,
        /// How many bytes of it.
        length: u64,
        /// Whether its name is not made from that log's: worth telling.
        stranger: bool,
    },
    /// The file was there before following began, under a rotated name that nobody asked for.
    Ignore {
        /// A number for its content.
        log: Log,
        /// The file.
        path: PathBuf,
    },
    /// A file that the caller reads by itself has changed.
    Changed {
        /// The log.
        log: Log,
        /// Its file.
        path: PathBuf,
    },
    /// Bytes of a log are gone before they were read.
    Missed {
        /// The log.
        log: Log,
        /// Where the first one stood.
        offset: u64,
        /// How many; `None` when the file was cut off or overwritten and nobody can tell.
        length: Option<u64>,
    },
    /// No more will come of this log.
    End {
        /// The log.
        log: Log,
    },
    /// The log's content will not be asked for again.
    Forget {
        /// The log.
        log: Log,
    },
}
