//! Why verdicts cannot be kept or read.

use lake::{AskError, LakeError, RowsError};

/// Why verdicts cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum VerdictsError {
    /// The lake refuses.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// A question to the lake has no answer.
    #[error("kept verdicts cannot be read")]
    Ask(#[from] AskError),
    /// Rows are not what they should be.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// Arrow refuses.
    #[error("the columns of verdicts cannot be made")]
    Arrow(#[from] arrow_schema::ArrowError),
    /// Signals do not fit into memory, and not on the disk.
    #[error("signals cannot be put in order")]
    Signals(#[from] std::io::Error),
}

impl From<lake::NotAName> for VerdictsError {
    fn from(error: lake::NotAName) -> Self {
        Self::Lake(error.into())
    }
}
