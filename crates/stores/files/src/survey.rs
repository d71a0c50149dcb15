//! What is wrong with the files of a home, for whoever only looks: nothing is removed, and whoever writes goes
//! on.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use home::{Holder, Home};
use journal::{Kinds, Looking};

use crate::Sha256;
use crate::files::Error;
use crate::holding::{Holdings, TABLE};
use crate::place::{Compared, Place};

/// How often it is looked at until what is wrong is believed: somebody may keep or drop a file.
const LOOKS: usize = 3;
/// While somebody writes, how old a file must be of which no act tells: the act may be on its way.
const YOUNG: Duration = Duration::from_secs(3_600);

/// What there is of files, and what is wrong with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// Files that somebody holds.
    pub held: u64,
    /// Their bytes, as the journal says.
    pub bytes: u64,
    /// What is wrong.
    pub wrong: Vec<Wrong>,
}

/// Something that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// Somebody holds it, and it is not there.
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// It has other bytes than its name says.
    Damaged {
        /// Which.
        path: PathBuf,
    },
    /// The system lets nobody read it.
    Unread {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// No act tells of it: a stopped process left it.
    Unheld {
        /// Which.
        path: PathBuf,
        /// Its bytes.
        bytes: u64,
    },
}

/// Looks at the files of a home: whether they are there and as long as they were, and with `is_deep` whether they
/// have the bytes that their names say. Nothing where there is no journal.
///
/// # Errors
/// When the view is not of now or does not show everything, or the journal or the folder cannot be read.
pub fn survey(home: &Home, who: Looking<'_>, is_deep: bool) -> Result<Option<Surveyed>, Error> {
    let surveying = Surveying { place: Place(home.files()), home, who, is_deep };
    let Some(mut found) = surveying.look()? else { return Ok(None) };
    for _ in 1..LOOKS {
        if found.wrong.is_empty() {
            break;
        }
        let Some(mut again) = surveying.look()? else { return Ok(None) };
        again.wrong.retain(|wrong| found.wrong.contains(wrong));
        found = again;
    }
    Ok(Some(found))
}

struct Surveying<'a> {
    place: Place,
    home: &'a Home,
    who: Looking<'a>,
    is_deep: bool,
}

impl Surveying<'_> {
    fn look(&self) -> Result<Option<Surveyed>, Error> {
        // Before the acts: what is dropped goes behind its act.
        let disk = |source| Error::Disk { path: self.place.0.clone(), doing: "read", source };
        let there = self.place.all().map_err(disk)?;
        let kinds = Kinds::new().with::<Holdings>();
        let columns = (TABLE, "sha256", "size");
        let Some(mut held) = journal::survey::compared(self.home, self.who, &kinds, columns)? else {
            return Ok(None);
        };
        // Holdings of one file stand beside each other.
        held.dedup_by(|one, other| one.0 == other.0);
        let mut found = Surveyed { held: held.len() as u64, ..Surveyed::default() };
        let mut names = HashSet::new();
        for (name, size) in held {
            found.bytes += size;
            let Ok(hash) = name.parse::<Sha256>() else { continue };
            found.wrong.extend(self.wrong(&hash, size));
            names.insert(hash);
        }
        let unheld = there.into_iter().filter(|hash| !names.contains(hash));
        found.wrong.extend(unheld.filter_map(|hash| self.unheld(&hash)));
        Ok(Some(found))
    }

    /// What is wrong with a file that somebody holds.
    fn wrong(&self, hash: &Sha256, size: u64) -> Option<Wrong> {
        let path = self.place.of(hash);
        let look = || -> io::Result<bool> {
            let file = File::open(&path)?;
            if file.metadata()?.len() != size {
                return Ok(false);
            }
            if !self.is_deep {
                return Ok(true);
            }
            match io::copy(&mut Compared::new(file, *hash), &mut io::sink()) {
                Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(false),
                read => read.map(|_| true),
            }
        };
        match look() {
            Ok(true) => None,
            Ok(false) => Some(Wrong::Damaged { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Wrong::Missing { path }),
            Err(error) => Some(Wrong::Unread { path, reason: error.to_string() }),
        }
    }

    fn unheld(&self, hash: &Sha256) -> Option<Wrong> {
        let path = self.place.of(hash);
        let data = fs::metadata(&path).ok()?;
        let is_held = !matches!(self.home.holder(), Ok(Holder::Nobody { .. }));
        // Its name was given behind its bytes.
        let named = SystemTime::UNIX_EPOCH + Duration::from_secs(data.ctime().unsigned_abs());
        let is_young = named.elapsed().map_or(true, |age| age < YOUNG);
        (!is_held || !is_young).then_some(Wrong::Unheld { path, bytes: data.len() })
    }
}
