//! Correlations: rules about what other rules find (Sigma specification 2.1.0, "Sigma
//! Correlation Rules").
//!
//! [`read`] reads a document, [`link`] ties a set of them to the rules they name, a [`Plan`] says
//! what each rule must hand on, and a [`Correlator`] takes the [`Signal`]s of a scan in the order
//! of time and gives verdicts. Its docstring says when a correlation fires.

mod chain;
mod condition;
mod correlator;
mod counts;
mod evidence;
mod groups;
mod key;
mod link;
mod matches;
mod numbers;
mod order;
mod plan;
mod read;
mod saved;
mod sum;
mod values;
mod window;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use condition::Condition;
pub use correlator::{Correlator, Omitted, Signal};
pub(crate) use link::link;
pub(crate) use plan::Plan;
pub(crate) use read::read;
pub use saved::NotResumed;

use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::rule::Meta;

/// A correlation rule.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Correlation {
    /// What it says about itself.
    pub meta: Arc<Meta>,
    /// What is counted.
    pub kind: CorrelationType,
    /// The rules it is about, as written: ids and names.
    pub rules: Vec<String>,
    /// The same rules, found; filled when the set is put together.
    pub parts: Vec<Part>,
    /// Whether these rules keep giving verdicts of their own.
    pub generate: bool,
    /// Fields whose values must be equal; none means that all events are one group.
    pub group_by: Vec<Box<str>>,
    /// Alias → rule as written → field of that rule's events.
    pub aliases: Aliases,
    /// Longest time between the first and the last event, in nanoseconds, inclusive.
    pub span: i64,
    /// When it fires.
    pub condition: Condition,
    /// What a careful author would mend.
    pub warnings: Vec<Cause>,
    /// Whether it only feeds other correlations.
    pub silent: bool,
}

/// Alias → rule → field of that rule's events.
pub type Aliases = BTreeMap<Box<str>, BTreeMap<String, Box<str>>>;

/// What a correlation counts in a window of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CorrelationType {
    /// Events.
    EventCount,
    /// Different values of a field, or of several together.
    ValueCount,
    /// Different rules.
    Temporal,
    /// Different rules in the order given.
    TemporalOrdered,
    /// The sum of a field's numbers.
    ValueSum,
    /// Their mean.
    ValueAverage,
    /// Their percentile, interpolated between neighbours.
    ValuePercentile,
}

impl CorrelationType {
    const WORDS: [(&'static str, Self); 8] = [
        ("event_count", Self::EventCount),
        ("value_count", Self::ValueCount),
        ("temporal", Self::Temporal),
        ("temporal_ordered", Self::TemporalOrdered),
        ("value_sum", Self::ValueSum),
        ("value_avg", Self::ValueAverage),
        ("value_percentile", Self::ValuePercentile),
        // pySigma's word for the percentile 50.
        ("value_median", Self::ValuePercentile),
    ];

    fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }

    fn is_temporal(self) -> bool {
        matches!(self, Self::Temporal | Self::TemporalOrdered)
    }

    fn is_numeric(self) -> bool {
        matches!(self, Self::ValueSum | Self::ValueAverage | Self::ValuePercentile)
    }
}

/// What a correlation is about: a number in the set it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    /// A plain rule.
    Rule(usize),
    /// Another correlation, with a smaller number than the one it is part of.
    Correlation(usize),
}

impl Correlation {
    /// The field that stands for `name` in what part number `part` brings.
    fn field_of(&self, name: &str, part: usize) -> Box<str> {
        let alias = self.aliases.get(name).and_then(|fields| fields.get(self.rules.get(part)?));
        alias.map_or_else(|| name.into(), Clone::clone)
    }
}
