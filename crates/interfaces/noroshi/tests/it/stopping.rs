//! Signals at any moment leave whole lines and a summary, within about a second.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::commands::{RULE, event, folder, noroshi};

/// A running `noroshi detect`; killed when a test fails.
pub struct Running(pub Child);

/// How it ended.
pub struct Ended {
    pub code: Option<i32>,
    pub said: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Running {
    pub fn signal(&self, name: &str) {
        let killed = Command::new("kill").args([&format!("-{name}"), &self.0.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
    }

    /// Waits for its end, half a minute at most. Its standard input stays open.
    pub fn end(mut self) -> Ended {
        let _input = self.0.stdin.take();
        let began = Instant::now();
        let status = loop {
            match self.0.try_wait().expect("asked") {
                Some(status) => break status,
                None => assert!(began.elapsed() < Duration::from_secs(30), "it does not end"),
            }
            std::thread::yield_now();
        };
        let mut said = String::new();
        if let Some(mut out) = self.0.stdout.take() {
            out.read_to_string(&mut said).expect("read");
        }
        self.0.stderr.take().expect("a pipe").read_to_string(&mut said).expect("read");
        Ended { code: status.code(), said }
    }
}

/// Starts `noroshi detect`.
pub fn start(folder: &Path, arguments: &str) -> Running {
    let program = env!("CARGO_BIN_EXE_noroshi");
    spawn(Command::new(program).args(["--lang", "en", "detect"]).args(arguments.split_whitespace()), folder)
}

fn spawn(command: &mut Command, folder: &Path) -> Running {
    let command = command.current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache"));
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    Running(child.expect("the program starts"))
}

/// Waits for a condition; gives up after half a minute.
pub fn wait_until(mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(30), "it does not come");
        std::thread::yield_now();
    }
}

/// Makes a named pipe.
pub fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
}

/// Waits until the program hears SIGTERM, which is when it hears all of them.
pub fn wait_until_it_hears(running: &Running) {
    let path = format!("/proc/{}/status", running.0.id());
    wait_until(|| {
        let status = fs::read_to_string(&path).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        caught
            .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .is_some_and(|mask| mask & (1 << 14) != 0)
    });
}

/// Waits until a thread of the program waits inside the system; a moment where the system does
/// not tell.
fn wait_until_blocked(running: &Running, place: &str) {
    let began = Instant::now();
    let threads = || fs::read_dir(format!("/proc/{}/task", running.0.id())).expect("listed").flatten();
    let waits_at = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("wchan")).unwrap_or_default();
    while !threads().any(|thread| waits_at(thread).contains(place)) {
        if began.elapsed() > Duration::from_secs(1) {
            return;
        }
        std::thread::yield_now();
    }
}

/// Stops a run with a signal; it must end with 130 in about a second, with a summary and whole lines.
fn stopped(folder: &Path, running: Running, name: &str) -> Value {
    let began = Instant::now();
    running.signal(name);
    let ended = running.end();
    assert_eq!(ended.code, Some(130), "{name}: {}", ended.said);
    // About a second, and as much again for a machine that does something else.
    assert!(began.elapsed() < Duration::from_secs(2), "{name}: {:?}", began.elapsed());
    assert!(ended.said.contains("Stopped by you"), "{name}: {}", ended.said);
    let rows = fs::read_to_string(folder.join("v.csv")).expect("written");
    assert!(rows.starts_with("time,level,") && rows.ends_with('\n'), "{name}: {rows}");
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("s.json")).expect("written")).expect("JSON");
    assert_eq!(summary["stopped"], true);
    summary
}

const OUTPUTS: &str = "--csv v.csv --summary s.json";

#[test]
fn an_idle_pipe_is_no_hindrance_and_what_it_gave_counts() {
    for name in ["INT", "TERM", "HUP"] {
        let folder = folder();
        let mut running = start(folder.path(), &format!("{OUTPUTS} --rules rule.yml -"));
        wait_until_it_hears(&running);
        // Kept open: the pipe stays idle.
        let input = running.0.stdin.as_mut().expect("a pipe");
        input.write_all(event("2026-06-11T01:00:00Z", "x lantern").as_bytes()).expect("written");
        wait_until_blocked(&running, "pipe_read");
        let summary = stopped(folder.path(), running, name);
        assert_eq!((&summary["events"], &summary["verdicts"]), (&1.into(), &1.into()), "{name}");
    }
}

#[test]
fn a_pipe_that_nobody_opens_is_no_hindrance() {
    for (arguments, events) in [
        ("--rules rule.yml log.json fifo", Some(3)),
        ("--rules fifo log.json", Some(0)),
        ("--rules rule.yml --placeholders fifo.txt log.json", Some(0)),
        ("--rules rule.yml --json fifo log.json", None),
        ("--rules rule.yml --follow log.json fifo", None),
    ] {
        let folder = folder();
        pipe(&folder.path().join("fifo"));
        pipe(&folder.path().join("fifo.txt"));
        let running = start(folder.path(), &format!("{OUTPUTS} {arguments}"));
        wait_until_it_hears(&running);
        wait_until_blocked(&running, "wait_for_partner");
        let summary = stopped(folder.path(), running, "TERM");
        assert!(events.is_none_or(|events: u64| summary["events"] == events), "{arguments}: {summary}");
    }
}

#[test]
fn following_ends_with_whole_lines_at_any_signal() {
    for name in ["INT", "TERM", "HUP"] {
        let folder = folder();
        let path = folder.path();
        let running = start(path, &format!("{OUTPUTS} --rules rule.yml --follow log.json"));
        wait_until(|| fs::read_to_string(path.join("v.csv")).is_ok_and(|rows| rows.lines().count() == 3));
        let summary = stopped(path, running, name);
        assert_eq!(summary["verdicts"], 2, "{name}");
    }
}

#[test]
fn a_stop_while_rules_load_leaves_no_half_set_behind() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("rules")).expect("made");
    for file in 0..60 {
        let rules = (0..50).map(|n| RULE.replace("lantern", &format!("lamp{n}-{file}"))).collect::<Vec<_>>();
        fs::write(path.join(format!("rules/{file:02}.yml")), rules.join("---\n")).expect("written");
    }
    fs::write(path.join("rules/zz.yml"), RULE).expect("written");
    let running = start(path, &format!("{OUTPUTS} --rules rules log.json -"));
    wait_until_it_hears(&running);
    stopped(path, running, "TERM");
    let output = noroshi(path, &["detect", "--rules", "rules", "--summary", "s.json", "log.json"]);
    assert_eq!(output.status.code(), Some(0));
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(path.join("s.json")).expect("written")).expect("JSON");
    assert_eq!((&summary["rules"], &summary["verdicts"]), (&3_001.into(), &2.into()));
}

#[test]
fn a_hangup_that_was_ignored_stays_ignored() {
    let folder = folder();
    let line =
        format!("trap '' HUP; exec {} detect {OUTPUTS} --rules rule.yml -", env!("CARGO_BIN_EXE_noroshi"));
    let mut running = spawn(Command::new("sh").args(["-c", &line]), folder.path());
    wait_until_it_hears(&running);
    running.signal("HUP");
    let mut input = running.0.stdin.take().expect("a pipe");
    input.write_all(event("2026-06-11T01:00:00Z", "x lantern").as_bytes()).expect("written");
    drop(input);
    let ended = running.end();
    assert_eq!(ended.code, Some(0), "{}", ended.said);
}

#[test]
fn a_second_signal_ends_at_once() {
    let folder = folder();
    // Nobody reads what it says, so that it waits for ever in the middle of it.
    let missing =
        (0..100).map(|number| format!("missing-{number}/{} ", "x".repeat(2_000))).collect::<String>();
    let running = start(folder.path(), &format!("log.json {missing}"));
    wait_until_it_hears(&running);
    running.signal("TERM");
    wait_until(|| {
        running.signal("TERM");
        let state = fs::read_to_string(format!("/proc/{}/stat", running.0.id())).unwrap_or_default();
        state.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'))
    });
    assert_eq!(running.end().code, Some(130));
}
