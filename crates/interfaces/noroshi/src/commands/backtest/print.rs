//! What sets of rules found, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use console::{measure_text_width, truncate_str};
use page::foreign::visible;
use page::wording::{count, duration};
use page::{LevelWords, Words};
use serde::Serialize;
use serde_json::{Value, json};

use super::Tried;
use super::count::{Count, Days};
use crate::output::pad;

/// Rules that people are shown; programs get all.
const SHOWN: usize = 40;
/// Columns of a title.
const TITLE: usize = 56;
/// Marks of days, from the fewest verdicts to the most.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Most days that are drawn one by one.
const DRAWN: u64 = 31;

/// A rule in either version of a set.
#[derive(Default)]
struct Pair<'a> {
    before: Option<&'a Count>,
    after: Option<&'a Count>,
}

impl<'a> Pair<'a> {
    fn verdicts(&self) -> (u64, u64) {
        let number = |count: Option<&Count>| count.map_or(0, |count| count.verdicts);
        (number(self.before), number(self.after))
    }

    fn shown(&self) -> Option<&'a Count> {
        self.after.or(self.before)
    }
}

/// The rules of two versions, each beside itself: the same id, or where there is none the same title. Those
/// whose number of verdicts differs most come first.
fn pairs<'a>(after: &'a Tried, before: &'a Tried) -> Vec<Pair<'a>> {
    let key = |count: &Count| count.rule.id.clone().unwrap_or_else(|| count.rule.title.clone());
    let mut pairs: BTreeMap<String, Pair<'a>> = BTreeMap::new();
    before.counts.iter().for_each(|count| pairs.entry(key(count)).or_default().before = Some(count));
    after.counts.iter().for_each(|count| pairs.entry(key(count)).or_default().after = Some(count));
    let mut pairs: Vec<Pair<'a>> = pairs.into_values().collect();
    pairs.sort_by_key(|pair| {
        let (before, after) = pair.verdicts();
        (std::cmp::Reverse(before.abs_diff(after)), std::cmp::Reverse(after))
    });
    pairs
}

/// For people: a line a rule.
pub(super) fn table(after: &Tried, before: Option<&Tried>, words: Words) -> String {
    let mut out = String::new();
    let told = |tried: &Tried| {
        words.with(
            "cli-backtest-read",
            &[
                ("events", tried.scanned.tally.events.into()),
                ("days", tried.days.number.into()),
                ("rules", tried.rules.len().into()),
                ("verdicts", tried.counts.iter().map(|count| count.verdicts).sum::<u64>().into()),
                ("time", duration(tried.scanned.seconds, words).into()),
            ],
        )
    };
    let _ = writeln!(out, "{}", told(after));
    match before {
        None => alone(&mut out, after, words),
        Some(before) => {
            let _ = writeln!(out, "{}: {}", words.get("cli-backtest-against"), told(before));
            beside(&mut out, after, before, words);
        }
    }
    out
}

fn alone(out: &mut String, tried: &Tried, words: Words) {
    let heads = ["title", "level", "verdicts", "day", "most", "hosts", "days"];
    let [title, level, verdicts, day, most, hosts, days] =
        heads.map(|head| words.get(&format!("cli-backtest-head-{head}")));
    let _ = writeln!(
        out,
        "\n{} {} {} {} {} {}  {days}",
        pad(&title, TITLE),
        pad(&level, 13),
        right(&verdicts, 10),
        right(&day, 10),
        right(&most, 10),
        right(&hosts, 7)
    );
    for found in tried.counts.iter().take(SHOWN) {
        let _ = writeln!(
            out,
            "{} {} {} {} {} {}  {}",
            title_of(found, words),
            pad(&found.rule.level.label(words), 13),
            right(&count(found.verdicts), 10),
            right(&format!("{:.1}", found.a_day(tried.days)), 10),
            right(&count(found.most()), 10),
            right(&count(found.hosts), 7),
            drawn(found, tried.days),
        );
        for example in &found.examples {
            let fields = example.fields.iter().map(|(name, value)| format!("{name}={}", value.text));
            let time = example.place.time.map(|time| time.to_string()).unwrap_or_default();
            let host = example.host.as_deref().unwrap_or_default();
            let line = format!("{time} {host} {}", fields.collect::<Vec<_>>().join(" "));
            let _ = writeln!(out, "    {}", truncate_str(&visible(&line), 120, "…"));
        }
    }
    more(out, tried.counts.len(), words);
}

fn beside(out: &mut String, after: &Tried, before: &Tried, words: Words) {
    let heads = ["title", "level", "before", "after", "change", "day"];
    let [title, level, was, is, change, day] =
        heads.map(|head| words.get(&format!("cli-backtest-head-{head}")));
    let pairs = pairs(after, before);
    let (other, same): (Vec<_>, Vec<_>) = pairs.iter().partition(|pair| {
        let (before, after) = pair.verdicts();
        before != after
    });
    let _ = writeln!(
        out,
        "\n{} {} {} {} {} {}",
        pad(&title, TITLE),
        pad(&level, 13),
        right(&was, 10),
        right(&is, 10),
        right(&change, 11),
        right(&day, 10)
    );
    for pair in other.iter().take(SHOWN) {
        let Some(shown) = pair.shown() else { continue };
        let (was, is) = pair.verdicts();
        let change = match is >= was {
            true => format!("+{}", count(is - was)),
            false => format!("-{}", count(was - is)),
        };
        let a_day = pair.after.map_or(0.0, |found| found.a_day(after.days));
        let _ = writeln!(
            out,
            "{} {} {} {} {} {}",
            title_of(shown, words),
            pad(&shown.rule.level.label(words), 13),
            right(&count(was), 10),
            right(&count(is), 10),
            right(&change, 11),
            right(&format!("{a_day:.1}"), 10),
        );
    }
    more(out, other.len(), words);
    let _ = writeln!(out, "{}", words.with("cli-backtest-same", &[("rules", same.len().into())]));
}

fn more(out: &mut String, all: usize, words: Words) {
    if all > SHOWN {
        let _ = writeln!(out, "{}", words.with("cli-summary-more", &[("number", (all - SHOWN).into())]));
    }
}

fn title_of(found: &Count, words: Words) -> String {
    let title = match (&found.rule.title_ja, words.language) {
        (Some(title), page::Language::Ja) => title,
        _ => &found.rule.title,
    };
    pad(&truncate_str(&visible(title), TITLE, "…"), TITLE)
}

fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(measure_text_width(text))))
}

/// A mark for each day, as high as its verdicts are many.
fn drawn(found: &Count, days: Days) -> String {
    let Some(first) = days.first.filter(|_| days.number <= DRAWN) else { return String::new() };
    let most = found.most().max(1);
    let mark = |day| match found.by_day.get(&day).copied().unwrap_or(0) {
        0 => ' ',
        number => BARS[usize::try_from((number * 8 - 1) / most).unwrap_or(7).min(7)],
    };
    first
        .series(jiff::Span::new().days(1))
        .take(usize::try_from(days.number).unwrap_or(0))
        .map(mark)
        .collect()
}

#[derive(Serialize)]
struct Line<'a> {
    rule_id: Option<&'a str>,
    title: &'a str,
    level: model::level::Level,
    digest: String,
    verdicts: u64,
    verdicts_a_day: f64,
    most_a_day: u64,
    hosts: u64,
    by_day: BTreeMap<String, u64>,
    examples: &'a [detect::Verdict],
}

fn line(found: &Count, days: Days) -> Line<'_> {
    Line {
        rule_id: found.rule.id.as_deref(),
        title: &found.rule.title,
        level: found.rule.level,
        digest: found.rule.digest.id().to_string(),
        verdicts: found.verdicts,
        verdicts_a_day: found.a_day(days),
        most_a_day: found.most(),
        hosts: found.hosts,
        by_day: found.by_day.iter().map(|(day, number)| (day.to_string(), *number)).collect(),
        examples: &found.examples,
    }
}

fn set(tried: &Tried) -> Value {
    json!({
        "rules": tried.rules.len(),
        "set": tried.rules.digest().id().to_string(),
        "events": tried.scanned.tally.events,
        "days": tried.days.number,
        "seconds": tried.scanned.seconds,
        "verdicts": tried.counts.iter().map(|count| count.verdicts).sum::<u64>(),
        "found": tried.counts.iter().map(|found| line(found, tried.days)).collect::<Vec<_>>(),
    })
}

/// For programs: what each rule found, of both versions where there are two.
pub(super) fn json(after: &Tried, before: Option<&Tried>) -> Value {
    let Some(before) = before else { return set(after) };
    let changes = pairs(after, before).into_iter().filter_map(|pair| {
        let (shown, (was, is)) = (pair.shown()?, pair.verdicts());
        let rule = json!({"rule_id": shown.rule.id, "title": shown.rule.title, "before": was, "after": is});
        (was != is).then_some(rule)
    });
    json!({"after": set(after), "before": set(before), "changes": changes.collect::<Vec<_>>()})
}
