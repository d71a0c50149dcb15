//! Reading a segment: its footer whole, and of its blocks those that are asked for.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use model::holds::Holds;

use super::making::{Covered, END, MARK, VERSIONS, checksum};
use super::{Column, Posting, block};

/// Bytes that are read of the end at first: nearly all footers.
const AT_FIRST: u64 = 16 << 10;

/// An index of some files of a table.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    pub(crate) columns: Vec<Column>,
    pub(crate) files: Vec<Covered>,
    /// For each file the number of its first group.
    pub(crate) firsts: Vec<u32>,
    /// Bytes of it.
    pub(crate) size: u64,
    blocks: Vec<Block>,
    file: File,
}

#[derive(Debug)]
struct Block {
    first: u64,
    offset: u64,
    length: u32,
    checksum: u64,
}

/// What was written is not what is there.
#[derive(Debug)]
pub(crate) struct Damaged;

impl From<io::Error> for Damaged {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl Segment {
    /// Opens a segment. One that is torn, of another version or of somebody else covers nothing.
    pub(crate) fn open(path: &Path) -> Result<Self, Damaged> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut end = tail(&mut file, size.min(AT_FIRST))?;
        let found = end.len().checked_sub(END).ok_or(Damaged)?;
        let mut trailer = Bytes(&end[found..]);
        let (length, sum) = (trailer.u32()? as usize, trailer.u64()?);
        if trailer.0 != MARK || (length + END) as u64 > size {
            return Err(Damaged);
        }
        if length > found {
            end = tail(&mut file, (length + END) as u64)?;
        }
        let footer = &end[end.len() - END - length..end.len() - END];
        if checksum(size - (length + END) as u64, footer) != sum {
            return Err(Damaged);
        }
        let mut bytes = Bytes(footer);
        if bytes.take(VERSIONS.len())? != VERSIONS {
            return Err(Damaged);
        }
        let columns = (0..bytes.u16()?).map(|_| bytes.column()).collect::<Result<Vec<_>, _>>()?;
        let files = (0..bytes.u32()?).map(|_| bytes.covered()).collect::<Result<Vec<_>, _>>()?;
        let blocks = (0..bytes.u32()?).map(|_| bytes.block()).collect::<Result<Vec<_>, _>>()?;
        let next =
            |next: &mut u32, file: &Covered| Some(std::mem::replace(next, next.saturating_add(file.groups)));
        let firsts = files.iter().scan(0, next).collect();
        Ok(Self { path: path.to_owned(), columns, files, firsts, size, blocks, file })
    }

    /// Where some words can stand; their hashes in order, each once.
    pub(crate) fn find(&self, hashes: &[u64], give: &mut dyn FnMut(Posting)) -> Result<(), Damaged> {
        let mut rest = hashes;
        for (block, next) in self.blocks.iter().zip(self.blocks.iter().skip(1).map(Some).chain([None])) {
            rest = &rest[rest.partition_point(|hash| *hash < block.first)..];
            let until = next.map_or(rest.len(), |next| rest.partition_point(|hash| *hash < next.first));
            let here = &rest[..until];
            rest = &rest[until..];
            if !here.is_empty() {
                self.read(block, &mut |posting| {
                    if here.binary_search(&posting.hash).is_ok() {
                        give(posting);
                    }
                })?;
            }
            if rest.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// All that it knows.
    pub(crate) fn all(&self, give: &mut dyn FnMut(Posting)) -> Result<(), Damaged> {
        self.blocks.iter().try_for_each(|block| self.read(block, give))
    }

    /// The file that a group is of, and its number there.
    pub(crate) fn place(&self, group: u32) -> Option<(usize, u32)> {
        let file = self.firsts.partition_point(|first| *first <= group).checked_sub(1)?;
        let number = group - self.firsts[file];
        (number < self.files[file].groups).then_some((file, number))
    }

    fn read(&self, block: &Block, give: &mut dyn FnMut(Posting)) -> Result<(), Damaged> {
        let (mut file, mut bytes) = (&self.file, vec![0; block.length as usize]);
        file.seek(SeekFrom::Start(block.offset))?;
        file.read_exact(&mut bytes)?;
        if checksum(block.offset, &bytes) != block.checksum {
            return Err(Damaged);
        }
        block::decode(block.first, &bytes, self.columns.len().max(1) as u64, give).ok_or(Damaged)
    }
}

/// The last bytes of a file.
fn tail(file: &mut File, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.seek(SeekFrom::End(-i64::try_from(length).map_err(io::Error::other)?))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Bytes of a footer that are still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Damaged> {
        self.take(LENGTH)?.try_into().map_err(|_| Damaged)
    }

    fn u16(&mut self) -> Result<u16, Damaged> {
        self.number().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, Damaged> {
        self.number().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Damaged> {
        self.number().map(u64::from_le_bytes)
    }

    fn text(&mut self) -> Result<String, Damaged> {
        let length = self.u16()?.into();
        String::from_utf8(self.take(length)?.to_vec()).map_err(|_| Damaged)
    }

    fn column(&mut self) -> Result<Column, Damaged> {
        let name = self.text()?;
        let [number] = self.number()?;
        let holds = Holds::ALL.get(usize::from(number)).ok_or(Damaged)?;
        Ok(Column { name, holds: *holds })
    }

    fn covered(&mut self) -> Result<Covered, Damaged> {
        Ok(Covered { path: self.text()?, size: self.u64()?, groups: self.u32()? })
    }

    fn block(&mut self) -> Result<Block, Damaged> {
        Ok(Block { first: self.u64()?, offset: self.u64()?, length: self.u32()?, checksum: self.u64()? })
    }
}
