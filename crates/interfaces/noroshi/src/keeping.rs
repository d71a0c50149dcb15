//! Logs are read, cut and prepared on many threads, and kept in their order by whoever holds the home.

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant as Clock};

use intake::batches::{Batches, Read};
use intake::inputs::InputFile;
use intake::{Cause, Settings, Stop, Totals};
use lake::{BatchId, Owner};
use model::event::Flaw;
use model::marking::Marking;
use model::panic::caught;
use observations::{Kept, ObservationsError, Prepared, Terms};
use page::Words;
use sources::Stored;

use crate::Failure;
use crate::books::{now, with_cause};
use crate::holder::{Found, Hand};

/// How long what was kept waits to be added and correlated while more comes.
const SETTLED: Duration = Duration::from_secs(60);

/// How logs are read.
#[derive(Debug, Clone, Copy)]
pub struct Ways<'a> {
    /// Threads, limits and zone.
    pub settings: &'a Settings,
    /// Whether the user wants to stop.
    pub stop: &'a Stop,
    /// Bytes read so far.
    pub bytes: &'a AtomicU64,
    /// Whether what is kept is read all the same, for a newer reader.
    pub again: bool,
}

/// What became of a part of the input.
#[derive(Debug)]
pub enum Became {
    /// A batch is durable.
    Kept {
        /// Its id.
        batch: BatchId,
        /// Events in it.
        events: u64,
        /// What could not be read of it.
        flaws: Vec<Flaw>,
    },
    /// A batch was there.
    There {
        /// The path under which it was read now.
        source_path: Arc<str>,
        /// The path under which it was read first.
        first: Option<Arc<str>>,
        /// Events in it.
        events: u64,
    },
    /// This could not be read.
    Flaws(Vec<Flaw>),
    /// What was kept before is in the lake, and rules looked at it.
    Settled(Found),
}

/// What was read, ready to be kept.
enum Ready {
    New(Box<New>),
    There { source_path: Arc<str>, stored: Stored },
    Flaws(Vec<Flaw>),
}

struct New {
    source_path: Arc<str>,
    flaws: Vec<Flaw>,
    prepared: Result<Prepared, String>,
}

type Tell<'a> = dyn FnMut(Became) + 'a;

/// Logs that are read, and kept by whoever holds the home.
pub struct Keeping<'a> {
    /// Who keeps them.
    pub hand: &'a Hand,
    /// Whose they are, and what may be done with them.
    pub whose: (Owner, Marking),
    /// How they are read.
    pub ways: Ways<'a>,
}

/// One reading, with what is known when it begins.
struct Reading<'a> {
    hand: &'a Hand,
    terms: Terms,
    /// Batches that this command has kept.
    own: &'a mut HashSet<BatchId>,
    /// Whether somebody else keeps the same source meanwhile.
    is_stale: bool,
    failed: Option<Failure>,
}

/// How often a source is read anew that somebody else keeps as well.
const READINGS: usize = 100;

impl Keeping<'_> {
    /// Reads files and keeps what is new of them.
    ///
    /// # Errors
    /// When not everything could be kept.
    pub fn run(&self, files: &[InputFile], tell: &mut Tell<'_>) -> Result<Totals, Failure> {
        self.read(tell, &mut |terms, batches, receive| batches.run(files, |read| ready(terms, read), receive))
    }

    /// Reads logs and what is written to them, and keeps what is new, until the user stops it. What is there
    /// is not told.
    ///
    /// # Errors
    /// When not everything could be kept.
    pub fn follow(&self, paths: &[PathBuf], tell: &mut Tell<'_>) -> Result<Totals, Failure> {
        let mut news = |became| {
            if !matches!(became, Became::There { .. }) {
                tell(became);
            }
        };
        self.read(&mut news, &mut |terms, batches, receive| {
            batches.follow(paths, |read| ready(terms, read), receive)
        })
    }

    /// Reads, and begins anew where somebody else has kept something of the same source meanwhile: what they and
    /// this one have kept is known then.
    fn read(&self, tell: &mut Tell<'_>, run: &mut Run<'_>) -> Result<Totals, Failure> {
        let mut own = HashSet::new();
        for _ in 0..READINGS {
            let (owner, marking) = self.whose.clone();
            let terms = self.hand.terms(owner, marking)?;
            let mut reading =
                Reading { hand: self.hand, terms, own: &mut own, is_stale: false, failed: None };
            let totals = reading.once(self.ways, tell, run);
            if let Some(failure) = reading.failed {
                return Err(failure);
            }
            if !reading.is_stale {
                return totals.map_err(|error| {
                    refused(&ObservationsError::Died(error.to_string()), self.hand.words())
                });
            }
        }
        Err(Failure { code: 1, text: self.hand.words().get("cli-error-read-by-others") })
    }
}

/// Reads with terms.
type Run<'a> = dyn FnMut(&Terms, &Batches<'_>, &mut Receive<'_>) -> io::Result<Totals> + 'a;
/// Takes what was read.
type Receive<'a> = dyn FnMut(Ready) -> io::Result<()> + 'a;

impl Reading<'_> {
    fn once(&mut self, ways: Ways<'_>, tell: &mut Tell<'_>, run: &mut Run<'_>) -> io::Result<Totals> {
        let Ways { settings, stop, bytes, again } = ways;
        let terms = self.terms.clone();
        let known = terms.known();
        let batches =
            Batches { catalogue: terms.tables.catalogue(), known: &known, again, settings, stop, bytes };
        let mut settled = Clock::now();
        // Reading that breaks off stops itself, and not whoever does other work as well.
        let part = stop.part();
        let batches = Batches { stop: &part, ..batches };
        run(&terms, &batches, &mut |ready| {
            let taken = self.take(ready, tell).and_then(|()| {
                if settled.elapsed() < SETTLED {
                    return Ok(());
                }
                settled = Clock::now();
                self.hand.settle().map(|found| tell(Became::Settled(found)))
            });
            match taken {
                Ok(()) if !self.is_stale => Ok(()),
                Ok(()) => Err(io::Error::other("somebody else reads it")),
                Err(failure) => {
                    self.failed = Some(failure);
                    Err(io::Error::other("nothing more is kept"))
                }
            }
        })
    }

    /// Keeps what is new.
    fn take(&mut self, ready: Ready, tell: &mut Tell<'_>) -> Result<(), Failure> {
        match ready {
            Ready::Flaws(flaws) => tell(Became::Flaws(flaws)),
            Ready::There { stored, .. } if self.own.contains(&stored.id.into()) => {}
            Ready::There { source_path, stored } => {
                let first = self.terms.first_path(stored.id.into());
                tell(Became::There { source_path, first, events: stored.events });
            }
            Ready::New(new) => {
                let New { source_path, flaws, prepared } = *new;
                let prepared = match prepared {
                    Ok(prepared) => prepared,
                    Err(error) => {
                        let lost = Flaw::new(source_path, 0, Cause::PartLost { panic: error });
                        tell(Became::Flaws(vec![lost]));
                        return Ok(());
                    }
                };
                let (batch, events) = (prepared.entry().batch, prepared.entry().events);
                match self.hand.keep(&self.terms, prepared)? {
                    None => self.is_stale = true,
                    Some(Kept::Before(_)) if self.own.contains(&batch) => {}
                    Some(Kept::Before(first)) => {
                        tell(Became::There { source_path, first: Some(first), events });
                    }
                    Some(Kept::Now) => {
                        self.own.insert(batch);
                        tell(Became::Kept { batch, events, flaws });
                    }
                }
            }
        }
        Ok(())
    }
}

/// Why correlations were not run, in words.
#[must_use]
pub fn uncorrelated(error: &verdicts::Failed, words: Words) -> Failure {
    match error {
        verdicts::Failed::Observations(error) => refused(error, words),
        error => {
            let values = [("reason", with_cause(error).into())];
            Failure { code: 1, text: words.with("cli-error-not-correlated", &values) }
        }
    }
}

/// Why what is found in kept events is not kept, in words.
#[must_use]
pub fn not_found_again(error: &verdicts::Failed, words: Words) -> Failure {
    let values = [("reason", with_cause(error).into())];
    Failure { code: 1, text: words.with("cli-error-not-found-again", &values) }
}

/// Makes a batch what can be kept; a fault of ours costs that batch alone.
fn ready(terms: &Terms, read: Read) -> Ready {
    match read {
        Read::There { source_path, stored } => Ready::There { source_path, stored },
        Read::Flaws(flaws) => Ready::Flaws(flaws),
        Read::New(contents) => {
            let (source_path, flaws) = (contents.source_path.clone(), contents.flaws.clone());
            let prepared = caught(|| terms.prepare(*contents, now()));
            let prepared = prepared.and_then(|prepared| prepared.map_err(|error| error.to_string()));
            Ready::New(Box::new(New { source_path, flaws, prepared }))
        }
    }
}

/// Why something is not kept, in words.
#[must_use]
pub fn refused(error: &ObservationsError, words: Words) -> Failure {
    let text = match error {
        ObservationsError::Room { left, needed } => {
            let values = [
                ("left", page::wording::size(*left).into()),
                ("needed", page::wording::size(*needed).into()),
            ];
            words.with("cli-error-room", &values)
        }
        error => words.with("cli-error-not-kept", &[("reason", with_cause(error).into())]),
    };
    Failure { code: 1, text }
}
