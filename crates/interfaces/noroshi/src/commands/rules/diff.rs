//! `noroshi rules diff`: what changes between two versions of a set, before one of them is taken.

use std::collections::HashSet;
use std::fmt::Write as _;

use detect::{Change, Changed, Difference, Entry, Placeholders, difference};
use page::Words;
use page::foreign::visible;
use serde_json::{Value, json};
use watch::rulesets::Ruleset;

use crate::acts::existing;
use crate::arguments::RulesDiff;
use crate::books::now;
use crate::rulecache::RuleFile;
use crate::ruleset::full_name;
use crate::sets::{Sets, gather};
use crate::{Failure, Outcome, output, signals};

/// Signs of a value that are shown.
const SHOWN: usize = 100;

/// Runs the command.
///
/// # Errors
/// When there is no such set or version, or a path cannot be read.
pub fn run(arguments: &RulesDiff, words: Words) -> Result<Outcome, Failure> {
    let sets = Sets::at(Some(existing(arguments.at.home.as_deref(), words)?), words);
    let set = arguments.set.as_str();
    let state = sets.state(set)?;
    let missing =
        || Failure::usage(words, "cli-error-rules-set", &[("set", set.into()), ("version", 0u64.into())]);
    let state = state.filter(|state| state.newest() > 0).ok_or_else(missing)?;
    let chosen = |asked: Option<u32>, else_: u32| {
        let version = asked.unwrap_or(else_);
        let wrong = [("set", set.into()), ("version", u64::from(version).into())];
        let known = state.versions.contains_key(&version).then_some(version);
        known.ok_or_else(|| Failure::usage(words, "cli-error-rules-version", &wrong))
    };
    let (from, new, name) = if arguments.paths.is_empty() {
        let to = chosen(arguments.to, state.newest())?;
        let from =
            chosen(arguments.from, state.enabled(set).filter(|on| *on != to).unwrap_or(to.max(2) - 1))?;
        (from, sets.files(set, &state, to)?, full_name(set, to))
    } else {
        let from = chosen(arguments.from, state.enabled(set).unwrap_or_else(|| state.newest()))?;
        let Some(packed) = gather(&arguments.paths, &signals::stop().unwrap_or_default(), words)? else {
            return Ok(Outcome::Stopped);
        };
        let paths: Vec<String> = arguments.paths.iter().map(|path| path.display().to_string()).collect();
        (from, packed.files, paths.join(", "))
    };
    let old = if from == 0 { Vec::new() } else { sets.files(set, &state, from)? };
    let told = Told::new(&state, (&old, &new), (full_name(set, from), name));
    if arguments.at.json {
        return output::print_json(&told.json(), words);
    }
    output::print(&told.whole(words), words)
}

/// What changes, and what it means for the rules that are off.
pub struct Told {
    names: (String, String),
    difference: Difference,
    /// Rules that are off and whose meaning changes, and that are not there any more.
    excluded_changed: Vec<String>,
    excluded_gone: Vec<String>,
}

impl Told {
    /// What changes from old files to new ones.
    #[must_use]
    pub fn new(state: &Ruleset, (old, new): (&[RuleFile], &[RuleFile]), names: (String, String)) -> Self {
        let difference = difference(old, new, &Placeholders::new());
        let now = now();
        let key =
            |entry: &Entry| entry.rule_id.as_deref().map_or_else(|| entry.path.clone(), str::to_lowercase);
        let is_off = |entry: &Entry| state.excludes(&key(entry), now);
        let title = |entry: &Entry| entry.title.clone().unwrap_or_else(|| key(entry));
        let changed = difference.changed.iter().filter(|changed| changed.finds_otherwise);
        let excluded_changed =
            changed.map(|changed| &changed.before).filter(|entry| is_off(entry)).map(title);
        let excluded_changed = excluded_changed.collect();
        let excluded_gone = difference.removed.iter().filter(|entry| is_off(entry)).map(title).collect();
        Self { names, difference, excluded_changed, excluded_gone }
    }

    /// Whether there was nothing before.
    #[must_use]
    pub fn is_first(&self) -> bool {
        let Difference { removed, changed, unchanged, .. } = &self.difference;
        removed.is_empty() && changed.is_empty() && *unchanged == 0
    }

    /// Everything, for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "from": self.names.0, "to": self.names.1, "difference": self.difference,
            "excluded_changed": self.excluded_changed, "excluded_removed": self.excluded_gone,
        })
    }

    /// Everything, for people.
    fn whole(&self, words: Words) -> String {
        let mut text = String::new();
        let Difference { added, removed, changed, newly_refused, .. } = &self.difference;
        for (sign, entries) in [("+", added), ("-", removed)] {
            entries.iter().for_each(|entry| text += &line(sign, entry, ""));
        }
        for one in changed {
            let note = if one.finds_otherwise { words.get("cli-rules-diff-finds") } else { String::new() };
            text += &line("~", &one.after, &note);
            one.changes.iter().for_each(|change| text += &told(change, words));
        }
        for refusal in newly_refused {
            let _ = writeln!(text, "! {}", visible(&refusal.to_string()));
        }
        text + &self.summary(words)
    }

    /// How much changes.
    #[must_use]
    pub fn summary(&self, words: Words) -> String {
        let Difference { added, removed, changed, unchanged, newly_refused, .. } = &self.difference;
        let finds = changed.iter().filter(|changed: &&Changed| changed.finds_otherwise).count();
        let values = [
            ("from", self.names.0.as_str().into()),
            ("to", self.names.1.as_str().into()),
            ("added", added.len().into()),
            ("removed", removed.len().into()),
            ("changed", changed.len().into()),
            ("finds", finds.into()),
            ("unchanged", (*unchanged).into()),
        ];
        let mut text = words.with("cli-rules-diff-summary", &values) + "\n";
        let refused: HashSet<_> = newly_refused.iter().map(|refusal| &refusal.path).collect();
        for (key, number, which) in [
            ("cli-rules-diff-refused", refused.len(), String::new()),
            (
                "cli-rules-diff-excluded-changed",
                self.excluded_changed.len(),
                self.excluded_changed.join(", "),
            ),
            ("cli-rules-diff-excluded-gone", self.excluded_gone.len(), self.excluded_gone.join(", ")),
        ] {
            if number > 0 {
                let values = [("rules", number.into()), ("titles", which.into())];
                let _ = writeln!(text, "{}", visible(&words.with(key, &values)));
            }
        }
        text
    }
}

fn line(sign: &str, entry: &Entry, note: &str) -> String {
    let level = entry.level.map(|level| level.to_string()).unwrap_or_default();
    let title = entry.title.as_deref().unwrap_or("-");
    let note = if note.is_empty() { String::new() } else { format!("  [{note}]") };
    format!("{sign} {level:<13} {}  ({}){note}\n", visible(title), visible(&entry.path))
}

fn told(change: &Change, words: Words) -> String {
    let short = |text: &str| {
        let line = visible(text).to_string();
        if line.chars().count() > SHOWN { line.chars().take(SHOWN).collect::<String>() + "…" } else { line }
    };
    let value =
        |value: &Option<String>| value.as_deref().map_or_else(|| words.get("cli-rules-diff-nothing"), short);
    let text = match change {
        Change::Moved { before, after } => format!("path: {} → {}", short(before), short(after)),
        Change::Value { at, before, after } => format!("{}: {} → {}", short(at), value(before), value(after)),
        Change::Members { at, added, removed } => {
            let removed = removed.iter().map(|one| format!(" −{}", short(one)));
            let added = added.iter().map(|one| format!(" +{}", short(one)));
            format!("{}:{}", short(at), removed.chain(added).collect::<String>())
        }
        Change::Reordered { at } => format!("{}: {}", short(at), words.get("cli-rules-diff-reordered")),
        Change::Bytes => words.get("cli-rules-diff-bytes"),
    };
    format!("      {text}\n")
}
