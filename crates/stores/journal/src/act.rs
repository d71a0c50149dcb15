//! Acts as bytes, and commits chained by hash.
//!
//! The bytes of an act are canonical JSON (RFC 8785) of an object with `stream`, `sequence` (from 1, no gap
//! within the stream), `act` (what was done), `version` (of the form of the kind's acts), `actor` (a subject,
//! never a name) and `at` (RFC 3339, UTC). A commit is all acts of one decision; its hash is
//! sha256(hash of the commit before ‖ position as 8 bytes, big-endian ‖ sha256 of each act), the hash before
//! the first being 32 zero bytes. Positions count from 1, without a gap.

use model::time::Instant;
use serde::ser::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::JournalError;

/// A sha256.
pub type Hash = [u8; 32];

/// The hash before the first commit.
pub const BEGINNING: Hash = [0; 32];

/// Who acts: a subject of the installation, such as `local:1000` for a user of the machine. Names are
/// personal fields and stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(String);

impl Actor {
    /// A user of the machine, who works with the files of the home themselves.
    #[must_use]
    pub fn local(user: u32) -> Self {
        Self(format!("local:{user}"))
    }

    /// The installation itself, where a time has come or a fact is followed.
    #[must_use]
    pub fn installation() -> Self {
        Self("installation".to_owned())
    }

    /// The subject.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.0
    }
}

/// An act as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// What was done: an object with a `type`, as the kind of the stream writes it.
    pub act: Value,
    /// Who did it.
    pub actor: Actor,
    /// When, by the clock of the installation.
    pub at: Instant,
    /// Its number in the stream, from 1.
    pub sequence: u64,
    /// The stream: `<activity>/<kind>/<id>`.
    pub stream: String,
    /// The form of the kind's acts in which it is written.
    pub version: u32,
}

impl Recorded {
    /// Its canonical bytes, as they are hashed and kept.
    ///
    /// # Errors
    /// When it has a number that they would round.
    pub fn bytes(&self) -> Result<String, JournalError> {
        let bytes = match rounded(&self.act) {
            Some(number) => Err(serde_json::Error::custom(format!("{number} cannot be written exactly"))),
            None => serde_json_canonicalizer::to_string(self),
        };
        bytes.map_err(|source| JournalError::Unwritable { source })
    }

    /// The act of canonical bytes.
    pub(crate) fn read(bytes: &str) -> Result<Self, JournalError> {
        serde_json::from_str(bytes)
            .map_err(|source| JournalError::Unreadable { what: "an act".to_owned(), source })
    }
}

/// A whole number that canonical JSON would round: its numbers are those of IEEE 754.
fn rounded(act: &Value) -> Option<&serde_json::Number> {
    const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
    match act {
        Value::Number(number) => {
            let size = number.as_u64().or_else(|| Some(number.as_i64()?.unsigned_abs()));
            size.filter(|size| *size > EXACT).map(|_| number)
        }
        Value::Array(values) => values.iter().find_map(rounded),
        Value::Object(members) => members.values().find_map(rounded),
        Value::Null | Value::Bool(_) | Value::String(_) => None,
    }
}

/// The hash of a commit.
pub(crate) fn chained<'a>(previous: &Hash, position: u64, acts: impl IntoIterator<Item = &'a str>) -> Hash {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(position.to_be_bytes());
    acts.into_iter().for_each(|act| hash.update(Sha256::digest(act)));
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By another program, from the words above alone:
    ///
    /// ```python
    /// before = bytes(32)
    /// for position, acts in [(1, lines[:1]), (2, lines[1:]), (3, lines)]:
    ///     digests = b"".join(hashlib.sha256(act.encode()).digest() for act in acts)
    ///     before = hashlib.sha256(before + position.to_bytes(8, "big") + digests).digest()
    /// ```
    #[test]
    fn commits_have_the_hashes_that_another_program_finds() {
        let acts = include_str!("../tests/data/acts/subject/v1.jsonl");
        let acts: Vec<&str> = acts.lines().collect();
        let mut before = BEGINNING;
        for (position, acts, expected) in [
            (1, &acts[..1], "6971e05eb5f55018d243e841945344f6a2663d0fb23b6268377e7b4c87d85f26"),
            (2, &acts[1..], "2a630d6beff2dd3ec6da035661b7840f01c644ea079c85660ac0e6d533414400"),
            (3, &acts[..], "366b644fd35245224116fa419aee9a36b92583f7a8720044dd3beb4ba33cf0a0"),
        ] {
            before = chained(&before, position, acts.iter().copied());
            let hash: String = before.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hash, expected, "{position}");
        }
    }
}
