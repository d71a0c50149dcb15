//! What is read of a table: the same rows as the library's own way finds, and no file that cannot
//! have one.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow_array::RecordBatch;
use datafusion::prelude::SessionContext;
use lake::{
    Answer, AskError, AskLimits, Asking, BatchId, Delivery, Labels, Lake, Looking, Question, TableName,
};
use model::event::{Kind, Place};
use model::time::Instant;
use proptest::prelude::*;
use serde_json::Value;
use sources::Builder;
use url::Url;

use crate::rows::{labels, tables};

const NOW: i64 = 1_780_000_000_000_000_000;
const DAY: i64 = 86_400_000_000_000;

/// Events of a batch: hosts, numbers and times that overlap with those of other batches in part.
fn fill(builder: &mut Builder, number: i64) {
    let source = builder.source(&"a.evtx".into());
    for event in 0..30i64 {
        let id = [4624, 4625, 4688, 4688][(event % 4).cast_unsigned() as usize];
        let time = (event % 7 != 6).then(|| NOW - number * DAY / 2 - event * 1_000_000_007);
        let place = Place {
            ordinal: (event + 1).cast_unsigned(),
            time: time.map(Instant::from_nanoseconds),
            ..Place::default()
        };
        builder.begin(source, &Kind::new("windows", "Security", Some(id)), &place);
        builder.field("Computer", sources::Value::text(&format!("ws{:02}", (number + event % 2) % 6)));
        if event % 3 == 0 {
            builder.field("TargetUserName", sources::Value::text(["sato", "鈴木"][event as usize % 2]));
        }
        builder.field("NewProcessId", sources::Value::text(&(number * 10 + event).to_string()));
        builder.field("Lantern", sources::Value::text("灯"));
    }
}

/// A lake of nine batches in two classes, each in files of its own.
fn lake() -> (tempfile::TempDir, Lake) {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    // The newest commit last, since its files must be there.
    for (delivered, number) in (1..).zip((1..=9).rev()) {
        let mut builder = Builder::new(tables().catalogue().clone());
        fill(&mut builder, number);
        let labels = Labels { batch: BatchId::from([number as u8; 16]), ..labels() };
        for sheet in builder.finish().unwrap() {
            let now = Instant::from_nanoseconds(NOW);
            let (table, rows) = lake::rows(&sheet, &labels, tables(), now).unwrap();
            let name: TableName = format!("own/{}", table.class).parse().unwrap();
            let mut writer = lake.writer(&name, &table.schema).unwrap();
            let shard = format!("s{}", sheet.kind.event_id.unwrap()).parse().unwrap();
            let delivery = Delivery { shard, number: delivered };
            writer.append(vec![rows], &delivery).unwrap();
        }
    }
    (home, lake)
}

fn ask(lake: &Lake, sql: &str) -> Result<Vec<Value>, AskError> {
    let view = access::operator("sato", Instant::from_nanoseconds(NOW));
    let question = Question { sql: sql.to_owned(), values: Vec::new() };
    let (who, stop) = (Looking { view: &view, now: Instant::from_nanoseconds(NOW) }, AtomicBool::new(false));
    let asking = Asking { who, question: &question, limits: AskLimits::default(), stop: &stop };
    let mut rows = Vec::new();
    lake.ask(&asking, &mut |part| {
        if let Answer::Rows(part) = part {
            rows.extend(lake::values(&part).into_iter().map(Value::Array));
        }
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

/// The library's own way to the tables of a lake.
fn oracle(home: &Path, runtime: &tokio::runtime::Runtime) -> SessionContext {
    let session = SessionContext::new();
    runtime.block_on(async {
        for class in ["authentication", "process_activity"] {
            let url = Url::from_directory_path(home.canonicalize().unwrap().join("own").join(class)).unwrap();
            let table = deltalake::open_table(url).await.unwrap();
            let provider = table.table_provider().build().await.unwrap();
            session.register_table(class, Arc::new(provider)).unwrap();
        }
    });
    session
}

fn sorted(mut rows: Vec<Value>) -> Vec<String> {
    rows.sort_by_key(ToString::to_string);
    rows.iter().map(ToString::to_string).collect()
}

/// A test of one column.
fn test() -> impl Strategy<Value = String> {
    const COLUMNS: [(&str, &[&str]); 9] = [
        // Not NULL: the library's own way gives rows where a column is equal to it.
        (r#""device.hostname""#, &["'ws00'", "'ws03'", "'ws9'", "''"]),
        (r#""user.name""#, &["'sato'", "'鈴木'", "'zz'"]),
        ("row", &["0", "7", "29", "30", "-1"]),
        ("event_id", &["4624", "4688", "0"]),
        ("day", &["'2026-05-28'", "'2026-05-26'", "'other'", "'2030-01-01'"]),
        (
            "time",
            &[
                "TIMESTAMP '2026-05-28T20:26:40Z'",
                "TIMESTAMP '2026-05-26T08:26:39.999999Z'",
                "TIMESTAMP '1970-01-01T00:00:00Z'",
            ],
        ),
        ("batch", &["'03030303-0303-0303-0303-030303030303'", "'x'"]),
        ("raw['Lantern'][1]", &["'灯'", "'x'"]),
        ("source_path", &["'a.evtx'", "'b'"]),
    ];
    let column = prop::sample::select(COLUMNS.to_vec());
    let shape = prop::sample::select(vec![
        "{} = {a}",
        "{} <> {a}",
        "{} < {a}",
        "{} >= {a}",
        "{a} > {}",
        "{} IN ({a}, {b})",
        "{} NOT IN ({a}, {b})",
        "{} BETWEEN {a} AND {b}",
        "{} IS NULL",
        "{} IS NOT NULL",
        "{} IS DISTINCT FROM {a}",
        "coalesce({}, {a}) = {b}",
    ]);
    (column, shape, 0usize..5, 0usize..5).prop_map(|((name, values), shape, a, b)| {
        let value = |at: usize| values[at % values.len()];
        shape.replace("{a}", value(a)).replace("{b}", value(b)).replace("{}", name)
    })
}

fn filter() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        8 => test(),
        1 => Just(r#""device.hostname" LIKE 'ws0%'"#.to_owned()),
        1 => Just(r#""device.hostname" LIKE '%3'"#.to_owned()),
        1 => Just("time::DATE = DATE '2026-05-27'".to_owned()),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} AND {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            inner.prop_map(|a| format!("NOT ({a})")),
        ]
    })
}

/// All rows, or the first by some order that leaves none to chance.
fn first() -> impl Strategy<Value = String> {
    let column = prop::sample::select(vec!["time", r#""device.hostname""#, "day", r#""user.name""#]);
    let order = prop::sample::select(vec!["", "DESC", "NULLS FIRST", "DESC NULLS LAST"]);
    prop::option::of((column, order, 1..30u32)).prop_map(|first| {
        first.map_or_else(String::new, |(column, order, rows)| {
            format!("ORDER BY {column} {order}, batch, row, event_id LIMIT {rows}")
        })
    })
}

#[test]
fn random_filters_find_what_the_library_finds() {
    let (home, lake) = lake();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let session = oracle(home.path(), &runtime);
    let cases = std::env::var("NOROSHI_FILTERS").ok().and_then(|count| count.parse().ok()).unwrap_or(60);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let found = std::cell::Cell::new(0usize);
    runner
        .run(&(filter(), any::<bool>(), first()), |(filter, of_logons, first)| {
            let table = if of_logons { "authentication" } else { "process_activity" };
            let sql = format!(
                r#"SELECT batch, row, time, "device.hostname", "user.name", day, event_id, raw, tlp FROM {table} WHERE {filter} {first}"#
            );
            let ours = ask(&lake, &sql).map(sorted).map_err(|error| error.to_string());
            let theirs = runtime.block_on(async { session.sql(&sql).await?.collect().await });
            let theirs = theirs.map(|parts: Vec<RecordBatch>| {
                let rows = parts.iter().flat_map(lake::values).map(Value::Array);
                sorted(rows.collect())
            });
            match (ours, theirs) {
                (Ok(ours), Ok(theirs)) => {
                    found.set(found.get() + ours.len());
                    prop_assert_eq!(ours, theirs, "{}", sql);
                }
                (ours, theirs) => {
                    prop_assert!(ours.is_err() && theirs.is_err(), "{}: {:?} {:?}", sql, ours, theirs);
                }
            }
            Ok(())
        })
        .unwrap();
    assert!(found.get() > cases as usize, "hardly a filter let rows through");
}

#[test]
fn files_that_cannot_have_a_row_are_not_opened() {
    let (home, lake) = lake();
    let all = ask(&lake, "SELECT count(*) FROM events").unwrap();
    assert_eq!(all, [serde_json::json!([270])]);
    let wanted = [
        "day = '2026-05-28'",
        "time >= '2026-05-28T00:00:00Z' AND day <> 'other'",
        "batch = '01010101-0101-0101-0101-010101010101' AND day = '2026-05-28'",
    ];
    let count = |filter: &str| ask(&lake, &format!("SELECT count(*), max(row) FROM events WHERE {filter}"));
    let before: Vec<_> = wanted.iter().map(|filter| count(filter).unwrap()).collect();
    for class in ["authentication", "process_activity"] {
        for folder in std::fs::read_dir(home.path().join("own").join(class)).unwrap() {
            let path = folder.unwrap().path();
            let is_kept =
                ["day=2026-05-28", "day=other", "_delta_log"].iter().any(|name| path.ends_with(name));
            if !is_kept {
                std::fs::remove_dir_all(path).unwrap();
            }
        }
    }
    // What the log says is enough to count rows.
    assert_eq!(ask(&lake, "SELECT count(*) FROM events").unwrap(), all);
    // Another lake, which remembers no ends of files.
    let lake = Lake::open(home.path()).unwrap();
    for (filter, before) in wanted.iter().zip(before) {
        let sql = format!("SELECT count(*), max(row) FROM events WHERE {filter}");
        assert_eq!(ask(&lake, &sql).unwrap(), before, "{filter}");
    }
    assert!(ask(&lake, "SELECT max(row) FROM events").is_err());
}

/// Their plan had no part at all, which what groups rows refused.
#[test]
fn groups_of_no_file_are_no_error() {
    let (_home, lake) = lake();
    for table in ["authentication", "events"] {
        let sql = format!(
            "SELECT \"device.hostname\", count(*) AS n FROM {table} WHERE day = '1999-01-01' GROUP BY 1"
        );
        assert_eq!(ask(&lake, &sql).unwrap(), Vec::<Value>::new());
        let sql = format!("SELECT count(*) AS n, max(row) FROM {table} WHERE day = '1999-01-01'");
        assert_eq!(sorted(ask(&lake, &sql).unwrap()), ["[0,null]"]);
    }
}

#[test]
fn events_have_the_columns_that_classes_share() {
    let (_home, lake) = lake();
    let sql = r#"SELECT class, count(*), count(time), count("user.name"), count("process.file.path"),
                 count("query.hostname"), count(raw['Lantern']), count(shape), min(event_id)
                 FROM events GROUP BY class ORDER BY class"#;
    let expected = [
        serde_json::json!(["authentication", 144, 126, 45, 0, 0, 144, 144, 4624]),
        serde_json::json!(["process_activity", 126, 108, 0, 0, 0, 126, 126, 4688]),
    ];
    let found = ask(&lake, sql).unwrap();
    assert_eq!(found, expected);
    let joined =
        r#"SELECT count(*) FROM events e JOIN process_activity p ON e.batch = p.batch AND e.row = p.row"#;
    assert_eq!(ask(&lake, joined).unwrap(), [serde_json::json!([126])]);
    let error = ask(&lake, r#"SELECT "process.pid" FROM events"#).unwrap_err();
    assert!(matches!(error, AskError::NoColumn { .. }), "{error}");
}

#[test]
fn the_first_row_is_the_first_of_all() {
    let (_home, lake) = lake();
    for table in ["authentication", "process_activity", "events"] {
        for filter in [
            "true",
            "time::DATE = DATE '2026-05-27'",
            "time::TIMESTAMP(0) = TIMESTAMP '2026-05-27T20:26:38Z'",
            "row / 5 = 3 AND event_id > 0",
            "day = '2026-05-27'",
        ] {
            for order in [
                "time NULLS FIRST",
                "time",
                "time DESC",
                "time DESC NULLS LAST",
                "row DESC",
                r#""device.hostname""#,
            ] {
                let sql = format!(
                    "SELECT time, batch, row FROM {table} WHERE {filter} ORDER BY {order}, batch, row"
                );
                // Sorted without a filter between.
                let all = format!(
                    "SELECT * FROM (SELECT *, {filter} AS fits FROM {table}) ORDER BY {order}, batch, row"
                );
                let all = ask(
                    &lake,
                    &format!("SELECT time, batch, row, fits FROM ({all}) ORDER BY {order}, batch, row"),
                );
                let mut all = all.unwrap();
                all.retain(|row| row[3] == true);
                all.iter_mut().for_each(|row| drop(row.as_array_mut().and_then(Vec::pop)));
                for limit in [1, 3] {
                    let first = ask(&lake, &format!("{sql} LIMIT {limit}")).unwrap();
                    assert_eq!(first, all[..limit.min(all.len())], "{sql} LIMIT {limit}");
                }
            }
        }
    }
}
