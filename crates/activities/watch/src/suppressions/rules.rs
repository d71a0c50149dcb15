//! What may be said of a suppression.

use journal::effect::{Mail, Value};
use journal::{Decision, Stamp};
use serde::{Deserialize, Serialize};

use super::{Act, Suppressed, Suppression};

/// Most signs of a filter, of a reason and of a name.
const FILTER: usize = 50_000;
const REASON: usize = 2_000;
const NAME: usize = 60;

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Show this no more. Nothing changes where just this is not shown already.
    Suppress(Suppressed),
    /// Show it again.
    End {
        /// Why.
        reason: String,
    },
    /// Its time is over.
    Expire,
    /// Its time is over soon.
    Warn,
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A suppression is named by small letters, digits and `-`.
    #[error("a suppression is named by small letters, digits and dashes, {NAME} at most")]
    BadName,
    /// There is something to suppress.
    #[error("a filter has 1 to {FILTER} signs")]
    BadFilter,
    /// A decision needs a reason.
    #[error("a reason of 1 to {REASON} signs must be given")]
    NoReason,
    /// Its end lies in the past.
    #[error("the suppression would be over already")]
    Over,
    /// Nothing of this name holds.
    #[error("there is no such suppression, or it is over")]
    NotSuppressed,
}

pub(super) fn decide(
    suppression: &Suppression,
    command: Command,
    stamp: &Stamp<'_>,
) -> Result<Decision<Act>, Refusal> {
    let holding = suppression.last.as_ref().filter(|_| !suppression.is_over);
    match command {
        Command::Suppress(suppressed) => {
            let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if stamp.id.len() > NAME || !stamp.id.bytes().all(is_of_name) {
                return Err(Refusal::BadName);
            }
            if suppressed.filter.trim().is_empty() || suppressed.filter.chars().count() > FILTER {
                return Err(Refusal::BadFilter);
            }
            if suppressed.until <= stamp.at {
                return Err(Refusal::Over);
            }
            let suppressed = Suppressed { reason: given(&suppressed.reason)?, ..suppressed };
            let is_same = holding.is_some_and(|holding| holding.suppressed == suppressed);
            Ok(if is_same { Decision::nothing() } else { Decision::one(Act::Suppressed(suppressed)) })
        }
        Command::End { reason } => {
            holding.ok_or(Refusal::NotSuppressed)?;
            Ok(Decision::one(Act::Ended { reason: Some(given(&reason)?) }))
        }
        Command::Expire => {
            let is_past = holding.is_some_and(|holding| holding.suppressed.until <= stamp.at);
            Ok(if is_past { Decision::one(Act::Ended { reason: None }) } else { Decision::nothing() })
        }
        Command::Warn => Ok(warn(suppression, stamp).unwrap_or_else(Decision::nothing)),
    }
}

/// Tells the desk; none where somebody has changed it meanwhile.
fn warn(suppression: &Suppression, stamp: &Stamp<'_>) -> Option<Decision<Act>> {
    let holding = suppression.holds(stamp.at)?;
    holding.warning().filter(|warning| *warning <= stamp.at)?;
    let until = holding.suppressed.until;
    let text = |text: &str| Value::Text(text.to_owned());
    let values = [
        ("name", text(stamp.id)),
        ("title", text(&holding.suppressed.title)),
        ("rule", text(&holding.suppressed.rules.join(" "))),
        ("reason", text(&holding.suppressed.reason)),
        ("since", Value::Time(holding.at)),
        ("until", Value::Time(until)),
        ("who", Value::Actor(holding.actor.clone())),
    ];
    let mut decision = Decision::one(Act::Warned { until });
    decision.effect(Mail::to_desk("watch.suppression-expires", values));
    Some(decision)
}

fn given(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    let fits = !reason.is_empty() && reason.chars().count() <= REASON;
    if fits { Ok(reason.to_owned()) } else { Err(Refusal::NoReason) }
}
