//! What `serve` does of itself, from time to time.

use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use intake::Stop;
use page::Words;
use tracing::{debug, error, info, warn};

use super::follow::Following;
use super::{failed, wait};
use crate::books::{now, with_cause};
use crate::holder::{Hand, Held};

/// Time between two looks at what is due.
const DUE: Duration = Duration::from_secs(1);
/// Time between two looks at the disk.
const DISK: Duration = Duration::from_secs(5);
/// How long what was kept waits at most until it is in the lake, and correlated.
const SETTLED: Duration = Duration::from_secs(60);
/// Time between two times that small files are made large ones and what nobody needs is removed.
const TIDIED: Duration = Duration::from_secs(600);

/// Does what has become due, lets the rules run that somebody enabled, and looks at the disk.
pub fn deadlines(held: &Arc<Held>, _following: &Following, stop: &Stop, words: Words) {
    let mut looked: Option<Clock> = None;
    loop {
        match held.wake() {
            Ok(0) => {}
            Ok(acts) => info!(acts, "did what was due"),
            Err(error) => error!(reason = with_cause(&error), "what is due could not be done"),
        }
        if let Err(failure) = held.read_rules(words) {
            failed("rules", &failure);
        }
        if looked.is_none_or(|looked| looked.elapsed() >= DISK) {
            looked = Some(Clock::now());
            disk(held, words);
        }
        if !wait(stop, DUE) {
            return;
        }
    }
}

/// Says when too little room is left for anything new, and when there is enough again.
fn disk(held: &Held, words: Words) {
    let (free, least) = (held.home().free().unwrap_or(u64::MAX), held.limits().free);
    let is_full = free < least;
    let told = is_full.then(|| {
        let values =
            [("left", page::wording::size(free).into()), ("needed", page::wording::size(least).into())];
        words.with("cli-error-room", &values)
    });
    let before = held.trouble(told);
    match (before, is_full) {
        (false, true) => error!(free, least, "the disk is too full: nothing new is taken in"),
        (true, false) => info!(free, least, "there is room again"),
        _ => {}
    }
}

/// Adds to the lake what waits, and makes it compact.
pub fn tidiness(held: &Arc<Held>, stop: &Stop, words: Words) {
    let (mut settled, mut tidied, mut batches) = (Clock::now(), Clock::now(), 0);
    while wait(stop, DUE) {
        let kept = held.batches();
        if settled.elapsed() >= SETTLED && kept != batches {
            (settled, batches) = (Clock::now(), kept);
            let done = Hand::of(held, words).settle();
            match done {
                Ok(_) => debug!(batches, "settled"),
                Err(failure) => failed("lake", &failure),
            }
        }
        if tidied.elapsed() >= TIDIED {
            tidied = Clock::now();
            let Some(observing) = held.observed() else { continue };
            match observing.orders().tidy(now()) {
                Ok(()) => debug!("tidied"),
                Err(error) => warn!(reason = with_cause(&error), "could not be tidied"),
            }
        }
    }
}
