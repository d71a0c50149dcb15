//! Whoever is stopped, by whatever and wherever, begins again and ends as if they had not been.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use lake::{Disk, FileSystem, Lake, LakeError};

use super::{
    Row, append, columns, commits, expected, found, goes, hosts, id, is_append_only, looking, name,
    retention, row,
};
use crate::compaction::{HOUR, hours};
use crate::power::{Recorder, after_cut};
use crate::views::operator;

/// Files of more than one version, of which nearly all hold others' rows.
const DELIVERIES: u64 = 10;

fn history(number: u64) -> Vec<Row> {
    let mut rows = vec![row(0, 0, number.cast_signed())];
    if number > 1 {
        rows.extend([row(0, 1, 1_000 + number.cast_signed()), row(2, 0, 2_000 + number.cast_signed())]);
    }
    rows
}

fn histories() -> Vec<Row> {
    (1..=DELIVERIES).flat_map(history).collect()
}

fn left() -> Vec<Row> {
    histories().into_iter().filter(|row| !goes(row, (0, 1))).collect()
}

/// A table with all deliveries.
fn filled(folder: &Path, disk: &Recorder) {
    let lake = Lake::open_on(folder, Arc::new(disk.clone())).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    (1..=DELIVERIES).for_each(|number| append(&mut writer, number, &history(number)));
}

/// What is wrong with a table of which some versions may have lost rows, or all.
fn fault(folder: &Path) -> Result<Option<String>, LakeError> {
    let lake = Lake::open(folder)?;
    let seen = found(&lake);
    let (all, left) = (expected(&histories()), expected(&left()));
    if left.iter().any(|row| !seen.contains(row)) || seen.iter().any(|row| !all.contains(row)) {
        return Ok(Some(format!("{} rows of {}", seen.len(), all.len())));
    }
    let gone = (all.len() - seen.len()) as u64;
    let mut writer = lake.writer(&name(), &columns())?;
    if !is_append_only(folder) || !writer.damaged().is_empty() {
        return Ok(Some(format!("rows may be taken away, or {:?}", writer.damaged())));
    }
    let done = writer.expire(&retention(0, 1))?;
    let view = operator();
    let noted = lake.expired(looking(&view), &name())?;
    if done.rows + gone != DELIVERIES || found(&lake) != left || noted != [(id(0), DELIVERIES)].into() {
        return Ok(Some(format!("{done:?} after {gone} rows went, {noted:?} are noted")));
    }
    let alder = left.iter().filter(|row| row.contains("alder")).count() as u64;
    let waiting = writer.vacuum(hours(2), HOUR)?.waiting;
    let is_clean = is_append_only(folder) && waiting == 0 && hosts(&lake, "alder") == alder;
    Ok((!is_clean).then(|| format!("{waiting} files wait")))
}

#[test]
fn a_power_cut_at_any_point_leaves_the_rows_of_a_file_or_none_of_them() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().canonicalize().unwrap();
    let disk = Recorder::default();
    filled(&root.join("lake"), &disk);
    let first = disk.count();
    let lake = Lake::open_on(&root.join("lake"), Arc::new(disk.clone())).unwrap();
    let mut writer = lake.existing_writer(&name()).unwrap();
    let done = writer.expire(&retention(0, 1)).unwrap();
    assert_eq!((done.rows, done.files, done.rewritten), (DELIVERIES, DELIVERIES, DELIVERIES - 1));
    let removals = commits(&root.join("lake")).into_iter().filter(|(operation, _)| operation == "DELETE");
    assert_eq!(removals.count(), 2);
    drop(writer);
    let changes = disk.changes();
    assert!(changes.len() > first + 30, "{}", changes.len() - first);
    // Behind every second change, and everywhere where a variable says so.
    let step = if std::env::var_os("NOROSHI_CUTS").is_some() { 1 } else { 2 };
    for cut in (first..=changes.len()).rev().step_by(step) {
        let after = tempfile::tempdir().unwrap();
        after_cut(&root, &changes[..cut], cut as u64 + 5, after.path()).unwrap();
        let fault = fault(&after.path().join("lake"))
            .unwrap_or_else(|error| Some(format!("{error}: {:?}", std::error::Error::source(&error))));
        assert_eq!(fault, None, "cut behind change {cut} of {first} to {}", changes.len());
    }
}

#[test]
fn what_fails_anywhere_can_be_done_again() {
    let home = tempfile::tempdir().unwrap();
    let disk = Recorder::default();
    filled(&home.path().join("lake"), &disk);
    let lake = Lake::open_on(&home.path().join("lake"), Arc::new(disk.clone())).unwrap();
    let mut writer = lake.existing_writer(&name()).unwrap();
    let mut calls = 0;
    loop {
        disk.refuse_after(Some(calls));
        let done = writer.expire(&retention(0, 1));
        disk.refuse_after(None);
        let seen = found(&lake);
        assert!(expected(&left()).iter().all(|row| seen.contains(row)), "after {calls} calls");
        match done {
            Ok(_) => break,
            Err(_) => calls += 1,
        }
    }
    assert!(calls > 10, "{calls}");
    assert_eq!(found(&lake), expected(&left()));
    let view = operator();
    assert_eq!(lake.expired(looking(&view), &name()).unwrap(), [(id(0), DELIVERIES)].into());
    append(&mut writer, DELIVERIES + 1, &[row(0, 0, 1)]);
    assert!(is_append_only(&home.path().join("lake")));
}

#[test]
fn a_removal_that_was_torn_is_done_again_and_counted_once() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    append(&mut writer, 1, &[row(0, 0, 1), row(0, 1, 2)]);
    writer.expire(&retention(0, 0)).unwrap();
    drop(writer);
    let log = home.path().join("own/process_activity/_delta_log");
    let commit = |version: u64| log.join(format!("{version:020}.json"));
    // As whoever died behind the removal leaves it, and then it is damaged.
    for file in fs::read_dir(&log).unwrap().map(|entry| entry.unwrap().path()) {
        if file.to_string_lossy().contains("checkpoint") {
            fs::remove_file(file).unwrap();
        }
    }
    FileSystem.remove(&commit(4)).unwrap();
    let whole = fs::read(commit(3)).unwrap();
    fs::write(commit(3), &whole[..whole.len() / 2]).unwrap();
    assert_eq!(found(&lake), expected(&[row(0, 0, 1), row(0, 1, 2)]));
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    assert_eq!(writer.damaged().len(), 1);
    assert!(is_append_only(home.path()));
    assert_eq!(writer.expire(&retention(0, 0)).unwrap().rows, 1);
    let view = operator();
    assert_eq!(lake.expired(looking(&view), &name()).unwrap(), [(id(0), 1)].into());
    assert_eq!(found(&lake), expected(&[row(0, 1, 2)]));
}

#[test]
fn nothing_goes_while_what_went_before_cannot_be_read() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    append(&mut writer, 1, &[row(0, 0, 1), row(1, 0, 2), row(2, 0, 3)]);
    writer.expire(&retention(0, 0)).unwrap();
    let account = home.path().join("own/process_activity/_expired");
    let whole = fs::read(&account).unwrap();
    let view = operator();
    for bytes in [&whole[..whole.len() - 9], b"", &[0xff; 40]] {
        fs::write(&account, bytes).unwrap();
        let is_named =
            |error: LakeError| matches!(error, LakeError::Damaged { path, .. } if path.ends_with("_expired"));
        assert!(writer.expire(&retention(0, 1)).is_err_and(is_named));
        assert!(lake.expired(looking(&view), &name()).is_err_and(is_named));
        assert_eq!(found(&lake).len(), 2);
    }
    // Whoever takes it away has the rest removed.
    fs::remove_file(&account).unwrap();
    assert_eq!(writer.expire(&retention(0, 1)).unwrap().rows, 1);
    assert_eq!(lake.expired(looking(&view), &name()).unwrap(), [(id(0), 1)].into());
}
