//! How a command writes: itself, or through the process that holds the home.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Clock};

use home::{Home, HomeError};
use intake::Cause;
use lake::{Delivery, Lake, Owner, Shard, TableName, Tables};
use model::catalogue::Catalogue;
use model::event::Flaw;
use model::marking::Marking;
use observations::{Kept, ObservationsError, Prepared, Terms};
use page::Words;
use serde::de::DeserializeOwned;
use serde_json::Value;
use verdicts::{Elsewhere, Rows, Through};

use super::answer::{Behind, Session};
use super::far::{Far, Unanswered};
use super::held::{Held, Rules};
use super::listening::Listening;
use super::observing::Found;
use super::request::{BatchKept, Request, Settled};
use crate::Failure;
use crate::acts::own;
use crate::books::{homeless, look, operator, unread};
use crate::keeping::refused;

/// How long a command waits for a home whose holder does not answer: it may have just begun, or be about to end.
const WAIT: Duration = Duration::from_secs(10);
/// How long a client waits for a service that ended, before it takes the home itself.
const SERVICE: Duration = Duration::from_secs(5);
/// Time between two tries.
const PAUSE: Duration = Duration::from_millis(20);
/// How often a request is asked again because its holder went.
const TRIES: usize = 8;

/// How a home is opened to be written to.
#[derive(Debug, Clone)]
pub struct Opening {
    /// What the command is called, for those who ask what this process does.
    pub command: &'static str,
    /// The rules that run over what it keeps.
    pub rules: Rules,
    /// Whether it takes long: then others are answered meanwhile. Others wait for a short one.
    pub is_long: bool,
}

/// What writes to a home.
pub struct Hand {
    at: Mutex<At>,
    home: Home,
    opening: Opening,
    /// What this one alone has at its holder.
    turns: Mutex<Vec<Request>>,
    words: Words,
}

enum At {
    Own(Box<Own>),
    Far(Far),
}

/// A home that this process holds.
struct Own {
    // Before what they are about.
    listening: Option<Listening>,
    session: Session,
    held: Arc<Held>,
}

impl Opening {
    /// A command that acts in the journal and is done.
    #[must_use]
    pub fn short(command: &'static str) -> Self {
        Self { command, rules: Rules::OfHome, is_long: false }
    }

    /// A command that takes long.
    #[must_use]
    pub fn long(command: &'static str, rules: Rules) -> Self {
        Self { command, rules, is_long: true }
    }
}

impl Hand {
    /// Takes the home at a place, which is made where there is none, or finds who holds it.
    ///
    /// # Errors
    /// When the home cannot be used, or its holder does not answer.
    pub fn open(place: &Path, opening: Opening, words: Words) -> Result<Self, Failure> {
        if let Ok(home) = Home::open(place) {
            own(&home, words)?;
        }
        let at = At::open(place, &opening, words)?;
        let home = Home::open(place).map_err(|error| homeless(&error, words))?;
        Ok(Self { at: Mutex::new(at), home, opening, turns: Mutex::default(), words })
    }

    /// Another hand of the process that holds the home.
    #[must_use]
    pub fn of(held: &Arc<Held>, words: Words) -> Self {
        let session = Session::new(operator(), words);
        let own = Own { listening: None, session, held: held.clone() };
        let opening = Opening::short("serve");
        let (at, turns) = (Mutex::new(At::Own(Box::new(own))), Mutex::default());
        Self { at, home: held.home().clone(), opening, turns, words }
    }

    /// The home.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The language of whoever types.
    #[must_use]
    pub fn words(&self) -> Words {
        self.words
    }

    /// The process that holds the home, if it is another one.
    #[must_use]
    pub fn other(&self) -> Option<u32> {
        match &*self.at() {
            At::Own(_) => None,
            At::Far(far) => Some(far.process()),
        }
    }

    /// Asks for something, and gives the answer as it is told.
    ///
    /// # Errors
    /// Why there is none.
    pub fn ask<T: DeserializeOwned>(&self, request: &Request, behind: Behind<'_>) -> Result<T, Failure> {
        let answer = self.told(request, behind)?;
        serde_json::from_value(answer).map_err(|error| Failure { code: 1, text: error.to_string() })
    }

    fn told(&self, request: &Request, mut behind: Behind<'_>) -> Result<Value, Failure> {
        let mut at = self.at();
        for _ in 0..TRIES {
            match at.once(request, &mut behind) {
                Ok(value) => {
                    self.note(request, &value);
                    return Ok(value);
                }
                Err(Unanswered::Failed(failure)) => return Err(failure),
                Err(Unanswered::Unknown(error)) if !request.is_repeatable() => {
                    let values = [("reason", error.to_string().into())];
                    let text = self.words.with("cli-error-holder-died", &values);
                    return Err(Failure { code: 1, text });
                }
                Err(Unanswered::NotBegun | Unanswered::Unknown(_)) => self.reopen(&mut at)?,
            }
        }
        Err(homeless(&HomeError::Busy { path: self.home.path().to_owned(), holder: None }, self.words))
    }

    /// Finds who holds the home now, and takes there what this one alone had.
    fn reopen(&self, at: &mut At) -> Result<(), Failure> {
        // A service that ended is begun again before somebody who only asks keeps its home for long.
        if matches!(at, At::Far(far) if far.is_service()) {
            let until = Clock::now() + SERVICE;
            while Clock::now() < until {
                if let Ok(far) = Far::open(self.home.path(), self.words) {
                    *at = At::Far(far);
                    return self.retake(at);
                }
                std::thread::sleep(PAUSE);
            }
        }
        *at = At::open(self.home.path(), &self.opening, self.words)?;
        self.retake(at)
    }

    /// Takes what this one alone had.
    fn retake(&self, at: &mut At) -> Result<(), Failure> {
        for turn in self.turns.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if matches!(turn, Request::BeginCorrelations) {
                // Others may have correlated meanwhile what this one takes for new.
                return Err(Failure { code: 1, text: self.words.get("cli-error-correlations-lost") });
            }
            match at.once(turn, &mut Behind::Nothing) {
                Ok(Value::Bool(false)) => {
                    return Err(Failure { code: 1, text: self.words.get("cli-detect-other-scan") });
                }
                Err(Unanswered::Failed(failure)) => return Err(failure),
                // Whoever went as well is found out with the next request.
                Ok(_) | Err(Unanswered::NotBegun | Unanswered::Unknown(_)) => {}
            }
        }
        Ok(())
    }

    /// Notes what this one alone has.
    fn note(&self, request: &Request, answer: &Value) {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        match request {
            Request::BeginScan | Request::BeginCorrelations if *answer != Value::Bool(false) => {
                turns.push(request.clone());
            }
            Request::EndCorrelations => turns.retain(|turn| !matches!(turn, Request::BeginCorrelations)),
            _ => {}
        }
    }

    /// The terms on which an owner's events are taken in.
    ///
    /// # Errors
    /// When what is kept of the owner's compartment cannot be read.
    pub fn terms(&self, owner: Owner, marking: Marking) -> Result<Terms, Failure> {
        let failed = |error: ObservationsError| refused(&error, self.words);
        self.ask::<()>(&Request::BeginReading, Behind::Nothing)?;
        if let Some(held) = self.held() {
            let observing = held.observing(self.words)?;
            return look(|who| observing.alone().terms(who, owner, marking)).map_err(failed);
        }
        let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
        let tables = Arc::new(Tables::new(catalogue));
        look(|who| observations::terms(&self.home, who, (owner, marking), tables)).map_err(failed)
    }

    /// Keeps a batch; on return it outlives a power cut. None where somebody else kept something of its source
    /// meanwhile: it is to be read anew.
    ///
    /// # Errors
    /// When it is not kept.
    pub fn keep(&self, terms: &Terms, prepared: Prepared) -> Result<Option<Kept>, Failure> {
        let entry = prepared.entry().clone();
        let request = Request::KeepBatch { place: place_of(&entry.source_path) };
        let kept: BatchKept = self.ask(&request, Behind::Batch(Box::new(prepared)))?;
        Ok(match kept {
            BatchKept::Stale => None,
            BatchKept::Now => {
                terms.kept(&entry);
                Some(Kept::Now)
            }
            BatchKept::Before(path) => {
                terms.kept(&entry);
                Some(Kept::Before(path.into()))
            }
        })
    }

    /// Adds to the lake what waits; gives what was found in what was kept since the last time.
    ///
    /// # Errors
    /// When lake or spool refuse. What was kept is in the spool.
    pub fn settle(&self) -> Result<Found, Failure> {
        {
            if let At::Own(own) = &mut *self.at() {
                return own.held.settle(&mut own.session);
            }
        }
        let Settled { levels, faults, findings } = self.ask(&Request::Settle, Behind::Nothing)?;
        let flaw = |(path, panic): (String, String)| Flaw::new(path, 0, Cause::PartLost { panic });
        Ok(Found { levels, flaws: faults.into_iter().map(flaw).collect(), undated: 0, findings })
    }

    /// Tables that rows are added to that come from no batch.
    ///
    /// # Errors
    /// When the home's observations cannot be used.
    pub fn rows(&self) -> Result<Box<dyn Rows + '_>, Failure> {
        if let Some(held) = self.held() {
            return Ok(Box::new(held.observing(self.words)?.orders().clone()));
        }
        let lake = Lake::open(&self.home.lake()).map_err(|error| unread(&error, self.words))?;
        Ok(Box::new(Through { lake: Arc::new(lake), elsewhere: self }))
    }

    /// Does what is to be done when there is no other work; another process that holds the home does so by itself.
    ///
    /// # Errors
    /// When the lake refuses.
    pub fn tidy(&self) -> Result<(), Failure> {
        let Some(held) = self.held() else { return Ok(()) };
        let tidied = held.observing(self.words)?.tidy();
        tidied.map_err(|error| refused(&error, self.words))
    }

    /// What this process holds, if it is this one.
    #[must_use]
    pub fn held(&self) -> Option<Arc<Held>> {
        match &*self.at() {
            At::Own(own) => Some(own.held.clone()),
            At::Far(_) => None,
        }
    }

    fn at(&self) -> MutexGuard<'_, At> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a source lies, however it is spelled: its file's own path, with the member of an archive behind it.
fn place_of(source_path: &str) -> String {
    let own = |path: &str| std::fs::canonicalize(path).ok().map(|path| path.display().to_string());
    own(source_path).unwrap_or_else(|| {
        let (file, member) = source_path.split_once('!').unwrap_or((source_path, ""));
        own(file).map_or_else(|| source_path.to_owned(), |file| format!("{file}!{member}"))
    })
}

/// The process that holds the home adds rows.
impl Elsewhere for &Hand {
    fn last(&mut self, table: &TableName, shard: &Shard) -> Result<Option<u64>, String> {
        self.ask(&Request::last(table, shard), Behind::Nothing).map_err(|failure| failure.text)
    }

    fn add(&mut self, table: &TableName, rows: &[u8], from: &Delivery) -> Result<(), String> {
        self.ask(&Request::add_rows(table, from), Behind::Bytes(rows)).map_err(|failure| failure.text)
    }
}

impl At {
    /// Asks once.
    fn once(&mut self, request: &Request, behind: &mut Behind<'_>) -> Result<Value, Unanswered> {
        match self {
            Self::Own(own) => {
                let behind = std::mem::replace(behind, Behind::Nothing);
                own.held.answer(request.clone(), behind, &mut own.session).map_err(Unanswered::Failed)
            }
            Self::Far(far) => far.ask(request, behind),
        }
    }

    /// Takes the home, or finds who holds it.
    fn open(place: &Path, opening: &Opening, words: Words) -> Result<Self, Failure> {
        let until = Clock::now() + WAIT;
        loop {
            let busy = match home::Writer::take(place) {
                Ok(lock) => return Own::open(lock, opening, words).map(|own| Self::Own(Box::new(own))),
                Err(busy @ HomeError::Busy { .. }) => busy,
                Err(error) => return Err(homeless(&error, words)),
            };
            match Far::open(place, words) {
                Ok(far) => return Ok(Self::Far(far)),
                Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                    return Err(Failure { code: 2, text: error.to_string() });
                }
                // It holds the home and does not answer: it has just begun, is a short command, or goes.
                Err(_) if Clock::now() < until => std::thread::sleep(PAUSE),
                Err(_) => return Err(homeless(&busy, words)),
            }
        }
    }
}

impl Own {
    fn open(lock: home::Writer, opening: &Opening, words: Words) -> Result<Self, Failure> {
        let held = Held::open(lock, opening.command, opening.rules.clone(), words)?;
        let held = Arc::new(held);
        let listening = opening.is_long.then(|| Listening::begin(held.clone())).transpose();
        let listening = listening.map_err(|error| {
            let path: PathBuf = held.path().join("socket");
            Failure::output(words, &path.display().to_string(), &error)
        })?;
        Ok(Self { listening, session: Session::new(operator(), words), held })
    }
}

impl std::fmt::Debug for Own {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Own").field("listening", &self.listening).finish_non_exhaustive()
    }
}
