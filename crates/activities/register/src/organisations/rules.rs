//! What may be said of an organisation.

use journal::{Decision, Stamp};
use serde::{Deserialize, Serialize};

use super::{Act, Described, Organisation};
use crate::id;

/// Most signs of a name and of a reason.
const NAME: usize = 200;
const REASON: usize = 2_000;

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Say what it is. Nothing changes where that is known; one that had left takes part again.
    Describe(Described),
    /// Let it take part no more.
    Leave {
        /// Why.
        reason: String,
    },
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// An id is a short word, and not that of the installation.
    #[error(
        "an id is of small letters, digits, dots and dashes, 60 at most, and not that of the installation"
    )]
    BadId,
    /// It has a name.
    #[error("a name has 1 to {NAME} signs")]
    BadName,
    /// There are 47.
    #[error("{0} is no prefecture; they have the numbers 1 to 47")]
    BadPrefecture(u8),
    /// It cannot belong to itself, or to what is no id.
    #[error("{0:?} cannot be the one that it belongs to")]
    BadParent(String),
    /// A decision needs a reason.
    #[error("a reason must be given")]
    NoReason,
    /// There is none of this id, or it has left.
    #[error("there is no such organisation, or it has left")]
    Missing,
}

pub(super) fn decide(
    organisation: &Organisation,
    command: Command,
    stamp: &Stamp<'_>,
) -> Result<Decision<Act>, Refusal> {
    match command {
        Command::Describe(described) => {
            // What is the installation's is nobody's of the register.
            if !id::is_one(stamp.id) || stamp.id == journal::subject::own().owner {
                return Err(Refusal::BadId);
            }
            let name = id::text(&described.name, NAME).ok_or(Refusal::BadName)?;
            if let Some(wrong) = described.prefecture.filter(|number| !(1..=47).contains(number)) {
                return Err(Refusal::BadPrefecture(wrong));
            }
            let is_bad = |parent: &&String| *parent == stamp.id || !id::is_one(parent);
            if let Some(wrong) = described.parent.as_ref().filter(is_bad) {
                return Err(Refusal::BadParent(wrong.clone()));
            }
            let described = Described { name, ..described };
            let is_known = organisation.described.as_ref() == Some(&described) && organisation.left.is_none();
            Ok(if is_known { Decision::nothing() } else { Decision::one(Act::Described(described)) })
        }
        Command::Leave { reason } => {
            if organisation.described.is_none() || organisation.left.is_some() {
                return Err(Refusal::Missing);
            }
            let reason = id::text(&reason, REASON).ok_or(Refusal::NoReason)?;
            Ok(Decision::one(Act::Left { reason }))
        }
    }
}
