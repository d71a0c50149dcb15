//! Kept events were scanned with the rules of then: when these change, going over them again offers itself.

use std::collections::BTreeSet;

use lake::{Between, Compartment, Lake};
use page::Words;

use crate::Failure;
use crate::acts::Work;
use crate::books::{look, unread};
use crate::holder::Hand;

/// What kind of work it is.
pub const KIND: &str = "watch.rescan";

/// Notes that what is kept is to be scanned again; gives how many days that are.
///
/// # Errors
/// When lake or journal cannot be used.
pub fn offer(hand: &Hand, words: Words) -> Result<u64, Failure> {
    let failed = |error: lake::LakeError| unread(&error, words);
    let lake = Lake::open(&hand.home().lake()).map_err(failed)?;
    let all = Between { from: None, to: None };
    let replay = look(|who| lake.replay(who, &Compartment::own(), all)).map_err(failed)?;
    let days: BTreeSet<&str> = replay.parts().iter().filter_map(|part| part.day()).collect();
    if days.is_empty() {
        return Ok(0);
    }
    work(hand, days.len())?.is_at(0, "")?;
    Ok(days.len() as u64)
}

/// A scan of so many days that are kept, as work whose progress others see: what was offered, or new.
///
/// # Errors
/// When the journal cannot be used.
pub fn work(hand: &Hand, days: usize) -> Result<Work<'_>, Failure> {
    hand.work(KIND, "own", days as u64)
}

/// What is offered, in words.
#[must_use]
pub fn said(days: u64, words: Words) -> String {
    if days == 0 { String::new() } else { words.with("cli-rules-rescan", &[("days", days.into())]) + "\n" }
}
