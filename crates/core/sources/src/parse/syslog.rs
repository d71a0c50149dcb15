//! System log segments: a line is an event, and so are the lines behind it that begin with a blank.
//!
//! The kind of an event is that of the log it would stand in on a machine that keeps one for each
//! purpose, told by the program that wrote it, else by the facility. What stands in a message is
//! its author's affair; only logons of `sshd` and commands of `sudo` are taken apart. A message
//! that is JSON stays text.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;
use model::event::{Kind, Place};

use super::line::zeroless;
use crate::cause::Cause;
use crate::flaws::Flaws;
use crate::line::accounts::{sshd, sudo};
use crate::line::clock::{Clock, Told};
use crate::line::purpose::{LOGS, Log, purpose};
use crate::line::syslog::{LineHead, counted, elements, head, names};
use crate::line::trimmed;
use crate::segment::{Parsed, Segment};
use crate::sheet::{Builder, Scalar, Value};

struct Events<'s, 'b> {
    segment: &'s Segment,
    builder: &'b mut Builder,
    source: u32,
    kinds: [Kind; 8],
    clock: Clock<'s>,
    flaws: Flaws,
    events: u64,
    /// Name of a field made of two.
    name: String,
}

pub(crate) fn parse(segment: &Segment, builder: &mut Builder) -> Parsed {
    let source = builder.source(&segment.source_path);
    let mut events = Events {
        segment,
        builder,
        source,
        kinds: LOGS.map(|log| Kind::new("linux", log, None)),
        clock: Clock::new(&segment.zone, segment.undated, &segment.years),
        flaws: Flaws::new(&segment.source_path),
        events: 0,
        name: String::new(),
    };
    let (mut at, mut line) = (0, segment.first_line);
    while at < segment.bytes.len() {
        let first = line_at(&segment.bytes, at);
        let (end, lines) = events.event(first, line);
        (at, line) = (end + 1, line + lines);
    }
    Parsed { events: events.events, flaws: events.flaws.finish() }
}

/// The line that begins at `start`, without its end.
fn line_at(bytes: &[u8], start: usize) -> Range<usize> {
    start..memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length)
}

impl Events<'_, '_> {
    /// Reads the event that begins with a line; says where it ends and of how many lines it is.
    fn event(&mut self, first: Range<usize>, line: u64) -> (usize, u64) {
        let (start, end) = (first.start, first.end);
        let offset = self.segment.offset + start as u64;
        let bytes = zeroless(&self.segment.bytes[first], offset, &mut self.flaws).trim_ascii_start();
        if bytes.is_empty() || is_separator(bytes) {
            return (end, 1);
        }
        let text = self.text(bytes, offset);
        if let Some((mut frame, mut rest)) = counted(&text) {
            loop {
                if !self.line(frame, offset, line) {
                    self.flaws.lost(offset, end - start, Cause::SyslogNoLine);
                }
                let Some(next) = counted(rest) else { break };
                (frame, rest) = next;
            }
            if !rest.trim_ascii().is_empty() {
                self.flaws.lost(offset, end - start, Cause::SyslogBehindFrame);
            }
            return (end, 1);
        }
        let (last, lines) = self.continued(end);
        match head(&text) {
            Some(mut head) if lines > 0 => {
                let more = self.text(trimmed(&self.segment.bytes[end + 1..last]), offset);
                let message = format!("{}\n{}", head.message, more.replace('\r', ""));
                head.message = &message;
                self.add(&head, offset, line);
                (last, 1 + lines)
            }
            Some(head) => {
                self.add(&head, offset, line);
                (end, 1)
            }
            None => {
                self.flaws.lost(offset, end - start, Cause::SyslogNoLine);
                (end, 1)
            }
        }
    }

    /// Where the lines end that go on with the one that ends at `end`, and how many they are: they
    /// begin with a blank and are no events themselves.
    fn continued(&self, mut end: usize) -> (usize, u64) {
        let bytes = &self.segment.bytes;
        let mut lines = 0;
        while matches!(bytes.get(end + 1), Some(b' ' | b'\t')) {
            let next = line_at(bytes, end + 1);
            let content = bytes[next.clone()].trim_ascii();
            if content.is_empty() || head(&String::from_utf8_lossy(content)).is_some() {
                break;
            }
            end = next.end;
            lines += 1;
        }
        (end, lines)
    }

    /// The bytes as text; what is no UTF-8 is replaced and told.
    fn text<'t>(&mut self, bytes: &'t [u8], offset: u64) -> Cow<'t, str> {
        let text = String::from_utf8_lossy(bytes);
        if matches!(text, Cow::Owned(_)) {
            self.flaws.push(offset, Cause::NotUtf8);
        }
        text
    }

    /// Reads what stands in a frame, and says whether it is a line.
    fn line(&mut self, text: &str, offset: u64, line: u64) -> bool {
        let head = head(text.trim_end());
        if let Some(head) = &head {
            self.add(head, offset, line);
        }
        head.is_some()
    }

    fn add(&mut self, head: &LineHead<'_>, offset: u64, line: u64) {
        self.events += 1;
        let told = head.stamp.map(|stamp| self.clock.tell(&stamp));
        match told {
            Some(Told::Impossible) => self.flaws.push(offset, Cause::time_unreadable(head.time)),
            Some(Told::Moved(_)) => self.flaws.push(offset, Cause::YearUncertain),
            _ => {}
        }
        let time = told.and_then(Told::instant);
        let log = purpose(head.program, head.message, head.priority.map(|priority| priority / 8));
        let place = Place { ordinal: self.events, line: Some(line), time, ..Place::default() };
        self.builder.begin(self.source, &self.kinds[log as usize], &place);
        self.fields(head);
        match log {
            Log::Sshd => sshd(head.message, self.builder),
            Log::Sudo => sudo(head.message, self.builder),
            _ => {}
        }
    }

    fn fields(&mut self, head: &LineHead<'_>) {
        let integer = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        for (name, text) in [
            ("Hostname", head.host),
            ("program", head.program),
            ("pid", head.pid),
            ("message", head.message),
            ("msgid", head.message_id),
        ] {
            if !text.is_empty() {
                let scalar = if name == "pid" && integer(text) { Scalar::Integer } else { Scalar::Text };
                self.builder.field(name, Value { text, scalar });
            }
        }
        if let Some(priority) = head.priority {
            let (facility, severity) = names(priority);
            self.builder.field("facility", Value::text(facility));
            self.builder.field("severity", Value::text(severity));
        }
        elements(head.data, &mut |id, name, value| {
            self.name.clear();
            self.name.extend([id, ".", name]);
            self.builder.field(&self.name, Value::text(&value));
        });
    }
}

/// `-- Boot 9c…  --`, which the journal's tool writes between events.
fn is_separator(line: &[u8]) -> bool {
    let words: [&[u8]; 6] =
        [b"Boot ", b"Reboot ", b"Logs begin ", b"Journal begins ", b"No entries ", b"cursor: "];
    line.len() < 256
        && line.strip_prefix(b"-- ").is_some_and(|line| words.iter().any(|word| line.starts_with(word)))
}
