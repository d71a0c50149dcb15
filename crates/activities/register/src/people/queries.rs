//! People as they are asked for.

use std::collections::BTreeSet;

use journal::query::{Compare, Entry, Filter, Select};
use journal::{JournalError, Looking, Reader};

use super::Role;
use super::tables::PEOPLE;

/// Rows that are read at once.
const PAGE: usize = 1_000;

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Their id.
    pub id: String,
    /// Their organisation's.
    pub organisation: String,
    /// What they do there.
    pub roles: BTreeSet<Role>,
    /// Their name; empty where nobody said it, or it was forgotten.
    pub name: String,
    /// Whether they are not there any more.
    pub has_left: bool,
}

/// People by id.
///
/// # Errors
/// When they cannot be read.
pub fn list(reader: &Reader, who: Looking<'_>) -> Result<Vec<Listed>, JournalError> {
    let mut all = Vec::new();
    reader.each(who, Select::all(PEOPLE, PAGE), &mut |row| all.push(listed(row)))?;
    Ok(all)
}

/// Somebody by their id.
///
/// # Errors
/// When they cannot be read.
pub fn one(reader: &Reader, who: Looking<'_>, id: &str) -> Result<Option<Listed>, JournalError> {
    let filters = vec![Filter::Is("id", Compare::Equal, id.into())];
    let mut found = None;
    reader.each(who, Select { filters, ..Select::all(PEOPLE, 1) }, &mut |row| found = Some(listed(row)))?;
    Ok(found)
}

fn listed(row: Entry<'_>) -> Listed {
    Listed {
        id: row.text("id").to_owned(),
        organisation: row.text("organisation").to_owned(),
        roles: row.text("roles").split_whitespace().filter_map(Role::parse).collect(),
        name: row.text("name").to_owned(),
        has_left: row.number("has_left") != 0,
    }
}
