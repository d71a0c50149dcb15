//! Files of rows: what is in them, and how it lies there.
//!
//! A file has only those columns in which one of its rows has a value; readers take what a file
//! lacks as null. What belongs together lies side by side, and numbers that rise are written as the
//! little by which they do. A file is made column by column, so that no more than a column of its
//! rows is copied at a time.

mod encode;
mod gather;
mod order;
mod statistics;

use arrow_array::ArrayRef;
use arrow_schema::FieldRef;
use deltalake::DeltaTableError;

pub(crate) use encode::{Encoded, encode};
pub(crate) use order::{Run, runs};

/// A row: the part that it is in, and its number there. As a pair, which is what Arrow takes.
pub(crate) type Spot = (usize, usize);

/// By what rows are sorted, as far as a table has it: kind of event, host, and then time.
const GROUPS: [&str; 4] = ["product", "log", "event_id", "device.hostname"];
const TIME: &str = "time";

/// Rows in a group: the least that is read to find one.
pub(crate) const GROUP: usize = 128 << 10;

/// Rows in several parts, of which one column after the other can be had.
pub(crate) trait Parts: Sync {
    /// How many rows each part has.
    fn lengths(&self) -> Vec<usize>;

    /// The values of a column in each part, as the table has them or as the numbers of such (`u32`); none in
    /// one that lacks it.
    fn column(&self, field: &FieldRef) -> Result<Vec<Option<ArrayRef>>, DeltaTableError>;

    /// Whether a file made of them is there to stay. Those of deliveries are soon made larger ones.
    fn stays(&self) -> bool;

    /// Whether one of some rows may have a value of a column.
    fn has(&self, field: &FieldRef, rows: &[Spot]) -> bool;
}
