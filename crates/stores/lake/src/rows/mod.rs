//! Events as rows of the table of their class, and back.
//!
//! A value stands in one of three places. Where the catalogue knows its field and the class has
//! that column, in the column; where the class has a column for the source's own name, in
//! `raw.<name>`; all else in `raw`, under the source's name. A column holds the first value that an
//! event has of a field; what follows it, in lists or in further records of the event, stands in
//! `raw`. A number that is not spelled as numbers are (`0x1a4`, `007`) is a number in its column and
//! stands in `raw` as it is spelled. Of several names that lead to one field, the one that the
//! catalogue lists first has the column; another stands in `raw.<name>`, where the class has that.
//!
//! `shape` says how to put the event together again ([`Shape`]). So rows give back the sheets that
//! they were made of, whatever the catalogue calls their fields by then.

mod fill;
pub(crate) mod names;
mod read;
mod schema;
pub(crate) mod shape;
mod texts;
mod write;

pub use names::Labels;
pub(crate) use names::{BATCH, CONFIDENTIALITY, OWNER, PAP, ROW, SHAPE, TIME, TLP};
pub use read::sheets;
pub(crate) use read::sheets_of;
pub(crate) use schema::{DAY, OTHER, WITH_STATISTICS, are_events, shared, wide};
pub use schema::{Table, Tables};
pub(crate) use write::named;
pub use write::{day, rows, undated};

/// Why rows cannot be made, or made sheets of again.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// The sheet is none.
    #[error("a sheet is not shaped as sheets are: {0}")]
    Sheet(String),
    /// A column of rows is missing or of another type.
    #[error("the column {0} of rows is missing or of a wrong type")]
    Column(String),
    /// A shape does not fit the values of its row.
    #[error("a row has not the values that its shape names")]
    Shape,
    /// Arrow refused.
    #[error("the columns of rows could not be made")]
    Arrow(#[from] arrow_schema::ArrowError),
}
