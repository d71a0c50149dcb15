//! Sets as they are asked for.

use std::collections::BTreeMap;

use journal::query::{Compare, Filter, Select};
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
    let count = |number: i64| u32::try_from(number).ok();
    let mut listed = Vec::new();
    reader.each(who, Select::all(SETS, PAGE), &mut |row| {
        listed.push(Listed {
            name: row.text("name").to_owned(),
            enabled: count(row.number("version")),
            newest: count(row.number("newest")).unwrap_or(0),
            rules: count(row.number("rules")).unwrap_or(0),
            exclusions: 0,
        });
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
    let filters = of.into_iter().collect();
    let mut found = Vec::new();
    reader.each(who, Select { filters, ..Select::all(EXCLUSIONS, PAGE) }, &mut |row| {
        let text = |column| row.text(column).to_owned();
        found.push(Exclusion {
            set: text("name"),
            rule: text("rule"),
            title: text("title"),
            reason: text("reason"),
            until: Some(row.time("until")).filter(|until| *until != NEVER),
            actor: text("actor"),
            at: row.time("at"),
        });
    })?;
    Ok(found)
}
