//! `detect --follow` on a log written at 20,000 lines a second: how long a verdict takes from its
//! line, and whether one is lost while the log is rotated and its writer is killed (SIGKILL) and
//! started anew. `NOROSHI_DATA=<folder> cargo bench --bench follow` (set sigma), one minute.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

const SECONDS: u64 = 60;
/// Lines a second.
const RATE: u64 = 20_000;
/// Lines for one line that the rule fires on.
const EACH: u64 = 100;
/// Time between two writes.
const TICK: Duration = Duration::from_millis(10);
/// Time between two rotations, and between two killings: not in step.
const ROTATION: Duration = Duration::from_millis(3_700);
const KILLING: Duration = Duration::from_millis(2_900);

const RULE: &str = "title: Lantern
logsource: {product: windows, category: process_creation}
detection: {s: {CommandLine|startswith: 'lantern '}, condition: s}
";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, log, first] = arguments.as_slice()
        && word == "writer"
    {
        return write_for_ever(Path::new(log), first.parse().expect("a number"));
    }
    let Some(data) = std::env::var_os("NOROSHI_DATA").map(PathBuf::from) else {
        println!("skipped: NOROSHI_DATA does not lead to the data sets");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("lantern.yml"), RULE).expect("written");
    measure(folder.path(), &data.join("sigma/sigma/rules"));
}

fn nanoseconds() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos()
}

/// Writes lines, numbered from `first`, until it is killed.
fn write_for_ever(log: &Path, first: u64) {
    let began = Instant::now();
    let mut written = 0;
    loop {
        // Opened anew each time, as loggers do after a rotation.
        let mut file = OpenOptions::new().create(true).append(true).open(log).expect("opens");
        let due = u64::try_from(began.elapsed().as_millis()).expect("small") * RATE / 1_000;
        let mut lines = String::new();
        while written < due {
            let number = first + written;
            written += 1;
            let word = if number.is_multiple_of(EACH) { "lantern" } else { "candle" };
            lines.push_str(&format!(
                "{{\"EventTime\":\"2026-06-15T01:02:03Z\",\"Hostname\":\"ws{}.example\",\"Channel\":\"Security\",\"EventID\":4688,\
                 \"CommandLine\":\"{word} {number} {}\",\"NewProcessName\":\"C:\\\\Program Files\\\\Office\\\\WINWORD.EXE\",\
                 \"SubjectUserName\":\"user{}\"}}\n",
                number % 400,
                nanoseconds(),
                number % 900
            ));
        }
        file.write_all(lines.as_bytes()).expect("written");
        std::thread::sleep(TICK);
    }
}

fn writer(log: &Path, first: u64) -> Child {
    let itself = std::env::current_exe().expect("known");
    Command::new(itself).arg("writer").arg(log).arg(first.to_string()).spawn().expect("starts")
}

fn measure(folder: &Path, rules: &Path) {
    let log = folder.join("app.ndjson");
    fs::write(&log, "").expect("written");
    let mut follower = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .current_dir(folder)
        .args(["detect", "--follow", "--rules", "lantern.yml", "--rules"])
        .arg(rules)
        .args(["--json", "-", "app.ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let verdicts = BufReader::new(follower.stdout.take().expect("a pipe"));
    let receiver = std::thread::spawn(move || receive(verdicts));
    // Rules are loaded.
    std::thread::sleep(Duration::from_secs(4));

    let began = Instant::now();
    let (mut rotated, mut killed) = (began, began);
    let (mut rotations, mut killings) = (0, 0);
    let mut child = writer(&log, 0);
    while began.elapsed() < Duration::from_secs(SECONDS) {
        std::thread::sleep(Duration::from_millis(5));
        if rotated.elapsed() > ROTATION {
            rotated = Instant::now();
            rotations += 1;
            fs::rename(&log, folder.join(format!("app.ndjson.{rotations}"))).expect("renamed");
        }
        if killed.elapsed() > KILLING {
            killed = Instant::now();
            killings += 1;
            child.kill().expect("killed");
            child.wait().expect("waited for");
            child = writer(&log, killings * 100_000_000);
        }
    }
    child.kill().expect("killed");
    child.wait().expect("waited for");
    std::thread::sleep(Duration::from_secs(2));
    Command::new("kill").args(["-INT", &follower.id().to_string()]).status().expect("kill runs");
    follower.wait().expect("ends");
    let seen = receiver.join().expect("no panic");
    let (lines, wanted) = wanted(folder);
    let lost = wanted.keys().filter(|number| !seen.contains_key(number)).count();
    let mut latencies: Vec<f64> = seen
        .iter()
        .filter_map(|(number, at)| Some(at.checked_sub(*wanted.get(number)?)? as f64 / 1e6))
        .collect();
    latencies.sort_by(f64::total_cmp);
    let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize];
    println!(
        "{lines} whole lines in {SECONDS} s, {rotations} rotations, {killings} killings; {} verdicts wanted, {} seen, {lost} lost",
        wanted.len(),
        seen.len(),
    );
    println!(
        "verdict after line: half {:.0} ms, 99 % {:.0} ms, longest {:.0} ms",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    assert_eq!(lost, 0, "verdicts are lost");
}

/// The number of each verdict, and when it was there.
fn receive(verdicts: impl BufRead) -> HashMap<u64, u128> {
    let mut seen = HashMap::new();
    for line in verdicts.lines() {
        let line = line.expect("read");
        let at = nanoseconds();
        let verdict: Value = serde_json::from_str(&line).expect("JSON");
        if let Some((number, _)) = verdict["fields"]["CommandLine"].as_str().and_then(numbered) {
            assert!(seen.insert(number, at).is_none(), "{number} is told twice");
        }
    }
    seen
}

/// Number and time of a line that the rule fires on.
fn numbered(command: &str) -> Option<(u64, u128)> {
    let mut words = command.strip_prefix("lantern ")?.split(' ');
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

/// Whole lines in the files, and those among them that the rule fires on.
fn wanted(folder: &Path) -> (u64, HashMap<u64, u128>) {
    let (mut lines, mut wanted) = (0, HashMap::new());
    let files = fs::read_dir(folder).expect("listed").map(|entry| entry.expect("listed").path());
    for path in files.filter(|path| path.to_string_lossy().contains("app.ndjson")) {
        for line in BufReader::new(File::open(path).expect("opens")).lines() {
            let Ok(event) = serde_json::from_str::<Value>(&line.expect("read")) else { continue };
            lines += 1;
            wanted.extend(event["CommandLine"].as_str().and_then(numbered));
        }
    }
    (lines, wanted)
}
