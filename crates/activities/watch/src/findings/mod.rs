//! Findings: verdicts that tell one story, and what people make of it.
//!
//! Verdicts are grouped as they come ([`keys`] says by what, [`plan`](fn@plan) how), by whoever holds the home, in
//! pieces: what a piece comes to, and how far the verdicts were read, are acts of one transaction ([`group`]). People
//! take a finding, note, grade, merge, split and close it; closing needs a disposition, which is counted for
//! each rule (clause 2-2-2d wants to know what a rule is worth). Before people act, the same verdicts give the same
//! findings whatever the order and the pieces in which they come.
//!
//! Streams are `watch/finding/<number>`; `watch/grouping/<compartment>` says how far verdicts were grouped and which
//! number is next. A verdict is in one finding; a finding that was merged into another stays as a part of it.

mod act;
mod grouper;
mod grouping;
mod link;
mod plan;
mod queries;
mod rules;
mod state;
mod summary;
mod tables;

use model::evidence::ContentId;
use model::level::Level;
use model::marking::Marking;
use model::time::Instant;

use journal::{Decision, Entropy, Kind, Stamp, Table, Upsert};
use model::fact::Fact;
use model::view::Label;

pub use act::{Act, ByRule, Change, Clearance, Closing, Disposition, Joined, Replacement};
pub use grouper::{GroupError, Piece, Stepped, group, runs_of, state as grouping};
pub use grouping::{Grouped, Grouping, GroupingAct, GroupingCommand, GroupingRefusal, Groupings};
pub use link::{Key, keys};
pub use plan::{Joining, Known, Plan, Run, Standing, plan};
pub use queries::{
    Listed, RuleTold, Wanted, changed_together, findings_of, list, one, owners, parts, rules_of, verdicts_of,
};
pub use rules::{Asked, Command, OWNERS, Refusal};
pub use state::{Finding, Said, Status};
pub use summary::{RuleSeen, Summary};
pub use tables::{FINDINGS, LINKS, RULES, VERDICTS};

/// The fact that a finding was closed; it is about the disposition.
pub const CLOSED: &str = "watch.finding-closed";
/// The fact that a finding may be used in exercises.
pub const CLEARED: &str = "watch.finding-cleared";
/// The fact that it may not be used any more.
pub const WITHHELD: &str = "watch.finding-withheld";

/// A verdict as grouping sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its id.
    pub id: ContentId,
    /// Time of its event, where it has none when it was found.
    pub time: Instant,
    /// Whose event it is; empty where it stands on those of several.
    pub organisation: String,
    /// What may be done with it.
    pub marking: Marking,
    /// The host.
    pub host: Option<String>,
    /// Unique id of the process.
    pub process: Option<String>,
    /// Unique id of its parent process.
    pub parent: Option<String>,
    /// The session.
    pub session: Option<String>,
    /// The rule's id, or digest where it has none.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: Level,
    /// ATT&CK techniques.
    pub techniques: Vec<String>,
    /// Values that the events of a correlation share.
    pub group: Vec<(String, String)>,
    /// Events that take part.
    pub events: u64,
}

/// The kind of stream.
pub struct Findings;

impl Kind for Findings {
    const NAME: &'static str = "watch/finding";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = tables::TABLES;
    type State = Finding;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Finding,
        command: Command,
        stamp: &Stamp<'_>,
        entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        rules::decide(state, command, stamp, entropy)
    }

    fn apply(state: &mut Finding, act: &Act, stamp: &Stamp<'_>) {
        state.apply(act, stamp);
    }

    fn rows(state: &Finding, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        tables::rows(state, act, stamp)
    }

    fn label(state: &Finding) -> Label {
        state.label()
    }

    fn fact(_state: &Finding, act: &Act, stamp: &Stamp<'_>) -> Option<Fact> {
        let (name, about) = match act {
            Act::Changed { change: Change::Closed(closing), .. } => (CLOSED, closing.disposition.as_str()),
            Act::Changed { change: Change::Cleared(clearance), .. } => (CLEARED, clearance.marking.as_str()),
            Act::Changed { change: Change::Withheld { .. }, .. } => (WITHHELD, ""),
            _ => return None,
        };
        let stream = format!("{}/{}", Self::NAME, stamp.id);
        Some(Fact { name: name.to_owned(), stream, sequence: stamp.sequence, about: about.to_owned() })
    }
}
