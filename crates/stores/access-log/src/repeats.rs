//! What this process noted within the last minute, so that it does not say it again.

use std::collections::HashMap;

use model::marking::Tlp;
use sha2::{Digest, Sha256};

use crate::entry::name;
use crate::look::Look;
use crate::segment::Hash;

/// Most looks that are remembered.
const MOST: usize = 4_096;

/// Nanoseconds of a minute.
const MINUTE: i64 = 60 * 1_000_000_000;

/// The looks of one minute.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    minute: i64,
    noted: HashMap<Hash, Remembered>,
}

/// What a record says of a look, beside what makes it the same look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Remembered {
    /// Number of the record.
    pub(crate) number: u64,
    /// Whether it outlives a power cut.
    pub(crate) is_durable: bool,
    rows: u64,
    tlp: Option<Tlp>,
}

impl Repeats {
    /// The record that says all that one of this look would say.
    pub(crate) fn find(&self, look: &Look) -> Option<Remembered> {
        let found = self.noted.get(&key(look)).filter(|_| minute(look) == self.minute)?;
        (found.rows >= look.rows && found.tlp >= look.tlp).then_some(*found)
    }

    /// Remembers that a record says this look.
    pub(crate) fn remember(&mut self, look: &Look, number: u64, is_durable: bool) {
        if minute(look) != self.minute || self.noted.len() >= MOST {
            // Forgetting costs no more than a record that says something again.
            self.noted.clear();
            self.minute = minute(look);
        }
        let remembered = Remembered { number, is_durable, rows: look.rows, tlp: look.tlp };
        self.noted.insert(key(look), remembered);
    }

    /// Remembers that a look's record is durable now.
    pub(crate) fn made_durable(&mut self, look: &Look) {
        if let Some(remembered) = self.noted.get_mut(&key(look)) {
            remembered.is_durable = true;
        }
    }
}

fn minute(look: &Look) -> i64 {
    look.at.nanoseconds().div_euclid(MINUTE)
}

/// Who, what for, which book, what and whose; each with its length, so that nothing runs into the next.
fn key(look: &Look) -> Hash {
    let parts = [look.viewer.as_str(), name(look.purpose), look.book.as_str(), &look.what];
    let parts = parts.into_iter().chain(look.owners.iter().map(String::as_str));
    let hash =
        |state: Sha256, part: &str| state.chain_update((part.len() as u64).to_be_bytes()).chain_update(part);
    parts.fold(Sha256::new(), hash).finalize().into()
}
