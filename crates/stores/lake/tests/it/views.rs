//! Views that show a part: what is hidden shows in no answer and no error.
//!
//! The oracle is another lake, which never had the hidden rows and columns.

use std::cell::Cell;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};
use lake::{Answer, AskError, AskLimits, Asking, Delivery, Lake, Looking, Question, TableName};
use model::marking::{Confidentiality, Marking, Pap, Tlp};
use model::time::Instant;
use model::view::{Label, Part, View};
use proptest::prelude::*;
use serde_json::Value;

pub const NOW: Instant = Instant::from_nanoseconds(1_780_000_000_000_000_000);

/// What is said of rows: owner, TLP, 機密性, PAP.
type Said = [Option<&'static str>; 4];

/// Of rows that are shown.
const SHOWN: [Said; 3] = [
    [Some("aoba"), Some("TLP:AMBER"), None, None],
    [Some("aoba"), Some("TLP:GREEN"), Some("機密性2"), None],
    [Some("misaki"), Some("TLP:AMBER"), None, Some("PAP:RED")],
];

/// Of rows that are hidden: each differs in one thing from some that are shown.
const HIDDEN: [Said; 8] = [
    [Some("kuro"), Some("TLP:AMBER"), None, None],
    [Some("aoba"), Some("TLP:RED"), None, None],
    [Some("aoba"), Some("TLP:AMBER"), Some("機密性3"), None],
    [Some("aoba"), Some("TLP:GREEN"), None, None],
    [Some("misaki"), Some("TLP:AMBER"), None, None],
    [Some("misaki"), Some("TLP:AMBER"), None, Some("PAP:GREEN")],
    [None, Some("TLP:AMBER"), None, None],
    [Some("aoba"), None, None, None],
];

pub fn operator() -> View {
    access::operator("sato", NOW)
}

/// Sees what `SHOWN` says, without the column `concealed`.
pub fn restricted() -> View {
    let label = |said: Said| Label {
        compartment: "own".to_owned(),
        owner: said[0].unwrap().to_owned(),
        marking: Marking {
            tlp: said[1].unwrap().parse::<Tlp>().unwrap(),
            confidentiality: said[2].map(|grade| grade.parse::<Confidentiality>().unwrap()),
            pap: said[3].map(|pap| pap.parse::<Pap>().unwrap()),
        },
    };
    let labels: HashSet<Label> = SHOWN.into_iter().map(label).collect();
    access::person("suzuki", Part { labels, hidden: ["concealed".to_owned()].into() }, NOW)
}

/// The rows of an answer; what an error says.
pub fn ask(lake: &Lake, view: &View, sql: &str) -> Result<Vec<Value>, String> {
    asked(lake, view, sql).map_err(|error| error.to_string())
}

pub fn asked(lake: &Lake, view: &View, sql: &str) -> Result<Vec<Value>, AskError> {
    let question = Question { sql: sql.to_owned(), values: Vec::new() };
    let (who, stop) = (Looking { view, now: NOW }, AtomicBool::new(false));
    let limits = AskLimits { memory: 64 << 20, ..AskLimits::default() };
    let asking = Asking { who, question: &question, limits, stop: &stop };
    let mut rows = Vec::new();
    lake.ask(&asking, &mut |part| {
        if let Answer::Rows(part) = part {
            rows.extend(lake::values(&part).into_iter().map(Value::Array));
        }
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

/// A row of the tables here.
#[derive(Debug, Clone)]
struct Row {
    said: Said,
    x: i64,
    text: String,
}

/// Rows that are shown have no 42 and 77 in x, and texts that are numbers.
fn shown(from: i64, to: i64) -> Vec<Row> {
    let shown = (from..to).filter(|x| ![42, 77].contains(x));
    shown.map(|x| Row { said: SHOWN[x as usize % 3], x, text: (x * 3).to_string() }).collect()
}

/// Few rows that everything is tried on: what makes divisions and casts fail, and what is extreme.
fn hidden() -> Vec<Row> {
    let xs = [42, 77, -1_000, 100_000, 0, 42, 43, 5];
    let texts = ["canary", "42", "~", "", "000", "canary", "9223372036854775808", "x"];
    let rows = HIDDEN.into_iter().zip(xs).zip(texts);
    rows.map(|((said, x), text)| Row { said, x, text: text.to_owned() }).collect()
}

fn batch(rows: &[Row], from: i64, has_concealed: bool) -> RecordBatch {
    let text = |get: &dyn Fn(&Row) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<StringArray>())
    };
    let said = |at: usize| text(&|row| row.said[at].map(str::to_owned));
    let numbers = |numbers: Vec<i64>| Arc::new(Int64Array::from(numbers)) as ArrayRef;
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("batch", text(&|row| Some(format!("batch-{}", row.said[0].unwrap_or("none"))))),
        ("row", numbers((0..rows.len() as i64).map(|row| from + row).collect())),
        ("x", numbers(rows.iter().map(|row| row.x).collect())),
        ("text", text(&|row| Some(row.text.clone()))),
        ("host", text(&|row| Some(format!("ws{}", row.x.rem_euclid(5))))),
        ("owner", said(0)),
        ("tlp", said(1)),
        ("confidentiality", said(2)),
        ("pap", said(3)),
        ("shape", text(&|_| Some("s".to_owned()))),
    ];
    if has_concealed {
        columns.push(("concealed", text(&|row| Some(format!("c{}", row.x)))));
    }
    let fields = columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true));
    let schema = Schema::new(fields.collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, column)| column).collect()).unwrap()
}

/// Rows that are shown.
pub fn rows_seen(from: i64, to: i64) -> RecordBatch {
    batch(&shown(from, to), 0, true)
}

pub fn add(lake: &Lake, table: &str, number: u64, rows: RecordBatch) {
    let name: TableName = table.parse().unwrap();
    let mut writer = lake.writer(&name, &rows.schema()).unwrap();
    let delivery = Delivery { shard: "a".parse().unwrap(), number };
    writer.append(vec![rows], &delivery).unwrap();
}

/// A lake with hidden rows among others, in files of their own and in tables of their own; or the same
/// without.
pub fn lake(has_hidden: bool, pushing_down: bool) -> (tempfile::TempDir, Lake) {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let lake = if pushing_down { lake.pushing_down() } else { lake };
    for (table, from, to) in [("own/base_event", 1, 300), ("own/dns_activity", 30, 90)] {
        let (seen, canaries) = (shown(from, to), hidden());
        let (first, second) = seen.split_at(seen.len() / 2);
        let mut parts = vec![batch(first, 0, has_hidden), batch(second, 1_000, has_hidden)];
        if has_hidden {
            parts.insert(1, batch(&canaries, 900, true));
        }
        let schema = parts[0].schema();
        let all = concatenated(&schema, &parts);
        add(&lake, table, 1, all);
        if has_hidden {
            add(&lake, table, 2, batch(&canaries, 2_000, true));
        }
    }
    if has_hidden {
        add(&lake, "own/web_resources_activity", 1, batch(&hidden(), 0, true));
        add(&lake, "exercise/spring/base_event", 1, batch(&shown(1, 9), 0, true));
    }
    (home, lake)
}

fn concatenated(schema: &Arc<Schema>, parts: &[RecordBatch]) -> RecordBatch {
    datafusion::arrow::compute::concat_batches(schema, parts).unwrap()
}

/// Conditions on a table whose columns stand behind `$`.
fn condition(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop::sample::select(vec![
        "$x = 42",
        "$x <> 42",
        "42 < $x",
        "$x > 250",
        "$x IN (42, 7, 100, 77)",
        "$x NOT IN (42, 77)",
        "$x BETWEEN 40 AND 44",
        "$x IS NULL",
        "$x IS DISTINCT FROM 42",
        "$host = 'ws2'",
        "$text < '2'",
        "$text = 'canary'",
        "$owner = 'kuro'",
        "$owner IS NULL",
        "$tlp <> 'TLP:AMBER'",
        "$pap IS NOT NULL",
        "1 / ($x - 42) >= 0",
        "100 / ($x - 77) < 3",
        "1 % ($x - 100) >= 0",
        "CAST($text AS BIGINT) > 5",
        "$text::BIGINT % 2 = 0",
        "CAST($x AS TINYINT) > 5",
        "$text LIKE '%anar%'",
        "$text NOT LIKE '1%'",
        "$text ~ 'c.n|^9'",
        "$x % 7 = 3",
        "abs($x) > 500",
        "length($text) > 3",
        "$x = (SELECT max(x) FROM base_event)",
        "$x > (SELECT avg(x) FROM dns_activity)",
        "$x IN (SELECT x FROM dns_activity WHERE x > 40)",
        "$x NOT IN (SELECT x FROM dns_activity)",
        "EXISTS (SELECT 1 FROM dns_activity o WHERE o.x = $x AND 1 / (o.x - 42) = 0)",
        "NOT EXISTS (SELECT 1 FROM dns_activity o WHERE o.text = $text)",
        "$concealed = 'c42'",
        "$x > (SELECT count(*) FROM web_resources_activity)",
    ]);
    let leaf = leaf.prop_map(str::to_owned).boxed();
    leaf.prop_recursive(depth, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} AND {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            inner.clone().prop_map(|a| format!("NOT ({a})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("CASE WHEN {a} THEN {b} ELSE false END")),
        ]
    })
    .boxed()
}

/// Questions whose answers leave nothing to chance; `{}` is a condition, `$` stands before columns.
const FORMS: [&str; 34] = [
    "SELECT count(*) FROM base_event WHERE {}",
    "SELECT count(*) FROM base_event",
    "SELECT count(*), count(x), min(x), max(x), sum(x) FROM base_event WHERE {}",
    "SELECT min(text), max(text), count(DISTINCT owner), count(DISTINCT text) FROM base_event WHERE {}",
    "SELECT sum(1 / (x - 42)) FROM base_event WHERE {}",
    "SELECT max(CAST(text AS BIGINT)) FROM base_event WHERE {}",
    "SELECT owner, tlp, count(*), max(x) FROM base_event WHERE {} GROUP BY owner, tlp",
    "SELECT host, count(*) FROM base_event GROUP BY host HAVING min(x) > -1 AND max(100 / (x - 42)) > 0",
    "SELECT x / 50, count(*) FROM base_event WHERE {} GROUP BY GROUPING SETS ((x / 50), ())",
    "SELECT DISTINCT owner, host FROM base_event WHERE {}",
    "SELECT DISTINCT confidentiality, pap FROM base_event",
    "SELECT * FROM base_event WHERE {}",
    "SELECT row, x, 1000 / (x - 42), text::BIGINT FROM base_event WHERE {}",
    "SELECT row, x, TRY_CAST(text AS BIGINT) FROM base_event WHERE {} ORDER BY text, row LIMIT 5",
    "SELECT x, row FROM base_event WHERE {} ORDER BY x DESC, row LIMIT 3",
    "SELECT x, row FROM base_event ORDER BY x, row LIMIT 2 OFFSET 1",
    "SELECT x FROM base_event ORDER BY 1 / (x - 42), x, row LIMIT 4",
    "SELECT row_number() OVER (ORDER BY row), lag(x) OVER (ORDER BY row), row FROM base_event WHERE {}",
    "SELECT row, sum(x) OVER (PARTITION BY host ORDER BY row), ntile(7) OVER (ORDER BY row) FROM base_event WHERE {}",
    "SELECT array_agg(x ORDER BY row) FROM base_event WHERE {}",
    "SELECT count(*), min(b.x), max(b.text) FROM base_event a JOIN dns_activity b ON a.x = b.x WHERE {a}",
    "SELECT count(*), sum(1 / (b.x - 42)) FROM base_event a JOIN dns_activity b ON a.host = b.host AND a.owner = b.owner WHERE {a} AND {b}",
    "SELECT a.row, b.row FROM base_event a LEFT JOIN dns_activity b ON a.x = b.x AND {b}",
    "SELECT a.x, b.x FROM base_event a FULL JOIN dns_activity b ON a.x = b.x AND a.text = b.text",
    "SELECT x, text FROM base_event WHERE {} UNION SELECT x, text FROM dns_activity",
    "SELECT x FROM dns_activity EXCEPT SELECT x FROM base_event WHERE {}",
    "SELECT owner FROM dns_activity INTERSECT SELECT owner FROM base_event WHERE {}",
    "WITH t AS (SELECT x, row, text FROM base_event WHERE {}) SELECT count(*), max(t.x) FROM t JOIN t u ON t.x = u.x",
    "SELECT (SELECT count(*) FROM dns_activity d WHERE d.host = e.host AND {d}), host FROM base_event e",
    "SELECT class, count(*), max(row) FROM events WHERE {} GROUP BY class",
    "SELECT count(*), count(DISTINCT batch) FROM events e WHERE 1 / (e.row - 2003) <= 0",
    "SELECT count(*) FROM web_resources_activity WHERE {}",
    "EXPLAIN SELECT * FROM base_event WHERE {}",
    "EXPLAIN ANALYZE SELECT count(*) FROM base_event WHERE {}",
];

fn question() -> impl Strategy<Value = String> {
    let form = prop::sample::select(FORMS.to_vec());
    (form, condition(2), condition(1)).prop_map(|(form, one, other)| {
        let of = |condition: &str, table: &str| condition.replace('$', table);
        form.replace("{}", &of(&one, ""))
            .replace("{a}", &of(&one, "a."))
            .replace("{b}", &of(&other, "b."))
            .replace("{d}", &of(&other, "d."))
    })
}

/// Rows in any order, unless the question asks for one.
fn answer(lake: &Lake, view: &View, sql: &str) -> Result<Vec<String>, String> {
    let mut rows: Vec<String> = ask(lake, view, sql)?.iter().map(ToString::to_string).collect();
    if !sql.contains("LIMIT") {
        rows.sort();
    }
    Ok(rows)
}

#[test]
fn what_is_hidden_is_as_if_it_had_never_been_there() {
    let cases = std::env::var("NOROSHI_QUESTIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(100);
    let (view, all) = (restricted(), operator());
    for pushing_down in [false, true] {
        let (_full, full) = lake(true, pushing_down);
        let (_without, without) = lake(false, pushing_down);
        let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
        let (answered, refused, differs) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let add = |count: &Cell<u32>, by: bool| count.set(count.get() + u32::from(by));
        let found = proptest::test_runner::TestRunner::new(config).run(&question(), |sql| {
            let found = answer(&full, &view, &sql);
            prop_assert_eq!(&found, &answer(&without, &view, &sql), "{}", sql);
            let of_all = answer(&without, &all, &sql);
            if let (Ok(found), Ok(of_all)) = (&found, &of_all) {
                prop_assert_eq!(found, of_all, "{}", sql);
            }
            add(&answered, found.is_ok());
            add(&refused, found.is_err());
            add(&differs, found != answer(&full, &all, &sql));
            Ok(())
        });
        found.unwrap();
        let (answered, refused, differs) = (answered.get(), refused.get(), differs.get());
        println!("{answered} answered, {refused} refused, {differs} have another answer for the operator");
        assert!(answered > cases / 3 && refused > cases / 10 && differs > cases / 4);
    }
}
