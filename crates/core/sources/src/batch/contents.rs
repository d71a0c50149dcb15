//! A batch that has been parsed.

use std::sync::Arc;

use model::event::Flaw;
use model::time::Instant;

use super::known::{Open, Stored};
use super::prefix::Mark;
use crate::sheet::Sheet;

/// What a batch holds.
#[derive(Debug, Clone)]
pub struct Contents {
    /// The path under which it was read.
    pub source_path: Arc<str>,
    /// One word for the notation of its source.
    pub format: &'static str,
    /// Where it begins.
    pub start: Mark,
    /// Where it ends.
    pub end: Mark,
    /// Whether the source ended here in the middle of something that may go on.
    pub open: Option<Open>,
    /// The same batch as it is stored, where it was read again all the same.
    pub stored: Option<Stored>,
    /// Stored batches that ended in the middle of an event which is whole, or longer, in this one.
    pub replaces: Vec<Stored>,
    /// Number of its first event in the source, from 0.
    pub first_event: u64,
    /// Events in it.
    pub events: u64,
    /// Times of the earliest and latest event.
    pub span: Option<(Instant, Instant)>,
    /// Its rows; ordinals are those of the whole source.
    pub sheets: Vec<Sheet>,
    /// What could not be read.
    pub flaws: Vec<Flaw>,
}
