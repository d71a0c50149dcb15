//! What may be done with a set.

use journal::effect::{Mail, Value};
use journal::{Decision, Stamp};
use model::time::Instant;
use serde::{Deserialize, Serialize};

use super::{Act, Added, BUNDLED, Ruleset};

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Add a version.
    Add(Added),
    /// Let a version run, the newest without a number.
    Enable {
        /// Its number.
        version: Option<u32>,
        /// Why.
        reason: String,
    },
    /// Let none run.
    Disable {
        /// Why.
        reason: String,
    },
    /// Turn a rule off here.
    Exclude {
        /// Its id, or its path in the set.
        rule: String,
        /// Its title.
        title: String,
        /// Why.
        reason: String,
        /// From when on it runs again.
        until: Option<Instant>,
    },
    /// Turn it on again.
    Include {
        /// Its id, or its path in the set.
        rule: String,
        /// Why.
        reason: String,
    },
    /// The time of an exclusion is over.
    Expire {
        /// The rule.
        rule: String,
    },
    /// The time of an exclusion is over soon.
    Warn {
        /// The rule.
        rule: String,
    },
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A decision needs a reason.
    #[error("a reason must be given")]
    NoReason,
    /// There is no such version.
    #[error("the set has no version {0}")]
    NoVersion(u32),
    /// There is no version at all.
    #[error("the set has no version yet")]
    NoVersions,
    /// The bundled set comes with the program.
    #[error("the bundled set comes with the program and takes no versions")]
    Bundled,
    /// It is so already.
    #[error("it is so already")]
    Already,
    /// Its end lies in the past.
    #[error("the exclusion would be over already")]
    Over,
    /// The rule is not excluded.
    #[error("the rule is not excluded")]
    NotExcluded,
}

pub(super) fn decide(set: &Ruleset, command: Command, stamp: &Stamp<'_>) -> Result<Decision<Act>, Refusal> {
    let is_bundled = stamp.id == BUNDLED;
    match command {
        Command::Add(_) if is_bundled => Err(Refusal::Bundled),
        Command::Add(added) => Ok(add(set, added)),
        Command::Enable { version, reason } => {
            let reason = given(reason)?;
            let version = version.unwrap_or(if is_bundled { 0 } else { set.newest() });
            match version {
                0 if is_bundled => {}
                0 => return Err(Refusal::NoVersions),
                version if !set.versions.contains_key(&version) => return Err(Refusal::NoVersion(version)),
                _ => {}
            }
            if set.enabled(stamp.id) == Some(version) {
                return Err(Refusal::Already);
            }
            Ok(Decision::one(Act::Enabled { version, reason }))
        }
        Command::Disable { reason } => {
            let reason = given(reason)?;
            if !is_bundled && set.versions.is_empty() {
                return Err(Refusal::NoVersions);
            }
            if set.enabled(stamp.id).is_none() {
                return Err(Refusal::Already);
            }
            Ok(Decision::one(Act::Disabled { reason }))
        }
        Command::Exclude { until: Some(until), .. } if until <= stamp.at => Err(Refusal::Over),
        Command::Exclude { rule, title, reason, until } => {
            let reason = given(reason)?;
            let is_same = |off: &super::Off| off.reason == reason && off.until == until;
            if set.exclusions.get(&rule).is_some_and(is_same) {
                return Err(Refusal::Already);
            }
            Ok(Decision::one(Act::Excluded { rule, title, reason, until }))
        }
        Command::Include { rule, reason } => {
            let reason = Some(given(reason)?);
            let title = set.exclusions.get(&rule).ok_or(Refusal::NotExcluded)?.title.clone();
            Ok(Decision::one(Act::Included { rule, title, reason }))
        }
        Command::Expire { rule } => match set.exclusions.get(&rule) {
            Some(off) if off.until.is_some_and(|until| until <= stamp.at) => {
                let title = off.title.clone();
                Ok(Decision::one(Act::Included { rule, title, reason: None }))
            }
            // Somebody has changed it meanwhile.
            _ => Ok(Decision::nothing()),
        },
        Command::Warn { rule } => Ok(warn(set, &rule, stamp).unwrap_or_else(Decision::nothing)),
    }
}

/// Tells the desk of an exclusion whose time for that has come; none where somebody has changed it meanwhile.
fn warn(set: &Ruleset, rule: &str, stamp: &Stamp<'_>) -> Option<Decision<Act>> {
    let off = set.exclusions.get(rule)?;
    let until = off.until.filter(|until| stamp.at < *until)?;
    off.warning().filter(|warning| *warning <= stamp.at)?;
    let text = |text: &str| Value::Text(text.to_owned());
    let values = [
        ("set", text(stamp.id)),
        ("rule", text(rule)),
        ("title", text(&off.title)),
        ("reason", text(&off.reason)),
        ("since", Value::Time(off.at)),
        ("until", Value::Time(until)),
        ("who", Value::Actor(off.actor.clone())),
    ];
    let mut decision = Decision::one(Act::Warned { rule: rule.to_owned(), until });
    decision.effect(Mail::to_desk("watch.exclusion-expires", values));
    Some(decision)
}

/// A version with the same files as the newest is no new one: a command that is repeated adds nothing.
fn add(set: &Ruleset, added: Added) -> Decision<Act> {
    let newest = set.newest();
    if set.versions.get(&newest).is_some_and(|there| there.archive == added.archive) {
        return Decision::nothing();
    }
    Decision::one(Act::Added { version: newest + 1, added })
}

fn given(reason: String) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() { Err(Refusal::NoReason) } else { Ok(reason.to_owned()) }
}
