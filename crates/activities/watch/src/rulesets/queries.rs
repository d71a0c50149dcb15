//! Sets as they are asked for.

use std::collections::BTreeMap;

use journal::query::{Cell, Compare, Filter, Page, Select};
use journal::{JournalError, Looking, Reader};
use model::time::Instant;

use super::state::holds;
use super::tables::{EXCLUSIONS, NEVER, SETS};
use super::{BUNDLED, Ruleset};

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

impl Exclusion {
    /// Whether the rule is off at a time.
    #[must_use]
    pub fn holds(&self, at: Instant) -> bool {
        holds(self.until, at)
    }
}

impl Listed {
    /// The bundled set, as long as nobody has decided anything of it.
    #[must_use]
    pub fn untouched() -> Self {
        let enabled = Ruleset::default().enabled(BUNDLED);
        Self { name: BUNDLED.to_owned(), enabled, newest: 0, rules: 0, exclusions: 0 }
    }
}

/// All sets by name: those of which somebody has decided something, and the bundled one. An exclusion that is
/// over counts no more, also before somebody acts.
///
/// # Errors
/// When they cannot be read.
pub fn list(reader: &Reader, who: Looking<'_>) -> Result<Vec<Listed>, JournalError> {
    let mut off: BTreeMap<String, u64> = BTreeMap::new();
    for exclusion in exclusions(reader, who, None)?.into_iter().filter(|off| off.holds(who.now)) {
        *off.entry(exclusion.set).or_default() += 1;
    }
    let mut listed = all(reader, who, Select::all(SETS, PAGE), |row| Listed {
        name: row.text("name"),
        enabled: u32::try_from(row.number("version")).ok(),
        newest: row.count("newest"),
        rules: row.count("rules"),
        exclusions: 0,
    })?;
    if !listed.iter().any(|set| set.name == BUNDLED) {
        listed.push(Listed::untouched());
        listed.sort_by(|one, other| one.name.cmp(&other.name));
    }
    for set in &mut listed {
        set.exclusions = off.remove(&set.name).unwrap_or_default();
    }
    Ok(listed)
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
