//! `noroshi indicators benign`: what no indicator is, and why.

use std::collections::BTreeMap;

use jiff::tz::Disambiguation;
use model::indicator::benign::{Benign as All, List, Value as Kept, Why};
use page::Words;
use page::foreign::visible;
use page::wording::{Clock, count};
use serde_json::{Value, json};
use watch::benign::{self, Benigns, Command, Entry, Refusal};

use super::{bundled, lists, told, why};
use crate::acts::{existing_hand, hand, home, kinds, unkept};
use crate::arguments::{At, Benign, BenignAdd, BenignOne, BenignRemove, BenignSwitch};
use crate::books::look;
use crate::holder::Opening;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range};

/// Runs the command.
///
/// # Errors
/// When there is no such list, or the journal cannot be used.
pub fn run(arguments: &Benign, words: Words) -> Result<Outcome, Failure> {
    match &arguments.one {
        None => list(arguments, words),
        Some(BenignOne::Add(arguments)) => add(arguments, words),
        Some(BenignOne::Remove(arguments)) => remove(arguments, words),
        Some(BenignOne::Off(arguments)) => switch(arguments, false, words),
        Some(BenignOne::On(arguments)) => switch(arguments, true, words),
    }
}

/// What was decided here.
#[derive(Default)]
struct Here {
    entries: Vec<Entry>,
    off: BTreeMap<String, String>,
}

fn list(arguments: &Benign, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let bundled = bundled()?;
    let here = match home(arguments.at.home.as_deref(), words)? {
        None => Here::default(),
        Some(home) => {
            let reader = journal::Reader::open(&home, kinds());
            let read = look(|who| {
                let (entries, off) = (benign::entries(&reader, who)?, benign::off(&reader, who)?);
                Ok(Here { entries, off })
            });
            read.map_err(|error: journal::JournalError| unkept(&error, words))?
        }
    };
    match &arguments.list {
        None => all(arguments, (&bundled, &here), words),
        Some(name) => one((name, &arguments.at), (&bundled, &here), &clock, words),
    }
}

/// Names of all lists, those that come with the program first.
fn names<'a>(bundled: &'a All, here: &'a Here) -> Vec<&'a str> {
    let mut names: Vec<&str> = bundled.lists().iter().map(|list| list.name.as_str()).collect();
    let mut own: Vec<&str> = here.entries.iter().map(|entry| entry.list.as_str()).collect();
    own.extend(here.off.keys().map(String::as_str));
    own.sort_unstable();
    own.dedup();
    own.retain(|name| !names.contains(name));
    names.extend(own);
    names
}

fn all(arguments: &Benign, (bundled, here): (&All, &Here), words: Words) -> Result<Outcome, Failure> {
    let rows = names(bundled, here).into_iter().map(|name| {
        let list = bundled.lists().iter().find(|list| list.name == name);
        let shipped =
            list.map_or(0, |list| list.entries.iter().map(|(_, values)| values.len()).sum::<usize>());
        let of = |is_left_out| {
            here.entries.iter().filter(|one| one.list == name && one.is_left_out == is_left_out).count()
        };
        (name, list, shipped, of(false), of(true))
    });
    if arguments.at.json {
        let object = |(name, list, shipped, added, left_out): (&str, Option<&List>, usize, usize, usize)| {
            json!({
                "list": name, "about": list.and_then(|list| list.about.as_ref()).map(|about| why(about, words)),
                "is_off": here.off.contains_key(name), "reason": here.off.get(name),
                "shipped": shipped, "added": added, "left_out": left_out,
                "covers_urls": list.is_some_and(|list| list.covers_urls),
            })
        };
        return output::print_json(&rows.map(object).collect::<Vec<_>>(), words);
    }
    let heading = |(name, is_number): (&str, bool)| lake::Heading {
        name: words.get(&format!("cli-benign-head-{name}")),
        is_number,
    };
    let names = [
        ("list", false),
        ("state", false),
        ("shipped", true),
        ("added", true),
        ("left", true),
        ("about", false),
    ];
    let mut table = Table::new(names.map(heading).into(), Width::of_terminal());
    let row =
        |(name, list, shipped, added, left_out): (&str, Option<&List>, usize, usize, usize)| -> Vec<Value> {
            let state = if here.off.contains_key(name) { "cli-benign-off" } else { "cli-benign-on" };
            let about = list.and_then(|list| list.about.as_ref());
            let about = about.map_or_else(|| words.get("cli-benign-own"), |about| why(about, words));
            let number = |number: usize| count(number as u64);
            [name.to_owned(), words.get(state), number(shipped), number(added), number(left_out), about]
                .map(Value::String)
                .into()
        };
    table.add(rows.map(row).collect());
    output::print(&table.finish(), words)
}

/// What stands on one list.
fn one(
    (name, at): (&str, &At),
    (bundled, here): (&All, &Here),
    clock: &Clock,
    words: Words,
) -> Result<Outcome, Failure> {
    if !names(bundled, here).contains(&name) {
        let values = [("list", visible(name).into_owned().into())];
        return Err(Failure::usage(words, "cli-error-benign-none", &values));
    }
    let shipped = bundled.lists().iter().filter(|list| list.name == name).flat_map(|list| &list.entries);
    let shipped = shipped.flat_map(|(why, values)| values.iter().map(move |value| (value, why)));
    let of = |value: &Kept| here.entries.iter().find(|entry| entry.list == name && entry.value == *value);
    let mut rows: Vec<(&Kept, String, Option<&Entry>)> =
        shipped.map(|(value, shipped)| (value, why(shipped, words), of(value))).collect();
    let added = here.entries.iter().filter(|entry| entry.list == name && !entry.is_left_out);
    rows.extend(added.map(|entry| (&entry.value, why(&Why::Said(entry.reason.clone()), words), Some(entry))));
    if at.json {
        let object = |(value, reason, entry): &(&Kept, String, Option<&Entry>)| {
            json!({
                "kind": value.sort.as_str(), "value": value.value, "reason": reason,
                "is_left_out": entry.is_some_and(|entry| entry.is_left_out),
                "until": entry.and_then(|entry| entry.until), "actor": entry.map(|entry| &entry.actor),
                "at": entry.map(|entry| entry.at),
            })
        };
        return output::print_json(&rows.iter().map(object).collect::<Vec<_>>(), words);
    }
    let mut text = String::new();
    for (value, reason, entry) in rows {
        let until = entry.and_then(|entry| entry.until).map(|until| clock.minute(until.timestamp()));
        let key = match (entry.is_some_and(|entry| entry.is_left_out), &until) {
            (true, _) => "cli-benign-left-out",
            (false, Some(_)) => "cli-benign-until",
            (false, None) => "cli-benign-value",
        };
        let left = entry.filter(|entry| entry.is_left_out).map(|entry| visible(&entry.reason).into_owned());
        let values = [
            ("value", visible(&value.value).into_owned().into()),
            ("reason", left.unwrap_or(reason).into()),
            ("until", until.unwrap_or_default().into()),
        ];
        text += &(words.with(key, &values) + "\n");
    }
    output::print(&text, words)
}

/// Adds values to a list, which is made where there is none.
fn add(arguments: &BenignAdd, words: Words) -> Result<Outcome, Failure> {
    let zone = range::zone(&arguments.zone, words)?;
    let until = arguments.until.as_deref().map(|text| {
        range::instant(text, &zone, Disambiguation::Later)
            .ok_or_else(|| Failure::usage(words, "cli-error-time", &[("time", text.into())]))
    });
    let until = until.transpose()?;
    let mut values = Vec::new();
    for pasted in lists::read(&arguments.values, words)? {
        for refused in &pasted.list.refused {
            eprint!("{}", told::refused(pasted.name.as_deref(), refused, words));
        }
        for taken in pasted.list.taken {
            match Kept::of(taken.observable, &taken.value) {
                Some(value) => values.push(value),
                None => eprintln!(
                    "{}",
                    words.with("cli-benign-not", &[("value", told::short(&taken.text).into())])
                ),
            }
        }
    }
    values.sort();
    values.dedup();
    if values.is_empty() {
        return Err(Failure::usage(words, "cli-error-benign-nothing", &[]));
    }
    let number = values.len();
    let hand = hand(arguments.at.home.as_deref(), Opening::short("indicators"), words)?;
    let mut acts = Vec::new();
    for values in values.chunks(MOST) {
        let (values, reason) = (values.to_vec(), arguments.reason.clone());
        let command = Command::List { values, reason, until };
        let done = hand
            .act::<Benigns>(&arguments.list, &command, |refusal| refused(refusal, &arguments.list, words))?;
        acts.push(format!("act:watch/benign/{}/{}", arguments.list, done.sequence));
    }
    done((&arguments.list, &arguments.at), ("cli-benign-added", number), &acts, words)
}

/// Most values of one act.
const MOST: usize = 1_000;

/// Takes values out of a list.
fn remove(arguments: &BenignRemove, words: Words) -> Result<Outcome, Failure> {
    let values: Vec<Kept> =
        arguments.values.iter().map(|text| value(text, words)).collect::<Result<_, _>>()?;
    let hand = existing_hand(arguments.at.home.as_deref(), Opening::short("indicators"), words)?;
    let bundled = bundled()?;
    let entries = look(|who| benign::entries(&hand.reader(), who)).map_err(|error| unkept(&error, words))?;
    for value in &values {
        let shipped = bundled.lists().iter().filter(|list| list.name == arguments.list);
        let mut shipped = shipped.flat_map(|list| &list.entries).flat_map(|(_, values)| values);
        let is_there = shipped.any(|one| one == value)
            || entries.iter().any(|entry| entry.list == arguments.list && entry.value == *value);
        if !is_there {
            let values = [
                ("value", visible(&value.value).into_owned().into()),
                ("list", visible(&arguments.list).into_owned().into()),
            ];
            return Err(Failure::usage(words, "cli-error-benign-not-there", &values));
        }
    }
    let number = values.len();
    let command = Command::Unlist { values, reason: arguments.reason.clone() };
    let acted =
        hand.act::<Benigns>(&arguments.list, &command, |refusal| refused(refusal, &arguments.list, words))?;
    let act = format!("act:watch/benign/{}/{}", arguments.list, acted.sequence);
    done((&arguments.list, &arguments.at), ("cli-benign-removed", number), &[act], words)
}

/// A value as it stands on lists, also the end of a name alone.
fn value(text: &str, words: Words) -> Result<Kept, Failure> {
    match lists::named(text, None, words) {
        Ok((observable, value)) => Kept::of(observable, &value)
            .ok_or_else(|| Failure::usage(words, "cli-benign-not", &[("value", told::short(text).into())])),
        Err(_) if text.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'-')) => {
            Kept::try_from(format!("domain:{text}"))
                .map_err(|error| Failure { code: 2, text: error.to_string() })
        }
        Err(failure) => Err(failure),
    }
}

fn switch(arguments: &BenignSwitch, on: bool, words: Words) -> Result<Outcome, Failure> {
    let hand = hand(arguments.at.home.as_deref(), Opening::short("indicators"), words)?;
    let bundled = bundled()?;
    let entries = look(|who| benign::entries(&hand.reader(), who)).map_err(|error| unkept(&error, words))?;
    let here = Here { entries, off: BTreeMap::new() };
    if !names(&bundled, &here).contains(&arguments.list.as_str()) {
        let values = [("list", visible(&arguments.list).into_owned().into())];
        return Err(Failure::usage(words, "cli-error-benign-none", &values));
    }
    let command = Command::Switch { on, reason: arguments.reason.clone() };
    let acted =
        hand.act::<Benigns>(&arguments.list, &command, |refusal| refused(refusal, &arguments.list, words))?;
    let act = format!("act:watch/benign/{}/{}", arguments.list, acted.sequence);
    let said = if on { "cli-benign-switched-on" } else { "cli-benign-switched-off" };
    done((&arguments.list, &arguments.at), (said, 0), &[act], words)
}

fn done(
    (list, at): (&str, &At),
    (said, number): (&str, usize),
    acts: &[String],
    words: Words,
) -> Result<Outcome, Failure> {
    if at.json {
        return output::print_json(&json!({ "list": list, "values": number, "acts": acts }), words);
    }
    let values = [("list", list.into()), ("values", number.into())];
    output::print(&(words.with(said, &values) + "\n"), words)
}

fn refused(refusal: &Refusal, list: &str, words: Words) -> Failure {
    let key = match refusal {
        Refusal::NoReason => "cli-error-reason",
        Refusal::LongReason => "cli-error-indicator-note",
        Refusal::BadName => "cli-error-benign-name",
        Refusal::Count => "cli-error-benign-nothing",
        Refusal::Already => "cli-error-benign-already",
        Refusal::Over => "cli-error-indicator-over",
    };
    Failure::usage(words, key, &[("list", visible(list).into_owned().into()), ("value", list.into())])
}
