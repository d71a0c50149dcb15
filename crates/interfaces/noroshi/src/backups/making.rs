//! A point of a home's books, all as they were at one moment.
//!
//! First [`freeze`]: nobody acts, and the caller lets nobody add to the lake; what there is is noted, in
//! milliseconds. Then [`copy`], while everybody goes on. Meanwhile nothing of the lake must be vacuumed, which is
//! for the caller to see to as well; a file that is gone all the same is told, and makes no point. Files of uploads
//! are held, and who would remove one waits.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use backup::{About, Added, BackupError, Chain, Held, Manifest, NewPoint, Part, TableOf, What};
use files::Lying;
use home::Home;
use journal::{Journal, Snapshot};
use lake::{Lake, Pinned, TablePoint};
use model::time::Instant;
use page::Words;

use super::{Watch, failed, forgetting, unless_stopped, unread};
use crate::Failure;
use crate::acts::unkept;
use crate::books::{self, look, now};

/// The books of a home, held by whoever backs it up.
#[derive(Clone, Copy)]
pub struct Holding<'a> {
    /// The home.
    pub home: &'a Home,
    /// Its journal.
    pub journal: &'a Journal,
    /// Its lake, if it has one. All that was received is in it.
    pub lake: Option<&'a Lake>,
    /// For what is told.
    pub words: Words,
}

/// All books as they were at one moment.
pub struct Moment {
    at: Instant,
    journal: Snapshot,
    tables: Vec<Pinned>,
    access: Vec<(String, u64)>,
    uploads: Vec<(model::hash::Sha256, u64)>,
    keys: Vec<String>,
    /// Lines of the list of who was forgotten that the journal knows.
    forgotten: u64,
    _lying: Lying,
}

/// A point that was made.
#[derive(Debug)]
pub struct Made {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub manifest: Manifest,
    /// What was copied for it.
    pub added: Added,
}

/// Notes what there is while nobody acts. The caller lets nobody add to the lake until this returns.
///
/// # Errors
/// When a book or the folder of backups cannot be read or written.
pub fn freeze(holding: &Holding<'_>, held: &Held) -> Result<Moment, Failure> {
    let Holding { home, journal, lake, words } = *holding;
    // What takes time is done before: while all wait, there is nothing left to write then.
    forgetting::tell(held.folder(), journal.reader(), words)?;
    held.destroy_keys().map_err(|error| failed(&error, words))?;
    let lying = files::hold(home).map_err(|error| unread(&error, words))?;
    let frozen = look(|who| journal.freeze(who)).map_err(|error| unkept(&error, words))?;
    let tables = lake.map(|lake| look(|who| lake.pin(who))).transpose();
    let tables = tables.map_err(|error| books::unread(&error, words))?.unwrap_or_default();
    let access = access_log::files(&home.access()).map_err(|error| unread(&error, words))?;
    let uploads = lying.all().map_err(|error| unread(&error, words))?;
    let keys = keys(&home.keys(), frozen.snapshot().going()).map_err(|error| unread(&error, words))?;
    // Nobody can be forgotten now, so that all lines are of what the journal knows.
    let known = frozen.snapshot().forgotten().map_err(|error| unkept(&error, words))?;
    let known = backup::add(held.folder(), &forgetting::lines(known));
    let forgotten = known.map_err(|error| failed(&error, words))?;
    let (at, journal) = (now(), frozen.thaw());
    Ok(Moment { at, journal, tables, access, uploads, keys, forgotten, _lying: lying })
}

/// Copies what was noted, and makes it a point; none where somebody wanted it to stop.
///
/// # Errors
/// When a book cannot be read, something is not as it was any more, or the disk refuses.
pub fn copy(
    holding: &Holding<'_>,
    held: &Held,
    moment: Moment,
    watch: &mut Watch<'_>,
) -> Result<Option<Made>, Failure> {
    let Holding { home, words, .. } = *holding;
    let (at, forgotten) = (moment.at, moment.forgotten);
    let mut point = NewPoint::begin(held, at).map_err(|error| failed(&error, words))?;
    let (journal, journal_rows) = copy_journal(moment.journal, &mut point, words)?;
    let tables = tables(holding, moment.tables)?;
    let lake = tables.iter().map(table_of).collect();
    let small = small(home, &moment.access, &moment.keys).map_err(|error| unread(&error, words))?;
    let parts = small.into_iter().chain(lake_parts(home, tables)).chain(uploads(home, &moment.uploads));
    let parts: Vec<Part> = parts.collect();
    let (total, mut done) = (parts.iter().map(bytes).sum(), 0);
    for part in parts {
        let added = point.add(part, &mut |more| {
            done += more;
            watch(done, total)
        });
        if unless_stopped(added, words)?.is_none() {
            return Ok(None);
        }
    }
    let access = access_log::verify(&point.place_of(ACCESS)).map_err(|error| unread(&error, words))?;
    let about = About {
        at,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        home_format: home.format(),
        journal,
        journal_rows,
        access: Chain { position: access.number, last: access.last.into() },
        lake,
        forgotten,
    };
    let name = point.name().to_owned();
    let (manifest, added) = point.finish(about).map_err(|error| failed(&error, words))?;
    Ok(Some(Made { name, manifest, added }))
}

/// The folder of the access log in a home.
const ACCESS: &str = "access";
/// The journal's file in a home.
const JOURNAL: &str = "journal.sqlite";

type Rows = std::collections::BTreeMap<String, u64>;

/// First the journal: as long as it is held as it was, its log grows, and nobody can be forgotten wholly.
fn copy_journal(
    snapshot: Snapshot,
    point: &mut NewPoint<'_>,
    words: Words,
) -> Result<(Chain, Rows), Failure> {
    let copied = snapshot.rows().and_then(|rows| snapshot.copy(&point.place_of(JOURNAL)).map(|()| rows));
    let rows = copied.map_err(|error| unkept(&error, words))?;
    let (position, last) = snapshot.head();
    drop(snapshot);
    point.take(JOURNAL).map_err(|error| failed(&error, words))?;
    Ok((Chain { position, last: last.into() }, rows))
}

fn tables(holding: &Holding<'_>, pinned: Vec<Pinned>) -> Result<Vec<TablePoint>, Failure> {
    let Some(lake) = holding.lake else { return Ok(Vec::new()) };
    let tables = look(|who| lake.inventory(who, pinned));
    tables.map_err(|error| books::unread(&error, holding.words))
}

/// A table, in numbers.
pub(super) fn table_of(point: &TablePoint) -> TableOf {
    TableOf {
        table: point.name.to_string(),
        version: point.version,
        rows: point.rows,
        files: point.data.len() as u64,
        bytes: point.data.iter().map(|(_, bytes)| bytes).sum(),
    }
}

/// Settings, keys and the access log.
fn small(home: &Home, access: &[(String, u64)], keys: &[String]) -> io::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for from in [home.settings(), home.backups()] {
        match File::open(&from) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            file => parts.push(part(home, from, What::Opened(file?))),
        }
    }
    parts.extend(keys.iter().map(|key| part(home, home.keys().join(key), What::Key)));
    let access = access.iter().map(|(name, bytes)| (home.access().join(name), *bytes));
    parts.extend(access.map(|(from, bytes)| part(home, from, What::Own(Some(bytes)))));
    Ok(parts)
}

fn lake_parts(home: &Home, tables: Vec<TablePoint>) -> impl Iterator<Item = Part> {
    tables.into_iter().flat_map(move |table| {
        let at = |path: &Path| home.lake().join(path);
        let log = table.log.iter().map(|path| part(home, at(path), What::Own(None)));
        let data = table.data.iter().map(|(path, bytes)| part(home, at(path), What::Lasting(*bytes, None)));
        let mut parts: Vec<Part> = log.chain(data).collect();
        parts.extend(table.account.map(|(path, file)| part(home, at(&path), What::Opened(file))));
        parts
    })
}

fn uploads(home: &Home, uploads: &[(model::hash::Sha256, u64)]) -> Vec<Part> {
    let upload = |(hash, bytes): &(model::hash::Sha256, u64)| {
        part(home, home.path().join(files::path(hash)), What::Lasting(*bytes, Some(*hash)))
    };
    uploads.iter().map(upload).collect()
}

fn part(home: &Home, from: PathBuf, what: What) -> Part {
    let path = from.strip_prefix(home.path()).unwrap_or(&from).to_string_lossy().into_owned();
    Part { path, from, what }
}

/// Bytes of a part, as far as they are known.
fn bytes(part: &Part) -> u64 {
    match part.what {
        What::Lasting(bytes, _) | What::Own(Some(bytes)) => bytes,
        What::Own(None) | What::Opened(_) | What::Key => {
            fs::metadata(&part.from).map_or(0, |file| file.len())
        }
    }
}

/// Files of keys, from their folder, but those that are to be destroyed.
fn keys(folder: &Path, going: &BTreeSet<String>) -> Result<Vec<String>, BackupError> {
    let mut keys = Vec::new();
    let mut folders = vec![folder.to_owned()];
    let refused = |path: &Path| {
        let path = path.to_owned();
        move |source| BackupError::Disk { path, doing: "read", source }
    };
    while let Some(inside) = folders.pop() {
        let entries = match fs::read_dir(&inside) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            entries => entries.map_err(refused(&inside))?,
        };
        for entry in entries {
            let path = entry.map_err(refused(&inside))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "key") {
                keys.push(path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned());
            }
        }
    }
    keys.retain(|key| !going.contains(key));
    keys.sort_unstable();
    Ok(keys)
}
