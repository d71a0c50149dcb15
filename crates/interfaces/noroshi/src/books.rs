//! The books of a home, opened to be read by whoever types.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use access_log::{AccessLog, AccessLogError, Book, Durable, Look, Subject};
use home::{Home, HomeError};
use intake::Stop;
use journal::Actor;
use lake::{
    AskError, AskLimits, Asking, BatchId, Between, Compartment, Entry, Expiring, FindError, Finding, Found,
    Horizon, Lake, LakeError, Listed, Looking, Question, Receive, Replay, Retention, TableName,
};
pub use model::cause::with_cause;
use model::indicator::Indicator;
use model::time::Instant;
use model::view::{Purpose, Viewer};
use page::Words;
use verdicts::{KeptVerdict, VerdictsError, Which};

use crate::range::Range;
use crate::received::{self, Unseen};
use crate::seat;
use crate::{Failure, Outcome, output};

/// The books of a home.
#[derive(Debug)]
pub struct Books {
    lake: Lake,
    folder: PathBuf,
    unseen: Unseen,
}

impl Books {
    /// Opens those of the home that is given, or of the one that the environment names, for what is then asked;
    /// that stands in the access log before anything is answered. What the home has received comes into the
    /// lake first, where that may be done.
    ///
    /// # Errors
    /// When there is no home, or it cannot be read.
    pub fn open(given: Option<&Path>, what: &str, words: Words) -> Result<Self, Failure> {
        let place = home::place(given, &|name| std::env::var_os(name));
        let home = place.and_then(|place| Home::open(&place)).map_err(|error| unopened(&error, words))?;
        crate::acts::own(&home, words)?;
        note(&home, what).map_err(|error| {
            let values = [("reason", with_cause(&error).into())];
            Failure { code: 1, text: words.with("cli-error-access", &values) }
        })?;
        let unseen = received::settle(&home, words);
        let lake = Lake::open(&home.lake()).map_err(|error| unread(&error, words))?;
        let folder = std::fs::canonicalize(home.path()).unwrap_or_else(|_| home.path().to_owned());
        Ok(Self { lake, folder, unseen })
    }

    /// The same in somebody's place, if one is named: what comes into the lake first does so as ever.
    ///
    /// # Errors
    /// As [`Books::open`], and when there is no such person.
    pub fn open_as(
        given: Option<&Path>,
        what: &str,
        person: Option<&str>,
        words: Words,
    ) -> Result<Self, Failure> {
        let books = Self::open(given, what, words)?;
        seat::take(given, person, words).map(|()| books)
    }

    /// Says what was received and is missing in what these books say, if there is anything.
    pub fn tell_unseen(&self, words: Words) {
        self.unseen.tell(words);
    }

    /// Prints what was found, and says what is missing in it.
    ///
    /// # Errors
    /// When it cannot be written; a reader that has seen enough is no failure.
    pub fn print(&self, text: &str, words: Words) -> Result<Outcome, Failure> {
        let printed = output::print(text, words);
        self.tell_unseen(words);
        printed
    }

    /// The folder of the home.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The tables of the lake.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn tables(&self) -> Result<Vec<Listed>, LakeError> {
        look(|who| self.lake.tables(who))
    }

    /// What the lake knows of all batches, in no order.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn entries(&self) -> Result<Vec<Entry>, LakeError> {
        look(|who| {
            let mut entries = Vec::new();
            for compartment in self.lake.compartments(who)? {
                entries.extend(self.lake.entries(who, &compartment)?);
            }
            Ok(entries)
        })
    }

    /// What would end of a table's rows, by day.
    ///
    /// # Errors
    /// When it cannot be read, or the table's rows are kept by no day and owner.
    pub fn expiring(&self, table: &TableName, retention: &Retention) -> Result<Vec<Expiring>, LakeError> {
        look(|who| self.lake.expiring(who, table, retention))
    }

    /// How many rows retention removed from a table, by the batch that they were of.
    ///
    /// # Errors
    /// When what is known of it cannot be read.
    pub fn expired(&self, table: &TableName) -> Result<HashMap<BatchId, u64>, LakeError> {
        look(|who| self.lake.expired(who, table))
    }

    /// Kept verdicts; `between` says when their events were.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn verdicts(
        &self,
        compartment: &Compartment,
        which: Which<'_>,
        between: Option<(Instant, Instant)>,
    ) -> Result<Vec<KeptVerdict>, VerdictsError> {
        look(|who| verdicts::of(&self.lake, who, (compartment, which), between))
    }

    /// The events of a compartment between two times, to be gone over.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn replay(&self, compartment: &Compartment, between: Between) -> Result<Replay, LakeError> {
        look(|who| self.lake.replay(who, compartment, between))
    }

    /// Asks the lake, until the user wants to stop.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn ask(&self, question: &Question, stop: &Stop, receive: &mut Receive<'_>) -> Result<(), AskError> {
        let limits = AskLimits::default();
        look(|who| self.lake.ask(&Asking { who, question, limits, stop: stop.flag() }, receive))
    }

    /// What of a compartment has been taken in now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn horizon(&self, compartment: &Compartment) -> Result<Horizon, LakeError> {
        look(|who| self.lake.horizon(who, compartment))
    }

    /// Asks the installation's own part of the lake as it was at a horizon, until the user wants to stop.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn ask_at(
        &self,
        question: &Question,
        horizon: &Horizon,
        stop: &Stop,
        receive: &mut Receive<'_>,
    ) -> Result<(), AskError> {
        let (limits, own) = (AskLimits::default(), Compartment::own());
        look(|who| {
            self.lake.ask_at(&Asking { who, question, limits, stop: stop.flag() }, (&own, horizon), receive)
        })
    }

    /// Looks for values, until the user wants to stop; told how many files of how many were looked at.
    ///
    /// # Errors
    /// Why nothing can be said.
    pub fn find(
        &self,
        wanted: &Wanted<'_>,
        stop: &Stop,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Vec<Found>, FindError> {
        let Wanted { compartment, values, range: Range { from, to }, rows } = *wanted;
        let stop = stop.flag();
        look(|who| self.lake.find(&Finding { who, compartment, values, from, to, rows, stop, progress }))
    }
}

/// Notes in the access log what is asked of the lake. Of whose rows the answer will be is not known yet.
fn note(home: &Home, what: &str) -> Result<(), AccessLogError> {
    note_in(home, Book::Lake, what)
}

/// Notes in the access log what whoever types does.
///
/// # Errors
/// When it cannot be written.
pub fn note_in(home: &Home, book: Book, what: &str) -> Result<(), AccessLogError> {
    let look = Look {
        at: now(),
        viewer: Subject::of(&Viewer::Operator(operator().subject().to_owned())),
        purpose: Purpose::Operation,
        book,
        what: what.to_owned(),
        owners: BTreeSet::new(),
        tlp: None,
        rows: 0,
    };
    AccessLog::open(&home.access())?.append(&look, Durable::Yes).map(drop)
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Where.
    pub compartment: &'a Compartment,
    /// What.
    pub values: &'a [Indicator],
    /// When.
    pub range: Range,
    /// The most rows that are given of each value.
    pub rows: usize,
}

/// Why a home cannot be read, in words. Nothing to look at is as no input.
#[must_use]
pub fn unopened(error: &HomeError, words: Words) -> Failure {
    let (code, key, path) = match error {
        HomeError::Missing { path } => (3, "cli-error-home-missing", path),
        HomeError::Foreign { path } => (2, "cli-error-home-none", path),
        error => return homeless(error, words),
    };
    Failure { code, text: words.with(key, &[("path", path.display().to_string().into())]) }
}

/// Why a home cannot be used, in words.
#[must_use]
pub fn homeless(error: &HomeError, words: Words) -> Failure {
    let (key, path) = match error {
        HomeError::Unnamed => ("cli-error-home-unnamed", None),
        HomeError::Foreign { path } => ("cli-error-home-foreign", Some(path)),
        HomeError::Newer { path, .. } => ("cli-error-home-newer", Some(path)),
        HomeError::Outdated { path, .. } => ("cli-error-home-outdated", Some(path)),
        HomeError::Busy { path, .. } => ("cli-error-home-busy", Some(path)),
        _ => ("cli-error-home", None),
    };
    let path = path.map(|path| path.display().to_string()).unwrap_or_default();
    let process = match error {
        HomeError::Busy { holder: Some(holder), .. } => holder.as_str(),
        // A word that the text knows.
        _ => "none",
    };
    let values = [("path", path.into()), ("process", process.into()), ("reason", with_cause(error).into())];
    Failure { code: 2, text: words.with(key, &values) }
}

/// Why a lake cannot be read, in words.
#[must_use]
pub fn unread(error: &LakeError, words: Words) -> Failure {
    Failure { code: 1, text: words.with("cli-error-lake", &[("reason", with_cause(error).into())]) }
}

/// Why nothing can be said of where values stand, in words.
#[must_use]
pub fn unfound(error: &FindError, words: Words) -> Failure {
    match error {
        FindError::Lake(error) => unread(error, words),
        error => {
            Failure { code: 1, text: words.with("cli-error-lake", &[("reason", with_cause(error).into())]) }
        }
    }
}

/// The time of the clock.
#[must_use]
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Instant::from_nanoseconds(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// Looks with what whoever types may see at this time, or whoever they look as.
pub fn look<T>(at: impl FnOnce(Looking<'_>) -> T) -> T {
    let now = now();
    let view = seat::view(now).unwrap_or_else(|| access::operator(operator().subject(), now));
    at(Looking { view: &view, now })
}

/// Who types.
#[must_use]
pub fn operator() -> Actor {
    Actor::local(home::user())
}

/// Who types, as the system calls them, if it does.
#[must_use]
pub fn user() -> Option<String> {
    let named = |name: &str| std::env::var(name).ok().filter(|name| !name.is_empty());
    named("USER").or_else(|| named("LOGNAME"))
}
