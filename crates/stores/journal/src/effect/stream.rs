//! An effect as a stream of acts: that it was ordered, what became of each attempt, and what people want.

use std::fmt;

use model::fact::Fact;
use model::marking::Marking;
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

use super::{DELIVERED, Effect, GIVEN_UP, OUTBOX};
use crate::entropy::Entropy;
use crate::kind::{Decision, Kind, Stamp};
use crate::table::{Column, Row, Table, Upsert};

/// The kind of stream; its ids are keys.
pub struct Effects;

/// An effect as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// What was ordered; it is there from the first act on.
    pub ordered: Option<Ordered>,
    /// Where it stands.
    pub state: State,
    /// Attempts that failed since it was ordered, or wanted again.
    pub attempts: u32,
    /// When it is to be tried, as long as it waits.
    pub next: Option<Instant>,
    /// What was said of it last: why it failed, was given up, dropped or wanted again, or the receipt.
    pub reason: String,
    /// When it was ordered.
    pub ordered_at: Option<Instant>,
}

/// An effect, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordered {
    /// What is to be done.
    pub effect: Effect,
    /// The stream whose decision it follows from.
    pub from: String,
    /// That decision's first act.
    pub sequence: u64,
    /// The compartment of that stream: from none but `own` anything leaves.
    pub compartment: String,
    /// Whose that stream is.
    pub owner: String,
    /// What may be done with it.
    pub marking: Marking,
}

/// Where an effect stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is to be carried out.
    #[default]
    Waiting,
    /// There is no way to send it: it lies here to be read.
    Kept,
    /// It was carried out.
    Delivered,
    /// It could not be carried out, and is tried no more.
    GivenUp,
    /// Somebody wanted it no more.
    Dropped,
}

/// What became of an effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// It is to be carried out.
    Ordered(Ordered),
    /// It could not be carried out, and is tried again.
    Failed {
        /// Why.
        reason: String,
        /// When.
        next: Instant,
    },
    /// It was carried out.
    Delivered {
        /// What the other side said.
        receipt: String,
    },
    /// There is no way to send it: it lies here to be read.
    Kept,
    /// It could not be carried out, and is tried no more.
    GivenUp {
        /// Why.
        reason: String,
    },
    /// Somebody wants it tried again, at once.
    Again {
        /// Why.
        reason: String,
    },
    /// Somebody wants it no more.
    Dropped {
        /// Why.
        reason: String,
    },
}

/// What can be said of an effect. Said twice, it is done once; what was delivered stays so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// It could not be carried out; nothing changes where it does not wait any more.
    Fail {
        /// Why.
        reason: String,
        /// When it is tried again.
        next: Instant,
    },
    /// It was carried out, even where somebody wanted it no more meanwhile.
    Deliver {
        /// What the other side said.
        receipt: String,
    },
    /// There is no way to send it; nothing changes where it does not wait any more.
    Keep,
    /// It is tried no more; nothing changes where it does not wait any more.
    GiveUp {
        /// Why.
        reason: String,
    },
    /// Somebody wants it tried again.
    Again {
        /// Why.
        reason: String,
    },
    /// Somebody wants it no more.
    Drop {
        /// Why.
        reason: String,
    },
}

/// Why something was not done with an effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody ordered it.
    #[error("no effect has this key")]
    Unknown,
    /// It was carried out.
    #[error("it was delivered already")]
    Over,
    /// It comes from where nothing leaves.
    #[error("what was ordered in {0} cannot have left")]
    Inside(String),
    /// An act of a person needs a reason.
    #[error("a reason must be given")]
    NoReason,
}

impl Ordered {
    /// Whether it may reach the outside; an exercise's effects may not.
    #[must_use]
    pub fn may_leave(&self) -> bool {
        super::may_leave(&self.compartment)
    }
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Kept, Self::Delivered, Self::GivenUp, Self::Dropped];

    /// Its name in the outbox.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Kept => "kept",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
            Self::Dropped => "dropped",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Kind for Effects {
    const NAME: &'static str = "journal/effect";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    // `next` is 0 where nothing is to be tried.
    const TABLES: &'static [Table] = &[Table {
        name: OUTBOX,
        columns: &[
            Column::text("key"),
            Column::text("kind"),
            Column::text("what"),
            Column::text("stream"),
            Column::number("sequence"),
            Column::text("state"),
            Column::number("attempts"),
            Column::time("next"),
            Column::text("reason"),
            Column::time("ordered_at"),
            Column::time("changed_at"),
            Column::text("effect"),
        ],
        key: &["key"],
        unique: &[],
        sorted: &[&["state", "next"], &["ordered_at"]],
    }];
    type State = Outgoing;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Outgoing,
        command: Command,
        stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        let ordered = state.ordered.as_ref().ok_or(Refusal::Unknown)?;
        let waits = state.state == State::Waiting;
        let is_over = state.state == State::Delivered;
        let act = match command {
            Command::Fail { reason, next } if waits => Act::Failed { reason, next },
            Command::Keep if waits => Act::Kept,
            Command::GiveUp { reason } if waits => Act::GivenUp { reason },
            Command::Deliver { .. } if !ordered.may_leave() => {
                return Err(Refusal::Inside(ordered.compartment.clone()));
            }
            Command::Deliver { receipt } if !is_over => Act::Delivered { receipt },
            Command::Again { .. } | Command::Drop { .. } if is_over => return Err(Refusal::Over),
            Command::Again { reason } if !waits || state.next > Some(stamp.at) => {
                Act::Again { reason: given(reason)? }
            }
            Command::Drop { reason } if state.state != State::Dropped => {
                Act::Dropped { reason: given(reason)? }
            }
            Command::Fail { .. } | Command::Keep | Command::GiveUp { .. } => return Ok(Decision::nothing()),
            Command::Deliver { .. } | Command::Again { .. } | Command::Drop { .. } => {
                return Ok(Decision::nothing());
            }
        };
        Ok(Decision::one(act))
    }

    fn apply(state: &mut Outgoing, act: &Act, stamp: &Stamp<'_>) {
        state.next = None;
        match act {
            Act::Ordered(ordered) => {
                state.ordered = Some(ordered.clone());
                (state.next, state.ordered_at) = (Some(stamp.at), Some(stamp.at));
            }
            Act::Failed { reason, next } => {
                state.attempts += 1;
                (state.next, state.reason) = (Some(*next), reason.clone());
            }
            Act::Delivered { receipt } => (state.state, state.reason) = (State::Delivered, receipt.clone()),
            Act::Kept => state.state = State::Kept,
            Act::GivenUp { reason } => {
                state.attempts += 1;
                (state.state, state.reason) = (State::GivenUp, reason.clone());
            }
            Act::Again { reason } => {
                (state.state, state.attempts) = (State::Waiting, 0);
                (state.next, state.reason) = (Some(stamp.at), reason.clone());
            }
            Act::Dropped { reason } => (state.state, state.reason) = (State::Dropped, reason.clone()),
        }
    }

    fn rows(state: &Outgoing, _act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        let Some(ordered) = &state.ordered else { return Vec::new() };
        let Ordered { effect, from, sequence, .. } = ordered;
        let never = Instant::from_nanoseconds(0);
        // A value that was read from an act can be written again.
        let text = serde_json_canonicalizer::to_string(effect).unwrap_or_default();
        let values = vec![
            stamp.id.into(),
            effect.kind().into(),
            effect.what().into(),
            from.as_str().into(),
            i64::try_from(*sequence).unwrap_or(i64::MAX).into(),
            state.state.as_str().into(),
            i64::from(state.attempts).into(),
            state.next.unwrap_or(never).into(),
            state.reason.as_str().into(),
            state.ordered_at.unwrap_or(never).into(),
            stamp.at.into(),
            text.into(),
        ];
        vec![Upsert::Put(Row { table: OUTBOX, values, label: Self::label(state) })]
    }

    fn label(state: &Outgoing) -> Label {
        let Some(ordered) = &state.ordered else { return crate::subject::own() };
        let Ordered { compartment, owner, marking, .. } = ordered;
        Label { compartment: compartment.clone(), owner: owner.clone(), marking: *marking }
    }

    fn fact(state: &Outgoing, act: &Act, stamp: &Stamp<'_>) -> Option<Fact> {
        let name = match act {
            Act::Delivered { .. } => DELIVERED,
            Act::GivenUp { .. } => GIVEN_UP,
            _ => return None,
        };
        let Ordered { from, sequence, .. } = state.ordered.as_ref()?;
        Some(Fact {
            name: name.to_owned(),
            stream: format!("{}/{}", Self::NAME, stamp.id),
            sequence: stamp.sequence,
            about: format!("{from}#{sequence}"),
        })
    }
}

fn given(reason: String) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() { Err(Refusal::NoReason) } else { Ok(reason.to_owned()) }
}
