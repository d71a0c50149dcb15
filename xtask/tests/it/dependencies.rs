//! Who may depend on which third-party crate. Heavy crates stay behind one crate each, so
//! that they build in parallel, can be replaced, and an edit elsewhere never rebuilds them;
//! the two lower floors stay free of everything that reaches the outside world.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::house::{Crate, fits, made_up, name_of, none, workspace};

/// (package, the crates that may name it in their manifest); a `*` ends a pattern.
const RESERVED: &[(&str, &[&str])] = &[
    ("datafusion*", &["lake"]),
    ("deltalake*", &["lake"]),
    ("parquet", &["lake"]),
    ("sqlx*", &["journal"]),
    // The courier only in its tests, which let the journal take nothing; see ADR 0013.
    ("rusqlite", &["journal", "courier"]),
    ("typst*", &["report"]),
    ("axum*", &["web", "gateway"]),
    ("cedar-policy*", &["access"]),
    ("maud", &["page", "report", "web", "courier"]),
    ("clap*", &["noroshi", "xtask"]),
    ("indicatif", &["noroshi", "xtask"]),
    ("signal-hook", &["noroshi", "xtask"]),
    ("evtx", &["sources"]),
    // Columns are written and read in one place, see ADR 0003; batches as bytes in another, see ADR 0007.
    ("arrow*", &["sources", "lake", "observations", "verdicts"]),
    // The program only in its tests, beside the oracle; see ADR 0004.
    ("rsigma-parser", &["detect", "noroshi"]),
    ("anyhow", &["noroshi", "xtask"]),
];

/// Packages that only tests and benchmarks use.
const TESTS_ONLY: &[&str] = &["rsigma-eval", "insta", "proptest", "trycmd"];

/// What reaches the outside world, or a chance: nothing of it stands in or below a pure crate.
const OUTSIDE: &[&str] = &[
    "tokio*",
    "async-std",
    "smol",
    "mio",
    "socket2",
    "reqwest",
    "hyper",
    "ureq",
    "rand",
    "getrandom",
    "tracing*",
    "log4rs",
    "env_logger",
];

/// What a pure crate may reach through others all the same, with the reason why it cannot be
/// seen from outside; its own manifest must not name it either.
const HARMLESS: &[(&str, &str)] = &[
    (
        "getrandom",
        "seeds hash tables inside arrow and evtx, whose order no output shows; zip would encrypt with it",
    ),
    ("rand", "the lake's packages switch on random ids of uuid, which evtx has below it and never asks for"),
];

/// Whether the floors below the stores hold this crate.
fn pure(one: &Crate) -> bool {
    one.folder == "crates/model" || one.folder.starts_with("crates/core/")
}

/// Every line of a manifest that names what is reserved for others.
fn faults(crates: &[Crate]) -> Vec<String> {
    let mut faults = Vec::new();
    for one in crates {
        for dependency in &one.dependencies {
            let name = dependency.name.as_str();
            for (pattern, allowed) in RESERVED {
                if fits(name, pattern) && !allowed.contains(&one.name.as_str()) {
                    faults.push(format!(
                        "{} must not depend on {name}: only {} may",
                        one.name,
                        allowed.join(", ")
                    ));
                }
            }
            if TESTS_ONLY.contains(&name) && !dependency.tests_only {
                faults.push(format!(
                    "{} must name {name} among its dev-dependencies: only tests use it",
                    one.name
                ));
            }
            if pure(one) && OUTSIDE.iter().any(|pattern| fits(name, pattern)) {
                faults.push(format!("{} is pure and must not depend on {name}", one.name));
            }
        }
    }
    faults
}

/// What of the outside world stands below a pure crate, however deep.
fn reached(name: &str, below: &BTreeSet<String>) -> Vec<String> {
    let outside = below.iter().map(|package| name_of(package)).filter(|package| {
        OUTSIDE.iter().any(|pattern| fits(package, pattern))
            && !HARMLESS.iter().any(|(known, _)| known == package)
    });
    outside.map(|package| format!("{name} is pure and reaches {package} through its dependencies")).collect()
}

#[test]
fn heavy_crates_stay_behind_one_crate() -> Result<()> {
    none(
        &faults(&workspace()?.crates),
        "xtask/tests/it/dependencies.rs holds the table; a new line there needs a page in docs/adr/.",
    );
    Ok(())
}

#[test]
fn pure_crates_reach_nothing_outside() -> Result<()> {
    let house = workspace()?;
    let pure = house.crates.iter().filter(|one| pure(one));
    let found: Vec<String> = pure.flat_map(|one| reached(&one.name, &house.below(&one.name))).collect();
    none(
        &found,
        "Turn the feature off that pulls it in (`cargo tree --invert` names the way), or take another crate.",
    );
    Ok(())
}

#[test]
fn a_reserved_dependency_is_found() {
    let house = made_up(&[
        ("crates/activities/watch", &["datafusion-common"]),
        ("crates/stores/lake", &["datafusion"]),
    ]);
    assert_eq!(faults(&house), ["watch must not depend on datafusion-common: only lake may"]);
}

#[test]
fn a_tool_of_tests_outside_tests_is_found() {
    let house = made_up(&[("crates/core/detect", &["rsigma-eval"]), ("crates/core/sources", &["proptest?"])]);
    assert_eq!(
        faults(&house),
        ["detect must name rsigma-eval among its dev-dependencies: only tests use it"]
    );
}

#[test]
fn the_outside_world_below_the_stores_is_found() {
    let house = made_up(&[("crates/core/detect", &["tokio-util"]), ("crates/stores/lake", &["tokio"])]);
    assert_eq!(faults(&house), ["detect is pure and must not depend on tokio-util"]);
    let below = BTreeSet::from(["memchr 2.7.4".to_owned(), "mio 1.2.0".to_owned()]);
    assert_eq!(reached("detect", &below), ["detect is pure and reaches mio through its dependencies"]);
}
