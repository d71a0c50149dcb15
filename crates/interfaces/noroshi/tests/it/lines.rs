//! Verdicts as lines of JSON: how long they may become, and what they say of what they leave out.

use std::fs;
use std::sync::Arc;

use detect::{Bounds, Engine, Placeholders, RuleSet, Signal, load};
use model::catalogue::Catalogue;
use model::event::Place;
use model::time::Instant;
use serde_json::Value;

use crate::commands::{RULE, event, folder, noroshi, said};

const PAIR: &str = "
title: base
name: base
logsource: {product: windows, service: security}
detection: {s: {EventID: 1}, condition: s}
---
title: pair
correlation: {type: event_count, rules: base, group-by: [A, B, C, D, E], timespan: 1h, condition: {gte: 1200}}
";

/// The line of a correlation over 1,200 events whose five shared values, host and source are long.
fn line(value: &str, source_path: &str, bounds: Bounds) -> Vec<u8> {
    let catalogue = Catalogue::bundled().expect("the bundled catalogue is valid");
    let engine = Engine::new(RuleSet::new(load("t.yml", PAIR, &Placeholders::new())), catalogue);
    let mut correlator = engine.within(bounds).correlator().expect("there is a correlation");
    let mut verdicts = Vec::new();
    let origin = Arc::new(model::evidence::Origin::unkept(source_path.into()));
    for ordinal in 1..=1_200 {
        let time = Some(Instant::from_nanoseconds(1_000_000_000));
        let signal = Signal {
            rule: 0,
            origin: origin.clone(),
            place: Place { ordinal, line: Some(ordinal), time, ..Place::default() },
            host: Some(value.into()),
            values: (0..5).map(|_| vec![value.into()]).collect(),
        };
        correlator.push(&signal, &mut verdicts);
    }
    assert_eq!(verdicts.len(), 1);
    serde_json::to_vec(&verdicts[0]).expect("JSON")
}

#[test]
fn a_line_stays_below_a_megabyte_whatever_stands_in_its_events() {
    for (value, source_path) in [
        ("\u{1}".repeat(40_000), "s".repeat(2_000)),
        ("\"".repeat(100_000), "security.evtx".to_owned()),
        ("烽".repeat(30_000), "\u{2}".repeat(200)),
        ("short".to_owned(), "s".repeat(5_000)),
    ] {
        let line = line(&value, &source_path, Bounds::default());
        assert!(line.len() < 1_000_000, "{} bytes", line.len());
        let verdict: Value = serde_json::from_slice(&line).expect("JSON");
        assert_eq!(verdict["events_count"], 1_200);
        let listed = verdict["events"].as_array().expect("a list");
        assert_eq!(listed.last().map(|event| &event["ordinal"]), Some(&1_200.into()));
        let cut = |name: &str| verdict["cut"][name].as_u64().unwrap_or(0);
        for name in ["A", "E"] {
            let text = verdict["group"][name].as_str().expect("a text");
            assert_eq!(verdict["fields"][name], text);
            assert_eq!(text.ends_with('…'), cut(name) > 0);
            assert_eq!(text.trim_end_matches('…').len() as u64 + cut(name), value.len() as u64);
        }
    }
}

#[test]
fn a_line_tells_everything_when_it_is_asked_for() {
    let value = "\u{1}".repeat(40_000);
    let line = line(&value, &"s".repeat(2_000), Bounds::whole_verdicts());
    let verdict: Value = serde_json::from_slice(&line).expect("JSON");
    assert_eq!(verdict["group"]["E"], value);
    assert_eq!(verdict["events"].as_array().map(Vec::len), Some(1_200));
    assert_eq!((&verdict["events_count"], &verdict["cut"]), (&1_200.into(), &Value::Null));
}

#[test]
fn all_events_are_listed_and_long_values_whole_with_the_option() {
    let folder = folder();
    let rule = RULE.replace("title: Lantern", "title: Lantern\nname: lantern")
        + "---\ntitle: Many\ncorrelation: {type: event_count, rules: lantern, generate: true, group-by: Computer, timespan: 1h, condition: {gte: 1100}}\n";
    fs::write(folder.path().join("rule.yml"), rule).expect("written");
    let long = format!("lantern {}", "x".repeat(40_000));
    let lines = (1..1_100).map(|_| event("2026-06-11T01:00:00Z", "lantern")).collect::<String>();
    fs::write(folder.path().join("log.json"), event("2026-06-11T01:00:00Z", &long) + &lines)
        .expect("written");
    for (option, listed, length, cut) in
        [(None, 1_000, 32_771, Some(7_240)), (Some("--all-events"), 1_100, 40_008, None)]
    {
        let output = ["detect", "--rules", "rule.yml", "--force", "--json", "out.jsonl", "log.json"];
        let arguments: Vec<&str> = output.into_iter().chain(option).collect();
        let output = noroshi(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = fs::read_to_string(folder.path().join("out.jsonl")).expect("written");
        let found: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let (first, last) = (&found[0], &found[1_100]);
        assert_eq!(first["fields"]["CommandLine"].as_str().map(str::len), Some(length));
        assert_eq!(first["cut"]["CommandLine"].as_u64(), cut);
        assert_eq!(first["events_count"], Value::Null, "a plain rule has one event");
        assert_eq!(last["events"].as_array().map(Vec::len), Some(listed));
        assert_eq!(last["events_count"], 1_100);
    }
}
