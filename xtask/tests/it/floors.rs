//! The floors of the house: an arrow from one crate to another points down. Dependencies of
//! tests are arrows too: a test that needs the floor above belongs to that floor.

use anyhow::Result;

use crate::house::{Crate, made_up, none, workspace};

/// The floors, the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    Model,
    Core,
    Stores,
    Activities,
    Interfaces,
}

/// The arrows that stay on one floor, (from, to). A new one needs a page in `docs/adr/`.
const SIDEWAYS: &[(&str, &str)] = &[
    ("detect", "sources"),
    ("intake", "tail"),
    ("files", "home"),
    ("files", "journal"),
    ("backup", "home"),
    ("journal", "access-log"),
    ("journal", "home"),
    ("observations", "home"),
    ("observations", "lake"),
    ("observations", "spool"),
    // Its tests open homes.
    ("verdicts", "home"),
    ("verdicts", "intake"),
    ("verdicts", "lake"),
    ("verdicts", "observations"),
    ("report", "page"),
    ("courier", "page"),
    ("noroshi", "courier"),
    ("noroshi", "page"),
    ("noroshi", "report"),
];

/// The floor of a folder; `None` outside the house.
fn floor(folder: &str) -> Option<Floor> {
    let mut parts = folder.strip_prefix("crates/")?.split('/');
    let floor = match parts.next()? {
        "model" => return parts.next().is_none().then_some(Floor::Model),
        "core" => Floor::Core,
        "stores" => Floor::Stores,
        "activities" => Floor::Activities,
        "interfaces" => Floor::Interfaces,
        _ => return None,
    };
    (parts.next().is_some() && parts.next().is_none()).then_some(floor)
}

/// Every arrow of `crates` that does not point down and is not in `sideways`.
fn faults(crates: &[Crate], sideways: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for from in crates {
        let above = floor(&from.folder);
        if above.is_none() && from.folder.starts_with("crates/") {
            faults.push(format!("{} ({}) stands on no floor of the house", from.name, from.folder));
        }
        let ours = from.dependencies.iter().filter_map(|dependency| {
            crates.iter().find(|to| to.name == dependency.name && to.name != from.name)
        });
        for to in ours {
            let below = floor(&to.folder);
            let listed = sideways.contains(&(from.name.as_str(), to.name.as_str()));
            let right = match (above, below) {
                (Some(Floor::Activities), Some(Floor::Activities)) => false,
                (Some(above), Some(below)) => below < above || (below == above && listed),
                // tools beside the house may look at any crate; nothing in it looks at a tool
                (None, Some(_)) => true,
                (_, None) => false,
            };
            if !right {
                faults.push(format!(
                    "{} ({}) must not import {} ({})",
                    from.name, from.folder, to.name, to.folder
                ));
            }
        }
    }
    faults
}

#[test]
fn arrows_point_down() -> Result<()> {
    none(
        &faults(&workspace()?.crates, SIDEWAYS),
        "Arrows point down: model, core, stores, activities, interfaces (ARCHITECTURE.md). What two crates share belongs on a floor below both.",
    );
    Ok(())
}

#[test]
fn every_sideways_arrow_is_still_drawn() -> Result<()> {
    let crates = &workspace()?.crates;
    let unused: Vec<String> = SIDEWAYS
        .iter()
        .filter(|(from, to)| {
            let from = crates.iter().find(|one| one.name == *from);
            !from.is_some_and(|from| from.dependencies.iter().any(|dependency| dependency.name == *to))
        })
        .map(|(from, to)| format!("{from} no longer imports {to}"))
        .collect();
    none(&unused, "Take the pair out of SIDEWAYS in xtask/tests/it/floors.rs.");
    Ok(())
}

#[test]
fn an_upward_arrow_is_found() {
    let house = made_up(&[("crates/model", &["lake"]), ("crates/stores/lake", &[])]);
    assert_eq!(faults(&house, &[]), ["model (crates/model) must not import lake (crates/stores/lake)"]);
}

#[test]
fn an_upward_arrow_of_the_tests_is_found() {
    let house = made_up(&[("crates/core/detect", &["noroshi?"]), ("crates/interfaces/noroshi", &[])]);
    assert_eq!(faults(&house, &[]).len(), 1);
}

#[test]
fn core_crates_import_each_other_by_the_list_only() {
    let house = made_up(&[("crates/core/detect", &["sources"]), ("crates/core/sources", &[])]);
    assert_eq!(faults(&house, &[]).len(), 1);
    assert!(faults(&house, &[("detect", "sources")]).is_empty());
}

#[test]
fn activities_never_import_each_other_whatever_the_list_says() {
    let house = made_up(&[("crates/activities/watch", &["survey"]), ("crates/activities/survey", &[])]);
    assert_eq!(faults(&house, &[("watch", "survey")]).len(), 1);
}

#[test]
fn a_crate_on_no_floor_is_found() {
    let house = made_up(&[("crates/attic/box", &[]), ("crates/core", &[]), ("crates/core/a/b", &[])]);
    assert_eq!(faults(&house, &[]).len(), 3);
}

#[test]
fn tools_look_at_the_house_and_nothing_looks_at_tools() {
    let tool = made_up(&[("benches", &["detect"]), ("crates/core/detect", &[])]);
    assert!(faults(&tool, &[]).is_empty());
    let back = made_up(&[("benches", &[]), ("crates/core/detect", &["benches"])]);
    assert_eq!(faults(&back, &[]).len(), 1);
}

#[test]
fn a_third_party_crate_is_no_arrow() {
    let house = made_up(&[("crates/model", &["serde"])]);
    assert!(faults(&house, &[]).is_empty());
}
