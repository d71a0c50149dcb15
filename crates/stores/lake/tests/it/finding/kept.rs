//! What the index spares, and what becomes of it: lost, damaged, merged, cut off by a power cut.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use lake::{Compaction, Compartment, FindError, Finding, Lake, Looking};
use model::time::Instant;

use super::{BEGIN, HOUR, NOW, Row, all, columns, delivery, index, name, rows};
use crate::power::{Recorder, after_cut};

/// A row of an hour with an address.
fn connection(hour: i64, address: &str) -> Row {
    let mut row = Row { time: Some(BEGIN + hour * HOUR), ..Row::default() };
    let day = format!("2026-01-{:02}", 2 + hour / 24);
    for (name, text) in
        [("src_endpoint.ip", address), ("device.hostname", "ws01"), ("shape", "s"), ("day", &day)]
    {
        row.texts.insert(name, text.to_owned());
    }
    row
}

/// Rows that have a value, and the files that were looked at for it.
fn looked_at(lake: &Lake, value: &str) -> (u64, usize) {
    let (view, files) = (access::operator("sato", NOW), AtomicUsize::new(0));
    let found = lake.find(&Finding {
        who: Looking { view: &view, now: NOW },
        compartment: &Compartment::own(),
        values: &all(&[value]),
        from: None,
        to: None,
        rows: 0,
        stop: &AtomicBool::new(false),
        progress: &|_, of| files.store(of, Ordering::Relaxed),
    });
    (found.unwrap()[0].rows, files.into_inner())
}

/// A time at which everything that was written is old.
fn later() -> Instant {
    let since =
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + Duration::from_secs(7_200);
    Instant::from_nanoseconds(i64::try_from(since.as_nanos()).unwrap())
}

#[test]
fn files_that_cannot_have_a_value_are_not_looked_at() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    for number in 0..20 {
        let row = connection(number * 3, &format!("10.0.{number}.1"));
        writer.append(vec![rows(&[row])], &delivery(number as usize + 1)).unwrap();
    }
    assert_eq!(looked_at(&lake, "10.0.7.1"), (1, 1));
    assert_eq!(looked_at(&lake, "10.0.8.0/21"), (8, 8));
    assert_eq!(looked_at(&lake, "10.0.7.2"), (0, 0));
    // One for each delivery; without any, everything is read.
    let made = index(home.path());
    assert_eq!(made.len(), 20);
    fs::remove_file(&made[0]).unwrap();
    assert_eq!(looked_at(&lake, "10.0.7.2"), (0, 1));
    made[1..].iter().for_each(|path| fs::remove_file(path).unwrap());
    assert_eq!(looked_at(&lake, "10.0.7.1"), (1, 20));
    writer.index().unwrap();
    assert_eq!(looked_at(&lake, "10.0.7.2"), (0, 0));
    // One for each day.
    assert_eq!(index(home.path()).len(), 3);
    writer.index().unwrap();
    assert_eq!(index(home.path()).len(), 3);
    // Bytes in the middle: no footer tells.
    let damaged = index(home.path()).remove(0);
    let mut bytes = fs::read(&damaged).unwrap();
    bytes[12] ^= 1;
    fs::write(&damaged, bytes).unwrap();
    assert_eq!(looked_at(&lake, "10.0.0.1"), (1, 8));
    writer.index().unwrap();
    assert_eq!(looked_at(&lake, "10.0.0.1"), (1, 1));
    // Larger files have theirs when they are made; what speaks of the small ones goes with them.
    writer.compact(Compaction::All).unwrap();
    assert_eq!(looked_at(&lake, "10.0.7.1"), (1, 1));
    assert_eq!(looked_at(&lake, "10.0.7.2"), (0, 0));
    let removed = writer.vacuum(later(), Duration::from_secs(3_600)).unwrap();
    assert_eq!((removed.files, index(home.path()).len()), (20 + 3, 3));
    assert_eq!(looked_at(&lake, "10.0.7.1"), (1, 1));
    assert_eq!(looked_at(&lake, "10.0.7.2"), (0, 0));
}

#[test]
fn many_small_indexes_of_a_day_become_one() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let mut append = |number: i64| {
        let row = connection(number % 24, &format!("10.0.{number}.1"));
        writer.append(vec![rows(&[row])], &delivery(number as usize + 1)).unwrap();
        writer.compact(Compaction::Due).unwrap();
        index(home.path()).len()
    };
    // Sixteen are enough, long before the files themselves become one.
    let counts: Vec<usize> = (0..18).map(&mut append).collect();
    assert_eq!(counts[13..], [14, 15, 1, 2, 3]);
    assert_eq!(looked_at(&lake, "10.0.3.1"), (1, 1));
    assert_eq!(looked_at(&lake, "10.0.99.1"), (0, 0));
}

#[test]
fn a_power_cut_at_any_point_leaves_an_index_that_says_what_is_there_or_nothing() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().canonicalize().unwrap();
    let disk = Recorder::default();
    {
        let lake = Lake::open_on(&root.join("lake"), Arc::new(disk.clone())).unwrap();
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        for number in 1..=4 {
            let parts =
                [connection(number, "10.0.0.1"), connection(number * 20, &format!("10.0.{number}.1"))];
            writer.append(vec![rows(&parts)], &delivery(number as usize)).unwrap();
            if number % 2 == 0 {
                writer.compact(Compaction::All).unwrap();
                writer.vacuum(later(), Duration::from_secs(3_600)).unwrap();
            }
        }
    }
    for cut in 0..=disk.count() {
        let after = tempfile::tempdir().unwrap();
        after_cut(&root, &disk.changes()[..cut], cut as u64 + 3, after.path()).unwrap();
        let lake = Lake::open(&after.path().join("lake")).unwrap();
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        let last = writer.last(&delivery(0).shard).unwrap().unwrap_or(0);
        let check = || {
            assert_eq!(looked_at(&lake, "10.0.0.1").0, last, "cut behind change {cut}");
            for number in 1..=4 {
                let found = looked_at(&lake, &format!("10.0.{number}.1")).0;
                assert_eq!(found, u64::from(number <= last), "cut behind change {cut}");
            }
        };
        check();
        writer.index().unwrap();
        check();
        assert_eq!(looked_at(&lake, "10.0.99.1"), (0, 0), "cut behind change {cut}");
    }
}

#[test]
fn who_gave_up_or_may_look_no_more_is_told_nothing() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    writer.append(vec![rows(&[connection(1, "10.0.0.1")])], &delivery(1)).unwrap();
    let look = |stopped: bool, seconds: i64| {
        let view =
            access::operator("sato", Instant::from_nanoseconds(NOW.nanoseconds() - seconds * 1_000_000_000));
        lake.find(&Finding {
            who: Looking { view: &view, now: NOW },
            compartment: &Compartment::own(),
            values: &all(&["10.0.0.1"]),
            from: None,
            to: None,
            rows: 0,
            stop: &AtomicBool::new(stopped),
            progress: &|_, _| {},
        })
    };
    assert_eq!(look(false, 60).unwrap()[0].rows, 1);
    assert!(matches!(look(true, 0), Err(FindError::Stopped)));
    assert!(matches!(look(false, 61), Err(FindError::View(_))));
}
