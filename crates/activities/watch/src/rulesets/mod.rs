//! Sets of detection rules: their versions, which is on, and which rules are off here.
//!
//! A set is what somebody publishes together, such as SigmaHQ's rules. It is added as versions; one of them
//! is on, or none. An exclusion turns a rule off here, with a reason and, if it shall not be for ever, until
//! when; it is the set's, not a version's, so that it outlives updates. Before it ends the operations desk gets a
//! mail: 7 days before if the exclusion was made for 8 days or more, a day before if for 2 days or more, none if
//! for less, since whoever made it knows.
//!
//! Streams are `watch/ruleset/<name>`. The rules that come with the program are the set [`BUNDLED`], which is
//! on until somebody turns it off and whose version is the program's.

mod queries;
mod rules;
mod state;
mod tables;

use std::fmt;

use journal::{Decision, Entropy, Kind, Stamp, Table, Upsert};
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

pub use queries::{Exclusion, Listed, exclusions, list};
pub use rules::{Command, Refusal};
pub use state::{Added, Off, Ruleset, Switch};

/// The name of the set that comes with the program.
pub const BUNDLED: &str = "bundled";

/// The kind of stream.
pub struct Rulesets;

/// What became of a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "snake_case")]
pub enum Act {
    /// It has a new version.
    Added {
        /// Its number, from 1.
        version: u32,
        /// What it is made of.
        #[serde(flatten)]
        added: Added,
    },
    /// A version runs from now on, and no other; of the bundled set, the program's.
    Enabled {
        /// Its number, 0 of the bundled set.
        version: u32,
        /// Why.
        reason: String,
    },
    /// None runs any more.
    Disabled {
        /// Why.
        reason: String,
    },
    /// A rule does not run here, in whatever version.
    Excluded {
        /// Its id, or its path in the set where it has none.
        rule: String,
        /// Its title then.
        title: String,
        /// Why.
        reason: String,
        /// From when on it runs again.
        until: Option<Instant>,
    },
    /// A rule runs again that was excluded.
    Included {
        /// Its id, or its path in the set.
        rule: String,
        /// Its title when it was excluded.
        title: String,
        /// Why; `None` where the exclusion's time was over.
        reason: Option<String>,
    },
    /// The desk was told that an exclusion ends soon.
    Warned {
        /// The rule's id, or its path in the set.
        rule: String,
        /// When it ends.
        until: Instant,
    },
}

impl Kind for Rulesets {
    const NAME: &'static str = "watch/ruleset";
    const ACTS: u32 = 2;
    const FOLD: u32 = 2;
    const TABLES: &'static [Table] = tables::TABLES;
    type State = Ruleset;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Ruleset,
        command: Command,
        stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        rules::decide(state, command, stamp)
    }

    fn apply(state: &mut Ruleset, act: &Act, stamp: &Stamp<'_>) {
        state.apply(act, stamp);
    }

    fn rows(state: &Ruleset, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        tables::rows(state, act, stamp)
    }

    fn label(_state: &Ruleset) -> Label {
        journal::subject::own()
    }

    fn wakes(state: &Ruleset) -> Option<Instant> {
        let times = state.exclusions.values().flat_map(|off| [off.until, off.warning()]);
        times.flatten().min()
    }

    fn due(state: &Ruleset, now: Instant) -> Vec<Command> {
        let is_past = |time: Option<Instant>| time.is_some_and(|time| time <= now);
        let due = state.exclusions.iter().filter_map(|(rule, off)| {
            let rule = || rule.clone();
            match off {
                off if is_past(off.until) => Some(Command::Expire { rule: rule() }),
                off if is_past(off.warning()) => Some(Command::Warn { rule: rule() }),
                _ => None,
            }
        });
        due.collect()
    }
}

/// A set's version as verdicts name it: `sigma@3`; of the bundled set the program's version.
#[must_use]
pub fn name_of(set: &str, version: impl fmt::Display) -> String {
    format!("{set}@{version}")
}
