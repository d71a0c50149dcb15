//! Why a look cannot be noted, or the log not read.

use std::io;
use std::path::{Path, PathBuf};

use model::view::NotFresh;

/// Why a look cannot be noted, or the log not read.
#[derive(Debug, thiserror::Error)]
pub enum AccessLogError {
    /// The disk refuses.
    #[error("the access log {} cannot {doing}", path.display())]
    Disk {
        /// The folder of the log.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the disk said.
        source: io::Error,
    },
    /// A newer version of the program wrote a segment.
    #[error("the segment {segment} of the access log has the format {found}, and this version knows {known}")]
    Newer {
        /// Its name.
        segment: String,
        /// The format it has.
        found: u32,
        /// The newest one known.
        known: u32,
    },
    /// A look names more than a record holds.
    #[error("a record of {bytes} bytes is longer than the access log takes ({most})")]
    TooLong {
        /// Length of its payload.
        bytes: usize,
        /// The most a payload may have.
        most: usize,
    },
    /// A look is no JSON.
    #[error("a look cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The view of whoever reads was not made just now.
    #[error("the access log cannot be read with this view")]
    View(#[from] NotFresh),
}

/// The error of a disk that refuses what is being done in a folder.
pub(crate) fn failed(path: &Path, doing: &'static str) -> impl Fn(io::Error) -> AccessLogError {
    move |source| AccessLogError::Disk { path: path.to_owned(), doing, source }
}
