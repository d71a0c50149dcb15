//! Hunts as they are asked for.

use journal::query::{Compare, Filter, Select};
use journal::{JournalError, Looking, Reader};
use model::time::Instant;

use super::tables::{HUNTS, NEVER, RUNS};

/// Rows that are read at once.
const PAGE: usize = 1_000;

/// A hunt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its newest version.
    pub version: u64,
    /// What it looks for.
    pub text: String,
    /// ATT&CK techniques that it is about.
    pub techniques: Vec<String>,
    /// Clauses that it serves.
    pub clauses: Vec<String>,
    /// How often it was run.
    pub runs: u64,
    /// When last.
    pub last_run: Option<Instant>,
    /// What that found.
    pub last_rows: Option<u64>,
    /// Why nobody runs it any more.
    pub retired: Option<String>,
}

/// A run of a hunt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunTold {
    /// Its number, from 1.
    pub number: u64,
    /// The version that was run.
    pub version: u64,
    /// What of the lake was asked.
    pub horizon: String,
    /// Rows of the answer.
    pub rows: u64,
    /// The hash of these.
    pub hash: String,
    /// The run whose horizon it is.
    pub again: Option<u64>,
    /// Who ran it.
    pub actor: String,
    /// When.
    pub at: Instant,
}

/// Hunts by name.
///
/// # Errors
/// When they cannot be read.
pub fn list(reader: &Reader, who: Looking<'_>) -> Result<Vec<Listed>, JournalError> {
    let mut all = Vec::new();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    reader.each(who, Select::all(HUNTS, PAGE), &mut |row| {
        let is_retired = row.number("is_retired") != 0;
        all.push(Listed {
            name: row.text("name").to_owned(),
            version: row.number("version").unsigned_abs(),
            text: row.text("text").to_owned(),
            techniques: words(row.text("techniques")),
            clauses: words(row.text("clauses")),
            runs: row.number("runs").unsigned_abs(),
            last_run: Some(row.time("last_run")).filter(|time| *time != NEVER),
            last_rows: u64::try_from(row.number("last_rows")).ok(),
            retired: is_retired.then(|| row.text("reason").to_owned()),
        });
    })?;
    Ok(all)
}

/// The runs of a hunt, the first one first.
///
/// # Errors
/// When they cannot be read.
pub fn runs(reader: &Reader, who: Looking<'_>, hunt: &str) -> Result<Vec<RunTold>, JournalError> {
    let mut all = Vec::new();
    let filters = vec![Filter::Is("hunt", Compare::Equal, hunt.into())];
    reader.each(who, Select { filters, ..Select::all(RUNS, PAGE) }, &mut |row| {
        all.push(RunTold {
            number: row.number("number").unsigned_abs(),
            version: row.number("version").unsigned_abs(),
            horizon: row.text("horizon").to_owned(),
            rows: row.number("found").unsigned_abs(),
            hash: row.text("hash").to_owned(),
            again: u64::try_from(row.number("again")).ok(),
            actor: row.text("actor").to_owned(),
            at: row.time("at"),
        });
    })?;
    Ok(all)
}
