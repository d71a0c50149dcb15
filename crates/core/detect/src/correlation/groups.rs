//! The groups of all correlations, and how many events they may hold together.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::counts::Measure;
use super::evidence::Evidence;
use super::key::Key;
use super::matches::{Match, Told};
use super::plan::{Node, Plan};
use super::setting::Setting;
use super::window::{Entered, Window};
use crate::bounds::Bounds;

/// Events held at which passed groups are swept out for the first time.
const SWEEP: usize = 100_000;
/// Weight of a key's bytes, in events.
const KEY_BYTES: usize = 64;

/// The groups of all correlations.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) tables: Vec<Table>,
    /// Events held.
    pub(super) held: usize,
    /// Events held at which passed groups are swept out next.
    sweep_at: usize,
}

/// The groups of one correlation.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) windows: HashMap<Key, Window, FxBuildHasher>,
    /// Latest time of any event in groups that were swept out; an event that late might have
    /// counted with them.
    pub(super) swept: Option<i64>,
}

/// A match on its way into a group.
pub(super) struct Arrival<'a> {
    /// Number of the correlation.
    pub(super) correlation: usize,
    pub(super) node: &'a Node,
    pub(super) part: u16,
    pub(super) evidence: &'a Evidence,
    pub(super) measure: &'a Measure,
}

/// What became of it.
pub(super) struct Arrived {
    /// What a verdict tells, when the group fires.
    pub(super) told: Option<Told>,
    /// Whether it came so late that what it belongs with is gone.
    pub(super) is_late: bool,
}

impl Groups {
    pub(super) fn new(tables: Vec<Table>, bounds: &Bounds) -> Self {
        let mut groups = Self { tables, held: 0, sweep_at: SWEEP.min(bounds.held) };
        groups.held = groups.weigh();
        groups
    }

    /// Puts an event into a group.
    pub(super) fn enter(&mut self, arrival: &Arrival<'_>, key: &[u8], bounds: &Bounds) -> Arrived {
        let Arrival { correlation, node, part, evidence, measure } = *arrival;
        let setting = Setting { node, bounds };
        let table = &mut self.tables[correlation];
        let mut is_late = false;
        let found = Match { evidence: evidence.clone(), part, again: false };
        let (window, entered) = if let Some(window) = table.windows.get_mut(key) {
            // Two rules may find one event; it is one event all the same.
            let event = evidence.single();
            if !node.kind.is_temporal() && event.is_some() && window.came_last() == event {
                return Arrived { told: None, is_late };
            }
            self.held = self.held.saturating_sub(window.weight());
            let entered = window.push(found, measure.clone(), setting);
            (window, entered)
        } else {
            let reach = evidence.time().saturating_sub(node.span);
            is_late = table.swept.is_some_and(|swept| swept >= reach);
            let (window, entered) = Window::new(found, measure.clone(), setting);
            self.held += key.len() / KEY_BYTES;
            (&mut *table.windows.entry(key.into()).or_insert(window), entered)
        };
        self.held += window.weight();
        Arrived {
            told: (entered == Entered::Fires).then(|| window.told(evidence, setting)),
            is_late: is_late || entered == Entered::TooLate,
        }
    }

    /// Groups that are open.
    pub(super) fn len(&self) -> usize {
        self.tables.iter().map(|table| table.windows.len()).sum()
    }

    /// When much is held, drops groups whose span has passed at `latest`; then, while it is too
    /// much, the oldest ones. Gives the number of groups that were forgotten, in whole or in part.
    pub(super) fn sweep(&mut self, latest: i64, plan: &Plan, bounds: &Bounds) -> u64 {
        if self.held <= self.sweep_at {
            return 0;
        }
        for (table, node) in self.tables.iter_mut().zip(&plan.correlations) {
            let edge = latest.saturating_sub(node.span);
            table.windows.retain(|_, window| {
                let is_open = window.latest() >= edge;
                if !is_open {
                    table.swept = table.swept.max(Some(window.latest()));
                }
                is_open
            });
        }
        self.held = self.weigh();
        let forgotten = if self.held > bounds.held { self.forget(bounds) } else { 0 };
        self.sweep_at = (self.held * 2).clamp(SWEEP.min(bounds.held), bounds.held);
        forgotten
    }

    fn weigh(&self) -> usize {
        let tables = self.tables.iter().flat_map(|table| &table.windows);
        tables.map(|(key, window)| weight(key, window)).sum()
    }

    /// Forgets the older half of everything that is open.
    fn forget(&mut self, bounds: &Bounds) -> u64 {
        let mut forgotten = 0;
        let mut ages: Vec<(i64, usize)> = Vec::new();
        for (key, window) in self.tables.iter_mut().flat_map(|table| &mut table.windows) {
            // A window that holds a good part of everything is not spared by being young.
            if window.weight() > (bounds.held / 8).max(1) {
                window.forget_half();
                forgotten += 1;
            }
            ages.push((window.latest(), weight(key, window)));
        }
        ages.sort_unstable();
        let total: usize = ages.iter().map(|(_, weight)| weight).sum();
        let mut surplus = total.saturating_sub(bounds.held / 2);
        if surplus == 0 {
            return forgotten;
        }
        // All groups older than `cut` go, and of those that are as old so many that it suffices.
        let (mut cut, mut of_cut) = (i64::MIN, surplus);
        for (latest, weight) in ages {
            if surplus == 0 {
                break;
            }
            if latest > cut {
                (cut, of_cut) = (latest, surplus);
            }
            surplus = surplus.saturating_sub(weight);
        }
        for table in &mut self.tables {
            table.windows.retain(|key, window| {
                let goes = window.latest() < cut || (window.latest() == cut && of_cut > 0);
                if goes && window.latest() == cut {
                    of_cut = of_cut.saturating_sub(weight(key, window));
                }
                forgotten += u64::from(goes);
                !goes
            });
            table.windows.shrink_to_fit();
        }
        self.held = self.weigh();
        forgotten
    }
}

fn weight(key: &Key, window: &Window) -> usize {
    window.weight() + key.len() / KEY_BYTES
}
