//! All books at one moment, for whoever backs them up: nobody keeps, adds or acts while it is told what there is.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use journal::Snapshot;
use lake::Lake;
use page::Words;

use super::answer::Session;
use super::held::Held;
use super::request::Frozen;
use crate::Failure;
use crate::acts::unkept;
use crate::books::{look, now, unread, with_cause};
use crate::keeping::refused;

impl Held {
    /// Tells what there is at one moment, and lets nothing of the lake be removed as long as the session copies.
    pub(super) fn freeze(&self, session: &mut Session) -> Result<Frozen, Failure> {
        let words = session.words;
        let (snapshot, mut frozen) = match self.has_lake() {
            false => self.note(None, words)?,
            true => {
                let observing = self.observing(words)?;
                session.copying = None;
                session.copying = Some(observing.copying().take());
                // What takes time is done while others keep.
                observing.orders().settle().map_err(|error| refused(&error, words))?;
                let _nobody_keeps = observing.alone();
                let _nobody_adds = observing.orders().hold().map_err(|error| refused(&error, words))?;
                self.note(Some(observing.orders().lake()), words)?
            }
        };
        // While everybody goes on again.
        let to = self.home().copying();
        let copied = snapshot.rows().and_then(|rows| snapshot.copy(&to).map(|()| rows));
        frozen.rows = copied.map_err(|error| unkept(&error, words))?;
        Ok(frozen)
    }

    /// Whether there ever was an observation.
    fn has_lake(&self) -> bool {
        self.home().lake().is_dir() || self.home().spool().is_dir()
    }

    fn note(&self, lake: Option<&std::sync::Arc<Lake>>, words: Words) -> Result<(Snapshot, Frozen), Failure> {
        let failed = |error: &dyn std::error::Error| {
            let values = [("path", "".into()), ("reason", with_cause(error).into())];
            Failure { code: 1, text: words.with("cli-error-backup", &values) }
        };
        let journal = look(|who| self.journal().freeze(who)).map_err(|error| unkept(&error, words))?;
        let tables = lake.map(|lake| look(|who| lake.pin(who))).transpose();
        let tables = tables.map_err(|error| unread(&error, words))?.unwrap_or_default();
        let access = access_log::files(&self.home().access()).map_err(|error| failed(&error))?;
        let keys = keys(&self.home().keys(), journal.snapshot().going()).map_err(|error| failed(&error))?;
        let (at, snapshot) = (now(), journal.thaw());
        let (position, last) = snapshot.head();
        let tables = tables.iter().map(|table| ((&table.name).into(), table.version)).collect();
        let frozen =
            Frozen { at, position, last: last.into(), rows: Default::default(), tables, access, keys };
        Ok((snapshot, frozen))
    }
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
