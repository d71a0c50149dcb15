//! The sliding window of one group: what its events add up to.

use std::collections::VecDeque;
use std::sync::Arc;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::correlator::Evidence;
use super::plan::Node;
use super::{Condition, CorrelationType};

/// Entries from which on a window looks for ones that can no longer matter.
const CROWDED: usize = 4_096;
/// Matches of each rule that a temporal window keeps when it is crowded.
const KEPT_OF_PART: usize = 1_000;

/// An event inside a window.
#[derive(Debug)]
pub(super) struct Entry {
    /// Nanoseconds since 1970.
    pub(super) time: i64,
    /// Number of the part that brought it.
    pub(super) part: u16,
    pub(super) measure: Measure,
    pub(super) evidence: Evidence,
}

/// What an event adds to the count.
#[derive(Debug)]
pub(super) enum Measure {
    /// Itself.
    Event,
    /// Values of a field.
    Values(Box<[Arc<str>]>),
    /// Numbers of a field.
    Numbers(Box<[f64]>),
}

/// Events of one group, in the order of time.
#[derive(Debug)]
pub(super) struct Window {
    entries: VecDeque<Entry>,
    /// Whether the condition held when the last entry had come.
    lit: bool,
    /// Whether it held before the event that brought that entry; an event that several rules find
    /// brings several.
    lit_before: bool,
    counts: Counts,
    /// Size at which a crowded window is thinned out next.
    thin_at: usize,
}

/// Counts over all entries, kept up to date while they come and go.
#[derive(Debug)]
enum Counts {
    Events,
    Values(HashMap<Arc<str>, u32, FxBuildHasher>),
    Parts(Box<[u32]>),
    Numbers { count: usize, sum: f64, changes: usize },
}

impl Window {
    pub(super) fn new(node: &Node) -> Self {
        let counts = match node.kind {
            CorrelationType::EventCount => Counts::Events,
            CorrelationType::ValueCount => Counts::Values(HashMap::default()),
            CorrelationType::Temporal | CorrelationType::TemporalOrdered => {
                Counts::Parts(vec![0; node.parts.len()].into())
            }
            _ => Counts::Numbers { count: 0, sum: 0.0, changes: 0 },
        };
        // Most groups never get a second event.
        Self { entries: VecDeque::with_capacity(1), lit: false, lit_before: false, counts, thin_at: CROWDED }
    }

    /// Time of the latest event.
    pub(super) fn latest(&self) -> i64 {
        self.entries.back().map_or(i64::MIN, |entry| entry.time)
    }

    /// Number of events.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the event is the one added last.
    pub(super) fn ends_with(&self, evidence: &Evidence) -> bool {
        self.entries.back().is_some_and(|entry| entry.evidence.is_same(evidence))
    }

    /// Adds an event and says whether it makes the group fire: the condition holds for the events
    /// of one span up to the latest one, and it did not before, or none of these was there before.
    /// An event that comes later than younger ones counts in the window that is then open.
    pub(super) fn push(&mut self, entry: Entry, node: &Node) -> bool {
        let now = self.latest().max(entry.time);
        let edge = now.saturating_sub(node.span);
        while self.entries.front().is_some_and(|first| first.time < edge) {
            self.drop_first();
        }
        if entry.time < edge {
            return false;
        }
        let told = self.ends_with(&entry.evidence);
        if !told {
            self.lit_before = self.lit && !self.entries.is_empty();
        }
        let told = told && self.lit;
        self.counts.add(&entry);
        let place = self.entries.iter().rposition(|known| known.time <= entry.time).map_or(0, |at| at + 1);
        if place == self.entries.len() {
            self.entries.push_back(entry);
        } else {
            self.entries.insert(place, entry);
        }
        self.lit = self.holds(node);
        if self.entries.len() >= self.thin_at {
            self.thin_out(node);
        }
        self.lit && !self.lit_before && !told
    }

    /// Forgets the older half of the events.
    pub(super) fn forget_half(&mut self) -> usize {
        let forgotten = self.entries.len() / 2;
        (0..forgotten).for_each(|_| self.drop_first());
        self.entries.shrink_to_fit();
        forgotten
    }

    /// The events that take part, in the order of time.
    pub(super) fn taking_part(&self, node: &Node) -> Vec<&Entry> {
        if node.kind != CorrelationType::TemporalOrdered {
            return self.entries.iter().collect();
        }
        // An event takes part when a longest chain runs through it.
        let parts = node.parts.len();
        let ahead = chains(self.entries.iter().map(|entry| usize::from(entry.part)), parts);
        let back = self.entries.iter().rev().map(|entry| parts - 1 - usize::from(entry.part));
        let mut behind = chains(back, parts);
        behind.reverse();
        let longest = ahead.iter().copied().max().unwrap_or(0);
        let runs = |at: &usize| ahead[*at] + behind[*at] == longest + 1;
        (0..self.entries.len()).filter(runs).map(|at| &self.entries[at]).collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "no window holds 2^53 events")]
    fn holds(&mut self, node: &Node) -> bool {
        let condition = &node.condition;
        match (&mut self.counts, node.kind) {
            (Counts::Events, _) => condition.holds(self.entries.len() as f64),
            (Counts::Values(values), _) => condition.holds(values.len() as f64),
            (Counts::Parts(fired), CorrelationType::Temporal) => match &condition.formula {
                Some(formula) => formula.holds(fired),
                None => condition.holds(fired.iter().filter(|count| **count > 0).count() as f64),
            },
            (Counts::Parts(fired), _) => {
                let parts = self.entries.iter().map(|entry| usize::from(entry.part));
                condition.holds(chains(parts, fired.len()).into_iter().max().unwrap_or(0) as f64)
            }
            (Counts::Numbers { count: 0, .. }, _) => false,
            (Counts::Numbers { .. }, CorrelationType::ValuePercentile) => {
                condition.holds(percentile(&self.entries, condition))
            }
            (Counts::Numbers { count, sum, changes }, kind) => {
                // Fractions added and taken away again leave a rest; now and then it is cleared.
                if *changes > 1_024 || *count < 64 {
                    (*sum, *changes) = (self.entries.iter().flat_map(Entry::numbers).sum(), 0);
                }
                let mean = kind == CorrelationType::ValueAverage;
                condition.holds(if mean { *sum / *count as f64 } else { *sum })
            }
        }
    }

    fn drop_first(&mut self) {
        if let Some(entry) = self.entries.pop_front() {
            self.counts.remove(&entry);
        }
    }

    /// Drops entries that cannot change any later answer of a crowded window.
    fn thin_out(&mut self, node: &Node) {
        let enough = node.condition.enough();
        match &self.counts {
            Counts::Events => {
                while self.entries.len() > enough {
                    self.drop_first();
                }
            }
            Counts::Values(_) => {
                self.drop_repeated();
                while matches!(&self.counts, Counts::Values(values) if values.len() > enough) {
                    self.drop_first();
                }
            }
            Counts::Parts(_) => self.drop_surplus(),
            Counts::Numbers { .. } => {}
        }
        self.thin_at = (self.entries.len() * 2).max(CROWDED);
    }

    /// Keeps of every value the latest event.
    fn drop_repeated(&mut self) {
        let mut seen: HashMap<Arc<str>, (), FxBuildHasher> = HashMap::default();
        let mut kept = VecDeque::new();
        while let Some(entry) = self.entries.pop_back() {
            let Measure::Values(values) = &entry.measure else { continue };
            let news = values.iter().filter(|value| seen.insert((*value).clone(), ()).is_none()).count();
            if news > 0 {
                kept.push_front(entry);
            } else {
                self.counts.remove(&entry);
            }
        }
        self.entries = kept;
    }

    /// Keeps of every part the latest events.
    fn drop_surplus(&mut self) {
        let Counts::Parts(fired) = &mut self.counts else { return };
        let most = u32::try_from(KEPT_OF_PART).unwrap_or(u32::MAX);
        self.entries.retain(|entry| {
            let count = &mut fired[usize::from(entry.part)];
            let surplus = *count > most;
            *count -= u32::from(surplus);
            !surplus
        });
    }
}

impl Entry {
    fn numbers(&self) -> impl Iterator<Item = f64> {
        let numbers: &[f64] = if let Measure::Numbers(numbers) = &self.measure { numbers } else { &[] };
        numbers.iter().copied()
    }
}

impl Counts {
    fn add(&mut self, entry: &Entry) {
        match (self, &entry.measure) {
            (Self::Values(counts), Measure::Values(values)) => {
                values.iter().for_each(|value| *counts.entry(value.clone()).or_default() += 1);
            }
            (Self::Parts(fired), _) => fired[usize::from(entry.part)] += 1,
            (Self::Numbers { count, sum, changes }, Measure::Numbers(numbers)) => {
                *count += numbers.len();
                *changes += 1;
                *sum += numbers.iter().sum::<f64>();
            }
            _ => {}
        }
    }

    fn remove(&mut self, entry: &Entry) {
        match (self, &entry.measure) {
            (Self::Values(counts), Measure::Values(values)) => {
                for value in values {
                    if let Some(count) = counts.get_mut(value) {
                        *count -= 1;
                        if *count == 0 {
                            counts.remove(value);
                        }
                    }
                }
            }
            (Self::Parts(fired), _) => fired[usize::from(entry.part)] -= 1,
            (Self::Numbers { count, sum, changes }, Measure::Numbers(numbers)) => {
                *count -= numbers.len();
                *changes += 1;
                *sum -= numbers.iter().sum::<f64>();
            }
            _ => {}
        }
    }
}

/// For each step of a walk over parts, the length of the longest chain of rising parts that ends
/// there.
fn chains(walk: impl Iterator<Item = usize>, parts: usize) -> Vec<usize> {
    let mut best = vec![0; parts];
    walk.map(|part| {
        let length = 1 + best[..part].iter().copied().max().unwrap_or(0);
        best[part] = length.max(best[part]);
        length
    })
    .collect()
}

/// The percentile by linear interpolation between the two nearest ranks.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ranks lie between 0 and the number of entries"
)]
fn percentile(entries: &VecDeque<Entry>, condition: &Condition) -> f64 {
    let mut numbers: Vec<f64> = entries.iter().flat_map(Entry::numbers).collect();
    let last = numbers.len().saturating_sub(1);
    let rank = condition.percentile / 100.0 * last as f64;
    let below = (rank.floor() as usize).min(last);
    let (_, low, above) = numbers.select_nth_unstable_by(below, f64::total_cmp);
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(*low);
    *low + (rank - below as f64) * (high - *low)
}
