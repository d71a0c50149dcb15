//! Where the events of a segment end, and parting it there.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr_iter};

use crate::parse::evtx;
use crate::segment::{CHUNK, Format, Segment};

/// Which of an event log's records a segment means, where it does not mean all of its chunks'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Records {
    /// Offset in the first chunk before which records belong to a segment before.
    pub from: usize,
    /// Offset in the last chunk from which on records belong to a segment behind.
    pub until: usize,
}

impl Default for Records {
    fn default() -> Self {
        Self { from: 0, until: CHUNK }
    }
}

impl Records {
    /// Offsets of the records that are meant in a chunk; whether that is the first, and the last.
    pub(crate) fn within(self, (first, last): (bool, bool)) -> Range<usize> {
        (if first { self.from } else { 0 })..(if last { self.until } else { CHUNK })
    }

    /// What is meant before a border between chunks, and behind it.
    pub(crate) fn halves(self) -> (Self, Self) {
        (Self { until: CHUNK, ..self }, Self { from: 0, ..self })
    }
}

/// Goes over the events of a segment. They may be damaged: only where they end is looked for.
#[derive(Debug)]
pub(crate) struct Events {
    at: usize,
    /// Events given.
    given: usize,
    /// Of an event log: the records of the chunk that is gone over, last first.
    records: Vec<Range<usize>>,
}

impl Events {
    /// Events given so far.
    pub(crate) fn given(&self) -> usize {
        self.given
    }

    /// The bytes of the next event.
    pub(crate) fn next(&mut self, segment: &Segment) -> Option<Range<usize>> {
        let event = if segment.format == Format::Evtx {
            self.record(segment)
        } else if !segment.units.is_empty() {
            let unit = segment.units.get(self.given)?;
            let end = segment.units.get(self.given + 1).map_or(segment.bytes.len(), |next| next.start);
            Some(unit.start..end)
        } else {
            self.line(segment)
        };
        self.given += usize::from(event.is_some());
        event
    }

    fn line(&mut self, segment: &Segment) -> Option<Range<usize>> {
        let start = self.at;
        if start == segment.bytes.len() {
            return None;
        }
        loop {
            let rest = &segment.bytes[self.at..];
            self.at += memchr(b'\n', rest).map_or(rest.len(), |length| length + 1);
            // In system logs a line that begins with a blank may go on with the one before.
            let goes_on = matches!(segment.bytes.get(self.at), Some(b' ' | b'\t'));
            if segment.format != Format::Syslog || !goes_on {
                return Some(start..self.at);
            }
        }
    }

    fn record(&mut self, segment: &Segment) -> Option<Range<usize>> {
        while self.records.is_empty() {
            let rest = segment.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
            let chunk = &rest[..rest.len().min(CHUNK)];
            let (first, last) = (self.at == 0, rest.len() <= CHUNK);
            let within = segment.records.within((first, last));
            let live = evtx::records(chunk).filter(|record| within.contains(&record.start));
            self.records = live.map(|record| self.at + record.start..self.at + record.end).collect();
            self.records.reverse();
            self.at += chunk.len();
        }
        self.records.pop()
    }
}

impl Segment {
    pub(crate) fn events(&self) -> Events {
        Events { at: 0, given: 0, records: Vec::new() }
    }

    /// Whether the source ends in this line.
    pub(crate) fn is_unended(&self, event: &Range<usize>) -> bool {
        let lines = self.units.is_empty() && self.format != Format::Evtx;
        lines && event.end == self.bytes.len() && !self.bytes.ends_with(b"\n")
    }

    /// Where the last event of a system log begins.
    pub(crate) fn last_event(&self) -> usize {
        let inside = &self.bytes[..self.bytes.len().saturating_sub(1)];
        let begins = |at: &usize| !matches!(self.bytes.get(*at), Some(b' ' | b'\t'));
        memrchr_iter(b'\n', inside).map(|at| at + 1).find(begins).unwrap_or(0)
    }

    /// Whether nothing is left of it.
    pub(crate) fn is_over(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Parts it where an event ends and gives what is behind; `units`: objects or events before
    /// the place, where they are counted. The chunk of an event log that holds the place is then in
    /// both parts.
    pub(crate) fn part(&mut self, end: usize, units: usize) -> Self {
        let mut rest = self.without_bytes();
        if self.format == Format::Evtx {
            self.part_records(end, &mut rest);
            return rest;
        }
        rest.bytes = self.bytes.split_off(end);
        rest.units = self.units.split_off(units.min(self.units.len()));
        rest.units.iter_mut().for_each(|unit| unit.start -= end);
        rest.offset = rest.units.first().map_or(self.offset + end as u64, |unit| unit.offset);
        let lines = memchr_iter(b'\n', &self.bytes).count() as u64;
        rest.first_line = rest.units.first().map_or(self.first_line + lines, |unit| unit.line);
        if self.format == Format::Syslog {
            rest.years.course.over(&self.bytes);
        }
        rest
    }

    fn part_records(&mut self, end: usize, rest: &mut Self) {
        let chunk = end.saturating_sub(1) / CHUNK * CHUNK;
        let last = chunk + CHUNK >= self.bytes.len();
        let within = end - chunk;
        rest.bytes = self.bytes[chunk..].to_vec();
        rest.offset = self.offset + chunk as u64;
        rest.records = Records { from: within, until: self.records.until };
        self.bytes.truncate(chunk + CHUNK);
        self.records.until = within;
        // What holds no further record is not looked at again.
        if rest.events().next(rest).is_none() {
            let behind = if last { rest.bytes.len() } else { CHUNK };
            rest.bytes.drain(..behind);
            rest.offset += behind as u64;
            rest.records.from = 0;
            self.records.until = CHUNK;
        }
    }
}
