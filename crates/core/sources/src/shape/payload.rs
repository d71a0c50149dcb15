//! EvtxECmd's objects: the header in columns of their own, the event's data as JSON text in the
//! column `Payload`, as the XML of the event became JSON.

use rustc_hash::FxHashSet;

use super::draft::{Draft, Name, apart};
use super::traits::{Inner, Shape};
use super::{Shaper, nested};
use crate::cause::Cause;
use crate::json::{Field, Flat, Json};

/// Name of the column with the data.
pub(super) const NAME: &str = "Payload";

impl Inner {
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            NAME => Some(Self::Payload),
            "ChunkNumber" | "ExtraDataOffset" | "HiddenRecord" | "MapDescription" | "PayloadData1" => {
                Some(Self::Column)
            }
            _ if name.starts_with("EventData") || name.starts_with("UserData.") => Some(Self::Data),
            _ => name.strip_prefix(NAME)?.starts_with('.').then_some(Self::PayloadPart),
        }
    }

    /// Notes what the field tells, and says whether it is one of the data and placed as such.
    pub(super) fn place(self, draft: &mut Draft, number: u32, field: &Field<'_>, skipped: usize) -> bool {
        match self {
            Self::Data => return nested::body(draft, number, field, skipped),
            Self::PayloadPart => return nested::body(draft, number, field, skipped + NAME.len() + 1),
            Self::Payload if field.value.text.trim_start().starts_with('{') => draft.payload = Some(number),
            Self::Payload => {}
            Self::Column => draft.exported = true,
        }
        false
    }
}

impl Shaper<'_> {
    /// Drafts the data in field `number`, if it is what it seems: then its text is given, and the
    /// columns make room for its names.
    pub(super) fn open_payload<'a>(&mut self, flat: &'a Flat, text: &'a str, number: u32) -> Option<&'a str> {
        let payload = flat.field(text, number)?.value.text.trim();
        let is_body = |name: &str| name.starts_with("EventData") || name.starts_with("UserData");
        let sound = self.inner.open(payload, "");
        let first = self.inner.field(payload, 0);
        if self.draft.exported && !sound {
            self.flaws.push(Cause::TextNoObject { field: NAME.to_owned() });
        }
        if !sound || !self.draft.exported && !first.is_some_and(|field| is_body(field.name)) {
            return None;
        }
        self.data.clear();
        self.data.fill(&Shape::Nested, &self.inner, payload, "", false);
        self.make_room(Json { flat, text }, number, payload);
        Some(payload)
    }

    /// Takes the payload out of the columns, and renames those whose names the data has itself.
    fn make_room(&mut self, outer: Json<'_>, number: u32, payload: &str) {
        self.draft.columns.retain(|column| column.field != number);
        let of_data = |column| self.data.name(column, &self.inner, payload);
        let taken: FxHashSet<&str> = self.data.columns.iter().map(of_data).collect();
        for at in 0..self.draft.columns.len() {
            let column = self.draft.columns[at];
            let name = self.draft.name(&column, outer.flat, outer.text);
            if taken.contains(name) {
                let start = self.draft.names.len();
                let name = apart(name).map_or_else(|| format!("EvtxECmd_{name}"), str::to_owned);
                self.draft.names.push_str(&name);
                self.draft.columns[at].name = Name::Made(start, self.draft.names.len());
            }
        }
    }
}
