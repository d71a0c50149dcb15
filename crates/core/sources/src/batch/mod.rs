//! Rows of one kind as Arrow columns: the builder that readers fill, and the way back to values.
//!
//! Only `layout` knows which columns these are and what types they have.

mod builder;
mod column;
mod layout;
mod value;

use arrow_array::RecordBatch;
use model::event::Kind;
use model::time::Instant;

use crate::cause::Cause;

pub use builder::Builder;
pub use layout::{Column, Rows};
pub use value::{Scalar, Value};

/// Rows of one kind.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What all rows are.
    pub kind: Kind,
    /// The columns, as the module `layout` describes them.
    pub batch: RecordBatch,
    /// Whether fields stand in records of which an event has several.
    pub grouped: bool,
}

impl Batch {
    /// The columns as values.
    ///
    /// # Errors
    /// When a column is none that a batch has, or not of the type it must have.
    pub fn rows(&self) -> Result<Rows<'_>, Cause> {
        Rows::read(self)
    }

    /// Times of the earliest and latest event, where any event has one.
    ///
    /// # Errors
    /// When the times are no column of a batch.
    pub fn span(&self) -> Result<Option<(Instant, Instant)>, Cause> {
        layout::span(&self.batch)
    }
}
