//! Sources that `serve` follows.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use intake::inputs::{self, InputFile};
use intake::{Settings as Reading, Stop};
use lake::{Compartment, Owner};
use model::event::Flaw;
use model::marking::Marking;
use model::time::Instant;
use page::Words;
use sources::{Limits, Undated};
use tracing::{info, warn};

use super::{failed, wait};
use crate::Failure;
use crate::books::{look, now};
use crate::holder::request::Followed;
use crate::holder::{Hand, Held};
use crate::keeping::{Became, Keeping, Ways};
use crate::settings::Follow;

/// How long a source that could not be followed is left alone.
const PAUSE: Duration = Duration::from_secs(30);

/// All sources that are followed, and what was heard of them.
pub struct Following {
    sources: Vec<Source>,
}

/// A source that is followed.
pub struct Source {
    pub(super) settings: Follow,
    pub(super) heard: Mutex<Heard>,
    number: usize,
}

/// What was heard of a source.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// When something new was kept last; when the holder began, if nothing is known.
    pub last: Instant,
    events: u64,
}

impl Following {
    /// The sources of these settings, with what the lake knows of them.
    #[must_use]
    pub fn new(held: &Held, follows: &[Follow]) -> Self {
        let known = known(held);
        let source = |(number, settings): (usize, &Follow)| {
            let last = known.get(settings.name.as_str()).copied();
            let heard = Heard { last: last.unwrap_or_else(now), events: 0 };
            let told =
                Followed { name: settings.name.as_str().to_owned(), heard: last, events: 0, trouble: None };
            held.follows().push(told);
            Source { settings: settings.clone(), heard: Mutex::new(heard), number }
        };
        Self { sources: follows.iter().enumerate().map(source).collect() }
    }

    /// The sources.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }
}

/// When something of each named source was received last.
fn known(held: &Held) -> HashMap<String, Instant> {
    let Some(observing) = held.observed() else { return HashMap::new() };
    let entries = look(|who| observing.orders().lake().entries(who, &Compartment::own()));
    let mut known: HashMap<String, Instant> = HashMap::new();
    for entry in entries.unwrap_or_default() {
        let last = known.entry(entry.owner.source).or_insert(entry.received);
        *last = entry.received.max(*last);
    }
    known
}

impl Source {
    /// What was heard of it.
    #[must_use]
    pub fn heard(&self) -> Heard {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows it until the process is to end; what fails is tried again.
    pub fn follow(&self, held: &Arc<Held>, stop: &Stop, words: Words) {
        let name = self.settings.name.as_str();
        while !stop.asked() {
            info!(source = name, "followed");
            let followed = self.once(held, stop, words);
            self.told(held, |told| {
                told.trouble = followed.as_ref().err().map(|failure| failure.text.clone())
            });
            let Err(failure) = followed else { return };
            failed(name, &failure);
            if !wait(stop, PAUSE) {
                return;
            }
        }
    }

    fn once(&self, held: &Arc<Held>, stop: &Stop, words: Words) -> Result<(), Failure> {
        let Follow { name, paths, owner, tlp, .. } = &self.settings;
        let hand = Hand::of(held, words);
        let owner = Owner {
            compartment: Compartment::own(),
            organisation: owner.as_str().to_owned(),
            source: name.as_str().to_owned(),
        };
        let whose = (owner, Marking { tlp: *tlp, ..Marking::default() });
        let (settings, bytes) = (self.reading(), AtomicU64::new(0));
        let ways = Ways { settings: &settings, stop, bytes: &bytes, again: false };
        let keeping = Keeping { hand: &hand, whose, ways };
        let found = inputs::find_until(paths, stop);
        for (path, error) in &found.missed {
            warn!(source = name.as_str(), path = %path, reason = %error, "not there yet");
        }
        // Pipes and devices give what they have once.
        let there: Vec<InputFile> = found.files.into_iter().filter(|file| file.path.is_file()).collect();
        keeping.run(&there, &mut |became| self.became(held, became))?;
        if stop.asked() {
            return Ok(());
        }
        keeping.follow(paths, &mut |became| self.became(held, became)).map(drop)
    }

    fn reading(&self) -> Reading {
        let Follow { zone, year, .. } = &self.settings;
        let undated = year.map_or(Undated::Unknown, |year| Undated::Year(year.get()));
        Reading {
            threads: 1,
            limits: Limits { zone: zone.time_zone().clone(), undated, ..Limits::default() },
        }
    }

    fn became(&self, held: &Held, became: Became) {
        match became {
            Became::Kept { events, flaws, .. } => {
                let heard = {
                    let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
                    *heard = Heard { last: now(), events: heard.events + events };
                    *heard
                };
                self.told(held, |told| (told.heard, told.events) = (Some(heard.last), heard.events));
                self.flawed(&flaws);
            }
            Became::Flaws(flaws) => self.flawed(&flaws),
            Became::Settled(found) => self.flawed(&found.flaws),
            Became::There { .. } => {}
        }
    }

    fn flawed(&self, flaws: &[Flaw]) {
        if let Some(first) = flaws.first() {
            let (name, number) = (self.settings.name.as_str(), flaws.len());
            warn!(source = name, flaws = number, path = %first.source_path, first = %first.reason, "not all could be read");
        }
    }

    fn told(&self, held: &Held, change: impl FnOnce(&mut Followed)) {
        if let Some(told) = held.follows().get_mut(self.number) {
            change(told);
        }
    }
}
