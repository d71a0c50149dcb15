//! `noroshi hunts` over a small home: saved, run, run again at a horizon after more came in and all was tidied, and
//! what cannot be asked any more.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::commands::said;

fn log(day: u32) -> String {
    let line = |number: u32| {
        format!(
            r#"{{"@timestamp":"2026-06-{day:02}T01:00:{number:02}Z","EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","SourceName":"Microsoft-Windows-Sysmon","Computer":"ws{number:02}.aoba.example","Image":"C:\\Temp\\up{day}.exe"}}"#
        )
    };
    (0..5).map(|number| line(number) + "\n").collect()
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(folder).args(["--lang", "en"]).args(arguments);
    command.env("NOROSHI_HOME", folder.join("home")).stdin(Stdio::null());
    command.output().expect("the program starts")
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&done(folder, &[&["hunts"], arguments, &["--json"]].concat())).expect("JSON")
}

fn ingest(folder: &Path, day: u32) {
    let name = format!("log{day}.json");
    std::fs::write(folder.join(&name), log(day)).expect("written");
    done(folder, &["ingest", &name, "--no-detect"]);
}

const SQL: &str = r#"SELECT "device.hostname", "process.file.path" FROM process_activity WHERE "process.file.path" LIKE 'C:_Temp_%'"#;

#[test]
fn a_hunt_is_asked_again_with_the_same_answer_whatever_came_since() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    ingest(folder, 1);
    let save =
        ["hunts", "save", "temp", "--text", "programs in Temp", "--technique", "T1204.002", "--sql", SQL];
    assert!(done(folder, &save).contains("temp is saved"));
    assert!(done(folder, &save).contains("nothing was changed"));
    let first = json(folder, &["run", "temp"]);
    assert_eq!((&first["rows"], first["answer"].as_array().map(Vec::len)), (&json!(5), Some(5)));
    assert_eq!((&first["again"], &first["is_same"]), (&Value::Null, &Value::Null));
    for day in 2..12 {
        ingest(folder, day);
    }
    assert_eq!(json(folder, &["run", "temp"])["rows"], json!(55));
    let again = json(folder, &["run", "temp", "--pinned", "1"]);
    assert_eq!((&again["rows"], &again["again"], &again["is_same"]), (&json!(5), &json!(1), &json!(true)));
    assert_eq!((&again["hash"], &again["horizon"]), (&first["hash"], &first["horizon"]));
    let horizon = first["horizon"].as_str().expect("a horizon");
    assert_eq!(json(folder, &["run", "temp", "--pinned", horizon, "--rows", "2"])["hash"], first["hash"]);
    let shown = json(folder, &["show", "temp"]);
    let runs: Vec<&Value> =
        shown["runs"].as_array().expect("an array").iter().map(|run| &run["again"]).collect();
    assert_eq!(runs, [&Value::Null, &Value::Null, &json!(1), &json!(1)]);
    let listed = json(folder, &[]);
    assert_eq!((&listed[0]["runs"], &listed[0]["last_rows"]), (&json!(4), &json!(5)));
    // Another question is another version, and is not compared.
    let changed =
        ["hunts", "save", "temp", "--text", "hosts", "--sql", r#"SELECT "device.hostname" FROM events"#];
    done(folder, &changed);
    let other = json(folder, &["run", "temp", "--pinned", "1"]);
    assert_eq!((&other["version"], &other["rows"], &other["is_same"]), (&json!(2), &json!(5), &Value::Null));
    done(folder, &["hunts", "retire", "temp", "--reason", "it is a rule now"]);
    assert_eq!(json(folder, &[]), json!([]));
    assert_eq!(json(folder, &["--all"])[0]["retired"], json!("it is a rule now"));
    let rebuilt = run(folder, &["rebuild", "--json"]);
    assert_eq!(rebuilt.status.code(), Some(0), "{}", said(&rebuilt));
}

#[test]
fn what_cannot_be_asked_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    // What is not there yet may be asked later.
    let saved =
        done(folder, &["hunts", "save", "early", "--text", "x", "--sql", "SELECT 1 FROM process_activity"]);
    assert!(saved.contains("It cannot be asked yet:"), "{saved}");
    ingest(folder, 1);
    assert_eq!(json(folder, &["run", "early"])["rows"], json!(5));
    done(
        folder,
        &["hunts", "save", "other", "--text", "x", "--sql", "SELECT 1 FROM process_activity LIMIT 1"],
    );
    for (arguments, code, part) in [
        (&["run", "nosuch"][..], 2, "There is no hunt nosuch."),
        (&["show", "nosuch"], 2, "There is no hunt nosuch."),
        (&["run", "early", "--pinned", "9"], 2, "9 is neither a run of early nor a horizon."),
        (&["save", "Bad", "--text", "x", "--sql", "SELECT 1"], 2, "Bad is no name of a hunt."),
        (&["save", "bad", "--text", " ", "--sql", "SELECT 1"], 2, "is missing or too long"),
        (&["save", "bad", "--text", "x", "--sql", "DROP TABLE x"], 2, "only"),
        (&["save", "bad", "--text", "x", "--technique", "T1", "--sql", "SELECT 1"], 2, "T1 is no tag."),
        (&["retire", "nosuch", "--reason", "x"], 2, "There is no hunt nosuch."),
    ] {
        let output = run(folder, &[&["hunts"], arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(part), "{arguments:?}: {}", said(&output));
    }
    // Rows that are kept no longer.
    let ended = run(folder, &["retention", "--through", "2026-06-01", "--remove", "--reason", "old"]);
    assert_eq!(ended.status.code(), Some(0), "{}", said(&ended));
    let gone = run(folder, &["hunts", "run", "early", "--pinned", "1"]);
    assert_eq!(gone.status.code(), Some(1), "{}", said(&gone));
    assert!(said(&gone).contains("5 rows of then are kept no longer"), "{}", said(&gone));
}
