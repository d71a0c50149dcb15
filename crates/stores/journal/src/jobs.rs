//! Long work in steps: how far it is outlives the process, so that whoever goes on begins where it was.

use std::fmt;
use std::str::FromStr;

use model::hash::hex;
use model::time::Instant;
use model::view::{Looking, Sight};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::error::JournalError;
use crate::journal::{Acting, Journal};
use crate::reader::Reader;
use crate::stream::whole;

/// A piece of long work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Who it is.
    pub id: String,
    /// What kind of work: `watch.rescan`.
    pub kind: String,
    /// What exactly, as the work itself writes it. Work that is wanted again while it is not done is the same job.
    pub what: String,
    /// Where it goes on, as the work itself writes it.
    pub position: String,
    /// Steps that are done.
    pub done: u64,
    /// Steps that there are, as far as is known.
    pub total: u64,
    /// Whether it goes on.
    pub state: JobState,
    /// Why it failed.
    pub reason: String,
    /// Who wanted it.
    pub actor: String,
    /// When.
    pub made: Instant,
    /// When it was heard of last.
    pub changed: Instant,
}

/// Whether a job goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It is not done. Nobody may be at it: a process that dies says nothing.
    Open,
    /// It is done.
    Done,
    /// It could not be done; wanted again, it goes on where it was.
    Failed,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Where it goes on.
    pub position: String,
    /// Steps that are done.
    pub done: u64,
    /// Steps that there are.
    pub total: u64,
}

const COLUMNS: &str = "id, kind, what, position, done, total, state, reason, actor, made, changed";

impl Journal {
    /// The job of this kind that does this and is not done, or a new one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn job(&self, kind: &str, what: &str, acting: &Acting) -> Result<Job, JournalError> {
        let (kind, what, acting) = (kind.to_owned(), what.to_owned(), acting.clone());
        self.alone(move |book| {
            let open = format!(
                "SELECT {COLUMNS} FROM jobs WHERE kind = $1 AND what = $2 AND state <> 'done' \
                 ORDER BY made DESC, id LIMIT 1"
            );
            let found = book.database.query_row(&open, params![kind, what], job);
            match found {
                Ok(job) => return Ok(job),
                Err(rusqlite::Error::QueryReturnedNoRows) => {}
                Err(source) => return Err(JournalError::Database { doing: "read", source }),
            }
            let id = hex(&book.random::<8>());
            let begin =
                format!("INSERT INTO jobs ({COLUMNS}) VALUES ($1, $2, $3, '', 0, 0, 'open', '', $4, $5, $5)");
            let (actor, now) = (acting.actor.subject().to_owned(), acting.now);
            let values = params![id, kind, what, actor, now.nanoseconds()];
            book.database.execute(&begin, values).map_err(JournalError::of("written"))?;
            let (position, reason) = (String::new(), String::new());
            let (made, changed, state) = (now, now, JobState::Open);
            Ok(Job { id, kind, what, position, done: 0, total: 0, state, reason, actor, made, changed })
        })?
    }

    /// The oldest job of this kind that is open, for whoever does such work.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open_job(&self, kind: &str) -> Result<Option<Job>, JournalError> {
        let kind = kind.to_owned();
        self.alone(move |book| {
            let open = format!(
                "SELECT {COLUMNS} FROM jobs WHERE kind = $1 AND state = 'open' ORDER BY made, id LIMIT 1"
            );
            match book.database.query_row(&open, params![kind], job) {
                Ok(job) => Ok(Some(job)),
                Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
                Err(source) => Err(JournalError::Database { doing: "read", source }),
            }
        })?
    }

    /// Notes how far a job is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn job_is_at(&self, id: &str, progress: &Progress, now: Instant) -> Result<(), JournalError> {
        let (id, Progress { position, done, total }) = (id.to_owned(), progress.clone());
        self.alone(move |book| {
            let note = "UPDATE jobs SET position = $1, done = $2, total = $3, state = 'open', reason = '', \
                        changed = $4 WHERE id = $5";
            let values = params![position, whole(done), whole(total), now.nanoseconds(), id];
            book.database.execute(note, values).map(drop).map_err(JournalError::of("written"))
        })?
    }

    /// Notes that a job is done, or why it could not be.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn job_ends(&self, id: &str, outcome: Result<(), String>, now: Instant) -> Result<(), JournalError> {
        let id = id.to_owned();
        self.alone(move |book| {
            let (state, reason) = match outcome {
                Ok(()) => (JobState::Done, String::new()),
                Err(reason) => (JobState::Failed, reason),
            };
            let note = "UPDATE jobs SET state = $1, reason = $2, changed = $3 WHERE id = $4";
            let values = params![state.to_string(), reason, now.nanoseconds(), id];
            book.database.execute(note, values).map(drop).map_err(JournalError::of("written"))
        })?
    }
}

impl Reader {
    /// Jobs, the newest first: work of the installation, which its operators alone see.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn jobs(&self, who: Looking<'_>) -> Result<Vec<Job>, JournalError> {
        who.view.begin(who.now)?;
        if *who.view.sight() != Sight::Everything {
            return Ok(Vec::new());
        }
        let all = self.read(|database| {
            let all = format!("SELECT {COLUMNS} FROM jobs ORDER BY made DESC, id LIMIT 1000");
            let mut all = database.prepare_cached(&all)?;
            all.query_map([], job)?.collect::<Result<Vec<_>, _>>()
        })?;
        self.access.tell(who, || "jobs".to_owned(), [])?;
        Ok(all.unwrap_or_default())
    }
}

/// Jobs that are open, the oldest first.
pub(crate) fn open(database: &Connection) -> Result<Vec<Job>, JournalError> {
    let all = format!("SELECT {COLUMNS} FROM jobs WHERE state = 'open' ORDER BY changed, id LIMIT 1000");
    let all = database.prepare(&all).and_then(|mut all| all.query_map([], job)?.collect());
    all.map_err(JournalError::of("read"))
}

fn job(row: &rusqlite::Row<'_>) -> Result<Job, rusqlite::Error> {
    let count = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
    let time = |at| row.get(at).map(Instant::from_nanoseconds);
    Ok(Job {
        id: row.get(0)?,
        kind: row.get(1)?,
        what: row.get(2)?,
        position: row.get(3)?,
        done: count(4)?,
        total: count(5)?,
        state: row.get::<_, String>(6)?.parse().unwrap_or(JobState::Open),
        reason: row.get(7)?,
        actor: row.get(8)?,
        made: time(9)?,
        changed: time(10)?,
    })
}

impl fmt::Display for JobState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Failed => "failed",
        })
    }
}

impl FromStr for JobState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Open, Self::Done, Self::Failed].into_iter().find(|state| state.to_string() == text).ok_or(())
    }
}
