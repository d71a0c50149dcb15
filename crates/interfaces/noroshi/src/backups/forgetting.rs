//! Folders of backups are told who was forgotten: the list beside the points has it, and the keys in the points go.

use std::path::PathBuf;

use backup::{BackupError, Folder};
use home::Home;
use journal::Reader;
use page::Words;

use super::failed;
use crate::Failure;
use crate::acts::unkept;
use crate::books::{look, with_cause};

/// What became of a folder that was to be told.
#[derive(Debug)]
pub struct Told {
    /// Where it is.
    pub folder: PathBuf,
    /// How many keys went there, or why it could not be told: the next backup there does it.
    pub outcome: Result<u64, String>,
}

/// Tells all folders that the home has its backups in of all who were forgotten. What they know already is not told
/// again.
///
/// # Errors
/// When the journal, or which folders there are, cannot be read.
pub fn tell_all(home: &Home, reader: &Reader, words: Words) -> Result<Vec<Told>, Failure> {
    let folders = backup::remembered(&home.backups()).map_err(|error| failed(&error, words))?;
    if folders.is_empty() {
        return Ok(Vec::new());
    }
    let all = look(|who| reader.forgotten(who)).map_err(|error| unkept(&error, words))?;
    let all = lines(all);
    let tell = |folder: PathBuf| {
        let told = || -> Result<u64, BackupError> {
            let opened = Folder::open(&folder)?;
            if home.id().ok() != Some(opened.home()) {
                return Err(BackupError::OtherHome { path: folder.clone() });
            }
            backup::add(&opened, &all)?;
            opened.destroy_keys()
        };
        let outcome = told().map_err(|error| with_cause(&error));
        Told { folder, outcome }
    };
    Ok(folders.into_iter().map(tell).collect())
}

/// Adds to a folder's list who was forgotten; gives how many lines it has.
///
/// # Errors
/// When the journal cannot be read, or the list not written.
pub fn tell(folder: &Folder, reader: &Reader, words: Words) -> Result<u64, Failure> {
    let all = look(|who| reader.forgotten(who)).map_err(|error| unkept(&error, words))?;
    backup::add(folder, &lines(all)).map_err(|error| failed(&error, words))
}

/// What stands in the list.
fn lines(all: Vec<journal::Forgotten>) -> Vec<backup::Forgotten> {
    let line = |one: journal::Forgotten| backup::Forgotten {
        subject: one.subject,
        classes: one.classes,
        reason: one.reason,
        actor: one.actor.subject().to_owned(),
        at: one.at,
        position: one.position,
        commit: one.commit.into(),
        keys: one.keys,
    };
    all.into_iter().map(line).collect()
}
