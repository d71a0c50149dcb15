//! Ties correlations to the rules they name, wherever in the set those stand.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::document::{Correlation, Part};
use crate::cause::Cause;
use crate::rule::{Refusal, Rule};

/// Correlations that can run, those they are about before them, and those that cannot.
pub(crate) struct Linked {
    pub(crate) correlations: Vec<Correlation>,
    pub(crate) refused: Vec<Refusal>,
}

/// Documents by id and by name. A word that stands for two of them leads to neither.
#[derive(Default)]
struct Names(HashMap<String, Option<Part>>);

impl Names {
    fn add(&mut self, words: [&Option<String>; 2], part: Part) {
        for word in words.into_iter().flatten() {
            let known = self.0.entry(word.clone()).or_insert(Some(part));
            if *known != Some(part) {
                *known = None;
            }
        }
    }

    fn find(&self, word: &str) -> Result<Part, Cause> {
        match self.0.get(word) {
            Some(Some(part)) => Ok(*part),
            Some(None) => Err(Cause::CorrelationRuleAmbiguous { rule: word.to_owned() }),
            None => Err(Cause::CorrelationRuleUnknown { rule: word.to_owned() }),
        }
    }
}

/// Finds what each correlation names. One that names something unknown, refused or itself, by
/// whatever detour, is refused; the others stay. Rules whose verdicts only feed correlations are
/// marked silent.
pub(crate) fn link(rules: &mut [Rule], read: Vec<Correlation>) -> Linked {
    let mut names = Names::default();
    for (number, rule) in rules.iter().enumerate() {
        names.add([&rule.meta.id, &rule.meta.name], Part::Rule(number));
    }
    for (number, correlation) in read.iter().enumerate() {
        names.add([&correlation.meta.id, &correlation.meta.name], Part::Correlation(number));
    }
    let mut linked = Linked { correlations: Vec::new(), refused: Vec::new() };
    let mut waiting: Vec<(usize, Correlation)> = Vec::new();
    for (number, mut correlation) in read.into_iter().enumerate() {
        match tie(&mut correlation, &names) {
            Ok(()) => waiting.push((number, correlation)),
            Err(reason) => linked.refused.push(refusal(&correlation, reason)),
        }
    }
    // Each round places the correlations that stand on placed ones. What is then left stands on
    // something refused or on itself.
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    loop {
        let (ready, rest): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(_, correlation)| correlation.stands_on(&places));
        waiting = rest;
        if ready.is_empty() {
            break;
        }
        for (number, mut correlation) in ready {
            for part in &mut correlation.parts {
                if let Part::Correlation(other) = part {
                    *other = places.get(other).copied().unwrap_or_default();
                }
            }
            places.insert(number, linked.correlations.len());
            linked.correlations.push(correlation);
        }
    }
    for (_, correlation) in waiting {
        linked.refused.push(refusal(&correlation, Cause::CorrelationCircular));
    }
    silence(rules, &mut linked.correlations);
    linked
}

impl Correlation {
    fn stands_on(&self, places: &BTreeMap<usize, usize>) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Rule(_) => true,
            Part::Correlation(number) => places.contains_key(number),
        })
    }
}

fn tie(correlation: &mut Correlation, names: &Names) -> Result<(), Cause> {
    let parts = correlation.rules.iter().map(|word| names.find(word)).collect::<Result<Vec<_>, _>>()?;
    for (number, part) in parts.iter().enumerate() {
        if parts[..number].contains(part) {
            return Err(Cause::CorrelationRuleTwice { rule: correlation.rules[number].clone() });
        }
    }
    let place_of = |word: &str| {
        let part = names.find(word).ok()?;
        parts.iter().position(|known| *known == part)
    };
    for fields in correlation.aliases.values_mut() {
        let mut by_rule = BTreeMap::new();
        for (word, field) in std::mem::take(fields) {
            // An alias for a rule that takes no part does no harm.
            names.find(&word)?;
            if let Some(place) = place_of(&word) {
                by_rule.insert(correlation.rules[place].clone(), field);
            }
        }
        *fields = by_rule;
    }
    if let Some(formula) = &mut correlation.condition.formula {
        let unknown = |rule| Cause::FormulaRuleUnlisted { rule };
        formula.bind(&place_of).map_err(unknown)?;
    }
    correlation.parts = parts;
    Ok(())
}

/// As in pySigma: whatever a correlation without `generate` refers to gives no verdicts.
/// A correlation that names no level takes the highest of its parts.
fn silence(rules: &mut [Rule], correlations: &mut [Correlation]) {
    for number in 0..correlations.len() {
        let parts = correlations[number].parts.clone();
        let level = parts.iter().map(|part| match part {
            Part::Rule(rule) => rules[*rule].meta.level,
            Part::Correlation(other) => correlations[*other].meta.level,
        });
        let level = level.max().unwrap_or_default();
        let meta = Arc::make_mut(&mut correlations[number].meta);
        if !meta.has_level {
            meta.level = level;
        }
        if correlations[number].generate {
            continue;
        }
        for part in parts {
            match part {
                Part::Rule(rule) => rules[rule].silent = true,
                Part::Correlation(other) => correlations[other].silent = true,
            }
        }
    }
}

fn refusal(correlation: &Correlation, reason: Cause) -> Refusal {
    let meta = &correlation.meta;
    Refusal {
        rule_id: meta.id.clone(),
        title: Some(meta.title.clone()),
        path: meta.path.clone(),
        line: meta.line,
        reason,
    }
}
