//! The one writer: decides commands on cached states, and makes many of them durable together.

use std::collections::HashMap;

use model::time::Instant;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::act::{Actor, BEGINNING, Hash, Recorded, chained};
use crate::entropy::Entropy;
use crate::error::JournalError;
use crate::forgetting;
use crate::keys::Keys;
use crate::kind::Stamp;
use crate::personal::Subject;
use crate::projection::Target;
use crate::registry::{AnyCommand, AnyKind, Decided, Kinds, Undecided, id_of};
use crate::stream::{Held, whole};

/// States that are held in memory.
const STATES: usize = 16_384;

/// What the writer has.
pub(crate) struct Book {
    pub(crate) database: Connection,
    pub(crate) kinds: Kinds,
    pub(crate) keys: Keys,
    entropy: Entropy,
    streams: HashMap<String, Held>,
    /// Position and hash of the last commit.
    head: (u64, Hash),
    /// Whether facts came since somebody followed them.
    pub(crate) has_facts: bool,
}

/// A command for a stream.
pub(crate) struct Order {
    pub(crate) stream: String,
    pub(crate) command: AnyCommand,
    pub(crate) actor: Actor,
    pub(crate) at: Instant,
}

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The commit, from 1; none where nothing was to be done.
    pub position: Option<u64>,
    /// Number of the stream's last act.
    pub sequence: u64,
}

impl Book {
    /// Takes an opened journal.
    pub(crate) fn new(
        database: Connection,
        kinds: Kinds,
        keys: Keys,
        entropy: Entropy,
    ) -> Result<Self, JournalError> {
        let head = head(&database)?;
        let streams = HashMap::new();
        let mut book = Self { database, kinds, keys, entropy, streams, head, has_facts: true };
        book.destroy_keys(forgetting::PATIENCE)?;
        book.catch_up()?;
        Ok(book)
    }

    /// Decides commands, and makes what follows durable together.
    pub(crate) fn carry_out(&mut self, orders: Vec<Order>) -> Vec<Result<Done, Undecided>> {
        let number = orders.len();
        match self.together(|book| Ok(orders.into_iter().map(|order| book.apart(order)).collect())) {
            Ok(done) => done,
            Err(error) => {
                let first = std::iter::once(Err(Undecided::Journal(error)));
                let others = || Err(Undecided::Journal(JournalError::NotTogether));
                first.chain(std::iter::repeat_with(others)).take(number).collect()
            }
        }
    }

    /// Does something in one transaction that is durable when this returns, or leaves nothing.
    pub(crate) fn together<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let before = self.head;
        self.database.execute_batch("BEGIN IMMEDIATE").map_err(JournalError::of("written"))?;
        let done = work(self).and_then(|done| {
            self.database.execute_batch("COMMIT").map(|()| done).map_err(JournalError::of("written"))
        });
        if done.is_err() {
            self.abandon(before);
        }
        done
    }

    /// Takes back what was not written.
    fn abandon(&mut self, head: (u64, Hash)) {
        // Where the database has rolled back by itself this is refused, which is as well.
        drop(self.database.execute_batch("ROLLBACK"));
        self.streams.clear();
        self.head = head;
    }

    /// Position of the last commit.
    pub(crate) fn position(&self) -> u64 {
        self.head.0
    }

    /// Random bytes.
    pub(crate) fn random<const N: usize>(&mut self) -> [u8; N] {
        self.entropy.bytes()
    }

    /// Lets states be folded anew.
    pub(crate) fn forget_states(&mut self) {
        self.streams.clear();
    }

    /// Whether facts came since this was asked last.
    pub(crate) fn take_facts(&mut self) -> bool {
        std::mem::take(&mut self.has_facts)
    }

    /// Decides a command so that what fails half-way leaves nothing.
    pub(crate) fn apart(&mut self, order: Order) -> Result<Done, Undecided> {
        let savepoint = |statements: &str, book: &Self| {
            book.database
                .execute_batch(statements)
                .map_err(|source| Undecided::Journal(JournalError::Database { doing: "written", source }))
        };
        // A disk that fails may end the whole transaction. What came after it would be durable by itself,
        // chained to a commit that is not there.
        if self.database.is_autocommit() {
            return Err(Undecided::Journal(JournalError::NotTogether));
        }
        savepoint("SAVEPOINT one", self)?;
        let before = self.head;
        let done = self.decide(order);
        match &done {
            Ok(_) => savepoint("RELEASE one", self)?,
            Err(_) => {
                self.head = before;
                savepoint("ROLLBACK TO one; RELEASE one", self)?;
            }
        }
        done
    }

    pub(crate) fn decide(&mut self, order: Order) -> Result<Done, Undecided> {
        let Order { stream, command, actor, at } = order;
        let kind = self.kinds.of_stream(&stream)?.clone();
        let held = match self.streams.remove(&stream) {
            Some(held) => held,
            None => Held::load(&self.database, kind.as_ref(), &stream)?,
        };
        let stamp = Stamp { id: id_of(&stream), sequence: held.sequence + 1, actor: &actor, at };
        let decided = match kind.decide(&held.state, command, &stamp, &mut self.entropy) {
            Ok(decided) if !decided.acts.is_empty() => decided,
            Ok(decided) if !decided.effects.is_empty() => {
                self.hold(stream.clone(), held);
                return Err(Undecided::Journal(JournalError::EffectWithoutAct { stream }));
            }
            other => {
                let done = other.map(|_| Done { position: None, sequence: held.sequence });
                self.hold(stream, held);
                return done;
            }
        };
        // From here on a failure leaves a state that nobody wants: it is folded anew.
        let mut writing = Writing { kind: kind.as_ref(), stream: &stream, actor: &actor, at, held };
        let position = self.write(&mut writing, decided)?;
        let Writing { held, .. } = writing;
        let done = Done { position: Some(position), sequence: held.sequence };
        self.hold(stream, held);
        Ok(done)
    }

    /// Writes acts and all that follows from them.
    fn write(&mut self, writing: &mut Writing<'_>, decided: Decided) -> Result<u64, Undecided> {
        let position = self.head.0 + 1;
        self.seal(&decided, position)?;
        let first = writing.held.sequence + 1;
        let (mut all, mut number) = (Vec::new(), 0);
        for act in decided.acts {
            all.push(self.add(writing, act, (position, number))?);
            number += 1;
        }
        all.extend(self.order_effects(decided.effects, writing, (position, number), first)?);
        let hash = chained(&self.head.1, position, all.iter().map(String::as_str));
        self.execute(
            "INSERT INTO commits (position, at, hash) VALUES ($1, $2, $3)",
            params![whole(position), writing.at.nanoseconds(), hash],
        )?;
        self.head = (position, hash);
        self.summarise(writing)?;
        Ok(position)
    }

    /// Says what is known of a stream without folding it, and how its state is found without all its acts.
    pub(crate) fn summarise(&self, writing: &mut Writing<'_>) -> Result<(), JournalError> {
        let Writing { kind, stream, held, .. } = writing;
        let target = Target { database: &self.database, kinds: &self.kinds, prefix: "" };
        target.summarise(*kind, stream, held).map_err(JournalError::of("written"))?;
        held.keep_snapshot(&self.database, *kind, stream)
    }

    /// Seals personal values, and lets them be read until they are forgotten.
    fn seal(&mut self, decided: &Decided, position: u64) -> Result<(), JournalError> {
        for clear in &decided.personal {
            let personal = clear.personal();
            if self.is_going(&personal.subject)? {
                return Err(JournalError::Busy);
            }
            let key = self.keys.make(&personal.subject, &mut self.entropy)?;
            let sealed = clear.seal(&key, &mut self.entropy)?;
            let Subject { subject, class } = &personal.subject;
            let commitment = personal.commitment.to_string();
            self.execute(
                "INSERT INTO personal (commitment, subject, class, position, sealed) \
                 VALUES ($1, $2, $3, $4, $5)",
                params![commitment, subject, class, whole(position), sealed],
            )?;
            self.execute(
                "INSERT INTO personal_values (commitment, value) VALUES ($1, $2)",
                params![commitment, clear.value()],
            )?;
        }
        Ok(())
    }

    /// Writes one act, and its rows.
    pub(crate) fn add(
        &mut self,
        writing: &mut Writing<'_>,
        act: serde_json::Value,
        (position, number): (u64, i64),
    ) -> Result<String, Undecided> {
        let Writing { kind, stream, actor, at, held } = writing;
        let recorded = Recorded {
            act,
            actor: actor.clone(),
            at: *at,
            sequence: held.sequence + 1,
            stream: (*stream).to_owned(),
            version: kind.acts(),
        };
        let bytes = recorded.bytes()?;
        self.execute(
            "INSERT INTO acts (stream, sequence, position, number, bytes) VALUES ($1, $2, $3, $4, $5)",
            params![*stream, whole(recorded.sequence), whole(position), number, bytes],
        )?;
        // What is folded is what was written, so that nothing is in a state that is not in the bytes.
        let folded = kind.fold(&mut held.state, &Recorded::read(&bytes)?)?;
        held.count(bytes.len());
        let target = Target { database: &self.database, kinds: &self.kinds, prefix: "" };
        target.carry_out(&folded, (whole(position), number)).map_err(taken)?;
        self.has_facts |= folded.fact.is_some();
        if let Some((subject, classes, _)) = crate::subject::forgotten(&recorded) {
            self.forget(subject, &classes)?;
        }
        Ok(bytes)
    }

    pub(crate) fn execute(&self, statement: &str, values: impl rusqlite::Params) -> Result<(), JournalError> {
        let run = self.database.prepare_cached(statement).and_then(|mut run| run.execute(values));
        run.map(drop).map_err(JournalError::of("written"))
    }

    fn hold(&mut self, stream: String, held: Held) {
        if self.streams.len() >= STATES {
            // Which ones go does not matter much: those that are used come back.
            let some: Vec<String> = self.streams.keys().take(STATES / 2).cloned().collect();
            some.iter().for_each(|stream| drop(self.streams.remove(stream)));
        }
        self.streams.insert(stream, held);
    }
}

/// Acts on their way into a stream.
pub(crate) struct Writing<'a> {
    pub(crate) kind: &'a dyn AnyKind,
    pub(crate) stream: &'a str,
    pub(crate) actor: &'a Actor,
    pub(crate) at: Instant,
    pub(crate) held: Held,
}

/// Position and hash of the last commit.
pub(crate) fn head(database: &Connection) -> Result<(u64, Hash), JournalError> {
    let last = "SELECT position, hash FROM commits ORDER BY position DESC LIMIT 1";
    let found = database.query_row(last, [], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)));
    match found {
        Ok((position, hash)) => Ok((position.unsigned_abs(), hash)),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok((0, BEGINNING)),
        Err(source) => Err(JournalError::Database { doing: "read", source }),
    }
}

/// Whether a row was refused because its unique values stand in another one.
fn taken(error: rusqlite::Error) -> Undecided {
    if let rusqlite::Error::SqliteFailure(code, Some(text)) = &error
        && code.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
    {
        let what = text.rsplit(": ").next().unwrap_or_default();
        return Undecided::Taken(what.to_owned());
    }
    Undecided::Journal(JournalError::Database { doing: "written", source: error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database;
    use crate::registry::Undecided;
    use crate::subject::{Command, Subjects};

    fn named(id: &str) -> Order {
        let stream = crate::registry::stream_of(<Subjects as crate::Kind>::NAME, id).expect("an id");
        let (actor, at) = (Actor::installation(), Instant::from_nanoseconds(0));
        Order { stream, command: Box::new(Command::Name(id.to_owned())), actor, at }
    }

    /// A database may end a transaction by itself when its disk fails; here a trigger makes it do so.
    #[test]
    fn a_transaction_that_the_database_ended_leaves_nothing_and_nothing_after_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, kinds) = (folder.path().join("journal.sqlite"), Kinds::new());
        let database = database::writing(&path, &kinds).expect("opened");
        let fail = "CREATE TRIGGER fails BEFORE INSERT ON acts WHEN new.stream LIKE '%/poison' \
                    BEGIN SELECT RAISE(ROLLBACK, 'the disk failed'); END";
        Connection::open(&path).and_then(|other| other.execute_batch(fail)).expect("made");
        let keys = Keys::new(&folder.path().join("keys"));
        let mut book = Book::new(database, kinds, keys, Entropy::system()).expect("a book");
        assert!(book.carry_out(vec![named("first")]).iter().all(Result::is_ok));
        let done = book.carry_out(["before", "poison", "after", "behind"].map(named).into());
        assert!(done.iter().all(|done| matches!(done, Err(Undecided::Journal(_)))));
        let acts = |book: &Book| {
            book.database
                .query_row("SELECT count(*) FROM acts", [], |row| row.get::<_, i64>(0))
                .expect("counted")
        };
        assert_eq!((acts(&book), book.position()), (1, 1));
        assert!(book.carry_out(["before", "after"].map(named).into()).iter().all(Result::is_ok));
        assert_eq!((acts(&book), book.position()), (3, 3));
        assert!(book.rebuild().expect("rebuilt").is_sound());
    }

    /// Whoever reads an old state keeps the log beside the database from being emptied.
    #[test]
    fn what_is_given_anew_is_not_taken_with_a_key_that_could_not_be_destroyed_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, kinds) = (folder.path().join("journal.sqlite"), Kinds::new());
        let database = database::writing(&path, &kinds).expect("opened");
        let keys = Keys::new(&folder.path().join("keys"));
        let mut book = Book::new(database, kinds, keys, Entropy::system()).expect("a book");
        let note = "INSERT INTO forgotten (subject, class) VALUES ('somebody', 'names')";
        book.database.execute(note, []).expect("noted");
        let refused = book.carry_out(vec![named("somebody"), named("other")]);
        assert!(matches!(refused[..], [Err(Undecided::Journal(JournalError::Busy)), Ok(_)]));
        book.wake(Instant::from_nanoseconds(0)).expect("the key is destroyed");
        assert!(book.carry_out(vec![named("somebody")]).iter().all(Result::is_ok));
        book.destroy_keys(forgetting::PATIENCE).expect("nothing is left to destroy");
        let verified = book.rebuild().expect("rebuilt").verified;
        assert_eq!((verified.personal, verified.faults), (2, vec![]));
    }
}
