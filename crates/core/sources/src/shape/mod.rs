//! Objects to rows: tells in which of its many JSON shapes a Windows event comes, and gives its
//! fields the names that Windows (and so Sigma) uses. Objects of other systems keep their names;
//! `system` tells which system that is.
//!
//! Two passes over the flat fields of an object: the first drafts the row (which name each field
//! gets, and which fields say kind, time and host), the second hands it to the builder, since a
//! row cannot begin before its kind is known.

mod beat;
mod draft;
mod nested;
mod plain;
mod system;
mod time;

use std::hash::BuildHasher;

use jiff::tz::TimeZone;
use model::event::{Kind, Place};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::batch::{Builder, Value};
use crate::cause::Cause;
use crate::json::{Flat, Stop};
use draft::{Draft, skipped};
use system::{Extra, Mark, Object, Parts};

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
    /// Room for events and fields that stand as text inside other events.
    body: Flat,
    inner: Flat,
    /// What could not be read of the event added last.
    flaws: Vec<Cause>,
}

enum Shape {
    Nested,
    Beat,
    OldBeat,
    Plain,
    Other,
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
            body: Flat::with_containers(),
            inner: Flat::with_containers(),
            flaws: Vec::new(),
        }
    }

    /// What could not be read of the event added last.
    pub(crate) fn flaws(&mut self) -> impl Iterator<Item = Cause> {
        self.flaws.drain(..)
    }

    /// Adds the object read last by `flat` from `text` as one row. Time and record number are the
    /// object's own if it has them, else those of `place`.
    pub(crate) fn event(&mut self, flat: &Flat, text: &str, place: Place) {
        let (base, shape) = self.draft(flat, text);
        let kind = match shape {
            Shape::Other => {
                let object = Object::new(flat, text, &self.draft.traits);
                if let Some((texts, sound)) = object.texts_of_bytes() {
                    return self.with_texts(&texts, sound, place);
                }
                object.tell()
            }
            _ => None,
        };
        if matches!(shape, Shape::Other) && kind.is_none() && self.wrapped(flat, text, place) {
            return;
        }
        self.row((flat, text, base), &shape, kind, place);
    }

    /// Adds an object whose arrays of bytes have become texts.
    fn with_texts(&mut self, text: &str, sound: bool, place: Place) {
        if !sound {
            self.flaws.push(Cause::NotUtf8);
        }
        let mut flat = Flat::with_containers();
        match flat.read(text, 0, false) {
            Ok(_) => self.event(&flat, text, place),
            Err(Stop::Fault(_, cause)) => self.flaws.push(cause),
            Err(Stop::Envelope(_)) => {}
        }
    }

    /// Clears the draft and finds what stands before every name, and the shape.
    fn draft(&mut self, flat: &Flat, text: &str) -> (&'static str, Shape) {
        self.draft.clear();
        // Elasticsearch wraps the event: {"_index": …, "_source": {…}}.
        let wrapped = flat.field(text, 0).is_some_and(|first| first.name.starts_with('_'))
            && flat.fields(text).any(|field| field.name.starts_with(SOURCE));
        let base = if wrapped { SOURCE } else { "" };
        (base, self.shape_of(flat, text, base))
    }

    /// Adds a row once its shape is known, and for other systems the kind if it could be told.
    fn row(
        &mut self,
        (flat, text, base): (&Flat, &str, &'static str),
        shape: &Shape,
        told: Option<Parts<'_>>,
        place: Place,
    ) {
        self.draft.fill(shape, flat, text, base, self.rendered);
        let kind = match shape {
            Shape::Other => told.unwrap_or(("", "", None)),
            _ => self.draft.header.kind(flat, text),
        };
        let fixed = match shape {
            Shape::Plain => false,
            Shape::Other => told.is_some(),
            Shape::Nested | Shape::Beat | Shape::OldBeat => true,
        };
        let (time, unreadable) = self.time((flat, text), fixed);
        let time = time.or(place.time);
        if let Some(written) = unreadable.filter(|_| time.is_none()) {
            self.flaws.push(Cause::time_unreadable(written));
        }
        let place = Place { time, record_id: self.draft.record_id(flat, text).or(place.record_id), ..place };
        self.builder.begin(self.source, known_kind(&mut self.kinds, kind), &place);
        self.push(flat, text);
        match shape {
            Shape::Other if told.is_some() => {
                let mut extra = Extra { builder: self.builder, flat, text, base, inner: &mut self.inner };
                system::complete(&mut extra, kind);
            }
            Shape::Other => {}
            _ => self.derive(flat, text, kind.1),
        }
    }

    /// Adds the event that stands as text inside another object, if one does: the wrapper's own
    /// fields come behind it. Otherwise leaves the draft as it was.
    fn wrapped(&mut self, flat: &Flat, text: &str, place: Place) -> bool {
        let Some((body, sure)) = Object::new(flat, text, &self.draft.traits).body() else { return false };
        let mut read = std::mem::take(&mut self.body);
        let mut added = false;
        if read.open(body, "") {
            let (base, shape) = self.draft(&read, body);
            let kind = match shape {
                Shape::Other => Object::new(&read, body, &self.draft.traits).tell(),
                _ => None,
            };
            added = sure || kind.is_some() || !matches!(shape, Shape::Other);
            if added {
                self.row((&read, body, base), &shape, kind, place);
                for (_, field) in flat.all(text).filter(|(_, field)| field.value.text.trim() != body) {
                    let mut inner = read.all(body).filter(|(_, inner)| inner.name == field.name);
                    if !inner.any(|(_, inner)| inner.value.has_value() || !field.value.has_value()) {
                        self.builder.field(field.name, field.value);
                    }
                }
            } else {
                self.draft(flat, text);
            }
        } else {
            self.draft(flat, text);
        }
        self.body = read;
        added
    }

    /// Tells the shape; of one that is not nested the draft has then the traits of all names.
    fn shape_of(&mut self, flat: &Flat, text: &str, base: &str) -> Shape {
        let (mut id, mut log, mut old_log, mut beat) = (false, false, false, false);
        for field in flat.fields(text) {
            let name = &field.name[skipped(field.name, base)..];
            let traits = match self.traits.get(name) {
                Some(traits) => *traits,
                None => {
                    let traits = Traits::of(name);
                    if self.traits.len() < REMEMBERED {
                        self.traits.insert(name.into(), traits);
                    }
                    traits
                }
            };
            if traits.nested {
                return Shape::Nested;
            }
            self.draft.traits.push(traits);
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

    fn push(&mut self, flat: &Flat, text: &str) {
        for column in &self.draft.columns {
            let Some(field) = flat.field(text, column.field) else { continue };
            let name = self.draft.name(column, flat, text);
            if column.derived {
                self.builder.derived(name, field.value);
            } else {
                self.builder.field(name, field.value);
            }
        }
    }

    /// Fields that rules expect and that the event only implies.
    fn derive(&mut self, flat: &Flat, text: &str, log: &str) {
        let header = &self.draft.header;
        if header.channel.is_none() && !log.is_empty() {
            self.builder.derived("Channel", Value::text(log));
        }
        let Some(hashes) = self.draft.hashes.and_then(|number| flat.field(text, number)) else { return };
        // Names that end like this and hold something else have no `=`.
        for part in hashes.value.text.split(',') {
            let Some((algorithm, value)) = part.split_once('=') else { continue };
            let known = ["MD5", "SHA1", "SHA256", "IMPHASH"];
            let found = known.into_iter().find(|name| name.eq_ignore_ascii_case(algorithm.trim()));
            if let Some(name) = found.filter(|name| !value.is_empty() && !self.draft.has(name, flat, text)) {
                self.builder.derived(name, Value::text(value.trim()));
            }
        }
    }

    /// The time of the event; and the first value that should be one and cannot be read. `fixed`:
    /// whether its format has times in UTC where they name no zone.
    fn time<'a>(
        &self,
        (flat, text): (&'a Flat, &'a str),
        fixed: bool,
    ) -> (Option<model::time::Instant>, Option<&'a str>) {
        let mut unreadable = None;
        for number in self.draft.header.times.iter().flatten() {
            let Some(field) = flat.field(text, *number) else { continue };
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

/// Prefix of fields in an Elasticsearch hit.
const SOURCE: &str = "_source.";

/// What a field's name says by itself. Told once a name: events repeat their names.
#[derive(Debug, Clone, Copy, Default)]
struct Traits {
    /// Number of Windows' name that it stands for, and how good a name it is for that.
    meaning: Option<(usize, u8)>,
    /// Rank among the names of event times.
    time: Option<usize>,
    nested: bool,
    beat: bool,
    old_log: bool,
    /// What it tells of a system other than Windows.
    mark: Option<Mark>,
}

impl Traits {
    fn of(name: &str) -> Self {
        Self {
            meaning: plain::meaning(name),
            time: time::rank(name),
            nested: nested::is_system(name),
            beat: name.starts_with("winlog."),
            old_log: name == "log_name",
            mark: Mark::of(name),
        }
    }
}

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
