//! What follows of itself: from a time that has come, and from facts of other activities.

use model::fact::Fact;
use model::time::Instant;
use rusqlite::params;

use crate::act::Actor;
use crate::error::JournalError;
use crate::forgetting;
use crate::registry::{AnyCommand, AnyKind, Undecided, stream_of};
use crate::stream::{Held, whole};
use crate::writer::{Book, Done, Order};

/// Facts that follow from facts that follow from facts: so many times at once, so that two kinds that answer
/// each other for ever do not hold up everybody else.
const ROUNDS: usize = 32;
/// Facts that are followed in one transaction.
const FACTS: i64 = 256;

/// A fact, where it stands, and when it was.
struct Stated {
    fact: Fact,
    position: i64,
    at: Instant,
}

impl Book {
    /// Does what is due in all streams whose time has come; gives how many acts that were.
    pub(crate) fn wake(&mut self, now: Instant) -> Result<u64, JournalError> {
        // What could not be destroyed when it was forgotten.
        self.destroy_keys(forgetting::AGAIN)?;
        let streams: Vec<String> = {
            let due = "SELECT stream FROM streams WHERE wake <= $1 ORDER BY wake, stream";
            let mut due = self.database.prepare_cached(due).map_err(JournalError::of("read"))?;
            let due = due.query_map([now.nanoseconds()], |row| row.get(0));
            due.and_then(Iterator::collect).map_err(JournalError::of("read"))?
        };
        let before = self.position();
        for stream in streams {
            // What a later version of the program added wakes for it.
            let Ok(kind) = self.kinds.of_stream(&stream).cloned() else { continue };
            let held = Held::load(&self.database, kind.as_ref(), &stream)?;
            let commands = kind.due(&held.state, now);
            let orders = commands.into_iter().map(|command| Order::of_installation(&stream, command, now));
            let orders: Vec<Order> = orders.collect();
            if !orders.is_empty() {
                self.carry_out(orders).into_iter().try_for_each(heeded)?;
            }
        }
        self.follow()?;
        Ok(self.position() - before)
    }

    /// Lets each kind react to the facts that it has not seen.
    pub(crate) fn follow(&mut self) -> Result<(), JournalError> {
        for _ in 0..ROUNDS {
            if !self.take_facts() {
                return Ok(());
            }
            if let Err(error) = self.follow_all() {
                // They are still there to be followed.
                self.has_facts = true;
                return Err(error);
            }
        }
        Ok(())
    }

    fn follow_all(&mut self) -> Result<(), JournalError> {
        let kinds = self.kinds.clone();
        for kind in kinds.all() {
            while self.follow_some(kind.as_ref())? {}
        }
        Ok(())
    }

    /// Lets a kind react to some facts, in one transaction with the place up to which it has; whether there
    /// may be more.
    fn follow_some(&mut self, kind: &dyn AnyKind) -> Result<bool, JournalError> {
        let facts = self.facts_for(kind)?;
        let Some(last) = facts.last().map(|stated| stated.position) else { return Ok(false) };
        self.together(|book| {
            for Stated { fact, at, .. } in &facts {
                for id in kind.follows(fact) {
                    // An id that no stream can have is that of none; it must not hold up all others.
                    let Ok(stream) = stream_of(kind.name(), &id) else { continue };
                    let held = Held::load(&book.database, kind, &stream)?;
                    for command in kind.react(fact, &held.state) {
                        heeded(book.apart(Order::of_installation(&stream, command, *at)))?;
                    }
                }
            }
            let followed = "UPDATE kinds SET followed = $1 WHERE kind = $2";
            let run = book.database.execute(followed, params![last, kind.name()]);
            run.map(drop).map_err(JournalError::of("written"))
        })?;
        Ok(true)
    }

    fn facts_for(&self, kind: &dyn AnyKind) -> Result<Vec<Stated>, JournalError> {
        // The last position is read whole: a commit's facts are followed together.
        let unseen = "SELECT name, stream, sequence, about, facts.position, at FROM facts \
                      JOIN commits ON commits.position = facts.position \
                      WHERE facts.position > (SELECT followed FROM kinds WHERE kind = $1) \
                      AND facts.position <= $2 + (SELECT followed FROM kinds WHERE kind = $1) \
                      ORDER BY facts.position, number";
        let head = whole(self.position());
        let mut unseen = self.database.prepare_cached(unseen).map_err(JournalError::of("read"))?;
        let stated = |row: &rusqlite::Row<'_>| {
            let fact = Fact {
                name: row.get(0)?,
                stream: row.get(1)?,
                sequence: row.get::<_, i64>(2)?.unsigned_abs(),
                about: row.get(3)?,
            };
            Ok(Stated { fact, position: row.get(4)?, at: Instant::from_nanoseconds(row.get(5)?) })
        };
        let read = |unseen: &mut rusqlite::CachedStatement<'_>, within: i64| {
            let all = unseen.query_map(params![kind.name(), within], stated);
            all.and_then(Iterator::collect::<Result<Vec<Stated>, _>>).map_err(JournalError::of("read"))
        };
        let some = read(&mut unseen, FACTS)?;
        // Nothing among the next positions: look at all that is left.
        if some.is_empty() { read(&mut unseen, head) } else { Ok(some) }
    }
}

impl Order {
    fn of_installation(stream: &str, command: AnyCommand, at: Instant) -> Self {
        Self { stream: stream.to_owned(), command, actor: Actor::installation(), at }
    }
}

/// A refusal says that there is nothing to be done in this state; what else fails is a failure.
fn heeded(done: Result<Done, Undecided>) -> Result<(), JournalError> {
    match done {
        Err(Undecided::Journal(error)) => Err(error),
        Ok(_) | Err(Undecided::Refused(_) | Undecided::Taken(_)) => Ok(()),
    }
}
