//! What questions see: whole batches, and the better one of two readings.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use lake::Lake;
use observations::Kept;
use serde_json::Value;

use crate::support::{COUNT, NOW, ask, copy, events, keep, log, newest_commit, open, read, terms};

#[test]
fn a_better_reading_takes_the_place_of_what_it_supersedes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, log(0..50)).unwrap();
    let (_home, mut observations, _) = open(&folder.path().join("home")).unwrap();
    let mut terms = terms(&mut observations, "");
    keep(&mut observations, &terms, std::slice::from_ref(&path));
    observations.settle().unwrap();
    let lake = observations.lake().clone();
    assert_eq!(ask(&lake, COUNT), [events(0..50)]);
    terms.reader = 2;
    for contents in read(&[path], &terms.known(), true) {
        assert_eq!(observations.keep(terms.prepare(contents, NOW).unwrap()).unwrap(), Kept::Now);
    }
    observations.settle().unwrap();
    assert_eq!(ask(&lake, COUNT), [events(0..50)]);
    assert_eq!(ask(&lake, "SELECT DISTINCT reader FROM events"), [2]);
    assert_eq!(ask(&lake, "SELECT DISTINCT reader FROM process_activity"), [2]);
    assert_eq!(ask(&lake, "SELECT count(*) FROM batches"), [2]);
}

/// Puts the newest commit of a table away, as if it had not been made yet.
fn take_back(table: &Path) {
    fs::remove_file(newest_commit(table)).unwrap();
}

#[test]
fn nobody_sees_half_a_batch_while_its_tables_are_added_to() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("a.json"), folder.path().join("b.json"));
    fs::write(&first, log(0..100)).unwrap();
    fs::write(&second, log(150..250)).unwrap();
    let place = folder.path().join("home");
    let (_home, mut observations, _) = open(&place).unwrap();
    let terms = terms(&mut observations, "");
    keep(&mut observations, &terms, &[first]);
    observations.settle().unwrap();
    keep(&mut observations, &terms, &[second]);
    copy(&place, &folder.path().join("spooled"));
    observations.settle().unwrap();
    // The tables in the order in which they were added to; batches is the last.
    let tables = ["dns_activity", "network_activity", "process_activity", "flaws", "batches"];
    let count = |lake: &Lake| -> BTreeMap<&str, Value> {
        let of = |table: &'static str| (table, ask(lake, &format!("SELECT count(*) FROM {table}")).remove(0));
        tables.into_iter().map(of).collect()
    };
    let (before, after) = (events(0..100), events(0..100) + events(150..250));
    for done in 0..=tables.len() {
        let half = folder.path().join(format!("half{done}"));
        copy(&place, &half);
        for table in &tables[done..] {
            take_back(&half.join("lake/own").join(table));
        }
        let lake = Lake::open(&half.join("lake")).unwrap();
        let seen = ask(&lake, COUNT);
        let is_done = done == tables.len();
        assert_eq!(seen, [if is_done { after } else { before }], "{done} tables added to");
        let counts = count(&lake);
        let whole: u64 = tables[..3].iter().filter_map(|table| counts[table].as_u64()).sum();
        assert_eq!(vec![Value::from(whole)], seen, "{done}: {counts:?}");
        // Delivered again, it is whole, and once.
        fs::remove_dir_all(half.join("spool")).unwrap();
        copy(&folder.path().join("spooled/spool"), &half.join("spool"));
        drop(lake);
        let (_home, observations, opened) = open(&half).unwrap();
        assert_eq!(opened.recovered, u64::from(!is_done));
        assert_eq!(ask(observations.lake(), COUNT), [after], "{done}");
    }
}
