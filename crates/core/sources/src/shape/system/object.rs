//! An object and what its names tell of the system that wrote it.

use super::mark::{Mark, Marks};
use crate::json::Flat;
use crate::shape::traits::Traits;

/// Product, log and event id of a kind.
pub(in crate::shape) type Parts<'a> = (&'static str, &'a str, Option<u32>);

/// An object and what its names tell.
#[derive(Clone, Copy)]
pub(in crate::shape) struct Object<'a, 't> {
    pub(in crate::shape) flat: &'a Flat,
    pub(in crate::shape) text: &'a str,
    /// Traits of the names, in the order of the fields.
    traits: &'t [Traits],
    marks: Marks,
}

impl<'a, 't> Object<'a, 't> {
    pub(in crate::shape) fn new(flat: &'a Flat, text: &'a str, traits: &'t [Traits]) -> Self {
        let mut marks = Marks::default();
        traits.iter().filter_map(|traits| traits.mark).for_each(|mark| marks.add(mark));
        Self { flat, text, traits, marks }
    }

    /// Whether an event of Azure is spelled with capitals as cmdlets do. Tables of Log Analytics
    /// have capitals of their own, which their names in the catalogue follow.
    pub(in crate::shape) fn is_capital(&self, kind: Option<Parts<'_>>) -> bool {
        kind.is_some_and(|(product, ..)| product == "azure")
            && !self.any(&[Mark::Generated, Mark::Type])
            && self.traits.iter().any(|traits| traits.capital)
    }

    pub(super) fn has(&self, mark: Mark) -> bool {
        self.marks.any(&[mark])
    }

    pub(super) fn any(&self, marks: &[Mark]) -> bool {
        self.marks.any(marks)
    }

    pub(super) fn all(&self, marks: &[Mark]) -> bool {
        self.marks.all(marks)
    }

    /// Value of the first field with this mark; empty when there is none.
    pub(super) fn value(&self, mark: Mark) -> &'a str {
        if !self.has(mark) {
            return "";
        }
        let number = self.traits.iter().position(|traits| traits.mark == Some(mark));
        let field = number.and_then(|number| self.flat.field(self.text, u32::try_from(number).ok()?));
        field.map_or("", |field| field.value.text)
    }

    /// Whether a field with this mark has one of these values, whatever their case.
    pub(super) fn is(&self, mark: Mark, values: &[&str]) -> bool {
        let value = self.value(mark);
        values.iter().any(|known| known.eq_ignore_ascii_case(value))
    }
}
