//! What `ingest` says is kept, and that a death at any moment loses and doubles nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::commands::{event, noroshi, said};

/// About as many megabytes of a log of several kinds.
pub fn log(megabytes: usize) -> String {
    let (mut text, mut line) = (String::new(), 0);
    while text.len() < megabytes << 20 {
        line += 1;
        let (id, rest) = ([1, 3, 22][line % 3], "x".repeat(700));
        let _ = writeln!(
            text,
            r#"{{"EventID":{id},"Channel":"Microsoft-Windows-Sysmon/Operational","@timestamp":{},"Computer":"ws{}","ProcessId":{line},"Rest":"{rest}"}}"#,
            1_779_000_000 + line,
            line % 7,
        );
    }
    text
}

fn lines(text: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(text);
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn a_second_run_tells_what_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("a.json"), event("2026-06-11T01:00:00Z", "x") + "{broken}\n").expect("written");
    fs::copy(path.join("a.json"), path.join("b.json")).expect("copied");
    let first = noroshi(path, &["ingest", "--home", "h", "--json", "a.json"]);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let told = lines(&first.stdout);
    assert_eq!((told.len(), &told[0]["rows"]), (1, &Value::from(1)));
    assert!(String::from_utf8_lossy(&first.stderr).contains("a.json @"), "{}", said(&first));
    let second = noroshi(path, &["ingest", "--home", "h", "a.json", "b.json"]);
    let text = said(&second);
    assert!(text.contains("Kept 0 events in 0 batches"), "{text}");
    assert!(text.contains("Already there: 2 events in 2 batches"), "{text}");
    assert!(text.contains("b.json, first read as a.json"), "{text}");
    let other = noroshi(path, &["ingest", "--home", "h", "--source", "ws02", "a.json"]);
    assert!(said(&other).contains("Kept 1 events in 1 batches"), "{}", said(&other));
}

/// The newest commit of the table that the event is in, cut off.
fn tear(home: &Path) {
    let tables =
        fs::read_dir(home.join("lake/own")).expect("tables").map(|entry| entry.expect("a table").path());
    let table = tables.filter(|path| !path.ends_with("batches")).max().expect("a table of events");
    let commits =
        fs::read_dir(table.join("_delta_log")).expect("a log").map(|entry| entry.expect("a commit").path());
    let newest = commits.filter(|path| path.extension().is_some_and(|end| end == "json")).max();
    let newest = newest.expect("a commit");
    let bytes = fs::read(&newest).expect("read");
    fs::write(newest, &bytes[..bytes.len() / 2]).expect("written");
}

#[test]
fn rows_that_a_damaged_table_lost_are_told_until_they_are_kept_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    for name in ["a", "b"] {
        fs::write(path.join(format!("{name}.json")), event("2026-06-11T01:00:00Z", name)).expect("written");
        noroshi(path, &["ingest", "--home", "h", &format!("{name}.json")]);
    }
    tear(&path.join("h"));
    let first = said(&noroshi(path, &["ingest", "--home", "h", "a.json"]));
    assert!(
        first.contains("newest commit of a table is damaged") && first.contains("_delta_log/damaged"),
        "{first}"
    );
    assert!(first.contains("Rows of 1 batches are missing") && first.contains("Kept 0 events"), "{first}");
    let dry = said(&noroshi(path, &["ingest", "--home", "h", "--dry-run", "a.json", "b.json"]));
    assert!(dry.contains("1 events in 1 batches"), "{dry}");
    let second = said(&noroshi(path, &["ingest", "--home", "h", "a.json", "b.json"]));
    assert!(second.contains("Rows of 1 batches are missing") && second.contains("Kept 1 events"), "{second}");
    let third = said(&noroshi(path, &["ingest", "--home", "h", "a.json", "b.json"]));
    assert!(third.contains("Kept 0 events") && !third.contains("missing"), "{third}");
}

#[test]
fn a_rehearsal_keeps_nothing_and_makes_no_home() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("a.json"), event("2026-06-11T01:00:00Z", "x")).expect("written");
    let output = noroshi(path, &["ingest", "--home", "h", "--dry-run", "a.json"]);
    assert!(said(&output).contains("Would keep 1 events in 1 batches"), "{}", said(&output));
    assert!(!path.join("h").exists());
    noroshi(path, &["ingest", "--home", "h", "a.json"]);
    let output = noroshi(path, &["ingest", "--home", "h", "--dry-run", "a.json"]);
    assert!(said(&output).contains("Already there: 1 events"), "{}", said(&output));
}

#[test]
fn a_folder_of_something_else_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::create_dir(path.join("h")).expect("made");
    fs::write(path.join("h/letter.txt"), "dear").expect("written");
    fs::write(path.join("a.json"), event("2026-06-11T01:00:00Z", "x")).expect("written");
    let output = noroshi(path, &["ingest", "--home", "h", "a.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("no home"), "{}", said(&output));
    let wrong = noroshi(path, &["ingest", "--home", "g", "--tlp", "purple", "a.json"]);
    assert_eq!(wrong.status.code(), Some(2));
    let empty = noroshi(path, &["ingest", "--home", "g", "nothing.json"]);
    assert_eq!(empty.status.code(), Some(3), "{}", said(&empty));
}

/// Starts to ingest, kills the process after some time, gives the batches that it told of.
fn killed(folder: &Path, after: Duration) -> Vec<Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .current_dir(folder)
        .args(["--lang", "en", "ingest", "--home", "h", "--json", "a.json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::from(File::create(folder.join("err")).expect("made")))
        .spawn()
        .expect("the program starts");
    let out = child.stdout.take().expect("a pipe");
    let reader =
        std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).collect::<Vec<_>>());
    std::thread::park_timeout(after);
    child.kill().expect("killed");
    child.wait().expect("it ends");
    let told = reader.join().expect("read");
    // The last line may be cut.
    told.iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Batches in the lake and their rows, by the table of batches; the rows of all tables must be theirs.
fn kept(folder: &Path) -> BTreeMap<String, u64> {
    let now = model::time::Instant::from_nanoseconds(1);
    let view = access::operator("test", now);
    let who = lake::Looking { view: &view, now };
    let lake = lake::Lake::open(&folder.join("h/lake")).expect("a lake");
    let own = lake::Compartment::own();
    let entries = lake.entries(who, &own).expect("entries");
    let mut kept = BTreeMap::new();
    for entry in entries {
        let mut rows = 0;
        for class in ["process_activity", "network_activity", "dns_activity", "base_event"] {
            let name = lake::TableName::new(own.clone(), class).expect("a name");
            match lake.batch(who, &name, entry.batch) {
                Ok(parts) => rows += parts.iter().map(|part| part.num_rows() as u64).sum::<u64>(),
                Err(lake::LakeError::NoTable(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(rows, entry.events, "rows of {}", entry.batch);
        assert!(kept.insert(entry.batch.to_string(), rows).is_none(), "{} is there twice", entry.batch);
    }
    kept
}

/// So many deaths at moments spread over a run; more where a variable says so.
fn deaths() -> u64 {
    std::env::var("NOROSHI_DEATHS").ok().and_then(|text| text.parse().ok()).unwrap_or(6)
}

#[test]
fn a_death_at_any_moment_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let text = log(40);
    fs::write(path.join("a.json"), &text).expect("written");
    let mut told = BTreeMap::new();
    let deaths = deaths();
    for death in 0..deaths {
        // A home serves several deaths, so that one meets what another left.
        if death % 5 == 0 {
            let _ = fs::remove_dir_all(path.join("h"));
            told.clear();
        }
        let after = Duration::from_millis(5 + (death * 37) % 600);
        for batch in killed(path, after) {
            let id = batch["batch"].as_str().expect("an id").to_owned();
            let rows = batch["rows"].as_u64().expect("a number");
            assert!(told.insert(id, rows).is_none(), "told twice as new: {batch}");
        }
        if death % 5 == 4 || death + 1 == deaths {
            let last = noroshi(path, &["ingest", "--home", "h", "--json", "a.json"]);
            assert_eq!(last.status.code(), Some(0), "{}", said(&last));
            for batch in lines(&last.stdout) {
                let id = batch["batch"].as_str().expect("an id").to_owned();
                assert!(told.insert(id, batch["rows"].as_u64().expect("a number")).is_none(), "{batch}");
            }
            let kept = kept(path);
            assert!(told.iter().all(|(id, rows)| kept.get(id) == Some(rows)), "{told:?} {kept:?}");
            let expected = text.lines().count() as u64;
            assert_eq!(kept.values().sum::<u64>(), expected, "death {death}");
        }
    }
}
