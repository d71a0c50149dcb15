//! Rows that are added can be counted, and what is no table is told.

use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use lake::{Compartment, Lake, LakeError, TableName};

fn columns() -> Schema {
    Schema::new(vec![Field::new("host", DataType::Utf8, true), Field::new("line", DataType::Int64, true)])
}

fn rows(hosts: &[&str]) -> RecordBatch {
    let lines = Int64Array::from_iter_values(1..=i64::try_from(hosts.len()).unwrap_or(i64::MAX));
    let hosts = StringArray::from_iter_values(hosts);
    RecordBatch::try_new(Arc::new(columns()), vec![Arc::new(hosts), Arc::new(lines)])
        .unwrap_or_else(|_| RecordBatch::new_empty(Arc::new(columns())))
}

#[test]
fn what_is_added_is_counted_by_whoever_opens_the_lake_next() {
    let home = tempfile::tempdir().unwrap();
    let name = TableName::new(Compartment::own(), "process_activity").unwrap();
    let lake = Lake::open(&home.path().join("lake")).unwrap();
    lake.create(&name, &columns()).unwrap();
    assert_eq!(lake.count(&name).unwrap(), 0);
    assert_eq!(lake.append(&name, rows(&["alder", "birch", "cedar"])).unwrap(), 1);
    assert_eq!(lake.append(&name, rows(&["alder"])).unwrap(), 2);
    assert_eq!(lake.count(&name).unwrap(), 4);

    let again = Lake::open(&home.path().join("lake")).unwrap();
    again.create(&name, &columns()).unwrap();
    assert_eq!(again.count(&name).unwrap(), 4);
    assert!(home.path().join("lake/own/process_activity/_delta_log/00000000000000000002.json").is_file());
}

#[test]
fn a_table_that_is_not_there_is_named() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let name: TableName = "exercise/spring/dns_activity".parse().unwrap();
    assert!(matches!(lake.count(&name), Err(LakeError::NoTable(missing)) if missing == name));
    assert!(matches!(lake.append(&name, rows(&["alder"])), Err(LakeError::NoTable(_))));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "asking made a folder");
}

#[test]
fn rows_with_other_columns_are_refused_whole() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let name = TableName::new(Compartment::own(), "base_event").unwrap();
    lake.create(&name, &columns()).unwrap();
    let other = Schema::new(vec![Field::new("lines", DataType::Int64, true)]);
    let other = RecordBatch::try_new(Arc::new(other), vec![Arc::new(Int64Array::from(vec![1]))]).unwrap();
    assert!(matches!(lake.append(&name, other), Err(LakeError::Table { action: "added to", .. })));
    assert_eq!(lake.count(&name).unwrap(), 0);
}
