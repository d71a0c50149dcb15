//! EVTX: a header of 4,096 bytes, then chunks of 65,536 bytes up to the end of the file. What the
//! header says about their number is not asked: it is out of date in a log that was not closed.

use std::ops::Range;

use super::origin::{Origin, Start};
use crate::cause::Cause;
use crate::line::zeros;
use crate::segment::{CHUNK, Format};

const HEADER: usize = 4_096;
const MAGIC: &[u8] = b"ElfChnk\0";

pub(crate) struct Chunks<'a> {
    pub origin: Origin<'a>,
    begun: bool,
    /// Bytes of zeros passed over last. Behind the last chunk they are unused space.
    zeros: u64,
}

impl<'a> Chunks<'a> {
    pub(crate) fn new(origin: Origin<'a>) -> Self {
        Self { origin, begun: false, zeros: 0 }
    }

    /// Gives the next chunks; says whether there may be more.
    pub(crate) fn step(&mut self) -> bool {
        let wanted = (self.origin.limits.segment_bytes / CHUNK).max(1) * CHUNK;
        self.origin.feed.fill(wanted + HEADER);
        if !self.begun {
            self.begun = true;
            self.header();
        }
        let feed = &mut self.origin.feed;
        let available = feed.buffer.len().min(wanted);
        let good =
            feed.buffer[..available].chunks_exact(CHUNK).take_while(|chunk| chunk.starts_with(MAGIC)).count();
        if good > 0 {
            self.missed();
            let feed = &mut self.origin.feed;
            let offset = feed.offset;
            let bytes = feed.take(good * CHUNK);
            self.origin.segment(Format::Evtx, Start { offset, line: 0 }, bytes, Vec::new());
            return true;
        }
        if feed.buffer.len() >= CHUNK {
            self.no_chunk();
            return true;
        }
        self.tail();
        false
    }

    fn header(&mut self) {
        let feed = &mut self.origin.feed;
        let offset = feed.offset;
        if feed.buffer.starts_with(MAGIC) {
            return self.origin.flaw(offset, Cause::EvtxNoHeader);
        }
        let sound = feed.buffer.starts_with(b"ElfFile\0");
        feed.drop(HEADER);
        let length = feed.offset - offset;
        if !sound {
            self.origin.lost(offset, length, Cause::EvtxHeaderDamaged);
        } else if length < HEADER as u64 {
            self.origin.lost(offset, length, Cause::EvtxHeaderCutOff);
        }
    }

    /// Tells zeros that stand before something.
    fn missed(&mut self) {
        let zeros = std::mem::take(&mut self.zeros);
        if zeros > 0 {
            self.origin.lost(self.origin.feed.offset - zeros, zeros, Cause::Zeros);
        }
    }

    /// 65,536 bytes that begin like no chunk: unused space, damage, or chunks that have shifted.
    fn no_chunk(&mut self) {
        let feed = &mut self.origin.feed;
        let offset = feed.offset;
        let block = &feed.buffer[..CHUNK];
        if zeros(block) == CHUNK {
            self.zeros += CHUNK as u64;
            return feed.drop(CHUNK);
        }
        let shifted = memchr::memmem::find_iter(block, MAGIC).find(|at| is_header(&feed.buffer[*at..]));
        self.missed();
        self.origin.feed.drop(shifted.unwrap_or(CHUNK));
        self.origin.lost(offset, self.origin.feed.offset - offset, Cause::EvtxNoChunk);
    }

    /// What is left at the end, less than a chunk.
    fn tail(&mut self) {
        let feed = &mut self.origin.feed;
        let offset = feed.offset;
        let length = feed.buffer.len();
        if zeros(&feed.buffer) == length {
            return;
        }
        let begins = feed.buffer.starts_with(MAGIC);
        self.missed();
        let feed = &mut self.origin.feed;
        if !begins || length < 512 {
            feed.drop(length);
            return self.origin.lost(offset, length as u64, Cause::EvtxNoChunkAtEnd);
        }
        let mut bytes = feed.take(length);
        bytes.resize(CHUNK, 0);
        self.origin.segment(Format::Evtx, Start { offset, line: 0 }, bytes, Vec::new());
        self.origin.flaw(offset, Cause::EvtxChunkCutOff);
    }
}

/// Where a log begins: at a sound chunk, or at the header of the file that stands before it.
pub(crate) fn begin(buffer: &[u8], within: Range<usize>) -> Option<usize> {
    let chunks = memchr::memmem::find_iter(buffer.get(within.clone())?, MAGIC);
    let chunk = chunks.map(|at| within.start + at).find(|at| is_header(&buffer[*at..]))?;
    let header = chunk.checked_sub(HEADER).filter(|at| buffer[*at..].starts_with(b"ElfFile\0"));
    Some(header.unwrap_or(chunk))
}

/// Whether a chunk header stands here whose checksum is right.
fn is_header(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..512).filter(|header| header.starts_with(MAGIC)) else { return false };
    let stored = u32::from_le_bytes([header[124], header[125], header[126], header[127]]);
    let covered = [&header[..120], &header[128..]].concat();
    evtx::checksum_ieee(&covered) == stored
}
