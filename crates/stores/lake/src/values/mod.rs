//! The value index: in which groups of rows of which files a value that people look up can stand.
//!
//! Values are found by words ([`model::holds`]), and the index knows words by a short hash. It only rules
//! out: what it leaves is read, so that a hash that two words share costs a look and never an answer. A
//! file without an index, or with one that is not whole, is read from end to end.
//!
//! Indexes lie beside the rows, in a folder that readers of Delta pass over ([`FOLDER`]). A [`Segment`]
//! covers some files of a table, which it knows by path and size: rows that were replaced are never taken
//! for those that are there. Files of a delivery have one segment together; tidying merges small ones by
//! day, and makes what is missing.

mod block;
mod gather;
mod making;
mod segment;
mod shelf;
mod sought;
mod tidy;

use twox_hash::XxHash64;

pub(crate) use gather::{FileValues, Hashes, slot};
pub(crate) use making::Making;
use segment::Segment;
pub(crate) use shelf::{NEW, Shelf, is_idle, put};
pub(crate) use sought::{Column, Sought};
pub(crate) use tidy::{forget, tidy};

/// The folder of a table that holds its index.
pub(crate) const FOLDER: &str = "_values";

/// Bits of a hash. Among a million words in a segment, one in 4,000 that are not there seems to be.
const BITS: u32 = 32;

/// The hash of a word, by its last part: that of a path or an account, which is a word by itself as well, so
/// that both take the room of one. It stands in files: whoever changes it counts the version of segments up.
pub(crate) fn hash(word: &str) -> u64 {
    let last = word.rsplit_once('\\').map_or(word, |(_, last)| last);
    XxHash64::oneshot(0, last.as_bytes()) >> (u64::BITS - BITS)
}

/// That a word stands in a column of a group of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting {
    pub(crate) hash: u64,
    /// The group, numbered through all files of a segment.
    pub(crate) group: u32,
    /// The column's place among those of the segment.
    pub(crate) column: u16,
}
