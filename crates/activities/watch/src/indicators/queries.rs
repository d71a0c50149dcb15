//! Indicators as they are asked for.

use journal::query::{Cell, Compare, Entry, Filter, Order, Select};
use journal::{JournalError, Looking, Reader};
use model::indicator::Observable;
use model::marking::Marking;
use model::time::Instant;

use super::state::Status;
use super::tables::{INDICATORS, LOOKS, NEVER};

/// Rows that are read at once.
const PAGE: usize = 5_000;

/// Which indicators are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Where they stand; anywhere without.
    pub states: Vec<Status>,
    /// What they are; anything without.
    pub observables: Vec<Observable>,
    /// The finding that they came from.
    pub finding: Option<u64>,
    /// The partner that sent them.
    pub partner: Option<String>,
}

/// An indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The id of its stream.
    pub id: String,
    /// What it is.
    pub observable: Observable,
    /// Its value; empty where it was somebody's, who is forgotten.
    pub value: String,
    /// Whether it is one now.
    pub status: Status,
    /// Time of the earliest row that has it, and of the latest.
    pub seen: Option<(Instant, Instant)>,
    /// Rows that have it, as far as the lake was looked through.
    pub hits: u64,
    /// One word for where it came from first.
    pub source: String,
    /// Who sent it, where somebody did.
    pub partner: String,
    /// The finding that it came from.
    pub finding: Option<u64>,
    /// The list on which it stood first.
    pub list: String,
    /// How sure it is, in percent.
    pub confidence: Option<u8>,
    /// What was noted.
    pub note: String,
    /// The benign list that it is on.
    pub benign: String,
    /// Why it was withdrawn.
    pub reason: String,
    /// What may be done with it.
    pub marking: Marking,
    /// When somebody said so first.
    pub added: Instant,
    /// From when on it is none any more.
    pub until: Option<Instant>,
    /// Who said the last thing.
    pub actor: String,
}

/// A look at the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// What the lake had taken in until then.
    pub horizon: Instant,
    /// Indicators that were looked for.
    pub indicators: u64,
    /// Those of them that it has.
    pub found: u64,
    /// When.
    pub at: Instant,
}

/// Indicators, in the order in which they were added.
///
/// # Errors
/// When they cannot be read.
pub fn list(reader: &Reader, who: Looking<'_>, wanted: &Wanted) -> Result<Vec<Listed>, JournalError> {
    let mut filters = Vec::new();
    if !wanted.states.is_empty() {
        let states = wanted.states.iter().map(|status| Cell::from(status.as_str())).collect();
        filters.push(Filter::In("state", states));
    }
    if !wanted.observables.is_empty() {
        let kinds = wanted.observables.iter().map(|kind| Cell::from(kind.as_str())).collect();
        filters.push(Filter::In("kind", kinds));
    }
    if let Some(finding) = wanted.finding {
        let finding = i64::try_from(finding).unwrap_or(i64::MAX);
        filters.push(Filter::Is("finding", Compare::Equal, finding.into()));
    }
    if let Some(partner) = &wanted.partner {
        filters.push(Filter::Is("partner", Compare::Equal, partner.as_str().into()));
    }
    let order = vec![Order { column: "added", falls: false }];
    read(reader, who, Select { filters, order, ..Select::all(INDICATORS, PAGE) })
}

/// The indicator of a stream.
///
/// # Errors
/// When it cannot be read.
pub fn one(reader: &Reader, who: Looking<'_>, id: &str) -> Result<Option<Listed>, JournalError> {
    let filters = vec![Filter::Is("id", Compare::Equal, id.into())];
    Ok(read(reader, who, Select { filters, ..Select::all(INDICATORS, 1) })?.pop())
}

/// The last look for all of them in a compartment.
///
/// # Errors
/// When it cannot be read.
pub fn last_look(
    reader: &Reader,
    who: Looking<'_>,
    compartment: &str,
) -> Result<Option<Looked>, JournalError> {
    let filters = vec![Filter::Is("compartment_looked", Compare::Equal, compartment.into())];
    let order = vec![Order { column: "number", falls: true }];
    let page = reader.page(who, &Select { filters, order, ..Select::all(LOOKS, 1) })?;
    Ok(page.entry(0).map(|row| Looked {
        horizon: row.time("horizon"),
        indicators: row.number("indicators").unsigned_abs(),
        found: row.number("found").unsigned_abs(),
        at: row.time("at"),
    }))
}

fn read(reader: &Reader, who: Looking<'_>, mut select: Select<'_>) -> Result<Vec<Listed>, JournalError> {
    let mut found = Vec::new();
    loop {
        let page = reader.page(who, &select)?;
        for at in 0..page.rows.len() {
            let marking = page.labels.get(at).map(|label| label.marking).unwrap_or_default();
            found.extend(page.entry(at).and_then(|row| listed(row, marking)));
        }
        match page.next {
            Some(next) if select.limit > 1 => select.after = Some(next),
            _ => return Ok(found),
        }
    }
}

fn listed(row: Entry<'_>, marking: Marking) -> Option<Listed> {
    let text = |column: &str| row.text(column).to_owned();
    let time = |column: &str| Some(row.time(column)).filter(|time| *time != NEVER);
    let count = |column: &str| u64::try_from(row.number(column)).ok();
    let value = if row.text("value").is_empty() { text("person") } else { text("value") };
    Some(Listed {
        id: text("id"),
        observable: row.text("kind").parse().ok()?,
        value,
        status: Status::of(row.text("state"))?,
        seen: time("first_seen").zip(time("last_seen")),
        hits: count("hits").unwrap_or_default(),
        source: text("source"),
        partner: text("partner"),
        finding: count("finding"),
        list: text("list"),
        confidence: u8::try_from(row.number("confidence")).ok(),
        note: text("note"),
        benign: text("benign"),
        reason: text("reason"),
        marking,
        added: row.time("added"),
        until: time("until"),
        actor: text("actor"),
    })
}
