//! Kept once, recovered after a death, superseded by what is better.

use std::fs;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use lake::{Compartment, Delivery, Looking, TableName};
use observations::{Kept, ObservationsError};

use crate::support::{NOW, copy, entries, events, keep, log, open, read, rows, terms, view};

#[test]
fn what_is_kept_is_in_the_lake_once_under_whatever_name() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a.json"), folder.path().join("b.json"));
    fs::write(&a, log(0..10_000)).unwrap();
    fs::write(&b, log(0..11_000)).unwrap();
    let place = folder.path().join("home");
    {
        let (_home, mut observations, opened) = open(&place).unwrap();
        assert_eq!((opened.recovered, opened.damages.len(), opened.unreadable.len()), (0, 0, 0));
        let terms = terms(&mut observations, "");
        assert_eq!(
            keep(&mut observations, &terms, std::slice::from_ref(&a)),
            [Kept::Now, Kept::Now, Kept::Now]
        );
        let committed = observations.settle().unwrap();
        assert_eq!((committed.batches, committed.rows), (3, events(0..10_000)));
        // The same batch again, as by two readings at once.
        let again = read(std::slice::from_ref(&a), &Arc::default(), false);
        let first = observations.keep(terms.prepare(again[0].clone(), NOW).unwrap()).unwrap();
        assert_eq!(first, Kept::Before(a.display().to_string().into()));
    }
    let (_home, mut observations, opened) = open(&place).unwrap();
    assert_eq!(opened.recovered, 0);
    let terms = terms(&mut observations, "");
    assert_eq!(keep(&mut observations, &terms, &[a, b]), [Kept::Now]);
    observations.settle().unwrap();
    let rows = rows(&observations);
    assert_eq!(rows.len() as u64, events(0..11_000));
    let mut distinct = rows.clone();
    distinct.dedup();
    assert_eq!(rows, distinct);
    let held =
        fs::read_dir(place.join("spool")).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len());
    assert!(held.sum::<u64>() < 100, "the spool lets go of what is in the lake");
}

#[test]
fn what_a_process_left_in_the_spool_comes_into_the_lake() {
    let folder = tempfile::tempdir().unwrap();
    let log_path = folder.path().join("a.json");
    fs::write(&log_path, log(0..10_000)).unwrap();
    let (place, dead) = (folder.path().join("home"), folder.path().join("dead"));
    let (_home, mut observations, _) = open(&place).unwrap();
    let terms = terms(&mut observations, "");
    // Three batches are too few to be added by themselves.
    keep(&mut observations, &terms, &[log_path]);
    copy(&place, &dead);
    observations.settle().unwrap();
    let expected = rows(&observations);
    assert_eq!(expected.len() as u64, events(0..10_000));
    let (_home, recovered, opened) = open(&dead).unwrap();
    assert_eq!(opened.recovered, 3);
    assert_eq!(rows(&recovered), expected);
}

#[test]
fn identical_logs_of_two_sources_are_kept_apart() {
    let folder = tempfile::tempdir().unwrap();
    let log_path = folder.path().join("a.json");
    fs::write(&log_path, log(0..50)).unwrap();
    let (_home, mut observations, _) = open(&folder.path().join("home")).unwrap();
    for source in ["ws01", "ws02", "ws01"] {
        let terms = terms(&mut observations, source);
        let kept = keep(&mut observations, &terms, std::slice::from_ref(&log_path));
        assert!(kept.iter().all(|kept| *kept == Kept::Now));
    }
    observations.settle().unwrap();
    assert_eq!(rows(&observations).len() as u64, 2 * events(0..50));
}

#[test]
fn a_newer_reader_supersedes_and_an_equal_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let log_path = folder.path().join("a.json");
    fs::write(&log_path, log(0..50)).unwrap();
    let (_home, mut observations, _) = open(&folder.path().join("home")).unwrap();
    let mut terms = terms(&mut observations, "");
    keep(&mut observations, &terms, std::slice::from_ref(&log_path));
    let mut ids = Vec::new();
    for (reader, expected_new) in [(1, false), (2, true), (2, false), (4, true), (3, false)] {
        terms.reader = reader;
        let contents = read(std::slice::from_ref(&log_path), &terms.known(), true);
        let prepared = terms.prepare(contents[0].clone(), NOW).unwrap();
        let entry = prepared.entry().clone();
        let kept = observations.keep(prepared).unwrap();
        assert_eq!(kept == Kept::Now, expected_new, "reader {reader}");
        if expected_new {
            ids.push(entry.batch);
        }
    }
    observations.settle().unwrap();
    let entries = entries(&observations);
    let of = |reader| entries.iter().find(|entry| entry.reader == reader).unwrap();
    assert_eq!(entries.len(), 3);
    assert_eq!(of(2).replaces, [of(1).batch]);
    assert_eq!(of(4).replaces, [of(1).batch, of(2).batch]);
    assert_eq!(ids, [of(2).batch, of(4).batch]);
}

#[test]
fn a_line_that_grows_supersedes_its_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let log_path = folder.path().join("a.json");
    let whole = log(0..3);
    let (_home, mut observations, _) = open(&folder.path().join("home")).unwrap();
    let terms = terms(&mut observations, "");
    let mut keep_now = |text: &str| {
        fs::write(&log_path, text).unwrap();
        keep(&mut observations, &terms, std::slice::from_ref(&log_path)).len()
    };
    assert_eq!(keep_now(&whole[..whole.len() - 100]), 2);
    assert_eq!(keep_now(whole.trim_end()), 1);
    // Only the end of the line comes.
    assert_eq!(keep_now(&whole), 0);
    observations.settle().unwrap();
    let entries = entries(&observations);
    let open_one = entries.iter().find(|entry| entry.open.is_some() && entry.replaces.is_empty()).unwrap();
    let better = entries.iter().find(|entry| !entry.replaces.is_empty()).unwrap();
    assert_eq!(better.replaces, [open_one.batch]);
    assert_eq!((better.first_event, better.events), (2, 1));
}

#[test]
fn nothing_is_taken_when_the_disk_is_nearly_full_and_what_was_acknowledged_stays() {
    let folder = tempfile::tempdir().unwrap();
    let log_path = folder.path().join("a.json");
    fs::write(&log_path, log(0..10_000)).unwrap();
    let place = folder.path().join("home");
    let (home, observations, _) = open(&place).unwrap();
    let left = Arc::new(std::sync::atomic::AtomicU64::new(1 << 40));
    let look = left.clone();
    let room = move || Ok(look.load(std::sync::atomic::Ordering::Relaxed));
    let mut observations = observations.with_room(Box::new(room));
    let terms = terms(&mut observations, "");
    let mut contents = read(&[log_path], &terms.known(), false).into_iter();
    observations.keep(terms.prepare(contents.next().unwrap(), NOW).unwrap()).unwrap();
    left.store(100 << 20, std::sync::atomic::Ordering::Relaxed);
    let second = contents.next().unwrap();
    let refused = observations.keep(terms.prepare(second.clone(), NOW).unwrap());
    assert!(matches!(refused, Err(ObservationsError::Room { left, .. }) if left == 100 << 20));
    left.store(1 << 40, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(observations.keep(terms.prepare(second, NOW).unwrap()).unwrap(), Kept::Now);
    drop(observations);
    drop(home);
    let (_home, observations, opened) = open(&place).unwrap();
    assert_eq!(opened.recovered, 2);
    assert!(!rows(&observations).is_empty());
}

#[test]
fn another_spool_in_the_same_place_is_not_taken_for_known() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a.json"), folder.path().join("b.json"));
    fs::write(&a, log(0..50)).unwrap();
    fs::write(&b, log(50..90)).unwrap();
    let place = folder.path().join("home");
    {
        let (_home, mut observations, _) = open(&place).unwrap();
        let terms = terms(&mut observations, "");
        keep(&mut observations, &terms, &[a]);
        observations.settle().unwrap();
    }
    // Somebody removes the segments, or all of the folder.
    for entry in fs::read_dir(place.join("spool")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some() {
            fs::remove_file(path).unwrap();
        }
    }
    let (_home, mut observations, _) = open(&place).unwrap();
    let terms = terms(&mut observations, "");
    keep(&mut observations, &terms, &[b]);
    observations.settle().unwrap();
    assert_eq!(rows(&observations).len() as u64, events(0..90));
}

#[test]
fn an_order_that_cannot_be_done_is_told_to_who_gave_it_and_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (_home, mut observations, _) = open(&folder.path().join("home")).unwrap();
    let terms = terms(&mut observations, "");
    let orders = observations.orders();
    let written = |name: &str, lines| {
        let path = folder.path().join(name);
        fs::write(&path, log(lines)).map(|()| path).unwrap()
    };
    let first = written("a.json", 0..50);
    keep(&mut observations, &terms, std::slice::from_ref(&first));
    let table = TableName::new(Compartment::own(), "flaws").unwrap();
    let nonsense: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let rows = RecordBatch::try_from_iter([("nonsense", nonsense)]).unwrap();
    let from = |number| Delivery { shard: "somebody".parse().unwrap(), number };
    assert!(orders.add_rows(&table, vec![rows], from(1)).is_err());
    assert_eq!(orders.ended(), None);
    // What comes goes on into the lake, and so does what somebody orders rightly.
    let second = written("b.json", 50..90);
    keep(&mut observations, &terms, std::slice::from_ref(&second));
    orders.settle().unwrap();
    orders.tidy(NOW).unwrap();
    orders.add_rows(&table, Vec::new(), from(2)).unwrap();
    assert_eq!(orders.last(&table, &"somebody".parse().unwrap()).unwrap(), Some(2));
    let kept: u64 = entries(&observations).iter().map(|entry| entry.events).sum();
    assert_eq!(kept, events(0..90));
}

#[test]
fn nothing_is_added_to_the_lake_while_it_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let log_path = folder.path().join("a.json");
    fs::write(&log_path, log(0..10_000)).unwrap();
    let (_home, mut observations, _) = open(&folder.path().join("home")).unwrap();
    let terms = terms(&mut observations, "");
    keep(&mut observations, &terms, &[log_path]);
    let orders = observations.orders();
    let view = view();
    let versions = || orders.lake().pin(Looking { view: &view, now: NOW }).unwrap();
    // What was kept before is there.
    let still = orders.hold().unwrap();
    assert_eq!(rows(&observations).len() as u64, events(0..10_000));
    let before = versions();
    std::thread::scope(|scope| {
        let added = scope.spawn(|| {
            let own = Compartment::own();
            let table = TableName::new(own, lake::batches::BATCHES).unwrap();
            let from = Delivery { shard: "other".parse().unwrap(), number: 1 };
            orders.add_rows(&table, Vec::new(), from).unwrap();
        });
        // However often it is looked at.
        for _ in 0..200 {
            assert_eq!(versions(), before);
        }
        drop(still);
        added.join().unwrap();
    });
    assert_ne!(versions(), before);
}
