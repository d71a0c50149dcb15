//! Secrets, each in a file of its own.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Bits of a mode that let others read or change a file. Its group may read: so a file of the
/// administrator's is given to the user of the service.
const OPEN: u32 = 0o027;

/// Longest secret, in bytes.
const LONGEST: u64 = 4_096;

/// A secret. It cannot be shown, logged, compared or copied by accident: it has none of the traits that
/// do so, and a test holds that it has none.
pub struct Secret(String);

/// Why a secret cannot be had. Says nothing of it.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The disk refused.
    #[error("the file {} of a secret cannot be read", path.display())]
    Unread {
        /// The file.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// Others can read or change the file.
    #[error("the file {} of a secret has the mode {mode:04o}, so that others can read or change it", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// Its first line says nothing, or is too long to be one.
    #[error("the file {} holds no secret in its first line", path.display())]
    NoSecret {
        /// The file.
        path: PathBuf,
    },
}

impl Secret {
    /// Reads the secret that stands in the first line of a file.
    ///
    /// # Errors
    /// When it cannot be read, others can, or nothing stands there.
    pub fn read(path: &Path) -> Result<Self, SecretError> {
        let unread = |source| SecretError::Unread { path: path.to_owned(), source };
        let file = File::open(path).map_err(unread)?;
        let metadata = file.metadata().map_err(unread)?;
        let mode = metadata.permissions().mode() & 0o7777;
        if mode & OPEN != 0 {
            return Err(SecretError::Open { path: path.to_owned(), mode });
        }
        let mut text = String::new();
        let read = file.take(LONGEST + 2).read_to_string(&mut text);
        let line = text.lines().next().unwrap_or_default();
        match read {
            Err(source) if source.kind() != io::ErrorKind::InvalidData => Err(unread(source)),
            Ok(_) if !line.is_empty() && line.len() as u64 <= LONGEST => Ok(Self(line.to_owned())),
            _ => Err(SecretError::NoSecret { path: path.to_owned() }),
        }
    }

    /// The secret itself, for whoever sends it where it belongs. It must not go into any other text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Does not compile when `Secret` has one of the traits: then both lines of a trait fit.
    #[test]
    fn secrets_cannot_be_shown_or_copied() {
        trait Lacks<Marker> {
            fn holds() {}
        }
        impl<T> Lacks<()> for T {}
        impl<T: std::fmt::Debug> Lacks<u8> for T {}
        impl<T: std::fmt::Display> Lacks<u16> for T {}
        impl<T: Clone> Lacks<u32> for T {}
        impl<T: serde::Serialize> Lacks<u64> for T {}
        <Secret as Lacks<_>>::holds();
    }

    #[test]
    fn what_is_no_secret_of_its_owner_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        let long = "x".repeat(LONGEST as usize + 1);
        let cases: [(&[u8], u32, Result<&str, &str>); 9] = [
            (b"lantern\n", 0o600, Ok("lantern")),
            (b"lantern\r\nsecond", 0o640, Ok("lantern")),
            (b" two words ", 0o400, Ok(" two words ")),
            (b"lantern", 0o604, Err("open")),
            (b"lantern", 0o620, Err("open")),
            (b"lantern", 0o601, Err("open")),
            (b"\nlantern", 0o600, Err("none")),
            (b"\xff\xfe", 0o600, Err("none")),
            (long.as_bytes(), 0o600, Err("none")),
        ];
        for (bytes, mode, expected) in cases {
            let _ = fs::remove_file(&path);
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let read = Secret::read(&path);
            let read = read.as_ref().map(Secret::expose).map_err(|error| match error {
                SecretError::Unread { .. } => "unread",
                SecretError::Open { .. } => "open",
                SecretError::NoSecret { .. } => "none",
            });
            assert_eq!(read, expected, "{} {mode:o}", String::from_utf8_lossy(bytes));
        }
        assert!(matches!(
            Secret::read(folder.path().join("gone").as_path()),
            Err(SecretError::Unread { .. })
        ));
    }
}
