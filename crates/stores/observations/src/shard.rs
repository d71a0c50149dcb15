//! Whose numbers the records of the spool have: a name that is as random as the spool is new, so that
//! the numbers of another spool, in the same place at another time, are not taken for them.

use std::hash::{BuildHasher, RandomState};
use std::io;

use lake::Shard;
use spool::Disk;

/// The file that the name stands in, beside the segments of the spool.
const NAME: &str = "shard";

/// A number that nobody can guess.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(0)
}

/// The name that a spool has, if it has one.
pub(crate) fn read<D: Disk>(spool: &D) -> io::Result<Option<Shard>> {
    match spool.read(NAME) {
        // What is no text is no name.
        Ok(bytes) => Ok(String::from_utf8(bytes).ok().and_then(|text| text.trim_end().parse().ok())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gives a spool a new name. What a power cut leaves of one that nobody used yet is as good.
pub(crate) fn make<D: Disk>(spool: &D) -> io::Result<Shard> {
    let text = format!("{:016x}{:016x}", random(), random());
    let mut file = spool.create(NAME)?;
    spool.append(&mut file, format!("{text}\n").as_bytes())?;
    spool.sync(&mut file)?;
    spool.sync_names()?;
    text.parse().map_err(io::Error::other)
}
