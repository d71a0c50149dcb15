//! The fuzz targets stand in a workspace of their own, and yet test what ships: their manifest
//! says what the root's says, their lock file holds the root's versions, and every target is one
//! that `cargo xtask fuzz` runs.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::house::{none, root};
use crate::tree::files;

/// What only the targets need.
const ENGINE: &str = "libfuzzer-sys";

fn table(path: &str) -> Result<Table> {
    let text = std::fs::read_to_string(root().join(path)).with_context(|| format!("cannot read {path}"))?;
    toml::from_str(&text).with_context(|| format!("{path} is no TOML"))
}

fn at<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

/// Where the manifest of the targets says something else than the root.
fn manifest_faults(fuzz: &Table, root: &Table) -> Vec<String> {
    let mut faults = Vec::new();
    if fuzz.get("workspace").is_none() {
        faults.push("fuzz has no [workspace] of its own".to_owned());
    }
    let excluded = at(root, &["workspace", "exclude"]).and_then(Value::as_array);
    if !excluded.is_some_and(|excluded| excluded.iter().any(|folder| folder.as_str() == Some("fuzz"))) {
        faults.push("the root manifest does not exclude fuzz".to_owned());
    }
    for key in ["version", "edition", "rust-version", "license", "publish"] {
        if at(fuzz, &["package", key]) != at(root, &["workspace", "package", key]) {
            faults.push(format!("`{key}` in [package] is not that of the root"));
        }
    }
    for tool in ["rust", "clippy"] {
        if at(fuzz, &["lints", tool]) != at(root, &["workspace", "lints", tool]) {
            faults.push(format!("[lints.{tool}] is not that of the root"));
        }
    }
    for (name, wanted) in fuzz.get("dependencies").and_then(Value::as_table).into_iter().flatten() {
        let here = wanted.get("path").and_then(Value::as_str).map(|path| path.trim_start_matches("../"));
        let there = at(root, &["workspace", "dependencies", name]);
        let same = match here {
            Some(path) => there.and_then(|there| there.get("path")).and_then(Value::as_str) == Some(path),
            None => name == ENGINE || there == Some(wanted),
        };
        if !same {
            faults.push(format!("{name} is not asked for as in [workspace.dependencies] of the root"));
        }
    }
    faults
}

/// Third-party packages with their versions.
fn locked(lock: &Table) -> BTreeMap<String, BTreeSet<String>> {
    let mut versions: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for package in lock.get("package").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| package.get(key).and_then(Value::as_str).map(str::to_owned);
        if let (Some(name), Some(version), Some(_)) = (text("name"), text("version"), text("source")) {
            versions.entry(name).or_default().insert(version);
        }
    }
    versions
}

/// Packages that the targets are built with in another version than the product.
fn lock_faults(fuzz: &Table, root: &Table) -> Vec<String> {
    let (fuzz, root) = (locked(fuzz), locked(root));
    let other = fuzz.iter().filter_map(|(name, versions)| {
        let shipped = root.get(name)?;
        let more: Vec<&str> = versions.difference(shipped).map(String::as_str).collect();
        (!more.is_empty()).then(|| format!("{name} {} is not what the root builds", more.join(", ")))
    });
    other.collect()
}

#[test]
fn the_manifest_of_the_targets_says_what_the_root_says() -> Result<()> {
    let found = manifest_faults(&table("fuzz/Cargo.toml")?, &table("Cargo.toml")?);
    none(&found, "Mend fuzz/Cargo.toml: it repeats the root manifest, and adds the engine alone.");
    Ok(())
}

#[test]
fn the_targets_are_built_with_the_versions_that_ship() -> Result<()> {
    none(
        &lock_faults(&table("fuzz/Cargo.lock")?, &table("Cargo.lock")?),
        "Copy Cargo.lock over fuzz/Cargo.lock and run `cargo metadata --manifest-path fuzz/Cargo.toml`.",
    );
    Ok(())
}

#[test]
fn every_target_is_built_and_run() -> Result<()> {
    let manifest = table("fuzz/Cargo.toml")?;
    let binaries = manifest.get("bin").and_then(Value::as_array).into_iter().flatten();
    let built: BTreeSet<String> =
        binaries.filter_map(|binary| Some(binary.get("name")?.as_str()?.to_owned())).collect();
    let paths = files()?.iter().filter_map(|file| file.path.strip_prefix("fuzz/targets/"));
    let written: BTreeSet<String> =
        paths.filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned())).collect();
    let help = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("help").output()?;
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let listed = help.lines().find_map(|line| line.strip_prefix("Targets: ")).unwrap_or_default();
    let run: BTreeSet<String> = listed.split(", ").map(str::to_owned).collect();
    assert!(!written.is_empty());
    assert_eq!(built, written, "[[bin]] of fuzz/Cargo.toml and files in fuzz/targets");
    assert_eq!(run, written, "TARGETS of xtask/src/fuzz.rs and files in fuzz/targets");
    Ok(())
}

#[test]
fn a_manifest_that_goes_its_own_way_is_found() -> Result<()> {
    let root = toml::from_str(
        "[workspace]\nexclude = [\"fuzz\"]\npackage = { edition = \"2024\" }\nlints.rust = { unsafe_code = \"forbid\" }\n\
         [workspace.dependencies]\nzip = { version = \"9\", default-features = false }\ntar = \"0.4\"\n\
         model = { path = \"crates/model\" }",
    )?;
    let fuzz = toml::from_str(
        "[workspace]\n[package]\nedition = \"2021\"\n[dependencies]\nzip = \"9\"\ntar = \"0.4\"\nrand = \"1\"\n\
         libfuzzer-sys = \"0.4\"\nmodel = { path = \"../crates/model\" }\nsources = { path = \"../other\" }",
    )?;
    let found = manifest_faults(&fuzz, &root);
    let asked = |name| format!("{name} is not asked for as in [workspace.dependencies] of the root");
    assert_eq!(
        found,
        [
            "`edition` in [package] is not that of the root".to_owned(),
            "[lints.rust] is not that of the root".to_owned(),
            asked("rand"),
            asked("sources"),
            asked("zip"),
        ]
    );
    Ok(())
}

#[test]
fn another_version_is_found() -> Result<()> {
    let package = |name: &str, version: &str| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"registry\"\n")
    };
    let root = toml::from_str(
        &(package("zip", "9.1.0") + &package("hashbrown", "0.15.1") + &package("hashbrown", "0.17.0")),
    )?;
    let fuzz = toml::from_str(
        &(package("zip", "9.2.0") + &package("hashbrown", "0.17.0") + &package("arbitrary", "1.0.0")),
    )?;
    assert_eq!(lock_faults(&fuzz, &root), ["zip 9.2.0 is not what the root builds"]);
    Ok(())
}
