//! What the blocks before a tar member say about it.

use tar::Header;

use super::super::name;

pub(crate) const BLOCK: usize = 512;

/// A header by its fields (POSIX 1003.1, `pax`, and the manual of GNU tar).
pub(crate) struct Headed {
    pub name: String,
    /// The letter or digit that says what it is.
    pub kind: u8,
    /// Bytes of content that follow.
    pub size: u64,
    /// Target of a link.
    pub target: String,
    /// Whether blocks with the map of a sparse file follow.
    pub continues: bool,
}

/// What extended headers say about the member behind them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Extended {
    pub name: Option<String>,
    pub target: Option<String>,
    pub size: Option<u64>,
    pub is_sparse: bool,
    /// Whether some of it could not be read.
    pub is_damaged: bool,
}

/// Whether a block is a header: its checksum holds. Old programs summed signed bytes.
pub(crate) fn is_header(block: &[u8]) -> bool {
    let Some(block) = block.first_chunk::<BLOCK>() else { return false };
    let Ok(stated) = Header::from_byte_slice(block).cksum() else { return false };
    let sum = |value: fn(u8) -> i64| {
        let outside = block[..148].iter().chain(&block[156..]);
        outside.map(|byte| value(*byte)).sum::<i64>() + 8 * i64::from(b' ')
    };
    let signed = |byte: u8| i64::from(byte.cast_signed());
    [sum(i64::from), sum(signed)].contains(&i64::from(stated))
}

impl Headed {
    /// Reads a header; none if its length is one that no archive has.
    pub(crate) fn read(block: &[u8; BLOCK]) -> Option<Self> {
        let header = Header::from_byte_slice(block);
        let kind = block[156];
        let size = header.entry_size().ok()?;
        size.checked_next_multiple_of(BLOCK as u64)?;
        Some(Self {
            name: name::text(&header.path_bytes()),
            kind,
            // The others state lengths, too, but nothing follows them.
            size: if has_content(kind) { size } else { 0 },
            target: header.link_name_bytes().map_or_else(String::new, |target| name::text(&target)),
            continues: kind == b'S' && block[482] != 0,
        })
    }
}

/// Links, devices, folders and FIFOs are a header and nothing else.
pub(super) fn has_content(kind: u8) -> bool {
    !matches!(kind, b'1'..=b'6')
}

impl Extended {
    /// A name or target longer than a header has room for, as GNU tar writes it.
    pub(crate) fn long(content: &[u8]) -> String {
        name::text(content.split(|byte| *byte == 0).next().unwrap_or_default())
    }

    /// Reads records of the form `length name=value\n`.
    pub(crate) fn read(&mut self, mut records: &[u8]) {
        while let Some((record, rest)) = split_record(records) {
            records = rest;
            let Some(place) = record.iter().position(|byte| *byte == b'=') else {
                self.is_damaged = true;
                continue;
            };
            self.take(&record[..place], &record[place + 1..]);
        }
        self.is_damaged |= records.iter().any(|byte| *byte != 0);
    }

    fn take(&mut self, key: &[u8], value: &[u8]) {
        match key {
            b"path" if self.is_sparse => {}
            b"path" => self.name = Some(name::text(value)),
            b"GNU.sparse.name" => self.name = Some(name::text(value)),
            b"linkpath" => self.target = Some(name::text(value)),
            b"size" => {
                self.size = std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok());
                self.is_damaged |= self.size.is_none();
            }
            _ => {}
        }
        self.is_sparse |= key.starts_with(b"GNU.sparse.");
    }
}

/// The first record without its length and line end, and what follows it.
fn split_record(records: &[u8]) -> Option<(&[u8], &[u8])> {
    let blank = records.iter().position(|byte| *byte == b' ')?;
    let length = std::str::from_utf8(&records[..blank]).ok()?.parse::<usize>().ok()?;
    let record = records.get(blank + 1..length)?.strip_suffix(b"\n")?;
    Some((record, &records[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_before_a_member() {
        let read = |records: &[u8]| {
            let mut extended = Extended::default();
            extended.read(records);
            extended
        };
        let whole = read(b"12 path=a=b\n14 size=12345\n15 linkpath=c d\n");
        assert_eq!((whole.name.as_deref(), whole.size, whole.is_damaged), (Some("a=b"), Some(12_345), true));
        let whole = read(b"12 path=a=b\n14 size=12345\n16 linkpath=c d\n");
        assert_eq!((whole.target.as_deref(), whole.is_damaged), (Some("c d"), false));
        assert!(read(b"9 size=x\n").is_damaged && read(b"99 path=a\n").is_damaged);
        assert!(read(b"25 GNU.sparse.name=a.log\n").is_sparse);
    }
}
