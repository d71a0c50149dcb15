//! `noroshi sources`: what came from where.

use std::fs;
use std::path::Path;
use std::process::Command;

use jiff::Timestamp;
use serde_json::Value;

use crate::commands::{event, noroshi, said};
use crate::rotating::tar;

fn listed(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = noroshi(folder, &[&["sources", "--home", "h", "--json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(output.stderr.is_empty(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn time(value: &Value) -> Timestamp {
    value.as_str().and_then(|text| text.parse().ok()).expect("a time")
}

/// A home with three logs, two of them in an archive; one has a name.
fn filled(path: &Path) {
    let one = event("2026-06-11T01:00:00Z", "x") + "{broken}\n";
    let two = event("2200-06-11T01:00:00Z", "y");
    fs::write(path.join("one.json"), &one).expect("written");
    fs::write(path.join("logs.tar"), tar(&[("one.json", one), ("two.json", two)])).expect("written");
    for arguments in [&["logs.tar"][..], &["--source", "WS01", "--owner", "aoba", "one.json"]] {
        let output = noroshi(path, &[&["ingest", "--home", "h"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
}

#[test]
fn each_source_is_told_with_times_and_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    filled(path);
    let all = listed(path, &[]);
    let paths: Vec<&str> = all.iter().filter_map(|source| source["source_path"].as_str()).collect();
    assert_eq!(paths[0], "one.json", "the one received last");
    let mut members = paths[1..].to_vec();
    members.sort_unstable();
    assert_eq!(members, ["logs.tar!one.json", "logs.tar!two.json"]);
    let [named, plain] = [&all[0], all.iter().find(|one| one["source_path"] == members[0]).expect("there")];
    for (key, named_has, plain_has) in [
        ("compartment", Value::from("own"), Value::from("own")),
        ("owner", "aoba".into(), "own".into()),
        ("source", "WS01".into(), Value::Null),
        ("batches", 1.into(), 1.into()),
        ("events", 1.into(), 1.into()),
        ("flaws", 1.into(), 1.into()),
        ("latest_event", "2026-06-11T01:00:00Z".into(), "2026-06-11T01:00:00Z".into()),
    ] {
        assert_eq!((&named[key], &plain[key]), (&named_has, &plain_has), "{key}");
    }
    for source in &all {
        let late = time(&source["last_received"]).duration_since(time(&source["latest_event"]));
        assert_eq!(source["late_seconds"], late.as_secs(), "{source}");
        assert!(time(&source["first_received"]) <= time(&source["last_received"]));
    }
    for (pattern, expected) in [("tar!", 2), ("ws0", 1), ("TWO", 1), ("aoba", 0), ("json", 3)] {
        assert_eq!(listed(path, &[pattern]).len(), expected, "{pattern}");
    }
}

#[test]
fn the_table_says_how_late_in_both_languages() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    filled(path);
    let shown = |language: &str, pattern: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
        let arguments = ["--lang", language, "sources", "--home", "h", pattern];
        let output = command.current_dir(path).args(arguments).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let en = shown("en", "");
    assert_eq!(en.lines().count(), 2 + 3, "{en}");
    assert!(en.starts_with("owner  name"), "{en}");
    assert_eq!((en.matches(" late ").count(), en.matches(" ahead ").count()), (3, 1), "{en}");
    let ja = shown("ja", "two");
    assert!(ja.contains("日先") && !ja.contains("名前"), "{ja}");
    assert!(shown("ja", "one").contains("日遅れ"));
    assert!(shown("en", "nothing").contains("No source has this"));
}

/// A line that was cut off is read again when it is whole.
#[test]
fn what_is_superseded_is_not_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let line = |second: u32, user: &str| {
        format!(
            "2026-06-18T09:00:{second:02}Z ws01 sshd[12]: Accepted password for {user} from 192.0.2.7 port 22 ssh2\n"
        )
    };
    let whole = line(1, "hana") + &line(59, "taro");
    for end in [whole.len() - 40, whole.len()] {
        fs::write(path.join("auth.log"), &whole[..end]).expect("written");
        let output = noroshi(path, &["ingest", "--home", "h", "auth.log"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let sql = "SELECT count(*) AS n FROM batches";
    let output = noroshi(path, &["query", sql, "--json", "--home", "h"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "[\n{\"n\":3}\n]\n", "{}", said(&output));
    let [source] = listed(path, &[]).try_into().expect("one source");
    assert_eq!((&source["batches"], &source["events"]), (&2.into(), &2.into()), "{source}");
    assert_eq!(source["latest_event"], "2026-06-18T09:00:59Z");
}

#[test]
fn a_home_that_is_not_there_has_no_sources() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["sources", "--home", "h"][..], &["sources", "x", "--json", "--home", "h"]] {
        let output = noroshi(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(output.stdout.is_empty() && said(&output).contains("noroshi ingest"), "{}", said(&output));
    }
    assert!(!folder.path().join("h").exists());
    drop(home::Writer::take(&folder.path().join("h")).expect("a home"));
    let output = noroshi(folder.path(), &["sources", "--home", "h"]);
    assert!(said(&output).contains("nothing from any source"), "{}", said(&output));
    assert_eq!(listed(folder.path(), &[]), Vec::<Value>::new());
}
