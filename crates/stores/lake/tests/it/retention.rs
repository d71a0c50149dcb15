//! Rows that are kept no longer are gone, and no others: whoever stops it, and whatever happened to the files
//! before and afterwards.

mod seen;
mod stopped;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use lake::{
    BatchId, Compaction, Compartment, Days, Delivery, Expired, Expiring, Finding, Lake, Looking, Retention,
    TableName, Touched, Writer,
};
use model::indicator::Indicator;
use model::marking::Tlp;
use model::view::View;
use proptest::prelude::*;
use serde_json::Value;

use crate::compaction::{HOUR, hours};
use crate::views::{NOW, ask, operator};

const DAYS: [&str; 4] = ["2026-01-01", "2026-01-02", "2026-01-03", "other"];
const OWNERS: [Option<&str>; 3] = [Some("aoba"), Some("misaki"), None];
const MARKS: [Tlp; 2] = [Tlp::Amber, Tlp::Red];

/// A row: places of its day, owner and mark; batch, number and host.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    day: usize,
    owner: usize,
    mark: usize,
    batch: u8,
    number: i64,
    host: String,
}

fn name() -> TableName {
    "own/process_activity".parse().unwrap()
}

fn columns() -> Schema {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let mut fields = vec![
        Field::new("time", time, true),
        text("batch"),
        text("device.hostname"),
        Field::new("row", DataType::Int64, true),
    ];
    fields.extend(["owner", "tlp", "confidentiality", "pap", "words", "shape", "day"].map(text));
    Schema::new(fields)
}

fn id(batch: u8) -> BatchId {
    BatchId::from([batch; 16])
}

/// Rows as they are delivered; columns without any value are left out.
fn delivered(rows: &[Row]) -> RecordBatch {
    let text = |get: &dyn Fn(&Row) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<StringArray>())
    };
    let times = rows.iter().map(|row| (row.number != 0).then_some(row.number));
    let columns_of: HashMap<&str, ArrayRef> = [
        ("time", Arc::new(times.collect::<TimestampMicrosecondArray>().with_timezone("UTC")) as ArrayRef),
        ("batch", text(&|row| Some(id(row.batch).to_string()))),
        ("device.hostname", text(&|row| Some(row.host.clone()))),
        ("row", Arc::new(rows.iter().map(|row| Some(row.number)).collect::<Int64Array>())),
        ("owner", text(&|row| OWNERS[row.owner].map(str::to_owned))),
        ("tlp", text(&|row| Some(MARKS[row.mark].as_str().to_owned()))),
        ("words", text(&|row| (row.number % 3 == 0).then(|| format!("語 {} \"{}\"", row.host, row.number)))),
        ("shape", text(&|_| Some("[]".to_owned()))),
        ("day", text(&|row| Some(DAYS[row.day].to_owned()))),
    ]
    .into();
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for field in columns().fields() {
        if let Some(array) =
            columns_of.get(field.name().as_str()).filter(|array| array.null_count() < array.len())
        {
            fields.push(field.clone());
            arrays.push(array.clone());
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn row(day: usize, owner: usize, number: i64) -> Row {
    let host = ["alder", "birch", "cedar"][number.unsigned_abs() as usize % 3].to_owned();
    Row { day, owner, mark: 0, batch: owner as u8, number, host }
}

fn append(writer: &mut Writer<'_>, number: u64, rows: &[Row]) {
    let from = Delivery { shard: "a".parse().unwrap(), number };
    writer.append(vec![delivered(rows)], &from).unwrap();
}

/// All of an owner up to a day, by its place; those without a day by that of `other`.
fn retention(owner: usize, day: usize) -> Retention {
    let days = if DAYS[day] == "other" { Days::Undated } else { Days::Through(DAYS[day].parse().unwrap()) };
    Retention { owner: OWNERS[owner].map(str::to_owned), days }
}

/// The same, told by the oracle.
fn goes(row: &Row, (owner, day): (usize, usize)) -> bool {
    let is_meant =
        if DAYS[day] == "other" { row.day == day } else { DAYS[row.day] != "other" && row.day <= day };
    row.owner == owner && is_meant
}

fn looking(view: &View) -> Looking<'_> {
    Looking { view, now: NOW }
}

/// All of the rows with all that they hold, sorted.
fn found(lake: &Lake) -> Vec<String> {
    let sql = r#"SELECT CAST(time AS BIGINT), batch, "device.hostname", row, owner, tlp, confidentiality, pap, words, shape, day FROM process_activity"#;
    let mut rows: Vec<String> = ask(lake, &operator(), sql).unwrap().iter().map(Value::to_string).collect();
    rows.sort();
    rows
}

fn expected<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<String> {
    let text = |row: &Row| {
        serde_json::json!([
            (row.number != 0).then_some(row.number),
            id(row.batch).to_string(),
            row.host,
            row.number,
            OWNERS[row.owner],
            MARKS[row.mark].as_str(),
            null,
            null,
            (row.number % 3 == 0).then(|| format!("語 {} \"{}\"", row.host, row.number)),
            "[]",
            DAYS[row.day],
        ])
        .to_string()
    };
    let mut rows: Vec<String> = rows.into_iter().map(text).collect();
    rows.sort();
    rows
}

/// How many rows have a host, by the index.
fn hosts(lake: &Lake, host: &str) -> u64 {
    let view = operator();
    let values = [Indicator::read(host).unwrap()];
    let finding = Finding {
        who: looking(&view),
        compartment: &Compartment::own(),
        values: &values,
        from: None,
        to: None,
        rows: 1,
        stop: &AtomicBool::new(false),
        progress: &|_, _| {},
    };
    lake.find(&finding).unwrap()[0].rows
}

/// What would go, by day.
fn planned(lake: &Lake, view: &View, retention: &Retention) -> BTreeMap<String, u64> {
    let days = lake.expiring(looking(view), &name(), retention).unwrap();
    days.into_iter().map(|day| (day.day, day.rows)).collect()
}

fn by_day<'a>(rows: impl IntoIterator<Item = &'a Row>) -> BTreeMap<String, u64> {
    let mut days = BTreeMap::new();
    rows.into_iter().for_each(|row| *days.entry(DAYS[row.day].to_owned()).or_default() += 1);
    days
}

/// What happens to a table.
#[derive(Debug, Clone)]
enum Step {
    Append(Vec<Row>),
    Compact,
    Vacuum,
    Reopen,
    Expire(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    // Few values, so that rows are alike, and files of them.
    let row = (0..DAYS.len(), 0..OWNERS.len(), 0..MARKS.len(), 1u8..3, -1i64..3, "alder|birch|灯台")
        .prop_map(|(day, owner, mark, batch, number, host)| Row { day, owner, mark, batch, number, host });
    prop_oneof![
        2 => prop::collection::vec(row.clone(), 1..4).prop_map(Step::Append),
        2 => prop::collection::vec(row, 1..12).prop_map(Step::Append),
        1 => Just(Step::Compact),
        1 => Just(Step::Vacuum),
        1 => Just(Step::Reopen),
        3 => (0..OWNERS.len(), 0..DAYS.len()).prop_map(|(owner, day)| Step::Expire(owner, day)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(25))]

    #[test]
    fn what_is_kept_no_longer_is_gone_and_all_else_is_as_it_was(steps in prop::collection::vec(step(), 1..14)) {
        let home = tempfile::tempdir().unwrap();
        let lake = Lake::open(home.path()).unwrap();
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        let (mut oracle, mut number, mut taken) = (Vec::<Row>::new(), 0, HashMap::<BatchId, u64>::new());
        for step in steps {
            match step {
                Step::Append(rows) => {
                    number += 1;
                    append(&mut writer, number, &rows);
                    oracle.extend(rows);
                }
                Step::Compact => drop(writer.compact(Compaction::All).unwrap()),
                Step::Vacuum => prop_assert_eq!(writer.vacuum(hours(2), HOUR).unwrap().waiting, 0),
                Step::Reopen => {
                    drop(writer);
                    writer = lake.writer(&name(), &columns()).unwrap();
                }
                Step::Expire(owner, day) => {
                    let going: Vec<Row> = oracle.extract_if(.., |row| goes(row, (owner, day))).collect();
                    let retention = retention(owner, day);
                    prop_assert_eq!(planned(&lake, &operator(), &retention), by_day(&going));
                    let done = writer.expire(&retention).unwrap();
                    prop_assert_eq!(done.rows, going.len() as u64);
                    prop_assert!(planned(&lake, &operator(), &retention).is_empty());
                    prop_assert_eq!(writer.expire(&retention).unwrap(), Expired::default());
                    going.iter().for_each(|row| *taken.entry(id(row.batch)).or_default() += 1);
                }
            }
            prop_assert_eq!(found(&lake), expected(&oracle));
        }
        for host in ["alder", "birch", "灯台"] {
            let there = oracle.iter().filter(|row| row.host == host).count() as u64;
            prop_assert_eq!(hosts(&lake, host), there);
        }
        let view = operator();
        prop_assert_eq!(lake.expired(looking(&view), &name()).unwrap(), taken);
        // Deliveries are known as before.
        prop_assert_eq!(writer.last(&"a".parse().unwrap()).unwrap(), (number > 0).then_some(number));
    }
}

fn commits(home: &Path) -> Vec<(String, Value)> {
    let log = home.join("own/process_activity/_delta_log");
    let mut paths: Vec<PathBuf> = fs::read_dir(log).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    let mut infos = Vec::new();
    for path in paths {
        let text = fs::read_to_string(path).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let info = lines.filter_map(|line| line.get("commitInfo").cloned()).next().unwrap();
        infos.push((info["operation"].as_str().unwrap().to_owned(), info["operationParameters"].clone()));
    }
    infos
}

/// Whether the table says that it is only added to.
fn is_append_only(home: &Path) -> bool {
    let log = home.join("own/process_activity/_delta_log");
    let mut paths: Vec<PathBuf> = fs::read_dir(log).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    let texts = paths.into_iter().rev().map(|path| fs::read_to_string(path).unwrap());
    let said = texts
        .filter(|text| text.contains(r#""metaData""#))
        .map(|text| text.contains(r#""delta.appendOnly":"true""#));
    said.into_iter().next().unwrap()
}

#[test]
fn the_log_tells_that_rows_went_and_that_none_may_otherwise() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    append(&mut writer, 1, &[row(0, 0, 1), row(0, 1, 2), row(1, 0, 3), row(2, 0, 4)]);
    append(&mut writer, 2, &[row(0, 0, 5), row(0, 0, 6)]);
    let retention = retention(0, 1);
    let view = operator();
    let days = lake.expiring(looking(&view), &name(), &retention).unwrap();
    let size = |days: &[Expiring]| days.iter().map(|day| day.on_disk.unwrap().bytes).collect::<Vec<_>>();
    let [first, second] = size(&days).try_into().unwrap();
    let touched = |files, whole, bytes| Some(Touched { files, whole, bytes });
    let day = |day: &str, rows, on_disk| Expiring { day: day.to_owned(), rows, on_disk };
    assert_eq!(days, [day(DAYS[0], 3, touched(2, 1, first)), day(DAYS[1], 1, touched(1, 1, second))]);
    assert!(first > 0 && second > 0);
    let done = writer.expire(&retention).unwrap();
    assert_eq!(done, Expired { rows: 4, files: 3, rewritten: 1, bytes: first + second });
    let commits = commits(home.path());
    let operations: Vec<&str> = commits.iter().skip(3).map(|(operation, _)| operation.as_str()).collect();
    assert_eq!(operations, ["SET TBLPROPERTIES", "DELETE", "SET TBLPROPERTIES"]);
    let predicate = commits[4].1["predicate"].as_str().unwrap();
    assert_eq!(predicate, "owner = 'aoba' AND day <= '2026-01-02'");
    assert!(is_append_only(home.path()));
    // Where nothing goes there is no version of it.
    assert_eq!(writer.expire(&retention).unwrap(), Expired::default());
    assert_eq!(self::commits(home.path()).len(), commits.len());
}

#[test]
fn files_whose_other_rows_are_alike_are_each_written_anew() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    (1..=5).for_each(|number| append(&mut writer, number, &[row(0, 0, number.cast_signed()), row(0, 1, 2)]));
    let done = writer.expire(&retention(0, 0)).unwrap();
    assert_eq!((done.rows, done.rewritten), (5, 5));
    assert_eq!(found(&lake), expected(&vec![row(0, 1, 2); 5]));
}

#[test]
fn a_file_written_anew_is_sorted_as_it_was_and_holds_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    // More than a group of rows, owners by turns.
    let rows: Vec<Row> = (0..200_000).map(|number| row(0, number as usize % 2, 200_001 - number)).collect();
    append(&mut writer, 1, &rows);
    let done = writer.expire(&retention(0, 0)).unwrap();
    assert_eq!((done.rows, done.files, done.rewritten), (100_000, 1, 1));
    let sql = "SELECT count(*), count(DISTINCT row), min(row % 2), max(row % 2), count(owner), sum(row) FROM process_activity";
    let sum: i64 = rows.iter().filter(|row| row.owner == 1).map(|row| row.number).sum();
    assert_eq!(
        ask(&lake, &operator(), sql).unwrap(),
        [serde_json::json!([100_000, 100_000, 0, 0, 100_000, sum])]
    );
    // As it lies in the file: by host and time.
    let table = home.path().join("own/process_activity");
    assert_eq!(writer.vacuum(hours(2), HOUR).unwrap().files, 1);
    let [file] = crate::files::parquet(&table).try_into().unwrap();
    let file = fs::File::open(table.join(file)).unwrap();
    let reader =
        deltalake::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let mut order = Vec::new();
    for part in reader.build().unwrap() {
        let part = part.unwrap();
        let hosts =
            arrow_cast::cast(part.column_by_name("device.hostname").unwrap(), &DataType::Utf8).unwrap();
        let times = arrow_cast::cast(part.column_by_name("time").unwrap(), &DataType::Int64).unwrap();
        let hosts = arrow_array::cast::AsArray::as_string::<i32>(&hosts).clone();
        let times = arrow_array::cast::AsArray::as_primitive::<arrow_array::types::Int64Type>(&times).clone();
        order.extend((0..part.num_rows()).map(|at| (hosts.value(at).to_owned(), times.value(at))));
    }
    assert_eq!(order.len(), 100_000);
    assert!(order.is_sorted());
}
