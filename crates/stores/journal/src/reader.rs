//! The journal as it is read: always through a view.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use model::view::{Label, Looking, Sight};
use rusqlite::{Connection, params};

use crate::access::Access;
use crate::act::Recorded;
use crate::database;
use crate::error::JournalError;
use crate::journal::FILE;
use crate::kind::Kind;
use crate::registry::{Kinds, stream_of};
use crate::stream::{Held, whole};

/// The journal of a home, to be read while somebody may write to it.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    pub(crate) kinds: Kinds,
    /// Connections that nobody uses now.
    idle: Mutex<Vec<Connection>>,
    pub(crate) access: Access,
}

impl Reader {
    /// The journal of a home. There may be none yet: then nothing is read from it.
    #[must_use]
    pub fn open(home: &home::Home, kinds: Kinds) -> Self {
        Self::of(home.path(), kinds)
    }

    pub(crate) fn of(folder: &Path, kinds: Kinds) -> Self {
        let access = Access::new(&folder.join("access"));
        Self { path: folder.join(FILE), kinds, idle: Mutex::default(), access }
    }

    /// The acts of a stream after one of its acts, in their order, as they were written.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn history(
        &self,
        who: Looking<'_>,
        stream: &str,
        (after, limit): (u64, usize),
    ) -> Result<Vec<Recorded>, JournalError> {
        who.view.begin(who.now)?;
        let Some(label) = self.shown(who, stream)? else { return Ok(Vec::new()) };
        let acts = self.read(|database| {
            let acts =
                "SELECT bytes FROM acts WHERE stream = $1 AND sequence > $2 ORDER BY sequence LIMIT $3";
            let mut acts = database.prepare_cached(acts)?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let acts = acts.query_map(params![stream, whole(after), limit], |row| row.get(0))?;
            acts.collect::<Result<Vec<String>, _>>()
        })?;
        // Whose it is may have changed before they were read.
        if self.shown(who, stream)?.is_none() {
            return Ok(Vec::new());
        }
        let acts = acts.unwrap_or_default();
        self.access.tell(who, || format!("acts of {stream}"), std::iter::repeat_n(&label, acts.len()))?;
        acts.iter().map(|bytes| Recorded::read(bytes)).collect()
    }

    /// The state of a stream, and the number of its last act; none where there is no such stream for this view.
    ///
    /// # Errors
    /// When it cannot be read, or the view hides columns: a state has all of them.
    pub fn state<K: Kind>(
        &self,
        who: Looking<'_>,
        id: &str,
    ) -> Result<Option<(K::State, u64)>, JournalError> {
        who.view.begin(who.now)?;
        if matches!(who.view.sight(), Sight::Part(part) if !part.hidden.is_empty()) {
            return Err(JournalError::Unknown { what: format!("whole state of {}", K::NAME) });
        }
        let stream = stream_of(K::NAME, id)?;
        if self.shown(who, &stream)?.is_none() {
            return Ok(None);
        }
        let kind = self.kinds.named(K::NAME)?.clone();
        let Some(held) = self.with(|database| Held::load(database, kind.as_ref(), &stream))? else {
            return Ok(None);
        };
        // Whose it is may have changed before it was read: this state itself says so.
        let label = kind.label(&held.state);
        if !who.view.shows(&label) {
            return Ok(None);
        }
        self.access.tell(who, || format!("state of {stream}"), [&label])?;
        let Held { state, sequence, .. } = held;
        let state = state.downcast::<K::State>();
        let state = state.map_err(|_| JournalError::UnknownKind { name: K::NAME.to_owned() })?;
        Ok(Some((*state, sequence)))
    }

    /// The names of the streams of a kind.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn streams<K: Kind>(&self, who: Looking<'_>) -> Result<Vec<String>, JournalError> {
        who.view.begin(who.now)?;
        let begin = format!("{}/", K::NAME);
        // The sign after `/`.
        let end = format!("{}0", K::NAME);
        let streams = self.read(|database| {
            let all = "SELECT stream FROM streams WHERE stream >= $1 AND stream < $2 ORDER BY stream";
            let mut all = database.prepare_cached(all)?;
            let all = all.query_map([&begin, &end], |row| row.get(0))?;
            all.collect::<Result<Vec<String>, _>>()
        })?;
        let (mut seen, mut labels) = (Vec::new(), Vec::new());
        for stream in streams.unwrap_or_default() {
            if let Some(label) = self.shown(who, &stream)? {
                seen.push(stream);
                labels.push(label);
            }
        }
        self.access.tell(who, || format!("streams of {}", K::NAME), &labels)?;
        Ok(seen)
    }

    /// What is said of a stream; none where there is no such stream for this view.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn label(&self, who: Looking<'_>, stream: &str) -> Result<Option<Label>, JournalError> {
        who.view.begin(who.now)?;
        let label = self.shown(who, stream)?;
        self.access.tell(who, || format!("label of {stream}"), &label)?;
        Ok(label)
    }

    /// What is said of the streams that are there, each once: what policies are asked about. For whoever sees
    /// everything.
    ///
    /// # Errors
    /// When the view does not show everything, or they cannot be read.
    pub fn labels(&self, who: Looking<'_>) -> Result<Vec<Label>, JournalError> {
        who.view.begin(who.now)?;
        if *who.view.sight() != Sight::Everything {
            return Err(JournalError::Unknown { what: "all labels".to_owned() });
        }
        let labels = self.read(|database| {
            let all = "SELECT DISTINCT compartment, owner, tlp, confidentiality, pap FROM streams";
            let mut all = database.prepare_cached(all)?;
            let all = all.query_map([], |row| crate::statement::label(row, 0))?;
            all.collect::<Result<Vec<Option<Label>>, _>>()
        })?;
        let labels: Vec<Label> = labels.unwrap_or_default().into_iter().flatten().collect();
        self.access.tell(who, || "labels of all streams".to_owned(), &labels)?;
        Ok(labels)
    }

    /// The label of a stream that is there and that a view shows.
    fn shown(&self, who: Looking<'_>, stream: &str) -> Result<Option<Label>, JournalError> {
        let label = self.read(|database| {
            let of = "SELECT compartment, owner, tlp, confidentiality, pap FROM streams WHERE stream = $1";
            let mut of = database.prepare_cached(of)?;
            let mut rows = of.query([stream])?;
            rows.next()?.map(|row| crate::statement::label(row, 0)).transpose()
        })?;
        Ok(label.flatten().flatten().filter(|label| who.view.shows(label)))
    }

    /// Reads; none where there is no journal.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>,
    ) -> Result<Option<T>, JournalError> {
        self.with(|database| read(database).map_err(JournalError::of("read")))
    }

    pub(crate) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) -> Result<Option<T>, JournalError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let there = idle().pop();
        let database = match there {
            Some(database) => database,
            None => match database::reading(&self.path)? {
                Some(database) => database,
                None => return Ok(None),
            },
        };
        let done = read(&database);
        idle().push(database);
        done.map(Some)
    }
}
