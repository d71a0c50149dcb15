//! `noroshi hunts`: questions that are asked again, and each time they were.

mod digest;
mod run;
mod save;
mod show;

use page::Words;
use page::foreign::visible;
use page::wording::{Clock, count};
use serde_json::{Value, json};
use watch::hunts::{self, Command, Hunts as Kind, Listed, Refusal};

use crate::acts::{self, existing_hand, unkept};
use crate::arguments::{Hunts, HuntsOne, HuntsRetire};
use crate::books::look;
use crate::holder::Opening;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range};

/// Runs the command.
///
/// # Errors
/// When there is no home or no such hunt, or the books cannot be used.
pub fn run(arguments: &Hunts, words: Words) -> Result<Outcome, Failure> {
    match &arguments.one {
        None => list(arguments, words),
        Some(HuntsOne::Save(arguments)) => save::run(arguments, words),
        Some(HuntsOne::Run(arguments)) => run::run(arguments, words),
        Some(HuntsOne::Show(arguments)) => show::run(arguments, words),
        Some(HuntsOne::Retire(arguments)) => retire(arguments, words),
    }
}

fn list(arguments: &Hunts, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let mut all = look(|who| hunts::list(&reader, who)).map_err(|error| unkept(&error, words))?;
    all.retain(|hunt| arguments.all || hunt.retired.is_none());
    if arguments.at.json {
        return output::print_json(&all.iter().map(object).collect::<Vec<_>>(), words);
    }
    if all.is_empty() {
        return output::print(&(words.get("cli-hunts-none") + "\n"), words);
    }
    let heading = |(name, is_number): (&str, bool)| lake::Heading {
        name: words.get(&format!("cli-hunts-head-{name}")),
        is_number,
    };
    let names = [
        ("name", false),
        ("version", true),
        ("runs", true),
        ("last", false),
        ("found", true),
        ("text", false),
    ];
    let mut table = Table::new(names.map(heading).into(), Width::of_terminal());
    let row = |hunt: &Listed| -> Vec<Value> {
        let last = hunt.last_run.map(|last| clock.minute(last.timestamp())).unwrap_or_default();
        let text = visible(&hunt.text).into_owned();
        let text = if hunt.retired.is_some() {
            words.with("cli-hunts-retired", &[("text", text.into())])
        } else {
            text
        };
        [
            visible(&hunt.name).into_owned(),
            hunt.version.to_string(),
            count(hunt.runs),
            last,
            hunt.last_rows.map(count).unwrap_or_default(),
            text,
        ]
        .map(Value::String)
        .into()
    };
    table.add(all.iter().map(row).collect());
    output::print(&table.finish(), words)
}

fn object(hunt: &Listed) -> Value {
    json!({
        "name": hunt.name, "version": hunt.version, "text": hunt.text, "techniques": hunt.techniques,
        "clauses": hunt.clauses, "runs": hunt.runs, "last_run": hunt.last_run, "last_rows": hunt.last_rows,
        "retired": hunt.retired,
    })
}

fn retire(arguments: &HuntsRetire, words: Words) -> Result<Outcome, Failure> {
    let HuntsRetire { name, reason, at } = arguments;
    let hand = existing_hand(at.home.as_deref(), Opening::short("hunts"), words)?;
    let command = Command::Retire { reason: reason.clone() };
    let done = hand.act::<Kind>(&id(name, words)?, &command, |refusal| refused(refusal, name, words))?;
    if at.json {
        let act = format!("act:watch/hunt/{name}/{}", done.sequence);
        return output::print_json(&json!({ "name": name, "act": act }), words);
    }
    output::print(&(words.with("cli-hunts-was-retired", &[("name", name.as_str().into())]) + "\n"), words)
}

/// A name that a stream can have.
fn id(name: &str, words: Words) -> Result<String, Failure> {
    let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match !name.is_empty() && name.bytes().all(is_of_name) {
        true => Ok(name.to_owned()),
        false => Err(refused(&Refusal::BadName, name, words)),
    }
}

/// Why nothing was said of a hunt, in words.
fn refused(refusal: &Refusal, name: &str, words: Words) -> Failure {
    let name = visible(name).into_owned();
    let (key, more) = match refusal {
        Refusal::BadName => ("cli-error-hunts-name", String::new()),
        Refusal::BadSql => ("cli-error-hunts-sql", String::new()),
        Refusal::BadText => ("cli-error-hunts-text", String::new()),
        Refusal::BadTag(tag) => ("cli-error-hunts-tag", visible(tag).into_owned()),
        Refusal::NoReason => ("cli-error-reason", String::new()),
        Refusal::NoHunt => ("cli-error-hunts-none", String::new()),
        Refusal::NoVersion(version) => ("cli-error-hunts-version", version.to_string()),
        Refusal::Retired => ("cli-error-hunts-retired", String::new()),
    };
    Failure::usage(words, key, &[("name", name.into()), ("more", more.into())])
}
