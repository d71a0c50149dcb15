//! What is noted, what is a repetition, and where segments end.

use std::collections::BTreeSet;
use std::thread;

use access_log::{AccessLog, Book, Durable, Limits, Look, verify};
use model::marking::Tlp;

use crate::support::{entries, filled, look, owners, place, segments};

#[test]
fn within_a_minute_the_same_is_said_once() {
    type Change = fn(&mut Look);
    for (name, change, is_repeated) in [
        ("the very same", (|_| {}) as Change, true),
        ("later in the minute", |look| look.at = crate::support::at(59), true),
        ("fewer rows", |look| look.rows = 4, true),
        ("a freer mark", |look| look.tlp = Some(Tlp::Green), true),
        ("more rows", |look| look.rows = 6, false),
        ("a stricter mark", |look| look.tlp = Some(Tlp::Red), false),
        ("one more owner", |look| look.owners = owners(&["aoba", "misaki"]), false),
        ("another owner", |look| look.owners = owners(&["misaki"]), false),
        ("no owner", |look| look.owners = owners(&[]), false),
        ("the next minute", |look| look.at = crate::support::at(60), false),
        ("the minute before", |look| look.at = crate::support::at(-1), false),
        ("another query", |look| look.what = "SELECT 2".to_owned(), false),
        ("another book", |look| look.book = Book::Files, false),
        ("somebody else", |look| look.viewer = "local:1001".parse().expect("a subject"), false),
    ] {
        let (_folder, path) = place();
        let log = AccessLog::open(&path).expect("opened");
        let first = look(0, "SELECT 1");
        assert!(!log.append(&first, Durable::No).expect("noted").is_repeated);
        let mut second = first.clone();
        change(&mut second);
        let noted = log.append(&second, Durable::Yes).expect("noted");
        assert_eq!(noted.is_repeated, is_repeated, "{name}");
        assert_eq!(noted.number, 2 - u64::from(is_repeated), "{name}");
        assert_eq!(verify(&path).expect("walked").records, noted.number, "{name}");
    }
}

#[test]
fn what_was_said_before_another_owner_came_is_not_said_again() {
    let (_folder, path) = place();
    let log = AccessLog::open(&path).expect("opened");
    let (one, mut other) = (look(0, "q"), look(0, "q"));
    other.owners = owners(&["misaki"]);
    let numbers =
        [&one, &other, &one, &other].map(|look| log.append(look, Durable::No).expect("noted").number);
    assert_eq!(numbers, [1, 2, 1, 2]);
}

#[test]
fn other_processes_say_it_themselves() {
    let (_folder, path) = place();
    let numbers = [(); 2].map(|()| {
        let log = AccessLog::open(&path).expect("opened");
        log.append(&look(0, "q"), Durable::Yes).expect("noted").number
    });
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn what_is_remembered_is_bounded() {
    let (_folder, path) = place();
    let log = AccessLog::open(&path).expect("opened");
    let again =
        |number: u32| log.append(&look(0, &number.to_string()), Durable::No).expect("noted").is_repeated;
    assert!((0..4_096).all(|number| !again(number)));
    assert!(again(0), "all of them are remembered");
    assert!(!again(4_096), "one too many");
    assert!(!again(0) && again(4_096));
}

#[test]
fn a_segment_ends_with_the_record_that_fills_it() {
    let (_folder, path) = place();
    let log = filled(&path, 700, 10);
    let names: Vec<String> = segments(&path).into_iter().map(|(name, _)| name).collect();
    assert!(names.len() > 2, "{names:?}");
    for (name, bytes) in &segments(&path)[..names.len() - 1] {
        let ends = crate::support::ends(bytes);
        assert!(bytes.len() >= 700 && ends[ends.len() - 2] < 700, "{name}");
    }
    let numbers: Vec<u64> = entries(&path).expect("read").0.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
    assert!(verify(&path).expect("walked").faults.is_empty());
    drop(log);
    // Whoever opens it anew goes on, with segments of the usual length.
    let log = AccessLog::open(&path).expect("opened");
    assert_eq!(log.append(&look(0, "q"), Durable::No).expect("noted").number, 11);
    assert_eq!(segments(&path).len(), names.len());
}

#[test]
fn threads_add_at_once_and_each_look_has_its_number() {
    let (_folder, path) = place();
    let log = AccessLog::open_within(&path, Limits { segment: 10_000 }).expect("opened");
    let numbers: Vec<u64> = thread::scope(|scope| {
        let add = |thread: i64| {
            let note = |count| log.append(&look(0, &format!("{thread}-{count}")), Durable::Yes);
            (0..50).map(|count| note(count).expect("noted").number).collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..4).map(|thread| scope.spawn(move || add(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("ended")).collect()
    });
    assert_eq!(numbers.iter().copied().collect::<BTreeSet<_>>(), (1..=200).collect());
    let found = entries(&path).expect("read");
    let whats: BTreeSet<&str> = found.0.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!((found.0.len(), whats.len(), found.1.len()), (200, 200, 0));
}

#[test]
fn a_mark_above_green_needs_a_durable_record() {
    for (tlp, expected) in [
        (None, Durable::No),
        (Some(Tlp::Clear), Durable::No),
        (Some(Tlp::Green), Durable::No),
        (Some(Tlp::Amber), Durable::Yes),
        (Some(Tlp::AmberStrict), Durable::Yes),
        (Some(Tlp::Red), Durable::Yes),
    ] {
        assert_eq!(Durable::needed(tlp), expected, "{tlp:?}");
    }
}

#[test]
fn where_nothing_is_nothing_is_wrong() {
    let (_folder, path) = place();
    assert_eq!(entries(&path).expect("read"), (Vec::new(), Vec::new()));
    assert_eq!(verify(&path).expect("walked").records, 0);
    assert!(!path.exists());
    let _log = AccessLog::open(&path).expect("opened");
    let verified = verify(&path).expect("walked");
    assert_eq!((verified.number, verified.last, verified.faults.len()), (0, [0; 32], 0));
}
