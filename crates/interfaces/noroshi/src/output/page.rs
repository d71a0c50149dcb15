//! The page of a scan: the tally in the words of the report crate.

use detect::RuleSet;
use jiff::tz::TimeZone;
use model::event::Place;
use model::time::Instant;
use page::Words;
use report::{
    EventLine, FlawLine, HostSummary, RefusedRule, RuleSummary, ScanReport, TimelineBin, Tlp, Truth,
    VerdictLine,
};

use crate::tally::Scanned;

/// Bins of the chart: enough to see an hour in a week, and a day in a year.
const BINS: i64 = 370;

/// What a page says beside the tally.
#[derive(Debug)]
pub struct ScanFacts {
    /// Title; empty for the plain one.
    pub title: String,
    /// Paths the user gave.
    pub paths: Vec<String>,
    /// Zone of the shown instants.
    pub zone: TimeZone,
    /// Marking of the page.
    pub tlp: Tlp,
    /// Comparison with a known truth.
    pub truth: Option<Truth>,
}

/// The report of a scan.
#[must_use]
pub fn report(scanned: &Scanned, rules: &RuleSet, facts: &ScanFacts, words: Words) -> ScanReport {
    let Scanned { tally, totals, .. } = scanned;
    let time = |instant: Option<Instant>| instant.map(Instant::timestamp);
    let offset = tally.span.map_or(0, |(first, _)| facts.zone.to_offset(first.timestamp()).seconds());
    let (bin_seconds, bins) = tally.timeline(BINS, offset.into());
    ScanReport {
        language: words.language,
        zone: facts.zone.clone(),
        generated: jiff::Timestamp::now(),
        title: facts.title.clone(),
        product_version: env!("CARGO_PKG_VERSION").to_owned(),
        tlp: facts.tlp,
        paths: facts.paths.clone(),
        first: time(tally.span.map(|(first, _)| first)),
        last: time(tally.span.map(|(_, last)| last)),
        seconds: scanned.seconds,
        events: tally.events,
        events_without_rules: tally.unread,
        sources: totals.sources,
        recognised: totals.recognised,
        bytes: scanned.bytes,
        rules_loaded: rules.len() as u64,
        refused: rules
            .refused
            .iter()
            .map(|refused| RefusedRule {
                rule_id: refused.rule_id.clone(),
                path: refused.path.clone(),
                line: refused.line as u64,
                reason: refused.reason.to_string(),
            })
            .collect(),
        flaws: tally
            .flaws
            .iter()
            .take(500)
            .map(|flaw| FlawLine {
                source_path: flaw.source_path.to_string(),
                offset: flaw.offset,
                reason: flaw.reason.text.clone(),
            })
            .collect(),
        flaws_total: tally.flaws_total,
        rules: tally
            .rules_by_severity()
            .into_iter()
            .map(|rule| RuleSummary {
                rule_id: rule.rule.id.clone().unwrap_or_default(),
                title: rule.rule.title.clone(),
                title_ja: rule.rule.title_ja.clone(),
                level: rule.rule.level,
                tags: rule.rule.tags.clone(),
                count: rule.count,
                hosts: rule.hosts,
                first: time(rule.span.map(|(first, _)| first)),
                last: time(rule.span.map(|(_, last)| last)),
            })
            .collect(),
        hosts: tally
            .hosts_by_severity()
            .into_iter()
            .map(|(host, count)| HostSummary {
                host: host.to_owned(),
                by_level: count.levels,
                count: count.levels.iter().sum(),
                first: time(count.span.map(|(first, _)| first)),
                last: time(count.span.map(|(_, last)| last)),
            })
            .collect(),
        timeline: bins
            .into_iter()
            .filter_map(|(start, counts)| {
                Some(TimelineBin { start: jiff::Timestamp::from_second(start).ok()?, counts })
            })
            .collect(),
        bin_seconds,
        verdicts: tally.kept.iter().rev().flatten().map(verdict_line).collect(),
        verdicts_total: tally.verdicts(),
        truth: facts.truth.clone(),
    }
}

fn verdict_line(verdict: &detect::Verdict) -> VerdictLine {
    VerdictLine {
        event: event_line(&verdict.source_path, &verdict.place),
        level: verdict.rule.level,
        rule_id: verdict.rule.id.clone().unwrap_or_default(),
        title: verdict.rule.title.clone(),
        host: verdict.host.clone().unwrap_or_default(),
        fields: verdict.fields.iter().map(|(name, value)| (name.clone(), value.text.clone())).collect(),
        before: verdict.before.iter().map(|event| event_line(&event.source_path, &event.place)).collect(),
        before_count: verdict.events_count.saturating_sub(1),
    }
}

fn event_line(source_path: &str, place: &Place) -> EventLine {
    EventLine {
        time: place.time.map(Instant::timestamp),
        source_path: source_path.to_owned(),
        ordinal: place.ordinal,
        line: place.line,
        record_id: place.record_id,
    }
}
