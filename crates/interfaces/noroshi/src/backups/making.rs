//! A point of a home's books, all as they were at one moment.
//!
//! Whoever holds the home, this process or another, says what there is at that moment ([`Request::Freeze`]), in
//! milliseconds, and lets nothing of the lake be removed until it is told that all is copied. The files are copied
//! here, with the rights of whoever types; a file that is gone all the same is told, and makes no point. Uploads are
//! held, and who would remove one waits.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use backup::{About, Added, Chain, Held, Manifest, NewPoint, Part, TableOf, What};
use files::Lying;
use home::Home;
use lake::{Lake, NotAName, Pinned, TablePoint};
use model::hash::Sha256;
use page::Words;

use super::{Watch, failed, forgetting, unless_stopped, unread};
use crate::Failure;
use crate::books::{self, look};
use crate::holder::request::{Frozen, Request};
use crate::holder::{Behind, Hand};

/// All books as they were at one moment, until they are copied.
pub struct Moment {
    frozen: Frozen,
    copy: JournalCopy,
    lying: Lying,
    /// How many lines the list of who was forgotten had before.
    forgotten: u64,
}

/// The copy of the journal, removed when this goes.
struct JournalCopy(PathBuf);

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

/// Lets whoever holds the home say what there is.
///
/// # Errors
/// When a book or the folder of backups cannot be read or written.
pub fn freeze(hand: &Hand, held: &Held) -> Result<Moment, Failure> {
    let words = hand.words();
    // Before: who is forgotten from now on stands in lines that the point is told of when it is put back.
    let forgotten = forgetting::tell(held.folder(), &hand.reader(), words)?;
    held.destroy_keys().map_err(|error| failed(&error, words))?;
    let lying = files::hold(hand.home()).map_err(|error| unread(&error, words))?;
    let frozen: Frozen = hand.ask(&Request::Freeze, Behind::Nothing)?;
    let copy = JournalCopy(hand.home().copying().join(&frozen.copy));
    Ok(Moment { frozen, copy, lying, forgotten })
}

/// Copies what there was, and makes it a point; none where somebody wanted it to stop.
///
/// # Errors
/// When a book cannot be read, something is not as it was any more, or the disk refuses.
pub fn copy(
    hand: &Hand,
    held: &Held,
    moment: Moment,
    watch: &mut Watch<'_>,
) -> Result<Option<Made>, Failure> {
    let (words, home) = (hand.words(), hand.home());
    let Moment { frozen, copy, lying, forgotten } = moment;
    let mut point = NewPoint::begin(held, frozen.at).map_err(|error| failed(&error, words))?;
    let tables = tables(home, &frozen, words)?;
    let lake = tables.iter().map(table_of).collect();
    let parts = parts(home, (&frozen, &tables), &lying).map_err(|error| unread(&error, words))?;
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
    drop(copy);
    hand.ask::<()>(&Request::EndCopying, Behind::Nothing)?;
    let access = access_log::verify(&point.place_of(ACCESS)).map_err(|error| unread(&error, words))?;
    let about = About {
        at: frozen.at,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        home_format: home.format(),
        journal: Chain { position: frozen.position, last: frozen.last },
        journal_rows: frozen.rows,
        access: Chain { position: access.number, last: access.last.into() },
        lake,
        forgotten,
    };
    let name = point.name().to_owned();
    let (manifest, added) = point.finish(about).map_err(|error| failed(&error, words))?;
    Ok(Some(Made { name, manifest, added }))
}

impl Drop for JournalCopy {
    fn drop(&mut self) {
        // What stays is removed by whoever freezes next, and a folder in which another one lies stays.
        drop(fs::remove_file(&self.0));
        drop(self.0.parent().map(fs::remove_dir));
    }
}

/// The folder of the access log in a home.
const ACCESS: &str = "access";
/// The journal's file in a home.
const JOURNAL: &str = "journal.sqlite";

/// Files of the lake's tables as they were.
fn tables(home: &Home, frozen: &Frozen, words: Words) -> Result<Vec<TablePoint>, Failure> {
    if frozen.tables.is_empty() {
        return Ok(Vec::new());
    }
    let pinned = frozen.tables.iter().map(|(table, version)| {
        let name = table.name()?;
        Ok(Pinned { name, version: *version })
    });
    let pinned: Result<Vec<Pinned>, NotAName> = pinned.collect();
    let pinned = pinned.map_err(|error| unread(&error, words))?;
    let points = Lake::open(&home.lake()).and_then(|lake| look(|who| lake.inventory(who, pinned)));
    points.map_err(|error| books::unread(&error, words))
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

/// All files, those first that may change or go.
fn parts(home: &Home, (frozen, tables): (&Frozen, &[TablePoint]), lying: &Lying) -> io::Result<Vec<Part>> {
    let at = |path: &PathBuf| home.lake().join(path);
    let journal =
        Part { path: JOURNAL.to_owned(), from: home.copying().join(&frozen.copy), what: What::Own(None) };
    let mut parts = vec![journal];
    for from in [home.settings(), home.backups()] {
        match File::open(&from) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            file => parts.push(part(home, from, What::Opened(file?))),
        }
    }
    parts.extend(frozen.keys.iter().map(|key| part(home, home.keys().join(key), What::Key)));
    let access = frozen.access.iter().map(|(name, bytes)| (home.access().join(name), *bytes));
    parts.extend(access.map(|(from, bytes)| part(home, from, What::Own(Some(bytes)))));
    let logs = tables.iter().flat_map(|table| table.log.iter().chain(&table.account));
    parts.extend(logs.map(|path| part(home, at(path), What::Own(None))));
    let data = tables.iter().flat_map(|table| &table.data);
    parts.extend(data.map(|(path, bytes)| part(home, at(path), What::Lasting(*bytes, None))));
    let upload = |(hash, bytes): (Sha256, u64)| {
        part(home, home.path().join(files::path(&hash)), What::Lasting(bytes, Some(hash)))
    };
    parts.extend(lying.all().map_err(io::Error::other)?.into_iter().map(upload));
    Ok(parts)
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
