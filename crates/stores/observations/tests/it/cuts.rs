//! The power cut behind changes of the disk, by spool and lake alike: what was acknowledged is there once,
//! whole, and nobody sees half of it; what fails half-way was not acknowledged, or is there.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lake::{BatchId, Compartment, Disk as _, Lake, Looking};
use observations::{Disks, Kept, Observations, ObservationsError};

use crate::power::{Recorder, after_cut};
use crate::support::{NOW, ask, keep, log, open, read, tables, terms, view};

/// Sources, each of one batch with rows in three tables and a flaw.
const SOURCES: usize = 8;
/// Batches that are added to the lake together.
const GROUP: usize = 3;

/// The spool's folder on the disk that notes every change.
#[derive(Debug, Clone)]
struct SpoolDisk {
    disk: Recorder,
    folder: PathBuf,
    /// Whether nothing is made durable.
    careless: bool,
}

/// A file, and where its end is.
#[derive(Debug)]
struct SpoolFile {
    path: PathBuf,
    end: u64,
}

impl spool::Disk for SpoolDisk {
    type File = SpoolFile;

    fn create(&self, name: &str) -> io::Result<SpoolFile> {
        let path = self.folder.join(name);
        self.disk.create(&path).map(|()| SpoolFile { path, end: 0 })
    }

    fn append(&self, file: &mut SpoolFile, bytes: &[u8]) -> io::Result<()> {
        self.disk.write(&file.path, file.end, bytes)?;
        file.end += bytes.len() as u64;
        Ok(())
    }

    fn sync(&self, file: &mut SpoolFile) -> io::Result<()> {
        if self.careless { Ok(()) } else { self.disk.sync_file(&file.path) }
    }

    fn sync_names(&self) -> io::Result<()> {
        if self.careless { Ok(()) } else { self.disk.sync_folder(&self.folder) }
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(&self.folder)?;
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.folder.join(name))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(&self.folder.join(name))
    }
}

/// Rows of each batch.
type Rows = BTreeMap<BatchId, u64>;

/// Logs, a home, and what became of each batch there.
struct History {
    folder: tempfile::TempDir,
    disk: Recorder,
    careless_spool: bool,
    logs: Vec<PathBuf>,
    /// The rows that each batch should have.
    whole: Rows,
    /// Behind how many changes of the disk a batch was acknowledged.
    acknowledged: BTreeMap<BatchId, usize>,
}

impl History {
    fn new(disk: Recorder, careless_spool: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let logs = (0..SOURCES).map(|number| folder.path().join(format!("{number}.json")));
        let logs: Vec<PathBuf> = logs.collect();
        for (number, path) in logs.iter().enumerate() {
            fs::write(path, log(number * 100 + 90..number * 100 + 100)).unwrap();
        }
        let (whole, acknowledged) = (Rows::new(), BTreeMap::new());
        Self { folder, disk, careless_spool, logs, whole, acknowledged }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("home")
    }

    /// A life of the process: keeps these logs, and adds what fills a group to the lake; at its end all, or
    /// it dies.
    fn live(&mut self, logs: std::ops::Range<usize>, settles: bool) -> Result<(), ObservationsError> {
        let home = home::Writer::take(&self.home()).unwrap();
        let folder = home.home().spool();
        let refused = |source| ObservationsError::File { path: folder.clone(), source };
        self.disk.make_folder(&folder).and_then(|()| self.disk.sync_folder(&self.home())).map_err(refused)?;
        let spool =
            SpoolDisk { disk: self.disk.clone(), folder: folder.clone(), careless: self.careless_spool };
        let disks = Disks { lake: Arc::new(self.disk.clone()), spool, group: GROUP };
        let view = view();
        let (mut observations, _) =
            Observations::open_on(&home, disks, Looking { view: &view, now: NOW }, tables().into())?;
        let terms = terms(&mut observations, "");
        for (at, path) in self.logs[logs].iter().enumerate() {
            for contents in read(std::slice::from_ref(path), &terms.known(), false) {
                let prepared = terms.prepare(contents, NOW).unwrap();
                let (batch, events) = (prepared.entry().batch, prepared.entry().events);
                self.whole.insert(batch, events);
                assert_eq!(observations.keep(prepared)?, Kept::Now);
                self.acknowledged.insert(batch, self.disk.count());
            }
            // Each group by itself, so that a history is the same each time.
            if (at + 1).is_multiple_of(GROUP) {
                observations.settle()?;
            }
        }
        if settles {
            observations.settle()?;
            observations.orders().tidy(NOW)?;
        }
        Ok(())
    }

    /// Two lives; the first ends with batches that are in the spool alone.
    fn lived(disk: Recorder, careless_spool: bool) -> Self {
        let mut history = Self::new(disk, careless_spool);
        history.live(0..5, false).unwrap();
        history.live(5..SOURCES, true).unwrap();
        history
    }

    /// Batches that were acknowledged behind so many changes.
    fn acknowledged(&self, cut: usize) -> Vec<BatchId> {
        let of = self.acknowledged.iter().filter(|(_, at)| **at <= cut);
        of.map(|(batch, _)| *batch).collect()
    }

    /// Where the power is cut: behind each acknowledgement, and here and there; everywhere where a
    /// variable says so.
    fn cuts(&self) -> Vec<usize> {
        let step = if std::env::var_os("NOROSHI_CUTS").is_some() { 1 } else { self.disk.count() / 12 + 1 };
        let mut cuts: Vec<usize> = (0..=self.disk.count()).step_by(step).collect();
        cuts.extend(self.acknowledged.values());
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }

    /// What is wrong after a power cut behind some changes.
    fn fault_after(&self, cut: usize) -> Option<String> {
        let after = tempfile::tempdir().unwrap();
        drop(home::Writer::take(after.path()).unwrap());
        after_cut(&self.home(), &self.disk.changes()[..cut], cut as u64 + 3, after.path()).unwrap();
        let acknowledged = self.acknowledged(cut);
        self.fault(after.path(), &acknowledged)
            .unwrap_or_else(|error| Some(format!("{error}: {:?}", std::error::Error::source(&error))))
    }

    /// What is wrong in a home in which these batches were acknowledged.
    fn fault(&self, home: &Path, acknowledged: &[BatchId]) -> Result<Option<String>, ObservationsError> {
        // Who only looks, before anybody mends anything.
        let looked = seen(&Lake::open(&home.join("lake"))?)?;
        if let Some(half) = self.half(&looked) {
            return Ok(Some(format!("somebody sees {half}")));
        }
        let (_lock, mut observations, opened) = open(home)?;
        if !opened.damaged.is_empty() || opened.lost > 0 {
            return Ok(Some(format!("{opened:?}")));
        }
        let found = seen(observations.lake())?;
        if let Some(half) = self.half(&found) {
            return Ok(Some(format!("there is {half}")));
        }
        if let Some(lost) = acknowledged.iter().find(|batch| !found.contains_key(*batch)) {
            return Ok(Some(format!("{lost} was acknowledged, and is not among {} batches", found.len())));
        }
        let terms = terms(&mut observations, "");
        let new = keep(&mut observations, &terms, &self.logs).len();
        observations.settle()?;
        let all = seen(observations.lake())?;
        let is_right = all == self.whole && new == self.whole.len() - found.len();
        Ok((!is_right).then(|| format!("{new} batches kept beside {}: {all:?}", found.len())))
    }

    /// A batch that has other rows than it should.
    fn half(&self, found: &Rows) -> Option<String> {
        let half = found.iter().find(|(batch, rows)| self.whole.get(*batch) != Some(*rows));
        half.map(|(batch, rows)| format!("{rows} rows of {batch}, which has {:?}", self.whole.get(batch)))
    }
}

/// The rows of each batch as questions see them; of those that the lake says that it has.
fn seen(lake: &Lake) -> Result<Rows, ObservationsError> {
    let view = view();
    let entries = lake.entries(Looking { view: &view, now: NOW }, &Compartment::own())?;
    let mut rows: Rows = entries.iter().map(|entry| (entry.batch, 0)).collect();
    assert_eq!(rows.len(), entries.len(), "a batch is there twice");
    let listed = lake.tables(Looking { view: &view, now: NOW })?;
    let is_of_events = |class: &str| !matches!(class, "batches" | "flaws");
    if listed.iter().any(|table| is_of_events(table.name.class())) {
        for pair in ask(lake, "SELECT concat(batch, ' ', count(*)) FROM events GROUP BY batch") {
            let pair = pair.as_str().map(str::to_owned).unwrap();
            let (batch, number) = pair.split_once(' ').unwrap();
            *rows.entry(batch.parse().unwrap()).or_default() += number.parse::<u64>().unwrap();
        }
    }
    Ok(rows)
}

#[test]
fn a_power_cut_at_any_point_loses_and_doubles_nothing() {
    let history = History::lived(Recorder::default(), false);
    assert_eq!(history.acknowledged.len(), SOURCES);
    for cut in history.cuts() {
        let fault = history.fault_after(cut);
        assert_eq!(fault, None, "cut behind change {cut} of {}", history.disk.count());
    }
}

#[test]
fn the_same_test_finds_a_spool_that_does_not_sync() {
    let history = History::lived(Recorder::default(), true);
    let faults = history.acknowledged.values().filter(|cut| history.fault_after(**cut).is_some());
    assert!(faults.count() > 1, "lost records were not noticed");
}

#[test]
fn the_same_test_finds_disks_that_do_not_sync() {
    let history = History::lived(Recorder::careless(), false);
    let count = history.disk.count();
    let faults = (count - 11..=count).filter(|cut| history.fault_after(*cut).is_some());
    assert!(faults.count() > 5, "lost writes were not noticed");
}

#[test]
fn a_disk_that_is_full_at_any_point_loses_nothing_that_was_acknowledged() {
    let whole = History::lived(Recorder::default(), false);
    let mut refused = 0;
    for calls in (0..whole.disk.count()).step_by(whole.disk.count() / 10) {
        let mut history = History::new(Recorder::default(), false);
        history.whole = whole.whole.clone();
        history.disk.refuse_after(Some(calls));
        refused += usize::from(history.live(0..SOURCES, true).is_err());
        let acknowledged: Vec<BatchId> = history.acknowledged.keys().copied().collect();
        let fault = history.fault(&history.home(), &acknowledged).unwrap();
        assert_eq!(fault, None, "full after {calls} changes of {}", whole.disk.count());
    }
    assert!(refused > 8, "{refused}");
}
