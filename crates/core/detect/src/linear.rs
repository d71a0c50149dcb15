//! The yardstick: every rule on every event, one value after the other.
//!
//! Nothing here is compiled, shared, remembered or skipped; only the tests of single values are
//! the engine's. What the engine gains by its shortcuts must not change a verdict.

use std::ops::Range;

use model::catalogue::{Catalogue, Route};
use model::event::Kind;
use sources::{Cause, Sheet};

use crate::fold::fold;
use crate::grid::Grid;
use crate::matcher::Candidate;
use crate::program::{decided, guard, names_record_type};
use crate::rule::{Expression, Item, Rule, Test};
use crate::standin;

type Record<'a> = Vec<Field<'a>>;

struct Field<'a> {
    name: Name<'a>,
    /// The name the source gives it.
    given: &'a str,
    value: Given<'a>,
    has_value: bool,
}

/// A value as it is given.
#[derive(Clone, Copy)]
struct Given<'a> {
    text: &'a str,
    is_number: bool,
    /// Whether Windows puts blanks behind the values of its field.
    is_padded: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name<'a> {
    Known(&'a str),
    Raw(&'a str),
}

struct Event<'a> {
    catalogue: &'a Catalogue,
    kind: &'a Kind,
    records: Vec<Record<'a>>,
    /// The same without what the reader computed, for keywords.
    given: Vec<Vec<Given<'a>>>,
}

/// (event, rule) numbers of all rules that fire, ordered.
pub(crate) fn scan(
    rules: &[Rule],
    catalogue: &Catalogue,
    sheet: &Sheet,
) -> Result<Vec<(usize, usize)>, Cause> {
    let grid = Grid::new(sheet)?;
    let routes: Vec<Route> =
        rules.iter().map(|rule| catalogue.route(&rule.source.keys(), &sheet.kind)).collect();
    let held: Vec<_> = rules.iter().map(|rule| standin::held(rule, catalogue, &sheet.kind)).collect();
    let mut found = Vec::new();
    for number in 0..grid.events() {
        let event = read(&grid, catalogue, sheet, number);
        for (rule_number, (expression, route)) in held.iter().zip(&routes).enumerate() {
            let read = match route {
                Route::No => false,
                Route::Yes => true,
                Route::Where(sets) => holds(&guard(sets), &event, 0..event.records.len()),
            };
            if read && holds(expression, &event, 0..event.records.len()) {
                found.push((number, rule_number));
            }
        }
    }
    Ok(found)
}

fn read<'a>(grid: &'a Grid<'_>, catalogue: &'a Catalogue, sheet: &'a Sheet, event: usize) -> Event<'a> {
    let mut records = Vec::new();
    let mut given = Vec::new();
    for record in grid.records(event) {
        let mut fields = Record::new();
        let mut texts = Vec::new();
        for (number, column) in grid.columns.iter().enumerate() {
            let known = catalogue.field(&sheet.kind, column.name);
            let known = known.filter(|field| grid.known(&field.name) == Some(number));
            let name = known.map_or(Name::Raw(column.name), |field| Name::Known(&field.name));
            for &id in column.ids(record) {
                let (given, has_value) = (column.name, column.has_value(id));
                let Candidate { text, is_number, .. } = column.candidate(id);
                let is_padded = known.is_some_and(|field| field.padded);
                let value = Given { text, is_number, is_padded };
                fields.push(Field { name, given, value, has_value });
                if has_value && !column.is_derived(id) {
                    texts.push(Given { is_padded: false, ..value });
                }
            }
        }
        records.push(fields);
        given.push(texts);
    }
    Event { catalogue, kind: &sheet.kind, records, given }
}

fn holds(expression: &Expression, event: &Event<'_>, records: Range<usize>) -> bool {
    match expression {
        Expression::Constant(value) => *value,
        Expression::And(parts) => parts.iter().all(|part| holds(part, event, records.clone())),
        Expression::Or(parts) => parts.iter().any(|part| holds(part, event, records.clone())),
        Expression::Not(part) => !holds(part, event, records),
        Expression::Map(parts) if names_record_type(parts) => {
            records.clone().any(|record| parts.iter().all(|part| holds(part, event, record..record + 1)))
        }
        Expression::Map(parts) => parts.iter().all(|part| holds(part, event, records.clone())),
        Expression::Item(item) => item_holds(item, event, records),
    }
}

fn item_holds(item: &Item, event: &Event<'_>, records: Range<usize>) -> bool {
    // Which channel a test means when the event has two is part of the language, no shortcut.
    if item.field.as_deref() == Some("Channel")
        && let Some(holds) = decided(item, event.catalogue, event.kind)
    {
        return holds;
    }
    let values = match item.field.as_deref() {
        Some(name) => values_of(name, event, records.clone()),
        None => event.given[records.clone()].iter().flatten().copied().collect(),
    };
    // So is an event id: the number of the kind, however it is spelled and whatever is said beside it.
    let is_number_of_kind = |value: &Given<'_>| value.text.trim().parse().ok() == event.kind.event_id;
    if item.field.as_deref() == Some("EventID")
        && (values.len() > 1 || values.first().is_some_and(is_number_of_kind))
        && let Some(holds) = decided(item, event.catalogue, event.kind)
    {
        return holds;
    }
    match &item.test {
        Test::Missing => {
            let name = item.field.as_deref().unwrap_or_default();
            values.is_empty() && !stands_inside(name, event, records)
        }
        Test::Exists => {
            let name = item.field.as_deref().unwrap_or_default();
            fields_of(name, event, records.clone()).next().is_some() || stands_inside(name, event, records)
        }
        Test::Any(matchers) => values.iter().any(|value| {
            let folded = fold(value.text);
            let candidate = Candidate { text: value.text, folded: &folded, is_number: value.is_number };
            let fits = |candidate| matchers.iter().any(|matcher| matcher.matches(candidate));
            fits(candidate) || (value.is_padded && candidate.bare().is_some_and(fits))
        }),
        Test::Field { other, relation, cased } => {
            let others = values_of(other, event, records);
            values.iter().any(|left| {
                others.iter().any(|right| {
                    if *cased {
                        relation.holds(left.text, right.text)
                    } else {
                        relation.holds(&fold(left.text), &fold(right.text))
                    }
                })
            })
        }
    }
}

fn values_of<'a>(name: &str, event: &Event<'a>, records: Range<usize>) -> Vec<Given<'a>> {
    fields_of(name, event, records).filter(|field| field.has_value).map(|field| field.value).collect()
}

fn fields_of<'e, 'a>(
    name: &'e str,
    event: &'e Event<'a>,
    records: Range<usize>,
) -> impl Iterator<Item = &'e Field<'a>> {
    let field = event.catalogue.field(event.kind, name);
    let names = field.map(|field| event.catalogue.names_of(event.kind, field));
    let fits = move |found: Name<'_>| match (found, field, &names) {
        (Name::Known(known), Some(field), _) => known == field.name,
        (Name::Raw(raw), Some(_), Some(names)) => names.contains(&raw),
        (Name::Raw(raw), None, _) => raw == name,
        _ => false,
    };
    event.records[records].iter().flatten().filter(move |found| fits(found.name))
}

/// Whether the field is an object of which something stands in the event.
fn stands_inside(name: &str, event: &Event<'_>, records: Range<usize>) -> bool {
    let field = event.catalogue.field(event.kind, name);
    let names = field.map_or_else(|| vec![name], |field| event.catalogue.names_of(event.kind, field));
    let outer: Vec<String> = names.iter().map(|name| format!("{name}.")).collect();
    let mut fields = event.records[records].iter().flatten();
    fields.any(|field| outer.iter().any(|outer| field.given.starts_with(outer)))
}
