//! A set of loaded documents, put together: filters applied, correlations tied to their rules.

use std::collections::HashMap;
use std::sync::Arc;

use model::catalogue::Catalogue;

use crate::cause::Cause;
use crate::correlation::{Correlation, Part, link};
use crate::filter::Filter;
use crate::load::Document;
use crate::reach;
use crate::rule::{Meta, Refusal, Rule, RuleDigest};

/// Something in a document that a careful author would mend.
#[derive(Debug, Clone)]
pub struct Warning<'a> {
    /// The document.
    pub meta: &'a Meta,
    /// What it is.
    pub reason: Cause,
}

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
    /// Who the filters are of which rules say nothing: [`RuleSet::suppress`].
    suppressed: Vec<RuleDigest>,
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
                filter.warnings.push(Cause::FilterFitsNothing);
            }
        }
        let linked = link(&mut set.rules, correlations);
        set.correlations = linked.correlations;
        set.refused.extend(linked.refused);
        set.sign_correlations();
        set
    }

    /// Makes the digests of correlations those of their parts as well, which stand before them.
    fn sign_correlations(&mut self) {
        for number in 0..self.correlations.len() {
            let of = |part: &Part| match part {
                Part::Rule(rule) => self.rules[*rule].meta.digest,
                Part::Correlation(other) => self.correlations[*other].meta.digest,
            };
            let parts: Vec<RuleDigest> = self.correlations[number].parts.iter().map(of).collect();
            let meta = Arc::make_mut(&mut self.correlations[number].meta);
            meta.digest = meta.digest.with(&parts);
        }
    }

    /// Who the set is: the same for the same rules in whatever order and place, of which the same give
    /// verdicts.
    #[must_use]
    pub fn digest(&self) -> RuleDigest {
        let rules = self.rules.iter().map(|rule| (rule.meta.digest, rule.silent));
        let correlations = self.correlations.iter().map(|rule| (rule.meta.digest, rule.silent));
        let mut all: Vec<(RuleDigest, bool)> = rules.chain(correlations).collect();
        all.sort_unstable();
        let bytes: Vec<u8> = all
            .into_iter()
            .flat_map(|(digest, silent)| digest.id().bytes().into_iter().chain([u8::from(silent)]))
            .chain(self.suppressed.iter().flat_map(|digest| digest.id().bytes()))
            .collect();
        RuleDigest::of([bytes.as_slice()])
    }

    /// Lets rules pass over what a filter removes, for as long as somebody says so. Unlike
    /// with a filter of the set they stay the same rules, so that what they found before is not found again as
    /// another verdict. Correlations that they feed do not see these events either.
    pub fn suppress(&mut self, filter: &Filter) {
        let narrowed = self.rules.iter_mut().map(|rule| filter.narrow(rule)).filter(|is_for| *is_for).count();
        if narrowed > 0 {
            self.suppressed.push(filter.meta.digest);
            self.suppressed.sort_unstable();
        }
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

    /// What should be mended, by file and line: of each document, and of the set with what
    /// the catalogue knows.
    #[must_use]
    pub fn warnings(&self, catalogue: &Catalogue) -> Vec<Warning<'_>> {
        let mut warnings = Vec::new();
        let mut ids = HashMap::new();
        for (meta, told) in self.documents() {
            warnings.extend(told.iter().map(|reason| Warning { meta, reason: reason.clone() }));
            if let Some(id) = &meta.id
                && let Some(first) = ids.insert(id, meta)
            {
                let (id, path, line) = (id.clone(), first.path.clone(), first.line as u64);
                warnings.push(Warning { meta, reason: Cause::IdTwice { id, path, line } });
            }
        }
        let unread = self.rules.iter().filter(|rule| !catalogue.is_readable(&rule.source.keys()));
        warnings.extend(unread.map(|rule| {
            let logsource = rule.source.to_string();
            Warning { meta: &rule.meta, reason: Cause::LogsourceUnread { logsource } }
        }));
        let read = self.rules.iter().filter(|rule| catalogue.is_readable(&rule.source.keys()));
        warnings.extend(read.flat_map(|rule| {
            reach::told(rule, catalogue).into_iter().map(|reason| Warning { meta: &rule.meta, reason })
        }));
        warnings.sort_by_key(|warning| (&warning.meta.path, warning.meta.line));
        warnings
    }

    /// What every document says about itself, with its warnings.
    pub fn documents(&self) -> impl Iterator<Item = (&Meta, &[Cause])> {
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
