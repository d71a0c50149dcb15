//! How long observations are kept: rows of an owner end by whole days of a table, each end an act with its
//! reason.
//!
//! Streams are `watch/retention/<compartment>:<table>`. First it is ordered, then done, then said that it is
//! done: what a stopped process left between is seen in the stream, and done again without harm.

use journal::{Column, Decision, Entropy, Kind, Row, Stamp, Table, Upsert};
use model::view::Label;
use serde::{Deserialize, Serialize};

/// The kind of stream.
pub struct Retentions;

/// The table of what ended.
pub const ENDED: &str = "watch_retention";

/// What is to end, or has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Whose rows; none: rows of no single owner.
    pub owner: Option<String>,
    /// The last day, `YYYY-MM-DD` in UTC; `undated` for rows without a day.
    pub through: String,
    /// Rows that there were when it was ordered.
    pub rows: u64,
    /// Days that they were of.
    pub days: u32,
    /// Why they end.
    pub reason: String,
}

/// What ends in a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What was ordered and is not said to be done, by the number of its act.
    pub open: Vec<(u64, Ending)>,
}

/// What became of a table's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// They are to end.
    Ordered(Ending),
    /// They are gone.
    Ended {
        /// The act that ordered it.
        order: u64,
        /// Rows that went.
        rows: u64,
        /// Files that went, or were written anew without them.
        files: u64,
    },
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// End them.
    Order(Ending),
    /// Say that they are gone.
    End {
        /// The act that ordered it.
        order: u64,
        /// Rows that went.
        rows: u64,
        /// Files that went, or were written anew.
        files: u64,
    },
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A decision needs a reason.
    #[error("a reason must be given")]
    NoReason,
    /// Nobody ordered it, or it is done.
    #[error("there is no such order that is not done")]
    NoOrder,
}

impl Kind for Retentions {
    const NAME: &'static str = "watch/retention";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[Table {
        name: ENDED,
        columns: &[
            Column::text("kept_in"),
            Column::number("number"),
            Column::text("whose"),
            Column::text("through"),
            Column::number("rows_ordered"),
            Column::text("reason").searched(),
            Column::text("actor"),
            Column::time("at"),
        ],
        key: &["kept_in", "number"],
        unique: &[],
        sorted: &[&["at"]],
    }];
    type State = Kept;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Kept,
        command: Command,
        _stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        match command {
            Command::Order(ending) if ending.reason.trim().is_empty() => Err(Refusal::NoReason),
            Command::Order(ending) => Ok(Decision::one(Act::Ordered(ending))),
            Command::End { order, .. } if !state.open.iter().any(|(number, _)| *number == order) => {
                Err(Refusal::NoOrder)
            }
            Command::End { order, rows, files } => Ok(Decision::one(Act::Ended { order, rows, files })),
        }
    }

    fn apply(state: &mut Kept, act: &Act, stamp: &Stamp<'_>) {
        match act {
            Act::Ordered(ending) => state.open.push((stamp.sequence, ending.clone())),
            Act::Ended { order, .. } => state.open.retain(|(number, _)| number != order),
        }
    }

    fn rows(_state: &Kept, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        match act {
            Act::Ordered(ending) => {
                let values = vec![
                    stamp.id.into(),
                    count(stamp.sequence).into(),
                    ending.owner.clone().unwrap_or_default().into(),
                    ending.through.as_str().into(),
                    count(ending.rows).into(),
                    ending.reason.as_str().into(),
                    stamp.actor.subject().into(),
                    stamp.at.into(),
                ];
                vec![Upsert::Put(Row { table: ENDED, values, label: journal::subject::own() })]
            }
            // What is done is told by the stream; the table is of what was decided.
            Act::Ended { .. } => Vec::new(),
        }
    }

    fn label(_state: &Kept) -> Label {
        journal::subject::own()
    }
}
