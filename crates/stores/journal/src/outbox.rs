//! The outbox: effects on their way from a decision to whoever carries them out.

use std::collections::BTreeMap;

use model::time::Instant;
use model::view::Label;
use rusqlite::{Connection, params};

use crate::effect::{self, Act, Effect, Effects, OUTBOX, Ordered, State, Value};
use crate::error::JournalError;
use crate::journal::Journal;
use crate::kind::Kind;
use crate::projection::LABEL;
use crate::registry::{Undecided, stream_of};
use crate::stream::Held;
use crate::writer::{Book, Writing};

/// An effect that is to be carried out now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its idempotency key, and the id of its stream.
    pub key: String,
    /// What is to be done, and where it comes from.
    pub ordered: Ordered,
    /// Attempts that failed.
    pub attempts: u32,
    /// The names by which those are known now who stand in it, by subject.
    pub names: BTreeMap<String, String>,
}

/// A row of the outbox, without what it is.
struct Found {
    key: String,
    effect: String,
    from: (String, i64),
    attempts: u32,
    label: Option<Label>,
}

impl Journal {
    /// Effects of a kind (`mail`, `file`) that are due by now, the longest due first, so many at most.
    ///
    /// They are for whoever carries them out, and are shown to nobody: who looks into the outbox reads its
    /// table through a view.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn due_effects(&self, kind: &str, now: Instant, limit: usize) -> Result<Vec<Due>, JournalError> {
        let due = format!(
            "SELECT key, effect, stream, sequence, attempts, {} FROM {OUTBOX} \
             WHERE state = $1 AND next <= $2 AND kind = $3 ORDER BY next, key LIMIT $4",
            LABEL.join(", ")
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let due = self.reader().with(|database| {
            let mut due = database.prepare_cached(&due).map_err(JournalError::of("read"))?;
            let values = params![State::Waiting.as_str(), now.nanoseconds(), kind, limit];
            let found = due.query_map(values, found).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let found = found.map_err(JournalError::of("read"))?;
            found.into_iter().map(|found| found.due(database)).collect::<Result<_, _>>()
        })?;
        Ok(due.unwrap_or_default())
    }

    /// When the next effect of a kind is due, if any waits.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn next_effect(&self, kind: &str) -> Result<Option<Instant>, JournalError> {
        let next = format!("SELECT min(next) FROM {OUTBOX} WHERE state = $1 AND kind = $2");
        let read = self.reader().read(|database| {
            let mut next = database.prepare_cached(&next)?;
            next.query_row([State::Waiting.as_str(), kind], |row| row.get::<_, Option<i64>>(0))
        })?;
        Ok(read.flatten().map(Instant::from_nanoseconds))
    }
}

fn found(row: &rusqlite::Row<'_>) -> Result<Found, rusqlite::Error> {
    let from = (row.get(2)?, row.get(3)?);
    let label = crate::statement::label(row, 5)?;
    Ok(Found { key: row.get(0)?, effect: row.get(1)?, from, attempts: row.get(4)?, label })
}

impl Found {
    fn due(self, database: &Connection) -> Result<Due, JournalError> {
        let Self { key, effect, from, attempts, label } = self;
        let damaged = || JournalError::Damaged { what: format!("effect {key} has no label") };
        let Label { compartment, owner, marking } = label.ok_or_else(damaged)?;
        let effect: Effect = serde_json::from_str(&effect)
            .map_err(|source| JournalError::Unreadable { what: format!("effect {key}"), source })?;
        let names = names(database, &effect).map_err(JournalError::of("read"))?;
        let (from, sequence) = (from.0, from.1.unsigned_abs());
        let ordered = Ordered { effect, from, sequence, compartment, owner, marking };
        Ok(Due { key, ordered, attempts, names })
    }
}

/// The names of those who stand in an effect, as far as they are known and not forgotten.
fn names(database: &Connection, effect: &Effect) -> Result<BTreeMap<String, String>, rusqlite::Error> {
    let Effect::Mail(mail) = effect else { return Ok(BTreeMap::new()) };
    let mut name = database.prepare_cached(
        "SELECT value FROM journal_subjects JOIN personal_values ON commitment = name WHERE subject = $1",
    )?;
    let mut names = BTreeMap::new();
    for value in mail.values.values() {
        let Value::Actor(actor) = value else { continue };
        let known = name.query_map([actor.subject()], |row| row.get(0))?.next().transpose()?;
        names.extend(known.map(|name| (actor.subject().to_owned(), name)));
    }
    Ok(names)
}

impl Book {
    /// Gives each effect of a decision a stream of its own, in the same commit; gives the bytes of the acts.
    pub(crate) fn order_effects(
        &mut self,
        effects: Vec<Effect>,
        from: &Writing<'_>,
        (position, mut number): (u64, i64),
        first: u64,
    ) -> Result<Vec<String>, Undecided> {
        let label = from.kind.label(&from.held.state);
        let kind = self.kinds.named(Effects::NAME)?.clone();
        let mut all = Vec::new();
        for (at, effect) in (0..).zip(effects) {
            let stream = stream_of(Effects::NAME, &effect::key(from.stream, first, at))?;
            let held = Held::load(&self.database, kind.as_ref(), &stream)?;
            if held.sequence > 0 {
                let what = format!("{stream} is there before it was ordered");
                return Err(Undecided::Journal(JournalError::Damaged { what }));
            }
            let ordered = Act::Ordered(Ordered {
                effect,
                from: from.stream.to_owned(),
                sequence: first,
                compartment: label.compartment.clone(),
                owner: label.owner.clone(),
                marking: label.marking,
            });
            let act = serde_json::to_value(ordered);
            let act = act.map_err(|source| JournalError::Unwritable { source })?;
            // Its state is not held: should the commit fail, nobody knows of the stream.
            let (kind, stream) = (kind.as_ref(), stream.as_str());
            let mut writing = Writing { kind, stream, actor: from.actor, at: from.at, held };
            all.push(self.add(&mut writing, act, (position, number))?);
            self.summarise(&mut writing)?;
            number += 1;
        }
        Ok(all)
    }
}
