//! Logs that do not begin with their first byte, and what is read by nobody.

use std::io::{self, Seek, SeekFrom};

use model::event::Flaw;
use proptest::prelude::*;
use sources::{Input, Limits};

use crate::event_log::{chunk, file};
use crate::support::{Read, read, read_input};

const JSON: &str = "{\"n\":1,\"m\":\"a\"}\n{\"n\":2,\"m\":\"b\"}\n{\"n\":3,\"m\":\"c\"}\n";
const PRETTY: &str = "[\n  {\n    \"n\": 1\n  },\n  {\n    \"n\": 2\n  },\n  {\n    \"n\": 3\n  }\n]\n";
const SYSLOG: &str =
    "Mar  2 08:00:01 h sshd[1]: a\nMar  2 08:00:02 h sshd[1]: b\nMar  2 08:00:03 h sshd[1]: c\n";
const AUDIT: &str = "type=CWD msg=audit(1.000:1): cwd=\"/\"\ntype=CWD msg=audit(1.000:2): cwd=\"/\"\ntype=CWD msg=audit(1.000:3): cwd=\"/\"\n";
const ACCESS: &str = "192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] \"GET /a HTTP/1.0\" 200 1\n192.0.2.1 - - [10/Oct/2000:13:55:37 -0700] \"GET /b HTTP/1.0\" 200 1\n192.0.2.1 - - [10/Oct/2000:13:55:38 -0700] \"GET /c HTTP/1.0\" 200 1\n";

const ZEEK: &str = "#separator \\x09\n#path\tdns\n#fields\tts\tuid\tquery\n#types\ttime\tstring\tstring\n1.0\tC1\ta\n2.0\tC2\tb\n3.0\tC3\tc\n";

const XML: &str = "<Event xmlns='x'><System><EventID>1</EventID></System></Event>\n<Event xmlns='x'><System><EventID>2</EventID></System></Event>\n<Event xmlns='x'><System><EventID>3</EventID></System></Event>\n";

/// Every text format, each with three events.
const LOGS: [&str; 7] = [JSON, PRETTY, SYSLOG, AUDIT, ACCESS, ZEEK, XML];

fn limits() -> Limits {
    Limits { undated: sources::Undated::Year(2026), ..Limits::default() }
}

fn dated(bytes: &[u8]) -> Read {
    crate::support::read_with(bytes, &limits())
}

fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// Bytes that look like nothing.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1u64;
    let next = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    });
    next.take(length).collect()
}

/// The stretches that are lost, as (code, offset, length).
fn lost(flaws: &[Flaw]) -> Vec<(&str, u64, u64)> {
    flaws.iter().map(|flaw| (flaw.reason.code, flaw.offset, flaw.length.unwrap_or(0))).collect()
}

#[test]
fn zeros_before_a_log() {
    for log in LOGS {
        for zeros in [1, 511, 65_535, 65_536, 65_537, 3_000_000] {
            let read = dated(&[&vec![0; zeros], log.as_bytes()].concat());
            assert_eq!(read.rows.len(), 3, "{zeros} before {log}");
            assert_eq!(lost(&read.flaws), [("zeros", 0, zeros as u64)], "{log}");
            assert_eq!(read.rows[0].line, dated(log.as_bytes()).rows[0].line);
        }
    }
    let bytes = file(&[&chunk(1..4)]);
    let zeros = [vec![0; 100_000], bytes.clone()].concat();
    assert_eq!((dated(&zeros).rows.len(), lost(&dated(&zeros).flaws)), (3, vec![("zeros", 0, 100_000)]));
}

#[test]
fn banners_and_garbage_before_a_log() {
    let words = "Export tool 3.1, licensed to nobody\n\n{ not an object }\n[section]\nkey = value\n";
    for log in LOGS {
        for head in
            [words.as_bytes().to_vec(), words.repeat(40).into_bytes(), words.repeat(13_000).into_bytes()]
        {
            let read = dated(&[&head[..], log.as_bytes()].concat());
            assert_eq!(read.rows.len(), 3, "{} bytes before {log}", head.len());
            let lines = head.iter().filter(|byte| **byte == b'\n').count() as u64;
            let alone = dated(log.as_bytes());
            let line = |read: &Read| read.rows.iter().map(|row| row.line.unwrap()).collect::<Vec<_>>();
            assert_eq!(line(&read), line(&alone).iter().map(|line| line + lines).collect::<Vec<_>>());
            assert!(covers(&read.flaws, 0..words.trim_end().len()), "{log}: {:?}", read.flaws);
        }
        for length in [10, 1_000, 70_000, 1 << 20] {
            for end in ["", "\n"] {
                let head = [&noise(length)[..], end.as_bytes()].concat();
                let read = dated(&[&head[..], log.as_bytes()].concat());
                assert_eq!(read.rows.len(), 3, "{length} before {log}");
                // Letters before the first line of an access log are part of a name in it.
                let letters = if log == ACCESS && end.is_empty() { 10 } else { 0 };
                assert!(covers(&read.flaws, 0..length - letters), "{log}: {:?}", read.flaws);
            }
        }
    }
}

/// Whether flaws cover a range.
fn covers(flaws: &[Flaw], range: std::ops::Range<usize>) -> bool {
    let inside = |at: u64| {
        flaws.iter().any(|flaw| (flaw.offset..flaw.offset + flaw.length.unwrap_or(0)).contains(&at))
    };
    range.into_iter().all(|at| inside(at as u64))
}

#[test]
fn a_log_whose_first_line_lost_its_beginning() {
    for length in [10, 100_000, 1_200_000] {
        for log in LOGS {
            let text = format!("{}, \"tail\": \"of a line\"}}\n{log}", "x".repeat(length));
            let read = dated(text.as_bytes());
            assert_eq!(read.rows.len(), 3, "{length} before {log}");
            assert!(covers(&read.flaws, 0..length), "{log}: {:?}", read.flaws);
        }
    }
}

#[test]
fn marks_of_encodings_behind_garbage() {
    for log in LOGS {
        for head in [noise(1_000), b"a banner\n".to_vec(), vec![0; 70_000]] {
            let marked = [&head[..], b"\xef\xbb\xbf", log.as_bytes()].concat();
            let read = dated(&marked);
            assert_eq!((read.rows.len(), read.flaws.len()), (3, 1), "{log}: {:?}", read.flaws);
            for big_endian in [false, true] {
                let read = dated(&[&head[..], &utf16(log, big_endian)].concat());
                assert_eq!((read.rows.len(), read.flaws.len()), (3, 1), "{log}: {:?}", read.flaws);
                assert_eq!(read.flaws[0].length, Some(head.len() as u64));
            }
        }
    }
}

#[test]
fn chunks_of_an_event_log_behind_garbage() {
    let bytes = file(&[&chunk(1..4), &chunk(4..6)]);
    for head in [noise(777), noise(70_000), noise(1 << 20)] {
        for (log, header) in [(&bytes[..], 0), (&bytes[4_096..], 1)] {
            let read = read(&[&head[..], log].concat());
            assert_eq!(read.rows.len(), 5);
            assert_eq!(lost(&read.flaws)[0], ("head-foreign", 0, head.len() as u64));
            assert_eq!(read.flaws.len(), 1 + header, "{:?}", read.flaws);
        }
    }
}

#[test]
fn compressed_logs_behind_zeros_are_read_and_behind_garbage_named() {
    let packed = zstd::stream::encode_all(JSON.as_bytes(), 1).unwrap();
    let foreign = [&b"garbage\n"[..], &packed[..6], &noise(500)].concat();
    let read = dated(&[&[0; 4_096], &packed[..]].concat());
    assert_eq!((read.rows.len(), lost(&read.flaws)), (3, vec![("zeros", 0, 4_096)]));
    assert_eq!(dated(&foreign).flaws[0].reason.code, "format-unknown");
}

#[test]
fn what_is_read_by_nobody_says_what_it_looks_like() {
    for (bytes, looks) in [
        (&b"MZ\x90\0\x03\0\0\0\x04"[..], "a Windows program or library (PE)"),
        (b"GIF89a........", "a picture (GIF)"),
        (b"\0\0\0\0\0\0", "zeros"),
        (b"\0\x05\x16\x07\0\x02\0\0Mac OS X", "attributes of a file, kept by macOS (AppleDouble)"),
        (b"2026-03-02 08:00:00 \x1b[1mhello\n", "text; its first line: 2026-03-02 08:00:00 \\u{1b}[1mhello"),
    ] {
        let read = read(bytes);
        assert_eq!(read.flaws.len(), 1, "{looks}: {:?}", read.flaws);
        let flaw = &read.flaws[0];
        assert_eq!(flaw.reason.arguments, [("looks", looks.to_owned().into())]);
        assert_eq!(
            (flaw.reason.code, flaw.offset, flaw.length),
            ("format-unknown", 0, Some(bytes.len() as u64))
        );
    }
    let json_inside = "# Manual\n\nWrite this:\n\n```json\n{\"a\": 1}\n```\n\nThen save it.\nAnd so on.\n";
    assert_eq!(read(json_inside.as_bytes()).flaws[0].reason.code, "format-unknown");
    assert_eq!(read(b"").reasons(), ["the file is empty"]);
}

/// Zeros without end, and a log behind them: held nowhere.
struct Sparse<'a> {
    zeros: u64,
    log: &'a [u8],
    at: u64,
}

impl io::Read for Sparse<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(behind) = self.at.checked_sub(self.zeros) else {
            let count = into.len().min(usize::try_from(self.zeros - self.at).unwrap_or(usize::MAX));
            into[..count].fill(0);
            self.at += count as u64;
            return Ok(count);
        };
        let count = (&self.log[usize::try_from(behind).unwrap()..]).read(into)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Sparse<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let length = self.zeros + self.log.len() as u64;
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(back) => length.saturating_add_signed(back),
            SeekFrom::Current(on) => self.at.saturating_add_signed(on),
        };
        Ok(self.at)
    }
}

#[test]
fn a_gigabyte_of_zeros_is_passed_as_it_is_read() {
    let zeros = 1 << 30;
    let input = Input::Seekable(Box::new(Sparse { zeros, log: SYSLOG.as_bytes(), at: 0 }));
    let read = read_input(input, &limits());
    assert_eq!((read.rows.len(), lost(&read.flaws)), (3, vec![("zeros", 0, zeros)]));
}

#[test]
fn zeros_longer_than_any_line_cost_no_line() {
    for log in LOGS {
        let cut = if log == PRETTY { log.find("},\n").unwrap() + 3 } else { log.find('\n').unwrap() + 1 };
        let text = [&log.as_bytes()[..cut], &[0; 700_000], &log.as_bytes()[cut..]].concat();
        let read = crate::support::read_with(&text, &Limits { record_bytes: 100_000, ..limits() });
        assert_eq!((read.rows.len(), lost(&read.flaws)), (3, vec![("zeros", cut as u64, 700_000)]), "{log}");
    }
}

#[test]
fn a_banner_and_then_zeros() {
    let zeros = vec![0; 3 << 20];
    let read = dated(&[b"a banner\n", &zeros[..], AUDIT.as_bytes()].concat());
    assert_eq!(read.rows.len(), 3);
    assert_eq!(lost(&read.flaws), [("head-foreign", 0, 9), ("zeros", 9, 3 << 20)]);
    assert_eq!(read.rows[0].line, Some(2));
}

#[test]
fn zeros_between_lines_are_told() {
    for log in LOGS {
        let cut = if log == PRETTY { log.find("},\n").unwrap() + 3 } else { log.find('\n').unwrap() + 1 };
        for zeros in [1, 4_096, 200_000, 5_000_000] {
            for end in ["", "\n"] {
                let text = [&log.as_bytes()[..cut], &vec![0; zeros], end.as_bytes(), &log.as_bytes()[cut..]]
                    .concat();
                let read = dated(&text);
                assert_eq!(read.rows.len(), 3, "{zeros} in {log}: {:?}", read.flaws);
                assert_eq!(lost(&read.flaws), [("zeros", cut as u64, zeros as u64)], "{log}");
            }
        }
    }
}

/// What may stand between lines, or before them on the line.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 1..60),
        "[ -~]{1,60}".prop_map(String::into_bytes),
        "[{}\\[\\],:\" a0]{1,30}".prop_map(String::into_bytes),
        (1usize..300).prop_map(|count| vec![0; count]),
        // Records of one identity would be one event.
        any::<u64>().prop_map(|serial| {
            format!("type=CWD msg=audit(99999999999999999999.000:{serial}): a=b").into_bytes()
        }),
        Just(b"<34>".to_vec()),
        Just(b"}".to_vec()),
        Just(b"\t at one".to_vec()),
    ]
}

/// What may stand before a log.
fn head() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 1..60),
        "[a-zA-Z0-9 .,;:=<>\n-]{1,60}".prop_map(String::into_bytes),
        (1usize..300).prop_map(|count| vec![0; count]),
        Just(b"{\"n\":1,\"t\":\"cut o".to_vec()),
    ]
}

/// The bytes of lines that are events, or go on with one.
fn seen(read: &Read, text: &[u8], goes_on: bool) -> Vec<bool> {
    let lines: std::collections::BTreeSet<u64> = read.rows.iter().filter_map(|row| row.line).collect();
    let mut seen = vec![false; text.len()];
    let (mut start, mut event) = (0, false);
    for (number, line) in (1..).zip(text.split_inclusive(|byte| *byte == b'\n')) {
        event = lines.contains(&number) || (goes_on && event && matches!(line[0], b' ' | b'\t'));
        seen[start..start + line.len()].fill(event);
        start += line.len();
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_byte_is_in_an_event_or_blank_or_in_a_flaw(
        log in 0usize..6,
        pieces in prop::collection::vec(prop_oneof![2 => Just(None), 1 => garbage().prop_map(Some)], 1..16),
    ) {
        let (log, goes_on) = ([JSON, SYSLOG, AUDIT, ACCESS, ZEEK, XML][log], log == 1);
        let mut good = (4..).flat_map(|number| {
            // Records of one number would be one event.
            log.lines().filter(|line| !line.starts_with('#')).take(1).map(move |line| line.replace(".000:1", &format!(".000:{number}")))
        });
        let mut text = log.as_bytes().to_vec();
        for piece in &pieces {
            match piece {
                Some(garbage) => text.extend(garbage),
                None => text.extend(good.next().unwrap().into_bytes()),
            }
            text.push(b'\n');
        }
        let read = dated(&text);
        let mut seen = seen(&read, &text, goes_on);
        if log == ZEEK {
            seen[..log.find("\n1.0").unwrap()].fill(true);
        }
        for flaw in &read.flaws {
            let (start, length) = (flaw.offset as usize, flaw.length.unwrap_or(0) as usize);
            seen[start..start + length].fill(true);
        }
        // Commas and brackets of an array are no content, nor is one zero behind a message.
        let blank = |at: usize| text[at].is_ascii_whitespace() || matches!(text[at], b',' | b'[' | b']' | 0x1e | 0x0b | 0x0c);
        let missed: Vec<usize> = (0..text.len()).filter(|at| !seen[*at] && !blank(*at)).collect();
        prop_assert!(missed.is_empty(), "{missed:?} of {:?}: {:?}", String::from_utf8_lossy(&text), read.flaws);
    }

    /// Objects by themselves, so that a line is not taken as seen because one object on it was.
    #[test]
    fn every_byte_of_objects_is_in_an_event_or_in_a_flaw(
        pieces in prop::collection::vec((prop_oneof![2 => Just(None), 1 => garbage().prop_map(Some)], 0usize..3), 1..16),
    ) {
        let mut text = b"{\n\"n\": 0}\n".to_vec();
        let mut objects = vec![(0, text.len())];
        for (number, (piece, between)) in pieces.iter().enumerate() {
            let start = text.len();
            match piece {
                Some(garbage) => text.extend(garbage),
                None => text.extend(format!("{{\"n\":\n{}}}", number + 1).bytes()),
            }
            if piece.is_none() {
                objects.push((start, text.len()));
            }
            text.extend([&b""[..], b"\n", b",\n"][*between]);
        }
        let read = dated(&text);
        let mut seen = vec![false; text.len()];
        for (start, end) in objects {
            let line = 1 + text[..start].iter().filter(|byte| **byte == b'\n').count() as u64;
            if read.rows.iter().any(|row| row.line == Some(line)) {
                seen[start..end].fill(true);
            }
        }
        for flaw in &read.flaws {
            let (start, length) = (flaw.offset as usize, flaw.length.unwrap_or(0) as usize);
            seen[start..start + length].fill(true);
        }
        let blank = |at: usize| text[at].is_ascii_whitespace() || matches!(text[at], b',' | b'[' | b']' | 0x1e);
        // An event may have been made of garbage: `{}`.
        let made = read.rows.iter().any(|row| row.get("n").is_empty());
        let missed: Vec<usize> = (0..text.len()).filter(|at| !seen[*at] && !blank(*at)).collect();
        prop_assert!(made || missed.is_empty(), "{missed:?} of {:?}: {:?}", String::from_utf8_lossy(&text), read.flaws);
    }

    #[test]
    fn any_head_before_a_log(log in 0usize..7, head in prop::collection::vec(head(), 1..12), line_end in any::<bool>()) {
        let mut bytes = head.concat();
        // An array that begins on the line of a broken object is taken as part of it.
        if line_end || log == 1 {
            bytes.push(b'\n');
        }
        bytes.extend(LOGS[log].bytes());
        let read = dated(&bytes);
        prop_assert!(read.rows.len() >= 2, "{:?} {:?}", read.rows, read.flaws);
    }
}
