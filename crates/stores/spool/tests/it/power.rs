//! A disk in memory that records what is done to it, and can be cut off at any point.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use spool::Disk;

/// What was done, in order.
#[derive(Debug, Clone)]
pub enum Done {
    Create(String),
    Append(String, Vec<u8>),
    Sync(String),
    SyncNames,
    Remove(String),
}

/// A disk that works, as far as its user can see.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    pub done: Rc<RefCell<Vec<Done>>>,
    files: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    /// Calls that still succeed; `None` is all.
    pub left: Rc<RefCell<Option<usize>>>,
}

impl Recorder {
    pub fn with(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self { files: Rc::new(RefCell::new(files)), ..Self::default() }
    }

    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.files.borrow().clone()
    }

    /// Empties a file, as a crash that came before its first bytes would have left it.
    pub fn truncate(&self, name: &str) {
        self.files.borrow_mut().insert(name.to_owned(), Vec::new());
    }

    fn allowed(&self) -> io::Result<()> {
        match &mut *self.left.borrow_mut() {
            Some(0) => Err(io::ErrorKind::StorageFull.into()),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn note(&self, done: Done) {
        self.done.borrow_mut().push(done);
    }
}

impl Disk for Recorder {
    type File = String;

    fn create(&self, name: &str) -> io::Result<String> {
        self.allowed()?;
        self.files.borrow_mut().insert(name.to_owned(), Vec::new());
        self.note(Done::Create(name.to_owned()));
        Ok(name.to_owned())
    }

    fn append(&self, file: &mut String, bytes: &[u8]) -> io::Result<()> {
        let allowed = self.allowed();
        // A full disk takes the first part.
        let bytes = if allowed.is_ok() { bytes } else { &bytes[..bytes.len() / 2] };
        self.files.borrow_mut().entry(file.clone()).or_default().extend_from_slice(bytes);
        self.note(Done::Append(file.clone(), bytes.to_vec()));
        allowed
    }

    fn sync(&self, file: &mut String) -> io::Result<()> {
        self.allowed()?;
        self.note(Done::Sync(file.clone()));
        Ok(())
    }

    fn sync_names(&self) -> io::Result<()> {
        self.allowed()?;
        self.note(Done::SyncNames);
        Ok(())
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.files.borrow().keys().cloned().collect())
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.files.borrow().get(name).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.allowed()?;
        self.files.borrow_mut().remove(name);
        self.note(Done::Remove(name.to_owned()));
        Ok(())
    }
}

/// What a disk holds after a power cut: all that was made durable, and of the rest what `luck`
/// lets through, piece by piece of 512 bytes and name by name.
pub fn after_cut(
    before: &BTreeMap<String, Vec<u8>>,
    done: &[Done],
    luck: &mut dyn FnMut() -> bool,
) -> BTreeMap<String, Vec<u8>> {
    #[derive(Clone, Default)]
    struct State {
        bytes: Vec<u8>,
        durable: usize,
    }
    let all_durable = |bytes: &Vec<u8>| State { bytes: bytes.clone(), durable: bytes.len() };
    let mut files: BTreeMap<String, State> =
        before.iter().map(|(name, bytes)| (name.clone(), all_durable(bytes))).collect();
    let mut unsure: Vec<(String, Option<State>)> = Vec::new();
    for step in done {
        match step {
            Done::Create(name) => {
                unsure.push((name.clone(), files.get(name).cloned()));
                files.insert(name.clone(), State::default());
            }
            Done::Append(name, bytes) => {
                files.entry(name.clone()).or_default().bytes.extend_from_slice(bytes);
            }
            Done::Sync(name) => {
                let file = files.entry(name.clone()).or_default();
                file.durable = file.bytes.len();
            }
            Done::SyncNames => unsure.clear(),
            Done::Remove(name) => {
                let old = files.remove(name);
                unsure.push((name.clone(), old));
            }
        }
    }
    for (name, old) in unsure.into_iter().rev() {
        if luck() {
            continue;
        }
        match old {
            Some(old) => files.insert(name, old),
            None => files.remove(&name),
        };
    }
    let torn = |mut file: State, luck: &mut dyn FnMut() -> bool| {
        let mut end = file.durable;
        for start in (file.durable..file.bytes.len()).step_by(512) {
            let piece = start..(start + 512).min(file.bytes.len());
            if luck() {
                end = piece.end;
            } else {
                file.bytes[piece].fill(0);
            }
        }
        file.bytes.truncate(end);
        file.bytes
    };
    files.into_iter().map(|(name, file)| (name, torn(file, luck))).collect()
}
