//! What can be asked of the process that holds a home, and what it answers.

use std::collections::BTreeMap;

use files::Holding;
use journal::jobs::Progress;
use journal::{Done, NotDone, ToldCommand, Undone};
use lake::{Days, NotAName, Retention};
use lake::{Delivery, Shard, TableName};
use model::hash::Sha256;
use model::time::Instant;
use serde::{Deserialize, Serialize};

/// What is asked. Requests with bytes say so; the bytes come behind it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Act in the journal. Answered with `Result<Done, Undone>`.
    Act(ToldCommand),
    /// Act in several streams, in all or none. Answered with `Result<Vec<Done>, NotDone>`.
    ActTogether(Vec<ToldCommand>),
    /// Forget what is personal about a subject. Answered with `Result<Done, Undone>`.
    Forget {
        /// Whom.
        subject: String,
        /// Of which retention class; of all without.
        class: Option<String>,
        /// Why.
        reason: String,
    },
    /// Keep a file; its bytes come behind. Answered with [`FileKept`].
    KeepFile(Holding),
    /// Find or begin long work. Answered with [`journal::jobs::Job`].
    Job {
        /// What kind of work.
        kind: String,
        /// What exactly.
        what: String,
    },
    /// Note how far it is.
    JobIsAt {
        /// Which.
        id: String,
        /// How far.
        progress: Progress,
    },
    /// Note that it is done, or why it is not.
    JobEnds {
        /// Which.
        id: String,
        /// What came of it.
        outcome: Result<(), String>,
    },
    /// Make anew and compare what was made of acts. Answered with [`Rebuilding`](super::answer::Rebuilding).
    Rebuild,
    /// Begin to read logs: what is kept is looked at after this.
    BeginReading,
    /// Keep a batch; the bytes of its record come behind. Answered with [`BatchKept`].
    KeepBatch {
        /// Where its source lies, however it is spelled: to be compared, and never opened.
        place: String,
    },
    /// Add what was kept to the lake, and correlate what was found. Answered with [`Settled`].
    Settle,
    /// Make findings of the verdicts that are new in the lake. Answered with `(u64, u64)`: findings that were
    /// opened, and findings that took verdicts.
    Group,
    /// Be the only one that goes over what is kept, until the client ends. Answered with whether it is.
    BeginScan,
    /// Be the only one that correlates, until [`EndCorrelations`](Self::EndCorrelations) or the client ends.
    BeginCorrelations,
    /// Let others correlate.
    EndCorrelations,
    /// The number of the last delivery of a shard that a table has. Answered with `Option<u64>`.
    Last {
        /// The table.
        table: TableTold,
        /// The shard.
        shard: String,
    },
    /// Add rows of a table that come from no batch; they come behind.
    AddRows {
        /// The table.
        table: TableTold,
        /// The delivery: its shard,
        shard: String,
        /// and its number.
        number: u64,
    },
    /// Remove rows that are kept no longer. Answered with [`Gone`].
    Expire {
        /// The table.
        table: TableTold,
        /// Whose; of those without an owner where there is none.
        owner: Option<String>,
        /// Up to which day; those without one where there is none.
        through: Option<String>,
    },
    /// Remove files of a table that no version names any more. Answered with the number of those whose time has
    /// not come.
    Vacuum {
        /// The table.
        table: TableTold,
    },
    /// Tell what all books are at one moment, and let nothing of the lake be removed until
    /// [`EndCopying`](Self::EndCopying) or the client ends: they copy it. Answered with [`Frozen`]; a copy of the
    /// journal lies in the home then.
    Freeze,
    /// Let files of the lake be removed.
    EndCopying,
    /// How the holder is. Answered with [`Status`].
    Status,
}

/// What all books were at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// When.
    pub at: Instant,
    /// The journal's last commit.
    pub position: u64,
    /// Its hash.
    pub last: Sha256,
    /// The copy of the journal, a file in the home's folder of such; whoever asked removes it.
    pub copy: String,
    /// Rows of the journal's tables, by name.
    pub rows: BTreeMap<String, u64>,
    /// Tables of the lake, and their versions.
    pub tables: Vec<(TableTold, u64)>,
    /// Files of the access log, and bytes of these.
    pub access: Vec<(String, u64)>,
    /// Files of keys, from the folder of keys.
    pub keys: Vec<String>,
}

/// A table, as its compartment and class are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableTold {
    compartment: String,
    class: String,
}

/// A file that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileKept {
    /// Its sha256, 64 digits.
    pub sha256: String,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchKept {
    /// It is durable.
    Now,
    /// It was there, first read under this path.
    Before(String),
    /// It is not kept: somebody else kept something of its source since the client began to read.
    Stale,
}

/// What came into the lake since the same client asked last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Verdicts by level, where rules ran.
    pub levels: Option<[u64; 5]>,
    /// Sources, and what could not be done with them.
    pub faults: Vec<(String, String)>,
    /// Findings that were opened, and findings that took verdicts.
    #[serde(default)]
    pub findings: Option<(u64, u64)>,
}

/// What went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Rows.
    pub rows: u64,
    /// Files that are no part of the table any more.
    pub files: u64,
}

/// How a holder is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Its process.
    pub process: u32,
    /// Version of the program.
    pub version: String,
    /// What it does: the command.
    pub command: String,
    /// Since when.
    pub since: Instant,
    /// Clients that it serves now.
    pub clients: u64,
    /// Batches kept since then.
    pub batches: u64,
    /// Events in them.
    pub events: u64,
    /// Bytes that the disk has left.
    pub free: u64,
    /// What it follows.
    pub follows: Vec<Followed>,
    /// Why it takes in nothing new, if so.
    pub trouble: Option<String>,
}

/// A source that is followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// Its name.
    pub name: String,
    /// When something new was kept of it last.
    pub heard: Option<Instant>,
    /// Events kept of it since the holder began.
    pub events: u64,
    /// Why it is not followed any more, if so.
    pub trouble: Option<String>,
}

/// What an act came to.
pub type ActDone = Result<Done, Undone>;

/// What acts came to that are done together.
pub type ActsDone = Result<Vec<Done>, NotDone>;

impl TableTold {
    /// The table.
    ///
    /// # Errors
    /// When there can be none of this name.
    pub fn name(&self) -> Result<TableName, NotAName> {
        TableName::new(self.compartment.parse()?, &self.class)
    }
}

impl From<&TableName> for TableTold {
    fn from(name: &TableName) -> Self {
        Self { compartment: name.compartment().as_str().to_owned(), class: name.class().to_owned() }
    }
}

impl Request {
    /// Asks for rows of a table to be added.
    #[must_use]
    pub fn add_rows(table: &TableName, from: &Delivery) -> Self {
        Self::AddRows { table: table.into(), shard: from.shard.to_string(), number: from.number }
    }

    /// Asks for the last delivery of a shard.
    #[must_use]
    pub fn last(table: &TableName, shard: &Shard) -> Self {
        Self::Last { table: table.into(), shard: shard.to_string() }
    }

    /// Asks for rows to be removed.
    #[must_use]
    pub fn expire(table: &TableName, retention: &Retention) -> Self {
        let through = match &retention.days {
            Days::Through(day) => Some(day.to_string()),
            Days::Undated => None,
        };
        Self::Expire { table: table.into(), owner: retention.owner.clone(), through }
    }

    /// Whether it may be asked again where nobody knows whether it was done.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        !matches!(self, Self::Act(_) | Self::ActTogether(_) | Self::Forget { .. })
    }
}
