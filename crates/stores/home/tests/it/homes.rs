//! Who may make, read and write a home.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::thread;

use home::{Holder, Home, HomeError, Writer};

fn missing(result: Result<Home, HomeError>) -> bool {
    matches!(result, Err(HomeError::Missing { .. }))
}

#[test]
fn a_writer_makes_a_home_for_its_owner_alone_and_a_reader_none() {
    let folder = tempfile::tempdir().expect("made");
    let path = folder.path().join("deep/er/home");
    assert!(missing(Home::open(&path)));
    assert!(!path.exists());
    let writer = Writer::take(&path).expect("taken");
    assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o700);
    for name in ["lock", "format", "id"] {
        assert_eq!(
            fs::metadata(path.join(name)).expect("there").permissions().mode() & 0o777,
            0o600,
            "{name}"
        );
    }
    assert_eq!(Home::open(&path).expect("read while it is written"), *writer.home());
    assert_eq!(writer.home().lake(), path.join("lake"));
}

#[test]
fn one_process_writes_and_the_next_is_told_which() {
    let folder = tempfile::tempdir().expect("made");
    let path = folder.path().join("home");
    let writer = Writer::take(&path).expect("taken");
    match Writer::take(&path) {
        Err(HomeError::Busy { holder, .. }) => assert_eq!(holder, Some(std::process::id().to_string())),
        other => panic!("{other:?}"),
    }
    drop(writer);
    assert!(Writer::take(&path).is_ok());
}

/// A child that takes a lock the same way and is killed: the lock goes with it.
#[test]
fn a_writer_that_is_killed_leaves_the_home_free() {
    let folder = tempfile::tempdir().expect("made");
    let path = folder.path().join("home");
    drop(Writer::take(&path).expect("taken"));
    let mut child = Command::new("flock")
        .arg("--exclusive")
        .arg(path.join("lock"))
        .args(["sh", "-c", "echo held; exec sleep 600"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("util-linux is there");
    let mut said = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().expect("piped"));
    std::io::BufRead::read_line(&mut out, &mut said).expect("said");
    assert!(matches!(Writer::take(&path), Err(HomeError::Busy { .. })));
    // Its own child holds the lock as well.
    let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", child.id())).expect("read");
    for number in children.split_whitespace() {
        Command::new("kill").args(["-9", number]).status().expect("killed");
    }
    child.kill().expect("killed");
    child.wait().expect("gone");
    assert!((0..100).any(|_| {
        let taken = Writer::take(&path).is_ok();
        if !taken {
            thread::yield_now();
        }
        taken
    }));
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().expect("made");
    fs::write(folder.path().join("letter"), "x").expect("written");
    assert!(matches!(Home::open(folder.path()), Err(HomeError::Foreign { .. })));
    assert!(matches!(Writer::take(folder.path()), Err(HomeError::Foreign { .. })));
    assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 1);
    let file = folder.path().join("letter");
    assert!(matches!(Writer::take(&file), Err(HomeError::Foreign { .. })));
}

#[test]
fn a_home_that_was_not_finished_is_finished_by_the_next() {
    let all = ["noroshi.toml", "lock", "id.part", "id", "format.part"];
    for left in (0..=all.len()).map(|count| &all[..count]) {
        let folder = tempfile::tempdir().expect("made");
        for name in left {
            fs::write(folder.path().join(name), "").expect("written");
        }
        assert!(missing(Home::open(folder.path())), "{left:?}");
        assert!(Writer::take(folder.path()).is_ok(), "{left:?}");
        assert!(Home::open(folder.path()).expect("a home").id().is_ok(), "{left:?}");
    }
}

#[test]
fn a_home_of_an_earlier_format_is_read_and_written_to_when_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("made");
    let path = folder.path();
    fs::write(path.join("format"), "1\n").expect("written");
    let home = Home::open(path).expect("read");
    assert!(home.format() == 1 && matches!(home.id(), Err(HomeError::Nameless { .. })));
    assert!(matches!(Writer::take(path), Err(HomeError::Outdated { found: 1, known: 2, .. })));
    assert!(!path.join("lock").exists(), "nothing was written");
    let mut writer = Writer::upgrading(path).expect("taken");
    assert!(matches!(Writer::upgrading(path), Err(HomeError::Busy { .. })));
    writer.set_format(2).expect("written");
    assert_eq!(writer.home().format(), 2);
    let id = writer.home().id().expect("an id");
    drop(writer);
    drop(Writer::take(path).expect("taken"));
    // Back and up again, it is the same home.
    Writer::upgrading(path).expect("taken").set_format(1).expect("written");
    assert!(matches!(Writer::take(path), Err(HomeError::Outdated { .. })));
    Writer::upgrading(path).expect("taken").set_format(2).expect("written");
    assert_eq!(Home::open(path).expect("read").id().expect("an id"), id);
}

#[test]
fn what_is_put_into_a_folder_is_no_home_until_it_is_finished() {
    let folder = tempfile::tempdir().expect("made");
    fs::write(folder.path().join("noroshi.toml"), "").expect("written");
    assert!(matches!(Writer::beginning(folder.path()), Err(HomeError::Foreign { .. })));
    let path = folder.path().join("home");
    let writer = Writer::beginning(&path).expect("begun");
    assert!(matches!(Writer::beginning(&path), Err(HomeError::Busy { .. })));
    fs::write(path.join("journal.sqlite"), "x").expect("written");
    // As who died then left it.
    assert!(matches!(Home::open(&path), Err(HomeError::Foreign { .. })));
    assert!(matches!(Writer::beginning(&path), Err(HomeError::Foreign { .. })));
    let id = "00112233445566778899aabbccddeeff".parse().expect("an id");
    writer.finish(id).expect("finished");
    assert_eq!(Home::open(&path).expect("a home").id().expect("an id"), id);
    drop(writer);
    assert!(matches!(Writer::beginning(&path), Err(HomeError::Foreign { .. })));
    drop(Writer::take(&path).expect("taken"));
}

#[test]
fn a_format_that_is_newer_or_unreadable_is_not_touched() {
    let format = |path: &Path, text: &[u8]| fs::write(path.join("format"), text).expect("written");
    let folder = tempfile::tempdir().expect("made");
    format(folder.path(), b"3\n");
    assert!(matches!(Writer::take(folder.path()), Err(HomeError::Newer { found: 3, known: 2, .. })));
    for text in [&b""[..], b"one", b"0", b"\xff\xfe", b"111111111111111111111111111111111111111111111"] {
        format(folder.path(), text);
        assert!(matches!(Writer::take(folder.path()), Err(HomeError::Unreadable { .. })), "{text:?}");
        assert_eq!(fs::read(folder.path().join("format")).expect("read"), text);
    }
}

#[test]
fn of_many_at_once_one_has_it_and_the_others_are_told() {
    for _ in 0..50 {
        let folder = tempfile::tempdir().expect("made");
        let path = folder.path().join("home");
        let barrier = Barrier::new(4);
        let results: Vec<_> = thread::scope(|scope| {
            let take = || {
                scope.spawn(|| {
                    barrier.wait();
                    let taken = Writer::take(&path);
                    barrier.wait();
                    taken.map(drop)
                })
            };
            let threads: Vec<_> = (0..4).map(|_| take()).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let busy = |result: &Result<(), HomeError>| matches!(result, Err(HomeError::Busy { .. }));
        assert_eq!(results.iter().filter(|result| busy(result)).count(), 3, "{results:?}");
    }
}

/// Needs a process that may give folders away; elsewhere only the user's own is looked at.
#[test]
fn a_home_of_somebody_else_is_told_from_ones_own() {
    let folder = tempfile::tempdir().expect("made");
    let path = folder.path().join("home");
    let home = Writer::take(&path).expect("taken").home().clone();
    assert!(home.is_own());
    let owner = fs::metadata(&path).expect("there").uid();
    if chown(&path, Some(owner + 1), None).is_ok() {
        assert!(!home.is_own());
    }
}

#[test]
fn whoever_looks_is_told_who_writes_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("made");
    let path = folder.path().join("home");
    let writer = Writer::take(&path).expect("taken");
    let home = writer.home().clone();
    let number = std::process::id().to_string();
    assert_eq!(home.holder().expect("looked"), Holder::Process { number });
    drop(writer);
    assert_eq!(home.holder().expect("looked"), Holder::Nobody { last: None });
    // Who was killed has left its number.
    fs::write(path.join("lock"), "4711").expect("written");
    assert_eq!(home.holder().expect("looked"), Holder::Nobody { last: Some("4711".to_owned()) });
    assert_eq!(fs::read(path.join("lock")).expect("read"), b"4711");
    fs::remove_file(path.join("lock")).expect("removed");
    assert_eq!(home.holder().expect("looked"), Holder::Nobody { last: None });
    assert!(!path.join("lock").exists());
}

#[test]
fn a_look_at_the_lock_keeps_nobody_from_taking_it() {
    let folder = tempfile::tempdir().expect("made");
    let path = folder.path().join("home");
    let home = Writer::take(&path).expect("taken").home().clone();
    let is_over = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                home.holder().expect("looked");
            }
        });
        let taken = (0..500).map(|_| Writer::take(&path).map(drop)).find(Result::is_err);
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(taken.is_none(), "{taken:?}");
    });
}
