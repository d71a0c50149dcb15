//! Making a segment.
//!
//! ```text
//! segment  = mark, { block }, footer, length of the footer (u32), checksum of it (u64), mark
//! footer   = version of segments and of words (u16 each),
//!            columns (u16): { name, holds (u8) }
//!            files (u32): { path, size (u64), groups (u32) }
//!            blocks (u32): { first hash (u64), offset (u64), length (u32), checksum (u64) }
//! text     = length (u16), UTF-8
//! ```
//! Numbers are little-endian. A checksum is XXH64, seeded with the offset of what it is of.

use model::holds::{self, Holds};
use twox_hash::XxHash64;

use super::gather::FileValues;
use super::{Column, Posting, block};

/// What a segment begins and ends with.
pub(super) const MARK: &[u8; 8] = b"noroshiV";
/// Version of the form, and of the hash.
const VERSION: u16 = 1;
/// The versions together.
pub(super) const VERSIONS: [u8; 4] = {
    let (own, words) = (VERSION.to_le_bytes(), holds::VERSION.to_le_bytes());
    [own[0], own[1], words[0], words[1]]
};
/// Bytes behind the footer.
pub(super) const END: usize = 4 + 8 + MARK.len();

/// A file that a segment covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Covered {
    /// As the log of the table has it.
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) groups: u32,
}

/// A segment being made.
#[derive(Debug)]
pub(crate) struct Making {
    columns: Vec<Column>,
    files: Vec<Covered>,
    postings: Vec<Posting>,
    groups: u32,
}

impl Making {
    /// A segment over these columns of a table.
    pub(crate) fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), files: Vec::new(), postings: Vec::new(), groups: 0 }
    }

    /// Whether it says nothing of any file.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() || self.columns.is_empty()
    }

    /// Places that it knows so far.
    pub(crate) fn len(&self) -> usize {
        self.postings.len()
    }

    /// Covers a file; gives the number of its first group.
    pub(crate) fn cover(&mut self, file: Covered) -> u32 {
        let first = self.groups;
        self.groups = self.groups.saturating_add(file.groups);
        self.files.push(file);
        first
    }

    /// Covers a file with what stands in it.
    pub(crate) fn add(&mut self, path: &str, size: u64, values: &FileValues) {
        let first = self.cover(Covered { path: path.to_owned(), size, groups: values.groups });
        for (name, groups) in &values.columns {
            let place = self.columns.iter().position(|column| column.name == *name);
            let Some(column) = place.and_then(|place| u16::try_from(place).ok()) else { continue };
            for (group, hashes) in (first..).zip(groups) {
                self.postings.extend(hashes.iter().map(|hash| Posting { hash: *hash, group, column }));
            }
        }
    }

    /// The files that it covers, by path and size.
    pub(crate) fn covers(&self) -> impl Iterator<Item = (String, u64)> {
        self.files.iter().map(|file| (file.path.clone(), file.size))
    }

    /// Takes in what another segment says of a file that is covered.
    pub(crate) fn push(&mut self, posting: Posting) {
        self.postings.push(posting);
    }

    /// The segment.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.postings.sort_unstable();
        self.postings.dedup();
        let mut bytes = MARK.to_vec();
        let mut directory = Vec::new();
        let blocks = block::encode(&self.postings, self.columns.len().max(1) as u64);
        for block in &blocks {
            directory.extend(block.first.to_le_bytes());
            directory.extend((bytes.len() as u64).to_le_bytes());
            directory.extend((block.bytes.len() as u32).to_le_bytes());
            directory.extend(checksum(bytes.len() as u64, &block.bytes).to_le_bytes());
            bytes.extend(&block.bytes);
        }
        let at = bytes.len();
        bytes.extend(VERSIONS);
        bytes.extend((self.columns.len() as u16).to_le_bytes());
        for column in &self.columns {
            text(&mut bytes, &column.name);
            bytes.push(number(column.holds));
        }
        bytes.extend((self.files.len() as u32).to_le_bytes());
        for file in &self.files {
            text(&mut bytes, &file.path);
            bytes.extend(file.size.to_le_bytes());
            bytes.extend(file.groups.to_le_bytes());
        }
        bytes.extend((blocks.len() as u32).to_le_bytes());
        bytes.extend(directory);
        let (length, sum) = (bytes.len() - at, checksum(at as u64, &bytes[at..]));
        bytes.extend((length as u32).to_le_bytes());
        bytes.extend(sum.to_le_bytes());
        bytes.extend(MARK);
        bytes
    }
}

/// A checksum of what stands at an offset, so that one block is never taken for another.
pub(super) fn checksum(at: u64, bytes: &[u8]) -> u64 {
    XxHash64::oneshot(at, bytes)
}

fn number(holds: Holds) -> u8 {
    Holds::ALL.iter().position(|known| *known == holds).unwrap_or_default() as u8
}

/// Longer ones than a name or a path can be are cut, and then name nothing that is there.
fn text(bytes: &mut Vec<u8>, text: &str) {
    let kept = &text.as_bytes()[..text.len().min(u16::MAX.into())];
    bytes.extend((kept.len() as u16).to_le_bytes());
    bytes.extend(kept);
}
