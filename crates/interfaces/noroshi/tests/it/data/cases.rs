//! Small cases from bug reports about other tools: rules, input, expected verdicts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use model::event::Place;
use serde_json::Value;

use crate::scanning::{data, engine, rules, scan};

/// Values of `key = …` lines of a case file.
fn values(case: &str, key: &str) -> Vec<String> {
    let line = case.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
    let text = line.unwrap_or_default().trim().trim_matches(['[', ']']);
    text.split(',').map(|value| value.trim().trim_matches('"').to_owned()).collect()
}

#[test]
fn each_case_gives_what_is_expected() {
    let Some(folder) = data("cases") else { return };
    let (run, wrong) = run(&folder);
    assert!(run >= 66, "only {run} cases were found");
    assert!(wrong.is_empty(), "{} cases differ:\n{wrong:#?}", wrong.len());
}

#[test]
fn each_case_from_the_field_gives_what_is_expected() {
    let Some(folder) = data("cases-2") else { return };
    let (run, wrong) = run(&folder);
    assert!(run >= 28, "only {run} cases were found");
    assert!(wrong.is_empty(), "{} cases differ:\n{wrong:#?}", wrong.len());
}

/// Runs all cases of a folder: how many there are, and the differences of those that have any.
fn run(folder: &Path) -> (usize, BTreeMap<String, Vec<String>>) {
    let entries = fs::read_dir(folder).expect("the cases can be listed").flatten();
    let mut folders: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    let mut wrong = BTreeMap::new();
    for folder in &folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(folder.join("case.toml")).expect("case.toml is there");
        let found = differences(folder, &text);
        if !found.is_empty() {
            wrong.insert(name, found);
        }
    }
    (folders.len(), wrong)
}

fn differences(folder: &Path, case: &str) -> Vec<String> {
    let set = rules(&[folder.join("rule.yml")]);
    let engine = engine(&set);
    let inputs: Vec<_> = values(case, "input").iter().map(|file| folder.join(file)).collect();
    let scanned = scan(&inputs, &engine);
    let expected = fs::read_to_string(folder.join("expected.json")).expect("expected.json is there");
    let expected: Value = serde_json::from_str(&expected).expect("expected.json is JSON");
    let mut wrong = Vec::new();

    let refused: BTreeSet<_> = set.refused.iter().filter_map(|refusal| refusal.rule_id.clone()).collect();
    let wanted: BTreeSet<_> = texts(&expected["refused"]);
    if refused != wanted {
        wrong.push(format!("refused {refused:?}, expected {wanted:?}: {:?}", set.refused));
    }
    let by = values(case, "events_by")[0].clone();
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for verdict in &scanned.verdicts {
        let found = found.entry(verdict.rule.id.clone().unwrap_or_default()).or_default();
        let events: Vec<u64> = verdict.events().iter().map(|event| number(&by, &event.place)).collect();
        found.at.extend(events.last());
        found.events.extend(&events);
        let group = verdict.group.iter().map(|(name, value)| (name.clone(), value.clone().into()));
        found.groups.push(Value::Object(group.collect()));
    }
    for entry in expected["verdicts"].as_array().into_iter().flatten() {
        let found = found.remove(entry["rule"].as_str().unwrap_or_default()).unwrap_or_default();
        wrong.extend(found.differences(entry));
    }
    let flaws = expected["flaws_at_least"].as_u64().unwrap_or(0);
    if (scanned.flaws.len() as u64) < flaws {
        wrong.push(format!("{} flaws, expected at least {flaws}", scanned.flaws.len()));
    }
    wrong
}

/// What one rule found.
#[derive(Debug, Default)]
struct Found {
    events: BTreeSet<u64>,
    at: Vec<u64>,
    groups: Vec<Value>,
}

impl Found {
    fn differences(&self, expected: &Value) -> Option<String> {
        let numbers = |key: &str| -> Vec<u64> {
            expected[key].as_array().into_iter().flatten().filter_map(Value::as_u64).collect()
        };
        let is_correlation = expected.get("at").is_some();
        let right = self.events == numbers("events").into_iter().collect()
            && expected["count"].as_u64().is_none_or(|count| count == self.at.len() as u64)
            && (!is_correlation || self.at == numbers("at"))
            && (!is_correlation || expected["groups"].as_array() == Some(&self.groups));
        (!right).then(|| format!("found {self:?}, expected {expected}"))
    }
}

/// The number by which a case names an event.
fn number(by: &str, place: &Place) -> u64 {
    let number = match by {
        "line" => place.line,
        "record_id" => place.record_id,
        "audit_serial" => place.audit_serial,
        _ => Some(place.ordinal),
    };
    number.unwrap_or(0)
}

fn texts(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
