//! Asks the program: which tags its rules have, and what it finds in the archives of a data set.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::labels::Technique;
/// Techniques of each rule, by its id.
pub type RuleTags = BTreeMap<String, Vec<Technique>>;

/// What a set of rules made of one data set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// Events read.
    pub events: u64,
    /// Events that no rule of the set reads.
    pub unread: u64,
    /// Which sort of files could not be read or not wholly, and why, each once.
    pub flaws: BTreeSet<String>,
    /// Techniques of each rule of level medium and above that fired.
    pub seen: Vec<Vec<Technique>>,
    /// Number of rules of lower levels that fired.
    pub lower: usize,
}

#[derive(Deserialize)]
struct Listed {
    rule_id: Option<String>,
    tags: Vec<String>,
}

#[derive(Deserialize)]
struct Summary {
    events: u64,
    events_without_rules: u64,
    rules_matched: Vec<Matched>,
    flaws: Vec<Flaw>,
}

#[derive(Deserialize)]
struct Matched {
    rule_id: Option<String>,
    title: String,
    level: String,
}

#[derive(Deserialize)]
struct Flaw {
    source_path: String,
    reason: String,
}

/// The tags of a set of rules; without paths, of the bundled one.
pub fn tags(binary: &Path, rules: &[PathBuf]) -> Result<RuleTags> {
    let listed: Vec<Listed> = ask(Command::new(binary).args(["rules", "list", "--json"]).args(rules))?;
    let techniques = |tags: &[String]| {
        tags.iter().filter_map(|tag| Technique::parse(tag.strip_prefix("attack.")?)).collect()
    };
    listed
        .iter()
        .map(|rule| Ok((rule.rule_id.clone().context("a rule has no id")?, techniques(&rule.tags))))
        .collect()
}

/// Scans archives with a set of rules.
pub fn run(binary: &Path, rules: &[PathBuf], archives: &[PathBuf], tags: &RuleTags) -> Result<Scan> {
    let mut command = Command::new(binary);
    command.args(["detect", "--summary", "-"]);
    for path in rules {
        command.arg("--rules").arg(path);
    }
    let summary: Summary = ask(command.args(archives))?;
    count(summary, tags)
}

fn count(summary: Summary, tags: &RuleTags) -> Result<Scan> {
    let mut scan = Scan {
        events: summary.events,
        unread: summary.events_without_rules,
        flaws: summary
            .flaws
            .iter()
            .map(|flaw| format!("`{}`: {}", sort(&flaw.source_path), flaw.reason))
            .collect(),
        ..Scan::default()
    };
    for rule in summary.rules_matched {
        if matches!(rule.level.as_str(), "informational" | "low") {
            scan.lower += 1;
            continue;
        }
        let known = rule.rule_id.as_ref().and_then(|id| tags.get(id));
        scan.seen.push(known.with_context(|| format!("the rule {:?} is not listed", rule.title))?.clone());
    }
    Ok(scan)
}

/// The sort of a file by its name: `*.pcap`, or `._*` for what another system packed beside each file.
fn sort(path: &str) -> String {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path);
    if name.starts_with("._") {
        return "._*".to_owned();
    }
    name.rsplit_once('.').map_or_else(|| name.to_owned(), |(_, ending)| format!("*.{ending}"))
}

fn ask<T: DeserializeOwned>(command: &mut Command) -> Result<T> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} ended with {}: {said}", output.status);
    serde_json::from_slice(&output.stdout).with_context(|| format!("{command:?} answers otherwise"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_counted_by_level() -> Result<()> {
        let summary = serde_json::from_str(
            r#"{"events":9,"events_without_rules":4,"flaws":[{"source_path":"a.zip!x/._y.json","reason":"b"},
                {"source_path":"a.zip!x.pcap","reason":"a"},{"source_path":"a.zip!y.pcap","reason":"a"}],
                "rules_matched":[{"rule_id":"1","title":"x","level":"high"},{"rule_id":"2","title":"y","level":"low"},
                {"rule_id":"3","title":"z","level":"medium"}]}"#,
        )?;
        let t1003 = Technique::parse("T1003").into_iter().collect::<Vec<_>>();
        let tags = RuleTags::from([("1".to_owned(), t1003.clone()), ("3".to_owned(), Vec::new())]);
        let scan = count(summary, &tags)?;
        let flaws = BTreeSet::from(["`*.pcap`: a".to_owned(), "`._*`: b".to_owned()]);
        assert_eq!(scan, Scan { events: 9, unread: 4, flaws, seen: vec![t1003, Vec::new()], lower: 1 });
        Ok(())
    }
}
