//! A look as it stands in the log.

use std::collections::BTreeSet;

use model::marking::Tlp;
use model::time::Instant;
use model::view::{Purpose, Sight, View};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::error::AccessLogError;
use crate::look::{Book, Look, Subject};
use crate::segment::{Hash, LONGEST};

/// Most bytes of what was asked for.
const LONGEST_WHAT: usize = 4 << 10;

/// A look as it stands in the log. In JSON its fields are in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, by the clock of whoever answered; clocks go wrong, and what came first is told by `number`.
    pub at: Instant,
    /// Into which book.
    pub book: Book,
    /// Number of the record, from 1 on; higher ones came later.
    pub number: u64,
    /// Whose rows were given or counted: those that the view shows.
    pub owners: BTreeSet<String>,
    /// What for.
    #[serde(serialize_with = "write_purpose", deserialize_with = "read_purpose")]
    pub purpose: Purpose,
    /// How many rows were given or counted; nothing where the view does not show all of their owners.
    pub rows: Option<u64>,
    /// The strictest mark of the rows; nothing where there are none, or the view does not show all of their
    /// owners.
    pub tlp: Option<Tlp>,
    /// Who.
    pub viewer: Subject,
    /// The query, or what else was asked for; its beginning where it is longer than 4 KiB.
    pub what: String,
    /// sha256 of all that was asked for, in hexadecimal digits, where `what` is its beginning only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_sha256: Option<String>,
}

impl Entry {
    /// A look under a number.
    pub(crate) fn new(look: &Look, number: u64) -> Self {
        let (what, what_sha256) = cut(&look.what);
        Self {
            at: look.at,
            book: look.book,
            number,
            owners: look.owners.clone(),
            purpose: look.purpose,
            rows: Some(look.rows),
            tlp: look.tlp,
            viewer: look.viewer.clone(),
            what,
            what_sha256,
        }
    }

    /// As a payload.
    pub(crate) fn payload(&self) -> Result<Vec<u8>, AccessLogError> {
        // With its fields in order, what serde_json writes is canonical: no blanks, and the escapes of RFC 8785.
        let payload = serde_json::to_vec(self)?;
        if payload.len() > LONGEST {
            return Err(AccessLogError::TooLong { bytes: payload.len(), most: LONGEST });
        }
        Ok(payload)
    }

    /// What a view shows of it; nothing where it shows none of its owners.
    pub(crate) fn seen(mut self, view: &View) -> Option<Self> {
        let Sight::Part(part) = view.sight() else { return Some(self) };
        let all = self.owners.len();
        self.owners.retain(|owner| part.labels.iter().any(|label| label.owner == *owner));
        if self.owners.len() < all {
            // They tell of rows of others, too.
            (self.rows, self.tlp) = (None, None);
        }
        (!self.owners.is_empty()).then_some(self)
    }
}

/// The name of a purpose in the log.
pub(crate) fn name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Operation => "operation",
    }
}

/// What was asked for, and the hash of all of it where it is cut.
fn cut(what: &str) -> (String, Option<String>) {
    if what.len() <= LONGEST_WHAT {
        return (what.to_owned(), None);
    }
    let beginning = &what[..what.floor_char_boundary(LONGEST_WHAT)];
    let hash: Hash = Sha256::digest(what).into();
    (beginning.to_owned(), Some(model::hash::hex(&hash)))
}

fn write_purpose<S: Serializer>(purpose: &Purpose, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name(*purpose))
}

fn read_purpose<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Purpose, D::Error> {
    let text = String::deserialize(deserializer)?;
    let known = [Purpose::Operation].into_iter().find(|purpose| name(*purpose) == text);
    known.ok_or_else(|| serde::de::Error::custom(format!("{text} is no purpose")))
}
