//! A home of an earlier format is brought up to date, and back.
//!
//! First the way back is kept in the home (`before/<format>/`): the journal without what is made of its acts, the
//! settings, and how far the journal was. Then the home is changed, a format at a time; its file `format` says last
//! that it was. Whoever is stopped begins again with the same command: a home still of its format has not been
//! written to by this version.
//!
//! Back, the journal is what it was before. Who was forgotten since stays so.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use home::FORMAT;
use journal::{Acting, Forgotten, Journal, Snapshot};
use model::hash::Sha256;
use model::time::Instant;
use page::Words;
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::acts::{kinds, undone, unkept};
use crate::books::{homeless, look, now, operator, with_cause};

/// What a home was when it was brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Its format.
    pub format: u32,
    /// The journal's last commit, and its hash.
    pub position: u64,
    /// The same.
    pub last: Sha256,
    /// Acts in it.
    pub acts: u64,
    /// When.
    pub at: Instant,
    /// By which version of the program.
    pub program: String,
}

/// The journal in the folder of a way back, and in a home.
const JOURNAL: &str = "journal.sqlite";
/// What says that a way back is whole.
const WAY: &str = "way.json";

/// Brings a home up to date; gives the format that it had, if that was another one.
///
/// # Errors
/// When the way back cannot be kept, or the home not be written to. The same again goes on.
pub fn upgrade(home: &mut home::Writer, words: Words) -> Result<Option<u32>, Failure> {
    let format = home.home().format();
    if format < FORMAT {
        keep(home, words)?;
    }
    // What a format needs of itself is done here, before it is said. The second is one with an id, which may be
    // lost.
    for next in (format + 1).min(FORMAT)..=FORMAT {
        home.set_format(next).map_err(|error| homeless(&error, words))?;
    }
    // What an earlier version of the program made of acts is made anew.
    Journal::open(home, kinds()).map_err(|error| unkept(&error, words))?;
    Ok(Some(format).filter(|format| *format < FORMAT))
}

/// Keeps the way back to what a home is.
fn keep(home: &home::Writer, words: Words) -> Result<(), Failure> {
    let format = home.home().format();
    let to = home.home().before(format);
    let part = to.with_extension("part");
    let refused = |error: io::Error| unkept_way(&error, &to, words);
    make_empty(&part).map_err(refused)?;
    let snapshot = look(|who| Snapshot::of(home, who)).map_err(|error| unkept(&error, words))?;
    let (mut acts, mut head) = (0, (0, [0; 32]));
    if let Some(snapshot) = snapshot {
        let counted = snapshot.rows().and_then(|rows| snapshot.copy(&part.join(JOURNAL)).map(|()| rows));
        acts = counted.map_err(|error| unkept(&error, words))?.get("acts").copied().unwrap_or(0);
        head = snapshot.head();
    }
    let (program, at) = (env!("CARGO_PKG_VERSION").to_owned(), now());
    let way = Way { format, position: head.0, last: head.1.into(), acts, at, program };
    let finish = || -> io::Result<()> {
        match fs::read(home.home().settings()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            settings => write(&part.join("noroshi.toml"), &settings?)?,
        }
        write(&part.join(WAY), (serde_json::to_string_pretty(&way)? + "\n").as_bytes())?;
        sync(&part)?;
        remove(&to)?;
        fs::rename(&part, &to)?;
        to.ancestors().skip(1).take(2).try_for_each(sync)
    };
    finish().map_err(refused)
}

/// Brings a home back to the format before, and its journal with it. Gives the way, and how many acts were lost.
///
/// # Errors
/// When there is no way back, acts were made since that shall not be lost, or something cannot be written. The same
/// again goes on.
pub fn back(home: &mut home::Writer, may_lose: bool, words: Words) -> Result<(Way, u64), Failure> {
    let folder = home.home().before(home.home().format() - 1);
    let way: Option<Way> =
        fs::read(folder.join(WAY)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let path = home.home().path().display().to_string();
    let way =
        way.ok_or_else(|| Failure::usage(words, "cli-error-upgrade-no-way", &[("path", path.into())]))?;
    let snapshot = look(|who| Snapshot::of(home, who)).map_err(|error| unkept(&error, words))?;
    let since =
        snapshot.as_ref().map(|snapshot| since(snapshot, &way, words)).transpose()?.unwrap_or_default();
    drop(snapshot);
    if since.acts > 0 && !may_lose {
        return Err(Failure::usage(words, "cli-error-upgrade-lose", &[("acts", since.acts.into())]));
    }
    let kept = folder.join(JOURNAL);
    if kept.exists() {
        let refused = |error: io::Error| unkept_way(&error, &folder, words);
        let beside = home.home().path().join("before").join("back");
        remove(&beside).map_err(refused)?;
        let from = if since.forgotten.is_empty() {
            kept
        } else {
            forget_again(&beside, &kept, &since.forgotten, words)?;
            beside.join(JOURNAL)
        };
        journal::put_back(home, &from).map_err(|error| unkept(&error, words))?;
        remove(&beside).map_err(refused)?;
    }
    home.set_format(way.format).map_err(|error| homeless(&error, words))?;
    Ok((way, since.acts))
}

/// What was done since a home was brought up to date.
#[derive(Default)]
struct Since {
    acts: u64,
    forgotten: Vec<Forgotten>,
}

fn since(snapshot: &Snapshot, way: &Way, words: Words) -> Result<Since, Failure> {
    let (position, last) = snapshot.head();
    if (position, Sha256::from(last)) == (way.position, way.last) {
        return Ok(Since::default());
    }
    let read = snapshot.rows().and_then(|rows| snapshot.forgotten().map(|forgotten| (rows, forgotten)));
    let (rows, mut forgotten) = read.map_err(|error| unkept(&error, words))?;
    let acts = rows.get("acts").copied().unwrap_or(0);
    forgotten.retain(|one| one.position > way.position);
    // Another journal than that which goes on from there.
    Ok(Since { acts: acts.saturating_sub(way.acts).max(1), forgotten })
}

/// Makes a journal beside the home that is the one kept, and in which who was forgotten since is so.
fn forget_again(beside: &Path, kept: &Path, all: &[Forgotten], words: Words) -> Result<(), Failure> {
    let home = home::Writer::beginning(beside).map_err(|error| homeless(&error, words))?;
    fs::copy(kept, beside.join(JOURNAL)).map_err(|error| unkept_way(&error, beside, words))?;
    let journal = Journal::open(&home, kinds()).map_err(|error| unkept(&error, words))?;
    for one in all {
        let acting = Acting { actor: operator(), now: now() };
        let done = journal.forget_again(&one.subject, (&one.classes, &one.reason), &acting);
        let refused =
            |refusal: &journal::subject::ForgetRefusal| Failure { code: 1, text: refusal.to_string() };
        done.map_err(|error| undone(error, words, refused))?;
    }
    Ok(())
}

/// Why the way back cannot be kept or gone, in words.
fn unkept_way(error: &io::Error, path: &Path, words: Words) -> Failure {
    let values = [("path", path.display().to_string().into()), ("reason", with_cause(error).into())];
    Failure { code: 1, text: words.with("cli-error-upgrade", &values) }
}

fn make_empty(folder: &Path) -> io::Result<()> {
    remove(folder)?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Writes a file of the owner's alone, durably.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
