//! Rows of one kind, as they are handed on.

use arrow_array::RecordBatch;
use model::event::Kind;

/// Rows of one kind.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What all rows are.
    pub kind: Kind,
    /// The columns, as the module `layout` describes them.
    pub columns: RecordBatch,
    /// Whether fields stand in records of which an event has several.
    pub grouped: bool,
}
