//! `noroshi rules list`: the sets of rules that there are, and the rules of one.

use detect::RuleSet;
use model::level::Level;
use page::Words;
use page::foreign::visible;
use serde::Serialize;
use serde_json::json;
use watch::rulesets::{self, BUNDLED, Listed};

use crate::acts::{self, unkept};
use crate::arguments::RulesList;
use crate::books::look;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, ruleset};

#[derive(Serialize)]
struct ListedRule<'a> {
    rule_id: Option<&'a str>,
    level: Level,
    title: &'a str,
    title_ja: Option<&'a str>,
    tags: &'a [String],
    path: &'a str,
}

/// Runs the command.
///
/// # Errors
/// Wrong use, a home that cannot be read, or an output that cannot be written.
pub fn run(arguments: &RulesList, words: Words) -> Result<Outcome, Failure> {
    match arguments.paths.as_slice() {
        [] => sets(arguments, words),
        [name] if name.as_os_str() == BUNDLED => rules(&ruleset::bundled(), arguments.json, words),
        paths => rules(&ruleset::open(paths, &[], words)?, arguments.json, words),
    }
}

/// Lists the sets.
fn sets(arguments: &RulesList, words: Words) -> Result<Outcome, Failure> {
    let reader = acts::read_if_any(arguments.home.as_deref(), words)?;
    let listed = reader.map(|reader| look(|who| rulesets::list(&reader, who))).transpose();
    let mut listed = listed.map_err(|error| unkept(&error, words))?.unwrap_or_default();
    if !listed.iter().any(|set| set.name == BUNDLED) {
        let name = BUNDLED.to_owned();
        let changed = model::time::Instant::from_nanoseconds(0);
        listed.insert(0, Listed { name, enabled: Some(0), newest: 0, rules: 0, exclusions: 0, changed });
    }
    let bundled = u32::try_from(ruleset::bundled().len()).unwrap_or(u32::MAX);
    listed
        .iter_mut()
        .filter(|set| set.name == BUNDLED && set.enabled.is_some())
        .for_each(|set| set.rules = bundled);
    if arguments.json {
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
        let texts = [set.name.clone(), enabled, newest, set.rules.to_string(), set.exclusions.to_string()];
        texts.into_iter().map(serde_json::Value::String).collect()
    };
    let mut table = Table::new(headings, Width::Any);
    table.add(listed.iter().map(row).collect());
    table.finish()
}

/// Lists rules, the most severe first.
fn rules(set: &RuleSet, json: bool, words: Words) -> Result<Outcome, Failure> {
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
        });
        return output::print_json(&listed.collect::<Vec<_>>(), words);
    }
    let mut text = String::new();
    for meta in &rules {
        let title = match (&meta.title_ja, words.language) {
            (Some(title), page::Language::Ja) => title,
            _ => &meta.title,
        };
        text += &format!("{:<13} {}  {}\n", meta.level, visible(title), visible(&meta.tags.join(" ")));
    }
    text += &(words.with("cli-rules-listed", &[("rules", rules.len().into())]) + "\n");
    output::print(&text, words)
}
