//! Logs that grow: what is whole is given at each pause, and pauses change nothing.

use std::io::{self, ErrorKind, Read};

use model::time::Instant;
use sources::{Builder, Input, Limits, Piece, Reader, Undated, parse};

use crate::support::{catalogue, read};

/// A log that is written in steps.
struct Growing<'a> {
    steps: std::slice::Iter<'a, &'a [u8]>,
    rest: &'a [u8],
    /// Times it still says that there is no more for now.
    pauses: u8,
    /// Pauses behind each step.
    each: u8,
}

impl Read for Growing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            if let Some(left) = self.pauses.checked_sub(1) {
                self.pauses = left;
                return Err(ErrorKind::WouldBlock.into());
            }
            let Some(&next) = self.steps.next() else { return Ok(0) };
            (self.rest, self.pauses) = (next, self.each);
            if next.is_empty() {
                return self.read(buffer);
            }
        }
        let count = self.rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.rest[..count]);
        self.rest = &self.rest[count..];
        Ok(count)
    }
}

/// Events that are there at each pause, and at the end; and codes and lengths of flaws.
fn read_growing(each: u8, steps: &[&[u8]]) -> (Vec<u64>, Vec<(&'static str, Option<u64>)>) {
    let growing = Growing { steps: steps.iter(), rest: &[], pauses: 0, each };
    let mut builder = Builder::new(catalogue());
    let mut events = 0;
    let (mut counts, mut flaws) = (Vec::new(), Vec::new());
    for piece in Reader::open("s", Input::Live(Box::new(growing)), &Limits::default()) {
        match piece {
            Piece::Segment(segment) => events += parse(&segment, &mut builder).events,
            Piece::Flaw(flaw) => flaws.push((flaw.reason.code, flaw.length)),
            Piece::Idle => counts.push(events),
        }
    }
    counts.push(events);
    (counts, flaws)
}

/// The same of a log without flaws. By the first step the format is told, so it has no pause of its own.
fn at_pauses(each: u8, steps: &[&[u8]]) -> Vec<u64> {
    let (counts, flaws) = read_growing(each, steps);
    assert_eq!(flaws, []);
    counts
}

#[test]
fn whole_lines_are_given_at_each_pause() {
    let steps: [&[u8]; 4] = [b"{\"n\":1}\n{\"n\":", b"2}\n{\"n\":3}", b"\n", b"{\"n\":4}"];
    assert_eq!(at_pauses(2, &steps), [2, 3, 3, 3, 4]);
}

#[test]
fn whole_objects_over_lines_are_given_at_each_pause() {
    let steps: [&[u8]; 3] = [b"{\n\"n\":1\n}\n{\n\"n\"", b":2\n}\n", b"{\n\"n\":3\n}\n"];
    assert_eq!(at_pauses(2, &steps), [2, 3, 3]);
}

#[test]
fn audit_events_are_given_when_a_pause_brought_no_record() {
    let head = |kind: &str, serial: u32| format!("type={kind} msg=audit(1772438400.101:{serial}): a=b\n");
    let steps = [
        head("SYSCALL", 1),
        head("EXECVE", 1) + &head("SYSCALL", 2),
        head("EOE", 2),
        String::new(),
        head("SYSCALL", 3),
    ];
    let steps: Vec<&[u8]> = steps.iter().map(String::as_bytes).collect();
    // The second event is whole at the pause that brought no record of it.
    assert_eq!(at_pauses(1, &steps), [0, 2, 3]);
}

#[test]
fn an_object_behind_a_torn_one_is_read() {
    for (line, expected) in [
        ("{\"n\":1,\"t\":\"abc{\"n\":2}", &["2"][..]),
        // A whole object after a colon may as well be a value of the half one.
        ("{\"n\":1,\"t\":{\"n\":2}", &[]),
        ("{\"n\":1,\"t\":5,{\"n\":2}", &["2"]),
        ("{\"n\":1,{\"n\":2,\"u\":{\"v\":3}}", &["2"]),
        // What stands inside a broken object is no event of its own.
        ("{\"n\":1,\"t\":{\"n\":2},bad}", &[]),
        ("{\"n\":1,\"t\":bad,\"u\":{\"n\":2}}", &[]),
    ] {
        let text = format!("{{\"n\":0}}\n{line}\n{{\"n\":9}}\n");
        let read = read(text.as_bytes());
        let found: Vec<&str> = read.rows.iter().map(|row| row.get("n")).collect();
        let mut all = vec!["0"];
        all.extend(expected);
        all.push("9");
        assert_eq!(found, all, "{line}");
        assert_eq!(read.flaws.len(), 1, "{line}");
    }
}

#[test]
fn a_growing_log_that_begins_with_zeros_or_foreign_lines() {
    let steps: [&[u8]; 4] = [&[0; 70_000], b"\0\0", b"{\"n\":1}\n{\"n\":2}\n", b"{\"n\":3}\n"];
    let (counts, flaws) = read_growing(2, &steps);
    // Two of the pauses are spent with telling and with giving.
    assert_eq!(counts, [0, 0, 0, 0, 3, 3]);
    assert_eq!(flaws, [("zeros", Some(70_002))]);
    let steps: [&[u8]; 3] =
        [b"tool 1.2 starts\n", b"still\n", b"Mar  2 08:00:01 h x: y\nMar  2 08:00:02 h x: y\n"];
    let (counts, flaws) = read_growing(2, &steps);
    assert_eq!(counts, [0, 0, 0, 2]);
    // That nothing is read so far is said at once.
    assert_eq!(flaws, [("format-unknown", None), ("head-foreign", Some(22))]);
    assert_eq!(read_growing(2, &[b"", b"{\"n\":1}\n"]).0, [0, 0, 1], "nothing at first");
}

#[test]
fn what_is_written_now_is_of_now_and_what_stood_there_of_before() {
    let at = |text: &str| Instant::parse(text, &jiff::tz::TimeZone::UTC).unwrap();
    let steps: [&[u8]; 4] = [
        // Of two years when following begins.
        b"Mar  1 12:00:00 h x: a\n",
        b"Dec 31 12:00:00 h x: b\nFeb  2 12:00:00 h x: c\nNov 10 12:00:00 h x: d\n",
        b"Jan  1 12:00:00 h x: e\n",
        // The program stood still for a year and more.
        b"Mar  1 12:00:00 h x: f\nDec 31 12:00:00 h x: g\n",
    ];
    let mut nows = ["2025-11-10T12:00:01Z", "2026-01-01T12:00:01Z", "2027-12-31T12:00:01Z"].iter();
    let growing = Growing { steps: steps.iter(), rest: &[], pauses: 0, each: 1 };
    let mut builder = Builder::new(catalogue());
    let mut spans = Vec::new();
    for piece in Reader::open("s", Input::Live(Box::new(growing)), &Limits::default()) {
        let Piece::Segment(mut segment) = piece else { continue };
        segment.date(Undated::Before(at(nows.next().unwrap())));
        assert_eq!(parse(&segment, &mut builder).flaws, []);
        let spanned = builder.finish().unwrap().iter().find_map(|sheet| sheet.span().unwrap()).unwrap();
        spans.push((spanned.0.to_string(), spanned.1.to_string()));
    }
    let expected = [
        ("2024-03-01T12:00:00Z", "2025-11-10T12:00:00Z"),
        ("2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z"),
        ("2027-03-01T12:00:00Z", "2027-12-31T12:00:00Z"),
    ];
    assert_eq!(spans, expected.map(|(first, last)| (first.to_owned(), last.to_owned())));
}
