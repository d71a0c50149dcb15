//! `noroshi outbox show`: a mail as it was or will be sent, or which file it is; and what became of it.

use std::collections::BTreeMap;

use courier::{Draft, Letter};
use journal::effect::{Effect, Effects, Ordered};
use page::Words;
use page::foreign::visible;
use serde_json::json;

use super::{Waiting, list, named};
use crate::acts::{self, existing, unkept};
use crate::arguments::OutboxShow;
use crate::books::look;
use crate::settings::{self, Settings};
use crate::{Failure, Outcome, output};

pub(super) fn run(arguments: &OutboxShow, words: Words) -> Result<Outcome, Failure> {
    let home = existing(arguments.at.home.as_deref(), words)?;
    let settings = Settings::read(&home).map_err(|error| settings::refused(&error, words))?;
    let reader = journal::Reader::open(&home, acts::kinds());
    let one = named(&reader, &arguments.key, words)?;
    let read = look(|who| {
        let names: BTreeMap<String, String> = acts::names(&reader, who)?.into_iter().collect();
        Ok((reader.state::<Effects>(who, &one.key)?, names))
    });
    let (state, names) = read.map_err(|error: journal::JournalError| unkept(&error, words))?;
    let Some(ordered) = state.and_then(|(outgoing, _)| outgoing.ordered) else {
        let values = [("key", one.key.as_str().into())];
        return Err(Failure::usage(words, "cli-error-outbox-none", &values));
    };
    match &ordered.effect {
        Effect::Mail(mail) => {
            let draft = Draft { key: &one.key, ordered: &ordered, mail, names: &names };
            let letter = Letter::write(&draft, &settings.courier());
            letter_of(&one, (&letter, &settings), arguments.at.json, words)
        }
        Effect::File(_) => file_of(&one, &ordered, arguments.at.json, words),
    }
}

fn letter_of(
    one: &Waiting,
    (letter, settings): (&Letter, &Settings),
    is_json: bool,
    words: Words,
) -> Result<Outcome, Failure> {
    let desk = settings.mail.iter().flat_map(|mail| &mail.desk).map(settings::Address::as_str);
    let desk: Vec<&str> = desk.collect();
    if is_json {
        let mut told = one.json();
        told["to"] = json!(desk);
        told["subject"] = json!(letter.subject);
        told["text"] = json!(letter.text);
        return output::print_json(&told, words);
    }
    let to = if desk.is_empty() { words.get("cli-outbox-nobody") } else { desk.join(", ") };
    let values = [("to", to.into()), ("subject", letter.subject.as_str().into())];
    let head = words.with("cli-outbox-letter", &values);
    output::print(&format!("{head}\n{}\n{}", came(one, words), letter.text), words)
}

/// What became of it, and what was said of that last: as the receipt, which names who refused it.
fn came(one: &Waiting, words: Words) -> String {
    let state = list::state(one, words);
    let values = [("state", state.into()), ("said", visible(&one.reason).into_owned().into())];
    let key = if one.reason.is_empty() { "cli-outbox-came" } else { "cli-outbox-came-said" };
    words.with(key, &values) + "\n"
}

fn file_of(one: &Waiting, ordered: &Ordered, is_json: bool, words: Words) -> Result<Outcome, Failure> {
    let Effect::File(file) = &ordered.effect else { return Ok(Outcome::Done) };
    let sha256 = file.sha256.to_string();
    if is_json {
        let mut told = one.json();
        told["sha256"] = json!(sha256);
        return output::print_json(&told, words);
    }
    let values = [("name", visible(&file.name).into_owned().into()), ("sha256", sha256.into())];
    output::print(&format!("{}\n{}", words.with("cli-outbox-file", &values), came(one, words)), words)
}
