//! Keys of personal values, each in a file of its own.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use model::hash::hex;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::error::JournalError;
use crate::personal::{Subject, SubjectKey};

/// The folder of keys, and those that were read.
#[derive(Debug)]
pub(crate) struct Keys {
    folder: PathBuf,
    read: HashMap<Subject, SubjectKey>,
}

/// Bytes of a key.
pub(crate) const KEY_BYTES: u64 = 32;

/// The folder of keys of personal values in that of all keys.
pub(crate) const FOLDER: &str = "personal";

/// Keys that are held in memory.
const HELD: usize = 10_000;

impl Keys {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), read: HashMap::new() }
    }

    /// The key of a subject and class, if there is one.
    pub(crate) fn key(&mut self, subject: &Subject) -> Result<Option<SubjectKey>, JournalError> {
        if let Some(key) = self.read.get(subject) {
            return Ok(Some(key.clone()));
        }
        let path = self.path(subject);
        let mut key = Zeroizing::new([0; 32]);
        match File::open(&path).and_then(|mut file| file.read_exact(&mut *key)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(JournalError::File { path, doing: "read", source }),
        }
        if self.read.len() >= HELD {
            self.read.clear();
        }
        self.read.insert(subject.clone(), key.clone());
        Ok(Some(key))
    }

    /// The same, made where there is none; it outlives a power cut before anything is sealed with it.
    pub(crate) fn make(
        &mut self,
        subject: &Subject,
        entropy: &mut Entropy,
    ) -> Result<SubjectKey, JournalError> {
        if let Some(key) = self.key(subject)? {
            return Ok(key);
        }
        let path = self.path(subject);
        let key = Zeroizing::new(entropy.bytes::<32>());
        let made = self.write(&path, &key);
        made.map_err(|source| JournalError::File { path, doing: "made", source })?;
        self.read.insert(subject.clone(), key.clone());
        Ok(key)
    }

    fn write(&self, path: &Path, key: &SubjectKey) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let part = path.with_extension("part");
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(&**key)?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        self.sync()
    }

    /// Destroys a key: its bytes first, so that no journal of the file system gives them back with the name.
    pub(crate) fn destroy(&mut self, subject: &Subject) -> Result<(), JournalError> {
        self.read.remove(subject);
        let path = self.path(subject);
        let destroy = || -> io::Result<()> {
            let mut file = OpenOptions::new().write(true).open(&path)?;
            file.write_all(&[0; 32])?;
            file.sync_all()?;
            fs::remove_file(&path)?;
            self.sync()
        };
        match destroy() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(JournalError::File { path, doing: "destroyed", source }),
            Ok(()) => Ok(()),
        }
    }

    /// Makes the names in the folder, and the folder's own, durable.
    fn sync(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()?;
        self.folder.ancestors().skip(1).take(2).try_for_each(|above| File::open(above)?.sync_all())
    }

    pub(crate) fn path(&self, subject: &Subject) -> PathBuf {
        self.folder.join(name(subject))
    }
}

/// The file of a key, from the home's folder of keys.
pub(crate) fn file(subject: &Subject) -> String {
    format!("{FOLDER}/{}", name(subject))
}

/// The name tells nothing of who it is.
fn name(subject: &Subject) -> String {
    let mut hash = Sha256::new();
    hash.update((subject.subject.len() as u64).to_be_bytes());
    hash.update(&subject.subject);
    hash.update(&subject.class);
    format!("{}.key", hex(&hash.finalize()[..16]))
}
