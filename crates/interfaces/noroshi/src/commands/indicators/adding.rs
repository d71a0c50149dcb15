//! Indicators on their way into the journal.

use std::collections::HashMap;

use model::hash::hex;
use model::indicator::Observable;
use page::Words;
use watch::indicators::{self, Command, Indicators, New, Wanted};

use super::refused;
use crate::Failure;
use crate::acts::unkept;
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

/// Adds indicators; what was said before is no act.
///
/// # Errors
/// When one is refused, or the journal cannot be used.
pub fn add(hand: &Hand, all: &[&New], words: Words) -> Result<Done, Failure> {
    let people = people(hand, all, words)?;
    let mut done = Done::default();
    for new in all {
        let id = indicators::id(new.observable, &new.value);
        let id = id.or_else(|| people.get(new.value.as_str()).cloned()).unwrap_or_else(unnamed);
        let command = Command::Add(Box::new((*new).clone()));
        let acted = hand.act::<Indicators>(&id, &command, |refusal| refused(refusal, &new.value, words))?;
        match acted.position {
            Some(_) => done.added += 1,
            None => done.known += 1,
        }
    }
    Ok(done)
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
