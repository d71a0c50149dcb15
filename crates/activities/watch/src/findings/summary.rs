//! What verdicts of a finding come to, in numbers and names: sums, so that it does not matter in which order and
//! in which pieces they came.

use std::collections::{BTreeMap, BTreeSet};

use model::level::Level;
use model::marking::Marking;
use model::time::Instant;
use serde::{Deserialize, Serialize};

use super::Seen;

/// What some verdicts come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// How many verdicts.
    pub verdicts: u64,
    /// Events that take part in them.
    pub events: u64,
    /// Time of the first.
    pub first: Option<Instant>,
    /// Time of the last.
    pub last: Option<Instant>,
    /// The most severe level of their rules.
    pub level: Level,
    /// Rules, by id, or digest where they have none.
    pub rules: BTreeMap<String, RuleSeen>,
    /// ATT&CK techniques, as `T1059.001`.
    pub techniques: BTreeSet<String>,
    /// Hosts, and how many verdicts are about each.
    pub hosts: BTreeMap<String, u64>,
    /// Organisations whose events they stand on.
    pub organisations: BTreeSet<String>,
    /// The strictest marking of these events.
    pub marking: Marking,
}

/// A rule as far as it fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSeen {
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: Level,
    /// How many verdicts.
    pub verdicts: u64,
}

impl Summary {
    /// What one verdict comes to.
    #[must_use]
    pub fn of(seen: &Seen) -> Self {
        let rule = RuleSeen { title: seen.title.clone(), level: seen.level, verdicts: 1 };
        Self {
            verdicts: 1,
            events: seen.events,
            first: Some(seen.time),
            last: Some(seen.time),
            level: seen.level,
            rules: [(seen.rule.clone(), rule)].into(),
            techniques: seen.techniques.iter().cloned().collect(),
            hosts: seen.host.iter().map(|host| (host.clone(), 1)).collect(),
            organisations: [seen.organisation.clone()].into(),
            marking: seen.marking,
        }
    }

    /// Adds what other verdicts come to.
    pub fn add(&mut self, other: &Self) {
        self.verdicts += other.verdicts;
        self.events += other.events;
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
        self.level = self.level.max(other.level);
        for (id, rule) in &other.rules {
            self.rules.entry(id.clone()).and_modify(|known| known.add(rule)).or_insert_with(|| rule.clone());
        }
        self.techniques.extend(other.techniques.iter().cloned());
        for (host, verdicts) in &other.hosts {
            *self.hosts.entry(host.clone()).or_default() += verdicts;
        }
        self.organisations.extend(other.organisations.iter().cloned());
        let (mine, theirs) = (&mut self.marking, &other.marking);
        mine.tlp = mine.tlp.max(theirs.tlp);
        mine.confidentiality = mine.confidentiality.max(theirs.confidentiality);
        mine.pap = mine.pap.max(theirs.pap);
    }

    /// The rule that says most: the most severe one, of these the one that fired most.
    #[must_use]
    pub fn main_rule(&self) -> Option<(&str, &RuleSeen)> {
        let weight =
            |(id, rule): &(&String, &RuleSeen)| (rule.level, rule.verdicts, std::cmp::Reverse((*id).clone()));
        self.rules.iter().max_by_key(weight).map(|(id, rule)| (id.as_str(), rule))
    }

    /// The host that most verdicts are about.
    #[must_use]
    pub fn main_host(&self) -> Option<&str> {
        let weight = |(host, verdicts): &(&String, &u64)| (**verdicts, std::cmp::Reverse((*host).clone()));
        self.hosts.iter().max_by_key(weight).map(|(host, _)| host.as_str())
    }
}

impl RuleSeen {
    fn add(&mut self, other: &Self) {
        self.verdicts += other.verdicts;
        // Another version of the rule may say otherwise; what is said must not depend on which came first.
        self.level = self.level.max(other.level);
        if other.title < self.title {
            self.title.clone_from(&other.title);
        }
    }
}
