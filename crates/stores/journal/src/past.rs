//! Acts by when they were done, and where an act stands in the chain of commits.

use model::time::Instant;
use model::view::Looking;
use rusqlite::{OptionalExtension, params};

use crate::act::{BEGINNING, Hash, Recorded};
use crate::error::JournalError;
use crate::reader::Reader;
use crate::statement::label;
use crate::stream::whole;

/// An act and the commit that it came with.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The act.
    pub recorded: Recorded,
    /// Position of the commit, from 1.
    pub position: u64,
    /// Its hash, which stands for all before it.
    pub commit: Hash,
}

/// The end of the chain of commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Position of the newest commit, 0 where there is none.
    pub position: u64,
    /// Its hash, zeros where there is none.
    pub commit: Hash,
    /// When it was made.
    pub at: Option<Instant>,
}

/// From a time on, and before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Between {
    /// The first that counts.
    pub from: Instant,
    /// The first that no longer counts.
    pub to: Instant,
}

impl Reader {
    /// The newest commit.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn head(&self, who: Looking<'_>) -> Result<Head, JournalError> {
        who.view.begin(who.now)?;
        let found = self.read(|database| {
            let last = "SELECT position, hash, at FROM commits ORDER BY position DESC LIMIT 1";
            let read = database.query_row(last, [], |row| {
                let position: i64 = row.get(0)?;
                let at = Some(Instant::from_nanoseconds(row.get(2)?));
                Ok(Head { position: position.unsigned_abs(), commit: row.get(1)?, at })
            });
            read.optional()
        })?;
        self.access.tell(who, || "the newest commit".to_owned(), [])?;
        Ok(found.flatten().unwrap_or(Head { position: 0, commit: BEGINNING, at: None }))
    }

    /// An act of a stream by its number; none where there is no such act for this view.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn act(&self, who: Looking<'_>, stream: &str, sequence: u64) -> Result<Option<Placed>, JournalError> {
        who.view.begin(who.now)?;
        let found = self.read(|database| {
            let one = "SELECT acts.bytes, commits.position, commits.hash, streams.compartment, streams.owner, \
                       streams.tlp, streams.confidentiality, streams.pap FROM acts \
                       JOIN commits ON commits.position = acts.position \
                       JOIN streams ON streams.stream = acts.stream WHERE acts.stream = $1 AND acts.sequence = $2";
            let mut one = database.prepare_cached(one)?;
            let read = one.query_row(params![stream, whole(sequence)], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get(2)?, label(row, 3)?))
            });
            read.optional()
        })?;
        let Some((bytes, position, commit, Some(label))) = found.flatten() else { return Ok(None) };
        if !who.view.shows(&label) {
            return Ok(None);
        }
        self.access.tell(who, || format!("act {sequence} of {stream}"), [&label])?;
        Ok(Some(Placed { recorded: Recorded::read(&bytes)?, position: position.unsigned_abs(), commit }))
    }

    /// The acts of all streams of a kind between two times, in the order in which they were done.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn acts(
        &self,
        who: Looking<'_>,
        kind: &str,
        between: Between,
    ) -> Result<Vec<Recorded>, JournalError> {
        who.view.begin(who.now)?;
        // The sign after `/`.
        let (begin, end) = (format!("{kind}/"), format!("{kind}0"));
        let read = self.read(|database| {
            let all = "SELECT acts.bytes, streams.compartment, streams.owner, streams.tlp, \
                       streams.confidentiality, streams.pap FROM acts \
                       JOIN commits ON commits.position = acts.position \
                       JOIN streams ON streams.stream = acts.stream \
                       WHERE acts.stream >= $1 AND acts.stream < $2 AND commits.at >= $3 AND commits.at < $4 \
                       ORDER BY acts.position, acts.number";
            let mut all = database.prepare_cached(all)?;
            let times = [between.from, between.to].map(Instant::nanoseconds);
            let all = all.query_map(params![begin, end, times[0], times[1]], |row| {
                Ok((row.get::<_, String>(0)?, label(row, 1)?))
            })?;
            all.collect::<Result<Vec<_>, _>>()
        })?;
        let seen = read.unwrap_or_default().into_iter().filter_map(|(bytes, label)| Some((bytes, label?)));
        let (acts, labels): (Vec<_>, Vec<_>) = seen.filter(|(_, label)| who.view.shows(label)).unzip();
        self.access.tell(who, || format!("acts of {kind} by time"), &labels)?;
        acts.iter().map(|bytes| Recorded::read(bytes)).collect()
    }
}
