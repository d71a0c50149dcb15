//! Frames: cuts a source into segments of whole events, reading it once from front to back.
//!
//! Cutting is cheap and happens in order; parsing is dear and can happen anywhere. What a frame
//! holds in memory is bounded by the size of a segment and of the longest single event.

pub(crate) mod audit;
mod elements;
mod evtx;
mod json;
mod lines;
mod xml;
mod zeek;

use std::collections::VecDeque;
use std::sync::Arc;

use model::event::Flaw;

use crate::cause::Cause;
use crate::feed::Feed;
use crate::line::course::{End, Years};
use crate::line::zeros;
use crate::reader::{Limits, Piece};
use crate::segment::{Format, Segment, Unit};

use lines::Lines;

pub(crate) use evtx::{CHUNK, begin as evtx_begin};
pub(crate) use xml::is_event;

/// Cuts one source.
pub(crate) struct Frames<'a> {
    cutter: Cutter<'a>,
    ended: bool,
}

enum Cutter<'a> {
    Evtx(Box<evtx::Chunks<'a>>),
    Json(Box<json::Objects<'a>>),
    Audit(Box<audit::Events<'a>>),
    Lines(Box<(Origin<'a>, Lines)>),
    Zeek(Box<(Origin<'a>, zeek::Rows)>),
    Xml(Box<(Origin<'a>, xml::Elements)>),
}

/// What all frames need to know of their source.
pub(crate) struct Origin<'a> {
    pub feed: Feed<'a>,
    pub source_path: Arc<str>,
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

impl<'a> Frames<'a> {
    pub(crate) fn new(format: Format, origin: Origin<'a>) -> Self {
        let cutter = match format {
            Format::Evtx => Cutter::Evtx(Box::new(evtx::Chunks::new(origin))),
            Format::Json => Cutter::Json(Box::new(json::Objects::new(origin))),
            Format::Audit => Cutter::Audit(Box::new(audit::Events::new(origin))),
            Format::Zeek => {
                let rows = zeek::Rows::new(origin.line);
                Cutter::Zeek(Box::new((origin, rows)))
            }
            Format::Xml => {
                let elements = xml::Elements::new(origin.line);
                Cutter::Xml(Box::new((origin, elements)))
            }
            Format::Syslog | Format::Access => {
                let lines = Lines::new(format, origin.line, origin.end);
                Cutter::Lines(Box::new((origin, lines)))
            }
        };
        Self { cutter, ended: false }
    }

    /// The next piece; none when the source is at its end.
    pub(crate) fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.origin().ready.pop_front() {
                return Some(piece);
            }
            if self.ended {
                // The reason why the source ended early, if it did.
                let origin = self.origin();
                let cause = origin.feed.failure()?;
                return Some(Piece::Flaw(origin.flaw_at(origin.feed.end(), cause)));
            }
            self.origin().feed.paused = false;
            self.ended = !match &mut self.cutter {
                Cutter::Evtx(chunks) => chunks.step(),
                Cutter::Json(objects) => objects.step(),
                Cutter::Audit(events) => events.step(),
                Cutter::Lines(lines) => lines.1.step(&mut lines.0),
                Cutter::Zeek(rows) => rows.1.step(&mut rows.0),
                Cutter::Xml(elements) => elements.1.step(&mut elements.0),
            };
            let ended = self.ended;
            let origin = self.origin();
            if origin.feed.paused && !ended && origin.ready.is_empty() {
                return Some(Piece::Idle);
            }
        }
    }

    fn origin(&mut self) -> &mut Origin<'a> {
        match &mut self.cutter {
            Cutter::Evtx(chunks) => &mut chunks.origin,
            Cutter::Json(objects) => &mut objects.origin,
            Cutter::Audit(events) => &mut events.origin,
            Cutter::Lines(lines) => &mut lines.0,
            Cutter::Zeek(rows) => &mut rows.0,
            Cutter::Xml(elements) => &mut elements.0,
        }
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

    /// Gives a segment whose first byte stands at `offset` on line `line` of the source.
    pub(crate) fn segment(&mut self, format: Format, place: (u64, u64), bytes: Vec<u8>, units: Vec<Unit>) {
        let segment = self.cut(format, place, bytes, units);
        self.ready.push_back(Piece::Segment(segment));
    }

    /// The same segment, to be given later.
    fn cut(&self, format: Format, place: (u64, u64), bytes: Vec<u8>, units: Vec<Unit>) -> Segment {
        let (offset, first_line) = place;
        Segment {
            source_path: self.source_path.clone(),
            format,
            offset,
            first_line,
            bytes,
            units,
            columns: None,
            zone: self.limits.zone.clone(),
            undated: self.limits.undated,
            years: Years::default(),
        }
    }
}
