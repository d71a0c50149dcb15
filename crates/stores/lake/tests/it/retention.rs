//! Rows that are kept no longer are gone, and no others: whoever stops it, and whatever happened to the files
//! before and afterwards.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use lake::{
    BatchId, Between, Compaction, Compartment, Days, Delivery, Disk, Expired, Expiring, FileSystem, Finding,
    Lake, LakeError, Looking, Reader, Retention, TableName, Touched, Wanted, Writer,
};
use model::indicator::Indicator;
use model::marking::{Marking, Tlp};
use model::view::{Label, Part, View};
use proptest::prelude::*;
use serde_json::Value;

use crate::compaction::{HOUR, hours};
use crate::power::{Recorder, after_cut};
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
    let row = (0..DAYS.len(), 0..OWNERS.len(), 0..MARKS.len(), 1u8..5, -3i64..40, "alder|birch|cedar|灯台")
        .prop_map(|(day, owner, mark, batch, number, host)| Row { day, owner, mark, batch, number, host });
    prop_oneof![
        4 => prop::collection::vec(row, 1..12).prop_map(Step::Append),
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

#[test]
fn a_person_who_sees_a_part_is_told_of_what_they_see() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let red = |row: Row| Row { mark: 1, ..row };
    let rows = [
        row(0, 0, 1),
        red(row(0, 0, 2)),
        red(row(1, 0, 3)),
        row(2, 0, 4),
        row(0, 1, 5),
        row(0, 2, 6),
        row(3, 0, 7),
    ];
    append(&mut writer, 1, &rows);
    let label = |owner: &str, tlp| Label {
        compartment: "own".to_owned(),
        owner: owner.to_owned(),
        marking: Marking { tlp, ..Marking::default() },
    };
    let part = |labels: Vec<Label>, hidden: &[&str]| {
        let hidden = hidden.iter().map(|name| (*name).to_owned()).collect();
        access::person("suzuki", Part { labels: labels.into_iter().collect(), hidden }, NOW)
    };
    let amber = part(vec![label("aoba", Tlp::Amber)], &["words", "owner"]);
    let days = lake.expiring(looking(&amber), &name(), &retention(0, 2)).unwrap();
    let seen = |day: usize| Expiring { day: DAYS[day].to_owned(), rows: 1, on_disk: None };
    assert_eq!(days, [seen(0), seen(2)]);
    assert_eq!(lake.expiring(looking(&amber), &name(), &retention(0, 3)).unwrap(), [seen(3)]);
    // Others' rows, and those of nobody, are as if they were not there.
    for owner in [1, 2] {
        assert_eq!(lake.expiring(looking(&amber), &name(), &retention(owner, 2)).unwrap(), []);
    }
    let both = part(vec![label("aoba", Tlp::Red), label("misaki", Tlp::Amber)], &[]);
    assert_eq!(planned(&lake, &both, &retention(0, 2)), by_day(&rows[1..3]));
    let nobody = part(vec![label("kuro", Tlp::Amber)], &[]);
    let refused = lake.expiring(looking(&nobody), &name(), &retention(0, 2));
    assert!(matches!(refused, Err(LakeError::NoTable(table)) if table == name()));
    let without_days = part(vec![label("aoba", Tlp::Amber)], &["day"]);
    assert!(matches!(
        lake.expiring(looking(&without_days), &name(), &retention(0, 2)),
        Err(LakeError::WithoutDays(_))
    ));
    // What went tells of batches, and there is none of which anything is seen.
    writer.expire(&retention(0, 2)).unwrap();
    let view = operator();
    assert_eq!(lake.expired(looking(&view), &name()).unwrap(), [(id(0), 4)].into());
    assert_eq!(lake.expired(looking(&both), &name()).unwrap(), HashMap::new());
    let old = access::operator("sato", model::time::Instant::from_nanoseconds(0));
    assert!(matches!(lake.expiring(looking(&old), &name(), &retention(0, 2)), Err(LakeError::View(_))));
}

#[test]
fn a_table_that_is_not_kept_by_day_and_owner_is_named() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let batches: TableName = "own/batches".parse().unwrap();
    let mut writer = lake.writer(&batches, &lake::batches::schema()).unwrap();
    let view = operator();
    let refused = lake.expiring(looking(&view), &batches, &retention(0, 0));
    assert!(matches!(refused, Err(LakeError::WithoutDays(table)) if table == batches));
    assert!(matches!(writer.expire(&retention(0, 0)), Err(LakeError::WithoutDays(_))));
    let missing = lake.expiring(looking(&view), &name(), &retention(0, 0));
    assert!(matches!(missing, Err(LakeError::NoTable(_))));
    assert!(matches!(lake.existing_writer(&name()), Err(LakeError::NoTable(_))));
    assert_eq!(fs::read_dir(home.path().join("own")).unwrap().count(), 1, "asking made a folder");
    drop(writer);
    assert!(lake.existing_writer(&batches).is_ok());
}

/// Files that hold some text of rows, or the path of one, in the clear.
fn telling(table: &Path, texts: &[&str]) -> Vec<PathBuf> {
    let mut files = crate::files::files(table);
    files.retain(|path| {
        let bytes = fs::read(table.join(path)).unwrap();
        texts.iter().any(|text| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
    });
    files
}

#[test]
fn bytes_stay_for_readers_and_then_nothing_tells_of_what_went() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let table = home.path().join("own/process_activity");
    let canary = |row: Row| Row { host: "canary-in-the-mine".to_owned(), ..row };
    append(&mut writer, 1, &[canary(row(0, 0, 1)), row(0, 1, 2), row(2, 1, 3)]);
    let gone: Vec<String> =
        crate::files::parquet(&table).iter().map(|path| path.display().to_string()).collect();
    append(&mut writer, 2, &[row(1, 1, 2)]);
    let gone: Vec<&str> =
        gone.iter().filter(|path| path.starts_with("day=2026-01-01")).map(String::as_str).collect();
    let texts = ["canary-in-the-mine", gone[0]];
    assert_eq!(telling(&table, &texts).len(), 3, "the file, its commit and its index");
    writer.expire(&retention(0, 0)).unwrap();
    // What is known of it by its values goes at once, and what stays is known as it was.
    assert!(!telling(&table, &[gone[0]]).iter().any(|path| path.starts_with("_values")));
    assert_eq!([hosts(&lake, "canary-in-the-mine"), hosts(&lake, "cedar")], [0, 2]);
    let early = writer.vacuum(hours(0), std::time::Duration::ZERO).unwrap();
    assert_eq!((early.files, early.waiting), (0, 1));
    assert!(table.join(gone[0]).is_file());
    drop(writer);
    let mut writer = lake.existing_writer(&name()).unwrap();
    let done = writer.vacuum(hours(2), HOUR).unwrap();
    assert_eq!((done.files >= 1, done.waiting), (true, 0));
    let left = telling(&table, &texts);
    // That the file went the log knows for a day.
    assert!(left.iter().all(|path| path.extension().is_some_and(|end| end == "parquet")), "{left:?}");
    assert_eq!(telling(&table, &texts[..1]), Vec::<PathBuf>::new());
    assert_eq!(found(&lake), expected(&[row(0, 1, 2), row(2, 1, 3), row(1, 1, 2)]));
    append(&mut writer, 3, &[row(0, 1, 9)]);
    assert_eq!(found(&Lake::open(home.path()).unwrap()).len(), 4);
}

/// Events of two owners in one file a day.
fn replayed(lake: &Lake) -> lake::Replay {
    lake.replay(looking(&operator()), &Compartment::own(), Between::default()).unwrap()
}

fn events(replay: &lake::Replay) -> Vec<BatchId> {
    let mut reader = Reader::new(crate::rows::tables().catalogue().clone());
    let mut sheets = Vec::new();
    for part in replay.parts() {
        replay.read(part, &|_| Wanted::Everything, &mut reader, &mut |sheet| sheets.push(sheet)).unwrap();
    }
    crate::replay::evidence(&sheets).into_iter().map(|evidence| evidence.batch.into()).collect()
}

#[test]
fn who_reads_goes_on_and_who_comes_later_reads_what_is_left() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    for (number, owner) in [(1, "aoba"), (2, "misaki")] {
        let labels = crate::replay::batch(number, 0, owner, Tlp::Amber);
        crate::replay::add(&lake, &crate::replay::sysmon(0, 4), &labels, number.into());
    }
    let before = replayed(&lake);
    let last = lake::day(
        Some(model::time::Instant::from_nanoseconds(NOW.nanoseconds() - 2 * 86_400_000_000_000)),
        NOW,
    );
    let retention = Retention { owner: Some("aoba".to_owned()), days: Days::Through(last.parse().unwrap()) };
    let done = lake.existing_writer(&name()).unwrap().expire(&retention).unwrap();
    assert_eq!((done.rows, done.rewritten), (3, 3));
    assert_eq!(events(&before), [vec![id(1); 4], vec![id(2); 4]].concat());
    assert_eq!(events(&replayed(&lake)), [vec![id(1); 1], vec![id(2); 4]].concat());
    // Evidence that names a row that went finds none, and somebody can say why.
    let view = operator();
    let rows = lake.batch(looking(&view), &name(), id(1)).unwrap();
    assert_eq!(rows.iter().map(RecordBatch::num_rows).sum::<usize>(), 1);
    assert_eq!(lake.expired(looking(&view), &name()).unwrap(), [(id(1), 3)].into());
    let all =
        Retention { owner: Some("aoba".to_owned()), days: Days::Through("2100-01-01".parse().unwrap()) };
    lake.existing_writer(&name()).unwrap().expire(&all).unwrap();
    assert_eq!(lake.batch(looking(&view), &name(), id(1)).unwrap().len(), 0);
}

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
