//! Objects that are no Windows events: tells by names and a few values which system wrote them,
//! and adds the fields that rules expect and that the object only implies.
//!
//! What the source merely calls otherwise than rules do is no matter of this module: the
//! catalogue lists those names. Here stands what needs a look at values.

mod cloud;
mod extra;
mod journal;
mod mark;
mod microsoft;
mod network;
mod ocsf;

pub(super) use extra::Extra;
pub(super) use mark::Mark;
use mark::Marks;

use super::Traits;
use crate::batch::Scalar;
use crate::json::{Flat, as_texts};

/// Product, log and event id of a kind.
pub(super) type Parts<'a> = (&'static str, &'a str, Option<u32>);

/// An object and what its names tell.
#[derive(Clone, Copy)]
pub(super) struct Object<'a, 't> {
    pub(super) flat: &'a Flat,
    pub(super) text: &'a str,
    /// Traits of the names, in the order of the fields.
    traits: &'t [Traits],
    marks: Marks,
}

impl<'a, 't> Object<'a, 't> {
    pub(super) fn new(flat: &'a Flat, text: &'a str, traits: &'t [Traits]) -> Self {
        let mut marks = Marks::default();
        traits.iter().filter_map(|traits| traits.mark).for_each(|mark| marks.add(mark));
        Self { flat, text, traits, marks }
    }

    /// Which system wrote the object, where that can be told.
    pub(super) fn tell(&self) -> Option<Parts<'a>> {
        journal::tell(self)
            .or_else(|| ocsf::tell(self))
            .or_else(|| network::tell(self))
            .or_else(|| cloud::tell_aws(self))
            .or_else(|| microsoft::tell(self))
            .or_else(|| cloud::tell(self))
    }

    /// The object with texts for its arrays of bytes, as the journal has them, and whether all were
    /// UTF-8; none when it has none.
    pub(super) fn texts_of_bytes(&self) -> Option<(String, bool)> {
        let has_number = || self.flat.fields(self.text).any(|field| field.value.scalar == Scalar::Integer);
        // All values of the journal are texts.
        if journal::fits(self) && has_number() { as_texts(self.flat.source(self.text)) } else { None }
    }

    /// Whether an event of Azure is spelled with capitals as cmdlets do. Tables of Log Analytics
    /// have capitals of their own, which their names in the catalogue follow.
    pub(super) fn is_capital(&self, kind: Option<Parts<'_>>) -> bool {
        kind.is_some_and(|(product, ..)| product == "azure")
            && !self.any(&[Mark::Generated, Mark::Type])
            && self.traits.iter().any(|traits| traits.capital)
    }

    fn has(&self, mark: Mark) -> bool {
        self.marks.any(&[mark])
    }

    fn any(&self, marks: &[Mark]) -> bool {
        self.marks.any(marks)
    }

    fn all(&self, marks: &[Mark]) -> bool {
        self.marks.all(marks)
    }

    /// Value of the first field with this mark; empty when there is none.
    fn value(&self, mark: Mark) -> &'a str {
        if !self.has(mark) {
            return "";
        }
        let number = self.traits.iter().position(|traits| traits.mark == Some(mark));
        let field = number.and_then(|number| self.flat.field(self.text, u32::try_from(number).ok()?));
        field.map_or("", |field| field.value.text)
    }

    /// Whether a field with this mark has one of these values, whatever their case.
    fn is(&self, mark: Mark, values: &[&str]) -> bool {
        let value = self.value(mark);
        values.iter().any(|known| known.eq_ignore_ascii_case(value))
    }
}

/// Adds what the event only implies. `prefix`: what stands before every name.
pub(super) fn complete(extra: &mut Extra<'_, '_>, (product, log, _): Parts<'_>) {
    match (product, log) {
        (_, ocsf::LOG) => ocsf::complete(extra),
        ("zeek", "http") => network::complete_zeek(extra),
        ("suricata", "http") => network::complete_suricata(extra),
        ("aws", _) => cloud::complete_aws(extra),
        ("azure", log) => microsoft::complete_azure(extra, log),
        ("m365", _) => microsoft::complete_m365(extra),
        ("gcp", _) => cloud::complete_google(extra),
        ("linux", log) => journal::complete(extra, log),
        _ => {}
    }
}
