//! Suppressions: what rules find here and nobody needs to see, for a while and with a reason.
//!
//! A suppression is a Sigma filter. It holds for whatever version of a rule it names, so that updates do not undo
//! it, and always ends: before it does the operations desk gets a mail, 7 days before if it was made for 8 days or
//! more, a day before if for 2 days or more. A rule stays the rule that it is, so that verdicts of before and after
//! are the same. Clauses P-1 and 2-1-2a ask who decided that something is not shown, when and why.
//!
//! Streams are `watch/suppression/<name>`.

mod queries;
mod rules;
mod tables;

use journal::{Actor, Decision, Entropy, Kind, Stamp, Table, Upsert};
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

use crate::ending;

pub use queries::{Listed, list};
pub use rules::{Command, Refusal};
pub use tables::SUPPRESSIONS;

/// The kind of stream.
pub struct Suppressions;

/// A suppression.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// What holds, or held last; none where nobody has said anything.
    pub last: Option<Holding>,
    /// Whether it was ended.
    pub is_over: bool,
}

/// What somebody said is not to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// What is not shown.
    #[serde(flatten)]
    pub suppressed: Suppressed,
    /// Who said so.
    pub actor: Actor,
    /// When.
    pub at: Instant,
    /// Whether the desk was told that it ends soon.
    pub is_warned: bool,
}

/// What is not shown, why and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressed {
    /// The filter: one document of YAML, as Sigma has it.
    pub filter: String,
    /// Its title.
    pub title: String,
    /// Ids and names of the rules that it names; none where it is for all of a log source.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
    /// From when on it is shown again.
    pub until: Instant,
}

/// What became of a suppression.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// This is not shown, in place of what was said before.
    Suppressed(Suppressed),
    /// It is shown again.
    Ended {
        /// Why; `None` where its time was over.
        reason: Option<String>,
    },
    /// The desk was told that it ends soon.
    Warned {
        /// When.
        until: Instant,
    },
}

impl Suppression {
    /// What holds at a time.
    #[must_use]
    pub fn holds(&self, at: Instant) -> Option<&Holding> {
        self.last.as_ref().filter(|last| !self.is_over && at < last.suppressed.until)
    }
}

impl Holding {
    /// When the desk is to be told that it ends soon, unless it was.
    fn warning(&self) -> Option<Instant> {
        ending::warning(self.at, self.suppressed.until).filter(|_| !self.is_warned)
    }
}

impl Kind for Suppressions {
    const NAME: &'static str = "watch/suppression";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = tables::TABLES;
    type State = Suppression;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Suppression,
        command: Command,
        stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        rules::decide(state, command, stamp)
    }

    fn apply(state: &mut Suppression, act: &Act, stamp: &Stamp<'_>) {
        match act {
            Act::Suppressed(suppressed) => {
                let (suppressed, actor) = (suppressed.clone(), stamp.actor.clone());
                state.last = Some(Holding { suppressed, actor, at: stamp.at, is_warned: false });
                state.is_over = false;
            }
            Act::Ended { .. } => state.is_over = true,
            Act::Warned { .. } => {
                if let Some(last) = &mut state.last {
                    last.is_warned = true;
                }
            }
        }
    }

    fn rows(state: &Suppression, _act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        tables::rows(state, stamp)
    }

    fn label(_state: &Suppression) -> Label {
        journal::subject::own()
    }

    fn wakes(state: &Suppression) -> Option<Instant> {
        let last = state.last.as_ref().filter(|_| !state.is_over)?;
        Some(last.warning().map_or(last.suppressed.until, |warning| warning.min(last.suppressed.until)))
    }

    fn due(state: &Suppression, now: Instant) -> Vec<Command> {
        let Some(last) = state.last.as_ref().filter(|_| !state.is_over) else { return Vec::new() };
        if last.suppressed.until <= now {
            return vec![Command::Expire];
        }
        last.warning().filter(|warning| *warning <= now).map(|_| Command::Warn).into_iter().collect()
    }
}
