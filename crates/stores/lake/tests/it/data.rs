//! Real logs become rows and are the same sheets again; see CONTRIBUTING for where they are expected.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lake::{BatchId, Labels};
use model::time::Instant;
use sources::{BATCH_BYTES, Batch, Builder, Cutter, Input, Known, Limits, Piece, Reader, Sheet, parse};

use crate::rows::{labels, tables};

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

#[test]
fn real_logs_are_the_same_sheets_again() {
    let tables = tables();
    let now = Instant::from_nanoseconds(1_780_000_000_000_000_000);
    let mut events = 0u64;
    let (evtx, otrf) = (files("evtx"), files("otrf"));
    for path in evtx.iter().chain(&otrf) {
        let mut builder = Builder::new(tables.catalogue().clone());
        let mut first_event = 0;
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
            for sheet in builder.drain() {
                let sheet = sheet.unwrap();
                let (_, rows) = lake::rows(&sheet, &labels, tables, now).unwrap();
                let found = lake::sheets(&rows, tables.catalogue()).unwrap();
                assert_eq!(found.len(), 1, "{}", path.display());
                assert_eq!(difference(&sheet, &found[0]), None, "{}: {}", path.display(), sheet.kind);
            }
            first_event += count;
            events += count;
        });
    }
    assert!(
        evtx.is_empty() || (evtx.len() >= 291 && !otrf.is_empty() && events > 300_000),
        "{events} events"
    );
}
