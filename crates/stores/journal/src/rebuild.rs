//! What was made of acts, made anew beside what is there, compared, and put in its place where it differs.

use rusqlite::{Connection, params};

use crate::act::Recorded;
use crate::database;
use crate::error::JournalError;
use crate::personal::{Commitment, Subject, unseal};
use crate::projection::{self, Target};
use crate::registry::{AnyKind, Kinds};
use crate::schema::{MADE, Made};
use crate::stream::{self, Held};
use crate::verify::Verified;
use crate::writer::Book;

/// What stands before the names of tables that are being made anew.
pub(crate) const BESIDE: &str = "anew_";

/// What was found when everything was made anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// What was found in the acts themselves.
    pub verified: Verified,
    /// Streams.
    pub streams: u64,
    /// Tables with rows that were not as the acts say, and how many; they are now.
    pub tables: Vec<(String, u64)>,
    /// Streams whose snapshot was not as the acts say; it is gone.
    pub snapshots: Vec<String>,
}

impl Rebuilt {
    /// Whether all was as the acts say, and the acts themselves are whole.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.tables.is_empty() && self.snapshots.is_empty() && self.verified.faults.is_empty()
    }
}

impl Book {
    /// Makes anew what an earlier version of the program made in another way.
    pub(crate) fn catch_up(&mut self) -> Result<(), JournalError> {
        let mut is_behind = false;
        for kind in self.kinds.all() {
            is_behind |= database::is_current(&self.database, kind.as_ref())? == Some(false);
        }
        if is_behind { self.rebuild().map(drop) } else { Ok(()) }
    }

    /// Makes everything anew, and puts it in the place of what differs.
    pub(crate) fn rebuild(&mut self) -> Result<Rebuilt, JournalError> {
        let verified = self.verify()?;
        let rebuilt = self.together(Self::make_anew)?;
        self.forget_states();
        Ok(Rebuilt { verified, ..rebuilt })
    }

    fn make_anew(&mut self) -> Result<Rebuilt, JournalError> {
        let kinds = self.kinds.clone();
        self.batch(MADE.iter().map(|made| format!("CREATE TABLE {BESIDE}{} ({})", made.name, made.columns)))?;
        let tables = || kinds.all().iter().flat_map(|kind| kind.tables());
        self.batch(tables().map(|table| projection::make(table, &format!("{BESIDE}{}", table.name))))?;
        self.open_personal()?;
        let mut rebuilt = Rebuilt::default();
        for stream in self.streams()? {
            let kind = kinds.of_stream(&stream)?;
            let folding = Folding { database: &self.database, kinds: &kinds, kind: kind.as_ref() };
            if !folding.fold(&stream)? {
                rebuilt.snapshots.push(stream);
            }
            rebuilt.streams += 1;
        }
        for stream in &rebuilt.snapshots {
            let gone = self.database.execute("DELETE FROM snapshots WHERE stream = $1", [stream]);
            gone.map_err(JournalError::of("written"))?;
        }
        self.replace_outdated(&kinds)?;
        let names = MADE.iter().map(|made: &Made| made.name).chain(tables().map(|table| table.name));
        for name in names {
            let differing = self.replace(name)?;
            if differing > 0 {
                rebuilt.tables.push((name.to_owned(), differing));
            }
        }
        kinds.all().iter().try_for_each(|kind| database::note(&self.database, kind.as_ref()))?;
        Ok(rebuilt)
    }

    /// Streams in the order of their names: rows follow from the acts of one stream alone.
    fn streams(&self) -> Result<Vec<String>, JournalError> {
        let all = self.database.prepare("SELECT DISTINCT stream FROM acts ORDER BY stream");
        let mut all = all.map_err(JournalError::of("read"))?;
        let all = all.query_map([], |row| row.get(0));
        all.and_then(Iterator::collect).map_err(JournalError::of("read"))
    }

    /// Opens what is sealed, as far as the keys are there.
    fn open_personal(&mut self) -> Result<(), JournalError> {
        let sealed: Vec<(String, Subject, Vec<u8>)> = {
            let all = "SELECT commitment, subject, class, sealed FROM personal ORDER BY commitment";
            let mut all = self.database.prepare(all).map_err(JournalError::of("read"))?;
            let row = |row: &rusqlite::Row<'_>| {
                let subject = Subject { subject: row.get(1)?, class: row.get(2)? };
                Ok((row.get(0)?, subject, row.get(3)?))
            };
            let all = all.query_map([], row).and_then(Iterator::collect);
            all.map_err(JournalError::of("read"))?
        };
        let add = format!("INSERT INTO {BESIDE}personal_values (commitment, value) VALUES ($1, $2)");
        for (name, subject, sealed) in sealed {
            let Ok(commitment) = Commitment::try_from(name.clone()) else { continue };
            let Some(key) = self.keys.key(&subject)? else { continue };
            let Some(value) = unseal(&commitment, &sealed, &key) else { continue };
            let mut add = self.database.prepare_cached(&add).map_err(JournalError::of("written"))?;
            add.execute(params![name, value]).map_err(JournalError::of("written"))?;
        }
        Ok(())
    }

    /// Makes tables of kinds anew that have other columns than before; they are empty until they are filled.
    fn replace_outdated(&self, kinds: &Kinds) -> Result<(), JournalError> {
        for kind in kinds.all() {
            let made = "SELECT fold, tables FROM kinds WHERE kind = $1";
            let (fold, tables): (String, String) = self
                .database
                .query_row(made, [kind.name()], |row| Ok((row.get(0)?, row.get(1)?)))
                .map_err(JournalError::of("read"))?;
            if fold != database::fold_of(kind.as_ref()) {
                self.batch(tables.split_whitespace().map(|table| format!("DROP TABLE {table}")))?;
                projection::make_all(&self.database, kind.tables())?;
            }
        }
        Ok(())
    }

    /// Puts the rows that were made anew in the place of others; gives how many differ.
    fn replace(&self, name: &str) -> Result<u64, JournalError> {
        let count = |statement: String| -> Result<u64, JournalError> {
            let counted = self.database.query_row(&statement, [], |row| row.get::<_, i64>(0));
            counted.map(i64::unsigned_abs).map_err(JournalError::of("read"))
        };
        let except = |one: &str, other: &str| {
            format!("SELECT count(*) FROM (SELECT * FROM {one} EXCEPT SELECT * FROM {other}) AS differing")
        };
        let anew = format!("{BESIDE}{name}");
        // A row that changed is in both.
        let differing = count(except(&anew, name))?.max(count(except(name, &anew))?);
        if differing > 0 {
            self.batch([format!("DELETE FROM {name}"), format!("INSERT INTO {name} SELECT * FROM {anew}")])?;
        }
        self.batch([format!("DROP TABLE {anew}")])?;
        Ok(differing)
    }

    fn batch(&self, statements: impl IntoIterator<Item = String>) -> Result<(), JournalError> {
        let mut statements = statements.into_iter();
        let run = statements.try_for_each(|statement| self.database.execute_batch(&statement));
        run.map_err(JournalError::of("rebuilt"))
    }
}

/// Streams that are folded beside what is there.
struct Folding<'a> {
    database: &'a Connection,
    kinds: &'a Kinds,
    kind: &'a dyn AnyKind,
}

impl Folding<'_> {
    /// Folds all acts of a stream; whether its snapshot, if there is one, is what they come to.
    fn fold(&self, stream: &str) -> Result<bool, JournalError> {
        let snapshot = stream::snapshot(self.database, self.kind, stream)?;
        let (mut held, mut is_same) = (Held::empty(self.kind), snapshot.is_none());
        let acts = "SELECT bytes, position, number FROM acts WHERE stream = $1 ORDER BY sequence";
        let mut acts = self.database.prepare_cached(acts).map_err(JournalError::of("read"))?;
        let mut rows = acts.query([stream]).map_err(JournalError::of("read"))?;
        while let Some(row) = rows.next().map_err(JournalError::of("read"))? {
            let act = || -> Result<(String, i64, i64), rusqlite::Error> {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            };
            let (bytes, position, number) = act().map_err(JournalError::of("read"))?;
            self.act(&mut held, &Recorded::read(&bytes)?, (position, number))?;
            held.count(bytes.len());
            if let Some((sequence, state)) = &snapshot
                && *sequence == held.sequence
            {
                is_same = *state == self.kind.freeze(&held.state)?;
            }
        }
        let target = Target { database: self.database, kinds: self.kinds, prefix: BESIDE };
        target.summarise(self.kind, stream, &held).map_err(JournalError::of("rebuilt"))?;
        Ok(is_same)
    }

    fn act(
        &self,
        held: &mut Held,
        recorded: &Recorded,
        (position, number): (i64, i64),
    ) -> Result<(), JournalError> {
        let folded = self.kind.fold(&mut held.state, recorded)?;
        let target = Target { database: self.database, kinds: self.kinds, prefix: BESIDE };
        target.carry_out(&folded, (position, number)).map_err(JournalError::of("rebuilt"))
    }
}
