//! The journal as it was at one moment, for whoever keeps a copy of it elsewhere: held fast for that moment,
//! read while everybody goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::mpsc::{Sender, channel, sync_channel};

use model::time::Instant;
use model::view::{Looking, Sight};
use rusqlite::Connection;

use crate::access::Access;
use crate::act::{Actor, Hash, Recorded};
use crate::error::JournalError;
use crate::journal::{Asked, FILE, Journal};
use crate::keys;
use crate::personal::Subject;
use crate::reader::Reader;
use crate::subject;
use crate::writer;
use crate::{copy, database};

/// The journal while nobody acts in it: they wait until this is thawed or dropped. Work in between should take
/// milliseconds.
pub struct Frozen {
    snapshot: Snapshot,
    /// The writer goes on when it is gone.
    _held: Sender<()>,
}

/// The journal as it was. While it is there, the log beside the database grows, and nobody can be forgotten
/// wholly: so it is to be copied and dropped before other work.
pub struct Snapshot {
    database: Connection,
    head: (u64, Hash),
    going: BTreeSet<String>,
}

/// That somebody was forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// Who.
    pub subject: String,
    /// Of which retention classes.
    pub classes: BTreeSet<String>,
    /// Why.
    pub reason: String,
    /// Who asked for it.
    pub actor: Actor,
    /// When.
    pub at: Instant,
    /// The commit that says so, and its hash: no other commit has it, in no other copy of the journal.
    pub position: u64,
    /// The same.
    pub commit: Hash,
    /// Files of the keys that went, from the home's folder of keys.
    pub keys: BTreeSet<String>,
}

impl Journal {
    /// Lets nobody act until the value that this gives is dropped.
    ///
    /// # Errors
    /// When the view does not show everything, or the journal cannot be read.
    pub fn freeze(&self, who: Looking<'_>) -> Result<Frozen, JournalError> {
        allow(who, &self.reader().access)?;
        let (ready, frozen) = sync_channel(1);
        let (held, thawed) = channel::<()>();
        self.ask(Asked::Alone(Box::new(move |book| {
            let path = book.database.path().map(str::to_owned).unwrap_or_default();
            if ready.send(Snapshot::take(Path::new(&path))).is_ok() {
                // Nothing is ever sent: it waits for the other end to be dropped.
                let _ = thawed.recv();
            }
        })))?;
        let snapshot = frozen.recv().map_err(|_| JournalError::Ended)??.ok_or(JournalError::Ended)?;
        Ok(Frozen { snapshot, _held: held })
    }
}

impl Frozen {
    /// What there is.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Lets everybody go on.
    #[must_use]
    pub fn thaw(self) -> Snapshot {
        self.snapshot
    }
}

impl Snapshot {
    /// The journal of a home, in whatever format it is, which the caller holds and nobody acts in; none where
    /// there is none.
    ///
    /// # Errors
    /// As [`Journal::freeze`].
    pub fn of(home: &home::Writer, who: Looking<'_>) -> Result<Option<Self>, JournalError> {
        let home = home.home();
        allow(who, &Access::new(&home.access()))?;
        Self::take(&home.path().join(FILE))
    }

    fn take(path: &Path) -> Result<Option<Self>, JournalError> {
        let Some(database) = database::reading(path)? else { return Ok(None) };
        database.execute_batch("BEGIN").map_err(JournalError::of("read"))?;
        // From the first read on it stays as it is.
        let head = writer::head(&database)?;
        let noted = database.prepare("SELECT subject, class FROM forgotten").and_then(|mut all| {
            let all = all.query_map([], |row| Ok(Subject { subject: row.get(0)?, class: row.get(1)? }))?;
            all.collect::<Result<Vec<_>, _>>()
        });
        let noted = noted.map_err(JournalError::of("read"))?;
        let going = noted.iter().map(keys::file).collect();
        Ok(Some(Self { database, head, going }))
    }

    /// Position and hash of the last commit; 0 and zeros where there is none.
    #[must_use]
    pub fn head(&self) -> (u64, Hash) {
        self.head
    }

    /// Files of keys that are to be destroyed and could not be yet: no copy must be made of them.
    #[must_use]
    pub fn going(&self) -> &BTreeSet<String> {
        &self.going
    }

    /// How many rows each table has, by name: those of acts, and those that are made of them.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn rows(&self) -> Result<BTreeMap<String, u64>, JournalError> {
        let count = |name: String| {
            let count = format!("SELECT count(*) FROM {name}");
            let count = self.database.query_row(&count, [], |row| row.get::<_, i64>(0));
            count.map(|count| (name, count.unsigned_abs()))
        };
        let names = copy::tables(&self.database)?;
        names.into_iter().map(count).collect::<Result<_, _>>().map_err(JournalError::of("read"))
    }

    /// Who was forgotten, in the order of the commits.
    ///
    /// # Errors
    /// When the acts cannot be read.
    pub fn forgotten(&self) -> Result<Vec<Forgotten>, JournalError> {
        forgotten(&self.database)
    }

    /// Writes what cannot be made anew to a new file, durably: acts, commits, sealed values, notes of
    /// work and delivery. Tables that are made of acts are there and empty, and are filled by whoever opens it to
    /// act. So nothing personal stands in it in clear, on no block of that disk, and it is forgotten with its key.
    ///
    /// # Errors
    /// When it cannot be read or written; a half of a file may be left.
    pub fn copy(&self, to: &Path) -> Result<(), JournalError> {
        copy::copy(&self.database, to)
    }
}

impl Reader {
    /// Who was forgotten, in the order of the commits: for whoever sees everything.
    ///
    /// # Errors
    /// When the view does not show everything, or the acts cannot be read.
    pub fn forgotten(&self, who: Looking<'_>) -> Result<Vec<Forgotten>, JournalError> {
        allow(who, &self.access)?;
        Ok(self.with(forgotten)?.unwrap_or_default())
    }
}

/// Refuses a view of a part, and notes who looks.
fn allow(who: Looking<'_>, access: &Access) -> Result<(), JournalError> {
    who.view.begin(who.now)?;
    if *who.view.sight() != Sight::Everything {
        return Err(JournalError::Unknown { what: "whole journal".to_owned() });
    }
    access.tell(who, || "the journal as a whole".to_owned(), [])
}

fn forgotten(database: &Connection) -> Result<Vec<Forgotten>, JournalError> {
    let some = "SELECT bytes, acts.position, hash FROM acts JOIN commits ON commits.position = acts.position \
                WHERE stream >= $1 AND stream < $2 AND bytes LIKE '%\"forgotten\"%' ORDER BY acts.position";
    let (from, to) = subject::streams();
    let read = || -> Result<Vec<(String, i64, Hash)>, rusqlite::Error> {
        let mut some = database.prepare(some)?;
        let some = some.query_map([from, to], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        some.collect()
    };
    let mut all = Vec::new();
    for (bytes, position, commit) in read().map_err(JournalError::of("read"))? {
        let recorded = Recorded::read(&bytes)?;
        let Some((subject, classes, reason)) = subject::forgotten(&recorded) else { continue };
        let key = |class: &String| keys::file(&Subject { subject: subject.to_owned(), class: class.clone() });
        all.push(Forgotten {
            subject: subject.to_owned(),
            keys: classes.iter().map(key).collect(),
            classes,
            reason,
            actor: recorded.actor.clone(),
            at: recorded.at,
            position: position.unsigned_abs(),
            commit,
        });
    }
    Ok(all)
}

impl std::fmt::Debug for Frozen {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Frozen").field("snapshot", &self.snapshot).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Snapshot").field("position", &self.head.0).finish_non_exhaustive()
    }
}
