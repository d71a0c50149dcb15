//! `noroshi indicators add`: lists and values that become indicators, and what of them is none.

use std::collections::{BTreeMap, HashSet};

use jiff::tz::Disambiguation;
use model::indicator::Observable;
use model::indicator::benign::Benign;
use model::indicator::list::{Place, Taken};
use model::marking::Marking;
use model::reason::Reason;
use page::wording::count;
use page::{Value as Word, Words};
use serde_json::{Value, json};
use watch::indicators::{InFile, Kept, New, Source};

use super::adding::{self, Done};
use super::lists::{self, Pasted};
use super::{benign_of, kind, told, why};
use crate::acts::{hand, home, kinds};
use crate::arguments::{IndicatorSaid, IndicatorsAdd};
use crate::books::look;
use crate::holder::Opening;
use crate::{Failure, Outcome, output, range};

/// An indicator that is to be added.
struct Adding<'a> {
    taken: &'a Taken,
    new: New,
}

/// What is on a benign list.
struct Left<'a> {
    list: Option<&'a str>,
    taken: &'a Taken,
    on: String,
    why: String,
}

/// What lists come to.
struct Sorted<'a> {
    adding: Vec<Adding<'a>>,
    left: Vec<Left<'a>>,
    /// Values that stand there again.
    again: u64,
}

/// Runs the command.
///
/// # Errors
/// When a list cannot be read, or what is said of them cannot be.
pub fn run(arguments: &IndicatorsAdd, words: Words) -> Result<Outcome, Failure> {
    let pasted = lists::read(&arguments.values, words)?;
    let said = said(&arguments.said, words)?;
    if arguments.dry_run {
        let benign = match home(arguments.at.home.as_deref(), words)? {
            Some(home) => {
                let reader = journal::Reader::open(&home, kinds());
                look(|who| benign_of(&reader, who, words))?
            }
            None => super::bundled()?,
        };
        let sorted = sorted(&pasted, (&benign, arguments.force.as_deref()), &said, words);
        return tell(arguments, (&pasted, &sorted), None, words);
    }
    let hand = hand(arguments.at.home.as_deref(), Opening::short("indicators"), words)?;
    let benign = look(|who| benign_of(&hand.reader(), who, words))?;
    let sorted = sorted(&pasted, (&benign, arguments.force.as_deref()), &said, words);
    let new: Vec<&New> = sorted.adding.iter().map(|one| &one.new).collect();
    let done = adding::add(&hand, &new, words)?;
    drop(hand);
    tell(arguments, (&pasted, &sorted), Some(done), words)
}

/// What is said of all of them.
pub(super) fn said(said: &IndicatorSaid, words: Words) -> Result<New, Failure> {
    let zone = range::zone(&said.zone, words)?;
    let until = said.until.as_deref().map(|text| {
        range::instant(text, &zone, Disambiguation::Later)
            .ok_or_else(|| Failure::usage(words, "cli-error-time", &[("time", text.into())]))
    });
    Ok(New {
        observable: Observable::Address,
        value: String::new(),
        source: Source { partner: said.from.clone(), ..Source::default() },
        note: said.note.clone(),
        marking: Marking { tlp: said.tlp, pap: said.pap, ..Marking::default() },
        confidence: said.confidence,
        until: until.transpose()?,
        kept: None,
    })
}

/// Each indicator once, where it stands first, and what is on a benign list.
fn sorted<'a>(
    pasted: &'a [Pasted],
    (benign, force): (&Benign, Option<&str>),
    said: &New,
    words: Words,
) -> Sorted<'a> {
    let mut sorted = Sorted { adding: Vec::new(), left: Vec::new(), again: 0 };
    let mut there = HashSet::new();
    for Pasted { name, sha256, list } in pasted {
        for taken in &list.taken {
            if !there.insert((taken.observable, taken.value.as_str())) {
                sorted.again += 1;
                continue;
            }
            let covered = benign.covers(taken.observable, &taken.value);
            let kept = match (covered, force) {
                (None, _) => None,
                (Some(covered), Some(reason)) => {
                    Some(Kept { list: covered.list.to_owned(), reason: reason.to_owned() })
                }
                (Some(covered), None) => {
                    let (on, why) = (covered.list.to_owned(), why(covered.why, words));
                    sorted.left.push(Left { list: name.as_deref(), taken, on, why });
                    continue;
                }
            };
            let file = name.as_ref().map(|name| InFile {
                name: name.clone(),
                sha256: *sha256,
                line: taken.place.line,
            });
            let (observable, value) = (taken.observable, taken.value.clone());
            let source = Source { file, ..said.source.clone() };
            sorted
                .adding
                .push(Adding { taken, new: New { observable, value, source, kept, ..said.clone() } });
        }
    }
    sorted
}

fn tell(
    arguments: &IndicatorsAdd,
    (pasted, sorted): (&[Pasted], &Sorted<'_>),
    done: Option<Done>,
    words: Words,
) -> Result<Outcome, Failure> {
    let is_silent = arguments.silent;
    if arguments.at.json {
        return output::print_json(&object((pasted, sorted), done), words);
    }
    let mut text = String::new();
    for Pasted { name, list, .. } in pasted {
        list.refused.iter().for_each(|refused| text += &told::refused(name.as_deref(), refused, words));
        for Place { line, column } in list.silent.iter().filter(|_| is_silent) {
            let said = words.get("cli-indicators-silent");
            text += &told::at(name.as_deref(), (*line, *column), &said, words);
        }
    }
    for Left { list, taken, on, why } in &sorted.left {
        let values = [
            ("value", told::short(&taken.text).into()),
            ("list", on.as_str().into()),
            ("reason", why.as_str().into()),
        ];
        let said = words.with("cli-indicators-benign", &values);
        text += &told::at(*list, (taken.place.line, taken.place.column), &said, words);
    }
    text += if text.is_empty() { "" } else { "\n" };
    text += &summary((pasted, sorted), done, words);
    output::print(&text, words)
}

/// How many of each kind, and what became of them.
fn summary((pasted, sorted): (&[Pasted], &Sorted<'_>), done: Option<Done>, words: Words) -> String {
    let mut kinds: BTreeMap<Observable, u64> = BTreeMap::new();
    sorted.adding.iter().for_each(|one| *kinds.entry(one.taken.observable).or_default() += 1);
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|(observable, number)| format!("{} {}", kind(observable, words), count(number)))
        .collect();
    let sum = |of: &dyn Fn(&Pasted) -> usize| pasted.iter().map(of).sum::<usize>();
    let mut values: Vec<(&'static str, Word)> = vec![
        ("lines", pasted.iter().map(|one| one.list.lines).sum::<u64>().into()),
        ("indicators", sorted.adding.len().into()),
        ("again", sorted.again.into()),
        ("refused", sum(&|one| one.list.refused.len()).into()),
        ("benign", sorted.left.len().into()),
        ("silent", sum(&|one| one.list.silent.len()).into()),
        ("kinds", kinds.join(", ").into()),
    ];
    let read = words.with("cli-indicators-read", &values);
    let became = match done {
        None => words.get("cli-indicators-dry"),
        Some(done) => {
            values.extend([("added", done.added.into()), ("known", done.known.into())]);
            words.with("cli-indicators-added", &values)
        }
    };
    format!("{read}\n{became}\n")
}

fn object((pasted, sorted): (&[Pasted], &Sorted<'_>), done: Option<Done>) -> Value {
    let place =
        |list: Option<&str>, place: Place| json!({"list": list, "line": place.line, "column": place.column});
    let taken = |one: &Adding<'_>| {
        let list = one.new.source.file.as_ref().map(|file| file.name.as_str());
        json!({
            "kind": one.taken.observable, "value": one.taken.value, "text": one.taken.text,
            "at": place(list, one.taken.place),
            "kept": one.new.kept.as_ref().map(|kept| &kept.list),
        })
    };
    let left = |one: &Left<'_>| {
        json!({
            "kind": one.taken.observable, "value": one.taken.value, "text": one.taken.text,
            "at": place(one.list, one.taken.place), "benign": one.on, "reason": one.why,
        })
    };
    let refused = pasted.iter().flat_map(|one| {
        one.list.refused.iter().map(move |refused| {
            let mut object = json!(Reason::from(refused.cause.clone()));
            object["text"] = json!(refused.text);
            object["at"] = place(one.name.as_deref(), refused.place);
            object
        })
    });
    let silent = pasted
        .iter()
        .flat_map(|one| one.list.silent.iter().map(move |silent| place(one.name.as_deref(), *silent)));
    json!({
        "lines": pasted.iter().map(|one| one.list.lines).sum::<u64>(),
        "indicators": sorted.adding.iter().map(taken).collect::<Vec<_>>(),
        "again": sorted.again,
        "benign": sorted.left.iter().map(left).collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "silent": silent.collect::<Vec<_>>(),
        "added": done.map(|done| done.added),
        "known": done.map(|done| done.known),
    })
}
