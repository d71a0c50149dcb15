//! What can go wrong with the journal.

use std::io;
use std::path::PathBuf;

use model::view::NotFresh;

/// Why the journal could not be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The database refused.
    #[error("the journal could not be {doing}")]
    Database {
        /// What was tried.
        doing: &'static str,
        /// Why not.
        source: rusqlite::Error,
    },
    /// A file beside the database could not be used.
    #[error("{} could not be {doing}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// A later version of the program wrote it.
    #[error("the journal is of format {found}, and this program knows {known}")]
    Newer {
        /// Its format.
        found: i64,
        /// The newest that this program reads.
        known: i64,
    },
    /// A later version of the program wrote some of its acts.
    #[error("{stream} has acts of form {found}, and this program knows {known}")]
    NewerActs {
        /// The stream.
        stream: String,
        /// The form.
        found: u32,
        /// The newest that this program reads.
        known: u32,
    },
    /// A later version of the program made the tables of a kind.
    #[error("what is made of acts of {kind} is of version {found}, and this program knows {known}")]
    NewerFold {
        /// The kind.
        kind: String,
        /// The version.
        found: u32,
        /// The newest that this program makes.
        known: u32,
    },
    /// An earlier version of the program made the tables of a kind, and nobody has written since.
    #[error("the tables of {kind} were made by an earlier version, until something is written")]
    Outdated {
        /// The kind.
        kind: String,
    },
    /// What stands there cannot be read.
    #[error("{what} cannot be read")]
    Unreadable {
        /// What.
        what: String,
        /// Why.
        source: serde_json::Error,
    },
    /// An act cannot be written as JSON.
    #[error("an act cannot be written")]
    Unwritable {
        /// Why.
        source: serde_json::Error,
    },
    /// An act of an earlier form cannot be understood.
    #[error("act {sequence} of {stream} is of form {version} and cannot be understood: {reason}")]
    NotUpcast {
        /// The stream.
        stream: String,
        /// The act.
        sequence: u64,
        /// Its form.
        version: u32,
        /// Why.
        reason: String,
    },
    /// A kind wants something done outside without an act that it would follow from.
    #[error("{stream} orders an effect without an act")]
    EffectWithoutAct {
        /// The stream.
        stream: String,
    },
    /// No kind of this name is known to this program.
    #[error("{name} is no kind of stream that this program knows")]
    UnknownKind {
        /// The name.
        name: String,
    },
    /// An id that cannot stand in a stream's name.
    #[error("{id:?} cannot be the name of a stream")]
    BadId {
        /// The id.
        id: String,
    },
    /// What stands in the journal contradicts itself.
    #[error("the journal is damaged: {what}")]
    Damaged {
        /// Where, and how.
        what: String,
    },
    /// There is no such table or column, or it is hidden.
    #[error("there is no {what}")]
    Unknown {
        /// Which.
        what: String,
    },
    /// A personal value could not be sealed.
    #[error("a personal value could not be sealed")]
    Unsealed,
    /// Who looked could not be noted, so that nothing is shown.
    #[error("who looked could not be noted")]
    Unnoted(#[from] access_log::AccessLogError),
    /// The view is too old, or of the future.
    #[error(transparent)]
    NotFresh(#[from] NotFresh),
    /// What was to be written together with something else was not.
    #[error("what was to be written together with it could not be written")]
    NotTogether,
    /// Somebody reads an old state of the journal all the time.
    #[error("somebody else is reading the journal")]
    Busy,
    /// The writer has ended.
    #[error("the journal's writer has ended")]
    Ended,
    /// Another process writes to the journal, and could not do what it was asked for.
    #[error("the process that holds the home says: {reason}")]
    Elsewhere {
        /// Why not, with all causes.
        reason: String,
    },
}

impl JournalError {
    /// The database's error while something was tried.
    pub(crate) fn of(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Database { doing, source }
    }
}

/// Why a command led to no act.
#[derive(Debug, thiserror::Error)]
pub enum ActError<R: std::error::Error + 'static> {
    /// The activity refused.
    #[error(transparent)]
    Refused(R),
    /// Another stream has what may be had once.
    #[error("another stream has it already: {what}")]
    Taken {
        /// Table and columns.
        what: String,
    },
    /// The journal could not take it.
    #[error(transparent)]
    Journal(#[from] JournalError),
}
