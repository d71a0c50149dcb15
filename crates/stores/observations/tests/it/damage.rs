//! Tables that lost their newest commit when the spool had let go of what was in it: what is missing is told,
//! and kept again when its source is read again, and nothing is there twice.

use std::fs;
use std::path::{Path, PathBuf};

use home::Home;
use lake::Looking;
use observations::{Kept, Observations, Opened};

use crate::support::{COUNT, NOW, ask, copy, events, keep, log, newest_commit, open, read, terms, view};

/// A home in which two logs were kept, one after the other.
struct Twice {
    folder: tempfile::TempDir,
    /// The home when the second log was in the spool alone.
    spooled: PathBuf,
    logs: [PathBuf; 2],
}

/// Lines of each log; they are of several batches.
const LINES: [std::ops::Range<usize>; 2] = [0..5_000, 5_000..15_000];

impl Twice {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let logs = ["a.json", "b.json"].map(|name| folder.path().join(name));
        let spooled = folder.path().join("spooled");
        let home = folder.path().join("home");
        let (_home, mut observations, _) = open(&home).unwrap();
        let terms = terms(&mut observations, "");
        for (path, lines) in logs.iter().zip(LINES) {
            fs::write(path, log(lines)).unwrap();
            keep(&mut observations, &terms, std::slice::from_ref(path));
            if path == &logs[1] {
                copy(&home, &spooled);
            }
            observations.settle().unwrap();
        }
        Self { folder, spooled, logs }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Keeps all logs again; gives how many batches were new, and how many events there are then.
    fn again(&self, observations: &mut Observations) -> (usize, u64) {
        let terms = terms(observations, "");
        let kept = keep(observations, &terms, &self.logs);
        assert!(kept.iter().all(|kept| *kept == Kept::Now));
        observations.settle().unwrap();
        (kept.len(), count(observations))
    }
}

fn all() -> u64 {
    LINES.into_iter().map(events).sum()
}

fn count(observations: &Observations) -> u64 {
    ask(observations.lake(), COUNT)[0].as_u64().unwrap()
}

/// Cuts off the newest commit of a table.
fn tear(home: &Path, table: &str) {
    let path = newest_commit(&home.join("lake/own").join(table));
    let bytes = fs::read(&path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

/// What is counted by whoever only looks.
fn lost(home: &Path) -> usize {
    let view = view();
    let counted = observations::lost(&Home::open(home).unwrap(), Looking { view: &view, now: NOW });
    usize::try_from(counted.unwrap()).unwrap()
}

fn told(opened: &Opened) -> (usize, usize) {
    (opened.damaged.len(), opened.lost)
}

/// Batches of the second log.
const BATCHES: usize = 3;

#[test]
fn what_a_table_lost_is_told_and_kept_again_and_nothing_is_doubled() {
    let kept = Twice::new();
    for table in ["process_activity", "dns_activity", "flaws", "batches"] {
        let home = kept.folder.path().join(table);
        copy(&kept.home(), &home);
        assert_eq!(lost(&home), 0, "{table}");
        tear(&home, table);
        {
            let (_home, _, opened) = open(&home).unwrap();
            assert_eq!(told(&opened), (1, BATCHES), "{table}");
            assert!(
                opened.damaged[0].path.starts_with(home.canonicalize().unwrap().join("lake/own").join(table))
            );
        }
        // Nobody read anything again: it is told until somebody does.
        assert_eq!(lost(&home), BATCHES, "{table}");
        let (lock, mut observations, opened) = open(&home).unwrap();
        assert_eq!(told(&opened), (0, BATCHES), "{table}");
        assert_eq!(kept.again(&mut observations), (BATCHES, all()), "{table}");
        assert_eq!(kept.again(&mut observations), (0, all()), "{table}");
        drop((lock, observations));
        assert_eq!(lost(&home), 0, "{table}");
        let (_home, mut observations, opened) = open(&home).unwrap();
        assert_eq!(told(&opened), (0, 0), "{table}");
        assert_eq!(kept.again(&mut observations), (0, all()), "{table}");
        // As one who read without knowing what is kept.
        let terms = terms(&mut observations, "");
        for contents in read(&kept.logs, &std::sync::Arc::default(), false) {
            let kept = observations.keep(terms.prepare(contents, NOW).unwrap()).unwrap();
            assert!(matches!(kept, Kept::Before(_)), "{table}");
        }
    }
}

#[test]
fn what_the_spool_still_has_is_not_lost() {
    let kept = Twice::new();
    for table in ["process_activity", "flaws", "batches"] {
        let home = kept.folder.path().join(table);
        copy(&kept.home(), &home);
        fs::remove_dir_all(home.join("spool")).unwrap();
        copy(&kept.spooled.join("spool"), &home.join("spool"));
        tear(&home, table);
        assert_eq!(lost(&home), 0, "{table}");
        let (_home, mut observations, opened) = open(&home).unwrap();
        assert_eq!((told(&opened), opened.recovered), ((1, 0), BATCHES as u64), "{table}");
        assert_eq!(count(&observations), all(), "{table}");
        assert_eq!(kept.again(&mut observations), (0, all()), "{table}");
    }
}

#[test]
fn what_was_kept_again_can_be_lost_again_and_read_better() {
    let kept = Twice::new();
    // What is there of a batch again without the row that says so is another one.
    for (table, lost) in [("process_activity", BATCHES), ("batches", 2 * BATCHES), ("dns_activity", BATCHES)]
    {
        tear(&kept.home(), table);
        let (_home, mut observations, opened) = open(&kept.home()).unwrap();
        assert_eq!(told(&opened), (1, lost), "{table}");
        assert_eq!(kept.again(&mut observations), (BATCHES, all()), "{table}");
    }
    let (_home, mut observations, _) = open(&kept.home()).unwrap();
    let mut terms = terms(&mut observations, "");
    terms.reader += 1;
    for contents in read(&kept.logs, &terms.known(), true) {
        assert_eq!(observations.keep(terms.prepare(contents, NOW).unwrap()).unwrap(), Kept::Now);
    }
    observations.settle().unwrap();
    assert_eq!(count(&observations), all());
    assert_eq!(ask(observations.lake(), "SELECT DISTINCT reader FROM events"), [terms.reader]);
}

#[test]
fn a_better_reading_that_was_lost_is_read_again() {
    let kept = Twice::new();
    let keep_better = || {
        let (lock, mut observations, opened) = open(&kept.home()).unwrap();
        let mut terms = terms(&mut observations, "");
        terms.reader += 1;
        let mut new = 0;
        for contents in read(&kept.logs[1..], &terms.known(), opened.lost == 0) {
            new +=
                usize::from(observations.keep(terms.prepare(contents, NOW).unwrap()).unwrap() == Kept::Now);
        }
        observations.settle().unwrap();
        let found = count(&observations);
        drop((lock, observations));
        (opened.lost, new, found)
    };
    assert_eq!(keep_better(), (0, BATCHES, all()));
    tear(&kept.home(), "process_activity");
    assert_eq!(keep_better(), (BATCHES, BATCHES, all()));
    assert_eq!(keep_better(), (0, 0, all()));
}

#[test]
fn a_log_that_grew_is_cut_where_it_was_when_a_part_of_it_was_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (home, path) = (folder.path().join("home"), folder.path().join("a.json"));
    let keep_to = |end: usize| {
        fs::write(&path, log(0..end)).unwrap();
        let (lock, mut observations, opened) = open(&home).unwrap();
        let terms = terms(&mut observations, "");
        let new = keep(&mut observations, &terms, std::slice::from_ref(&path)).len();
        observations.settle().unwrap();
        let found = count(&observations);
        drop((lock, observations));
        (opened.lost, new, found)
    };
    let whole = |end| events(0..end);
    assert_eq!(keep_to(1_000), (0, 1, whole(1_000)));
    tear(&home, "dns_activity");
    // Two batches, though they could be one: others may have what is between these places.
    assert_eq!(keep_to(1_500), (1, 2, whole(1_500)));
    assert_eq!(keep_to(1_500), (0, 0, whole(1_500)));
}

#[test]
fn a_commit_that_is_damaged_after_the_opening_is_told_when_rows_are_added() {
    let kept = Twice::new();
    let home = kept.home();
    {
        let (_home, mut observations, opened) = open(&home).unwrap();
        assert_eq!(told(&opened), (0, 0));
        tear(&home, "process_activity");
        let third = kept.folder.path().join("c.json");
        fs::write(&third, log(20_000..20_300)).unwrap();
        let terms = terms(&mut observations, "");
        keep(&mut observations, &terms, &[third]);
        observations.settle().unwrap();
        assert_eq!(observations.damaged().len(), 1);
    }
    let (_home, mut observations, opened) = open(&home).unwrap();
    assert_eq!(told(&opened), (0, BATCHES));
    assert_eq!(kept.again(&mut observations), (BATCHES, all() + events(20_000..20_300)));
}
