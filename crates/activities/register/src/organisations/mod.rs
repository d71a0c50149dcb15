//! Organisations: whose observations are kept, who works on them, who is told.
//!
//! Streams are `register/organisation/<id>`; the id is the owner that rows of the lake name.

mod queries;
mod rules;
mod tables;

use std::fmt;

use journal::{Decision, Entropy, Stamp, Table, Upsert};
use model::marking::Marking;
use model::view::Label;
use serde::{Deserialize, Serialize};

pub use queries::{Listed, list};
pub use rules::{Command, Refusal};
pub use tables::ORGANISATIONS;

/// The kind of stream.
pub struct Organisations;

/// An organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its id, the owner of what is said of it.
    pub id: String,
    /// What is known of it; nothing before it is described.
    pub described: Option<Described>,
    /// Why it takes part no more.
    pub left: Option<String>,
}

/// What is known of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Sort,
    /// The prefecture it lies in: 1 to 47, by JIS X 0401.
    pub prefecture: Option<u8>,
    /// The id of the one that it belongs to.
    pub parent: Option<String>,
}

/// What an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Runs the operations centre.
    Operator,
    /// The headquarters' office.
    Office,
    /// A ministry.
    Ministry,
    /// An agency or another body of the government.
    Agency,
    /// A prefecture or a municipality.
    LocalGovernment,
    /// Runs infrastructure on which others depend.
    Infrastructure,
    /// An internet service provider.
    Isp,
    /// Makes devices or software.
    Maker,
    /// Supplies others with services.
    Supplier,
    /// Any other one that takes part.
    Member,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Operator,
        Self::Office,
        Self::Ministry,
        Self::Agency,
        Self::LocalGovernment,
        Self::Infrastructure,
        Self::Isp,
        Self::Maker,
        Self::Supplier,
        Self::Member,
    ];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Office => "office",
            Self::Ministry => "ministry",
            Self::Agency => "agency",
            Self::LocalGovernment => "local-government",
            Self::Infrastructure => "infrastructure",
            Self::Isp => "isp",
            Self::Maker => "maker",
            Self::Supplier => "supplier",
            Self::Member => "member",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == text)
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What became of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// This is known of it now.
    Described(Described),
    /// It takes part no more.
    Left {
        /// Why.
        reason: String,
    },
}

impl journal::Kind for Organisations {
    const NAME: &'static str = "register/organisation";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = tables::TABLES;
    type State = Organisation;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Organisation,
        command: Command,
        stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        rules::decide(state, command, stamp)
    }

    fn apply(state: &mut Organisation, act: &Act, stamp: &Stamp<'_>) {
        stamp.id.clone_into(&mut state.id);
        match act {
            Act::Described(described) => {
                state.described = Some(described.clone());
                state.left = None;
            }
            Act::Left { reason } => state.left = Some(reason.clone()),
        }
    }

    fn rows(state: &Organisation, _act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        tables::rows(state, stamp)
    }

    fn label(state: &Organisation) -> Label {
        label(&state.id)
    }
}

/// What is said of rows about an organisation: they are its own.
#[must_use]
pub fn label(organisation: &str) -> Label {
    Label { compartment: "own".to_owned(), owner: organisation.to_owned(), marking: Marking::default() }
}
