//! `noroshi report`: the yearly report as one HTML file, from the figures of a home.

use std::collections::{BTreeMap, BTreeSet};

use model::clause::{Clause, Register};
use model::figure::{CellId, Figure, Period, Value};
use model::hash::hex;
use model::level::Level;
use page::{Language, LevelWords, Words};
use report::year::{
    ClauseLine, Coverage, DocumentLine, FigureLine, GroupBlock, PartLine, StateLine, Valued, WeekLine,
};
use report::{YearReport, year_html};

use crate::arguments::Report;
use crate::commands::figures::{means, number, stands_on, title, unit};
use crate::figures::{self, AsOf, Count, Counting};
use crate::output::PageFile;
use crate::{Failure, Outcome, range};

/// The four figures on top.
const SUMMARY: [&str; 4] = ["lake.events", "lake.organisations", "watch.severe_verdicts", "watch.findings"];

/// Runs the command.
///
/// # Errors
/// When there is no home, it cannot be read, or the file cannot be written.
pub fn run(arguments: &Report, words: Words) -> Result<Outcome, Failure> {
    let counting = Counting::open(arguments.home.as_deref(), "the yearly report", words)?;
    let file = PageFile::open(&arguments.html, arguments.force, counting.books().folder(), words)?;
    let report = year(&counting, arguments, words)?;
    counting.books().tell_unseen(words);
    file.write(year_html(&report), "cli-report-written", words)
}

/// Counts a year and the one before it.
fn year(counting: &Counting, arguments: &Report, words: Words) -> Result<YearReport, Failure> {
    let year = arguments.year;
    let wrong =
        || Failure::usage(words, "figures-error-period", &[("text", page::Value::Text(year.to_string()))]);
    let period = Period::year(year).ok_or_else(wrong)?;
    let as_of = counting.as_of()?;
    let all = figures::all();
    let counts = counting.count(&all, period, &as_of)?;
    let before = match period.before() {
        Some(before) => counting.count(&all, before, &as_of)?,
        None => Vec::new(),
    };
    let is_known =
        before.iter().any(|count| count.figure.id == "lake.events" && count.value != Value::Count(0));
    let before = if is_known { before } else { Vec::new() };
    let lines = counts.iter().map(|count| line(count, &before, period, words)).collect();
    let register = counting.register();
    Ok(YearReport {
        language: words.language,
        zone: range::zone("Asia/Tokyo", words)?,
        tlp: arguments.tlp,
        year,
        days: (period.first_day().to_string(), period.last_day().to_string()),
        figures: lines,
        summary: SUMMARY,
        weeks: weeks(&counts, period),
        coverage: coverage(&counts, words),
        groups: groups(register, &all, words),
        opinion: opinion(register, words),
        cited: cited(register, words),
        state: state(as_of),
    })
}

/// The document that the clauses are of.
fn opinion(register: &Register, words: Words) -> DocumentLine {
    let opinion = &register.opinion;
    DocumentLine {
        id: "opinion".to_owned(),
        name: text(words, (&opinion.ja, &opinion.en)),
        version: opinion.version.clone(),
        is_verified: true,
    }
}

/// The laws and documents that clauses cite.
fn cited(register: &Register, words: Words) -> Vec<DocumentLine> {
    let line = |cited: &model::clause::Cited| DocumentLine {
        id: cited.id.clone(),
        name: text(words, (&cited.ja, &cited.en)),
        version: cited.version.clone(),
        is_verified: cited.is_verified,
    };
    register.all_cited().iter().map(line).collect()
}

fn text(words: Words, (ja, en): (&str, &str)) -> String {
    if words.language == Language::Ja { ja } else { en }.to_owned()
}

/// In which state a home is, as pages say it.
pub(super) fn state(as_of: AsOf) -> StateLine {
    let recorded = as_of.at().map(|time| time.timestamp());
    StateLine {
        tables: as_of.tables.into_iter().map(|table| (table.name, table.version)).collect(),
        position: as_of.head.position,
        commit: hex(&as_of.head.commit),
        newest: as_of.newest.map(|time| time.timestamp()),
        recorded,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// A figure in words.
fn line(count: &Count<'_>, before: &[Count<'_>], period: Period, words: Words) -> FigureLine {
    let figure = count.figure;
    let valued = |value: Value| Valued {
        number: Some(value).filter(|value| matches!(value, Value::Count(_))).and_then(Value::number),
        text: number(value, words),
        unit: unit(figure, value, words),
    };
    let same = before.iter().find(|other| other.figure.id == figure.id);
    let whole = CellId::whole(figure.id);
    FigureLine {
        id: figure.id.to_owned(),
        title: title(figure, words),
        means: means(figure, words),
        value: valued(count.value),
        before: same.map(|count| valued(count.value)),
        clauses: figure.clauses.iter().map(|clause| (*clause).to_owned()).collect(),
        query: stands_on(figure, &whole, period, words),
        how: format!("noroshi figures show {} --period {period} --rows", figure.id),
        parts: parts(count, words),
    }
}

/// The parts of a figure by one thing, the largest first.
fn parts(count: &Count<'_>, words: Words) -> Vec<PartLine> {
    let one = count.figure.by.iter().find(|parts| parts.len() == 1).and_then(|parts| parts.first());
    let Some(part) = one else { return Vec::new() };
    let is_of = |(id, _): &(&CellId, &Value)| id.parts.len() == 1 && id.part(part.name).is_some();
    let mut cells: Vec<_> = count.cells.iter().filter(is_of).collect();
    cells.sort_by_key(|(id, value)| (std::cmp::Reverse(value.number()), (*id).clone()));
    let line = |(id, value): (&CellId, &Value)| {
        let value_of = id.part(part.name).unwrap_or_default();
        let level = ["level", "severity"].contains(&part.name).then(|| Level::parse(value_of)).flatten();
        let name = level.map_or_else(|| value_of.to_owned(), |level| level.label(words));
        PartLine { id: id.to_string(), name, value: number(*value, words) }
    };
    cells.into_iter().map(line).collect()
}

fn found<'a>(counts: &'a [Count<'_>], id: &str) -> impl Iterator<Item = (&'a CellId, &'a Value)> {
    let cells = counts.iter().filter(move |count| count.figure.id == id);
    cells.flat_map(|count| &count.cells).collect::<Vec<_>>().into_iter()
}

/// Verdicts by week and level.
fn weeks(counts: &[Count<'_>], period: Period) -> Vec<WeekLine> {
    let mut weeks: BTreeMap<String, WeekLine> = period
        .weeks()
        .map(|week| {
            (week.first_day().to_string(), WeekLine { start: week.from().timestamp(), counts: [0; 5] })
        })
        .collect();
    for (id, value) in found(counts, "watch.verdicts") {
        let (Some(level), Some(week)) = (id.part("level").and_then(Level::parse), id.part("week")) else {
            continue;
        };
        let number = value.number().and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
        weeks.entry(week.to_owned()).and_modify(|week| week.counts[level.index()] += number);
    }
    weeks.into_values().collect()
}

/// Events by organisation and data source.
fn coverage(counts: &[Count<'_>], words: Words) -> Coverage {
    let mut pairs: BTreeMap<(String, String), PartLine> = BTreeMap::new();
    for (id, value) in found(counts, "lake.events") {
        let (Some(owner), Some(source)) = (id.part("owner"), id.part("data_source")) else { continue };
        let line = PartLine { id: id.to_string(), name: owner.to_owned(), value: number(*value, words) };
        pairs.insert((owner.to_owned(), source.to_owned()), line);
    }
    let sources: Vec<String> =
        pairs.keys().map(|(_, source)| source.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let owners: BTreeSet<String> = pairs.keys().map(|(owner, _)| owner.clone()).collect();
    let row = |owner: String| {
        let cells =
            sources.iter().map(|source| pairs.get(&(owner.clone(), source.clone())).cloned()).collect();
        (owner, cells)
    };
    let rows = owners.into_iter().map(row).collect();
    Coverage { sources, rows }
}

/// Clauses by what they are about, with the figures that answer them.
fn groups(register: &Register, all: &[Figure], words: Words) -> Vec<GroupBlock> {
    let is_japanese = words.language == Language::Ja;
    let line = |clause: &Clause| {
        let both = |text_of: &model::clause::Both| text(words, (&text_of.ja, &text_of.en));
        let figures = all.iter().filter(|figure| figure.clauses.contains(&clause.id.as_str()));
        ClauseLine {
            id: clause.id.clone(),
            strength: words.get(&format!("clause-strength-{}", clause.strength.as_str())),
            phrase: both(&clause.phrase),
            capability: both(&clause.capability),
            proof: both(&clause.proof),
            cites: clause
                .cites
                .iter()
                .map(|citation| {
                    let article = if is_japanese { &citation.ja } else { &citation.en };
                    (citation.cited.clone(), article.clone())
                })
                .collect(),
            figures: figures.map(|figure| figure.id.to_owned()).collect(),
        }
    };
    let group = |group: &model::clause::Group| GroupBlock {
        id: group.id.clone(),
        name: text(words, (&group.ja, &group.en)),
        clauses: register.clauses_of(group).map(line).collect(),
    };
    register.groups().iter().map(group).collect()
}
