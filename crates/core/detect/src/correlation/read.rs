//! Correlation documents, read and checked as far as one document can be.

use std::sync::Arc;

use yaml_serde::{Mapping, Value};

use super::condition::Condition;
use super::document::{Aliases, Correlation};
use super::kind::CorrelationType;
use crate::cause::Cause;
use crate::fault::Fault;
use crate::rule::Meta;

/// Units of time spans in seconds. Weeks, months and years are pySigma's.
const UNITS: [(char, i64); 7] =
    [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800), ('M', 2_629_746), ('y', 31_556_952)];

pub(crate) fn read(meta: Meta, entry: &Value, mut warnings: Vec<Cause>) -> Result<Correlation, Fault> {
    let Some(entry) = entry.as_mapping() else {
        return Err(Cause::CorrelationNotMap.near("correlation"));
    };
    let word = entry.get("type").and_then(Value::as_str);
    let word = word.ok_or_else(|| Cause::CorrelationTypeMissing.near("correlation"))?;
    let kind = CorrelationType::parse(word)
        .ok_or_else(|| Cause::CorrelationTypeUnknown { word: word.to_owned() }.near("type"))?;
    let listed = texts(entry, "rules")?;
    let condition = Condition::read(kind, entry.get("condition"), listed.len())?;
    let rules = named(listed, &condition)?;
    let generate = match entry.get("generate") {
        None => false,
        Some(Value::Bool(generate)) => *generate,
        Some(_) => return Err(Cause::GenerateNotTruth.near("generate")),
    };
    let group_by: Vec<Box<str>> = texts(entry, "group-by")?.into_iter().map(String::into).collect();
    if group_by.is_empty() {
        warnings.push(Cause::GroupByMissing);
    }
    let span = entry.get("timespan").ok_or(Cause::TimespanMissing)?;
    let span =
        span.as_str().and_then(nanoseconds).ok_or_else(|| Cause::TimespanUnreadable.near("timespan"))?;
    let aliases = aliases(entry)?;
    Ok(Correlation {
        meta: Arc::new(meta),
        kind,
        rules,
        parts: Vec::new(),
        generate,
        group_by,
        aliases,
        span,
        condition,
        warnings,
        silent: false,
    })
}

/// The rules listed, or those that a formula names.
fn named(mut rules: Vec<String>, condition: &Condition) -> Result<Vec<String>, Fault> {
    if rules.is_empty()
        && let Some(formula) = &condition.formula
    {
        formula.names(&mut rules);
    }
    if rules.is_empty() {
        return Err(Cause::CorrelationRulesMissing.near("correlation"));
    }
    for (number, rule) in rules.iter().enumerate() {
        if rules[..number].contains(rule) {
            return Err(Cause::CorrelationRuleTwice { rule: rule.clone() }.near("rules"));
        }
    }
    Ok(rules)
}

/// A text, or a list of texts; none when the key is absent.
fn texts(entry: &Mapping, key: &str) -> Result<Vec<String>, Fault> {
    let wrong = || Cause::ListNotTexts { key: key.to_owned() }.near(key);
    match entry.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(vec![text.clone()]),
        Some(Value::Sequence(items)) => {
            items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        Some(_) => Err(wrong()),
    }
}

fn nanoseconds(text: &str) -> Option<i64> {
    let unit = text.chars().next_back()?;
    let digits = text.strip_suffix(unit)?;
    let (_, seconds) = UNITS.iter().find(|(known, _)| *known == unit)?;
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let count = if all_digits { digits.parse::<i64>().ok()? } else { return None };
    count.checked_mul(*seconds)?.checked_mul(1_000_000_000).filter(|span| *span > 0)
}

fn aliases(entry: &Mapping) -> Result<Aliases, Fault> {
    let map = match entry.get("aliases") {
        None | Some(Value::Null) => return Ok(Aliases::new()),
        Some(Value::Mapping(map)) => map,
        Some(_) => return Err(Cause::AliasesNotMap.near("aliases")),
    };
    let mut aliases = Aliases::new();
    for (alias, fields) in map {
        let alias = alias.as_str().ok_or_else(|| Cause::AliasNameNotText.near("aliases"))?;
        let wrong = || Cause::AliasNotMap { alias: alias.to_owned() }.near("aliases");
        let fields = fields.as_mapping().ok_or_else(wrong)?;
        let entry = aliases.entry(alias.into()).or_default();
        for (rule, field) in fields {
            let (Some(rule), Some(field)) = (rule.as_str(), field.as_str()) else {
                return Err(wrong());
            };
            entry.insert(rule.to_owned(), field.into());
        }
    }
    Ok(aliases)
}

#[cfg(test)]
mod tests {
    use super::nanoseconds;

    #[test]
    fn time_spans_are_a_number_and_one_unit() {
        for (text, seconds) in [
            ("1s", Some(1)),
            ("90m", Some(5_400)),
            ("2h", Some(7_200)),
            ("7d", Some(604_800)),
            ("1w", Some(604_800)),
            ("1M", Some(2_629_746)),
            ("1h30m", None),
            ("0s", None),
            ("-1s", None),
            ("+1s", None),
            ("m", None),
            ("5", None),
            ("5 m", None),
            ("", None),
            ("999999999999999999s", None),
        ] {
            assert_eq!(nanoseconds(text), seconds.map(|s: i64| s * 1_000_000_000), "{text}");
        }
    }
}
