//! Rows that are kept no longer do not come back, and are not taken for lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use lake::{Days, Expired, LakeError, Looking, Retention, TableName};
use observations::{Kept, Observations, ObservationsError};

use crate::support::{COUNT, NOW, ask, events, keep, log, newest_commit, open, read, terms, view};

/// The line of `log` with which the second day begins.
const MIDNIGHT: usize = 62_400;
/// Lines of two batches, the first of which is of both days.
const BOTH: std::ops::Range<usize> = 60_000..66_000;
/// Lines of the first day, of two batches.
const FIRST: std::ops::Range<usize> = 10_000..15_000;

fn name(class: &str) -> TableName {
    format!("own/{class}").parse().unwrap()
}

/// All of the first day.
fn retention() -> Retention {
    Retention { owner: Some("aoba".to_owned()), days: Days::Through("2026-05-17".parse().unwrap()) }
}

fn expire(observations: &mut Observations, class: &str) -> Result<Expired, ObservationsError> {
    let view = view();
    observations.orders().expire(Looking { view: &view, now: NOW }, &name(class), &retention())
}

/// Events of the first day in these lines that are processes: every third.
fn processes(lines: std::ops::Range<usize>) -> u64 {
    lines.filter(|line| line % 3 == 0 && line % 100 != 99 && *line < MIDNIGHT).count() as u64
}

fn count(observations: &Observations) -> u64 {
    ask(observations.lake(), COUNT)[0].as_u64().unwrap()
}

fn written(folder: &Path, name: &str, lines: std::ops::Range<usize>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, log(lines)).unwrap();
    path
}

/// Keeps a log; gives how many batches were new, and how many events there are then.
fn kept(observations: &mut Observations, paths: &[PathBuf]) -> (usize, u64) {
    let terms = terms(observations, "");
    let kept = keep(observations, &terms, paths);
    assert!(kept.iter().all(|kept| *kept == Kept::Now));
    observations.settle().unwrap();
    (kept.len(), count(observations))
}

#[test]
fn what_went_does_not_come_back_with_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let path = written(folder.path(), "a.json", BOTH);
    let (all, gone) = (events(BOTH), processes(BOTH));
    {
        let (_home, mut observations, _) = open(&home).unwrap();
        let terms = terms(&mut observations, "");
        assert_eq!(keep(&mut observations, &terms, std::slice::from_ref(&path)).len(), 2);
        // What waits is there before.
        let done = expire(&mut observations, "process_activity").unwrap();
        assert_eq!((done.rows, done.files, done.rewritten), (gone, 1, 0));
        assert_eq!(kept(&mut observations, std::slice::from_ref(&path)), (0, all - gone));
        assert_eq!(expire(&mut observations, "process_activity").unwrap(), Expired::default());
    }
    let (_home, mut observations, opened) = open(&home).unwrap();
    assert_eq!((opened.damaged.len(), opened.lost), (0, 0));
    assert_eq!(kept(&mut observations, std::slice::from_ref(&path)), (0, all - gone));
    // As one who read without knowing what is kept.
    let mut terms = terms(&mut observations, "");
    for contents in read(std::slice::from_ref(&path), &Arc::default(), false) {
        let kept = observations.keep(terms.prepare(contents, NOW).unwrap()).unwrap();
        assert!(matches!(kept, Kept::Before(_)));
    }
    // A better reader reads again what is whole, and nothing else.
    terms.reader += 1;
    let again = read(std::slice::from_ref(&path), &terms.known(), true);
    let mut better = again.into_iter().map(|one| {
        let kept = observations.keep(terms.prepare(one, NOW).unwrap()).unwrap();
        kept == Kept::Now
    });
    assert_eq!([better.next(), better.next(), better.next()], [Some(false), Some(true), None]);
    drop(better);
    observations.settle().unwrap();
    assert_eq!(count(&observations), all - gone);
    // What the log gains is new.
    written(folder.path(), "a.json", BOTH.start..BOTH.end + 100);
    let grown = all - gone + events(BOTH.end..BOTH.end + 100);
    assert_eq!(kept(&mut observations, &[path]), (1, grown));
}

#[test]
fn the_files_go_in_their_time_whoever_opens_the_home() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let path = written(folder.path(), "a.json", BOTH);
    {
        let (_home, mut observations, _) = open(&home).unwrap();
        kept(&mut observations, &[path]);
        expire(&mut observations, "process_activity").unwrap();
    }
    // Nobody adds to the table any more.
    let (_home, observations, _) = open(&home).unwrap();
    let hour = Duration::from_secs(3_600);
    let since = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap();
    let at = |after: Duration| {
        model::time::Instant::from_nanoseconds(i64::try_from((since + after).as_nanos()).unwrap())
    };
    let table = name("process_activity");
    let early = observations.orders().vacuum(&table, at(Duration::ZERO), Duration::ZERO).unwrap();
    assert_eq!((early.files, early.waiting), (0, 1));
    let done = observations.orders().vacuum(&table, at(2 * hour), hour).unwrap();
    assert_eq!((done.files, done.waiting), (1, 0));
    let missing = observations.orders().vacuum(&name("no_activity"), at(hour), hour);
    assert!(matches!(missing, Err(ObservationsError::Lake(LakeError::NoTable(_)))));
}

#[test]
fn what_cannot_go_is_told_and_the_work_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "a.json", FIRST);
    let (_home, mut observations, _) = open(&folder.path().join("home")).unwrap();
    let refused = expire(&mut observations, "process_activity");
    assert!(matches!(refused, Err(ObservationsError::Lake(LakeError::NoTable(_)))), "{refused:?}");
    kept(&mut observations, &[path]);
    for class in ["batches", "flaws"] {
        let refused = expire(&mut observations, class);
        assert!(matches!(refused, Err(ObservationsError::Lake(LakeError::WithoutDays(_)))), "{refused:?}");
    }
    let old = access::operator("test", model::time::Instant::from_nanoseconds(0));
    let who = Looking { view: &old, now: NOW };
    let refused = observations.orders().expire(who, &name("process_activity"), &retention());
    assert!(matches!(refused, Err(ObservationsError::Lake(LakeError::View(_)))), "{refused:?}");
    assert_eq!(count(&observations), events(FIRST));
    assert_eq!(expire(&mut observations, "process_activity").unwrap().rows, processes(FIRST));
    assert_eq!(expire(&mut observations, "dns_activity").unwrap().files, 1);
}

/// Cuts off the newest commit of a table.
fn tear(home: &Path, table: &str) {
    let path = newest_commit(&home.join("lake/own").join(table));
    let bytes = fs::read(&path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

#[test]
fn rows_that_went_are_told_from_rows_that_were_lost() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let logs = [written(folder.path(), "a.json", FIRST), written(folder.path(), "b.json", BOTH)];
    let all = events(FIRST) + events(BOTH);
    let gone = processes(FIRST) + processes(BOTH);
    {
        let (_home, mut observations, _) = open(&home).unwrap();
        assert_eq!(kept(&mut observations, &logs[..1]), (2, events(FIRST)));
        assert_eq!(kept(&mut observations, &logs[1..]), (2, all));
        assert_eq!(expire(&mut observations, "process_activity").unwrap().rows, gone);
    }
    tear(&home, "dns_activity");
    {
        let (_home, mut observations, opened) = open(&home).unwrap();
        // The batches of the second log, and not all that lack rows.
        assert_eq!((opened.damaged.len(), opened.lost), (1, 2));
        assert!(count(&observations) < all - gone);
        // They are kept again whole, with what went of them, and that goes again.
        assert_eq!(kept(&mut observations, &logs), (2, all - processes(FIRST)));
        assert_eq!(expire(&mut observations, "process_activity").unwrap().rows, processes(BOTH));
        assert_eq!(count(&observations), all - gone);
    }
    // As long as a table has a damaged commit, rows are counted.
    let (_home, mut observations, opened) = open(&home).unwrap();
    assert_eq!((opened.damaged.len(), opened.lost), (0, 0));
    assert_eq!(kept(&mut observations, &logs), (0, all - gone));
}
