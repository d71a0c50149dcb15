//! What the publisher says of each data set: `manifest.json` and `_metadata/*.yaml`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::Nearness;

/// A recorded attack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dataset {
    /// The publisher's id.
    pub id: String,
    /// The publisher's title.
    pub title: String,
    /// Its labels, each once and ordered.
    pub techniques: Vec<Technique>,
    /// Systems that the logs are of.
    pub platforms: Vec<String>,
    /// Its files, from the folder of the set, ordered.
    pub archives: Vec<String>,
}

/// A technique of ATT&CK, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Technique {
    number: u16,
    part: Option<u16>,
}

impl Technique {
    /// Reads `T1003.001` or `T1003`, in either case; none for `T0000`, which stands for no technique.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['T', 't'])?;
        let (number, part) =
            digits.split_once('.').map_or((digits, None), |(number, part)| (number, Some(part)));
        let number = number.parse().ok().filter(|number| *number > 0)?;
        Some(Self { number, part: part.map(str::parse).transpose().ok()? })
    }

    /// How near this tag of a rule comes to a label.
    pub fn near(self, label: Self) -> Nearness {
        match (self == label, self.number == label.number) {
            (true, _) => Nearness::Exact,
            (false, true) => Nearness::Parent,
            (false, false) => Nearness::Other,
        }
    }
}

impl std::fmt::Display for Technique {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "T{:04}", self.number)?;
        self.part.map_or(Ok(()), |part| write!(formatter, ".{part:03}"))
    }
}

#[derive(Deserialize)]
struct Archive {
    path: String,
    meta_id: Vec<String>,
    title: Vec<String>,
    attack: Vec<Mapping>,
}

#[derive(Deserialize)]
struct Mapping {
    technique: String,
    #[serde(rename = "sub-technique")]
    part: Option<String>,
}

/// Reads the labels in a folder: data sets by id, and the archives that belong to none.
pub fn read(folder: &Path) -> Result<(Vec<Dataset>, Vec<String>)> {
    let path = folder.join("manifest.json");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut platforms = BTreeMap::new();
    for entry in std::fs::read_dir(folder.join("_metadata")).context("the set has no folder _metadata")? {
        platforms.extend(platforms_of(&std::fs::read_to_string(entry?.path())?));
    }
    group(serde_json::from_str(&text).context("the manifest has another form")?, &platforms)
}

fn group(
    archives: Vec<Archive>,
    platforms: &BTreeMap<String, Vec<String>>,
) -> Result<(Vec<Dataset>, Vec<String>)> {
    let mut datasets: BTreeMap<String, Dataset> = BTreeMap::new();
    let mut unlabelled = Vec::new();
    for archive in archives {
        let Some(id) = archive.meta_id.first() else {
            unlabelled.push(archive.path);
            continue;
        };
        let dataset = datasets.entry(id.clone()).or_insert_with(|| Dataset {
            id: id.clone(),
            title: archive.title.first().cloned().unwrap_or_default(),
            platforms: platforms.get(id).cloned().unwrap_or_default(),
            ..Dataset::default()
        });
        dataset.archives.push(archive.path);
        dataset.techniques.extend(archive.attack.iter().filter_map(|mapping| {
            let part = mapping.part.as_ref().map(|part| format!(".{part}")).unwrap_or_default();
            Technique::parse(&format!("{}{part}", mapping.technique))
        }));
    }
    unlabelled.sort();
    let mut datasets: Vec<Dataset> = datasets.into_values().collect();
    for dataset in &mut datasets {
        dataset.archives.sort();
        dataset.techniques.sort();
        dataset.techniques.dedup();
    }
    Ok((datasets, unlabelled))
}

/// The id of a label file and its list of platforms. Of YAML only these two top-level keys are
/// read, which every file writes the same way.
fn platforms_of(text: &str) -> Option<(String, Vec<String>)> {
    let id = text.lines().find_map(|line| line.strip_prefix("id:"))?.trim().to_owned();
    let list = text.lines().skip_while(|line| line.trim_end() != "platform:").skip(1);
    let items = list.map_while(|line| line.trim_start().strip_prefix("- "));
    Some((id, items.map(|item| item.trim().to_owned()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn techniques_are_read_and_written() {
        for (text, expected) in [
            ("T1003.001", Some("T1003.001")),
            ("t1003", Some("T1003")),
            ("T0000", None),
            ("T1003.x", None),
            ("execution", None),
            ("", None),
        ] {
            assert_eq!(Technique::parse(text).map(|one| one.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn archives_of_one_id_are_one_dataset() -> Result<()> {
        let manifest = r#"[
            {"path":"b.zip","meta_id":["X-1"],"title":["A lantern"],"attack":[
                {"technique":"T1112","sub-technique":null},{"technique":"T1003","sub-technique":"001"}]},
            {"path":"z.zip","meta_id":[],"title":[],"attack":[]},
            {"path":"a.zip","meta_id":["X-1"],"title":["A lantern"],"attack":[{"technique":"T1112"},{"technique":"T0000"}]}
        ]"#;
        let label =
            "title: A lantern\nid: X-1\nplatform:\n  - Windows\n- Azure\ntype: atomic\ntags:\n- other\n";
        let platforms = platforms_of(label).into_iter().collect();
        let (datasets, unlabelled) = group(serde_json::from_str(manifest)?, &platforms)?;
        assert_eq!(unlabelled, ["z.zip"]);
        assert_eq!(
            datasets,
            [Dataset {
                id: "X-1".to_owned(),
                title: "A lantern".to_owned(),
                techniques: ["T1003.001", "T1112"].into_iter().filter_map(Technique::parse).collect(),
                platforms: vec!["Windows".to_owned(), "Azure".to_owned()],
                archives: vec!["a.zip".to_owned(), "b.zip".to_owned()],
            }]
        );
        Ok(())
    }
}
