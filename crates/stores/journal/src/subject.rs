//! The journal's own kind of stream: what it knows of the subjects that act, and that they were forgotten.

use std::collections::BTreeSet;

use model::marking::Marking;
use model::view::Label;
use serde::{Deserialize, Serialize};

use crate::act::Recorded;
use crate::entropy::Entropy;
use crate::kind::{Decision, Kind, Stamp};
use crate::personal::{Personal, Subject};
use crate::registry::{id_of, kind_of};
use crate::table::{Column, Row, Table, Upsert};

/// The retention class of names of those who act.
pub const NAMES: &str = "names";

/// Streams of subjects; the id is the subject.
pub(crate) struct Subjects;

/// What is known of a subject.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Known {
    name: Option<Personal>,
    /// Classes whose values were forgotten.
    forgotten: BTreeSet<String>,
}

/// What became of a subject.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Act {
    /// They bear this name.
    Named {
        /// The name.
        name: Personal,
    },
    /// What was personal about them is to be known no more.
    Forgotten {
        /// Retention classes.
        classes: BTreeSet<String>,
        /// Why.
        reason: String,
    },
}

/// What can be asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Command {
    /// They act under this name; only what is new is an act.
    Name(String),
    /// Forget what is personal about them.
    Forget {
        /// Retention classes that the journal holds of them.
        classes: BTreeSet<String>,
        /// Why.
        reason: String,
    },
}

/// Why it was not done.
#[derive(Debug, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ForgetRefusal {
    /// There is nothing to forget.
    #[error("nothing personal is kept of {0}")]
    Nothing(String),
    /// An act needs a reason.
    #[error("a reason must be given")]
    NoReason,
}

impl Kind for Subjects {
    const NAME: &'static str = "journal/subject";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[Table {
        name: "journal_subjects",
        columns: &[
            Column::text("subject"),
            Column::personal("name").searched(),
            Column::number("is_forgotten"),
        ],
        key: &["subject"],
        unique: &[],
        sorted: &[],
    }];
    type State = Known;
    type Act = Act;
    type Command = Command;
    type Refusal = ForgetRefusal;

    fn decide(
        state: &Known,
        command: Command,
        stamp: &Stamp<'_>,
        entropy: &mut Entropy,
    ) -> Result<Decision<Act>, ForgetRefusal> {
        match command {
            Command::Name(_) if state.name.is_some() || state.forgotten.contains(NAMES) => {
                Ok(Decision::nothing())
            }
            Command::Name(name) => {
                let mut decision = Decision::nothing();
                let subject = Subject { subject: stamp.id.to_owned(), class: NAMES.to_owned() };
                let name = decision.personal(subject, &name, entropy);
                decision.acts.push(Act::Named { name });
                Ok(decision)
            }
            Command::Forget { reason, .. } if reason.trim().is_empty() => Err(ForgetRefusal::NoReason),
            Command::Forget { classes, .. } if classes.is_empty() => {
                Err(ForgetRefusal::Nothing(stamp.id.to_owned()))
            }
            Command::Forget { classes, reason } => Ok(Decision::one(Act::Forgotten { classes, reason })),
        }
    }

    fn apply(state: &mut Known, act: &Act, _stamp: &Stamp<'_>) {
        match act {
            Act::Named { name } => state.name = Some(name.clone()),
            Act::Forgotten { classes, .. } => state.forgotten.extend(classes.iter().cloned()),
        }
    }

    fn rows(state: &Known, _act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        let values = vec![stamp.id.into(), state.name.clone().into(), (!state.forgotten.is_empty()).into()];
        vec![Upsert::Put(Row { table: "journal_subjects", values, label: Self::label(state) })]
    }

    fn label(_state: &Known) -> Label {
        own()
    }
}

/// Whose personal values an act takes away, of which classes, and why.
pub(crate) fn forgotten(recorded: &Recorded) -> Option<(&str, BTreeSet<String>, String)> {
    if kind_of(&recorded.stream) != Subjects::NAME {
        return None;
    }
    match serde_json::from_value(recorded.act.clone()) {
        Ok(Act::Forgotten { classes, reason }) => Some((id_of(&recorded.stream), classes, reason)),
        _ => None,
    }
}

/// What all streams of subjects lie between, the second name left out.
pub(crate) fn streams() -> (String, String) {
    // The sign after `/`.
    (format!("{}/", Subjects::NAME), format!("{}0", Subjects::NAME))
}

/// What is said of what belongs to the installation itself.
#[must_use]
pub fn own() -> Label {
    Label { compartment: "own".to_owned(), owner: "own".to_owned(), marking: Marking::default() }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use model::time::Instant;
    use model::view::Looking;

    use super::*;
    use crate::{Acting, Actor, Journal, Kinds, fold};

    const NOW: Instant = Instant::from_nanoseconds(1_800_000_000_000_000_000);

    /// Acts as each version of the program wrote them.
    fn golden(file: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/acts/subject");
        fs::read_to_string(folder.join(file)).expect("each version has its acts there")
    }

    /// A new kind of act needs a line in the golden acts.
    fn name(act: &Act) -> &'static str {
        match act {
            Act::Named { .. } => "named",
            Act::Forgotten { .. } => "forgotten",
        }
    }

    #[test]
    fn acts_of_each_version_are_read() {
        for version in 1..=Subjects::ACTS {
            let acts: Vec<Recorded> = golden(&format!("v{version}.jsonl"))
                .lines()
                .map(|line| Recorded::read(line).expect("an act"))
                .collect();
            assert!(acts.iter().all(|recorded| recorded.version == version));
            let state = serde_json::to_value(fold::<Subjects>(&acts).expect("understood")).expect("JSON");
            let expected: serde_json::Value =
                serde_json::from_str(&golden(&format!("v{version}.state.json"))).expect("JSON");
            assert_eq!(state, expected);
            let act =
                |recorded: &Recorded| serde_json::from_value::<Act>(recorded.act.clone()).expect("an act");
            let names: BTreeSet<&str> = acts.iter().map(|recorded| name(&act(recorded))).collect();
            assert_eq!(names.len(), 2, "all kinds of act are there: {names:?}");
        }
    }

    /// Acts that are written otherwise than before need a version of their own.
    #[test]
    fn acts_are_written_as_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = home::Writer::take(&folder.path().join("home")).expect("free");
        let entropy = Entropy::new(|bytes| bytes.fill(7));
        let journal = Journal::open_seeded(&home, Kinds::new(), entropy).expect("opened");
        let acting = Acting { actor: Actor::local(1_000), now: NOW };
        journal.name(&acting.actor, "花子 Kawaguchi", NOW).expect("named");
        let operator = Acting { actor: Actor::local(0), now: NOW };
        journal.forget("local:1000", (None, "they asked for it"), &operator).expect("forgotten");
        let view = access::operator("root", NOW);
        let who = Looking { view: &view, now: NOW };
        let acts = journal.reader().history(who, "journal/subject/local:1000", (0, 9)).expect("read");
        let acts = acts.iter().map(|recorded| recorded.bytes().expect("written") + "\n");
        assert_eq!(acts.collect::<String>(), golden(&format!("v{}.jsonl", Subjects::ACTS)));
    }
}
