//! The bundled rules keep what their cases promise, and are complete in both languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use noroshi::ruleset;

use crate::scanning::{Scanned, engine, rules, scan};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../rules")
}

/// The case file of a rule, whatever its extension.
fn case(stem: &str, which: &str) -> PathBuf {
    let folder = root().join("cases").join(stem);
    ["ndjson", "log"]
        .map(|extension| folder.join(format!("{which}.{extension}")))
        .into_iter()
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{} has no {which} case", folder.display()))
}

#[test]
fn every_bundled_rule_fires_on_its_positive_events_alone() {
    let mut wrong = Vec::new();
    let mut run = 0;
    for product in ["linux", "windows"] {
        let mut files: Vec<_> = fs::read_dir(root().join(product))
            .expect("the rules can be listed")
            .flatten()
            .map(|e| e.path())
            .collect();
        files.sort();
        for file in files {
            run += 1;
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let engine = engine(&rules(std::slice::from_ref(&file)));
            let fired = |scanned: &Scanned| -> BTreeSet<u64> {
                scanned.verdicts.iter().map(|verdict| verdict.place.ordinal).collect()
            };
            let positive = scan(&[case(&stem, "positive")], &engine);
            let silent: Vec<u64> =
                (1..=positive.events).filter(|number| !fired(&positive).contains(number)).collect();
            if !silent.is_empty() || positive.events < 2 {
                wrong.push(format!("{stem}: positive events {silent:?} of {} do not fire", positive.events));
            }
            let negative = scan(&[case(&stem, "negative")], &engine);
            if !fired(&negative).is_empty() || negative.events < 2 {
                wrong.push(format!("{stem}: negative events {:?} fire", fired(&negative)));
            }
            let flaws = positive.flaws.into_iter().chain(negative.flaws);
            wrong.extend(flaws.map(|flaw| format!("{stem}: {}", flaw.reason)));
        }
    }
    assert!(run >= 40, "only {run} rules were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bundled_rules_are_complete() {
    let set = ruleset::bundled();
    assert_eq!(set.refused, []);
    let mut ids = BTreeSet::new();
    for (meta, warnings) in set.documents() {
        assert!(warnings.is_empty(), "{}: {warnings:?}", meta.path);
        assert!(meta.title_ja.is_some() && meta.description.is_some(), "{} lacks texts", meta.path);
        assert!(meta.tags.iter().any(|tag| tag.starts_with("attack.t")), "{} has no technique", meta.path);
        assert!(ids.insert(meta.id.clone()), "{} repeats an id", meta.path);
    }
}
