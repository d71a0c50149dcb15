//! Suppressions as they are asked for.

use journal::query::Select;
use journal::{JournalError, Looking, Reader};
use model::time::Instant;

use super::tables::SUPPRESSIONS;

/// Rows that are read at once.
const PAGE: usize = 1_000;

/// A suppression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The filter's title.
    pub title: String,
    /// Ids and names of the rules that it names.
    pub rules: Vec<String>,
    /// The filter, as YAML.
    pub filter: String,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Instant,
    /// Whether it was ended.
    pub is_over: bool,
    /// Who said so.
    pub actor: String,
    /// When.
    pub at: Instant,
}

impl Listed {
    /// Whether it holds at a time, also before somebody notes that it is over.
    #[must_use]
    pub fn holds(&self, at: Instant) -> bool {
        !self.is_over && at < self.until
    }
}

/// Suppressions by name, also those that are over.
///
/// # Errors
/// When they cannot be read.
pub fn list(reader: &Reader, who: Looking<'_>) -> Result<Vec<Listed>, JournalError> {
    let mut all = Vec::new();
    reader.each(who, Select::all(SUPPRESSIONS, PAGE), &mut |row| {
        let text = |column| row.text(column).to_owned();
        all.push(Listed {
            name: text("name"),
            title: text("title"),
            rules: row.text("rules").split_whitespace().map(str::to_owned).collect(),
            filter: text("filter"),
            reason: text("reason"),
            until: row.time("until"),
            is_over: row.number("is_over") != 0,
            actor: text("actor"),
            at: row.time("at"),
        });
    })?;
    Ok(all)
}
