//! Bytes and acts together.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;

use journal::query::{Compare, Filter, Select};
use journal::{ActError, Acting, Journal, JournalError, Looking, Reader};
use model::hash::Sha256;

use crate::holding::{Command, Holding, Holdings, Refusal, TABLE};
use crate::place::{Compared, Place};

/// Why a file was not kept or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk refused.
    #[error("{} could not be {doing}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// What comes could not be read.
    #[error("what was to be kept could not be read")]
    Unread(#[source] io::Error),
    /// There is no room by the installation's own limit.
    #[error("the files would take more than {quota} bytes, and {used} are taken")]
    Quota {
        /// Bytes that all files may take.
        quota: u64,
        /// Bytes that they take.
        used: u64,
    },
    /// The journal refused.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// It could not be done.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// A file that is to be kept.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// What it is called, and whose it is.
    pub holding: &'a Holding,
    /// Who keeps it, and when.
    pub acting: &'a Acting,
}

/// A file that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Who it is.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// Whether somebody held it already.
    pub was_there: bool,
}

/// The files of a home that this process writes to.
#[derive(Debug)]
pub struct Files<'a> {
    place: Place,
    journal: &'a Journal,
    quota: u64,
}

impl<'a> Files<'a> {
    /// The files of a home. All together may take so many bytes.
    #[must_use]
    pub fn new(home: &home::Home, journal: &'a Journal, quota: u64) -> Self {
        Self { place: Place(home.files()), journal, quota }
    }

    /// Keeps bytes: they are durable, then the act that tells of them is.
    ///
    /// # Errors
    /// When they cannot be read or written, there is no room, or the journal refuses. Nothing is kept then.
    pub fn keep(&self, who: Looking<'_>, new: &New<'_>, bytes: &mut dyn Read) -> Result<Kept, Error> {
        let used = total(self.journal.reader(), who)?;
        // One more byte than there is room for tells that it is too much.
        let room = self.quota.saturating_sub(used);
        let over = || Error::Quota { quota: self.quota, used };
        let mut failed = None;
        let mut told = Told { bytes, failed: &mut failed };
        let written = self.place.write(&mut told, self.quota);
        let mut part = match written {
            Ok(part) => part.ok_or_else(over)?,
            Err(source) => match failed {
                Some(source) => return Err(Error::Unread(source)),
                None => return Err(self.disk("written", source)),
            },
        };
        let id = part.hash.to_string();
        let was_there = self.journal.reader().state::<Holdings>(who, &id)?;
        let was_there = was_there.is_some_and(|(known, _)| !known.holdings.is_empty());
        if !was_there && part.size > room {
            return Err(over());
        }
        let _held = self.place.hold().map_err(|source| self.disk("locked", source))?;
        self.place.name(&mut part).map_err(|source| self.disk("written", source))?;
        let command = Command::Keep { size: part.size, holding: new.holding.clone() };
        self.act(&id, command, new.acting)?;
        Ok(Kept { sha256: part.hash, size: part.size, was_there })
    }

    /// Holds a file no more; its bytes go when nobody holds them.
    ///
    /// # Errors
    /// When nobody does under this number, a reason is missing, or the bytes cannot be removed.
    pub fn drop(
        &self,
        who: Looking<'_>,
        (sha256, number, reason): (&Sha256, u64, &str),
        acting: &Acting,
    ) -> Result<(), Error> {
        let id = sha256.to_string();
        let _taken = self.place.take().map_err(|source| self.disk("locked", source))?;
        self.act(&id, Command::Drop { number, reason: reason.to_owned() }, acting)?;
        let known = self.journal.reader().state::<Holdings>(who, &id)?;
        if known.is_some_and(|(known, _)| known.holdings.is_empty()) {
            self.remove(sha256)?;
        }
        Ok(())
    }

    /// Removes bytes of which no act tells, as a crash leaves them; gives how many files that were.
    ///
    /// # Errors
    /// When they cannot be read or removed.
    pub fn sweep(&self, who: Looking<'_>) -> Result<usize, Error> {
        let _taken = self.place.take().map_err(|source| self.disk("locked", source))?;
        self.place.sweep().map_err(|source| self.disk("swept", source))?;
        let held: HashSet<String> = held(self.journal.reader(), who)?.into_iter().map(|(id, _)| id).collect();
        let all = self.place.all().map_err(|source| self.disk("read", source))?;
        let left: Vec<Sha256> = all.into_iter().filter(|hash| !held.contains(&hash.to_string())).collect();
        left.iter().try_for_each(|hash| self.remove(hash))?;
        Ok(left.len())
    }

    /// Files that are held and whose bytes are gone or others.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn damaged(&self, who: Looking<'_>) -> Result<Vec<Sha256>, Error> {
        let held = held(self.journal.reader(), who)?;
        let hashes = held.iter().filter_map(|(id, _)| id.parse().ok());
        let is_whole = |hash: &Sha256| {
            let file = File::open(self.place.of(hash));
            file.and_then(|file| io::copy(&mut Compared::new(file, *hash), &mut io::sink())).is_ok()
        };
        Ok(hashes.filter(|hash| !is_whole(hash)).collect())
    }

    fn act(&self, id: &str, command: Command, acting: &Acting) -> Result<(), Error> {
        match self.journal.act::<Holdings>(id, command, acting) {
            Ok(_) => Ok(()),
            Err(ActError::Refused(refusal)) => Err(Error::Refused(refusal)),
            Err(ActError::Journal(error)) => Err(Error::Journal(error)),
            Err(ActError::Taken { what }) => Err(Error::Journal(JournalError::Damaged { what })),
        }
    }

    fn remove(&self, hash: &Sha256) -> Result<(), Error> {
        let path = self.place.of(hash);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(Error::Disk { path, doing: "removed", source })
            }
            _ => Ok(()),
        }
    }

    fn disk(&self, doing: &'static str, source: io::Error) -> Error {
        Error::Disk { path: self.place.0.clone(), doing, source }
    }
}

/// The bytes of a file that the view shows; none where there is no such file for it. Reading to the end fails
/// where they are not what its name says.
///
/// # Errors
/// When journal or file cannot be read.
pub fn open(
    home: &home::Home,
    reader: &Reader,
    who: Looking<'_>,
    sha256: &Sha256,
) -> Result<Option<impl Read + use<>>, Error> {
    let is = Filter::Is("sha256", Compare::Equal, sha256.to_string().as_str().into());
    let seen = reader.page(who, &Select { filters: vec![is], ..Select::all(TABLE, 1) })?;
    if seen.rows.is_empty() {
        return Ok(None);
    }
    let path = Place(home.files()).of(sha256);
    match File::open(&path) {
        Ok(file) => Ok(Some(Compared::new(file, *sha256))),
        Err(source) => Err(Error::Disk { path, doing: "read", source }),
    }
}

/// The files of a home, none of which goes until this is dropped: who would remove one waits.
#[derive(Debug)]
pub struct Lying {
    place: Place,
    _held: File,
}

/// Lets no file go, for whoever copies them all.
///
/// # Errors
/// When they cannot be locked.
pub fn hold(home: &home::Home) -> Result<Lying, Error> {
    let place = Place(home.files());
    let held = place.hold().map_err(|source| Error::Disk { path: home.files(), doing: "locked", source })?;
    Ok(Lying { place, _held: held })
}

impl Lying {
    /// All that lie there now, by name, and their bytes; also what a crash left, of which no act tells.
    ///
    /// # Errors
    /// When they cannot be looked at.
    pub fn all(&self) -> Result<Vec<(Sha256, u64)>, Error> {
        let size = |hash: Sha256| fs::metadata(self.place.of(&hash)).map(|file| (hash, file.len()));
        let all = self.place.all().and_then(|all| all.into_iter().map(size).collect());
        all.map_err(|source| Error::Disk { path: self.place.0.clone(), doing: "looked at", source })
    }
}

/// Where a file lies, from the folder of a home.
#[must_use]
pub fn path(sha256: &Sha256) -> PathBuf {
    Place(PathBuf::from("files")).of(sha256)
}

/// Bytes of all files that the view shows, each counted once.
///
/// # Errors
/// When the journal cannot be read.
pub fn total(reader: &Reader, who: Looking<'_>) -> Result<u64, JournalError> {
    Ok(held(reader, who)?.into_iter().map(|(_, size)| size).sum())
}

/// Files that somebody holds, and their sizes.
fn held(reader: &Reader, who: Looking<'_>) -> Result<Vec<(String, u64)>, JournalError> {
    let mut held = Vec::new();
    reader.each(who, Select::all(TABLE, 10_000), &mut |row| {
        held.push((row.text("sha256").to_owned(), row.number("size").unsigned_abs()));
    })?;
    // Holdings of one file stand beside each other.
    held.dedup();
    Ok(held)
}

/// Tells a failure of what is read from one of the disk that is written to.
struct Told<'a> {
    bytes: &'a mut dyn Read,
    failed: &'a mut Option<io::Error>,
}

impl Read for Told<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer).map_err(|error| {
            if error.kind() == io::ErrorKind::Interrupted {
                return error;
            }
            let kind = error.kind();
            *self.failed = Some(error);
            kind.into()
        })
    }
}
