//! Bytes in, rows out: every log format people have, as Arrow batches of one kind of event.
//!
//! The way of the bytes: [`Reader`] opens a source (a file, an archive, a stream), tells its
//! format by content and cuts it into [`Segment`]s that can be parsed independently of each
//! other; [`parse`] turns one segment into rows of a [`Builder`]; [`Builder::finish`] gives
//! [`Batch`]es. What cannot be read becomes a [`Flaw`](model::event::Flaw), and the rest goes on.
//!
//! Reading is sequential and cheap, parsing is independent and dear: the caller reads on one
//! thread and parses on as many as it likes, and tells the builder how many events of a source came
//! before, so that rows have the ordinals of their whole source.

mod archive;
mod batch;
mod beginning;
mod cause;
mod feed;
mod format;
mod frame;
mod json;
mod line;
mod looks;
mod parse;
mod reader;
mod search;
mod segment;
mod shape;
mod text;

pub use batch::{Batch, Builder, Column, Rows, Scalar, Value};
pub use cause::Cause;
pub use reader::{Input, Limits, Piece, ReadSeek, Reader, Undated};
pub use segment::{Format, Parsed, Segment, parse};
