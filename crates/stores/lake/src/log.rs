//! The log of a table as files, and what is wrong with them.
//!
//! The store lets no power cut tear a commit, but disks lie, and tables are copied. The library of
//! tables takes an empty commit for one that changed nothing, and opens nothing when one is torn. So
//! commits are looked at here: the newest, when it is not whole, is set aside, and what was in it is
//! delivered again; one that others stand upon is told.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::time::SystemTime;

use deltalake::kernel::Add;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::commit::LINES;
use crate::error::LakeError;
use crate::retention::account::EXPIRED;
use crate::store::Files;

/// A newest commit that was not whole and was set aside; the table is at the version before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// The version that it would have made.
    pub version: u64,
    /// Where it is now.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

/// The log of a table.
#[derive(Debug)]
pub(crate) struct Log {
    /// The folder of the table.
    table: PathBuf,
}

/// What is wrong with a log.
#[derive(Debug)]
pub(crate) enum Look {
    /// Nothing.
    Whole,
    /// The newest commit.
    Newest(Fault),
    /// A commit before the newest.
    Older(Fault),
}

/// A commit that is not whole.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) version: u64,
    pub(crate) why: String,
}

/// Versions that stay readable for whoever is just opening one. No longer: what a row is known by is
/// its batch, not the version that it came with.
const KEPT: u64 = 500;

/// The first bytes of a Parquet file, and the last.
pub(crate) const PARQUET: [u8; 4] = *b"PAR1";

impl Log {
    pub(crate) fn new(table: PathBuf) -> Self {
        Self { table }
    }

    fn folder(&self) -> PathBuf {
        self.table.join("_delta_log")
    }

    pub(crate) fn damaged_folder(&self) -> PathBuf {
        self.folder().join("damaged")
    }

    pub(crate) fn commit(&self, version: u64) -> PathBuf {
        self.folder().join(format!("{version:020}.json"))
    }

    pub(crate) fn checkpoint(&self, version: u64) -> PathBuf {
        self.folder().join(format!("{version:020}.checkpoint.parquet"))
    }

    /// Whether a version is there and none behind it.
    pub(crate) fn is_newest(&self, version: u64) -> bool {
        self.commit(version).is_file() && !self.commit(version + 1).exists()
    }

    /// The newest version; none where there is no commit yet.
    pub(crate) fn newest(&self) -> Result<Option<u64>, LakeError> {
        let names = self.names().map_err(|source| self.refused(source))?;
        Ok(names.commits.last().copied())
    }

    /// Looks at all commits that make the newest version.
    pub(crate) fn look(&self) -> Result<Look, LakeError> {
        let look = || -> io::Result<Look> {
            let mut newest = Look::Whole;
            let commits = self.commits()?;
            for (place, &version) in commits.iter().enumerate() {
                let is_newest = place + 1 == commits.len();
                let Some(why) = self.wrong(version, is_newest)? else { continue };
                let fault = Fault { version, why };
                if !is_newest {
                    return Ok(Look::Older(fault));
                }
                newest = Look::Newest(fault);
            }
            Ok(newest)
        };
        look().map_err(|source| self.refused(source))
    }

    /// Whether the newest commit is whole, and no other is empty. What else can be wrong the library
    /// notices.
    pub(crate) fn is_whole(&self) -> Result<bool, LakeError> {
        let look = || -> io::Result<bool> {
            let commits = self.commits()?;
            let Some((newest, older)) = commits.split_last() else { return Ok(true) };
            for version in older {
                if fs::metadata(self.commit(*version))?.len() == 0 {
                    return Ok(false);
                }
            }
            Ok(self.wrong(*newest, true)?.is_none())
        };
        look().map_err(|source| self.refused(source))
    }

    /// What a commit says of the delivery that it added; nothing inside where it added none, nothing
    /// at all where there is no such commit any more.
    pub(crate) fn transaction(&self, version: u64) -> Result<Option<Option<Said>>, LakeError> {
        let bytes = match fs::read(self.commit(version)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(|source| self.refused(source))?,
        };
        let lines = bytes.split(|byte| *byte == b'\n');
        let said = lines.filter_map(|line| serde_json::from_slice::<Line>(line).ok()?.txn).next();
        // A removal is whole by itself.
        Ok(Some(said.filter(|said| said.shard != EXPIRED)))
    }

    /// What is wrong with the newest commit, which this is.
    pub(crate) fn fault(&self, newest: u64) -> Result<Option<Fault>, LakeError> {
        let why = self.wrong(newest, true).map_err(|source| self.refused(source))?;
        Ok(why.map(|why| Fault { version: newest, why }))
    }

    /// Whether a commit was ever set aside, or would be now.
    pub(crate) fn was_damaged(&self) -> Result<bool, LakeError> {
        let is_set_aside = match fs::read_dir(self.damaged_folder()) {
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            entries => entries.map_err(|source| self.refused(source))?.next().is_some(),
        };
        Ok(is_set_aside || !self.is_whole()?)
    }

    /// Sets the newest commit aside if it is not whole.
    pub(crate) fn heal(&self, files: &Files) -> Result<Option<Damaged>, LakeError> {
        match self.look()? {
            Look::Whole => Ok(None),
            Look::Older(fault) => Err(self.damaged(fault)),
            Look::Newest(Fault { version, why }) => {
                let path = self.set_aside(version, files).map_err(|source| self.refused(source))?;
                Ok(Some(Damaged { version, path, why }))
            }
        }
    }

    /// Removes what made versions that nobody reads any more: those before the newest checkpoint
    /// that is [`KEPT`] versions old. A listing of the log costs what lies in it.
    pub(crate) fn trim(&self, files: &Files) -> Result<usize, LakeError> {
        let trim = || -> io::Result<usize> {
            let names = self.names()?;
            let newest = names.commits.last().copied().unwrap_or(0);
            let first = names.checkpoints.iter().rfind(|version| **version + KEPT <= newest).copied();
            self.remove_before(first, &names, files)
        };
        trim().map_err(|source| self.refused(source))
    }

    /// Removes what made versions before the newest checkpoint that was made before a moment: it says least and
    /// greatest values of files that are gone.
    pub(crate) fn forget(&self, before: SystemTime, files: &Files) -> io::Result<usize> {
        let names = self.names()?;
        let mut first = None;
        for version in &names.checkpoints {
            if fs::metadata(self.checkpoint(*version))?.modified()? < before {
                first = first.max(Some(*version));
            }
        }
        self.remove_before(first, &names, files)
    }

    fn remove_before(&self, first: Option<u64>, names: &Names, files: &Files) -> io::Result<usize> {
        let Some(first) = first else { return Ok(0) };
        let is_old = |version: &&u64| **version < first;
        let commits = names.commits.iter().filter(is_old).map(|version| self.commit(*version));
        let checkpoints = names.checkpoints.iter().filter(is_old).map(|version| self.checkpoint(*version));
        let old: Vec<PathBuf> = commits.chain(checkpoints).collect();
        old.iter().try_for_each(|path| files.remove(path))?;
        Ok(old.len())
    }

    /// The error of a commit that is not whole.
    pub(crate) fn damaged(&self, fault: Fault) -> LakeError {
        LakeError::Damaged { path: self.commit(fault.version), why: fault.why }
    }

    pub(crate) fn refused(&self, source: io::Error) -> LakeError {
        LakeError::Folder { path: self.folder(), source }
    }

    /// How many commits a reader of the newest version goes through.
    pub(crate) fn commits_read(&self) -> Result<usize, LakeError> {
        self.commits().map(|commits| commits.len()).map_err(|source| self.refused(source))
    }

    /// Versions of the commits behind the newest checkpoint: nobody reads those before.
    fn commits(&self) -> io::Result<Vec<u64>> {
        let Names { mut commits, checkpoints } = self.names()?;
        let checkpoint = checkpoints.last().copied();
        commits.retain(|version| checkpoint.is_none_or(|checkpoint| *version > checkpoint));
        Ok(commits)
    }

    pub(crate) fn names(&self) -> io::Result<Names> {
        let mut names = Names::default();
        let entries = match fs::read_dir(self.folder()) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(names),
            entries => entries?,
        };
        for entry in entries {
            let name = entry?.file_name();
            let parts = name.to_str().and_then(|name| name.split_once('.'));
            let Some((number, kind)) = parts.filter(|(number, _)| number.len() == 20) else { continue };
            let Ok(version) = number.parse() else { continue };
            match kind {
                "json" => names.commits.push(version),
                "checkpoint.parquet" => names.checkpoints.push(version),
                _ => {}
            }
        }
        names.commits.sort_unstable();
        names.checkpoints.sort_unstable();
        Ok(names)
    }

    /// What is wrong with a commit. The files of the newest are looked at too: nobody has removed any.
    fn wrong(&self, version: u64, with_files: bool) -> io::Result<Option<String>> {
        let bytes = fs::read(self.commit(version))?;
        let (mut found, mut lines) = (0, None);
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            found += 1;
            let action = serde_json::from_slice::<Map<String, Json>>(line).unwrap_or_default();
            if action.is_empty() {
                return Ok(Some(format!("its line {found} cannot be read")));
            }
            let said = action.get("commitInfo").and_then(|info| info.get(LINES)).and_then(Json::as_u64);
            lines = lines.or(said);
            if let Some(add) = action.get("add").filter(|_| with_files) {
                let Ok(add) = serde_json::from_value(add.clone()) else {
                    return Ok(Some(format!("its line {found} cannot be read")));
                };
                if !self.is_there(&add)? {
                    return Ok(Some(format!("its file {} is not as it was written", add.path)));
                }
            }
        }
        // A commit of another program does not say of how many lines it is.
        let is_whole = found > 0 && lines.is_none_or(|lines| lines == found);
        Ok((!is_whole).then(|| format!("it has {found} lines of {}", lines.unwrap_or(1))))
    }

    /// Whether a file that a commit adds is as long as it says, and begins and ends as such files do.
    fn is_there(&self, add: &Add) -> io::Result<bool> {
        let mut file = match File::open(self.table.join(&add.path)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            file => file?,
        };
        let length = file.metadata()?.len();
        if u64::try_from(add.size).ok() != Some(length) || length < 2 * PARQUET.len() as u64 {
            return Ok(false);
        }
        let (mut first, mut last) = (PARQUET, PARQUET);
        file.read_exact(&mut first)?;
        file.seek(SeekFrom::End(-4))?;
        file.read_exact(&mut last)?;
        Ok(first == PARQUET && last == PARQUET)
    }

    /// Moves a commit to where no reader takes it for one, beside those that were moved before.
    fn set_aside(&self, version: u64, files: &Files) -> io::Result<PathBuf> {
        let (from, folder) = (self.commit(version), self.damaged_folder());
        let mut number = 0;
        let path = loop {
            let path = folder.join(format!("{version:020}.json.{number}"));
            match files.give_another_name(&from, &path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                given => break given.map(|()| path)?,
            }
        };
        files.remove(&from)?;
        files.sync_folder(&self.folder())?;
        Ok(path)
    }
}

/// A line of a commit, as far as it is of interest here.
#[derive(Deserialize)]
struct Line {
    txn: Option<Said>,
}

/// The delivery that a commit added.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Said {
    #[serde(rename = "appId")]
    pub(crate) shard: String,
    #[serde(rename = "version")]
    pub(crate) number: u64,
}

/// Versions of which there are files, in their order.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) commits: Vec<u64>,
    pub(crate) checkpoints: Vec<u64>,
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::disk::FileSystem;
    use crate::store::Store;

    /// Names in a log with a checkpoint for each hundred versions, sorted.
    fn trimmed(table: &Path, newest: u64) -> Vec<String> {
        let log = Log::new(table.to_owned());
        fs::create_dir_all(log.folder().join("damaged")).unwrap();
        for version in 0..=newest {
            fs::write(log.commit(version), "").unwrap();
            if version % 100 == 99 {
                fs::write(log.checkpoint(version), "").unwrap();
            }
        }
        for other in
            ["_last_checkpoint", "damaged/00000000000000000007.json.0", "00000000000000000008.json#1"]
        {
            fs::write(log.folder().join(other), "").unwrap();
        }
        let store = Store::new(Arc::new(FileSystem), table);
        let removed = log.trim(&store.files).unwrap();
        let left = fs::read_dir(log.folder()).unwrap();
        let mut left: Vec<String> =
            left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(removed + left.len(), usize::try_from(newest + 1 + (newest + 1) / 100 + 3).unwrap());
        left
    }

    #[test]
    fn the_log_begins_with_a_checkpoint_that_is_old_enough() {
        let home = tempfile::tempdir().unwrap();
        // The first checkpoint is not old yet.
        assert_eq!(trimmed(&home.path().join("a"), 598).len(), 599 + 5 + 3);
        let left = trimmed(&home.path().join("b"), 1_250);
        // As of version 699, the newest that is five hundred versions old; what is no commit stays.
        assert_eq!(left.len(), 552 + 6 + 3);
        assert!(left[0].starts_with("00000000000000000008.json#"));
        assert_eq!(left[1], format!("{:020}.checkpoint.parquet", 699));
        assert_eq!(left[2], format!("{:020}.json", 699));
    }
}
