//! Benign lists: what no indicator is, with the reason and perhaps an end. Lists that come with the program can be
//! turned off here, or lose values; lists of the installation's own are added.
//!
//! Streams are `watch/benign/<list>`. What becomes an indicator though it is listed says why
//! ([`crate::indicators::Kept`]).

mod queries;
mod rules;
mod tables;

use std::collections::BTreeMap;

use journal::{Actor, Decision, Entropy, Kind, Stamp, Table, Upsert};
use model::indicator::benign::Value;
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

pub use queries::{Entry, entries, in_force, off};
pub use rules::{Command, Refusal};
pub use tables::{LISTS, VALUES};

/// The kind of stream.
pub struct Benigns;

/// A list, as far as somebody decided of it here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Values that were added.
    pub listed: BTreeMap<Value, Said>,
    /// Values of the list that comes with the program, and are left out here.
    pub left_out: BTreeMap<Value, Said>,
    /// Why all of it is off, if it is.
    pub off: Option<Said>,
}

/// What was said of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Option<Instant>,
    /// Who said so.
    pub actor: Actor,
    /// When.
    pub at: Instant,
}

/// What became of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// It has values more.
    Listed {
        /// Which.
        values: Vec<Value>,
        /// Why they are no indicators.
        reason: String,
        /// Until when.
        until: Option<Instant>,
    },
    /// It has values no more.
    Unlisted {
        /// Which.
        values: Vec<Value>,
        /// Why; none where their time was over.
        reason: Option<String>,
    },
    /// It keeps nothing out here.
    SwitchedOff {
        /// Why.
        reason: String,
    },
    /// It keeps out again what it has.
    SwitchedOn {
        /// Why.
        reason: String,
    },
}

impl Listing {
    /// Values whose time is over.
    fn over(&self, now: Instant) -> Vec<Value> {
        let over = self.listed.iter().filter(|(_, said)| said.until.is_some_and(|until| until <= now));
        over.map(|(value, _)| value.clone()).take(rules::MOST).collect()
    }
}

impl Kind for Benigns {
    const NAME: &'static str = "watch/benign";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = tables::TABLES;
    type State = Listing;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Listing,
        command: Command,
        stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        rules::decide(state, command, stamp)
    }

    fn apply(state: &mut Listing, act: &Act, stamp: &Stamp<'_>) {
        let said = |reason: &str, until| Said {
            reason: reason.to_owned(),
            until,
            actor: stamp.actor.clone(),
            at: stamp.at,
        };
        match act {
            Act::Listed { values, reason, until } => {
                for value in values {
                    state.left_out.remove(value);
                    state.listed.insert(value.clone(), said(reason, *until));
                }
            }
            Act::Unlisted { values, reason } => {
                for value in values {
                    // What was not added comes with the program.
                    let was_added = state.listed.remove(value).is_some();
                    if let (false, Some(reason)) = (was_added, reason) {
                        state.left_out.insert(value.clone(), said(reason, None));
                    }
                }
            }
            Act::SwitchedOff { reason } => state.off = Some(said(reason, None)),
            Act::SwitchedOn { .. } => state.off = None,
        }
    }

    fn rows(state: &Listing, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        tables::rows(state, act, stamp)
    }

    fn label(_state: &Listing) -> Label {
        journal::subject::own()
    }

    fn wakes(state: &Listing) -> Option<Instant> {
        state.listed.values().filter_map(|said| said.until).min()
    }

    fn due(state: &Listing, now: Instant) -> Vec<Command> {
        if state.over(now).is_empty() { Vec::new() } else { vec![Command::Expire] }
    }
}
