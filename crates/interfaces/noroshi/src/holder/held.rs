//! What the process that holds a home has.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Clock};

use detect::Placeholders;
use home::Home;
use intake::Stop;
use journal::{Acting, Actor, Journal, JournalError};
use lake::Tables;
use model::catalogue::Catalogue;
use model::time::Instant;
use observations::{Kept, Prepared};
use page::Words;
use tracing::error;
use verdicts::Detecting;

use super::observing::Observing;
use super::readers::Readers;
use super::request::Followed;
use crate::acts::{kinds, own, unkept};
use crate::books::{now, operator, user};
use crate::keeping::refused;
use crate::sets::Sets;
use crate::settings::{self, Settings};
use crate::{Failure, detecting};

/// How long rules that could not be read are left alone.
const RULES_PAUSE: Duration = Duration::from_secs(60);

/// The rules that run over what comes into the lake.
#[derive(Debug, Clone)]
pub enum Rules {
    /// Those that run in the home, also when somebody changes them.
    OfHome,
    /// These.
    These(Arc<Detecting>),
    /// None.
    None,
}

/// A home that this process holds, for all of its threads.
pub struct Held {
    // Before the lock, so that nobody else writes while these end.
    journal: Journal,
    observing: Mutex<Option<Arc<Observing>>>,
    rules: Rules,
    limits: Limits,
    /// Whether other rules run in the home than when they were read.
    are_rules_old: AtomicBool,
    /// When they could not be read last.
    rules_failed: Mutex<Option<Clock>>,
    /// Who kept something of a source last.
    readers: Readers,
    pub(super) account: Account,
    lock: home::Writer,
}

/// How much of the disk may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes below which nothing new is taken in.
    pub free: u64,
    /// Bytes that all files together may take.
    pub files: u64,
}

/// What a holder tells of itself.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) command: String,
    pub(super) since: Instant,
    pub(super) clients: AtomicU64,
    pub(super) batches: AtomicU64,
    pub(super) events: AtomicU64,
    pub(super) follows: Mutex<Vec<Followed>>,
    pub(super) trouble: Mutex<Option<String>>,
}

impl Held {
    /// Opens the books of a home that this process has taken; whoever types acts, and what has become due is
    /// done first. `command` says to others what this process does.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn open(lock: home::Writer, command: &str, rules: Rules, words: Words) -> Result<Self, Failure> {
        own(lock.home(), words)?;
        let settings = Settings::read(lock.home()).map_err(|error| settings::refused(&error, words))?;
        let limits = Limits { free: settings.disk.free.bytes(), files: settings.disk.files.bytes() };
        let failed = |error: JournalError| unkept(&error, words);
        let journal = Journal::open(&lock, kinds()).map_err(failed)?;
        journal.wake(now()).map_err(failed)?;
        let account = Account {
            command: command.to_owned(),
            since: now(),
            clients: AtomicU64::new(0),
            batches: AtomicU64::new(0),
            events: AtomicU64::new(0),
            follows: Mutex::default(),
            trouble: Mutex::default(),
        };
        let (observing, are_rules_old) = (Mutex::default(), AtomicBool::new(false));
        let held = Self {
            journal,
            observing,
            rules,
            limits,
            are_rules_old,
            account,
            lock,
            rules_failed: Mutex::default(),
            readers: Readers::default(),
        };
        held.name(&operator(), user().as_deref(), words)?;
        Ok(held)
    }

    /// Says what somebody is called who acts.
    pub(super) fn name(&self, actor: &Actor, name: Option<&str>, words: Words) -> Result<(), Failure> {
        let Some(name) = name else { return Ok(()) };
        self.journal.name(actor, name, now()).map_err(|error| unkept(&error, words))
    }

    /// The home.
    #[must_use]
    pub fn home(&self) -> &Home {
        self.lock.home()
    }

    /// Its folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.home().path()
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The installation itself, which acts now.
    #[must_use]
    pub fn installation() -> Acting {
        Acting { actor: Actor::installation(), now: now() }
    }

    /// Does what is due in the journal; gives how many acts that were.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn wake(&self) -> Result<u64, JournalError> {
        let acts = self.journal.wake(now())?;
        if acts > 0 {
            self.rules_changed();
        }
        Ok(acts)
    }

    /// The observations, opened when they are needed first.
    ///
    /// # Errors
    /// When spool, lake or rules cannot be used.
    pub fn observing(&self, words: Words) -> Result<Arc<Observing>, Failure> {
        let mut observing = self.observing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(observing) = &*observing {
            return Ok(observing.clone());
        }
        let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
        let detecting = match &self.rules {
            Rules::OfHome => Some(detecting::with(self.running(words)?, catalogue.clone())),
            Rules::These(detecting) => Some(detecting.clone()),
            Rules::None => None,
        };
        let tables = Arc::new(Tables::new(catalogue));
        let opened = Observing::open(&self.lock, tables, detecting, words);
        let opened = Arc::new(opened.map_err(|error| refused(&error, words))?);
        opened.alone().leave_free(self.limits.free);
        *observing = Some(opened.clone());
        Ok(opened)
    }

    /// The observations, if they were needed.
    #[must_use]
    pub fn observed(&self) -> Option<Arc<Observing>> {
        self.observing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who kept something of a source last.
    pub(super) fn readers(&self) -> &Readers {
        &self.readers
    }

    /// Keeps a batch.
    ///
    /// # Errors
    /// When it is not kept.
    pub fn keep(&self, prepared: Prepared, words: Words) -> Result<Kept, Failure> {
        let observing = self.observing(words)?;
        self.read_rules(words);
        let events = prepared.entry().events;
        let kept = observing.keep(prepared).map_err(|error| refused(&error, words))?;
        if kept == Kept::Now {
            self.account.batches.fetch_add(1, Ordering::Relaxed);
            self.account.events.fetch_add(events, Ordering::Relaxed);
        }
        Ok(kept)
    }

    /// How much of the disk may be taken.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// What is told of sources that are followed.
    pub fn follows(&self) -> MutexGuard<'_, Vec<Followed>> {
        self.account.follows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Batches kept since this process holds the home.
    #[must_use]
    pub fn batches(&self) -> u64 {
        self.account.batches.load(Ordering::Relaxed)
    }

    /// Notes why nothing new is taken in, if so; whether it was so before.
    pub fn trouble(&self, trouble: Option<String>) -> bool {
        let mut told = self.account.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *told, trouble).is_some()
    }

    /// Notes that other rules may run in the home now.
    pub fn rules_changed(&self) {
        self.are_rules_old.store(true, Ordering::SeqCst);
    }

    /// Lets the rules run that run in the home now, if they changed. Where they cannot be read, those of before
    /// run on, it is said, and tried again after a while.
    pub fn read_rules(&self, words: Words) {
        let Some(observing) = self.observed() else { return };
        let (Rules::OfHome, Some(detecting)) = (&self.rules, observing.detecting()) else { return };
        // One at a time, so that nobody who began earlier ends later.
        let mut failed = self.rules_failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_some_and(|failed| failed.elapsed() < RULES_PAUSE)
            || !self.are_rules_old.swap(false, Ordering::SeqCst)
        {
            return;
        }
        match self.running(words) {
            Ok(rules) => {
                *failed = None;
                detecting.switch(detecting::running(rules, observing.tables().catalogue().clone()));
            }
            Err(failure) => {
                *failed = Some(Clock::now());
                self.rules_changed();
                error!(reason = %failure.text, "rules that changed cannot be read; those of before run on");
            }
        }
    }

    fn running(&self, words: Words) -> Result<detect::RuleSet, Failure> {
        let sets = Sets::at(Some(self.home().clone()), words);
        Ok(sets.running(&Placeholders::new(), &Stop::default())?.unwrap_or_default())
    }
}
