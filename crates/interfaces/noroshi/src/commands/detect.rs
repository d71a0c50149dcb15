//! `noroshi detect`: logs and rules in, verdicts out.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::time::Instant as Clock;

use detect::{Engine, RuleSet};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use intake::inputs::{self, InputFile};
use intake::{Cause, Detection, Found, Intake, Settings, Stop, Totals, follow};
use jiff::tz::TimeZone;
use model::catalogue::Catalogue;
use model::event::Flaw;
use model::level::Level;
use model::time::Instant;
use page::Words;
use report::Tlp;
use sources::{Limits, Undated};

use crate::arguments::Detect;
use crate::output::{self, CsvLines, JsonLines, ScanFacts};
use crate::ruleset;
use crate::signals;
use crate::tally::Tally;
use crate::{Failure, Outcome};

/// Runs the command.
///
/// # Errors
/// Wrong use, nothing to read, an output that cannot be written.
pub fn run(arguments: &Detect, words: Words) -> Result<Outcome, Failure> {
    let zone = zone(&arguments.zone, words)?;
    let settings = Settings {
        threads: threads(arguments.threads),
        limits: Limits {
            zone: zone.clone(),
            undated: arguments.year.map_or(Undated::Unknown, Undated::Year),
            ..Limits::default()
        },
    };
    let from = arguments.from.as_deref().map(|text| instant(text, &zone, words)).transpose()?;
    let to = arguments.to.as_deref().map(|text| instant(text, &zone, words)).transpose()?;
    let mut rules = ruleset::open(&arguments.rules, &arguments.placeholders, words)?;
    let lowest = arguments.level.unwrap_or(Level::Informational);
    rules.retain(|meta| meta.level >= lowest && has_tag(&meta.tags, &arguments.tag));
    let stop = signals::stop().unwrap_or_default();
    let scan = Scan { words, rules: &rules, settings: &settings, span: (from, to), stop: &stop };
    let mut outputs = Outputs::open(arguments, words)?;
    let inputs = inputs::find(&arguments.paths);
    for (path, error) in &inputs.missed {
        let values = [("path", path.as_str().into()), ("reason", error.to_string().into())];
        eprintln!("noroshi: {}", words.with("cli-error-input", &values));
    }
    let result = if arguments.follow {
        if io::stderr().is_terminal() {
            eprintln!("{}", words.get("cli-follow"));
        }
        scan.follow(&arguments.paths, &mut |found| outputs.write(found).and_then(|()| outputs.flush()))?
    } else {
        scan.run(&inputs.files, &mut |found| outputs.write(found))?
    };
    let Scanned { mut tally, totals, bytes, seconds } = result;
    // A log that is followed may come yet.
    for (path, error) in inputs.missed.iter().filter(|_| !arguments.follow) {
        tally.flaw(&Flaw::new(path.as_str(), 0, Cause::FileUnopened { error: error.to_string() }));
    }
    outputs.finish(words)?;
    if let Some(path) = &arguments.summary {
        let text = output::summary(&tally, &totals, &rules, (bytes, seconds));
        let text =
            text.map_err(|error| Failure::output(words, &path.display().to_string(), &error.into()))?;
        output::write_whole(path, &text, words)?;
    }
    if let Some(path) = &arguments.html {
        let facts = ScanFacts {
            title: String::new(),
            paths: arguments.paths.iter().map(|path| path.display().to_string()).collect(),
            zone,
            bytes,
            seconds,
            tlp: Tlp::AmberStrict,
            truth: None,
        };
        output::write_whole(
            path,
            &report::html(&output::report(&tally, &totals, &rules, &facts, words)),
            words,
        )?;
    }
    let standard_output_taken = [&arguments.json, &arguments.csv, &arguments.html, &arguments.summary]
        .into_iter()
        .flatten()
        .any(|path| path == Path::new("-"));
    let out: &mut dyn Write = if standard_output_taken { &mut io::stderr() } else { &mut io::stdout() };
    // A closed terminal must not turn a finished scan into a failure.
    drop(output::terminal(out, &tally, &totals, &rules, ((bytes, seconds), words)));
    if totals.stopped {
        return Ok(Outcome::Stopped);
    }
    if totals.opened == 0 {
        let paths =
            arguments.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        return Err(Failure::no_input(words, "cli-error-no-input", &[("path", paths.into())]));
    }
    Ok(Outcome::Done)
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
    /// Earliest event time that counts, and the first that no longer does.
    pub span: (Option<Instant>, Option<Instant>),
    /// Whether the user wants to stop.
    pub stop: &'a Stop,
}

/// A scan that has run.
#[derive(Debug)]
pub struct Scanned {
    /// What was found, counted.
    pub tally: Tally,
    /// What was read.
    pub totals: Totals,
    /// Bytes read.
    pub bytes: u64,
    /// Duration in seconds.
    pub seconds: f64,
}

type Running<'a> = dyn FnMut(&Engine, &AtomicU64, &mut Tally) -> io::Result<Totals> + 'a;

impl Scan<'_> {
    /// Runs over the files, with a progress bar when a person watches.
    ///
    /// # Errors
    /// When `receive` fails, or the bundled catalogue is damaged.
    pub fn run(
        &self,
        files: &[InputFile],
        receive: &mut dyn FnMut(&Found) -> io::Result<()>,
    ) -> Result<Scanned, Failure> {
        let bar = progress(files.iter().map(|file| file.bytes).sum(), self.words);
        let scanned = self.measure(&mut |engine, bytes, tally| {
            intake::run(files, self.with(&self.stage(engine), bytes), &mut |found| {
                tally.add(&found);
                bar.set_position(bytes.load(std::sync::atomic::Ordering::Relaxed));
                receive(&found)
            })
        });
        bar.finish_and_clear();
        scanned
    }

    /// Runs over logs that grow, until the user stops it.
    ///
    /// # Errors
    /// When `receive` fails, or the bundled catalogue is damaged.
    pub fn follow(
        &self,
        paths: &[PathBuf],
        receive: &mut dyn FnMut(&Found) -> io::Result<()>,
    ) -> Result<Scanned, Failure> {
        self.measure(&mut |engine, bytes, tally| {
            follow::run(paths, self.with(&self.stage(engine), bytes), &mut |found| {
                tally.add(&found);
                receive(&found)
            })
        })
    }

    fn stage<'a>(&self, engine: &'a Engine) -> Detection<'a> {
        Detection { engine, from: self.span.0, to: self.span.1 }
    }

    fn with<'a>(&'a self, stage: &'a Detection<'a>, bytes: &'a AtomicU64) -> Intake<'a, Detection<'a>> {
        Intake { stage, settings: self.settings, stop: self.stop, bytes }
    }

    fn measure(&self, run: &mut Running<'_>) -> Result<Scanned, Failure> {
        let began = Clock::now();
        let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
        let engine = Engine::new(self.rules.clone(), catalogue);
        let bytes = AtomicU64::new(0);
        let mut tally = Tally::default();
        let totals = run(&engine, &bytes, &mut tally);
        let totals = match totals {
            Ok(totals) => totals,
            // The reader of our output has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                Totals { opened: 1, ..Totals::default() }
            }
            Err(error) => return Err(Failure::output(self.words, "", &error)),
        };
        let seconds = began.elapsed().as_secs_f64();
        Ok(Scanned { tally, totals, bytes: bytes.into_inner(), seconds })
    }
}

/// Outputs that are written while the scan runs.
struct Outputs {
    json: Option<JsonLines>,
    csv: Option<CsvLines>,
}

impl Outputs {
    fn open(arguments: &Detect, words: Words) -> Result<Self, Failure> {
        let json =
            arguments.json.as_deref().map(|path| output::create(path, words)).transpose()?.map(JsonLines);
        let csv = match &arguments.csv {
            None => None,
            Some(path) => {
                let lines = CsvLines::new(output::create(path, words)?);
                Some(lines.map_err(|error| Failure::output(words, &path.display().to_string(), &error))?)
            }
        };
        Ok(Self { json, csv })
    }

    fn write(&mut self, found: &Found) -> io::Result<()> {
        for verdict in &found.verdicts {
            if let Some(json) = &mut self.json {
                json.write(verdict)?;
            }
            if let Some(csv) = &mut self.csv {
                csv.write(verdict)?;
            }
        }
        Ok(())
    }

    /// Shows what has been found so far to those who watch the files.
    fn flush(&mut self) -> io::Result<()> {
        if let Some(json) = &mut self.json {
            json.0.flush()?;
        }
        self.csv.as_mut().map_or(Ok(()), CsvLines::flush)
    }

    fn finish(self, words: Words) -> Result<(), Failure> {
        let json = self.json.map_or(Ok(()), |mut json| json.0.flush());
        let ended = json.and_then(|()| self.csv.map_or(Ok(()), CsvLines::finish));
        match ended {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::output(words, "", &error))
            }
            _ => Ok(()),
        }
    }
}

/// Worker threads: as asked, else one for each processor.
#[must_use]
pub fn threads(asked: Option<usize>) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.filter(|threads| *threads > 0).unwrap_or_else(processors).min(256)
}

fn progress(total: u64, words: Words) -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr_with_hz(8)
    } else {
        ProgressDrawTarget::hidden()
    };
    // The bar fills the names in braces, whatever text stands around them.
    let left = words.with("cli-progress-left", &[("time", "{eta}".into())]);
    let template = format!("{{bar:30}} {{bytes}}/{{total_bytes}} {{binary_bytes_per_sec}} {left}");
    let style = ProgressStyle::with_template(&template);
    ProgressBar::with_draw_target(Some(total), target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn has_tag(tags: &[String], wanted: &[String]) -> bool {
    let fits = |tag: &String, want: &String| {
        let (tag, want) = (tag.to_ascii_lowercase(), want.to_ascii_lowercase());
        tag == want
            || tag.strip_prefix("attack.") == Some(&want)
            || tag.starts_with(&format!("attack.{want}."))
    };
    wanted.is_empty() || wanted.iter().any(|want| tags.iter().any(|tag| fits(tag, want)))
}

/// A time zone by name.
///
/// # Errors
/// When there is no such zone.
pub fn zone(name: &str, words: Words) -> Result<TimeZone, Failure> {
    TimeZone::get(name).map_err(|_| Failure::usage(words, "cli-error-zone", &[("zone", name.into())]))
}

fn instant(text: &str, zone: &TimeZone, words: Words) -> Result<Instant, Failure> {
    let day = text.parse::<jiff::civil::Date>().ok().map(|day| format!("{day}T00:00:00"));
    Instant::parse(day.as_deref().unwrap_or(text), zone)
        .ok_or_else(|| Failure::usage(words, "cli-error-time", &[("time", text.into())]))
}
