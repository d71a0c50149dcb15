//! Small files become larger ones with the same rows, and what nobody needs goes in time.

use std::path::Path;
use std::time::{Duration, SystemTime};

use lake::{Added, Compacted, Compaction, Lake, Vacuumed};
use model::time::Instant;
use proptest::prelude::*;

use crate::asking::ask;
use crate::files::{Row, added, batch, columns, delivery, expected, found, name, parquet, random_row};

pub const HOUR: Duration = Duration::from_secs(3_600);

/// A time some hours from now.
pub fn hours(hours: u32) -> Instant {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + hours * HOUR;
    Instant::from_nanoseconds(i64::try_from(since.as_nanos()).unwrap())
}

fn row(day: &str, number: i64) -> Row {
    let host = Some(["alder", "birch", "cedar"][number.unsigned_abs() as usize % 3].to_owned());
    (Some(day.to_owned()), Some(number * 1_000_000), host, Some(number), None)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(25))]

    #[test]
    fn rows_are_the_same_afterwards(
        given in prop::collection::vec(prop::collection::vec(random_row(), 0..6), 1..8),
        between in 0usize..8,
    ) {
        let home = tempfile::tempdir().unwrap();
        let lake = Lake::open(home.path()).unwrap();
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        for (number, rows) in (1..).zip(&given) {
            writer.append(vec![batch(rows)], &delivery(number)).unwrap();
            if number as usize == between {
                writer.compact(Compaction::All).unwrap();
            }
        }
        writer.compact(Compaction::All).unwrap();
        prop_assert_eq!(found(&lake), expected(given.iter().flatten()));
        let again = writer.compact(Compaction::All).unwrap();
        prop_assert_eq!(again, Compacted::default());
        writer.vacuum(hours(2), HOUR).unwrap();
        prop_assert_eq!(found(&lake), expected(given.iter().flatten()));
        let mut days: Vec<_> = given.iter().flatten().map(|row| row.0.clone()).collect();
        days.sort();
        days.dedup();
        prop_assert_eq!(parquet(&home.path().join("own/base_event")).len(), days.len());
        prop_assert_eq!(writer.append(vec![batch(&given[0])], &delivery(1)).unwrap(), Added::Before);
    }
}

#[test]
fn a_partition_is_due_with_a_hundred_small_files() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    for number in 1..=99 {
        let rows =
            [row("2026-01-02", number), row(if number % 2 == 0 { "other" } else { "2026-01-02" }, -number)];
        writer.append(vec![batch(&rows)], &delivery(number.unsigned_abs())).unwrap();
    }
    assert_eq!(writer.compact(Compaction::Due).unwrap(), Compacted::default());
    writer.append(vec![batch(&[row("2026-01-02", 100)])], &delivery(100)).unwrap();
    assert_eq!(writer.compact(Compaction::Due).unwrap(), Compacted { from: 100, into: 1 });
    let query = "SELECT count(*), count(DISTINCT number), sum(number) FROM base_event";
    assert_eq!(ask(&lake, query).unwrap(), [["199", "199", "100"]]);

    let table = home.path().join("own/base_event");
    let log = std::fs::read_to_string(table.join(format!("_delta_log/{:020}.json", 101))).unwrap();
    assert!(!log.contains(r#""dataChange":true"#), "{log}");
    let [add] = added(&table, 101).into_values().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(add["partitionValues"]["day"], "2026-01-02");
    let said: serde_json::Value = serde_json::from_str(add["stats"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&said["numRecords"], &said["minValues"]["number"], &said["maxValues"]["number"]),
        (&150.into(), &(-99).into(), &100.into())
    );
    // Every hundred versions a checkpoint, whatever makes them.
    assert!(table.join(format!("_delta_log/{:020}.checkpoint.parquet", 99)).is_file());
}

#[test]
fn a_compacted_table_spares_its_readers_many_commits() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    for number in 1..=30 {
        writer.append(vec![batch(&[row("other", number)])], &delivery(number.unsigned_abs())).unwrap();
    }
    let checkpoint = |version: u64| {
        home.path().join(format!("own/base_event/_delta_log/{version:020}.checkpoint.parquet")).is_file()
    };
    assert_eq!(writer.compact(Compaction::All).unwrap(), Compacted { from: 30, into: 1 });
    // A few more are not worth another.
    writer.append(vec![batch(&[row("other", 31)])], &delivery(31)).unwrap();
    writer.append(vec![batch(&[row("other", 32)])], &delivery(32)).unwrap();
    assert_eq!(writer.compact(Compaction::All).unwrap(), Compacted { from: 3, into: 1 });
    drop(writer);
    assert_eq!([31, 34].map(checkpoint), [true, false]);
    let lake = Lake::open(home.path()).unwrap();
    let query = "SELECT count(*), count(DISTINCT number), sum(number) FROM base_event";
    assert_eq!(ask(&lake, query).unwrap(), [["32", "32", "528"]]);
    // What was delivered before it is known still.
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    writer.append(vec![batch(&[row("other", 7)])], &delivery(7)).unwrap();
    assert_eq!(ask(&lake, query).unwrap(), [["32", "32", "528"]]);
}

#[test]
fn what_is_too_much_for_one_file_becomes_several() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let mut append = |number: i64, count: i64| {
        let rows: Vec<Row> = (number..number + count).map(|number| row("other", number)).collect();
        writer.append(vec![batch(&rows)], &delivery((number / 60_000 + 1).unsigned_abs())).unwrap();
    };
    (0..10).for_each(|part| append(part * 60_000, 60_000));
    // One that is large already.
    append(600_000, 100_000);
    // Eight, and two.
    assert_eq!(writer.compact(Compaction::All).unwrap(), Compacted { from: 10, into: 2 });
    assert_eq!(writer.compact(Compaction::All).unwrap(), Compacted::default());
    let query = "SELECT count(*), count(DISTINCT number), sum(number) FROM base_event";
    assert_eq!(ask(&lake, query).unwrap(), [["700000", "700000", "244999650000"]]);
}

#[test]
fn what_is_long_is_read_in_smaller_pieces() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let words = "words ".repeat(3_000);
    // Ten megabytes in each file, of which two fit; they are small as they lie on disk.
    for number in 0..5 {
        let long = |row: i64| {
            (Some("other".to_owned()), None, None, Some(number * 1_100 + row), Some(words.clone()))
        };
        writer
            .append(
                vec![batch(&(0..550).map(long).collect::<Vec<_>>())],
                &delivery(number.unsigned_abs() + 1),
            )
            .unwrap();
    }
    assert_eq!(writer.compact(Compaction::All).unwrap(), Compacted { from: 4, into: 2 });
    let query = "SELECT count(*), count(DISTINCT number), sum(length(words)) FROM base_event";
    assert_eq!(ask(&lake, query).unwrap(), [["2750", "2750", "49500000"]]);
}

/// Writes a file that belongs to nobody.
fn stray(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, "1234").unwrap();
}

#[test]
fn files_go_when_no_version_has_named_them_for_a_time() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    for number in 1..=3 {
        writer.append(vec![batch(&[row("other", number)])], &delivery(number.unsigned_abs())).unwrap();
    }
    writer.compact(Compaction::All).unwrap();
    let table = home.path().join("own/base_event");
    let strays =
        ["day=other/part-1.parquet", "day=other/part-2.parquet#7", "_delta_log/00000000000000000009.json#0"];
    let others = ["day=other/notes.txt", "_delta_log/00000000000000000001.crc", "day=other/part#x"];
    strays.iter().chain(&others).for_each(|path| stray(&table.join(path)));
    assert_eq!(parquet(&table).len(), 5);
    // Neither what readers may be at nor what is being written, however short the time is.
    let waiting = Vacuumed { waiting: 4, ..Vacuumed::default() };
    assert_eq!(writer.vacuum(hours(0), Duration::ZERO).unwrap(), waiting);
    assert_eq!(writer.vacuum(hours(20), 24 * HOUR).unwrap(), waiting);
    let done = writer.vacuum(hours(2), HOUR).unwrap();
    assert_eq!((done.files, done.waiting), (6, 0));
    assert!(done.bytes > 12);
    assert_eq!(parquet(&table).len(), 1);
    assert!(others.iter().all(|path| table.join(path).is_file()));
    assert!(!strays.iter().any(|path| table.join(path).exists()));
    assert_eq!(found(&lake), expected([row("other", 1), row("other", 2), row("other", 3)].iter()));
}
