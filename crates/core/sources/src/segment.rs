//! Segments: stretches of a source that can be parsed independently of each other.

use std::sync::Arc;

use jiff::tz::TimeZone;
use memchr::{memchr, memchr_iter, memrchr};
use model::event::Flaw;
use rustc_hash::FxHashMap;

use crate::batch::Builder;
use crate::cause::Cause;
use crate::frame::CHUNK;
use crate::line::course::Years;
use crate::line::zeek::Columns;
use crate::parse as notation;
use crate::reader::Undated;

/// Notation of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Windows event log, binary.
    Evtx,
    /// JSON: one object a line, arrays, pretty-printed or concatenated objects.
    Json,
    /// Linux audit log, text.
    Audit,
    /// System log, text: RFC 3164, RFC 5424 and what daemons make of them.
    Syslog,
    /// Access log of a web server, text: common and combined log format.
    Access,
    /// Log of Zeek, text: rows behind a header.
    Zeek,
    /// Windows events in XML.
    Xml,
}

impl Format {
    /// One word for reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evtx => "evtx",
            Self::Json => "json",
            Self::Audit => "auditd",
            Self::Syslog => "syslog",
            Self::Access => "access",
            Self::Zeek => "zeek",
            Self::Xml => "xml",
        }
    }
}

/// A stretch of one source that holds whole events only.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Source as the user named it, `archive!member` inside archives.
    pub source_path: Arc<str>,
    /// How the bytes are to be read.
    pub format: Format,
    /// Offset of the first byte in the source (after decompression).
    pub offset: u64,
    /// Physical line of the first byte, from 1; 0 for binary formats.
    pub first_line: u64,
    /// The bytes: whole lines, whole objects, whole audit events or whole chunks.
    pub bytes: Vec<u8>,
    /// Where each object or audit event begins. Empty when the bytes are consecutive lines or
    /// chunks of the source.
    pub(crate) units: Vec<Unit>,
    /// What stands in the columns of rows.
    pub(crate) columns: Option<Arc<Columns>>,
    /// Zone of times that name none.
    pub(crate) zone: TimeZone,
    /// Year of times that name none.
    pub(crate) undated: Undated,
    /// How these years follow from the order of the source's lines.
    pub(crate) years: Years,
}

/// One object or one audit event inside a segment; it ends where the next one begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unit {
    /// First byte inside the segment.
    pub start: usize,
    /// First byte inside the source.
    pub offset: u64,
    /// Physical line it begins on.
    pub line: u64,
}

/// What came out of a segment.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// Events handed to the builder, which counts on from what it was told came before.
    pub events: u64,
    /// What could not be read. Of identical flaws the first twenty are told and the rest counted.
    pub flaws: Vec<Flaw>,
}

/// Reads a segment into rows. Safe to call for many segments at once, each with its own builder.
#[must_use]
pub fn parse(segment: &Segment, builder: &mut Builder) -> Parsed {
    match segment.format {
        Format::Evtx => notation::evtx(segment, builder),
        Format::Json => notation::json(segment, builder),
        Format::Audit => notation::audit(segment, builder),
        Format::Syslog => notation::syslog(segment, builder),
        Format::Access => notation::access(segment, builder),
        Format::Zeek => notation::zeek(segment, builder),
        Format::Xml => notation::xml(segment, builder),
    }
}

impl Segment {
    /// Says how to tell the year of its times without one, in place of what the limits of its reader said.
    pub fn date(&mut self, undated: Undated) {
        self.undated = undated;
    }

    /// This segment as two, so that a fault inside it can be narrowed down; none when it is a single
    /// line, object, event or chunk.
    #[must_use]
    pub fn halves(&self) -> Option<[Self; 2]> {
        let (middle, unit) = self.middle()?;
        let (first, second) = self.bytes.split_at_checked(middle)?;
        let (units, mut later) = self.units.split_at_checked(unit).map(|(a, b)| (a.to_vec(), b.to_vec()))?;
        later.iter_mut().for_each(|unit| unit.start -= middle);
        let lines = if self.format == Format::Evtx { 0 } else { memchr_iter(b'\n', first).count() as u64 };
        let half = |bytes: &[u8], units| Self { bytes: bytes.to_vec(), units, ..self.clone() };
        let (offset, first_line) = (self.offset + middle as u64, self.first_line + lines);
        let mut years = self.years;
        if self.format == Format::Syslog {
            years.course.over(first);
        }
        Some([half(first, units), Self { offset, first_line, years, ..half(second, later) }])
    }

    /// Where the second half begins, in bytes and in units.
    fn middle(&self) -> Option<(usize, usize)> {
        if !self.units.is_empty() {
            let unit = self.units.len() / 2;
            return (unit > 0).then(|| (self.units[unit].start, unit));
        }
        let half = self.bytes.len() / 2;
        let middle = match self.format {
            Format::Evtx => half / CHUNK * CHUNK,
            _ => match memrchr(b'\n', &self.bytes[..half]) {
                Some(end) => end + 1,
                None => half + memchr(b'\n', &self.bytes[half..])? + 1,
            },
        };
        (middle > 0 && middle < self.bytes.len()).then_some((middle, 0))
    }

    /// The bytes of one unit.
    pub(crate) fn unit(&self, number: usize) -> Option<(&Unit, &[u8])> {
        let unit = self.units.get(number)?;
        let end = self.units.get(number + 1).map_or(self.bytes.len(), |next| next.start);
        Some((unit, self.bytes.get(unit.start..end)?))
    }
}

/// Flaws of the same reason told one by one; further ones are counted.
const TOLD: u64 = 20;
/// Different reasons told in one segment.
const REASONS: usize = 200;

/// Collects flaws so that a file of nothing but damage does not become a list as long as itself.
#[derive(Debug)]
pub(crate) struct Flaws {
    source_path: Arc<str>,
    list: Vec<Flaw>,
    seen: FxHashMap<Cause, Seen>,
    beyond: Seen,
}

/// How often a reason came, and where the first one that is not told stands.
#[derive(Debug, Default)]
struct Seen {
    count: u64,
    untold: u64,
    /// Bytes lost by those that are not told.
    bytes: u64,
    /// The first of its kind in words.
    clause: String,
}

impl Flaws {
    pub(crate) fn new(source_path: &Arc<str>) -> Self {
        Self {
            source_path: source_path.clone(),
            list: Vec::new(),
            seen: FxHashMap::default(),
            beyond: Seen::default(),
        }
    }

    /// Something that costs no bytes, or nobody knows which.
    pub(crate) fn push(&mut self, offset: u64, cause: Cause) {
        self.add(offset, None, cause);
    }

    /// Bytes that are lost: that many from `offset` on.
    pub(crate) fn lost(&mut self, offset: u64, length: usize, cause: Cause) {
        self.add(offset, Some(length as u64), cause);
    }

    fn add(&mut self, offset: u64, length: Option<u64>, cause: Cause) {
        let kind = cause.kind();
        if !self.seen.contains_key(&kind) && self.seen.len() < REASONS {
            self.seen.insert(kind.clone(), Seen { clause: cause.to_string(), ..Seen::default() });
        }
        let (seen, told) = match self.seen.get_mut(&kind) {
            Some(seen) => (seen, TOLD),
            None => (&mut self.beyond, 0),
        };
        seen.count += 1;
        if seen.count <= told {
            self.list.push(Flaw { length, ..Flaw::new(self.source_path.clone(), offset, cause) });
            return;
        }
        if seen.count == told + 1 {
            seen.untold = offset;
        }
        seen.bytes += length.unwrap_or(0);
    }

    /// All flaws by offset, with one line for each reason that came more often than it is told.
    pub(crate) fn finish(mut self) -> Vec<Flaw> {
        let path = self.source_path.clone();
        let more = |seen: &Seen, cause: Cause| Flaw {
            length: (seen.bytes > 0).then_some(seen.bytes),
            ..Flaw::new(path.clone(), seen.untold, cause)
        };
        for (cause, seen) in self.seen {
            if let Some(count @ 1..) = seen.count.checked_sub(TOLD) {
                let (kind, clause) = (cause.code().to_owned(), seen.clause.clone());
                self.list.push(more(&seen, Cause::MoreOfKind { count, kind, clause }));
            }
        }
        if self.beyond.count > 0 {
            self.list.push(more(&self.beyond, Cause::MoreKinds { count: self.beyond.count }));
        }
        self.list.sort_by_key(|flaw| flaw.offset);
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_the_whole_and_end_at_single_lines() {
        let text = b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}";
        let mut segment = Segment {
            source_path: "a.json".into(),
            format: Format::Json,
            offset: 100,
            first_line: 7,
            bytes: text.to_vec(),
            units: Vec::new(),
            columns: None,
            zone: TimeZone::UTC,
            undated: Undated::Unknown,
            years: Years::default(),
        };
        let mut lines = Vec::new();
        let mut waiting = vec![segment.clone()];
        while let Some(next) = waiting.pop() {
            match next.halves() {
                Some([first, second]) => waiting.extend([second, first]),
                None => lines.push((next.offset, next.first_line, next.bytes.len())),
            }
        }
        assert_eq!(lines, [(100, 7, 8), (108, 8, 8), (116, 9, 8), (124, 10, 7)]);
        segment.units = [0, 8, 16].map(|start| Unit { start, offset: start as u64, line: 0 }).to_vec();
        let [first, second] = segment.halves().expect("three units");
        assert_eq!((first.units.len(), second.units.len(), second.units[1].start), (1, 2, 8));
        assert!(first.halves().is_none());
    }

    #[test]
    fn many_flaws_of_one_kind_become_a_count() {
        let mut flaws = Flaws::new(&"a.json".into());
        (0..50).for_each(|offset| flaws.lost(offset, 3, Cause::LineNoObject));
        flaws.push(7, Cause::NotUtf8);
        let list = flaws.finish();
        assert_eq!(list.len(), 22);
        assert_eq!(list[21].reason.text, "30 more of this kind: this line is no JSON object");
        assert_eq!((list[21].offset, list[21].length), (20, Some(90)));
    }
}
