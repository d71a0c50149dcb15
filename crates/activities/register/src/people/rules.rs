//! What may be said of somebody.

use journal::personal::Subject;
use journal::{Decision, Entropy, Stamp};
use serde::{Deserialize, Serialize};

use super::{Act, NAMES, Person, Place, subject};
use crate::id;

/// Most signs of a name and of a reason.
const NAME: usize = 200;
const REASON: usize = 2_000;

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Say who they are, where they belong and what they do. One that had left is there again.
    Enter {
        /// Where, and what.
        place: Place,
        /// The name; none leaves it as it is.
        name: Option<String>,
        /// Whether it is theirs already: what is written in an act cannot be compared.
        is_name_known: bool,
    },
    /// Let them be there no more.
    Leave {
        /// Why.
        reason: String,
    },
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// An id is a short word.
    #[error("an id is of small letters, digits, dots and dashes, 60 at most")]
    BadId,
    /// They have a name.
    #[error("a name has 1 to {NAME} signs")]
    BadName,
    /// They belong somewhere.
    #[error("{0:?} is no organisation's id")]
    BadOrganisation(String),
    /// They do something.
    #[error("a role must be given")]
    NoRole,
    /// A decision needs a reason.
    #[error("a reason must be given")]
    NoReason,
    /// There is nobody of this id, or they have left.
    #[error("there is no such person, or they have left")]
    Missing,
}

pub(super) fn decide(
    person: &Person,
    command: Command,
    stamp: &Stamp<'_>,
    entropy: &mut Entropy,
) -> Result<Decision<Act>, Refusal> {
    match command {
        Command::Enter { place, name, is_name_known } => {
            if !id::is_one(stamp.id) {
                return Err(Refusal::BadId);
            }
            if !id::is_one(&place.organisation) {
                return Err(Refusal::BadOrganisation(place.organisation));
            }
            if place.roles.is_empty() {
                return Err(Refusal::NoRole);
            }
            let name = name.map(|name| id::text(&name, NAME).ok_or(Refusal::BadName)).transpose()?;
            let mut decision = Decision::nothing();
            if person.place.as_ref() != Some(&place) || person.left.is_some() {
                decision.acts.push(Act::Placed(place));
            }
            if let Some(name) = name.filter(|_| !is_name_known || person.name.is_none()) {
                let subject = Subject { subject: subject(stamp.id), class: NAMES.to_owned() };
                let name = decision.personal(subject, &name, entropy);
                decision.acts.push(Act::Named { name });
            }
            Ok(decision)
        }
        Command::Leave { reason } => {
            if person.place.is_none() || person.left.is_some() {
                return Err(Refusal::Missing);
            }
            let reason = id::text(&reason, REASON).ok_or(Refusal::NoReason)?;
            Ok(Decision::one(Act::Left { reason }))
        }
    }
}
