//! Reads are told to the access log before they are answered.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;

use access_log::{AccessLog, Book, Durable, Look, Subject};
use model::view::{Label, Looking};

use crate::error::JournalError;

/// The access log of a home, opened when somebody looks.
#[derive(Debug)]
pub(crate) struct Access {
    folder: PathBuf,
    log: Mutex<Option<AccessLog>>,
}

impl Access {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), log: Mutex::default() }
    }

    /// Tells of a read: what was asked, and of which rows the answer is.
    pub(crate) fn tell<'l>(
        &self,
        who: Looking<'_>,
        what: impl FnOnce() -> String,
        labels: impl IntoIterator<Item = &'l Label>,
    ) -> Result<(), JournalError> {
        let (mut owners, mut tlp, mut rows) = (BTreeSet::new(), None, 0);
        for label in labels {
            if !owners.contains(&label.owner) {
                owners.insert(label.owner.clone());
            }
            tlp = tlp.max(Some(label.marking.tlp));
            rows += 1;
        }
        let (viewer, purpose) = (Subject::of(who.view.viewer()), who.view.purpose());
        let look =
            Look { at: who.now, viewer, purpose, book: Book::Journal, what: what(), owners, tlp, rows };
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let log = match &mut *log {
            Some(log) => log,
            none => none.insert(AccessLog::open(&self.folder)?),
        };
        log.append(&look, Durable::needed(tlp))?;
        Ok(())
    }
}
