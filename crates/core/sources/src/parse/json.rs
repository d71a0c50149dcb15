//! JSON segments: lines that may each hold several objects, or objects that the reader has cut out.

use std::borrow::Cow;
use std::ops::Range;

use jiff::tz::TimeZone;
use model::event::Place;
use model::time::Instant;

use crate::cause::Cause;
use crate::flaws::Flaws;
use crate::json::{Brackets, Flat, Step, Stop, has_object, is_blank};
use crate::line::container;
use crate::line::is_banner;
use crate::line::zeros;
use crate::segment::{Parsed, Segment};
use crate::shape::Shaper;
use crate::sheet::Builder;
use crate::text::MARK;

struct Objects<'b> {
    shaper: Shaper<'b>,
    flat: Flat,
    flaws: Flaws,
    events: u64,
    /// When a container runtime wrote the line, for events that name no time.
    written: Option<Instant>,
}

/// Where a text stands in its source.
#[derive(Clone, Copy)]
struct Origin {
    offset: u64,
    line: u64,
    /// Bytes in the source. The text has others when some of them were replaced.
    length: usize,
}

pub(crate) fn parse(segment: &Segment, builder: &mut Builder) -> Parsed {
    let source = builder.source(&segment.source_path);
    let mut objects = Objects {
        shaper: Shaper::new(builder, source, &segment.zone, false),
        flat: Flat::with_containers(),
        flaws: Flaws::new(&segment.source_path),
        events: 0,
        written: None,
    };
    let whole = std::str::from_utf8(&segment.bytes).ok();
    if segment.units.is_empty() {
        let mut start = 0;
        let ends = memchr::memchr_iter(b'\n', &segment.bytes).chain(std::iter::once(segment.bytes.len()));
        for (line, end) in (segment.first_line..).zip(ends) {
            let origin = Origin { offset: segment.offset + start as u64, line, length: end - start };
            let text =
                objects.text(&segment.bytes[start..end], whole.and_then(|w| w.get(start..end)), origin);
            objects.line(&text, origin);
            start = end + 1;
        }
    } else {
        for number in 0..segment.units.len() {
            let Some((unit, bytes)) = segment.unit(number) else { continue };
            let origin = Origin { offset: unit.offset, line: unit.line, length: bytes.len() };
            let text =
                objects.text(bytes, whole.and_then(|w| w.get(unit.start..unit.start + bytes.len())), origin);
            objects.cut_out(&text, origin);
        }
    }
    Parsed { events: objects.events, flaws: objects.flaws.finish() }
}

impl Objects<'_> {
    /// The bytes as text; what is no UTF-8 is replaced and told.
    fn text<'t>(&mut self, bytes: &'t [u8], text: Option<&'t str>, origin: Origin) -> Cow<'t, str> {
        if let Some(text) = text {
            return Cow::Borrowed(text);
        }
        let text = String::from_utf8_lossy(bytes);
        if matches!(text, Cow::Owned(_)) {
            self.flaws.push(origin.offset, Cause::NotUtf8);
        }
        text
    }

    /// An object that the reader has cut out.
    fn cut_out(&mut self, text: &str, origin: Origin) {
        match self.flat.read(text, 0, false) {
            Ok(_) => self.event(text, 0, origin),
            Err(Stop::Fault(_, reason)) => self.lost(text, 0..text.len(), origin, reason),
            Err(Stop::Envelope(_)) => {}
        }
    }

    /// A stretch of a text is lost; all of it, where its place in the source is not known.
    fn lost(&mut self, text: &str, range: Range<usize>, origin: Origin, cause: Cause) {
        let exact = text.len() == origin.length;
        let (start, length) = if exact { (range.start, range.len()) } else { (0, origin.length) };
        self.flaws.lost(origin.offset + start as u64, length, cause);
    }

    /// A line: objects, or what a container runtime wrote before one.
    fn line(&mut self, text: &str, origin: Origin) {
        let Some(line) = container::line(text) else { return self.objects(text, origin) };
        if !line.whole {
            return self.lost(text, 0..text.len(), origin, Cause::ContainerPart);
        }
        self.written = Instant::parse(line.time, &TimeZone::UTC);
        let before = self.events;
        let head = text.len() - line.text.len();
        let length = origin.length.saturating_sub(head);
        self.objects(line.text, Origin { offset: origin.offset + head as u64, length, ..origin });
        self.written = None;
        if self.events > before {
            self.shaper.beside(&line, |name| self.flat.names().any(|known| known == name));
        }
    }

    /// Objects on a line, with the commas and brackets of an array around them.
    fn objects(&mut self, text: &str, origin: Origin) {
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut enveloped = false;
        while let Some(&byte) = bytes.get(at) {
            at = match byte {
                b'{' => match self.flat.read(text, at, !enveloped) {
                    Ok(end) => {
                        self.event(text, at, origin);
                        end
                    }
                    Err(Stop::Envelope(array)) => {
                        enveloped = true;
                        array
                    }
                    Err(Stop::Fault(wrong, reason)) => self.broken(text, at..wrong, origin, reason),
                },
                b',' | b'[' | b']' | 0x1e => at + 1,
                b'}' if enveloped => at + 1,
                // Of a file that was put behind another one.
                0xef if bytes[at..].starts_with(MARK) => at + MARK.len(),
                _ if is_blank(byte) => at + 1,
                _ => self.foreign(text, at, origin, enveloped),
            }
        }
    }

    /// Passes a broken object, unless a whole one stands behind it. Gives the end of what is read.
    fn broken(&mut self, text: &str, object: Range<usize>, origin: Origin, reason: Cause) -> usize {
        if let Some(behind) = self.behind_torn(text, object.start, object.end) {
            self.lost(text, object.start..behind.start, origin, reason);
            self.event(text, behind.start, origin);
            return behind.end;
        }
        let end = match Brackets::new().run(text.as_bytes(), object.start) {
            Step::End(end) => end,
            Step::More | Step::Fault(..) => text.len(),
        };
        self.lost(text, object.start..end, origin, reason);
        end
    }

    /// Passes what is no object: a run of zeros, a brace too many, or the rest of the line. Gives
    /// its end.
    fn foreign(&mut self, text: &str, at: usize, origin: Origin, enveloped: bool) -> usize {
        let rest = &text.as_bytes()[at..];
        let zeros = zeros(rest);
        let (length, cause) = match rest[0] {
            0 => (zeros, Some(Cause::Zeros)),
            b'}' => (1, Some(Cause::LineNoObject)),
            // Members of an envelope behind its records.
            b'"' if enveloped => (rest.len(), has_object(rest).then_some(Cause::EnvelopeRest)),
            _ => (rest.len(), (!is_banner(rest)).then_some(Cause::LineNoObject)),
        };
        if let Some(cause) = cause {
            self.lost(text, at..at + length, origin, cause);
        }
        at + length
    }

    /// Reads the object that a program wrote behind a half one: one that was killed while it
    /// wrote, and began anew on the same line. Its end is the end of the line, too.
    fn behind_torn(&mut self, text: &str, from: usize, wrong: usize) -> Option<Range<usize>> {
        let before = text.get(from + 1..text.len().min(wrong + 2))?;
        let start = before.rfind("{\"")?;
        // After a colon it may as well be a value of the half one.
        if before[..start].trim_end().ends_with(':') {
            return None;
        }
        let start = from + 1 + start;
        let end = self.flat.read(text, start, false).ok()?;
        text.get(end..)?.trim().is_empty().then_some(start..end)
    }

    /// Adds the object read last, which begins at `at`.
    fn event(&mut self, text: &str, at: usize, origin: Origin) {
        let (ordinal, line, time) = (self.events + 1, Some(origin.line), self.written);
        let place = Place { ordinal, line, time, ..Place::default() };
        self.events += self.shaper.event(&self.flat, text, place);
        let offset = origin.offset + if text.len() == origin.length { at as u64 } else { 0 };
        self.shaper.flaws().for_each(|cause| self.flaws.push(offset, cause));
    }
}
