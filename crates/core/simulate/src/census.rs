//! How much there is of what: counted while events are generated, so that whoever counts the same in logs, tables or
//! figures can be compared with the generator and not with himself.

use crate::clock::{Millis, month_of, push_time};
use crate::event::{Event, Log, Mark, Template};
use crate::hosts::Host;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts over some or all logs of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// By the organisation's id.
    pub organisations: BTreeMap<String, OrganisationCensus>,
    /// Malicious events, one entry for each story, technique, organisation and expectation that occurs, in that order.
    pub planted: Vec<PlantedCount>,
}

/// What the logs of one organisation hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationCensus {
    /// All events.
    pub events: u64,
    /// Time of the first one, RFC 3339 in UTC with milliseconds.
    pub first: String,
    /// Time of the last one.
    pub last: String,
    /// By Japanese month, `2026-04`.
    pub months: BTreeMap<String, Month>,
    /// Events by full name of the host; hosts without any are missing.
    pub hosts: BTreeMap<String, u64>,
    /// Events by channel and event id, `Security/4624`; on Linux by the type of the leading record, `auditd/SYSCALL`.
    pub kinds: BTreeMap<String, u64>,
}

/// A month of an organisation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// Events.
    pub events: u64,
    /// Hosts of which there are any.
    pub hosts: u64,
}

/// Malicious events of one kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlantedCount {
    /// The story's letter in NATION.md.
    pub story: String,
    /// ATT&CK technique.
    pub technique: String,
    /// Id of the organisation.
    pub organisation: String,
    /// Whether any sensible rule on that technique sees the event by itself.
    pub rule_expected: bool,
    /// How many.
    pub events: u64,
}

impl Census {
    /// Adds what another log holds. Logs have no host in common.
    pub fn add(&mut self, other: Census) {
        for (id, more) in other.organisations {
            self.organisations.entry(id).or_default().add(more);
        }
        for more in other.planted {
            match self.planted.iter_mut().find(|planted| planted.kind() == more.kind()) {
                Some(planted) => planted.events += more.events,
                None => self.planted.push(more),
            }
        }
        self.planted.sort_unstable();
    }

    /// All events.
    pub fn events(&self) -> u64 {
        self.organisations.values().map(|organisation| organisation.events).sum()
    }
}

impl OrganisationCensus {
    fn add(&mut self, more: OrganisationCensus) {
        if self.events == 0 {
            *self = more;
            return;
        }
        if more.events == 0 {
            return;
        }
        self.events += more.events;
        // Instants of one form are in order as texts.
        self.first = std::mem::take(&mut self.first).min(more.first);
        self.last = std::mem::take(&mut self.last).max(more.last);
        for (name, month) in more.months {
            let own = self.months.entry(name).or_default();
            own.events += month.events;
            own.hosts += month.hosts;
        }
        for (own, more) in [(&mut self.hosts, more.hosts), (&mut self.kinds, more.kinds)] {
            for (name, events) in more {
                *own.entry(name).or_default() += events;
            }
        }
    }
}

impl PlantedCount {
    fn kind(&self) -> (&str, &str, &str, bool) {
        (&self.story, &self.technique, &self.organisation, self.rule_expected)
    }
}

/// The census of one log in the making.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Events by host, in all and this month.
    hosts: Vec<(u64, u64)>,
    months: Vec<(String, Month)>,
    month_ends: Millis,
    kinds: Vec<(&'static Template, u64)>,
    planted: Vec<(Mark, u64)>,
    span: Option<(Millis, Millis)>,
}

impl Tally {
    pub(crate) fn new(hosts: usize) -> Self {
        let (months, kinds, planted) = Default::default();
        Tally { hosts: vec![(0, 0); hosts], months, month_ends: Millis::MIN, kinds, planted, span: None }
    }

    /// Counts an event of the host at this place; time never goes back.
    pub(crate) fn count(&mut self, event: &Event, host: usize) {
        if event.time >= self.month_ends {
            let (name, ends) = month_of(event.time);
            self.month_ends = ends;
            self.months.push((name, Month::default()));
            self.hosts.iter_mut().for_each(|(_, this_month)| *this_month = 0);
        }
        self.span = Some((self.span.map_or(event.time, |(first, _)| first), event.time));
        let (all, this_month) = &mut self.hosts[host];
        if let Some((_, month)) = self.months.last_mut() {
            month.events += 1;
            month.hosts += u64::from(*this_month == 0);
        }
        *all += 1;
        *this_month += 1;
        add(&mut self.kinds, event.template);
        if let Some(mark) = event.mark {
            add(&mut self.planted, mark);
        }
    }

    /// The counts with the names of organisation and hosts.
    pub(crate) fn census(&self, organisation: &str, hosts: &[Host]) -> Census {
        let written = |time: Millis| {
            let mut text = String::new();
            push_time(&mut text, time, ('T', "Z"));
            text
        };
        let seen = hosts.iter().zip(&self.hosts).filter(|(_, (events, _))| *events > 0);
        let counts = OrganisationCensus {
            events: self.months.iter().map(|(_, month)| month.events).sum(),
            first: self.span.map(|(first, _)| written(first)).unwrap_or_default(),
            last: self.span.map(|(_, last)| written(last)).unwrap_or_default(),
            months: self.months.iter().cloned().collect(),
            hosts: seen.map(|(host, (events, _))| (host.computer.clone(), *events)).collect(),
            kinds: self.kinds.iter().map(|(template, events)| (kind(template), *events)).collect(),
        };
        let mut census = Census::default();
        census.organisations.insert(organisation.into(), counts);
        for (mark, events) in &self.planted {
            let planted = PlantedCount {
                story: mark.story.into(),
                technique: mark.technique.into(),
                organisation: organisation.into(),
                rule_expected: mark.expected,
                events: *events,
            };
            census.add(Census { planted: vec![planted], ..Census::default() });
        }
        census
    }
}

fn kind(template: &Template) -> String {
    match template.log {
        Log::Audit => format!("{}/{}", template.channel, template.provider),
        _ => format!("{}/{}", template.channel, template.id),
    }
}

/// One more of these; there are few kinds, so they are looked through.
fn add<T: PartialEq>(counts: &mut Vec<(T, u64)>, what: T) {
    match counts.iter_mut().find(|(known, _)| *known == what) {
        Some((_, count)) => *count += 1,
        None => counts.push((what, 1)),
    }
}
