//! `noroshi ingest`: what is read stays.

mod count;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant as Clock;

use home::{Home, HomeError};
use intake::batches::{Batches, Read};
use intake::inputs::{self, InputFile, Inputs};
use intake::{Cause, Settings, Stop, Totals};
use lake::{Compartment, Looking, Owner, Tables};
use model::catalogue::Catalogue;
use model::event::Flaw;
use model::marking::Marking;
use model::panic::caught;
use observations::{Kept, Observations, ObservationsError, Prepared, Terms};
use page::Words;
use sources::{Known, Limits, Stored, Undated};

use crate::arguments::Ingest;
use crate::books::{homeless, now, user, with_cause};
use crate::commands::detect::{progress, threads};
use crate::received::{tell_damaged, tell_opened};
use crate::tally::Unchecked;
use crate::{Failure, Outcome, range, signals};
use count::Count;

/// The organisation of what nobody names another for.
const OWN: &str = "own";

/// Runs the command.
///
/// # Errors
/// Wrong use, a home that cannot be used, a disk that takes no more.
pub fn run(arguments: &Ingest, words: Words) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let zone = range::zone(&arguments.zone, words)?;
    let undated = arguments.year.map_or(Undated::Unknown, Undated::Year);
    let limits = Limits { zone, undated, ..Limits::default() };
    let settings = Settings { threads: threads(arguments.threads), limits };
    let owner = Owner {
        compartment: Compartment::own(),
        organisation: arguments.owner.clone().unwrap_or_else(|| OWN.to_owned()),
        source: arguments.source.clone().unwrap_or_default(),
    };
    let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
    let tables = Arc::new(Tables::new(catalogue));
    let inputs = inputs::find_until(&arguments.paths, &stop);
    for (path, error) in &inputs.missed {
        let values = [("path", path.as_str().into()), ("reason", error.to_string().into())];
        eprintln!("noroshi: {}", words.with("cli-error-input", &values));
    }
    let place = home::place(arguments.home.as_deref(), &|name| std::env::var_os(name));
    let place = place.map_err(|error| homeless(&error, words))?;
    let taking = Taking { arguments, words, settings, owner, tables, stop };
    if arguments.dry_run { taking.rehearse(&place, inputs) } else { taking.keep(&place, inputs) }
}

/// What is taken in, and how.
struct Taking<'a> {
    arguments: &'a Ingest,
    words: Words,
    settings: Settings,
    owner: Owner,
    tables: Arc<Tables>,
    stop: Stop,
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

impl Taking<'_> {
    fn keep(&self, place: &Path, inputs: Inputs) -> Result<Outcome, Failure> {
        let refused = |error: ObservationsError| refused(&error, self.words);
        let home = home::Writer::take(place).map_err(|error| homeless(&error, self.words))?;
        let now = now();
        let view = access::operator(&user(), now);
        let who = Looking { view: &view, now };
        let (mut observations, opened) =
            Observations::open(&home, who, self.tables.clone()).map_err(refused)?;
        tell_opened(&opened, self.words);
        let marking = Marking { tlp: self.arguments.tlp, ..Marking::default() };
        let terms = observations.terms(who, self.owner.clone(), marking).map_err(refused)?;
        let known = observations.known(&self.owner);
        let began = Clock::now();
        let mut count = Count::default();
        let mut error = None;
        let mut receive = |ready| {
            self.take(ready, &mut observations, &mut count).map_err(|refused| {
                error = Some(refused);
                io::Error::other("nothing more is kept")
            })
        };
        let work = |read| ready(&terms, read);
        // Pipes and devices give what they have once.
        let is_read_now = |file: &&InputFile| !self.arguments.follow || file.path.is_file();
        let files: Vec<InputFile> = inputs.files.iter().filter(is_read_now).cloned().collect();
        let mut totals = self.read(&known, &files, &work, &mut receive);
        if self.arguments.follow && !self.stop.asked() && totals.is_ok() {
            totals = self.follow(&known, &work, &mut receive);
        }
        // What is acknowledged goes into the lake, whatever happened.
        let settled = observations.settle();
        if let Some(error) = error {
            count.print(self.arguments.json, self.words);
            return Err(refused(error));
        }
        tell_damaged(observations.damaged(), self.words);
        count.committed = settled.map_err(refused)?;
        observations.tidy(crate::books::now()).map_err(refused)?;
        count.seconds = began.elapsed().as_secs_f64();
        self.end(count, &totals?, inputs)
    }

    /// Keeps what is new; an error is one of the disk or the lake.
    fn take(
        &self,
        ready: Ready,
        observations: &mut Observations,
        count: &mut Count,
    ) -> Result<(), ObservationsError> {
        match ready {
            Ready::Flaws(flaws) => count.flaws(&flaws),
            Ready::There { source_path, stored } => {
                let first = observations.first_path(stored.id.into());
                count.there(&source_path, first.as_deref(), stored.events);
            }
            Ready::New(new) => {
                let New { source_path, flaws, prepared } = *new;
                let prepared = match prepared {
                    Ok(prepared) => prepared,
                    Err(error) => {
                        let flaw = Flaw::new(source_path, 0, Cause::PartLost { panic: error });
                        count.flaws(&[flaw]);
                        return Ok(());
                    }
                };
                let (batch, events) = (prepared.entry().batch, prepared.entry().events);
                match observations.keep(prepared)? {
                    Kept::Before(first) => count.there(&source_path, Some(&*first), events),
                    Kept::Now => {
                        count.kept(events, &flaws);
                        if self.arguments.json {
                            println!("{}", serde_json::json!({"batch": batch.to_string(), "rows": events}));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads and counts, and keeps nothing.
    fn rehearse(&self, place: &Path, inputs: Inputs) -> Result<Outcome, Failure> {
        let now = now();
        let view = access::operator(&user(), now);
        let who = Looking { view: &view, now };
        let known = match Home::open(place) {
            Ok(home) => observations::known(&home, who, &self.owner),
            Err(HomeError::Missing { .. }) => Ok(Arc::default()),
            Err(error) => return Err(homeless(&error, self.words)),
        };
        let known = known.map_err(|error| refused(&error, self.words))?;
        let began = Clock::now();
        let mut count = Count::rehearsed();
        let totals = self.read(&known, &inputs.files, &|read| read, &mut |read| {
            match read {
                Read::New(contents) => count.kept(contents.events, &contents.flaws),
                Read::There { source_path, stored } => count.there(&source_path, None, stored.events),
                Read::Flaws(flaws) => count.flaws(&flaws),
            }
            Ok(())
        });
        count.seconds = began.elapsed().as_secs_f64();
        self.end(count, &totals?, inputs)
    }

    fn read<T: Send>(
        &self,
        known: &Arc<Known>,
        files: &[InputFile],
        work: &(dyn Fn(Read) -> T + Sync),
        receive: &mut dyn FnMut(T) -> io::Result<()>,
    ) -> Result<Totals, Failure> {
        let bytes = AtomicU64::new(0);
        let bar = progress(files.iter().map(|file| file.bytes).sum(), self.words);
        let batches = Batches {
            catalogue: self.tables.catalogue(),
            known,
            again: self.arguments.again,
            settings: &self.settings,
            stop: &self.stop,
            bytes: &bytes,
        };
        let totals = batches.run(files, work, &mut |ready| {
            bar.set_position(bytes.load(Ordering::Relaxed));
            receive(ready)
        });
        bar.finish_and_clear();
        totals.map_err(|error| Failure { code: 1, text: error.to_string() })
    }

    /// Goes on with what is written to the logs, until the user stops it.
    fn follow<T>(
        &self,
        known: &Arc<Known>,
        work: &dyn Fn(Read) -> T,
        receive: &mut dyn FnMut(T) -> io::Result<()>,
    ) -> Result<Totals, Failure> {
        if io::stderr().is_terminal() {
            eprintln!("{}", self.words.get("cli-follow"));
        }
        let bytes = AtomicU64::new(0);
        let batches = Batches {
            catalogue: self.tables.catalogue(),
            known,
            again: false,
            settings: &self.settings,
            stop: &self.stop,
            bytes: &bytes,
        };
        // What is there has been told.
        let mut news = |read: Option<T>| read.map_or(Ok(()), &mut *receive);
        let work = |read| (!matches!(read, Read::There { .. })).then(|| work(read));
        let totals = batches.follow(&self.arguments.paths, work, &mut news);
        totals.map_err(|error| Failure { code: 1, text: error.to_string() })
    }

    /// Tells what became of everything.
    fn end(&self, mut count: Count, totals: &Totals, inputs: Inputs) -> Result<Outcome, Failure> {
        let unopened = inputs
            .missed
            .into_iter()
            .map(|(path, error)| Flaw::new(path, 0, Cause::FileUnopened { error: error.to_string() }));
        let passed = inputs.passed.into_iter().map(|(path, cause)| Flaw::new(path, 0, cause));
        count.flaws(&unopened.chain(passed).collect::<Vec<_>>());
        count.print(self.arguments.json, self.words);
        Ok(if totals.stopped {
            Outcome::Stopped
        } else if totals.recognised == 0 {
            Outcome::Unchecked(Unchecked::NoInput)
        } else {
            Outcome::Done
        })
    }
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
fn refused(error: &ObservationsError, words: Words) -> Failure {
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
