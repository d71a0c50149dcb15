//! Selections and conditions: from the maps of a document to one expression.

use std::collections::BTreeMap;

use rsigma_parser::ast::{ConditionExpr, Quantifier, SelectorPattern};
use rsigma_parser::condition::parse_condition;
use yaml_serde::{Mapping, Value};

use crate::item::{Placeholders, item_expression, keyword_expression};
use crate::load::Fault;
use crate::rule::Expression;

/// The expression of a map of selections and conditions. Keys of `other` are neither.
pub(crate) fn expression(
    entry: &Mapping,
    other: &str,
    placeholders: &Placeholders,
    warnings: &mut Vec<String>,
) -> Result<Expression, Fault> {
    let mut selections = BTreeMap::new();
    for (name, value) in entry {
        let name = name.as_str().ok_or_else(|| Fault::new("a name of a selection is not a text"))?;
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
        let parsed = parse_condition(text).map_err(|error| at_condition(condition_fault(text, &error)))?;
        alternatives.push(resolve(&parsed, &selections, &mut used).map_err(at_condition)?);
    }
    for name in selections.keys().filter(|name| !used.contains(name)) {
        warnings.push(format!("the condition does not use {name}"));
    }
    Ok(match alternatives.len() {
        1 => alternatives.remove(0),
        _ => Expression::Or(alternatives),
    })
}

fn condition_texts(detection: &Mapping) -> Result<Vec<String>, Fault> {
    let wrong = || Fault::new("condition is neither a text nor a list of texts").near("condition:");
    match detection.get("condition") {
        None => Err(Fault::new("there is no condition").near("detection")),
        Some(Value::String(text)) => Ok(vec![text.clone()]),
        Some(Value::Sequence(items)) if !items.is_empty() => {
            items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        Some(_) => Err(wrong()),
    }
}

pub(crate) fn condition_fault(text: &str, error: &rsigma_parser::error::SigmaParserError) -> Fault {
    if text.contains('|') {
        return Fault::new(
            "the condition has an aggregation after a pipe, which the specification has replaced by correlations",
        );
    }
    let message = error.to_string();
    let detail = message.lines().filter(|line| line.trim_start().starts_with('=')).collect::<String>();
    let detail = detail.trim().trim_start_matches('=').trim();
    Fault::new(format!(
        "the condition cannot be read: {}",
        if detail.is_empty() { message.trim() } else { detail }
    ))
}

fn selection(value: &Value, placeholders: &Placeholders) -> Result<Expression, Fault> {
    match value {
        Value::Mapping(map) if map.is_empty() => Err(Fault::new("a selection is an empty map")),
        Value::Mapping(map) => {
            let items = map.iter().map(|(key, value)| {
                let key = key.as_str().ok_or_else(|| Fault::new("a field name is not a text"))?;
                item_expression(key, value, placeholders).map_err(|fault| fault.near(key))
            });
            Ok(Expression::Map(items.collect::<Result<_, _>>()?))
        }
        Value::Sequence(items) if items.is_empty() => Err(Fault::new("a selection is an empty list")),
        Value::Sequence(items) => {
            let alternatives = items.iter().map(|item| match item {
                Value::Sequence(_) => Err(Fault::new("a list stands directly inside a list")),
                other => selection(other, placeholders),
            });
            Ok(Expression::Or(alternatives.collect::<Result<_, _>>()?))
        }
        Value::Tagged(_) => Err(Fault::new("a selection carries a YAML tag")),
        scalar => keyword_expression(scalar),
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
            found.ok_or_else(|| Fault::new(format!("the condition names {name}, which is no selection")))
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
        return Err(Fault::new(format!("no selection fits '{pattern}' of the condition")));
    }
    used.extend(chosen.iter().map(|(name, _)| (*name).clone()));
    let parts = chosen.into_iter().map(|(_, expression)| expression.clone()).collect();
    match quantifier {
        Quantifier::Any | Quantifier::Count(1) => Ok(Expression::Or(parts)),
        Quantifier::All => Ok(Expression::And(parts)),
        Quantifier::Count(count) => Err(Fault::new(format!(
            "'{count} of' is not in the specification, which has '1 of' and 'all of'"
        ))),
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
