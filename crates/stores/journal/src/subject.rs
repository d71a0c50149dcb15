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
#[derive(Debug)]
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
#[derive(Debug, thiserror::Error)]
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

/// Whose personal values an act takes away, and of which classes.
pub(crate) fn forgotten(recorded: &Recorded) -> Option<(&str, BTreeSet<String>)> {
    if kind_of(&recorded.stream) != Subjects::NAME {
        return None;
    }
    match serde_json::from_value(recorded.act.clone()) {
        Ok(Act::Forgotten { classes, .. }) => Some((id_of(&recorded.stream), classes)),
        _ => None,
    }
}

/// What is said of what belongs to the installation itself.
#[must_use]
pub fn own() -> Label {
    Label { compartment: "own".to_owned(), owner: "own".to_owned(), marking: Marking::default() }
}
