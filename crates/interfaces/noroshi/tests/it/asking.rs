//! `noroshi query` and `noroshi tables` over a small home, and what help and guide teach over the
//! simulated week.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use lake::{BatchId, Compartment, Delivery, Labels, Lake, Owner, TableName, Tables};
use model::catalogue::Catalogue;
use model::marking::Marking;
use model::time::Instant;
use serde_json::{Value, json};
use simulate::{Generator, Plan};
use sources::{BATCH_BYTES, Builder, Cutter, Input, Known, Limits, Piece, Reader, parse};

use crate::commands::said;

/// When the rows are made; the simulated week lies a little before it.
const NOW: Instant = Instant::from_nanoseconds(1_782_000_000_000_000_000);

/// Logs by their names.
type Logs = Vec<(String, Vec<u8>)>;

/// A folder with a home `home` whose lake holds some logs, in a compartment.
fn fill(folder: &Path, compartment: &str, logs: &Logs) {
    let writer = home::Writer::take(&folder.join("home")).expect("a home");
    let lake = Lake::open(&writer.home().lake()).expect("a lake");
    let tables = Tables::new(Catalogue::bundled().expect("the catalogue"));
    let compartment: Compartment = compartment.parse().expect("a compartment");
    for (number, (name, bytes)) in (1..).zip(logs) {
        let mut by_class: BTreeMap<Arc<str>, Vec<_>> = BTreeMap::new();
        read(name, bytes, &mut |labels, builder| {
            let owner = Owner { compartment: compartment.clone(), ..labels.owner.clone() };
            let labels = Labels { owner, ..labels };
            for sheet in builder.drain() {
                let (table, rows) =
                    lake::rows(&sheet.expect("a sheet"), &labels, &tables, NOW).expect("rows");
                by_class.entry(table.class.clone()).or_default().push(rows);
            }
        });
        for (class, rows) in by_class {
            let table = TableName::new(compartment.clone(), &class).expect("a name");
            let schema = &tables.get(&class).expect("a table").schema;
            let delivery = Delivery { shard: "test".parse().expect("a shard"), number };
            lake.writer(&table, schema).expect("a writer").append(rows, &delivery).expect("added");
        }
    }
}

/// Reads a log batch by batch.
fn read(name: &str, bytes: &[u8], take: &mut dyn FnMut(Labels, &mut Builder)) {
    let input = Input::Seekable(Box::new(Cursor::new(bytes.to_vec())));
    let mut cutter = Cutter::new(Arc::<Known>::default(), BATCH_BYTES);
    let mut builder = Builder::new(Catalogue::bundled().expect("the catalogue"));
    let mut first_event = 0;
    let mut take_all = |batches: Vec<sources::Batch>| {
        for batch in batches {
            let mut count = 0;
            for segment in &batch.segments {
                builder.count_from(first_event + count);
                count += parse(segment, &mut builder).events;
            }
            let organisation = name.split('/').next().unwrap_or_default().to_owned();
            let owner = Owner { compartment: Compartment::own(), organisation, source: name.to_owned() };
            let id = BatchId::of(&owner, &batch.end, first_event);
            take(
                Labels { batch: id, first_event, owner, marking: Marking::default(), reader: 1 },
                &mut builder,
            );
            first_event += count;
        }
    };
    for piece in Reader::open(name, input, &Limits::default()) {
        if let Piece::Segment(segment) = piece {
            take_all(cutter.push(segment).into_iter().collect());
        }
    }
    take_all(cutter.finish().into_iter().collect());
}

/// The simulated week, small.
fn week() -> Logs {
    let plan = Plan { scale: 0.02, ..Plan::week(1) };
    let log = |file: simulate::LogFile| {
        let mut generator = Generator::new(&plan, &file);
        let mut bytes = Vec::new();
        while !generator.write(&mut bytes, 1 << 20).expect("a vector takes it").done {}
        (file.path, bytes)
    };
    plan.files().into_iter().map(log).collect()
}

/// Requests as a web server writes them down.
const REQUESTS: &str = "192.0.2.7 - - [18/Jun/2026:09:00:01 +0900] \"GET /index.html HTTP/1.1\" 200 512 \"-\" \"x\"\n\
                        192.0.2.7 - - [18/Jun/2026:09:00:02 +0900] \"GET /lantern HTTP/1.1\" 404 0 \"-\" \"x\"\n";

/// Events of a process log with something difficult in them.
fn small() -> Logs {
    let event = |time: &str, line: &str, pid: u32| {
        let event = json!({
            "@timestamp": time, "EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational",
            "SourceName": "Microsoft-Windows-Sysmon", "Computer": "ws01.example", "ProcessId": pid,
            "CommandLine": line, "Lantern": ["灯", "台"],
        });
        format!("{event}\n")
    };
    let log = event("2026-06-11T01:00:00.5Z", "=灯台 \"x\"", 7)
        + &event("2026-06-12T01:00:00Z", "b\u{1b}[2J", 8)
        + &event("2026-06-13T01:00:00Z", "c, d", 9);
    vec![("ws01.json".to_owned(), log.into_bytes())]
}

fn start(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(folder).args(["--lang", "en"]).args(arguments);
    command.env("NOROSHI_HOME", folder.join("home")).stdin(Stdio::null());
    command
}

fn noroshi(folder: &Path, arguments: &[&str]) -> Output {
    start(folder, arguments).output().expect("the program starts")
}

fn text(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Command lines in a text that teaches: from the program's name to the empty line after it.
fn taught(help: &str) -> Vec<Vec<String>> {
    let commands = help.split("\n\n").filter_map(|part| Some(part.split_once("noroshi query '")?.1));
    commands
        .map(|command| {
            let (sql, rest) = command.split_once('\'').expect("a closed quote");
            let rest = rest.split("--param").skip(1);
            let values = rest.map(|value| value.trim().trim_matches('\'').to_owned());
            let values = values.flat_map(|value| ["--param".to_owned(), value]);
            std::iter::once(sql.to_owned()).chain(values).collect()
        })
        .collect()
}

#[test]
fn every_question_of_help_and_guide_is_answered_with_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut logs = week();
    logs.push(("web/access.log".to_owned(), REQUESTS.as_bytes().to_vec()));
    for (name, bytes) in &logs {
        let path = folder.path().join("logs").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, bytes).expect("written");
        let owner = name.split('/').next().expect("an organisation");
        text(&noroshi(folder.path(), &["ingest", "--owner", owner, path.to_str().expect("text")]));
    }
    let help = |language| page::Words::new(language).get("cli-help-query-more");
    for text in page::Language::ALL.map(help) {
        // Nobody's terminal breaks a line inside of a value.
        let wide = text.lines().find(|line| console::measure_text_width(line) > 76);
        assert_eq!(wide, None);
    }
    let [ja, en] = page::Language::ALL.map(|language| taught(&help(language)));
    assert_eq!((en.len(), &en), (10, &ja));
    let guide = taught(include_str!("../../../../../docs/guide/lake.md"));
    assert_eq!(guide.len(), 1 + 2 + 10);
    for question in en.into_iter().chain(guide) {
        let mut arguments = vec!["query", "--json"];
        arguments.extend(question.iter().map(String::as_str));
        let answer = text(&noroshi(folder.path(), &arguments));
        let rows: Vec<Value> = serde_json::from_str(&answer).expect("JSON");
        assert!(!rows.is_empty(), "{question:?}");
        let is_told = rows.iter().flat_map(|row| row.as_object().expect("an object").values());
        assert!(is_told.filter(|value| !value.is_null()).count() >= rows.len(), "{question:?}: {answer}");
    }
}

#[test]
fn answers_come_as_table_json_and_csv() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path(), "own", &small());
    let sql = "SELECT time, \"process.pid\" AS pid, \"process.cmd_line\" AS line, raw['Lantern'] AS raw \
               FROM process_activity WHERE \"process.pid\" < $1 ORDER BY time";
    let ask = |options: &[&str]| noroshi(folder.path(), &[&["query", sql, "--param", "9"], options].concat());
    let table = ask(&[]);
    let expected = "time                    pid  line          raw\n\
                    ──────────────────────  ───  ────────────  ───────────\n\
                    2026-06-11T01:00:00.5Z    7  =灯台 \"x\"     [\"灯\",\"台\"]\n\
                    2026-06-12T01:00:00Z      8  b⟨U+001B⟩[2J  [\"灯\",\"台\"]\n";
    assert_eq!(text(&table), expected);
    assert!(said(&table).contains("2 rows in"), "{}", said(&table));
    let json: Value = serde_json::from_str(&text(&ask(&["--json"]))).expect("JSON");
    assert_eq!(
        json[0],
        json!({"time": "2026-06-11T01:00:00.5Z", "pid": 7, "line": "=灯台 \"x\"", "raw": ["灯", "台"]})
    );
    assert_eq!(text(&ask(&["--json"])).lines().count(), 4, "a row a line");
    let csv = text(&ask(&["--csv"]));
    let first = "2026-06-11T01:00:00.5Z,7,\"'=灯台 \"\"x\"\"\",\"[\"\"灯\"\",\"\"台\"\"]\"\r\n";
    assert!(csv.starts_with(&format!("time,pid,line,raw\r\n{first}")), "{csv}");
    let none = ["query", "SELECT batch FROM events WHERE batch = $1", "--param", "-", "--json"];
    assert_eq!(text(&noroshi(folder.path(), &none)), "[]\n");
    let piped = start(folder.path(), &["query", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            use std::io::Write;
            child.stdin.take().expect("a pipe").write_all(b"SELECT count(*) AS n FROM events")?;
            child.wait_with_output()
        });
    assert_eq!(text(&piped.expect("answered")), "[\n{\"n\":3}\n]\n");
}

#[test]
fn a_parquet_file_appears_whole_and_replaces_nothing_of_others() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path(), "own", &small());
    let ask = |sql: &str, path: &str, more: &[&str]| {
        noroshi(folder.path(), &[&["query", sql, "--parquet", path], more].concat())
    };
    let sql = "SELECT * FROM process_activity";
    for _ in 0..2 {
        assert_eq!(text(&ask(sql, "a.parquet", &[])), "");
    }
    let bytes = std::fs::read(folder.path().join("a.parquet")).expect("written");
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    std::fs::write(folder.path().join("foreign"), "mine").expect("written");
    let inside = folder.path().join("home/x").display().to_string();
    for (sql, path, code) in [
        (sql, "foreign", 2),
        (sql, inside.as_str(), 2),
        (sql, "no/such/folder", 1),
        ("SELECT 1 / (row - 1) FROM events", "b.parquet", 2),
    ] {
        let output = ask(sql, path, &[]);
        assert_eq!(output.status.code(), Some(code), "{path}: {}", said(&output));
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("foreign")).expect("there"), "mine");
    assert!(!folder.path().join("b.parquet").exists());
    assert_eq!(text(&ask(sql, "foreign", &["--force"])), "");
    let left = std::fs::read_dir(folder.path()).expect("listed").count();
    assert_eq!(left, 3, "the home and two files, and nothing half done");
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path(), "own", &small());
    fill(folder.path(), "exercise/2026-a", &small());
    let wide = format!("SELECT 1{}", " + 1".repeat(500));
    for (sql, code, words) in [
        ("SELECT * FROM process_activty", 2, "Did you mean process_activity?"),
        ("SELECT * FROM \"exercise/2026-a\".proces_activity", 2, "\"exercise/2026-a\".process_activity"),
        ("SELECT * FROM dns_activity", 2, "noroshi tables"),
        ("SELECT device.hostname FROM process_activity", 2, "Did you mean \"device.hostname\""),
        ("SELECT hostname FROM events", 2, "Did you mean \"device.hostname\""),
        ("SELECT p.tiem FROM process_activity p", 2, "Did you mean time"),
        ("SELECT lighthouse FROM process_activity", 2, "LIMIT 1 shows the columns"),
        ("SELECT * FROM events WHERE user.name = 'x'", 2, "double quotes"),
        ("SELECT unheard(1)", 2, "unheard"),
        ("SELEC 1", 2, "noroshi query --help"),
        ("DROP TABLE events", 2, "Begin with SELECT"),
        ("SELECT 1 FROM events a, events b", 2, "ON or USING"),
        (&wide, 2, "500 operators, and 400 is the most"),
        ("SELECT * FROM events WHERE batch = $1", 2, "--param"),
    ] {
        let output = noroshi(folder.path(), &["query", sql]);
        assert_eq!(output.status.code(), Some(code), "{sql}: {}", said(&output));
        assert!(said(&output).contains(words) && output.stdout.is_empty(), "{sql}: {}", said(&output));
    }
    let counted = ["query", "SELECT count(*) AS n FROM \"exercise/2026-a\".events", "--json"];
    assert_eq!(text(&noroshi(folder.path(), &counted)), "[\n{\"n\":3}\n]\n");
}

#[test]
fn a_home_that_is_not_there_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["query", "SELECT 1"][..], &["tables"], &["tables", "--json", "--home", "gone"]] {
        let output = noroshi(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains("noroshi ingest"), "{}", said(&output));
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 0, "asking makes no home");
    drop(home::Writer::take(&folder.path().join("home")).expect("a home"));
    assert!(text(&noroshi(folder.path(), &["tables"])).contains("no tables yet"));
    assert_eq!(text(&noroshi(folder.path(), &["tables", "--json"])), "[]\n");
    let output = noroshi(folder.path(), &["query", "SELECT * FROM events"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("the lake is empty"), "{}", said(&output));
}

#[test]
fn tables_are_listed_as_from_takes_them() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path(), "own", &small());
    fill(folder.path(), "exercise/2026-a", &small());
    let listed: Value =
        serde_json::from_str(&text(&noroshi(folder.path(), &["tables", "--json"]))).expect("JSON");
    let listed = listed.as_array().expect("an array");
    let names: Vec<&str> = listed.iter().filter_map(|table| table["name"].as_str()).collect();
    assert_eq!(names, ["\"exercise/2026-a\".process_activity", "process_activity"]);
    for table in listed {
        assert_eq!((&table["rows"], &table["version"], &table["files"]), (&json!(3), &json!(1), &json!(3)));
        let path = Path::new(table["path"].as_str().expect("a path"));
        assert!(path.is_absolute() && path.join("_delta_log").is_dir());
        let sql = format!("SELECT count(*) AS n FROM {}", table["name"].as_str().expect("a name"));
        assert_eq!(text(&noroshi(folder.path(), &["query", &sql, "--json"])), "[\n{\"n\":3}\n]\n");
    }
    let shown = text(&noroshi(folder.path(), &["tables"]));
    assert!(shown.lines().count() == 4 && shown.starts_with("table"), "{shown}");
}

/// A statement that joins every event with every other one of its host takes longer than anybody waits.
#[test]
fn a_question_is_stopped_by_a_signal() {
    let folder = tempfile::tempdir().expect("a folder");
    let event = |number: u32| {
        let event = json!({
            "@timestamp": "2026-06-11T01:00:00Z", "EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational",
            "SourceName": "Microsoft-Windows-Sysmon", "Computer": "ws01.example", "ProcessId": number,
        });
        format!("{event}\n")
    };
    let log: String = (0..60_000).map(event).collect();
    fill(folder.path(), "own", &vec![("a.json".to_owned(), log.into_bytes())]);
    let sql = "SELECT count(*) FROM process_activity a JOIN process_activity b \
               ON a.\"device.hostname\" = b.\"device.hostname\" WHERE a.row * b.row % 7 = 3";
    let child = start(folder.path(), &["query", sql]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let running = crate::stopping::Running(child.expect("the program starts"));
    crate::stopping::wait_until_it_hears(&running);
    running.signal("INT");
    let ended = running.end();
    assert_eq!(ended.code, Some(130), "{}", ended.said);
    assert!(ended.said.contains("Stopped by you"), "{}", ended.said);
}
