//! What became of an indicator.

use journal::personal::Personal;
use model::hash::Sha256;
use model::indicator::Observable;
use model::marking::Marking;
use model::time::Instant;
use serde::{Deserialize, Serialize};

/// What became of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// Somebody said that it is one.
    Added(Box<Added>),
    /// The lake was looked through, and has it otherwise than before.
    Seen(Sighting),
    /// It is none any more.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// Its time is over.
    Expired,
}

/// What was said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// What it is.
    pub observable: Observable,
    /// Its value in the one spelling.
    pub value: Value,
    /// Where it came from.
    pub source: Source,
    /// What somebody noted.
    pub note: String,
    /// What may be done with it.
    pub marking: Marking,
    /// How sure it is, in percent, where somebody said.
    pub confidence: Option<u8>,
    /// From when on it is none any more.
    pub until: Option<Instant>,
    /// Why it is one though it is on a benign list.
    pub kept: Option<Kept>,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Of nobody.
    Plain(String),
    /// Somebody's mail address.
    Person(Personal),
}

/// Where an indicator came from: any of these, or somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Source {
    /// Who sent it: an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// The finding whose events have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<u64>,
    /// The list on which it stood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<InFile>,
    /// Rows that have it (`lake:…`), a few of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// A place on a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InFile {
    /// What the list was called.
    pub name: String,
    /// Its bytes.
    pub sha256: Sha256,
    /// The line, from 1.
    pub line: u64,
}

/// Why something is an indicator though a benign list has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The list.
    pub list: String,
    /// Why.
    pub reason: String,
}

/// What the lake has of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Time of the earliest row that has it; none where none has a time.
    pub first: Option<Instant>,
    /// Time of the latest.
    pub last: Option<Instant>,
    /// Rows that have it.
    pub rows: u64,
    /// What the lake had taken in until then was looked through.
    pub horizon: Instant,
}

impl Sighting {
    /// What a later one adds: rows end with retention, and that it was seen stays so.
    pub(super) fn and(&self, later: &Self) -> Self {
        let first = self.first.into_iter().chain(later.first).min();
        let last = self.last.max(later.last);
        Self { first, last, ..*later }
    }

    /// Whether it says the same of the same rows.
    #[must_use]
    pub fn is_as(&self, other: &Self) -> bool {
        (self.first, self.last, self.rows) == (other.first, other.last, other.rows)
    }
}

impl Source {
    /// One word for where it came from.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self { finding: Some(_), .. } => "finding",
            Self { partner: Some(_), .. } => "partner",
            Self { file: Some(_), .. } => "file",
            _ => "typed",
        }
    }
}
