//! Looks for records of a zip archive where nothing says where they are.

use std::io;
use std::ops::Range;

use super::bytes::Bytes;
use super::record::{DESCRIPTOR, Numbers, is_header, length_at};

/// What stands behind a file's data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Descriptor {
    pub length: u64,
    pub sum: u32,
}

/// Where a file's data ends whose length nothing says.
pub(crate) struct Found {
    pub end: u64,
    pub descriptor: Option<Descriptor>,
}

/// Whether a record begins at an offset: a header of a file, or a part of the directory that fits
/// into an archive of that length.
pub(crate) fn is_record(bytes: &Bytes<'_>, offset: u64, length: u64) -> io::Result<bool> {
    let fits = |of: u64| offset.checked_add(of).is_some_and(|end| end <= length);
    Ok(is_header(bytes, offset)? || length_at(bytes, offset)?.is_some_and(fits))
}

/// The first record in a stretch.
pub(crate) fn record(bytes: &Bytes<'_>, stretch: Range<u64>) -> io::Result<Option<u64>> {
    let mut at = stretch.start;
    while let Some(found) = bytes.find_mark(at..stretch.end)? {
        if is_record(bytes, found, stretch.end)? {
            return Ok(Some(found));
        }
        at = found + 2;
    }
    Ok(None)
}

/// The descriptor at `offset` of a file whose data began at `data`: with a signature of its own or
/// without, with lengths of 32 or of 64 bits. It must say how long the data is; of an empty file
/// both may, and what stands behind it decides.
pub(crate) fn descriptor(
    bytes: &Bytes<'_>,
    data: u64,
    offset: u64,
    length: u64,
) -> io::Result<Option<Descriptor>> {
    let head = bytes.peek(offset, 24)?;
    let (fields, before) = head.strip_prefix(&DESCRIPTOR).map_or((&head[..], 0), |fields| (fields, 4));
    let mut numbers = Numbers(fields);
    let Some(sum) = numbers.u32() else { return Ok(None) };
    let (mut narrow, mut wide) = (Numbers(numbers.0), numbers);
    let narrow = narrow.u32().zip(narrow.u32()).is_some_and(|(packed, _)| u64::from(packed) == offset - data);
    let wide = wide.u64().zip(wide.u64()).is_some_and(|(packed, _)| packed == offset - data);
    let [narrow, wide] = [(narrow, 12), (wide, 20)]
        .map(|(fits, rest)| fits.then_some(Descriptor { length: before + rest, sum }));
    if let Some(wide) = wide
        && (narrow.is_none() || is_record(bytes, offset + wide.length, length)?)
    {
        return Ok(Some(wide));
    }
    Ok(narrow)
}

/// Where the data ends that begins at the stretch: at the descriptor that says so, else at the
/// first record. A stored archive has records of its own in it, so the search goes on behind them
/// as long as `patience` lasts.
pub(crate) fn end_of_data(
    bytes: &Bytes<'_>,
    stretch: Range<u64>,
    patience: &mut u64,
) -> io::Result<Option<Found>> {
    let data = stretch.start;
    let mut first = None;
    let mut at = data;
    while let Some(found) = bytes.find_mark(at..stretch.end)? {
        if first.is_some() {
            *patience = patience.saturating_sub(found - at);
            if *patience == 0 {
                return Ok(first);
            }
        }
        let is_record = is_record(bytes, found, stretch.end)?;
        if bytes.array(found)? == Some(DESCRIPTOR)
            && let Some(descriptor) = descriptor(bytes, data, found, stretch.end)?
        {
            return Ok(Some(Found { end: found, descriptor: Some(descriptor) }));
        }
        if is_record && let Some(found) = bare_before(bytes, data..found)? {
            return Ok(Some(found));
        }
        if is_record && first.is_none() {
            first = Some(Found { end: found, descriptor: None });
        }
        at = found + 2;
    }
    Ok(bare_before(bytes, stretch)?.or(first))
}

/// A descriptor without a signature, which stands right before the next record, at the stretch's end.
fn bare_before(bytes: &Bytes<'_>, stretch: Range<u64>) -> io::Result<Option<Found>> {
    let ends = [20, 12].map(|length| stretch.end.checked_sub(length));
    for end in ends.into_iter().flatten().filter(|end| *end >= stretch.start) {
        if let Some(descriptor) = descriptor(bytes, stretch.start, end, stretch.end)?
            && end + descriptor.length == stretch.end
        {
            return Ok(Some(Found { end, descriptor: Some(descriptor) }));
        }
    }
    Ok(None)
}
