//! EVTX segments: chunks of 65,536 bytes, each with its own records, names and templates.
//!
//! The `evtx` crate decodes the binary XML; records come as JSON and take the same way as JSON
//! input. This module decides what a damaged chunk still gives.

use std::error::Error;
use std::ops::Range;
use std::sync::Arc;

use evtx::err::EvtxError;
use evtx::{EvtxChunk, EvtxChunkData, EvtxChunkHeader, EvtxRecord, ParserSettings, SerializedEvtxRecord};
use model::event::Place;
use model::time::Instant;

use crate::cause::Cause;
use crate::flaws::Flaws;
use crate::json::{Flat, Stop};
use crate::segment::CHUNK;
use crate::segment::{Parsed, Segment};
use crate::shape::Shaper;
use crate::sheet::Builder;

/// First record of a chunk.
const RECORDS: usize = 512;
/// Bytes of a record before its content.
const RECORD_HEADER: u64 = 24;
/// Header and trailing size of a record.
const SMALLEST_RECORD: usize = 28;

/// 9999-12-30T22:00:00Z, the last time that the decoder knows, in ticks of 100 ns since 1601.
const LAST_TIME: u64 = 2_650_466_808_000_000_000;

struct Chunks<'b> {
    shaper: Shaper<'b>,
    flat: Flat,
    flaws: Flaws,
    settings: Arc<ParserSettings>,
    events: u64,
}

pub(crate) fn parse(segment: &Segment, builder: &mut Builder) -> Parsed {
    let source = builder.source(&segment.source_path);
    let mut chunks = Chunks {
        shaper: Shaper::new(builder, source, &segment.zone, true),
        flat: Flat::default(),
        flaws: Flaws::new(&segment.source_path),
        settings: Arc::new(ParserSettings::new().indent(false)),
        events: 0,
    };
    let count = segment.bytes.len().div_ceil(CHUNK);
    for (number, bytes) in segment.bytes.chunks(CHUNK).enumerate() {
        let ends = (number == 0, number + 1 == count);
        let offset = segment.offset + (number * CHUNK) as u64;
        chunks.chunk(&Chunk { bytes, offset, records: segment.records.within(ends) });
    }
    Parsed { events: chunks.events, flaws: chunks.flaws.finish() }
}

/// A chunk, and which of its records are meant.
struct Chunk<'c> {
    bytes: &'c [u8],
    offset: u64,
    records: Range<usize>,
}

impl Chunks<'_> {
    fn chunk(&mut self, of: &Chunk<'_>) {
        let Chunk { bytes, offset, .. } = *of;
        // What is wrong with the whole chunk is told where its records begin.
        let begins = of.records.start == 0;
        let mut chunk = match EvtxChunkData::new(bytes.to_vec(), false) {
            Ok(chunk) => chunk,
            Err(error) => {
                return self.flaws.lost(offset, CHUNK, Cause::EvtxChunkUnreadable { error: cause(&error) });
            }
        };
        if begins && !chunk.validate_checksum() {
            self.flaws.push(offset, Cause::EvtxChecksum);
        }
        unset_times(&mut chunk);
        widen(&mut chunk);
        if chunk.parse(self.settings.clone()).is_err() {
            // The table of names is damaged; records find their names without it.
            if begins {
                self.flaws.push(offset, Cause::EvtxNames);
            }
            let mut bytes = bytes.to_vec();
            bytes[128..384].fill(0);
            match EvtxChunkData::new(bytes, false) {
                Ok(without) => chunk = without,
                Err(_) => return,
            }
            unset_times(&mut chunk);
            widen(&mut chunk);
        }
        match chunk.parse(self.settings.clone()) {
            Ok(mut chunk) => self.records(&mut chunk, of),
            Err(error) => self.flaws.lost(offset, CHUNK, Cause::EvtxChunkUnreadable { error: cause(&error) }),
        }
    }

    fn records(&mut self, chunk: &mut EvtxChunk<'_>, of: &Chunk<'_>) {
        let Chunk { bytes, offset, .. } = *of;
        // Where a record that cannot be read begins, and why; it ends where the next one begins.
        let mut lost: Option<(usize, Cause)> = None;
        // Where the record before ended, which is where one begins that does not say it.
        let mut after = RECORDS;
        for record in chunk.iter() {
            let at = match &record {
                Ok(record) => {
                    usize::try_from(record.binxml_offset.saturating_sub(RECORD_HEADER)).unwrap_or(0)
                }
                Err(EvtxError::FailedToReadRecordAt { offset, .. }) => usize::try_from(*offset).unwrap_or(0),
                Err(_) => after,
            };
            after = at + record_at(bytes, at).map_or(0, |(size, _)| size);
            if at < of.records.start {
                continue;
            }
            if let Some((begin, cause)) = lost.take() {
                self.flaws.lost(offset + begin as u64, at.saturating_sub(begin), cause);
            }
            if at >= of.records.end {
                break;
            }
            match record.and_then(EvtxRecord::into_json_bytes) {
                Ok(rendered) => self.record(rendered, offset + at as u64),
                Err(error) => lost = Some((at, Cause::EvtxRecordUnreadable { error: cause(&error) })),
            }
        }
        if let Some((begin, cause)) = lost {
            let size = record_at(bytes, begin).map_or(bytes.len() - begin, |(size, _)| size);
            self.flaws.lost(offset + begin as u64, size, cause);
        }
    }

    fn record(&mut self, rendered: SerializedEvtxRecord<Vec<u8>>, offset: u64) {
        let written = i64::try_from(rendered.timestamp.as_nanosecond()).ok().map(Instant::from_nanoseconds);
        let text = match String::from_utf8(rendered.data) {
            Ok(text) => text,
            Err(error) => {
                self.flaws.push(offset, Cause::NotUtf8);
                String::from_utf8_lossy(error.as_bytes()).into_owned()
            }
        };
        match self.flat.read(&text, 0, false) {
            Ok(_) => {
                let place = Place {
                    ordinal: self.events + 1,
                    record_id: Some(rendered.event_record_id),
                    time: written,
                    ..Place::default()
                };
                self.events += self.shaper.event(&self.flat, &text, place);
                self.shaper.flaws().for_each(|cause| self.flaws.push(offset, cause));
            }
            Err(Stop::Fault(_, reason)) => self.flaws.push(offset, reason),
            Err(Stop::Envelope(_)) => {}
        }
    }
}

/// Corrects the chunk header where the records themselves show that it is out of date: a log that
/// was not closed holds records behind the end that its header names.
fn widen(chunk: &mut EvtxChunkData) {
    let trusted = chunk.validate_header_checksum();
    let free = chunk.header.free_space_offset as usize;
    let data = &chunk.data;
    let (mut at, mut last) = (RECORDS, None);
    while let Some((size, id)) = record_at(data, at) {
        // Behind the end that the header names only the very next record is live: a chunk that
        // is used again still holds records of its former life there.
        if at >= free && last.is_some_and(|(_, last)| id != u64::wrapping_add(last, 1)) {
            break;
        }
        last = Some((at, id));
        at += size;
    }
    let header = &mut chunk.header;
    let Some((last_offset, last_id)) = last else {
        if !trusted {
            trust_nothing(header);
        }
        return;
    };
    let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    if at > free {
        header.free_space_offset = short(at);
        header.last_event_record_id = last_id;
        header.last_event_record_data_offset = header.last_event_record_data_offset.max(short(last_offset));
    } else if header.last_event_record_id < last_id {
        header.last_event_record_id = last_id;
    }
    if !trusted {
        trust_nothing(header);
    }
}

/// Where the records of a chunk stand: whole ones, up to the end that the chunk names and beyond it as
/// far as they follow each other. What is damaged among them is passed over.
pub(crate) fn records(chunk: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let named = chunk.get(48..52).map_or(0, |end| u32::from_le_bytes([end[0], end[1], end[2], end[3]]));
    let (mut at, mut last, free) = (RECORDS, None, named as usize);
    std::iter::from_fn(move || {
        loop {
            let Some((size, id)) = record_at(chunk, at) else {
                // The next one behind the damage.
                let rest = chunk.get(at + 1..free.min(chunk.len()))?;
                at += 1 + memchr::memmem::find(rest, b"**\0\0")?;
                continue;
            };
            if at >= free && last.is_some_and(|last| id != u64::wrapping_add(last, 1)) {
                return None;
            }
            let record = at..at + size;
            (at, last) = (record.end, Some(id));
            return Some(record);
        }
    })
}

/// Takes times that no calendar has out of the records' headers, for which the decoder would refuse
/// the records. What such a time was is still told by the event itself.
fn unset_times(chunk: &mut EvtxChunkData) {
    let starts: Vec<usize> = memchr::memmem::find_iter(&chunk.data, b"**\0\0").collect();
    for at in starts {
        if record_at(&chunk.data, at).is_none() {
            continue;
        }
        let Some(time) = chunk.data.get_mut(at + 16..at + 24) else { continue };
        let ticks = time.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        if ticks > LAST_TIME {
            time.fill(0);
        }
    }
}

/// Lets the search for further records behind a damaged one go by the records alone.
fn trust_nothing(header: &mut EvtxChunkHeader) {
    header.free_space_offset = header.free_space_offset.max(u32::try_from(RECORDS).unwrap_or(0));
    header.first_event_record_id = 0;
    header.last_event_record_id = u64::MAX;
    header.last_event_record_data_offset = u32::MAX;
}

/// Size and number of the record at `at`, if one stands there whole.
fn record_at(data: &[u8], at: usize) -> Option<(usize, u64)> {
    let header = data.get(at..at + 24)?;
    let size = u32::from_le_bytes(header[4..8].try_into().ok()?);
    let id = u64::from_le_bytes(header[8..16].try_into().ok()?);
    let length = size as usize;
    let end = at.checked_add(length)?;
    let copy = data.get(end.checked_sub(4)?..end)?;
    (header.starts_with(b"**\0\0") && length >= SMALLEST_RECORD && copy == size.to_le_bytes())
        .then_some((length, id))
}

/// The innermost cause, which says what is wrong with the bytes.
fn cause(error: &dyn Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
