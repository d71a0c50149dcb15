//! The journal of a home, opened to act in it or to read what was done.

use std::collections::HashMap;
use std::path::Path;

use home::{Home, HomeError};
use journal::jobs::{Job, Progress};
use journal::query::Select;
use journal::{ActError, Acting, Journal, JournalError, Kinds, Looking, Reader};
use page::Words;

use crate::Failure;
use crate::books::{homeless, now, operator, unopened, user, with_cause};

/// The journal of a home that this process alone writes to.
#[derive(Debug)]
pub struct Acts {
    // Before the lock, so that nobody else writes while this ends.
    journal: Journal,
    acting: Acting,
    home: Home,
    /// Held here, unless whoever opened this holds it.
    _lock: Option<home::Writer>,
    words: Words,
}

/// Long work whose progress others see.
#[derive(Debug)]
pub struct Work<'a> {
    acts: &'a Acts,
    job: Job,
    total: u64,
}

/// The kinds of stream that the program knows.
#[must_use]
pub fn kinds() -> Kinds {
    watch::kinds(Kinds::new()).with::<files::Holdings>()
}

impl Acts {
    /// Takes the home that is given, or the one that the environment names; it is made where there is none.
    /// Whoever types acts. What has become due is done first.
    ///
    /// # Errors
    /// When the home or its journal cannot be used.
    pub fn open(given: Option<&Path>, words: Words) -> Result<Self, Failure> {
        let place = home::place(given, &|name| std::env::var_os(name));
        let place = place.map_err(|error| homeless(&error, words))?;
        let lock = home::Writer::take(&place).map_err(|error| homeless(&error, words))?;
        let acts = Self::within(&lock, words)?;
        Ok(Self { _lock: Some(lock), ..acts })
    }

    /// The same in a home that this process has taken already.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn within(lock: &home::Writer, words: Words) -> Result<Self, Failure> {
        own(lock.home(), words)?;
        let failed = |error: JournalError| unkept(&error, words);
        let journal = Journal::open(lock, kinds()).map_err(failed)?;
        let acting = Acting { actor: operator(), now: now() };
        journal.wake(acting.now).map_err(failed)?;
        if let Some(name) = user() {
            journal.name(&acting.actor, &name, acting.now).map_err(|error| unkept(&error, words))?;
        }
        Ok(Self { journal, acting, home: lock.home().clone(), _lock: None, words })
    }

    /// The same for a home that is there.
    ///
    /// # Errors
    /// As [`Acts::open`], and when there is none.
    pub fn existing(given: Option<&Path>, words: Words) -> Result<Self, Failure> {
        existing(given, words)?;
        Self::open(given, words)
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The home.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Who acts, and when.
    #[must_use]
    pub fn acting(&self) -> &Acting {
        &self.acting
    }

    /// Long work in so many steps: what is not done of it, or new.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn work(&self, kind: &'static str, what: &str, total: u64) -> Result<Work<'_>, Failure> {
        let job = self.journal.job(kind, what, &self.acting).map_err(|error| unkept(&error, self.words))?;
        Ok(Work { acts: self, job, total })
    }
}

impl Work<'_> {
    /// Notes that so many steps are done, and which is next.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn is_at(&self, done: u64, next: &str) -> Result<(), Failure> {
        let progress = Progress { position: next.to_owned(), done, total: self.total };
        let noted = self.acts.journal.job_is_at(&self.job.id, &progress, now());
        noted.map_err(|error| unkept(&error, self.acts.words))
    }

    /// Notes that all is done, or why it is not.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn ends(&self, outcome: Result<(), String>) -> Result<(), Failure> {
        let noted = self.acts.journal.job_ends(&self.job.id, outcome, now());
        noted.map_err(|error| unkept(&error, self.acts.words))
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
