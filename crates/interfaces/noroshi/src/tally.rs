//! Counting while verdicts pass by: by level, rule, host and hour, with bounded memory.

use std::collections::{BTreeMap, HashMap};

use detect::{Meta, RuleSet, Verdict};
use model::event::Flaw;
use model::time::Instant;
use serde::Serialize;
use std::sync::Arc;

use intake::inputs::Repeated;
use intake::{Found, Totals, widen};

/// Hosts counted one by one; hostile logs can name any number.
const HOSTS: usize = 50_000;
/// Bins of the timeline; when they do not suffice, bins become longer.
const BINS: usize = 20_000;
/// Verdicts of each level kept for the page.
const KEPT: usize = 600;
/// Events of a verdict kept for the page, which shows no more one by one.
const EVENTS: usize = 20;
/// Flaws kept for the summary and the page.
const FLAWS: usize = 10_000;

/// A scan that has run.
#[derive(Debug)]
pub struct Scanned {
    /// What was found, counted.
    pub tally: Tally,
    /// What was read.
    pub totals: Totals,
    /// Bytes read.
    pub bytes: u64,
    /// Duration in seconds.
    pub seconds: f64,
    /// Paths to what is read under another one.
    pub repeated: Vec<Repeated>,
    /// Whether it went over what is kept, and not over logs.
    pub is_lake: bool,
    /// Whether it broke off; the tally says why.
    pub broke_off: bool,
}

/// Why a scan without verdicts says nothing about the logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unchecked {
    /// No rule was left to run.
    NoRule,
    /// No input was recognised as a log.
    NoInput,
}

impl Scanned {
    /// Why silence of this scan would say nothing; the gravest first.
    #[must_use]
    pub fn unchecked(&self, rules: &RuleSet) -> Vec<Unchecked> {
        let no_rule = rules.is_empty().then_some(Unchecked::NoRule);
        let no_input = (self.totals.recognised == 0 && !self.broke_off).then_some(Unchecked::NoInput);
        no_rule.into_iter().chain(no_input).collect()
    }
}

/// Everything a summary or page says about a scan.
#[derive(Debug)]
pub struct Tally {
    /// Events read.
    pub events: u64,
    /// Of these, events that no rule reads.
    pub unread: u64,
    /// Times of the earliest and latest event.
    pub span: Option<(Instant, Instant)>,
    /// Verdicts by level.
    pub levels: [u64; 5],
    /// By rule: key is the rule's place in its file.
    pub rules: HashMap<RuleKey, RuleCount>,
    /// By host; the empty name is "unknown".
    pub hosts: HashMap<String, HostCount>,
    /// Verdicts by start of bin (seconds since the epoch).
    pub bins: BTreeMap<i64, [u64; 5]>,
    /// Length of a bin in seconds.
    pub bin_seconds: i64,
    /// First verdicts of each level.
    pub kept: [Vec<Verdict>; 5],
    /// First flaws.
    pub flaws: Vec<Flaw>,
    /// All flaws.
    pub flaws_total: u64,
    hosts_of: HashMap<RuleKey, std::collections::HashSet<Box<str>>>,
}

/// A rule document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RuleKey {
    path: String,
    line: usize,
}

/// What one rule found.
#[derive(Debug, Clone)]
pub struct RuleCount {
    /// The rule.
    pub rule: Arc<Meta>,
    /// Verdicts.
    pub count: u64,
    /// Hosts.
    pub hosts: u64,
    /// Times of its first and last verdict.
    pub span: Option<(Instant, Instant)>,
}

/// What was found on one host.
#[derive(Debug, Clone, Default)]
pub struct HostCount {
    /// Verdicts by level.
    pub levels: [u64; 5],
    /// Times of the first and last verdict.
    pub span: Option<(Instant, Instant)>,
}

/// Counts by level under their names, for JSON.
#[derive(Debug, Clone, Copy, Serialize)]
#[expect(missing_docs, reason = "each field is the level it counts")]
pub struct ByLevel {
    pub informational: u64,
    pub low: u64,
    pub medium: u64,
    pub high: u64,
    pub critical: u64,
}

impl From<[u64; 5]> for ByLevel {
    fn from([informational, low, medium, high, critical]: [u64; 5]) -> Self {
        Self { informational, low, medium, high, critical }
    }
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            events: 0,
            unread: 0,
            span: None,
            levels: [0; 5],
            rules: HashMap::new(),
            hosts: HashMap::new(),
            bins: BTreeMap::new(),
            bin_seconds: 60,
            kept: Default::default(),
            flaws: Vec::new(),
            flaws_total: 0,
            hosts_of: HashMap::new(),
        }
    }
}

impl Tally {
    /// Counts what a job found.
    pub fn add(&mut self, found: &Found) {
        self.events += found.events;
        self.unread += found.unread;
        widen(&mut self.span, found.span);
        found.verdicts.iter().for_each(|verdict| self.verdict(verdict));
        found.flaws.iter().for_each(|flaw| self.flaw(flaw));
    }

    /// Counts a flaw.
    pub fn flaw(&mut self, flaw: &Flaw) {
        self.flaws_total += 1;
        if self.flaws.len() < FLAWS {
            self.flaws.push(flaw.clone());
        }
    }

    /// All verdicts.
    #[must_use]
    pub fn verdicts(&self) -> u64 {
        self.levels.iter().sum()
    }

    /// Rules that found something, most severe first, then by count and title.
    #[must_use]
    pub fn rules_by_severity(&self) -> Vec<&RuleCount> {
        let mut rules: Vec<_> = self.rules.values().collect();
        rules.sort_by(|a, b| {
            (b.rule.level, b.count)
                .cmp(&(a.rule.level, a.count))
                .then_with(|| a.rule.title.cmp(&b.rule.title))
        });
        rules
    }

    /// Hosts, those with the most severe verdicts first.
    #[must_use]
    pub fn hosts_by_severity(&self) -> Vec<(&str, &HostCount)> {
        let mut hosts: Vec<_> = self.hosts.iter().map(|(host, count)| (host.as_str(), count)).collect();
        let severity = |count: &HostCount| count.levels.iter().rev().copied().collect::<Vec<_>>();
        hosts.sort_by(|a, b| severity(b.1).cmp(&severity(a.1)).then_with(|| a.0.cmp(b.0)));
        hosts
    }

    fn verdict(&mut self, verdict: &Verdict) {
        let level = verdict.rule.level.index();
        let span = verdict.place.time.map(|time| (time, time));
        self.levels[level] += 1;
        let host = verdict.host.as_deref().unwrap_or_default();
        let key = RuleKey { path: verdict.rule.path.clone(), line: verdict.rule.line };
        let is_new = {
            let hosts = self.hosts_of.entry(key.clone()).or_default();
            hosts.len() < HOSTS && !hosts.contains(host) && hosts.insert(host.into())
        };
        let rule = self.rules.entry(key).or_insert_with(|| RuleCount {
            rule: verdict.rule.clone(),
            count: 0,
            hosts: 0,
            span: None,
        });
        rule.count += 1;
        rule.hosts += u64::from(is_new);
        widen(&mut rule.span, span);
        if self.hosts.contains_key(host) || self.hosts.len() < HOSTS {
            let count = self.hosts.entry(host.to_owned()).or_default();
            count.levels[level] += 1;
            widen(&mut count.span, span);
        }
        if let Some(time) = verdict.place.time {
            let bin = time.seconds().div_euclid(self.bin_seconds) * self.bin_seconds;
            self.bins.entry(bin).or_default()[level] += 1;
            if self.bins.len() > BINS {
                self.lengthen_bins();
            }
        }
        if self.kept[level].len() < KEPT {
            let first = verdict.before.len().saturating_sub(EVENTS);
            let before = verdict.before[first..].to_vec();
            self.kept[level].push(Verdict { before, ..verdict.clone() });
        }
    }

    fn lengthen_bins(&mut self) {
        self.bin_seconds *= 4;
        let mut longer: BTreeMap<i64, [u64; 5]> = BTreeMap::new();
        for (start, counts) in std::mem::take(&mut self.bins) {
            let bin = longer.entry(start.div_euclid(self.bin_seconds) * self.bin_seconds).or_default();
            bin.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        self.bins = longer;
    }

    /// The timeline in at most `most` bins of a length people read easily, which begin at round times of a zone that is
    /// so many seconds from UTC; weeks begin on Mondays.
    #[must_use]
    pub fn timeline(&self, most: i64, offset: i64) -> (i64, BTreeMap<i64, [u64; 5]>) {
        const LENGTHS: [i64; 11] =
            [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 7 * 86_400, 30 * 86_400];
        let reach = match (self.bins.keys().next(), self.bins.keys().next_back()) {
            (Some(first), Some(last)) => last - first + self.bin_seconds,
            _ => return (self.bin_seconds, BTreeMap::new()),
        };
        let fits = |length: &&i64| **length >= self.bin_seconds && reach / **length < most;
        let length =
            LENGTHS.iter().find(fits).copied().unwrap_or_else(|| (reach / most + 1).max(self.bin_seconds));
        // The first day of all, 1970-01-01, was a Thursday.
        let offset = if length % (7 * 86_400) == 0 { offset + 3 * 86_400 } else { offset };
        let mut bins: BTreeMap<i64, [u64; 5]> = BTreeMap::new();
        for (start, counts) in &self.bins {
            let bin = bins.entry((start + offset).div_euclid(length) * length - offset).or_default();
            bin.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        (length, bins)
    }
}
