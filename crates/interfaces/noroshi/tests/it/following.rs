//! `detect --follow` on logs that are written, rotated and cut short while it runs.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::commands::{RULE, event};

/// A running `detect --follow`; killed when a test fails.
struct Following(Child);

impl Drop for Following {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn follow(folder: &Path, rule: &str, input: &str) -> Following {
    fs::write(folder.join("rule.yml"), rule).expect("written");
    let child = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .current_dir(folder)
        .args(["--lang", "en", "detect", "--follow", "--rules", "rule.yml", "--json", "out.jsonl", input])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    Following(child.expect("the program starts"))
}

/// Verdicts written so far.
pub fn verdicts(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("out.jsonl")).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Waits until there are so many verdicts; gives up after half a minute.
fn wait_for(folder: &Path, count: usize) -> Vec<Value> {
    let began = Instant::now();
    loop {
        let found = verdicts(folder);
        if found.len() >= count || began.elapsed() > Duration::from_secs(30) {
            return found;
        }
        std::thread::yield_now();
    }
}

/// Numbers in the command lines `lantern 17` of the verdicts.
pub fn numbers(found: &[Value]) -> Vec<u64> {
    let line = |verdict: &Value| verdict["fields"]["CommandLine"].as_str().unwrap_or_default().to_owned();
    found.iter().filter_map(|verdict| line(verdict).strip_prefix("lantern ")?.parse().ok()).collect()
}

pub fn lantern(number: u64) -> String {
    event(&format!("2020-06-11T01:{:02}:{:02}Z", number / 60 % 60, number % 60), &format!("lantern {number}"))
}

#[test]
fn nothing_is_lost_over_rotation_truncation_and_a_torn_line() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path();
    let log = path.join("app.log");
    fs::write(&log, lantern(0)).expect("written");
    let _running = follow(path, RULE, "app.log");
    assert_eq!(numbers(&wait_for(path, 1)), [0]);

    // Two rotations, one right after the other; the first file gets a last line after its own.
    let mut old = File::options().append(true).open(&log).expect("opens");
    fs::rename(&log, path.join("app.log.1")).expect("renamed");
    fs::write(&log, lantern(1)).expect("written");
    old.write_all(lantern(2).as_bytes()).expect("written");
    fs::rename(path.join("app.log.1"), path.join("app.log.2")).expect("renamed");
    fs::rename(&log, path.join("app.log.1")).expect("renamed");
    fs::write(&log, lantern(3)).expect("written");
    let found: BTreeSet<u64> = numbers(&wait_for(path, 4)).into_iter().collect();
    assert_eq!(found, [0, 1, 2, 3].into());

    // A writer that was killed inside a line, and one that goes on behind it.
    let mut file = File::options().append(true).open(&log).expect("opens");
    let torn = lantern(90);
    file.write_all(&torn.as_bytes()[..torn.len() / 2]).expect("written");
    file.write_all(lantern(4).as_bytes()).expect("written");
    let found = wait_for(path, 5);
    assert_eq!(numbers(&found).last(), Some(&4));
    // Numbers go on within a file, and begin anew in the next.
    assert_eq!((&found[4]["events"][0]["line"], &found[4]["source_path"]), (&2.into(), &"app.log".into()));

    // Cut to nothing and written anew, as copytruncate does.
    file.set_len(0).expect("cut");
    drop(file);
    wait_until_idle();
    fs::OpenOptions::new()
        .append(true)
        .open(&log)
        .expect("opens")
        .write_all(lantern(5).as_bytes())
        .expect("written");
    let found = wait_for(path, 6);
    assert_eq!(numbers(&found).last(), Some(&5));
    assert_eq!(found.len(), 6, "nothing is told twice");
}

/// A moment in which the program looks at its files: a cut that nobody could see between two
/// looks, because as much was written again, is not promised to be seen.
fn wait_until_idle() {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(2) {
        std::thread::yield_now();
    }
}

#[test]
fn new_files_standard_input_and_correlations_are_followed() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path();
    let logs = path.join("logs");
    fs::create_dir(&logs).expect("made");
    let rule = RULE.replace("title: Lantern", "title: Lantern\nname: lantern")
        + "---\ntitle: Pair\nlevel: high\ncorrelation: {type: event_count, rules: lantern, group-by: Computer, timespan: 1m, condition: {gte: 2}}\n";
    let mut running = follow(path, &rule, "logs");
    // A clock that is wrong by decades must not close the window of all that comes.
    let ahead = event("2200-01-01T00:00:00Z", "lantern 0");
    fs::write(logs.join("a.log"), ahead + &lantern(1)).expect("written");
    fs::write(logs.join("b.log"), lantern(2)).expect("written");
    let found = wait_for(path, 1);
    assert_eq!(found[0]["title"], "Pair");
    assert_eq!(found[0]["group"]["Computer"], "ws01.example");
    assert_eq!(found[0]["events"].as_array().map(Vec::len), Some(2));
    drop(running.0.kill());

    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path();
    let mut running = follow(path, RULE, "-");
    let mut input = running.0.stdin.take().expect("a pipe");
    input.write_all(lantern(7).as_bytes()).expect("written");
    assert_eq!(numbers(&wait_for(path, 1)), [7], "a line is scanned while the pipe is open");
    input.write_all(lantern(8).as_bytes()).expect("written");
    drop(input);
    assert_eq!(numbers(&wait_for(path, 2)), [7, 8]);
    assert!(running.0.wait().expect("ends").success(), "the end of the pipe is the end");
}

#[test]
fn a_log_that_comes_later_is_no_fault_and_its_lines_without_a_year_get_one() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path();
    let rule = "title: Failed\nlogsource: {product: linux, service: sshd}\ndetection: {words: ['Failed password'], condition: words}\n";
    let mut running = follow(path, rule, "auth.log");
    wait_until_idle();
    let line = "Mar  2 08:00:01 gate sshd[811]: Failed password for aki from 203.0.113.5 port 4022 ssh2\n";
    fs::write(path.join("auth.log"), line).expect("written");
    let found = wait_for(path, 1);
    let time = found[0]["events"][0]["time"].as_str().expect("a time");
    let year: i16 = time.split("-03-01T23:00:01Z").next().and_then(|year| year.parse().ok()).expect(time);
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year();
    assert!(year == now || year == now - 1, "{time}");

    let killed = Command::new("kill").args(["-INT", &running.0.id().to_string()]).status();
    assert!(killed.expect("kill runs").success());
    running.0.wait().expect("ends");
    let mut told = String::new();
    running.0.stderr.take().expect("a pipe").read_to_string(&mut told).expect("read");
    assert!(told.contains("auth.log cannot be opened"), "{told}");
    let mut summary = String::new();
    running.0.stdout.take().expect("a pipe").read_to_string(&mut summary).expect("read");
    assert!(
        !summary.contains("Parts that could not be read") && summary.contains("Read 1 event"),
        "{summary}"
    );
}
