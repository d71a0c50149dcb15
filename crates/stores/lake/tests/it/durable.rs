//! What was acknowledged is there after a power cut at any point, once, however often it is
//! delivered again; what fails half-way is as if it had not been tried.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arrow_array::{Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use lake::{Added, Compaction, Compartment, Delivery, Lake, LakeError, Shard, TableName, Writer};
use model::time::Instant;

use crate::count;
use crate::power::{Recorder, after_cut};

const DELIVERIES: u64 = 5;
const HOUR: Duration = Duration::from_secs(3_600);

fn columns() -> Schema {
    Schema::new(vec![Field::new("number", DataType::Int64, true), Field::new("text", DataType::Utf8, true)])
}

/// The rows of a delivery: as many as its number, and two of them.
fn rows(number: u64) -> Vec<RecordBatch> {
    let part = |count: u64| {
        let numbers = Int64Array::from(vec![number.cast_signed(); usize::try_from(count).unwrap_or(0)]);
        let texts = StringArray::from_iter_values((0..count).map(|row| format!("{number}-{row}")));
        RecordBatch::try_new(Arc::new(columns()), vec![Arc::new(numbers), Arc::new(texts)])
    };
    [number, 2].into_iter().filter_map(|count| part(count).ok()).collect()
}

/// Rows of all deliveries up to one.
fn rows_to(number: u64) -> u64 {
    (1..=number).map(|number| number + 2).sum()
}

fn name() -> TableName {
    "own/process_activity".parse().unwrap_or_else(|_| unreachable!())
}

fn delivery(number: u64) -> Delivery {
    Delivery { shard: "a".parse::<Shard>().unwrap_or_else(|_| unreachable!()), number }
}

/// A time at which everything that was written is old.
fn later() -> Instant {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + 2 * HOUR;
    Instant::from_nanoseconds(i64::try_from(since.as_nanos()).unwrap())
}

/// Makes one file of all, and removes what nobody needs.
fn tidy(writer: &mut Writer<'_>) -> Result<(), LakeError> {
    writer.compact(Compaction::All)?;
    writer.vacuum(later(), HOUR).map(drop)
}

/// Delivers everything, tidies up now and then, and says after how many changes of the disk each
/// delivery was acknowledged.
fn deliver(folder: &Path, disk: &Recorder) -> Vec<usize> {
    let lake = Lake::open_on(folder, Arc::new(disk.clone())).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let mut acknowledged = Vec::new();
    for number in 1..=DELIVERIES {
        assert!(matches!(writer.append(rows(number), &delivery(number)).unwrap(), Added::Now(_)));
        acknowledged.push(disk.count());
        if number.is_multiple_of(2) {
            tidy(&mut writer).unwrap();
        }
    }
    acknowledged
}

/// What lies in the folders of the table, but for what the log is made of.
fn left(lake: &Path) -> Vec<PathBuf> {
    let (table, is_log) = (lake.join("own/process_activity"), |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        path.starts_with("_delta_log") && (name == "_last_checkpoint" || name.ends_with(".json"))
    });
    crate::files::files(&table).into_iter().filter(|path| !is_log(path)).collect()
}

/// What is wrong after a power cut behind some changes.
fn fault_after(home: &Path, disk: &Recorder, cut: usize, acknowledged: u64) -> Option<String> {
    let after = tempfile::tempdir().unwrap();
    after_cut(home, &disk.changes()[..cut], cut as u64 + 7, after.path()).unwrap();
    let check = || -> Result<Option<String>, LakeError> {
        let lake = Lake::open(&after.path().join("lake"))?;
        let mut writer = lake.writer(&name(), &columns())?;
        let last = writer.last(&delivery(0).shard)?.unwrap_or(0);
        let found = count(&lake, &name())?;
        if last < acknowledged || found != rows_to(last) {
            return Ok(Some(format!("{acknowledged} acknowledged, {last} known, {found} rows")));
        }
        for number in 1..=DELIVERIES {
            let added = writer.append(rows(number), &delivery(number))?;
            if (added == Added::Before) != (number <= last) {
                return Ok(Some(format!("delivery {number} after {last}: {added:?}")));
            }
        }
        let found = count(&lake, &name())?;
        if found != rows_to(DELIVERIES) {
            return Ok(Some(format!("{found} rows after all deliveries")));
        }
        tidy(&mut writer)?;
        let (found, left) = (count(&lake, &name())?, left(&after.path().join("lake")));
        Ok((found != rows_to(DELIVERIES) || left.len() != 1).then(|| format!("{found} rows in {left:?}")))
    };
    check().unwrap_or_else(|error| Some(format!("{error}: {:?}", std::error::Error::source(&error))))
}

#[test]
fn a_power_cut_at_any_point_loses_and_doubles_nothing() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().canonicalize().unwrap();
    let disk = Recorder::default();
    let acknowledged = deliver(&root.join("lake"), &disk);
    for cut in 0..=disk.count() {
        let known = acknowledged.iter().filter(|at| **at <= cut).count() as u64;
        let fault = fault_after(&root, &disk, cut, known);
        assert_eq!(fault, None, "cut behind change {cut} of {}", disk.count());
    }
}

#[test]
fn the_same_test_finds_a_store_that_does_not_sync() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().canonicalize().unwrap();
    let disk = Recorder::careless();
    let acknowledged = deliver(&root.join("lake"), &disk);
    let cuts = (0..=disk.count()).rev().take(20);
    let faults = cuts.filter(|cut| {
        let known = acknowledged.iter().filter(|at| *at <= cut).count() as u64;
        fault_after(&root, &disk, *cut, known).is_some()
    });
    assert!(faults.count() > 10, "lost writes were not noticed");
}

#[test]
fn a_delivery_that_fails_anywhere_can_be_tried_again() {
    let home = tempfile::tempdir().unwrap();
    let disk = Recorder::default();
    let lake = Lake::open_on(&home.path().join("lake"), Arc::new(disk.clone())).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let (mut number, mut refused, mut calls, mut there) = (1, 0, 0, false);
    // Each delivery is tried with a disk that fills up one call later each time.
    while number <= 3 {
        disk.refuse_after(Some(calls));
        let added = writer.append(rows(number), &delivery(number));
        disk.refuse_after(None);
        calls += 1;
        let found = count(&lake, &name()).unwrap();
        match added {
            Ok(added) => {
                assert_eq!(added == Added::Before, there, "delivery {number}");
                assert_eq!(found, rows_to(number));
                (number, calls, there) = (number + 1, 0, false);
            }
            Err(_) => {
                refused += 1;
                there = found == rows_to(number);
                assert!(there || found == rows_to(number - 1), "{found} rows after a refusal");
            }
        }
    }
    assert!(refused > 10, "{refused}");
    assert_eq!(writer.append(rows(2), &delivery(2)).unwrap(), Added::Before);
    assert_eq!(count(&lake, &name()).unwrap(), rows_to(3));
}

#[test]
fn tidying_up_that_fails_anywhere_changes_no_row() {
    let home = tempfile::tempdir().unwrap();
    let disk = Recorder::default();
    let lake = Lake::open_on(&home.path().join("lake"), Arc::new(disk.clone())).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    for number in 1..=3 {
        writer.append(rows(number), &delivery(number)).unwrap();
    }
    let mut refused = 0;
    loop {
        disk.refuse_after(Some(refused));
        let tidied = tidy(&mut writer);
        disk.refuse_after(None);
        assert_eq!(count(&lake, &name()).unwrap(), rows_to(3), "after {refused} calls");
        assert_eq!(writer.append(rows(3), &delivery(3)).unwrap(), Added::Before);
        match tidied {
            Ok(()) => break,
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 10, "{refused}");
    assert_eq!(left(&home.path().join("lake")).len(), 1);
}

#[test]
fn a_table_has_one_writer_at_a_time() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let first = lake.writer(&name(), &columns()).unwrap();
    assert!(
        matches!(lake.writer(&name(), &columns()), Err(LakeError::BeingWritten(table)) if table == name())
    );
    let other = TableName::new(Compartment::own(), "dns_activity").unwrap();
    assert!(lake.writer(&other, &columns()).is_ok());
    drop(first);
    assert!(lake.writer(&name(), &columns()).is_ok());
}

#[test]
fn a_writer_that_another_process_overtook_adds_nothing_twice() {
    let home = tempfile::tempdir().unwrap();
    let (one, other) = (Lake::open(home.path()).unwrap(), Lake::open(home.path()).unwrap());
    let mut first = one.writer(&name(), &columns()).unwrap();
    let mut second = other.writer(&name(), &columns()).unwrap();
    assert_eq!(first.append(rows(1), &delivery(1)).unwrap(), Added::Now(1));
    // It knows nothing of that version, and cannot have its place.
    assert!(second.append(rows(1), &delivery(1)).is_ok_and(|added| added == Added::Now(1)));
    assert_eq!(second.append(rows(2), &delivery(2)).unwrap(), Added::Now(2));
    assert!(first.append(rows(3), &delivery(3)).is_err());
    assert_eq!(first.append(rows(2), &delivery(2)).unwrap(), Added::Before);
    assert_eq!(first.append(rows(3), &delivery(3)).unwrap(), Added::Now(3));
    assert!(second.compact(Compaction::All).is_err());
    assert_eq!(second.compact(Compaction::All).unwrap().from, 3);
    assert_eq!(count(&one, &name()).unwrap(), rows_to(3));
}

#[test]
fn shards_are_numbered_apart() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let other = Delivery { shard: "b".parse().unwrap(), number: 1 };
    assert!(matches!(writer.append(rows(3), &delivery(3)).unwrap(), Added::Now(_)));
    assert!(matches!(writer.append(rows(1), &other).unwrap(), Added::Now(_)));
    // Numbers of a shard only rise.
    assert_eq!(writer.append(rows(2), &delivery(2)).unwrap(), Added::Before);
    drop(writer);
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    assert_eq!(
        [writer.last(&other.shard).unwrap(), writer.last(&delivery(0).shard).unwrap()],
        [Some(1), Some(3)]
    );
    assert_eq!(count(&lake, &name()).unwrap(), 8);
}

#[test]
fn folders_and_files_are_for_their_owner_alone() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("lake");
    let lake = Lake::open(&folder).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    writer.append(rows(1), &delivery(1)).unwrap();
    let mut waiting = vec![folder];
    while let Some(path) = waiting.pop() {
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
            assert_eq!(mode & 0o077, 0, "{}", path.display());
        }
        assert!(!path.to_string_lossy().contains('#'), "{} was left behind", path.display());
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
}
