//! Many small commits: what each costs, and what opening the table costs, as they become more.
//! `cargo bench -p lake --bench commits -- 50000`; twenty events a commit, a commit each half minute
//! of event time, compaction whenever a hundred small files may be there.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use arrow_array::RecordBatch;
use lake::{BatchId, Compaction, Compartment, Delivery, Labels, Lake, Owner, TableName, Tables};
use model::catalogue::Catalogue;
use model::event::{Kind, Place};
use model::marking::Marking;
use model::time;
use sources::{Builder, Value};

/// Commits between two lines of figures.
const STEP: u64 = 2_500;
/// Commits between two looks for what is to be compacted.
const LOOK: u64 = 100;
/// Event time between two commits, in nanoseconds.
const APART: i64 = 30_000_000_000;
/// When the first event was.
const BEGIN: i64 = 1_780_000_000_000_000_000;

fn main() {
    let count = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(2_500);
    let home = tempfile::tempdir().expect("a folder can be made");
    let tables = Tables::new(Catalogue::bundled().expect("the catalogue is right"));
    let name = TableName::new(Compartment::own(), "process_activity").expect("a name");
    let columns = tables.get(name.class()).expect("a table").schema.clone();
    println!(
        "commits  ms a commit: half  98 %  99 %  longest   compaction ms   open ms   log: files  MB   table: files  MB   peak MB"
    );
    let mut first = 0;
    while first < count {
        // As a process that was started again.
        let began = Instant::now();
        let lake = Lake::open(home.path()).expect("a lake");
        let mut writer = lake.writer(&name, &columns).expect("a writer");
        let opened = began.elapsed();
        let (mut took, mut compaction) = (Vec::new(), Duration::ZERO);
        for number in first..(first + STEP).min(count) {
            let rows = rows(number.cast_signed(), &tables);
            let delivery = Delivery { shard: "bench".parse().expect("a name"), number: number + 1 };
            let began = Instant::now();
            writer.append(vec![rows], &delivery).expect("appended");
            took.push(began.elapsed());
            if number % LOOK == LOOK - 1 {
                let began = Instant::now();
                writer.compact(Compaction::Due).expect("compacted");
                compaction = compaction.max(began.elapsed());
            }
        }
        first += STEP;
        took.sort();
        let place = |part: usize| milliseconds(took[(took.len() * part / 100).min(took.len() - 1)]);
        let (log, table) = (
            size(&home.path().join("own/process_activity/_delta_log")),
            size(&home.path().join("own/process_activity")),
        );
        println!(
            "{first:>7}  {:>17.1} {:>5.1} {:>5.1} {:>8.1}   {:>13.1} {:>9.1}   {:>10} {:>3}   {:>12} {:>3}   {:>7}",
            place(50),
            place(98),
            place(99),
            place(100),
            milliseconds(compaction),
            milliseconds(opened),
            log.files,
            log.bytes >> 20,
            table.files,
            table.bytes >> 20,
            peak(),
        );
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// The rows of a commit.
fn rows(number: i64, tables: &Tables) -> RecordBatch {
    let mut builder = Builder::new(tables.catalogue().clone());
    let source = builder.source(&"bench.evtx".into());
    for event in 0..20i64 {
        let time = Some(time::Instant::from_nanoseconds(BEGIN + number * APART + event * APART / 20));
        let place = Place { ordinal: event.unsigned_abs() + 1, time, ..Place::default() };
        builder.begin(source, &Kind::new("windows", "Security", Some(4688)), &place);
        builder.field("Computer", Value::text(&format!("ws{:03}", number * 7 % 500)));
        builder.field("NewProcessName", Value::text(&format!("C:\\Programs\\{}.exe", event * number % 97)));
        builder.field("NewProcessId", Value::text(&format!("0x{:x}", event * 31 + number)));
        builder.field("CommandLine", Value::text(&format!("tool --number {number} --event {event}")));
        builder.field("SubjectUserName", Value::text(&format!("user{}", number % 300)));
    }
    let sheets = builder.finish().expect("sheets");
    let owner =
        Owner { compartment: Compartment::own(), organisation: "aoba".to_owned(), source: String::new() };
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    let labels =
        Labels { batch: BatchId::from(id), first_event: 0, owner, marking: Marking::default(), reader: 1 };
    let now = time::Instant::from_nanoseconds(BEGIN + number * APART);
    lake::rows(&sheets[0], &labels, tables, now).expect("rows").1
}

/// Files below a folder.
#[derive(Default)]
struct Size {
    files: u64,
    bytes: u64,
}

fn size(folder: &Path) -> Size {
    let mut size = Size::default();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                size.files += 1;
                size.bytes += fs::metadata(&path).map_or(0, |data| data.len());
            }
        }
    }
    size
}

/// The most memory that the process had, in MB.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.map_or("?".to_owned(), |kilobytes| (kilobytes >> 10).to_string())
}
