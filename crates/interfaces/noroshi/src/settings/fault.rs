//! What is wrong in the settings, where, and what would be right.

use std::path::Path;

use page::foreign::visible;
use page::{Value, Words};
use serde_json::json;

/// Something in the settings that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// Character of the line, from 1.
    pub column: usize,
    /// Which key, such as `mail.smtp.port` or `follow[2].name`; members count from 1. Empty where it is
    /// not about one.
    pub key: String,
    /// What stood there, made visible and not longer than a line; empty where nothing did, or where it
    /// may be a secret.
    pub found: String,
    /// What is wrong with it.
    pub cause: Cause,
}

/// What is wrong. What is expected instead is named by a kind of value: `size`, `zone` …
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The file is no UTF-8.
    NotText,
    /// The file is no TOML here; in the words of the parser.
    Syntax(String),
    /// Nobody knows this key; the known one that is nearest.
    Unknown(Option<&'static str>),
    /// A secret stands in the file.
    Secret,
    /// Something must be said here, and is not.
    Missing(&'static str),
    /// The value is none of its kind.
    Value(&'static str),
    /// The other one of two with the same name stands in this line.
    Name(usize),
    /// The path lies in what another source follows; its name.
    Followed(String),
    /// The path lies in the home.
    InHome,
    /// Of user and password one is missing.
    Alone,
    /// Without protection only this machine itself is spoken to.
    Unprotected,
    /// There is no such file or folder yet.
    Absent,
    /// There is no such file or folder, and its path looks like a pattern of several.
    Wildcard,
    /// There is no such file or folder, and there must be.
    Lacking,
    /// It cannot be read; in the system's words.
    Unreadable(String),
    /// A file is wanted and this is none.
    NotFile,
    /// A folder is wanted and this is none.
    NotFolder,
    /// Nothing can be written in this folder.
    Unwritable,
    /// Others can read or change the file of a secret; its mode.
    Open(u32),
    /// The file holds nothing that can be a secret.
    NoSecret,
    /// The file holds no certificate.
    NoCertificate,
}

impl Cause {
    /// A code that stays the same over versions.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotText => "not-text",
            Self::Syntax(_) => "syntax",
            Self::Unknown(_) => "unknown",
            Self::Secret => "secret",
            Self::Missing(_) => "missing",
            Self::Value(_) => "value",
            Self::Name(_) => "name",
            Self::Followed(_) => "followed",
            Self::InHome => "in-home",
            Self::Alone => "alone",
            Self::Unprotected => "unprotected",
            Self::Absent => "absent",
            Self::Wildcard => "wildcard",
            Self::Lacking => "lacking",
            Self::Unreadable(_) => "unreadable",
            Self::NotFile => "not-file",
            Self::NotFolder => "not-folder",
            Self::Unwritable => "unwritable",
            Self::Open(_) => "open",
            Self::NoSecret => "no-secret",
            Self::NoCertificate => "no-certificate",
        }
    }

    /// Whether all works in spite of it: a log that is not there may come.
    #[must_use]
    pub fn is_note(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl Fault {
    /// What is wrong and what to do: two sentences.
    #[must_use]
    pub fn text(&self, words: Words) -> String {
        let expected = |kind: &str| words.get(&format!("settings-kind-{kind}"));
        let (name, more): (&'static str, Value) = match &self.cause {
            Cause::Syntax(said) | Cause::Unreadable(said) => ("reason", visible(said).into_owned().into()),
            Cause::Unknown(near) => ("near", near.unwrap_or_default().into()),
            Cause::Missing(kind) | Cause::Value(kind) => ("expected", expected(kind).into()),
            Cause::Name(line) => ("other", line.to_string().into()),
            Cause::Followed(name) => ("other", name.as_str().into()),
            Cause::Open(mode) => ("mode", format!("{mode:04o}").into()),
            _ => ("reason", "".into()),
        };
        let said = match &self.cause {
            Cause::Unknown(None) => "unknown-far",
            Cause::Value(_) if self.found.is_empty() => "value-hidden",
            cause => cause.code(),
        };
        let mut values = vec![("key", self.key.as_str().into()), ("found", self.found.as_str().into())];
        values.push((name, more));
        words.with(&format!("settings-fault-{said}"), &values)
    }

    /// The same behind file, line and character, as editors read it.
    #[must_use]
    pub fn told(&self, path: &Path, words: Words) -> String {
        let path = path.display().to_string();
        format!("{}:{}:{}: {}", visible(&path), self.line, self.column, self.text(words))
    }

    /// The same for programs.
    #[must_use]
    pub fn to_json(&self, words: Words) -> serde_json::Value {
        json!({
            "line": self.line, "column": self.column, "key": self.key, "found": self.found,
            "code": self.cause.code(), "is_note": self.cause.is_note(), "text": self.text(words),
        })
    }
}

/// The fault of a file whose bytes stop being text somewhere.
pub(super) fn not_text(bytes: &[u8], at: usize) -> Fault {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let (line, column) = place(&before, before.len());
    Fault { line, column, key: String::new(), found: String::new(), cause: Cause::NotText }
}

/// Line and character of a byte of a text, both from 1.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line..].chars().count() + 1)
}
