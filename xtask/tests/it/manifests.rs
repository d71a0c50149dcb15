//! Every manifest takes from the workspace what the workspace decides: the versions and
//! features of dependencies, the lints, the edition and the licence. So a heavy crate's
//! features stand in one place, and no two crates can ask for it in two ways.

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::house::{none, root, workspace};

/// What a manifest decides by itself although the workspace should.
fn faults(folder: &str, manifest: &str) -> Result<Vec<String>> {
    let manifest: Table =
        toml::from_str(manifest).with_context(|| format!("cannot read the manifest of {folder}"))?;
    let mut faults = Vec::new();
    for (section, table) in dependency_tables(&manifest) {
        for (name, value) in table {
            if value.get("workspace").and_then(Value::as_bool) != Some(true) {
                faults.push(format!("{folder}: {name} in [{section}] is not `{name}.workspace = true`"));
            }
            let keys = value.as_table().into_iter().flat_map(Table::keys);
            for key in keys.filter(|key| !["workspace", "optional"].contains(&key.as_str())) {
                faults.push(format!(
                    "{folder}: {name} in [{section}] sets `{key}`, which belongs to the root manifest"
                ));
            }
        }
    }
    if !inherits(manifest.get("lints")) {
        faults.push(format!("{folder}: [lints] is not `workspace = true`"));
    }
    for key in ["version", "edition", "rust-version", "license", "publish"] {
        if !inherits(manifest.get("package").and_then(|package| package.get(key))) {
            faults.push(format!("{folder}: `{key}.workspace = true` is missing in [package]"));
        }
    }
    Ok(faults)
}

fn inherits(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

/// All tables of dependencies, those for one platform included, with their names.
fn dependency_tables(manifest: &Table) -> Vec<(String, &Table)> {
    let mut tables = sections(manifest, "");
    for (platform, table) in manifest.get("target").and_then(Value::as_table).into_iter().flatten() {
        if let Some(table) = table.as_table() {
            tables.extend(sections(table, &format!("target.{platform}.")));
        }
    }
    tables
}

fn sections<'a>(table: &'a Table, before: &str) -> Vec<(String, &'a Table)> {
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .into_iter()
        .filter_map(|section| Some((format!("{before}{section}"), table.get(section)?.as_table()?)))
        .collect()
}

#[test]
fn manifests_take_from_the_workspace() -> Result<()> {
    let mut found = Vec::new();
    for one in &workspace()?.crates {
        let manifest = std::fs::read_to_string(root().join(&one.folder).join("Cargo.toml"))?;
        found.extend(faults(&one.folder, &manifest)?);
    }
    none(&found, "Put versions and features into [workspace.dependencies] of the root Cargo.toml.");
    Ok(())
}

#[test]
fn one_integration_test_binary_for_each_crate() -> Result<()> {
    let several = workspace()?.crates.iter().filter(|one| one.test_binaries.iter().any(|name| name != "it"));
    let several: Vec<String> = several
        .map(|one| format!("{}: test binaries {}", one.folder, one.test_binaries.join(", ")))
        .collect();
    none(&several, "Make each a module of tests/it/main.rs: every binary is a link of its own.");
    Ok(())
}

#[test]
fn what_a_manifest_decides_by_itself_is_found() -> Result<()> {
    let manifest = r#"
        [package]
        version.workspace = true
        edition = "2024"
        [dependencies]
        serde = "1"
        arrow-array = { workspace = true, features = ["ffi"] }
        model.workspace = true
        [target.'cfg(unix)'.dev-dependencies]
        tempfile = { version = "3" }
    "#;
    let found = faults("crates/x", manifest)?;
    for wanted in [
        "crates/x: serde in [dependencies] is not `serde.workspace = true`",
        "crates/x: arrow-array in [dependencies] sets `features`, which belongs to the root manifest",
        "crates/x: tempfile in [target.cfg(unix).dev-dependencies] is not `tempfile.workspace = true`",
        "crates/x: [lints] is not `workspace = true`",
        "crates/x: `edition.workspace = true` is missing in [package]",
    ] {
        assert!(found.iter().any(|fault| fault == wanted), "{wanted} not in {found:#?}");
    }
    assert!(!found.iter().any(|fault| fault.contains("model") || fault.contains("`version.")), "{found:#?}");
    Ok(())
}
