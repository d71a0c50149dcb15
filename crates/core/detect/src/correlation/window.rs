//! The sliding window of one group: its matches, and whether they make the group fire.

use serde::{Deserialize, Serialize};

use super::chain::Chains;
use super::counts::{Counts, Measure};
use super::evidence::{Evidence, Identity};
use super::matches::{Match, Matches, Told};
use super::plan::Node;
use super::setting::Setting;

/// Events of one group within one span. Most groups never get a second event, so the first stands
/// by itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Window {
    One(Box<One>),
    Several(Box<Several>),
}

/// A window of one event.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct One {
    found: Match,
    measure: Measure,
    /// Whether the condition holds.
    lit: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Several {
    matches: Matches,
    counts: Counts,
    /// The event that came last, which need not be the latest.
    came_last: Option<Identity>,
    /// Whether the condition held when it had come.
    lit: bool,
    /// Whether it held before it; an event that several rules find comes several times.
    lit_before: bool,
    /// Size at which a crowded window is thinned out next.
    thin_at: u32,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entered {
    /// It completes what the correlation is about.
    Fires,
    /// It counts.
    Quietly,
    /// It is older than the open window, and was left out.
    TooLate,
}

impl Window {
    /// A window of one event, and whether that alone makes it fire.
    pub(super) fn new(found: Match, measure: Measure, setting: Setting<'_>) -> (Self, Entered) {
        let node = setting.node;
        let mut counts = Counts::new(node);
        counts.add(&found, &measure, setting);
        let lit = counts.hold(node, 1);
        let entered = if lit { Entered::Fires } else { Entered::Quietly };
        (Self::One(Box::new(One { found, measure, lit })), entered)
    }

    /// Adds an event and says whether it makes the group fire: the condition holds for the events
    /// of one span up to the latest one, and it did not before, or none of these was there before.
    /// An event that comes later than younger ones counts in the window that is then open.
    pub(super) fn push(&mut self, found: Match, measure: Measure, setting: Setting<'_>) -> Entered {
        let several = match self {
            Self::Several(several) => several,
            Self::One(one) => {
                let has_passed = one.found.evidence.time() < edge(found.evidence.time(), setting.node);
                if has_passed {
                    let entered;
                    (*self, entered) = Self::new(found, measure, setting);
                    return entered;
                }
                // An event that comes too late must not make the window larger.
                if found.evidence.time() < edge(one.found.evidence.time(), setting.node) {
                    return Entered::TooLate;
                }
                *self = Self::Several(Box::new(Several::new(one, setting)));
                return self.push(found, measure, setting);
            }
        };
        several.push(found, measure, setting)
    }

    /// Time of the latest event.
    pub(super) fn latest(&self) -> i64 {
        match self {
            Self::One(one) => one.found.evidence.time(),
            Self::Several(several) => several.latest(),
        }
    }

    /// The event that came last; none when it is a correlation of several.
    pub(super) fn came_last(&self) -> Option<Identity> {
        match self {
            Self::One(one) => one.found.evidence.single(),
            Self::Several(several) => several.came_last,
        }
    }

    /// Memory held, in events.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::One(one) => 1 + one.found.evidence.told_before() + one.measure.weight(),
            Self::Several(several) => several.matches.weight() + several.counts.weight(),
        }
    }

    /// Forgets the older half of the events.
    pub(super) fn forget_half(&mut self) {
        let Self::Several(several) = self else { return };
        let Some(middle) = several.matches.middle() else { return };
        let before = several.matches.len();
        several.expire(middle);
        if several.matches.len() == before {
            // All are of one instant.
            several.expire(middle.saturating_add(1));
        }
        several.matches.shrink();
    }

    /// What a verdict tells that this event completes.
    pub(super) fn told(&self, completing: &Evidence, setting: Setting<'_>) -> Told {
        match self {
            Self::One(_) => Told::of_one(completing),
            Self::Several(several) => several.matches.told(completing, setting.node, setting.bounds),
        }
    }

    /// Finds anew what was not saved.
    pub(super) fn restore(&mut self, setting: Setting<'_>) {
        if let Self::Several(several) = self {
            several.counts.restore(setting);
        }
    }
}

/// The earliest time that lies within one span before another.
fn edge(time: i64, node: &Node) -> i64 {
    time.saturating_sub(node.span)
}

impl Several {
    fn new(one: &One, setting: Setting<'_>) -> Self {
        let Setting { node, bounds } = setting;
        let mut several = Self {
            matches: Matches::of_two(),
            counts: Counts::new(node),
            came_last: one.found.evidence.single(),
            lit: one.lit,
            lit_before: false,
            thin_at: u32::try_from(bounds.crowded).unwrap_or(u32::MAX),
        };
        several.counts.add(&one.found, &one.measure, setting);
        several.matches.add(one.found.clone());
        several
    }

    fn push(&mut self, mut found: Match, measure: Measure, setting: Setting<'_>) -> Entered {
        let Setting { node, bounds } = setting;
        let time = found.evidence.time();
        let latest = self.latest();
        if time < edge(latest, node) {
            return Entered::TooLate;
        }
        let is_late = time < latest;
        self.expire(edge(latest.max(time), node));

        found.again = found.evidence.single().is_some_and(|event| self.came_last == Some(event));
        if !found.again {
            self.lit_before = self.lit && self.matches.len() > 0;
        }
        let was_told = found.again && self.lit;
        self.came_last = found.evidence.single();
        self.counts.add(&found, &measure, setting);
        self.matches.add(found);
        if is_late {
            self.recount(node);
        }
        self.lit = self.counts.hold(node, self.matches.len());
        if self.matches.whole().len() > self.thin_at as usize {
            self.matches.thin(node, bounds);
            let thin_at = (self.matches.whole().len() * 2).max(bounds.crowded);
            self.thin_at = u32::try_from(thin_at).unwrap_or(u32::MAX);
        }
        if self.lit && !self.lit_before && !was_told { Entered::Fires } else { Entered::Quietly }
    }

    /// Time of the latest event, which is always whole.
    fn latest(&self) -> i64 {
        self.matches.whole().back().map_or(i64::MIN, |latest| latest.evidence.time())
    }

    fn expire(&mut self, edge: i64) {
        self.matches.expire(edge);
        self.counts.expire(edge);
    }

    /// Follows chains anew, since one may run through an event that came late.
    fn recount(&mut self, node: &Node) {
        if let Counts::Chains(chains) = &mut self.counts {
            **chains = Chains::new(node.parts.len());
            let events = self.matches.whole().iter();
            events.for_each(|found| chains.add(found.evidence.time(), found.part.into()));
        }
    }
}
