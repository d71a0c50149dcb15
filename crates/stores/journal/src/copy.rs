//! A copy of the journal without what is made of acts, and the way of one into the journal's place.
//!
//! Rows are copied and not pages: pages of the file hold values in clear that are forgotten in the home with
//! their key, and in a copy would stay.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::database;
use crate::error::JournalError;
use crate::journal::FILE;
use crate::schema::MADE;

/// Names of all tables.
pub(crate) fn tables(database: &Connection) -> Result<Vec<String>, JournalError> {
    let all = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
    let mut all = database.prepare(all).map_err(JournalError::of("read"))?;
    let all = all.query_map([], |row| row.get(0)).and_then(Iterator::collect);
    all.map_err(JournalError::of("read"))
}

/// Copies what is read to a file that is made, and was not there; durable when this returns.
pub(crate) fn copy(from: &Connection, to: &Path) -> Result<(), JournalError> {
    let file = |doing| move |source| JournalError::File { path: to.to_owned(), doing, source };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(to).map_err(file("made"))?;
    let database = database::open(to)?;
    fill(from, &database)?;
    database.close().map_err(|(_, source)| JournalError::Database { doing: "copied", source })?;
    File::open(to).and_then(|copied| copied.sync_all()).map_err(file("copied"))
}

/// Puts a copy in the place of a home's journal, whole or not at all. Nobody may have it open.
///
/// # Errors
/// When somebody has, or the disk refuses. What was there is there then.
pub fn put_back(home: &home::Writer, copy: &Path) -> Result<(), JournalError> {
    let folder = home.home().path();
    let path = folder.join(FILE);
    if let Some(database) = database::reading(&path)? {
        // What stands in the log beside the database would be taken for the copy's.
        let alone = "PRAGMA journal_mode = DELETE";
        let mode = database.query_row(alone, [], |row| row.get::<_, String>(0));
        if mode.map_err(JournalError::of("closed"))? != "delete" {
            return Err(JournalError::Busy);
        }
    }
    let put = || -> io::Result<()> {
        let part = path.with_extension("sqlite.part");
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        io::copy(&mut File::open(copy)?, &mut file)?;
        file.sync_all()?;
        fs::rename(&part, &path)?;
        File::open(folder)?.sync_all()
    };
    put().map_err(|source| JournalError::File { path: path.clone(), doing: "put back", source })
}

fn fill(from: &Connection, to: &Connection) -> Result<(), JournalError> {
    let (read, written) =
        (|error| JournalError::of("read")(error), |error| JournalError::of("copied")(error));
    let format: i64 = from.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(read)?;
    // The file is made durable as a whole.
    let begin = format!(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA user_version = {format}; BEGIN IMMEDIATE"
    );
    to.execute_batch(&begin).map_err(written)?;
    let made: Vec<String> = {
        let all = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' \
                   ORDER BY type DESC, name";
        let mut all = from.prepare(all).map_err(read)?;
        all.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(read)?
    };
    made.iter().try_for_each(|statement| to.execute_batch(statement)).map_err(written)?;
    let made = made_of_acts(from)?;
    for table in tables(from)?.iter().filter(|table| !made.contains(*table)) {
        rows(from, to, table)?;
    }
    to.execute_batch("COMMIT").map_err(written)
}

/// Tables that whoever opens a journal to act fills from acts.
fn made_of_acts(from: &Connection) -> Result<BTreeSet<String>, JournalError> {
    let mut all = from.prepare("SELECT tables FROM kinds").map_err(JournalError::of("read"))?;
    let kinds =
        all.query_map([], |row| row.get::<_, String>(0)).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let kinds = kinds.map_err(JournalError::of("read"))?;
    let of_kinds = kinds.iter().flat_map(|tables| tables.split_whitespace());
    let own = MADE.iter().map(|made| made.name).chain(["snapshots"]);
    Ok(of_kinds.chain(own).map(str::to_owned).collect())
}

fn rows(from: &Connection, to: &Connection, table: &str) -> Result<(), JournalError> {
    // Without what their tables were made by, they are made anew.
    let columns = if table == "kinds" { "kind, '' AS fold, tables, followed" } else { "*" };
    let all = format!("SELECT {columns} FROM {table}");
    let mut all = from.prepare(&all).map_err(JournalError::of("read"))?;
    let count = all.column_count();
    let places: Vec<String> = (1..=count).map(|place| format!("${place}")).collect();
    let add = format!("INSERT INTO {table} VALUES ({})", places.join(", "));
    let mut add = to.prepare(&add).map_err(JournalError::of("copied"))?;
    let mut all = all.query([]).map_err(JournalError::of("read"))?;
    while let Some(row) = all.next().map_err(JournalError::of("read"))? {
        let values = (0..count).map(|at| row.get::<_, Value>(at)).collect::<Result<Vec<_>, _>>();
        let values = values.map_err(JournalError::of("read"))?;
        add.execute(rusqlite::params_from_iter(values)).map_err(JournalError::of("copied"))?;
    }
    Ok(())
}
