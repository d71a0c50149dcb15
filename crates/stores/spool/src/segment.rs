//! Records as bytes, and back.

use memchr::memmem;

/// Before every record of a segment. Only who reads the folder can know it: what stands inside a
/// payload, which others choose, can thus not pass for a record when a torn one is passed over.
pub(crate) type Mark = [u8; 8];

const HEAD: usize = 24;

/// Longest payload of a record, in bytes.
pub const LONGEST: usize = 64 << 20;

/// A record as it was appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number: later records have higher ones, not always the next.
    pub number: u64,
    /// What was appended.
    pub payload: Vec<u8>,
}

/// Bytes of a segment that are no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Name of the segment.
    pub segment: String,
    /// Where they begin.
    pub offset: u64,
    /// How many they are.
    pub bytes: u64,
    /// Whether they are the last of their segment: then they are most likely a write that was
    /// under way when the process ended, and was never acknowledged.
    pub at_end: bool,
}

/// Appends the bytes of a record to `out`.
pub(crate) fn write(out: &mut Vec<u8>, mark: Mark, number: u64, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes();
    out.extend_from_slice(&mark);
    out.extend_from_slice(&length);
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&checksum(length, number.to_le_bytes(), payload).to_le_bytes());
    out.extend_from_slice(payload);
}

/// All records of a segment, and what of its bytes are none.
pub(crate) fn read(segment: &str, mark: Mark, bytes: &[u8]) -> (Vec<Record>, Vec<Damage>) {
    let (mut records, mut damages) = (Vec::new(), Vec::new());
    let mut position = 0;
    while position < bytes.len() {
        if let Some(record) = record_at(bytes, mark, position) {
            position += HEAD + record.payload.len();
            records.push(record);
            continue;
        }
        let next = next_record(bytes, mark, position + 1);
        let end = next.unwrap_or(bytes.len());
        damages.push(Damage {
            segment: segment.to_owned(),
            offset: position as u64,
            bytes: (end - position) as u64,
            at_end: next.is_none(),
        });
        position = end;
    }
    (records, damages)
}

fn next_record(bytes: &[u8], mark: Mark, from: usize) -> Option<usize> {
    let marks = memmem::find_iter(bytes.get(from..)?, &mark);
    marks.map(|at| from + at).find(|at| record_at(bytes, mark, *at).is_some())
}

fn record_at(bytes: &[u8], mark: Mark, position: usize) -> Option<Record> {
    let rest = bytes.get(position..)?.strip_prefix(&mark)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (number, rest) = rest.split_first_chunk::<8>()?;
    let (sum, rest) = rest.split_first_chunk::<4>()?;
    let payload = rest.get(..u32::from_le_bytes(*length) as usize)?;
    let fits = checksum(*length, *number, payload) == u32::from_le_bytes(*sum);
    fits.then(|| Record { number: u64::from_le_bytes(*number), payload: payload.to_vec() })
}

fn checksum(length: [u8; 4], number: [u8; 8], payload: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c_append(crc32c::crc32c(&length), &number), payload)
}
