//! `noroshi figures`: the numbers that reports say, and what they count.

mod list;
mod show;

use model::figure::{CellId, Counted, Figure, Length, Period, Value};
use page::Words;
use page::wording::{Clock, count, duration};
use serde_json::{Value as Json, json};

use crate::Failure;
use crate::Outcome;
use crate::arguments::{Figures, FiguresOne};
use crate::figures::question::Asked;
use crate::figures::{AsOf, Count};
use crate::range;

/// Runs the command.
///
/// # Errors
/// When there is no home, it cannot be read, or there is no such figure.
pub fn run(arguments: &Figures, words: Words) -> Result<Outcome, Failure> {
    match &arguments.one {
        None => list::run(arguments, words),
        Some(FiguresOne::Show(arguments)) => show::run(arguments, words),
    }
}

/// The period that is asked for, or the year of what a home knows last.
///
/// # Errors
/// When it is none, or nothing is known.
pub fn period(asked: Option<&str>, as_of: &AsOf, words: Words) -> Result<Period, Failure> {
    let wrong = |text: &str| Failure::usage(words, "figures-error-period", &[("text", text.into())]);
    match asked {
        Some(text) => text.parse().map_err(|_| wrong(text)),
        None => as_of.year().ok_or_else(|| Failure::usage(words, "figures-error-empty", &[])),
    }
}

/// The title of a figure.
#[must_use]
pub fn title(figure: &Figure, words: Words) -> String {
    words.get(&key(figure))
}

/// What a figure is.
#[must_use]
pub fn means(figure: &Figure, words: Words) -> String {
    words.get(&format!("{}-means", key(figure)))
}

fn key(figure: &Figure) -> String {
    format!("figure-{}", figure.id.replace(['.', '_'], "-"))
}

/// The unit of so many.
#[must_use]
pub fn unit(figure: &Figure, value: Value, words: Words) -> String {
    match value {
        Value::Count(number) => {
            words.with(&format!("figure-unit-{}", figure.unit), &[("number", number.into())])
        }
        Value::Seconds(_) => String::new(),
    }
}

/// A value without its unit, or a length of time.
#[must_use]
pub fn number(value: Value, words: Words) -> String {
    match value {
        Value::Count(number) => count(number),
        #[expect(clippy::cast_precision_loss, reason = "lengths of time are shown in two units")]
        Value::Seconds(Some(seconds)) => duration(seconds as f64, words),
        Value::Seconds(None) => words.get("figure-value-none"),
    }
}

/// A value with its unit.
#[must_use]
pub fn valued(figure: &Figure, value: Value, words: Words) -> String {
    let values = [("value", number(value, words).into()), ("unit", unit(figure, value, words).into())];
    words.with("figure-value", &values).trim().to_owned()
}

/// A period in words.
#[must_use]
pub fn spoken(period: Period, words: Words) -> String {
    let from = period.first_day().to_string();
    let to = period.last_day().to_string();
    // Years and months are names here, and have no separators.
    let text = |number: i16| page::Value::Text(number.to_string());
    let ends = [("from", from.into()), ("to", to.into())];
    match period.length() {
        Length::Year(year) => words.with("figures-year", &[&ends[..], &[("year", text(year))]].concat()),
        Length::Quarter(year, quarter) => {
            let named = [("year", text(year)), ("quarter", text(quarter.into()))];
            words.with("figures-quarter", &[&ends[..], &named[..]].concat())
        }
        Length::Month(year, month) => {
            words.with("figures-month", &[("year", text(year)), ("month", text(month.into()))])
        }
        Length::Days => words.with("figures-days", &ends),
    }
}

/// On what a figure stands, as people can ask it: SQL of the lake, or where else it is counted.
#[must_use]
pub fn stands_on(figure: &Figure, cell: &CellId, period: Period, words: Words) -> String {
    match &figure.counted {
        Counted::Lake(lake) => Asked { figure, lake, period, cell }.value(),
        Counted::Journal(journal) => words.with("figures-query-table", &[("table", journal.table.into())]),
        Counted::Named(_) => match watch::figures::kind_of(figure.id) {
            Some(kind) => words.with("figures-query-acts", &[("kind", kind.into())]),
            None if figure.id.starts_with("access.") => words.get("figures-query-access"),
            None => words.get("figures-query-register"),
        },
    }
}

/// A figure for programs.
fn object(counted: &Count<'_>, period: Period, words: Words) -> Json {
    let figure = counted.figure;
    json!({
        "figure": figure.id,
        "title": title(figure, words),
        "means": means(figure, words),
        "unit": figure.unit,
        "clauses": figure.clauses,
        "period": { "name": period.to_string(), "from": period.from(), "to": period.to() },
        "value": counted.value.number(),
        "newest": counted.newest,
        "query": stands_on(figure, &CellId::whole(figure.id), period, words),
        "parts": counted.cells.iter().map(|(id, value)| {
            json!({ "figure": id.to_string(), "value": value.number() })
        }).collect::<Vec<_>>(),
    })
}

/// The clock by which times of figures are shown: that of the law.
fn clock(words: Words) -> Result<Clock, Failure> {
    Ok(Clock::new(range::zone("Asia/Tokyo", words)?))
}
