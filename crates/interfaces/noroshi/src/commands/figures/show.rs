//! `noroshi figures show`: one figure, or a part of one, with what it counts.

use model::figure::{Cell, CellId, Counted, Figure, Period, Row, Value};
use page::Words;
use page::foreign::visible;
use page::wording::Clock;
use serde_json::{Map, Value as Json, json};

use super::{clock, means, number, period, spoken, stands_on, title, valued};
use crate::arguments::FiguresShow;
use crate::figures::{self, Count, Counting, cell_of};
use crate::near::near;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome};

/// Parts that are shown to people.
const PARTS: usize = 20;

/// What was asked for, and what it comes to.
struct Found<'a> {
    figure: &'a Figure,
    cell: CellId,
    period: Period,
    counted: Count<'a>,
    value: Value,
    rows: Option<Vec<Row>>,
}

pub(super) fn run(arguments: &FiguresShow, words: Words) -> Result<Outcome, Failure> {
    let counting = Counting::open(arguments.at.home.as_deref(), "a figure", words)?;
    let as_of = counting.as_of()?;
    let period = period(arguments.period.as_deref(), &as_of, words)?;
    let all = figures::all();
    let (figure, cell) = named(&arguments.id, &all, period, words)?;
    let only = std::slice::from_ref(figure);
    let mut counts = counting.count(only, period, &as_of)?;
    let Some(counted) = counts.pop() else { return Ok(Outcome::Done) };
    let value = match cell.parts.is_empty() {
        true => counted.value,
        false => counting.value((figure, &cell), period, &as_of)?,
    };
    let limit = arguments.limit as usize;
    let rows = arguments.rows.then(|| counting.rows((figure, &cell), period, (&as_of, limit))).transpose()?;
    let found = Found { figure, cell, period, counted, value, rows };
    let outcome = if arguments.at.json {
        output::print_json(&found.object(words), words)
    } else {
        output::print(&found.text(words)?, words)
    };
    counting.books().tell_unseen(words);
    outcome
}

/// The figure and the part of it that are meant.
fn named<'a>(
    text: &str,
    all: &'a [Figure],
    period: Period,
    words: Words,
) -> Result<(&'a Figure, CellId), Failure> {
    let shown = || visible(text).into_owned();
    let unknown = || {
        let near = near(text, all.iter().map(|figure| figure.id)).join(", ");
        let key = if near.is_empty() { "figures-error-id" } else { "figures-error-near" };
        Failure::usage(words, key, &[("text", shown().into()), ("near", near.into())])
    };
    let cell: CellId = text.parse().map_err(|_| unknown())?;
    let figure = all.iter().find(|figure| figure.id == cell.figure).ok_or_else(unknown)?;
    if cell_of(all, &cell, period).is_none() {
        let values = [("figure", figure.id.into()), ("text", shown().into())];
        return Err(Failure::usage(words, "figures-error-part", &values));
    }
    Ok((figure, cell))
}

impl Found<'_> {
    /// For programs.
    fn object(&self, words: Words) -> Json {
        let mut object = super::object(&self.counted, self.period, words);
        object["figure"] = self.cell.to_string().into();
        object["value"] = json!(self.value.number());
        object["query"] = stands_on(self.figure, &self.cell, self.period, words).into();
        if !self.cell.parts.is_empty() {
            object["parts"] = json!([]);
        }
        if let Some(rows) = &self.rows {
            object["rows"] = rows.iter().map(told).collect();
        }
        object
    }

    /// For people.
    fn text(&self, words: Words) -> Result<String, Failure> {
        let clock = clock(words)?;
        let values = [
            ("value", valued(self.figure, self.value, words).into()),
            ("period", spoken(self.period, words).into()),
        ];
        let mut text = format!(
            "{}  {}\n{}\n",
            visible(&self.cell.to_string()),
            title(self.figure, words),
            words.with("figures-in-period", &values)
        );
        let mut say = |key: &str, said: &str| text += &format!("\n{}\n  {said}\n", words.get(key));
        say("figures-head-means", &means(self.figure, words));
        say("figures-head-clauses", &self.figure.clauses.join(" "));
        let query = stands_on(self.figure, &self.cell, self.period, words);
        let is_sql = matches!(self.figure.counted, Counted::Lake(_));
        let typed = format!("noroshi query '{}'", query.replace('\'', r"'\''"));
        say("figures-head-query", if is_sql { &typed } else { &query });
        let parts = self.parts(words);
        if !parts.is_empty() {
            text += &format!("\n{}\n{parts}", words.get("figures-head-parts"));
        }
        if let Some(rows) = &self.rows {
            text += &format!("\n{}\n{}", words.get("figures-head-rows"), self.rows(rows, &clock, words));
        }
        Ok(text)
    }

    /// The largest parts, one a line.
    fn parts(&self, words: Words) -> String {
        let mut cells: Vec<_> = self.counted.cells.iter().filter(|_| self.cell.parts.is_empty()).collect();
        cells.sort_by_key(|(id, value)| {
            (
                id.parts.len(),
                id.parts.first().map(|(name, _)| name.clone()),
                std::cmp::Reverse(value.number()),
            )
        });
        let line = |(id, value): &(&CellId, &Value)| {
            format!("  {}  {}\n", visible(&id.to_string()), number(**value, words))
        };
        let mut text: String = cells.iter().take(PARTS).map(line).collect();
        if let Some(more) = cells.len().checked_sub(PARTS).filter(|more| *more > 0) {
            text += &format!("  {}\n", words.with("figures-parts-more", &[("count", more.into())]));
        }
        text
    }

    fn rows(&self, rows: &[Row], clock: &Clock, words: Words) -> String {
        let Some(first) = rows.first() else { return format!("  {}\n", words.get("figures-no-rows")) };
        let names = first.values.iter().map(|(name, _)| (*name).to_owned());
        let heading = |name| lake::Heading { name, is_number: false };
        let headings = names.chain(["evidence".to_owned()]).map(heading).collect();
        let mut table = Table::new(headings, Width::Any);
        table.add(rows.iter().map(|row| shown(row, clock)).collect());
        let mut text = table.finish();
        let all = self.value.number().and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
        if figures::measure(self.figure) == model::figure::Measure::Rows && all > rows.len() {
            let values = [("count", (all - rows.len()).into()), ("all", page::Value::Text(all.to_string()))];
            text += &format!("{}\n", words.with("figures-rows-more", &values));
        }
        text + &format!("{}\n", words.get("figures-rows-how"))
    }
}

/// A row for people.
fn shown(row: &Row, clock: &Clock) -> Vec<Json> {
    let value = |cell: &Cell| match cell {
        Cell::Nothing => Json::Null,
        Cell::Text(text) => text.as_str().into(),
        Cell::Number(number) => (*number).into(),
        Cell::Time(time) => clock.second(time.timestamp()).into(),
    };
    let values = row.values.iter().map(|(_, cell)| value(cell));
    values.chain([row.evidence.to_string().into()]).collect()
}

/// A row for programs.
fn told(row: &Row) -> Json {
    let value = |cell: &Cell| match cell {
        Cell::Nothing => Json::Null,
        Cell::Text(text) => text.as_str().into(),
        Cell::Number(number) => (*number).into(),
        Cell::Time(time) => json!(time),
    };
    let mut object: Map<String, Json> =
        row.values.iter().map(|(name, cell)| ((*name).to_owned(), value(cell))).collect();
    object.insert("evidence".to_owned(), json!(row.evidence));
    object.into()
}
