//! `noroshi rules enable|disable|exclude|include`: what runs here, as acts.

use std::path::Path;

use detect::RuleSet;
use jiff::tz::Disambiguation;
use journal::Done;
use page::Words;
use serde_json::json;
use watch::rulesets::{BUNDLED, Command, Refusal, Rulesets};

use crate::acts::{Acts, undone};
use crate::arguments::{RulesDisable, RulesEnable, RulesExclude, RulesInclude};
use crate::{Failure, Outcome, output, range, ruleset};

/// Lets a version of a set run.
///
/// # Errors
/// Wrong use, or a journal that cannot be used.
pub fn enable(arguments: &RulesEnable, words: Words) -> Result<Outcome, Failure> {
    let RulesEnable { set, version, reason, json, home } = arguments;
    let command = Command::Enable { version: *version, reason: reason.clone() };
    Deciding { set, json: *json, home: home.as_deref(), words }.decide(command)
}

/// Lets no version of a set run.
///
/// # Errors
/// Wrong use, or a journal that cannot be used.
pub fn disable(arguments: &RulesDisable, words: Words) -> Result<Outcome, Failure> {
    let RulesDisable { set, reason, json, home } = arguments;
    let command = Command::Disable { reason: reason.clone() };
    Deciding { set, json: *json, home: home.as_deref(), words }.decide(command)
}

/// Turns a rule off.
///
/// # Errors
/// Wrong use, or a journal that cannot be used.
pub fn exclude(arguments: &RulesExclude, words: Words) -> Result<Outcome, Failure> {
    let RulesExclude { rule, set, reason, until, zone, json, home } = arguments;
    let zone = range::zone(zone, words)?;
    let until = until.as_deref().map(|text| {
        range::instant(text, &zone, Disambiguation::Later)
            .ok_or_else(|| Failure::usage(words, "cli-error-time", &[("time", text.into())]))
    });
    let until = until.transpose()?;
    let set = set.as_deref().unwrap_or(BUNDLED);
    let (rule, title) = named(&ruleset::bundled(), rule, words)?;
    let command = Command::Exclude { rule, title, reason: reason.clone(), until };
    Deciding { set, json: *json, home: home.as_deref(), words }.decide(command)
}

/// Turns a rule on again.
///
/// # Errors
/// Wrong use, or a journal that cannot be used.
pub fn include(arguments: &RulesInclude, words: Words) -> Result<Outcome, Failure> {
    let RulesInclude { rule, set, reason, json, home } = arguments;
    let set = set.as_deref().unwrap_or(BUNDLED);
    let (rule, _) = named(&ruleset::bundled(), rule, words)?;
    let command = Command::Include { rule, reason: reason.clone() };
    Deciding { set, json: *json, home: home.as_deref(), words }.decide(command)
}

/// A decision about a set.
struct Deciding<'a> {
    set: &'a str,
    json: bool,
    home: Option<&'a Path>,
    words: Words,
}

impl Deciding<'_> {
    fn decide(&self, command: Command) -> Result<Outcome, Failure> {
        let Self { set, json, home, words } = *self;
        let acts = Acts::open(home, words)?;
        let done = acts.journal().act::<Rulesets>(set, command, acts.acting());
        let Done { position, sequence } =
            done.map_err(|error| undone(error, words, |refusal| refused(refusal, set, words)))?;
        if json {
            let act = format!("act:{}/{set}/{sequence}", <Rulesets as journal::Kind>::NAME);
            return output::print_json(&json!({ "set": set, "act": act, "commit": position }), words);
        }
        let text = words.with("cli-rules-decided", &[("set", set.into()), ("sequence", sequence.into())]);
        output::print(&(text + "\n"), words)
    }
}

/// Id and title of the one rule of a set that somebody means: by its id, its title, or the end of its path.
fn named(rules: &RuleSet, text: &str, words: Words) -> Result<(String, String), Failure> {
    let all: Vec<_> = rules.documents().map(|(meta, _)| meta).collect();
    let by_id = |meta: &&&detect::Meta| meta.id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(text));
    let by_title = |meta: &&&detect::Meta| meta.title == text || meta.title_ja.as_deref() == Some(text);
    let by_path = |meta: &&&detect::Meta| Path::new(&meta.path).ends_with(text);
    let found: Vec<_> = [all.iter().filter(by_id).collect::<Vec<_>>(), all.iter().filter(by_title).collect()]
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_else(|| all.iter().filter(by_path).collect());
    match found.as_slice() {
        [meta] => {
            Ok((meta.id.clone().unwrap_or_else(|| meta.path.clone()).to_lowercase(), meta.title.clone()))
        }
        [] => Err(Failure::usage(words, "cli-error-no-rule", &[("rule", text.into())])),
        several => {
            let ids: Vec<&str> = several.iter().filter_map(|meta| meta.id.as_deref()).collect();
            let values = [("rule", text.into()), ("ids", ids.join(", ").into())];
            Err(Failure::usage(words, "cli-error-many-rules", &values))
        }
    }
}

/// Why a set's command was refused, in words.
pub fn refused(refusal: &Refusal, set: &str, words: Words) -> Failure {
    let version = match refusal {
        Refusal::NoVersion(version) => u64::from(*version),
        _ => 0,
    };
    let key = match refusal {
        Refusal::NoReason => "cli-error-reason",
        Refusal::NoVersion(_) => "cli-error-rules-version",
        Refusal::NoVersions => "cli-error-rules-set",
        Refusal::Bundled => "cli-error-rules-bundled",
        Refusal::Already => "cli-error-rules-already",
        Refusal::Over => "cli-error-rules-over",
        Refusal::NotExcluded => "cli-error-rules-not-excluded",
    };
    Failure::usage(words, key, &[("set", set.into()), ("version", version.into())])
}
