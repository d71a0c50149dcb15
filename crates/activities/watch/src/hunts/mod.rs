//! Saved hunts: questions that somebody asks again, with what they look for, and each time they were asked.
//!
//! A hunt is SQL and a text; saving it anew makes a version. A run says at which horizon of the lake it was asked,
//! how many rows it found and the hash of them, and never the rows: asked again at the same horizon they are the
//! same, or something is wrong. Who hunted for what, when and in what, is so shown to whoever asks (clauses P-1,
//! 2-1-2a).
//!
//! Streams are `watch/hunt/<name>`.

mod queries;
mod rules;
mod tables;

use journal::{Actor, Decision, Entropy, Kind, Stamp, Table, Upsert};
use model::hash::Sha256;
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

pub use queries::{Listed, RunTold, list, runs};
pub use rules::{Command, Refusal};
pub use tables::{HUNTS, RUNS};

/// The kind of stream.
pub struct Hunts;

/// A hunt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunt {
    /// Its versions, the first one first.
    pub versions: Vec<Version>,
    /// How often it was run.
    pub runs: u64,
    /// The last run.
    pub last: Option<Run>,
    /// When it was.
    pub last_run: Option<Instant>,
    /// Why nobody runs it any more.
    pub retired: Option<String>,
}

/// A version of a hunt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// What is asked.
    #[serde(flatten)]
    pub saved: Saved,
    /// Who saved it.
    pub actor: Actor,
    /// When.
    pub at: Instant,
}

/// What is asked, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The question.
    pub sql: String,
    /// What it looks for, in whatever language.
    pub text: String,
    /// ATT&CK techniques that it is about.
    pub techniques: Vec<String>,
    /// Clauses of the mission that it serves.
    pub clauses: Vec<String>,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The version that was run, from 1.
    pub version: u32,
    /// What of the lake was asked.
    pub horizon: String,
    /// Rows of the answer.
    pub rows: u64,
    /// The hash of its columns and rows, in whatever order they come.
    pub hash: Sha256,
    /// The run whose horizon it is, where it was asked again.
    pub again: Option<u64>,
}

/// What became of a hunt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// It has a new version.
    Saved(Saved),
    /// It was run.
    Ran(Run),
    /// Nobody is to run it any more.
    Retired {
        /// Why.
        reason: String,
    },
}

impl Hunt {
    /// The version of a number, from 1.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&Version> {
        self.versions.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The number of the newest version, 0 without any.
    #[must_use]
    pub fn newest(&self) -> u32 {
        u32::try_from(self.versions.len()).unwrap_or(u32::MAX)
    }
}

impl Kind for Hunts {
    const NAME: &'static str = "watch/hunt";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = tables::TABLES;
    type State = Hunt;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Hunt,
        command: Command,
        stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        rules::decide(state, command, stamp)
    }

    fn apply(state: &mut Hunt, act: &Act, stamp: &Stamp<'_>) {
        match act {
            Act::Saved(saved) => {
                let (actor, at) = (stamp.actor.clone(), stamp.at);
                state.versions.push(Version { saved: saved.clone(), actor, at });
                state.retired = None;
            }
            Act::Ran(run) => {
                state.runs += 1;
                state.last = Some(run.clone());
                state.last_run = Some(stamp.at);
            }
            Act::Retired { reason } => state.retired = Some(reason.clone()),
        }
    }

    fn rows(state: &Hunt, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        tables::rows(state, act, stamp)
    }

    fn label(_state: &Hunt) -> Label {
        journal::subject::own()
    }
}
