//! What each rule must hand on, and how each correlation reads it.
//!
//! A correlation needs some fields of the events that its parts find: those of its own grouping
//! and counting, and those that a correlation above it asks for. Working from the top down, every
//! part gets the list of fields it must bring, its *wanted* names; a [`Signal`](super::Signal)
//! then carries values in that order and nobody looks up a name while events pass.

use std::sync::Arc;

use super::condition::Condition;
use super::document::{Correlation, Part};
use super::kind::CorrelationType;
use crate::rule::{Meta, Rule};

/// How the signals of a set of rules flow.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// For each rule the fields to hand on; none for rules that feed nothing.
    pub(crate) rules: Vec<Option<Feed>>,
    pub(crate) correlations: Vec<Node>,
}

/// What a part of correlations hands on, and to whom.
#[derive(Debug, Default)]
pub(crate) struct Feed {
    /// Names of fields of its events.
    pub(crate) wanted: Vec<Box<str>>,
    pub(crate) to: Vec<Target>,
}

/// A part of a correlation, to which something is handed on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// Number of the correlation.
    pub(crate) correlation: usize,
    /// Number of the part there.
    pub(crate) part: usize,
}

/// A correlation ready to run.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) meta: Arc<Meta>,
    pub(crate) kind: CorrelationType,
    pub(crate) span: i64,
    pub(crate) condition: Condition,
    pub(crate) group_by: Vec<Box<str>>,
    /// Its parts, as written.
    pub(crate) rules: Vec<String>,
    pub(crate) silent: bool,
    /// Whether a part is a correlation itself.
    pub(crate) is_chained: bool,
    pub(crate) parts: Vec<Reading>,
    /// What it hands on itself: each wanted value, as a place among the group's values or among
    /// those kept of every event.
    pub(crate) hands_on: Vec<Handed>,
    pub(crate) to: Vec<Target>,
}

/// Where in the signals of one part the values stand.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) group: Vec<usize>,
    pub(crate) fields: Vec<usize>,
    /// Values to be kept for a correlation above.
    pub(crate) kept: Vec<usize>,
}

/// Where a value that is handed on comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Handed {
    /// The group's value with this number.
    Group(usize),
    /// The completing event's kept value with this number.
    Kept(usize),
}

impl Plan {
    /// `correlations` as [`link`](super::link) orders them.
    pub(crate) fn new(rules: &[Rule], correlations: &[Correlation]) -> Self {
        let mut feeds: Vec<Option<Feed>> = rules.iter().map(|_| None).collect();
        let mut upper: Vec<Feed> = correlations.iter().map(|_| Feed::default()).collect();
        let mut nodes: Vec<Node> = Vec::with_capacity(correlations.len());
        for (number, correlation) in correlations.iter().enumerate().rev() {
            let Feed { wanted, to } = std::mem::take(&mut upper[number]);
            let mut kept: Vec<Box<str>> = Vec::new();
            let mut hands_on = Vec::new();
            for name in wanted {
                let in_group = correlation.group_by.iter().position(|grouped| *grouped == name);
                hands_on.push(match in_group {
                    Some(place) => Handed::Group(place),
                    None => Handed::Kept(place_of(&mut kept, name)),
                });
            }
            let mut parts = Vec::new();
            for (place, part) in correlation.parts.iter().enumerate() {
                let feed = match part {
                    Part::Rule(rule) => feeds[*rule].get_or_insert_default(),
                    Part::Correlation(other) => &mut upper[*other],
                };
                feed.to.push(Target { correlation: number, part: place });
                let mut slots = |names: &[Box<str>]| -> Vec<usize> {
                    let fields = names.iter().map(|name| correlation.field_of(name, place));
                    fields.map(|field| place_of(&mut feed.wanted, field)).collect()
                };
                parts.push(Reading {
                    group: slots(&correlation.group_by),
                    fields: slots(&correlation.condition.fields),
                    kept: slots(&kept),
                });
            }
            nodes.push(Node {
                meta: correlation.meta.clone(),
                kind: correlation.kind,
                span: correlation.span,
                condition: correlation.condition.clone(),
                group_by: correlation.group_by.clone(),
                rules: correlation.rules.clone(),
                silent: correlation.silent,
                is_chained: correlation.parts.iter().any(|part| matches!(part, Part::Correlation(_))),
                parts,
                hands_on,
                to,
            });
        }
        nodes.reverse();
        Self { rules: feeds, correlations: nodes }
    }

    /// How far back from an event others may lie that decide whether a correlation fires at it. At an event
    /// it counts what lies within its span, and whether it held at the event before, which lies within a
    /// span as well, or does not matter. One over others hears of what these say at such events.
    pub(crate) fn reach(&self) -> i64 {
        let mut reaches = vec![0_i64; self.correlations.len()];
        // Those that a correlation is about stand before it.
        for (number, node) in self.correlations.iter().enumerate() {
            let reach = reaches[number].saturating_add(node.span.saturating_mul(2));
            reaches[number] = reach;
            for to in &node.to {
                reaches[to.correlation] = reaches[to.correlation].max(reach);
            }
        }
        reaches.into_iter().max().unwrap_or(0)
    }
}

/// Place of a name in a list, which it joins if it is not there.
fn place_of(names: &mut Vec<Box<str>>, name: Box<str>) -> usize {
    names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    })
}
