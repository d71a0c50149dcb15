//! What each rule found: how often on which day, on how many hosts, and some examples.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use detect::{Meta, RuleDigest, Verdict};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::time::Instant;

/// Hosts of a rule counted one by one; hostile logs can name any number.
const HOSTS: usize = 50_000;

/// Days with the number of their verdicts, in the order of time; those without one are missing.
pub(super) type ByDay = BTreeMap<Date, u64>;

/// The days between the earliest and the latest event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) first: Option<Date>,
    pub(super) number: u64,
}

/// What a rule found.
#[derive(Debug)]
pub(super) struct Count {
    pub(super) rule: Arc<Meta>,
    pub(super) verdicts: u64,
    pub(super) by_day: ByDay,
    pub(super) hosts: u64,
    pub(super) examples: Vec<Verdict>,
}

/// What rules found so far.
#[derive(Debug)]
pub(super) struct Counts {
    zone: TimeZone,
    examples: usize,
    rules: HashMap<RuleDigest, (Count, HashSet<Box<str>>)>,
}

impl Counts {
    /// Days are those of a zone; so many examples are kept of each rule.
    pub(super) fn new(zone: TimeZone, examples: usize) -> Self {
        Self { zone, examples, rules: HashMap::new() }
    }

    pub(super) fn add(&mut self, verdict: &Verdict) {
        let day = verdict.place.time.map(|time| self.day(time));
        let (count, hosts) = self.rules.entry(verdict.rule.digest).or_insert_with(|| {
            let rule = verdict.rule.clone();
            let count = Count { rule, verdicts: 0, by_day: ByDay::new(), hosts: 0, examples: Vec::new() };
            (count, HashSet::new())
        });
        count.verdicts += 1;
        if let Some(day) = day {
            *count.by_day.entry(day).or_default() += 1;
        }
        let host = verdict.host.as_deref().unwrap_or_default();
        if hosts.len() < HOSTS && !hosts.contains(host) {
            hosts.insert(host.into());
            count.hosts += 1;
        }
        if count.examples.len() < self.examples {
            count.examples.push(verdict.clone());
        }
    }

    /// What each rule found, the most frequent first, and the days of which that is.
    pub(super) fn done(self, span: Option<(Instant, Instant)>) -> (Vec<Count>, Days) {
        let days = span.map(|(first, last)| (self.day(first), self.day(last)));
        let number = days.and_then(|(first, last)| first.until(last).ok());
        let number = number.map_or(0, |span| u64::from(span.get_days().unsigned_abs()) + 1);
        let days = Days { first: days.map(|(first, _)| first), number };
        let mut counts: Vec<Count> = self.rules.into_values().map(|(count, _)| count).collect();
        counts.sort_by(|one, other| {
            other.verdicts.cmp(&one.verdicts).then_with(|| one.rule.title.cmp(&other.rule.title))
        });
        (counts, days)
    }

    fn day(&self, time: Instant) -> Date {
        time.timestamp().to_zoned(self.zone.clone()).date()
    }
}

#[expect(clippy::cast_precision_loss, reason = "verdicts are far below 2^53")]
impl Count {
    /// Verdicts a day, over all days.
    pub(super) fn a_day(&self, days: Days) -> f64 {
        self.verdicts as f64 / days.number.max(1) as f64
    }

    /// The most verdicts of a day.
    pub(super) fn most(&self) -> u64 {
        self.by_day.values().copied().max().unwrap_or(0)
    }
}
