//! Every crate of the two lower floors bans the same calls: each has a copy of
//! `xtask/clippy-pure.toml` as its `clippy.toml`, which Clippy reads for that crate alone.

use anyhow::{Context, Result};

use crate::house::{none, root, workspace};

/// The one list that every copy equals.
const LIST: &str = include_str!("../../clippy-pure.toml");

/// Calls that the list must never lose: one of each kind of the outside world.
const AT_LEAST: [&str; 15] = [
    "model::view::View::new",
    "std::fs::read",
    "std::fs::write",
    "std::fs::File::open",
    "std::net::TcpStream::connect",
    "std::net::UdpSocket::bind",
    "std::env::var",
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "std::thread::spawn",
    "std::process::Command::new",
    "std::println",
    "std::dbg",
];

/// The list of the crate that makes views, which nobody else may.
fn without_views(list: &str) -> String {
    let others = |line: &&str| !line.contains("model::view::") && line.trim() != "# views";
    list.lines().filter(others).map(|line| format!("{line}\n")).collect()
}

/// What is wrong with the list itself: a call missing, or one without a reason.
fn faults(list: &str) -> Result<Vec<String>> {
    let table: toml::Table = toml::from_str(list)?;
    let mut banned = Vec::new();
    let mut faults = Vec::new();
    for key in ["disallowed-methods", "disallowed-macros"] {
        for entry in table.get(key).and_then(toml::Value::as_array).into_iter().flatten() {
            let path = entry.get("path").and_then(toml::Value::as_str).unwrap_or_default();
            banned.push(path);
            if entry.get("reason").and_then(toml::Value::as_str).is_none_or(str::is_empty) {
                faults.push(format!("{key}: {path:?} has no reason"));
            }
        }
    }
    let missing = AT_LEAST.iter().filter(|call| !banned.contains(call));
    faults.extend(missing.map(|call| format!("{call} is not banned")));
    Ok(faults)
}

#[test]
fn the_list_bans_the_outside_world() -> Result<()> {
    none(&faults(LIST)?, "Mend xtask/clippy-pure.toml.");
    Ok(())
}

#[test]
fn every_pure_crate_has_the_list() -> Result<()> {
    let mut wrong = Vec::new();
    let crates = &workspace()?.crates;
    let pure =
        crates.iter().filter(|one| one.folder == "crates/model" || one.folder.starts_with("crates/core/"));
    for one in pure {
        let copy = root().join(&one.folder).join("clippy.toml");
        let list = if one.name == "access" { without_views(LIST) } else { LIST.to_owned() };
        if std::fs::read_to_string(copy).ok() != Some(list) {
            wrong.push(format!("{}/clippy.toml is not the list of xtask/clippy-pure.toml", one.folder));
        }
    }
    none(&wrong, "Copy xtask/clippy-pure.toml over each file named.");
    Ok(())
}

/// The list bites only where the lints that read it are on for every crate.
#[test]
fn the_workspace_turns_the_lints_on() -> Result<()> {
    let manifest: toml::Table = toml::from_str(&std::fs::read_to_string(root().join("Cargo.toml"))?)?;
    let lints = manifest.get("workspace").and_then(|workspace| workspace.get("lints")?.get("clippy"));
    let lints = lints.context("the root manifest has no [workspace.lints.clippy]")?;
    let off = ["disallowed_methods", "disallowed_macros"];
    let off = off.iter().filter(|lint| lints.get(**lint).and_then(toml::Value::as_str) != Some("deny"));
    none(
        &off.map(|lint| format!("clippy::{lint} is not set to \"deny\"")).collect::<Vec<_>>(),
        "Set it in [workspace.lints.clippy] of the root Cargo.toml.",
    );
    Ok(())
}

#[test]
fn a_call_without_reason_and_a_missing_call_are_found() -> Result<()> {
    let found = faults("disallowed-methods = [{ path = \"std::fs::read\" }]")?;
    assert!(found.contains(&"disallowed-methods: \"std::fs::read\" has no reason".to_owned()), "{found:?}");
    assert!(found.contains(&"std::env::var is not banned".to_owned()), "{found:?}");
    Ok(())
}
