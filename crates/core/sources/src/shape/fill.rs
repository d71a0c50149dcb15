//! Fills the draft of a row: hands each field to the module that knows its shape.

use super::draft::{Draft, Header, skipped};
use super::traits::Shape;
use super::{beat, nested, plain};
use crate::json::{Field, Flat, whole};

impl Draft {
    pub(super) fn fill(&mut self, shape: &Shape, flat: &Flat, text: &str, base: &str, rendered: bool) {
        for (number, field) in flat.all(text) {
            let skipped = skipped(field.name, base);
            if !flat.has_value(number) {
                self.hollow(shape, number, &field, skipped);
                continue;
            }
            self.place(shape, number, &field, skipped);
            // A nested event has its time in `System`, which is placed above.
            if let Some(rank) = self.traits.get(number as usize).and_then(|traits| traits.time) {
                self.header.times[usize::from(rank)].get_or_insert(number);
            }
            let name = &field.name[skipped..];
            if name.ends_with("Hashes") || (self.hashes.is_none() && name.ends_with("Hash")) {
                self.hashes = Some(number);
            }
        }
        if rendered {
            self.join_repeats(flat, text);
        }
        match shape {
            Shape::Nested => {
                self.label(flat, text);
                self.keep_apart(flat, text);
            }
            Shape::Beat => {
                self.keep_apart(flat, text);
                beat::complete(self, flat, text, base);
            }
            Shape::Plain => {
                self.label(flat, text);
                plain::complete(self, flat, text);
            }
            Shape::OldBeat => {
                self.keep_apart(flat, text);
                beat::complete_old(self, flat, text, base);
            }
            Shape::Other => {}
        }
    }

    #[inline]
    fn place(&mut self, shape: &Shape, number: u32, field: &Field<'_>, skipped: usize) {
        let name = &field.name[skipped..];
        match shape {
            Shape::Nested => nested::place(self, number, field, skipped),
            Shape::Beat => beat::place(self, number, name, skipped),
            Shape::OldBeat => beat::place_old(self, number, name, skipped),
            Shape::Plain => plain::place(self, number, field, skipped),
            Shape::Other => self.own(number, skipped),
        }
    }

    /// Places a field without a value: it is there under its name, but says neither kind nor time,
    /// and names no other.
    fn hollow(&mut self, shape: &Shape, number: u32, field: &Field<'_>, skipped: usize) {
        if matches!(shape, Shape::Nested | Shape::Plain) && nested::is_frame(&field.name[skipped..]) {
            return;
        }
        let (header, meanings, labels) = (self.header, self.meanings, self.labels.len());
        self.place(shape, number, field, skipped);
        (self.header, self.meanings) = (header, meanings);
        self.labels.truncate(labels);
    }
}

impl Header {
    /// Product, log and event id of a Windows event.
    pub(super) fn kind<'a>(&self, flat: &'a Flat, text: &'a str) -> (&'static str, &'a str, Option<u32>) {
        let value =
            |number: Option<u32>| number.and_then(|n| flat.field(text, n)).map_or("", |f| f.value.text);
        let provider = value(self.provider);
        let event_id = whole(value(self.event_id));
        let mut log = value(self.channel);
        if tells_cleared(provider, event_id) {
            // Where one channel alone is left of the event, it may be the one that was cleared.
            log = "System";
        } else if log.is_empty() {
            log = nested::log_of(provider, event_id);
        }
        let linux = provider.starts_with("Linux-Sysmon") || log.starts_with("Linux-Sysmon");
        (if linux { "linux" } else { "windows" }, log, event_id)
    }
}

/// Whether an event says that another log than the security log was cleared. It stands in the
/// system log, whichever was.
fn tells_cleared(provider: &str, event_id: Option<u32>) -> bool {
    event_id == Some(104) && provider.eq_ignore_ascii_case("Microsoft-Windows-Eventlog")
}
