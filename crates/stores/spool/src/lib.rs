//! What was received and is not yet in the lake: records on disk, in the order they came.
//!
//! [`Spool::append`] returns when its records will outlive a power cut. They stay until
//! [`Spool::free`] is told that everything up to a number is safe elsewhere. Whoever opens the
//! spool anew reads first what is still there ([`Spool::records`]); anybody may [`look`] meanwhile, and
//! learn what is damaged ([`survey`]).
//!
//! A record may come again: after a failed append the caller does not know whether it is kept,
//! and a crash between the commit elsewhere and `free` leaves it here. So a record must say by its
//! content who it is; the spool numbers records and never drops one by itself.
//!
//! # On disk
//!
//! Segments, named `<first>-<mark>.spool`: the number of the first record and a mark, each in 16
//! hexadecimal digits. A segment is written by one life of one process and never appended to by
//! a later one, so that what a crash left at its end needs no repair. It is a row of records:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | mark, as in the name, big-endian |
//! | 4 | length of the payload, little-endian |
//! | 8 | number of the record, little-endian |
//! | 4 | crc32c of length, number and payload, little-endian |
//! | n | payload |
//!
//! Bytes that are no record are passed over up to the next that is one, and told as [`Damage`]:
//! at the end of a segment they are a write that was never acknowledged, in its middle the disk
//! has lost something.

mod disk;
mod segment;
mod spool;

pub use disk::{Disk, Folder};
pub use segment::{Damage, LONGEST, Record};
pub use spool::{Error, Spool, Surveyed, look, survey};
