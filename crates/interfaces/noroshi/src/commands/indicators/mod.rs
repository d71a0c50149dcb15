//! `noroshi indicators`: values that tell an attack, where each came from, and where machines saw it.

mod add;
mod adding;
mod benign;
mod from_finding;
mod lists;
mod seen;
mod show;
mod told;
mod withdraw;

use journal::Kind;
use journal::{Looking, Reader};
use model::indicator::Observable;
use model::indicator::benign::{Benign, Why};
use page::foreign::visible;
use page::wording::{Clock, count};
use page::{Language, Words};
use serde_json::{Value, json};
use watch::indicators::{self, Listed, Looked, Refusal, Status, Wanted};

use crate::acts::{self, unkept};
use crate::arguments::{Indicators, IndicatorsOne};
use crate::books::look;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range};

/// Runs the command.
///
/// # Errors
/// When there is no home, its journal or its lake cannot be used, or what was typed cannot be meant.
pub fn run(arguments: &Indicators, words: Words) -> Result<Outcome, Failure> {
    match &arguments.one {
        None => list(arguments, words),
        Some(IndicatorsOne::Add(arguments)) => add::run(arguments, words),
        Some(IndicatorsOne::FromFinding(arguments)) => from_finding::run(arguments, words),
        Some(IndicatorsOne::Show(arguments)) => show::run(arguments, words),
        Some(IndicatorsOne::Seen(arguments)) => seen::run(arguments, words),
        Some(IndicatorsOne::Withdraw(arguments)) => withdraw::run(arguments, words),
        Some(IndicatorsOne::Benign(arguments)) => benign::run(arguments, words),
    }
}

/// Lists indicators.
fn list(arguments: &Indicators, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let wanted = Wanted {
        states: Status::of(&arguments.state).into_iter().collect(),
        observables: arguments.kind.clone(),
        finding: arguments.finding,
        partner: arguments.from.clone(),
    };
    let read = look(|who| {
        Ok((indicators::list(&reader, who, &wanted)?, indicators::last_look(&reader, who, "own")?))
    });
    let (mut all, last) = read.map_err(|error: journal::JournalError| unkept(&error, words))?;
    if let Some(text) = &arguments.text {
        let text = text.to_lowercase();
        all.retain(|one| {
            [&one.value, &one.note, &one.list].iter().any(|part| part.to_lowercase().contains(&text))
        });
    }
    all.retain(|one| !arguments.hits || one.hits > 0);
    if arguments.at.json {
        return output::print_json(&all.iter().map(object).collect::<Vec<_>>(), words);
    }
    if all.is_empty() {
        return output::print(&(words.get("cli-indicators-none") + "\n"), words);
    }
    let table = table(&all, &Shown { clock: &clock, is_plain: arguments.plain, words });
    output::print(&format!("{table}{}", looked(last, all.len(), &clock, words)), words)
}

/// How indicators are shown to people.
struct Shown<'a> {
    clock: &'a Clock,
    is_plain: bool,
    words: Words,
}

impl Shown<'_> {
    /// A value, so that nobody follows it by accident.
    fn value(&self, observable: Observable, value: &str) -> String {
        let value =
            if self.is_plain { value.to_owned() } else { model::indicator::defanged(observable, value) };
        visible(&value).into_owned()
    }
}

fn table(all: &[Listed], shown: &Shown<'_>) -> String {
    let words = shown.words;
    let heading = |(name, is_number): (&str, bool)| lake::Heading {
        name: words.get(&format!("cli-indicators-head-{name}")),
        is_number,
    };
    let names = [
        ("kind", false),
        ("value", false),
        ("state", false),
        ("first", false),
        ("last", false),
        ("hits", true),
        ("source", false),
        ("tlp", false),
        ("until", false),
    ];
    let mut table = Table::new(names.map(heading).into(), Width::of_terminal());
    table.add(all.iter().map(|one| row(one, shown)).collect());
    table.finish()
}

fn row(one: &Listed, shown: &Shown<'_>) -> Vec<Value> {
    let (words, clock) = (shown.words, shown.clock);
    let minute = |time: model::time::Instant| clock.minute(time.timestamp());
    let time = |time: Option<model::time::Instant>| time.map(minute).unwrap_or_default();
    let value = match one.value.as_str() {
        "" => words.get("cli-indicators-forgotten"),
        value => shown.value(one.observable, value),
    };
    let texts = [
        kind(one.observable, words),
        value,
        state(one.status, words),
        time(one.seen.map(|(first, _)| first)),
        time(one.seen.map(|(_, last)| last)),
        count(one.hits),
        source(one, words),
        one.marking.tlp.as_str().trim_start_matches("TLP:").to_owned(),
        time(one.until),
    ];
    texts.into_iter().map(Value::String).collect()
}

/// Where an indicator came from, in few words.
fn source(one: &Listed, words: Words) -> String {
    let name = match (one.finding, one.partner.as_str(), one.list.as_str()) {
        (Some(finding), ..) => finding.to_string(),
        (None, "", list) => list.to_owned(),
        (None, partner, _) => partner.to_owned(),
    };
    let key = match one.finding {
        Some(_) => "cli-indicators-source-finding",
        None if name.is_empty() => "cli-indicators-source-typed",
        None => "cli-indicators-source-named",
    };
    words.with(key, &[("name", visible(&name).into_owned().into())])
}

/// How far the lake was looked through for them.
fn looked(last: Option<Looked>, number: usize, clock: &Clock, words: Words) -> String {
    let count = [("number", number.into())];
    let shown = words.with("cli-indicators-count", &count);
    let looked = match last {
        None => words.get("cli-indicators-unlooked"),
        Some(last) => {
            let horizon = clock.second(last.horizon.timestamp());
            words.with("cli-indicators-looked", &[("horizon", horizon.into())])
        }
    };
    format!("\n{shown} {looked}\n")
}

fn object(one: &Listed) -> Value {
    json!({
        "kind": one.observable, "value": one.value, "state": one.status.as_str(),
        "first_seen": one.seen.map(|(first, _)| first), "last_seen": one.seen.map(|(_, last)| last),
        "hits": one.hits, "source": one.source, "partner": some(&one.partner), "finding": one.finding,
        "list": some(&one.list), "confidence": one.confidence, "note": one.note, "benign": some(&one.benign),
        "reason": some(&one.reason), "tlp": one.marking.tlp, "pap": one.marking.pap, "added": one.added,
        "until": one.until, "actor": one.actor,
        "evidence": format!("act:{}/{}/1", indicators::Indicators::NAME, one.id),
    })
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// What an indicator is, in words.
pub(super) fn kind(observable: Observable, words: Words) -> String {
    words.get(&format!("cli-indicator-kind-{observable}"))
}

/// Whether it is one, in words.
pub(super) fn state(status: Status, words: Words) -> String {
    words.get(&format!("cli-indicator-state-{}", status.as_str()))
}

/// The benign lists as they keep out here.
fn benign_of(reader: &Reader, who: Looking<'_>, words: Words) -> Result<Benign, Failure> {
    let bundled = bundled()?;
    watch::benign::in_force(&bundled, reader, who).map_err(|error| unkept(&error, words))
}

/// The benign lists that come with the program.
fn bundled() -> Result<Benign, Failure> {
    Benign::bundled().map_err(|error| Failure { code: 1, text: crate::books::with_cause(&error) })
}

/// Why something is on a benign list, in the language of whoever reads.
fn why(why: &Why, words: Words) -> String {
    match (why, words.language) {
        (Why::Known { ja, .. }, Language::Ja) => ja.clone(),
        (Why::Known { en, .. }, Language::En) => en.clone(),
        (Why::Said(said), _) => visible(said).into_owned(),
    }
}

/// Why nothing was said of an indicator, in words.
fn refused(refusal: &Refusal, value: &str, words: Words) -> Failure {
    let key = match refusal {
        Refusal::NoReason => "cli-error-reason",
        Refusal::LongNote => "cli-error-indicator-note",
        Refusal::NoValue => "cli-error-indicator-value",
        Refusal::Confidence => "cli-error-indicator-confidence",
        Refusal::Over => "cli-error-indicator-over",
        Refusal::NotActive => "cli-error-indicator-none",
    };
    Failure::usage(words, key, &[("value", visible(value).into_owned().into())])
}
