//! Whoever looks at a journal changes nothing, and is told nothing false while others write.
//!
//! `NOROSHI_DEATHS` says how often it is looked at, by fives.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{TryRecvError, channel};
use std::thread;

use home::Home;
use journal::effect::Command;
use journal::survey::{Surveyed, Wrong, survey};
use journal::{Fault, JournalError};
use rusqlite::Connection;

use crate::child::{Work, command, listen};
use crate::deaths::deaths;
use crate::effects;
use crate::made_up::{PurseCommand, Purses, acting, at, kinds, open};

fn look(home: &Path, is_deep: bool) -> Result<Surveyed, JournalError> {
    let home = Home::open(home).expect("a home");
    survey(&home, &kinds(), is_deep).map(|found| found.expect("a journal"))
}

/// All files below a folder, and their bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.insert(path.clone(), fs::read(&path).expect("read"));
        }
    }
    all
}

/// A folder with the home of a process that was killed while it wrote.
fn killed(work: Work, said: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = command(folder.path(), work, 0).spawn().expect("started");
    listen(&mut child, Some(said));
    child.wait().expect("gone");
    folder
}

/// A home with some acts and a personal value.
fn quiet() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    for number in 0..5 {
        opened.journal.act::<Purses>("one", PurseCommand::Fill(number), &acting()).expect("done");
    }
    opened.journal.act::<Purses>("two", PurseCommand::Hold("Hanako".to_owned()), &acting()).expect("done");
    folder
}

#[test]
fn a_look_leaves_all_files_as_they_are_and_makes_none() {
    let folder = quiet();
    let home = folder.path().join("home");
    let before = files(&home);
    for is_deep in [false, true] {
        let found = look(&home, is_deep).expect("looked");
        assert_eq!((found.commits, found.left, &found.wrong[..]), (6, 0, &[][..]), "{is_deep}");
        assert_eq!(found.personal, u64::from(is_deep));
        assert_eq!(files(&home), before, "{is_deep}");
    }
}

#[test]
fn what_a_killed_process_left_is_seen_and_stays() {
    let folder = killed(Work::Acts, 100);
    let home = folder.path().join("home");
    for without_index in [false, true] {
        if without_index {
            fs::remove_file(home.join("journal.sqlite-shm")).expect("removed");
        }
        let before = files(&home);
        for is_deep in [false, true] {
            let found = look(&home, is_deep).expect("looked");
            assert!(found.left > 0 && found.commits >= 100, "{found:?}");
            assert_eq!(found.wrong, [], "{is_deep}");
            assert!(files(&home) == before, "{without_index} {is_deep}: {:?}", files(&home).keys());
        }
    }
    drop(open(folder.path()));
    let found = look(&home, true).expect("looked");
    assert_eq!((found.left, &found.wrong[..]), (0, &[][..]));
}

/// What is found again and again while a process is at work.
fn nothing_false(work: Work) {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    let mut child = command(folder.path(), work, 0).spawn().expect("started");
    let (ended, has_ended) = channel();
    let looks = thread::scope(|scope| {
        let (child, place) = (&mut child, &home);
        scope.spawn(move || {
            listen(child, Some(usize::try_from(deaths() * 40).expect("small")));
            ended.send(()).expect("heard");
        });
        let mut looks = 0;
        while has_ended.try_recv() == Err(TryRecvError::Empty) {
            // Until the child has made its home.
            let Ok(home) = Home::open(place) else { continue };
            match survey(&home, &kinds(), looks % 2 == 1) {
                Ok(Some(found)) => assert_eq!(found.wrong, [], "{work:?}, look {looks}"),
                Ok(None) | Err(JournalError::Busy) => {}
                Err(error) => panic!("{work:?}, look {looks}: {error:?}"),
            }
            looks += 1;
        }
        looks
    });
    child.wait().expect("gone");
    assert!(looks > 0);
    // None of the files beside the database is made by who looks.
    drop(open(folder.path()));
    let left = ["journal.sqlite-wal", "journal.sqlite-shm"].map(|name| home.join(name).exists());
    assert_eq!(left, [false, false]);
    assert_eq!(look(&home, true).expect("looked").wrong, []);
}

#[test]
fn nothing_false_is_told_while_a_process_writes() {
    nothing_false(Work::Acts);
}

#[test]
fn nothing_false_is_told_while_a_process_forgets() {
    nothing_false(Work::Forgets);
}

#[test]
fn nothing_false_is_told_while_the_journal_is_opened_and_closed() {
    nothing_false(Work::Opens);
}

/// Changes the database of a quiet home, and gives what a look finds.
fn changed(change: &str, is_deep: bool) -> Vec<Wrong> {
    let folder = quiet();
    let home = folder.path().join("home");
    Connection::open(home.join("journal.sqlite")).and_then(|it| it.execute_batch(change)).expect("changed");
    look(&home, is_deep).expect("looked").wrong
}

#[test]
fn acts_that_changed_are_told() {
    let fault = Wrong::Acts;
    for is_deep in [false, true] {
        let first = changed("UPDATE acts SET bytes = bytes || ' ' WHERE position = 3", is_deep);
        assert!(first.contains(&fault(Fault::Hash(3))), "{first:?}");
        let missing = changed("DELETE FROM commits WHERE position = 2", is_deep);
        assert!(missing.contains(&fault(Fault::Missing(2))), "{missing:?}");
        let newer = changed("PRAGMA user_version = 99", is_deep);
        assert!(matches!(newer[..], [Wrong::Newer(_)]), "{newer:?}");
    }
    assert_eq!(changed("UPDATE acts SET bytes = bytes WHERE position = 3", true), []);
}

#[test]
fn keys_that_are_missing_left_or_damaged_are_told() {
    let folder = quiet();
    let home = folder.path().join("home");
    let keys = home.join("keys/personal");
    let key = fs::read_dir(&keys).expect("read").next().expect("one").expect("read").path();
    let bytes = fs::read(&key).expect("read");
    let (path, subject) = (key.clone(), "two".to_owned());
    let found = || look(&home, false).expect("looked").wrong;

    fs::write(&key, b"short").expect("written");
    assert_eq!(found(), [Wrong::KeyDamaged { path: path.clone(), subject: subject.clone() }]);
    fs::remove_file(&key).expect("removed");
    assert_eq!(found(), [Wrong::KeyMissing { path: path.clone(), subject: subject.clone() }]);
    fs::write(&key, &bytes).expect("written");
    fs::write(keys.join("00.key"), &bytes).expect("written");
    assert_eq!(found(), [Wrong::KeyUnknown { path: keys.join("00.key") }]);
    fs::remove_file(keys.join("00.key")).expect("removed");

    open(folder.path()).journal.forget("two", (None, "asked"), &acting()).expect("forgotten");
    assert_eq!(found(), []);
    fs::write(&key, &bytes).expect("written");
    assert_eq!(found(), [Wrong::KeyLeft { path, subject }]);
    // One that is to be destroyed is told when nobody is left who would.
    let note = "INSERT INTO forgotten (subject, class) SELECT subject, class FROM personal";
    let database = home.join("journal.sqlite");
    Connection::open(&database).and_then(|database| database.execute(note, [])).expect("noted");
    assert_eq!(found().len(), 1);
    let writer = crate::made_up::take(folder.path());
    assert_eq!(found(), []);
    drop(writer);
}

#[test]
fn what_is_no_journal_is_told() {
    let folder = quiet();
    let home = folder.path().join("home");
    let file = home.join("journal.sqlite");
    let bytes = fs::read(&file).expect("read");
    fs::write(&file, vec![b'x'; bytes.len()]).expect("written");
    assert_eq!(look(&home, false).expect("looked").wrong, [Wrong::NotADatabase]);
    let mut torn = bytes.clone();
    torn[2 * 4_096..5 * 4_096].fill(0);
    fs::write(&file, torn).expect("written");
    for is_deep in [false, true] {
        assert!(!look(&home, is_deep).expect("looked").wrong.is_empty());
    }
    fs::write(&file, b"").expect("written");
    let nothing = survey(&Home::open(&home).expect("a home"), &kinds(), true).expect("looked");
    assert_eq!(nothing, None);
    fs::write(home.join("journal.sqlite-wal"), b"x").expect("written");
    assert!(matches!(look(&home, true).expect("looked").wrong[..], [Wrong::Database(_)]));
    assert!(home.join("journal.sqlite-wal").exists());
}

#[test]
fn effects_that_were_given_up_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let (journal, _home) = effects::open(folder.path());
        effects::want(&journal, "one", &[effects::file(), effects::file()], at(0));
        let key = journal.due_effects("file", at(1), 1).expect("read").remove(0).key;
        let given_up = Command::GiveUp { reason: effects::reason() };
        assert_eq!(effects::say(&journal, &key, given_up), Ok(true));
    }
    let found = look(&folder.path().join("home"), false).expect("looked");
    assert_eq!((found.given_up, &found.wrong[..]), (1, &[][..]));
}
