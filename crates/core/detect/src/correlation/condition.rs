//! The condition of a correlation: bounds on a count, or a formula over rules.

use std::cmp::Ordering;

use rsigma_parser::ast::ConditionExpr;
use rsigma_parser::condition::parse_condition;
use serde::{Deserialize, Serialize};
use yaml_serde::{Mapping, Value};

use super::kind::CorrelationType;
use crate::cause::Cause;
use crate::detection::unreadable;
use crate::fault::Fault;
use crate::matcher::Comparison;

/// When a window fires.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Condition {
    /// All must hold of what is counted.
    pub bounds: Vec<(Comparison, f64)>,
    /// What is counted or added up; several fields form one combined value.
    pub fields: Vec<Box<str>>,
    /// Rank for percentiles, 0 to 100.
    pub percentile: f64,
    /// Which rules must have fired, in place of bounds.
    pub formula: Option<Formula>,
}

const BOUNDS: [(&str, Comparison); 6] = [
    ("lt", Comparison::Less),
    ("lte", Comparison::LessOrEqual),
    ("gt", Comparison::Greater),
    ("gte", Comparison::GreaterOrEqual),
    ("eq", Comparison::Equal),
    ("neq", Comparison::NotEqual),
];

/// A formula over the rules of a temporal correlation (pySigma's extended condition).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Formula {
    /// All hold.
    And(Vec<Formula>),
    /// One holds.
    Or(Vec<Formula>),
    /// It does not hold.
    Not(Box<Formula>),
    /// The rule with this name has fired; then its place among the correlation's rules.
    Fired(String, usize),
}

impl Condition {
    /// Whether what was counted fulfils all bounds.
    #[must_use]
    pub fn holds(&self, counted: f64) -> bool {
        self.holds_by(|limit| counted.partial_cmp(&limit))
    }

    /// Whether all bounds are fulfilled by something that can be compared with a limit.
    pub(super) fn holds_by(&self, compare: impl Fn(f64) -> Option<Ordering>) -> bool {
        self.bounds.iter().all(|(bound, limit)| compare(*limit).is_some_and(|order| bound.fits(order)))
    }

    /// A count above which further events change nothing.
    pub(super) fn enough(&self) -> usize {
        let most = self.bounds.iter().map(|(_, limit)| *limit).fold(0.0, f64::max);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; not negative"
        )]
        let most = most.ceil() as usize;
        most.saturating_add(1)
    }

    pub(super) fn read(kind: CorrelationType, value: Option<&Value>, rules: usize) -> Result<Self, Fault> {
        match value {
            None if kind.is_temporal() => Ok(Self::all_of(rules)),
            None => Err(Cause::CorrelationConditionMissing.near("correlation")),
            Some(Value::String(text)) if kind == CorrelationType::Temporal => {
                let parsed =
                    parse_condition(text).map_err(|error| unreadable(text, &error).near("condition:"))?;
                let formula = Formula::read(&parsed).map_err(|fault| fault.near("condition:"))?;
                Ok(Self { formula: Some(formula), ..Self::default() })
            }
            Some(Value::String(_)) => Err(Cause::FormulaNotTemporal.near("condition:")),
            Some(Value::Mapping(map)) => Self::read_map(kind, map, rules),
            Some(_) => Err(Cause::CorrelationConditionNotMap.near("condition:")),
        }
    }

    fn all_of(rules: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "nobody lists 2^53 rules")]
        Self { bounds: vec![(Comparison::GreaterOrEqual, rules as f64)], ..Self::default() }
    }

    fn read_map(kind: CorrelationType, map: &Mapping, rules: usize) -> Result<Self, Fault> {
        let mut condition = Self { percentile: 50.0, ..Self::default() };
        for (key, value) in map {
            let key = key.as_str().unwrap_or_default();
            if let Some((_, bound)) = BOUNDS.iter().find(|(word, _)| *word == key) {
                let limit =
                    number(value).ok_or_else(|| Cause::BoundNotNumber { key: key.to_owned() }.near(key))?;
                condition.bounds.push((*bound, limit));
            } else if key == "field" {
                condition.fields = fields(value).ok_or_else(|| Cause::CountedNotNames.near(key))?;
            } else if key == "percentile" && kind == CorrelationType::ValuePercentile {
                let rank = number(value).filter(|rank| (0.0..=100.0).contains(rank));
                condition.percentile = rank.ok_or_else(|| Cause::PercentileUnreadable.near(key))?;
            } else {
                return Err(Cause::BoundUnknown { key: key.to_owned() }.near(key));
            }
        }
        if condition.bounds.is_empty() {
            if !kind.is_temporal() {
                return Err(Cause::BoundMissing.near("condition:"));
            }
            condition.bounds = Self::all_of(rules).bounds;
        }
        match (kind, condition.fields.len()) {
            (CorrelationType::ValueCount, 0) => Err(Cause::CountedMissing.near("condition:")),
            (_, count) if kind.is_numeric() && count != 1 => Err(Cause::CountedNotOne.near("condition:")),
            _ => Ok(condition),
        }
    }
}

impl Formula {
    fn read(parsed: &ConditionExpr) -> Result<Self, Fault> {
        let all = |parts: &[ConditionExpr]| parts.iter().map(Self::read).collect::<Result<Vec<_>, _>>();
        match parsed {
            ConditionExpr::And(parts) => Ok(Self::And(all(parts)?)),
            ConditionExpr::Or(parts) => Ok(Self::Or(all(parts)?)),
            ConditionExpr::Not(part) => Ok(Self::Not(Box::new(Self::read(part)?))),
            ConditionExpr::Identifier(name) => Ok(Self::Fired(name.clone(), usize::MAX)),
            ConditionExpr::Selector { .. } => Err(Cause::FormulaQuantifies.into()),
        }
    }

    /// Finds the places of the rules that are named; the name of one that has none is the error.
    pub(super) fn bind(&mut self, place_of: &dyn Fn(&str) -> Option<usize>) -> Result<(), String> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter_mut().try_for_each(|part| part.bind(place_of)),
            Self::Not(part) => part.bind(place_of),
            Self::Fired(name, place) => {
                *place = place_of(name).ok_or_else(|| name.clone())?;
                Ok(())
            }
        }
    }

    pub(super) fn names(&self, names: &mut Vec<String>) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.names(names)),
            Self::Not(part) => part.names(names),
            Self::Fired(name, _) if names.contains(name) => {}
            Self::Fired(name, _) => names.push(name.clone()),
        }
    }

    /// Whether it holds, by whether the rule at each place has fired.
    pub(super) fn holds(&self, fired: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(fired)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(fired)),
            Self::Not(part) => !part.holds(fired),
            Self::Fired(_, place) => fired(*place),
        }
    }
}

fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

fn fields(value: &Value) -> Option<Vec<Box<str>>> {
    let name = |value: &Value| value.as_str().filter(|name| !name.is_empty()).map(Box::from);
    match value {
        Value::String(_) => Some(vec![name(value)?]),
        Value::Sequence(items) if !items.is_empty() => items.iter().map(name).collect(),
        _ => None,
    }
}
