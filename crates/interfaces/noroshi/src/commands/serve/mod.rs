//! `noroshi serve`: holds a home for as long as it runs. It follows logs, answers the other commands, and does
//! what is due.

mod carrying;
mod follow;
mod jobs;
mod upkeep;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant as Clock};

use intake::Stop;
use model::panic::caught;
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
    let broken = Broken::default();
    end_in_time(&stop, &broken);
    let hand = Hand::open(&place, Opening::long("serve", Rules::OfHome), words)?;
    let Some(held) = hand.held() else {
        let process = hand.other().unwrap_or_default().to_string();
        return Err(Failure::usage(words, "cli-error-serve-held", &[("process", process.into())]));
    };
    // What was received before comes into the lake before anything new does.
    held.observing(words)?;
    info!(home = %place.display(), follows = settings.follow.len(), "serving");
    println!("{}", words.with("cli-serve-serving", &[("path", place.display().to_string().into())]));
    Duties { held: &held, settings: &settings, manager: &manager, stop: &stop, broken: &broken, words }.all();
    info!("ended");
    drop(held);
    drop(hand);
    Ok(if broken.is_so() { Outcome::Unwritten } else { Outcome::Done })
}

/// Whether something broke that only a new process mends.
#[derive(Debug, Clone, Default)]
struct Broken(Arc<AtomicBool>);

impl Broken {
    fn is_so(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Lets the process end, to be begun anew.
    fn breaks(&self, stop: &Stop) {
        self.0.store(true, Ordering::SeqCst);
        stop.flag().store(true, Ordering::SeqCst);
    }
}

/// Ends the process when it was told to some time ago. A commit or a compaction that takes longer is as a power cut
/// to it, which costs nothing.
fn end_in_time(stop: &Stop, broken: &Broken) {
    let (stop, broken) = (stop.clone(), broken.clone());
    thread::spawn(move || {
        while !stop.asked() {
            thread::sleep(LOOK);
        }
        thread::sleep(FAREWELL);
        warn!("ended in the middle of something; it is done when the home is opened next");
        std::process::exit(i32::from(broken.is_so()));
    });
}

/// The settings of the home at a place, which may not be there yet, and what of them cannot be used as it is.
fn settings_of(place: &Path, words: Words) -> Result<(Settings, Vec<Fault>), Failure> {
    let read = Settings::within(place).map_err(|error| settings::refused(&error, words))?;
    let Some((settings, places)) = read else { return Ok((Settings::default(), Vec::new())) };
    let faults = settings::look(&settings, &places, place);
    Ok((settings, faults))
}

/// All that is done while a home is held.
struct Duties<'a> {
    held: &'a Arc<Held>,
    settings: &'a Settings,
    manager: &'a Manager,
    stop: &'a Stop,
    broken: &'a Broken,
    words: Words,
}

impl Duties<'_> {
    /// Does everything until the user wants it to end, or something breaks.
    fn all(&self) {
        let Self { held, settings, stop, words, .. } = *self;
        let following = Following::new(held, &settings.follow);
        thread::scope(|scope| {
            for source in following.sources() {
                scope.spawn(|| self.duty(|| source.follow(held, stop, words)));
            }
            scope.spawn(|| self.duty(|| upkeep::deadlines(held, &following, stop, words)));
            scope.spawn(|| self.duty(|| upkeep::tidiness(held, stop, words)));
            scope.spawn(|| self.duty(|| carrying::carry(held, settings, stop)));
            scope.spawn(|| self.duty(|| jobs::work(held, stop)));
            tell(self.manager.ready());
            self.watch();
            info!("to end");
            tell(self.manager.stopping());
        });
    }

    /// A duty that nobody does any more is worse than a service that is begun anew.
    fn duty(&self, work: impl FnOnce()) {
        if let Err(reason) = caught(work) {
            error!(reason, "a duty broke off");
            self.broken.breaks(self.stop);
        }
    }

    /// Waits until the process is to end; says meanwhile to who watches that it moves.
    fn watch(&self) {
        let mut said = Clock::now();
        while !self.stop.asked() {
            thread::sleep(LOOK);
            if self.manager.interval().is_some_and(|interval| said.elapsed() >= interval) {
                said = Clock::now();
                tell(self.manager.alive());
            }
            let observing = self.held.observed();
            if let Some(why) = observing.as_ref().and_then(|observing| observing.orders().ended()) {
                error!(reason = why, "nothing comes into the lake any more");
                self.broken.breaks(self.stop);
            }
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
