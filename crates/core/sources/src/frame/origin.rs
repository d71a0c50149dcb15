//! What all frames need to know of their source, and how they hand on what they find.

use std::collections::VecDeque;
use std::sync::Arc;

use model::event::Flaw;

use crate::cause::Cause;
use crate::ends::Records;
use crate::feed::Feed;
use crate::limits::Limits;
use crate::line::course::{End, Years};
use crate::line::zeros;
use crate::segment::{Format, Piece, Segment, Unit};

/// What all frames need to know of their source.
pub(crate) struct Origin<'a> {
    pub feed: Feed<'a>,
    pub source_path: Arc<str>,
    /// Which of the reader's sources this is.
    pub source: u64,
    pub limits: Arc<Limits>,
    /// What the end of the source tells of its years, where that is known already.
    pub end: Option<End>,
    /// Pieces found and not yet given.
    pub ready: VecDeque<Piece>,
    /// Line of the feed's first byte when reading began.
    pub line: u64,
    /// Where zeros began that are being passed over.
    pub zeros: Option<u64>,
}

/// Zeros that are passed over as they are read, and not held as a line.
const ZEROS: usize = 64 << 10;

/// Where a segment begins in its source.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Start {
    /// First byte.
    pub offset: u64,
    /// Its line, from 1; 0 where there are no lines.
    pub line: u64,
}

impl From<&Unit> for Start {
    fn from(unit: &Unit) -> Self {
        Self { offset: unit.offset, line: unit.line }
    }
}

impl Origin<'_> {
    pub(crate) fn flaw_at(&self, offset: u64, cause: Cause) -> Flaw {
        Flaw::new(self.source_path.clone(), offset, cause)
    }

    pub(crate) fn flaw(&mut self, offset: u64, cause: Cause) {
        let flaw = self.flaw_at(offset, cause);
        self.ready.push_back(Piece::Flaw(flaw));
    }

    /// Bytes that are lost: that many from `offset` on.
    pub(crate) fn lost(&mut self, offset: u64, length: u64, cause: Cause) {
        let flaw = self.flaw_at(offset, cause).over(length);
        self.ready.push_back(Piece::Flaw(flaw));
    }

    /// Passes a long run of zeros at the front of the buffer, where a line begins.
    pub(crate) fn pass_zeros(&mut self) {
        loop {
            let count = zeros(&self.feed.buffer);
            if count == 0 || (count < ZEROS && self.zeros.is_none()) {
                break;
            }
            self.zeros.get_or_insert(self.feed.offset);
            self.feed.drop(count);
            self.feed.fill(1 << 20);
        }
        if !self.feed.buffer.is_empty() || self.feed.ended {
            let zeros = self.zeros.take();
            zeros.into_iter().for_each(|begin| self.lost(begin, self.feed.offset - begin, Cause::Zeros));
        }
    }

    /// Gives a segment that begins there.
    pub(crate) fn segment(&mut self, format: Format, start: Start, bytes: Vec<u8>, units: Vec<Unit>) {
        let segment = self.cut(format, start, bytes, units);
        self.ready.push_back(Piece::Segment(segment));
    }

    /// The same segment, to be given later.
    pub(super) fn cut(&self, format: Format, start: Start, bytes: Vec<u8>, units: Vec<Unit>) -> Segment {
        Segment {
            source_path: self.source_path.clone(),
            source: self.source,
            format,
            offset: start.offset,
            first_line: start.line,
            bytes,
            units,
            records: Records::default(),
            open: false,
            columns: None,
            zone: self.limits.zone.clone(),
            undated: self.limits.undated,
            years: Years::default(),
        }
    }
}
