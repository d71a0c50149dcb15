//! The outbox: effects on their way from a decision to whoever carries them out.

use model::time::Instant;
use rusqlite::params;

use crate::effect::{self, Act, Effect, Effects, OUTBOX, Ordered, State};
use crate::error::JournalError;
use crate::journal::Journal;
use crate::kind::Kind;
use crate::registry::{Undecided, stream_of};
use crate::stream::Held;
use crate::writer::{Book, Writing};

/// An effect that is to be carried out now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its idempotency key, and the id of its stream.
    pub key: String,
    /// What is to be done.
    pub effect: Effect,
    /// Whether it may reach the outside; an exercise's effects may not.
    pub may_leave: bool,
    /// Attempts that failed.
    pub attempts: u32,
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
            "SELECT key, effect, compartment, attempts FROM {OUTBOX} \
             WHERE state = $1 AND next <= $2 AND kind = $3 ORDER BY next, key LIMIT $4"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.reader().read(|database| {
            let mut due = database.prepare_cached(&due)?;
            let values = params![State::Waiting.as_str(), now.nanoseconds(), kind, limit];
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
            due.query_map(values, row)?.collect::<Result<Vec<(String, String, String, u32)>, _>>()
        })?;
        let due = |(key, effect, compartment, attempts): (String, String, String, u32)| {
            let effect = serde_json::from_str(&effect)
                .map_err(|source| JournalError::Unreadable { what: format!("effect {key}"), source })?;
            Ok(Due { key, effect, may_leave: effect::may_leave(&compartment), attempts })
        };
        rows.unwrap_or_default().into_iter().map(due).collect()
    }

    /// When the next effect is due, if any waits.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn next_effect(&self) -> Result<Option<Instant>, JournalError> {
        let next = format!("SELECT min(next) FROM {OUTBOX} WHERE state = $1");
        let read = self.reader().read(|database| {
            let mut next = database.prepare_cached(&next)?;
            next.query_row([State::Waiting.as_str()], |row| row.get::<_, Option<i64>>(0))
        })?;
        Ok(read.flatten().map(Instant::from_nanoseconds))
    }
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
