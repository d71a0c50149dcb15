//! `noroshi forget`: what is personal about somebody is to be known no more.

use journal::Done;
use journal::query::{Compare, Filter, Select};
use journal::subject::ForgetRefusal;
use page::Words;
use serde_json::json;

use crate::acts::{existing_hand, undone, unkept};
use crate::arguments::Forget;
use crate::backups::forgetting::{self, Told};
use crate::books::look;
use crate::holder::request::{ActDone, Request};
use crate::holder::{Behind, Hand, Opening};
use crate::{Failure, Outcome, output};

/// Runs the command.
///
/// # Errors
/// When there is nothing to forget, or it cannot be done.
pub fn run(arguments: &Forget, words: Words) -> Result<Outcome, Failure> {
    let hand = existing_hand(arguments.at.home.as_deref(), Opening::short("forget"), words)?;
    let subject = subject(&hand, &arguments.subject, words)?;
    let (class, reason) = (arguments.class.clone(), arguments.reason.clone());
    let request = Request::Forget { subject: subject.clone(), class, reason };
    let done: Result<ActDone, Failure> = hand.ask(&request, Behind::Nothing);
    let (home, reader) = (hand.home().clone(), hand.reader());
    // Disks of backups may be slow, and others want the home.
    drop(hand);
    // Whatever came of it: somebody may have been forgotten before, and a folder not been told.
    let told = forgetting::tell_all(&home, &reader, words);
    let Done { sequence, .. } = done?.map_err(|error| {
        undone(error.of_forgetting(), words, |refusal| match refusal {
            ForgetRefusal::Nothing(subject) => {
                Failure::usage(words, "cli-error-forget-nothing", &[("subject", subject.as_str().into())])
            }
            ForgetRefusal::NoReason => Failure::usage(words, "cli-error-reason", &[]),
        })
    })?;
    let told = told?;
    let is_finished = !reader.is_forgetting(&subject).map_err(|error| unkept(&error, words))?;
    if arguments.at.json {
        let act = format!("act:journal/subject/{subject}/{sequence}");
        let folder = |one: &Told| {
            json!({
                "folder": one.folder, "keys": one.outcome.as_ref().ok(), "reason": one.outcome.as_ref().err(),
            })
        };
        let backups: Vec<_> = told.iter().map(folder).collect();
        let said = json!({ "subject": subject, "act": act, "is_finished": is_finished, "backups": backups });
        return output::print_json(&said, words);
    }
    output::print(&text(&subject, is_finished, &told, words), words)
}

fn text(subject: &str, is_finished: bool, told: &[Told], words: Words) -> String {
    let mut text = words.with("cli-forgotten", &[("subject", subject.into())]) + "\n";
    if !is_finished {
        text += &(words.get("cli-forgotten-later") + "\n");
    }
    for Told { folder, outcome } in told {
        let path = folder.display().to_string();
        text += &match outcome {
            Ok(_) => words.with("cli-forgotten-in", &[("path", path.into())]),
            Err(reason) => words
                .with("cli-forgotten-not-in", &[("path", path.into()), ("reason", reason.as_str().into())]),
        };
        text += "\n";
    }
    text
}

/// The subject that somebody means: itself, or the one who bears a name.
fn subject(hand: &Hand, text: &str, words: Words) -> Result<String, Failure> {
    let named = vec![Filter::Is("name", Compare::Equal, text.into())];
    let select = Select { filters: named, ..Select::all("journal_subjects", 2) };
    let page = look(|who| hand.reader().page(who, &select)).map_err(|error| unkept(&error, words))?;
    match page.rows.len() {
        0 => Ok(text.to_owned()),
        1 => Ok(page.cell(0, "subject").map(|cell| cell.text().to_owned()).unwrap_or_default()),
        _ => Err(Failure::usage(words, "cli-error-forget-several", &[("name", text.into())])),
    }
}
