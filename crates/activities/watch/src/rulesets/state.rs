//! What the acts of a set come to.

use std::collections::BTreeMap;

use journal::{Actor, Stamp};
use model::time::Instant;
use serde::{Deserialize, Serialize};

use super::Act;
use crate::ending;

/// A set of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruleset {
    /// Its versions by their numbers.
    pub versions: BTreeMap<u32, Added>,
    /// Which runs.
    pub switch: Switch,
    /// Rules that do not run here, by id or path.
    pub exclusions: BTreeMap<String, Off>,
}

/// Which version runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Nobody has said: none, but of the bundled set the program's.
    #[default]
    Untouched,
    /// None.
    Off,
    /// This one; 0 of the bundled set.
    On(u32),
}

/// A version of a set, as it was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub struct Added {
    /// sha256 of its archive in the files of the home, 64 digits.
    pub archive: String,
    /// Who its rules are: the same for the same rules in whatever order and files.
    pub digest: String,
    /// Rules that can run.
    pub rules: u32,
    /// Documents that cannot.
    pub refused: u32,
    /// Where it was read.
    pub source: String,
}

/// Why and until when a rule is off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub struct Off {
    /// The rule's title when it was excluded.
    pub title: String,
    /// Why.
    pub reason: String,
    /// From when on it runs again.
    pub until: Option<Instant>,
    /// Who said so.
    pub actor: Actor,
    /// When.
    pub at: Instant,
    /// Whether the desk was told that it ends soon.
    pub is_warned: bool,
}

impl Off {
    /// When the desk is to be told that it ends soon, unless it was.
    pub(super) fn warning(&self) -> Option<Instant> {
        ending::warning(self.at, self.until.filter(|_| !self.is_warned)?)
    }
}

impl Ruleset {
    /// The newest version's number, 0 without any.
    #[must_use]
    pub fn newest(&self) -> u32 {
        self.versions.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// The version that runs, of a set of this name; of the bundled set 0.
    #[must_use]
    pub fn enabled(&self, name: &str) -> Option<u32> {
        match self.switch {
            Switch::Untouched => (name == super::BUNDLED).then_some(0),
            Switch::Off => None,
            Switch::On(version) => Some(version),
        }
    }

    /// Whether a rule is off at a time.
    #[must_use]
    pub fn excludes(&self, rule: &str, now: Instant) -> bool {
        self.exclusions.get(rule).is_some_and(|off| holds(off.until, now))
    }

    pub(super) fn apply(&mut self, act: &Act, stamp: &Stamp<'_>) {
        match act {
            Act::Added { version, added } => {
                self.versions.insert(*version, added.clone());
            }
            Act::Enabled { version, .. } => self.switch = Switch::On(*version),
            Act::Disabled { .. } => self.switch = Switch::Off,
            Act::Excluded { rule, title, reason, until } => {
                let (title, reason, actor) = (title.clone(), reason.clone(), stamp.actor.clone());
                let off = Off { title, reason, until: *until, actor, at: stamp.at, is_warned: false };
                self.exclusions.insert(rule.clone(), off);
            }
            Act::Included { rule, .. } => {
                self.exclusions.remove(rule);
            }
            Act::Warned { rule, .. } => {
                self.exclusions.entry(rule.clone()).and_modify(|off| off.is_warned = true);
            }
        }
    }
}

/// Whether what ends then, if ever, has not ended at a time.
pub(super) fn holds(until: Option<Instant>, at: Instant) -> bool {
    until.is_none_or(|until| at < until)
}
