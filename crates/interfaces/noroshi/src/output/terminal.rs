//! The summary for people: what was found, where, and what could not be used.

use detect::RuleSet;
use std::io::{self, Write};

use console::{measure_text_width, truncate_str};
use detect::Refusal;
use model::level::Level;
use page::foreign::visible;
use page::wording::{count, duration, size};
use page::{LevelWords, Words};

use crate::tally::{Scanned, Tally, Unchecked};
use intake::inputs::Repeated;

/// Rules and hosts shown; the files have all.
const SHOWN: usize = 15;
/// Refusals and flaws shown.
const TROUBLES: usize = 10;

/// Prints the summary.
///
/// # Errors
/// When it cannot be written.
pub fn terminal(out: &mut dyn Write, scanned: &Scanned, rules: &RuleSet, words: Words) -> io::Result<()> {
    let Scanned { tally, totals, .. } = scanned;
    // First, so that nobody takes the silence that follows for an all-clear.
    for unchecked in scanned.unchecked(rules) {
        let key = match unchecked {
            Unchecked::NoRule => "cli-summary-no-rule",
            Unchecked::NoInput => "cli-summary-no-input",
        };
        writeln!(out, "{}", words.get(key))?;
    }
    let values = [
        ("events", tally.events.into()),
        ("sources", totals.sources.into()),
        ("size", size(scanned.bytes).into()),
        ("time", duration(scanned.seconds, words).into()),
        ("rules", rules.len().into()),
    ];
    writeln!(
        out,
        "{}",
        words.with(if scanned.is_lake { "cli-summary-read-lake" } else { "cli-summary-read" }, &values)
    )?;
    if tally.unread > 0 {
        writeln!(out, "{}", words.with("cli-summary-unread", &[("events", tally.unread.into())]))?;
    }
    if totals.stopped {
        writeln!(out, "{}", words.get("cli-summary-stopped"))?;
    }
    if tally.verdicts() > 0 || scanned.unchecked(rules).is_empty() {
        levels(out, tally, words)?;
    }
    rules_table(out, tally, words)?;
    hosts_table(out, tally, words)?;
    refused(out, &rules.refused, words)?;
    flaws(out, tally, words)?;
    read_once(out, &scanned.repeated, words)
}

fn levels(out: &mut dyn Write, tally: &Tally, words: Words) -> io::Result<()> {
    let total = tally.verdicts();
    if total == 0 {
        return writeln!(out, "\n{}", words.get("cli-summary-none"));
    }
    writeln!(out, "\n{}", words.with("cli-summary-verdicts", &[("verdicts", total.into())]))?;
    for level in Level::DESCENDING.into_iter() {
        let number = tally.levels[level.index()];
        writeln!(out, "  {} {:>12}", pad(&word(level, words), 14), count(number))?;
    }
    Ok(())
}

fn rules_table(out: &mut dyn Write, tally: &Tally, words: Words) -> io::Result<()> {
    let rules = tally.rules_by_severity();
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", words.with("cli-summary-rules", &[("rules", rules.len().into())]))?;
    for rule in rules.iter().take(SHOWN) {
        let title = match (&rule.rule.title_ja, words.language) {
            (Some(title), page::Language::Ja) => title,
            _ => &rule.rule.title,
        };
        let title = visible(title);
        let hosts = words.with("cli-summary-on-hosts", &[("hosts", rule.hosts.into())]);
        let level = pad(&word(rule.rule.level, words), 14);
        writeln!(
            out,
            "  {level} {} {:>9}  {hosts}",
            pad(&truncate_str(&title, 64, "…"), 64),
            count(rule.count)
        )?;
    }
    more(out, rules.len(), SHOWN, words)
}

fn hosts_table(out: &mut dyn Write, tally: &Tally, words: Words) -> io::Result<()> {
    let hosts = tally.hosts_by_severity();
    if hosts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", words.with("cli-summary-hosts", &[("hosts", hosts.len().into())]))?;
    for (host, found) in hosts.iter().take(SHOWN) {
        let host =
            if host.is_empty() { words.get("cli-summary-no-host") } else { visible(host).into_owned() };
        let levels = Level::DESCENDING.into_iter().filter(|level| found.levels[level.index()] > 0);
        let levels =
            levels.map(|level| format!("{} {}", word(level, words), count(found.levels[level.index()])));
        writeln!(
            out,
            "  {} {}",
            pad(&truncate_str(&host, 40, "…"), 40),
            levels.collect::<Vec<_>>().join(" · ")
        )?;
    }
    more(out, hosts.len(), SHOWN, words)
}

fn refused(out: &mut dyn Write, refused: &[Refusal], words: Words) -> io::Result<()> {
    if refused.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", words.with("cli-summary-refused", &[("rules", refused.len().into())]))?;
    print_refusals(out, &refused[..refused.len().min(TROUBLES)])?;
    more(out, refused.len(), TROUBLES, words)
}

/// Prints refusals, a line each: file, line, reason, title.
///
/// # Errors
/// When they cannot be written.
pub fn print_refusals(out: &mut dyn Write, refused: &[Refusal]) -> io::Result<()> {
    for refusal in refused {
        let title = refusal.title.as_deref().map(|title| format!("  [{title}]")).unwrap_or_default();
        writeln!(out, "  {}", visible(&format!("{refusal}{title}")))?;
    }
    Ok(())
}

/// Prints what could not be read.
///
/// # Errors
/// When it cannot be written.
pub fn flaws(out: &mut dyn Write, tally: &Tally, words: Words) -> io::Result<()> {
    if tally.flaws_total == 0 {
        return Ok(());
    }
    writeln!(out, "\n{}", words.with("cli-summary-flaws", &[("flaws", tally.flaws_total.into())]))?;
    for flaw in tally.flaws.iter().take(TROUBLES) {
        writeln!(out, "  {}", visible(&format!("{} @{}: {}", flaw.source_path, flaw.offset, flaw.reason)))?;
    }
    more(out, usize::try_from(tally.flaws_total).unwrap_or(usize::MAX), TROUBLES, words)
}

fn read_once(out: &mut dyn Write, repeated: &[Repeated], words: Words) -> io::Result<()> {
    if repeated.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", words.with("cli-summary-read-once", &[("paths", repeated.len().into())]))?;
    for Repeated { path, read_as } in repeated.iter().take(TROUBLES) {
        writeln!(out, "  {}", visible(&format!("{path} = {read_as}")))?;
    }
    more(out, repeated.len(), TROUBLES, words)
}

fn more(out: &mut dyn Write, all: usize, shown: usize, words: Words) -> io::Result<()> {
    if all > shown {
        writeln!(out, "  {}", words.with("cli-summary-more", &[("number", (all - shown).into())]))?;
    }
    Ok(())
}

fn word(level: Level, words: Words) -> String {
    level.label(words)
}

/// Fills a text with blanks to a width; Japanese characters are two wide.
#[must_use]
pub fn pad(text: &str, width: usize) -> String {
    let blanks = width.saturating_sub(measure_text_width(text));
    format!("{text}{}", " ".repeat(blanks))
}
