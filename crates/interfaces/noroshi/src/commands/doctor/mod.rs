//! `noroshi doctor`: what is wrong with a home, and what to do.
//!
//! Nothing is mended here, and nothing is opened to be written to: whoever writes goes on meanwhile, and is not
//! taken for damage. What each store can tell of itself so, it tells by its own `survey`; here stand the codes
//! ([`finding`]), and how what was found becomes one. One file a store: whoever adds one adds a
//! file, its line in `CHECKS`, its codes, their texts and their rows in docs/guide/doctor.md.

mod access;
mod backups;
mod disk;
mod files;
pub mod finding;
mod home;
mod journal;
mod lake;
mod lock;
mod print;
mod settings;
mod spool;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use ::home::{Holder, Home, HomeError};
use page::{Value, Words};

use crate::arguments::Doctor;
use crate::books::homeless;
use crate::tally::Unchecked;
use crate::{Failure, Outcome, output};

pub use disk::Room;
pub use finding::{Code, Finding, Severity};

/// While somebody writes, how old must be what nothing tells of: what is to tell of it may be on its way.
const YOUNG: Duration = Duration::from_secs(3_600);

/// How long is waited before it is looked again at what may pass.
const BETWEEN: Duration = Duration::from_millis(50);

/// What is looked at, in this order.
const CHECKS: &[fn(&Patient<'_>) -> Checked] = &[
    home::check,
    lock::check,
    disk::check,
    settings::check,
    lake::check,
    spool::check,
    journal::check,
    files::check,
    access::check,
    backups::check,
];

/// A home, looked at.
#[derive(Debug)]
pub struct Examined {
    /// Where it is, or should be.
    pub home: PathBuf,
    /// Whether all bytes were read.
    pub is_deep: bool,
    /// Whether there is one.
    pub is_there: bool,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub looked: Vec<Looked>,
}

/// Something that was looked at, with its numbers. Its text is `doctor-looked-<what>`.
#[derive(Debug)]
pub struct Looked {
    /// What.
    pub what: &'static str,
    /// Numbers and names, as the text asks for them.
    pub values: Vec<(&'static str, Value)>,
}

/// What one file of this module found.
#[derive(Debug, Default)]
struct Checked {
    findings: Vec<Finding>,
    looked: Vec<Looked>,
}

/// A home that is looked at.
struct Patient<'a> {
    home: &'a Home,
    is_deep: bool,
}

/// Runs the command.
///
/// # Errors
/// When nobody says where the home is, or nothing can be printed. What is wrong with it is told, and the exit
/// code is 1; where there is none it is 3.
pub fn run(arguments: &Doctor, words: Words) -> Result<Outcome, Failure> {
    let place = ::home::place(arguments.at.home.as_deref(), &|name| std::env::var_os(name));
    let place = place.map_err(|error| homeless(&error, words))?;
    let examined = examine(&place, arguments.deep);
    let printed = if arguments.at.json {
        output::print_json(&print::told(&examined, words), words)?
    } else {
        output::print(&print::shown(&examined, words), words)?
    };
    Ok(match (examined.is_there, examined.is_healthy()) {
        (false, _) => Outcome::Unchecked(Unchecked::NoInput),
        (true, true) => printed,
        (true, false) => Outcome::Unwritten,
    })
}

/// Looks at the home at a place, and changes nothing; with `is_deep`, reads all bytes.
#[must_use]
pub fn examine(place: &Path, is_deep: bool) -> Examined {
    let (mut findings, mut looked, mut is_there) = (Vec::new(), Vec::new(), true);
    match Home::open(place) {
        Ok(home) => {
            let patient = Patient { home: &home, is_deep };
            for check in CHECKS {
                let checked = believed(*check, &patient);
                findings.extend(checked.findings);
                looked.extend(checked.looked);
            }
        }
        Err(error) => {
            is_there = !matches!(error, HomeError::Missing { .. } | HomeError::Foreign { .. });
            findings.push(unopened(place, &error));
        }
    }
    findings.sort_by_key(|finding| finding.code.severity());
    // Several may have been refused the same.
    let mut refused = BTreeSet::new();
    findings.retain(|finding| finding.code != Code::NotLookedAt || refused.insert(finding.path.clone()));
    Examined { home: place.to_owned(), is_deep, is_there, findings, looked }
}

/// What is found, and what may come and go only when it is found again: between a look at files and one at who
/// writes, somebody may have begun, or ended.
fn believed(check: fn(&Patient<'_>) -> Checked, patient: &Patient<'_>) -> Checked {
    let mut checked = check(patient);
    if checked.findings.iter().any(|finding| finding.code.may_pass()) {
        thread::sleep(BETWEEN);
        let again = check(&Patient { is_deep: false, ..*patient }).findings;
        checked.findings.retain(|finding| !finding.code.may_pass() || again.contains(finding));
    }
    checked
}

impl Examined {
    /// Whether nobody has to do anything.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.findings.iter().all(|finding| finding.code.severity() == Severity::Note)
    }
}

impl Patient<'_> {
    /// Whether somebody writes here now, or may.
    fn is_held(&self) -> bool {
        !matches!(self.home.holder(), Ok(Holder::Nobody { .. }))
    }

    /// Whether something that nothing tells of may be on its way.
    fn is_on_its_way(&self, written: SystemTime) -> bool {
        self.is_held() && written.elapsed().map_or(true, |age| age < YOUNG)
    }
}

impl Checked {
    fn add(&mut self, code: Code, path: &Path, values: Vec<(&'static str, Value)>) {
        self.findings.push(Finding::new(code, path, values));
    }

    fn look(&mut self, what: &'static str, values: Vec<(&'static str, Value)>) {
        self.looked.push(Looked { what, values });
    }
}

/// Why there is no home to be looked at.
fn unopened(place: &Path, error: &HomeError) -> Finding {
    match error {
        HomeError::Missing { .. } | HomeError::Unnamed => Finding::new(Code::HomeMissing, place, Vec::new()),
        HomeError::Foreign { .. } => Finding::new(Code::HomeForeign, place, Vec::new()),
        HomeError::Newer { found, known, .. } => {
            let number = |number: u32| Value::from(u64::from(number));
            let values = vec![("found", number(*found)), ("known", number(*known))];
            Finding::new(Code::FormatNewer, &place.join("format"), values)
        }
        HomeError::Unreadable { .. } => {
            Finding::new(Code::FormatUnreadable, &place.join("format"), Vec::new())
        }
        // Whoever only looks is told neither of what an earlier version laid out, nor of who a home is.
        HomeError::Outdated { .. }
        | HomeError::Nameless { .. }
        | HomeError::Busy { .. }
        | HomeError::Disk { .. } => Finding::not_looked_at(place, crate::books::with_cause(error)),
    }
}
