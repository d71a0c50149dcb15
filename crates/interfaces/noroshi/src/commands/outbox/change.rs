//! `noroshi outbox retry` and `noroshi outbox drop`: what people want of an effect.

use journal::effect::{Command, Effects, Refusal, State};
use page::Words;
use serde_json::json;

use super::named;
use crate::acts::existing_hand;
use crate::arguments::OutboxChange;
use crate::holder::Opening;
use crate::{Failure, Outcome, output};

pub(super) fn retry(arguments: &OutboxChange, words: Words) -> Result<Outcome, Failure> {
    let reason = arguments.reason.clone();
    change(arguments, (&Command::Again { reason }, State::Waiting, "cli-outbox-again"), words)
}

pub(super) fn drop(arguments: &OutboxChange, words: Words) -> Result<Outcome, Failure> {
    let reason = arguments.reason.clone();
    change(arguments, (&Command::Drop { reason }, State::Dropped, "cli-outbox-dropped"), words)
}

/// Says what is wanted; the state it comes to, and what is said of it.
fn change(
    arguments: &OutboxChange,
    (command, state, said): (&Command, State, &str),
    words: Words,
) -> Result<Outcome, Failure> {
    let hand = existing_hand(arguments.at.home.as_deref(), Opening::short("outbox"), words)?;
    let one = named(&hand.reader(), &arguments.key, words)?;
    let done = hand.act::<Effects>(&one.key, command, |refusal| {
        let key = match refusal {
            Refusal::NoReason => "cli-error-reason",
            Refusal::Over | Refusal::Inside(_) => "cli-error-outbox-over",
            Refusal::Unknown => "cli-error-outbox-none",
        };
        Failure::usage(words, key, &[("key", one.key.as_str().into())])
    })?;
    let is_so = state == State::Dropped && one.state == State::Dropped.as_str();
    let said = if is_so { "cli-outbox-dropped-already" } else { said };
    if arguments.at.json {
        let act = format!("act:journal/effect/{}/{}", one.key, done.sequence);
        return output::print_json(&json!({ "key": one.key, "state": state, "act": act }), words);
    }
    output::print(&(words.with(said, &[("key", one.key.as_str().into())]) + "\n"), words)
}
