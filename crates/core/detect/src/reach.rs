//! What a rule asks for and no event of its log source can give: tests that exclude all of them,
//! and names of fields that none has. It would load, and never fire.

use std::collections::{BTreeMap, BTreeSet};

use model::catalogue::{Catalogue, Route};
use model::event::Kind;

use crate::cause::Cause;
use crate::fold::fold;
use crate::matcher::{Candidate, Matcher};
use crate::name::nearest;
use crate::pattern::Stand;
use crate::program::decided;
use crate::rule::{Expression, Item, Rule, Test};

/// An event id that no rule names: it stands for all that a rule does not name.
const OTHER: u32 = u32::MAX;
/// The same for a log.
const ELSEWHERE: &str = "\u{0}";

/// What is told of a rule; a log source that nobody reads is told elsewhere.
pub(crate) fn told(rule: &Rule, catalogue: &Catalogue) -> Vec<Cause> {
    let mut fields = BTreeMap::new();
    let mut fires = false;
    for kind in kinds(rule, catalogue) {
        let whole = &rule.expression;
        for set in alternatives(rule, catalogue, &kind) {
            let decide = |item: &Item| {
                decided(item, catalogue, &kind).or_else(|| assumed(item, &set, (catalogue, &kind)))
            };
            if settle(whole, &decide) == Some(false) {
                continue;
            }
            fires = true;
            open_names(whole, &decide, &mut |name| {
                // Every event has these, whatever its own data.
                if matches!(name, "EventID" | "Channel") {
                    return;
                }
                let known = catalogue.has_name(&kind, name).unwrap_or(true);
                let (found, kinds) = fields.entry(name.to_owned()).or_insert((false, Vec::new()));
                *found |= known;
                kinds.push(kind.clone());
            });
        }
    }
    if !fires {
        return vec![Cause::LogsourceExcluded { logsource: rule.source.to_string() }];
    }
    let unknown = fields.into_iter().filter(|(_, (known, _))| !known);
    let told = unknown.map(|(field, (_, kinds))| {
        let names = kinds.iter().flat_map(|kind| catalogue.names(kind));
        match nearest(&field, names) {
            Some(near) => Cause::FieldMisnamed { field, near: near.to_owned() },
            None => Cause::FieldUnknown { field },
        }
    });
    told.collect()
}

/// The kinds of event that the rule can tell apart among those that its log source reads.
fn kinds(rule: &Rule, catalogue: &Catalogue) -> Vec<Kind> {
    let source = rule.source.keys();
    let ids = mentioned(&rule.expression, "EventID");
    let free: Vec<Option<u32>> = match &ids {
        Some(ids) => ids.iter().filter_map(|id| id.parse().ok()).chain([OTHER]).map(Some).collect(),
        None => vec![None],
    };
    let mut kinds = Vec::new();
    for reading in catalogue.readings(&source) {
        if reading.event_ids.is_empty() {
            kinds.extend(free.iter().map(|id| Kind::new(reading.product, reading.log, *id)));
        } else {
            kinds.extend(
                reading.event_ids.iter().map(|id| Kind::new(reading.product, reading.log, Some(*id))),
            );
        }
    }
    if let (Some(product), None, None) = (source.product, source.category, source.service) {
        // Such a rule also reads logs that the catalogue does not know.
        let logs = mentioned(&rule.expression, "Channel");
        let logs = logs
            .map_or_else(|| vec![String::new()], |logs| logs.into_iter().chain([ELSEWHERE.into()]).collect());
        for log in logs {
            kinds.extend(free.iter().map(|id| Kind::new(product, &log, *id)));
        }
    }
    kinds
}

/// The values that the tests of a field ask for; nothing when one is no plain value.
pub(crate) fn mentioned(expression: &Expression, field: &str) -> Option<BTreeSet<String>> {
    let mut values = BTreeSet::new();
    let mut plain = true;
    items(expression, &mut |item| {
        if let (Some(name), Test::Any(matchers)) = (item.field.as_deref(), &item.test)
            && name == field
        {
            for matcher in matchers {
                match exact(matcher) {
                    Some(value) => drop(values.insert(value.to_owned())),
                    None => plain = false,
                }
            }
        }
    });
    plain.then_some(values)
}

fn exact(matcher: &Matcher) -> Option<&str> {
    match matcher {
        Matcher::Number(_, text) => Some(text),
        Matcher::Text(pattern) => match pattern.literals().as_slice() {
            [(text, Stand::Whole)] => Some(*text),
            _ => None,
        },
        _ => None,
    }
}

fn items<'e>(expression: &'e Expression, tell: &mut dyn FnMut(&'e Item)) {
    match expression {
        Expression::Constant(_) => {}
        Expression::And(parts) | Expression::Or(parts) | Expression::Map(parts) => {
            parts.iter().for_each(|part| items(part, tell));
        }
        Expression::Not(part) => items(part, tell),
        Expression::Item(item) => tell(item),
    }
}

/// Names of fields in the parts that are not settled.
fn open_names(expression: &Expression, decide: &dyn Fn(&Item) -> Option<bool>, tell: &mut dyn FnMut(&str)) {
    if settle(expression, decide).is_some() {
        return;
    }
    match expression {
        Expression::Constant(_) => {}
        Expression::And(parts) | Expression::Or(parts) | Expression::Map(parts) => {
            parts.iter().for_each(|part| open_names(part, decide, tell));
        }
        Expression::Not(part) => open_names(part, decide, tell),
        Expression::Item(item) => {
            item.field.iter().for_each(|name| tell(name));
            if let Test::Field { other, .. } = &item.test {
                tell(other);
            }
        }
    }
}

/// The sets of values of which an event must have one to be read; one empty set when none is asked.
fn alternatives(rule: &Rule, catalogue: &Catalogue, kind: &Kind) -> Vec<Vec<(String, Vec<String>)>> {
    match catalogue.route(&rule.source.keys(), kind) {
        Route::No => Vec::new(),
        Route::Yes => vec![Vec::new()],
        Route::Where(sets) => sets,
    }
}

/// How a test comes out for a field that has one of the values.
fn assumed(
    item: &Item,
    set: &[(String, Vec<String>)],
    (catalogue, kind): (&Catalogue, &Kind),
) -> Option<bool> {
    let name = item.field.as_deref()?;
    let field = |name: &str| catalogue.field(kind, name).map(|field| field.name.as_str());
    let is_same = |other: &str| other == name || (field(other).is_some() && field(other) == field(name));
    let (_, values) = set.iter().find(|(other, _)| is_same(other))?;
    match &item.test {
        Test::Any(matchers) => {
            let fits = |value: &String| {
                let folded = fold(value);
                let value = Candidate { text: value, folded: &folded, is_number: false };
                matchers.iter().any(|matcher| matcher.matches(value))
            };
            let fitting = values.iter().filter(|value| fits(value)).count();
            match fitting {
                0 => Some(false),
                all if all == values.len() => Some(true),
                _ => None,
            }
        }
        Test::Missing => Some(false),
        Test::Exists => Some(true),
        Test::Field { .. } => None,
    }
}

/// What an expression comes to, as far as the decided tests settle it.
fn settle(expression: &Expression, decide: &dyn Fn(&Item) -> Option<bool>) -> Option<bool> {
    let join = |parts: &[Expression], decisive: bool| {
        let mut open = false;
        for part in parts {
            match settle(part, decide) {
                Some(value) if value == decisive => return Some(decisive),
                Some(_) => {}
                None => open = true,
            }
        }
        (!open).then_some(!decisive)
    };
    match expression {
        Expression::Constant(value) => Some(*value),
        Expression::Item(item) => decide(item),
        Expression::Not(part) => settle(part, decide).map(|value| !value),
        Expression::And(parts) | Expression::Map(parts) => join(parts, false),
        Expression::Or(parts) => join(parts, true),
    }
}
