//! The records of a zip archive (APPNOTE 6.3.10, section 4.3): headers before files, entries of the
//! directory, and what ends it.

use std::io;

use super::super::name;
use super::bytes::Bytes;

/// `PK\3\4` and so on, as they stand in the file.
pub(crate) const LOCAL: [u8; 4] = *b"PK\x03\x04";
pub(crate) const ENTRY: [u8; 4] = *b"PK\x01\x02";
pub(crate) const END: [u8; 4] = *b"PK\x05\x06";
pub(crate) const END_64: [u8; 4] = *b"PK\x06\x06";
pub(crate) const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";
pub(crate) const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";

pub(crate) const LOCAL_LENGTH: usize = 30;
const ENTRY_LENGTH: usize = 46;
pub(crate) const END_LENGTH: usize = 22;

/// Longest name by which a header is taken for one where nothing else speaks for it.
const LONGEST: usize = 4_096;
/// Bytes of such a name looked at together.
const PIECE: usize = 64;

const ENCRYPTED: u16 = 1;
const STREAMED: u16 = 1 << 3;

/// What a header or an entry says about a file.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    flags: u16,
    pub method: u16,
    pub sum: u32,
    /// Length in the archive.
    pub packed: u64,
    /// Length of the file.
    pub size: u64,
    /// The name's bytes.
    pub raw: Vec<u8>,
    extra: Vec<u8>,
    /// Whether it is a symbolic link; only entries of the directory know.
    pub link: bool,
}

/// A header and where the file's data begins.
pub(crate) struct Local {
    pub facts: Facts,
    pub data: u64,
}

/// An entry of the directory.
pub(crate) struct Listing {
    pub facts: Facts,
    /// Offset of the file's header, as stated.
    pub header: u64,
    /// Part of a split archive in which that header is.
    pub disk: u32,
    /// Length of the entry.
    pub length: u64,
}

/// Reads numbers off the front.
pub(crate) struct Numbers<'b>(pub &'b [u8]);

impl Numbers<'_> {
    pub(crate) fn u16(&mut self) -> Option<u16> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_le_bytes(*bytes))
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*bytes))
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*bytes))
    }
}

impl Local {
    /// The header at an offset, whatever its first four bytes are; none when the archive ends before it does.
    pub(crate) fn at(bytes: &Bytes<'_>, offset: u64) -> io::Result<Option<Self>> {
        let head = bytes.peek(offset, LOCAL_LENGTH)?;
        let Some((facts, lengths)) = local_head(&head) else { return Ok(None) };
        let names = bytes.peek(offset + LOCAL_LENGTH as u64, lengths.0 + lengths.1)?;
        let data = offset + (LOCAL_LENGTH + lengths.0 + lengths.1) as u64;
        Ok(facts.with_names(&names, lengths).map(|mut facts| {
            facts.widen(&mut []);
            Self { facts, data }
        }))
    }
}

/// Whether the header at an offset is more than four bytes that look like its beginning. As little
/// of it is looked at as decides that, since garbage may be full of such bytes.
pub(crate) fn is_header(bytes: &Bytes<'_>, offset: u64) -> io::Result<bool> {
    let head = bytes.array::<LOCAL_LENGTH>(offset)?.filter(|head| head.starts_with(&LOCAL));
    let Some((facts, (length, _))) = head.and_then(|head| local_head(&head)) else { return Ok(false) };
    if !matches!(facts.method, 0..=10 | 12 | 14 | 16 | 18..=20 | 93..=99) || !(1..=LONGEST).contains(&length)
    {
        return Ok(false);
    }
    let (mut at, end) = (offset + LOCAL_LENGTH as u64, offset + (LOCAL_LENGTH + length) as u64);
    while at < end {
        let piece = bytes.peek(at, PIECE.min((end - at) as usize))?;
        if piece.is_empty() || piece.iter().any(|byte| *byte < b' ') {
            return Ok(false);
        }
        at += piece.len() as u64;
    }
    Ok(true)
}

fn local_head(head: &[u8]) -> Option<(Facts, (usize, usize))> {
    let mut numbers = Numbers(head.get(6..LOCAL_LENGTH)?);
    let (flags, method) = (numbers.u16()?, numbers.u16()?);
    let _changed = numbers.u32()?;
    let (sum, packed, size) = (numbers.u32()?, numbers.u32()?, numbers.u32()?);
    let lengths = (numbers.u16()?.into(), numbers.u16()?.into());
    Some((Facts::new((flags, method), sum, (packed, size)), lengths))
}

impl Listing {
    /// The entry at an offset; none when no entry stands there.
    pub(crate) fn at(bytes: &Bytes<'_>, offset: u64) -> io::Result<Option<Self>> {
        let head = bytes.peek(offset, ENTRY_LENGTH)?;
        let Some((mut listing, lengths)) = entry_head(&head) else { return Ok(None) };
        let names = bytes.peek(offset + ENTRY_LENGTH as u64, lengths.0 + lengths.1)?;
        let Some(facts) = listing.facts.with_names(&names, lengths) else { return Ok(None) };
        listing.facts = facts;
        let mut header = [listing.header];
        listing.facts.widen(&mut header);
        listing.header = header[0];
        Ok(Some(listing))
    }
}

fn entry_head(head: &[u8]) -> Option<(Listing, (usize, usize))> {
    let mut numbers = Numbers(head.get(..ENTRY_LENGTH)?.strip_prefix(&ENTRY)?);
    let (made_by, _needed) = (numbers.u16()?, numbers.u16()?);
    let (flags, method) = (numbers.u16()?, numbers.u16()?);
    let _changed = numbers.u32()?;
    let (sum, packed, size) = (numbers.u32()?, numbers.u32()?, numbers.u32()?);
    let lengths: (usize, usize) = (numbers.u16()?.into(), numbers.u16()?.into());
    let comment = u64::from(numbers.u16()?);
    let (disk, _internal) = (numbers.u16()?, numbers.u16()?);
    let (attributes, header) = (numbers.u32()?, numbers.u32()?);
    let mut facts = Facts::new((flags, method), sum, (packed, size));
    // Unix and macOS keep the mode in the upper half.
    facts.link = matches!(made_by >> 8, 3 | 19) && (attributes >> 28) == 0o12;
    let length = (ENTRY_LENGTH + lengths.0 + lengths.1) as u64 + comment;
    Some((Listing { facts, header: header.into(), disk: disk.into(), length }, lengths))
}

impl Facts {
    fn new((flags, method): (u16, u16), sum: u32, (packed, size): (u32, u32)) -> Self {
        let (packed, size) = (packed.into(), size.into());
        Self { flags, method, sum, packed, size, raw: Vec::new(), extra: Vec::new(), link: false }
    }

    fn with_names(mut self, names: &[u8], (name, extra): (usize, usize)) -> Option<Self> {
        self.raw = names.get(..name)?.to_vec();
        self.extra = names.get(name..name + extra)?.to_vec();
        Some(self)
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.flags & ENCRYPTED != 0
    }

    /// Whether lengths and checksum stand behind the data.
    pub(crate) fn is_streamed(&self) -> bool {
        self.flags & STREAMED != 0
    }

    /// Whether it is a folder: no data, and a name that ends as those of folders do.
    pub(crate) fn is_folder(&self) -> bool {
        self.size == 0 && matches!(self.raw.last(), Some(b'/'))
    }

    /// The name: that of the Unicode extra field if it belongs to these bytes.
    pub(crate) fn name(&self) -> String {
        let unicode = self.extra(0x7075).and_then(|field| {
            let mut numbers = Numbers(field.strip_prefix(&[1])?);
            let mut sum = flate2::Crc::new();
            sum.update(&self.raw);
            (numbers.u32()? == sum.sum()).then_some(numbers.0)
        });
        let unicode = unicode.and_then(|field| std::str::from_utf8(field).ok());
        unicode.map_or_else(|| name::text(&self.raw), str::to_owned)
    }

    /// Takes numbers that need more than 32 bits from the extra field that holds them.
    fn widen(&mut self, header: &mut [u64]) {
        let Some(field) = self.extra(1).map(<[u8]>::to_vec) else { return };
        let mut numbers = Numbers(&field);
        let lengths = [&mut self.size, &mut self.packed];
        for number in lengths.into_iter().chain(header).filter(|number| **number == u64::from(u32::MAX)) {
            *number = numbers.u64().unwrap_or(*number);
        }
    }

    fn extra(&self, wanted: u16) -> Option<&[u8]> {
        let mut rest = Numbers(&self.extra);
        loop {
            let (id, length) = (rest.u16()?, usize::from(rest.u16()?));
            let field = rest.0.get(..length)?;
            if id == wanted {
                return Some(field);
            }
            rest = Numbers(&rest.0[length..]);
        }
    }
}

/// Length of what stands at an offset and is neither a file nor unknown: the directory and its end.
pub(crate) fn length_at(bytes: &Bytes<'_>, offset: u64) -> io::Result<Option<u64>> {
    let Some(mark) = bytes.array::<4>(offset)? else { return Ok(None) };
    let head = if mark == LOCAL { Vec::new() } else { bytes.peek(offset, ENTRY_LENGTH)? };
    let number = |at: usize| Numbers(head.get(at..).unwrap_or_default());
    Ok(match &mark {
        &ENTRY => entry_head(&head).map(|(listing, _)| listing.length),
        &END => number(20).u16().map(|comment| (END_LENGTH + usize::from(comment)) as u64),
        &END_64 => number(4).u64().and_then(|length| length.checked_add(12)),
        &LOCATOR_64 => Some(20),
        // What a split archive of one part begins with.
        &DESCRIPTOR | b"PK00" if offset == 0 => Some(4),
        b"PK\x05\x05" => number(4).u16().map(|length| 6 + u64::from(length)),
        b"PK\x06\x08" => number(4).u32().map(|length| 8 + u64::from(length)),
        _ => None,
    })
}
