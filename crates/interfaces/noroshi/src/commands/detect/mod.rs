//! `noroshi detect`: logs, or what is kept of them, and rules in, verdicts out.

mod lake;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant as Clock;

use detect::{Bounds, Engine, RuleSet};
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use intake::identity::Identity;
use intake::inputs::{self, InputFile, Inputs};
use intake::{Cause, Detection, Found, Intake, Settings, Stop, Totals, follow};
use model::catalogue::Catalogue;
use model::event::Flaw;
use model::level::Level;
use page::Words;
use report::Tlp;

use crate::arguments::Detect;
use crate::books::Books;
use crate::output::{self, Destination, Evidence, Form, Outputs, ScanFacts, Way};
use crate::range::{self, Range};
use crate::ruleset;
use crate::sets;
use crate::signals;
use crate::tally::{Scanned, Tally};
use crate::{Failure, Outcome};

/// Runs the command.
///
/// # Errors
/// Wrong use, an output that cannot be opened.
pub fn run(arguments: &Detect, words: Words) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let zone = range::zone(&arguments.reading.zone, words)?;
    let range = Range::of(arguments.from.as_deref(), arguments.to.as_deref(), &zone, words)?;
    let mut inputs = inputs::find_until(&arguments.paths, &stop);
    let rule_files = ruleset::find(&arguments.rules, &arguments.placeholders, words)?;
    let books = arguments
        .lake
        .then(|| Books::open(arguments.home.as_deref(), "events, to be scanned", words))
        .transpose()?;
    let destinations = destinations(arguments, words)?;
    if let Some(inside) = destinations.iter().find(|destination| is_inside(destination, books.as_ref())) {
        return Err(Failure::usage(
            words,
            "cli-query-error-inside",
            &[("path", inside.shown.as_str().into())],
        ));
    }
    let evidence = Evidence { inputs: &inputs.files, rules: &rule_files.files() };
    output::check(&destinations, evidence, arguments.force, words)?;

    let mut rules = match &books {
        Some(books) => sets::chosen(&rule_files, books.folder(), &stop, words)?.unwrap_or_default(),
        None => rule_files.load(&stop, words)?.unwrap_or_default(),
    };
    // Scanned again with the rules that run here, whole: what a change of these offers.
    let is_rescan = rule_files.are_unnamed()
        && arguments.level.is_none()
        && arguments.tag.is_empty()
        && arguments.from.is_none()
        && arguments.to.is_none();
    let lowest = arguments.level.unwrap_or(Level::Informational);
    rules.retain(|meta| meta.level >= lowest && has_tag(&meta.tags, &arguments.tag));
    let mut outputs = Outputs::open(&destinations, arguments.follow, &stop, words)?;
    tell_missed(&inputs, words);
    let settings = arguments.reading.settings(zone.clone());
    let bounds = if arguments.all_events { Bounds::whole_verdicts() } else { Bounds::default() };
    let scan = Scan { words, rules: &rules, settings: &settings, bounds, range, stop: &stop, is_rescan };
    let mut scanned = match &books {
        Some(books) => {
            // Verdicts that tell everything are others than those that are kept.
            let keep = !arguments.no_keep && !arguments.all_events;
            scan.lake(books, keep, &mut |found| scan.pass(found, false, &mut outputs))?
        }
        None => scan.write(&mut inputs, arguments, &mut outputs)?,
    };
    add_unread(inputs, arguments.follow, &mut scanned);

    let is_abandoned = outputs.is_abandoned();
    outputs.end_lines();
    // Also while the reader of an output let it wait.
    scanned.totals.stopped = stop.asked() && !scanned.broke_off;
    outputs.whole(Form::Summary, || output::summary(&scanned, &rules));
    outputs.whole(Form::Page, || {
        let shown = |path: &Path| path.display().to_string();
        let paths = arguments.paths.iter().map(|path| shown(path));
        let paths = paths.chain(books.iter().map(|books| shown(books.folder()))).collect();
        let facts = ScanFacts { title: String::new(), paths, zone, tlp: Tlp::AmberStrict, truth: None };
        report::html(&output::report(&scanned, &rules, &facts, words))
    });
    print(&scanned, &rules, &destinations, words);
    Ok(match scanned.unchecked(&rules).first() {
        _ if scanned.totals.stopped && !is_abandoned => Outcome::Stopped,
        _ if scanned.broke_off || !outputs.are_written() => Outcome::Unwritten,
        Some(unchecked) => Outcome::Unchecked(*unchecked),
        None => Outcome::Done,
    })
}

/// Prints the summary where no output is.
fn print(scanned: &Scanned, rules: &RuleSet, destinations: &[Destination], words: Words) {
    let is_taken = destinations.iter().any(|destination| destination.way == Way::StandardOutput);
    let out: &mut dyn Write = if is_taken { &mut io::stderr() } else { &mut io::stdout() };
    // A closed terminal must not turn a finished scan into a failure.
    drop(output::terminal(out, scanned, rules, words));
}

fn destinations(arguments: &Detect, words: Words) -> Result<Vec<Destination>, Failure> {
    let Detect { json, csv, html, summary, .. } = arguments;
    let forms = [(json, Form::Json), (csv, Form::Csv), (html, Form::Page), (summary, Form::Summary)];
    let wanted = forms.into_iter().filter_map(|(path, form)| Some((path.as_deref()?, form)));
    wanted.map(|(path, form)| Destination::of(path, form, words)).collect()
}

/// Whether an output would lie in the home that is read.
fn is_inside(destination: &Destination, books: Option<&Books>) -> bool {
    let folder = books.map(Books::folder);
    matches!(&destination.way, Way::File(file) if folder.is_some_and(|folder| file.starts_with(folder)))
}

/// Tells which paths cannot be opened or listed.
pub(crate) fn tell_missed(inputs: &Inputs, words: Words) {
    for (path, error) in &inputs.missed {
        let values = [("path", path.as_str().into()), ("reason", error.to_string().into())];
        eprintln!("noroshi: {}", words.with("cli-error-input", &values));
    }
}

/// Adds what was not read to what a scan tells.
fn add_unread(inputs: Inputs, is_followed: bool, scanned: &mut Scanned) {
    // A log that is followed may come yet.
    for (path, error) in inputs.missed.iter().filter(|_| !is_followed) {
        let cause = Cause::FileUnopened { error: error.to_string() };
        scanned.tally.flaw(&Flaw::new(path.as_str(), 0, cause));
    }
    for (path, cause) in inputs.passed {
        scanned.tally.flaw(&Flaw::new(path, 0, cause));
    }
    scanned.repeated = inputs.repeated;
}

/// A scan about to run.
#[derive(Debug)]
pub struct Scan<'a> {
    /// Words of its progress bar.
    pub words: Words,
    /// Rules to run.
    pub rules: &'a RuleSet,
    /// How.
    pub settings: &'a Settings,
    /// How much correlations hold and verdicts tell.
    pub bounds: Bounds,
    /// Which events count.
    pub range: Range,
    /// Whether the user wants to stop.
    pub stop: &'a Stop,
    /// Whether it is all that is kept, with the rules that run in the home.
    pub is_rescan: bool,
}

type Running<'a> = dyn FnMut(&Arc<Engine>, &AtomicU64, &mut Tally) -> io::Result<Totals> + 'a;

impl Scan<'_> {
    /// Runs over the inputs, or follows them, and writes verdicts as they come.
    fn write(
        &self,
        inputs: &mut Inputs,
        arguments: &Detect,
        outputs: &mut Outputs,
    ) -> Result<Scanned, Failure> {
        // What this run writes is no evidence.
        let own = outputs.identities();
        inputs.files.retain(|file| file.identity.is_none_or(|identity| !own.contains(&identity)));
        let mut receive = |found: &Found| self.pass(found, arguments.follow, outputs);
        if !arguments.follow {
            return self.run(&inputs.files, &mut receive);
        }
        if io::stderr().is_terminal() {
            eprintln!("{}", self.words.get("cli-follow"));
        }
        self.follow(&arguments.paths, &own, &mut receive)
    }

    /// Writes what was found, as long as somebody takes it.
    fn pass(&self, found: &Found, at_once: bool, outputs: &mut Outputs) {
        outputs.verdicts(&found.verdicts, at_once);
        if outputs.is_abandoned() {
            self.stop.ask();
        }
    }

    /// Runs over the files, with a progress bar when a person watches.
    ///
    /// # Errors
    /// When the bundled catalogue is damaged.
    pub fn run(&self, files: &[InputFile], receive: &mut dyn FnMut(&Found)) -> Result<Scanned, Failure> {
        let bar = progress(files.iter().map(|file| file.bytes).sum(), self.words);
        let scanned = self.measure(&mut |engine, bytes, tally| {
            intake::run(files, self.with(&self.stage(engine), bytes), &mut |found| {
                tally.add(&found);
                bar.set_position(bytes.load(std::sync::atomic::Ordering::Relaxed));
                receive(&found);
                Ok(())
            })
        });
        bar.finish_and_clear();
        scanned
    }

    /// Runs over logs that grow, until the user stops it; not over its own outputs.
    ///
    /// # Errors
    /// When the bundled catalogue is damaged.
    pub fn follow(
        &self,
        paths: &[PathBuf],
        own: &[Identity],
        receive: &mut dyn FnMut(&Found),
    ) -> Result<Scanned, Failure> {
        self.measure(&mut |engine, bytes, tally| {
            follow::run(paths, own, self.with(&self.stage(engine), bytes), &mut |found| {
                tally.add(&found);
                receive(&found);
                Ok(())
            })
        })
    }

    fn stage<'a>(&self, engine: &'a Engine) -> Detection<'a> {
        Detection { engine, from: self.range.from, to: self.range.to }
    }

    fn with<'a>(&'a self, stage: &'a Detection<'a>, bytes: &'a AtomicU64) -> Intake<'a, Detection<'a>> {
        Intake { stage, settings: self.settings, stop: self.stop, bytes }
    }

    fn measure(&self, run: &mut Running<'_>) -> Result<Scanned, Failure> {
        let began = Clock::now();
        let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
        let engine = Arc::new(Engine::new(self.rules.clone(), catalogue).within(self.bounds));
        let bytes = AtomicU64::new(0);
        let mut tally = Tally::default();
        let ran = run(&engine, &bytes, &mut tally);
        if let Err(error) = &ran {
            tally.flaw(&Flaw::new("", 0, Cause::BrokenOff { error: error.to_string() }));
            // Some say themselves what is to be done.
            let failure = error.get_ref().and_then(|inner| inner.downcast_ref::<Failure>());
            let text = failure.map_or_else(
                || self.words.with("cli-error-broke-off", &[("reason", error.to_string().into())]),
                |failure| failure.text.clone(),
            );
            eprintln!("noroshi: {text}");
        }
        Ok(Scanned {
            tally,
            broke_off: ran.is_err(),
            totals: ran.unwrap_or_default(),
            bytes: bytes.into_inner(),
            seconds: began.elapsed().as_secs_f64(),
            repeated: Vec::new(),
            is_lake: false,
        })
    }
}

/// A bar for so many bytes, where a person watches.
pub(crate) fn progress(total: u64, words: Words) -> ProgressBar {
    bar(total, "{bytes}/{total_bytes} {binary_bytes_per_sec}", words)
}

/// A bar for so many of what is counted in these words.
fn bar(total: u64, counted: &str, words: Words) -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr_with_hz(8)
    } else {
        ProgressDrawTarget::hidden()
    };
    // The bar fills the names in braces, whatever text stands around them.
    let left = words.with("cli-progress-left", &[("time", "{eta}".into())]);
    let template = format!("{{bar:30}} {counted} {left}");
    let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate for people")]
        let _ = write!(out, "{}", HumanCount(state.per_sec() as u64));
    };
    let style = ProgressStyle::with_template(&template).map(|style| style.with_key("rate", rate));
    ProgressBar::with_draw_target(Some(total), target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Whether a rule has one of the tags that are wanted, or none is.
pub(crate) fn has_tag(tags: &[String], wanted: &[String]) -> bool {
    let fits = |tag: &String, want: &String| {
        let (tag, want) = (tag.to_ascii_lowercase(), want.to_ascii_lowercase());
        tag == want
            || tag.strip_prefix("attack.") == Some(&want)
            || tag.starts_with(&format!("attack.{want}."))
    };
    wanted.is_empty() || wanted.iter().any(|want| tags.iter().any(|tag| fits(tag, want)))
}
