//! What is read once, what is not read, and what was not checked is told.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::commands::{RULE, event, folder, noroshi, said};
use crate::evidence::{json, maze};
use crate::stopping::{pipe, start};

#[test]
fn the_same_file_is_read_once_and_that_is_told() {
    let folder = maze();
    let path = folder.path();
    let scan = |arguments: &[&str]| {
        let all = [&["detect", "--rules", "rule.yml", "--summary", "s.json"], arguments].concat();
        let output = noroshi(path, &all);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        (json(&path.join("s.json")), said(&output))
    };
    let names = ["log.json", "./log.json", "link.json", "hard.json", "log.json"];
    let (summary, told) = scan(&names);
    assert_eq!((&summary["events"], &summary["verdicts"]), (&3.into(), &2.into()), "{told}");
    assert_eq!(summary["read_once"].as_array().map(Vec::len), Some(4));
    assert_eq!(summary["read_once"][0], serde_json::json!({"path": "./log.json", "read_as": "log.json"}));
    assert!(told.contains("read once: 4") && told.contains("./log.json = log.json"), "{told}");
    let (summary, _) = scan(&["logs", "linked-logs", "logs/a.json", "./logs/"]);
    assert_eq!(summary["events"], 1);
    assert_eq!(summary["read_once"].as_array().map(Vec::len), Some(3));
    // Rules as well: one found twice would fire twice.
    let output = noroshi(
        path,
        &["detect", "--rules", "rule.yml", "--rules", "./rule.yml", "--summary", "s.json", "log.json"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(json(&path.join("s.json"))["verdicts"], 2);
}

#[test]
fn standard_input_from_a_file_that_is_named_too_is_read_once() {
    let folder = folder();
    let output = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .current_dir(folder.path())
        .args(["--lang", "en", "detect", "log.json", "-", "-"])
        .stdin(File::open(folder.path().join("log.json")).expect("opens"))
        .output()
        .expect("the program starts");
    assert!(said(&output).contains("Read 3 events"), "{}", said(&output));
    assert!(said(&output).contains("- = log.json"), "{}", said(&output));
}

#[test]
fn what_is_no_file_in_a_folder_is_named_and_read_when_asked_for() {
    let folder = maze();
    let path = folder.path();
    let logs = path.join("logs");
    pipe(&logs.join("p"));
    let _socket = std::os::unix::net::UnixListener::bind(logs.join("s")).expect("bound");
    symlink("/dev/null", logs.join("d")).expect("linked");
    symlink("../rules", logs.join("l")).expect("linked");
    symlink("nowhere", logs.join("b")).expect("linked");
    let output = noroshi(path, &["detect", "--rules", "rule.yml", "--summary", "s.json", "logs"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let summary = json(&path.join("s.json"));
    let flaws = summary["flaws"].as_array().expect("flaws").iter();
    let mut told: Vec<_> = flaws
        .map(|flaw| {
            let text = |key: &str| flaw[key].as_str().expect("a text").to_owned();
            (text("source_path"), text("code"))
        })
        .collect();
    told.sort();
    let expected = [
        ("logs/b", "file-unopened"),
        ("logs/d", "device-unread"),
        ("logs/l", "link-not-followed"),
        ("logs/p", "pipe-unread"),
        ("logs/s", "socket-unread"),
    ];
    assert_eq!(told, expected.map(|(path, code)| (path.to_owned(), code.to_owned())));

    let running = start(path, "--rules rule.yml --json out.jsonl logs/p");
    let line = event("2026-06-11T01:00:00Z", "x lantern");
    File::options()
        .write(true)
        .open(logs.join("p"))
        .expect("opens")
        .write_all(line.as_bytes())
        .expect("written");
    assert_eq!(running.end().code, Some(0));
    assert_eq!(fs::read_to_string(path.join("out.jsonl")).expect("written").lines().count(), 1);
}

#[test]
fn a_linked_folder_among_rules_is_named() {
    let folder = maze();
    let path = folder.path();
    fs::create_dir(path.join("more")).expect("made");
    fs::write(path.join("more/m.yml"), RULE.replace("lantern", "lamp")).expect("written");
    symlink("../more", path.join("rules/linked")).expect("linked");
    let output = noroshi(path, &["detect", "--rules", "rules", "--summary", "s.json", "log.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let summary = json(&path.join("s.json"));
    assert_eq!((&summary["rules"], &summary["refused"][0]["path"]), (&1.into(), &"rules/linked".into()));
}

#[test]
fn a_run_that_checked_nothing_never_reads_like_an_all_clear() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("notes.txt"), "nothing that a log would say\n").expect("written");
    fs::write(path.join("bad.yml"), RULE.replace("contains", "containz")).expect("written");
    fs::write(path.join("nil.json"), "[]").expect("written");
    let rule = ["--rules", "rule.yml"];
    for (arguments, code, reasons) in [
        (vec!["--rules", "bad.yml", "log.json"], 2, vec!["no-rule"]),
        ([&rule[..], &["--tag", "t9999", "log.json"]].concat(), 2, vec!["no-rule"]),
        ([&rule[..], &["--level", "critical", "log.json"]].concat(), 2, vec!["no-rule"]),
        ([&rule[..], &["notes.txt"]].concat(), 3, vec!["no-input"]),
        ([&rule[..], &["missing"]].concat(), 3, vec!["no-input"]),
        (vec!["--rules", "bad.yml", "notes.txt"], 2, vec!["no-rule", "no-input"]),
        ([&rule[..], &["notes.txt", "log.json"]].concat(), 0, vec![]),
        ([&rule[..], &["nil.json"]].concat(), 0, vec![]),
    ] {
        for (language, all_clear) in [("en", "all-clear"), ("ja", "安全という意味ではありません")]
        {
            let outputs = ["--csv", "v.csv", "--html", "r.html", "--summary", "s.json"];
            let all = [&["--lang", language, "detect"], &outputs[..], &arguments[..]].concat();
            let output = Command::new(env!("CARGO_BIN_EXE_noroshi")).current_dir(path).args(&all).output();
            let output = output.expect("the program starts");
            assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let first = text.lines().next().expect("a line");
            assert_eq!(first.contains(all_clear), !reasons.is_empty(), "{arguments:?}: {text}");
            let summary = json(&path.join("s.json"));
            assert_eq!(summary["nothing_checked"], serde_json::json!(reasons), "{arguments:?}");
            assert_eq!(
                fs::read_to_string(path.join("v.csv")).expect("written").lines().next().map(|l| &l[..5]),
                Some("time,")
            );
            let page = fs::read_to_string(path.join("r.html")).expect("written");
            let silence = ["No event matched a rule", "ルールに当たった事象はない"];
            assert!(reasons.is_empty() || !silence.iter().any(|words| page.contains(words)), "{arguments:?}");
            for none in ["No rule fired", "一致したルールはありません"] {
                assert!(reasons.is_empty() || !text.contains(none), "{arguments:?}: {text}");
            }
        }
    }
}
