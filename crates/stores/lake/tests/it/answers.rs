//! Answers as values and as files.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use deltalake::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use lake::{Answer, AskLimits, Asking, Heading, Lake, Looking, Parquet, Question};
use model::time::Instant;
use serde_json::{Value, json};

const NOW: Instant = Instant::from_nanoseconds(1_780_000_000_000_000_000);

/// The parts of an answer.
fn answer(lake: &Lake, sql: &str) -> Vec<Answer> {
    let mut parts = Vec::new();
    let view = access::operator("sato", NOW);
    let question = Question { sql: sql.to_owned(), values: Vec::new() };
    let (who, stop) = (Looking { view: &view, now: NOW }, AtomicBool::new(false));
    let asking = Asking { who, question: &question, limits: AskLimits::default(), stop: &stop };
    lake.ask(&asking, &mut |part| {
        parts.push(part);
        ControlFlow::Continue(())
    })
    .unwrap();
    parts
}

fn values(parts: &[Answer]) -> Vec<Vec<Value>> {
    let rows = parts.iter().filter_map(|part| match part {
        Answer::Rows(rows) => Some(lake::values(rows)),
        Answer::Columns(_) => None,
    });
    rows.flatten().collect()
}

/// A lake without tables.
fn lake() -> (tempfile::TempDir, Lake) {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    (home, lake)
}

#[test]
fn values_are_what_json_has_for_them() {
    let (_home, lake) = lake();
    for (expression, expected) in [
        ("NULL", Value::Null),
        ("TRUE", json!(true)),
        ("CAST(-7 AS SMALLINT)", json!(-7)),
        ("18446744073709551615", json!(u64::MAX)),
        ("1.5", json!(1.5)),
        ("CAST(1.5 AS REAL)", json!(1.5)),
        ("CAST('NaN' AS DOUBLE)", json!("NaN")),
        ("CAST(1.5 AS DECIMAL(10, 3))", json!(1.5)),
        ("CAST(12 AS DECIMAL(10, 3))", json!(12)),
        ("CAST('12345678901234567890.12' AS DECIMAL(30, 2))", json!("12345678901234567890.12")),
        ("'灯'", json!("灯")),
        ("arrow_cast('灯', 'Utf8View')", json!("灯")),
        ("arrow_cast('灯', 'Dictionary(Int32, Utf8)')", json!("灯")),
        ("arrow_cast('x', 'Binary')", json!("78")),
        ("DATE '2026-06-11'", json!("2026-06-11")),
        ("to_timestamp('2026-06-11T01:02:03.004+09:00')", json!("2026-06-10T16:02:03.004Z")),
        ("to_timestamp_seconds(1)", json!("1970-01-01T00:00:01Z")),
        (
            "arrow_cast(1000001, 'Timestamp(Microsecond, Some(\"+09:00\"))')",
            json!("1970-01-01T00:00:01.000001Z"),
        ),
        ("[1, NULL, 2]", json!([1, null, 2])),
        ("struct(1 AS a, 'b' AS b)", json!({"a": 1, "b": "b"})),
        ("MAP {'a': [1], 'b': NULL}", json!({"a": [1], "b": null})),
    ] {
        assert_eq!(
            values(&answer(&lake, &format!("SELECT {expression} AS x"))),
            [[expected]],
            "{expression}"
        );
    }
    // A year that no nanosecond counts to.
    let late = values(&answer(
        &lake,
        "SELECT arrow_cast(CAST(253402300799 AS BIGINT), 'Timestamp(Second, None)') AS x",
    ));
    assert_eq!(late, [[json!("9999-12-31T23:59:59")]]);
}

#[test]
fn rows_without_a_value_are_null_beside_those_with_one() {
    let (_home, lake) = lake();
    let sql = "SELECT * FROM (VALUES (1, [1], 'x'), (NULL, NULL, NULL), (3, [], '')) AS t (a, b, c)";
    let expected = json!([[1, [1], "x"], [null, null, null], [3, [], ""]]);
    assert_eq!(json!(values(&answer(&lake, sql))), expected);
}

#[test]
fn columns_of_one_name_are_told_apart() {
    let (_home, lake) = lake();
    let sql = "SELECT * FROM (SELECT 1 AS a, 'x' AS b) x JOIN (SELECT 1 AS a, 2 AS a_2) y ON x.a = y.a";
    let parts = answer(&lake, sql);
    let Some(Answer::Columns(columns)) = parts.first() else { panic!("no columns") };
    let heading = |name: &str, is_number| Heading { name: name.to_owned(), is_number };
    let expected = [heading("a", true), heading("b", false), heading("a_2", true), heading("a_2_2", true)];
    assert_eq!(lake::headings(columns), expected);
}

#[test]
fn a_parquet_file_has_the_rows_of_the_answer() {
    let (home, lake) = lake();
    let sql =
        "SELECT * FROM (VALUES (1, [1], arrow_cast('灯', 'Utf8View')), (NULL, NULL, NULL)) AS t (a, b, c)";
    let parts = answer(&lake, sql);
    let Some(Answer::Columns(columns)) = parts.first() else { panic!("no columns") };
    let mut parquet = Parquet::new(columns).unwrap();
    let mut bytes = Vec::new();
    for part in &parts {
        if let Answer::Rows(rows) = part {
            bytes.extend(parquet.add(rows).unwrap());
        }
    }
    bytes.extend(parquet.finish().unwrap());
    let path = home.path().join("a.parquet");
    std::fs::write(&path, bytes).unwrap();
    let file = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&path).unwrap()).unwrap();
    assert_eq!(file.metadata().file_metadata().created_by(), Some(lake::PARQUET_MARK));
    let rows: Vec<_> = file.build().unwrap().flat_map(|rows| lake::values(&rows.unwrap())).collect();
    assert_eq!(json!(rows), json!([[1, [1], "灯"], [null, null, null]]));
}
