//! Sources that `serve` follows.

use std::collections::HashMap;
use std::io::ErrorKind;
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
    troubles: Mutex<Troubles>,
    number: usize,
}

/// What was heard of a source.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// When something new was kept last, as far as is known.
    pub last: Option<Instant>,
    /// Since when it is followed.
    pub since: Instant,
    events: u64,
}

/// What cannot be read of a source, since it was begun to be followed.
#[derive(Debug, Default)]
struct Troubles {
    /// The first path that is there and cannot be read, and why.
    unread: Option<(String, String)>,
    flaws: u64,
    /// Where the last flaw is, and what it is.
    last: Option<(String, String)>,
}

impl Following {
    /// The sources of these settings, with what the lake knows of them.
    #[must_use]
    pub fn new(held: &Held, follows: &[Follow]) -> Self {
        let known = known(held);
        let source = |(number, settings): (usize, &Follow)| {
            let last = known.get(settings.name.as_str()).copied();
            let heard = Heard { last, since: now(), events: 0 };
            let told =
                Followed { name: settings.name.as_str().to_owned(), heard: last, events: 0, trouble: None };
            held.follows().push(told);
            let troubles = Mutex::default();
            Source { settings: settings.clone(), heard: Mutex::new(heard), troubles, number }
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
        let mut troubles = Troubles::default();
        for (path, error) in &found.missed {
            if error.kind() == ErrorKind::NotFound {
                warn!(source = name.as_str(), path = %path, reason = %error, "not there yet");
            } else {
                warn!(source = name.as_str(), path = %path, reason = %error, "cannot be read");
                troubles.unread.get_or_insert_with(|| (path.clone(), error.to_string()));
            }
        }
        self.troubled(held, words, |known| *known = troubles);
        // Pipes and devices give what they have once.
        let there: Vec<InputFile> = found.files.into_iter().filter(|file| file.path.is_file()).collect();
        let mut tell = |became| self.became(held, words, became);
        keeping.run(&there, &mut tell)?;
        if stop.asked() {
            return Ok(());
        }
        keeping.follow(paths, &mut tell).map(drop)
    }

    fn reading(&self) -> Reading {
        let Follow { zone, year, .. } = &self.settings;
        let undated = year.map_or(Undated::Unknown, |year| Undated::Year(year.get()));
        Reading {
            threads: 1,
            limits: Limits { zone: zone.time_zone().clone(), undated, ..Limits::default() },
        }
    }

    fn became(&self, held: &Held, words: Words, became: Became) {
        match became {
            Became::Kept { events, flaws, .. } => {
                let heard = {
                    let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
                    *heard = Heard { last: Some(now()), events: heard.events + events, ..*heard };
                    *heard
                };
                self.told(held, |told| (told.heard, told.events) = (heard.last, heard.events));
                self.flawed(held, words, &flaws);
            }
            Became::Flaws(flaws) => self.flawed(held, words, &flaws),
            Became::Settled(found) => self.flawed(held, words, &found.flaws),
            Became::There { .. } => {}
        }
    }

    fn flawed(&self, held: &Held, words: Words, flaws: &[Flaw]) {
        if let Some((first, last)) = flaws.first().zip(flaws.last()) {
            let (name, number) = (self.settings.name.as_str(), flaws.len());
            warn!(source = name, flaws = number, path = %first.source_path, first = %first.reason, "not all could be read");
            self.troubled(held, words, |known| {
                known.flaws += number as u64;
                known.last = Some((last.source_path.to_string(), last.reason.to_string()));
            });
        }
    }

    /// Changes what is known to be wrong, and tells it.
    fn troubled(&self, held: &Held, words: Words, change: impl FnOnce(&mut Troubles)) {
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut troubles);
        let text = troubles.text(words);
        self.told(held, |told| told.trouble = text);
    }

    fn told(&self, held: &Held, change: impl FnOnce(&mut Followed)) {
        if let Some(told) = held.follows().get_mut(self.number) {
            change(told);
        }
    }
}

impl Troubles {
    /// In words; none where all can be read.
    fn text(&self, words: Words) -> Option<String> {
        let unread = self.unread.as_ref().map(|(path, reason)| {
            let values = [("path", path.as_str().into()), ("reason", reason.as_str().into())];
            words.with("cli-status-unread", &values)
        });
        let flaws = self.last.as_ref().map(|(path, reason)| {
            let values = [
                ("flaws", self.flaws.into()),
                ("path", path.as_str().into()),
                ("reason", reason.as_str().into()),
            ];
            words.with("cli-status-flaws", &values)
        });
        let all: Vec<String> = unread.into_iter().chain(flaws).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }
}
