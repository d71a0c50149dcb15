//! The summary for programs: counts, refusals and flaws as one JSON object.

use detect::RuleSet;
use intake::inputs::Repeated;
use serde::Serialize;

use super::Notice;
use crate::tally::{ByLevel, Scanned, Unchecked};

#[derive(Serialize)]
struct Summary<'a> {
    /// First, since an earlier summary is recognised by it.
    program: &'a str,
    version: &'a str,
    nothing_checked: Vec<Unchecked>,
    stopped: bool,
    seconds: f64,
    sources: u64,
    recognised: u64,
    read_once: Vec<ReadOnce<'a>>,
    bytes: u64,
    events: u64,
    events_without_rules: u64,
    first_event: Option<String>,
    last_event: Option<String>,
    rules: usize,
    verdicts: u64,
    verdicts_by_level: ByLevel,
    rules_matched: Vec<RuleLine<'a>>,
    hosts: Vec<HostLine<'a>>,
    refused: Vec<Notice<'a>>,
    flaws_total: u64,
    flaws: &'a [model::event::Flaw],
}

/// A path to what is read under another one.
#[derive(Serialize)]
struct ReadOnce<'a> {
    path: &'a str,
    read_as: &'a str,
}

#[derive(Serialize)]
struct RuleLine<'a> {
    rule_id: Option<&'a str>,
    title: &'a str,
    level: model::level::Level,
    count: u64,
    hosts: u64,
}

#[derive(Serialize)]
struct HostLine<'a> {
    host: &'a str,
    verdicts: u64,
    verdicts_by_level: ByLevel,
}

/// The text of the summary.
#[must_use]
#[expect(clippy::expect_used, reason = "the values are plain and a text takes everything")]
pub fn summary(scanned: &Scanned, rules: &RuleSet) -> String {
    let Scanned { tally, totals, bytes, seconds, repeated, .. } = scanned;
    let rules_matched = tally.rules_by_severity().into_iter().map(|rule| RuleLine {
        rule_id: rule.rule.id.as_deref(),
        title: &rule.rule.title,
        level: rule.rule.level,
        count: rule.count,
        hosts: rule.hosts,
    });
    let hosts = tally.hosts_by_severity().into_iter().map(|(host, count)| HostLine {
        host,
        verdicts: count.levels.iter().sum(),
        verdicts_by_level: count.levels.into(),
    });
    let text = serde_json::to_string_pretty(&Summary {
        program: "noroshi",
        version: env!("CARGO_PKG_VERSION"),
        nothing_checked: scanned.unchecked(rules),
        stopped: totals.stopped,
        seconds: *seconds,
        sources: totals.sources,
        recognised: totals.recognised,
        read_once: repeated.iter().map(|Repeated { path, read_as }| ReadOnce { path, read_as }).collect(),
        bytes: *bytes,
        events: tally.events,
        events_without_rules: tally.unread,
        first_event: tally.span.map(|(first, _)| first.to_string()),
        last_event: tally.span.map(|(_, last)| last.to_string()),
        rules: rules.len(),
        verdicts: tally.verdicts(),
        verdicts_by_level: tally.levels.into(),
        rules_matched: rules_matched.collect(),
        hosts: hosts.collect(),
        refused: rules.refused.iter().map(Notice::from).collect(),
        flaws_total: tally.flaws_total,
        flaws: &tally.flaws,
    })
    .expect("a summary is JSON");
    text + "\n"
}
