//! Archives and compressed streams: members come out one by one, and nothing touches a disk.
//!
//! Every decompressed byte passes a [`meter::Metered`] reader, so that a small file cannot become an
//! endless one. Names of members are text and nothing else.

mod blocks;
pub(crate) mod decode;
mod inflate;
pub(crate) mod meter;
pub(crate) mod name;
mod packed;
pub(crate) mod tar;
pub(crate) mod zip;

use std::io::Read;

use crate::cause::Cause;
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

/// What an archive gives next.
pub(crate) enum Entry<'a> {
    /// A file: its name and its content.
    Member(String, Box<dyn Read + Send + 'a>),
    /// Something that cannot be read.
    Flaw(Fault),
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

/// What cannot be read of an archive.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The member, if it is one.
    pub name: Option<String>,
    /// Where it stands in the archive.
    pub offset: u64,
    /// Bytes of the archive that are not read because of it, where it is about bytes.
    pub length: Option<u64>,
    pub cause: Cause,
}

impl Fault {
    /// A fault of the archive itself.
    pub(crate) fn at(offset: u64, cause: Cause) -> Self {
        Self { name: None, offset, length: None, cause }
    }

    /// A stretch of the archive that is nothing known.
    pub(crate) fn skipped(from: u64, to: u64) -> Self {
        Self { length: Some(to - from), ..Self::at(from, Cause::ArchiveSkipped { bytes: to - from }) }
    }

    /// The same, as one of a member.
    pub(crate) fn of(self, name: String) -> Self {
        Self { name: Some(name), ..self }
    }
}
