//! Acts of effects of every version are still understood, and those of now are written as they were before.

use std::collections::BTreeSet;
use std::path::Path;

use journal::effect::{Act, Command, Effect, Effects, Mail, Recipient, Value};
use journal::{Actor, Kind, Recorded, fold};

use crate::account::key;
use crate::effects::{deliver, fail, file, open, reason, say, want};
use crate::made_up::{at, looking, view};

/// Acts as each version of the program wrote them.
fn golden(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/acts/effect");
    std::fs::read_to_string(folder.join(file)).expect("each version has its acts there")
}

/// A new kind of act needs a line in the golden acts.
fn name(act: &Act) -> &'static str {
    match act {
        Act::Ordered(_) => "ordered",
        Act::Failed { .. } => "failed",
        Act::Delivered { .. } => "delivered",
        Act::Kept => "kept",
        Act::GivenUp { .. } => "given up",
        Act::Again { .. } => "again",
        Act::Dropped { .. } => "dropped",
    }
}

#[test]
fn acts_of_each_version_are_read() {
    for version in 1..=Effects::ACTS {
        let acts: Vec<Recorded> = golden(&format!("v{version}.jsonl"))
            .lines()
            .map(|line| serde_json::from_str(line).expect("an act"))
            .collect();
        assert!(acts.iter().all(|recorded| recorded.version == version));
        // The first is all that is there of another one.
        let state = serde_json::to_value(fold::<Effects>(&acts[1..]).expect("understood")).expect("JSON");
        let expected: serde_json::Value =
            serde_json::from_str(&golden(&format!("v{version}.state.json"))).expect("JSON");
        assert_eq!(state, expected);
        let act = |recorded: &Recorded| serde_json::from_value::<Act>(recorded.act.clone()).expect("an act");
        let names: BTreeSet<&str> = acts.iter().map(|recorded| name(&act(recorded))).collect();
        assert_eq!(names.len(), 7, "all kinds of act are there: {names:?}");
    }
}

/// Acts that are written otherwise than before need a version of their own.
#[test]
fn acts_are_written_as_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _home) = open(folder.path());
    let values = [
        ("title", Value::Text("lsass のダンプ".to_owned())),
        ("until", Value::Time(at(3_600))),
        ("after", Value::Seconds(3_600)),
        ("who", Value::Actor(Actor::local(1_000))),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), value)).into();
    let template = "watch.exclusion-expires".to_owned();
    let mail = Effect::Mail(Mail { to: Recipient::Desk, template, values });
    want(&journal, "one", &[file(), mail], at(0));
    let (view, mut lines) = (view(), String::new());
    let keys = [0, 1].map(|number| key("made-up/desk/one", 1, number));
    for said in [
        fail(),
        Command::GiveUp { reason: reason() },
        Command::Again { reason: reason() },
        Command::Keep,
        Command::Drop { reason: reason() },
        deliver(),
    ] {
        assert_eq!(say(&journal, &keys[1], said), Ok(true));
    }
    for key in &keys {
        let stream = format!("journal/effect/{key}");
        let acts = journal.reader().history(looking(&view), &stream, (0, 9)).expect("read");
        acts.iter().for_each(|recorded| lines += &(recorded.bytes().expect("written") + "\n"));
    }
    assert_eq!(lines, golden(&format!("v{}.jsonl", Effects::ACTS)));
}
