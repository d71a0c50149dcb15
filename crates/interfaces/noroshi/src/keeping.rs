//! Logs are read, cut and prepared on many threads, and kept in their order by whoever holds the home.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant as Clock};

use intake::batches::{Batches, Read};
use intake::inputs::InputFile;
use intake::{Cause, Settings, Stop, Totals};
use lake::BatchId;
use model::event::Flaw;
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
    /// On which terms they are taken in.
    pub terms: &'a Terms,
    /// How they are read.
    pub ways: Ways<'a>,
}

impl Keeping<'_> {
    /// Reads files and keeps what is new of them.
    ///
    /// # Errors
    /// When not everything could be kept.
    pub fn run(&self, files: &[InputFile], tell: &mut Tell<'_>) -> Result<Totals, Failure> {
        self.read(tell, |batches, receive| batches.run(files, |read| ready(self.terms, read), receive))
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
        self.read(&mut news, |batches, receive| {
            batches.follow(paths, |read| ready(self.terms, read), receive)
        })
    }

    fn read(
        &self,
        tell: &mut Tell<'_>,
        run: impl FnOnce(&Batches<'_>, &mut dyn FnMut(Ready) -> io::Result<()>) -> io::Result<Totals>,
    ) -> Result<Totals, Failure> {
        let known = self.terms.known();
        let Ways { settings, stop, bytes, again } = self.ways;
        let catalogue = self.terms.tables.catalogue();
        let batches = Batches { catalogue, known: &known, again, settings, stop, bytes };
        let (mut failed, mut settled) = (None, Clock::now());
        let totals = run(&batches, &mut |ready| {
            let taken = self.take(ready, tell).and_then(|()| {
                if settled.elapsed() < SETTLED {
                    return Ok(());
                }
                settled = Clock::now();
                self.hand.settle().map(|found| tell(Became::Settled(found)))
            });
            taken.map_err(|failure| {
                failed = Some(failure);
                io::Error::other("nothing more is kept")
            })
        });
        match (failed, totals) {
            (Some(failure), _) => Err(failure),
            (None, totals) => totals
                .map_err(|error| refused(&ObservationsError::Died(error.to_string()), self.hand.words())),
        }
    }

    /// Keeps what is new.
    fn take(&self, ready: Ready, tell: &mut Tell<'_>) -> Result<(), Failure> {
        match ready {
            Ready::Flaws(flaws) => tell(Became::Flaws(flaws)),
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
                tell(match self.hand.keep(self.terms, prepared)? {
                    Kept::Before(first) => Became::There { source_path, first: Some(first), events },
                    Kept::Now => Became::Kept { batch, events, flaws },
                });
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
