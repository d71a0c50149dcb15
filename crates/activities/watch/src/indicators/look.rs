//! Looks for all indicators at once: how far the lake was looked through, and what came of it. What changed of
//! each is its own act; that nothing did is said here.

use journal::{Column, Decision, Entropy, Kind, Row, Stamp, Table, Upsert};
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

use super::tables::LOOKS;

/// The kind of stream; the id is the compartment that was looked through.
pub struct Looks;

/// The last look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// What it came to.
    pub last: Option<LookAct>,
    /// How many there were.
    pub looks: u64,
}

/// What came of a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LookAct {
    /// The lake was looked through.
    Looked {
        /// What it had taken in until then.
        horizon: Instant,
        /// Indicators that were looked for.
        indicators: u64,
        /// Those of them that it has.
        found: u64,
        /// Those of which it has something else than before.
        changed: u64,
    },
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookCommand {
    /// Say what came of a look.
    Look {
        /// What the lake had taken in until then.
        horizon: Instant,
        /// Indicators that were looked for.
        indicators: u64,
        /// Those of them that it has.
        found: u64,
        /// Those of which it has something else than before.
        changed: u64,
    },
}

/// Nothing of it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NoLook {}

impl Kind for Looks {
    const NAME: &'static str = "watch/look";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[Table {
        name: LOOKS,
        columns: &[
            Column::text("compartment_looked"),
            Column::number("number"),
            Column::time("horizon"),
            Column::number("indicators"),
            Column::number("found"),
            Column::number("changed"),
            Column::text("actor"),
            Column::time("at"),
        ],
        key: &["compartment_looked", "number"],
        unique: &[],
        sorted: &[&["at"]],
    }];
    type State = Look;
    type Act = LookAct;
    type Command = LookCommand;
    type Refusal = NoLook;

    fn decide(
        _state: &Look,
        command: LookCommand,
        _stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<LookAct>, NoLook> {
        let LookCommand::Look { horizon, indicators, found, changed } = command;
        Ok(Decision::one(LookAct::Looked { horizon, indicators, found, changed }))
    }

    fn apply(state: &mut Look, act: &LookAct, _stamp: &Stamp<'_>) {
        *state = Look { last: Some(act.clone()), looks: state.looks + 1 };
    }

    fn rows(state: &Look, act: &LookAct, stamp: &Stamp<'_>) -> Vec<Upsert> {
        let LookAct::Looked { horizon, indicators, found, changed } = act;
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let values = vec![
            stamp.id.into(),
            count(stamp.sequence).into(),
            (*horizon).into(),
            count(*indicators).into(),
            count(*found).into(),
            count(*changed).into(),
            stamp.actor.subject().into(),
            stamp.at.into(),
        ];
        vec![Upsert::Put(Row { table: LOOKS, values, label: Self::label(state) })]
    }

    fn label(_state: &Look) -> Label {
        journal::subject::own()
    }
}
