//! Which files a user means: paths, folders, standard input.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Files to read, and what could not be looked at.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Files, folders walked in name order.
    pub files: Vec<InputFile>,
    /// Paths that could not be opened or listed, with the reason.
    pub missed: Vec<(String, io::Error)>,
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
    let mut inputs = Inputs::default();
    for path in paths {
        if path == Path::new("-") {
            inputs.files.push(InputFile { path: path.clone(), shown: "-".to_owned(), bytes: 0 });
        } else {
            add(path, &mut inputs, true);
        }
    }
    inputs
}

fn add(path: &Path, inputs: &mut Inputs, given: bool) {
    let shown = path.display().to_string();
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return inputs.missed.push((shown, error)),
    };
    if metadata.is_dir() {
        // A folder behind a link is followed only when the user names it.
        if !given && fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink()) {
            return;
        }
        match list(path) {
            Ok(entries) => entries.iter().for_each(|entry| add(entry, inputs, false)),
            Err(error) => inputs.missed.push((shown, error)),
        }
    } else if metadata.is_file() || given {
        inputs.files.push(InputFile { path: path.to_owned(), shown, bytes: metadata.len() });
    }
}

fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}
