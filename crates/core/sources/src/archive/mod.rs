//! Archives and compressed streams: members come out one by one, and nothing touches a disk.
//!
//! Every decompressed byte passes a [`meter::Metered`] reader, so that a small file cannot become an
//! endless one. Names of members are text and nothing else.

pub(crate) mod decode;
pub(crate) mod meter;
pub(crate) mod tar;
pub(crate) mod zip;

use crate::cause::Cause;
use std::io::Read;

/// What an archive gives next.
pub(crate) enum Entry<'a> {
    /// A file: its name as the archive spells it, and its content.
    Member(String, Box<dyn Read + Send + 'a>),
    /// A member that cannot be read, by name, or the archive itself.
    Flaw(Option<String>, u64, Cause),
}
