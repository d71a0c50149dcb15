//! A correlation rule as it was written.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::kind::CorrelationType;
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
    pub(super) fn field_of(&self, name: &str, part: usize) -> Box<str> {
        let alias = self.aliases.get(name).and_then(|fields| fields.get(self.rules.get(part)?));
        alias.map_or_else(|| name.into(), Clone::clone)
    }
}
