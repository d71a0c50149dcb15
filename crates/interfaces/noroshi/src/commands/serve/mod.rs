//! `noroshi serve`: holds a home for as long as it runs. It follows logs, answers the other commands, and does
//! what is due.

mod carrying;
mod follow;
mod jobs;
mod upkeep;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant as Clock};

use intake::Stop;
use page::Words;
use tracing::{error, info, warn};

use crate::arguments::Serve;
use crate::books::homeless;
use crate::holder::{Hand, Held, Opening, Rules};
use crate::notify::Manager;
use crate::settings::{self, Fault, Settings};
use crate::{Failure, Outcome, log, signals};
use follow::Following;

/// How long what is under way may take once the process is to end. What is acknowledged is safe by then.
const FAREWELL: Duration = Duration::from_secs(4);
/// Time between two looks whether the process is to end.
const LOOK: Duration = Duration::from_millis(100);

/// Runs the command.
///
/// # Errors
/// Wrong settings, or a home that cannot be held.
pub fn run(arguments: &Serve, words: Words) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let place = home::place(arguments.home.as_deref(), &|name| std::env::var_os(name));
    let place = place.map_err(|error| homeless(&error, words))?;
    // Before anything is begun with them.
    let (settings, faults) = settings_of(&place, words)?;
    // Begun before only where tests run several in one process.
    drop(log::begin(arguments.log.unwrap_or(settings.log.level)));
    for fault in faults {
        warn!(key = %fault.key, reason = %fault.text(words), "a setting cannot be used as it is");
    }
    let manager = Manager::find(&|name| std::env::var_os(name));
    let manager = manager.map_err(|error| Failure { code: 2, text: error.to_string() })?;
    let hand = Hand::open(&place, Opening::long("serve", Rules::OfHome), words)?;
    let Some(held) = hand.held() else {
        let process = hand.other().unwrap_or_default().to_string();
        return Err(Failure::usage(words, "cli-error-serve-held", &[("process", process.into())]));
    };
    // What was received before comes into the lake before anything new does.
    held.observing(words)?;
    info!(home = %place.display(), follows = settings.follow.len(), "serving");
    println!("{}", words.with("cli-serve-serving", &[("path", place.display().to_string().into())]));
    serve(&held, (&settings, &manager), &stop, words);
    info!("ended");
    drop(held);
    drop(hand);
    Ok(Outcome::Done)
}

/// The settings of the home at a place, which may not be there yet, and what of them cannot be used as it is.
fn settings_of(place: &Path, words: Words) -> Result<(Settings, Vec<Fault>), Failure> {
    let read = Settings::within(place).map_err(|error| settings::refused(&error, words))?;
    let Some((settings, places)) = read else { return Ok((Settings::default(), Vec::new())) };
    let faults = settings::look(&settings, &places, place);
    Ok((settings, faults))
}

/// Does everything until the user wants it to end, and then no more than [`FAREWELL`] long.
fn serve(held: &Arc<Held>, (settings, manager): (&Settings, &Manager), stop: &Stop, words: Words) {
    let following = Following::new(held, &settings.follow);
    thread::scope(|scope| {
        for source in following.sources() {
            scope.spawn(|| source.follow(held, stop, words));
        }
        scope.spawn(|| upkeep::deadlines(held, &following, stop, words));
        scope.spawn(|| upkeep::tidiness(held, stop, words));
        scope.spawn(|| carrying::carry(held, settings, stop));
        scope.spawn(|| jobs::work(held, stop));
        tell(manager.ready());
        wait_watched(stop, manager);
        info!("to end");
        tell(manager.stopping());
        // A commit or a compaction that takes longer is as a power cut to it, which costs nothing.
        thread::spawn(|| {
            thread::sleep(FAREWELL);
            warn!("ended in the middle of something; it is done when the home is opened next");
            std::process::exit(0);
        });
    });
}

/// Waits until the process is to end; says meanwhile to who watches that it moves.
fn wait_watched(stop: &Stop, manager: &Manager) {
    let mut said = Clock::now();
    while !stop.asked() {
        thread::sleep(LOOK);
        if manager.interval().is_some_and(|interval| said.elapsed() >= interval) {
            said = Clock::now();
            tell(manager.alive());
        }
    }
}

/// A service manager that does not listen is no reason to end.
fn tell(told: io::Result<()>) {
    if let Err(error) = told {
        warn!(reason = %error, "the service manager was not told");
    }
}

/// Waits so long, or until the process is to end; whether it goes on.
fn wait(stop: &Stop, time: Duration) -> bool {
    let steps = time.as_millis().div_ceil(LOOK.as_millis()).max(1);
    for _ in 0..steps {
        if stop.asked() {
            return false;
        }
        thread::sleep(LOOK);
    }
    !stop.asked()
}

/// Logs what went wrong.
fn failed(what: &str, failure: &Failure) {
    error!(what, reason = %failure.text, "failed");
}
