//! Years of system logs' lines, which name none: they follow from the end of each source.

use std::io::Cursor;

use model::time::Instant;
use sources::{Input, Limits, Undated};

use crate::support::{Read, read_input};

fn limits(changed: &str) -> Limits {
    let changed = Instant::parse(changed, &jiff::tz::TimeZone::UTC).unwrap();
    Limits { segment_bytes: 1, undated: Undated::Before(changed), ..Limits::default() }
}

fn file(text: &str, limits: &Limits) -> Read {
    read_input(Input::Seekable(Box::new(Cursor::new(text.as_bytes()))), limits)
}

fn stream(text: &str, limits: &Limits) -> Read {
    read_input(Input::Stream(Box::new(text.as_bytes())), limits)
}

fn times(read: &Read) -> Vec<&str> {
    read.rows.iter().map(|row| row.time.as_deref().unwrap_or("none")).collect()
}

/// A line each three days, some out of order by an hour, from a day on.
fn log(begin: &str, lines: i64, padding: usize) -> (String, Vec<String>) {
    let begin: jiff::civil::DateTime = begin.parse().unwrap();
    let (mut text, mut times) = (String::new(), Vec::new());
    for number in 0..lines {
        let hours = number * 72 - if number % 7 == 3 { 73 } else { 0 };
        let time = begin.checked_add(jiff::Span::new().hours(hours)).unwrap();
        text += &format!("{} h x: {:padding$}\n", time.strftime("%b %e %H:%M:%S"), number);
        times.push(format!("{}Z", time.strftime("%Y-%m-%dT%H:%M:%S")));
    }
    (text, times)
}

#[test]
fn a_log_of_several_years_is_dated_from_its_end_however_it_is_read() {
    // 1,800 days and 3 MB, read in many segments; the last line is of 3 February 2026.
    let (text, expected) = log("2021-03-01T12:00:00", 601, 5_000);
    assert!(expected[600].starts_with("2026-02-03"));
    for changed in ["2026-02-03T12:00:00Z", "2026-02-02T12:00:00Z", "2027-01-30T12:00:00Z"] {
        for read in [file(&text, &limits(changed)), stream(&text, &limits(changed))] {
            assert_eq!(times(&read), expected, "{changed}");
            assert!(read.flaws.is_empty() && read.segments > 20);
        }
    }
    // Too old a time for the last line: all are a year earlier, but then no leap year holds 29 February.
    let read = file(&text.replace("Feb 29", "Feb 28"), &limits("2026-01-20T00:00:00Z"));
    assert_eq!((times(&read)[0], times(&read)[600]), ("2020-03-01T12:00:00Z", "2025-02-03T12:00:00Z"));
}

#[test]
fn the_year_of_the_first_line_can_be_said() {
    let (text, expected) = log("2021-03-01T12:00:00", 601, 5_000);
    let limits = Limits { undated: Undated::Year(2021), segment_bytes: 1, ..Limits::default() };
    for read in [file(&text, &limits), stream(&text, &limits)] {
        assert_eq!(times(&read), expected);
    }
}

#[test]
fn a_log_too_long_to_be_held_is_dated_by_its_begin_and_says_so() {
    let (text, expected) = log("2024-03-02T12:00:00", 201, 5_000);
    assert!(expected[200].starts_with("2025-10-23"));
    let limits = Limits { held_bytes: 200_000, ..limits("2025-10-25T00:00:00Z") };
    let read = stream(&text, &limits);
    // What was held was taken for all, and so is a year too late.
    assert_eq!(times(&read)[0], "2025-03-02T12:00:00Z");
    assert_eq!(times(&read)[200], expected[200]);
    let told = "the order of the lines gives this one no year";
    assert!(read.reasons().iter().any(|reason| reason.starts_with(told)));
    assert_eq!(times(&file(&text, &limits)), expected);
}

#[test]
fn each_member_of_an_archive_has_an_end_of_its_own() {
    let (old, expected) = log("2024-03-02T12:00:00", 100, 10);
    let mut builder = tar::Builder::new(Vec::new());
    for name in ["a.log", "b.log"] {
        let mut header = tar::Header::new_gnu();
        header.set_size(old.len() as u64);
        builder.append_data(&mut header, name, old.as_bytes()).unwrap();
    }
    let bytes = builder.into_inner().unwrap();
    let read =
        read_input(Input::Seekable(Box::new(Cursor::new(bytes.as_slice()))), &limits("2025-01-01T00:00:00Z"));
    assert_eq!(times(&read), [expected.clone(), expected].concat());
}

#[test]
fn a_wrong_time_costs_itself_and_never_its_line() {
    let text = concat!(
        "Mar  2 08:00:01 h x: a\n",
        "Mar  2 25:00:01 h x: b\n",
        "Mar  2 08:61:01 h x: c\n",
        "Feb 30 08:00:01 h x: d\n",
        "2026-02-30T08:00:01Z h x: e\n",
        "<34>1 2026-03-02T08:00:99Z h x - - - f\n",
        "Mar  2 24:00:00 h x: g\n",
        "Mar  2 23:59:60 h x: h\n",
    );
    let read = file(text, &limits("2026-03-10T00:00:00Z"));
    let found: Vec<_> = read.rows.iter().map(|row| row.get("message")).collect();
    assert_eq!(found, ["a", "b", "c", "d", "e", "f", "g", "h"]);
    let none = "none";
    let expected = [
        "2026-03-02T08:00:01Z",
        none,
        none,
        none,
        none,
        none,
        "2026-03-03T00:00:00Z",
        "2026-03-02T23:59:59Z",
    ];
    assert_eq!(times(&read), expected);
    let texts: Vec<_> = read.flaws.iter().map(|flaw| flaw.reason.text.rsplit(": ").next().unwrap()).collect();
    assert_eq!(
        texts,
        [
            "Mar  2 25:00:01",
            "Mar  2 08:61:01",
            "Feb 30 08:00:01",
            "2026-02-30T08:00:01Z",
            "2026-03-02T08:00:99Z"
        ]
    );
    assert!(read.flaws.iter().all(|flaw| flaw.reason.code == "time-unreadable"));
}

#[test]
fn a_year_behind_the_time_is_no_host() {
    let text = "Jan  2 03:04:05 2023 gw1 sshd[912]: x\nJan  2 2023 03:04:35 gw1 sshd[912]: x\n";
    let read = file(text, &limits("2026-03-10T00:00:00Z"));
    assert_eq!(times(&read), ["2023-01-02T03:04:05Z", "2023-01-02T03:04:35Z"]);
    assert!(read.rows.iter().all(|row| row.get("Hostname") == "gw1" && row.kind == "linux/sshd"));
}
