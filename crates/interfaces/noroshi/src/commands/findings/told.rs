//! Findings in words and as JSON.

use model::level::Level;
use model::time::Instant;
use page::Words;
use page::foreign::visible;
use page::wording::Clock;
use serde_json::{Value, json};
use watch::findings::{Listed, Status};

/// A finding as programs get it.
pub(super) fn json(finding: &Listed) -> Value {
    json!({
        "finding": finding.number, "state": finding.status, "level": finding.level, "title": finding.title,
        "host": finding.host, "organisation": finding.organisation, "first": finding.first,
        "last": finding.last, "opened": finding.opened, "closed": finding.closed,
        "verdicts": finding.verdicts, "events": finding.events, "hosts": finding.hosts,
        "techniques": finding.techniques, "owner": finding.owner, "disposition": finding.disposition,
        "reason": finding.reason, "notes": finding.notes, "attachments": finding.files,
        "is_cleared": finding.is_cleared, "merged_into": finding.whole,
        "evidence": format!("act:watch/finding/{}/{}", finding.number, finding.acts),
    })
}

pub(super) fn status(status: Status, words: Words) -> String {
    words.get(&format!("findings-state-{}", status.as_str()))
}

pub(super) fn level(level: Level, words: Words) -> String {
    words.get(&format!("findings-level-{}", level.as_str()))
}

/// What it was; nothing where nobody has said so.
pub(super) fn disposition(word: &str, words: Words) -> String {
    if word.is_empty() { String::new() } else { words.get(&format!("findings-disposition-{word}")) }
}

/// The host, and how many more there are.
pub(super) fn hosts(finding: &Listed, words: Words) -> String {
    let host = visible(&finding.host).into_owned();
    match finding.hosts {
        0 | 1 => host,
        hosts => words.with("findings-host-and", &[("host", host.into()), ("more", (hosts - 1).into())]),
    }
}

pub(super) fn minute(time: Option<Instant>, clock: &Clock) -> String {
    time.map(|time| clock.minute(time.timestamp())).unwrap_or_default()
}
