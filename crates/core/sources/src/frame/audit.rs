//! Linux audit logs: joins the records of each event, wherever they stand.
//!
//! Records belong together by node, time and serial number. Those of one event mostly follow each
//! other, but records of events that happen at once alternate, and a log collected from many
//! machines mixes them further. An event is taken as complete when no record of it came in the
//! last `audit_window` bytes (1 MiB unless set otherwise); a later record with the same identity
//! begins a new event, and so does one that comes more than [`SPAN`] windows after the first.
//! Events are given in the order of their first records, whatever the size of the segments.

use std::collections::VecDeque;

use hashbrown::HashMap;
use memchr::{memchr, memmem};
use model::time::Instant;

use super::origin::{Origin, Start};
use crate::cause::Cause;
use crate::line::zeros;
use crate::segment::{Format, Piece, Segment, Unit};
use crate::text::MARK;

/// Longest distance between the first and the last record of an event, in windows.
const SPAN: u64 = 16;

/// What stands at the beginning of an audit record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecordHead<'a> {
    /// Machine, empty when the line does not say.
    pub node: &'a str,
    /// `SYSCALL`, `EXECVE` … or a number.
    pub record_type: &'a str,
    /// `seconds.milliseconds:serial`
    pub identity: &'a str,
    /// The fields.
    pub rest: &'a str,
}

/// The same as bytes: node, type, identity, and where the fields begin.
struct RecordHeadBytes<'a> {
    node: &'a [u8],
    record_type: &'a [u8],
    identity: &'a [u8],
    rest: usize,
}

/// Bytes of a line in which its head must end.
const HEAD: usize = 1_024;

/// Whether a line begins like an audit record.
pub(crate) fn is_record(line: &[u8]) -> bool {
    head_bytes(line, HEAD).is_some_and(|head| is_identity(head.identity))
}

/// Reads the head of a line: `[anything] [node=N] type=T [msg=]audit(identity): fields`.
fn head_bytes(line: &[u8], within: usize) -> Option<RecordHeadBytes<'_>> {
    let open = memmem::find(line.get(..line.len().min(within))?, b"audit(")?;
    let start = open + b"audit(".len();
    let length = line.get(start..)?.iter().take(64).position(|byte| *byte == b')')?;
    let identity = &line[start..start + length];
    let digits = identity.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b':'));
    if !digits || !identity.contains(&b':') {
        return None;
    }
    let before = &line[..open];
    let word = |name: &[u8]| {
        let at = memmem::rfind(before, name)?;
        if at > 0 && !before[at - 1].is_ascii_whitespace() {
            return None;
        }
        let value = &before[at + name.len()..];
        Some(&value[..value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len())])
    };
    let after = start + length + 1;
    let blanks = line[after..].iter().take_while(|byte| matches!(byte, b':' | b' ')).count();
    let record_type = word(b"type=")?;
    Some(RecordHeadBytes {
        node: word(b"node=").unwrap_or_default(),
        record_type,
        identity,
        rest: after + blanks,
    })
}

/// Reads the head of a line of text. Bytes that were no UTF-8 have become three each.
pub(crate) fn head(line: &str) -> Option<RecordHead<'_>> {
    let RecordHeadBytes { node, record_type, identity, rest } = head_bytes(line.as_bytes(), 3 * HEAD)?;
    let text = |bytes| std::str::from_utf8(bytes).ok();
    Some(RecordHead {
        node: text(node)?,
        record_type: text(record_type)?,
        identity: text(identity)?,
        rest: line.get(rest..)?,
    })
}

/// Whether this is a time and a serial number, `1772438400.101:101`.
fn is_identity(text: &[u8]) -> bool {
    let parts = std::str::from_utf8(text).ok().and_then(|text| text.split_once(':'));
    parts.is_some_and(|(written, serial)| time(written).is_some() && serial.parse::<u64>().is_ok())
}

/// `1772438400.101`: seconds.
pub(crate) fn time(text: &str) -> Option<Instant> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanoseconds: i64 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let whole = seconds.parse::<i64>().ok()?.checked_mul(1_000_000_000)?;
    whole.checked_add(nanoseconds).map(Instant::from_nanoseconds)
}

/// Blank lines, and what the search tool writes between events.
fn is_separator(line: &[u8]) -> bool {
    line.is_empty() || line == b"----" || (line.starts_with(b"time->") && line.len() < 64)
}

pub(crate) struct Events<'a> {
    pub origin: Origin<'a>,
    /// Line of the first byte in the buffer.
    line: u64,
    /// Lines that are held, in the order of the source.
    lines: Vec<Line>,
    /// Events in the order of their first records; the first has the number `given`.
    events: VecDeque<Event>,
    given: u64,
    numbers: HashMap<Box<[u8]>, u64>,
    key: Vec<u8>,
    /// Bytes of the held lines.
    kept: Vec<u8>,
    /// Where a line too long to be read began, if the buffer begins inside one.
    skipping: Option<u64>,
    /// Where a growing log ended when it paused last.
    paused_at: u64,
}

/// A line that is still held; its bytes are in `kept`.
struct Line {
    start: usize,
    end: usize,
    event: u64,
}

struct Event {
    key: Box<[u8]>,
    line: u64,
    first: u64,
    last: u64,
}

impl<'a> Events<'a> {
    pub(crate) fn new(origin: Origin<'a>) -> Self {
        Self {
            line: origin.line,
            origin,
            lines: Vec::new(),
            events: VecDeque::new(),
            given: 0,
            numbers: HashMap::default(),
            key: Vec::new(),
            kept: Vec::new(),
            skipping: None,
            paused_at: 0,
        }
    }

    /// Reads a stretch of lines and gives the events that are complete; says whether there may
    /// be more.
    pub(crate) fn step(&mut self) -> bool {
        self.origin.feed.fill(self.origin.limits.segment_bytes);
        if self.skipping.is_none() {
            self.origin.pass_zeros();
        }
        self.read_lines();
        let held = self.kept.len();
        let ended = self.origin.feed.ended;
        let window = self.origin.limits.audit_window;
        if ended || held >= self.origin.limits.segment_bytes {
            let position = self.origin.feed.offset;
            let open = |event: &Event| {
                let recent = position - event.last <= window && position - event.first <= window * SPAN;
                recent && !event.key.is_empty()
            };
            let complete = self.events.iter().position(open).unwrap_or(self.events.len());
            self.give(complete, false);
            if ended {
                self.give(self.events.len(), true);
            }
        } else if self.origin.feed.paused {
            // Records of one event are written at once: what got none since the last pause is whole.
            let open = |event: &Event| event.last >= self.paused_at;
            let complete = self.events.iter().position(open).unwrap_or(self.events.len());
            self.give(complete, false);
            self.paused_at = self.origin.feed.offset;
        }
        !ended
    }

    /// Moves all whole lines from the buffer to the held ones.
    fn read_lines(&mut self) {
        let buffer = std::mem::take(&mut self.origin.feed.buffer);
        let mut at = 0;
        while at < buffer.len() {
            let end = match memchr(b'\n', &buffer[at..]) {
                Some(length) => at + length + 1,
                None if self.origin.feed.ended => buffer.len(),
                None => break,
            };
            let line = &buffer[at..end];
            let offset = self.origin.feed.offset + at as u64;
            match self.skipping.take() {
                Some(begin) => {
                    self.origin.lost(begin, offset + line.len() as u64 - begin, Cause::LineTooLong);
                }
                None => self.line(line, offset),
            }
            self.line += u64::from(line.ends_with(b"\n"));
            at = end;
        }
        let rest = buffer.len() - at;
        self.origin.feed.buffer = buffer;
        self.origin.feed.drop(at);
        if self.origin.feed.ended
            && let Some(begin) = self.skipping.take()
        {
            self.origin.lost(begin, self.origin.feed.offset - begin, Cause::LineTooLong);
        }
        if rest > self.origin.limits.record_bytes {
            self.skipping.get_or_insert(self.origin.feed.offset);
            self.origin.feed.drop(rest);
        } else if at == 0 && !self.origin.feed.ended {
            self.origin.feed.more();
        }
    }

    fn line(&mut self, line: &[u8], offset: u64) {
        let zeros = zeros(line);
        if zeros > 0 {
            self.origin.lost(offset, zeros as u64, Cause::Zeros);
        }
        let (line, offset) = (&line[zeros..], offset + zeros as u64);
        let line = line.strip_prefix(MARK).unwrap_or(line);
        if is_separator(line.trim_ascii()) {
            return;
        }
        self.key.clear();
        if let Some(head) = head_bytes(line, HEAD) {
            self.key.extend_from_slice(head.node);
            self.key.push(b' ');
            self.key.extend_from_slice(head.identity);
        }
        let event = self.event(offset);
        let start = self.kept.len();
        self.kept.extend_from_slice(line);
        if !line.ends_with(b"\n") {
            self.kept.push(b'\n');
        }
        self.lines.push(Line { start, end: self.kept.len(), event });
    }

    /// Number of the event with the current key, a new one if none is open.
    fn event(&mut self, offset: u64) -> u64 {
        let window = self.origin.limits.audit_window;
        if let Some(&number) = self.numbers.get(self.key.as_slice()).filter(|_| !self.key.is_empty())
            && let Some(event) =
                self.events.get_mut(usize::try_from(number - self.given).unwrap_or(usize::MAX))
            && offset - event.last <= window
            && offset - event.first <= window * SPAN
        {
            event.last = offset;
            return number;
        }
        let number = self.given + self.events.len() as u64;
        // A line that is no record has no key, and so nothing joins it.
        let key: Box<[u8]> = self.key.as_slice().into();
        if !key.is_empty() {
            self.numbers.insert(key.clone(), number);
        }
        self.events.push_back(Event { key, line: self.line, first: offset, last: offset });
        number
    }

    /// Forgets the events before `bound`, whose lines are no longer held.
    fn forget(&mut self, bound: u64) {
        self.lines.retain(|line| line.event >= bound);
        let mut start = 0;
        for line in &mut self.lines {
            let length = line.end - line.start;
            (line.start, line.end) = (start, start + length);
            start += length;
        }
        for number in self.given..bound {
            let Some(event) = self.events.pop_front() else { break };
            if self.numbers.get(&event.key) == Some(&number) {
                self.numbers.remove(&event.key);
            }
        }
        self.given = bound;
    }

    /// Gives the first `count` events as a segment, their lines one event behind the other; `open`: they
    /// may get further records when the source grows.
    fn give(&mut self, count: usize, open: bool) {
        if count == 0 {
            return;
        }
        let bound = self.given + count as u64;
        let mut sizes = vec![0usize; count + 1];
        let index = |line: &Line| usize::try_from(line.event - self.given).unwrap_or(usize::MAX);
        for line in self.lines.iter().filter(|line| line.event < bound) {
            sizes[index(line) + 1] += line.end - line.start;
        }
        for at in 1..=count {
            sizes[at] += sizes[at - 1];
        }
        let units = self.events.iter().zip(&sizes);
        let units: Vec<Unit> = units
            .map(|(event, start)| Unit { start: *start, offset: event.first, line: event.line })
            .take(count)
            .collect();
        let mut bytes = vec![0u8; sizes[count]];
        let mut rest = Vec::new();
        for line in &self.lines {
            let text = &self.kept[line.start..line.end];
            if line.event < bound {
                let at = &mut sizes[index(line)];
                bytes[*at..*at + text.len()].copy_from_slice(text);
                *at += text.len();
            } else {
                rest.extend_from_slice(text);
            }
        }
        self.kept = rest;
        self.forget(bound);
        let start = units.first().map_or_else(Start::default, Start::from);
        let segment = Segment { open, ..self.origin.cut(Format::Audit, start, bytes, units) };
        self.origin.ready.push_back(Piece::Segment(segment));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_found_behind_prefixes() {
        let plain = head("type=EXECVE msg=audit(1772438400.101:101): argc=1").unwrap();
        assert_eq!(
            (plain.node, plain.record_type, plain.identity, plain.rest),
            ("", "EXECVE", "1772438400.101:101", "argc=1")
        );
        let node = head("node=srv01 type=CWD msg=audit(1.000:2): cwd=\"/\"").unwrap();
        assert_eq!((node.node, node.record_type), ("srv01", "CWD"));
        let kernel =
            head("Mar  2 08:00:00 h kernel: audit: type=1400 audit(1.000:2): apparmor=\"DENIED\"").unwrap();
        assert_eq!((kernel.record_type, kernel.rest), ("1400", "apparmor=\"DENIED\""));
        for line in [
            "",
            "audit(",
            "type=X msg=audit(1.0:1",
            "type=X msg=audit(03/02/2026 08:00:00.1:1): a",
            "x=audit(1:1)",
        ] {
            assert_eq!(head(line), None, "{line}");
        }
    }
}
