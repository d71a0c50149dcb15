//! Organisations as they are asked for.

use journal::query::Select;
use journal::{JournalError, Looking, Reader};

use super::Sort;
use super::tables::ORGANISATIONS;

/// Rows that are read at once.
const PAGE: usize = 1_000;

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is; none where a later version of the program said it.
    pub kind: Option<Sort>,
    /// The prefecture it lies in, by JIS X 0401.
    pub prefecture: Option<u8>,
    /// The one that it belongs to.
    pub parent: Option<String>,
    /// Whether it takes part no more.
    pub has_left: bool,
}

/// Organisations by id.
///
/// # Errors
/// When they cannot be read.
pub fn list(reader: &Reader, who: Looking<'_>) -> Result<Vec<Listed>, JournalError> {
    let mut all = Vec::new();
    reader.each(who, Select::all(ORGANISATIONS, PAGE), &mut |row| {
        all.push(Listed {
            id: row.text("id").to_owned(),
            name: row.text("name").to_owned(),
            kind: Sort::parse(row.text("kind")),
            prefecture: u8::try_from(row.number("prefecture")).ok().filter(|number| *number > 0),
            parent: Some(row.text("parent").to_owned()).filter(|parent| !parent.is_empty()),
            has_left: row.number("has_left") != 0,
        });
    })?;
    Ok(all)
}
