//! Where `rsigma-eval` decides otherwise, on all real EVTX and all of `SigmaHQ`'s rules; every
//! difference is adjudicated in docs/sigma-conformance.md.

use std::collections::{BTreeMap, BTreeSet};

use detect::Scratch;
use model::catalogue::Route;
use rsigma_eval::JsonEvent;

use super::agreement::sheets;
use crate::oracle;
use crate::scanning::{data, engine, rules};

/// Rules on which the two differ, with the sentence of the conformance page.
const ADJUDICATED: [(&str, &str); 2] = [
    ("4a0b2c7e-7cb2-495d-8b63-5f268e7bfd67", "windash: a value written with a slash is met by a dash, too"),
    ("8eef149c-bd26-49f2-9e5a-9b00e3af499b", "padded values: Windows writes `NtLmSsp ` for NtLmSsp"),
];

#[test]
fn every_difference_to_the_outside_oracle_is_explained() {
    let (Some(sigma), Some(evtx)) = (data("sigma"), data("evtx")) else { return };
    let folders = ["rules", "rules-emerging-threats", "rules-threat-hunting"];
    let paths = folders.map(|folder| sigma.join("sigma").join(folder));
    let engine = engine(&rules(&paths));
    // Rules that either side refuses are compared by nobody; ours are counted elsewhere.
    let ours: BTreeSet<&str> = engine.rules().iter().filter_map(|rule| rule.meta.id.as_deref()).collect();
    let theirs: Vec<_> = oracle::rsigma_rules(&paths)
        .into_iter()
        .filter(|rule| rule.id.as_deref().is_some_and(|id| ours.contains(id)))
        .collect();
    let mut scratch = Scratch::default();
    let mut differences: BTreeMap<String, (u64, u64, String)> = BTreeMap::new();
    let mut compared = 0;
    for folder in [evtx, sigma.join("sigma/regression_data")] {
        sheets(&folder, &engine, &mut |sheet| {
            let mut found: BTreeSet<(usize, String)> = BTreeSet::new();
            for (event, rule) in engine.hits(sheet, &mut scratch).expect("columns are those of a sheet") {
                found.insert((event, engine.rules()[rule].meta.id.clone().unwrap_or_default()));
            }
            let mut oracle = rsigma_eval::Engine::new();
            let mut routes = BTreeMap::new();
            for rule in &theirs {
                let route = oracle::route(rule, engine.catalogue(), &sheet.kind);
                if route != Route::No && oracle.add_rule(rule).is_ok() {
                    routes.insert(rule.id.clone().unwrap_or_default(), route);
                }
            }
            let events = oracle::events_of(sheet, engine.catalogue());
            let mut second: BTreeSet<(usize, String)> = BTreeSet::new();
            for (number, event) in events.iter().enumerate() {
                for result in oracle.evaluate(&JsonEvent::borrow(event)) {
                    let id = result.header.rule_id.clone().unwrap_or_default();
                    if routes.get(&id).is_some_and(|route| oracle::is_read(route, event)) {
                        second.insert((number, id));
                    }
                }
            }
            compared += found.union(&second).count();
            for (event, id) in found.symmetric_difference(&second) {
                let ours = found.contains(&(*event, id.clone()));
                let entry = differences.entry(id.clone()).or_insert_with(|| {
                    (
                        0,
                        0,
                        format!(
                            "{} {}",
                            sheet.kind,
                            events.get(*event).map(ToString::to_string).unwrap_or_default()
                        ),
                    )
                });
                if ours { entry.0 += 1 } else { entry.1 += 1 }
            }
        });
    }
    println!("{compared} verdicts compared, {} rules differ", differences.len());
    let unexplained: Vec<_> = differences
        .iter()
        .filter(|(id, _)| !ADJUDICATED.iter().any(|(known, _)| known == id))
        .map(|(id, (ours, theirs, event))| {
            format!("{id}: only noroshi {ours}, only rsigma-eval {theirs}: {event}")
        })
        .collect();
    assert!(compared > 1_000);
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    // The list must not outlive its differences.
    let stale = ADJUDICATED.iter().filter(|(id, _)| !differences.contains_key(*id)).count();
    assert_eq!(stale, 0, "adjudicated differences that no longer exist");
}
