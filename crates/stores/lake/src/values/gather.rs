//! The hashes of the words of values, gathered while a file is made of them.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use model::holds::Holds;

use super::hash;

/// Values of a column that are remembered, so that one that comes again is passed over. Rows lie by kind
/// and host, and nearly all values come again soon.
const REMEMBERED: usize = 512;

/// The hashes of what stands in a file, by column and group of rows.
#[derive(Debug, Default)]
pub(crate) struct FileValues {
    /// Groups of rows in the file.
    pub(crate) groups: u32,
    /// For each column that has some its name, and for each group hashes in order, each once.
    pub(crate) columns: Vec<(String, Vec<Vec<u64>>)>,
}

/// The hashes of a column in one group of rows.
#[derive(Debug)]
pub(crate) struct Hashes {
    holds: Holds,
    hashes: Vec<u64>,
}

impl Hashes {
    pub(crate) fn new(holds: Holds) -> Self {
        Self { holds, hashes: Vec::new() }
    }

    /// Takes in some texts.
    pub(crate) fn add(&mut self, values: &ArrayRef) {
        let Some(texts) = values.as_string_view_opt() else { return };
        if texts.null_count() == texts.len() {
            return;
        }
        // A view is a value only beside its own buffers, so nothing is remembered from one array to the next.
        let mut remembered = [0_u128; REMEMBERED];
        for (row, view) in texts.views().iter().enumerate() {
            let slot = &mut remembered[slot::<REMEMBERED>(*view)];
            // An empty text is nought, and has no words.
            if *slot == *view || !texts.is_valid(row) {
                continue;
            }
            *slot = *view;
            self.holds.words(texts.value(row), &mut |word| self.hashes.push(hash(word)));
        }
    }

    /// All of them in order, each once.
    pub(crate) fn finish(mut self) -> Vec<u64> {
        self.hashes.sort_unstable();
        self.hashes.dedup();
        self.hashes
    }
}

/// A place for a view. Views that meet there only cost time, and no more than if nothing was remembered.
pub(crate) fn slot<const SLOTS: usize>(view: u128) -> usize {
    const MIXED: u64 = 0x9e37_79b9_7f4a_7c15;
    let folded = (view as u64) ^ ((view >> 64) as u64).rotate_left(29);
    (folded.wrapping_mul(MIXED) >> (u64::BITS - SLOTS.ilog2())) as usize
}
