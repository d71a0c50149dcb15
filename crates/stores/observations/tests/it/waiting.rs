//! What is received and not yet in the lake is counted, whoever writes meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use home::Home;
use lake::Looking;
use observations::Waiting;

use crate::support::{NOW, copy, events, keep, log, open, owner, read, terms, view};

fn waiting(place: &Path) -> Waiting {
    let view = view();
    let who = Looking { view: &view, now: NOW };
    observations::waiting(&Home::open(place).unwrap(), who).unwrap()
}

fn written(folder: &Path, name: &str, lines: std::ops::Range<usize>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, log(lines)).unwrap();
    path
}

#[test]
fn what_is_received_waits_until_it_is_in_the_lake() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("home");
    let (home, mut observations, _) = open(&place).unwrap();
    assert_eq!(waiting(&place), Waiting::default());
    let terms = terms(&mut observations, "");
    keep(&mut observations, &terms, &[written(folder.path(), "a.json", 0..150)]);
    observations.settle().unwrap();
    assert_eq!(waiting(&place), Waiting::default());
    keep(&mut observations, &terms, &[written(folder.path(), "b.json", 200..300)]);
    keep(&mut observations, &terms, &[written(folder.path(), "c.json", 300..330)]);
    // The committer waits for more.
    let beyond = Waiting { batches: 2, rows: events(200..330) };
    assert_eq!(waiting(&place), beyond);
    // A process that died after a commit leaves records that are in the lake, too.
    let before = folder.path().join("before");
    copy(&place.join("spool"), &before);
    observations.settle().unwrap();
    assert_eq!(waiting(&place), Waiting::default());
    drop((observations, home));
    fs::remove_dir_all(place.join("spool")).unwrap();
    copy(&before, &place.join("spool"));
    assert_eq!(waiting(&place), Waiting::default());
    fs::remove_dir_all(place.join("lake")).unwrap();
    assert!(waiting(&place).rows >= beyond.rows);
    assert!(!place.join("lake").exists(), "whoever counts makes nothing");
}

#[test]
fn a_spool_that_is_written_and_freed_meanwhile_can_be_counted() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("home");
    let (_home, mut observations, _) = open(&place).unwrap();
    let terms = terms(&mut observations, "");
    let is_done = AtomicBool::new(false);
    let counted = std::thread::scope(|scope| {
        let counting = scope.spawn(|| {
            let mut counted = vec![waiting(&place)];
            while !is_done.load(Ordering::Relaxed) {
                counted.push(waiting(&place));
            }
            counted
        });
        for part in 0..8 {
            let name = format!("{part}.json");
            keep(&mut observations, &terms, &[written(folder.path(), &name, part * 40..part * 40 + 40)]);
            observations.settle().unwrap();
        }
        is_done.store(true, Ordering::Relaxed);
        counting.join().unwrap()
    });
    // One batch at a time is on its way.
    assert!(counted.iter().all(|waiting| waiting.batches <= 1 && waiting.rows <= 40), "{counted:?}");
    assert_eq!(waiting(&place), Waiting::default());
}

#[test]
fn what_the_spool_holds_is_known_to_whoever_does_not_write() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("home");
    let (_home, mut observations, _) = open(&place).unwrap();
    let terms = terms(&mut observations, "");
    let path = written(folder.path(), "a.json", 0..50);
    keep(&mut observations, &terms, std::slice::from_ref(&path));
    assert_eq!(waiting(&place).batches, 1);
    let view = view();
    let who = Looking { view: &view, now: NOW };
    let seen = |source| {
        let whose = (owner(source), terms.marking);
        observations::terms(&Home::open(&place).unwrap(), who, whose, terms.tables.clone()).unwrap()
    };
    assert!(read(std::slice::from_ref(&path), &seen("").known(), false).is_empty());
    let other = seen("another");
    let contents = read(std::slice::from_ref(&path), &other.known(), false).remove(0);
    // What they prepare is kept by the process that writes, as it comes out at the other side.
    let prepared = other.prepare(contents, NOW).unwrap();
    let arrived = observations::Prepared::of_payload(prepared.payload().to_vec()).unwrap();
    assert_eq!(arrived.entry(), prepared.entry());
    for cut in 0..prepared.payload().len() {
        assert!(observations::Prepared::of_payload(prepared.payload()[..cut].to_vec()).is_err(), "{cut}");
    }
    assert_eq!(observations.keep(arrived).unwrap(), observations::Kept::Now);
    other.kept(prepared.entry());
    assert!(read(&[path], &other.known(), false).is_empty());
}
