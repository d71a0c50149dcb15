//! Whose numbers the records of the spool have: a name that is as random as the spool is new, so that
//! the numbers of another spool, in the same place at another time, are not taken for them.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use lake::Shard;

const NAME: &str = "shard";

/// A number that nobody can guess.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(0)
}

/// The name that the spool in a folder has, if it has one.
pub(crate) fn read(folder: &Path) -> io::Result<Option<Shard>> {
    match fs::read_to_string(folder.join(NAME)) {
        Ok(text) => Ok(text.trim_end().parse().ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        // What is no text is no name.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gives the spool in a folder a new name.
pub(crate) fn make(folder: &Path) -> io::Result<Shard> {
    let text = format!("{:016x}{:016x}", random(), random());
    let part = folder.join("shard.part");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    fs::rename(&part, folder.join(NAME))?;
    File::open(folder)?.sync_all()?;
    text.parse().map_err(io::Error::other)
}
