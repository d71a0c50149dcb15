//! Acts in the journal of a home, and what was done there.

use std::collections::HashMap;
use std::path::Path;

use home::{Home, HomeError};
use journal::jobs::{Job, Progress};
use journal::query::Select;
use journal::{ActError, Done, JournalError, Kind, Kinds, Looking, Reader, ToldCommand, Undone};
use page::Words;

use crate::Failure;
use crate::books::{homeless, unopened, with_cause};
use crate::holder::request::{ActDone, ActsDone, Request};
use crate::holder::{Behind, Hand, Opening};

/// Long work whose progress others see.
pub struct Work<'a> {
    hand: &'a Hand,
    job: Job,
    total: u64,
}

/// The kinds of stream that the program knows.
#[must_use]
pub fn kinds() -> Kinds {
    register::kinds(watch::kinds(Kinds::new())).with::<files::Holdings>()
}

/// What writes to the home that is given, or to the one that the environment names; it is made where there is
/// none.
///
/// # Errors
/// When the home cannot be used.
pub fn hand(given: Option<&Path>, opening: Opening, words: Words) -> Result<Hand, Failure> {
    let place = home::place(given, &|name| std::env::var_os(name));
    let place = place.map_err(|error| homeless(&error, words))?;
    Hand::open(&place, opening, words)
}

/// The same for a home that is there.
///
/// # Errors
/// As [`hand`], and when there is none.
pub fn existing_hand(given: Option<&Path>, opening: Opening, words: Words) -> Result<Hand, Failure> {
    existing(given, words)?;
    hand(given, opening, words)
}

impl Hand {
    /// Acts in a stream; whoever types does. `refused` says the activity's refusals in words.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn act<K: Kind>(
        &self,
        id: &str,
        command: &K::Command,
        refused: impl FnOnce(&K::Refusal) -> Failure,
    ) -> Result<Done, Failure> {
        self.tried::<K>(id, command)?.map_err(|error| undone(error, self.words(), refused))
    }

    /// The same for who looks at refusals.
    ///
    /// # Errors
    /// When nobody could be asked.
    pub fn tried<K: Kind>(
        &self,
        id: &str,
        command: &K::Command,
    ) -> Result<Result<Done, ActError<K::Refusal>>, Failure> {
        let told = ToldCommand::new::<K>(id, command).map_err(|error| unkept(&error, self.words()))?;
        let done: ActDone = self.ask(&Request::Act(told), Behind::Nothing)?;
        Ok(done.map_err(Undone::of::<K>))
    }

    /// Acts in several streams, in all or none.
    ///
    /// # Errors
    /// When nobody could be asked.
    pub fn together(&self, commands: Vec<ToldCommand>) -> Result<ActsDone, Failure> {
        self.ask(&Request::ActTogether(commands), Behind::Nothing)
    }

    /// Reads the journal.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader::open(self.home(), kinds())
    }

    /// Long work in so many steps: what is not done of it, or new.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn work(&self, kind: &str, what: &str, total: u64) -> Result<Work<'_>, Failure> {
        let request = Request::Job { kind: kind.to_owned(), what: what.to_owned() };
        Ok(Work { hand: self, job: self.ask(&request, Behind::Nothing)?, total })
    }
}

impl Work<'_> {
    /// Notes that so many steps are done, and which is next.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn is_at(&self, done: u64, next: &str) -> Result<(), Failure> {
        let progress = Progress { position: next.to_owned(), done, total: self.total };
        self.hand.ask(&Request::JobIsAt { id: self.job.id.clone(), progress }, Behind::Nothing)
    }

    /// Notes that all is done, or why it is not.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn ends(&self, outcome: Result<(), String>) -> Result<(), Failure> {
        self.hand.ask(&Request::JobEnds { id: self.job.id.clone(), outcome }, Behind::Nothing)
    }
}

/// The home that is given, or the one that the environment names, to be read; it must be there.
///
/// # Errors
/// When there is none, it cannot be read, or it is another user's.
pub fn existing(given: Option<&Path>, words: Words) -> Result<Home, Failure> {
    let home = find(given).map_err(|error| unopened(&error, words))?;
    own(&home, words).map(|()| home)
}

/// The same; none where none was made yet.
///
/// # Errors
/// When it cannot be read, or is another user's.
pub fn home(given: Option<&Path>, words: Words) -> Result<Option<Home>, Failure> {
    match find(given) {
        Ok(home) => own(&home, words).map(|()| Some(home)),
        Err(HomeError::Missing { .. } | HomeError::Unnamed) => Ok(None),
        Err(error) => Err(unopened(&error, words)),
    }
}

fn find(given: Option<&Path>) -> Result<Home, HomeError> {
    let place = home::place(given, &|name| std::env::var_os(name));
    place.and_then(|place| Home::open(&place))
}

/// The journal of a home that is there, to be read.
///
/// # Errors
/// When there is none.
pub fn read(given: Option<&Path>, words: Words) -> Result<Reader, Failure> {
    existing(given, words).map(|home| Reader::open(&home, kinds()))
}

/// The names of those who act, by subject, as far as they are known.
///
/// # Errors
/// When they cannot be read.
pub fn names(reader: &Reader, who: Looking<'_>) -> Result<HashMap<String, String>, JournalError> {
    let mut names = HashMap::new();
    reader.each(who, Select::all("journal_subjects", 1_000), &mut |row| {
        let (subject, name) = (row.text("subject"), row.text("name"));
        names.extend((!name.is_empty()).then(|| (subject.to_owned(), name.to_owned())));
    })?;
    Ok(names)
}

/// Refuses a home of another user: what this one would write there, its owner could not read.
///
/// # Errors
/// When it is one.
pub fn own(home: &Home, words: Words) -> Result<(), Failure> {
    let path = home.path().display().to_string();
    if home.is_own() {
        Ok(())
    } else {
        Err(Failure::usage(words, "cli-error-home-other", &[("path", path.into())]))
    }
}

/// Why the journal cannot be used, in words.
#[must_use]
pub fn unkept(error: &(dyn std::error::Error + 'static), words: Words) -> Failure {
    let newer = |error: &JournalError| {
        use JournalError::{Newer, NewerActs, NewerFold};
        matches!(error, Newer { .. } | NewerActs { .. } | NewerFold { .. })
    };
    let key = match error.downcast_ref::<JournalError>() {
        Some(error) if newer(error) => "cli-error-journal-newer",
        Some(JournalError::Outdated { .. }) => "cli-error-journal-outdated",
        _ => "cli-error-journal",
    };
    Failure { code: 1, text: words.with(key, &[("reason", with_cause(error).into())]) }
}

/// Why a command led to no act, in words; `refused` says it of the activity's own refusals.
pub fn undone<R: std::error::Error + 'static>(
    error: ActError<R>,
    words: Words,
    refused: impl FnOnce(&R) -> Failure,
) -> Failure {
    match error {
        ActError::Refused(refusal) => refused(&refusal),
        ActError::Taken { what } => Failure::usage(words, "cli-error-taken", &[("what", what.into())]),
        ActError::Journal(error) => unkept(&error, words),
    }
}
