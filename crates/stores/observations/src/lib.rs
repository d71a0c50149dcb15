//! The way of a batch into the book of observations: durable at once in the spool, then rows in the
//! lake, each once.
//!
//! [`Terms::prepare`] makes of a parsed batch the record that the spool keeps and the rows of its
//! tables, on any thread. [`Observations::keep`] returns when the record will outlive a power cut: from
//! then on the batch is acknowledged. A thread of its own adds the rows to the tables, several batches in
//! one commit, the row of the table `batches` last; then the spool lets go of the records. Whoever opens
//! the observations anew adds first what the spool still holds.
//!
//! Whoever does not write there counts what the spool holds beyond the lake ([`waiting`]), and what lost rows
//! ([`lost`]).
//!
//! A batch is known by its id: what was kept before, under whatever name, is not kept again.

mod adding;
mod committer;
mod derive;
mod error;
mod index;
mod lost;
mod observations;
mod payload;
mod prepare;
mod queue;
mod shard;
pub mod survey;
mod waiting;

pub use committer::{Orders, Still};
pub use derive::Derive;
pub use error::ObservationsError;
pub use lost::lost;
pub use observations::{Committed, Disks, Kept, Observations, Opened, Room, Target, Unreadable, terms};
pub use payload::{PayloadError, Record, pack_rows, unpack_rows};
pub use prepare::{Prepared, Terms};
pub use waiting::{Waiting, waiting};
