//! What people say of findings. What is said of many is said of all or none, and can be taken back together.

use std::collections::BTreeSet;

use files::Holding;
use journal::ToldCommand;
use page::Words;
use page::foreign::visible;
use serde_json::json;
use watch::findings::{self, Asked, Clearance, Command, Disposition, Findings, Replacement};

use super::{not_done, refused};
use crate::acts::{existing_hand, unkept};
use crate::arguments::{
    At, FindingsAttach, FindingsClear, FindingsClose, FindingsGrade, FindingsMany, FindingsReasoned,
    FindingsTake, FindingsText, FindingsUndo,
};
use crate::books::{look, now, user};
use crate::holder::request::{FileKept, Request};
use crate::holder::{Behind, Hand, Opening};
use crate::{Failure, Outcome, output};

pub(super) fn take(arguments: &FindingsTake, words: Words) -> Result<Outcome, Failure> {
    let name = arguments.name.clone().or_else(user);
    let name = name.ok_or_else(|| Failure::usage(words, "findings-error-nobody", &[]))?;
    let hand = hand(&arguments.at, words)?;
    let known = look(|who| findings::owners(&hand.reader(), who));
    let subject = known.map_err(|error| unkept(&error, words))?.remove(&name);
    // One person is one subject, also where nobody knew them before.
    let subject = Some(subject.unwrap_or_else(|| format!("person:{:x}", now().nanoseconds())));
    let changing = Changing { hand: &hand, at: &arguments.at, words };
    changing.all(&arguments.numbers, &Asked::Assign { name, subject }, "taken")
}

pub(super) fn release(arguments: &FindingsMany, words: Words) -> Result<Outcome, Failure> {
    change(&arguments.at, &arguments.numbers, &Asked::Unassign, "released", words)
}

pub(super) fn close(arguments: &FindingsClose, words: Words) -> Result<Outcome, Failure> {
    let FindingsClose { numbers, disposition, reason, at } = arguments;
    let disposition = Disposition::parse(disposition).unwrap_or(Disposition::True);
    change(at, numbers, &Asked::Close { disposition, reason: reason.clone() }, "closed", words)
}

pub(super) fn reopen(arguments: &FindingsReasoned, words: Words) -> Result<Outcome, Failure> {
    let FindingsReasoned { numbers, reason, at } = arguments;
    change(at, numbers, &Asked::Reopen { reason: reason.clone() }, "reopened", words)
}

pub(super) fn grade(arguments: &FindingsGrade, words: Words) -> Result<Outcome, Failure> {
    let FindingsGrade { numbers, level, reason, at } = arguments;
    change(at, numbers, &Asked::Grade { level: *level, reason: reason.clone() }, "graded", words)
}

pub(super) fn title(arguments: &FindingsText, words: Words) -> Result<Outcome, Failure> {
    change(&arguments.at, &[arguments.number], &Asked::Title(arguments.text.clone()), "titled", words)
}

pub(super) fn note(arguments: &FindingsText, words: Words) -> Result<Outcome, Failure> {
    change(&arguments.at, &[arguments.number], &Asked::Note(arguments.text.clone()), "noted", words)
}

pub(super) fn withhold(arguments: &FindingsReasoned, words: Words) -> Result<Outcome, Failure> {
    let FindingsReasoned { numbers, reason, at } = arguments;
    change(at, numbers, &Asked::Withhold { reason: reason.clone() }, "withheld", words)
}

pub(super) fn clear(arguments: &FindingsClear, words: Words) -> Result<Outcome, Failure> {
    let FindingsClear { number, tlp, replace, reason, at } = arguments;
    let replacement = |text: &String| {
        let wrong = [("text", visible(text).into_owned().into())];
        let parts = text.split_once('=').filter(|(what, with)| !what.is_empty() && !with.is_empty());
        let (what, with) = parts.ok_or_else(|| Failure::usage(words, "findings-error-replace", &wrong))?;
        Ok(Replacement { what: what.to_owned(), with: with.to_owned() })
    };
    let replaced = replace.iter().map(replacement).collect::<Result<_, Failure>>()?;
    let clearance = Clearance { marking: *tlp, replaced, reason: reason.clone() };
    change(at, &[*number], &Asked::Clear(clearance), "cleared", words)
}

pub(super) fn attach(arguments: &FindingsAttach, words: Words) -> Result<Outcome, Failure> {
    let FindingsAttach { number, file, at } = arguments;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let unread = |error: std::io::Error| {
        let values = [("path", file.display().to_string().into()), ("reason", error.to_string().into())];
        Failure { code: 2, text: words.with("findings-error-file", &values) }
    };
    let bytes = std::fs::read(file).map_err(unread)?;
    let hand = hand(at, words)?;
    let found = look(|who| hand.reader().state::<Findings>(who, &number.to_string()));
    let found = found.map_err(|error| unkept(&error, words))?;
    let (finding, _) = found.ok_or_else(|| super::missing(*number, words))?;
    let label = finding.label();
    let holding = Holding {
        name: name.clone(),
        media: "application/octet-stream".to_owned(),
        compartment: label.compartment,
        owner: label.owner,
        marking: label.marking,
    };
    let kept: FileKept = hand.ask(&Request::KeepFile(holding), Behind::Bytes(&bytes))?;
    let changing = Changing { hand: &hand, at, words };
    changing.all(&[*number], &Asked::Attach { sha256: kept.sha256, name }, "attached")
}

/// Takes back what was changed together.
pub(super) fn undo(arguments: &FindingsUndo, words: Words) -> Result<Outcome, Failure> {
    let FindingsUndo { key, reason, at } = arguments;
    let hand = hand(at, words)?;
    let numbers = look(|who| findings::changed_together(&hand.reader(), who, key));
    let numbers = numbers.map_err(|error| unkept(&error, words))?;
    if numbers.is_empty() {
        let values = [("key", visible(key).into_owned().into())];
        return Err(Failure::usage(words, "findings-error-undo", &values));
    }
    let changing = Changing { hand: &hand, at, words };
    let command = Command::TakeBack { together: key.clone(), reason: reason.clone() };
    changing.do_all(&numbers, &command)?;
    changing.say(&numbers, "undone", None)
}

fn hand(at: &At, words: Words) -> Result<Hand, Failure> {
    existing_hand(at.home.as_deref(), Opening::short("findings"), words)
}

fn change(at: &At, numbers: &[u64], change: &Asked, said: &str, words: Words) -> Result<Outcome, Failure> {
    let hand = hand(at, words)?;
    Changing { hand: &hand, at, words }.all(numbers, change, said)
}

struct Changing<'a> {
    hand: &'a Hand,
    at: &'a At,
    words: Words,
}

impl Changing<'_> {
    /// Changes all of them, or none.
    fn all(&self, numbers: &[u64], change: &Asked, said: &str) -> Result<Outcome, Failure> {
        let numbers: BTreeSet<u64> = numbers.iter().copied().collect();
        let numbers: Vec<u64> = numbers.into_iter().collect();
        // Notes and files are added, and stay.
        let can_be_undone = !matches!(
            change,
            Asked::Note(_) | Asked::Attach { .. } | Asked::Clear(_) | Asked::Withhold { .. }
        );
        let together = can_be_undone.then(|| format!("{:x}", now().nanoseconds() / 1_000));
        let command = Command::Change { change: change.clone(), together: together.clone() };
        self.do_all(&numbers, &command)?;
        self.say(&numbers, said, together)
    }

    fn do_all(&self, numbers: &[u64], command: &Command) -> Result<(), Failure> {
        if let [number] = numbers {
            let refused = |refusal: &findings::Refusal| refused(refusal, *number, self.words);
            return self.hand.act::<Findings>(&number.to_string(), command, refused).map(drop);
        }
        let told = numbers.iter().map(|number| ToldCommand::new::<Findings>(&number.to_string(), command));
        let told = told.collect::<Result<_, _>>().map_err(|error| unkept(&error, self.words))?;
        self.hand.together(told)?.map(drop).map_err(|error| not_done(error, self.words))
    }

    fn say(&self, numbers: &[u64], said: &str, together: Option<String>) -> Result<Outcome, Failure> {
        let words = self.words;
        if self.at.json {
            let told = json!({ "findings": numbers, "done": said, "undo": together });
            return output::print_json(&told, words);
        }
        let shown: Vec<String> = numbers.iter().map(u64::to_string).collect();
        let values = [("findings", shown.join(", ").into()), ("number", numbers.len().into())];
        let mut text = words.with(&format!("findings-done-{said}"), &values) + "\n";
        if let Some(key) = together {
            text += &(words.with("findings-undo", &[("key", key.into())]) + "\n");
        }
        output::print(&text, words)
    }
}
