//! What a home has received and not yet in its lake: the next who may write adds it, all others are told.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::commands::{event, noroshi, said};
use crate::ingesting::log;
use crate::stopping::Running;

/// Counts the events that are in the lake.
const COUNT: &[&str] = &["query", "SELECT count(*) AS n FROM events", "--json", "--home"];

fn ask(folder: &Path, arguments: &[&str], home: &str) -> Output {
    let output = noroshi(folder, &[arguments, &[home]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    output
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn answered(events: usize) -> Vec<u8> {
    format!("[\n{{\"n\":{events}}}\n]\n").into_bytes()
}

/// A process that has received a log, and has not added it to the lake, which holds one event.
fn receiving(folder: &Path) -> Running {
    fs::write(folder.join("b.json"), event("2026-06-11T01:00:00Z", "x")).expect("written");
    ask(folder, &["ingest", "b.json", "--home"], "h");
    fs::write(folder.join("a.json"), log(9)).expect("written");
    let child = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .current_dir(folder)
        .args(["--lang", "en", "ingest", "--home", "h", "--json", "--follow", "a.json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut running = Running(child.expect("the program starts"));
    let lines = BufReader::new(running.0.stdout.take().expect("a pipe")).lines();
    // What it says it has received.
    assert_eq!(lines.take(3).map_while(Result::ok).count(), 3);
    running
}

fn events() -> usize {
    log(9).lines().count()
}

/// All files below a folder, and their bytes.
fn state(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("listed") {
        let path = entry.expect("listed").path();
        if path.is_dir() && path.file_name().is_some_and(|name| name == "access") {
            // Who looks is noted, whoever may write.
        } else if path.is_dir() {
            files.extend(state(&path));
        } else if path.is_file() {
            // A process that was killed leaves its socket as well.
            files.insert(path.clone(), fs::read(path).expect("read"));
        }
    }
    files
}

#[test]
fn readers_say_what_they_do_not_see_and_add_it_once_they_may() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let mut running = receiving(path);
    let unseen = format!("{} rows in 3 batches received and not yet in the lake", grouped(events()));
    for arguments in [COUNT, &["tables", "--json", "--home"], &["sources", "--json", "--home"]] {
        let output = ask(path, arguments, "h");
        assert!(errors(&output).contains(&unseen), "{arguments:?}: {}", said(&output));
        let writer = format!("Process {} holds the home", running.0.id());
        assert!(errors(&output).contains(&writer), "{arguments:?}: {}", said(&output));
    }
    assert_eq!(ask(path, COUNT, "h").stdout, answered(1));
    let rehearsal = ask(path, &["ingest", "--dry-run", "a.json", "b.json", "--home"], "h");
    let there = format!("Already there: {} events in 4 batches", grouped(events() + 1));
    assert!(said(&rehearsal).contains(&there), "{}", said(&rehearsal));
    // A kill leaves no time for anything.
    running.0.kill().expect("killed");
    running.0.wait().expect("it ends");
    let first = ask(path, COUNT, "h");
    assert_eq!(first.stdout, answered(events() + 1));
    assert_eq!(errors(&first), "3 batches that an earlier run had received are in the lake now.\n");
    let second = ask(path, COUNT, "h");
    assert_eq!((second.stdout, second.stderr), (first.stdout, Vec::new()));
}

#[test]
fn who_may_not_write_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let mut running = receiving(path);
    running.0.kill().expect("killed");
    running.0.wait().expect("it ends");
    let before = state(&path.join("h"));
    let unseen = format!("{} rows in 3 batches", grouped(events()));
    let unchanged = |because: &str| {
        let output = ask(path, COUNT, "h");
        assert_eq!(output.stdout, answered(1), "{}", said(&output));
        assert!(errors(&output).contains(&unseen) && errors(&output).contains(because), "{}", said(&output));
    };
    let writer = home::Writer::take(&path.join("h")).expect("taken");
    unchanged(&format!("Process {} holds the home", std::process::id()));
    drop(writer);
    // Who may read everything may also give the home to somebody else; nobody else needs to.
    let owner = fs::metadata(path.join("h")).expect("there").uid();
    let is_given = chown(path.join("h"), Some(owner + 1), None).is_ok();
    if is_given {
        // What they look at could not be noted in it.
        let refused = noroshi(path, &[COUNT, &["h"]].concat());
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(errors(&refused).contains("belongs to another user"), "{}", said(&refused));
        chown(path.join("h"), Some(owner), None).expect("taken back");
    } else {
        let allow = |mode| {
            let lock = fs::set_permissions(path.join("h/lock"), fs::Permissions::from_mode(mode & 0o600));
            lock.and_then(|()| fs::set_permissions(path.join("h"), fs::Permissions::from_mode(mode)))
        };
        allow(0o500).expect("taken away");
        unchanged("cannot be locked");
        allow(0o700).expect("given back");
    }
    let mut after = state(&path.join("h"));
    // The lock names who had it last.
    after.insert(path.join("h/lock"), before[&path.join("h/lock")].clone());
    assert!(after == before, "{:?}", after.keys());
}

/// As the program writes numbers.
fn grouped(number: usize) -> String {
    page::wording::count(number as u64)
}
