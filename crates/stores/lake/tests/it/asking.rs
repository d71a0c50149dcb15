//! Questions: what is answered, what is refused, and that nothing of it ends the process.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Schema};
use lake::{Answer, AskError, AskLimits, Asking, Delivery, Lake, Looking, Question, TableName};
use model::view::View;
use proptest::prelude::*;

/// When everything happens here.
const NOW: model::time::Instant = model::time::Instant::from_nanoseconds(1_780_000_000_000_000_000);

fn view(age: i64) -> View {
    let made = NOW.nanoseconds() - age * 1_000_000_000;
    access::operator("sato", model::time::Instant::from_nanoseconds(made))
}

type Rows = Vec<Vec<String>>;

/// A value as text; one that has none as a sign.
fn text(column: &ArrayRef, row: usize) -> String {
    let texts = cast(&column.slice(row, 1), &DataType::Utf8).ok();
    texts.map_or_else(|| "?".to_owned(), |texts| texts.as_string::<i32>().value(0).to_owned())
}

fn ask_with(lake: &Lake, question: &Question, limits: AskLimits) -> Result<Rows, AskError> {
    let mut rows = Rows::new();
    let stop = AtomicBool::new(false);
    let asking = Asking { who: Looking { view: &view(0), now: NOW }, question, limits, stop: &stop };
    lake.ask(&asking, &mut |part| {
        if let Answer::Rows(part) = part {
            rows.extend(
                (0..part.num_rows())
                    .map(|row| part.columns().iter().map(|column| text(column, row)).collect()),
            );
        }
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

/// The answer to a question, as texts.
pub fn ask(lake: &Lake, sql: &str) -> Result<Rows, AskError> {
    ask_with(lake, &Question { sql: sql.to_owned(), values: Vec::new() }, AskLimits::default())
}

/// A lake with two tables of so many rows.
fn lake(rows: i64) -> (tempfile::TempDir, Lake) {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let columns = Schema::new(vec![
        Field::new("host", DataType::Utf8, true),
        Field::new("line", DataType::Int64, true),
    ]);
    for compartment in ["own", "exercise/spring"] {
        let name = TableName::new(compartment.parse().unwrap(), "base_event").unwrap();
        let mut writer = lake.writer(&name, &columns).unwrap();
        let hosts = StringArray::from_iter_values((0..rows).map(|row| format!("ws{:02}", row % 3)));
        let lines = Int64Array::from_iter_values(0..rows);
        let batch = RecordBatch::try_new(Arc::new(columns.clone()), vec![Arc::new(hosts), Arc::new(lines)]);
        let delivery = Delivery { shard: "a".parse().unwrap(), number: 1 };
        writer.append(vec![batch.unwrap()], &delivery).unwrap();
    }
    (home, lake)
}

#[test]
fn questions_are_answered() {
    let (_home, lake) = lake(9);
    let grouped =
        ask(&lake, "SELECT host, count(*) AS n, sum(line) FROM base_event GROUP BY host ORDER BY host");
    assert_eq!(grouped.unwrap(), [["ws00", "3", "9"], ["ws01", "3", "12"], ["ws02", "3", "15"]]);
    let joined = ask(
        &lake,
        r#"SELECT count(*) FROM own.base_event a JOIN "exercise/spring".base_event b ON a.line = b.line AND b.host LIKE '%1'"#,
    );
    assert_eq!(joined.unwrap(), [["3"]]);
    let question = Question {
        sql: "SELECT line FROM base_event WHERE host = $1 AND host <> $2 ORDER BY line".to_owned(),
        values: vec!["ws02".to_owned(), "' OR 1 = 1 --".to_owned()],
    };
    assert_eq!(ask_with(&lake, &question, AskLimits::default()).unwrap(), [["2"], ["5"], ["8"]]);
}

#[test]
fn what_cannot_be_answered_is_told_in_a_sentence() {
    let (_home, lake) = lake(9);
    for (sql, expected) in [
        ("SELECT", "the question cannot be read"),
        ("SELECT nothing FROM base_event", "there is no column `nothing`"),
        ("SELECT user.name FROM base_event", "a name with dots stands without quotes"),
        ("SELECT actor.user.name FROM base_event", "a name with dots stands without quotes"),
        ("SELECT unheard(line) FROM base_event", "the question cannot be answered"),
        ("SELECT 1 / (line - 4) FROM base_event", "the question cannot be answered"),
        ("SELECT * FROM dns_activity", "there is no table own/dns_activity"),
        ("SELECT * FROM information_schema.tables", "names no table"),
        ("SELECT repeat('x', 1000000000)", "the question cannot be answered"),
        ("SELECT generate_series(1, 1000000000)", "the question cannot be answered"),
        ("SELECT count(*) FROM base_event a, base_event b", "joined without a column"),
        ("SELECT count(*) FROM base_event a JOIN base_event b ON a.line < b.line", "joined without a column"),
        ("DROP TABLE base_event", "a question only reads"),
        ("SELECT line FROM base_event WHERE host = $1", "there is no value for $1"),
    ] {
        let error = ask(&lake, sql).map_err(|error| error.to_string());
        assert!(error.as_ref().is_err_and(|error| error.contains(expected)), "{sql}: {error:?}");
    }
}

#[test]
fn an_old_view_opens_nothing() {
    let (_home, lake) = lake(1);
    let question = Question { sql: "SELECT 1".to_owned(), values: Vec::new() };
    let stop = AtomicBool::new(false);
    let limits = AskLimits::default();
    let asking =
        Asking { who: Looking { view: &view(120), now: NOW }, question: &question, limits, stop: &stop };
    let answer = lake.ask(&asking, &mut |_| ControlFlow::Continue(()));
    assert!(matches!(answer, Err(AskError::View(_))));
}

#[test]
fn time_memory_and_patience_end() {
    let (_home, lake) = lake(300_000);
    let slow = "SELECT count(*) FROM base_event a JOIN base_event b ON a.host = b.host WHERE a.line * b.line % 7 = 3 AND a.line + b.line > 5";
    let began = Instant::now();
    let question = Question { sql: slow.to_owned(), values: Vec::new() };
    let limits = AskLimits { time: Duration::from_millis(300), ..AskLimits::default() };
    assert!(matches!(ask_with(&lake, &question, limits), Err(AskError::Time { .. })));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());

    let large = Question {
        sql: "SELECT line, max(host) FROM base_event GROUP BY line ORDER BY 2, 1".to_owned(),
        values: Vec::new(),
    };
    let limits = AskLimits { memory: 1 << 20, disk: 0, ..AskLimits::default() };
    let answer = ask_with(&lake, &large, limits);
    assert!(matches!(answer, Err(AskError::Room(_))), "{:?}", answer.map(|rows| rows.len()));

    let stop = AtomicBool::new(false);
    let limits = AskLimits::default();
    let asking = Asking { who: Looking { view: &view(0), now: NOW }, question: &large, limits, stop: &stop };
    let answer = lake.ask(&asking, &mut |_| {
        stop.store(true, Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    assert!(matches!(answer, Err(AskError::Stopped)));
    assert_eq!(ask(&lake, "SELECT count(*) FROM base_event").unwrap(), [["300000"]], "the lake goes on");
}

/// Numbers, texts, truths and what is none of them, so deep.
fn expression(kind: usize, depth: usize) -> BoxedStrategy<String> {
    const LEAVES: [&[&str]; 4] = [
        &[
            "line",
            "1",
            "-1",
            "9223372036854775807",
            "1e308",
            "NULL",
            "line::DECIMAL(38, 10)",
            "random()",
            "CAST(line AS TINYINT)",
        ],
        &["host", "'x'", "''", "$1", "NULL", "CAST(line AS TEXT)"],
        &["TRUE", "line > 3", "host LIKE '%1'", "host IS NULL", "line IN (SELECT line FROM base_event)"],
        &[
            "now()",
            "INTERVAL '1 day'",
            "ARRAY[1, 2]",
            "struct(1, 'a')",
            "CAST(host AS TIMESTAMP)",
            "*",
            "count(*)",
        ],
    ];
    const PATTERNS: [&[(&str, &[usize])]; 4] = [
        &[
            ("{} + {}", &[0, 0]),
            ("{} * {}", &[0, 0]),
            ("{} / {}", &[0, 0]),
            ("{} % {}", &[0, 0]),
            ("{} << {}", &[0, 0]),
            ("abs({})", &[0]),
            ("power({}, {})", &[0, 0]),
            ("length({})", &[1]),
            ("CASE WHEN {} THEN {} END", &[2, 0]),
            ("(SELECT max(line) FROM base_event WHERE {})", &[2]),
            ("sum({}) OVER (ORDER BY line)", &[0]),
            ("coalesce({}, {})", &[0, 0]),
        ],
        &[
            ("{} || {}", &[1, 1]),
            ("substr({}, {})", &[1, 0]),
            ("left({}, {})", &[1, 0]),
            ("upper({})", &[1]),
            ("translate({}, {}, {})", &[1, 1, 1]),
            ("regexp_replace({}, {}, {})", &[1, 1, 1]),
            ("split_part({}, {}, {})", &[1, 1, 0]),
            ("concat({}, {})", &[1, 3]),
            ("to_hex({})", &[0]),
        ],
        &[
            ("{} AND {}", &[2, 2]),
            ("{} OR {}", &[2, 2]),
            ("NOT ({})", &[2]),
            ("{} = {}", &[0, 0]),
            ("{} < {}", &[1, 1]),
            ("{} LIKE {}", &[1, 1]),
            ("{} ~ {}", &[1, 1]),
            ("{} IN ({}, {})", &[0, 0, 0]),
            ("{} IS DISTINCT FROM {}", &[0, 1]),
            ("EXISTS (SELECT 1 FROM base_event WHERE {})", &[2]),
        ],
        &[
            ("array_agg({})", &[0]),
            ("date_trunc({}, {})", &[1, 3]),
            ("{} - {}", &[3, 3]),
            ("to_char({}, {})", &[3, 1]),
            ("sha256({})", &[1]),
            ("({})", &[3]),
        ],
    ];
    let leaf = prop::sample::select(LEAVES[kind].to_vec()).prop_map(str::to_owned).boxed();
    if depth == 0 {
        return leaf;
    }
    let grown = prop::sample::select(PATTERNS[kind].to_vec()).prop_flat_map(move |(pattern, kinds)| {
        let parts: Vec<_> = kinds.iter().map(|kind| expression(*kind, depth - 1)).collect();
        parts.prop_map(move |parts| {
            parts.iter().fold(pattern.to_owned(), |text, part| text.replacen("{}", part, 1))
        })
    });
    prop_oneof![leaf, grown].boxed()
}

fn statement() -> impl Strategy<Value = String> {
    let from = prop::sample::select(vec![
        "base_event",
        "base_event a",
        "(SELECT * FROM base_event) x",
        "base_event JOIN base_event b USING (line)",
        "base_event, base_event b",
        "base_event NATURAL JOIN base_event b",
        "nowhere",
        "base_event LEFT JOIN base_event b ON base_event.line = b.line",
    ]);
    let tail = prop::sample::select(vec![
        "",
        "GROUP BY 1",
        "ORDER BY 1",
        "LIMIT 3",
        "LIMIT -1",
        "GROUP BY host HAVING count(*) > 1",
        "ORDER BY 1 LIMIT 2 OFFSET 9223372036854775807",
        "UNION ALL SELECT 1",
        "EXCEPT SELECT line FROM base_event",
        "GROUP BY CUBE (host, line)",
        "WINDOW w AS ()",
        "QUALIFY 1 = 1",
    ]);
    let select = prop_oneof![expression(0, 3), expression(1, 3), expression(2, 3), expression(3, 2)];
    let filter = prop_oneof![4 => expression(2, 3), 1 => expression(0, 2)];
    (select, from, filter, tail)
        .prop_map(|(select, from, filter, tail)| format!("SELECT {select} FROM {from} WHERE {filter} {tail}"))
}

#[test]
fn hostile_and_random_statements_give_rows_or_an_error() {
    let (_home, lake) = lake(50);
    let limits = AskLimits { time: Duration::from_secs(20), memory: 64 << 20, disk: 64 << 20 };
    for sql in [
        format!("SELECT 1 WHERE 1 = 1{}", " OR 1 = 1".repeat(390)),
        format!("SELECT 1 WHERE 1 = 1{}", " OR 1 = 1".repeat(50_000)),
        format!("SELECT 1{}", " + 1".repeat(395)),
        format!("SELECT {}1{}", "(".repeat(39), ")".repeat(39)),
        format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("SELECT {} TRUE", "NOT ".repeat(390)),
        format!("SELECT * FROM {}base_event{}", "(SELECT * FROM ".repeat(14), ")".repeat(14)),
        format!("SELECT {}line FROM base_event", "line, ".repeat(3_000)),
        format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(15)),
        format!("SELECT {}1{}", "abs(".repeat(38), ")".repeat(38)),
        format!("SELECT line FROM base_event WHERE line IN ({}0)", "1, ".repeat(20_000)),
        format!("SELECT 1 FROM base_event{}", " JOIN base_event USING (line)".repeat(12)),
        "\0".to_owned(),
        "SELECT '\u{fffd}\u{202e}'".to_owned(),
    ] {
        let question = Question { sql, values: Vec::new() };
        let _ = ask_with(&lake, &question, limits)
            .map_err(|error| assert!(!matches!(error, AskError::Fault(_)), "{error}"));
    }
    let cases = std::env::var("NOROSHI_STATEMENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let (answered, refused) = (Cell::new(0), Cell::new(0));
    runner
        .run(&statement(), |sql| {
            let values = if sql.contains("$1") { vec!["x".to_owned()] } else { Vec::new() };
            let question = Question { sql: sql.clone(), values };
            match ask_with(&lake, &question, limits) {
                Ok(_) => answered.set(answered.get() + 1),
                Err(AskError::Fault(fault)) => prop_assert!(false, "{}: {}", sql, fault),
                Err(_) => refused.set(refused.get() + 1),
            }
            Ok(())
        })
        .unwrap();
    let (answered, refused) = (answered.get(), refused.get());
    println!("{answered} answered, {refused} refused");
    assert!(answered > cases / 30 && refused > cases / 30, "{answered} answered, {refused} refused");
}
