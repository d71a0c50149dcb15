//! What decides whether a window fires, for each type of correlation: as little of its events as
//! the answer needs, exact whatever else is dropped of them.

use serde::{Deserialize, Serialize};

use super::chain::Chains;
use super::kind::CorrelationType;
use super::matches::Match;
use super::numbers::Numbers;
use super::plan::Node;
use super::setting::Setting;
use super::values::{self, Value, Values};
use crate::number::Number;

/// A part that has no event in the window.
const NONE: i64 = i64::MIN;

/// What an event adds to the count.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Measure {
    /// Itself.
    Event,
    /// The value of a field.
    Value(Value),
    /// Its values, when it has several.
    Values(Box<[Value]>),
    /// Numbers of a field.
    Numbers(Box<[Number]>),
}

impl Measure {
    /// Memory held, in events.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Event => 0,
            Self::Numbers(numbers) => numbers.len(),
            Self::Value(_) | Self::Values(_) => {
                self.values().len() + self.values().iter().map(|value| value.len()).sum::<usize>() / 64
            }
        }
    }

    fn values(&self) -> &[Value] {
        match self {
            Self::Value(value) => std::slice::from_ref(value),
            Self::Values(values) => values,
            Self::Event | Self::Numbers(_) => &[],
        }
    }
}

/// Counts over the events of a window.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Counts {
    /// The window knows how many events it has.
    Events,
    Values(Box<Values>),
    /// When each part was last seen.
    Parts(Box<[i64]>),
    Chains(Box<Chains>),
    Numbers(Box<Numbers>),
}

impl Counts {
    pub(super) fn new(node: &Node) -> Self {
        match node.kind {
            CorrelationType::EventCount => Self::Events,
            CorrelationType::ValueCount => Self::Values(Box::default()),
            CorrelationType::Temporal => Self::Parts(vec![NONE; node.parts.len()].into()),
            CorrelationType::TemporalOrdered => Self::Chains(Box::new(Chains::new(node.parts.len()))),
            _ => Self::Numbers(Box::default()),
        }
    }

    /// Finds anew what was not saved.
    pub(super) fn restore(&mut self, setting: Setting<'_>) {
        match self {
            Self::Values(values) => values.restore(limits(setting)),
            Self::Numbers(numbers) => numbers.restore(setting),
            Self::Events | Self::Parts(_) | Self::Chains(_) => {}
        }
    }

    /// Adds a match. Chains take matches in the order of time alone.
    pub(super) fn add(&mut self, added: &Match, measure: &Measure, setting: Setting<'_>) {
        let (time, part) = (added.evidence.time(), added.part);
        match (self, measure) {
            (Self::Values(values), _) => values.see(time, measure.values(), limits(setting)),
            (Self::Numbers(numbers), Measure::Numbers(more)) => numbers.add(time, more, setting),
            (Self::Chains(chains), _) => chains.add(time, part.into()),
            (Self::Parts(latest), _) => {
                if let Some(known) = latest.get_mut(usize::from(part)) {
                    *known = time.max(*known);
                }
            }
            _ => {}
        }
    }

    /// Takes away what was before.
    pub(super) fn expire(&mut self, edge: i64) {
        match self {
            Self::Events => {}
            Self::Values(values) => values.expire(edge),
            Self::Numbers(numbers) => numbers.expire(edge),
            Self::Chains(chains) => chains.expire(edge),
            Self::Parts(latest) => {
                latest.iter_mut().filter(|known| **known < edge).for_each(|known| *known = NONE);
            }
        }
    }

    /// Whether the condition holds, for so many events.
    #[expect(clippy::cast_precision_loss, reason = "no window holds 2^53 events")]
    pub(super) fn hold(&self, node: &Node, events: usize) -> bool {
        let condition = &node.condition;
        let counted = match self {
            Self::Numbers(numbers) => return numbers.holds(node),
            Self::Parts(latest) => match &condition.formula {
                Some(formula) => {
                    return formula.holds(&|part| latest.get(part).is_some_and(|known| *known != NONE));
                }
                None => latest.iter().filter(|known| **known != NONE).count(),
            },
            Self::Events => events,
            Self::Values(values) => values.count(),
            Self::Chains(chains) => chains.longest(),
        };
        condition.holds(counted as f64)
    }

    /// Memory held beside the events, in events.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Events | Self::Parts(_) => 0,
            Self::Values(values) => values.weight(),
            Self::Numbers(numbers) => numbers.weight(),
            Self::Chains(chains) => chains.weight(),
        }
    }
}

/// What a correlation needs of its values within some bounds.
fn limits(setting: Setting<'_>) -> values::Limits {
    values::Limits { enough: setting.node.condition.enough(), crowded: setting.bounds.crowded }
}
