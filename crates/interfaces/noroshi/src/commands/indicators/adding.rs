//! Indicators on their way into the journal.

use std::collections::HashMap;

use journal::ToldCommand;
use model::hash::hex;
use model::indicator::Observable;
use page::Words;
use watch::indicators::{self, Command, Indicators, New, Wanted};

use super::refused;
use crate::Failure;
use crate::acts::{undone, unkept};
use crate::books::look;
use crate::holder::Hand;

/// What became of indicators.
#[derive(Debug, Clone, Copy, Default)]
pub struct Done {
    /// Those that are new, or of which something new is said.
    pub added: u64,
    /// Those of which all was said before.
    pub known: u64,
}

/// Commands that become durable together.
const TOGETHER: usize = 500;

/// What is said of one indicator.
#[derive(Debug)]
pub struct Saying<'a> {
    /// Its stream.
    pub id: String,
    /// What.
    pub command: Command,
    /// Its value, for whoever reads a refusal.
    pub value: &'a str,
}

/// Adds indicators; what was said before is no act. Who is stopped has added some, and adds the others when it is
/// asked again.
///
/// # Errors
/// When one is refused, or the journal cannot be used.
pub fn add(hand: &Hand, all: &[&New], words: Words) -> Result<Done, Failure> {
    let people = people(hand, all, words)?;
    let sayings = all.iter().map(|new| {
        let id = indicators::id(new.observable, &new.value);
        let id = id.or_else(|| people.get(new.value.as_str()).cloned()).unwrap_or_else(unnamed);
        Saying { id, command: Command::Add(Box::new((*new).clone())), value: &new.value }
    });
    let said = say(hand, &sayings.collect::<Vec<_>>(), words)?;
    let added = said.iter().filter(|done| done.position.is_some()).count() as u64;
    Ok(Done { added, known: said.len() as u64 - added })
}

/// Says it, so many at once or none of them; what became of each.
///
/// # Errors
/// When one is refused, or the journal cannot be used.
pub fn say(hand: &Hand, sayings: &[Saying<'_>], words: Words) -> Result<Vec<journal::Done>, Failure> {
    let mut all = Vec::new();
    for some in sayings.chunks(TOGETHER) {
        let told = |one: &Saying<'_>| ToldCommand::new::<Indicators>(&one.id, &one.command);
        let told: Result<Vec<ToldCommand>, _> = some.iter().map(told).collect();
        let told = told.map_err(|error| unkept(&error, words))?;
        let done = hand.together(told)?.map_err(|not_done| {
            let value = some.get(not_done.at).map_or("", |one| one.value);
            undone(not_done.why.of::<Indicators>(), words, |refusal| refused(refusal, value, words))
        })?;
        all.extend(done);
    }
    Ok(all)
}

/// The streams of mail addresses, whose ids say nothing of them.
fn people(hand: &Hand, all: &[&New], words: Words) -> Result<HashMap<String, String>, Failure> {
    if !all.iter().any(|one| one.observable == Observable::Mail) {
        return Ok(HashMap::new());
    }
    let wanted = Wanted { observables: vec![Observable::Mail], ..Wanted::default() };
    let all =
        look(|who| indicators::list(&hand.reader(), who, &wanted)).map_err(|error| unkept(&error, words))?;
    Ok(all.into_iter().map(|one| (one.value, one.id)).collect())
}

/// An id that says nothing.
fn unnamed() -> String {
    format!("mail:{}", hex(&journal::Entropy::system().bytes::<16>()))
}
