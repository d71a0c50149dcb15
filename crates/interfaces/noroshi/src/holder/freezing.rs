//! All books at one moment, for whoever backs them up: nobody keeps, adds or acts while it is told what there is.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant as Clock};

use journal::Snapshot;
use lake::Lake;
use page::Words;

use super::answer::Session;
use super::held::Held;
use super::observing::{Taken, Turn};
use super::request::Frozen;
use crate::Failure;
use crate::acts::unkept;
use crate::books::{look, now, unread, with_cause};
use crate::keeping::refused;

/// How long a backup waits for another one, or until rows of a table are removed, which takes some seconds.
const FOR_A_BACKUP: Duration = Duration::from_secs(60);
/// How long whoever removes something waits for a backup.
const FOR_REMOVING: Duration = Duration::from_secs(10);
/// Time between two tries: whoever removes takes the next turn at once.
const PAUSE: Duration = Duration::from_millis(1);

/// One at a time copies the journal, also where there is no lake: a process holds one home.
static JOURNAL: LazyLock<Turn> = LazyLock::new(Turn::default);
/// Copies of the journal that this process has made.
static COPIES: AtomicU64 = AtomicU64::new(0);

/// That somebody copies what was frozen, until this goes.
#[derive(Debug)]
pub(super) struct Copying {
    _journal: Taken,
    _lake: Option<Taken>,
}

/// Waits some seconds until nobody copies what is to be removed.
pub(super) fn to_remove(turn: &Turn, words: Words) -> Result<Taken, Failure> {
    taken(turn, FOR_REMOVING, words)
}

impl Held {
    /// Tells what there is at one moment, and lets nothing of the lake be removed as long as the session copies.
    pub(super) fn freeze(&self, session: &mut Session) -> Result<Frozen, Failure> {
        let words = session.words;
        session.copying = None;
        let journal = taken(&JOURNAL, FOR_A_BACKUP, words)?;
        let (lake, (snapshot, mut frozen)) = match self.has_lake() {
            false => (None, self.note(None, words)?),
            true => {
                let observing = self.observing(words)?;
                let lake = taken(observing.copying(), FOR_A_BACKUP, words)?;
                // What takes time is done while others keep.
                observing.orders().settle().map_err(|error| refused(&error, words))?;
                let _nobody_keeps = observing.alone();
                let _nobody_adds = observing.orders().hold().map_err(|error| refused(&error, words))?;
                (Some(lake), self.note(Some(observing.orders().lake()), words)?)
            }
        };
        session.copying = Some(Copying { _journal: journal, _lake: lake });
        // While everybody goes on again.
        let to = new_copy(&self.home().copying(), &frozen.copy);
        let to = to.map_err(|error| unwritten(&error, words))?;
        let copied = snapshot.rows().and_then(|rows| snapshot.copy(&to).map(|()| rows));
        frozen.rows = copied.map_err(|error| unkept(&error, words))?;
        Ok(frozen)
    }

    /// Whether there ever was an observation.
    fn has_lake(&self) -> bool {
        self.home().lake().is_dir() || self.home().spool().is_dir()
    }

    fn note(&self, lake: Option<&std::sync::Arc<Lake>>, words: Words) -> Result<(Snapshot, Frozen), Failure> {
        let failed = |error: &dyn std::error::Error| unwritten(error, words);
        let journal = look(|who| self.journal().freeze(who)).map_err(|error| unkept(&error, words))?;
        let tables = lake.map(|lake| look(|who| lake.pin(who))).transpose();
        let tables = tables.map_err(|error| unread(&error, words))?.unwrap_or_default();
        let access = access_log::files(&self.home().access()).map_err(|error| failed(&error))?;
        let keys = keys(&self.home().keys(), journal.snapshot().going()).map_err(|error| failed(&error))?;
        let (at, snapshot) = (now(), journal.thaw());
        let (position, last) = snapshot.head();
        let tables = tables.iter().map(|table| ((&table.name).into(), table.version)).collect();
        let copy = format!("{}-{}", std::process::id(), COPIES.fetch_add(1, Ordering::Relaxed));
        let (last, rows) = (last.into(), Default::default());
        Ok((snapshot, Frozen { at, position, last, copy, rows, tables, access, keys }))
    }
}

/// Takes a turn for which somebody else has so long.
fn taken(turn: &Turn, patience: Duration, words: Words) -> Result<Taken, Failure> {
    let until = Clock::now() + patience;
    loop {
        match turn.try_take() {
            Some(taken) => return Ok(taken),
            None if Clock::now() < until => sleep(PAUSE),
            None => return Err(Failure { code: 1, text: words.get("cli-error-copying") }),
        }
    }
}

/// Where a copy of the journal is to be made. Others of before go: a file that somebody reads still stays theirs,
/// since no other is written in its place.
fn new_copy(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let removed = if folder.is_dir() { fs::remove_dir_all(folder) } else { fs::remove_file(folder) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    DirBuilder::new().mode(0o700).create(folder).map(|()| folder.join(name))
}

fn unwritten(error: &dyn std::error::Error, words: Words) -> Failure {
    let values = [("path", "".into()), ("reason", with_cause(error).into())];
    Failure { code: 1, text: words.with("cli-error-backup", &values) }
}

/// Files of keys, from their folder, but those that are to be destroyed.
fn keys(folder: &Path, going: &BTreeSet<String>) -> io::Result<Vec<String>> {
    let mut keys = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        let entries = match fs::read_dir(&inside) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_that_somebody_keeps_is_refused_with_what_to_do() {
        let (turn, words) = (Turn::default(), Words::new(page::Language::En));
        let mine = taken(&turn, Duration::ZERO, words).unwrap();
        let refused = taken(&turn, Duration::ZERO, words).unwrap_err();
        assert!(refused.text.contains("backup copies files"), "{}", refused.text);
        drop(mine);
        taken(&turn, Duration::ZERO, words).unwrap();
    }
}
