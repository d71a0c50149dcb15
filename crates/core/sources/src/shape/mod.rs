//! Objects to rows: tells in which of its many JSON shapes a Windows event comes, and gives its
//! fields the names that Windows (and so Sigma) uses. Objects of other logs keep their names; what
//! log they are from is told in [`other`].
//!
//! Two passes over the flat fields of an object: the first drafts the row (which name each field
//! gets, and which fields say kind, time and host), the second hands it to the builder, since a
//! row cannot begin before its kind is known.

mod beat;
mod draft;
mod nested;
mod other;
mod plain;
mod time;

use std::hash::BuildHasher;

use jiff::tz::TimeZone;
use model::event::{Kind, Place};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::batch::{Builder, Value};
use crate::json::Flat;
use draft::{Draft, skipped};
use other::{MARKS, Mark, Marks};

/// Hands objects to a builder.
pub(crate) struct Shaper<'b> {
    builder: &'b mut Builder,
    source: u32,
    zone: TimeZone,
    /// Whether the text comes from the EVTX renderer, which numbers repeated names.
    rendered: bool,
    kinds: FxHashMap<u64, Kind>,
    traits: FxHashMap<Box<str>, Traits>,
    marks: [Option<u32>; MARKS],
    draft: Draft,
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
            marks: [None; MARKS],
            draft: Draft::default(),
        }
    }

    /// Adds the object read last by `flat` from `text` as one row. Time and record number are the
    /// object's own if it has them, else those of `place`.
    pub(crate) fn event(&mut self, flat: &Flat, text: &str, place: Place) {
        self.draft.clear();
        // Elasticsearch wraps the event: {"_index": …, "_source": {…}}.
        let wrapped = flat.field(text, 0).is_some_and(|first| first.name.starts_with('_'))
            && flat.fields(text).any(|field| field.name.starts_with(SOURCE));
        let base = if wrapped { SOURCE } else { "" };
        let shape = self.shape_of(flat, text, base);
        self.draft.fill(&shape, flat, text, base, self.rendered);
        if matches!(shape, Shape::Other) {
            return self.other(flat, text, place);
        }
        let kind = self.draft.header.kind(flat, text);
        let place = Place {
            time: self.time(flat, text).or(place.time),
            record_id: self.draft.record_id(flat, text).or(place.record_id),
            ..place
        };
        self.builder.begin(self.source, known_kind(&mut self.kinds, kind), &place);
        self.push(flat, text);
        self.derive(flat, text, kind.1);
    }

    /// Adds an object that is no Windows event.
    fn other(&mut self, flat: &Flat, text: &str, place: Place) {
        self.marks = [None; MARKS];
        for (number, traits) in (0u32..).zip(&self.draft.traits) {
            if let Some(mark) = traits.mark {
                self.marks[mark as usize].get_or_insert(number);
            }
        }
        let fields = self.marks;
        let marks = Marks { fields: &fields, flat, text };
        let kind = marks.tell();
        // A row of the unified audit log has the event itself as a text.
        if marks.has(Mark::AuditData) && marks.value(Mark::AuditData).trim_start().starts_with('{') {
            let inner_text = marks.value(Mark::AuditData).to_owned();
            let mut inner = Flat::default();
            if inner.read(&inner_text, 0, false).is_ok() {
                let place = Place { time: self.time(flat, text).or(place.time), ..place };
                return self.event(&inner, &inner_text, place);
            }
        }
        let (host, result) = (marks.value(Mark::JournalHost), marks.value(Mark::SignInResult));
        let (mut derived, mut count) = ([("", ""); 2], 0);
        if kind.0 == "linux" && !host.is_empty() {
            (derived[count], count) = (("Hostname", host), count + 1);
        }
        if kind.1 == "signinlogs" && !result.is_empty() {
            (derived[count], count) =
                (("Status", if result == "0" { "Success" } else { "Failure" }), count + 1);
        }
        let place = Place { time: self.time(flat, text).or(place.time), ..place };
        self.builder.begin(self.source, known_kind(&mut self.kinds, kind), &place);
        self.push(flat, text);
        for (name, value) in &derived[..count] {
            if !self.draft.has(name, flat, text) {
                self.builder.derived(name, Value::text(value));
            }
        }
        if matches!(kind, ("zeek" | "suricata", "http", _)) {
            self.derive_request(flat, text);
        }
    }

    /// Path and query of a request, which these logs write as one.
    fn derive_request(&mut self, flat: &Flat, text: &str) {
        let target = flat.fields(text).find(|field| matches!(field.name, "uri" | "http.url"));
        let Some(target) = target.map(|field| field.value.text) else { return };
        let (stem, query) = target.split_once('?').unwrap_or((target, ""));
        self.builder.derived("cs-uri-stem", Value::text(stem));
        if !query.is_empty() {
            self.builder.derived("cs-uri-query", Value::text(query));
        }
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
            id |= meant == Some(plain::EVENT_ID);
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

    fn time(&self, flat: &Flat, text: &str) -> Option<model::time::Instant> {
        let candidates = self.draft.header.times.iter().flatten();
        candidates
            .filter_map(|&number| flat.field(text, number))
            .find_map(|field| time::parse(&field, &self.zone))
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
    /// Which log other than Windows' it helps to tell.
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
