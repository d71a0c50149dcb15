//! `noroshi rules enable|disable|exclude|include`: what runs here, as acts.

use std::path::Path;

use jiff::tz::Disambiguation;
use journal::Done;
use page::Words;
use serde_json::json;
use watch::rulesets::{self, Command, Exclusion, Refusal, Rulesets};

use super::rescan;
use crate::acts::{self, hand, unkept};
use crate::arguments::{At, RulesDisable, RulesEnable, RulesExclude, RulesInclude};
use crate::books::look;
use crate::holder::Opening;
use crate::sets::{Meaning, Sets, one};
use crate::{Failure, Outcome, output, range};

/// Lets a version of a set run.
///
/// # Errors
/// Wrong use, or a journal that cannot be used.
pub fn enable(arguments: &RulesEnable, words: Words) -> Result<Outcome, Failure> {
    let RulesEnable { set, number, reason, at } = arguments;
    let command = Command::Enable { version: *number, reason: reason.clone() };
    Deciding { set, at, words }.decide(command)
}

/// Lets no version of a set run.
///
/// # Errors
/// Wrong use, or a journal that cannot be used.
pub fn disable(arguments: &RulesDisable, words: Words) -> Result<Outcome, Failure> {
    let RulesDisable { set, reason, at } = arguments;
    let command = Command::Disable { reason: reason.clone() };
    Deciding { set, at, words }.decide(command)
}

/// Turns a rule off.
///
/// # Errors
/// Wrong use, or a journal that cannot be used.
pub fn exclude(arguments: &RulesExclude, words: Words) -> Result<Outcome, Failure> {
    let RulesExclude { rule, set, reason, until, zone, at } = arguments;
    let zone = range::zone(zone, words)?;
    let until = until.as_deref().map(|text| {
        range::instant(text, &zone, Disambiguation::Later)
            .ok_or_else(|| Failure::usage(words, "cli-error-time", &[("time", text.into())]))
    });
    let until = until.transpose()?;
    let (set, Meaning { key: rule, title }) = meant(rule, set.as_deref(), at.home.as_deref(), words)?;
    let command = Command::Exclude { rule, title, reason: reason.clone(), until };
    Deciding { set: &set, at, words }.decide(command)
}

/// Turns a rule on again.
///
/// # Errors
/// Wrong use, or a journal that cannot be used.
pub fn include(arguments: &RulesInclude, words: Words) -> Result<Outcome, Failure> {
    let RulesInclude { rule, set, reason, at } = arguments;
    let (set, Meaning { key: rule, .. }) = excluded(rule, set.as_deref(), at.home.as_deref(), words)?;
    let command = Command::Include { rule, reason: reason.clone() };
    Deciding { set: &set, at, words }.decide(command)
}

/// A decision about a set.
struct Deciding<'a> {
    set: &'a str,
    at: &'a At,
    words: Words,
}

impl Deciding<'_> {
    fn decide(&self, command: Command) -> Result<Outcome, Failure> {
        let Self { set, at, words } = *self;
        let is_on = matches!(command, Command::Enable { .. } | Command::Include { .. });
        let hand = hand(at.home.as_deref(), Opening::short("rules"), words)?;
        let Done { position, sequence } =
            hand.act::<Rulesets>(set, &command, |refusal| refused(refusal, set, words))?;
        // What is off finds nothing more; what is on may.
        let days = if is_on { rescan::offer(&hand, words)? } else { 0 };
        if at.json {
            let act = format!("act:{}/{set}/{sequence}", <Rulesets as journal::Kind>::NAME);
            let said = json!({ "set": set, "act": act, "commit": position, "rescan_days": days });
            return output::print_json(&said, words);
        }
        let text = words.with("cli-rules-decided", &[("set", set.into()), ("sequence", sequence.into())]);
        output::print(&(text + "\n" + &rescan::said(days, words)), words)
    }
}

/// The one rule that somebody means, and its set.
fn meant(
    rule: &str,
    set: Option<&str>,
    home: Option<&Path>,
    words: Words,
) -> Result<(String, Meaning), Failure> {
    Sets::at(acts::home(home, words)?, words).find(rule, set)
}

/// The rule that is off, as somebody means it: it may have gone from its set.
fn excluded(
    rule: &str,
    set: Option<&str>,
    home: Option<&Path>,
    words: Words,
) -> Result<(String, Meaning), Failure> {
    let reader = acts::read(home, words)?;
    let all = look(|who| rulesets::exclusions(&reader, who, set)).map_err(|error| unkept(&error, words))?;
    let is = |off: &Exclusion| off.rule.eq_ignore_ascii_case(rule) || off.title == rule;
    let off = all.into_iter().filter(is).map(|off| (off.set, Meaning { key: off.rule, title: off.title }));
    match off.collect::<Vec<_>>() {
        off if off.is_empty() => meant(rule, set, home, words),
        off => one(off, rule, words),
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
