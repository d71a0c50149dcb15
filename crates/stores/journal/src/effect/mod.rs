//! What activities want done outside, and what became of it.
//!
//! An [`Effect`] is a value in a [`Decision`](crate::Decision). The writer gives each a stream of the journal's own kind,
//! `journal/effect/<key>`, in the very commit of the acts that it follows from, so that a crash between
//! decision and delivery loses nothing. Whoever carries effects out asks the journal what is due
//! ([`Journal::due_effects`](crate::Journal::due_effects)) and says what became of it by a [`Command`]. What
//! activities want to know of that, they follow as facts ([`DELIVERED`], [`GIVEN_UP`]).
//!
//! The key is the first 16 bytes of sha256(stream ‖ 0 ‖ number of the decision's first act ‖ number of the
//! effect in the decision, from 0; both as 8 bytes, big-endian), as hexadecimal digits: the same whenever and
//! however often it is delivered.

mod stream;

use std::collections::BTreeMap;

use model::hash::{Sha256, hex};
use model::time::Instant;
use serde::{Deserialize, Serialize};
use sha2::Digest;

use crate::act::Actor;

pub use stream::{Act, Command, Effects, Ordered, Outgoing, Refusal, State};

/// The fact that an effect was carried out; it is about `<stream that ordered it>#<sequence>`.
pub const DELIVERED: &str = "journal.effect-delivered";
/// The fact that an effect was given up; it is about `<stream that ordered it>#<sequence>`.
pub const GIVEN_UP: &str = "journal.effect-given-up";
/// The table of effects.
pub const OUTBOX: &str = "journal_outbox";

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Effect {
    /// A mail.
    Mail(Mail),
    /// A file for the installation's delivery folder.
    File(FileDrop),
}

/// A mail, before it has words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    pub to: Recipient,
    /// Which text: `watch.exclusion-expires`.
    pub template: String,
    /// What stands in it, by the names in the text.
    pub values: BTreeMap<String, Value>,
}

/// To whom a mail goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// The operations desk of the installation, as its settings say.
    Desk,
}

/// What stands in a mail; it becomes words when the mail is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text, as somebody wrote it.
    Text(String),
    /// An instant, shown in the installation's zone.
    Time(Instant),
    /// A length of time, shown in the units that suit it.
    Seconds(u64),
    /// Somebody who acted, shown by the name that is known then: names do not stand in acts.
    Actor(Actor),
}

/// A file of the home that goes into the delivery folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDrop {
    /// What it is called there.
    pub name: String,
    /// The bytes, by their hash in the home's files.
    pub sha256: Sha256,
}

impl Mail {
    /// A mail to the operations desk, as an effect.
    pub fn to_desk<const N: usize>(template: &str, values: [(&str, Value); N]) -> Effect {
        let values = values.map(|(name, value)| (name.to_owned(), value)).into();
        Effect::Mail(Self { to: Recipient::Desk, template: template.to_owned(), values })
    }
}

impl Effect {
    /// Its kind, as the outbox has it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Mail(_) => "mail",
            Self::File(_) => "file",
        }
    }

    /// What it is: the text of a mail, the name of a file.
    #[must_use]
    pub fn what(&self) -> &str {
        match self {
            Self::Mail(mail) => &mail.template,
            Self::File(file) => &file.name,
        }
    }
}

/// Whether what is ordered in a compartment may reach the outside; what an exercise orders may not.
pub(crate) fn may_leave(compartment: &str) -> bool {
    compartment == "own"
}

/// The idempotency key of an effect.
pub(crate) fn key(stream: &str, sequence: u64, number: u64) -> String {
    let mut hash = sha2::Sha256::new();
    hash.update(stream);
    hash.update([0]);
    hash.update(sequence.to_be_bytes());
    hash.update(number.to_be_bytes());
    hex(&hash.finalize()[..16])
}
