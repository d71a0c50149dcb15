//! Bytes in, rows out: every log format people have, as Arrow sheets of one kind of event.
//!
//! The way of the bytes: [`Reader`] opens a source (a file, an archive, a stream), tells its
//! format by content and cuts it into [`Segment`]s that can be parsed independently of each
//! other; [`parse`] turns one segment into rows of a [`Builder`]; [`Builder::finish`] gives
//! [`Sheet`]es. What cannot be read becomes a [`Flaw`](model::event::Flaw), and the rest goes on.
//!
//! Reading is sequential and cheap, parsing is independent and dear: the caller reads on one
//! thread and parses on as many as it likes, and tells the builder how many events of a source came
//! before, so that rows have the ordinals of their whole source.

mod archive;
mod batch;
mod beginning;
mod cause;
mod ends;
mod feed;
mod flaws;
mod format;
mod frame;
mod input;
mod json;
mod limits;
mod line;
mod looks;
mod parse;
mod reader;
mod search;
mod segment;
mod shape;
mod sheet;
mod text;

pub use archive::Member;
pub use batch::{BATCH_BYTES, Batch, Contents, Cutter, Known, Mark, Open, Stored};
pub use cause::Cause;
pub use input::{Input, ReadSeek};
pub use limits::{Limits, Undated};
pub use parse::parse;
pub use reader::Reader;
pub use segment::{Format, Parsed, Piece, Segment};
pub use sheet::{Builder, Column, Filled, KeptIn, Rows, Scalar, Sheet, Value};

/// Version of what becomes of bytes: raised whenever the same bytes give other rows than before.
pub const READER: u32 = 1;
