//! Files that cannot be opened, more files than descriptors, and contents that are nearly the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tail::{Event, Log, Tail};

use crate::memory::Memory;

fn write(disk: &Memory, path: &Path, text: &str) {
    let writer = disk.writer(path);
    disk.append(&writer, text.as_bytes());
}

/// Looks and reads once; says what came.
fn turn(disk: &Memory, tail: &mut Tail<Memory>, given: &mut BTreeMap<Log, String>) -> Vec<Event> {
    disk.pass(500);
    let events = tail.look(&disk.paths(), disk.now(), &|| false);
    for log in tail.live() {
        while let Some(bytes) = tail.read(log, 10, disk.now()) {
            given.entry(log).or_default().push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
    events
}

#[test]
fn three_hundred_logs_are_read_with_eight_descriptors() {
    let disk = Memory::new(false, 8);
    let mut tail = Tail::new(disk.clone(), 256);
    let paths: Vec<PathBuf> = (0..300).map(|number| PathBuf::from(format!("l/host{number}.log"))).collect();
    let mut given = BTreeMap::new();
    for round in 0..3 {
        for (number, path) in paths.iter().enumerate() {
            write(&disk, path, &format!("{round} of {number}, a line\n"));
        }
        turn(&disk, &mut tail, &mut given);
    }
    let mut found: Vec<String> = given.into_values().collect();
    found.sort();
    let line = |round, number| format!("{round} of {number}, a line\n");
    let mut wanted: Vec<String> =
        (0..300).map(|number| (0..3).map(|round| line(round, number)).collect()).collect();
    wanted.sort();
    assert_eq!(found, wanted);
}

#[test]
fn a_file_that_cannot_be_opened_is_told_once_and_read_when_it_can() {
    let disk = Memory::new(true, 100);
    let mut tail = Tail::new(disk.clone(), 100);
    let path = Path::new("l/app.log");
    write(&disk, path, "one\n");
    disk.lock(path, true);
    let mut given = BTreeMap::new();
    let events = turn(&disk, &mut tail, &mut given);
    assert!(
        matches!(events.as_slice(), [Event::Refused { path, .. }] if path.ends_with("app.log")),
        "{events:?}"
    );
    assert!(turn(&disk, &mut tail, &mut given).is_empty());
    disk.lock(path, false);
    assert_eq!(turn(&disk, &mut tail, &mut given).len(), 1);
    assert_eq!(given.values().collect::<Vec<_>>(), ["one\n"]);
}

#[test]
fn a_look_ends_at_once_when_it_is_to_stop() {
    let disk = Memory::new(true, 100);
    let mut tail = Tail::new(disk.clone(), 100);
    write(&disk, Path::new("l/app.log"), "one\n");
    assert!(tail.look(&disk.paths(), disk.now(), &|| true).is_empty());
    assert_eq!(tail.live(), []);
}

/// A log with a long heading, read, and then filled anew with the same heading and something else.
/// Gives what was read before that could be seen, and the contents that came.
fn refilled(first: &str, second: &str) -> (Vec<u8>, Vec<String>) {
    let disk = Memory::new(true, 100);
    let mut tail = Tail::new(disk.clone(), 100);
    let (path, mut given) = (Path::new("l/app.log"), BTreeMap::new());
    let heading = "#".repeat(200);
    write(&disk, path, &format!("{heading}{first}"));
    turn(&disk, &mut tail, &mut given);
    disk.truncate(path);
    write(&disk, path, &format!("{heading}{second}"));
    let unseen =
        tail.live().into_iter().filter_map(|log| tail.read(log, 100, disk.now())).flatten().collect();
    turn(&disk, &mut tail, &mut given);
    let contents = given.into_values().map(|content| content.trim_start_matches('#').to_owned()).collect();
    (unseen, contents)
}

#[test]
fn another_content_with_the_same_heading_is_not_read_on() {
    for second in ["two, longer than the one before\n", "two\n"] {
        assert_eq!(refilled("one\n", second), (vec![], vec!["one\n".to_owned(), second.to_owned()]));
    }
}

#[test]
fn bytes_of_what_was_read_are_there_for_who_compares_a_compressed_file() {
    let disk = Memory::new(true, 100);
    let mut tail = Tail::new(disk.clone(), 100);
    let mut given = BTreeMap::new();
    write(&disk, Path::new("l/app.log"), "one\ntwo\n");
    turn(&disk, &mut tail, &mut given);
    write(&disk, Path::new("l/app.log.1.gz"), "packed");
    let events = turn(&disk, &mut tail, &mut given);
    let [Event::Began { log, .. }] = events.as_slice() else { panic!("{events:?}") };
    let mut unpacked = tail::Print::default();
    unpacked.push(b"one\ntwo\n");
    let kin: Vec<_> = tail.kin(*log).map(|(kin, print)| (kin, *print == unpacked)).collect();
    assert_eq!(kin, [(Log(1), true)]);
}
