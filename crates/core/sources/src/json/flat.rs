//! Turns one JSON object into a flat list of fields.

use crate::sheet::{Scalar, Value};

/// The fields of one object, in its order. Reused from object to object.
#[derive(Debug, Default)]
pub(crate) struct Flat {
    pub(super) leaves: Vec<Leaf>,
    /// Fields that hold `null`, `[]` or `{}`.
    pub(super) hollow: Vec<Hollow>,
    /// Names one behind the other.
    pub(super) names: String,
    /// Values that had escapes.
    pub(super) texts: String,
    pub(super) path: String,
    /// Objects and arrays that are members: where their name stands, and they themselves.
    pub(super) containers: Vec<((u32, u32), (u32, u32))>,
    /// Whether containers are noted. Few formats need them.
    pub(super) notes_containers: bool,
    pub(super) items: u32,
    pub(super) item: u32,
    pub(super) nested: bool,
    /// Where the object stands in the text.
    pub(super) span: (usize, usize),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf {
    pub(super) name: (u32, u32),
    pub(super) value: (u32, u32),
    /// Whether the value stands in `texts` rather than in the source text.
    pub(super) decoded: bool,
    pub(super) scalar: Scalar,
    pub(super) item: u32,
}

/// A field that is there without a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hollow {
    pub(super) name: (u32, u32),
    pub(super) scalar: Scalar,
    pub(super) item: u32,
    /// Entries before it.
    pub(super) before: usize,
}

/// One field of a [`Flat`] object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    /// Keys from the outermost object on, joined by dots.
    pub name: &'a str,
    /// As written.
    pub value: Value<'a>,
    /// Number of the object in an array that it stands in, from 1; 0 outside arrays.
    pub item: u32,
}

/// An object as it was read.
#[derive(Clone, Copy)]
pub(crate) struct Json<'a> {
    pub(crate) flat: &'a Flat,
    pub(crate) text: &'a str,
}

impl Flat {
    /// Fields with a value of the object read last from `text`.
    pub(crate) fn fields<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Field<'a>> + Clone {
        self.leaves.iter().map(move |leaf| self.field_of(text, leaf))
    }

    /// All fields of the object read last from `text`, with their numbers; those that are there
    /// without a value have numbers behind all others, but come where they stand.
    pub(crate) fn all<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (u32, Field<'a>)> {
        let (mut leaf, mut hollow) = (0, 0);
        std::iter::from_fn(move || {
            if let Some(next) = self.hollow.get(hollow).filter(|next| next.before <= leaf) {
                hollow += 1;
                return Some((short(self.leaves.len() + hollow - 1), self.hollow_field(next)));
            }
            let next = self.leaves.get(leaf)?;
            leaf += 1;
            Some((short(leaf - 1), self.field_of(text, next)))
        })
    }

    /// Field number `number` of the object read last from `text`.
    pub(crate) fn field<'a>(&'a self, text: &'a str, number: u32) -> Option<Field<'a>> {
        match self.leaves.get(number as usize) {
            Some(leaf) => Some(self.field_of(text, leaf)),
            None => {
                self.hollow.get(number as usize - self.leaves.len()).map(|hollow| self.hollow_field(hollow))
            }
        }
    }

    /// Whether a field has a value.
    pub(crate) fn has_value(&self, number: u32) -> bool {
        (number as usize) < self.leaves.len()
    }

    /// A list that notes objects and arrays, too.
    pub(crate) fn with_containers() -> Self {
        Self { notes_containers: true, ..Self::default() }
    }

    /// Names of the outer objects and arrays, and where they stand in the text read last.
    pub(crate) fn containers(&self) -> impl Iterator<Item = (&str, std::ops::Range<usize>)> {
        self.containers.iter().map(|&(name, (start, end))| (self.name(name), start as usize..end as usize))
    }

    pub(super) fn name(&self, (start, end): (u32, u32)) -> &str {
        self.names.get(start as usize..end as usize).unwrap_or("")
    }

    fn field_of<'a>(&'a self, text: &'a str, leaf: &Leaf) -> Field<'a> {
        let slice =
            |from: &'a str, (start, end): (u32, u32)| from.get(start as usize..end as usize).unwrap_or("");
        let from = if leaf.decoded { &self.texts } else { text };
        let value = Value { text: slice(from, leaf.value), scalar: leaf.scalar };
        Field { name: self.name(leaf.name), value, item: leaf.item }
    }

    fn hollow_field(&self, hollow: &Hollow) -> Field<'_> {
        Field { name: self.name(hollow.name), value: Value::nothing(hollow.scalar), item: hollow.item }
    }

    /// The object read last, in the text it was read from.
    pub(crate) fn source<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.span.0..self.span.1).unwrap_or_default()
    }

    pub(super) fn clear(&mut self) {
        self.leaves.clear();
        self.hollow.clear();
        self.names.clear();
        self.texts.clear();
        self.path.clear();
        self.containers.clear();
        (self.items, self.item, self.nested, self.span) = (0, 0, false, (0, 0));
    }
}

/// Positions lie below `u32::MAX`: `read` refuses longer texts, and decoding never lengthens one.
pub(super) fn short(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
