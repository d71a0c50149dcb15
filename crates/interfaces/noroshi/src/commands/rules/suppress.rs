//! `noroshi rules suppress|unsuppress`: what rules find here and nobody needs to see, for a while.

use std::collections::HashSet;
use std::fs;

use detect::{Filter, Meta, Placeholders, Rule, RuleDigest, RuleSet, removing};
use jiff::tz::{Disambiguation, TimeZone};
use journal::Done;
use model::evidence::Reference;
use model::time::Instant;
use page::Words;
use page::foreign::visible;
use serde_json::json;
use watch::suppressions::{Command, Refusal, Suppressed, Suppressions};

use super::rescan;
use crate::acts::{self, hand};
use crate::arguments::{RulesSuppress, RulesUnsuppress};
use crate::commands::backtest;
use crate::holder::Opening;
use crate::sets::{Meaning, Sets, filter, key, no_filter, one};
use crate::{Failure, Outcome, output, range, signals};

/// Shows no more what a filter removes.
///
/// # Errors
/// Wrong use, or a journal that cannot be used.
pub fn suppress(arguments: &RulesSuppress, words: Words) -> Result<Outcome, Failure> {
    let zone = range::zone(&arguments.zone, words)?;
    let until = arguments.until.as_deref().map(|text| until(text, &zone, words)).transpose()?;
    let sets = Sets::at(acts::home(arguments.at.home.as_deref(), words)?, words);
    let stop = signals::stop().unwrap_or_default();
    let Some(running) = sets.running(&Placeholders::new(), &stop)? else { return Ok(Outcome::Stopped) };
    let (stem, text) = meant(arguments, &running, words)?;
    let read = filter(&stem, &text).map_err(|refusal| no_filter(&refusal, words))?;
    // What is said of a rule twice is the same, and another thing said of it is another one.
    let digest = || read.meta.digest.id().to_string();
    let own = if arguments.filter.is_some() { stem } else { format!("{stem}-{}", &digest()[..4]) };
    let name = arguments.name.clone().unwrap_or(own);
    let affected: HashSet<RuleDigest> =
        running.rules.iter().filter(|rule| read.is_for(rule)).map(|rule| rule.meta.digest).collect();
    if affected.is_empty() {
        return Err(Failure::usage(words, "cli-error-suppress-nothing", &[("name", name.into())]));
    }
    let (Some(reason), Some(until), false) = (&arguments.reason, until, arguments.dry_run) else {
        return dry_run(arguments, (running, &affected), (&read, &zone), words);
    };
    let suppressed = Suppressed {
        filter: text,
        title: read.meta.title.clone(),
        rules: read.rules().to_vec(),
        reason: reason.clone(),
        until,
    };
    let hand = hand(arguments.at.home.as_deref(), Opening::short("rules"), words)?;
    let command = Command::Suppress(suppressed);
    let Done { position, sequence } =
        hand.act::<Suppressions>(&name, &command, |refusal| refused(refusal, &name, words))?;
    if arguments.at.json {
        let act = act(&name, sequence);
        let said = json!({ "name": name, "is_new": position.is_some(), "rules": affected.len(), "act": act });
        return output::print_json(&said, words);
    }
    let key = if position.is_some() { "cli-suppress-done" } else { "cli-suppress-before" };
    let values = [("name", name.as_str().into()), ("rules", affected.len().into())];
    let warnings = read.warnings.iter().map(|warning| format!("{}\n", visible(&warning.to_string())));
    output::print(&(words.with(key, &values) + "\n" + &warnings.collect::<String>()), words)
}

/// Shows it again.
///
/// # Errors
/// Wrong use, or a journal that cannot be used.
pub fn unsuppress(arguments: &RulesUnsuppress, words: Words) -> Result<Outcome, Failure> {
    let RulesUnsuppress { name, reason, at } = arguments;
    let hand = hand(at.home.as_deref(), Opening::short("rules"), words)?;
    let command = Command::End { reason: reason.clone() };
    let Done { sequence, .. } =
        hand.act::<Suppressions>(name, &command, |refusal| refused(refusal, name, words))?;
    let days = rescan::offer(&hand, words)?;
    if at.json {
        let said = json!({ "name": name, "act": act(name, sequence), "rescan_days": days });
        return output::print_json(&said, words);
    }
    let text = words.with("cli-suppress-ended", &[("name", name.as_str().into())]);
    output::print(&(text + "\n" + &rescan::said(days, words)), words)
}

/// What is kept, scanned with the rules that it is about as they run now, and with it.
fn dry_run(
    arguments: &RulesSuppress,
    (mut before, affected): (RuleSet, &HashSet<RuleDigest>),
    (filter, zone): (&Filter, &TimeZone),
    words: Words,
) -> Result<Outcome, Failure> {
    before.retain(|meta| affected.contains(&meta.digest));
    let mut after = before.clone();
    after.suppress(filter);
    backtest::beside((&after, &before), (&arguments.at, zone), words)
}

/// The filter that somebody means, and how its name begins unless they say another.
fn meant(arguments: &RulesSuppress, running: &RuleSet, words: Words) -> Result<(String, String), Failure> {
    if let Some(path) = &arguments.filter {
        let text = fs::read_to_string(path).map_err(|error| {
            let values = [("path", path.display().to_string().into()), ("reason", error.to_string().into())];
            Failure::usage(words, "cli-error-rules", &values)
        })?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
        let sign = |sign: char| if sign.is_ascii_alphanumeric() { sign } else { '-' };
        return Ok((stem.chars().map(sign).collect(), text));
    }
    let rule = arguments.rule.as_deref().unwrap_or_default();
    let fields = arguments.field.iter().map(|text| {
        let parts = text.split_once('=').filter(|(field, _)| !field.trim().is_empty());
        let parts = parts.map(|(field, value)| (field.trim().to_owned(), value.to_owned()));
        parts.ok_or_else(|| {
            Failure::usage(words, "cli-error-suppress-field", &[("text", text.as_str().into())])
        })
    });
    let fields: Vec<(String, String)> = fields.collect::<Result<_, _>>()?;
    let found = named(running, rule, words)?;
    let title: Vec<&str> = arguments.field.iter().map(String::as_str).collect();
    let title = format!("{} ({})", found.meta.title, title.join(", "));
    let text = removing(found, &title, &fields);
    let text =
        text.ok_or_else(|| Failure::usage(words, "cli-error-suppress-no-id", &[("rule", rule.into())]))?;
    let id = key(&found.meta).to_lowercase();
    Ok((id.chars().filter(char::is_ascii_alphanumeric).take(8).collect(), text))
}

/// The one plain rule that runs here and is meant.
fn named<'r>(running: &'r RuleSet, rule: &str, words: Words) -> Result<&'r Rule, Failure> {
    let metas: Vec<&Meta> = running.rules.iter().map(|rule| &*rule.meta).collect();
    let set = |meta: &Meta| meta.set.as_deref().unwrap_or_default().to_owned();
    let found = Meaning::of(&metas, rule).into_iter().map(|meaning| {
        let set = metas.iter().find(|meta| key(meta) == meaning.key).map(|meta| set(meta));
        (set.unwrap_or_default(), meaning)
    });
    let (_, meaning) = one(found.collect(), rule, words)?;
    let found = running.rules.iter().find(|rule| key(&rule.meta) == meaning.key);
    found.ok_or_else(|| Failure::usage(words, "cli-error-no-rule", &[("rule", rule.into())]))
}

fn until(text: &str, zone: &TimeZone, words: Words) -> Result<Instant, Failure> {
    let time = range::instant(text, zone, Disambiguation::Later);
    time.ok_or_else(|| Failure::usage(words, "cli-error-time", &[("time", text.into())]))
}

/// An act as evidence names it.
fn act(name: &str, sequence: u64) -> String {
    Reference::act(&format!("{}/{name}", <Suppressions as journal::Kind>::NAME), sequence).to_string()
}

fn refused(refusal: &Refusal, name: &str, words: Words) -> Failure {
    let key = match refusal {
        Refusal::BadName => "cli-error-suppress-name",
        Refusal::BadFilter => "cli-error-suppress-size",
        Refusal::NoReason => "cli-error-reason",
        Refusal::Over => "cli-error-suppress-over",
        Refusal::NotSuppressed => "cli-error-suppress-none",
    };
    Failure::usage(words, key, &[("name", name.into())])
}
