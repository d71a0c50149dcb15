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

/// Rule files, in the order of their names.
fn rule_files() -> Vec<PathBuf> {
    let is_rule = |path: &Path| path.extension().is_some_and(|extension| extension == "yml");
    let files = intake::inputs::find(&[root()]).files.into_iter().map(|file| file.path);
    files.filter(|path| is_rule(path)).collect()
}

/// What is wrong with a rule and its cases. Of a correlation the positive events are one firing,
/// which begins and ends with them; of a plain rule each fires.
fn faults(file: &Path, stem: &str) -> Vec<String> {
    let set = rules(&[file.to_owned()]);
    let is_correlation = !set.correlations.is_empty();
    let engine = engine(&set);
    let fired = |scanned: &Scanned| -> BTreeSet<u64> {
        let events = scanned.verdicts.iter().flat_map(|verdict| verdict.events());
        events.map(|event| event.place.ordinal).collect()
    };
    let mut wrong = Vec::new();
    let positive = scan(&[case(stem, "positive")], &engine);
    let silent: Vec<u64> =
        (1..=positive.events).filter(|number| !fired(&positive).contains(number)).collect();
    if !silent.is_empty() || positive.events < 2 {
        wrong.push(format!("{stem}: positive events {silent:?} of {} do not fire", positive.events));
    }
    if is_correlation && positive.verdicts.len() != 1 {
        wrong.push(format!("{stem}: the positive events fire {} times", positive.verdicts.len()));
    }
    let negative = scan(&[case(stem, "negative")], &engine);
    if !fired(&negative).is_empty() || negative.events < 2 {
        wrong.push(format!("{stem}: negative events {:?} fire", fired(&negative)));
    }
    let flaws = positive.flaws.into_iter().chain(negative.flaws);
    wrong.extend(flaws.map(|flaw| format!("{stem}: {}", flaw.reason)));
    wrong
}

#[test]
fn every_bundled_rule_fires_on_its_positive_events_alone() {
    let files = rule_files();
    let stem = |file: &PathBuf| file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let wrong: Vec<String> = files.iter().flat_map(|file| faults(file, &stem(file))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let cases = fs::read_dir(root().join("cases")).expect("the cases can be listed").count();
    assert_eq!(cases, files.len(), "every folder of cases belongs to a rule");
}

#[test]
fn bundled_rules_are_complete() {
    let set = ruleset::bundled();
    assert_eq!(set.refused, []);
    let correlations = set.correlations.iter().filter(|correlation| !correlation.silent).count();
    assert!(set.rules.len() >= 100 && correlations >= 6, "{} and {correlations}", set.rules.len());
    let mut ids = BTreeSet::new();
    for (meta, warnings) in set.documents() {
        assert!(warnings.is_empty(), "{}: {warnings:?}", meta.path);
        assert!(meta.title_ja.is_some() && meta.description.is_some(), "{} lacks texts", meta.path);
        assert!(meta.tags.iter().any(|tag| tag.starts_with("attack.t")), "{} has no technique", meta.path);
        assert!(ids.insert(meta.id.clone()), "{} repeats an id", meta.path);
    }
}
