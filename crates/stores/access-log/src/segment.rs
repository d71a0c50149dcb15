//! Heads and records as bytes, and back.

use sha2::{Digest, Sha256};

/// A sha256.
pub(crate) type Hash = [u8; 32];

/// The newest format known.
pub(crate) const FORMAT: u32 = 1;
/// Bytes of a head.
pub(crate) const HEAD: usize = 88;
/// Longest payload, in bytes.
pub(crate) const LONGEST: usize = 4 << 20;
/// Fewest bytes that a record can have.
pub(crate) const LEAST: u64 = 36;

const MAGIC: &[u8; 8] = b"noroshiA";

/// An end of the chain: what the next record follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    /// Number of the next record.
    pub(crate) next: u64,
    /// Hash of the last one.
    pub(crate) last: Hash,
}

/// What stands before the records of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// What its first record follows.
    pub(crate) after: End,
    /// Whether it was begun because the segment before it is damaged.
    pub(crate) after_damage: bool,
}

/// What stands where a head should.
#[derive(Debug)]
pub(crate) enum Read {
    /// One that is whole.
    Head(Head),
    /// One of a newer format.
    Newer(u32),
    /// Other bytes.
    Damaged,
    /// Fewer bytes than a head has.
    Short,
}

impl End {
    /// Before the first record.
    pub(crate) const START: Self = Self { next: 1, last: [0; 32] };

    /// The hash of the next record, if that is this one.
    pub(crate) fn hash(&self, payload: &[u8]) -> Hash {
        let state = Sha256::new().chain_update(self.last).chain_update(self.next.to_be_bytes());
        state.chain_update(Sha256::digest(payload)).finalize().into()
    }
}

impl Head {
    /// As bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&u32::from(self.after_damage).to_le_bytes());
        bytes.extend_from_slice(&self.after.next.to_le_bytes());
        bytes.extend_from_slice(&self.after.last);
        let hash = Sha256::digest(&bytes);
        bytes.extend_from_slice(&hash);
        bytes
    }

    /// What stands at the beginning of a segment.
    pub(crate) fn read(bytes: &[u8]) -> Read {
        let Some(head) = bytes.get(..HEAD) else { return Read::Short };
        let (said, hash) = head.split_at(HEAD - 32);
        if Sha256::digest(said)[..] != *hash {
            return Read::Damaged;
        }
        fields(said).unwrap_or(Read::Damaged)
    }
}

/// Appends the record of a payload that follows an end to `bytes`, and gives the end behind it.
pub(crate) fn write(bytes: &mut Vec<u8>, end: End, payload: &[u8]) -> End {
    let hash = end.hash(payload);
    bytes.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes.extend_from_slice(&hash);
    End { next: end.next.saturating_add(1), last: hash }
}

/// What a head whose hash is right says.
fn fields(said: &[u8]) -> Option<Read> {
    let (format, rest) = said.strip_prefix(MAGIC)?.split_first_chunk()?;
    let (flag, rest) = rest.split_first_chunk()?;
    let (next, rest) = rest.split_first_chunk()?;
    let format = u32::from_le_bytes(*format);
    if format > FORMAT {
        return Some(Read::Newer(format));
    }
    let after = End { next: u64::from_le_bytes(*next), last: rest.try_into().ok()? };
    Some(Read::Head(Head { after, after_damage: u32::from_le_bytes(*flag) != 0 }))
}
