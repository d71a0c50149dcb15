//! Segments: stretches of a source that can be parsed independently of each other.

use std::sync::Arc;

use jiff::tz::TimeZone;
use memchr::{memchr, memchr_iter, memrchr};
use model::event::Flaw;

use crate::ends::Records;
use crate::limits::Undated;
use crate::line::course::Years;
use crate::line::zeek::Columns;

/// Bytes of a chunk.
pub(crate) const CHUNK: usize = 65_536;

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

/// What a [`Reader`](crate::Reader) gives.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Whole events of one source, to be parsed.
    Segment(Segment),
    /// Something that could not be read.
    Flaw(Flaw),
    /// A log that still grows has no more for now; ask again later.
    Idle,
}

/// A stretch of one source that holds whole events only.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Source as the user named it, `archive!member` inside archives.
    pub source_path: Arc<str>,
    /// Which of its reader's sources it is of, since several may have one name.
    pub(crate) source: u64,
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
    /// Which records of its chunks are meant.
    pub(crate) records: Records,
    /// Whether its events may get further records when the source grows.
    pub(crate) open: bool,
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
        let half = |bytes: &[u8], units| Self { bytes: bytes.to_vec(), units, ..self.without_bytes() };
        let (offset, first_line) = (self.offset + middle as u64, self.first_line + lines);
        let (before, behind) = self.records.halves();
        let mut years = self.years;
        if self.format == Format::Syslog {
            years.course.over(first);
        }
        let first = Self { records: before, ..half(first, units) };
        Some([first, Self { offset, first_line, years, records: behind, ..half(second, later) }])
    }

    /// The same without what it holds.
    pub(crate) fn without_bytes(&self) -> Self {
        let (source_path, zone) = (self.source_path.clone(), self.zone.clone());
        let (bytes, units, columns) = (Vec::new(), Vec::new(), self.columns.clone());
        Self { source_path, zone, bytes, units, columns, ..*self }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_the_whole_and_end_at_single_lines() {
        let text = b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}";
        let mut segment = Segment {
            source_path: "a.json".into(),
            source: 0,
            format: Format::Json,
            offset: 100,
            first_line: 7,
            bytes: text.to_vec(),
            units: Vec::new(),
            records: Records::default(),
            open: false,
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
}
