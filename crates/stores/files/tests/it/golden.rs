//! Acts of every version are still understood, and those of now are written as they were before: who changes
//! their form raises the version and lays new ones beside the old.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use files::{Act, Holdings};
use journal::{Kind, Recorded, fold};
use model::marking::{Confidentiality, Marking, Pap, Tlp};

use crate::{Opened, acting, held};

fn golden(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/acts/holding");
    fs::read_to_string(folder.join(file)).expect("each version has its acts there")
}

/// A new kind of act needs a line in the golden acts.
fn name(act: &Act) -> &'static str {
    match act {
        Act::Kept { .. } => "kept",
        Act::Dropped { .. } => "dropped",
    }
}

#[test]
fn acts_of_each_version_are_read() {
    for version in 1..=Holdings::ACTS {
        let lines = golden(&format!("v{version}.jsonl"));
        let acts: Vec<Recorded> =
            lines.lines().map(|line| serde_json::from_str(line).expect("an act")).collect();
        assert!(acts.iter().all(|recorded| recorded.version == version));
        let state = serde_json::to_value(fold::<Holdings>(&acts).expect("understood")).expect("JSON");
        let expected: serde_json::Value =
            serde_json::from_str(&golden(&format!("v{version}.state.json"))).expect("JSON");
        assert_eq!(state, expected, "{version}");
        let act = |recorded: &Recorded| match version == Holdings::ACTS {
            true => recorded.act.clone(),
            false => Holdings::upcast(version, recorded.act.clone()).expect("upcast"),
        };
        let names = acts.iter().map(|recorded| name(&serde_json::from_value(act(recorded)).expect("an act")));
        assert_eq!(names.collect::<BTreeSet<_>>().len(), 2, "all kinds of act are there");
    }
}

#[test]
fn acts_are_written_as_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = Opened::new(folder.path());
    let mut other = held("hinata", Tlp::Red);
    other.name = "報告 \"2\".pdf".to_owned();
    let (confidentiality, pap) = (Some(Confidentiality::Two), Some(Pap::Amber));
    other.marking = Marking { confidentiality, pap, ..other.marking };
    let kept = opened.keep(b"abc", &held("aoba", Tlp::AmberStrict)).expect("kept");
    opened.keep(b"abc", &other).expect("kept");
    let files = opened.files(1_000);
    files.drop(opened.who(), (&kept.sha256, 1, "no longer needed"), &acting()).expect("dropped");
    let stream = format!("{}/{}", Holdings::NAME, kept.sha256);
    let acts = opened.journal.reader().history(opened.who(), &stream, (0, 9)).expect("read");
    let lines: String = acts.iter().map(|recorded| recorded.bytes().expect("written") + "\n").collect();
    assert_eq!(lines, golden(&format!("v{}.jsonl", Holdings::ACTS)));
}
