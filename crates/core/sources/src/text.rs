//! UTF-16 to UTF-8 while it is read.

use std::io::{self, Read};

/// Byte order mark of UTF-8.
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";

/// What stands for half a letter.
const LONE: u8 = 0xff;

/// A reader of UTF-16 text as UTF-8. Lone halves of a pair, and a lone last byte, give a byte that
/// is no UTF-8, so that whoever reads on replaces and tells it.
pub(crate) struct Utf16<R> {
    source: R,
    big_endian: bool,
    /// A byte that waits for its other half.
    half: Option<u8>,
    /// A first surrogate that waits for its second.
    first: Option<u16>,
    out: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Utf16<R> {
    /// Reads on behind the byte order mark.
    pub(crate) fn new(source: R, big_endian: bool) -> Self {
        Self { source, big_endian, half: None, first: None, out: Vec::new(), given: 0, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut bytes = [0u8; 32 << 10];
        let count = self.source.read(&mut bytes)?;
        self.out.clear();
        self.given = 0;
        let mut rest = &bytes[..count];
        if let (Some(half), Some((&other, after))) = (self.half, rest.split_first()) {
            self.half = None;
            rest = after;
            self.unit([half, other]);
        }
        let (pairs, odd) = rest.as_chunks::<2>();
        pairs.iter().for_each(|pair| self.unit(*pair));
        if let Some(&byte) = odd.first() {
            self.half = Some(byte);
        }
        if count == 0 {
            self.ended = true;
            if self.half.take().is_some() | self.first.take().is_some() {
                self.out.push(LONE);
            }
        }
        Ok(())
    }

    fn unit(&mut self, pair: [u8; 2]) {
        let unit = if self.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
        if let Some(first) = self.first.take() {
            match char::decode_utf16([first, unit]).next() {
                Some(Ok(letter)) => return self.push(letter),
                _ => self.out.push(LONE),
            }
        }
        match unit {
            0xD800..0xDC00 => self.first = Some(unit),
            _ => match char::from_u32(u32::from(unit)) {
                Some(letter) => self.push(letter),
                None => self.out.push(LONE),
            },
        }
    }

    fn push(&mut self, letter: char) {
        self.out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() && !self.ended {
            self.refill()?;
        }
        let rest = &self.out[self.given..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = into.len().min(1);
            self.0.read(&mut into[..count])
        }
    }

    #[test]
    fn both_byte_orders_and_broken_pairs() {
        let text = "a é 狼 😀";
        let units: Vec<u16> = text.encode_utf16().collect();
        for big_endian in [false, true] {
            let bytes: Vec<u8> = units
                .iter()
                .flat_map(|u| if big_endian { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect();
            let mut out = String::new();
            Utf16::new(Slow(&bytes), big_endian).read_to_string(&mut out).unwrap();
            assert_eq!(out, text);
        }
        let mut out = Vec::new();
        Utf16::new(&[0x00, 0xD8, b'x', 0, 0x00, 0xDC, 0x3D, 0xD8, b'y'][..], false)
            .read_to_end(&mut out)
            .unwrap();
        assert_eq!(out, b"\xffx\xff\xff");
    }
}
