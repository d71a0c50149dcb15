//! `noroshi demo`: a week of the small nation is made and kept, scanned with the bundled rules and
//! compared with what was planted in it; then it is asked two questions.

mod lake;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use detect::Bounds;
use home::UserFolder;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use intake::{Settings, Stop, inputs};
use page::Words;
use report::{MissLine, ScanReport, Tlp, Truth};
use serde::{Deserialize, Serialize};
use simulate::{Generator, Plan};
use sources::Limits;

use crate::arguments::Demo;
use crate::arguments::threads;
use crate::books::Books;
use crate::commands::detect::Scan;
use crate::output::{self, Destination, Evidence, Form, Outputs, ScanFacts};
use crate::range::{self, Range};
use crate::ruleset;
use crate::signals;
use crate::{Failure, Outcome};
use lake::Week;

/// Marks a folder as the demo's own and says what is in it.
const MARK: &str = "noroshi-demo.json";

/// What the folder holds: made anew when any of it differs.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Mark {
    version: String,
    seed: u64,
    scale: f64,
}

/// Runs the command.
///
/// # Errors
/// When the folder is not the demo's, or something cannot be written.
pub fn run(arguments: &Demo, words: Words) -> Result<Outcome, Failure> {
    let home = home(arguments, words)?;
    let stop = signals::stop().unwrap_or_default();
    let mark =
        Mark { version: env!("CARGO_PKG_VERSION").to_owned(), seed: arguments.seed, scale: arguments.scale };
    let shown = home.display().to_string();
    let made = claim(&home, words)?;
    let pages = open_pages(&home, &stop, words)?;
    let is_new = made.as_ref() != Some(&mark);
    if !is_new {
        println!("{}", words.with("cli-demo-reusing", &[("path", shown.into())]));
    } else {
        println!("{}", words.with("cli-demo-making", &[("path", shown.into())]));
        let made = make(&home, &mark, &stop);
        if !made.map_err(|error| Failure::output(words, &home.display().to_string(), &error))? {
            return Ok(Outcome::Stopped);
        }
    }
    let settings = settings(words)?;
    let files = plan(&mark).files();
    let week = Week { folder: &home, files: &files, is_new, settings: &settings, stop: &stop, words };
    if week.keep()? == Outcome::Stopped {
        return Ok(Outcome::Stopped);
    }
    let scanned = scan(&week, pages)?;
    if scanned != Outcome::Stopped {
        week.ask()?;
    }
    Ok(scanned)
}

fn settings(words: Words) -> Result<Settings, Failure> {
    let zone = range::zone("Asia/Tokyo", words)?;
    Ok(Settings { threads: threads(None), limits: Limits { zone, ..Limits::default() } })
}

fn plan(mark: &Mark) -> Plan {
    Plan { scale: mark.scale, ..Plan::week(mark.seed) }
}

/// Scans what is kept, and compares what was found with what was planted.
fn scan(week: &Week<'_>, pages: Vec<Page>) -> Result<Outcome, Failure> {
    let Week { folder: home, settings, stop, words, .. } = *week;
    let zone = settings.limits.zone.clone();
    let rules = ruleset::bundled();
    let books = Books::open(Some(&week.home()), "events, to be scanned", words)?;
    let mut places = Vec::new();
    let (bounds, range) = (Bounds::default(), Range::default());
    let scan = Scan { words, rules: &rules, settings, bounds, range, stop, is_rescan: false };
    // The rules ran while the week was kept: what they find is there.
    let scanned = scan.lake(&books, false, &mut |found| {
        places.extend(
            found.verdicts.iter().map(|verdict| (week.log(&verdict.source_path), verdict.place.ordinal)),
        );
    })?;
    if stop.asked() {
        return Ok(Outcome::Stopped);
    }
    let planted =
        planted(home).map_err(|error| Failure::output(words, &home.display().to_string(), &error))?;
    let truth = compare(&planted, &places, words);
    drop(output::terminal(&mut io::stdout(), &scanned, &rules, words));
    print_truth(&truth, words);
    let mut is_written = !scanned.broke_off;
    for page in pages {
        let words = Words::new(page.language);
        let truth = compare(&planted, &places, words);
        let facts = ScanFacts {
            title: words.get("cli-demo-title"),
            paths: vec![books.folder().display().to_string()],
            zone: zone.clone(),
            tlp: Tlp::Clear,
            truth: Some(truth),
        };
        is_written &= page.write(&output::report(&scanned, &rules, &facts, words), words);
    }
    Ok(if is_written { Outcome::Done } else { Outcome::Unwritten })
}

/// The report in one language, opened before the scan.
struct Page {
    path: PathBuf,
    language: page::Language,
    outputs: Outputs,
}

impl Page {
    /// Writes the report and says where it is; whether it was written.
    fn write(mut self, report: &ScanReport, words: Words) -> bool {
        self.outputs.whole(Form::Page, || report::html(report));
        let is_written = self.outputs.are_written();
        if is_written {
            println!(
                "{}",
                words.with("cli-demo-report", &[("path", self.path.display().to_string().into())])
            );
        }
        is_written
    }
}

/// Opens the pages; whatever of the logs is there already must not be one of them.
fn open_pages(home: &Path, stop: &Stop, words: Words) -> Result<Vec<Page>, Failure> {
    let logs = inputs::find(&[home.join("logs")]).files;
    let open = |language: page::Language| {
        let path = home.join(format!("report-{}.html", language.tag()));
        let destination = [Destination::of(&path, Form::Page, words)?];
        output::check(&destination, Evidence { inputs: &logs, rules: &[] }, false, words)?;
        Ok(Page { path, language, outputs: Outputs::open(&destination, false, stop, words)? })
    };
    page::Language::ALL.into_iter().map(open).collect()
}

fn home(arguments: &Demo, words: Words) -> Result<PathBuf, Failure> {
    if let Some(home) = &arguments.home {
        return Ok(home.clone());
    }
    let data = UserFolder::Data.find(&|name| std::env::var_os(name));
    data.map(|data| data.join("noroshi-demo"))
        .ok_or_else(|| Failure::usage(words, "cli-error-demo-folder", &[]))
}

/// Makes the folder the demo's, and gives the mark of what is already complete in it.
fn claim(home: &Path, words: Words) -> Result<Option<Mark>, Failure> {
    let shown = home.display().to_string();
    let fail = |error: io::Error| Failure::output(words, &shown, &error);
    fs::create_dir_all(home).map_err(fail)?;
    match fs::read_to_string(home.join(MARK)) {
        Ok(text) => Ok(serde_json::from_str(&text).ok()),
        Err(_) if fs::read_dir(home).map_err(fail)?.next().is_none() => {
            fs::write(home.join(MARK), "{}\n").map_err(fail)?;
            Ok(None)
        }
        Err(_) => Err(Failure::usage(words, "cli-error-demo-home", &[("path", shown.clone().into())])),
    }
}

/// Makes logs and truth. False when the user stopped it; the folder is then made anew next time.
fn make(home: &Path, mark: &Mark, stop: &Stop) -> io::Result<bool> {
    let logs = home.join("logs");
    fs::write(home.join(MARK), "{}\n")?;
    match fs::remove_dir_all(&logs) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let plan = plan(mark);
    let files = plan.files();
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr_with_hz(8)
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(Some(files.len() as u64), target).with_style(style);
    // Removed and not only emptied: a link that stands there leads to something of the user's.
    let truth = home.join("truth.ndjson");
    match fs::remove_file(&truth) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut truth = BufWriter::new(File::create_new(truth)?);
    for file in &files {
        bar.set_message(file.path.clone());
        let path = logs.join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut generator = Generator::new(&plan, file);
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&path)?);
        while !generator.write(&mut out, 1 << 20)?.done {
            if stop.asked() {
                return Ok(false);
            }
        }
        out.flush()?;
        for planted in generator.take_truth() {
            serde_json::to_writer(&mut truth, &planted)?;
            truth.write_all(b"\n")?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    truth.flush()?;
    // Last, so that a folder with this mark is complete.
    fs::write(home.join(MARK), serde_json::to_string(mark)? + "\n")?;
    Ok(true)
}

/// What the demo's truth says of a planted event.
#[derive(Debug, Deserialize)]
struct Planted {
    source_path: String,
    ordinal: u64,
    host: String,
    time: jiff::Timestamp,
    technique: String,
    step: Step,
    rule_expected: bool,
}

#[derive(Debug, Deserialize)]
struct Step {
    ja: String,
    en: String,
}

fn planted(home: &Path) -> io::Result<Vec<Planted>> {
    let text = fs::read_to_string(home.join("truth.ndjson"))?;
    text.lines().map(|line| serde_json::from_str(line).map_err(io::Error::from)).collect()
}

/// Verdicts against planted events: a verdict is right when its event was planted.
fn compare(planted: &[Planted], places: &[(String, u64)], words: Words) -> Truth {
    let shown = |planted: &Planted| planted.source_path.clone();
    let all: HashSet<(String, u64)> = planted.iter().map(|event| (shown(event), event.ordinal)).collect();
    let hit: HashSet<&(String, u64)> = places.iter().collect();
    let right = places.iter().filter(|place| all.contains(*place)).count() as u64;
    let is_found = |event: &&Planted| hit.contains(&(shown(event), event.ordinal));
    let expected: Vec<&Planted> = planted.iter().filter(|event| event.rule_expected).collect();
    let found = expected.iter().filter(|event| is_found(event)).count() as u64;
    let missed = expected.iter().filter(|event| !is_found(event)).map(|event| MissLine {
        time: Some(event.time),
        host: event.host.clone(),
        technique: event.technique.clone(),
        step: if words.language == page::Language::Ja {
            event.step.ja.clone()
        } else {
            event.step.en.clone()
        },
    });
    let verdicts = places.len() as u64;
    Truth {
        planted: planted.len() as u64,
        planted_expected: expected.len() as u64,
        found,
        false_verdicts: verdicts - right,
        verdicts,
        precision: share(right, verdicts),
        recall: share(found, expected.len() as u64),
        missed: missed.collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a demo are far below 2^53")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn print_truth(truth: &Truth, words: Words) {
    let values = [
        ("precision", format!("{:.3}", truth.precision).into()),
        ("right", (truth.verdicts - truth.false_verdicts).into()),
        ("verdicts", truth.verdicts.into()),
        ("recall", format!("{:.3}", truth.recall).into()),
        ("found", truth.found.into()),
        ("expected", truth.planted_expected.into()),
    ];
    println!("\n{}", words.with("cli-demo-truth", &values));
    let values = [
        ("number", (truth.planted - truth.planted_expected).into()),
        ("planted", truth.planted.into()),
        ("share", format!("{:.3}", share(truth.found, truth.planted)).into()),
    ];
    println!("{}", words.with("cli-demo-unknown", &values));
}
