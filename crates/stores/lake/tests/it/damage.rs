//! Logs that disks or copies have damaged: nothing is lost silently, and nothing for good.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use lake::{Added, Compaction, Damaged, Lake, LakeError};

use crate::count;
use crate::files::{delivery, name, parquet};
use crate::power::Recorder;

fn columns() -> Schema {
    Schema::new(vec![Field::new("number", DataType::Int64, true)])
}

/// The rows of a delivery: as many as its number.
fn rows(number: i64) -> Vec<RecordBatch> {
    let numbers = Arc::new(Int64Array::from_iter_values(0..number));
    vec![RecordBatch::try_new(Arc::new(columns()), vec![numbers]).unwrap()]
}

/// A lake with deliveries of one row, two rows, and so on.
fn lake(deliveries: u64) -> (tempfile::TempDir, Lake) {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    for number in 1..=deliveries {
        writer.append(rows(number.cast_signed()), &delivery(number)).unwrap();
    }
    drop(writer);
    (home, lake)
}

fn table(home: &Path) -> PathBuf {
    home.join("own/base_event")
}

fn commit(home: &Path, version: u64) -> PathBuf {
    table(home).join(format!("_delta_log/{version:020}.json"))
}

#[test]
fn a_newest_commit_that_is_cut_off_anywhere_is_set_aside_and_delivered_again() {
    let (home, lake) = lake(3);
    let whole = fs::read(commit(home.path(), 3)).unwrap();
    let is_end = |at: usize| whole.get(at) == Some(&b'\n');
    for length in 0..whole.len() {
        fs::write(commit(home.path(), 3), &whole[..length]).unwrap();
        // Questions take their time: where lines end, and here and there.
        let is_asked = length % 50 == 0 || is_end(length) || is_end(length.wrapping_sub(1));
        let ask =
            |expected| assert!(!is_asked || count(&lake, &name()).unwrap() == expected, "cut at {length}");
        ask(3);
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        let [Damaged { version: 3, path, .. }] = writer.damaged() else {
            panic!("cut at {length}: {:?}", writer.damaged())
        };
        assert_eq!(fs::read(path).unwrap(), whole[..length]);
        assert_eq!(path, &table(home.path()).join(format!("_delta_log/damaged/{:020}.json.{length}", 3)));
        ask(3);
        assert_eq!(writer.last(&delivery(0).shard).unwrap(), Some(2));
        if is_asked {
            assert_eq!(writer.append(rows(3), &delivery(3)).unwrap(), Added::Now(3));
        } else {
            fs::write(commit(home.path(), 3), &whole).unwrap();
        }
        ask(6);
    }
    let writer = lake.writer(&name(), &columns()).unwrap();
    assert_eq!(writer.damaged(), []);
}

#[test]
fn other_bytes_in_place_of_the_newest_commit_are_noticed() {
    let (home, lake) = lake(3);
    let path = commit(home.path(), 3);
    let whole = fs::read(&path).unwrap();
    let zeros = [&whole[..whole.len() / 2], &vec![0; whole.len() - whole.len() / 2]].concat();
    let twice = [whole.as_slice(), b"\n", whole.as_slice()].concat();
    for bytes in [vec![0; whole.len()], zeros, b"{}".to_vec(), b"[1]\n".to_vec(), twice] {
        fs::write(&path, &bytes).unwrap();
        assert_eq!(count(&lake, &name()).unwrap(), 3);
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        assert_eq!(writer.damaged().len(), 1);
        assert_eq!(writer.append(rows(3), &delivery(3)).unwrap(), Added::Now(3));
    }
    assert_eq!(count(&lake, &name()).unwrap(), 6);
}

/// What becomes of a file with these bytes.
type Damage<'a> = &'a dyn Fn(&Path, &[u8]);

#[test]
fn a_newest_commit_whose_file_is_not_as_it_was_written_is_set_aside() {
    let (home, lake) = lake(3);
    let newest = |version: u64| {
        let log = fs::read_to_string(commit(home.path(), version)).unwrap();
        let files = parquet(&table(home.path()));
        let file = files.into_iter().find(|file| log.contains(file.to_str().unwrap())).unwrap();
        table(home.path()).join(file)
    };
    let damages: [Damage<'_>; 4] = [
        &|path, _| fs::write(path, "").unwrap(),
        &|path, bytes| fs::write(path, &bytes[..bytes.len() / 2]).unwrap(),
        &|path, bytes| fs::write(path, vec![0; bytes.len()]).unwrap(),
        &|path, _| fs::remove_file(path).unwrap(),
    ];
    for damage in damages {
        let file = newest(3);
        damage(&file, &fs::read(&file).unwrap());
        assert_eq!(count(&lake, &name()).unwrap(), 3);
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        let why = &writer.damaged()[0].why;
        assert!(why.contains("is not as it was written"), "{why}");
        assert_eq!(writer.append(rows(3), &delivery(3)).unwrap(), Added::Now(3));
        assert_eq!(count(&lake, &name()).unwrap(), 6);
    }
}

#[test]
fn a_damaged_commit_that_others_stand_upon_is_named() {
    for cut in [0, 10] {
        let (home, lake) = lake(4);
        let path = commit(home.path(), 2);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..cut]).unwrap();
        let is_named = |error: LakeError| {
            let text = error.to_string();
            matches!(error, LakeError::Damaged { path: named, .. } if named == path.canonicalize().unwrap())
                && text.contains("0002.json")
        };
        assert!(lake.writer(&name(), &columns()).is_err_and(is_named));
        assert!(count(&lake, &name()).is_err_and(is_named));
        assert!(path.exists());
        fs::write(&path, &whole).unwrap();
        assert_eq!(count(&lake, &name()).unwrap(), 10);
        assert!(lake.writer(&name(), &columns()).is_ok());
    }
}

#[test]
fn a_table_whose_only_commit_is_damaged_is_made_again() {
    let (home, lake) = lake(0);
    let whole = fs::read(commit(home.path(), 0)).unwrap();
    for cut in (0..whole.len()).step_by(97) {
        fs::write(commit(home.path(), 0), &whole[..cut]).unwrap();
        assert!(matches!(count(&lake, &name()), Err(LakeError::NoTable(_))), "cut at {cut}");
        let writer = lake.writer(&name(), &columns()).unwrap();
        assert_eq!(writer.damaged().len(), 1);
        assert_eq!(count(&lake, &name()).unwrap(), 0);
    }
}

#[test]
fn compaction_that_was_torn_is_done_again() {
    let (home, lake) = lake(3);
    lake.writer(&name(), &columns()).unwrap().compact(Compaction::All).unwrap();
    let whole = fs::read(commit(home.path(), 4)).unwrap();
    fs::write(commit(home.path(), 4), &whole[..whole.len() - 1]).unwrap();
    assert_eq!(count(&lake, &name()).unwrap(), 6);
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    assert_eq!(writer.damaged().len(), 1);
    assert_eq!(writer.compact(Compaction::All).unwrap().from, 3);
    assert_eq!(count(&lake, &name()).unwrap(), 6);
}

#[test]
fn setting_a_commit_aside_can_fail_anywhere() {
    let (home, first) = lake(3);
    drop(first);
    let path = commit(home.path(), 3);
    let torn = fs::read(&path).unwrap()[..20].to_vec();
    fs::write(&path, &torn).unwrap();
    let disk = Recorder::default();
    let lake = Lake::open_on(home.path(), Arc::new(disk.clone())).unwrap();
    let mut refused = 0;
    let damaged = loop {
        disk.refuse_after(Some(refused));
        let writer = lake.writer(&name(), &columns()).map(|writer| writer.damaged().to_vec());
        disk.refuse_after(None);
        assert_eq!(count(&lake, &name()).unwrap(), 3, "after {refused} calls");
        match writer {
            Ok(damaged) => break damaged,
            Err(_) => refused += 1,
        }
    };
    assert!(refused > 4, "{refused}");
    // It may have been moved by the attempt that failed last.
    let kept = fs::read_dir(table(home.path()).join("_delta_log/damaged")).unwrap();
    let kept: Vec<Vec<u8>> = kept.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(damaged.len() <= 1 && !kept.is_empty() && kept.iter().all(|bytes| *bytes == torn));
    assert!(!path.exists());
}

#[test]
fn what_is_older_than_a_checkpoint_may_be_there_or_not() {
    let (home, lake) = lake(0);
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    for number in 1..=203 {
        writer.append(rows(1), &delivery(number)).unwrap();
    }
    drop(writer);
    let checkpoint =
        |version: u64| table(home.path()).join(format!("_delta_log/{version:020}.checkpoint.parquet"));
    assert!(checkpoint(99).is_file() && checkpoint(199).is_file());
    // As a power cut may leave a log of which the oldest part was being removed.
    for gone in [[3, 50, 99, 100, 150], [0, 1, 2, 101, 199], [98, 110, 120, 130, 140]] {
        gone.iter().for_each(|version| fs::remove_file(commit(home.path(), *version)).unwrap());
        assert_eq!(count(&lake, &name()).unwrap(), 203);
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        assert_eq!(writer.last(&delivery(0).shard).unwrap(), Some(203));
        assert_eq!(writer.damaged(), []);
    }
    fs::remove_file(checkpoint(99)).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    assert_eq!(writer.append(rows(1), &delivery(204)).unwrap(), Added::Now(204));
    assert_eq!(writer.compact(Compaction::Due).unwrap().from, 204);
    assert_eq!(count(&lake, &name()).unwrap(), 204);
}
