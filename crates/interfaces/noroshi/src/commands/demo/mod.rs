//! `noroshi demo`: a year of the small nation is made and kept, scanned with the bundled rules and
//! compared with what was planted in it; then it is asked two questions.
//!
//! Steps, in their order: `folder` says where, `make` writes logs and truth, `lake` keeps them, `truth` compares
//! what was found with what was planted, `told` and `pages` say it, `findings` says which stories the findings
//! tell, the yearly report is written, and `lake` shows how to ask more.

mod findings;
mod folder;
mod lake;
mod make;
mod pages;
mod told;
mod truth;

use std::io;
use std::path::Path;

use detect::Bounds;
use intake::{Settings, Stop};
use page::Words;
use report::Tlp;
use sources::Limits;

use crate::arguments::threads;
use crate::arguments::{Demo, Report};
use crate::books::Books;
use crate::commands::{self, detect::Scan};
use crate::output::{self, ScanFacts};
use crate::range::{self, Range};
use crate::ruleset;
use crate::signals;
use crate::{Failure, Outcome};
pub use findings::{Told, told as findings_told};
use folder::Mark;
use lake::Nation;
pub use truth::{Fit, Planted, Plants, Seen, Step};

/// The fiscal year that the demo's logs lie in.
const YEAR: i16 = 2026;

/// Runs the command.
///
/// # Errors
/// When the folder is not the demo's, or something cannot be written.
pub fn run(arguments: &Demo, words: Words) -> Result<Outcome, Failure> {
    let place = folder::place(arguments, words)?;
    let stop = signals::stop().unwrap_or_default();
    let mark = Mark::wanted(arguments);
    let there = folder::claim(&place, words)?;
    let pages = pages::open(&place, &stop, words)?;
    let settings = settings(words)?;
    let is_new = there.as_ref() != Some(&mark);
    if !logs(&place, (&mark, is_new), (settings.threads, &stop), words)? {
        return Ok(Outcome::Stopped);
    }
    let files = mark.plan().written();
    let nation = Nation { folder: &place, files: &files, is_new, settings: &settings, stop: &stop, words };
    if nation.keep()? == Outcome::Stopped {
        return Ok(Outcome::Stopped);
    }
    let scanned = scan(&nation, &mark, pages)?;
    if scanned == Outcome::Stopped {
        return Ok(scanned);
    }
    let fail = |error: io::Error| Failure::output(words, &place.display().to_string(), &error);
    let plants = Plants::read(&place).map_err(fail)?;
    println!("\n{}", findings::text(&findings::told(&nation.home(), &plants, words)?, words));
    nation.ask()?;
    println!();
    for language in page::Language::ALL {
        yearly(&place, &nation.home(), Words::new(language))?;
    }
    Ok(scanned)
}

/// Writes the yearly report of the demo's year.
fn yearly(place: &Path, home: &Path, words: Words) -> Result<(), Failure> {
    let html = place.join(format!("year-{}.html", words.language.tag()));
    let report = Report { year: YEAR, html, home: Some(home.to_owned()), force: true, tlp: Tlp::Clear };
    commands::report::run(&report, words).map(drop)
}

fn settings(words: Words) -> Result<Settings, Failure> {
    let zone = range::zone("Asia/Tokyo", words)?;
    Ok(Settings { threads: threads(None), limits: Limits { zone, ..Limits::default() } })
}

/// Sees to it that the logs are there. False when the user stopped it.
fn logs(
    place: &Path,
    (mark, is_new): (&Mark, bool),
    (threads, stop): (usize, &Stop),
    words: Words,
) -> Result<bool, Failure> {
    let shown = place.display().to_string();
    let key = mark.key(if is_new { "cli-demo-making" } else { "cli-demo-reusing" });
    println!("{}", words.with(&key, &[("path", shown.as_str().into())]));
    if !is_new {
        return Ok(true);
    }
    make::make(place, mark, threads, stop).map_err(|error| Failure::output(words, &shown, &error))
}

/// Scans what is kept, and compares what was found with what was planted.
fn scan(nation: &Nation<'_>, mark: &Mark, pages: Vec<pages::Page>) -> Result<Outcome, Failure> {
    let Nation { folder, settings, stop, words, .. } = *nation;
    let rules = ruleset::bundled();
    let books = Books::open(Some(&nation.home()), "events, to be scanned", words)?;
    let mut seen = Vec::new();
    let (bounds, range) = (Bounds::default(), Range::default());
    let scan = Scan { words, rules: &rules, settings, bounds, range, stop, is_rescan: false };
    // The rules ran while the logs were kept: what they find is there.
    let scanned = scan.lake(&books, false, &mut |found| seen.extend(found.verdicts.iter().map(Seen::of)))?;
    if stop.asked() {
        return Ok(Outcome::Stopped);
    }
    let fail = |error: io::Error| Failure::output(words, &folder.display().to_string(), &error);
    let plants = Plants::read(folder).map_err(fail)?;
    drop(output::terminal(&mut io::stdout(), &scanned, &rules, words));
    println!("\n{}", told::truth(&plants.compare(&seen, words), words));
    let mut is_written = !scanned.broke_off;
    for page in pages {
        let words = Words::new(page.language);
        let facts = ScanFacts {
            title: pages::title(mark, words),
            paths: vec![books.folder().display().to_string()],
            zone: settings.limits.zone.clone(),
            tlp: Tlp::Clear,
            truth: Some(plants.compare(&seen, words)),
        };
        is_written &= page.write(&output::report(&scanned, &rules, &facts, words), words);
    }
    Ok(if is_written { Outcome::Done } else { Outcome::Unwritten })
}
