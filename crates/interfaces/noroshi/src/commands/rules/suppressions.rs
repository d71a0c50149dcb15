//! `noroshi rules suppressions`: what is not shown here, why and until when.

use std::fmt::Write as _;

use model::time::Instant;
use page::Words;
use page::foreign::visible;
use page::wording::Clock;
use serde_json::{Value, json};
use watch::suppressions::{self, Listed};

use crate::acts::{self, unkept};
use crate::arguments::RulesSuppressions;
use crate::books::{look, now};
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range};

/// Runs the command.
///
/// # Errors
/// When there is no home or no such suppression, or its journal cannot be read.
pub fn run(arguments: &RulesSuppressions, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let read = look(|who| Ok((suppressions::list(&reader, who)?, acts::names(&reader, who)?)));
    let (mut all, names) = read.map_err(|error: journal::JournalError| unkept(&error, words))?;
    let now = now();
    match &arguments.name {
        Some(name) => all.retain(|one| one.name == *name),
        None => all.retain(|one| arguments.all || one.holds(now)),
    }
    if arguments.at.json {
        return output::print_json(&all.iter().map(|one| object(one, now)).collect::<Vec<_>>(), words);
    }
    let who = |one: &Listed| visible(names.get(&one.actor).unwrap_or(&one.actor)).into_owned();
    let text = match (&arguments.name, all.first()) {
        (Some(_), Some(one)) => whole(one, &who(one), &clock, words),
        (Some(name), None) => {
            return Err(Failure::usage(words, "cli-error-suppress-none", &[("name", name.as_str().into())]));
        }
        (None, None) => words.get("cli-suppressions-none") + "\n",
        (None, Some(_)) => table(&all, &who, &clock, words),
    };
    output::print(&text, words)
}

fn table(all: &[Listed], who: &dyn Fn(&Listed) -> String, clock: &Clock, words: Words) -> String {
    let heads = ["name", "until", "who", "title", "reason"].map(|name| lake::Heading {
        name: words.get(&format!("cli-suppressions-head-{name}")),
        is_number: false,
    });
    let mut table = Table::new(heads.into(), Width::of_terminal());
    let row = |one: &Listed| -> Vec<Value> {
        let texts = [
            one.name.clone(),
            until(one, clock, words),
            who(one),
            visible(&one.title).into_owned(),
            visible(&one.reason).into_owned(),
        ];
        texts.into_iter().map(Value::String).collect()
    };
    table.add(all.iter().map(row).collect());
    table.finish()
}

/// Until when it holds, or that it is over.
fn until(one: &Listed, clock: &Clock, words: Words) -> String {
    if one.holds(now()) { clock.minute(one.until.timestamp()) } else { words.get("cli-suppressions-over") }
}

fn whole(one: &Listed, who: &str, clock: &Clock, words: Words) -> String {
    let mut text = format!("{}\n", visible(&one.title));
    let values = [
        ("until", until(one, clock, words)),
        ("who", format!("{who} ({})", clock.minute(one.at.timestamp()))),
        ("reason", visible(&one.reason).into_owned()),
    ];
    for (key, value) in values {
        let _ = writeln!(text, "  {}: {value}", words.get(&format!("cli-suppressions-head-{key}")));
    }
    text.push('\n');
    one.filter.lines().for_each(|line| text += &format!("  {}\n", visible(line)));
    text
}

fn object(one: &Listed, now: Instant) -> Value {
    json!({
        "name": one.name, "title": one.title, "rules": one.rules, "filter": one.filter, "reason": one.reason,
        "until": one.until, "holds": one.holds(now), "actor": one.actor, "at": one.at,
    })
}
