//! Batches are the same whatever way their events come, and each event is in one of them.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::Arc;

use flate2::write::GzEncoder;
use proptest::prelude::*;
use sources::{Batch, Builder, Cutter, Input, Known, Limits, Mark, Piece, Reader, Stored};

use crate::event_log::{chunk, file};
use crate::support::{Row, catalogue, parsed, read};

/// Bytes after which batches end in these tests.
const MOST: u64 = 1_000;

fn limits(segment_bytes: usize) -> Limits {
    Limits { segment_bytes, ..Limits::default() }
}

/// The batches of a source, and the text of its flaws.
fn batches(bytes: &[u8], known: &Arc<Known>, limits: &Limits) -> Vec<Batch> {
    let mut cutter = Cutter::new(known.clone(), MOST);
    let mut batches = Vec::new();
    for piece in Reader::open("s", Input::Seekable(Box::new(Cursor::new(bytes))), limits) {
        if let Piece::Segment(segment) = piece {
            batches.extend(cutter.push(segment));
        }
    }
    batches.extend(cutter.finish());
    batches
}

fn marks(bytes: &[u8], segment_bytes: usize) -> Vec<(Mark, Mark)> {
    let batches = batches(bytes, &Arc::default(), &limits(segment_bytes));
    batches.iter().map(|batch| (batch.start, batch.end)).collect()
}

/// What a store keeps of batches.
#[derive(Default)]
struct Store {
    known: Arc<Known>,
    rows: BTreeMap<[u8; 16], Vec<Row>>,
    /// Rows added so far, and those that were replaced.
    added: usize,
    replaced: usize,
}

impl Store {
    /// Reads a source and keeps what is new.
    fn take(&mut self, bytes: &[u8], segment_bytes: usize) {
        let mut cutter = Cutter::new(self.known.clone(), MOST);
        let mut first_event = 0;
        let limits = limits(segment_bytes);
        for piece in Reader::open("s", Input::Seekable(Box::new(Cursor::new(bytes))), &limits) {
            if let Piece::Segment(segment) = piece {
                cutter.push(segment).into_iter().for_each(|batch| self.keep(&batch, &mut first_event));
            }
        }
        cutter.finish().into_iter().for_each(|batch| self.keep(&batch, &mut first_event));
    }

    fn keep(&mut self, batch: &Batch, first_event: &mut u64) {
        if batch.start.end == 0 {
            *first_event = 0;
        }
        let events = match &batch.stored {
            Some(stored) => {
                assert_eq!(stored.first_event, *first_event);
                stored.events
            }
            None => self.add(batch, *first_event),
        };
        *first_event += events;
    }

    fn add(&mut self, batch: &Batch, first_event: u64) -> u64 {
        for replaced in &batch.replaces {
            self.replaced += self.rows.remove(&replaced.id).map_or(0, |rows| rows.len());
        }
        let mut builder = Builder::new(catalogue());
        let mut rows = Vec::new();
        for segment in &batch.segments {
            rows.extend(parsed(segment, first_event + rows.len() as u64, &mut builder).0);
        }
        let events = rows.len() as u64;
        let id = (self.rows.len() as u128 + self.added as u128 * 1_000 + (u128::from(batch.end.end) << 64))
            .to_be_bytes();
        self.added += rows.len();
        assert!(self.rows.insert(id, rows).is_none());
        let (start, end, open) = (batch.start, batch.end, batch.open);
        self.known.extend([Stored { id, start, end, first_event, events, open }]);
        events
    }

    fn all(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = self.rows.values().flatten().cloned().collect();
        rows.sort_by_key(|row| row.ordinal);
        rows
    }
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// A log of so many events in each notation of text.
fn logs(count: usize) -> Vec<(&'static str, String)> {
    let zeek = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n\
                #fields\tts\tuid\tquery\n#types\ttime\tstring\tstring\n";
    let event = |n| {
        format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/>\
             <EventID>{n}</EventID><Channel>Application</Channel></System></Event>\n"
        )
    };
    let audit = |n: usize| {
        let head = |n: usize| format!("msg=audit(1772438{:03}.101:{n}):", 400 + n);
        format!(
            "type=SYSCALL {} syscall=59 exe=\"/bin/a{n}\"\ntype=EXECVE {} argc=1 a0=\"x{n}\"\n",
            head(n),
            head(n)
        )
    };
    let system = |n: usize| {
        let more = if n.is_multiple_of(5) { "\tgoes on\n" } else { "" };
        format!("Mar  2 08:{:02}:{:02} host app[{n}]: message number {n}\n{more}", n / 60 % 60, n % 60)
    };
    vec![
        ("json lines", lines(count, |n| format!("{{\"n\":{n},\"text\":\"value {n}\"}}\n"))),
        ("json objects", lines(count, |n| format!("{{\n  \"n\": {n},\n  \"text\": \"value {n}\"\n}}\n"))),
        ("json array", format!("[{}]", lines(count, |n| format!("{{\"n\":{n},\n\"m\":[{n}]}},\n")))),
        ("xml", lines(count, event)),
        ("audit", lines(count, audit)),
        (
            "access",
            lines(count, |n| {
                format!(
                    "192.0.2.1 - - [02/Mar/2026:08:00:{:02} +0900] \"GET /{n} HTTP/1.1\" 200 12\n",
                    n % 60
                )
            }),
        ),
        ("syslog", lines(count, system)),
        ("zeek", format!("{zeek}{}", lines(count, |n| format!("1772438400.{n:06}\tC{n}\twww{n}.example\n")))),
    ]
}

#[test]
fn a_batch_ends_with_the_first_event_behind_so_many_bytes() {
    let log = lines(100, |n| format!("{{\"number\":{n:03},\"pad\":\"{}\"}}\n", "x".repeat(76)));
    let ends: Vec<u64> = marks(log.as_bytes(), 1 << 20).iter().map(|(_, end)| end.end).collect();
    assert_eq!(log.len(), 10_000);
    assert_eq!(ends, (1..=10).map(|batch| batch * 1_000).collect::<Vec<_>>());
    let other = log.replacen("000", "xxx", 1);
    assert!(
        marks(other.as_bytes(), 1 << 20).iter().zip(&marks(log.as_bytes(), 1 << 20)).all(|(a, b)| a.1 != b.1)
    );
}

#[test]
fn how_a_source_is_cut_into_segments_does_not_matter() {
    for (name, log) in logs(200) {
        let whole = marks(log.as_bytes(), 1 << 20);
        assert!(whole.len() > 3, "{name}: {} batches", whole.len());
        for segment_bytes in [1, 700, 5_000] {
            assert_eq!(marks(log.as_bytes(), segment_bytes), whole, "{name} in segments of {segment_bytes}");
        }
        let mut store = Store::default();
        store.take(log.as_bytes(), 1 << 20);
        assert_eq!(store.all(), read(log.as_bytes()).rows, "{name}");
        store.take(log.as_bytes(), 700);
        assert_eq!((store.added, store.replaced), (store.all().len(), 0), "{name} read again");
    }
}

#[test]
fn a_compressed_copy_is_the_same_batches() {
    for (name, log) in logs(100) {
        let mut store = Store::default();
        store.take(log.as_bytes(), 1 << 20);
        let added = store.added;
        let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(log.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        assert!(packed.len() < log.len());
        store.take(&packed, 1 << 20);
        let mut archive = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(log.len() as u64);
        for member in ["b/other.log", "b/other.log", "c"] {
            archive.append_data(&mut header, member, log.as_bytes()).unwrap();
        }
        store.take(&archive.into_inner().unwrap(), 1 << 20);
        assert_eq!((store.added, store.replaced), (added, 0), "{name}");
    }
}

#[test]
fn the_end_of_the_last_line_does_not_count() {
    for (name, log) in logs(30).into_iter().filter(|(name, _)| *name != "json array") {
        let mut store = Store::default();
        store.take(log.trim_end().as_bytes(), 1 << 20);
        let rows = store.all();
        store.take(log.as_bytes(), 1 << 20);
        assert_eq!((store.all(), store.replaced), (rows, 0), "{name}");
    }
}

#[test]
fn a_line_that_goes_on_replaces_what_was_there_of_it() {
    let mut store = Store::default();
    let log = "Mar  2 08:00:00 host app[1]: the first message is long enough to be known again\n\
               Mar  2 08:00:01 host app[1]: the second message goes on";
    store.take(&log.as_bytes()[..log.len() - 9], 1 << 20);
    assert_eq!(store.all().len(), 2);
    store.take(log.as_bytes(), 1 << 20);
    assert_eq!((store.added, store.replaced), (3, 1));
    // A log that begins as this one did, and has another second line, takes nothing away.
    store.take(&[&log.as_bytes()[..log.len() - 12], b"is another one\n"].concat(), 1 << 20);
    assert_eq!((store.added, store.replaced), (4, 1));
    assert_eq!(store.all().len(), 3);
}

#[test]
fn records_that_join_an_event_later_replace_it() {
    let head = |n: u32| format!("msg=audit(1772438400.101:{n}):");
    let first = format!("type=SYSCALL {} syscall=59 exe=\"/bin/a\"\n", head(1)).repeat(2);
    let mut store = Store::default();
    store.take(first.as_bytes(), 1 << 20);
    assert_eq!(store.all().len(), 1);
    let grown = format!("{first}type=EXECVE {} argc=1 a0=\"x\"\ntype=CWD {} cwd=\"/\"\n", head(1), head(2));
    store.take(grown.as_bytes(), 1 << 20);
    assert_eq!((store.all(), store.replaced), (read(grown.as_bytes()).rows, 1));
}

#[test]
fn rows_under_another_header_are_other_rows() {
    let (_, log) = logs(20).pop().unwrap();
    let other = log.replace("uid\tquery", "uid\tanswer");
    assert!(
        marks(log.as_bytes(), 1 << 20).iter().zip(&marks(other.as_bytes(), 1 << 20)).all(|(a, b)| a.1 != b.1)
    );
}

/// An event log with so many records in chunks of so many, its last chunk as full as that leaves it.
fn event_log(records: u64, each: u64) -> Vec<u8> {
    let chunks: Vec<Vec<u8>> = (0..records.div_ceil(each))
        .map(|n| chunk(n * each + 1..(n * each + each).min(records) + 1))
        .collect();
    file(&chunks.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

#[test]
fn an_event_log_that_grows_within_its_last_chunk_adds_its_new_records() {
    let mut store = Store::default();
    for records in [1, 2, 5, 6, 7, 15, 40] {
        let log = event_log(records, 6);
        store.take(&log, 1 << 20);
        assert_eq!(store.all(), read(&log).rows, "{records} records");
        assert_eq!(store.added as u64, records);
    }
    assert_eq!(store.replaced, 0);
    assert_eq!(marks(&event_log(40, 6), 1 << 20), marks(&event_log(40, 6), 1));
}

#[test]
fn a_parted_chunk_tells_its_flaws_once() {
    let mut log = event_log(12, 6);
    // A checksum that is wrong, and a record that cannot be read.
    let at = 4_096 + 512 + 700;
    log[at..at + 40].fill(0xff);
    let told = read(&log);
    assert!(!told.flaws.is_empty());
    let found = batches(&log, &Arc::default(), &limits(1 << 20));
    assert!(found.len() > 3);
    let mut builder = Builder::new(catalogue());
    let segments = found.iter().flat_map(|batch| &batch.segments);
    let parts: Vec<_> = segments.map(|segment| parsed(segment, 0, &mut builder)).collect();
    let flaws: Vec<_> = parts.iter().flat_map(|(_, flaws)| flaws.clone()).collect();
    assert_eq!(flaws, told.flaws);
    assert_eq!(parts.iter().map(|(rows, _)| rows.len()).sum::<usize>(), told.rows.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_growing_log_gives_each_event_once(
        number in 0usize..8,
        count in 1usize..60,
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        segment_bytes in prop::sample::select(vec![1usize, 300, 1 << 20]),
    ) {
        let (name, log) = logs(count).swap_remove(number);
        let bytes = log.as_bytes();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let steps = cuts.len();
        let mut store = Store::default();
        for cut in cuts.into_iter().chain([bytes.len()]) {
            store.take(&bytes[..cut], segment_bytes);
        }
        prop_assert_eq!(store.all(), read(bytes).rows, "{}", name);
        // Only what was not whole comes again.
        if name != "audit" {
            prop_assert!(store.replaced <= steps, "{}: {} replaced", name, store.replaced);
        }
    }

    #[test]
    fn a_growing_event_log_gives_each_event_once(
        steps in prop::collection::vec(1u64..30, 1..6),
        each in 1u64..12,
        segment_bytes in prop::sample::select(vec![1usize, 1 << 20]),
    ) {
        let (mut store, mut records) = (Store::default(), 0);
        for step in steps {
            records += step;
            store.take(&event_log(records, each), segment_bytes);
        }
        prop_assert_eq!(store.all(), read(&event_log(records, each)).rows);
        prop_assert_eq!((store.added as u64, store.replaced), (records, 0));
    }
}
