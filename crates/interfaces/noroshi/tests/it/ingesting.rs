//! What `ingest` says is kept, and that a death at any moment loses and doubles nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
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
    assert!(said(&other).contains("Kept 1 event in 1 batch"), "{}", said(&other));
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
    assert!(first.contains("Rows of 1 batch are missing") && first.contains("Kept 0 events"), "{first}");
    let dry = said(&noroshi(path, &["ingest", "--home", "h", "--dry-run", "a.json", "b.json"]));
    assert!(dry.contains("1 event in 1 batch"), "{dry}");
    let second = said(&noroshi(path, &["ingest", "--home", "h", "a.json", "b.json"]));
    assert!(second.contains("Rows of 1 batch are missing") && second.contains("Kept 1 event"), "{second}");
    let third = said(&noroshi(path, &["ingest", "--home", "h", "a.json", "b.json"]));
    assert!(third.contains("Kept 0 events") && !third.contains("missing"), "{third}");
}

#[test]
fn a_rehearsal_keeps_nothing_and_makes_no_home() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("a.json"), event("2026-06-11T01:00:00Z", "x")).expect("written");
    let output = noroshi(path, &["ingest", "--home", "h", "--dry-run", "a.json"]);
    assert!(said(&output).contains("Would keep 1 event in 1 batch"), "{}", said(&output));
    assert!(!path.join("h").exists());
    noroshi(path, &["ingest", "--home", "h", "a.json"]);
    let output = noroshi(path, &["ingest", "--home", "h", "--dry-run", "a.json"]);
    assert!(said(&output).contains("Already there: 1 event"), "{}", said(&output));
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

/// The answer to a question to the home `h`.
pub fn asked(folder: &Path, sql: &str) -> Value {
    let output = noroshi(folder, &["query", "--home", "h", "--json", sql]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn what_is_said_of_a_log_stands_in_its_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let lines = "Jun 11 10:00:00 web1 sshd[7]: Accepted password for sato from 192.0.2.7 port 5 ssh2\n";
    fs::write(path.join("auth.log"), lines).expect("written");
    fs::write(path.join("b.json"), "{\"EventID\":1,\"Channel\":\"Security\"}\n").expect("written");
    let words = ["--owner", "aoba", "--tlp", "TLP:Amber+Strict", "--zone", "+01:00", "--year", "2024"];
    let output = noroshi(path, &[&["ingest", "--home", "h"], &words[..], &["auth.log", "b.json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("1 event has no time"), "{}", said(&output));
    let rows = asked(path, "SELECT owner, tlp, time, day FROM events ORDER BY day");
    let row = |time: Value, day: &str| serde_json::json!({"owner": "aoba", "tlp": "TLP:AMBER+STRICT", "time": time, "day": day});
    let expected = [row("2024-06-11T09:00:00Z".into(), "2024-06-11"), row(Value::Null, "other")];
    assert_eq!(rows, Value::from(expected.to_vec()));
    // Nothing reads it better yet.
    let again = noroshi(path, &[&["ingest", "--home", "h", "--again"], &words[..], &["b.json"]].concat());
    assert!(said(&again).contains("Already there: 1 event in 1 batch"), "{}", said(&again));
}

#[test]
fn standard_input_is_kept_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("a.json"), event("2026-06-11T01:00:00Z", "x")).expect("written");
    for expected in ["Kept 1 event in 1 batch", "Already there: 1 event in 1 batch"] {
        let output = start(path, &["ingest", "--home", "h", "-"])
            .stdin(File::open(path.join("a.json")).expect("opens"))
            .output()
            .expect("the program starts");
        assert!(said(&output).contains(expected), "{}", said(&output));
    }
    assert_eq!(asked(path, "SELECT source_path FROM events"), serde_json::json!([{"source_path": "-"}]));
}

/// A running `ingest --follow` into the home `h`; killed when a test fails.
pub struct Following {
    child: Child,
    told: std::io::Lines<BufReader<ChildStdout>>,
}

impl Following {
    pub fn start(folder: &Path, input: &str) -> Self {
        let mut child = start(folder, &["ingest", "--home", "h", "--follow", "--json", input])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let told = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { child, told }
    }

    /// Rows of the next batch that is kept.
    pub fn rows(&mut self) -> u64 {
        let line = self.told.next().expect("a line").expect("a text");
        serde_json::from_str::<Value>(&line).expect("JSON")["rows"].as_u64().expect("a number")
    }

    /// Asks it to stop, and waits for that.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
        assert_eq!(self.child.wait().expect("it ends").code(), Some(130));
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_log_that_is_followed_is_kept_as_it_is_written_and_a_stop_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("a.json"), event("2026-06-11T01:00:00Z", "one")).expect("written");
    let mut following = Following::start(path, "a.json");
    assert_eq!(following.rows(), 1);
    let mut log = File::options().append(true).open(path.join("a.json")).expect("opens");
    log.write_all(event("2026-06-11T01:00:01Z", "two").as_bytes()).expect("written");
    assert_eq!(following.rows(), 1);
    fs::rename(path.join("a.json"), path.join("a.json.1")).expect("renamed");
    log.write_all(event("2026-06-11T01:00:02Z", "three").as_bytes()).expect("written");
    assert_eq!(following.rows(), 1);
    fs::write(path.join("a.json"), event("2026-06-11T01:00:03Z", "four")).expect("written");
    assert_eq!(following.rows(), 1);
    following.stop();
    let lines = asked(path, "SELECT \"process.cmd_line\" AS line FROM process_activity ORDER BY time");
    let lines: Vec<&str> =
        lines.as_array().expect("rows").iter().filter_map(|row| row["line"].as_str()).collect();
    assert_eq!(lines, ["one", "two", "three", "four"]);
}

fn start(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(folder).args(["--lang", "en"]).args(arguments);
    command
}

/// Starts to ingest, kills the process after some time, gives the batches that it told of.
fn killed(folder: &Path, after: Duration) -> Vec<Value> {
    let mut child = start(folder, &["ingest", "--home", "h", "--json", "a.json"])
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
pub fn deaths() -> u64 {
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
