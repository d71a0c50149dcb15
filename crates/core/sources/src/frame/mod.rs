//! Frames: cuts a source into segments of whole events, reading it once from front to back.
//!
//! Cutting is cheap and happens in order; parsing is dear and can happen anywhere. What a frame
//! holds in memory is bounded by the size of a segment and of the longest single event.

pub(crate) mod audit;
mod elements;
mod evtx;
mod json;
mod lines;
mod origin;
mod xml;
mod zeek;

use crate::segment::{Format, Piece};

use lines::Lines;
pub(crate) use origin::Origin;

pub(crate) use evtx::begin as evtx_begin;
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
