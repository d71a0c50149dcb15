//! Why observations cannot be kept.

use std::io;
use std::path::PathBuf;

use lake::{LakeError, RowsError};

use crate::payload::PayloadError;

/// Why observations cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum ObservationsError {
    /// A file of the home refuses.
    #[error("{} cannot be used", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is too little room left on the disk; nothing more is taken, and what was acknowledged stays.
    #[error("the disk has {left} bytes left, and {needed} are kept free")]
    Room {
        /// Bytes that are left.
        left: u64,
        /// Bytes that must be.
        needed: u64,
    },
    /// The spool refuses.
    #[error("the spool cannot be used")]
    Spool(#[from] spool::Error),
    /// The lake refuses.
    #[error("the rows could not be added to the lake")]
    Lake(#[from] LakeError),
    /// A batch could not be made rows.
    #[error("the batch could not be made rows")]
    Rows(#[from] RowsError),
    /// A batch could not be made bytes, or bytes a batch.
    #[error("the record of a batch cannot be used")]
    Payload(#[from] PayloadError),
    /// Another process holds the home, and could not do what it was asked for.
    #[error("the process that holds the home says: {0}")]
    Elsewhere(String),
    /// The thread that adds rows died.
    #[error("the thread that adds rows died: {0}")]
    Died(String),
}
