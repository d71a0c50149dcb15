//! A walk over the records of a segment, and over what is none.

use memchr::memmem;
use serde::Deserialize;

use crate::segment::{End, Hash, LEAST, LONGEST};

/// How every payload begins: `at` is the first of its fields. Inside a text of JSON it cannot stand, since
/// quotes are escaped there.
const BEGINNING: &[u8] = br#"{"at":""#;

/// What lies at a place of a segment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// A record of the chain.
    Record {
        /// Its number.
        number: u64,
        /// What it says.
        payload: &'a [u8],
    },
    /// Bytes that are no record.
    Damaged(usize),
    /// Bytes at the end that are the beginning of a record: a write that did not end.
    Torn(usize),
}

/// Gives each step with the place where it begins.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    end: End,
}

/// The field of a payload that its hash takes in.
#[derive(Deserialize)]
struct Numbered {
    number: u64,
}

impl<'a> Walk<'a> {
    /// A walk over bytes from a place on, at which stands what follows `end`.
    pub(crate) fn new(bytes: &'a [u8], at: usize, end: End) -> Self {
        Self { bytes, at, end }
    }

    /// What follows the last record so far.
    pub(crate) fn end(&self) -> End {
        self.end
    }

    /// The next place from which the chain goes on, and what the record there follows.
    fn resumes(&self) -> Option<(usize, End)> {
        let rest = &self.bytes[self.at..];
        // The record that should be here may have lost no more than its hash.
        let computed = frame(rest).map(|(payload, _)| self.end.hash(payload));
        memmem::find_iter(rest, BEGINNING).filter_map(|found| found.checked_sub(4)).find_map(|at| {
            let (payload, hash) = frame(&rest[at..])?;
            let next = serde_json::from_slice::<Numbered>(payload).ok()?.number;
            let stored = at.checked_sub(32).and_then(|from| Hash::try_from(&rest[from..at]).ok());
            let before = [stored, computed, Some(self.end.last)].into_iter().flatten();
            let end = before.map(|last| End { next, last }).find(|end| end.hash(payload) == hash)?;
            (next >= self.end.next).then_some((self.at + at, end))
        })
    }

    fn is_torn(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let Some((length, said)) = rest.split_first_chunk() else { return true };
        let length = u32::from_le_bytes(*length) as usize;
        let begins = said.iter().zip(BEGINNING).all(|(byte, expected)| byte == expected);
        // With its payload and hash all there, only its length is wrong: that is damage.
        let is_whole = said.split_last_chunk().is_some_and(|(payload, hash)| self.end.hash(payload) == *hash);
        length <= LONGEST && said.len() < length + 32 && begins && !is_whole
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = (usize, Step<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (from, rest) = (self.at, self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?);
        if let Some((payload, hash)) = frame(rest).filter(|(payload, hash)| self.end.hash(payload) == *hash) {
            let number = self.end.next;
            self.at += 4 + payload.len() + 32;
            self.end = End { next: number.saturating_add(1), last: hash };
            return Some((from, Step::Record { number, payload }));
        }
        if let Some((at, end)) = self.resumes() {
            (self.at, self.end) = (at, end);
            return Some((from, Step::Damaged(at - from)));
        }
        let is_torn = self.is_torn();
        self.at = self.bytes.len();
        if is_torn {
            return Some((from, Step::Torn(rest.len())));
        }
        // Nobody gets the number of a record that was lost here.
        self.end.next = self.end.next.saturating_add((rest.len() as u64).div_ceil(LEAST));
        Some((from, Step::Damaged(rest.len())))
    }
}

/// Payload and hash of what looks like a record, at the beginning of bytes.
fn frame(bytes: &[u8]) -> Option<(&[u8], Hash)> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = u32::from_le_bytes(*length) as usize;
    let (payload, rest) = rest.split_at_checked(length).filter(|_| length <= LONGEST)?;
    Some((payload, *rest.first_chunk()?))
}
