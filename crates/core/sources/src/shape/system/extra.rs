//! Fields that are made from other fields of an object that is no Windows event.

use crate::json::{Flat, Json};
use crate::shape::draft::skipped;
use crate::sheet::{Builder, Scalar, Value};

/// Longest text in a field that is opened as JSON, and longest object given as one text.
const LONGEST: usize = 256 << 10;
/// Labels looked at in one event.
const MOST_LABELS: usize = 64;

/// Adds derived fields to the row that was begun last.
pub(in crate::shape) struct Extra<'b, 'a> {
    pub(in crate::shape) builder: &'b mut Builder,
    pub(in crate::shape) json: Json<'a>,
    /// What stands before every name of the event.
    pub(in crate::shape) base: &'a str,
    /// Room for JSON that stands as text in a field.
    pub(in crate::shape) inner: &'b mut Flat,
}

impl<'a> Extra<'_, 'a> {
    /// Value of a field by its name; empty when it is absent.
    pub(super) fn get(&self, name: &str) -> &'a str {
        self.find(name).unwrap_or("")
    }

    pub(super) fn find(&self, name: &str) -> Option<&'a str> {
        let base = self.base;
        self.json
            .flat
            .fields(self.json.text)
            .find(|field| &field.name[skipped(field.name, base)..] == name)
            .map(|field| field.value.text)
    }

    /// The first of several names that the event has.
    pub(super) fn first(&self, names: &[&str]) -> &'a str {
        names.iter().find_map(|name| self.find(name)).unwrap_or("")
    }

    pub(super) fn add(&mut self, name: &str, text: &str) {
        self.builder.derived(name, Value::text(text));
    }

    /// Gives objects and arrays as one text under their own names, as rules ask for them:
    /// escapes decoded, no blanks between the parts.
    pub(super) fn whole(&mut self, names: &[&str]) {
        for (name, span) in self.json.flat.containers() {
            let own = &name[skipped(name, self.base)..];
            if names.contains(&own) && span.len() <= LONGEST {
                let text = self.json.text.get(span).unwrap_or_default();
                self.builder.derived(own, Value::text(&crate::json::compact(text)));
            }
        }
    }

    /// Opens fields whose text is JSON: what is inside gets dotted names below the field's.
    /// `labels`: pairs of names in it (a label and its value) that make fields of their own;
    /// `whole`: what is given as text, too.
    pub(super) fn open(&mut self, names: &[&str], labels: &[[&str; 2]], whole: &[&str]) {
        for field in self.json.flat.fields(self.json.text) {
            let own = &field.name[skipped(field.name, self.base)..];
            let text = field.value.text.trim();
            let may_be = field.value.scalar == Scalar::Text && text.starts_with(['{', '[']);
            if !may_be || text.len() > LONGEST || !names.contains(&own) || !self.inner.open(text, own) {
                continue;
            }
            for (_, found) in self.inner.all(text).filter(|(_, found)| found.name != own) {
                self.builder.derived(found.name, found.value);
            }
            for (name, span) in self.inner.containers().filter(|(name, _)| whole.contains(name)) {
                let part = text.get(span).unwrap_or_default();
                self.builder.derived(name, Value::text(&crate::json::compact(part)));
            }
            for pair in labels {
                label(self.builder, Json { flat: self.inner, text }, "", *pair);
            }
        }
    }

    /// Makes fields of the items of arrays that hold a label and its value, unless the event has
    /// such a field: `[{"Name": "RequestType", "Value": "x"}]` gives `RequestType`: "x".
    pub(super) fn label(&mut self, pair: [&str; 2]) {
        label(self.builder, self.json, self.base, pair);
    }

    /// Label and value of each item of an array.
    pub(super) fn pairs(&self, of_label: &str, of_value: &str) -> Vec<(&'a str, &'a str)> {
        pairs(self.json, self.base, [of_label, of_value])
    }
}

fn label(builder: &mut Builder, json: Json<'_>, base: &str, pair: [&str; 2]) {
    for (name, value) in pairs(json, base, pair) {
        let taken = json.flat.fields(json.text).any(|field| &field.name[skipped(field.name, base)..] == name);
        if !taken && !name.is_empty() {
            // A value that is a JSON text by itself loses its quotes.
            builder.derived(name, Value::text(value.trim_matches('"')));
        }
    }
}

fn pairs<'a>(json: Json<'a>, base: &str, [of_label, of_value]: [&str; 2]) -> Vec<(&'a str, &'a str)> {
    let named = |wanted| {
        let is = move |name: &str| &name[skipped(name, base)..] == wanted;
        json.flat.fields(json.text).filter(move |field| field.item > 0 && is(field.name))
    };
    let mut found = Vec::new();
    for label in named(of_label).take(MOST_LABELS) {
        let values = named(of_value).filter(|field| field.item == label.item);
        found.extend(values.map(|field| (label.value.text, field.value.text)));
    }
    found
}
