//! Events that stand in for those a category is about: what a rule asks of fields that they cannot
//! have, nobody knows of them. A filter on such a field is taken to hold, so that a rule fires where
//! it surely would.

use std::borrow::Cow;

use model::catalogue::{Catalogue, is_ocsf};
use model::event::Kind;

use crate::reach::mentioned;
use crate::rule::{Expression, Item, Rule, Test};

/// The expression of a rule for events of `kind`, which stand in for others.
pub(crate) fn held<'r>(rule: &'r Rule, catalogue: &Catalogue, kind: &Kind) -> Cow<'r, Expression> {
    let id = kind.event_id.map(|id| id.to_string()).unwrap_or_default();
    // Who names the event writes for its fields.
    if !catalogue.stands_in(&rule.source.keys(), kind)
        || mentioned(&rule.expression, "EventID").is_none_or(|ids| ids.contains(&id))
    {
        return Cow::Borrowed(&rule.expression);
    }
    let others = others(rule, catalogue);
    // What the events themselves have not is no filter there either.
    let can_have = |name: &str| {
        catalogue.has_name(kind, name).unwrap_or(true)
            || !others.iter().any(|other| catalogue.has_name(other, name) == Some(true))
    };
    let is_known = |item: &Item| {
        let other = match &item.test {
            Test::Field { other, .. } => can_have(other),
            _ => true,
        };
        item.field.as_deref().is_none_or(can_have) && other
    };
    Cow::Owned(certain(&rule.expression, false, &is_known))
}

/// The events that the log source of a rule is about.
fn others(rule: &Rule, catalogue: &Catalogue) -> Vec<Kind> {
    let source = rule.source.keys();
    let readings = catalogue.readings(&source);
    let kinds = readings.iter().flat_map(|reading| {
        reading.event_ids.iter().map(|id| Kind::new(reading.product, reading.log, Some(*id)))
    });
    // What OCSF has names for, the system's own events need not tell.
    kinds.filter(|kind| !is_ocsf(kind) && !catalogue.stands_in(&source, kind)).collect()
}

/// What is unknown comes out so that the whole does not hold by it.
fn certain(expression: &Expression, negated: bool, is_known: &dyn Fn(&Item) -> bool) -> Expression {
    let all = |parts: &[Expression]| parts.iter().map(|part| certain(part, negated, is_known)).collect();
    match expression {
        Expression::Constant(value) => Expression::Constant(*value),
        Expression::And(parts) => Expression::And(all(parts)),
        Expression::Or(parts) => Expression::Or(all(parts)),
        Expression::Map(parts) => Expression::Map(all(parts)),
        Expression::Not(part) => Expression::Not(Box::new(certain(part, !negated, is_known))),
        Expression::Item(item) if is_known(item) => Expression::Item(item.clone()),
        Expression::Item(_) => Expression::Constant(negated),
    }
}
