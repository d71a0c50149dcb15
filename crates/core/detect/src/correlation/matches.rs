//! The matches of a window: which events take part, how many, and which of them are told.

use std::collections::VecDeque;

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use super::chain::on_longest;
use super::evidence::{Burst, Evidence, Identity, Reference};
use super::kind::CorrelationType;
use super::order::insert;
use super::plan::Node;
use crate::bounds::Bounds;

/// Events of which only the time is kept that weigh as much as one.
const TIMES: usize = 8;

/// A match of a part.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Match {
    pub(super) evidence: Evidence,
    /// Number of the part.
    pub(super) part: u16,
    /// Whether another part found the same event before.
    pub(super) again: bool,
}

/// Matches in the order of time.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Matches {
    whole: VecDeque<Match>,
    /// Times of further events.
    #[expect(clippy::box_collection, reason = "few windows have any, and all should be small")]
    times: Option<Box<VecDeque<i64>>>,
    /// Events told behind whole matches, beside the completing ones.
    behind: usize,
}

/// What a verdict tells of its events, beside the completing one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) burst: Burst,
    /// Whether an event may be counted twice, because not all are known one by one.
    pub(super) is_doubtful: bool,
}

impl Told {
    /// The event alone, with what stands behind it.
    pub(super) fn of_one(completing: &Evidence) -> Self {
        let burst = completing.burst.as_deref().cloned().unwrap_or_default();
        Self { burst, is_doubtful: false }
    }
}

impl Matches {
    /// None yet, with room for the two that most windows of several have.
    pub(super) fn of_two() -> Self {
        Self { whole: VecDeque::with_capacity(2), ..Self::default() }
    }

    /// Matches, or events where no event can match twice.
    pub(super) fn len(&self) -> usize {
        self.whole.len() + self.times()
    }

    pub(super) fn weight(&self) -> usize {
        self.whole.len() + self.behind + self.times() / TIMES
    }

    /// Gives back memory.
    pub(super) fn shrink(&mut self) {
        self.whole.shrink_to_fit();
        if let Some(times) = &mut self.times {
            times.shrink_to_fit();
        }
    }

    /// Events of which only the time is kept.
    fn times(&self) -> usize {
        self.times.as_ref().map_or(0, |times| times.len())
    }

    pub(super) fn whole(&self) -> &VecDeque<Match> {
        &self.whole
    }

    pub(super) fn add(&mut self, added: Match) {
        self.behind += added.evidence.told_before();
        insert(&mut self.whole, added, |known| known.evidence.time());
    }

    /// Takes away what was before.
    pub(super) fn expire(&mut self, edge: i64) {
        while self.whole.front().is_some_and(|first| first.evidence.time() < edge) {
            if let Some(gone) = self.whole.pop_front() {
                self.behind -= gone.evidence.told_before();
            }
        }
        while let Some(times) = &mut self.times
            && times.front().is_some_and(|time| *time < edge)
        {
            times.pop_front();
        }
    }

    /// The time in the middle of what weighs most.
    pub(super) fn middle(&self) -> Option<i64> {
        if self.times() / TIMES > self.whole.len() {
            return self.times.as_ref().and_then(|times| times.get(times.len() / 2)).copied();
        }
        self.whole.get(self.whole.len() / 2).map(|found| found.evidence.time())
    }

    /// Keeps whole the matches that a verdict may tell, and of the others the times. Not where
    /// it takes the events themselves to say which take part, or which are the same.
    pub(super) fn thin(&mut self, node: &Node, bounds: &Bounds) {
        if node.kind == CorrelationType::TemporalOrdered || node.is_chained {
            return;
        }
        let events = self.whole.iter().enumerate().rev().filter(|(_, found)| !found.again);
        let first_told = events.map(|(at, _)| at).nth(bounds.told.saturating_sub(1)).unwrap_or(0);
        let mut parts = HashSet::<u16, FxBuildHasher>::default();
        let latest: Vec<usize> =
            (0..self.whole.len()).rev().filter(|at| parts.insert(self.whole[*at].part)).collect();
        let times = self.times.get_or_insert_default();
        for (at, old) in std::mem::take(&mut self.whole).into_iter().enumerate() {
            if at >= first_told || latest.contains(&at) {
                self.whole.push_back(old);
            } else if !old.again {
                times.push_back(old.evidence.time());
            }
        }
        self.whole.shrink_to_fit();
        // Matches that were spared before may be older than times that are already there.
        times.make_contiguous().sort_unstable();
    }

    /// What a verdict tells that `completing` completes, which is in the window, too.
    pub(super) fn told(&self, completing: &Evidence, node: &Node, bounds: &Bounds) -> Told {
        let most = bounds.told.saturating_sub(1);
        if node.kind == CorrelationType::TemporalOrdered || node.is_chained {
            return self.told_of_all(completing, node, most);
        }
        let last = completing.last.identity();
        let must = match node.kind {
            CorrelationType::Temporal => latest_of_parts(self.whole.iter().rev(), completing),
            _ => Vec::new(),
        };
        let events = self.whole.iter().rev().map(|found| found.evidence.last);
        let before = choose(events.filter(|event| event.identity() != last), &must, most);
        // Of an event that several parts found only one match counts.
        let count = self.whole.iter().filter(|found| !found.again).count() + self.times();
        let untold = count.saturating_sub(before.len() + 1) as u64;
        Told { burst: Burst { before, untold }, is_doubtful: false }
    }

    /// The same where each event has to be looked at.
    fn told_of_all(&self, completing: &Evidence, node: &Node, most: usize) -> Told {
        let parts: Vec<usize> = self.whole.iter().map(|found| found.part.into()).collect();
        let takes_part = match node.kind {
            CorrelationType::TemporalOrdered => on_longest(&parts, node.parts.len()),
            _ => vec![true; parts.len()],
        };
        let taking_part = || self.whole.iter().zip(&takes_part).filter(|(_, takes)| **takes);
        let completed = || completing.references();
        let mut seen: HashSet<Identity, FxBuildHasher> = completed().map(Reference::identity).collect();
        let mut events: Vec<Reference> = Vec::new();
        for (found, _) in taking_part() {
            let news = |event: &&Reference| seen.insert(event.identity());
            events.extend(found.evidence.references().filter(news));
        }
        // The events behind the completing match come last.
        events.extend(completed().take(completing.told_before()));
        let must = latest_of_parts(taking_part().rev().map(|(found, _)| found), completing);
        let before = choose(events.iter().rev().copied(), &must, most);
        let unknown: u64 = taking_part().map(|(found, _)| found.evidence.untold()).sum();
        let untold = (events.len() - before.len()) as u64 + unknown;
        let is_doubtful = unknown > 0 && taking_part().count() > 1;
        Told { burst: Burst { before, untold }, is_doubtful }
    }
}

/// The latest event of each part, of matches given from the latest on; not the completing one.
fn latest_of_parts<'a>(matches: impl Iterator<Item = &'a Match>, completing: &Evidence) -> Vec<Reference> {
    let mut parts = HashSet::<u16, FxBuildHasher>::default();
    let mut latest = Vec::new();
    for found in matches {
        let event = found.evidence.last;
        if parts.insert(found.part) && event != completing.last && !latest.contains(&event) {
            latest.push(event);
        }
    }
    latest
}

/// The latest of some events, given from the latest on, and among them those that must not be
/// missing; in the order of time.
fn choose(events: impl Iterator<Item = Reference>, must: &[Reference], most: usize) -> Vec<Reference> {
    let must = &must[..must.len().min(most)];
    let mut chosen: Vec<Reference> = Vec::new();
    let mut missing = must.len();
    let mut previous = None;
    for event in events {
        if chosen.len() >= most {
            break;
        }
        // An event that several parts found stands several times in a row.
        if previous.replace(event) == Some(event) {
            continue;
        }
        if must.contains(&event) {
            missing = missing.saturating_sub(1);
        } else if chosen.len() + missing >= most {
            continue;
        }
        chosen.push(event);
    }
    chosen.reverse();
    chosen
}
