//! Who holds which file, as acts.

use std::collections::BTreeMap;

use journal::{Column, Decision, Entropy, Kind, Row, Stamp, Table, Upsert};
use model::marking::Marking;
use model::view::Label;
use serde::{Deserialize, Serialize};

/// Streams of files; the id is the sha256.
pub struct Holdings;

/// The table of holdings.
pub(crate) const TABLE: &str = "files_holdings";

/// A file that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// What it is called.
    pub name: String,
    /// Media type (RFC 6838).
    pub media: String,
    /// Where it belongs: `own`, or an exercise's run.
    pub compartment: String,
    /// Whose it is.
    pub owner: String,
    /// What may be done with it.
    pub marking: Marking,
}

impl Holding {
    /// By what views decide.
    #[must_use]
    pub fn label(&self) -> Label {
        let (compartment, owner) = (self.compartment.clone(), self.owner.clone());
        Label { compartment, owner, marking: self.marking }
    }
}

/// What is known of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Bytes.
    pub size: u64,
    /// Who holds it, by numbers from 1.
    pub holdings: BTreeMap<u64, Holding>,
    /// The next number.
    next: u64,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// Somebody holds it.
    Kept {
        /// The holding's number.
        number: u64,
        /// Bytes.
        size: u64,
        /// What and whose.
        holding: Holding,
    },
    /// Somebody holds it no more.
    Dropped {
        /// The holding's number.
        number: u64,
        /// Why.
        reason: String,
    },
}

/// What can be asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Hold it. Who holds it already under the same name and marks does so once.
    Keep {
        /// Bytes.
        size: u64,
        /// What and whose.
        holding: Holding,
    },
    /// Hold it no more.
    Drop {
        /// The holding's number.
        number: u64,
        /// Why.
        reason: String,
    },
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There is no such holding.
    #[error("nobody holds it under this number")]
    NotHeld,
    /// A reason is missing.
    #[error("a reason must be given")]
    NoReason,
}

impl Kind for Holdings {
    const NAME: &'static str = "files/file";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[Table {
        name: TABLE,
        columns: &[
            Column::text("sha256"),
            Column::number("number"),
            Column::text("name").searched(),
            Column::text("media"),
            Column::number("size"),
            Column::text("actor"),
            Column::time("at"),
        ],
        key: &["sha256", "number"],
        unique: &[],
        sorted: &[&["at"], &["size"]],
    }];
    type State = Known;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Known,
        command: Command,
        _stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        match command {
            Command::Keep { holding, .. } if state.holdings.values().any(|one| *one == holding) => {
                Ok(Decision::nothing())
            }
            Command::Keep { size, holding } => {
                Ok(Decision::one(Act::Kept { number: state.next + 1, size, holding }))
            }
            Command::Drop { reason, .. } if reason.trim().is_empty() => Err(Refusal::NoReason),
            Command::Drop { number, .. } if !state.holdings.contains_key(&number) => Err(Refusal::NotHeld),
            Command::Drop { number, reason } => Ok(Decision::one(Act::Dropped { number, reason })),
        }
    }

    fn apply(state: &mut Known, act: &Act, _stamp: &Stamp<'_>) {
        match act {
            Act::Kept { number, size, holding } => {
                (state.size, state.next) = (*size, *number);
                state.holdings.insert(*number, holding.clone());
            }
            Act::Dropped { number, .. } => {
                state.holdings.remove(number);
            }
        }
    }

    fn rows(_state: &Known, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        match act {
            Act::Kept { number, size, holding } => {
                let values = vec![
                    stamp.id.into(),
                    count(*number).into(),
                    holding.name.as_str().into(),
                    holding.media.as_str().into(),
                    count(*size).into(),
                    stamp.actor.subject().into(),
                    stamp.at.into(),
                ];
                vec![Upsert::Put(Row { table: TABLE, values, label: holding.label() })]
            }
            Act::Dropped { number, .. } => {
                vec![Upsert::Remove { table: TABLE, key: vec![stamp.id.into(), count(*number).into()] }]
            }
        }
    }

    /// The stream of a file tells of all who hold it, so it is the installation's alone; what each may see
    /// are the rows.
    fn label(_state: &Known) -> Label {
        journal::subject::own()
    }
}
