//! What `serve` does of itself, from time to time.

use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use intake::Stop;
use page::Words;
use tracing::{debug, error, info, warn};
use watch::sources::{Command, Sources};

use super::follow::{Following, Source};
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
pub fn deadlines(held: &Arc<Held>, following: &Following, stop: &Stop, words: Words) {
    let mut looked: Option<Clock> = None;
    let mut told = vec![None; following.sources().len()];
    loop {
        match held.wake() {
            Ok(0) => {}
            Ok(acts) => info!(acts, "did what was due"),
            Err(error) => error!(reason = with_cause(&error), "what is due could not be done"),
        }
        held.read_rules(words);
        if looked.is_none_or(|looked| looked.elapsed() >= DISK) {
            looked = Some(Clock::now());
            disk(held, words);
            for (source, told) in following.sources().iter().zip(&mut told) {
                silence(held, source, told);
            }
        }
        if !wait(stop, DUE) {
            return;
        }
    }
}

/// Says when a source has been silent for longer than it may be, and when it speaks again. `told` is what was
/// said last: whether it is silent.
fn silence(held: &Held, source: &Source, told: &mut Option<bool>) {
    let Some(after) = source.settings.silent_after else { return };
    let (heard, after_seconds) = (source.heard(), after.duration().as_secs());
    let is_silent = after.is_over(heard.last.unwrap_or(heard.since), now());
    if *told == Some(is_silent) {
        return;
    }
    let command = match (is_silent, heard.last) {
        (true, last) => Command::Silent { last, since: heard.since, after_seconds },
        (false, Some(at)) => Command::Heard { at },
        // It was never heard, and is followed for too short a time to say more.
        (false, None) => return,
    };
    let name = source.settings.name.as_str();
    match held.journal().act::<Sources>(&watch::sources::id(name), command, &Held::installation()) {
        Ok(done) => {
            *told = Some(is_silent);
            if done.position.is_some() && is_silent {
                let last = heard.last.map_or_else(|| "never".to_owned(), |last| last.to_string());
                warn!(source = name, last, since = %heard.since, "silent");
            } else if done.position.is_some() {
                info!(source = name, "heard again");
            }
        }
        Err(error) => error!(source = name, reason = with_cause(&error), "its silence could not be noted"),
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
        let is_uncorrelated = held.observed().is_some_and(|observing| observing.is_uncorrelated());
        if settled.elapsed() >= SETTLED && (kept != batches || is_uncorrelated) {
            settled = Clock::now();
            match Hand::of(held, words).settle() {
                Ok(_) => batches = kept,
                Err(failure) => failed("lake", &failure),
            }
        }
        if let Some(trouble) = held.observed().and_then(|observing| observing.orders().trouble()) {
            warn!(reason = trouble, "small files stay small for now");
        }
        if tidied.elapsed() >= TIDIED {
            tidied = Clock::now();
            let Some(observing) = held.observed() else { continue };
            match observing.tidy() {
                Ok(()) => debug!("tidied"),
                Err(error) => warn!(reason = with_cause(&error), "could not be tidied"),
            }
        }
    }
}
