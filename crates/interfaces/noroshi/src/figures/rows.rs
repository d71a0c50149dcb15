//! Rows of figures as books give them, and what a part is of one.

use journal::query::{Cell as Stored, Entry};
use model::figure::{Cell, Counted, Figure, Journal, Lake, PartOf, Period, Row};
use model::level::Level;
use model::time::Instant;
use serde_json::Value as Json;

use super::time_of;

/// Names of what the rows of a figure of the lake show, as the question for them gives it.
pub(super) fn columns(lake: &Lake) -> Vec<&'static str> {
    if lake.distinct.is_empty() {
        return std::iter::once("evidence").chain(lake.shown.iter().copied()).collect();
    }
    let told = lake.distinct.iter().map(|part| part.name);
    told.chain(["evidence", "times", "first", "last"]).collect()
}

/// A row as the lake gives it.
pub(super) fn row(names: &[&'static str], values: Vec<Json>, lake: &Lake) -> Option<Row> {
    let mut evidence = None;
    let mut shown = Vec::with_capacity(values.len());
    for (name, value) in names.iter().zip(values) {
        if *name == "evidence" {
            evidence = value.as_str().and_then(|text| text.parse().ok());
            continue;
        }
        let is_time = lake.time.contains(name) || ["first", "last"].contains(name);
        let cell = match (value, is_time) {
            (value, true) => time_of(&value).map_or(Cell::Nothing, Cell::Time),
            (Json::String(text), _) => Cell::Text(text),
            (value, _) => value.as_i64().map_or(Cell::Nothing, Cell::Number),
        };
        shown.push((*name, cell));
    }
    Some(Row { evidence: evidence?, values: shown })
}

/// The id of the stream that a row is of.
pub(super) fn id_of(found: Entry<'_>, column: &str) -> String {
    match found.cell(column) {
        Some(Stored::Number(number)) => number.to_string(),
        _ => found.text(column).to_owned(),
    }
}

/// A value of a row of the journal; a severity is a word.
pub(super) fn cell(journal: &Journal, column: &'static str, found: Entry<'_>) -> Cell {
    match found.cell(column) {
        Some(Stored::Text(text)) => Cell::Text(text.clone()),
        Some(Stored::Number(number)) if column == "severity" => {
            let level = usize::try_from(*number).ok().and_then(|index| Level::ALL.get(index));
            level.map_or(Cell::Nothing, |level| Cell::Text(level.as_str().to_owned()))
        }
        Some(Stored::Number(number)) if journal.times.contains(&column) => {
            Cell::Time(Instant::from_nanoseconds(*number))
        }
        Some(Stored::Number(number)) => Cell::Number(*number),
        None => Cell::Nothing,
    }
}

/// What a part is of a row.
pub(super) fn text_of(part: PartOf, figure: &Figure, row: &Row, period: Period) -> Option<String> {
    let holds = |days: &Period| time_in(figure, row).is_some_and(|time| days.holds(time));
    match part {
        PartOf::Column(column) => match row.get(column) {
            Cell::Text(text) => Some(text.clone()),
            Cell::Number(number) => Some(number.to_string()),
            Cell::Nothing | Cell::Time(_) => None,
        },
        PartOf::Month => period.months().find(holds).map(|month| month.to_string()),
        PartOf::Week => period.weeks().find(holds).map(|week| week.first_day().to_string()),
    }
}

/// The time by which a row is of a period.
pub(super) fn time_in(figure: &Figure, row: &Row) -> Option<Instant> {
    let name = match figure.counted {
        Counted::Journal(journal) => journal.time,
        _ => "at",
    };
    match row.get(name) {
        Cell::Time(time) => Some(*time),
        _ => None,
    }
}
