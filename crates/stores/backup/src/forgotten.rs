//! The list of who was forgotten, beside the points: a line each, only ever added to, so that a home that is put
//! back to a time before is told.

use std::collections::{BTreeSet, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use model::hash::Sha256;
use model::time::Instant;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::disk;
use crate::error::{BackupError, disk};
use crate::folder::Folder;
use crate::manifest::{seal, unseal};

/// The file of the list.
const LIST: &str = "forgotten.jsonl";

/// That somebody was forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// Who.
    pub subject: String,
    /// Of which retention classes.
    pub classes: BTreeSet<String>,
    /// Why.
    pub reason: String,
    /// Who asked for it.
    pub actor: String,
    /// When.
    pub at: Instant,
    /// The journal's commit that says so.
    pub position: u64,
    /// Its hash, which no other commit has.
    pub commit: Sha256,
    /// Files of the keys that went, from the home's folder of keys.
    pub keys: BTreeSet<String>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// That somebody was forgotten.
    Forgotten(Box<Forgotten>),
    /// An empty one: somebody took out what could not be read, and knows what follows from that.
    Empty,
    /// What cannot be read.
    Damaged,
}

/// The list as it is now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// Its lines, from the first.
    pub lines: Vec<Line>,
}

/// A line as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    /// Its number, from 1, so that one that is missing is noticed.
    number: u64,
    #[serde(flatten)]
    forgotten: Forgotten,
}

impl List {
    /// That of a folder; empty where nobody was forgotten yet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(folder: &Folder) -> Result<Self, BackupError> {
        let path = path(folder.path());
        match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            bytes => Ok(Self::of(&bytes.map_err(disk(&path, "read"))?)),
        }
    }

    /// Lines that end; what is behind the last of them was being written, and nobody was told of it.
    fn of(bytes: &[u8]) -> Self {
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
        let line = |(number, line): (u64, &[u8])| match line {
            b"\n" => Line::Empty,
            line => match unseal::<Written>(line) {
                Some(Written { number: said, forgotten }) if said == number && forgotten.names_keys() => {
                    Line::Forgotten(Box::new(forgotten))
                }
                _ => Line::Damaged,
            },
        };
        Self { lines: (1..).zip(lines).map(line).collect() }
    }

    /// Who was forgotten by the lines behind the first so many, each once.
    ///
    /// # Errors
    /// When one of these lines is damaged, or the list has fewer than so many: then nobody knows.
    pub fn since(&self, known: u64) -> Result<Vec<&Forgotten>, BackupError> {
        let known = usize::try_from(known).unwrap_or(usize::MAX);
        let lost = |what: String| BackupError::List { what };
        let Some(lines) = self.lines.get(known..) else {
            return Err(lost(format!("it has {} lines, and had {known}", self.lines.len())));
        };
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        for (number, line) in (known + 1..).zip(lines) {
            match line {
                Line::Damaged => return Err(lost(format!("its line {number} cannot be read"))),
                Line::Empty => {}
                // Who was forgotten again in a home that was put back is in it twice.
                Line::Forgotten(one) => {
                    if seen.insert((&one.subject, &one.classes)) {
                        all.push(&**one);
                    }
                }
            }
        }
        Ok(all)
    }

    /// Files of keys that went by the lines behind the first so many, as far as these can be read.
    #[must_use]
    pub fn keys_since(&self, known: u64) -> BTreeSet<&str> {
        let lines = self.lines.iter().skip(usize::try_from(known).unwrap_or(usize::MAX));
        let keys = lines.filter_map(|line| match line {
            Line::Forgotten(one) => Some(&one.keys),
            Line::Empty | Line::Damaged => None,
        });
        keys.flatten().map(String::as_str).collect()
    }
}

/// Adds to the list of a folder what it does not have; it outlives a power cut when this returns. Gives how many
/// lines there are. Several processes may do so at once, and whoever makes a backup meanwhile goes on.
///
/// # Errors
/// When the disk refuses.
pub fn add(folder: &Folder, all: &[Forgotten]) -> Result<u64, BackupError> {
    let path = path(folder.path());
    if all.is_empty() {
        return Ok(List::read(folder)?.lines.len() as u64);
    }
    let add = || -> io::Result<u64> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&path)?;
        flock(&file, FlockOperation::LockExclusive)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let list = List::of(&bytes);
        let known: HashSet<Sha256> = list.lines.iter().filter_map(Line::commit).collect();
        let mut lines = list.lines.len() as u64;
        let mut text = String::new();
        for forgotten in all.iter().filter(|one| !known.contains(&one.commit)) {
            lines += 1;
            text += &seal(&Written { number: lines, forgotten: forgotten.clone() })?;
        }
        if !text.is_empty() {
            let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            append(&mut file, whole as u64, &text)?;
        }
        // Who wrote before may have been killed before it was durable.
        file.sync_all()?;
        disk::sync(folder.path())?;
        Ok(lines)
    };
    add().map_err(disk(&path, "written"))
}

fn append(file: &mut File, at: u64, text: &str) -> io::Result<()> {
    file.set_len(at)?;
    file.seek(io::SeekFrom::Start(at))?;
    // A half of it must not be taken for what it is not when there is room for more.
    file.write_all(text.as_bytes()).inspect_err(|_| drop(file.set_len(at)))
}

fn path(folder: &Path) -> PathBuf {
    folder.join(LIST)
}

impl Forgotten {
    /// Whether what it calls keys are keys: they are destroyed, and nothing else must be.
    fn names_keys(&self) -> bool {
        let is_key = |key: &String| {
            let parts = Path::new(key).components();
            key.ends_with(".key") && parts.into_iter().all(|part| matches!(part, Component::Normal(_)))
        };
        self.keys.iter().all(is_key)
    }
}

impl Line {
    fn commit(&self) -> Option<Sha256> {
        match self {
            Self::Forgotten(one) => Some(one.commit),
            Self::Empty | Self::Damaged => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forgotten(number: u8) -> Forgotten {
        Forgotten {
            subject: format!("local:{number}"),
            classes: ["names".to_owned()].into(),
            reason: "asked".to_owned(),
            actor: "local:0".to_owned(),
            at: Instant::from_nanoseconds(5),
            position: number.into(),
            commit: Sha256::from([number; 32]),
            keys: [format!("personal/{number}.key")].into(),
        }
    }

    fn folder() -> (tempfile::TempDir, Folder) {
        let path = tempfile::tempdir().unwrap();
        let folder = Folder::make(path.path(), "00112233445566778899aabbccddeeff".parse().unwrap()).unwrap();
        (path, folder.folder().clone())
    }

    #[test]
    fn each_is_added_once_and_read_from_where_it_is_not_known() {
        let (path, folder) = folder();
        assert_eq!(List::read(&folder).unwrap(), List::default());
        assert_eq!(add(&folder, &[]).unwrap(), 0);
        assert_eq!(add(&folder, &[forgotten(1), forgotten(2)]).unwrap(), 2);
        assert_eq!(add(&folder, &[forgotten(1), forgotten(2), forgotten(3)]).unwrap(), 3);
        let again = Forgotten { commit: Sha256::from([9; 32]), ..forgotten(3) };
        assert_eq!(add(&folder, &[again]).unwrap(), 4);
        let list = List::read(&folder).unwrap();
        let subjects = |known| list.since(known).unwrap().iter().map(|one| one.position).collect::<Vec<_>>();
        assert_eq!((subjects(0), subjects(1), subjects(4)), (vec![1, 2, 3], vec![2, 3], vec![]));
        assert!(list.since(5).is_err());
        assert_eq!(list.keys_since(2).into_iter().collect::<Vec<_>>(), ["personal/3.key"]);
        drop(path);
    }

    #[test]
    fn a_list_that_is_cut_off_or_changed_anywhere_is_told_and_goes_on() {
        let (place, folder) = folder();
        let (all, file) = ([forgotten(1), forgotten(2)], place.path().join(LIST));
        add(&folder, &all).unwrap();
        let whole = std::fs::read(&file).unwrap();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap();
        for at in 0..whole.len() {
            std::fs::write(&file, &whole[..at]).unwrap();
            assert!(List::read(&folder).unwrap().since(2).is_err(), "cut at {at}");
            assert_eq!(add(&folder, &all).unwrap(), 2, "cut at {at}");
            assert_eq!(std::fs::read(&file).unwrap(), whole, "cut at {at}");
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&file, &bytes).unwrap();
            let list = List::read(&folder).unwrap();
            assert!(list.since(0).is_err() || list.since(2).is_err(), "changed at {at}");
            // What cannot be read is added again behind it.
            assert!(add(&folder, &all).unwrap() >= 2, "changed at {at}");
            let list = List::read(&folder).unwrap();
            let there = list.lines.iter().filter_map(Line::commit).collect::<HashSet<_>>();
            assert_eq!(there.len(), 2, "changed at {at}");
        }
        let bad = Forgotten { keys: ["../../letter.key".to_owned()].into(), ..forgotten(1) };
        std::fs::write(&file, seal(&Written { number: 1, forgotten: bad }).unwrap()).unwrap();
        assert_eq!(List::read(&folder).unwrap().lines, [Line::Damaged]);
        // A line that is gone, or empty.
        std::fs::write(&file, &whole[first + 1..]).unwrap();
        assert!(List::read(&folder).unwrap().since(0).is_err());
        std::fs::write(&file, [b"\n", &whole[first + 1..]].concat()).unwrap();
        assert_eq!(List::read(&folder).unwrap().since(0).unwrap(), [&forgotten(2)]);
    }
}
