//! Acts of every version are still understood, and those of now are written as before: who changes their form
//! raises the version and lays new ones beside the old.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use journal::{Acting, Actor, Journal, Kind, Kinds, Looking, Recorded, fold};
use model::time::Instant;
use register::organisations::{self, Described, Organisations, Sort};
use register::people::{self, People};

const NOW: Instant = Instant::from_nanoseconds(1_800_000_000_000_000_000);

fn golden(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/acts").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads golden acts; they are of all kinds, and come to the golden state.
fn read<K: Kind>(name: &str, kinds: usize, of: impl Fn(&K::Act) -> &'static str) {
    let lines = golden(&format!("{name}.v{}.jsonl", K::ACTS));
    let acts: Vec<Recorded> = lines.lines().map(|line| serde_json::from_str(line).expect("an act")).collect();
    let state = serde_json::to_value(fold::<K>(&acts).expect("understood")).expect("JSON");
    let expected: serde_json::Value =
        serde_json::from_str(&golden(&format!("{name}.v{}.state.json", K::ACTS))).expect("JSON");
    assert_eq!(state, expected, "{name}");
    let act = |recorded: &Recorded| serde_json::from_value(recorded.act.clone()).expect("an act");
    let names: BTreeSet<&str> = acts.iter().map(|recorded| of(&act(recorded))).collect();
    assert_eq!(names.len(), kinds, "{name}: {names:?}");
}

#[test]
fn acts_are_read() {
    read::<Organisations>("organisation", 2, |act| match act {
        organisations::Act::Described(_) => "described",
        organisations::Act::Left { .. } => "left",
    });
    read::<People>("person", 3, |act| match act {
        people::Act::Placed(_) => "placed",
        people::Act::Named { .. } => "named",
        people::Act::Left { .. } => "left",
    });
}

#[test]
fn acts_of_organisations_are_written_as_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home::Writer::take(&folder.path().join("home")).expect("free");
    let journal = Journal::open(&home, Kinds::new().with::<Organisations>()).expect("opened");
    let described = Described {
        name: "ひなた市役所".to_owned(),
        kind: Sort::LocalGovernment,
        prefecture: Some(20),
        parent: Some("nagano".to_owned()),
    };
    let commands = [
        organisations::Command::Describe(described),
        organisations::Command::Leave { reason: "合併 (merged)".to_owned() },
    ];
    for command in commands {
        let acting = Acting { actor: Actor::local(1_000), now: NOW };
        journal.act::<Organisations>("hinata", command, &acting).expect("done");
    }
    let view = access::operator("root", NOW);
    let who = Looking { view: &view, now: NOW };
    let acts = journal.reader().history(who, "register/organisation/hinata", (0, 99)).expect("read");
    let lines: String = acts.iter().map(|act| act.bytes().expect("written") + "\n").collect();
    assert_eq!(lines, golden("organisation.v1.jsonl"));
}
