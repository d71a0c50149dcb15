//! What rules find in what is kept is kept as well, each verdict once.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::again::{CORRELATIONS, assert_same, verdicts, week};
use crate::commands::{RULE, event, noroshi, said};
use crate::ingesting::asked;

const BUNDLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../rules");

fn ingest(folder: &Path, arguments: &[&str]) -> String {
    let output = noroshi(folder, &[&["ingest", "--home", "h"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    said(&output)
}

/// Verdicts in the home, and how many different ones; none where there is no table of them.
fn kept(folder: &Path) -> (u64, u64) {
    let sql = "SELECT count(*) AS n, count(DISTINCT id) AS ids FROM verdicts";
    let output = noroshi(folder, &["query", "--home", "h", "--json", sql]);
    if said(&output).contains("no table") {
        return (0, 0);
    }
    let rows: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    (rows[0]["n"].as_u64().expect("a number"), rows[0]["ids"].as_u64().expect("a number"))
}

#[test]
fn rules_run_over_what_is_taken_in_in_whatever_pieces_it_comes() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path();
    let logs = week(folder);
    fs::write(folder.join("own.yml"), CORRELATIONS).expect("written");
    let rules = ["--rules", "own.yml", "--rules", BUNDLED];
    let logged = verdicts(folder, &[&["logs"], &rules[..]].concat());
    let mut told = String::new();
    for log in logs.iter().rev() {
        let log = log.strip_prefix(folder).expect("below").to_str().expect("text");
        told = ingest(folder, &[&rules[..], &[log]].concat());
    }
    assert!(told.contains("Rules found"), "{told}");
    let number = logged.all.len() as u64;
    assert_eq!(kept(folder), (number, number));
    // What is there is not looked at again, and rules that find it again double nothing.
    ingest(folder, &[&rules[..], &["logs"]].concat());
    let lake = verdicts(folder, &[&["--lake", "--home", "h"], &rules[..]].concat());
    assert_same(&logged, &lake);
    assert_eq!(kept(folder), (number, number));
    // Read out of the rows they are the same, too.
    let again = verdicts(folder, &[&["--lake", "--home", "h"], &rules[..]].concat());
    assert_same(&logged, &again);
    assert_eq!(lake.evidence, again.evidence);
    assert_eq!(kept(folder), (number, number));
}

#[test]
fn a_rule_that_changes_is_another_and_what_it_finds_is_added() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path();
    fs::write(folder.join("rule.yml"), RULE).expect("written");
    let log = event("2026-06-11T01:00:00Z", "lantern") + &event("2026-06-11T01:00:01Z", "beacon");
    fs::write(folder.join("log.json"), log).expect("written");
    let told = ingest(folder, &["--no-detect", "log.json"]);
    assert!(!told.contains("Rules found"), "{told}");
    assert_eq!(kept(folder), (0, 0));
    let scan = |more: &[&str]| {
        let arguments = [&["detect", "--lake", "--home", "h", "--rules", "rule.yml"], more].concat();
        said(&noroshi(folder, &arguments))
    };
    assert!(!scan(&["--no-keep"]).contains("are new"));
    assert_eq!(kept(folder), (0, 0));
    assert!(scan(&[]).contains("1 verdict is new"), "{}", scan(&[]));
    assert!(scan(&[]).contains("0 verdicts are new"));
    assert_eq!(kept(folder), (1, 1));
    fs::write(folder.join("rule.yml"), RULE.replace("contains: lantern", "contains: beacon"))
        .expect("written");
    assert!(scan(&[]).contains("1 verdict is new"));
    // New events come with the verdicts of the rules of the day; where its place is, is no part of a rule.
    fs::rename(folder.join("rule.yml"), folder.join("other.yml")).expect("renamed");
    fs::write(folder.join("more.json"), event("2026-06-12T01:00:00Z", "beacon")).expect("written");
    let told = ingest(folder, &["--rules", "other.yml", "more.json"]);
    assert!(told.contains("Rules found 1 verdict"), "{told}");
    let rows = asked(
        folder,
        "SELECT title, fields['CommandLine'] AS line, level, row FROM verdicts ORDER BY time, line",
    );
    let row = |line: &str, row: u64| serde_json::json!({"title": "Lantern", "line": line, "level": "high", "row": row});
    assert_eq!(rows, Value::from(vec![row("lantern", 0), row("beacon", 1), row("beacon", 0)]));
    let digests =
        asked(folder, "SELECT count(DISTINCT rule) AS n, count(DISTINCT verdict_batch) AS b FROM verdicts");
    assert_eq!(digests, serde_json::json!([{"n": 2, "b": 3}]));
}

/// Runs a command and kills it after some time.
fn killed(folder: &Path, arguments: &[&str], after: u64) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    std::thread::park_timeout(Duration::from_millis(after));
    child.kill().expect("killed");
    child.wait().expect("it ends");
}

#[test]
fn a_death_while_rules_run_loses_and_doubles_no_verdict() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path();
    week(folder);
    fs::write(folder.join("own.yml"), CORRELATIONS).expect("written");
    let rules = ["--rules", "own.yml", "--rules", BUNDLED];
    let logged = verdicts(folder, &[&["logs"], &rules[..]].concat());
    let number = logged.all.len() as u64;
    for death in 0..crate::ingesting::deaths().div_ceil(2) {
        let _ = fs::remove_dir_all(folder.join("h"));
        let take = [&["ingest", "--home", "h"], &rules[..], &["logs"]].concat();
        let scan = [&["detect", "--lake", "--home", "h"], &rules[..]].concat();
        match death % 2 {
            0 => {
                (0..3).for_each(|more| killed(folder, &take, 200 + (death * 131 + more * 293) % 1_500));
            }
            _ => {
                ingest(folder, &["--no-detect", "logs"]);
                (0..3).for_each(|more| killed(folder, &scan, 200 + (death * 131 + more * 293) % 1_500));
            }
        }
        // Whoever was killed received what it received with these rules, and whoever asks adds it with the
        // bundled ones: so this is asked for first.
        ingest(folder, &[&rules[..], &["logs"]].concat());
        let lake = verdicts(folder, &[&["--lake", "--home", "h"], &rules[..]].concat());
        assert_same(&logged, &lake);
        assert_eq!(kept(folder), (number, number), "death {death}");
    }
}

#[test]
fn what_was_found_is_written_though_it_cannot_be_kept_and_kept_when_it_can() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path();
    week(folder);
    ingest(folder, &["--no-detect", "logs"]);
    fs::write(folder.join("own.yml"), CORRELATIONS).expect("written");
    let lake = ["--lake", "--home", "h", "--rules", "own.yml", "--rules", BUNDLED];
    let all = verdicts(folder, &[&["--no-keep"], &lake[..]].concat());
    // Something that is no folder stands where the verdicts of a later day would be.
    let table = folder.join("h/lake/own/verdicts");
    fs::create_dir_all(&table).expect("made");
    let hindrance = table.join("day=2026-06-18");
    fs::write(&hindrance, "").expect("written");
    let arguments = [&["detect", "--force", "--json", "found.jsonl"], &lake[..]].concat();
    let output = noroshi(folder, &arguments);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("Not everything that was found could be kept"), "{told}");
    assert!(!told.contains("make room"), "{told}");
    let found = fs::read_to_string(folder.join("found.jsonl")).expect("written").lines().count();
    assert!(found > 0 && found < all.all.len(), "{found} of {}", all.all.len());
    fs::remove_file(&hindrance).expect("removed");
    let told = said(&noroshi(folder, &arguments));
    assert!(told.contains("Goes on"), "{told}");
    let number = all.all.len() as u64;
    assert_eq!(kept(folder), (number, number));
    assert_same(&all, &verdicts(folder, &lake));
}

#[test]
fn a_backtest_counts_by_rule_and_day_keeps_nothing_and_sets_versions_beside_each_other() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path();
    fs::write(folder.join("old.yml"), RULE).expect("written");
    let new = RULE.replace("contains: lantern", "contains: beacon")
        + "---\n"
        + &RULE
            .replace("title: Lantern", "title: Another")
            .replace("4b5ba1b4", "5b5ba1b4")
            .replace("contains: lantern", "endswith: lantern");
    fs::write(folder.join("new.yml"), new).expect("written");
    // By days of Tokyo: the 11th and, twice, the 12th.
    let log = event("2026-06-11T01:00:00Z", "lantern")
        + &event("2026-06-11T15:00:00Z", "beacon")
        + &event("2026-06-12T01:00:00Z", "beacon");
    fs::write(folder.join("log.json"), log).expect("written");
    ingest(folder, &["--no-detect", "log.json"]);
    let backtest = |more: &[&str]| {
        let output = noroshi(folder, &[&["backtest", "--home", "h"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        output
    };
    let both = backtest(&["--rules", "new.yml", "--against", "old.yml", "--examples", "1", "--json"]);
    let both: Value = serde_json::from_slice(&both.stdout).expect("JSON");
    let after = &both["after"];
    assert_eq!((&after["events"], &after["days"], &after["verdicts"]), (&3.into(), &2.into(), &3.into()));
    let first = &after["found"][0];
    assert_eq!(first["by_day"], serde_json::json!({"2026-06-12": 2}));
    assert_eq!(
        (&first["verdicts_a_day"], &first["most_a_day"], &first["hosts"]),
        (&1.0.into(), &2.into(), &1.into())
    );
    assert_eq!(first["examples"][0]["fields"]["CommandLine"], "beacon");
    assert!(first["examples"][0]["events"][0]["evidence"].as_str().expect("text").starts_with("lake:own/"));
    let change = |title: &str, before: u64, after: u64| (title.to_owned(), before, after);
    let changes = both["changes"].as_array().expect("changes").iter().map(|line| {
        let number = |key: &str| line[key].as_u64().expect("a number");
        change(line["title"].as_str().expect("a title"), number("before"), number("after"))
    });
    let mut changes: Vec<_> = changes.collect();
    changes.sort();
    assert_eq!(changes, [change("Another", 0, 1), change("Lantern", 1, 2)]);
    let shown = said(&backtest(&["--rules", "new.yml", "--against", "old.yml"]));
    let line = shown.lines().find(|line| line.starts_with("Lantern")).expect("a line");
    assert!(line.contains("+1") && shown.contains("0 rules find as much in both"), "{shown}");
    let shown = said(&backtest(&["--rules", "new.yml", "--zone", "UTC", "--examples", "1"]));
    assert!(shown.contains("3 events of 2 days, 2 rules: 3 verdicts"), "{shown}");
    assert!(shown.contains("CommandLine=beacon") && shown.contains("██"), "{shown}");
    assert_eq!(kept(folder), (0, 0));
    let none = noroshi(folder, &["backtest", "--home", "h", "--rules", "old.yml", "--level", "critical"]);
    assert_eq!(none.status.code(), Some(2), "{}", said(&none));
}
