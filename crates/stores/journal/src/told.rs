//! Acts that another process asks for: commands, refusals and what was done, as they go between the two.

use model::cause::with_cause;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{ActError, JournalError};
use crate::journal::{Acting, Journal};
use crate::kind::Kind;
use crate::registry::stream_of;
use crate::subject::{ForgetRefusal, Subjects};
use crate::writer::{Done, Order};

/// A command for a stream of some kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToldCommand {
    /// The stream.
    pub stream: String,
    /// The command, as its kind writes it.
    pub command: Value,
}

/// Why a command led to no act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undone {
    /// The activity refused, as its kind writes it.
    Refused(Value),
    /// Another stream has what may be had once: table and columns.
    Taken(String),
    /// The journal could not take it.
    Failed(String),
}

impl ToldCommand {
    /// Tells a command.
    ///
    /// # Errors
    /// When the id cannot be that of a stream, or the command cannot be written.
    pub fn new<K: Kind>(id: &str, command: &K::Command) -> Result<Self, JournalError> {
        let command = serde_json::to_value(command).map_err(|source| JournalError::Unwritable { source })?;
        Ok(Self { stream: stream_of(K::NAME, id)?, command })
    }
}

impl Undone {
    /// The same with the types of a kind.
    #[must_use]
    pub fn of<K: Kind>(self) -> ActError<K::Refusal> {
        match self {
            Self::Refused(refusal) => match serde_json::from_value(refusal) {
                Ok(refusal) => ActError::Refused(refusal),
                Err(source) => {
                    let what = format!("what {} refused", K::NAME);
                    ActError::Journal(JournalError::Unreadable { what, source })
                }
            },
            Self::Taken(what) => ActError::Taken { what },
            Self::Failed(reason) => ActError::Journal(JournalError::Elsewhere { reason }),
        }
    }
}

impl Undone {
    /// The same of what was to be forgotten.
    #[must_use]
    pub fn of_forgetting(self) -> ActError<ForgetRefusal> {
        self.of::<Subjects>()
    }

    fn from_act<R: std::error::Error + Serialize>(error: ActError<R>) -> Self {
        match error {
            ActError::Refused(refusal) => match serde_json::to_value(refusal) {
                Ok(refusal) => Self::Refused(refusal),
                Err(source) => JournalError::Unwritable { source }.into(),
            },
            ActError::Taken { what } => Self::Taken(what),
            ActError::Journal(error) => error.into(),
        }
    }
}

impl From<JournalError> for Undone {
    fn from(error: JournalError) -> Self {
        Self::Failed(with_cause(&error))
    }
}

impl Journal {
    /// Forgets what was told, as [`Journal::forget`] does.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn forget_told(
        &self,
        subject: &str,
        how: (Option<&str>, &str),
        acting: &Acting,
    ) -> Result<Done, Undone> {
        self.forget(subject, how, acting).map_err(Undone::from_act)
    }

    /// Decides a command that was told, as [`Journal::act`] does.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn act_told(&self, told: ToldCommand, acting: &Acting) -> Result<Done, Undone> {
        let (stream, command) = self.command(told)?;
        let Acting { actor, now } = acting.clone();
        let order = Order { stream: stream.clone(), command, actor, at: now };
        self.decide(order)?.map_err(|undecided| self.untyped(&stream, undecided))
    }
}
