//! The correlator: signals in the order of time in, verdicts out.

use std::sync::Arc;

use model::event::Place;
use model::evidence::Origin;
use model::time::Instant;
use serde::{Deserialize, Serialize};

use super::counts::Measure;
use super::evidence::{Burst, Evidence, Origins, Reference};
use super::groups::{Arrival, Groups, Table};
use super::key::{Combinations, combine, values};
use super::kind::CorrelationType;
use super::plan::{Handed, Node, Plan, Target};
use crate::bounds::Bounds;
use crate::number::Number;
use crate::verdict::{Events, Group, Verdict};

/// How far ahead of the clock an event may be dated: clocks and zones differ.
const AHEAD: i64 = 86_400 * 1_000_000_000;

/// A match of a rule that correlations are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Number of the rule in the engine.
    pub rule: u32,
    /// Where the event comes from.
    pub origin: Arc<Origin>,
    /// Where it stands there, and when it happened.
    pub place: Place,
    /// Host that the event is about.
    pub host: Option<Box<str>>,
    /// Values of the fields that correlations ask for, in the engine's order.
    pub values: Vec<Vec<Box<str>>>,
}

/// Groups of all correlations.
///
/// A correlation *fires* at an event when the events of its group within one span up to and
/// including that event, both ends inclusive, fulfil the condition, and did not at the event
/// before, or none of them was there before. So a burst gives one verdict, at the event that
/// completes it, and the next burst another one. An event without a value for a field of
/// `group-by` belongs to no group; one with several values belongs to the group of each.
///
/// Signals should come in the order of time. One that comes later than younger ones of its group
/// counts in the window that is then open, the span up to the youngest; it is the completing event
/// if the condition then holds and did not before. One that is older than that window is left out
/// and counted. Of a log that is followed the caller says what time it is, and what is dated more
/// than a day ahead is left out and counted, since it would close the windows of all events to come.
///
/// Memory is bounded (see [`Bounds`]): groups whose span has passed are dropped, crowded windows
/// keep what can still matter, and when too many events are open the oldest groups are forgotten
/// and counted. What a bound may have changed [`omitted`](Self::omitted) tells.
#[derive(Debug)]
pub struct Correlator {
    pub(super) plan: Arc<Plan>,
    pub(super) bounds: Bounds,
    pub(super) groups: Groups,
    pub(super) sources: Origins,
    pub(super) latest: i64,
    /// Latest time that an event may have.
    pub(super) horizon: i64,
    pub(super) omitted: Omitted,
}

/// What correlations could not take into account: how often.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Omitted {
    /// Matches without a time; left out.
    pub untimed: u64,
    /// Matches dated more than a day ahead of the clock; left out.
    pub ahead: u64,
    /// Matches that came so late that what they belong with was gone; left out, or counted alone.
    pub late: u64,
    /// Matches of more groups, or with more combined values, than the bound; the others were left out.
    pub groups_cut: u64,
    /// Groups forgotten, in whole or in part, because there were too many events.
    pub forgotten: u64,
    /// Verdicts over correlations with so many events that one may be counted twice.
    pub doubtful: u64,
}

/// What passes from a rule or a correlation to the correlations that are about it.
struct Passing<'a> {
    plan: &'a Plan,
    evidence: Evidence,
    values: &'a [Vec<Box<str>>],
    host: Option<&'a str>,
}

/// A group that fires.
struct Fired<'a> {
    node: &'a Node,
    /// Number of the part that completed it.
    part: usize,
    /// The values that its events share.
    group: Vec<&'a str>,
    burst: Burst,
}

impl Correlator {
    pub(crate) fn new(plan: Arc<Plan>, bounds: Bounds) -> Self {
        let tables = plan.correlations.iter().map(|_| Table::default()).collect();
        Self {
            groups: Groups::new(tables, &bounds),
            plan,
            bounds,
            sources: Origins::default(),
            latest: i64::MIN,
            horizon: i64::MAX,
            omitted: Omitted::default(),
        }
    }

    /// Says what time it is, so that what is dated far ahead is left out from now on.
    pub fn set_now(&mut self, now: Instant) {
        self.horizon = now.nanoseconds().saturating_add(AHEAD);
    }

    /// Takes a signal and adds the verdicts that it completes.
    pub fn push(&mut self, signal: &Signal, verdicts: &mut Vec<Verdict>) {
        let plan = self.plan.clone();
        let Some(Some(feed)) = plan.rules.get(signal.rule as usize) else { return };
        let Some(time) = signal.place.time.map(Instant::nanoseconds) else {
            self.omitted.untimed += 1;
            return;
        };
        if time > self.horizon {
            self.omitted.ahead += 1;
            return;
        }
        let last = self.sources.reference(&signal.origin, &signal.place, time);
        let passing = Passing {
            plan: &plan,
            evidence: Evidence { last, burst: None },
            values: &signal.values,
            host: signal.host.as_deref(),
        };
        self.latest = self.latest.max(time);
        for to in &feed.to {
            self.pass(*to, &passing, verdicts);
        }
        self.omitted.forgotten += self.groups.sweep(self.latest, &plan, &self.bounds);
    }

    /// Groups that are open.
    #[must_use]
    pub fn open_groups(&self) -> usize {
        self.groups.len()
    }

    /// What could not be taken into account so far.
    #[must_use]
    pub fn omitted(&self) -> Omitted {
        self.omitted
    }

    fn pass(&mut self, to: Target, passing: &Passing<'_>, verdicts: &mut Vec<Verdict>) {
        let node = &passing.plan.correlations[to.correlation];
        let reading = &node.parts[to.part];
        let keys = self.combine(&reading.group, passing.values);
        if keys.is_empty() {
            return;
        }
        let Some(measure) = self.measure(node, &reading.fields, passing.values) else { return };
        let arrival = Arrival {
            correlation: to.correlation,
            node,
            part: u16::try_from(to.part).unwrap_or(u16::MAX),
            evidence: &passing.evidence,
            measure: &measure,
        };
        for key in keys {
            let arrived = self.groups.enter(&arrival, &key, &self.bounds);
            self.omitted.late += u64::from(arrived.is_late);
            let Some(told) = arrived.told else { continue };
            self.omitted.doubtful += u64::from(told.is_doubtful);
            let fired = Fired { node, part: to.part, group: values(&key), burst: told.burst };
            if !node.silent {
                verdicts.push(self.verdict(&fired, passing));
            }
            if !node.to.is_empty() {
                self.hand_on(fired, passing, verdicts);
            }
        }
    }

    /// Passes what fired on to the correlations above.
    fn hand_on(&mut self, fired: Fired<'_>, below: &Passing<'_>, verdicts: &mut Vec<Verdict>) {
        let Fired { node, part, group, burst } = fired;
        let kept = &node.parts[part].kept;
        let hand = |handed: &Handed| match handed {
            Handed::Group(place) => group.get(*place).map(|value| Box::from(*value)).into_iter().collect(),
            Handed::Kept(place) => {
                kept.get(*place).and_then(|at| below.values.get(*at)).cloned().unwrap_or_default()
            }
        };
        let values: Vec<Vec<Box<str>>> = node.hands_on.iter().map(hand).collect();
        let burst = (burst != Burst::default()).then(|| Arc::new(burst));
        let evidence = Evidence { last: below.evidence.last, burst };
        let passing = Passing { plan: below.plan, evidence, values: &values, host: below.host };
        for above in &node.to {
            self.pass(*above, &passing, verdicts);
        }
    }

    fn combine(&mut self, slots: &[usize], values: &[Vec<Box<str>>]) -> Vec<Vec<u8>> {
        let Combinations { keys, is_cut } = combine(slots, values, self.bounds.groups_of_event);
        self.omitted.groups_cut += u64::from(is_cut);
        keys
    }

    /// What the event adds to the count; nothing when it has no value to count.
    fn measure(&mut self, node: &Node, fields: &[usize], values: &[Vec<Box<str>>]) -> Option<Measure> {
        match node.kind {
            CorrelationType::ValueCount => {
                let mut found = self.combine(fields, values);
                match found.len() {
                    0 => None,
                    1 => found.pop().map(|value| Measure::Value(value.into())),
                    _ => Some(Measure::Values(found.into_iter().map(Arc::from).collect())),
                }
            }
            kind if kind.is_numeric() => {
                let values = values.get(*fields.first()?)?;
                let numbers: Box<[Number]> = values.iter().filter_map(|text| Number::parse(text)).collect();
                (!numbers.is_empty()).then_some(Measure::Numbers(numbers))
            }
            _ => Some(Measure::Event),
        }
    }

    fn verdict(&self, fired: &Fired<'_>, passing: &Passing<'_>) -> Verdict {
        let Fired { node, group, burst, .. } = fired;
        let event = |reference: &Reference| self.sources.event(reference);
        let events = Events {
            before: burst.before.iter().map(event).collect(),
            last: event(&passing.evidence.last),
            untold: burst.untold,
        };
        let group = Group { names: &node.group_by, values: group, host: passing.host };
        Verdict::of_correlation(node.meta.clone(), &group, events, &self.bounds)
    }
}
