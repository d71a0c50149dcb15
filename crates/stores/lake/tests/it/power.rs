//! A disk that notes every change, and what of them a power cut may leave.
//!
//! Content is durable once its file was synced, a name once its folder was. Of everything else
//! luck decides: content that was not synced is there, cut off or gone; each name that was not
//! synced is as before or as after.
//!
//! The tests of `observations` use this file too, for the lake and the spool beside it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use lake::{Disk, FileSystem};

#[derive(Debug, Clone)]
pub enum Change {
    MakeFolder(PathBuf),
    Create(PathBuf),
    Write(PathBuf, u64, Vec<u8>),
    SyncFile(PathBuf),
    SyncFolder(PathBuf),
    Link(PathBuf, PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

/// The disk of the machine, with a list of the changes that it made.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    changes: Arc<Mutex<Vec<Change>>>,
    /// Calls that still succeed; none: all.
    left: Arc<Mutex<Option<usize>>>,
    /// Whether nothing is ever made durable, as by a store that does not care.
    careless: bool,
}

impl Recorder {
    pub fn careless() -> Self {
        Self { careless: true, ..Self::default() }
    }

    pub fn changes(&self) -> Vec<Change> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn count(&self) -> usize {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Lets so many calls succeed and refuses all that follow; none: refuses no more.
    pub fn refuse_after(&self, calls: Option<usize>) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = calls;
    }

    fn note(&self, change: Change, done: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        if let Some(left) = &mut *self.left.lock().unwrap_or_else(PoisonError::into_inner) {
            *left = left.checked_sub(1).ok_or_else(|| io::Error::other("no space left"))?;
        }
        done()?;
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
        Ok(())
    }
}

impl Disk for Recorder {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.note(Change::MakeFolder(path.to_owned()), || FileSystem.make_folder(path))
    }

    fn create(&self, path: &Path) -> io::Result<()> {
        self.note(Change::Create(path.to_owned()), || FileSystem.create(path))
    }

    fn write(&self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let change = Change::Write(path.to_owned(), offset, bytes.to_vec());
        self.note(change, || FileSystem.write(path, offset, bytes))
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        if self.careless {
            return Ok(());
        }
        self.note(Change::SyncFile(path.to_owned()), || FileSystem.sync_file(path))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        if self.careless {
            return Ok(());
        }
        self.note(Change::SyncFolder(path.to_owned()), || FileSystem.sync_folder(path))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(Change::Link(from.to_owned(), to.to_owned()), || FileSystem.link(from, to))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(Change::Rename(from.to_owned(), to.to_owned()), || FileSystem.rename(from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.note(Change::Remove(path.to_owned()), || FileSystem.remove(path))
    }
}

/// What a name stands for: a folder, or a file by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    Folder,
    File(usize),
}

#[derive(Debug, Default)]
struct Content {
    now: Vec<u8>,
    durable: Option<Vec<u8>>,
}

/// A disk as the changes leave it, and as a power cut may.
#[derive(Debug, Default)]
struct Model {
    files: Vec<Content>,
    now: BTreeMap<PathBuf, Thing>,
    durable: BTreeMap<PathBuf, Thing>,
}

impl Model {
    fn file(&mut self, path: &Path) -> Option<&mut Content> {
        match self.now.get(path)? {
            Thing::File(number) => self.files.get_mut(*number),
            Thing::Folder => None,
        }
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::MakeFolder(path) => {
                self.now.insert(path.clone(), Thing::Folder);
            }
            Change::Create(path) => {
                self.files.push(Content::default());
                self.now.insert(path.clone(), Thing::File(self.files.len() - 1));
            }
            Change::Write(path, offset, bytes) => {
                let Some(file) = self.file(path) else { return };
                let start = usize::try_from(*offset).unwrap_or(usize::MAX);
                file.now.resize(file.now.len().max(start + bytes.len()), 0);
                file.now[start..start + bytes.len()].copy_from_slice(bytes);
            }
            Change::SyncFile(path) => {
                if let Some(file) = self.file(path) {
                    file.durable = Some(file.now.clone());
                }
            }
            Change::SyncFolder(path) => {
                let inside = |name: &Path| name.parent() == Some(path.as_path());
                self.durable.retain(|name, _| !inside(name));
                let names = self.now.iter().filter(|(name, _)| inside(name));
                self.durable.extend(names.map(|(name, thing)| (name.clone(), *thing)));
            }
            Change::Link(from, to) => {
                self.now.get(from).copied().into_iter().for_each(|thing| {
                    self.now.insert(to.clone(), thing);
                });
            }
            Change::Rename(from, to) => {
                self.now.remove(from).into_iter().for_each(|thing| {
                    self.now.insert(to.clone(), thing);
                });
            }
            Change::Remove(path) => {
                self.now.remove(path);
            }
        }
    }

    /// The files after a power cut.
    fn cut(&self, luck: &mut dyn FnMut() -> bool) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut names = BTreeMap::new();
        let all: std::collections::BTreeSet<&PathBuf> = self.now.keys().chain(self.durable.keys()).collect();
        for name in all {
            let (now, durable) = (self.now.get(name), self.durable.get(name));
            let kept = if now == durable || luck() { now } else { durable };
            // What lies in a folder that is gone is gone.
            let parent =
                name.parent().is_none_or(|parent| parent == Path::new("") || names.contains_key(parent));
            if let (Some(thing), true) = (kept, parent) {
                names.insert(name.clone(), *thing);
            }
        }
        let content = |thing: &Thing, luck: &mut dyn FnMut() -> bool| {
            let Thing::File(number) = thing else { return None };
            let Content { now, durable } = &self.files[*number];
            // What was only added to is not lost.
            let stays = durable.as_ref().filter(|durable| now.starts_with(durable)).map_or(0, Vec::len);
            Some(match durable {
                Some(durable) if durable == now => now.clone(),
                durable if luck() => durable.clone().unwrap_or_default(),
                _ if luck() => now[..stays.midpoint(now.len())].to_vec(),
                _ => now.clone(),
            })
        };
        names.iter().filter_map(|(name, thing)| Some((name.clone(), content(thing, luck)?))).collect()
    }
}

/// Makes a folder what `home` may be after a power cut behind the changes.
pub fn after_cut(home: &Path, changes: &[Change], seed: u64, into: &Path) -> io::Result<()> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut luck = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.is_multiple_of(2)
    };
    let mut model = Model::default();
    changes.iter().map(|change| relative(home, change)).for_each(|change| model.apply(&change));
    for (name, bytes) in model.cut(&mut luck) {
        let path = into.join(name);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, bytes)?;
    }
    Ok(())
}

/// A change with paths from `home` on; what is above counts as durable.
fn relative(home: &Path, change: &Change) -> Change {
    let path = |path: &PathBuf| path.strip_prefix(home).unwrap_or(Path::new("")).to_owned();
    match change {
        Change::MakeFolder(one) => Change::MakeFolder(path(one)),
        Change::Create(one) => Change::Create(path(one)),
        Change::Write(one, offset, bytes) => Change::Write(path(one), *offset, bytes.clone()),
        Change::SyncFile(one) => Change::SyncFile(path(one)),
        Change::SyncFolder(one) => Change::SyncFolder(path(one)),
        Change::Link(from, to) => Change::Link(path(from), path(to)),
        Change::Rename(from, to) => Change::Rename(path(from), path(to)),
        Change::Remove(one) => Change::Remove(path(one)),
    }
}
