//! Postings as bytes: hashes as their differences, and behind each where it stands.
//!
//! ```text
//! block = { hash - the hash before (varint), { place (varint) } }
//! place = ((group - the group before) * columns + column) * 2 + whether another follows
//! ```
//! The first hash of a block stands in the directory, and counts as nought here.

use super::Posting;

/// Bytes from which on a block is full. One hash never lies in two.
const FULL: usize = 4 << 10;

/// A block that was made.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) first: u64,
    pub(super) bytes: Vec<u8>,
}

/// Makes blocks of postings that are in order, each once.
pub(super) fn encode(postings: &[Posting], columns: u64) -> Vec<Made> {
    let mut blocks: Vec<Made> = Vec::new();
    let mut before = 0;
    for same in postings.chunk_by(|one, other| one.hash == other.hash) {
        let hash = same[0].hash;
        if blocks.last().is_none_or(|block| block.bytes.len() >= FULL) {
            blocks.push(Made { first: hash, bytes: Vec::with_capacity(FULL + 64) });
            before = hash;
        }
        let Some(Made { bytes, .. }) = blocks.last_mut() else { continue };
        put(bytes, hash - before);
        before = hash;
        let mut group = 0;
        for (at, posting) in same.iter().enumerate() {
            let place = u64::from(posting.group - group) * columns + u64::from(posting.column);
            put(bytes, place << 1 | u64::from(at + 1 < same.len()));
            group = posting.group;
        }
    }
    blocks
}

/// Gives the postings of a block, in order; none where it is not one.
pub(super) fn decode(first: u64, bytes: &[u8], columns: u64, give: &mut dyn FnMut(Posting)) -> Option<()> {
    let (mut rest, mut hash) = (bytes, first);
    while !rest.is_empty() {
        hash = hash.checked_add(take(&mut rest)?)?;
        let mut group = 0_u32;
        loop {
            let place = take(&mut rest)?;
            group = group.checked_add(u32::try_from((place >> 1) / columns).ok()?)?;
            let column = u16::try_from((place >> 1) % columns).ok()?;
            give(Posting { hash, group, column });
            if place & 1 == 0 {
                break;
            }
        }
    }
    Some(())
}

/// Seven bits a byte, the lowest first, a high bit where more follow.
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
