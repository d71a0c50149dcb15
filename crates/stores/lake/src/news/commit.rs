//! What the log says of each version: which files came with it.

use std::fs;
use std::io::ErrorKind;

use deltalake::kernel::Add;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::LakeError;
use crate::log::{Fault, Log, Said};

/// A version, and what came with it.
#[derive(Debug)]
pub(crate) struct Commit {
    pub(crate) version: u64,
    /// What it is known by.
    pub(crate) print: u64,
    /// The delivery.
    pub(crate) said: Option<Said>,
    /// Files with rows that were not there before.
    pub(crate) added: Vec<String>,
}

/// A line of a commit, as far as it is of interest here.
#[derive(Deserialize)]
struct Line {
    txn: Option<Said>,
    add: Option<Add>,
}

impl Log {
    /// What a commit is known by, other than its number; nothing where there is none.
    pub(crate) fn print(&self, version: u64) -> Option<u64> {
        fs::read(self.commit(version)).ok().map(|bytes| print(&bytes))
    }

    /// The newest version behind one that is there, at which the table is whole.
    pub(crate) fn newest_whole(&self, version: u64) -> Result<u64, LakeError> {
        let mut newest = version;
        while self.commit(newest + 1).is_file() {
            newest += 1;
        }
        Ok(if newest > version && self.fault(newest)?.is_some() { newest - 1 } else { newest })
    }

    /// What a commit brought; nothing where it is not there any more.
    pub(crate) fn commit_of(&self, version: u64) -> Result<Option<Commit>, LakeError> {
        let bytes = match fs::read(self.commit(version)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(|source| self.refused(source))?,
        };
        let mut commit = Commit { version, print: print(&bytes), said: None, added: Vec::new() };
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let Ok(Line { txn, add }) = serde_json::from_slice(line) else {
                let why = "it cannot be read".to_owned();
                return Err(self.damaged(Fault { version, why }));
            };
            commit.said = commit.said.or(txn);
            commit.added.extend(add.filter(|add| add.data_change).map(|add| add.path));
        }
        Ok(Some(commit))
    }

    /// The error of a commit that is not there, although the table is at its version.
    pub(crate) fn gone(&self, version: u64) -> LakeError {
        self.damaged(Fault { version, why: "it is not there".to_owned() })
    }
}

/// What tells a commit from others with its number: the beginning of the sha256 of its bytes.
fn print(bytes: &[u8]) -> u64 {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    hash.iter().take(8).fold(0, |print, byte| print << 8 | u64::from(*byte))
}
