//! `noroshi indicators show`: all that is known of one: who said what of it, and where the lake has it.

use std::collections::HashMap;

use journal::{Kind, Reader, Recorded};
use lake::{FindError, Found};
use model::indicator::{Indicator, Observable};
use page::Words;
use page::foreign::visible;
use page::wording::{Clock, count};
use serde_json::{Value, json};
use watch::indicators::{self, Act, Indicators, Listed, Source, Wanted};

use super::seen::find;
use super::{Shown, kind, lists, object, state};
use crate::acts::{self, unkept};
use crate::arguments::IndicatorsShow;
use crate::books::{Books, look, unfound};
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range, signals};

/// Most acts that are shown.
const ACTS: usize = 1_000;

/// Runs the command.
///
/// # Errors
/// When there is no such indicator, or the books cannot be read.
pub fn run(arguments: &IndicatorsShow, words: Words) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let (observable, value) = lists::named(&arguments.value, arguments.kind, words)?;
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let id = stream(&reader, (observable, &value), words)?;
    let read = look(|who| {
        let one = indicators::one(&reader, who, &id)?;
        let acts = reader.history(who, &format!("{}/{id}", Indicators::NAME), (0, ACTS))?;
        Ok((one, acts, acts::names(&reader, who)?))
    });
    let (one, acts, names) = read.map_err(|error: journal::JournalError| unkept(&error, words))?;
    let one = one.ok_or_else(|| none(&value, words))?;
    let books = Books::open(arguments.at.home.as_deref(), "1 indicator", words)?;
    let sought = Indicator::exact(observable, &value).into_iter().collect::<Vec<_>>();
    let found = match find(&books, &sought, &stop) {
        Ok(found) => found.into_iter().next().unwrap_or_default(),
        Err(FindError::Stopped) => {
            eprintln!("{}", words.get("cli-query-stopped"));
            return Ok(Outcome::Stopped);
        }
        Err(error) => return Err(unfound(&error, words)),
    };
    let shown = Shown { clock: &clock, is_plain: arguments.plain, words };
    let printed = match arguments.at.json {
        true => output::print_json(&json(&one, &acts, &found), words),
        false => output::print(&text((&one, &acts, &names), &found, &shown), words),
    };
    books.tell_unseen(words);
    printed
}

fn none(value: &str, words: Words) -> Failure {
    let values = [("value", visible(value).into_owned().into())];
    Failure::usage(words, "cli-error-indicator-none", &values)
}

/// The stream of an indicator; of a mail address the one that has it.
///
/// # Errors
/// When there is none, or the journal cannot be read.
pub(super) fn stream(
    reader: &Reader,
    (observable, value): (Observable, &str),
    words: Words,
) -> Result<String, Failure> {
    if let Some(id) = indicators::id(observable, value) {
        return Ok(id);
    }
    let wanted = Wanted { observables: vec![observable], ..Wanted::default() };
    let all = look(|who| indicators::list(reader, who, &wanted)).map_err(|error| unkept(&error, words))?;
    all.into_iter().find(|one| one.value == value).map(|one| one.id).ok_or_else(|| none(value, words))
}

fn json(one: &Listed, acts: &[Recorded], found: &Found) -> Value {
    let mut told = object(one);
    told["acts"] = json!(acts);
    told["rows"] = json!(found.rows);
    told["places"] = found
        .places
        .iter()
        .map(|place| {
            json!({
                "table": place.table.in_sql(), "column": place.column, "rows": place.rows,
                "first": place.first, "last": place.last,
            })
        })
        .collect();
    told
}

fn text(
    (one, acts, names): (&Listed, &[Recorded], &HashMap<String, String>),
    found: &Found,
    shown: &Shown<'_>,
) -> String {
    let (words, clock) = (shown.words, shown.clock);
    let values = [
        ("value", shown.value(one.observable, &one.value).into()),
        ("kind", kind(one.observable, words).into()),
        ("state", state(one.status, words).into()),
        ("tlp", one.marking.tlp.as_str().into()),
    ];
    let mut text = words.with("cli-indicator", &values) + "\n";
    for act in acts {
        let actor = names.get(act.actor.subject()).map_or(act.actor.subject(), String::as_str);
        let values = [
            ("at", clock.second(act.at.timestamp()).into()),
            ("actor", visible(actor).into_owned().into()),
            ("said", said(act, shown).into()),
        ];
        text += &(words.with("cli-indicator-act", &values) + "\n");
    }
    text += "\n";
    if found.places.is_empty() {
        return text + &words.get("cli-indicator-nowhere") + "\n";
    }
    text + &places(found, shown)
}

/// What an act says.
fn said(recorded: &Recorded, shown: &Shown<'_>) -> String {
    let words = shown.words;
    let Ok(act) = serde_json::from_value::<Act>(recorded.act.clone()) else {
        return recorded.act.to_string();
    };
    let visible = |text: &str| visible(text).into_owned();
    match act {
        Act::Added(added) => {
            let mut parts = sources(&added.source, words);
            parts.extend(added.confidence.map(|confidence| {
                words.with("cli-indicator-confidence", &[("confidence", u64::from(confidence).into())])
            }));
            parts.extend(added.until.map(|until| {
                let until = shown.clock.minute(until.timestamp());
                words.with("cli-indicator-until", &[("until", until.into())])
            }));
            parts.extend(added.kept.map(|kept| {
                let values = [("list", visible(&kept.list).into()), ("reason", visible(&kept.reason).into())];
                words.with("cli-indicator-kept", &values)
            }));
            parts.extend((!added.note.is_empty()).then(|| visible(&added.note)));
            words.with("cli-indicator-act-added", &[("parts", parts.join("; ").into())])
        }
        Act::Seen(sighting) => {
            let horizon = shown.clock.second(sighting.horizon.timestamp());
            let values = [("rows", sighting.rows.into()), ("horizon", horizon.into())];
            words.with("cli-indicator-act-seen", &values)
        }
        Act::Withdrawn { reason } => {
            words.with("cli-indicator-act-withdrawn", &[("reason", visible(&reason).into())])
        }
        Act::Expired => words.get("cli-indicator-act-expired"),
    }
}

/// Where it came from, each in few words.
fn sources(source: &Source, words: Words) -> Vec<String> {
    let visible = |text: &str| visible(text).into_owned();
    let finding = source
        .finding
        .map(|finding| words.with("cli-indicators-source-finding", &[("name", finding.to_string().into())]));
    let partner = source
        .partner
        .as_deref()
        .map(|partner| words.with("cli-indicator-partner", &[("name", visible(partner).into())]));
    let file = source.file.as_ref().map(|file| {
        let values = [("list", visible(&file.name).into()), ("line", file.line.to_string().into())];
        words.with("cli-indicator-line", &values)
    });
    let all: Vec<String> = finding.into_iter().chain(partner).chain(file).collect();
    if all.is_empty() { vec![words.get("cli-indicators-source-typed")] } else { all }
}

/// Where the lake has it.
fn places(found: &Found, shown: &Shown<'_>) -> String {
    let words = shown.words;
    let heading = |(key, is_number): (&str, bool)| lake::Heading { name: words.get(key), is_number };
    let headings = [
        ("cli-find-table", false),
        ("cli-find-column", false),
        ("cli-find-rows", true),
        ("cli-find-first", false),
        ("cli-find-last", false),
    ];
    let mut table = Table::new(headings.map(heading).into(), Width::of_terminal());
    let time = |time: Option<model::time::Instant>| {
        time.map_or(Value::Null, |time| shown.clock.second(time.timestamp()).into())
    };
    let row = |place: &lake::FoundIn| {
        vec![
            place.table.in_sql().into(),
            place.column.as_str().into(),
            count(place.rows).into(),
            time(place.first),
            time(place.last),
        ]
    };
    table.add(found.places.iter().map(row).collect());
    table.finish()
}
