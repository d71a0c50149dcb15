//! Who a batch is: an id from its content.

use std::fmt;
use std::str::FromStr;

use model::evidence::ContentId;
use sha2::{Digest, Sha256};

use crate::name::{Compartment, NotAName};

/// A batch: an id over compartment, owner, what stands before the batch's end in its source, and the number of its
/// first event. So the same events are the same batch under whatever name they are read, and those
/// of another owner, or in another compartment, are another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BatchId(ContentId);

/// Whose events a reading takes in, and where they go.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner {
    /// Where the rows belong.
    pub compartment: Compartment,
    /// The organisation, by its id.
    pub organisation: String,
    /// What keeps logs apart that are the same byte by byte, such as the names of two hosts; mostly
    /// empty.
    pub source: String,
}

impl BatchId {
    /// The id of a batch that ends at a place and begins with an event of its source (from 0).
    #[must_use]
    pub fn of(owner: &Owner, end: &sources::Mark, first_event: u64) -> Self {
        let mut state = Sha256::new();
        // Each with its length, so that no two of them run together to the same bytes.
        for text in [owner.compartment.as_str(), &owner.organisation, &owner.source] {
            state.update((text.len() as u64).to_be_bytes());
            state.update(text);
        }
        state.update(end.hash);
        state.update(first_event.to_be_bytes());
        Self::finish(state)
    }

    fn finish(state: Sha256) -> Self {
        Self(ContentId::of_sha256(state.finalize().into()))
    }

    /// The id of the same events as a newer reader reads them.
    #[must_use]
    pub fn again(self, reader: u32) -> Self {
        let mut state = Sha256::new();
        state.update(self.0.bytes());
        state.update(reader.to_be_bytes());
        Self::finish(state)
    }

    /// The bytes of the UUID.
    #[must_use]
    pub fn bytes(self) -> [u8; 16] {
        self.0.bytes()
    }
}

impl From<[u8; 16]> for BatchId {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes.into())
    }
}

impl From<ContentId> for BatchId {
    fn from(id: ContentId) -> Self {
        Self(id)
    }
}

impl From<BatchId> for ContentId {
    fn from(BatchId(id): BatchId) -> Self {
        id
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl fmt::Debug for BatchId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for BatchId {
    type Err = NotAName;

    /// Reads what `Display` writes, and nothing else: one id, one text.
    fn from_str(text: &str) -> Result<Self, NotAName> {
        text.parse().map(Self).map_err(|_| NotAName::new(text, "batch"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(compartment: &str, organisation: &str, source: &str) -> Owner {
        let compartment = compartment.parse().unwrap_or_else(|_| Compartment::own());
        Owner { compartment, organisation: organisation.to_owned(), source: source.to_owned() }
    }

    #[test]
    fn ids_are_told_apart_by_all_they_are_made_of() {
        let end = sources::Mark { head: 1, end: 100, hash: [7; 32] };
        let id = BatchId::of(&owner("own", "aoba", ""), &end, 0);
        assert_eq!(id, BatchId::of(&owner("own", "aoba", ""), &end, 0));
        for (owner, end, first) in [
            (owner("exercise/a", "aoba", ""), end, 0),
            (owner("own", "aob", "a"), end, 0),
            (owner("own", "", "aoba"), end, 0),
            (owner("own", "aoba", ""), sources::Mark { hash: [8; 32], ..end }, 0),
            (owner("own", "aoba", ""), end, 1),
        ] {
            assert_ne!(id, BatchId::of(&owner, &end, first));
        }
        // What finds a place is no part of it.
        assert_eq!(id, BatchId::of(&owner("own", "aoba", ""), &sources::Mark { head: 2, ..end }, 0));
    }

    #[test]
    fn an_id_is_a_uuid_of_version_8_and_has_one_spelling() {
        let id = BatchId::of(&owner("own", "aoba", ""), &sources::Mark { head: 0, end: 0, hash: [0; 32] }, 0);
        let text = id.to_string();
        assert_eq!((text.len(), &text[14..15]), (36, "8"), "{text}");
        assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"), "{text}");
        assert_eq!(text.parse::<BatchId>().unwrap(), id);
        for wrong in [text.to_uppercase(), text.replace('-', ""), text[1..].to_owned(), format!("{text}-")] {
            assert!(wrong.parse::<BatchId>().is_err(), "{wrong}");
        }
    }
}
