//! The hash over the events of a source up to a place.

use std::fmt;

use sha2::{Digest, Sha256};

/// Bytes at the beginning of a source by which stored places are looked up.
const HEAD: u64 = 64;

/// A place in a source, known by what stands before it and not by any name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Key of the source's first bytes; 0 while there are fewer than 64.
    pub head: u64,
    /// Bytes of events before the place.
    pub end: u64,
    /// sha256 over them.
    pub hash: [u8; 32],
}

/// As `<bytes before it>-<key>-<hash>`, the latter two in hexadecimal digits.
impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{:016x}-", self.end, self.head)?;
        self.hash.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl Mark {
    /// Reads what `Display` writes, and nothing else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (end, rest) = text.split_once('-')?;
        let (head, digits) = rest.split_once('-')?;
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        let mark = Self { head: u64::from_str_radix(head, 16).ok()?, end: end.parse().ok()?, hash };
        (mark.to_string() == text).then_some(mark)
    }
}

/// The hash over a source while it is read.
#[derive(Debug, Clone, Default)]
pub(super) struct Prefix {
    state: Sha256,
    head: u64,
    end: u64,
}

impl Prefix {
    /// Takes the next bytes of events.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let missing = usize::try_from(HEAD.saturating_sub(self.end)).unwrap_or(0);
        let (first, rest) = bytes.split_at(missing.min(bytes.len()));
        self.state.update(first);
        self.end += first.len() as u64;
        if !first.is_empty() && self.end == HEAD {
            self.head = key(&self.hash());
        }
        self.state.update(rest);
        self.end += rest.len() as u64;
    }

    /// The place reached.
    pub(super) fn mark(&self) -> Mark {
        Mark { head: self.head, end: self.end, hash: self.hash() }
    }

    pub(super) fn head(&self) -> u64 {
        self.head
    }

    pub(super) fn end(&self) -> u64 {
        self.end
    }

    fn hash(&self) -> [u8; 32] {
        self.state.clone().finalize().into()
    }
}

/// The first eight bytes of a hash, never 0.
fn key(hash: &[u8; 32]) -> u64 {
    hash.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let mark = Mark { head: 0xfe, end: 4_194_304, hash: [0xa7; 32] };
        let text = mark.to_string();
        assert_eq!(text, format!("4194304-00000000000000fe-{}", "a7".repeat(32)));
        assert_eq!(Mark::read(&text), Some(mark));
        for wrong in
            ["", "1", "1-2", "1-2-3", &text[1..text.len() - 1], &format!("{text}0"), &format!("+{text}")]
        {
            assert_eq!(Mark::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_steps_of_reading_do_not_matter() {
        let bytes: Vec<u8> = (0..200).collect();
        let at = |end: usize, step: usize| {
            let mut prefix = Prefix::default();
            bytes[..end].chunks(step).for_each(|part| prefix.feed(part));
            prefix.mark()
        };
        for end in [0, 1, 63, 64, 65, 128, 200] {
            assert_eq!(at(end, 1), at(end, 200), "{end}");
            assert_eq!(at(end, 63), at(end, 65), "{end}");
            assert_eq!(at(end, 7).head != 0, end >= 64);
        }
        assert_eq!(at(65, 9).head, at(200, 9).head);
        assert_ne!(at(65, 9).hash, at(66, 9).hash);
    }
}
