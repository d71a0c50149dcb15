//! `SigmaHQ`'s regression data: every test fires its rule, as often as it says.

use std::fs;

use serde_json::Value;

use crate::scanning::{data, engine, rules, scan};

/// Tests whose file holds more matching events than `match_count` says, with the right number:
/// upstream's own runner takes the count for a minimum. See docs/sigma-conformance.md.
const MORE: [(&str, u64); 3] = [
    ("8fbf3271-1ef6-4e94-8210-03c2317947f6", 3),
    ("45e112d0-7759-4c2a-aa36-9f8fb79d3393", 3),
    ("c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e", 2),
];

#[test]
fn each_regression_test_fires_its_rule() {
    let Some(folder) = data("sigma") else { return };
    let folder = folder.join("sigma");
    let text = fs::read_to_string(folder.join("expected.json")).expect("expected.json is there");
    let expected: Value = serde_json::from_str(&text).expect("expected.json is JSON");
    let mut run = 0;
    let mut wrong = Vec::new();
    for entry in expected.as_array().into_iter().flatten() {
        let rule = entry["rule"].as_str().unwrap_or_default();
        let engine = engine(&rules(&[folder.join(rule)]));
        for test in entry["tests"].as_array().into_iter().flatten() {
            run += 1;
            let path = test["path"].as_str().unwrap_or_default();
            let scanned = scan(&[folder.join(path)], &engine);
            let count = scanned.verdicts.len() as u64;
            let more = MORE.iter().find(|(id, _)| path.contains(id)).map(|(_, count)| *count);
            let as_said = match more.or(test["match_count"].as_u64()) {
                Some(wanted) => count == wanted,
                None => count > 0,
            };
            if !as_said {
                wrong.push(format!("{rule} on {path}: {count}, expected {}", test["match_count"]));
            }
        }
    }
    assert!(run >= 128, "only {run} tests were found");
    assert!(wrong.is_empty(), "{} of {run} differ:\n{}", wrong.len(), wrong.join("\n"));
}
