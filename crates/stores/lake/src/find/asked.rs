//! The values that are looked for, by the words of which a value that is meant has one.

use std::collections::HashMap;

use model::holds::Holds;
use model::indicator::Indicator;

use crate::values;

/// Values by their words.
pub(super) struct Asked<'a> {
    values: &'a [Indicator],
    /// Under each word places of values. Words come from outside, so the hash is seeded.
    by_word: HashMap<&'a str, Vec<u32>>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(values: &'a [Indicator]) -> Self {
        let mut by_word: HashMap<&str, Vec<u32>> = HashMap::new();
        for (place, value) in (0..).zip(values) {
            for word in value.words() {
                by_word.entry(word).or_default().push(place);
            }
        }
        Self { values, by_word }
    }

    /// Places of the values that a value in a column is.
    pub(super) fn matching(&self, holds: Holds, value: &str) -> Vec<u32> {
        let mut found = Vec::new();
        holds.words(value, &mut |word| {
            if let Some(places) = self.by_word.get(word) {
                found.extend_from_slice(places);
            }
        });
        if found.is_empty() {
            return found;
        }
        found.sort_unstable();
        found.dedup();
        // A network is found by those around or inside of it, a whole URL by its host.
        found.retain(|place| {
            let wanted = &self.values[*place as usize];
            !wanted.is_narrow() || wanted.means(holds, value)
        });
        found
    }
}

/// The hashes of all words, in order, each once.
pub(super) fn hashes(wanted: &[Indicator]) -> Vec<u64> {
    let mut hashes: Vec<u64> =
        wanted.iter().flat_map(Indicator::words).map(|word| values::hash(word)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}
