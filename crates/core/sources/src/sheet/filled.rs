//! A column whose values are there already, each once, so that a sheet is made of it without looking at
//! every value again.

use super::column::{Column, Mark, Room};
use super::value::Value;

/// A field of events of one record: distinct values, and who has which.
#[derive(Debug)]
pub struct Filled(pub(super) Column);

impl Filled {
    /// A field without values, by the source's name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(Column::new(name, Room::default()))
    }

    /// Adds a value that no row has yet and gives its number; `derived`: the reader computed it from
    /// another field.
    pub fn value(&mut self, value: Value<'_>, derived: bool) -> u32 {
        self.0.values.push(value.text, Mark::new(value.scalar, derived))
    }

    /// The number of a value, which is added if none of those that were asked for so is the same.
    pub fn known(&mut self, value: Value<'_>, derived: bool) -> u32 {
        self.0.values.add(value.text, Mark::new(value.scalar, derived))
    }

    /// Says which value a row has; rows come in order, and each once.
    #[inline]
    pub fn row(&mut self, row: u32, value: u32) {
        self.0.cells.push((row, value));
    }

    /// Whether no row has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.cells.is_empty()
    }
}
