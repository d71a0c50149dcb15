//! What is noted: a look into a book.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use model::marking::Tlp;
use model::time::Instant;
use model::view::{Purpose, Viewer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Longest subject, in bytes.
const LONGEST: usize = 128;

/// A look into a book, when it is known what it gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// When, by the clock of whoever answers.
    pub at: Instant,
    /// Who.
    pub viewer: Subject,
    /// What for.
    pub purpose: Purpose,
    /// Into which book.
    pub book: Book,
    /// The query, or what else was asked for.
    pub what: String,
    /// Whose rows were given or counted.
    pub owners: BTreeSet<String>,
    /// The strictest mark of these rows; nothing when there are none.
    pub tlp: Option<Tlp>,
    /// How many rows were given or counted.
    pub rows: u64,
}

/// A book that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Book {
    /// What machines observed.
    Lake,
    /// What people and organisations did.
    Journal,
    /// Files that people handed in.
    Files,
}

/// Who looks, by an id that says nothing about the person: the realm that gave it and the id there, as
/// `local:1000`. Small letters, a colon, then ASCII letters, digits, `.`, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Subject(String);

/// A text that is no subject.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no subject such as local:1000")]
pub struct NotASubject {
    /// The text.
    pub text: String,
}

impl Book {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lake => "lake",
            Self::Journal => "journal",
            Self::Files => "files",
        }
    }
}

impl Subject {
    /// Who looks, by the id that a view gives. What is no id is not written down, for it may be a name: a
    /// part of its hash stands for it.
    #[must_use]
    pub fn of(viewer: &Viewer) -> Self {
        let (Viewer::Operator(id) | Viewer::Person(id)) = viewer;
        id.parse().unwrap_or_else(|_| {
            let hash = Sha256::digest(id);
            Self(format!("unknown:{}", model::hash::hex(&hash[..8])))
        })
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Subject {
    type Error = NotASubject;

    fn try_from(text: String) -> Result<Self, NotASubject> {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let is_subject = text.split_once(':').is_some_and(|(realm, id)| {
            !realm.is_empty()
                && !id.is_empty()
                && realm.bytes().all(|byte| byte.is_ascii_lowercase())
                && id.bytes().all(is_id)
        });
        if is_subject && text.len() <= LONGEST { Ok(Self(text)) } else { Err(NotASubject { text }) }
    }
}

impl FromStr for Subject {
    type Err = NotASubject;

    fn from_str(text: &str) -> Result<Self, NotASubject> {
        text.to_owned().try_into()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
