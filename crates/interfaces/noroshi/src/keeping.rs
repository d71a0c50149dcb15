//! The home that this process writes to: logs are read, cut and prepared on many threads, and kept in
//! their order.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant as Clock};

use detect::{Engine, RuleSet};
use home::Home;
use intake::batches::{Batches, Read};
use intake::inputs::InputFile;
use intake::{Cause, Settings, Stop, Totals};
use lake::{BatchId, Compartment, Owner, Tables};
use model::event::Flaw;
use model::marking::Marking;
use model::panic::caught;
use observations::{Committed, Derive, Kept, Observations, ObservationsError, Prepared, Target, Terms};
use page::Words;
use sources::Stored;
use verdicts::{Correlating, Detecting};

use crate::Failure;
use crate::acts::own;
use crate::books::{homeless, look, now, operator, with_cause};
use crate::received::{tell_damaged, tell_opened};

/// The observations of a home, opened to be added to.
pub struct Keeping {
    // Before the lock, so that nobody else writes while this ends.
    observations: Observations,
    detecting: Option<Arc<Detecting>>,
    found: Found,
    correlated: Clock,
    home: home::Writer,
    words: Words,
}

/// What rules found in what was kept.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Verdicts by level.
    pub levels: [u64; 5],
    /// What could not be correlated, or looked at.
    pub flaws: Vec<Flaw>,
}

/// How long new matches of a log that is followed wait before they are correlated.
const CORRELATED: Duration = Duration::from_secs(60);

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

impl Keeping {
    /// Takes a home, which is made where there is none; says what was found there.
    ///
    /// # Errors
    /// When the home, its spool or its lake cannot be used.
    pub fn open(
        place: &Path,
        tables: Arc<Tables>,
        detecting: Option<Arc<Detecting>>,
        words: Words,
    ) -> Result<Self, Failure> {
        let home = home::Writer::take(place).map_err(|error| homeless(&error, words))?;
        own(home.home(), words)?;
        Self::over(home, tables, detecting, words)
    }

    fn over(
        home: home::Writer,
        tables: Arc<Tables>,
        detecting: Option<Arc<Detecting>>,
        words: Words,
    ) -> Result<Self, Failure> {
        let derive = detecting.clone().map(|detecting| detecting as Arc<dyn Derive>);
        let target = Target { tables, derive };
        let opened = look(|who| Observations::open(&home, who, target));
        let (observations, opened) = opened.map_err(|error| refused(&error, words))?;
        tell_opened(&opened, words);
        let (found, correlated) = (Found::default(), Clock::now());
        Ok(Self { observations, detecting, found, correlated, home, words })
    }

    /// Takes a home to keep in it what an engine finds in what is there already; none where that cannot be,
    /// which is said.
    ///
    /// # Errors
    /// When the home's spool or its lake cannot be used.
    pub fn again(
        place: &Path,
        engine: &Arc<Engine>,
        rules: &RuleSet,
        words: Words,
    ) -> Result<Option<Self>, Failure> {
        if let Ok(home) = Home::open(place) {
            own(&home, words)?;
        }
        let home = match home::Writer::take(place) {
            Ok(home) => home,
            Err(error) => {
                let values = [("reason", with_cause(&error).into())];
                eprintln!("noroshi: {}", words.with("cli-detect-not-kept", &values));
                return Ok(None);
            }
        };
        let tables = Arc::new(Tables::new(engine.catalogue().clone()));
        let detecting = Arc::new(Detecting::new(engine.clone(), rules.digest()));
        Self::over(home, tables, Some(detecting), words).map(Some)
    }

    /// The home, for who writes to another of its books meanwhile.
    #[must_use]
    pub fn home(&self) -> &home::Writer {
        &self.home
    }

    /// The observations, for who keeps what else was found.
    pub fn observations(&mut self) -> &mut Observations {
        &mut self.observations
    }

    /// What rules found in what came into the lake, where any ran.
    #[must_use]
    pub fn found(&self) -> Option<Found> {
        let detecting = self.detecting.as_ref()?;
        let mut found = self.found.clone();
        let counts = detecting.counts();
        found.levels.iter_mut().zip(counts.levels).for_each(|(all, more)| *all += more);
        let fault = |(path, panic): (Arc<str>, String)| Flaw::new(path, 0, Cause::PartLost { panic });
        found.flaws.extend(counts.faults.into_iter().map(fault));
        Some(found)
    }

    /// Runs the correlations over matches that are new in the lake.
    fn correlate(&mut self) -> Result<(), Failure> {
        let Some(detecting) = &self.detecting else { return Ok(()) };
        self.correlated = Clock::now();
        let correlating = Correlating {
            engine: detecting.engine(),
            rules: detecting.rules(),
            compartment: &Compartment::own(),
        };
        let who = || (access::operator(operator().subject(), now()), now());
        let found = verdicts::correlate(&mut self.observations, &correlating, &who);
        let found = found.map_err(|error| uncorrelated(&error, self.words))?;
        self.found.levels.iter_mut().zip(found.levels).for_each(|(all, more)| *all += more);
        self.found.flaws.extend(found.flaws);
        Ok(())
    }

    /// The terms on which an owner's events are taken in.
    ///
    /// # Errors
    /// When what is kept of the owner's compartment cannot be read.
    pub fn terms(&mut self, owner: Owner, marking: Marking) -> Result<Terms, Failure> {
        let terms = look(|who| self.observations.terms(who, owner, marking));
        terms.map_err(|error| refused(&error, self.words))
    }

    /// Reads files and keeps what is new of them.
    ///
    /// # Errors
    /// When not everything could be kept.
    pub fn run(
        &mut self,
        terms: &Terms,
        files: &[InputFile],
        ways: Ways<'_>,
        tell: &mut Tell<'_>,
    ) -> Result<Totals, Failure> {
        self.read(terms, ways, tell, |batches, receive| {
            batches.run(files, |read| ready(terms, read), receive)
        })
    }

    /// Reads logs and what is written to them, and keeps what is new, until the user stops it. What is there
    /// is not told.
    ///
    /// # Errors
    /// When not everything could be kept.
    pub fn follow(
        &mut self,
        terms: &Terms,
        paths: &[PathBuf],
        ways: Ways<'_>,
        tell: &mut Tell<'_>,
    ) -> Result<Totals, Failure> {
        let mut news = |became| {
            if !matches!(became, Became::There { .. }) {
                tell(became);
            }
        };
        self.read(terms, ways, &mut news, |batches, receive| {
            batches.follow(paths, |read| ready(terms, read), receive)
        })
    }

    fn read(
        &mut self,
        terms: &Terms,
        ways: Ways<'_>,
        tell: &mut Tell<'_>,
        run: impl FnOnce(&Batches<'_>, &mut dyn FnMut(Ready) -> io::Result<()>) -> io::Result<Totals>,
    ) -> Result<Totals, Failure> {
        let known = self.observations.known(&terms.owner);
        let Ways { settings, stop, bytes, again } = ways;
        let catalogue = terms.tables.catalogue();
        let batches = Batches { catalogue, known: &known, again, settings, stop, bytes };
        let mut error = None;
        let totals = run(&batches, &mut |ready| {
            let taken = self.take(ready, tell);
            if self.correlated.elapsed() >= CORRELATED {
                self.settle().map_err(|failure| io::Error::other(failure.text))?;
            }
            taken.map_err(|refused| {
                error = Some(refused);
                io::Error::other("nothing more is kept")
            })
        });
        match (error, totals) {
            (Some(error), _) => Err(refused(&error, self.words)),
            (None, totals) => {
                totals.map_err(|error| refused(&ObservationsError::Died(error.to_string()), self.words))
            }
        }
    }

    /// Keeps what is new.
    fn take(&mut self, ready: Ready, tell: &mut Tell<'_>) -> Result<(), ObservationsError> {
        match ready {
            Ready::Flaws(flaws) => tell(Became::Flaws(flaws)),
            Ready::There { source_path, stored } => {
                let first = self.observations.first_path(stored.id.into());
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
                tell(match self.observations.keep(prepared)? {
                    Kept::Before(first) => Became::There { source_path, first: Some(first), events },
                    Kept::Now => Became::Kept { batch, events, flaws },
                });
            }
        }
        Ok(())
    }

    /// Adds to the lake what waits, with what rules find in it, and says what was found damaged on the way.
    ///
    /// # Errors
    /// When lake or spool refuse. What was kept is in the spool.
    pub fn settle(&mut self) -> Result<Committed, Failure> {
        let settled = self.observations.settle();
        tell_damaged(self.observations.damaged(), self.words);
        let settled = settled.map_err(|error| refused(&error, self.words))?;
        self.correlate()?;
        Ok(settled)
    }

    /// Does what is to be done when there is no other work.
    ///
    /// # Errors
    /// When the lake refuses.
    pub fn tidy(&mut self) -> Result<(), Failure> {
        self.observations.tidy(now()).map_err(|error| refused(&error, self.words))
    }
}

/// Why correlations were not run, in words.
fn uncorrelated(error: &verdicts::Failed, words: Words) -> Failure {
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
