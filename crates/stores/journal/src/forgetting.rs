//! People are forgotten: an act says so, values go with it, and keys when it is durable.

use std::collections::BTreeSet;
use std::time::Duration;

use rusqlite::{ErrorCode, params};

use crate::database;
use crate::error::JournalError;
use crate::personal::Subject;
use crate::reader::Reader;
use crate::writer::Book;

/// How long whoever forgets waits for who reads what was before; everybody who acts waits as well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);
/// The same when it is done again, which is often.
pub(crate) const AGAIN: Duration = Duration::from_millis(100);

impl Book {
    /// Retention classes of which the journal holds values of a subject.
    pub(crate) fn classes(
        &self,
        subject: &str,
        class: Option<&str>,
    ) -> Result<BTreeSet<String>, JournalError> {
        let all = "SELECT DISTINCT class FROM personal JOIN personal_values \
                   ON personal_values.commitment = personal.commitment WHERE subject = $1";
        let mut all = self.database.prepare_cached(all).map_err(JournalError::of("read"))?;
        let classes = all.query_map([subject], |row| row.get::<_, String>(0));
        let classes = classes.and_then(Iterator::collect::<Result<BTreeSet<_>, _>>);
        let mut classes = classes.map_err(JournalError::of("read"))?;
        classes.retain(|one| class.is_none_or(|class| one == class));
        Ok(classes)
    }

    /// Takes away what was personal, and notes the keys that go when this is durable.
    pub(crate) fn forget(&self, subject: &str, classes: &BTreeSet<String>) -> Result<(), JournalError> {
        let of = "(SELECT commitment FROM personal WHERE subject = $1 AND class = $2)";
        for class in classes {
            let grams = format!(
                "DELETE FROM search_grams WHERE EXISTS (SELECT 1 FROM search_texts AS texts \
                 WHERE texts.commitment IN {of} AND texts.source = search_grams.source \
                 AND texts.entry = search_grams.entry AND texts.field = search_grams.field)"
            );
            self.execute(&grams, params![subject, class])?;
            for table in ["search_texts", "personal_values"] {
                let statement = format!("DELETE FROM {table} WHERE commitment IN {of}");
                self.execute(&statement, params![subject, class])?;
            }
            let note = "INSERT INTO forgotten (subject, class) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            self.execute(note, params![subject, class])?;
        }
        Ok(())
    }

    /// Whether a key is to be destroyed and could not be yet: nothing may be sealed with it or with a new one of
    /// its name, which would go with it.
    pub(crate) fn is_going(&self, subject: &Subject) -> Result<bool, JournalError> {
        let noted = "SELECT count(*) FROM forgotten WHERE subject = $1 AND class = $2";
        let mut noted = self.database.prepare_cached(noted).map_err(JournalError::of("read"))?;
        let count = noted.query_row(params![subject.subject, subject.class], |row| row.get::<_, i64>(0));
        count.map(|count| count > 0).map_err(JournalError::of("read"))
    }

    /// Destroys the keys of what was forgotten, and lets no copy of clear values lie beside the database. While
    /// somebody reads what was before, for a backup, the copy cannot go: the note of it stays, and this is done
    /// again whenever the journal wakes.
    pub(crate) fn destroy_keys(&mut self, patience: Duration) -> Result<(), JournalError> {
        let noted: Vec<Subject> = {
            let all = self.database.prepare_cached("SELECT subject, class FROM forgotten");
            let mut all = all.map_err(JournalError::of("read"))?;
            let subjects = all.query_map([], |row| Ok(Subject { subject: row.get(0)?, class: row.get(1)? }));
            subjects.and_then(Iterator::collect).map_err(JournalError::of("read"))?
        };
        if noted.is_empty() {
            return Ok(());
        }
        noted.iter().try_for_each(|subject| self.keys.destroy(subject))?;
        if self.empty_log(patience)? { self.execute("DELETE FROM forgotten", []) } else { Ok(()) }
    }

    /// Moves everything from the log beside the database into it, and empties the log; whether nobody read what
    /// was before for so long.
    fn empty_log(&self, patience: Duration) -> Result<bool, JournalError> {
        let wait = |time| self.database.busy_timeout(time).map_err(JournalError::of("written"));
        wait(patience)?;
        let done: Result<i64, _> =
            self.database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        wait(database::WAIT)?;
        match done {
            Ok(busy) => Ok(busy == 0),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
            Err(source) => Err(JournalError::Database { doing: "written", source }),
        }
    }
}

impl Reader {
    /// Whether values of somebody who was forgotten lie beside the database still, since somebody reads what was
    /// before, for a backup: then they go when the journal wakes after that.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn is_forgetting(&self, subject: &str) -> Result<bool, JournalError> {
        let noted = "SELECT count(*) FROM forgotten WHERE subject = $1";
        let count = self.read(|database| database.query_row(noted, [subject], |row| row.get::<_, i64>(0)))?;
        Ok(count.is_some_and(|count| count > 0))
    }
}
