//! What can be looked at of what settings name: files and folders, without writing or waiting.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::fault::{Cause, Fault};
use super::parts::between;
use super::secret::{Secret, SecretError};
use super::walk::Places;
use super::{Settings, SignIn};

/// How a certificate begins (RFC 7468).
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// Bytes of a file of certificates that are looked at.
const CERTIFICATES: u64 = 4 << 20;

/// What is wrong with the files and folders that settings name, in the order of the file. What the
/// network would have to tell is not looked at.
#[must_use]
pub fn look(settings: &Settings, places: &Places, home: &Path) -> Vec<Fault> {
    let mut found: Vec<(String, Cause)> = Vec::new();
    for (follow, number) in settings.follow.iter().zip(1..) {
        let numbered = follow.paths.iter().zip(1..);
        found.extend(numbered.filter_map(|(path, member)| {
            Some((format!("follow[{number}].paths[{member}]"), log(path).err()?))
        }));
    }
    let smtp = settings.mail.as_ref().and_then(|mail| mail.smtp.as_ref());
    let mut add = |key: &str, looked: Result<(), Cause>| {
        found.extend(looked.err().map(|cause| (key.to_owned(), cause)));
    };
    if let Some(SignIn { password_file, .. }) = smtp.and_then(|smtp| smtp.sign_in.as_ref()) {
        add("mail.smtp.password_file", password(password_file));
    }
    if let Some(path) = smtp.and_then(|smtp| smtp.ca_file.as_ref()) {
        add("mail.smtp.ca_file", certificates(path));
    }
    if let Some(deliver) = &settings.deliver {
        add("deliver.folder", folder(&deliver.folder));
    }
    if let Some(backup) = &settings.backup {
        add("backup.folder", folder(&backup.folder));
    }
    let mut faults: Vec<Fault> = found.into_iter().map(|(key, cause)| places.fault(&key, cause)).collect();
    faults.extend(between(settings, places, &real(home), &real));
    faults.sort_by_key(|fault| (fault.line, fault.column));
    faults
}

/// The path without links; as it is where there is nothing yet.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A log is not opened: a pipe would wait for who writes to it.
fn log(path: &Path) -> Result<(), Cause> {
    // Where it is not there, somebody may have meant several.
    let is_pattern = path.to_string_lossy().contains(['*', '?']);
    let cause = if is_pattern { Cause::Wildcard } else { Cause::Absent };
    let metadata = fs::metadata(path).map_err(|error| missing(&error, cause))?;
    let wanted = if metadata.is_dir() { Access::READ_OK | Access::EXEC_OK } else { Access::READ_OK };
    access(path, wanted).map_err(|error| Cause::Unreadable(io::Error::from(error).to_string()))
}

fn password(path: &Path) -> Result<(), Cause> {
    file(path)?;
    Secret::read(path).map(drop).map_err(|error| match error {
        SecretError::Unread { source, .. } => Cause::Unreadable(source.to_string()),
        SecretError::Open { mode, .. } => Cause::Open(mode),
        SecretError::NoSecret { .. } => Cause::NoSecret,
    })
}

fn certificates(path: &Path) -> Result<(), Cause> {
    file(path)?;
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(CERTIFICATES).read_to_end(&mut bytes));
    read.map_err(|error| Cause::Unreadable(error.to_string()))?;
    let is_one = String::from_utf8_lossy(&bytes).contains(CERTIFICATE);
    if is_one { Ok(()) } else { Err(Cause::NoCertificate) }
}

fn file(path: &Path) -> Result<(), Cause> {
    let metadata = fs::metadata(path).map_err(|error| missing(&error, Cause::Lacking))?;
    if metadata.is_file() { Ok(()) } else { Err(Cause::NotFile) }
}

/// A folder is not made: where the disk for it is not there, it would come to lie on another one.
fn folder(path: &Path) -> Result<(), Cause> {
    let metadata = fs::metadata(path).map_err(|error| missing(&error, Cause::Lacking))?;
    if !metadata.is_dir() {
        return Err(Cause::NotFolder);
    }
    access(path, Access::WRITE_OK | Access::EXEC_OK).map_err(|_| Cause::Unwritable)
}

fn missing(error: &io::Error, cause: Cause) -> Cause {
    if error.kind() == io::ErrorKind::NotFound { cause } else { Cause::Unreadable(error.to_string()) }
}
