//! Which files a user means: paths, folders, standard input. Each file is found once, however many
//! names lead to it, and what is not read is named.

use std::collections::HashMap;
use std::fs::{self, FileType, Metadata};
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use crate::cause::Cause;
use crate::identity::{self, Identity};
use crate::stop::Stop;

/// Files to read, and what is not read.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Files, folders walked in name order.
    pub files: Vec<InputFile>,
    /// Paths that could not be opened or listed, with the reason.
    pub missed: Vec<(String, io::Error)>,
    /// What lies in a folder and is read only when the user names it, with the reason.
    pub passed: Vec<(String, Cause)>,
    /// Paths that lead to what had been found already.
    pub repeated: Vec<Repeated>,
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Where it is; `-` is standard input.
    pub path: PathBuf,
    /// How verdicts name it: as the user gave it, below a folder as found there.
    pub shown: String,
    /// Its size in bytes when it was found.
    pub bytes: u64,
    /// Whether the user named it, and not only a folder that holds it.
    pub named: bool,
    /// Which file it is; unknown of a standard input that is closed.
    pub identity: Option<Identity>,
}

/// A path to a file or folder that another path leads to as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The path.
    pub path: String,
    /// The path under which it is read.
    pub read_as: String,
}

impl InputFile {
    /// Whether this is standard input.
    #[must_use]
    pub fn is_standard_input(&self) -> bool {
        self.path == Path::new("-")
    }
}

/// Finds the files below the given paths. Links to folders are not followed, so that no loop can arise.
#[must_use]
pub fn find(paths: &[PathBuf]) -> Inputs {
    find_until(paths, &Stop::default())
}

/// Finds files until the user wants to stop.
#[must_use]
pub fn find_until(paths: &[PathBuf], stop: &Stop) -> Inputs {
    let mut search =
        Search { inputs: Inputs::default(), stop, files: HashMap::new(), folders: HashMap::new() };
    for path in paths {
        if path == Path::new("-") {
            search.standard_input();
        } else {
            search.add(path, true);
        }
    }
    search.inputs
}

struct Search<'a> {
    inputs: Inputs,
    stop: &'a Stop,
    /// Where each file stands among those found.
    files: HashMap<Option<Identity>, usize>,
    folders: HashMap<Identity, String>,
}

impl Search<'_> {
    fn standard_input(&mut self) {
        let metadata = identity::standard_input().ok();
        self.file(InputFile {
            path: "-".into(),
            shown: "-".to_owned(),
            bytes: metadata.as_ref().filter(|metadata| metadata.is_file()).map_or(0, Metadata::len),
            named: true,
            identity: metadata.as_ref().map(Identity::of),
        });
    }

    fn file(&mut self, file: InputFile) {
        let Some(&known) = self.files.get(&file.identity) else {
            self.files.insert(file.identity, self.inputs.files.len());
            return self.inputs.files.push(file);
        };
        let known = &mut self.inputs.files[known];
        known.named |= file.named;
        self.inputs.repeated.push(Repeated { path: file.shown, read_as: known.shown.clone() });
    }

    fn add(&mut self, path: &Path, named: bool) {
        if self.stop.asked() {
            return;
        }
        let shown = path.display().to_string();
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => return self.inputs.missed.push((shown, error)),
        };
        let is_linked_folder =
            metadata.is_dir() && fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink());
        if !named && (is_linked_folder || !(metadata.is_dir() || metadata.is_file())) {
            self.inputs.passed.push((shown, unread(metadata.file_type())));
        } else if metadata.is_dir() {
            self.folder(path, Identity::of(&metadata));
        } else {
            let identity = Some(Identity::of(&metadata));
            self.file(InputFile { path: path.to_owned(), shown, bytes: metadata.len(), named, identity });
        }
    }

    fn folder(&mut self, path: &Path, identity: Identity) {
        let shown = path.display().to_string();
        if let Some(known) = self.folders.get(&identity) {
            return self.inputs.repeated.push(Repeated { path: shown, read_as: known.clone() });
        }
        self.folders.insert(identity, shown.clone());
        let (mut entries, errors) = match fs::read_dir(path) {
            Ok(entries) => split(entries),
            Err(error) => (Vec::new(), vec![error]),
        };
        self.inputs.missed.extend(errors.into_iter().map(|error| (shown.clone(), error)));
        entries.sort();
        entries.iter().for_each(|entry| self.add(entry, false));
    }
}

/// Why something in a folder is not read: following a link could lead anywhere and in circles, and
/// reading what is no file could wait for ever.
fn unread(kind: FileType) -> Cause {
    match kind {
        _ if kind.is_dir() => Cause::LinkNotFollowed,
        _ if kind.is_fifo() => Cause::PipeUnread,
        _ if kind.is_socket() => Cause::SocketUnread,
        _ => Cause::DeviceUnread,
    }
}

/// What a folder lists, and what went wrong while it did.
fn split(entries: fs::ReadDir) -> (Vec<PathBuf>, Vec<io::Error>) {
    let (mut paths, mut errors) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Ok(entry) => paths.push(entry.path()),
            Err(error) => errors.push(error),
        }
    }
    (paths, errors)
}
