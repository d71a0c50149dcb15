//! The hash over the events of a source up to a place.

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
