//! The directory at the end of a zip archive: which files it lists, and where.

use std::io;

use super::bytes::Bytes;
use super::record::{END, END_64, END_LENGTH, ENTRY, LOCAL, LOCATOR_64, Listing, Numbers, is_header};
use crate::cause::Cause;

/// Bytes at the end of an archive in which the directory's end is looked for: the longest comment,
/// and what may have been appended.
const TAIL: u64 = 1 << 20;
/// Places tried that look like the directory's end.
const TRIES: usize = 32;

/// A file that the directory lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    /// Offset of its header; below zero when the archive lacks its beginning.
    pub header: i64,
    /// Offset of its entry.
    pub entry: u64,
}

/// What was found of it.
#[derive(Default)]
pub(crate) struct Directory {
    /// In the order of the files.
    pub listed: Vec<Listed>,
    /// Where it stands, with what ends it.
    pub place: std::ops::Range<u64>,
    /// Why it is missing or not whole.
    pub fault: Option<Cause>,
}

/// What the end of a directory says about it.
struct End {
    /// First byte behind the entries.
    at: u64,
    /// First byte behind everything.
    behind: u64,
    entries: u64,
    length: u64,
    offset: u64,
    /// Part of a split archive that this is.
    disk: u32,
}

impl Directory {
    /// Finds and reads the directory of an archive of `length` bytes, up to `most` files.
    pub(crate) fn find(bytes: &Bytes<'_>, length: u64, most: usize) -> io::Result<Self> {
        let Some((end, begin, shift)) = find_end(bytes, length)? else {
            return Ok(Self { fault: Some(Cause::DirectoryMissing), ..Self::default() });
        };
        let mut directory = Self { place: begin..end.behind, ..Self::default() };
        let mut at = begin;
        while at < end.at {
            let Some(listing) = Listing::at(bytes, at)? else { break };
            if directory.listed.len() >= most {
                directory.fault = Some(Cause::MembersReached { most: most as u64 });
                break;
            }
            if listing.disk == end.disk || listing.disk == u32::from(u16::MAX) {
                let header = i64::try_from(listing.header).unwrap_or(i64::MAX).saturating_add(shift);
                directory.listed.push(Listed { header, entry: at });
            }
            at += listing.length;
        }
        if directory.fault.is_none() && at != end.at {
            directory.fault = Some(Cause::DirectoryDamaged { offset: at });
        } else if directory.fault.is_none() && end.disk != 0 {
            directory.fault = Some(Cause::ArchiveSplit { part: end.disk + 1 });
        } else if directory.listed.len() as u64 % 65_536 != end.entries % 65_536 {
            let (listed, stated) = (directory.listed.len() as u64, end.entries);
            directory.fault.get_or_insert(Cause::DirectoryCount { listed, stated });
        }
        directory.listed.sort_unstable();
        // A stored archive has a directory, too: where this one is cut off that is the last one.
        let begins = is_header(bytes, 0)?;
        if begins && directory.listed.first().is_none_or(|first| shift > 0 && first.header > 0) {
            return Ok(Self { fault: Some(Cause::DirectoryMissing), ..Self::default() });
        }
        Ok(directory)
    }
}

/// The last end of a directory that has one before it; where that begins, and what must be added
/// to its offsets.
fn find_end(bytes: &Bytes<'_>, length: u64) -> io::Result<Option<(End, u64, i64)>> {
    let from = length.saturating_sub(TAIL);
    let tail = bytes.peek(from, usize::try_from(length - from).unwrap_or(usize::MAX))?;
    for at in memchr::memmem::rfind_iter(&tail, &END).take(TRIES) {
        let Some(end) = read_end(bytes, from + at as u64)?.filter(|end| end.behind <= length) else {
            continue;
        };
        if let Some((begin, shift)) = beginning(bytes, &end)? {
            return Ok(Some((end, begin, shift)));
        }
    }
    Ok(None)
}

fn read_end(bytes: &Bytes<'_>, at: u64) -> io::Result<Option<End>> {
    let head = bytes.peek(at, END_LENGTH)?;
    let mut numbers = Numbers(head.get(4..).unwrap_or_default());
    let read = |numbers: &mut Numbers<'_>| {
        let disk = numbers.u16()?.into();
        numbers.u32()?;
        let (entries, length) = (numbers.u16()?.into(), numbers.u32()?.into());
        let offset = numbers.u32()?.into();
        let behind = at + END_LENGTH as u64 + u64::from(numbers.u16()?);
        Some(End { at, behind, entries, length, offset, disk })
    };
    let Some(mut end) = read(&mut numbers) else { return Ok(None) };
    if at >= 20 && bytes.peek(at - 20, 4)? == LOCATOR_64 {
        widen(bytes, &mut end)?;
    }
    Ok(Some(end))
}

/// Takes what the wider end says; it stands right before its locator unless it was extended.
fn widen(bytes: &Bytes<'_>, end: &mut End) -> io::Result<()> {
    let locator = bytes.peek(end.at - 20, 20)?;
    let stated = Numbers(locator.get(8..).unwrap_or_default()).u64().unwrap_or_default();
    for at in [end.at.saturating_sub(76), stated] {
        let head = bytes.peek(at, 56)?;
        let Some(rest) = head.strip_prefix(&END_64).filter(|_| at < end.at) else { continue };
        let Some(wider) = read_wider(rest, at, end.behind) else { continue };
        *end = wider;
        return Ok(());
    }
    Ok(())
}

fn read_wider(fields: &[u8], at: u64, behind: u64) -> Option<End> {
    let mut numbers = Numbers(fields.get(12..)?);
    let (disk, _disk_of_directory) = (numbers.u32()?, numbers.u32()?);
    let _entries_of_disk = numbers.u64()?;
    let (entries, length, offset) = (numbers.u64()?, numbers.u64()?, numbers.u64()?);
    Some(End { at, behind, entries, length, offset, disk })
}

/// Where the directory begins, and how far all offsets are off because of what stands before the
/// archive. The directory ends where its end begins; if its length is wrong its offset may be right.
fn beginning(bytes: &Bytes<'_>, end: &End) -> io::Result<Option<(u64, i64)>> {
    if end.entries == 0 && end.length == 0 {
        return Ok(Some((end.at, 0)));
    }
    let by_length = end.at.checked_sub(end.length);
    for begin in by_length.into_iter().chain([end.offset]) {
        if begin >= end.at || bytes.peek(begin, 4)? != ENTRY {
            continue;
        }
        let shift = i64::try_from(begin).unwrap_or_default() - i64::try_from(end.offset).unwrap_or_default();
        return Ok(Some((begin, fitting(bytes, begin, shift)?)));
    }
    Ok(None)
}

/// The shift that leads from the first entry to a header: some tools correct one offset only.
fn fitting(bytes: &Bytes<'_>, begin: u64, shift: i64) -> io::Result<i64> {
    let Some(first) = Listing::at(bytes, begin)? else { return Ok(shift) };
    for shift in [shift, 0] {
        let header = i64::try_from(first.header).ok().and_then(|header| header.checked_add(shift));
        if let Some(header) = header.and_then(|header| u64::try_from(header).ok())
            && bytes.peek(header, 4)? == LOCAL
        {
            return Ok(shift);
        }
    }
    Ok(shift)
}
