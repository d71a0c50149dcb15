//! Windows events in XML: finds where each `Event` begins and ends, whatever root surrounds them.
//!
//! Only as much of the markup is understood as that takes: what stands in comments and CDATA is no
//! markup. An event without an end costs itself, for reading goes on where the next one begins.
//! Whether an event is sound is told by the parser.

use memchr::{memchr, memchr_iter, memmem};

use super::origin::Origin;
use crate::cause::Cause;
use crate::segment::{Format, Unit};
use crate::text::MARK;

/// Where the reading stands. Positions are in the feed's buffer, whose front is dropped at the end
/// of every step.
pub(crate) struct Elements {
    at: usize,
    /// Where the event begins in which `at` stands.
    inside: Option<usize>,
    /// Where bytes began that belong to no event, as an offset in the source, and why.
    losing: Option<(u64, Cause)>,
    /// Line of the buffer's position `counted`.
    line: u64,
    counted: usize,
    bytes: Vec<u8>,
    units: Vec<Unit>,
}

/// What stands at a `<`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Markup {
    /// The begin of an event.
    Event,
    /// The end of one, with its length.
    End(usize),
    /// What surrounds events and says nothing, with its length.
    Frame(usize),
    /// A comment or CDATA, with its length.
    Section(usize),
    /// One that has no end.
    Open,
    Other,
    /// More must be seen.
    Cut,
}

/// Longest markup but sections that is waited for.
const LONGEST: usize = 1_024;

impl Elements {
    pub(crate) fn new(line: u64) -> Self {
        Self { at: 0, inside: None, losing: None, line, counted: 0, bytes: Vec::new(), units: Vec::new() }
    }

    /// Reads on until a segment is full or the buffer is used up; says whether there may be more.
    pub(crate) fn step(&mut self, origin: &mut Origin<'_>) -> bool {
        origin.feed.fill(origin.limits.segment_bytes);
        while self.bytes.len() < origin.limits.segment_bytes && self.advance(origin) {}
        if self.bytes.len() >= origin.limits.segment_bytes {
            self.give(origin);
            self.forget(origin);
            return true;
        }
        if !origin.feed.ended {
            if origin.feed.paused {
                self.give(origin);
            }
            self.forget(origin);
            origin.feed.more();
            return true;
        }
        if let Some(start) = self.inside.take() {
            // It has no end. Another event may begin inside a section of it that has none either.
            self.lose(origin, start, Cause::XmlCutOff);
            return true;
        }
        self.found(origin, self.at);
        self.give(origin);
        false
    }

    /// One step through the buffer; says whether something is left to do without reading more.
    fn advance(&mut self, origin: &mut Origin<'_>) -> bool {
        let limit = origin.limits.record_bytes;
        if let Some(start) = self.inside.filter(|start| self.at - start > limit) {
            self.lose(origin, start, Cause::ObjectTooLong);
            self.inside = None;
        }
        let feed = &origin.feed;
        let open = memchr(b'<', &feed.buffer[self.at..]).map(|length| self.at + length);
        let markup = open.map(|open| markup(&feed.buffer[open..], feed.ended, limit));
        self.text(origin, open.unwrap_or(origin.feed.buffer.len()));
        match (markup, self.inside) {
            (None | Some(Markup::Cut), _) => return false,
            (Some(markup), Some(start)) => self.within(origin, start, markup),
            (Some(markup), None) => self.between(origin, markup),
        }
        true
    }

    /// Markup inside the event that begins at `start`.
    fn within(&mut self, origin: &mut Origin<'_>, start: usize, markup: Markup) {
        let open = self.at;
        self.at += 1;
        match markup {
            // The event before was never ended.
            Markup::Event => {
                self.lose(origin, start, Cause::XmlCutOff);
                self.found(origin, open);
                self.inside = Some(open);
            }
            Markup::End(length) => {
                self.at = open + length;
                self.event(origin, start..self.at);
                self.inside = None;
            }
            Markup::Section(length) => self.at = open + length,
            // Perhaps an event begins in what should be a comment.
            Markup::Open => {
                self.lose(origin, start, Cause::XmlCutOff);
                self.inside = None;
            }
            _ => {}
        }
    }

    /// Markup between events.
    fn between(&mut self, origin: &mut Origin<'_>, markup: Markup) {
        let open = self.at;
        self.at += 1;
        match markup {
            Markup::Event => {
                self.found(origin, open);
                self.inside = Some(open);
            }
            Markup::Frame(length) => {
                self.found(origin, open);
                self.at = open + length;
            }
            Markup::Section(length) => {
                self.at = open + length;
                // An event that was commented out is none, and no blank either.
                if memmem::find(&origin.feed.buffer[open..self.at], b"<Event").is_some() {
                    self.lose(origin, open, Cause::XmlNoEvent);
                }
            }
            _ => self.lose(origin, open, Cause::XmlNoEvent),
        }
    }

    /// Passes text up to `end`: between events only blanks may stand, and the mark of a file that
    /// was put behind another one.
    fn text(&mut self, origin: &mut Origin<'_>, end: usize) {
        let text = &origin.feed.buffer[self.at..end];
        let first = text.iter().position(|byte| !byte.is_ascii_whitespace());
        if let Some(first) = first.filter(|_| self.inside.is_none())
            && text.trim_ascii() != MARK
        {
            let zeros = text.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace());
            let cause = if zeros { Cause::Zeros } else { Cause::XmlNoEvent };
            self.lose(origin, self.at + first, cause);
        }
        self.at = end;
    }

    fn event(&mut self, origin: &Origin<'_>, range: std::ops::Range<usize>) {
        self.count_lines(origin, range.start);
        let offset = origin.feed.offset + range.start as u64;
        self.units.push(Unit { start: self.bytes.len(), offset, line: self.line });
        self.bytes.extend_from_slice(&origin.feed.buffer[range]);
    }

    /// Begins to pass over bytes, unless it is being done. What is whole before them is given first.
    fn lose(&mut self, origin: &mut Origin<'_>, from: usize, cause: Cause) {
        if self.losing.is_none() {
            self.give(origin);
            self.losing = Some((origin.feed.offset + from as u64, cause));
        }
    }

    /// Ends to pass over bytes, and tells which they were, without the blanks behind them.
    fn found(&mut self, origin: &mut Origin<'_>, end: usize) {
        if let Some((begin, cause)) = self.losing.take() {
            let end = origin.feed.offset + origin.feed.buffer[..end].trim_ascii_end().len() as u64;
            origin.lost(begin, end.saturating_sub(begin), cause);
        }
    }

    fn count_lines(&mut self, origin: &Origin<'_>, to: usize) {
        let passed = origin.feed.buffer.get(self.counted..to).unwrap_or_default();
        self.line += memchr_iter(b'\n', passed).count() as u64;
        self.counted = self.counted.max(to);
    }

    /// Gives what has been collected.
    fn give(&mut self, origin: &mut Origin<'_>) {
        let Some(first) = self.units.first() else { return };
        let start = first.into();
        origin.segment(Format::Xml, start, std::mem::take(&mut self.bytes), std::mem::take(&mut self.units));
    }

    /// Drops the front of the buffer that is no longer needed.
    fn forget(&mut self, origin: &mut Origin<'_>) {
        let used = self.inside.unwrap_or(self.at);
        self.count_lines(origin, used);
        origin.feed.drop(used);
        self.at -= used;
        self.counted -= used.min(self.counted);
        self.inside = self.inside.map(|_| 0);
    }
}

/// What stands at the begin of these bytes. `whole`: nothing follows them that is to be waited for.
fn markup(bytes: &[u8], whole: bool, longest: usize) -> Markup {
    let cut = !whole && bytes.len() < longest;
    for (opening, closing) in [(&b"<!--"[..], &b"-->"[..]), (b"<![CDATA[", b"]]>")] {
        if bytes.starts_with(opening) {
            return match memmem::find(&bytes[opening.len()..], closing) {
                Some(length) => Markup::Section(opening.len() + length + closing.len()),
                None if cut => Markup::Cut,
                None => Markup::Open,
            };
        }
    }
    if is_event(bytes) {
        return Markup::Event;
    }
    let near = &bytes[..bytes.len().min(LONGEST)];
    let Some(close) = memchr(b'>', near) else {
        return if !whole && bytes.len() < LONGEST { Markup::Cut } else { Markup::Other };
    };
    let named = |tag: &[u8], name: &[u8]| {
        tag.strip_prefix(name)
            .is_some_and(|rest| rest.first().is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'?'))
    };
    match &near[1..close] {
        tag if tag.strip_prefix(b"/Event").is_some_and(|rest| rest.trim_ascii().is_empty()) => {
            Markup::End(close + 1)
        }
        tag if named(tag, b"Events") || named(tag, b"/Events") || named(tag, b"?xml") => {
            Markup::Frame(close + 1)
        }
        _ => Markup::Other,
    }
}

/// Whether an event begins with these bytes.
pub(crate) fn is_event(bytes: &[u8]) -> bool {
    let next = bytes.strip_prefix(b"<Event").and_then(|rest| rest.first());
    next.is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>')
}
