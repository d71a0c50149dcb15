//! `noroshi ingest`: what is read stays.

mod count;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant as Clock;

use detect::RuleSet;
use home::{Home, HomeError};
use intake::batches::{Batches, Read};
use intake::inputs::{self, InputFile, Inputs};
use intake::{Cause, Settings, Stop, Totals};
use lake::{Compartment, Owner, Tables};
use model::catalogue::Catalogue;
use model::event::Flaw;
use model::marking::Marking;
use page::Words;

use crate::arguments::Ingest;
use crate::books::{homeless, look};
use crate::commands::detect::{progress, tell_missed};
use crate::holder::{Hand, Opening, Rules};
use crate::keeping::{Became, Keeping, Ways, refused};
use crate::tally::Unchecked;
use crate::{Failure, Outcome, detecting, output, range, ruleset, sets, signals};
use count::Count;

/// The organisation of what nobody names another for.
const OWN: &str = "own";

/// Runs the command.
///
/// # Errors
/// Wrong use, a home that cannot be used, a disk that takes no more.
pub fn run(arguments: &Ingest, words: Words) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let settings = arguments.reading.settings(range::zone(&arguments.reading.zone, words)?);
    let owner = Owner {
        compartment: Compartment::own(),
        organisation: arguments.owner.clone().unwrap_or_else(|| OWN.to_owned()),
        source: arguments.source.clone().unwrap_or_default(),
    };
    let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
    let tables = Arc::new(Tables::new(catalogue));
    let inputs = inputs::find_until(&arguments.paths, &stop);
    tell_missed(&inputs, words);
    let place = home::place(arguments.home.as_deref(), &|name| std::env::var_os(name));
    let place = place.map_err(|error| homeless(&error, words))?;
    let taking = Taking { arguments, words, settings, owner, tables, stop, bytes: AtomicU64::new(0) };
    if arguments.dry_run { taking.rehearse(&place, inputs) } else { taking.keep(&place, inputs) }
}

/// Tells which rules are not run.
fn tell_refused(rules: &RuleSet, words: Words) {
    if !rules.refused.is_empty() {
        eprintln!("{}", words.with("cli-summary-refused", &[("rules", rules.refused.len().into())]));
        // A closed terminal must not keep anything from being kept.
        drop(output::print_refusals(&mut io::stderr(), &rules.refused));
    }
}

/// What is taken in, and how.
struct Taking<'a> {
    arguments: &'a Ingest,
    words: Words,
    settings: Settings,
    owner: Owner,
    tables: Arc<Tables>,
    stop: Stop,
    bytes: AtomicU64,
}

impl Taking<'_> {
    fn keep(&self, place: &Path, inputs: Inputs) -> Result<Outcome, Failure> {
        let rules = self.rules(place)?;
        if self.stop.asked() {
            return Ok(Outcome::Stopped);
        }
        let hand = Hand::open(place, Opening::long("ingest", rules), self.words)?;
        self.tell_other(&hand)?;
        let began = Clock::now();
        let mut count = Count::default();
        let totals = self.read(&hand, &inputs.files, &mut count);
        // What is acknowledged goes into the lake, whatever happened.
        let settled = hand.settle();
        let totals = match totals {
            Ok(totals) => totals,
            Err(failure) => {
                count.print(self.arguments.json, self.words);
                return Err(failure);
            }
        };
        count.found(settled?);
        hand.tidy()?;
        count.seconds = began.elapsed().as_secs_f64();
        Ok(self.end(count, &totals, inputs))
    }

    fn marking(&self) -> Marking {
        Marking { tlp: self.arguments.tlp, ..Marking::default() }
    }

    /// Another process that holds the home runs its own rules over what it keeps.
    fn tell_other(&self, hand: &Hand) -> Result<(), Failure> {
        let Some(process) = hand.other() else { return Ok(()) };
        let Ingest { rules, placeholders, no_detect, .. } = self.arguments;
        let values = [("process", process.to_string().into())];
        if *no_detect || !rules.is_empty() || !placeholders.is_empty() {
            return Err(Failure::usage(self.words, "cli-error-ingest-other", &values));
        }
        if io::stderr().is_terminal() {
            eprintln!("{}", self.words.with("cli-ingest-other", &values));
        }
        Ok(())
    }

    /// The rules that run over what is taken in, if any shall.
    fn rules(&self, place: &Path) -> Result<Rules, Failure> {
        let Ingest { rules, placeholders, no_detect, .. } = self.arguments;
        if *no_detect {
            return Ok(Rules::None);
        }
        let set =
            sets::chosen(&ruleset::find(rules, placeholders, self.words)?, place, &self.stop, self.words)?;
        let set = set.unwrap_or_default();
        tell_refused(&set, self.words);
        if set.is_empty() && rules.is_empty() {
            eprintln!("noroshi: {}", self.words.get("cli-ingest-no-rule"));
            return Ok(Rules::None);
        }
        Ok(Rules::These(detecting::with(set, self.tables.catalogue().clone())))
    }

    /// Reads what is there, and follows it if that is wished.
    fn read(&self, hand: &Hand, files: &[InputFile], count: &mut Count) -> Result<Totals, Failure> {
        let Ingest { paths, follow, again, .. } = self.arguments;
        // Pipes and devices give what they have once.
        let is_read_now = |file: &&InputFile| !follow || file.path.is_file();
        let files: Vec<InputFile> = files.iter().filter(is_read_now).cloned().collect();
        let bar = progress(files.iter().map(|file| file.bytes).sum(), self.words);
        let ways = Ways { settings: &self.settings, stop: &self.stop, bytes: &self.bytes, again: *again };
        let mut tell = |became| {
            bar.set_position(self.bytes.load(Ordering::Relaxed));
            self.tell(became, count);
        };
        let keeping = Keeping { hand, whose: (self.owner.clone(), self.marking()), ways };
        let read = keeping.run(&files, &mut tell);
        bar.finish_and_clear();
        if !follow || self.stop.asked() || read.is_err() {
            return read;
        }
        if io::stderr().is_terminal() {
            eprintln!("{}", self.words.get("cli-follow"));
        }
        keeping.follow(paths, &mut |became| self.tell(became, count))
    }

    fn tell(&self, became: Became, count: &mut Count) {
        match became {
            Became::Kept { batch, events, flaws } => {
                count.kept(events, &flaws);
                if self.arguments.json {
                    println!("{}", serde_json::json!({"batch": batch.to_string(), "rows": events}));
                }
            }
            Became::There { source_path, first, events } => {
                count.there(&source_path, first.as_deref(), events);
            }
            Became::Flaws(flaws) => count.flaws(&flaws),
            Became::Settled(found) => count.found(found),
        }
    }

    /// Reads and counts, and keeps nothing.
    fn rehearse(&self, place: &Path, inputs: Inputs) -> Result<Outcome, Failure> {
        let known = match Home::open(place) {
            Ok(home) => look(|who| {
                let whose = (self.owner.clone(), self.marking());
                observations::terms(&home, who, whose, self.tables.clone()).map(|terms| terms.known())
            }),
            Err(HomeError::Missing { .. }) => Ok(Arc::default()),
            Err(error) => return Err(homeless(&error, self.words)),
        };
        let known = known.map_err(|error| refused(&error, self.words))?;
        let began = Clock::now();
        let mut count = Count::rehearsed();
        let bar = progress(inputs.files.iter().map(|file| file.bytes).sum(), self.words);
        let batches = Batches {
            catalogue: self.tables.catalogue(),
            known: &known,
            again: self.arguments.again,
            settings: &self.settings,
            stop: &self.stop,
            bytes: &self.bytes,
        };
        let totals = batches.run(&inputs.files, |read| read, &mut |read| {
            bar.set_position(self.bytes.load(Ordering::Relaxed));
            match read {
                Read::New(contents) => count.kept(contents.events, &contents.flaws),
                Read::There { source_path, stored } => count.there(&source_path, None, stored.events),
                Read::Flaws(flaws) => count.flaws(&flaws),
            }
            Ok(())
        });
        bar.finish_and_clear();
        let totals = totals.map_err(|error| Failure { code: 1, text: error.to_string() })?;
        count.seconds = began.elapsed().as_secs_f64();
        Ok(self.end(count, &totals, inputs))
    }

    /// Tells what became of everything.
    fn end(&self, mut count: Count, totals: &Totals, inputs: Inputs) -> Outcome {
        // A log that is followed may come yet.
        let missed = inputs.missed.into_iter().filter(|_| !self.arguments.follow);
        let unopened =
            missed.map(|(path, error)| Flaw::new(path, 0, Cause::FileUnopened { error: error.to_string() }));
        let passed = inputs.passed.into_iter().map(|(path, cause)| Flaw::new(path, 0, cause));
        count.flaws(&unopened.chain(passed).collect::<Vec<_>>());
        count.print(self.arguments.json, self.words);
        if totals.stopped {
            Outcome::Stopped
        } else if totals.recognised == 0 {
            Outcome::Unchecked(Unchecked::NoInput)
        } else {
            Outcome::Done
        }
    }
}
