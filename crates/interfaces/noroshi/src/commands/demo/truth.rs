//! The ground truth: which events were planted, to which story each belongs, and how what was found compares with it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use detect::Verdict;
use model::level::Level;
use page::{Language, Words};
use report::{MissLine, StoryLine, Truth, UnknownLine};
use serde::Deserialize;

use super::make::TRUTH;

/// What the truth says of a planted event.
#[derive(Debug, Clone, Deserialize)]
pub struct Planted {
    /// Its log, below the demo's folder of logs.
    pub source_path: String,
    /// Its number in the log, from 1.
    pub ordinal: u64,
    /// Host.
    pub host: String,
    /// Time.
    pub time: jiff::Timestamp,
    /// The story's letter in NATION.md.
    pub story: String,
    /// ATT&CK technique.
    pub technique: String,
    /// Step of the story.
    pub step: Step,
    /// Whether a rule can know it by itself.
    pub rule_expected: bool,
    /// Whose it is.
    pub organisation: String,
}

/// A step of a story, in words.
#[derive(Debug, Clone, Deserialize)]
pub struct Step {
    ja: String,
    en: String,
}

/// All that was planted.
#[derive(Debug)]
pub struct Plants {
    events: Vec<Planted>,
    /// Places of events, by log and number.
    places: HashMap<(String, u64), usize>,
}

/// A verdict, as far as it is compared.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The path of its event's log, wherever the demo's folder stood.
    pub source_path: String,
    /// The event's number in the log.
    pub ordinal: u64,
    /// Severity.
    pub level: Level,
}

/// How events that somebody put together, such as those of a finding, fit what was planted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fit {
    /// The story to which most of them belong; none when most are ordinary.
    pub story: Option<String>,
    /// How many of them are of that story, or ordinary.
    pub own: u64,
    /// How many there are.
    pub events: u64,
}

impl Seen {
    /// Of a verdict.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Self {
        Self {
            source_path: verdict.source_path.to_string(),
            ordinal: verdict.place.ordinal,
            level: verdict.rule.level,
        }
    }
}

impl Plants {
    /// Reads the truth of a demo's folder.
    ///
    /// # Errors
    /// When it cannot be read, or was not written by the demo.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(folder.join(TRUTH))?;
        let events = text.lines().map(|line| serde_json::from_str(line).map_err(io::Error::from));
        Ok(Self::of(events.collect::<io::Result<_>>()?))
    }

    /// These events.
    #[must_use]
    pub fn of(events: Vec<Planted>) -> Self {
        let place = |(at, event): (usize, &Planted)| ((event.source_path.clone(), event.ordinal), at);
        let places = events.iter().enumerate().map(place).collect();
        Self { events, places }
    }

    /// What was planted at this place; none when it is ordinary. The path may be that of the truth or the one under
    /// which the log was kept.
    #[must_use]
    pub fn event(&self, source_path: &str, ordinal: u64) -> Option<&Planted> {
        let at = self.places.get(&(log_of(source_path).to_owned(), ordinal))?;
        self.events.get(*at)
    }

    /// The letter of the story to which the event at this place belongs; none when it is ordinary.
    #[must_use]
    pub fn story(&self, source_path: &str, ordinal: u64) -> Option<&str> {
        self.event(source_path, ordinal).map(|event| event.story.as_str())
    }

    /// How some events, each by its log and its number in it, fit what was planted. Of two stories with as many the
    /// earlier letter counts, and a story before what is ordinary.
    #[must_use]
    pub fn fit<'e>(&self, events: impl IntoIterator<Item = (&'e str, u64)>) -> Fit {
        let mut counts: BTreeMap<Option<&str>, u64> = BTreeMap::new();
        for (source_path, ordinal) in events {
            *counts.entry(self.story(source_path, ordinal)).or_default() += 1;
        }
        let pairs = counts.iter().map(|(story, own)| (*story, *own));
        let most = pairs.max_by_key(|(story, own)| (*own, story.is_some(), Reverse(*story)));
        Fit {
            story: most.and_then(|(story, _)| story.map(str::to_owned)),
            own: most.map_or(0, |(_, own)| own),
            events: counts.values().sum(),
        }
    }

    /// Verdicts against what was planted: a verdict is right when its event was.
    #[must_use]
    pub fn compare(&self, verdicts: &[Seen], words: Words) -> Truth {
        let at = |seen: &Seen| self.places.get(&(log_of(&seen.source_path).to_owned(), seen.ordinal));
        let hit: HashSet<usize> = verdicts.iter().filter_map(at).copied().collect();
        let wrong: Vec<&Seen> = verdicts.iter().filter(|seen| at(seen).is_none()).collect();
        let expected = || self.events.iter().enumerate().filter(|(_, event)| event.rule_expected);
        let missed: Vec<MissLine> =
            expected().filter(|(at, _)| !hit.contains(at)).map(|(_, event)| event.miss(words)).collect();
        let planted_expected = expected().count() as u64;
        let found = planted_expected - missed.len() as u64;
        let (all, false_verdicts) = (verdicts.len() as u64, wrong.len() as u64);
        Truth {
            planted: self.events.len() as u64,
            planted_expected,
            found,
            false_verdicts,
            false_severe: wrong.iter().filter(|seen| seen.level >= Level::High).count() as u64,
            verdicts: all,
            precision: share(all - false_verdicts, all),
            recall: share(found, planted_expected),
            missed,
            stories: self.by_story(&hit),
            unknown: self.unknown(&hit, words),
        }
    }

    fn by_story(&self, hit: &HashSet<usize>) -> Vec<StoryLine> {
        let mut lines: BTreeMap<&str, StoryLine> = BTreeMap::new();
        for (at, event) in self.events.iter().enumerate() {
            let line = lines.entry(&event.story).or_insert_with(|| StoryLine {
                story: event.story.clone(),
                planted: 0,
                expected: 0,
                found: 0,
                seen: 0,
            });
            line.planted += 1;
            line.expected += u64::from(event.rule_expected);
            line.found += u64::from(event.rule_expected && hit.contains(&at));
            line.seen += u64::from(!event.rule_expected && hit.contains(&at));
        }
        lines.into_values().collect()
    }

    /// What no rule can know by itself, step by step, and how much of it a rule saw all the same.
    fn unknown(&self, hit: &HashSet<usize>, words: Words) -> Vec<UnknownLine> {
        let mut lines: BTreeMap<(&str, &str, &str), UnknownLine> = BTreeMap::new();
        for (at, event) in self.events.iter().enumerate().filter(|(_, event)| !event.rule_expected) {
            let step = event.step.words(words);
            let line = lines.entry((&event.story, &event.technique, step)).or_insert_with(|| UnknownLine {
                story: event.story.clone(),
                technique: event.technique.clone(),
                step: step.to_owned(),
                planted: 0,
                seen: 0,
            });
            line.planted += 1;
            line.seen += u64::from(hit.contains(&at));
        }
        lines.into_values().collect()
    }
}

impl Planted {
    fn miss(&self, words: Words) -> MissLine {
        MissLine {
            time: Some(self.time),
            host: self.host.clone(),
            technique: self.technique.clone(),
            step: self.step.words(words).to_owned(),
        }
    }
}

impl Step {
    fn words(&self, words: Words) -> &str {
        if words.language == Language::Ja { &self.ja } else { &self.en }
    }
}

/// The log that a path leads to: an organisation's folder and a file in it.
fn log_of(path: &str) -> &str {
    let start = path.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
    &path[start..]
}

#[expect(clippy::cast_precision_loss, reason = "counts of a demo are far below 2^53")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planted(source_path: &str, ordinal: u64, story: &str, rule_expected: bool) -> Planted {
        Planted {
            source_path: source_path.to_owned(),
            ordinal,
            host: "HINATA-FS01.hinata.example".to_owned(),
            time: jiff::Timestamp::UNIX_EPOCH,
            story: story.to_owned(),
            technique: "T1486".to_owned(),
            step: Step { ja: "暗号化".to_owned(), en: "encrypting".to_owned() },
            rule_expected,
            organisation: "hinata".to_owned(),
        }
    }

    fn plants() -> Plants {
        Plants::of(vec![
            planted("hinata/windows-2026-06.ndjson", 3, "A", true),
            planted("hinata/windows-2026-06.ndjson", 4, "A", false),
            planted("hinata/windows-2026-06.ndjson", 5, "A", false),
            planted("keizai/audit-2026-06.log", 3, "C", true),
        ])
    }

    #[test]
    fn events_are_found_wherever_the_demo_stood() {
        let plants = plants();
        let at = |path: &str, ordinal| plants.story(path, ordinal).map(str::to_owned);
        for path in ["hinata/windows-2026-06.ndjson", "/tmp/demo/logs/hinata/windows-2026-06.ndjson"] {
            assert_eq!((at(path, 3), at(path, 4), at(path, 2)), (Some("A".into()), Some("A".into()), None));
        }
        assert_eq!(at("demo/logs/keizai/audit-2026-06.log", 3).as_deref(), Some("C"));
        assert_eq!(at("demo/logs/keizai/windows-2026-06.ndjson", 3), None);
        assert_eq!(at("windows-2026-06.ndjson", 3), None);
    }

    #[test]
    fn what_was_put_together_is_of_the_story_of_most_of_it() {
        let (plants, hinata) = (plants(), "x/hinata/windows-2026-06.ndjson");
        let keizai = "x/keizai/audit-2026-06.log";
        let fit = |events: &[(&str, u64)]| {
            let Fit { story, own, events } = plants.fit(events.iter().copied());
            (story.unwrap_or_default(), own, events)
        };
        assert_eq!(fit(&[(hinata, 3), (hinata, 4), (keizai, 3)]), ("A".into(), 2, 3));
        assert_eq!(fit(&[(keizai, 3), (hinata, 4)]), ("A".into(), 1, 2));
        assert_eq!(fit(&[(keizai, 3), (hinata, 9)]), ("C".into(), 1, 2));
        assert_eq!(fit(&[(hinata, 8), (hinata, 9), (keizai, 3)]), (String::new(), 2, 3));
        assert_eq!(fit(&[]), (String::new(), 0, 0));
    }

    #[test]
    fn verdicts_are_compared_event_by_event() {
        let seen =
            |source_path: &str, ordinal, level| Seen { source_path: source_path.to_owned(), ordinal, level };
        let hinata = "d/logs/hinata/windows-2026-06.ndjson";
        let verdicts = [
            seen(hinata, 3, Level::Critical),
            seen(hinata, 3, Level::Medium),
            seen(hinata, 4, Level::High),
            seen(hinata, 90, Level::High),
            seen(hinata, 91, Level::Low),
        ];
        let truth = plants().compare(&verdicts, Words::new(Language::En));
        assert_eq!((truth.planted, truth.planted_expected, truth.found), (4, 2, 1));
        assert_eq!((truth.verdicts, truth.false_verdicts, truth.false_severe), (5, 2, 1));
        assert!((truth.precision - 0.6).abs() < 1e-9 && (truth.recall - 0.5).abs() < 1e-9);
        assert_eq!(truth.missed.len(), 1);
        let stories: Vec<(&str, [u64; 4])> = truth
            .stories
            .iter()
            .map(|line| (line.story.as_str(), [line.planted, line.expected, line.found, line.seen]))
            .collect();
        assert_eq!(stories, [("A", [3, 1, 1, 1]), ("C", [1, 1, 0, 0])]);
        let [unknown] = truth.unknown.as_slice() else { panic!("one step: {:?}", truth.unknown) };
        assert_eq!((unknown.planted, unknown.seen, unknown.step.as_str()), (2, 1, "encrypting"));
    }
}
