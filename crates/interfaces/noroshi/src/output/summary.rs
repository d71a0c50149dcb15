//! The summary for programs: counts, refusals and flaws as one JSON object.

use detect::RuleSet;
use serde::Serialize;

use super::Notice;
use crate::tally::{ByLevel, Tally};
use intake::Totals;

#[derive(Serialize)]
struct Summary<'a> {
    version: &'a str,
    stopped: bool,
    seconds: f64,
    sources: u64,
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
///
/// # Errors
/// Never in practice: the values are plain.
pub fn summary(
    tally: &Tally,
    totals: &Totals,
    rules: &RuleSet,
    (bytes, seconds): (u64, f64),
) -> serde_json::Result<String> {
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
        version: env!("CARGO_PKG_VERSION"),
        stopped: totals.stopped,
        seconds,
        sources: totals.sources,
        bytes,
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
    })?;
    Ok(text + "\n")
}
