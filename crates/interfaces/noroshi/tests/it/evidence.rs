//! The user's evidence: no output harms what is read, what is not ours, or another output.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::commands::{RULE, event, folder, noroshi, said};
use crate::stopping::{pipe, start, wait_until};

pub fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("written")).expect("JSON")
}

/// Names of files that an output left half written.
fn parts(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("listed").flatten().map(|entry| entry.file_name());
    names.filter_map(|name| name.into_string().ok()).filter(|name| name.ends_with(".part")).collect()
}

/// A folder in which many ways lead to the same few files.
pub fn maze() -> tempfile::TempDir {
    let folder = folder();
    let path = folder.path();
    for name in ["logs", "rules", "values"] {
        fs::create_dir(path.join(name)).expect("made");
    }
    fs::write(path.join("logs/a.json"), event("2026-06-11T01:00:00Z", "x lantern")).expect("written");
    fs::write(path.join("rules/r.yml"), RULE).expect("written");
    fs::write(path.join("values/admins.txt"), "root\n").expect("written");
    symlink("log.json", path.join("link.json")).expect("linked");
    symlink("link.json", path.join("link-of-link.json")).expect("linked");
    symlink("logs", path.join("linked-logs")).expect("linked");
    fs::hard_link(path.join("log.json"), path.join("hard.json")).expect("linked");
    folder
}

fn contents(folder: &Path) -> Vec<Vec<u8>> {
    let files = ["log.json", "logs/a.json", "rules/r.yml", "values/admins.txt", "rule.yml"];
    files.iter().map(|file| fs::read(folder.join(file)).expect("there")).collect()
}

#[test]
fn an_output_that_leads_to_what_is_read_changes_nothing() {
    let folder = maze();
    let before = contents(folder.path());
    for arguments in [
        "--json log.json log.json",
        "--csv ./log.json log.json",
        "--html logs/../log.json log.json",
        "--summary link.json log.json",
        "--json link-of-link.json log.json",
        "--json hard.json log.json",
        "--json log.json link.json",
        "--json log.json hard.json",
        "--json logs/a.json logs",
        "--json linked-logs/a.json logs",
        "--json logs/a.json linked-logs/",
        "--csv rule.yml --rules rule.yml log.json",
        "--html rules/r.yml --rules rules log.json",
        "--summary values/admins.txt --rules rules --placeholders values log.json",
        "--follow --json log.json log.json",
        "--follow --json logs/a.json logs",
    ] {
        for force in ["", " --force"] {
            let line = format!("detect {arguments}{force}");
            let output = noroshi(folder.path(), &line.split_whitespace().collect::<Vec<_>>());
            assert_eq!(output.status.code(), Some(2), "{line}: {}", said(&output));
            assert!(said(&output).contains("Nothing was changed"), "{line}: {}", said(&output));
            assert_eq!(contents(folder.path()), before, "{line}");
        }
    }
}

#[test]
fn a_redirected_stream_is_the_file_behind_it() {
    let folder = maze();
    let before = contents(folder.path());
    let run = |arguments: &[&str], input: Option<&str>, append: Option<&str>| -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
        command.current_dir(folder.path()).args(["--lang", "en", "detect"]).args(arguments);
        if let Some(name) = input {
            command.stdin(File::open(folder.path().join(name)).expect("opens"));
        }
        if let Some(name) = append {
            let file = File::options().append(true).create(true).open(folder.path().join(name));
            command.stdout(file.expect("opens"));
        }
        command.output().expect("the program starts")
    };
    let refused = [
        run(&["--json", "log.json", "-"], Some("log.json"), None),
        run(&["--json", "log.json", "/dev/stdin"], Some("log.json"), None),
        run(&["--json", "-", "log.json"], None, Some("log.json")),
        run(&["--json", "/dev/stdout", "log.json"], None, Some("log.json")),
        run(&["--json", "-", "logs"], None, Some("logs/a.json")),
    ];
    for (number, output) in refused.iter().enumerate() {
        assert_eq!(output.status.code(), Some(2), "{number}: {}", said(output));
    }
    assert_eq!(contents(folder.path()), before);
    // What the run itself writes beside the logs is not read.
    let output = run(&["--rules", "rule.yml", "--json", "-", "logs"], None, Some("logs/out.jsonl"));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(fs::read_to_string(folder.path().join("logs/out.jsonl")).expect("there").lines().count(), 1);
    assert!(said(&output).contains("Read 1 event"), "{}", said(&output));
}

#[test]
fn only_an_earlier_output_of_the_same_kind_is_replaced() {
    let folder = maze();
    let path = folder.path();
    let outputs = [("--json", "o.jsonl"), ("--csv", "o.csv"), ("--html", "o.html"), ("--summary", "o.json")];
    let run = |option: &str, name: &str, more: &[&str]| {
        let arguments = [&["detect", "--rules", "rule.yml", option, name], more, &["log.json"]].concat();
        noroshi(path, &arguments)
    };
    for (option, name) in outputs {
        for _ in 0..2 {
            let output = run(option, name, &[]);
            assert_eq!(output.status.code(), Some(0), "{name}: {}", said(&output));
        }
        let ours = fs::read(path.join(name)).expect("written");
        let foreign: [&[u8]; 5] = [
            b"notes of the night shift\n",
            b"{\"rule_id\":\"7\",\"alert\":true}\n",
            b"time,level,title\n",
            b"<!DOCTYPE html><p>x",
            b"{}\n",
        ];
        for foreign in foreign {
            fs::write(path.join("kept"), foreign).expect("written");
            let output = run(option, "kept", &[]);
            assert_eq!(output.status.code(), Some(2), "{name}: {}", said(&output));
            assert!(said(&output).contains("--force"));
            assert_eq!(fs::read(path.join("kept")).expect("there"), foreign);
        }
        for (other_option, other) in outputs {
            if other != name && path.join(other).exists() {
                let output = run(option, other, &[]);
                assert_eq!(output.status.code(), Some(2), "{option} {other_option}: {}", said(&output));
            }
        }
        assert_eq!(run(option, "kept", &["--force"]).status.code(), Some(0));
        assert_eq!(fs::read(path.join("kept")).expect("there")[..8], ours[..8]);
        fs::write(path.join("empty"), "").expect("written");
        assert_eq!(run(option, "empty", &[]).status.code(), Some(0));
    }
    assert_eq!(parts(path), Vec::<String>::new());
}

#[test]
fn an_output_may_lie_among_the_logs_and_behind_links() {
    let folder = maze();
    let path = folder.path();
    fs::create_dir(path.join("elsewhere")).expect("made");
    symlink("elsewhere/new.jsonl", path.join("dangling")).expect("linked");
    for name in ["logs/out.jsonl", "linked-logs/out.jsonl", "dangling", "dangling"] {
        let output = noroshi(path, &["detect", "--rules", "rule.yml", "--json", name, "logs/a.json"]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", said(&output));
    }
    let output = noroshi(path, &["detect", "--rules", "rule.yml", "--json", "logs/out.jsonl", "logs"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for name in ["logs/out.jsonl", "elsewhere/new.jsonl"] {
        assert_eq!(fs::read_to_string(path.join(name)).expect("there").lines().count(), 1, "{name}");
    }
    assert!(fs::symlink_metadata(path.join("dangling")).expect("there").is_symlink());
}

#[test]
fn two_outputs_with_one_destination_are_wrong_use() {
    let folder = maze();
    let path = folder.path();
    fs::write(path.join("old.jsonl"), "").expect("written");
    fs::hard_link(path.join("old.jsonl"), path.join("old-too.jsonl")).expect("linked");
    symlink("new.jsonl", path.join("link-to-new")).expect("linked");
    for (one, two) in [
        ("-", "-"),
        ("-", "/dev/stdout"),
        ("new.jsonl", "./new.jsonl"),
        ("logs/new.jsonl", "linked-logs/../logs/new.jsonl"),
        ("logs/new.jsonl", "linked-logs/new.jsonl"),
        ("old.jsonl", "old-too.jsonl"),
        ("new.jsonl", "link-to-new"),
    ] {
        let output = noroshi(path, &["detect", "--json", one, "--summary", two, "log.json"]);
        assert_eq!(output.status.code(), Some(2), "{one} {two}: {}", said(&output));
        assert!(said(&output).contains("have one destination"), "{one} {two}: {}", said(&output));
    }
}

#[test]
fn an_output_that_fails_ends_neither_the_others_nor_the_summary() {
    let folder = folder();
    let path = folder.path();
    let arguments = ["--csv", "v.csv", "--html", "r.html", "--summary", "s.json", "log.json"];
    let all = [&["detect", "--rules", "rule.yml", "--json", "/dev/full"], &arguments[..]].concat();
    let output = noroshi(path, &all);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("/dev/full cannot be written"), "{}", said(&output));
    assert!(said(&output).contains("Verdicts: 2"), "{}", said(&output));
    assert_eq!(fs::read_to_string(path.join("v.csv")).expect("written").lines().count(), 3);
    assert_eq!(json(&path.join("s.json"))["verdicts"], 2);
    assert!(path.join("r.html").is_file());
}

#[test]
fn a_folder_that_vanishes_costs_its_output_alone() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("gone")).expect("made");
    let arguments = "--rules rule.yml --json gone/v.jsonl --csv v.csv --summary s.json -";
    let mut running = start(path, arguments);
    wait_until(|| !parts(&path.join("gone")).is_empty());
    fs::remove_dir_all(path.join("gone")).expect("removed");
    let mut input = running.0.stdin.take().expect("a pipe");
    input.write_all(event("2026-06-11T01:00:00Z", "x lantern").as_bytes()).expect("written");
    drop(input);
    let ended = running.end();
    assert_eq!(ended.code, Some(1), "{}", ended.said);
    assert!(ended.said.contains("gone/v.jsonl cannot be written"), "{}", ended.said);
    assert_eq!(fs::read_to_string(path.join("v.csv")).expect("written").lines().count(), 2);
    assert_eq!(json(&path.join("s.json"))["verdicts"], 1);
}

#[test]
fn an_output_that_cannot_be_opened_is_told_before_anything_is_read() {
    let folder = folder();
    // Standard input stays open: a run that reads it would wait.
    for place in ["no/such/folder/v.jsonl", "/proc/v.jsonl", ".", "new/"] {
        let ended = start(folder.path(), &format!("--json {place} --csv v.csv -")).end();
        assert_eq!(ended.code, Some(1), "{place}: {}", ended.said);
        assert!(ended.said.contains(&format!("{place} cannot be written")), "{place}: {}", ended.said);
        assert!(!folder.path().join("v.csv").exists() && parts(folder.path()).is_empty());
    }
}

#[test]
fn pipes_and_devices_are_written_as_they_are() {
    let folder = folder();
    let path = folder.path();
    pipe(&path.join("fifo"));
    let running = start(path, "--rules rule.yml --json fifo --summary /dev/null log.json");
    let mut text = String::new();
    File::open(path.join("fifo")).expect("opens").read_to_string(&mut text).expect("read");
    assert_eq!(text.lines().count(), 2);
    assert_eq!(running.end().code, Some(0));
    assert!(fs::metadata(path.join("fifo")).expect("there").file_type().is_fifo());
    assert!(fs::metadata("/dev/null").expect("there").file_type().is_char_device());
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_run_in_peace() {
    let folder = folder();
    // Enough that lines are written before the end, which the open pipe never lets come.
    let log = event("2026-06-11T01:00:00Z", "x lantern").repeat(40_000);
    fs::write(folder.path().join("log.json"), log).expect("written");
    let mut running = start(folder.path(), "--rules rule.yml --json - log.json -");
    drop(running.0.stdout.take());
    let ended = running.end();
    assert_eq!(ended.code, Some(0), "{}", ended.said);
}

#[test]
fn the_demo_replaces_no_page_that_it_did_not_make() {
    let folder = folder();
    let path = folder.path();
    let arguments = ["demo", "--week", "--home", "demo", "--no-serve", "--scale", "0.01"];
    assert_eq!(noroshi(path, &arguments).status.code(), Some(0));
    fs::write(path.join("theirs.html"), "<!DOCTYPE html>theirs").expect("written");
    fs::remove_file(path.join("demo/report-en.html")).expect("removed");
    symlink("../theirs.html", path.join("demo/report-en.html")).expect("linked");
    let output = noroshi(path, &arguments);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(fs::read(path.join("theirs.html")).expect("there"), b"<!DOCTYPE html>theirs");
}

#[test]
fn outputs_in_a_followed_folder_are_not_followed() {
    let folder = maze();
    let path = folder.path();
    let running = start(path, "--follow --rules rule.yml --json logs/out.jsonl --summary logs/s.json logs");
    let lines = || fs::read_to_string(path.join("logs/out.jsonl")).unwrap_or_default().lines().count();
    wait_until(|| lines() >= 1);
    let more = event("2026-06-11T02:00:00Z", "a lantern");
    let log = File::options().append(true).open(path.join("logs/a.json"));
    log.expect("opens").write_all(more.as_bytes()).expect("written");
    wait_until(|| lines() >= 2);
    running.signal("TERM");
    let ended = running.end();
    assert_eq!(ended.code, Some(130), "{}", ended.said);
    let summary = json(&path.join("logs/s.json"));
    assert_eq!((&summary["events"], &summary["flaws"]), (&2.into(), &Value::Array(vec![])));
    assert_eq!(lines(), 2);
}
