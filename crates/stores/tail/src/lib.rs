//! Logs that grow: what is written to files comes out as the bytes of logs, each byte once and in
//! order, whatever is done to the files meanwhile; what could not be had is told.
//!
//! A *file* is an inode, a *log* is a content. Rotation moves logs over files and files over
//! names: a rename keeps both, `copytruncate` takes a log to another file, a removed file's inode
//! comes back with another log. [`Rotation`] decides what happened, from nothing but what looks
//! at the folders saw and whether contents agree; it knows no file. [`Tail`] does the looking, reading
//! and comparing, over a [`Disk`] that tests replace by one in memory.
//!
//! # What it holds to
//!
//! - Identity is device, inode and time of birth, and never enough: before bytes are given from a
//!   file, the last bytes given before them are found in it again; after every change so are its
//!   beginning and samples between ([`Print`]).
//! - A file under a name made from a log's (`app.log.1`, `app.log.bak`, `app-20260801.log`), whose
//!   content is what that log gave or will give, is a copy and is not read. Where the log's own
//!   file was cut off meanwhile, the log goes on in the copy.
//! - Few descriptors: the least recently active file is closed, and opened again where it grew.
//! - Bytes that were seen on disk and gone before they were read are told ([`Event::Missed`]).
//!
//! # What nobody can see
//!
//! Lines written between the copy and the truncation of `copytruncate`; files made, filled and
//! removed between two looks; a file cut off and filled again to the same bytes; a short copy that
//! later gets lines of its own (its first [`rotation::BRANCH`] bytes come again).

mod descriptors;
mod disk;
mod looking;
pub mod names;
mod print;
pub mod rotation;
mod sight;
mod tail;

pub use disk::{Disk, FileSystem, Stat};
pub use print::{Print, ReadAt};
pub use rotation::Rotation;
pub use sight::{Answer, Identity, Log, Question, Sight, Step};
pub use tail::{Event, Tail};
