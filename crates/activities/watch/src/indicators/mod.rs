//! Indicators: values that tell an attack wherever machines see them, and where each came from.
//!
//! Somebody pastes a list (`model::indicator::list` reads it), a partner sends one, or a finding's events give
//! them ([`indicators_of`]). Each is a stream of its own, so that who said what of it, when it was seen and why it
//! went can be shown (clauses P-1, 2-1-2a); what is on a benign list ([`crate::benign`]) comes in with a reason
//! alone. An indicator that is over is none any more.
//!
//! Streams are `watch/indicator/<id>` ([`id`] makes it of kind and value); a mail address is somebody's, so it is
//! sealed and its stream has an id that says nothing. `watch/look` says up to which horizon all were looked for.

mod act;
mod events;
mod look;
mod queries;
mod rules;
mod state;
mod tables;

use journal::{Decision, Entropy, Kind, Stamp, Table, Upsert};
use model::indicator::Observable;
use model::time::Instant;
use model::view::Label;

pub use act::{Act, Added, InFile, Kept, Sighting, Source, Value};
pub use events::{EventRow, Extracted, OfEvents, indicators_of};
pub use look::{Look, LookAct, LookCommand, Looks, NoLook};
pub use queries::{Listed, Looked, Wanted, last_look, list, one};
pub use rules::{Command, New, PEOPLE, Refusal};
pub use state::{Indicator, Status};
pub use tables::{INDICATORS, LOOKS};

/// The kind of stream.
pub struct Indicators;

/// The id of an indicator's stream; none of a mail address, whose id says nothing of it.
#[must_use]
pub fn id(observable: Observable, value: &str) -> Option<String> {
    (observable != Observable::Mail).then(|| crate::id::id(&format!("{observable}:{value}")))
}

impl Kind for Indicators {
    const NAME: &'static str = "watch/indicator";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = tables::TABLES;
    type State = Indicator;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Indicator,
        command: Command,
        stamp: &Stamp<'_>,
        entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        rules::decide(state, command, stamp, entropy)
    }

    fn apply(state: &mut Indicator, act: &Act, stamp: &Stamp<'_>) {
        state.apply(act, stamp);
    }

    fn rows(state: &Indicator, _act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        tables::rows(state, stamp)
    }

    fn label(state: &Indicator) -> Label {
        state.label()
    }

    fn wakes(state: &Indicator) -> Option<Instant> {
        state.until.filter(|_| state.status == Some(Status::Active))
    }

    fn due(state: &Indicator, now: Instant) -> Vec<Command> {
        let is_over = Self::wakes(state).is_some_and(|until| until <= now);
        is_over.then_some(Command::Expire).into_iter().collect()
    }
}
