//! The correlator: signals in the order of time in, verdicts out.

use std::sync::Arc;

use hashbrown::HashMap;
use model::event::Place;
use model::time::Instant;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use super::CorrelationType;
use super::plan::{Handed, Node, Plan};
use super::window::{Entry, Measure, Window};
use crate::engine::{EventReference, Verdict};
use crate::pattern::Number;

/// Events held in all windows together; beyond it the oldest groups are forgotten.
const HELD: usize = 4_000_000;
/// Groups that one event may belong to, when fields by which it is grouped have several values.
const GROUPS_OF_EVENT: usize = 32;

/// A match of a rule that correlations are about.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Signal {
    /// Number of the rule in the engine.
    pub rule: u32,
    /// Source of the event.
    pub source_path: Arc<str>,
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
/// Signals should come in the order of time; one that comes later than younger ones of its group
/// counts in the window that is then open. Memory is bounded: groups whose span has passed are
/// dropped, crowded windows keep what can still matter, and above four million events the oldest
/// groups are forgotten and counted.
#[derive(Debug)]
pub struct Correlator {
    plan: Arc<Plan>,
    groups: Vec<Groups>,
    sources: Vec<Arc<str>>,
    source_numbers: HashMap<Arc<str>, u32, FxBuildHasher>,
    held: usize,
    /// Events held at which passed groups are swept out next.
    sweep_at: usize,
    latest: i64,
    /// Signals that had no time.
    untimed: u64,
    /// Groups forgotten because there were too many events.
    forgotten: u64,
}

type Key = Box<[Box<str>]>;
/// Windows stand apart, so that a growing table moves only where they are.
type Groups = HashMap<Key, Box<Window>, FxBuildHasher>;

/// The events behind an entry: one, or all behind a verdict of another correlation.
#[derive(Debug)]
pub(super) enum Evidence {
    One(Reference),
    Many(Arc<[Reference]>),
}

/// An event, as small as it can be written down; `u64::MAX` stands for an absent number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    source: u32,
    time: i64,
    ordinal: u64,
    line: u64,
    record_id: u64,
    audit_serial: u64,
}

impl Evidence {
    pub(super) fn is_same(&self, other: &Self) -> bool {
        matches!((self, other), (Self::One(mine), Self::One(its)) if mine == its)
    }

    fn references(&self) -> &[Reference] {
        match self {
            Self::One(reference) => std::slice::from_ref(reference),
            Self::Many(references) => references,
        }
    }
}

/// What passes from one correlation to another.
struct Passing<'a> {
    time: i64,
    values: &'a [Vec<Box<str>>],
    references: &'a [Reference],
    host: Option<&'a str>,
}

impl Correlator {
    pub(crate) fn new(plan: Arc<Plan>) -> Self {
        Self {
            groups: plan.correlations.iter().map(|_| Groups::default()).collect(),
            plan,
            sources: Vec::new(),
            source_numbers: HashMap::default(),
            held: 0,
            sweep_at: 100_000,
            latest: i64::MIN,
            untimed: 0,
            forgotten: 0,
        }
    }

    /// Takes a signal and adds the verdicts that it completes.
    pub fn push(&mut self, signal: &Signal, verdicts: &mut Vec<Verdict>) {
        let plan = self.plan.clone();
        let Some(Some(feed)) = plan.rules.get(signal.rule as usize) else { return };
        let Some(time) = signal.place.time else {
            self.untimed += 1;
            return;
        };
        let time = time.nanoseconds();
        let reference = self.reference(signal, time);
        let passing =
            Passing { time, values: &signal.values, references: &[reference], host: signal.host.as_deref() };
        self.latest = self.latest.max(time);
        for (correlation, part) in &feed.to {
            self.pass(&plan, (*correlation, *part), &passing, verdicts);
        }
        if self.held > self.sweep_at {
            self.sweep();
        }
    }

    /// Groups that are open.
    #[must_use]
    pub fn open_groups(&self) -> usize {
        self.groups.iter().map(HashMap::len).sum()
    }

    /// Signals that could not be correlated because their events have no time.
    #[must_use]
    pub fn untimed(&self) -> u64 {
        self.untimed
    }

    /// Groups that were forgotten, in whole or in part, because too many events were open.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    fn pass(&mut self, plan: &Plan, to: (usize, usize), passing: &Passing<'_>, verdicts: &mut Vec<Verdict>) {
        let (correlation, part) = to;
        let node = &plan.correlations[correlation];
        let Some(measures) = measure(node, part, passing) else { return };
        for key in keys(&node.parts[part].group, passing.values) {
            let Some(fired) = self.enter(correlation, node, (part, &key), (passing, &measures)) else {
                continue;
            };
            if !node.silent {
                verdicts.push(self.verdict(node, &key, &fired, passing.host));
            }
            if node.to.is_empty() {
                continue;
            }
            let kept = &node.parts[part].kept;
            let hand = |handed: &Handed| match handed {
                Handed::Group(place) => vec![key[*place].clone()],
                Handed::Kept(place) => {
                    kept.get(*place).and_then(|at| passing.values.get(*at)).cloned().unwrap_or_default()
                }
            };
            let values: Vec<_> = node.hands_on.iter().map(hand).collect();
            let next =
                Passing { time: passing.time, values: &values, references: &fired, host: passing.host };
            for above in &node.to {
                self.pass(plan, *above, &next, verdicts);
            }
        }
    }

    /// Puts an event into a group; gives the events of the window when that makes it fire, the
    /// completing ones last.
    fn enter(
        &mut self,
        correlation: usize,
        node: &Node,
        (part, key): (usize, &Key),
        (passing, measure): (&Passing<'_>, &Measured),
    ) -> Option<Vec<Reference>> {
        let groups = &mut self.groups[correlation];
        let window = match groups.get_mut(key) {
            Some(window) => window,
            None => groups.entry(key.clone()).or_insert_with(|| Box::new(Window::new(node))),
        };
        let evidence = match passing.references {
            [one] => Evidence::One(*one),
            many => Evidence::Many(many.into()),
        };
        // Two rules may find one event; it is one event all the same.
        if !node.kind.is_temporal() && window.ends_with(&evidence) {
            return None;
        }
        let before = window.len();
        let part = u16::try_from(part).unwrap_or(u16::MAX);
        let entry = Entry { time: passing.time, part, measure: measure.clone_in(), evidence };
        let fires = window.push(entry, node);
        self.held = (self.held + window.len()).saturating_sub(before);
        if !fires {
            return None;
        }
        let mut references: Vec<Reference> = Vec::new();
        let mut add = |found: &[Reference]| {
            for reference in found.iter().filter(|found| !passing.references.contains(found)) {
                references.push(*reference);
            }
        };
        window.taking_part(node).into_iter().for_each(|entry| add(entry.evidence.references()));
        let mut seen = hashbrown::HashSet::<(u32, u64), FxBuildHasher>::default();
        references.retain(|reference| seen.insert((reference.source, reference.ordinal)));
        references.extend(passing.references);
        Some(references)
    }

    fn verdict(&self, node: &Node, key: &Key, events: &[Reference], host: Option<&str>) -> Verdict {
        let events: Vec<EventReference> = events.iter().map(|reference| self.event(reference)).collect();
        let group = node.group_by.iter().zip(key).map(|(name, value)| (name.to_string(), value.to_string()));
        Verdict::of_correlation(node.meta.clone(), group.collect(), events, host.map(str::to_owned))
    }

    fn reference(&mut self, signal: &Signal, time: i64) -> Reference {
        let known = self.source_numbers.get(&signal.source_path).copied();
        let source = known.unwrap_or_else(|| {
            let number = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
            self.sources.push(signal.source_path.clone());
            self.source_numbers.insert(signal.source_path.clone(), number);
            number
        });
        let Place { ordinal, line, record_id, audit_serial, .. } = signal.place;
        let number = |number: Option<u64>| number.unwrap_or(u64::MAX);
        Reference {
            source,
            time,
            ordinal,
            line: number(line),
            record_id: number(record_id),
            audit_serial: number(audit_serial),
        }
    }

    fn event(&self, reference: &Reference) -> EventReference {
        let number = |number: u64| (number != u64::MAX).then_some(number);
        EventReference {
            source_path: self
                .sources
                .get(reference.source as usize)
                .map(|path| path.to_string())
                .unwrap_or_default(),
            place: Place {
                ordinal: reference.ordinal,
                line: number(reference.line),
                record_id: number(reference.record_id),
                audit_serial: number(reference.audit_serial),
                time: Some(Instant::from_nanoseconds(reference.time)),
            },
        }
    }

    /// Drops groups whose span has passed; then, while too much is held, the oldest ones.
    fn sweep(&mut self) {
        let mut held = 0;
        for (groups, node) in self.groups.iter_mut().zip(&self.plan.correlations) {
            let edge = self.latest.saturating_sub(node.span);
            groups.retain(|_, window| {
                let open = window.latest() >= edge;
                held += if open { window.len() } else { 0 };
                open
            });
        }
        self.held = held;
        if self.held > HELD {
            self.forget();
        }
        self.sweep_at = (self.held * 2).clamp(100_000, HELD);
    }

    /// Forgets the older half of everything that is open.
    fn forget(&mut self) {
        let mut times: Vec<i64> =
            self.groups.iter().flat_map(|groups| groups.values().map(|window| window.latest())).collect();
        let middle = times.len() / 2;
        let (_, cut, _) = times.select_nth_unstable(middle);
        let cut = *cut;
        let mut held = 0;
        for groups in &mut self.groups {
            groups.retain(|_, window| {
                let young = window.latest() >= cut;
                // A window that holds a good part of everything is not spared by being young.
                if !young || window.len() > HELD / 8 {
                    self.forgotten += 1;
                }
                if window.len() > HELD / 8 {
                    window.forget_half();
                }
                held += if young { window.len() } else { 0 };
                young
            });
            groups.shrink_to_fit();
        }
        self.held = held;
    }
}

/// What an event adds, before it is known to which groups.
enum Measured {
    Event,
    Values(Vec<Arc<str>>),
    Numbers(Vec<f64>),
}

impl Measured {
    fn clone_in(&self) -> Measure {
        match self {
            Self::Event => Measure::Event,
            Self::Values(values) => Measure::Values(values.as_slice().into()),
            Self::Numbers(numbers) => Measure::Numbers(numbers.as_slice().into()),
        }
    }
}

/// What the event adds to the count; nothing when it has no value to count.
fn measure(node: &Node, part: usize, passing: &Passing<'_>) -> Option<Measured> {
    let fields = &node.parts[part].fields;
    let values = |slot: usize| passing.values.get(slot).map_or(&[][..], Vec::as_slice);
    match node.kind {
        CorrelationType::ValueCount => {
            let combined = keys(fields, passing.values);
            let join = |parts: &Key| -> Arc<str> { parts.join("\u{1f}").into() };
            let mut found: Vec<Arc<str>> = combined.iter().map(join).collect();
            found.sort_unstable();
            found.dedup();
            (!found.is_empty()).then_some(Measured::Values(found))
        }
        kind if kind.is_numeric() => {
            let numbers = values(*fields.first()?).iter().filter_map(|text| Number::parse(text));
            let numbers: Vec<f64> = numbers.map(Number::float).collect();
            (!numbers.is_empty()).then_some(Measured::Numbers(numbers))
        }
        _ => Some(Measured::Event),
    }
}

/// Every combination of the values in some slots; none when a slot is empty.
fn keys(slots: &[usize], values: &[Vec<Box<str>>]) -> Vec<Key> {
    let mut keys: Vec<Vec<Box<str>>> = vec![Vec::with_capacity(slots.len())];
    for slot in slots {
        let values = values.get(*slot).map_or(&[][..], Vec::as_slice);
        keys = keys
            .into_iter()
            .flat_map(|key| {
                values.iter().map(move |value| {
                    let mut longer = key.clone();
                    longer.push(value.clone());
                    longer
                })
            })
            .take(GROUPS_OF_EVENT)
            .collect();
    }
    keys.into_iter().map(Vec::into_boxed_slice).collect()
}
