//! What may be said of a benign list.

use journal::{Decision, Stamp};
use model::indicator::benign::Value;
use model::time::Instant;
use serde::{Deserialize, Serialize};

use super::{Act, Listing, Said};

/// Most values of one act.
pub(super) const MOST: usize = 1_000;
/// Most signs of a reason, and of a list's name.
const REASON: usize = 2_000;
const NAME: usize = 60;

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Add values.
    List {
        /// Which.
        values: Vec<Value>,
        /// Why they are no indicators.
        reason: String,
        /// Until when.
        until: Option<Instant>,
    },
    /// Take values out: added ones, or those that come with the program.
    Unlist {
        /// Which.
        values: Vec<Value>,
        /// Why.
        reason: String,
    },
    /// Turn all of it off or on.
    Switch {
        /// Whether it shall keep out.
        on: bool,
        /// Why.
        reason: String,
    },
    /// The time of values is over.
    Expire,
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A decision needs a reason.
    #[error("a reason must be given")]
    NoReason,
    /// A reason is too long.
    #[error("a reason has at most {REASON} signs")]
    LongReason,
    /// A list is named by small letters, digits and `-`.
    #[error("a list is named by small letters, digits and dashes, {NAME} at most")]
    BadName,
    /// Nothing is to be done, or too much at once.
    #[error("one act is of 1 to {MOST} values")]
    Count,
    /// It is so already.
    #[error("it is so already")]
    Already,
    /// Its end lies in the past.
    #[error("it would be over already")]
    Over,
}

pub(super) fn decide(state: &Listing, command: Command, stamp: &Stamp<'_>) -> Result<Decision<Act>, Refusal> {
    let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if stamp.id.len() > NAME || !stamp.id.bytes().all(is_of_name) {
        return Err(Refusal::BadName);
    }
    match command {
        Command::List { until: Some(until), .. } if until <= stamp.at => Err(Refusal::Over),
        Command::List { values, reason, until } => list(state, values, (given(reason)?, until)),
        Command::Unlist { values, reason } => unlist(state, values, given(reason)?),
        Command::Switch { on, .. } if on == state.off.is_none() => Err(Refusal::Already),
        Command::Switch { on, reason } => {
            let reason = given(reason)?;
            let act = if on { Act::SwitchedOn { reason } } else { Act::SwitchedOff { reason } };
            Ok(Decision::one(act))
        }
        Command::Expire => {
            let values = state.over(stamp.at);
            let is_due = !values.is_empty();
            let act = Act::Unlisted { values, reason: None };
            Ok(if is_due { Decision::one(act) } else { Decision::nothing() })
        }
    }
}

fn list(
    state: &Listing,
    mut values: Vec<Value>,
    (reason, until): (String, Option<Instant>),
) -> Result<Decision<Act>, Refusal> {
    counted(&mut values)?;
    let is_same = |said: &Said| said.reason == reason && said.until == until;
    values.retain(|value| !state.listed.get(value).is_some_and(is_same));
    if values.is_empty() {
        Err(Refusal::Already)
    } else {
        Ok(Decision::one(Act::Listed { values, reason, until }))
    }
}

fn unlist(state: &Listing, mut values: Vec<Value>, reason: String) -> Result<Decision<Act>, Refusal> {
    counted(&mut values)?;
    values.retain(|value| !state.left_out.contains_key(value));
    let reason = Some(reason);
    if values.is_empty() {
        Err(Refusal::Already)
    } else {
        Ok(Decision::one(Act::Unlisted { values, reason }))
    }
}

/// Each value once, in their order.
fn counted(values: &mut Vec<Value>) -> Result<(), Refusal> {
    values.sort();
    values.dedup();
    if values.is_empty() || values.len() > MOST { Err(Refusal::Count) } else { Ok(()) }
}

fn given(reason: String) -> Result<String, Refusal> {
    match reason.trim() {
        "" => Err(Refusal::NoReason),
        reason if reason.chars().count() > REASON => Err(Refusal::LongReason),
        reason => Ok(reason.to_owned()),
    }
}
