//! What may be done with a finding.

use journal::personal::Subject;
use journal::{Decision, Entropy, Stamp};
use model::hash::hex;
use model::level::Level;
use serde::{Deserialize, Serialize};

use super::act::{Act, ByRule, Change, Clearance, Closing, Disposition, Joined};
use super::state::{Finding, Status};
use super::summary::Summary;

/// The retention class of names of those who work on findings.
pub const OWNERS: &str = "owners";

/// Signs of a note or a title.
const NOTE: usize = 20_000;
const TITLE: usize = 200;

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Take verdicts.
    Join(Joined),
    /// Give verdicts to another finding.
    Part {
        /// Which, by rule as the summary names it.
        #[serde(with = "super::act::ids")]
        verdicts: ByRule,
        /// The finding that takes them.
        into: u64,
        /// What those that are left come to.
        rest: Summary,
        /// How many acts it had when it was looked at.
        acts: u64,
    },
    /// Become a part of another finding.
    Merge {
        /// Of which.
        into: u64,
        /// Why, where a person says so.
        reason: Option<String>,
        /// How many acts it had when it was looked at: what it comes to goes elsewhere.
        acts: u64,
    },
    /// Have another finding as a part.
    Absorb {
        /// Which.
        finding: u64,
        /// What that one comes to.
        summary: Summary,
        /// Why, where a person says so.
        reason: Option<String>,
    },
    /// Be a finding of its own again.
    Restore {
        /// Why.
        reason: String,
    },
    /// Have another one as a part no more.
    Release {
        /// Which.
        finding: u64,
        /// Why.
        reason: String,
    },
    /// Change it.
    Change {
        /// What.
        change: Asked,
        /// What changes together has this in common.
        together: Option<String>,
    },
    /// Take back what was changed together last.
    TakeBack {
        /// What changed together.
        together: String,
        /// Why.
        reason: String,
    },
}

/// What a person wants to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Somebody works on it.
    Assign {
        /// Their name.
        name: String,
        /// Who that is, if they are known.
        subject: Option<String>,
    },
    /// Nobody works on it any more.
    Unassign,
    /// It is done.
    Close {
        /// What it was.
        disposition: Disposition,
        /// Why.
        reason: String,
    },
    /// It is to be looked at again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// It is so severe.
    Grade {
        /// How severe.
        level: Level,
        /// Why.
        reason: String,
    },
    /// It is called so.
    Title(String),
    /// A note.
    Note(String),
    /// A file belongs to it.
    Attach {
        /// The file's hash.
        sha256: String,
        /// Its name.
        name: String,
    },
    /// It may be used in exercises.
    Clear(Clearance),
    /// It may not be used in exercises any more.
    Withhold {
        /// Why.
        reason: String,
    },
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There is no such finding.
    #[error("there is no such finding")]
    Missing,
    /// A decision needs a reason.
    #[error("a reason must be given")]
    NoReason,
    /// A name, note or title is empty or too long.
    #[error("the text is empty or too long")]
    BadText,
    /// It is so already.
    #[error("it is so already")]
    Already,
    /// It is a part of another one.
    #[error("it is a part of finding {0}")]
    Part(u64),
    /// It has parts, so that it cannot become one.
    #[error("it has findings that people merged into it")]
    HasParts,
    /// It is closed.
    #[error("it is closed")]
    Closed,
    /// It is not closed.
    #[error("it is not closed")]
    NotClosed,
    /// The other finding is no part of it that people merged.
    #[error("finding {0} was not merged into it by a person")]
    NotPart(u64),
    /// A person has acted on it meanwhile.
    #[error("a person has acted on it")]
    Held,
    /// What was changed together is not what was changed last.
    #[error("it was changed again since")]
    ChangedSince,
    /// It was changed since it was looked at.
    #[error("it was changed meanwhile")]
    Meanwhile,
    /// Nothing would be left.
    #[error("no verdict would be left")]
    Empty,
}

pub(super) fn decide(
    finding: &Finding,
    command: Command,
    stamp: &Stamp<'_>,
    entropy: &mut Entropy,
) -> Result<Decision<Act>, Refusal> {
    if let Command::Join(joined) = command {
        return join(finding, joined);
    }
    if finding.opened.is_none() {
        return Err(Refusal::Missing);
    }
    match (command, finding.whole) {
        (Command::Restore { reason }, Some(_)) => {
            let reason = given(reason)?;
            Ok(Decision::one(Act::Restored { reason }))
        }
        (Command::Restore { .. }, None) => Err(Refusal::Already),
        (_, Some(whole)) => Err(Refusal::Part(whole)),
        (Command::Part { acts, .. } | Command::Merge { acts, .. }, None) if acts + 1 != stamp.sequence => {
            Err(Refusal::Meanwhile)
        }
        (Command::Part { verdicts, into, rest, .. }, None) => part(verdicts, into, rest),
        (Command::Merge { into, reason, .. }, None) => merge(finding, into, reason, stamp),
        (Command::Absorb { finding: other, summary, reason }, None) => {
            absorb(finding, other, summary, reason)
        }
        (Command::Release { finding: other, reason }, None) => {
            let reason = given(reason)?;
            let part = finding.merged.get(&other).ok_or(Refusal::NotPart(other))?;
            let rules = part.rules.keys().cloned().collect();
            Ok(Decision::one(Act::Released { finding: other, rules, reason }))
        }
        (Command::Change { change, together }, None) => change_it(finding, change, together, entropy),
        (Command::TakeBack { together, reason }, None) => {
            let reason = given(reason)?;
            match &finding.before {
                Some((last, _)) if *last == together => {
                    Ok(Decision::one(Act::TakenBack { together, reason }))
                }
                _ => Err(Refusal::ChangedSince),
            }
        }
        (Command::Join(_), None) => Ok(Decision::nothing()),
    }
}

fn join(finding: &Finding, joined: Joined) -> Result<Decision<Act>, Refusal> {
    match finding.status() {
        Status::Merged => Err(Refusal::Part(finding.whole.unwrap_or_default())),
        Status::Closed => Err(Refusal::Closed),
        Status::New | Status::Progress => Ok(Decision::one(Act::Joined(joined))),
    }
}

fn part(verdicts: ByRule, into: u64, rest: Summary) -> Result<Decision<Act>, Refusal> {
    if rest.verdicts == 0 || verdicts.is_empty() {
        return Err(Refusal::Empty);
    }
    Ok(Decision::one(Act::Parted { verdicts, into, rest }))
}

fn merge(
    finding: &Finding,
    into: u64,
    reason: Option<String>,
    stamp: &Stamp<'_>,
) -> Result<Decision<Act>, Refusal> {
    let reason = reason.map(given).transpose()?;
    if reason.is_none() && finding.is_held {
        return Err(Refusal::Held);
    }
    if finding.status() == Status::Closed {
        return Err(Refusal::Closed);
    }
    if !finding.merged.is_empty() {
        return Err(Refusal::HasParts);
    }
    if stamp.id == into.to_string() {
        return Err(Refusal::Already);
    }
    Ok(Decision::one(Act::Merged { into, reason }))
}

fn absorb(
    finding: &Finding,
    other: u64,
    summary: Summary,
    reason: Option<String>,
) -> Result<Decision<Act>, Refusal> {
    if finding.status() == Status::Closed {
        return Err(Refusal::Closed);
    }
    let reason = reason.map(given).transpose()?;
    Ok(Decision::one(Act::Absorbed { finding: other, summary, reason }))
}

fn change_it(
    finding: &Finding,
    asked: Asked,
    together: Option<String>,
    entropy: &mut Entropy,
) -> Result<Decision<Act>, Refusal> {
    let mut decision = Decision::nothing();
    let is_closed = finding.said.closing.is_some();
    let change = match asked {
        Asked::Assign { name, subject } => {
            let name = text(name, TITLE)?;
            // No name stands in an act, nor anything that is made of one.
            let subject = subject.unwrap_or_else(|| format!("person:{}", hex(&entropy.bytes::<8>())));
            let subject = Subject { subject, class: OWNERS.to_owned() };
            Change::Assigned { owner: Some(decision.personal(subject, &name, entropy)) }
        }
        Asked::Unassign if finding.said.owner.is_none() => return Err(Refusal::Already),
        Asked::Unassign => Change::Assigned { owner: None },
        Asked::Close { .. } if is_closed => return Err(Refusal::Closed),
        Asked::Close { disposition, reason } => {
            Change::Closed(Closing { disposition, reason: given(reason)? })
        }
        Asked::Reopen { .. } if !is_closed => return Err(Refusal::NotClosed),
        Asked::Reopen { reason } => Change::Reopened { reason: given(reason)? },
        Asked::Grade { level, .. } if finding.level() == level => return Err(Refusal::Already),
        Asked::Grade { level, reason } => Change::Graded { level, reason: given(reason)? },
        Asked::Title(title) => Change::Titled { title: text(title, TITLE)? },
        Asked::Note(note) => Change::Noted { text: text(note, NOTE)? },
        Asked::Attach { sha256, .. } if finding.attachments.contains_key(&sha256) => {
            return Err(Refusal::Already);
        }
        Asked::Attach { sha256, name } => Change::Attached { sha256, name: text(name, TITLE)? },
        Asked::Clear(clearance) => {
            let clearance = Clearance { reason: given(clearance.reason)?, ..clearance };
            if finding.cleared.as_ref() == Some(&clearance) {
                return Err(Refusal::Already);
            }
            Change::Cleared(clearance)
        }
        Asked::Withhold { .. } if finding.cleared.is_none() => return Err(Refusal::Already),
        Asked::Withhold { reason } => Change::Withheld { reason: given(reason)? },
    };
    decision.acts.push(Act::Changed { change, together });
    Ok(decision)
}

fn given(reason: String) -> Result<String, Refusal> {
    text(reason, NOTE).map_err(|_| Refusal::NoReason)
}

fn text(text: String, longest: usize) -> Result<String, Refusal> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= longest;
    if fits { Ok(text.to_owned()) } else { Err(Refusal::BadText) }
}
