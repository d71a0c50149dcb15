//! Findings as they are asked for.

use std::collections::{BTreeMap, BTreeSet};

use journal::query::{Cell, Compare, Entry, Filter, Order, Select};
use journal::{JournalError, Looking, Reader};
use model::evidence::ContentId;
use model::level::Level;
use model::time::Instant;

use super::state::Status;
use super::tables::{FINDINGS, NEVER, RULES, VERDICTS};

/// Rows that are read at once.
const PAGE: usize = 1_000;

/// Which findings are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Where they stand; anywhere without.
    pub states: Vec<Status>,
    /// At least so severe.
    pub level: Option<Level>,
    /// Title, host or reason has this part.
    pub text: Option<String>,
    /// What they were.
    pub disposition: Option<String>,
    /// Opened in this span, the end not among it.
    pub opened: Option<(Instant, Instant)>,
    /// So many, the last ones first; all without.
    pub limit: Option<usize>,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "what they are is said where they are made, in the table")]
pub struct Listed {
    pub number: u64,
    pub status: Status,
    pub level: Level,
    pub title: String,
    pub host: String,
    pub organisation: String,
    pub first: Option<Instant>,
    pub last: Option<Instant>,
    pub opened: Option<Instant>,
    pub closed: Option<Instant>,
    pub verdicts: u64,
    pub events: u64,
    pub hosts: u64,
    pub techniques: Vec<String>,
    pub owner: String,
    pub owner_subject: String,
    pub disposition: String,
    pub reason: String,
    pub notes: u64,
    pub files: u64,
    pub is_cleared: bool,
    pub whole: Option<u64>,
    pub acts: u64,
}

/// A rule of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTold {
    /// The finding.
    pub finding: u64,
    /// Its id, or digest where it has none.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: Level,
    /// How many verdicts.
    pub verdicts: u64,
    /// What the finding was, if it is closed.
    pub disposition: String,
}

/// Findings, the last ones first.
///
/// # Errors
/// When they cannot be read.
pub fn list(reader: &Reader, who: Looking<'_>, wanted: &Wanted) -> Result<Vec<Listed>, JournalError> {
    let mut filters = Vec::new();
    if !wanted.states.is_empty() {
        let states = wanted.states.iter().map(|status| status.as_str().into()).collect();
        filters.push(Filter::In("state", states));
    }
    if let Some(level) = wanted.level {
        let level = i64::try_from(level.index()).unwrap_or_default();
        filters.push(Filter::Is("severity", Compare::AtLeast, level.into()));
    }
    if let Some(disposition) = &wanted.disposition {
        filters.push(Filter::Is("disposition", Compare::Equal, disposition.as_str().into()));
    }
    if let Some((from, to)) = wanted.opened {
        filters.push(Filter::Is("opened", Compare::AtLeast, from.nanoseconds().into()));
        filters.push(Filter::Is("opened", Compare::Below, to.nanoseconds().into()));
    }
    let part = wanted.text.as_deref().map(str::to_lowercase);
    // What machines write is not in the search table: it would be most of it, and of a few texts.
    let has = |finding: &Listed| {
        let texts = [&finding.title, &finding.host, &finding.reason];
        part.as_ref().is_none_or(|part| texts.iter().any(|text| text.to_lowercase().contains(part)))
    };
    let order = vec![Order { column: "last", falls: true }];
    let most = wanted.limit.unwrap_or(usize::MAX);
    let page = if part.is_some() { PAGE } else { PAGE.min(most.max(1)) };
    let mut select = Select { filters, order, ..Select::all(FINDINGS, page) };
    let mut found = Vec::new();
    while found.len() < most {
        let page = reader.page(who, &select)?;
        let rows = (0..page.rows.len()).filter_map(|at| page.entry(at)).map(listed);
        found.extend(rows.filter(&has));
        match page.next {
            Some(next) => select.after = Some(next),
            None => break,
        }
    }
    found.truncate(most);
    Ok(found)
}

/// One finding; none where there is none.
///
/// # Errors
/// When it cannot be read.
pub fn one(reader: &Reader, who: Looking<'_>, number: u64) -> Result<Option<Listed>, JournalError> {
    let filters = vec![Filter::Is("number", Compare::Equal, number.cast_signed().into())];
    let page = reader.page(who, &Select { filters, ..Select::all(FINDINGS, 1) })?;
    Ok(page.entry(0).map(listed))
}

/// The findings that were changed together last.
///
/// # Errors
/// When they cannot be read.
pub fn changed_together(reader: &Reader, who: Looking<'_>, key: &str) -> Result<Vec<u64>, JournalError> {
    let filters = vec![Filter::Is("together", Compare::Equal, key.into())];
    let mut numbers = Vec::new();
    reader.each(who, Select { filters, ..Select::all(FINDINGS, PAGE) }, &mut |row| {
        numbers.push(row.number("number").unsigned_abs());
    })?;
    Ok(numbers)
}

/// Who works on findings: names, and who that is.
///
/// # Errors
/// When they cannot be read.
pub fn owners(reader: &Reader, who: Looking<'_>) -> Result<BTreeMap<String, String>, JournalError> {
    let mut owners = BTreeMap::new();
    let filters = vec![Filter::Is("assigned_subject", Compare::Other, "".into())];
    reader.each(who, Select { filters, ..Select::all(FINDINGS, PAGE) }, &mut |row| {
        let (name, subject) = (row.text("assigned"), row.text("assigned_subject"));
        if !name.is_empty() {
            owners.insert(name.to_owned(), subject.to_owned());
        }
    })?;
    Ok(owners)
}

/// A finding and those that are part of it, and so on.
///
/// # Errors
/// When they cannot be read.
pub fn parts(reader: &Reader, who: Looking<'_>, number: u64) -> Result<BTreeSet<u64>, JournalError> {
    let mut all = BTreeSet::from([number]);
    let mut latest = vec![number];
    while !latest.is_empty() {
        let mut found = Vec::new();
        for some in latest.chunks(PAGE) {
            let cells = some.iter().map(|number| Cell::Number(number.cast_signed())).collect();
            let filters = vec![Filter::In("merged_into", cells)];
            reader.each(who, Select { filters, ..Select::all(FINDINGS, PAGE) }, &mut |row| {
                found.push(row.number("number").unsigned_abs());
            })?;
        }
        latest = found.into_iter().filter(|part| all.insert(*part)).collect();
    }
    Ok(all)
}

/// The verdicts of findings: each with the finding that it joined.
///
/// # Errors
/// When they cannot be read.
pub fn verdicts_of(
    reader: &Reader,
    who: Looking<'_>,
    findings: &BTreeSet<u64>,
    receive: &mut dyn FnMut(ContentId, u64),
) -> Result<(), JournalError> {
    let numbers: Vec<u64> = findings.iter().copied().collect();
    for some in numbers.chunks(PAGE) {
        let cells = some.iter().map(|number| Cell::Number(number.cast_signed())).collect();
        let filters = vec![Filter::In("finding", cells)];
        reader.each(who, Select { filters, ..Select::all(VERDICTS, 10 * PAGE) }, &mut |row| {
            if let Ok(id) = row.text("verdict").parse() {
                receive(id, row.number("finding").unsigned_abs());
            }
        })?;
    }
    Ok(())
}

/// The findings that have verdicts, as the verdicts joined them.
///
/// # Errors
/// When they cannot be read.
pub fn findings_of(
    reader: &Reader,
    who: Looking<'_>,
    verdicts: &[ContentId],
) -> Result<Vec<(ContentId, u64)>, JournalError> {
    let mut found = Vec::new();
    for some in verdicts.chunks(PAGE) {
        let cells = some.iter().map(|id| Cell::Text(id.to_string())).collect();
        let filters = vec![Filter::In("verdict", cells)];
        reader.each(who, Select { filters, ..Select::all(VERDICTS, PAGE) }, &mut |row| {
            if let Ok(id) = row.text("verdict").parse() {
                found.push((id, row.number("finding").unsigned_abs()));
            }
        })?;
    }
    Ok(found)
}

/// The rules of one finding, or of all.
///
/// # Errors
/// When they cannot be read.
pub fn rules_of(
    reader: &Reader,
    who: Looking<'_>,
    finding: Option<u64>,
) -> Result<Vec<RuleTold>, JournalError> {
    let of = finding.map(|number| Filter::Is("finding", Compare::Equal, number.cast_signed().into()));
    let filters = of.into_iter().collect();
    let mut rules = Vec::new();
    reader.each(who, Select { filters, ..Select::all(RULES, PAGE) }, &mut |row| {
        let text = |column| row.text(column).to_owned();
        rules.push(RuleTold {
            finding: row.number("finding").unsigned_abs(),
            rule: text("rule"),
            title: text("title"),
            level: Level::parse(row.text("level")).unwrap_or_default(),
            verdicts: row.number("verdicts").unsigned_abs(),
            disposition: text("disposition"),
        });
    })?;
    Ok(rules)
}

fn listed(row: Entry<'_>) -> Listed {
    let text = |column| row.text(column).to_owned();
    let number = |column| row.number(column).unsigned_abs();
    let time = |column| Some(row.time(column)).filter(|time| *time != NEVER);
    let level = usize::try_from(row.number("severity")).ok().and_then(|index| Level::ALL.get(index));
    Listed {
        number: number("number"),
        status: Status::parse(row.text("state")).unwrap_or(Status::New),
        level: level.copied().unwrap_or_default(),
        title: text("title"),
        host: text("host"),
        organisation: text("organisation"),
        first: time("first"),
        last: time("last"),
        opened: time("opened"),
        closed: time("closed"),
        verdicts: number("verdicts"),
        events: number("events"),
        hosts: number("hosts"),
        techniques: row
            .text("techniques")
            .split(' ')
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect(),
        owner: text("assigned"),
        owner_subject: text("assigned_subject"),
        disposition: text("disposition"),
        reason: text("reason"),
        notes: number("notes"),
        files: number("files"),
        is_cleared: row.number("is_cleared") != 0,
        whole: Some(number("merged_into")).filter(|whole| *whole != 0),
        acts: number("acts"),
    }
}
