//! The file of the journal, opened.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::JournalError;
use crate::projection;
use crate::registry::{AnyKind, Kinds};
use crate::schema::{FORMAT, MADE, Made, TABLES};

/// How long somebody waits for another one's transaction.
pub(crate) const WAIT: Duration = Duration::from_secs(10);

/// Opens the journal to write to it; makes it where there is none.
pub(crate) fn writing(path: &Path, kinds: &Kinds) -> Result<Connection, JournalError> {
    make_file(path).map_err(|source| JournalError::File { path: path.to_owned(), doing: "made", source })?;
    let database = open(path)?;
    let set = |pragmas: &str| database.execute_batch(pragmas).map_err(JournalError::of("opened"));
    set("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")?;
    match format(&database)? {
        0 => furnish(&database)?,
        found => known(found)?,
    }
    introduce(&database, kinds)?;
    Ok(database)
}

/// Opens the journal to read it; none where there is none.
pub(crate) fn reading(path: &Path) -> Result<Option<Connection>, JournalError> {
    let is_empty = std::fs::metadata(path).map_or(true, |metadata| metadata.len() == 0);
    let wal = path.with_extension("sqlite-wal");
    if is_empty && std::fs::metadata(wal).map_or(true, |metadata| metadata.len() == 0) {
        return Ok(None);
    }
    let database = open(path)?;
    database.execute_batch("PRAGMA query_only = ON;").map_err(JournalError::of("opened"))?;
    match format(&database)? {
        0 => Ok(None),
        found => known(found).map(|()| Some(database)),
    }
}

/// Opens the file of a journal, whatever is in it.
pub(crate) fn open(path: &Path) -> Result<Connection, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(JournalError::of("opened"))?;
    #[cfg(test)]
    let database = crate::grammar::watched(database);
    database.busy_timeout(WAIT).map_err(JournalError::of("opened"))?;
    database.set_prepared_statement_cache_capacity(256);
    let pragmas = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; \
                   PRAGMA cache_size = -65536;";
    database.execute_batch(pragmas).map_err(JournalError::of("opened"))?;
    Ok(database)
}

/// An empty file of the owner's alone; the database makes those beside it like this one.
fn make_file(path: &Path) -> io::Result<()> {
    // One that is there is not opened: closing it would let go of the locks that this process has on it.
    if !path.exists() {
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?.sync_all()?;
    }
    // Whoever made it may have been killed before its name was durable.
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn format(database: &Connection) -> Result<i64, JournalError> {
    database.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(JournalError::of("opened"))
}

/// Whether a journal has its tables, and this program knows them.
pub(crate) fn is_furnished(database: &Connection) -> Result<bool, JournalError> {
    let found = format(database)?;
    known(found).map(|()| found > 0)
}

fn known(found: i64) -> Result<(), JournalError> {
    if found > FORMAT { Err(JournalError::Newer { found, known: FORMAT }) } else { Ok(()) }
}

/// Makes the tables that every journal has, whole or not at all.
fn furnish(database: &Connection) -> Result<(), JournalError> {
    let make = || -> Result<(), rusqlite::Error> {
        database.execute_batch("BEGIN IMMEDIATE")?;
        TABLES.iter().try_for_each(|table| database.execute_batch(table))?;
        for Made { name, columns, indexes } in MADE {
            database.execute_batch(&format!("CREATE TABLE {name} ({columns})"))?;
            indexes.iter().try_for_each(|index| database.execute_batch(index))?;
        }
        database.execute_batch(&format!("PRAGMA user_version = {FORMAT}; COMMIT"))
    };
    make().map_err(JournalError::of("made"))
}

/// Makes the tables of kinds that the journal does not know yet, in one transaction.
fn introduce(database: &Connection, kinds: &Kinds) -> Result<(), JournalError> {
    let make = || -> Result<(), JournalError> {
        for kind in kinds.all() {
            let known = "SELECT count(*) FROM kinds WHERE kind = $1";
            let known: i64 = database
                .query_row(known, [kind.name()], |row| row.get(0))
                .map_err(JournalError::of("opened"))?;
            if known == 0 {
                projection::make_all(database, kind.tables())?;
                note(database, kind.as_ref())?;
            }
        }
        database.execute_batch("COMMIT").map_err(JournalError::of("opened"))
    };
    database.execute_batch("BEGIN IMMEDIATE").map_err(JournalError::of("opened"))?;
    make().inspect_err(|_| drop(database.execute_batch("ROLLBACK")))
}

/// Notes what the tables of a kind are made by.
pub(crate) fn note(database: &Connection, kind: &dyn AnyKind) -> Result<(), JournalError> {
    let note = "INSERT INTO kinds (kind, fold, tables, followed) VALUES ($1, $2, $3, 0) \
                ON CONFLICT (kind) DO UPDATE SET fold = excluded.fold, tables = excluded.tables";
    let tables: Vec<&str> = kind.tables().iter().map(|table| table.name).collect();
    let values = rusqlite::params![kind.name(), fold_of(kind), tables.join(" ")];
    database.execute(note, values).map(drop).map_err(JournalError::of("opened"))
}

/// Whether the tables of a kind are there and made as this program makes them: `None` where there are none yet.
pub(crate) fn is_current(database: &Connection, kind: &dyn AnyKind) -> Result<Option<bool>, JournalError> {
    let made = "SELECT fold FROM kinds WHERE kind = $1";
    let mut made = database.prepare_cached(made).map_err(JournalError::of("read"))?;
    let made = made.query_map([kind.name()], |row| row.get::<_, String>(0));
    let made = made.and_then(|mut rows| rows.next().transpose()).map_err(JournalError::of("read"))?;
    let Some(made) = made else { return Ok(None) };
    let found = made.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
    let (kind_name, known) = (kind.name().to_owned(), kind.fold_version());
    if found > known {
        return Err(JournalError::NewerFold { kind: kind_name, found, known });
    }
    Ok(Some(made == fold_of(kind)))
}

/// What decides which rows and states are made of the acts of a kind.
pub(crate) fn fold_of(kind: &dyn AnyKind) -> String {
    format!("{} {:?}", kind.fold_version(), kind.tables())
}
