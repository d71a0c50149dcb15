//! What is wrong with a journal and its keys, for whoever only looks: nothing is made, mended or removed, and
//! whoever writes goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use home::{Holder, Home};
use model::time::Instant;
use model::view::{Looking, Sight};
use rusqlite::{Connection, ErrorCode};

use crate::act::Recorded;
use crate::database;
use crate::effect::{OUTBOX, State};
use crate::error::JournalError;
use crate::jobs::{self, Job};
use crate::keys::{KEY_BYTES, Keys};
use crate::kind::Kind;
use crate::look::{Look, looked};
use crate::personal::Subject;
use crate::registry::Kinds;
use crate::subject::Subjects;
use crate::verify::{Fault, Verified, Verifying};

/// Commits that are gone over when not all are.
const NEWEST: u64 = 1_000;
/// The largest database that is always gone over page by page, in bytes.
const SMALL: i64 = 64 << 20;
/// How often it is looked at until what is wrong is believed, and how long is waited in between: somebody
/// may be half-way through something.
const LOOKS: usize = 3;
const BETWEEN: Duration = Duration::from_millis(40);

/// While somebody writes, how old a key must be that the journal does not know: the act that it is for may be on
/// its way.
const YOUNG: Duration = Duration::from_secs(3_600);

/// What a journal holds, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// Commits.
    pub commits: u64,
    /// Acts that were gone over.
    pub acts: u64,
    /// Personal values that were opened; 0 unless all are.
    pub personal: u64,
    /// When the last commit was made, by the clock of then.
    pub latest: Option<Instant>,
    /// Bytes of a log that a process left which was killed, or which ended while somebody looked; whoever opens the
    /// journal next takes it in.
    pub left: u64,
    /// Long work that is not done.
    pub open: Vec<Job>,
    /// Effects that could not be carried out and are tried no more.
    pub given_up: u64,
    /// Kinds whose tables an earlier version of the program made.
    pub outdated: Vec<String>,
    /// What is wrong.
    pub wrong: Vec<Wrong>,
}

/// Something that is wrong with a journal or its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The file is no database.
    NotADatabase,
    /// The database contradicts itself, as it says itself.
    Database(String),
    /// The acts do.
    Acts(Fault),
    /// A later version of the program wrote it.
    Newer(String),
    /// The key of personal values is not there, and nobody has forgotten them.
    KeyMissing {
        /// Where it should be.
        path: PathBuf,
        /// Whose values they are.
        subject: String,
    },
    /// The file of a key is not as long as a key.
    KeyDamaged {
        /// Which.
        path: PathBuf,
        /// Whose values it is for.
        subject: String,
    },
    /// The key of values that were forgotten is still there.
    KeyLeft {
        /// Where.
        path: PathBuf,
        /// Whose values they were.
        subject: String,
    },
    /// A key of which the journal knows nothing.
    KeyUnknown {
        /// Where.
        path: PathBuf,
    },
}

/// Looks at the journal of a home and its keys; nothing where there is none. With `is_deep` all acts, all
/// personal values and the whole database are gone over, else the newest acts, and the database where it
/// is small. Tells names of subjects, jobs and numbers, and nothing of what stands in acts.
///
/// A process that has the journal open only to read it must not call this: it would lose its locks.
///
/// # Errors
/// When it cannot be read, or others change it all the time. What is wrong with it is no error, but found.
pub fn survey(home: &Home, kinds: &Kinds, is_deep: bool) -> Result<Option<Surveyed>, JournalError> {
    let look = || surveyed(home, kinds, is_deep);
    let Some(mut found) = look()? else { return Ok(None) };
    for _ in 1..LOOKS {
        if found.wrong.is_empty() {
            break;
        }
        thread::sleep(BETWEEN);
        let Some(mut again) = look()? else { return Ok(None) };
        again.wrong.retain(|wrong| found.wrong.contains(wrong));
        found = again;
    }
    Ok(Some(found))
}

/// A text and a number of each row of a table of some kind, in the order of the texts, for whoever compares them
/// with what lies elsewhere. This is not told to the access log, which would be changed by it: so nothing of
/// it may be shown but what is wrong. Nothing where there is no journal.
///
/// # Errors
/// When the view is not of now or does not show everything, or the table cannot be read.
pub fn compared(
    home: &Home,
    who: Looking<'_>,
    kinds: &Kinds,
    (table, text, number): (&str, &str, &str),
) -> Result<Option<Vec<(String, u64)>>, JournalError> {
    who.view.begin(who.now)?;
    let unknown = |what: &str| JournalError::Unknown { what: what.to_owned() };
    if *who.view.sight() != Sight::Everything {
        return Err(unknown("whole table for this view"));
    }
    let columns = kinds.table(table)?.columns;
    let is_there = |name: &str| columns.iter().any(|column| column.name == name);
    if !is_there(text) || !is_there(number) {
        return Err(unknown(&format!("column of {table}")));
    }
    let select = format!("SELECT {text}, {number} FROM {table} ORDER BY {text}");
    looked(home, |look| {
        let rows = || -> Result<Vec<(String, u64)>, rusqlite::Error> {
            let mut rows = look.database.prepare(&select)?;
            rows.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?.collect()
        };
        rows().map_err(JournalError::of("read"))
    })
}

fn surveyed(home: &Home, kinds: &Kinds, is_deep: bool) -> Result<Option<Surveyed>, JournalError> {
    let keys = home.path().join("keys").join("personal");
    let found = looked(home, |look| {
        let mut found = Surveyed { left: look.left, ..Surveyed::default() };
        let surveying = Surveying { look, home, kinds, keys: &keys, is_deep };
        match surveying.all(&mut found) {
            Ok(()) => Ok(found),
            Err(error) => match wrong(error) {
                Ok(wrong) => {
                    found.wrong.push(wrong);
                    Ok(found)
                }
                Err(error) => Err(error),
            },
        }
    });
    match found {
        Err(error) => wrong(error).map(|wrong| Some(Surveyed { wrong: vec![wrong], ..Surveyed::default() })),
        found => found,
    }
}

/// What an error says of the journal; the error itself where it says nothing of it.
fn wrong(error: JournalError) -> Result<Wrong, JournalError> {
    match &error {
        JournalError::Database { source, .. } => match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Ok(Wrong::NotADatabase),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::Unknown) => Ok(Wrong::Database(source.to_string())),
            None => Ok(Wrong::Database(source.to_string())),
            Some(_) => Err(error),
        },
        JournalError::Damaged { what } => Ok(Wrong::Database(what.clone())),
        JournalError::Newer { .. } | JournalError::NewerActs { .. } | JournalError::NewerFold { .. } => {
            Ok(Wrong::Newer(error.to_string()))
        }
        _ => Err(error),
    }
}

/// A journal that is looked at.
struct Surveying<'a> {
    look: &'a Look,
    home: &'a Home,
    kinds: &'a Kinds,
    keys: &'a Path,
    is_deep: bool,
}

impl Surveying<'_> {
    fn all(&self, found: &mut Surveyed) -> Result<(), JournalError> {
        let database = &self.look.database;
        if !database::is_furnished(database)? {
            return Ok(());
        }
        for kind in self.kinds.all() {
            if database::is_current(database, kind.as_ref())? == Some(false) {
                found.outdated.push(kind.name().to_owned());
            }
        }
        self.pages(found)?;
        self.acts(found)?;
        found.open = jobs::open(database)?;
        found.given_up = self.given_up()?;
        self.keys(found)
    }

    /// Effects that are tried no more, where the journal knows any.
    fn given_up(&self) -> Result<u64, JournalError> {
        let database = &self.look.database;
        let is_there = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1";
        let count = |statement: &str, value: &str| {
            let count = database.query_row(statement, [value], |row| row.get::<_, i64>(0));
            count.map(i64::unsigned_abs).map_err(JournalError::of("read"))
        };
        if count(is_there, OUTBOX)? == 0 {
            return Ok(0);
        }
        count(&format!("SELECT count(*) FROM {OUTBOX} WHERE state = $1"), State::GivenUp.as_str())
    }

    /// The database, as it finds itself.
    fn pages(&self, found: &mut Surveyed) -> Result<(), JournalError> {
        let number = |pragma| {
            let number = self.look.database.query_row(pragma, [], |row| row.get::<_, i64>(0));
            number.map_err(JournalError::of("read"))
        };
        let bytes = number("PRAGMA page_count")?.saturating_mul(number("PRAGMA page_size")?);
        if self.is_deep || bytes > SMALL {
            return Ok(());
        }
        let check = "PRAGMA quick_check(1)";
        let said = self.look.database.query_row(check, [], |row| row.get::<_, String>(0));
        let said = said.map_err(JournalError::of("read"))?;
        found.wrong.extend(Some(said).filter(|said| said != "ok").map(Wrong::Database));
        Ok(())
    }

    fn acts(&self, found: &mut Surveyed) -> Result<(), JournalError> {
        let database = &self.look.database;
        let mut verifying = Verifying { database, keys: &mut Keys::new(self.keys) };
        let verified = if self.is_deep { verifying.all()? } else { verifying.newest(NEWEST)? };
        let Verified { commits, acts, personal, faults, .. } = verified;
        (found.commits, found.acts, found.personal) = (commits, acts, personal);
        found.wrong.extend(faults.into_iter().map(|fault| match fault {
            Fault::File(what) => Wrong::Database(what),
            fault => Wrong::Acts(fault),
        }));
        let last = "SELECT max(at) FROM (SELECT at FROM commits ORDER BY position DESC LIMIT 1) AS last";
        let last = database.query_row(last, [], |row| row.get::<_, Option<i64>>(0));
        found.latest = last.map_err(JournalError::of("read"))?.map(Instant::from_nanoseconds);
        Ok(())
    }

    /// Keys that are missing, and such as should not be there.
    fn keys(&self, found: &mut Surveyed) -> Result<(), JournalError> {
        let failed = |source| JournalError::File { path: self.keys.to_owned(), doing: "looked at", source };
        let mut files = files(self.keys).map_err(failed)?;
        let is_held = !matches!(self.home.holder(), Ok(Holder::Nobody { .. }));
        // Whoever writes is about to destroy these.
        let going = if is_held { going(&self.look.database)? } else { BTreeSet::new() };
        let forgotten = forgotten(&self.look.database)?;
        for (subject, position) in sealed(&self.look.database)? {
            let path = Keys::new(self.keys).path(&subject);
            let bytes = files.remove(&path);
            let is_forgotten = forgotten.get(&subject).is_some_and(|at| *at > position);
            if going.contains(&subject) {
                continue;
            }
            let subject = subject.subject;
            found.wrong.extend(match bytes {
                Some(_) if is_forgotten => Some(Wrong::KeyLeft { path, subject }),
                Some(bytes) if bytes != KEY_BYTES => Some(Wrong::KeyDamaged { path, subject }),
                None if !is_forgotten => Some(Wrong::KeyMissing { path, subject }),
                Some(_) | None => None,
            });
        }
        let unknown = files.into_keys().filter(|path| !is_held || !is_young(path));
        found.wrong.extend(unknown.map(|path| Wrong::KeyUnknown { path }));
        Ok(())
    }
}

fn is_young(path: &Path) -> bool {
    let written = fs::metadata(path).and_then(|data| data.modified()).ok();
    written.and_then(|written| written.elapsed().ok()).is_none_or(|age| age < YOUNG)
}

/// The files of keys, and their bytes.
fn files(folder: &Path) -> io::Result<BTreeMap<PathBuf, u64>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries?,
    };
    let mut files = BTreeMap::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "key")
            && let Ok(data) = fs::metadata(&path)
        {
            files.insert(path, data.len());
        }
    }
    Ok(files)
}

/// Of whom there are sealed values, and the position of the last.
fn sealed(database: &Connection) -> Result<Vec<(Subject, u64)>, JournalError> {
    let all = "SELECT subject, class, max(position) FROM personal GROUP BY subject, class ORDER BY 1, 2";
    let rows = || -> Result<Vec<(Subject, u64)>, rusqlite::Error> {
        let mut all = database.prepare(all)?;
        let row = |row: &rusqlite::Row<'_>| {
            let subject = Subject { subject: row.get(0)?, class: row.get(1)? };
            Ok((subject, row.get::<_, i64>(2)?.unsigned_abs()))
        };
        all.query_map([], row)?.collect()
    };
    rows().map_err(JournalError::of("read"))
}

/// Whose keys are to be destroyed, and are not yet.
fn going(database: &Connection) -> Result<BTreeSet<Subject>, JournalError> {
    let rows = || -> Result<BTreeSet<Subject>, rusqlite::Error> {
        let mut all = database.prepare("SELECT subject, class FROM forgotten")?;
        all.query_map([], |row| Ok(Subject { subject: row.get(0)?, class: row.get(1)? }))?.collect()
    };
    rows().map_err(JournalError::of("read"))
}

/// Who was forgotten, and the position of the last act that says so.
fn forgotten(database: &Connection) -> Result<BTreeMap<Subject, u64>, JournalError> {
    let all = "SELECT bytes, position FROM acts WHERE stream >= $1 AND stream < $2 ORDER BY position";
    // The sign after `/`.
    let (begin, end) = (format!("{}/", Subjects::NAME), format!("{}0", Subjects::NAME));
    let rows = || -> Result<Vec<(String, u64)>, rusqlite::Error> {
        let mut all = database.prepare(all)?;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()));
        all.query_map([&begin, &end], row)?.collect()
    };
    let mut forgotten = BTreeMap::new();
    for (bytes, position) in rows().map_err(JournalError::of("read"))? {
        let Ok(recorded) = Recorded::read(&bytes) else { continue };
        let Some((subject, classes, _)) = crate::subject::forgotten(&recorded) else { continue };
        let classes: BTreeSet<String> = classes;
        for class in classes {
            forgotten.insert(Subject { subject: subject.to_owned(), class }, position);
        }
    }
    Ok(forgotten)
}
