//! What is in the files of a table, and what the log says of them: checked against the rows that
//! were delivered, and against what the files hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use deltalake::parquet::file::reader::{FileReader, SerializedFileReader};
use deltalake::parquet::record::RowAccessor;
use lake::{Added, Delivery, Lake, LakeError, TableName};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::asking::ask;

/// A row: partition, time, host, number, and a text beyond those with statistics.
pub type Row = (Option<String>, Option<i64>, Option<String>, Option<i64>, Option<String>);

pub fn name() -> TableName {
    "own/base_event".parse().unwrap()
}

pub fn delivery(number: u64) -> Delivery {
    Delivery { shard: "a".parse().unwrap(), number }
}

/// Columns of a table; so many that not all have statistics.
pub fn columns() -> Schema {
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let mut fields = vec![
        Field::new("time", time, true),
        text("device.hostname"),
        Field::new("number", DataType::Int64, true),
    ];
    fields.extend((0..10).map(|at| text(&format!("empty{at}"))));
    fields.extend([text("words"), text("day")]);
    Schema::new(fields)
}

/// Rows with only the columns of which one has a value, as events become rows.
pub fn batch(rows: &[Row]) -> RecordBatch {
    let texts = |get: &dyn Fn(&Row) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<StringArray>())
    };
    let times = rows.iter().map(|row| row.1).collect::<TimestampMicrosecondArray>().with_timezone("UTC");
    let numbers = rows.iter().map(|row| row.3).collect::<Int64Array>();
    let arrays: BTreeMap<&str, ArrayRef> = BTreeMap::from([
        ("day", texts(&|row| row.0.clone())),
        ("time", Arc::new(times) as ArrayRef),
        ("device.hostname", texts(&|row| row.2.clone())),
        ("number", Arc::new(numbers) as ArrayRef),
        ("words", texts(&|row| row.4.clone())),
    ]);
    let (mut fields, mut values) = (Vec::new(), Vec::new());
    for field in columns().fields() {
        if let Some(array) =
            arrays.get(field.name().as_str()).filter(|array| array.null_count() < array.len())
        {
            fields.push(field.clone());
            values.push(array.clone());
        }
    }
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), values, &options).unwrap()
}

/// All rows of the table as texts, sorted.
pub fn found(lake: &Lake) -> Vec<Vec<String>> {
    let sql = r#"SELECT day, CAST(time AS BIGINT), "device.hostname", number, words FROM base_event"#;
    let mut rows = ask(lake, sql).unwrap();
    rows.sort();
    rows
}

/// The same of rows that were delivered.
pub fn expected<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Vec<String>> {
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut rows: Vec<Vec<String>> = rows
        .map(|(day, time, host, count, words)| {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            vec![text(day), number(*time), text(host), number(*count), text(words)]
        })
        .collect();
    rows.sort();
    rows
}

/// All files below a folder, from the folder on.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut waiting, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(path) = waiting.pop() {
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                files.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}

/// What a commit adds, by the path of the file.
pub fn added(table: &Path, version: u64) -> BTreeMap<String, Json> {
    let log = std::fs::read_to_string(table.join(format!("_delta_log/{version:020}.json"))).unwrap();
    let lines = log.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    let adds = lines.filter_map(|line| line.get("add").cloned());
    adds.map(|add| (add["path"].as_str().unwrap().to_owned(), add)).collect()
}

/// The files of a table that hold rows.
pub fn parquet(table: &Path) -> Vec<PathBuf> {
    let is_rows = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "parquet") && !path.starts_with("_delta_log")
    };
    files(table).into_iter().filter(is_rows).collect()
}

fn names(file: &Path) -> Vec<String> {
    let file = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    let columns = file.metadata().file_metadata().schema_descr().columns().to_vec();
    columns.iter().map(|column| column.name().to_owned()).collect()
}

fn row(day: &str, time: i64, host: &str, number: Option<i64>, words: Option<&str>) -> Row {
    (Some(day.to_owned()), Some(time), Some(host.to_owned()), number, words.map(str::to_owned))
}

#[test]
fn a_file_is_of_one_day_and_has_the_columns_with_values() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let rows = [
        row("2026-01-02", 1_767_312_000_123_456, "birch", Some(7), None),
        row("2026-01-03", 1_767_398_400_000_000, "alder", None, Some("a")),
        row("2026-01-02", 1_767_312_000_000_000, "alder", None, None),
    ];
    let parts = vec![batch(&rows[..1]), batch(&rows[1..])];
    assert_eq!(writer.append(parts, &delivery(1)).unwrap(), Added::Now(1));
    assert_eq!(found(&lake), expected(rows.iter()));

    let table = home.path().join("own/base_event");
    let added = added(&table, 1);
    let paths: Vec<PathBuf> = added.keys().map(PathBuf::from).collect();
    assert_eq!(paths, parquet(&table));
    let [second, third] = paths.as_slice() else { panic!("a file a day") };
    assert!(second.starts_with("day=2026-01-02") && third.starts_with("day=2026-01-03"));
    assert_eq!(names(&table.join(second)), ["time", "device.hostname", "number"]);
    assert_eq!(names(&table.join(third)), ["time", "device.hostname", "words"]);

    let add = &added[second.to_str().unwrap()];
    assert_eq!(add["partitionValues"], json!({ "day": "2026-01-02" }));
    assert_eq!(add["size"], std::fs::metadata(table.join(second)).unwrap().len());
    let said: Json = serde_json::from_str(add["stats"].as_str().unwrap()).unwrap();
    let mut nulls = json!({ "time": 0, "device.hostname": 0, "number": 1 });
    // The first twelve columns, also those that the file has not.
    (0..9).for_each(|at| nulls[format!("empty{at}")] = json!(2));
    assert_eq!(
        said,
        json!({
            "numRecords": 2,
            "minValues": { "time": "2026-01-02T00:00:00.000Z", "device.hostname": "alder", "number": 7 },
            "maxValues": { "time": "2026-01-02T00:00:00.124Z", "device.hostname": "birch", "number": 7 },
            "nullCount": nulls,
        })
    );
    assert_eq!(
        ask(&lake, "SELECT count(*), count(empty3), count(words) FROM base_event").unwrap(),
        [["3", "0", "1"]]
    );
}

#[test]
fn rows_lie_by_host_and_time() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let rows: Vec<Row> = (0..1_000)
        .map(|at| row("other", at * 7_919 % 1_000, ["b", "a"][at as usize % 2], Some(at), None))
        .collect();
    writer.append(rows.chunks(99).map(batch).collect(), &delivery(1)).unwrap();
    let table = home.path().join("own/base_event");
    let file = SerializedFileReader::new(File::open(table.join(&parquet(&table)[0])).unwrap()).unwrap();
    let read: Vec<(String, i64)> = file
        .get_row_iter(None)
        .unwrap()
        .map(|row| {
            let row = row.unwrap();
            let number = usize::try_from(row.get_long(2).unwrap()).unwrap();
            (row.get_string(1).unwrap().clone(), rows[number].1.unwrap())
        })
        .collect();
    assert_eq!(read.len(), 1_000);
    assert!(read.is_sorted(), "{read:?}");
}

#[test]
fn a_delivery_of_nothing_is_known_as_delivered() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    assert_eq!(writer.append(vec![batch(&[])], &delivery(1)).unwrap(), Added::Now(1));
    assert_eq!(writer.append(Vec::new(), &delivery(2)).unwrap(), Added::Now(2));
    assert_eq!(writer.last(&delivery(0).shard).unwrap(), Some(2));
    assert_eq!((found(&lake).len(), parquet(&home.path().join("own/base_event")).len()), (0, 0));
}

#[test]
fn a_column_of_another_type_is_refused_and_named() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    for (column, expected) in
        [("number", "the column number is string and not long"), ("nine", "the column nine is not one")]
    {
        let schema = Schema::new(vec![Field::new(column, DataType::Utf8, true)]);
        let rows =
            RecordBatch::try_new(Arc::new(schema), vec![Arc::new(StringArray::from(vec!["7"]))]).unwrap();
        let good = batch(&[row("other", 1, "a", None, None)]);
        let refused = writer.append(vec![good, rows], &delivery(1));
        let Err(error @ LakeError::Table { action: "added to", .. }) = refused else { panic!("{refused:?}") };
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains(expected), "{source}");
    }
    assert_eq!((found(&lake).len(), parquet(&home.path().join("own/base_event")).len()), (0, 0));
}

#[test]
fn a_table_gets_columns_as_the_catalogue_grows_and_keeps_those_it_had() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let first = Schema::new(columns().fields().iter().skip(2).cloned().collect::<Vec<_>>());
    let mut writer = lake.writer(&name(), &first).unwrap();
    let old = (Some("other".to_owned()), None, None, Some(7), None);
    assert_eq!(writer.append(vec![batch(std::slice::from_ref(&old))], &delivery(1)).unwrap(), Added::Now(1));
    let new = row("other", 1, "alder", None, Some("a"));
    assert!(writer.append(vec![batch(std::slice::from_ref(&new))], &delivery(2)).is_err());
    drop(writer);

    // Of the columns that are known by now, the table had some, lacked some, and has some that nobody
    // knows any more.
    let last = Schema::new(
        columns().fields().iter().filter(|field| field.name() != "number").cloned().collect::<Vec<_>>(),
    );
    let mut writer = lake.writer(&name(), &last).unwrap();
    assert_eq!(writer.append(vec![batch(std::slice::from_ref(&new))], &delivery(2)).unwrap(), Added::Now(3));
    drop(writer);
    assert_eq!(found(&lake), expected([old.clone(), new.clone()].iter()));
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    assert_eq!(writer.last(&delivery(0).shard).unwrap(), Some(2));
    assert_eq!(writer.append(vec![batch(std::slice::from_ref(&old))], &delivery(3)).unwrap(), Added::Now(4));
    assert_eq!(found(&lake), expected([old.clone(), new, old].iter()));
}

#[test]
fn a_column_that_changes_its_type_is_refused_with_the_rows() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    drop(lake.writer(&name(), &columns()).unwrap());
    let other = Schema::new(vec![Field::new("number", DataType::Utf8, true)]);
    let mut writer = lake.writer(&name(), &other).unwrap();
    let rows = RecordBatch::try_new(Arc::new(other), vec![Arc::new(StringArray::from(vec!["7"]))]).unwrap();
    assert!(matches!(
        writer.append(vec![rows], &delivery(1)),
        Err(LakeError::Table { action: "added to", .. })
    ));
    assert_eq!(
        writer.append(vec![batch(&[row("other", 1, "a", Some(7), None)])], &delivery(1)).unwrap(),
        Added::Now(1)
    );
}

pub fn random_row() -> impl Strategy<Value = Row> {
    let day =
        prop::option::of(prop::sample::select(vec!["2026-01-02", "2026-01-03", "other", "100% so/läuft"]));
    let host = prop::option::of(prop::sample::select(vec!["alder", "birch", "灯台", ""]));
    let time = prop::option::of(1_767_312_000_000_000i64..1_767_312_000_005_000);
    // The lake's partition is never empty, and Delta takes an empty one for none.
    let words = prop::option::of("[a-z灯]{1,40}");
    (day, time, host, prop::option::of(-3i64..3), words).prop_map(|(day, time, host, number, words)| {
        (day.map(str::to_owned), time, host.map(str::to_owned), number, words)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn what_is_asked_is_what_was_delivered(
        given in prop::collection::vec(prop::collection::vec(prop::collection::vec(random_row(), 0..6), 0..4), 1..5),
        time in 1_767_312_000_000_000i64..1_767_312_000_005_000,
    ) {
        let home = tempfile::tempdir().unwrap();
        let lake = Lake::open(home.path()).unwrap();
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        for (number, parts) in (1..).zip(&given) {
            writer.append(parts.iter().map(|rows| batch(rows)).collect(), &delivery(number)).unwrap();
        }
        let all = || given.iter().flatten().flatten();
        prop_assert_eq!(found(&lake), expected(all()));
        // What the log says of files leaves none out that is asked for.
        let count = |sql: &str| ask(&lake, &format!("SELECT count(*) FROM base_event WHERE {sql}")).unwrap()[0][0].parse::<usize>().unwrap();
        let is = |holds: &dyn Fn(&Row) -> bool| all().filter(|row| holds(row)).count();
        prop_assert_eq!(count(&format!("time >= to_timestamp_micros({time})")), is(&|row| row.1.is_some_and(|at| at >= time)));
        prop_assert_eq!(count(&format!("time <= to_timestamp_micros({time})")), is(&|row| row.1.is_some_and(|at| at <= time)));
        prop_assert_eq!(count("\"device.hostname\" = '灯台'"), is(&|row| row.2.as_deref() == Some("灯台")));
        prop_assert_eq!(count("number > 1 AND day = 'other'"), is(&|row| row.3.is_some_and(|number| number > 1) && row.0.as_deref() == Some("other")));
        prop_assert_eq!(count("empty2 IS NULL AND words IS NOT NULL"), is(&|row| row.4.is_some()));
        prop_assert_eq!(count("number IS NULL"), is(&|row| row.3.is_none()));
        let days: BTreeSet<_> = all().map(|row| row.0.clone()).collect();
        prop_assert!(parquet(&home.path().join("own/base_event")).len() <= days.len() * given.len());
    }
}
