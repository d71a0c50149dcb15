//! What an administrator decides about an installation: `noroshi.toml` in its home.
//!
//! A file that is not there means the defaults. One that is there is read to its end, and all that is
//! wrong in it is told at once, each [`Fault`] with its place; a key that nobody knows is a fault, since
//! it was meant to do something. Each value is parsed once: one that exists is right.
//!
//! No secret stands in the file, so none comes into memory with it: it names files, and a [`Secret`] is
//! read from its file by whoever uses it.

mod example;
mod fault;
mod leaving;
mod look;
mod parts;
mod secret;
mod value;
mod walk;
mod write;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use home::Home;
use model::marking::Tlp;
use page::{Language, Words};
use serde::Serialize;

use crate::Failure;
use crate::books::with_cause;

pub use example::example;
pub use fault::{Cause, Fault};
pub use look::look;
pub use secret::{Secret, SecretError};
pub use value::{Address, Host, LogLevel, Name, Organisation, Port, Size, Span, Tls, Year, Zone};
pub use walk::{Place, Places};

/// Name of the file in a home.
pub const FILE: &str = "noroshi.toml";

/// Bytes of a file that are read at most; one that somebody wrote is far smaller.
const LARGEST: u64 = 1 << 20;

/// The settings of an installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// Language of mails, and of what a service says.
    #[serde(serialize_with = "write::language")]
    pub language: Language,
    /// Zone of shown times.
    pub zone: Zone,
    /// What is logged.
    pub log: Log,
    /// What may be used of the disk.
    pub disk: Disk,
    /// Logs that are followed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub follow: Vec<Follow>,
    /// Mails, where any are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<Mail>,
    /// Where files are delivered to, where any are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver: Option<Deliver>,
    /// Backups, where they have a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup: Option<Backup>,
}

/// `[log]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Log {
    /// The least important record that is written.
    pub level: LogLevel,
}

/// `[disk]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Disk {
    /// With less free space than this, nothing new is taken in.
    pub free: Size,
    /// What uploads and artefacts may take together.
    pub files: Size,
}

/// `[[follow]]`: logs of one source, that is read while it grows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Follow {
    /// Name of the source; no two have the same.
    pub name: Name,
    /// Absolute paths of files and folders; none lies in that of another source.
    pub paths: Vec<PathBuf>,
    /// Organisation whose events these are.
    pub owner: Organisation,
    /// With whom they may be shared.
    pub tlp: Tlp,
    /// Zone of times that name none.
    pub zone: Zone,
    /// Year of a log's first line where lines name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<Year>,
    /// How long the source may be silent before somebody is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent_after: Option<Span>,
}

/// `[mail]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Sender.
    pub from: Address,
    /// Who is told what the installation itself has to say; at least one.
    pub desk: Vec<Address>,
    /// The server that takes mails. Without one they are kept in a box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp: Option<Smtp>,
}

/// `[mail.smtp]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Smtp {
    /// Name or address.
    pub host: Host,
    /// Port; what is usual for `tls` where nobody says another.
    pub port: Port,
    /// How the connection is protected; without protection only to this machine itself.
    pub tls: Tls,
    /// Who signs in, and with which password.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignIn>,
    /// Certificates, PEM, that are trusted beside those of the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

/// How a server learns who sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignIn {
    /// Name.
    pub user: String,
    /// Where its password stands; see [`Secret::read`].
    pub password_file: PathBuf,
}

/// `[deliver]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deliver {
    /// Absolute, and not in the home.
    pub folder: PathBuf,
}

/// `[backup]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backup {
    /// Absolute, and not in the home.
    pub folder: PathBuf,
    /// How many backups are kept, at least one.
    pub keep: u32,
}

/// Why the settings of a home cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is there, and cannot be read.
    #[error("the settings {} cannot be read", path.display())]
    Unread {
        /// The file.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// Something in it is wrong.
    #[error("the settings {} have faults: {}", path.display(), faults.len())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// All that is wrong, in the order of the file; at least one.
        faults: Vec<Fault>,
    },
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            zone: Zone::default(),
            log: Log::default(),
            disk: Disk { free: Size::of(128 << 20), files: Size::of(10 << 30) },
            follow: Vec::new(),
            mail: None,
            deliver: None,
            backup: None,
        }
    }
}

impl Settings {
    /// The settings of a home; the defaults where it has no file of them.
    ///
    /// # Errors
    /// When the file cannot be read, or something in it is wrong.
    pub fn read(home: &Home) -> Result<Self, SettingsError> {
        Self::within(home.path()).map(|read| read.map(|(settings, _)| settings).unwrap_or_default())
    }

    /// Those of a folder that is a home or becomes one, with the places of what is said; none where it
    /// has no file of them.
    ///
    /// # Errors
    /// As [`Settings::read`].
    pub fn within(folder: &Path) -> Result<Option<(Self, Places)>, SettingsError> {
        let path = folder.join(FILE);
        let bytes = match bytes(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(SettingsError::Unread { path, source }),
        };
        // Paths that are compared with the home's need its own.
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let read = match std::str::from_utf8(&bytes) {
            Ok(text) => parts::read(text, &folder),
            Err(error) => Err(vec![fault::not_text(&bytes, error.valid_up_to())]),
        };
        read.map(Some).map_err(|faults| SettingsError::Wrong { path, faults })
    }

    /// Reads the text of a file whose relative paths begin at a folder: the home, by an absolute path.
    ///
    /// # Errors
    /// All that is wrong in it, in the order of the text.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Vec<Fault>> {
        parts::read(text, folder).map(|(settings, _)| settings)
    }

    /// The same as a file would say it, whatever is a default.
    #[must_use]
    pub fn to_toml(&self) -> String {
        write::toml(self)
    }
}

/// Why there are no settings, in words.
#[must_use]
pub fn refused(error: &SettingsError, words: Words) -> Failure {
    let text = match error {
        SettingsError::Unread { path, .. } => {
            let values = [("path", path.display().to_string().into()), ("reason", with_cause(error).into())];
            words.with("settings-error-unread", &values)
        }
        SettingsError::Wrong { path, faults } => {
            let values = [("path", path.display().to_string().into()), ("faults", faults.len().into())];
            let told = faults.iter().map(|fault| format!("\n  {}", fault.told(path, words)));
            words.with("settings-error-wrong", &values) + &told.collect::<String>()
        }
    };
    Failure { code: 2, text }
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("more than {LARGEST} bytes")));
    }
    Ok(bytes)
}
