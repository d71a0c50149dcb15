//! Archives and compressed streams: members come out one by one, and nothing touches a disk.
//!
//! Every decompressed byte passes a [`meter::Metered`] reader, so that a small file cannot become an
//! endless one. Names of members are text and nothing else.

mod blocks;
pub(crate) mod decode;
mod entry;
mod inflate;
pub(crate) mod meter;
pub(crate) mod name;
mod packed;
pub(crate) mod tar;
pub(crate) mod zip;

use crate::cause::Cause;
pub use entry::Member;
pub(crate) use entry::{Entry, Fault};
use name::Names;

/// An archive that is being read.
pub(crate) struct Archive<'a> {
    format: Format<'a>,
    names: Names,
    /// Members that may still come.
    left: usize,
    most: usize,
}

enum Format<'a> {
    Tar(tar::Tar<'a>),
    Zip(zip::Zip<'a>),
    /// It has more members than are read.
    Ended,
}

impl<'a> Archive<'a> {
    /// A tar archive, read up to `most` members.
    pub(crate) fn tar(tar: tar::Tar<'a>, most: usize) -> Self {
        Self { format: Format::Tar(tar), names: Names::default(), left: most, most }
    }

    /// A zip archive, read up to `most` members.
    pub(crate) fn zip(zip: zip::Zip<'a>, most: usize) -> Self {
        Self { format: Format::Zip(zip), names: Names::default(), left: most, most }
    }

    /// The next member or flaw. Members of one name are told apart by a number behind it.
    pub(crate) fn next(&mut self) -> Option<Entry<'a>> {
        let entry = match &mut self.format {
            Format::Tar(tar) => tar.next(),
            Format::Zip(zip) => zip.next(),
            Format::Ended => None,
        };
        Some(match entry? {
            Entry::Flaw(fault) => Entry::Flaw(fault),
            Entry::Member(name, content) if self.left > 0 => {
                self.left -= 1;
                Entry::Member(self.names.distinct(&name), content)
            }
            Entry::Member(..) => {
                self.format = Format::Ended;
                Entry::Flaw(Fault::at(0, Cause::MembersReached { most: self.most as u64 }))
            }
        })
    }
}
