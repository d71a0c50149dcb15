//! People: which organisation they belong to, and what they do there.
//!
//! Streams are `register/person/<id>`. A name is a personal value under the subject `person:<id>` and the retention
//! class [`NAMES`]; whoever leaves sees nothing from the next look on.

mod queries;
mod rules;
mod tables;

use std::collections::BTreeSet;
use std::fmt;

use journal::personal::Personal;
use journal::{Decision, Entropy, Stamp, Table, Upsert};
use model::view::Label;
use serde::{Deserialize, Serialize};

pub use queries::{Listed, list, one};
pub use rules::{Command, Refusal};
pub use tables::PEOPLE;

/// The retention class of names.
pub const NAMES: &str = "register";

/// The kind of stream.
pub struct People;

/// Somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Where they belong; nowhere before they entered.
    pub place: Option<Place>,
    /// Their name.
    pub name: Option<Personal>,
    /// Why they are not there any more.
    pub left: Option<String>,
}

/// Where somebody belongs, and what they do there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The organisation.
    pub organisation: String,
    /// What they do.
    pub roles: BTreeSet<Role>,
}

/// What somebody does in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Looks at what is found.
    Analyst,
    /// Plans exercises and surveys.
    Planner,
    /// Works in the headquarters' office.
    Office,
    /// Keeps the organisation's own people and data.
    Administrator,
    /// Takes part.
    Member,
    /// Looks at who looked, and at nothing else.
    Auditor,
    /// Runs the installation.
    Installation,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Analyst,
        Self::Planner,
        Self::Office,
        Self::Administrator,
        Self::Member,
        Self::Auditor,
        Self::Installation,
    ];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Analyst => "analyst",
            Self::Planner => "planner",
            Self::Office => "office",
            Self::Administrator => "administrator",
            Self::Member => "member",
            Self::Auditor => "auditor",
            Self::Installation => "installation",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What became of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// They belong there, and do this.
    Placed(Place),
    /// They bear this name.
    Named {
        /// The name.
        name: Personal,
    },
    /// They are not there any more.
    Left {
        /// Why.
        reason: String,
    },
}

impl journal::Kind for People {
    const NAME: &'static str = "register/person";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = tables::TABLES;
    type State = Person;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Person,
        command: Command,
        stamp: &Stamp<'_>,
        entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        rules::decide(state, command, stamp, entropy)
    }

    fn apply(state: &mut Person, act: &Act, _stamp: &Stamp<'_>) {
        match act {
            Act::Placed(place) => {
                state.place = Some(place.clone());
                state.left = None;
            }
            Act::Named { name } => state.name = Some(name.clone()),
            Act::Left { reason } => state.left = Some(reason.clone()),
        }
    }

    fn rows(state: &Person, _act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        tables::rows(state, stamp)
    }

    fn label(state: &Person) -> Label {
        let place = state.place.as_ref();
        place.map_or_else(journal::subject::own, |place| crate::organisations::label(&place.organisation))
    }
}

/// Whose personal values a person's are.
#[must_use]
pub fn subject(id: &str) -> String {
    format!("person:{id}")
}
