//! How long it takes to find values: `cargo bench -p lake --bench find -- [MILLIONS] [FOLDER] [compact]`.
//!
//! Makes a lake as `questions` does, or takes that of the folder; makes its index where it has none, or is not
//! whole, and with `compact` large files first, as a lake has that is older than a day. Prints what the index
//! weighs against the lake and what finding takes: the first look of a lake, which reads the logs
//! of all tables, and the best of some more, all that is found read; beside it the same asked in SQL of all columns that hold such values. The
//! folder gets `find.json`, with which `benches/find.py` asks DuckDB the same of the same files.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

mod nation;

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant as Clock, SystemTime};

use arrow_schema::Schema;
use lake::{
    Answer, AskLimits, Asking, Compaction, Compartment, Finding, Found, Lake, Listed, Looking, OnDisk,
    Question,
};
use model::catalogue::Catalogue;
use model::indicator::Indicator;
use model::time::Instant;
use nation::{NOW, ask, best_of, fill};
use serde_json::json;

/// Runs, of which the best counts.
const RUNS: usize = 5;
/// What is asked in SQL as well.
const IN_SQL: [&str; 2] = ["attackers", "frequent host"];
/// Values of a long list.
const MANY: usize = 10_000;

/// What the operator is told of a table's files.
fn on_disk(table: &Listed) -> &OnDisk {
    table.on_disk.as_ref().expect("the operator sees all")
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|text| !text.starts_with("--")).collect();
    let millions: f64 = arguments.first().map_or(1.0, |text| text.parse().expect("millions of rows"));
    let kept = arguments.get(1).map(std::path::PathBuf::from);
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = kept.unwrap_or_else(|| temporary.path().to_owned());
    let lake = Lake::open(&folder).expect("a lake");
    let view = access::operator("bench", NOW);
    if ask(&lake, &view, "SELECT 1 FROM process_activity LIMIT 1").is_none() {
        let began = Clock::now();
        fill(&lake, (millions * 1e6) as u64);
        println!("made in {:.0} s", began.elapsed().as_secs_f64());
    }
    let tables = lake.tables(Looking { view: &view, now: NOW }).expect("tables");
    tidy(&lake, &tables, arguments.get(2).is_some_and(|word| word == "compact"));
    let tables = lake.tables(Looking { view: &view, now: NOW }).expect("tables");
    let rows: u64 = tables.iter().filter_map(|table| table.rows).sum();
    let files: u64 = tables.iter().map(|table| on_disk(table).files).sum();
    let bytes: u64 = tables.iter().map(|table| on_disk(table).bytes).sum();
    let index: u64 = tables.iter().map(|table| weigh(&on_disk(table).path.join("_values"))).sum();
    println!(
        "{rows} rows in {files} files, {bytes} bytes; index {index} bytes, {:.2} %",
        100.0 * index as f64 / bytes as f64
    );
    for table in &tables {
        let index = weigh(&on_disk(table).path.join("_values"));
        println!(
            "  {:<28} {:>11} rows  {:>11} bytes  index {:>10}  {:.2} %",
            table.name.to_string(),
            table.rows.unwrap_or(0),
            on_disk(table).bytes,
            index,
            100.0 * index as f64 / on_disk(table).bytes as f64
        );
    }
    let logs = best_of(RUNS, &mut || drop(lake.tables(Looking { view: &view, now: NOW }).expect("tables")));
    println!("the logs of all tables, one after the other: {logs:.1} ms");
    let columns = tables.iter().map(|table| (table.name.in_sql(), held(&lake, table)));
    let columns: BTreeMap<String, Vec<String>> =
        columns.filter(|(name, _)| !name.contains("batches")).collect();
    let mut told = Vec::new();
    for (what, value) in looked_for(&lake) {
        let indicators = [Indicator::read(&value).expect("a value")];
        let mut found = Vec::new();
        let first = best_of(2, &mut || found = find(&Lake::open(&folder).expect("a lake"), &indicators));
        let best = best_of(RUNS, &mut || found = find(&lake, &indicators));
        let (rows, places) = (found[0].rows, found[0].places.len());
        println!(
            "{what:<14} {value:<40.40} {first:9.1} ms, then {best:9.1} ms {rows:>10} rows in {places:>2} columns"
        );
        // Networks are no matter of equal texts.
        if what != "network" {
            told.push(json!({"what": what, "value": value, "ms": best, "rows": rows}));
        }
    }
    many(&lake);
    let told = serde_json::to_vec_pretty(&json!({"columns": columns, "asked": told})).expect("JSON");
    fs::write(folder.join("find.json"), told).expect("written");
    for (what, value) in looked_for(&lake).into_iter().filter(|(what, _)| IN_SQL.contains(what)) {
        let all = || columns.iter().map(|(table, columns)| sql(table, columns, &value));
        let by_sql =
            best_of(1, &mut || all().for_each(|sql| drop(ask(&lake, &view, &sql).expect("an answer"))));
        println!("{what:<14} {value:<40.40} in SQL {by_sql:.1} ms");
    }
}

fn tidy(lake: &Lake, tables: &[Listed], is_compacted: bool) {
    let began = Clock::now();
    for table in tables {
        let mut writer = lake.writer(&table.name, &Schema::empty()).expect("a writer");
        if is_compacted {
            writer.compact(Compaction::All).expect("compacted");
            // As if it were later: no reader needs the files that were small.
            writer.vacuum(later(), Duration::from_secs(3_600)).expect("vacuumed");
        } else {
            writer.index().expect("an index");
        }
    }
    println!("tidied in {:.1} s", began.elapsed().as_secs_f64());
}

fn later() -> Instant {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock");
    Instant::from_nanoseconds(i64::try_from(since.as_nanos()).expect("a time") + 7_200_000_000_000)
}

/// Bytes of the files in a folder.
fn weigh(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|data| data.len()).sum()
}

fn find(lake: &Lake, values: &[Indicator]) -> Vec<Found> {
    let view = access::operator("bench", NOW);
    let compartment = Compartment::own();
    lake.find(&Finding {
        who: Looking { view: &view, now: NOW },
        compartment: &compartment,
        values,
        from: None,
        to: None,
        rows: 0,
        stop: &AtomicBool::new(false),
        progress: &|_, _| {},
    })
    .expect("found")
}

/// What is looked for, and a word for it.
fn looked_for(lake: &Lake) -> Vec<(&'static str, String)> {
    let one = |sql: &str| {
        let rows = ask(lake, &access::operator("bench", NOW), sql).expect("rows");
        rows.first().and_then(|row| row[0].as_str()).unwrap_or("nothing").to_owned()
    };
    let rarest = |column: &str, table: &str| {
        one(&format!(
            r#"SELECT "{column}" FROM {table} WHERE "{column}" IS NOT NULL GROUP BY 1 ORDER BY count(*), 1 LIMIT 1"#
        ))
    };
    vec![
        ("absent", "198.51.100.99".to_owned()),
        ("absent", "0123456789abcdef0123456789abcdef01234567".to_owned()),
        ("batch", one("SELECT batch FROM script_activity LIMIT 1")),
        ("rare path", rarest("process.file.path", "process_activity")),
        ("rare name", rarest("query.hostname", "dns_activity")),
        ("rare address", rarest("dst_endpoint.ip", "network_activity")),
        ("attackers", "203.0.113.77".to_owned()),
        ("network", "203.0.113.0/24".to_owned()),
        ("frequent user", "SYSTEM".to_owned()),
        (
            "frequent host",
            one(
                r#"SELECT "device.hostname" FROM authentication GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"#,
            ),
        ),
    ]
}

/// The columns of a table that hold what is looked for.
fn held(lake: &Lake, table: &Listed) -> Vec<String> {
    let catalogue = Catalogue::bundled().expect("the catalogue");
    let holds = |name: &String| {
        name == "batch"
            || catalogue.fields().iter().any(|field| field.name == *name && field.holds().is_some())
    };
    let mut columns: Vec<String> = Vec::new();
    let view = access::operator("bench", NOW);
    let question =
        Question { sql: format!("SELECT * FROM {} LIMIT 1", table.name.in_sql()), values: Vec::new() };
    let (who, stop) = (Looking { view: &view, now: NOW }, AtomicBool::new(false));
    let asking = Asking { who, question: &question, limits: AskLimits::default(), stop: &stop };
    let asked = lake.ask(&asking, &mut |part| {
        if let Answer::Columns(schema) = part {
            columns =
                schema.fields().iter().map(|field| field.name().clone()).filter(|name| holds(name)).collect();
        }
        ControlFlow::Continue(())
    });
    asked.map_or_else(|_| Vec::new(), |()| columns)
}

/// The same of a table in SQL, without regard to spelling.
fn sql(table: &str, columns: &[String], value: &str) -> String {
    let any: Vec<String> = columns.iter().map(|column| format!("\"{column}\" = '{value}'")).collect();
    format!("SELECT count(*), min(time), max(time) FROM {table} WHERE {}", any.join(" OR "))
}

/// A long list: a tenth of it is there.
fn many(lake: &Lake) {
    let mut values: Vec<String> = Vec::new();
    for (column, table) in [
        ("process.file.path", "process_activity"),
        ("dst_endpoint.ip", "network_activity"),
        ("query.hostname", "dns_activity"),
        ("noroshi.file.sha256", "process_activity"),
        ("user.name", "authentication"),
    ] {
        let sql = format!(
            r#"SELECT DISTINCT "{column}" FROM {table} WHERE "{column}" IS NOT NULL ORDER BY 1 LIMIT {}"#,
            MANY / 50
        );
        values.extend(
            ask(lake, &access::operator("bench", NOW), &sql)
                .expect("rows")
                .iter()
                .filter_map(|row| row[0].as_str().map(str::to_owned)),
        );
    }
    let there = values.len();
    for number in values.len()..MANY {
        let number = number as u64 * 0x9e37_79b9;
        values.push(match number % 3 {
            0 => format!("{:064x}", u128::from(number).wrapping_mul(0x1234_5678_9abc_def1_2345)),
            1 => format!("host{number:x}.example.org"),
            _ => format!("198.{}.{}.{}", 18 + number % 2, number / 7 % 256, number / 2_000 % 256),
        });
    }
    let indicators: Vec<Indicator> = values.iter().filter_map(|value| Indicator::read(value).ok()).collect();
    let began = Clock::now();
    let found = find(lake, &indicators);
    let count = found.iter().filter(|found| found.rows > 0).count();
    let rows: u64 = found.iter().map(|found| found.rows).sum();
    println!(
        "{} values, {there} of them from the lake: {:.2} s, {count} found, {rows} rows",
        indicators.len(),
        began.elapsed().as_secs_f64()
    );
    let began = Clock::now();
    let found = find(lake, &indicators[there..]);
    let count = found.iter().filter(|found| found.rows > 0).count();
    println!(
        "{} values that are not there: {:.2} s, {count} found",
        found.len(),
        began.elapsed().as_secs_f64()
    );
}
