//! Sets as they are asked for.

use journal::query::{Cell, Compare, Filter, Page, Select};
use journal::{JournalError, Looking, Reader};
use model::time::Instant;

use super::tables::{EXCLUSIONS, NEVER, SETS, VERSIONS};

/// Rows that are read at once.
const PAGE: usize = 1_000;

/// A set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The version that runs, 0 of the bundled set.
    pub enabled: Option<u32>,
    /// The newest version, 0 without any.
    pub newest: u32,
    /// Rules of the version that runs.
    pub rules: u32,
    /// Rules that are off.
    pub exclusions: u64,
    /// When something was decided last.
    pub changed: Instant,
}

/// A version of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number.
    pub version: u32,
    /// sha256 of its archive.
    pub archive: String,
    /// Who its rules are.
    pub digest: String,
    /// Rules that can run.
    pub rules: u32,
    /// Documents that cannot.
    pub refused: u32,
    /// Where it was read.
    pub source: String,
    /// Who added it.
    pub actor: String,
    /// When.
    pub at: Instant,
}

/// A rule that is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The set.
    pub set: String,
    /// The rule's id, or its path in the set.
    pub rule: String,
    /// Its title then.
    pub title: String,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Option<Instant>,
    /// Who said so.
    pub actor: String,
    /// When.
    pub at: Instant,
}

/// All sets of which somebody has decided something, by name.
///
/// # Errors
/// When they cannot be read.
pub fn list(reader: &Reader, who: Looking<'_>) -> Result<Vec<Listed>, JournalError> {
    let listed = |row: &Row<'_>| Listed {
        name: row.text("name"),
        enabled: u32::try_from(row.number("version")).ok(),
        newest: row.count("newest"),
        rules: row.count("rules"),
        exclusions: row.number("exclusions").unsigned_abs(),
        changed: row.time("changed"),
    };
    all(reader, who, Select::all(SETS, PAGE), listed)
}

/// The versions of a set, the oldest first.
///
/// # Errors
/// When they cannot be read.
pub fn versions(reader: &Reader, who: Looking<'_>, set: &str) -> Result<Vec<Version>, JournalError> {
    let of = vec![Filter::Is("name", Compare::Equal, set.into())];
    let version = |row: &Row<'_>| Version {
        version: row.count("version"),
        archive: row.text("archive"),
        digest: row.text("digest"),
        rules: row.count("rules"),
        refused: row.count("refused"),
        source: row.text("source"),
        actor: row.text("actor"),
        at: row.time("at"),
    };
    all(reader, who, Select { filters: of, ..Select::all(VERSIONS, PAGE) }, version)
}

/// The rules that are off, of one set or of all.
///
/// # Errors
/// When they cannot be read.
pub fn exclusions(
    reader: &Reader,
    who: Looking<'_>,
    set: Option<&str>,
) -> Result<Vec<Exclusion>, JournalError> {
    let of = set.map(|set| Filter::Is("name", Compare::Equal, set.into()));
    let exclusion = |row: &Row<'_>| Exclusion {
        set: row.text("name"),
        rule: row.text("rule"),
        title: row.text("title"),
        reason: row.text("reason"),
        until: Some(row.time("until")).filter(|until| *until != NEVER),
        actor: row.text("actor"),
        at: row.time("at"),
    };
    let filters = of.into_iter().collect();
    all(reader, who, Select { filters, ..Select::all(EXCLUSIONS, PAGE) }, exclusion)
}

/// A row of a page.
struct Row<'a> {
    page: &'a Page,
    at: usize,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> Option<&Cell> {
        self.page.cell(self.at, column)
    }

    /// Its text, empty where the view hides the column.
    fn text(&self, column: &str) -> String {
        self.cell(column).map(|cell| cell.text().to_owned()).unwrap_or_default()
    }

    fn number(&self, column: &str) -> i64 {
        self.cell(column).map_or(0, Cell::number)
    }

    fn count(&self, column: &str) -> u32 {
        u32::try_from(self.number(column)).unwrap_or(0)
    }

    fn time(&self, column: &str) -> Instant {
        Instant::from_nanoseconds(self.number(column))
    }
}

/// All rows, page by page.
fn all<T>(
    reader: &Reader,
    who: Looking<'_>,
    mut select: Select<'_>,
    read: impl Fn(&Row<'_>) -> T,
) -> Result<Vec<T>, JournalError> {
    let mut found = Vec::new();
    loop {
        let page = reader.page(who, &select)?;
        found.extend((0..page.rows.len()).map(|at| read(&Row { page: &page, at })));
        match page.next {
            Some(next) => select.after = Some(next),
            None => return Ok(found),
        }
    }
}
