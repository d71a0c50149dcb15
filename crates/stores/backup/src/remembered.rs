//! Where a home has its backups: noted in the home, so that who is forgotten is so there as well.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::{BackupError, disk};

/// Folders that are noted in a file; none where there is no file.
///
/// # Errors
/// When it cannot be read.
pub fn remembered(file: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let bytes = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        bytes => bytes.map_err(disk(file, "read"))?,
    };
    serde_json::from_slice(&bytes).map_err(|_| BackupError::Unreadable { path: file.to_owned() })
}

/// Notes a folder, durably; once.
///
/// # Errors
/// When the file cannot be read or written.
pub fn remember(file: &Path, folder: &Path) -> Result<(), BackupError> {
    let mut all = remembered(file)?;
    if all.iter().any(|known| known == folder) {
        return Ok(());
    }
    all.push(folder.to_owned());
    let text = serde_json::to_string_pretty(&all).map_err(io::Error::from);
    text.and_then(|text| disk::put(file, &(text + "\n"))).map_err(disk(file, "written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_noted_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backups");
        assert_eq!(remembered(&file).unwrap(), Vec::<PathBuf>::new());
        for path in ["/a", "/b\n\"c\"", "/a"] {
            remember(&file, Path::new(path)).unwrap();
        }
        assert_eq!(remembered(&file).unwrap(), [PathBuf::from("/a"), PathBuf::from("/b\n\"c\"")]);
        fs::write(&file, "[").unwrap();
        assert!(matches!(remembered(&file), Err(BackupError::Unreadable { .. })));
    }
}
