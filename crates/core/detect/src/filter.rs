//! Filters: documents that add a condition to rules, so that local exceptions survive an update
//! of the rules (Sigma specification 2.1.0, "Sigma Filters").
//!
//! As in pySigma, a rule becomes `(its condition) and (the filter's condition)`, word for word:
//! a filter that is to remove events says `not selection`. Names never collide, because each
//! condition is resolved among the selections of its own document.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use yaml_serde::{Mapping, Value};

use crate::cause::Cause;
use crate::detection;
use crate::fault::Fault;
use crate::operand::Placeholders;
use crate::rule::{Expression, Meta, Rule, SourceKeys};

/// A condition to be added to rules.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Filter {
    /// What it says about itself.
    pub meta: Meta,
    /// What a careful author would mend.
    pub warnings: Vec<Cause>,
    /// Rules outside these keys are left alone.
    source: SourceKeys,
    /// Ids and names of rules; none means all of the log source.
    rules: Option<Vec<String>>,
    expression: Expression,
}

/// What a document says of itself before its own part.
pub(crate) struct Preamble {
    pub(crate) meta: Meta,
    pub(crate) source: SourceKeys,
    pub(crate) warnings: Vec<Cause>,
}

pub(crate) fn read(preamble: Preamble, entry: &Value, placeholders: &Placeholders) -> Result<Filter, Fault> {
    let Preamble { meta, source, mut warnings } = preamble;
    let Some(entry) = entry.as_mapping() else {
        return Err(Cause::FilterNotMap.near("filter"));
    };
    let rules = match entry.get("rules") {
        None => return Err(Cause::FilterRulesMissing.near("filter")),
        Some(Value::String(word)) if ["any", "all"].contains(&word.to_ascii_lowercase().as_str()) => None,
        Some(Value::String(rule)) => Some(vec![rule.clone()]),
        Some(Value::Sequence(items)) if items.is_empty() => None,
        Some(Value::Sequence(items)) => {
            let names = items.iter().map(|item| item.as_str().map(str::to_owned));
            let names: Option<Vec<_>> = names.collect();
            Some(names.ok_or_else(|| Cause::FilterRuleNotText.near("rules"))?)
        }
        Some(_) => return Err(Cause::FilterRulesNotTexts.near("rules")),
    };
    if !entry.get("condition").is_some_and(Value::is_string) {
        return Err(Cause::FilterConditionNotText.near("condition"));
    }
    let expression = detection::expression(entry, "rules", placeholders, &mut warnings)?;
    if !entry.get("condition").and_then(Value::as_str).is_some_and(|text| text.contains("not")) {
        warnings.push(Cause::FilterKeeps);
    }
    Ok(Filter { meta, warnings, source, rules, expression })
}

impl Filter {
    /// Adds the condition to a rule that it is for, which is another rule then, and says whether it is.
    pub(crate) fn apply(&self, rule: &mut Rule) -> bool {
        let is_for = self.narrow(rule);
        if is_for {
            let meta = Arc::make_mut(&mut rule.meta);
            meta.digest = meta.digest.with([&self.meta.digest]);
        }
        is_for
    }

    /// Adds the condition to a rule that it is for, which finds less then, and says the same of it.
    pub(crate) fn narrow(&self, rule: &mut Rule) -> bool {
        let is_for = self.is_for(rule);
        if is_for {
            let own = std::mem::replace(&mut rule.expression, Expression::Constant(false));
            rule.expression = Expression::And(vec![own, self.expression.clone()]);
        }
        is_for
    }

    /// Ids and names of the rules that it names; none where it is for all of its log source.
    #[must_use]
    pub fn rules(&self) -> &[String] {
        self.rules.as_deref().unwrap_or_default()
    }

    /// Whether it is for a rule.
    #[must_use]
    pub fn is_for(&self, rule: &Rule) -> bool {
        let fits = |mine: &Option<String>, its: &Option<String>| mine.is_none() || mine == its;
        let reads = fits(&self.source.product, &rule.source.product)
            && fits(&self.source.category, &rule.source.category)
            && fits(&self.source.service, &rule.source.service);
        let is_named = |name: &Option<String>| {
            name.as_ref().is_some_and(|name| self.rules.as_ref().is_some_and(|rules| rules.contains(name)))
        };
        reads && (self.rules.is_none() || is_named(&rule.meta.id) || is_named(&rule.meta.name))
    }
}

/// A filter, as YAML, that removes from what a rule finds the events in which all of some fields have a value.
/// Fields are as in rules, `CommandLine|contains`; of one that comes more than once any value does. None where the
/// rule has neither id nor name to be called by.
#[must_use]
pub fn removing(rule: &Rule, title: &str, fields: &[(String, String)]) -> Option<String> {
    let name = rule.meta.id.as_ref().or(rule.meta.name.as_ref())?;
    let number =
        |value: &String| value.parse::<i64>().map_or_else(|_| Value::from(value.as_str()), Value::from);
    let mut selection = Mapping::new();
    for (field, _) in fields {
        let values = fields.iter().filter(|(other, _)| other == field).map(|(_, value)| number(value));
        let mut values: Vec<Value> = values.collect();
        let values = if values.len() == 1 { values.swap_remove(0) } else { Value::Sequence(values) };
        selection.insert(field.as_str().into(), values);
    }
    let SourceKeys { product, category, service } = &rule.source;
    let keys = [("product", product), ("category", category), ("service", service)];
    let keys =
        keys.into_iter().filter_map(|(key, value)| Some((Value::from(key), Value::from(value.as_deref()?))));
    let filter = [
        ("rules", Value::Sequence(vec![name.as_str().into()])),
        ("selection", selection.into()),
        ("condition", "not selection".into()),
    ];
    let map = |entries: &mut dyn Iterator<Item = (Value, Value)>| Value::Mapping(entries.collect());
    let mut filter = filter.into_iter().map(|(key, value)| (Value::from(key), value));
    let document =
        [("title", title.into()), ("logsource", map(&mut keys.into_iter())), ("filter", map(&mut filter))];
    yaml_serde::to_string(&map(&mut document.into_iter().map(|(key, value)| (Value::from(key), value)))).ok()
}
