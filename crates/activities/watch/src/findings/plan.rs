//! Which verdicts belong to which finding: pure, from verdicts and what is known of those before.
//!
//! Verdicts that share a key within its reach ([`keys`](super::keys)) are joined as sets are. What was joined
//! before stands there as runs: a key, and a span of time in which verdicts of one finding lie so close that each
//! reaches the next. Since a span is known by its ends alone, a verdict costs the same whatever was before.
//!
//! A finding that nobody has touched is *loose*: two of them that turn out to be one story become one. One that
//! people work on is *held*: it takes verdicts and loose findings, but no other held one; they are related then.
//! One that is *closed* takes nothing: what comes after it is a new finding, related to it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Seen;
use super::link::{Key, keys};

/// A span of time in which verdicts of a finding lie close together, of one key. Seconds since the epoch, both ends
/// among it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Run {
    /// The first verdict.
    pub from: i64,
    /// The last.
    pub to: i64,
    /// The finding.
    pub finding: u64,
}

/// What may become of a finding without people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It takes verdicts, and may become part of another.
    Loose,
    /// It takes verdicts.
    Held,
    /// It takes none.
    Closed,
    /// It is a part of this one.
    Part(u64),
}

/// What is known of verdicts that came before.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The runs of each key that new verdicts have.
    pub runs: HashMap<Key, Vec<Run>>,
    /// How the findings of these runs stand, and those that they are part of.
    pub findings: HashMap<u64, Standing>,
}

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Findings that take verdicts.
    pub joins: BTreeMap<u64, Joining>,
    /// Loose findings that become part of others: which, and of which.
    pub merges: Vec<(u64, u64)>,
    /// The number of the next finding.
    pub next: u64,
}

/// What a finding takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Joining {
    /// Places of the verdicts.
    pub verdicts: Vec<usize>,
    /// Runs that it has now, in place of its own that begin where they do.
    pub links: Vec<(Key, Run)>,
    /// Runs of its own that are no more. Those of its parts stay, and are within its own.
    pub gone: Vec<(Key, Run)>,
    /// Findings that it is related to.
    pub related: BTreeSet<u64>,
}

/// Says what becomes of verdicts. A finding that is new takes the next number, in the order of time.
#[must_use]
pub fn plan(seen: &[Seen], known: &Known, next: u64) -> Plan {
    let mut order: Vec<usize> = (0..seen.len()).collect();
    order.sort_by_key(|at| (seen[*at].time, seen[*at].id));
    let mut sets = Sets::of(seen.len());
    let mut keyed: HashMap<Key, Vec<Live>> = HashMap::new();
    for at in &order {
        let time = seen[*at].time.seconds();
        for (key, reach) in keys(&seen[*at]) {
            let lives = keyed.entry(key).or_insert_with(|| sets.lives(known, key));
            take(lives, (*at, time, reach), &mut sets);
        }
    }
    told(&order, &mut sets, keyed, next)
}

/// A run while verdicts are joined.
#[derive(Debug)]
struct Live {
    from: i64,
    to: i64,
    /// Who it belongs to.
    node: usize,
    /// The runs that it was before.
    rows: Vec<Run>,
    /// Whether a new verdict is in it.
    is_new: bool,
}

/// Lets a verdict be in the runs that it reaches, of which those that turn out to be one become one.
fn take(lives: &mut Vec<Live>, (at, time, reach): (usize, i64, i64), sets: &mut Sets) {
    let mut own = Live { from: time, to: time, node: at, rows: Vec::new(), is_new: true };
    lives.retain_mut(|live| {
        let reaches = live.from - reach <= time && time <= live.to + reach;
        let is_own = reaches && sets.join(at, live.node);
        if is_own {
            (own.from, own.to) = (own.from.min(live.from), own.to.max(live.to));
            own.rows.append(&mut live.rows);
        }
        !is_own
    });
    lives.push(own);
}

/// What the sets come to.
fn told(order: &[usize], sets: &mut Sets, keyed: HashMap<Key, Vec<Live>>, next: u64) -> Plan {
    let mut plan = Plan { next, ..Plan::default() };
    let mut numbers: HashMap<usize, u64> = HashMap::new();
    for at in order {
        let root = sets.root(*at);
        let number = *numbers.entry(root).or_insert_with(|| {
            let set = &sets.sets[root];
            let number = set.held.or_else(|| set.loose.first().copied()).unwrap_or_else(|| {
                plan.next += 1;
                plan.next - 1
            });
            plan.merges.extend(set.loose.iter().filter(|part| **part != number).map(|part| (*part, number)));
            let related = set.related.iter().copied().filter(|other| *other != number).collect();
            plan.joins.insert(number, Joining { related, ..Joining::default() });
            number
        });
        plan.joins.entry(number).or_default().verdicts.push(*at);
    }
    for (key, lives) in keyed {
        // The others are as they were, also where they are within a new one.
        for Live { from, to, node, rows, .. } in lives.into_iter().filter(|live| live.is_new) {
            let Some(number) = numbers.get(&sets.root(node)).copied() else { continue };
            let (run, joining) = (Run { from, to, finding: number }, plan.joins.entry(number).or_default());
            let own = rows.iter().filter(|row| row.finding == number && row.from != from);
            joining.gone.extend(own.map(|row| (key, *row)));
            if !rows.contains(&run) {
                joining.links.push((key, run));
            }
        }
    }
    for joining in plan.joins.values_mut() {
        joining.links.sort_unstable();
        joining.gone.sort_unstable();
    }
    plan.merges.sort_unstable();
    plan
}

/// Verdicts and findings as sets that are joined. Nodes are the verdicts, then findings.
#[derive(Debug)]
struct Sets {
    parents: Vec<usize>,
    sets: Vec<Set>,
    /// The nodes of findings, by number as runs name them.
    nodes: HashMap<u64, usize>,
}

#[derive(Debug, Clone, Default)]
struct Set {
    held: Option<u64>,
    closed: Option<u64>,
    loose: BTreeSet<u64>,
    related: BTreeSet<u64>,
}

impl Sets {
    fn of(verdicts: usize) -> Self {
        let (parents, sets) = ((0..verdicts).collect(), vec![Set::default(); verdicts]);
        Self { parents, sets, nodes: HashMap::new() }
    }

    /// The runs of a key, each with the node of its finding.
    fn lives(&mut self, known: &Known, key: Key) -> Vec<Live> {
        let runs = known.runs.get(&key).map_or(&[][..], Vec::as_slice);
        runs.iter()
            .map(|run| Live {
                from: run.from,
                to: run.to,
                node: self.finding(known, run.finding),
                rows: vec![*run],
                is_new: false,
            })
            .collect()
    }

    /// The node of a finding; that of the one that it is a part of.
    fn finding(&mut self, known: &Known, number: u64) -> usize {
        if let Some(node) = self.nodes.get(&number) {
            return *node;
        }
        let node = match known.findings.get(&number) {
            Some(Standing::Part(whole)) if *whole != number => self.finding(known, *whole),
            standing => {
                let mut set = Set::default();
                match standing {
                    Some(Standing::Held) => set.held = Some(number),
                    Some(Standing::Loose) => drop(set.loose.insert(number)),
                    // Of what nobody knows nothing is made.
                    _ => set.closed = Some(number),
                }
                self.parents.push(self.parents.len());
                self.sets.push(set);
                self.parents.len() - 1
            }
        };
        self.nodes.insert(number, node);
        node
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.parents[node] != node {
            self.parents[node] = self.parents[self.parents[node]];
            node = self.parents[node];
        }
        node
    }

    /// Joins the set of a verdict with another, if both may be one; whether they are.
    fn join(&mut self, verdict: usize, other: usize) -> bool {
        let (mine, theirs) = (self.root(verdict), self.root(other));
        if mine == theirs {
            return true;
        }
        let apart = match (&self.sets[mine], &self.sets[theirs]) {
            (_, Set { closed: Some(closed), .. }) => Some(*closed),
            (Set { held: Some(_), .. }, Set { held: Some(held), .. }) => Some(*held),
            _ => None,
        };
        if let Some(other) = apart {
            self.sets[mine].related.insert(other);
            return false;
        }
        let taken = std::mem::take(&mut self.sets[theirs]);
        self.parents[theirs] = mine;
        let set = &mut self.sets[mine];
        set.held = set.held.or(taken.held);
        set.loose.extend(taken.loose);
        set.related.extend(taken.related);
        true
    }
}
