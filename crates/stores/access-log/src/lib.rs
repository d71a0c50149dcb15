//! The access log: who looked at what, when and for what, and whose rows they saw.
//!
//! Whoever reads a book says so here before they answer ([`AccessLog::append`]); above TLP:GREEN the
//! record outlives a power cut before the answer goes out. Records are only ever added, by several
//! threads and processes at once, and each stands for what came before it: a chain of hashes.
//! [`verify`] walks it ([`verify_newest`] its last part), and [`read`] gives it back, through a view like any other book.
//!
//! Who looked is a [`Subject`], never a name. Within a minute a process does not say the same again,
//! unless more was seen.
//!
//! # On disk
//!
//! ```text
//! <folder>/
//!   lock                         held by whoever adds, for as long as that takes; never removed
//!   <first>.log                  a segment, named by the number of its first record in 16 hexadecimal digits
//!   <first>.log.torn-<n>         bytes from the end of a segment that are no whole record
//! ```
//!
//! A segment is a head and records. All numbers are little-endian.
//!
//! | bytes | head |
//! |---|---|
//! | 8 | `noroshiA` |
//! | 4 | format, 1 |
//! | 4 | 1 when it was begun because the segment before it is damaged, else 0 |
//! | 8 | number of the first record |
//! | 32 | hash of the record before it, as far as there is one; zeros at the very beginning |
//! | 32 | sha256 of all this |
//!
//! | bytes | record |
//! |---|---|
//! | 4 | length of the payload |
//! | n | payload: an [`Entry`] as canonical JSON (RFC 8785) |
//! | 32 | sha256(hash before ‖ number, 8 bytes big-endian ‖ sha256(payload)) |
//!
//! Heads stay as they are in later formats, so that a newer one can be told from a damaged one.
//!
//! # What the chain proves
//!
//! That no byte between the first record and the last has changed since, for whoever knows the hash
//! of the last. It has no key: who may write here can write another chain, and an end that was cut off
//! cleanly leaves no trace in it. [`Verified::last`] is what others have to keep to see either.
//!
//! An end that is a record cut short is a write that nobody was told of: whoever adds next sets it
//! aside. All else that is no record is damage, which stays where it is; the log goes on in a new
//! segment.
//!
//! # Without a view
//!
//! Entries tell who looked at what, and are read through a view:
//!
//! ```compile_fail,E0061
//! fn read(folder: &std::path::Path, now: model::time::Instant) {
//!     access_log::read(folder, now, &mut |_| {});
//! }
//! ```
//! ```
//! fn read(folder: &std::path::Path, view: &model::view::View, now: model::time::Instant) {
//!     drop(access_log::read(folder, view, now, &mut |_| {}));
//! }
//! ```

mod entry;
mod error;
mod folder;
mod log;
mod look;
mod read;
mod repeats;
mod segment;
mod survey;
mod tail;
mod walk;

pub use entry::Entry;
pub use error::AccessLogError;
pub use log::{AccessLog, Durable, Limits, Noted};
pub use look::{Book, Look, NotASubject, Subject};
pub use read::{Verified, files, read, verify, verify_newest};
pub use survey::{Fault, Wrong};
