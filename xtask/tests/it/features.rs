//! `cargo run` and `cargo test --workspace` share one build of the heavy crates. A dependency
//! of some test that switches on one more feature of one of them, or of anything below it,
//! would make Cargo compile it a second time: minutes for whoever tries the software.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::house::{Packages, below, cargo, fits, name_of, none, workspace};

/// Crates that take long to compile, by name; a `*` ends a pattern.
const HEAVY: &[&str] = &[
    "aho-corasick",
    "arrow-*",
    "axum",
    "cedar-policy*",
    "clap_builder",
    "datafusion*",
    "deltalake*",
    "evtx",
    "fancy-regex",
    "jiff",
    "libsqlite3-sys",
    "parquet",
    "regex-automata",
    "rsigma-parser",
    "serde_derive",
    "serde_json",
    "sqlx*",
    "tokio",
    "typst*",
    "zstd-sys",
];

/// Each package ("name version") with the feature sets it is built with.
type Features = BTreeMap<String, BTreeSet<String>>;

/// How `cargo tree` writes a line: a bar parts package and features.
const FORMAT: &str = "{p}|{f}";

/// What a person runs beside the whole test: (as they know it, what cargo builds for it).
const RUNS: &[(&str, &[&str])] = &[
    ("cargo run", &["--package", "noroshi", "--edges", "normal,build"]),
    ("cargo test --package noroshi", &["--package", "noroshi", "--edges", "normal,build,dev"]),
    ("cargo test --package lake", &["--package", "lake", "--edges", "normal,build,dev"]),
    ("cargo xtask", &["--package", "xtask", "--edges", "normal,build"]),
];

fn features(selection: &[&str]) -> Result<Features> {
    let arguments = [&["tree", "--prefix", "none", "--format", FORMAT], selection].concat();
    Ok(parse(&cargo(&arguments)?))
}

/// Reads what `cargo tree --prefix none --format "{p}|{f}"` printed; our own crates, which
/// say where they lie, are left out.
fn parse(tree: &str) -> Features {
    let mut found = Features::new();
    for line in tree.lines() {
        let line = line.trim_end_matches(" (*)");
        let Some((package, features)) = line.split_once('|') else { continue };
        let package = package.trim_end_matches(" (proc-macro)");
        if package.contains(" (") {
            continue;
        }
        let package = package.replacen(" v", " ", 1);
        found.entry(package).or_default().insert(features.trim_end().to_owned());
    }
    found
}

/// What of `wanted` the run builds with features that the test does not build it with.
fn faults(run: &Features, test: &Features, wanted: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for (package, sets) in run.iter().filter(|(package, _)| wanted.contains(*package)) {
        let Some(tested) = test.get(package) else { continue };
        for set in sets.difference(tested) {
            let others = tested.iter().map(|other| format!("[{other}]")).collect::<Vec<_>>().join(" and ");
            faults.push(format!("{package}: [{set}], but with the whole test {others}"));
        }
    }
    faults
}

/// The heavy packages and everything that they are built from.
fn heavy(packages: &Packages) -> BTreeSet<String> {
    let heads = packages.keys().filter(|package| HEAVY.iter().any(|pattern| fits(name_of(package), pattern)));
    below(packages, heads)
}

#[test]
fn run_and_test_share_one_build_of_the_heavy_crates() -> Result<()> {
    let wanted = heavy(&workspace()?.packages);
    let test = features(&["--workspace", "--edges", "normal,build,dev"])?;
    let mut found = Vec::new();
    for (name, selection) in RUNS {
        let run = features(selection)?;
        found.extend(faults(&run, &test, &wanted).into_iter().map(|fault| format!("{name} builds {fault}")));
    }
    none(
        &found,
        "Level the two: turn the feature off for the test dependency that asks for it (`cargo tree --workspace \
         --edges features --invert CRATE` names it), or name the crate with the feature in [workspace.dependencies] \
         and among the dependencies of lake (docs/adr/0002).",
    );
    Ok(())
}

#[test]
fn the_heavy_crates_are_seen_at_all() -> Result<()> {
    let run = features(RUNS[0].1)?;
    let seen = heavy(&workspace()?.packages).iter().filter(|package| run.contains_key(*package)).count();
    assert!(seen > 20, "only {seen} packages in or below the heavy crates were found in `cargo tree`");
    Ok(())
}

#[test]
fn one_more_feature_for_the_test_is_found() {
    let run = parse("noroshi v0.1.0 (/x)|\nserde_json v1.0.1|default,std\nmemchr v2.7.4|std (*)\n");
    let test =
        parse("serde_json v1.0.1|default,preserve_order,std\nmemchr v2.7.4|std\nmemchr v2.7.4|default,std\n");
    let wanted = BTreeSet::from(["serde_json 1.0.1".to_owned(), "memchr 2.7.4".to_owned()]);
    assert_eq!(
        faults(&run, &test, &wanted),
        ["serde_json 1.0.1: [default,std], but with the whole test [default,preserve_order,std]"]
    );
}

#[test]
fn a_light_crate_matters_only_below_a_heavy_one() {
    let run = parse("serde_json v1.0.1|std\nmemchr v2.7.4|std\nmaud v0.27.0|default\n");
    let test = parse("serde_json v1.0.1|std\nmemchr v2.7.4|alloc,std\nmaud v0.27.0|\n");
    let packages = Packages::from([
        ("serde_json 1.0.1".to_owned(), BTreeSet::from(["memchr 2.7.4".to_owned()])),
        ("maud 0.27.0".to_owned(), BTreeSet::new()),
    ]);
    let found = faults(&run, &test, &heavy(&packages));
    assert_eq!(found, ["memchr 2.7.4: [std], but with the whole test [alloc,std]"]);
}

#[test]
fn our_own_crates_are_left_out() {
    assert!(
        parse("model v0.1.0 (/x/crates/model)|\nmaud_macros v0.27.0 (proc-macro)|\n")
            .contains_key("maud_macros 0.27.0")
    );
    assert_eq!(parse("model v0.1.0 (/x/crates/model)|\n").len(), 0);
}
