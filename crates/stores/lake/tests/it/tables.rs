//! Rows that are added can be counted, and what is no table is told.

use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use lake::{Added, Compartment, Delivery, Lake, LakeError, TableName};

use crate::count;

fn columns() -> Schema {
    Schema::new(vec![Field::new("host", DataType::Utf8, true), Field::new("line", DataType::Int64, true)])
}

fn rows(hosts: &[&str]) -> RecordBatch {
    let lines = Int64Array::from_iter_values(1..=i64::try_from(hosts.len()).unwrap_or(i64::MAX));
    let hosts = StringArray::from_iter_values(hosts);
    RecordBatch::try_new(Arc::new(columns()), vec![Arc::new(hosts), Arc::new(lines)])
        .unwrap_or_else(|_| RecordBatch::new_empty(Arc::new(columns())))
}

fn delivery(number: u64) -> Delivery {
    Delivery { shard: "a".parse().unwrap_or_else(|_| unreachable!()), number }
}

#[test]
fn what_is_added_is_counted_by_whoever_opens_the_lake_next() {
    let home = tempfile::tempdir().unwrap();
    let name = TableName::new(Compartment::own(), "process_activity").unwrap();
    let lake = Lake::open(&home.path().join("lake")).unwrap();
    let mut writer = lake.writer(&name, &columns()).unwrap();
    assert_eq!(count(&lake, &name).unwrap(), 0);
    let added = writer.append(vec![rows(&["alder", "birch", "cedar"])], &delivery(1)).unwrap();
    assert_eq!(added, Added::Now(1));
    assert_eq!(writer.append(vec![rows(&["alder"])], &delivery(2)).unwrap(), Added::Now(2));
    assert_eq!(count(&lake, &name).unwrap(), 4);

    let again = Lake::open(&home.path().join("lake")).unwrap();
    let mut writer = again.writer(&name, &columns()).unwrap();
    assert_eq!(writer.append(vec![rows(&["alder"])], &delivery(2)).unwrap(), Added::Before);
    assert_eq!(count(&again, &name).unwrap(), 4);
    let log = home.path().join("lake/own/process_activity/_delta_log");
    assert!(log.join("00000000000000000002.json").is_file());
    assert!(!log.join("00000000000000000003.json").exists());
}

#[test]
fn a_table_that_is_not_there_is_named() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let name: TableName = "exercise/spring/dns_activity".parse().unwrap();
    assert!(matches!(count(&lake, &name), Err(LakeError::NoTable(missing)) if missing == name));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "asking made a folder");
}

#[test]
fn rows_with_other_columns_are_refused_whole() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let name = TableName::new(Compartment::own(), "base_event").unwrap();
    let mut writer = lake.writer(&name, &columns()).unwrap();
    let other = Schema::new(vec![Field::new("lines", DataType::Int64, true)]);
    let other = RecordBatch::try_new(Arc::new(other), vec![Arc::new(Int64Array::from(vec![1]))]).unwrap();
    let refused = writer.append(vec![other], &delivery(1));
    assert!(matches!(refused, Err(LakeError::Table { action: "added to", .. })));
    assert_eq!(count(&lake, &name).unwrap(), 0);
    assert_eq!(writer.append(vec![rows(&["alder"])], &delivery(1)).unwrap(), Added::Now(1));
}

#[test]
fn the_log_says_what_readers_of_other_makers_need() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let name = TableName::new(Compartment::own(), "base_event").unwrap();
    let mut writer = lake.writer(&name, &columns()).unwrap();
    writer.append(vec![rows(&["alder"])], &delivery(7)).unwrap();
    let log = home.path().join("own/base_event/_delta_log");
    let made = std::fs::read_to_string(log.join("00000000000000000000.json")).unwrap();
    for wanted in [r#""delta.appendOnly":"true""#, r#""minReaderVersion":1"#] {
        assert!(made.contains(wanted), "{wanted} not in {made}");
    }
    for unwanted in ["deletionVectors", "columnMapping", "timestampNtz"] {
        assert!(!made.contains(unwanted), "{made}");
    }
    let added = std::fs::read_to_string(log.join("00000000000000000001.json")).unwrap();
    assert!(added.contains(r#""txn":{"appId":"a","version":7"#), "{added}");
}
