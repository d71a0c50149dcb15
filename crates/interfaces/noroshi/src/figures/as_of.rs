//! In which state a home was counted.

use journal::Head;
use model::figure::Period;
use model::time::Instant;

/// Up to when a home knows what happened, and in which state it was counted.
#[derive(Debug, Clone, PartialEq)]
pub struct AsOf {
    /// The newest event.
    pub newest: Option<Instant>,
    /// The end of the journal.
    pub head: Head,
    /// When the lake last received something.
    pub received: Option<Instant>,
    /// The tables of the lake and their versions.
    pub tables: Vec<Table>,
}

/// A table of the lake as it was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u64,
}

impl AsOf {
    /// When the home last took something in: the data's own now.
    #[must_use]
    pub fn at(&self) -> Option<Instant> {
        self.received.max(self.head.at)
    }

    /// The fiscal year of the newest event, or of what the home last took in.
    #[must_use]
    pub fn year(&self) -> Option<Period> {
        Period::year_of(self.newest.or(self.at())?)
    }
}
