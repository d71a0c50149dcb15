//! What the data says, in one sentence: the heading above the chart and the note on it.
//!
//! The sentence speaks of the most severe level that occurs. It names the window of time with
//! most verdicts of that level and, when at least half of them fall into it, the hosts hit
//! there; otherwise it says how they spread. It claims no more than the counts hold.

use std::collections::HashMap;
use std::hash::Hash;

use jiff::Timestamp;
use model::level::Level;
use page::wording::{length, percent};
use page::{LevelWords, Value, foreign};

use crate::timeline::Bins;
use crate::{Context, VerdictLine};

/// Longest host name in a sentence, in characters.
const LONGEST_NAME: usize = 40;

pub(crate) struct Finding {
    /// The heading.
    pub(crate) heading: String,
    /// The note at the peak; none when no verdict has a time.
    pub(crate) peak: Option<Peak>,
}

pub(crate) struct Peak {
    pub(crate) instant: Timestamp,
    pub(crate) text: String,
    pub(crate) detail: String,
}

/// A stretch of time, from `start` on.
struct Period {
    start: i64,
    seconds: i64,
    count: u64,
    total: u64,
}

pub(crate) fn find(context: &Context<'_>, bins: &Bins) -> Finding {
    let by_level = context.report.by_level();
    let Some(level) = Level::DESCENDING.into_iter().find(|level| by_level[level.index()] > 0) else {
        return Finding {
            heading: context.words.get(context.report.silence("report-finding-none")),
            peak: None,
        };
    };
    let subject = Subject { context, level, count: by_level[level.index()] };
    let window = peak_window(context, bins, level);
    let heading = match &window {
        _ if subject.count == 1 => subject.single(),
        None => subject.timeless(),
        Some(window) if window.count * 2 >= window.total => subject.burst(window),
        Some(window) => subject.spread(window),
    };
    let peak = window.and_then(|window| subject.peak(bins, &window));
    Finding { heading, peak }
}

/// The window that holds most verdicts of `level`: ten minutes when all lies within three
/// hours, an hour within two weeks, else a day; never shorter than a bin.
fn peak_window(context: &Context<'_>, bins: &Bins, level: Level) -> Option<Period> {
    let occurs: Vec<(i64, u64)> = bins
        .bins
        .iter()
        .map(|bin| (bin.start.as_second(), bin.counts[level.index()]))
        .filter(|(_, count)| *count > 0)
        .collect();
    let (first, last) = (bins.bins.first()?.start, bins.bins.last()?.start);
    let span = last.as_second() - first.as_second();
    let seconds = match span {
        ..10_800 => 600,
        10_800..1_209_600 => 3_600,
        _ => 86_400,
    };
    let seconds = bins.seconds.max(seconds);
    let offset = context.clock.offset(first);
    let mut windows: HashMap<i64, u64> = HashMap::new();
    for (start, count) in &occurs {
        *windows.entry((start + offset).div_euclid(seconds)).or_default() += count;
    }
    let total = occurs.iter().map(|(_, count)| count).sum();
    let (number, count) = windows.into_iter().max_by_key(|(number, count)| (*count, -number))?;
    Some(Period { start: number * seconds - offset, seconds, count, total })
}

impl Period {
    fn holds(&self, verdict: &VerdictLine) -> bool {
        verdict.event.time.is_some_and(|time| {
            let second = time.as_second();
            second >= self.start && second - self.start < self.seconds
        })
    }
}

/// The verdicts the sentence is about.
struct Subject<'a> {
    context: &'a Context<'a>,
    level: Level,
    count: u64,
}

impl Subject<'_> {
    fn say(&self, key: &str, more: &[(&'static str, Value)]) -> String {
        let mut values =
            vec![("level", self.level.attributive(self.context.words).into()), ("count", self.count.into())];
        values.extend_from_slice(more);
        self.context.words.with(key, &values)
    }

    /// The verdicts of the level, when the report lists all of them.
    fn verdicts(&self) -> Option<Vec<&VerdictLine>> {
        let verdicts: Vec<&VerdictLine> =
            self.context.report.verdicts.iter().filter(|verdict| verdict.level == self.level).collect();
        (verdicts.len() as u64 == self.count).then_some(verdicts)
    }

    /// Hosts with verdicts of the level, the one with most first.
    fn hosts(&self) -> Vec<String> {
        let index = self.level.index();
        let mut hosts: Vec<_> =
            self.context.report.named_hosts().filter(|host| host.by_level[index] > 0).collect();
        hosts.sort_by(|one, other| {
            other.by_level[index].cmp(&one.by_level[index]).then_with(|| one.host.cmp(&other.host))
        });
        hosts.into_iter().map(|host| name(&host.host)).collect()
    }

    fn single(&self) -> String {
        let host = self.hosts().into_iter().next();
        let time = self
            .context
            .report
            .rules
            .iter()
            .find(|rule| rule.level == self.level)
            .and_then(|rule| rule.first);
        let when = time.map(|time| self.moment(time));
        match (host, when) {
            (Some(host), Some(when)) => {
                self.say("report-finding-one", &[("host", host.into()), ("when", when.into())])
            }
            (None, Some(when)) => self.say("report-finding-one-hostless", &[("when", when.into())]),
            (Some(host), None) => self.say("report-finding-one-timeless", &[("host", host.into())]),
            (None, None) => self.say("report-finding-one-bare", &[]),
        }
    }

    fn timeless(&self) -> String {
        let hosts = self.hosts();
        match hosts.as_slice() {
            [] => self.say("report-finding-timeless-bare", &[]),
            [host] => self.say("report-finding-timeless-one-host", &[("host", host.as_str().into())]),
            [host, ..] => self.say(
                "report-finding-timeless",
                &[("host", host.as_str().into()), ("hosts", hosts.len().into())],
            ),
        }
    }

    fn burst(&self, window: &Period) -> String {
        let hosts = match self.verdicts() {
            Some(verdicts) => ranked(
                verdicts
                    .iter()
                    .filter(|verdict| window.holds(verdict) && !verdict.host.is_empty())
                    .map(|verdict| name(&verdict.host)),
            ),
            None => Some(self.hosts()).filter(|hosts| hosts.len() == 1).unwrap_or_default(),
        };
        let share = if window.count == window.total {
            Value::Number(100)
        } else {
            percent(window.count, window.total).into()
        };
        let mut values = vec![("percent", share), ("window", self.window(window).into())];
        let Some(host) = hosts.first() else { return self.say("report-finding-burst-hostless", &values) };
        values.push(("host", host.as_str().into()));
        if hosts.len() == 1 {
            return self.say("report-finding-burst-one-host", &values);
        }
        values.push(("hosts", hosts.len().into()));
        values.push(("others", (hosts.len() - 1).into()));
        self.say("report-finding-burst", &values)
    }

    fn spread(&self, window: &Period) -> String {
        let hosts = self.hosts();
        let mut values = vec![("window", self.window(window).into())];
        match hosts.as_slice() {
            [] => self.say("report-finding-spread-hostless", &values),
            [host] => {
                values.push(("host", host.as_str().into()));
                self.say("report-finding-spread-one-host", &values)
            }
            [host, ..] => {
                values.push(("host", host.as_str().into()));
                values.push(("hosts", hosts.len().into()));
                self.say("report-finding-spread", &values)
            }
        }
    }

    fn window(&self, window: &Period) -> String {
        let (words, clock) = (self.context.words, &self.context.clock);
        let start = Timestamp::from_second(window.start).unwrap_or_default();
        let day = clock.day(start, words);
        let hour = |instant: Timestamp| clock.time(instant).chars().take(2).collect::<String>();
        match window.seconds {
            3_600 => {
                let end = Timestamp::from_second(window.start + 3_600).unwrap_or_default();
                let end = Some(hour(end)).filter(|end| end != "00").unwrap_or_else(|| "24".to_owned());
                let values = [("day", day.into()), ("hour", hour(start).into()), ("end", end.into())];
                words.with("report-window-hour", &values)
            }
            86_400 => words.with("report-window-day", &[("day", day.into())]),
            seconds => {
                let length = length(seconds, words);
                let values =
                    [("day", day.into()), ("from", clock.time(start).into()), ("length", length.into())];
                words.with("report-window-part", &values)
            }
        }
    }

    fn moment(&self, instant: Timestamp) -> String {
        let (words, clock) = (self.context.words, &self.context.clock);
        let values = [("day", clock.day(instant, words).into()), ("time", clock.time(instant).into())];
        words.with("report-moment", &values)
    }

    /// The bin of the window with most verdicts of the level, with what happened in it.
    fn peak(&self, bins: &Bins, window: &Period) -> Option<Peak> {
        let index = self.level.index();
        let inside = |start: i64| start >= window.start && start < window.start + window.seconds;
        let bin = bins
            .bins
            .iter()
            .filter(|bin| inside(bin.start.as_second()) && bin.counts[index] > 0)
            .max_by_key(|bin| (bin.counts[index], std::cmp::Reverse(bin.start)))?;
        let stretch = Period {
            start: bin.start.as_second(),
            seconds: bins.seconds,
            count: bin.counts[index],
            total: 0,
        };
        let verdicts: Vec<&VerdictLine> = self
            .verdicts()
            .unwrap_or_default()
            .into_iter()
            .filter(|verdict| stretch.holds(verdict))
            .collect();
        let instant = verdicts.iter().filter_map(|verdict| verdict.event.time).min().unwrap_or(bin.start);
        let several_days = bins.span().1 - bins.span().0 > 86_400;
        let time = if several_days { self.moment(instant) } else { self.context.clock.time(instant) };
        let hosts = ranked(
            verdicts.iter().filter(|verdict| !verdict.host.is_empty()).map(|verdict| name(&verdict.host)),
        );
        let mut values: Vec<(&'static str, Value)> = vec![("time", time.into())];
        let key = match hosts.as_slice() {
            [] => "report-annotation-hostless",
            [host] => {
                values.push(("host", host.as_str().into()));
                "report-annotation"
            }
            _ => {
                values.push(("hosts", hosts.len().into()));
                "report-annotation-hosts"
            }
        };
        values.push(("level", self.level.inline(self.context.words).into()));
        values.push(("count", stretch.count.into()));
        let text = self.context.words.with(key, &values);
        Some(Peak { instant: bin.start, text, detail: self.rules_of(&verdicts) })
    }

    /// The rule that matched most in a stretch, and how many more did.
    fn rules_of(&self, verdicts: &[&VerdictLine]) -> String {
        let rules = ranked(verdicts.iter().map(|verdict| verdict.rule_id.as_str()));
        let Some(first) = rules.first() else { return String::new() };
        let title = self.context.rule_title(first).unwrap_or_else(|| (*first).to_owned());
        let rule = foreign::visible(&title).into_owned();
        if rules.len() == 1 {
            return rule;
        }
        let values = [("rule", rule.into()), ("more", (rules.len() - 1).into())];
        self.context.words.with("report-annotation-rules", &values)
    }
}

/// A host's name for a sentence: visible, not endless.
fn name(host: &str) -> String {
    let shown = foreign::visible(host);
    match shown.char_indices().nth(LONGEST_NAME) {
        None => shown.into_owned(),
        Some((end, _)) => format!("{}…", &shown[..end]),
    }
}

/// Distinct values, the most frequent first; ties in order of the value.
fn ranked<T: Hash + Ord + Clone>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut counts: HashMap<T, u64> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut ranked: Vec<(T, u64)> = counts.into_iter().collect();
    ranked.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    ranked.into_iter().map(|(value, _)| value).collect()
}
