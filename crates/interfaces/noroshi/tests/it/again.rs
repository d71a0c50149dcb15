//! `noroshi detect --lake`: what is kept gives the verdicts of the logs that it was made of.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use serde_json::Value;
use simulate::{Generator, Plan};

use crate::commands::{folder, noroshi, said};

/// Verdicts as JSON, in an order of their own; and the evidence of all their events.
pub struct Verdicts {
    pub all: Vec<String>,
    pub evidence: Vec<Vec<String>>,
}

/// What a command of `detect` finds.
pub fn verdicts(folder: &Path, arguments: &[&str]) -> Verdicts {
    let output = noroshi(folder, &[&["detect", "--force", "--json", "found.jsonl"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let text = fs::read_to_string(folder.join("found.jsonl")).expect("written");
    let mut found: Vec<(String, Vec<String>)> = text.lines().map(without_evidence).collect();
    found.sort();
    let (all, evidence) = found.into_iter().unzip();
    Verdicts { all, evidence }
}

fn without_evidence(line: &str) -> (String, Vec<String>) {
    let mut verdict: Value = serde_json::from_str(line).expect("JSON");
    let mut evidence = Vec::new();
    for event in verdict["events"].as_array_mut().expect("events") {
        let found = event.as_object_mut().expect("an event").remove("evidence");
        evidence.extend(found.and_then(|found| found.as_str().map(str::to_owned)));
    }
    (verdict.to_string(), evidence)
}

/// Differences of two lists of verdicts, told shortly.
pub fn assert_same(logs: &Verdicts, lake: &Verdicts) {
    let count = |all: &[String]| {
        let mut counts = BTreeMap::<String, i64>::new();
        all.iter().for_each(|verdict| *counts.entry(verdict.clone()).or_default() += 1);
        counts
    };
    let (logs, lake) = (count(&logs.all), count(&lake.all));
    let missing = logs.iter().find(|(verdict, number)| lake.get(*verdict) != Some(number));
    assert_eq!(missing, None, "a verdict is missing in the lake, or there more or less often");
    let more = lake.iter().find(|(verdict, _)| !logs.contains_key(*verdict));
    assert_eq!(more, None, "a verdict of the lake is none of the logs");
}

/// Correlations that a small week has something for.
pub const CORRELATIONS: &str = r#"
title: start
name: start
logsource: {product: windows, category: process_creation}
detection: {selection: {Image|endswith: '.exe'}, condition: selection}
---
title: logon
name: logon
logsource: {product: windows, service: security}
detection: {selection: {EventID: 4624}, condition: selection}
---
title: many starts
correlation: {type: event_count, rules: [start], group-by: [Computer], timespan: 10m, condition: {gte: 5}}
---
title: many programs
name: many
correlation: {type: value_count, rules: [start], group-by: [Computer], timespan: 1h, condition: {gte: 4, field: Image}}
---
title: logon, then a start
correlation: {type: temporal_ordered, rules: [logon, start], group-by: [Computer], timespan: 5m}
"#;

/// Writes the logs of a small week; gives their paths.
pub fn week(folder: &Path) -> Vec<PathBuf> {
    let plan = Plan { scale: 0.02, ..Plan::week(1) };
    let write = |file: &simulate::LogFile| {
        let path = folder.join("logs").join(&file.path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let mut out = BufWriter::new(File::create(&path).expect("made"));
        let mut generator = Generator::new(&plan, file);
        while !generator.write(&mut out, 1 << 20).expect("written").done {}
        path
    };
    plan.files().iter().map(write).collect()
}

#[test]
fn the_lake_gives_the_verdicts_of_the_logs_in_whatever_pieces_they_came() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path();
    let logs = week(folder);
    fs::write(folder.join("own.yml"), CORRELATIONS).expect("written");
    let bundled = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../rules");
    let rules = ["--rules", "own.yml", "--rules", bundled];
    let logged = verdicts(folder, &[&["logs"], &rules[..]].concat());
    let correlated = logged.all.iter().filter(|verdict| verdict.contains("\"events_count\"")).count();
    assert!(logged.all.len() > 500 && correlated > 50, "{} {correlated}", logged.all.len());
    // One after the other, the last first, each making small files large ones when it ends.
    for log in logs.iter().rev() {
        let log = log.strip_prefix(folder).expect("below").to_str().expect("text");
        let output = noroshi(folder, &["ingest", "--home", "h", log]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let lake = verdicts(folder, &[&["--lake", "--home", "h"], &rules[..]].concat());
    assert_same(&logged, &lake);
    for (verdict, evidence) in lake.all.iter().zip(&lake.evidence) {
        let verdict: Value = serde_json::from_str(verdict).expect("JSON");
        assert_eq!(evidence.len(), verdict["events"].as_array().expect("events").len(), "{verdict}");
    }
    let range = [&rules[..], &["--from", "2026-06-16", "--to", "2026-06-18"]].concat();
    let logged = verdicts(folder, &[&["logs"], &range[..]].concat());
    assert!(!logged.all.is_empty());
    assert_same(&logged, &verdicts(folder, &[&["--lake", "--home", "h"], &range[..]].concat()));
}

#[test]
fn evidence_leads_to_the_row() {
    let temporary = folder();
    let folder = temporary.path();
    noroshi(folder, &["ingest", "--home", "h", "log.json"]);
    let found = verdicts(folder, &["--lake", "--home", "h", "--rules", "rule.yml"]);
    let evidence: model::evidence::Evidence = found.evidence[1][0].parse().expect("evidence");
    assert_eq!(&*evidence.table, "own/process_activity");
    let sql = r#"SELECT "process.cmd_line" FROM process_activity WHERE batch = $1 AND row = $2::BIGINT"#;
    let (batch, row) = (evidence.batch.to_string(), evidence.row.to_string());
    let answer =
        noroshi(folder, &["query", "--home", "h", "--json", sql, "--param", &batch, "--param", &row]);
    assert!(said(&answer).contains(r#"{"process.cmd_line":"LANTERN =1"}"#), "{}", said(&answer));
}

#[test]
fn what_is_wrong_with_a_scan_of_the_lake_is_said() {
    let temporary = folder();
    let folder = temporary.path();
    let missing = noroshi(folder, &["detect", "--lake", "--home", "h", "--rules", "rule.yml"]);
    assert_eq!(missing.status.code(), Some(3), "{}", said(&missing));
    noroshi(folder, &["ingest", "--home", "h", "log.json"]);
    let both = noroshi(folder, &["detect", "--lake", "--home", "h", "log.json"]);
    assert_eq!(both.status.code(), Some(2), "{}", said(&both));
    let inside = noroshi(folder, &["detect", "--lake", "--home", "h", "--json", "h/lake/own/x.jsonl"]);
    assert_eq!(inside.status.code(), Some(2), "{}", said(&inside));
    // A file of the lake that was cut off costs its rows and no others, and is told.
    let more = crate::commands::event("2026-06-20T01:00:00Z", "lantern");
    fs::write(folder.join("more.json"), more).expect("written");
    noroshi(folder, &["ingest", "--home", "h", "more.json"]);
    let day = fs::read_dir(folder.join("h/lake/own/process_activity/day=2026-06-11")).expect("a day");
    let file = day.map(|entry| entry.expect("a file").path()).next().expect("a file");
    let bytes = fs::read(&file).expect("read");
    fs::write(&file, &bytes[..bytes.len() - 9]).expect("written");
    let torn = noroshi(folder, &["detect", "--lake", "--home", "h", "--rules", "rule.yml", "--json", "-"]);
    let told = said(&torn);
    assert_eq!(told.lines().filter(|line| line.starts_with('{')).count(), 2, "{told}");
    assert!(told.contains("these kept rows cannot be read"), "{told}");
}
