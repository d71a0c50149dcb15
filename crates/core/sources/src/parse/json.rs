//! JSON segments: lines that may each hold several objects, or objects that the reader has cut out.

use std::borrow::Cow;

use model::event::Place;

use crate::batch::Builder;
use crate::cause::Cause;
use crate::format::is_banner;
use crate::json::{Flat, Scanner, Step, Stop, is_blank};
use crate::segment::{Flaws, Parsed, Segment};
use crate::shape::Shaper;

struct Objects<'b> {
    shaper: Shaper<'b>,
    flat: Flat,
    flaws: Flaws,
    events: u64,
}

/// Where a text stands in its source.
#[derive(Clone, Copy)]
struct Origin {
    offset: u64,
    line: u64,
}

pub(crate) fn parse(segment: &Segment, builder: &mut Builder) -> Parsed {
    let source = builder.source(&segment.source_path);
    let mut objects = Objects {
        shaper: Shaper::new(builder, source, &segment.zone, false),
        flat: Flat::with_containers(),
        flaws: Flaws::new(&segment.source_path),
        events: 0,
    };
    let whole = std::str::from_utf8(&segment.bytes).ok();
    if segment.units.is_empty() {
        let mut start = 0;
        let ends = memchr::memchr_iter(b'\n', &segment.bytes).chain(std::iter::once(segment.bytes.len()));
        for (line, end) in (segment.first_line..).zip(ends) {
            let origin = Origin { offset: segment.offset + start as u64, line };
            let text =
                objects.text(&segment.bytes[start..end], whole.and_then(|w| w.get(start..end)), origin);
            objects.line(&text, origin);
            start = end + 1;
        }
    } else {
        for number in 0..segment.units.len() {
            let Some((unit, bytes)) = segment.unit(number) else { continue };
            let origin = Origin { offset: unit.offset, line: unit.line };
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
            Ok(_) => self.event(text, origin.line),
            Err(Stop::Fault(at, reason)) => self.flaws.push(origin.offset + at as u64, reason),
            Err(Stop::Envelope(_)) => {}
        }
    }

    /// Objects on a line, with the commas and brackets of an array around them.
    fn line(&mut self, text: &str, origin: Origin) {
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut enveloped = false;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'{' => match self.flat.read(text, at, !enveloped) {
                    Ok(end) => {
                        self.event(text, origin.line);
                        at = end;
                    }
                    Err(Stop::Envelope(array)) => (at, enveloped) = (array, true),
                    Err(Stop::Fault(wrong, reason)) => {
                        self.flaws.push(origin.offset + wrong as u64, reason);
                        if let Some(behind) = self.behind_torn(text, at, wrong) {
                            self.event(text, origin.line);
                            at = behind;
                            continue;
                        }
                        match Scanner::new().run(bytes, at) {
                            Step::End(end) => at = end,
                            Step::More | Step::Fault(..) => return,
                        }
                    }
                },
                b',' | b'[' | b']' | b'}' | 0x1e | 0 => at += 1,
                _ if is_blank(byte) => at += 1,
                // Members of an envelope behind its records.
                b'"' if enveloped => return,
                _ => {
                    if !is_banner(&bytes[at..]) {
                        self.flaws.push(origin.offset + at as u64, Cause::LineNoObject);
                    }
                    return;
                }
            }
        }
    }

    /// Reads the object that a program wrote behind a half one: one that was killed while it
    /// wrote, and began anew on the same line. Gives its end, which is the end of the line, too.
    fn behind_torn(&mut self, text: &str, from: usize, wrong: usize) -> Option<usize> {
        let before = text.get(from + 1..text.len().min(wrong + 2))?;
        let start = before.rfind("{\"")?;
        // After a colon it may as well be a value of the half one.
        if before[..start].trim_end().ends_with(':') {
            return None;
        }
        let start = from + 1 + start;
        let end = self.flat.read(text, start, false).ok()?;
        text.get(end..)?.trim().is_empty().then_some(end)
    }

    fn event(&mut self, text: &str, line: u64) {
        self.events += 1;
        let place = Place { ordinal: self.events, line: Some(line), ..Place::default() };
        self.shaper.event(&self.flat, text, place);
    }
}
