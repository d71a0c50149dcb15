//! Copies of the journal: as it was at one moment, while everybody acts; nothing personal in clear; and what
//! they come to is what was there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use journal::query::Select;
use journal::{Journal, JournalError, Reader, Snapshot, put_back};
use model::view::{Looking, Part};

use crate::made_up::{
    NOTES, NOW, Opened, PURSES, PurseCommand, Purses, acting, at, kinds, looking, open, take, view,
};
use crate::rebuilding::{some_acts, with_bytes};

/// All that can be read, as text: rows of all tables, and all acts.
fn everything(reader: &Reader) -> String {
    let view = view();
    let who = looking(&view);
    let mut text = String::new();
    for table in [PURSES, NOTES, "journal_subjects"] {
        let page = reader.page(who, &Select::all(table, 10_000)).expect("read");
        text += &format!("{table}\n{:?}\n", page.rows);
    }
    for stream in reader.streams::<Purses>(who).expect("read") {
        text += &format!("{stream}\n{:?}\n", reader.history(who, &stream, (0, usize::MAX)).expect("read"));
    }
    text
}

fn snapshot(journal: &Journal) -> Snapshot {
    let view = view();
    journal.freeze(looking(&view)).expect("frozen").thaw()
}

/// A home whose journal is a copy, with the keys of another one.
fn put(folder: &Path, copy: &Path, keys: &Path) -> Opened {
    let home = take(folder);
    fs::copy(copy, folder.join("home/journal.sqlite")).expect("copied");
    fs::create_dir_all(folder.join("home/keys/personal")).expect("made");
    for entry in fs::read_dir(keys.join("personal")).into_iter().flatten() {
        let key = entry.expect("an entry");
        fs::copy(key.path(), folder.join("home/keys/personal").join(key.file_name())).expect("copied");
    }
    drop(home);
    open(folder)
}

#[test]
fn a_copy_comes_to_what_was_there_and_says_nothing_personal() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    some_acts(&opened.journal);
    let job = opened.journal.job("made-up.work", "some", &acting()).expect("a job");
    let (before, copy) = (everything(opened.journal.reader()), folder.path().join("copy"));
    let snapshot = snapshot(&opened.journal);
    let rows = snapshot.rows().expect("counted");
    opened.journal.act::<Purses>("later", PurseCommand::Fill(1), &acting()).expect("done");
    snapshot.copy(&copy).expect("copied");
    drop(snapshot);
    for part in ["holder number 5", "tag 11"] {
        assert_ne!(with_bytes(&folder.path().join("home"), part.as_bytes()), Vec::<String>::new(), "{part}");
    }
    let copied = fs::read(&copy).expect("read");
    let stands = |part: &str| copied.windows(part.len()).any(|bytes| bytes == part.as_bytes());
    assert!(!stands("holder number 5") && stands("tag 11"), "acts are there, personal values are not");
    let other = tempfile::tempdir().expect("a folder");
    let again = put(other.path(), &copy, &folder.path().join("home/keys"));
    let rebuilt = again.journal.rebuild().expect("rebuilt");
    assert!(rebuilt.is_sound(), "{rebuilt:?}");
    assert_eq!(everything(again.journal.reader()), before);
    let view = view();
    assert_eq!(again.journal.reader().jobs(looking(&view)).expect("read")[0].id, job.id);
    let mut counted = self::snapshot(&again.journal).rows().expect("counted");
    // States that are kept to fold less are no part of what is there.
    counted.insert("snapshots".to_owned(), rows["snapshots"]);
    assert_eq!(counted, rows);
}

#[test]
fn nobody_acts_while_it_is_frozen_and_all_do_afterwards() {
    let folder = tempfile::tempdir().expect("a folder");
    let (opened, is_over) = (open(folder.path()), AtomicBool::new(false));
    let view = view();
    let acts = |journal: &Journal, writer: u64| {
        let mut number = 0;
        while !is_over.load(Ordering::Relaxed) {
            let id = format!("of-{writer}");
            journal.act::<Purses>(&id, PurseCommand::Fill(number), &acting()).expect("done");
            number += 1;
        }
        number
    };
    thread::scope(|scope| {
        let writers: Vec<_> = (0..3)
            .map(|writer| {
                scope.spawn({
                    let journal = &opened.journal;
                    move || acts(journal, writer)
                })
            })
            .collect();
        let (reader, mut moments) = (opened.journal.reader(), BTreeMap::new());
        let count = || {
            reader
                .streams::<Purses>(looking(&view))
                .expect("read")
                .iter()
                .map(|stream| reader.history(looking(&view), stream, (0, usize::MAX)).expect("read").len())
                .sum::<usize>()
        };
        for _ in 0..10 {
            let frozen = opened.journal.freeze(looking(&view)).expect("frozen");
            let (first, second) = (count(), count());
            assert_eq!(first, second, "somebody acted");
            let snapshot = frozen.thaw();
            assert_eq!(snapshot.rows().expect("counted")["acts"], first as u64);
            moments.insert(snapshot.head(), first);
        }
        is_over.store(true, Ordering::Relaxed);
        let done: u64 = writers.into_iter().map(|writer| writer.join().expect("no panic")).sum();
        assert!(moments.len() > 1 && done as usize >= *moments.values().max().expect("some"));
    });
}

#[test]
fn who_was_forgotten_is_listed_and_forgotten_again_in_a_copy_that_does_not_know() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    some_acts(&opened.journal);
    let copy = folder.path().join("copy");
    snapshot(&opened.journal).copy(&copy).expect("copied");
    opened.journal.forget("p5", (None, "asked"), &acting()).expect("forgotten");
    let view = view();
    let all = opened.journal.reader().forgotten(looking(&view)).expect("read");
    assert_eq!(all, snapshot(&opened.journal).forgotten().expect("read"));
    let [one] = &all[..] else { panic!("{all:?}") };
    assert_eq!((one.subject.as_str(), one.reason.as_str(), one.at), ("p5", "asked", NOW));
    assert!(one.position > 300 && one.keys.len() == 1 && one.classes.len() == 1);
    let keys = folder.path().join("home/keys");
    assert!(one.keys.iter().all(|key| !keys.join(key).exists()));
    // The key is gone, and the copy knows of no reason.
    let other = tempfile::tempdir().expect("a folder");
    let again = put(other.path(), &copy, &keys);
    assert!(!again.journal.rebuild().expect("rebuilt").is_sound());
    again.journal.forget_again(&one.subject, (&one.classes, "again"), &acting()).expect("forgotten");
    let rebuilt = again.journal.rebuild().expect("rebuilt");
    assert!(rebuilt.is_sound() && rebuilt.verified.forgotten > 0, "{rebuilt:?}");
    assert_eq!(with_bytes(other.path(), b"holder number 40"), Vec::<String>::new());
}

#[test]
fn a_copy_takes_the_place_of_a_journal_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    some_acts(&opened.journal);
    let (copy, before) = (folder.path().join("copy"), everything(opened.journal.reader()));
    let Opened { journal, home } = opened;
    snapshot(&journal).copy(&copy).expect("copied");
    journal.act::<Purses>("later", PurseCommand::CloseAt(at(9)), &acting()).expect("done");
    // While somebody reads, it is refused.
    let held = snapshot(&journal);
    drop(journal);
    assert!(matches!(put_back(&home, &copy), Err(JournalError::Busy | JournalError::Database { .. })));
    drop(held);
    put_back(&home, &copy).expect("put back");
    let journal = Journal::open(&home, kinds()).expect("opened");
    assert_eq!(everything(journal.reader()), before);
    assert!(journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn who_sees_a_part_is_given_no_copy() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let part = access::person("sato", Part::default(), NOW);
    let who = Looking { view: &part, now: NOW };
    assert!(matches!(opened.journal.freeze(who), Err(JournalError::Unknown { .. })));
    assert!(matches!(opened.journal.reader().forgotten(who), Err(JournalError::Unknown { .. })));
    assert!(matches!(Snapshot::of(&opened.home, who), Err(JournalError::Unknown { .. })));
}

#[test]
fn who_is_forgotten_while_a_copy_is_made_is_so_at_once_and_wholly_when_it_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    some_acts(&opened.journal);
    let (journal, reader) = (&opened.journal, opened.journal.reader());
    let is_there = || !with_bytes(&folder.path().join("home"), b"holder number 40").is_empty();
    assert!(is_there());
    let held = snapshot(journal);
    journal.forget("p5", (None, "asked"), &acting()).expect("forgotten");
    assert!(reader.is_forgetting("p5").expect("read"));
    assert!(!reader.is_forgetting("p6").expect("read"));
    // Everybody goes on, and what is due is done.
    journal.wake(NOW).expect("woken");
    journal.act::<Purses>("later", PurseCommand::Fill(1), &acting()).expect("done");
    assert!(reader.is_forgetting("p5").expect("read"));
    drop(held);
    journal.wake(NOW).expect("woken");
    assert!(!reader.is_forgetting("p5").expect("read") && !is_there());
}
