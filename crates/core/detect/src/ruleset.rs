//! A set of loaded documents, put together: filters applied, correlations tied to their rules.

use crate::correlation::{Correlation, Part, link};
use crate::filter::Filter;
use crate::load::Document;
use crate::rule::{Meta, Refusal, Rule};

/// Rules that can run, and documents that cannot.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// Plain rules, filters applied, in the order given.
    pub rules: Vec<Rule>,
    /// Correlations, those they are about before them.
    pub correlations: Vec<Correlation>,
    /// Filters; they are part of the rules already.
    pub filters: Vec<Filter>,
    /// Refused documents.
    pub refused: Vec<Refusal>,
}

impl RuleSet {
    /// Puts loaded documents together.
    #[must_use]
    pub fn new(loaded: impl IntoIterator<Item = Result<Document, Refusal>>) -> Self {
        let mut set = Self::default();
        let mut correlations = Vec::new();
        for document in loaded {
            match document {
                Ok(Document::Rule(rule)) => set.rules.push(rule),
                Ok(Document::Correlation(correlation)) => correlations.push(*correlation),
                Ok(Document::Filter(filter)) => set.filters.push(*filter),
                Err(refusal) => set.refused.push(refusal),
            }
        }
        for filter in &mut set.filters {
            let applied = set.rules.iter_mut().filter_map(|rule| filter.apply(rule).then_some(())).count();
            if applied == 0 {
                filter.warnings.push("the filter fits no rule of the set".to_owned());
            }
        }
        let linked = link(&mut set.rules, correlations);
        set.correlations = linked.correlations;
        set.refused.extend(linked.refused);
        set
    }

    /// Keeps the verdicts of documents that fit. What correlations are about stays with them,
    /// silently; what gives no verdict and feeds nothing goes.
    pub fn retain(&mut self, fits: impl Fn(&Meta) -> bool) {
        let mut rules = vec![false; self.rules.len()];
        let mut correlations = vec![false; self.correlations.len()];
        for (number, correlation) in self.correlations.iter_mut().enumerate().rev() {
            correlation.silent |= !fits(&correlation.meta);
            correlations[number] |= !correlation.silent;
            if correlations[number] {
                for part in &correlation.parts {
                    match part {
                        Part::Rule(rule) => rules[*rule] = true,
                        Part::Correlation(other) => correlations[*other] = true,
                    }
                }
            }
        }
        for (needed, rule) in rules.iter_mut().zip(&mut self.rules) {
            rule.silent |= !fits(&rule.meta);
            *needed |= !rule.silent;
        }
        let (rule_places, correlation_places) = (places(&rules), places(&correlations));
        keep(&mut self.rules, &rules);
        keep(&mut self.correlations, &correlations);
        for part in self.correlations.iter_mut().flat_map(|correlation| &mut correlation.parts) {
            match part {
                Part::Rule(rule) => *rule = rule_places[*rule],
                Part::Correlation(other) => *other = correlation_places[*other],
            }
        }
    }

    /// Number of rules, plain and correlations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len() + self.correlations.len()
    }

    /// Whether it has no rule at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What every document says about itself, with its warnings.
    pub fn documents(&self) -> impl Iterator<Item = (&Meta, &[String])> {
        let rules = self.rules.iter().map(|rule| (&*rule.meta, rule.warnings.as_slice()));
        let correlations = self.correlations.iter().map(|one| (&*one.meta, one.warnings.as_slice()));
        let filters = self.filters.iter().map(|filter| (&filter.meta, filter.warnings.as_slice()));
        rules.chain(correlations).chain(filters)
    }
}

/// For each entry of a list its place when only those marked stay.
fn places(stay: &[bool]) -> Vec<usize> {
    let count = |place: &mut usize, stays: &bool| {
        *place += usize::from(*stays);
        Some(place.saturating_sub(1))
    };
    stay.iter().scan(0, count).collect()
}

fn keep<T>(list: &mut Vec<T>, stay: &[bool]) {
    let mut stay = stay.iter();
    list.retain(|_| stay.next().copied().unwrap_or(true));
}
