//! Real logs become rows and are the same sheets again; see CONTRIBUTING for where they are expected.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use lake::{BatchId, Compacted, Compaction, Delivery, Labels, Lake, Looking, Shard, TableName, Writer};
use model::time::Instant;
use sources::{BATCH_BYTES, Batch, Builder, Cutter, Input, Known, Limits, Piece, Reader, Sheet, parse};

use crate::rows::{labels, tables};

const NOW: Instant = Instant::from_nanoseconds(1_780_000_000_000_000_000);

/// The files of a set; none, and that is a fault only where data is required.
fn files(set: &str) -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("NOROSHI_DATA") else {
        assert!(
            std::env::var_os("NOROSHI_REQUIRE").is_none(),
            "data is required, and NOROSHI_DATA is not set"
        );
        return Vec::new();
    };
    let mut waiting = vec![Path::new(&folder).join(set)];
    let mut files = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { waiting.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// The batches of a file.
fn batches(path: &Path, mut take: impl FnMut(&Batch)) {
    let input = Input::Seekable(Box::new(File::open(path).unwrap()));
    let mut cutter = Cutter::new(Arc::<Known>::default(), BATCH_BYTES);
    for piece in Reader::open(&path.to_string_lossy(), input, &Limits::default()) {
        if let Piece::Segment(segment) = piece {
            cutter.push(segment).iter().for_each(&mut take);
        }
    }
    cutter.finish().iter().for_each(take);
}

/// Where two sheets differ.
fn difference(given: &Sheet, found: &Sheet) -> Option<String> {
    let (a, b) = (given.rows().unwrap(), found.rows().unwrap());
    if (&given.kind, given.grouped, a.events()) != (&found.kind, found.grouped, b.events()) {
        return Some(format!("{} events of {}", b.events(), found.kind));
    }
    let columns: HashMap<&str, usize> =
        (0..).zip(b.columns()).map(|(at, column)| (column.name, at)).collect();
    if columns.len() != a.columns().len() {
        return Some(format!("{} columns, not {}", columns.len(), a.columns().len()));
    }
    for event in 0..a.events() {
        let (here, there) = (a.records(event), b.records(event));
        let places = a.place(event) == b.place(event) && a.source_path(event) == b.source_path(event);
        if !places || here.len() != there.len() {
            return Some(format!("event {event} stands elsewhere"));
        }
        for column in a.columns() {
            let Some(other) = columns.get(column.name).map(|at| &b.columns()[*at]) else {
                return Some(format!("no column {}", column.name));
            };
            for (here, there) in here.clone().zip(there.clone()) {
                let values = column.ids(here).iter().map(|id| (column.value(*id), column.is_derived(*id)));
                let others = other.ids(there).iter().map(|id| (other.value(*id), other.is_derived(*id)));
                if !values.eq(others) {
                    return Some(format!("{} of event {event}", column.name));
                }
            }
        }
    }
    None
}

/// The sheets of a file, batch by batch; gives the number of its events.
fn sheets(path: &Path, mut take: impl FnMut(&Labels, Vec<Sheet>)) -> u64 {
    let mut builder = Builder::new(tables().catalogue().clone());
    let (mut first_event, mut events) = (0, 0);
    batches(path, |batch| {
        first_event = if batch.start.end == 0 { 0 } else { first_event };
        let mut count = 0;
        for segment in &batch.segments {
            builder.count_from(first_event + count);
            count += parse(segment, &mut builder).events;
        }
        let labels = labels();
        let batch = BatchId::of(&labels.owner, &batch.end, first_event);
        let labels = Labels { batch, first_event, ..labels };
        take(&labels, builder.drain().map(Result::unwrap).collect());
        first_event += count;
        events += count;
    });
    events
}

#[test]
fn real_logs_are_the_same_sheets_again() {
    let mut events = 0;
    let (evtx, otrf) = (files("evtx"), files("otrf"));
    for path in evtx.iter().chain(&otrf) {
        events += sheets(path, |labels, sheets| {
            for sheet in sheets {
                let (_, rows) = lake::rows(&sheet, labels, tables(), NOW).unwrap();
                let found = lake::sheets(&rows, tables().catalogue()).unwrap();
                assert_eq!(found.len(), 1, "{}", path.display());
                assert_eq!(difference(&sheet, &found[0]), None, "{}: {}", path.display(), sheet.kind);
            }
        });
    }
    assert!(
        evtx.is_empty() || (evtx.len() >= 291 && !otrf.is_empty() && events > 300_000),
        "{events} events"
    );
}

/// Batches in a commit of each of their tables.
const TOGETHER: u64 = 8;

/// Puts files into a lake, and makes its small files large.
fn fill(lake: &Lake, files: &[PathBuf]) -> Compacted {
    let mut writers: HashMap<TableName, (Writer, Vec<RecordBatch>)> = HashMap::new();
    let shard: Shard = "k".parse().unwrap();
    let mut seen = HashSet::new();
    let mut number = 0;
    let commit = |writer: &mut Writer, rows: &mut Vec<RecordBatch>, number| {
        let delivery = Delivery { shard: shard.clone(), number };
        writer.append(std::mem::take(rows), &delivery).unwrap();
    };
    for path in files {
        sheets(path, |labels, sheets| {
            // Some files have the same bytes as others.
            if !seen.insert(labels.batch) {
                return;
            }
            number += 1;
            for sheet in sheets {
                let (table, rows) = lake::rows(&sheet, labels, tables(), NOW).unwrap();
                let name: TableName = format!("own/{}", table.class).parse().unwrap();
                let writer = || (lake.writer(&name, &table.schema).unwrap(), Vec::new());
                writers.entry(name.clone()).or_insert_with(writer).1.push(rows);
            }
            if number % TOGETHER == 0 {
                let waiting = writers.values_mut().filter(|(_, rows)| !rows.is_empty());
                waiting.for_each(|(writer, rows)| commit(writer, rows, number));
            }
        });
    }
    let mut done = Compacted::default();
    for (writer, rows) in writers.values_mut() {
        commit(writer, rows, number + 1);
        let Compacted { from, into } = writer.compact(Compaction::All).unwrap();
        done.from += from;
        done.into += into;
    }
    done
}

#[test]
fn real_logs_are_the_same_sheets_after_compaction() {
    let view = access::operator("sato", NOW);
    let who = Looking { view: &view, now: NOW };
    for files in [files("evtx"), files("otrf")] {
        let home = tempfile::tempdir().unwrap();
        let lake = Lake::open(home.path()).unwrap();
        let Compacted { from, into } = fill(&lake, &files);
        assert!(files.is_empty() || (into > 0 && from > 2 * into), "{from} files became {into}");
        let mut first = HashSet::new();
        for path in &files {
            sheets(path, |labels, sheets| {
                if !first.insert(labels.batch) {
                    return;
                }
                let mut found = HashMap::new();
                for sheet in &sheets {
                    let class = &tables().of(&sheet.kind).class;
                    found.entry(class).or_insert_with(|| {
                        let name = format!("own/{class}").parse().unwrap();
                        let parts = lake.batch(who, &name, labels.batch).unwrap();
                        let rows = concat_batches(&parts[0].schema(), &parts).unwrap();
                        lake::sheets(&rows, tables().catalogue()).unwrap()
                    });
                }
                for sheet in &sheets {
                    let found = &found[&tables().of(&sheet.kind).class];
                    let found = found.iter().find(|found| found.kind == sheet.kind).unwrap();
                    assert_eq!(difference(sheet, found), None, "{}: {}", path.display(), sheet.kind);
                }
            });
        }
    }
}
