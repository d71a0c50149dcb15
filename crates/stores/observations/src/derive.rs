//! What is made of a batch besides its own rows: what rules find in it.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use lake::{Delivery, Entry};
use sources::Sheet;

/// Makes rows of other tables from a batch that is about to be added. They are added with it: nobody sees
/// the one without the other, and a batch that is delivered again gives them once.
pub trait Derive: Send + Sync {
    /// The tables that may get rows, each with all its columns.
    fn tables(&self) -> Vec<(&'static str, SchemaRef)>;

    /// The rows that a batch gives, on any thread; at most one part for each table. `from` is the delivery
    /// that the batch comes with.
    fn derive(&self, entry: &Entry, sheets: &[Sheet], from: &Delivery) -> Vec<(&'static str, RecordBatch)>;
}
