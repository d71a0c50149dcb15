//! How far the verdicts of a compartment were grouped, and which number the next finding has.

use journal::{Decision, Entropy, Kind, Stamp, Table, Upsert};
use model::view::Label;
use serde::{Deserialize, Serialize};

/// The kind of stream; ids are compartments.
pub struct Groupings;

/// How far verdicts were grouped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grouping {
    /// Up to where they were read; none were without.
    pub position: Option<String>,
    /// Numbers that were given.
    pub given: u64,
}

/// Verdicts up to here were grouped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grouped {
    /// Up to where they were read.
    pub position: Option<String>,
    /// Numbers that were given.
    pub given: u64,
}

/// What became of the grouping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum GroupingAct {
    /// Verdicts up to here were grouped, or a number was given.
    Grouped(Grouped),
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupingCommand {
    /// Note that verdicts were grouped, if nobody else has meanwhile.
    Group {
        /// How far they were before.
        before: Grouping,
        /// How far they are now.
        now: Grouping,
    },
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum GroupingRefusal {
    /// Somebody else has grouped meanwhile.
    #[error("verdicts were grouped meanwhile")]
    Meanwhile,
}

impl Kind for Groupings {
    const NAME: &'static str = "watch/grouping";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[];
    type State = Grouping;
    type Act = GroupingAct;
    type Command = GroupingCommand;
    type Refusal = GroupingRefusal;

    fn decide(
        state: &Grouping,
        command: GroupingCommand,
        _stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<GroupingAct>, GroupingRefusal> {
        let GroupingCommand::Group { before, now } = command;
        if before != *state {
            return Err(GroupingRefusal::Meanwhile);
        }
        if now == *state {
            return Ok(Decision::nothing());
        }
        let Grouping { position, given } = now;
        Ok(Decision::one(GroupingAct::Grouped(Grouped { position, given })))
    }

    fn apply(state: &mut Grouping, act: &GroupingAct, _stamp: &Stamp<'_>) {
        let GroupingAct::Grouped(Grouped { position, given }) = act.clone();
        *state = Grouping { position, given };
    }

    fn rows(_state: &Grouping, _act: &GroupingAct, _stamp: &Stamp<'_>) -> Vec<Upsert> {
        Vec::new()
    }

    fn label(_state: &Grouping) -> Label {
        journal::subject::own()
    }
}
