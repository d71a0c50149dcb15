//! What comes out of an archive: members, and what cannot be read of it.

use std::fmt;
use std::io::Read;

use crate::cause::Cause;

/// What an archive gives next.
pub(crate) enum Entry<'a> {
    /// A file: its name and its content.
    Member(String, Box<dyn Read + Send + 'a>),
    /// Something that cannot be read.
    Flaw(Fault),
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

/// A file in an archive.
pub struct Member<'m> {
    /// Its name there; text and nothing else, no way to a place on a disk.
    pub name: &'m str,
    /// Its content.
    pub content: &'m mut (dyn Read + Send),
}

impl fmt::Debug for Member<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Member").field("name", &self.name).finish_non_exhaustive()
    }
}
