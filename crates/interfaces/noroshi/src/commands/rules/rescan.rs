//! Kept events were scanned with the rules of then: when these change, going over them again offers itself.

use std::collections::BTreeSet;

use journal::jobs::{Job, Progress};
use journal::{Acting, Journal};
use lake::{Between, Compartment, Lake};
use page::Words;

use crate::Failure;
use crate::acts::{Acts, kinds, unkept};
use crate::books::{look, now, operator, unread};

/// The kind of job.
pub const KIND: &str = "watch.rescan";
/// What it is about: all that is kept.
pub const WHAT: &str = "own";

/// Notes that what is kept is to be scanned again; gives how many days that are.
///
/// # Errors
/// When lake or journal cannot be used.
pub fn offer(acts: &Acts, words: Words) -> Result<u64, Failure> {
    let failed = |error: lake::LakeError| unread(&error, words);
    let lake = Lake::open(&acts.home().lake()).map_err(failed)?;
    let all = Between { from: None, to: None };
    let replay = look(|who| lake.replay(who, &Compartment::own(), all)).map_err(failed)?;
    let days: BTreeSet<&str> = replay.parts().iter().filter_map(|part| part.day()).collect();
    if days.is_empty() {
        return Ok(0);
    }
    let (journal, acting) = (acts.journal(), acts.acting());
    let noted = journal.job(KIND, WHAT, acting).and_then(|job| {
        let progress = Progress { position: String::new(), done: 0, total: days.len() as u64 };
        journal.job_is_at(&job.id, &progress, acting.now)
    });
    noted.map_err(|error| unkept(&error, words))?;
    Ok(days.len() as u64)
}

/// A scan of all that is kept, as a job whose progress others see.
#[derive(Debug)]
pub struct Rescan {
    journal: Journal,
    job: Job,
    days: u64,
    words: Words,
}

impl Rescan {
    /// Begins, or goes on with what was offered.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn begin(home: &home::Writer, days: usize, words: Words) -> Result<Self, Failure> {
        let acting = Acting { actor: operator(), now: now() };
        let begun = Journal::open(home, kinds()).and_then(|journal| {
            let job = journal.job(KIND, WHAT, &acting)?;
            Ok(Self { journal, job, days: days as u64, words })
        });
        begun.map_err(|error| unkept(&error, words))
    }

    /// Notes that so many days are done.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn is_at(&self, done: usize) -> Result<(), Failure> {
        let progress = Progress { position: String::new(), done: done as u64, total: self.days };
        let noted = self.journal.job_is_at(&self.job.id, &progress, now());
        noted.map_err(|error| unkept(&error, self.words))
    }

    /// Notes that all is done, or why it is not.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn ends(&self, outcome: Result<(), String>) -> Result<(), Failure> {
        let noted = self.journal.job_ends(&self.job.id, outcome, now());
        noted.map_err(|error| unkept(&error, self.words))
    }
}

/// What is offered, in words.
#[must_use]
pub fn said(days: u64, words: Words) -> String {
    if days == 0 { String::new() } else { words.with("cli-rules-rescan", &[("days", days.into())]) + "\n" }
}
