//! Objects to rows: tells in which of its many JSON shapes a Windows event comes, and gives its
//! fields the names that Windows (and so Sigma) uses. Objects of other systems keep their names;
//! `system` tells which system that is.
//!
//! Two passes over the flat fields of an object: the first drafts the row (which name each field
//! gets, and which fields say kind, time and host), the second hands it to the builder, since a
//! row cannot begin before its kind is known.

mod beat;
mod counterpart;
mod draft;
mod fill;
mod inside;
mod look;
mod module;
mod nested;
mod payload;
mod plain;
mod system;
mod tell;
mod time;
mod traits;

use std::hash::BuildHasher;

use jiff::tz::TimeZone;
use model::event::{Kind, Place};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::cause::Cause;
use crate::json::{Flat, Json};
use crate::sheet::{Builder, Value};
use counterpart::Fields;
use draft::{Draft, Name, SYSTEM_CHANNEL, skipped};
use system::extra::Extra;
use system::object::Parts;
use traits::{Shape, Traits};

/// Hands objects to a builder.
pub(crate) struct Shaper<'b> {
    builder: &'b mut Builder,
    source: u32,
    zone: TimeZone,
    /// Whether the text comes from the EVTX renderer, which numbers repeated names.
    rendered: bool,
    kinds: FxHashMap<u64, Kind>,
    traits: FxHashMap<Box<str>, Traits>,
    draft: Draft,
    /// Room for events inside other objects, and for fields that stand as text inside an event.
    rooms: Vec<Flat>,
    inner: Flat,
    /// Rows that the object handed in last gave.
    added: u64,
    /// Bytes gone over to find an event inside it, and how many may be.
    spent: usize,
    most: usize,
    /// Draft of an event's own data where that stands as text.
    data: Draft,
    /// What of the objects handed in could not be read, until it is taken.
    flaws: Vec<Cause>,
}

impl<'b> Shaper<'b> {
    pub(crate) fn new(builder: &'b mut Builder, source: u32, zone: &TimeZone, rendered: bool) -> Self {
        Self {
            builder,
            source,
            zone: zone.clone(),
            rendered,
            kinds: FxHashMap::default(),
            traits: FxHashMap::default(),
            draft: Draft::default(),
            rooms: Vec::new(),
            inner: Flat::with_containers(),
            added: 0,
            spent: 0,
            most: 0,
            data: Draft::default(),
            flaws: Vec::new(),
        }
    }

    /// What of the objects handed in since the last call could not be read.
    pub(crate) fn flaws(&mut self) -> impl Iterator<Item = Cause> {
        self.flaws.drain(..)
    }

    /// Adds the object read last by `flat` from `text`, or the event that it wraps, and says how
    /// many rows that gave: one, unless it wraps several events. Time and record number are the
    /// object's own if it has them, else those of `place`.
    pub(crate) fn event(&mut self, flat: &Flat, text: &str, place: Place) -> u64 {
        let json = Json { flat, text };
        (self.added, self.spent) = (0, 0);
        if !self.told(json, place, None) {
            self.untold(json, place, None);
            self.tell_unread(json);
        }
        self.added
    }

    /// Clears the draft and finds what stands before every name, and the shape.
    fn draft(&mut self, flat: &Flat, text: &str) -> Shape {
        self.draft.clear();
        // Elasticsearch wraps the event: {"_index": …, "_source": {…}}.
        let wrapped = flat.field(text, 0).is_some_and(|first| first.name.starts_with('_'))
            && flat.fields(text).any(|field| field.name.starts_with(SOURCE));
        let base = if wrapped { SOURCE } else { "" };
        self.draft.base = base;
        self.shape_of(flat, text, base)
    }

    /// Adds a row once its shape is known, and for other systems the kind if it could be told.
    fn row(&mut self, json: Json<'_>, shape: &Shape, told: Option<Parts<'_>>, place: Place) {
        let (Json { flat, text }, base) = (json, self.draft.base);
        self.draft.fill(shape, flat, text, base, self.rendered);
        let kind = match shape {
            Shape::Other => told.unwrap_or(("", "", None)),
            _ => self.draft.header.kind(flat, text),
        };
        let is_cleared = kind.0 == "windows" && kind.1 == "System" && kind.2 == Some(104);
        if is_cleared {
            self.draft.hide_channel(flat, text);
        }
        let fixed = match shape {
            Shape::Plain => false,
            Shape::Other => told.is_some(),
            Shape::Nested | Shape::Beat | Shape::OldBeat => true,
        };
        let (time, unreadable) = self.time(json, fixed);
        let time = time.or(place.time);
        if let Some(written) = unreadable.filter(|_| time.is_none()) {
            self.flaws.push(Cause::time_unreadable(written));
        }
        let record_id = self.draft.record_id(flat, text).or(place.record_id);
        let place = Place { time, record_id, ordinal: place.ordinal + self.added, ..place };
        self.added += 1;
        let payload = self.draft.payload.filter(|_| matches!(shape, Shape::Plain));
        let payload = payload.and_then(|number| self.open_payload(flat, text, number));
        self.builder.begin(self.source, known_kind(&mut self.kinds, kind), &place);
        push(self.builder, &self.draft, flat, text);
        if let Some(payload) = payload {
            push(self.builder, &self.data, &self.inner, payload);
            derive_hashes(self.builder, &self.data, &self.inner, payload);
        }
        match shape {
            Shape::Other if told.is_some() => {
                let mut extra = Extra { builder: self.builder, json, base, inner: &mut self.inner };
                system::complete(&mut extra, kind);
            }
            Shape::Other => {}
            _ => self.derive((flat, text), kind.1, is_cleared),
        }
        if kind.0 == "windows" {
            let own = payload.map(|payload| (&self.data, &self.inner, payload));
            let fields = Fields([Some((&self.draft, flat, text)), own]);
            counterpart::complete(self.builder, &fields, (kind.1, kind.2));
        }
    }

    /// Tells the shape; of one that is not nested the draft has then the traits of all names.
    fn shape_of(&mut self, flat: &Flat, text: &str, base: &str) -> Shape {
        let (mut id, mut log, mut old_log, mut beat) = (false, false, false, false);
        for field in flat.fields(text) {
            let name = &field.name[skipped(field.name, base)..];
            let fresh;
            let traits = match self.traits.get(name) {
                Some(traits) => traits,
                None => {
                    fresh = Traits::of(name);
                    if self.traits.len() < REMEMBERED {
                        self.traits.insert(name.into(), fresh);
                    }
                    &fresh
                }
            };
            if traits.nested {
                return Shape::Nested;
            }
            self.draft.traits.push(*traits);
            self.draft.holds |= traits.holds;
            let meant = traits.meaning.map(|(meant, _)| meant);
            id |= plain::names_event(traits.meaning, field.value.text);
            log |= meant == Some(plain::CHANNEL) || meant == Some(plain::PROVIDER);
            old_log |= traits.old_log;
            beat |= traits.beat;
        }
        match (beat, id, old_log, log) {
            (true, ..) => Shape::Beat,
            (_, true, true, _) => Shape::OldBeat,
            (_, true, _, true) => Shape::Plain,
            _ => Shape::Other,
        }
    }

    /// Fields that rules expect and that the event only implies.
    fn derive(&mut self, (flat, text): (&Flat, &str), log: &str, is_cleared: bool) {
        if self.draft.header.channel.is_none() && !log.is_empty() {
            let name = if is_cleared { SYSTEM_CHANNEL } else { "Channel" };
            self.builder.derived(name, Value::text(log));
        }
        derive_hashes(self.builder, &self.draft, flat, text);
    }

    /// The time of the event; and the first value that should be one and cannot be read. `fixed`:
    /// whether its format has times in UTC where they name no zone.
    fn time<'a>(&self, json: Json<'a>, fixed: bool) -> (Option<model::time::Instant>, Option<&'a str>) {
        let mut unreadable = None;
        for number in self.draft.header.times.iter().flatten() {
            let Some(field) = json.flat.field(json.text, *number) else { continue };
            let time = time::parse(&field, fixed, &self.zone);
            if time.is_some() {
                return (time, None);
            }
            let written = field.value.text.trim();
            if unreadable.is_none() && !matches!(written, "" | "-") {
                unreadable = Some(written);
            }
        }
        (None, unreadable)
    }
}

/// Adds the fields of a draft to the row begun last.
fn push(builder: &mut Builder, draft: &Draft, flat: &Flat, text: &str) {
    for column in &draft.columns {
        let Some(field) = flat.field(text, column.field) else { continue };
        let name = draft.name(column, flat, text);
        let value = if matches!(column.name, Name::Empty(..)) { Value::text("") } else { field.value };
        if column.derived {
            builder.derived(name, value);
        } else {
            builder.field(name, value);
        }
    }
}

/// Adds the hashes that stand joined in one field, by their own names.
fn derive_hashes(builder: &mut Builder, draft: &Draft, flat: &Flat, text: &str) {
    let Some(hashes) = draft.hashes.and_then(|number| flat.field(text, number)) else { return };
    // Names that end like this and hold something else have no `=`.
    for part in hashes.value.text.split(',') {
        let Some((algorithm, value)) = part.split_once('=') else { continue };
        let known = ["MD5", "SHA1", "SHA256", "IMPHASH"];
        let found = known.into_iter().find(|name| name.eq_ignore_ascii_case(algorithm.trim()));
        if let Some(name) = found.filter(|name| !value.is_empty() && !draft.has(name, flat, text)) {
            builder.derived(name, Value::text(value.trim()));
        }
    }
}

/// Prefix of fields in an Elasticsearch hit.
const SOURCE: &str = "_source.";

/// Names whose traits are remembered.
const REMEMBERED: usize = 4_096;

/// The same kind for the same parts without making it anew for each event.
fn known_kind<'k>(kinds: &'k mut FxHashMap<u64, Kind>, parts: (&str, &str, Option<u32>)) -> &'k Kind {
    let hash = FxBuildHasher.hash_one(parts);
    let (product, log, event_id) = parts;
    let make = || Kind::new(product, log, event_id);
    let kind = kinds.entry(hash).or_insert_with(make);
    if &*kind.product != product || &*kind.log != log || kind.event_id != event_id {
        *kind = make();
    }
    kind
}
