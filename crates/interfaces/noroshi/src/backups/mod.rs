//! Backups of a home: made while others go on, put back, and told of whoever is forgotten.
//!
//! [`making`] lets whoever holds the home freeze all books for a moment, and copies them afterwards; [`restoring`]
//! puts a point back and compares; [`forgetting`] tells the folders of backups who was forgotten. `backup` below
//! knows files alone; what they mean stands here.

mod comparing;
pub mod forgetting;
pub mod making;
pub mod restoring;

use backup::BackupError;
use page::Words;

use crate::Failure;
use crate::books::with_cause;

/// Is told how many bytes of how many are done; false lets the work stop.
pub type Watch<'a> = dyn FnMut(u64, u64) -> bool + 'a;

/// Why there is no backup, in words.
#[must_use]
pub fn failed(error: &BackupError, words: Words) -> Failure {
    let (code, key, path) = match error {
        BackupError::Missing { path } => (3, "cli-error-backup-missing", Some(path)),
        BackupError::Foreign { path } => (2, "cli-error-backup-foreign", Some(path)),
        BackupError::Exposed { path } => (2, "cli-error-backup-exposed", Some(path)),
        BackupError::OtherHome { path } => (2, "cli-error-backup-other", Some(path)),
        BackupError::Newer { path, .. } => (2, "cli-error-backup-newer", Some(path)),
        BackupError::Unreadable { path } => (1, "cli-error-backup-unreadable", Some(path)),
        BackupError::Busy { path } => (2, "cli-error-backup-busy", Some(path)),
        BackupError::Changed { .. } => (1, "cli-error-backup-changed", None),
        BackupError::Damaged(_) => (1, "cli-error-backup-damaged", None),
        BackupError::List { .. } => (1, "cli-error-backup-list", None),
        BackupError::Disk { .. } | BackupError::Stopped => (1, "cli-error-backup", None),
    };
    let path = path.map(|path| path.display().to_string()).unwrap_or_default();
    let values = [("path", path.into()), ("reason", with_cause(error).into())];
    Failure { code, text: words.with(key, &values) }
}

/// What was done; none where somebody wanted it to stop.
fn unless_stopped<T>(done: Result<T, BackupError>, words: Words) -> Result<Option<T>, Failure> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(BackupError::Stopped) => Ok(None),
        Err(error) => Err(failed(&error, words)),
    }
}

/// Any other error on the way.
#[must_use]
pub fn unread(error: &dyn std::error::Error, words: Words) -> Failure {
    let values = [("path", "".into()), ("reason", with_cause(error).into())];
    Failure { code: 1, text: words.with("cli-error-backup", &values) }
}
