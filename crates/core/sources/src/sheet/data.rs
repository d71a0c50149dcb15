//! Rows of one kind, as they are handed on.

use std::sync::Arc;

use arrow_array::RecordBatch;
use model::event::Kind;
use model::evidence::Kept;

/// Rows of one kind.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What all rows are.
    pub kind: Kind,
    /// The columns, as the module `layout` describes them.
    pub columns: RecordBatch,
    /// Whether fields stand in records of which an event has several.
    pub grouped: bool,
    /// Where the rows are kept, if they are.
    pub kept: Option<KeptIn>,
}

/// The batches of which rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptIn {
    /// Batches, in one table each.
    pub batches: Vec<Arc<Kept>>,
    /// For each row the place of its batch among these; nothing where there is but one.
    pub of_row: Vec<u32>,
}

impl KeptIn {
    /// The batch of a row.
    #[must_use]
    pub fn of(&self, row: usize) -> Option<&Arc<Kept>> {
        let place = self.of_row.get(row).map_or(0, |place| *place as usize);
        self.batches.get(place)
    }
}
