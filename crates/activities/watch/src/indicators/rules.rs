//! What may be said of an indicator.

use journal::personal::Subject;
use journal::{Decision, Entropy, Stamp};
use model::hash::hex;
use model::indicator::{Indicator as Sought, Observable};
use model::marking::Marking;
use model::time::Instant;
use serde::{Deserialize, Serialize};

use super::act::{Act, Added, Kept, Sighting, Source, Value};
use super::state::{Indicator, Status};

/// The retention class of mail addresses that are indicators.
pub const PEOPLE: &str = "indicators";
/// Most signs of a note or a reason.
const NOTE: usize = 2_000;

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Say that it is one. Nothing changes where all of it was said.
    Add(Box<New>),
    /// Say what the lake has of it. Nothing changes where it has the same.
    See(Sighting),
    /// Say that it is none.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Its time is over.
    Expire,
}

/// What is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct New {
    /// What it is.
    pub observable: Observable,
    /// Its value in the one spelling.
    pub value: String,
    /// Where it came from.
    pub source: Source,
    /// What somebody notes.
    pub note: String,
    /// What may be done with it.
    pub marking: Marking,
    /// How sure it is, in percent.
    pub confidence: Option<u8>,
    /// From when on it is none any more.
    pub until: Option<Instant>,
    /// Why it is one though it is on a benign list.
    pub kept: Option<Kept>,
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A decision needs a reason.
    #[error("a reason must be given")]
    NoReason,
    /// A note is too long.
    #[error("a note has at most {NOTE} signs")]
    LongNote,
    /// There can be no such value, or it is another stream's.
    #[error("there is no such value of this kind")]
    NoValue,
    /// Confidence is in percent.
    #[error("confidence is 0 to 100")]
    Confidence,
    /// Its end lies in the past.
    #[error("it would be over already")]
    Over,
    /// It is none.
    #[error("it is no indicator now")]
    NotActive,
}

pub(super) fn decide(
    indicator: &Indicator,
    command: Command,
    stamp: &Stamp<'_>,
    entropy: &mut Entropy,
) -> Result<Decision<Act>, Refusal> {
    match command {
        Command::Add(new) => add(indicator, *new, stamp, entropy),
        // What is none any more is not looked for; whoever looks may be late.
        Command::See(_) if !indicator.is_active() => Ok(Decision::nothing()),
        Command::See(Sighting { rows: 0, .. }) if indicator.seen.is_none() => Ok(Decision::nothing()),
        Command::See(sighting) => {
            let sighting = indicator.seen.map_or(sighting, |before| before.and(&sighting));
            let is_new = indicator.seen.is_none_or(|before| !before.is_as(&sighting));
            Ok(if is_new { Decision::one(Act::Seen(sighting)) } else { Decision::nothing() })
        }
        Command::Withdraw { .. } if !indicator.is_active() => Err(Refusal::NotActive),
        Command::Withdraw { reason } => {
            let reason = text(&reason)?;
            if reason.is_empty() {
                Err(Refusal::NoReason)
            } else {
                Ok(Decision::one(Act::Withdrawn { reason }))
            }
        }
        Command::Expire => {
            let is_over = indicator.until.is_some_and(|until| until <= stamp.at);
            let is_due = indicator.status == Some(Status::Active) && is_over;
            Ok(if is_due { Decision::one(Act::Expired) } else { Decision::nothing() })
        }
    }
}

fn add(
    indicator: &Indicator,
    new: New,
    stamp: &Stamp<'_>,
    entropy: &mut Entropy,
) -> Result<Decision<Act>, Refusal> {
    let is_own = super::id(new.observable, &new.value).is_none_or(|id| id == stamp.id);
    let is_same = indicator.observable.is_none_or(|observable| observable == new.observable);
    if !is_own || !is_same || Sought::exact(new.observable, &new.value).is_err() {
        return Err(Refusal::NoValue);
    }
    if new.confidence.is_some_and(|confidence| confidence > 100) {
        return Err(Refusal::Confidence);
    }
    if new.until.is_some_and(|until| until <= stamp.at) {
        return Err(Refusal::Over);
    }
    let kept = match new.kept {
        Some(kept) if kept.reason.trim().is_empty() => return Err(Refusal::NoReason),
        Some(kept) => Some(Kept { reason: text(&kept.reason)?, ..kept }),
        None => None,
    };
    let mut decision = Decision::nothing();
    let value = match &indicator.value {
        Some(value) => value.clone(),
        None if new.observable == Observable::Mail => {
            // No address stands in an act, nor anything that is made of one.
            let subject = format!("address:{}", hex(&entropy.bytes::<8>()));
            let subject = Subject { subject, class: PEOPLE.to_owned() };
            Value::Person(decision.personal(subject, &new.value, entropy))
        }
        None => Value::Plain(new.value),
    };
    let added = Added {
        observable: new.observable,
        value,
        source: new.source,
        note: text(&new.note)?,
        marking: new.marking,
        confidence: new.confidence,
        until: new.until,
        kept,
    };
    if indicator.has(&added) {
        return Ok(Decision::nothing());
    }
    decision.acts.push(Act::Added(Box::new(added)));
    Ok(decision)
}

fn text(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() <= NOTE { Ok(text.to_owned()) } else { Err(Refusal::LongNote) }
}
