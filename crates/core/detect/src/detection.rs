//! Selections and conditions: from the maps of a document to one expression.

use std::collections::BTreeMap;

use rsigma_parser::ast::{ConditionExpr, Quantifier, SelectorPattern};
use rsigma_parser::condition::parse_condition;
use yaml_serde::{Mapping, Value};

use crate::cause::Cause;
use crate::fault::Fault;
use crate::item::{item_expression, keyword_expression};
use crate::operand::Placeholders;
use crate::rule::Expression;
use crate::spelling;

/// The expression of a map of selections and conditions. Keys of `other` are neither.
pub(crate) fn expression(
    entry: &Mapping,
    other: &str,
    placeholders: &Placeholders,
    warnings: &mut Vec<Cause>,
) -> Result<Expression, Fault> {
    let mut selections = BTreeMap::new();
    for (name, value) in entry {
        let name = name.as_str().ok_or(Cause::SelectionNameNotText)?;
        if name != "condition" && name != other {
            let expression = selection(value, placeholders).map_err(|fault| fault.near(name))?;
            selections.insert(name.to_owned(), expression);
        }
    }
    let conditions = condition_texts(entry)?;
    let mut used = Vec::new();
    let mut alternatives = Vec::new();
    for text in &conditions {
        let at_condition = |fault: Fault| fault.near("condition:");
        let parsed = parse_condition(text).map_err(|error| at_condition(unreadable(text, &error).into()))?;
        alternatives.push(resolve(&parsed, &selections, &mut used).map_err(at_condition)?);
    }
    let unused = selections.keys().filter(|name| !used.contains(name));
    warnings.extend(unused.map(|name| Cause::SelectionUnused { name: name.clone() }));
    Ok(match alternatives.len() {
        1 => alternatives.remove(0),
        _ => Expression::Or(alternatives),
    })
}

fn condition_texts(detection: &Mapping) -> Result<Vec<String>, Fault> {
    let wrong = || Cause::ListNotTexts { key: "condition".to_owned() }.near("condition:");
    match detection.get("condition") {
        None => Err(Cause::ConditionMissing.near("detection")),
        Some(Value::String(text)) => Ok(vec![text.clone()]),
        Some(Value::Sequence(items)) if !items.is_empty() => {
            items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        Some(_) => Err(wrong()),
    }
}

pub(crate) fn unreadable(text: &str, error: &rsigma_parser::error::SigmaParserError) -> Cause {
    if text.contains('|') {
        return Cause::ConditionAggregates;
    }
    let message = error.to_string();
    let detail = message.lines().filter(|line| line.trim_start().starts_with('=')).collect::<String>();
    let detail = detail.trim().trim_start_matches('=').trim();
    let error = if detail.is_empty() { message.trim() } else { detail };
    Cause::ConditionUnreadable { error: error.to_owned() }
}

fn selection(value: &Value, placeholders: &Placeholders) -> Result<Expression, Fault> {
    match value {
        Value::Mapping(map) if map.is_empty() => Err(Cause::SelectionEmptyMap.into()),
        Value::Mapping(map) => {
            let items = map.iter().map(|(key, value)| {
                let key = key.as_str().ok_or(Cause::FieldNotText)?;
                item_expression(key, value, placeholders).map_err(|fault| fault.near(key))
            });
            Ok(Expression::Map(items.collect::<Result<_, _>>()?))
        }
        Value::Sequence(items) if items.is_empty() => Err(Cause::SelectionEmptyList.into()),
        Value::Sequence(items) => {
            let alternatives = items.iter().map(|item| match item {
                Value::Sequence(_) => Err(Cause::SelectionNestedList.into()),
                other => selection(other, placeholders),
            });
            Ok(Expression::Or(alternatives.collect::<Result<_, _>>()?))
        }
        Value::Tagged(_) if spelling::of(value).is_none() => Err(Cause::SelectionTagged.into()),
        scalar => Ok(keyword_expression(scalar)?),
    }
}

fn resolve(
    condition: &ConditionExpr,
    selections: &BTreeMap<String, Expression>,
    used: &mut Vec<String>,
) -> Result<Expression, Fault> {
    let mut all = |parts: &[ConditionExpr]| -> Result<Vec<_>, Fault> {
        parts.iter().map(|part| resolve(part, selections, used)).collect()
    };
    match condition {
        ConditionExpr::And(parts) => Ok(Expression::And(all(parts)?)),
        ConditionExpr::Or(parts) => Ok(Expression::Or(all(parts)?)),
        ConditionExpr::Not(part) => Ok(Expression::Not(Box::new(resolve(part, selections, used)?))),
        ConditionExpr::Identifier(name) => {
            used.push(name.clone());
            let found = selections.get(name).cloned();
            found.ok_or_else(|| Cause::SelectionUnknown { name: name.clone() }.into())
        }
        ConditionExpr::Selector { quantifier, pattern } => selector(quantifier, pattern, selections, used),
    }
}

fn selector(
    quantifier: &Quantifier,
    pattern: &SelectorPattern,
    selections: &BTreeMap<String, Expression>,
    used: &mut Vec<String>,
) -> Result<Expression, Fault> {
    let fits = |name: &str| match pattern {
        SelectorPattern::Them => !name.starts_with('_'),
        SelectorPattern::Pattern(pattern) => {
            name_fits(pattern, name) && (!name.starts_with('_') || pattern.starts_with('_'))
        }
    };
    let chosen: Vec<_> = selections.iter().filter(|(name, _)| fits(name)).collect();
    if chosen.is_empty() {
        return Err(Cause::SelectionNoneFits { pattern: pattern.to_string() }.into());
    }
    used.extend(chosen.iter().map(|(name, _)| (*name).clone()));
    let parts = chosen.into_iter().map(|(_, expression)| expression.clone()).collect();
    match quantifier {
        Quantifier::Any | Quantifier::Count(1) => Ok(Expression::Or(parts)),
        Quantifier::All => Ok(Expression::And(parts)),
        Quantifier::Count(count) => Err(Cause::QuantifierUnknown { count: *count }.into()),
    }
}

/// Whether a name fits a selector pattern, `*` standing for any run of characters.
fn name_fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => name.strip_prefix(head).is_some_and(|rest| {
            let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.into_iter().any(|at| name_fits(tail, &rest[at..]))
        }),
    }
}
