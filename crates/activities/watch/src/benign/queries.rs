//! Benign lists as they are asked for, and as they keep out.

use std::collections::BTreeMap;

use journal::query::{Entry as Found, Select};
use journal::{JournalError, Looking, Reader};
use model::indicator::benign::{Benign, List, Value, Why};
use model::time::Instant;

use super::tables::{LISTS, NEVER, VALUES};

/// Rows that are read at once.
const PAGE: usize = 5_000;

/// A value that was added to a list, or left out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The list.
    pub list: String,
    /// The value.
    pub value: Value,
    /// Whether it is left out.
    pub is_left_out: bool,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Option<Instant>,
    /// Who said so.
    pub actor: String,
    /// When.
    pub at: Instant,
}

/// What was said of values, by list.
///
/// # Errors
/// When it cannot be read.
pub fn entries(reader: &Reader, who: Looking<'_>) -> Result<Vec<Entry>, JournalError> {
    let mut entries = Vec::new();
    reader.each(who, Select::all(VALUES, PAGE), &mut |row| entries.extend(entry(row)))?;
    Ok(entries)
}

fn entry(row: Found<'_>) -> Option<Entry> {
    Some(Entry {
        list: row.text("list").to_owned(),
        value: Value::try_from(row.text("value").to_owned()).ok()?,
        is_left_out: row.number("is_left_out") != 0,
        reason: row.text("reason").to_owned(),
        until: Some(row.time("until")).filter(|until| *until != NEVER),
        actor: row.text("actor").to_owned(),
        at: row.time("at"),
    })
}

/// The names of lists that are off, with the reason.
///
/// # Errors
/// When they cannot be read.
pub fn off(reader: &Reader, who: Looking<'_>) -> Result<BTreeMap<String, String>, JournalError> {
    let mut off = BTreeMap::new();
    reader.each(who, Select::all(LISTS, PAGE), &mut |row| {
        if row.number("is_off") != 0 {
            off.insert(row.text("list").to_owned(), row.text("reason").to_owned());
        }
    })?;
    Ok(off)
}

/// The lists as they keep out here: those that come with the program, as far as they are on, and those that were
/// added. What is over keeps nothing out, also before somebody acts.
///
/// # Errors
/// When they cannot be read.
pub fn in_force(bundled: &Benign, reader: &Reader, who: Looking<'_>) -> Result<Benign, JournalError> {
    let (entries, off) = (entries(reader, who)?, off(reader, who)?);
    let left_out = |list: &str, value: &Value| {
        entries.iter().any(|entry| entry.is_left_out && entry.list == list && entry.value == *value)
    };
    let mut all = bundled.without(&|list, value| match value {
        None => !off.contains_key(list),
        Some(value) => !left_out(list, value),
    });
    let mut own: BTreeMap<&str, BTreeMap<&str, Vec<Value>>> = BTreeMap::new();
    let holds = |entry: &&Entry| !entry.is_left_out && entry.until.is_none_or(|until| who.now < until);
    for entry in entries.iter().filter(holds).filter(|entry| !off.contains_key(&entry.list)) {
        own.entry(&entry.list).or_default().entry(&entry.reason).or_default().push(entry.value.clone());
    }
    for (name, reasons) in own {
        let entries =
            reasons.into_iter().map(|(reason, values)| (Why::Said(reason.to_owned()), values)).collect();
        all.add(List { name: name.to_owned(), about: None, covers_urls: false, entries });
    }
    Ok(all)
}
