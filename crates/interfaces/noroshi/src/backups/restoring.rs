//! A point is put back: its files are copied and compared, what is made of acts is made anew, who was forgotten since
//! is forgotten again, and all of it is compared with what the point says.

use backup::{BackupError, Chain, Forgotten, Held, Manifest, Point, Restored, State, TableOf};
use files::Files;
use journal::{Acting, Journal};
use lake::Lake;
use model::hash::hex;
use page::Words;

use super::comparing::{Found, differences};
use super::making::table_of;
use super::{Watch, failed, unless_stopped, unread};
use crate::Failure;
use crate::acts::{kinds, undone, unkept};
use crate::books::{self, homeless, look, now, operator};

pub use super::comparing::Difference;

/// What was put back.
#[derive(Debug)]
pub struct PutBack {
    /// Files and bytes, and who was forgotten since.
    pub restored: Restored,
    /// What is not as it was.
    pub differences: Vec<Difference>,
    /// What was found wrong with acts, files and the access log.
    pub faults: Vec<String>,
}

impl PutBack {
    /// Whether all is as it was.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty() && self.faults.is_empty()
    }
}

/// The point that is meant: the one that counts and has the most acts, of these the newest, or the one whose name
/// begins so. Acts are only ever added, and clocks are set back.
///
/// # Errors
/// When there is none, several, or one that does not count.
pub fn choose<'a>(
    points: &'a [Point],
    wanted: Option<&str>,
    words: Words,
) -> Result<(&'a str, &'a Manifest), Failure> {
    let wrong = |key: &str| {
        let name = wanted.unwrap_or_default();
        Err(Failure { code: 3, text: words.with(key, &[("point", name.into())]) })
    };
    let Some(wanted) = wanted else {
        let whole = points.iter().filter_map(|point| Some((point.name.as_str(), point.whole()?)));
        let most = whole.max_by_key(|(name, manifest)| (manifest.about.journal.position, *name));
        return most.map_or_else(|| wrong("cli-error-restore-none"), Ok);
    };
    let mut fitting = points.iter().filter(|point| point.name.starts_with(wanted));
    match (fitting.next(), fitting.next()) {
        (None, _) => wrong("cli-error-restore-point"),
        (Some(_), Some(_)) => wrong("cli-error-restore-several"),
        (Some(Point { name, state: State::Whole(manifest) }), None) => Ok((name, manifest)),
        (Some(_), None) => wrong("cli-error-restore-broken"),
    }
}

/// The newest point that counts, by its time, if it is another.
#[must_use]
pub fn other_newest<'a>(points: &'a [Point], chosen: &str) -> Option<&'a str> {
    let newest = points.iter().filter(|point| point.whole().is_some()).map(|point| point.name.as_str()).max();
    newest.filter(|newest| *newest != chosen)
}

/// Puts a point back into a folder that is becoming a home; none where somebody wanted it to stop. It is none yet.
///
/// # Errors
/// When files of the point are damaged, or something cannot be read or written.
pub fn put_back(
    held: &Held,
    (name, manifest): (&str, &Manifest),
    (home, words): (&home::Writer, Words),
    watch: &mut Watch<'_>,
) -> Result<Option<PutBack>, Failure> {
    let known = home::FORMAT;
    if manifest.about.home_format > known {
        return Err(Failure::usage(words, "cli-error-backup-newer", &[("path", name.into())]));
    }
    let (total, mut done) = (manifest.bytes(), 0);
    let restored = backup::restore(held, (name, manifest), home.home().path(), &mut |more| {
        done += more;
        watch(done, total)
    });
    let Some(restored) = unless_stopped(restored, words)? else { return Ok(None) };
    // Before anybody looks into a book here, which would be noted.
    let looks = access_log::verify(&home.home().access()).map_err(|error| unread(&error, words))?;
    let access = Chain { position: looks.number, last: looks.last.into() };
    // Opened, it makes anew what is made of acts.
    let journal = Journal::open(home, kinds()).map_err(|error| unkept(&error, words))?;
    let snapshot = look(|who| journal.freeze(who)).map_err(|error| unkept(&error, words))?.thaw();
    let journal_rows = snapshot.rows().map_err(|error| unkept(&error, words))?;
    let (position, last) = snapshot.head();
    drop(snapshot);
    let found = Found {
        journal: Chain { position, last: last.into() },
        journal_rows,
        access,
        lake: lake(home.home(), words)?,
        has_forgotten: !restored.forgotten.is_empty(),
    };
    forget_again(&journal, &restored.forgotten, words)?;
    let mut faults: Vec<String> = looks.faults.iter().map(|fault| format!("access/{fault}")).collect();
    faults.extend(faults_of(home.home(), &journal, words)?);
    let differences = differences(&manifest.about, &found);
    Ok(Some(PutBack { restored, differences, faults }))
}

/// Lets the journal know who was forgotten since.
fn forget_again(journal: &Journal, all: &[Forgotten], words: Words) -> Result<(), Failure> {
    for one in all {
        let values = [
            ("reason", one.reason.as_str().into()),
            ("at", one.at.to_string().into()),
            ("actor", one.actor.as_str().into()),
        ];
        let reason = words.with("cli-restore-forgotten-again", &values);
        let acting = Acting { actor: operator(), now: now() };
        let done = journal.forget_again(&one.subject, (&one.classes, &reason), &acting);
        done.map_err(|error| undone(error, words, |refusal| unread(refusal, words)))?;
    }
    Ok(())
}

/// What is wrong with acts, with what is made of them, and with files.
fn faults_of(home: &home::Home, journal: &Journal, words: Words) -> Result<Vec<String>, Failure> {
    let rebuilt = journal.rebuild().map_err(|error| unkept(&error, words))?;
    let damaged = look(|who| Files::new(home, journal, u64::MAX).damaged(who));
    let damaged = damaged.map_err(|error| unread(&error, words))?;
    let mut faults: Vec<String> = rebuilt.verified.faults.iter().map(ToString::to_string).collect();
    faults.extend(rebuilt.tables.iter().map(|(table, rows)| format!("{table}: {rows}")));
    faults.extend(rebuilt.snapshots.iter().cloned());
    faults.extend(damaged.iter().map(|hash| format!("files/{}", hex(hash.bytes()))));
    Ok(faults)
}

/// The tables of a lake, in numbers.
fn lake(home: &home::Home, words: Words) -> Result<Vec<TableOf>, Failure> {
    if !home.lake().is_dir() {
        return Ok(Vec::new());
    }
    let lake = Lake::open(&home.lake()).map_err(|error| books::unread(&error, words))?;
    let points = look(|who| lake.pin(who).and_then(|pinned| lake.inventory(who, pinned)));
    Ok(points.map_err(|error| books::unread(&error, words))?.iter().map(table_of).collect())
}

/// Makes what was put back a home, which notes where its backups are.
///
/// # Errors
/// When nobody knows who was forgotten, or something cannot be written.
pub fn finish(
    held: &Held,
    manifest: &Manifest,
    (home, words): (&home::Writer, Words),
    back: &mut PutBack,
) -> Result<(), Failure> {
    let fail = |error| failed(&error, words);
    let path = held.folder().path();
    let folder = std::fs::canonicalize(path);
    let found = |source| fail(BackupError::Disk { path: path.to_owned(), doing: "found", source });
    backup::remember(&home.home().backups(), &folder.map_err(found)?).map_err(fail)?;
    // Copying took its time, and who was forgotten meanwhile has keys here.
    let mut later = backup::forgotten_since(held.folder(), manifest).map_err(fail)?;
    later.retain(|one| !back.restored.forgotten.contains(one));
    if !later.is_empty() {
        let journal = Journal::open(home, kinds()).map_err(|error| unkept(&error, words))?;
        forget_again(&journal, &later, words)?;
        back.restored.forgotten.extend(later);
    }
    home.finish(held.folder().home()).map_err(|error| homeless(&error, words))
}
