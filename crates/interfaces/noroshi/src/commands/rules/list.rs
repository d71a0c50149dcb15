//! `noroshi rules list`: the sets of rules that there are, and the rules of one.

use std::collections::HashSet;

use detect::{Placeholders, RuleSet};
use home::Home;
use journal::Reader;
use model::level::Level;
use page::Words;
use page::foreign::visible;
use page::wording::count;
use serde::Serialize;
use serde_json::json;
use watch::rulesets::{self, BUNDLED, Listed};

use crate::acts::{self, unkept};
use crate::arguments::RulesList;
use crate::books::{look, now};
use crate::output::{self, Table, Width};
use crate::sets::{self, Sets};
use crate::{Failure, Outcome, ruleset, signals};

#[derive(Serialize)]
struct ListedRule<'a> {
    rule_id: Option<&'a str>,
    level: Level,
    title: &'a str,
    title_ja: Option<&'a str>,
    tags: &'a [String],
    path: &'a str,
    is_excluded: bool,
}

/// Runs the command.
///
/// # Errors
/// Wrong use, a home that cannot be read, or an output that cannot be written.
pub fn run(arguments: &RulesList, words: Words) -> Result<Outcome, Failure> {
    let paths = arguments.paths.as_slice();
    let Some(name) = paths.first() else { return all_sets(arguments, words) };
    if let Some(documents) = name.to_str().map(|name| of_set(arguments, name, words)).transpose()?.flatten() {
        return rules(&documents, arguments.at.json, words);
    }
    rules(&ruleset::open(paths, &[], words)?.into(), arguments.at.json, words)
}

/// Rules, and which of them are off.
#[derive(Default)]
struct Rules {
    set: RuleSet,
    off: HashSet<String>,
}

impl From<RuleSet> for Rules {
    fn from(set: RuleSet) -> Self {
        Self { set, off: HashSet::new() }
    }
}

/// The rules of the version of a set that runs, or of its newest; none where there is no such set.
fn of_set(arguments: &RulesList, name: &str, words: Words) -> Result<Option<Rules>, Failure> {
    let sets = Sets::at(home(arguments, words)?, words);
    let Some(state) = sets.state(name)? else { return Ok(None) };
    let version = state.enabled(name).unwrap_or_else(|| state.newest());
    if version == 0 && name != BUNDLED {
        return Ok(None);
    }
    let stop = signals::stop().unwrap_or_default();
    let loaded = sets.documents(name, &state, version, (&Placeholders::new(), &stop))?;
    let now = now();
    let off = state.exclusions.keys().filter(|rule| state.excludes(rule, now)).cloned().collect();
    Ok(Some(Rules { set: RuleSet::new(loaded.unwrap_or_default()), off }))
}

/// The home whose sets are meant: one that is named must be there.
fn home(arguments: &RulesList, words: Words) -> Result<Option<Home>, Failure> {
    match &arguments.at.home {
        Some(named) => acts::existing(Some(named), words).map(Some),
        None => acts::home(None, words),
    }
}

/// Lists the sets.
fn all_sets(arguments: &RulesList, words: Words) -> Result<Outcome, Failure> {
    let reader = home(arguments, words)?;
    let reader = reader.map(|home| Reader::open(&home, acts::kinds()));
    // Without a home there is what comes with the program.
    let listed = reader.map(|reader| look(|who| rulesets::list(&reader, who))).transpose();
    let listed = listed.map_err(|error| unkept(&error, words))?;
    let mut listed = listed.unwrap_or_else(|| vec![Listed::untouched()]);
    let bundled = u32::try_from(ruleset::bundled().len()).unwrap_or(u32::MAX);
    listed
        .iter_mut()
        .filter(|set| set.name == BUNDLED && set.enabled.is_some())
        .for_each(|set| set.rules = bundled);
    if arguments.at.json {
        let all = listed.iter().map(|set| {
            json!({
                "set": set.name, "enabled": set.enabled.map(|version| version_of(set, version)),
                "newest": set.newest, "rules": set.rules, "exclusions": set.exclusions,
            })
        });
        return output::print_json(&all.collect::<Vec<_>>(), words);
    }
    output::print(&shown(&listed, words), words)
}

/// The version that runs, as people name it.
fn version_of(set: &Listed, version: u32) -> String {
    if set.name == BUNDLED { env!("CARGO_PKG_VERSION").to_owned() } else { version.to_string() }
}

fn shown(listed: &[Listed], words: Words) -> String {
    let heading = |key: &str, is_number| lake::Heading { name: words.get(key), is_number };
    let headings = vec![
        heading("cli-rules-head-set", false),
        heading("cli-rules-head-enabled", false),
        heading("cli-rules-head-newest", true),
        heading("cli-rules-head-rules", true),
        heading("cli-rules-head-exclusions", true),
    ];
    let row = |set: &Listed| {
        let enabled =
            set.enabled.map_or_else(|| words.get("cli-rules-off"), |version| version_of(set, version));
        let newest = if set.name == BUNDLED { String::new() } else { set.newest.to_string() };
        let texts = [set.name.clone(), enabled, newest, count(set.rules.into()), count(set.exclusions)];
        texts.into_iter().map(serde_json::Value::String).collect()
    };
    let mut table = Table::new(headings, Width::Any);
    table.add(listed.iter().map(row).collect());
    table.finish()
}

/// Lists rules, the most severe first.
fn rules(Rules { set, off }: &Rules, json: bool, words: Words) -> Result<Outcome, Failure> {
    let mut rules: Vec<_> = set.documents().map(|(meta, _)| meta).collect();
    rules.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.title.cmp(&b.title)));
    if json {
        let listed = rules.iter().map(|meta| ListedRule {
            rule_id: meta.id.as_deref(),
            level: meta.level,
            title: &meta.title,
            title_ja: meta.title_ja.as_deref(),
            tags: &meta.tags,
            path: &meta.path,
            is_excluded: off.contains(&sets::key(meta)),
        });
        return output::print_json(&listed.collect::<Vec<_>>(), words);
    }
    let mut text = String::new();
    for meta in &rules {
        let title = match (&meta.title_ja, words.language) {
            (Some(title), page::Language::Ja) => title,
            _ => &meta.title,
        };
        let note =
            if off.contains(&sets::key(meta)) { words.get("cli-rules-excluded") } else { String::new() };
        let tags = meta.tags.join(" ");
        text += format!("{:<13} {}  {}  {note}", meta.level, visible(title), visible(&tags)).trim_end();
        text.push('\n');
    }
    text += &(words.with("cli-rules-listed", &[("rules", rules.len().into())]) + "\n");
    output::print(&text, words)
}
