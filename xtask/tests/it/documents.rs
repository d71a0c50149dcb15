//! The pages that every visitor looks for exist, stay short enough to be read, name every
//! crate and command there is, and point to files that are there.

use anyhow::Result;

use crate::house::{none, root, workspace};
use crate::tree::{File, ending, files};

/// Pages that must be there and not empty.
const PAGES: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE",
    "docs/coverage-otrf.md",
    "docs/glossary.md",
    "docs/performance.md",
    "docs/sigma-conformance.md",
    "docs/threat-model.md",
];

/// ARCHITECTURE.md is read in one sitting, or not at all.
const ARCHITECTURE_LINES: usize = 200;

/// The two commands of the README; continuous integration runs the second one literally.
const COMMANDS: [&str; 2] = ["cargo run -- demo", "cargo test --workspace"];

/// Targets of the links in a Markdown text that lead to files, without their fragments.
fn links(text: &str) -> Vec<&str> {
    let outside = text.split("```").step_by(2);
    let targets =
        outside.flat_map(|part| part.split("](").skip(1)).filter_map(|rest| rest.split([')', ' ']).next());
    let targets = targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:"));
    targets
        .map(|target| target.split('#').next().unwrap_or(target))
        .filter(|target| !target.is_empty())
        .collect()
}

/// Where a link in the page `from` leads, seen from the root; `None` above the root.
fn target(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = if link.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Links of `page` for which `exists` says no.
fn dead_links(page: &File, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let found = links(page.text.as_deref().unwrap_or_default());
    let dead =
        found.into_iter().filter(|link| !target(&page.path, link).is_some_and(|target| exists(&target)));
    dead.map(|link| format!("{}: the link to {link:?} leads nowhere", page.path)).collect()
}

/// What is wrong with the names of the decision records: NNNN-title.md, numbered from 1.
fn record_faults(names: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let number = format!("{:04}-", index + 1);
        if !(name.starts_with(&number) && name.ends_with(".md")) {
            faults.push(format!("docs/adr/{name}: its name does not begin with {number}"));
        }
    }
    faults
}

fn text(path: &str) -> Result<Option<&'static str>> {
    Ok(files()?.iter().find(|file| file.path == path).and_then(|file| file.text.as_deref()))
}

#[test]
fn the_pages_are_there() -> Result<()> {
    let mut missing = Vec::new();
    for page in PAGES {
        if text(page)?.is_none_or(|text| text.trim().is_empty()) {
            missing.push(format!("{page} is missing or empty"));
        }
    }
    none(&missing, "Write the page.");
    Ok(())
}

#[test]
fn the_architecture_is_short_and_names_every_crate() -> Result<()> {
    let page = text("ARCHITECTURE.md")?.unwrap_or_default();
    let mut faults = Vec::new();
    let lines = page.lines().count();
    if lines >= ARCHITECTURE_LINES {
        faults.push(format!("ARCHITECTURE.md has {lines} lines, not under {ARCHITECTURE_LINES}"));
    }
    for one in &workspace()?.crates {
        if !page.contains(&format!("`{}`", one.name)) {
            faults.push(format!("ARCHITECTURE.md does not name `{}`", one.name));
        }
    }
    none(&faults, "Each crate is a paragraph with what it must not do.");
    Ok(())
}

#[test]
fn the_commands_are_the_same_everywhere() -> Result<()> {
    let readme = text("README.md")?.unwrap_or_default();
    let run = text(".ci/run")?.unwrap_or_default();
    let mut faults: Vec<String> = COMMANDS
        .iter()
        .filter(|command| !readme.contains(*command))
        .map(|command| format!("README.md lacks `{command}`"))
        .collect();
    for command in [COMMANDS[1], "cargo xtask ci"] {
        if !run.lines().any(|line| line == command) {
            faults.push(format!(".ci/run has no line `{command}`"));
        }
    }
    none(&faults, "README.md, .ci/run and xtask/tests/it/documents.rs must agree.");
    Ok(())
}

#[test]
fn links_lead_to_files() -> Result<()> {
    let pages = files()?.iter().filter(|file| ending(&file.path) == "md");
    let dead: Vec<String> =
        pages.flat_map(|page| dead_links(page, |path| root().join(path).exists())).collect();
    none(&dead, "Mend the link, or write the page that it promises.");
    Ok(())
}

#[test]
fn decision_records_are_numbered() -> Result<()> {
    let names: Vec<&str> = files()?.iter().filter_map(|file| file.path.strip_prefix("docs/adr/")).collect();
    none(&record_faults(&names), "Number the records in the order of their decisions, without a gap.");
    Ok(())
}

#[test]
fn a_dead_link_is_found() {
    let page = File {
        path: "docs/adr/0001-a.md".to_owned(),
        text: Some("[a](../a.md#x) [b](gone.md) [c](https://example.org/) ```[d](e)```".to_owned()),
    };
    let dead = dead_links(&page, |path| path == "docs/a.md");
    assert_eq!(dead, ["docs/adr/0001-a.md: the link to \"gone.md\" leads nowhere"]);
}

#[test]
fn a_link_above_the_root_leads_nowhere() {
    assert_eq!(target("docs/a.md", "../../x"), None);
    assert_eq!(target("docs/a.md", "../LICENSE").as_deref(), Some("LICENSE"));
    assert_eq!(target("docs/a.md", "/LICENSE").as_deref(), Some("LICENSE"));
}

#[test]
fn a_gap_between_records_is_found() {
    assert!(record_faults(&["0001-a.md", "0002-b.md"]).is_empty());
    assert_eq!(record_faults(&["0001-a.md", "0003-b.md"]).len(), 1);
}
