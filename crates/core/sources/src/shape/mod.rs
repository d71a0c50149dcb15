//! Objects to rows: tells in which of its many JSON shapes a Windows event comes, and gives its
//! fields the names that Windows (and so Sigma) uses. Objects of other kinds keep their names.
//!
//! Two passes over the flat fields of an object: the first drafts the row (which name each field
//! gets, and which fields say kind, time and host), the second hands it to the builder, since a
//! row cannot begin before its kind is known.

mod beat;
mod nested;
mod plain;
mod time;

use std::hash::{BuildHasher, Hash, Hasher};

use jiff::tz::TimeZone;
use model::event::{Kind, Place};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::batch::{Builder, Value};
use crate::json::Flat;

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
}

/// What is known of a row before it begins. Numbers are those of the object's fields.
#[derive(Debug, Default)]
struct Draft {
    /// Traits of the object's names, unless its shape is nested.
    traits: Vec<Traits>,
    columns: Vec<Column>,
    /// Names that stand nowhere in the object as they are needed.
    names: String,
    header: Header,
    /// Item of an array → the field with its name: `{"Name": "Image", "#text": …}`.
    labels: Vec<(u32, u32)>,
    /// Number of a column that holds `Hashes`.
    hashes: Option<u32>,
    /// Columns of the header that an event's own data may have, too: `ProcessID`, `ThreadID`.
    shared: Vec<usize>,
    /// Whether the event's own data has one of these.
    taken: bool,
    /// What a plain object calls the fields of the header, with how good a name that is.
    meanings: [(Option<u32>, u8); 9],
}

/// Fields that say what and where an event is.
#[derive(Debug, Default)]
struct Header {
    channel: Option<u32>,
    event_id: Option<u32>,
    provider: Option<u32>,
    has_computer: bool,
    record_id: Option<u32>,
    times: [Option<u32>; time::RANKS],
}

/// One value of the row to come.
#[derive(Debug, Clone, Copy)]
struct Column {
    name: Name,
    field: u32,
    derived: bool,
}

#[derive(Debug, Clone, Copy)]
enum Name {
    /// One of the header's.
    Known(&'static str),
    /// The field's own from this byte on.
    Own(usize),
    /// In `Draft::names`.
    Made(usize, usize),
    /// The value of another field.
    Label(u32),
    /// A `Data` element in this item of an array; its label is not known yet.
    Data(u32),
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
        let kind = match shape {
            Shape::Other => ("", "", None),
            _ => self.draft.header.kind(flat, text),
        };
        let place = Place {
            time: self.time(flat, text).or(place.time),
            record_id: self.draft.record_id(flat, text).or(place.record_id),
            ..place
        };
        self.builder.begin(self.source, known_kind(&mut self.kinds, kind), &place);
        self.push(flat, text);
        if !matches!(shape, Shape::Other) {
            self.derive(flat, text, kind.1);
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
}

impl Traits {
    fn of(name: &str) -> Self {
        Self {
            meaning: plain::meaning(name),
            time: time::rank(name),
            nested: nested::is_system(name),
            beat: name.starts_with("winlog."),
            old_log: name == "log_name",
        }
    }
}

/// Names whose traits are remembered.
const REMEMBERED: usize = 4_096;

impl Draft {
    fn clear(&mut self) {
        self.traits.clear();
        self.columns.clear();
        self.names.clear();
        self.labels.clear();
        self.shared.clear();
        (self.header, self.hashes, self.taken) = (Header::default(), None, false);
        self.meanings = Default::default();
    }

    fn fill(&mut self, shape: &Shape, flat: &Flat, text: &str, base: &str, rendered: bool) {
        for (number, field) in (0u32..).zip(flat.fields(text)) {
            let skipped = skipped(field.name, base);
            let name = &field.name[skipped..];
            match shape {
                Shape::Nested => nested::place(self, number, &field, skipped),
                Shape::Beat => beat::place(self, number, name, skipped),
                Shape::OldBeat => beat::place_old(self, number, name, skipped),
                Shape::Plain => plain::place(self, number, &field, skipped),
                Shape::Other => self.own(number, skipped),
            }
            // A nested event has its time in `System`, which is placed above.
            if let Some(rank) = self.traits.get(number as usize).and_then(|traits| traits.time) {
                self.header.times[rank].get_or_insert(number);
            }
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
                plain::complete(self);
            }
            Shape::OldBeat => self.keep_apart(flat, text),
            Shape::Other => {}
        }
    }

    fn known(&mut self, number: u32, name: &'static str) {
        self.columns.push(Column { name: Name::Known(name), field: number, derived: false });
    }

    fn derived(&mut self, number: u32, name: &'static str) {
        self.columns.push(Column { name: Name::Known(name), field: number, derived: true });
    }

    fn own(&mut self, number: u32, from: usize) {
        self.columns.push(Column { name: Name::Own(from), field: number, derived: false });
    }

    fn made(&mut self, number: u32, write: impl FnOnce(&mut String)) {
        let start = self.names.len();
        write(&mut self.names);
        self.columns.push(Column {
            name: Name::Made(start, self.names.len()),
            field: number,
            derived: false,
        });
    }

    /// A field of the event's own data, whose name begins at `from`. Sigma strips the blanks.
    fn data(&mut self, number: u32, full: &str, from: usize) {
        let name = full.get(from..).unwrap_or_default();
        self.taken |= name == "ProcessID" || name == "ThreadID";
        if name.as_bytes().contains(&b' ') {
            self.made(number, |names| names.extend(name.chars().filter(|letter| *letter != ' ')));
        } else {
            self.own(number, from);
        }
    }

    fn name<'a>(&'a self, column: &Column, flat: &'a Flat, text: &'a str) -> &'a str {
        match column.name {
            Name::Known(name) => name,
            Name::Own(from) => {
                flat.field(text, column.field).and_then(|f| f.name.get(from..)).unwrap_or_default()
            }
            Name::Made(start, end) => self.names.get(start..end).unwrap_or_default(),
            Name::Label(number) => flat.field(text, number).map_or("", |field| field.value.text),
            Name::Data(_) => "Data",
        }
    }

    fn find(&self, name: &str, flat: &Flat, text: &str) -> Option<&Column> {
        self.columns.iter().find(|column| self.name(column, flat, text) == name)
    }

    fn has(&self, name: &str, flat: &Flat, text: &str) -> bool {
        self.find(name, flat, text).is_some()
    }

    /// Names the `Data` elements by their labels: `{"Data": [{"Name": "Image", "#text": "…"}]}`.
    fn label(&mut self, flat: &Flat, text: &str) {
        self.labels.sort_by_key(|(item, _)| *item);
        for number in 0..self.columns.len() {
            let Name::Data(item) = self.columns[number].name else { continue };
            let at = self.labels.partition_point(|(labelled, _)| *labelled < item);
            let Some(&(_, label)) = self.labels.get(at).filter(|(labelled, _)| *labelled == item) else {
                continue;
            };
            let name = flat.field(text, label).map_or("", |field| field.value.text);
            if name == "Hashes" || (name == "Hash" && self.hashes.is_none()) {
                self.hashes = Some(self.columns[number].field);
            }
            self.columns[number].name = if name.contains(' ') {
                let start = self.names.len();
                self.names.extend(name.chars().filter(|letter| *letter != ' '));
                Name::Made(start, self.names.len())
            } else {
                Name::Label(label)
            };
        }
    }

    /// Undoes the renderer's numbering of repeated names: `Param`, `Param_1` are both `Param`.
    fn join_repeats(&mut self, flat: &Flat, text: &str) {
        for number in 1..self.columns.len() {
            let (before, column) = (self.columns[number - 1], self.columns[number]);
            if !matches!(column.name, Name::Own(_)) {
                continue;
            }
            let name = self.name(&column, flat, text);
            if !name.ends_with(|letter: char| letter.is_ascii_digit()) {
                continue;
            }
            let Some((stem, digits)) = name.rsplit_once('_') else { continue };
            let numbered = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if numbered && self.name(&before, flat, text) == stem {
                let start = self.names.len();
                let stem = stem.to_owned();
                self.names.push_str(&stem);
                self.columns[number].name = Name::Made(start, self.names.len());
            }
        }
    }

    /// Renames the header's process and thread where the event's data has those names itself.
    fn keep_apart(&mut self, flat: &Flat, text: &str) {
        if !self.taken {
            return;
        }
        for at in std::mem::take(&mut self.shared) {
            let Some(Name::Known(name)) = self.columns.get(at).map(|column| column.name) else { continue };
            let taken = self.columns.iter().enumerate().any(|(other, column)| {
                other != at && !matches!(column.name, Name::Known(_)) && self.name(column, flat, text) == name
            });
            if taken {
                let apart = if name == "ProcessID" { "Execution_ProcessID" } else { "Execution_ThreadID" };
                self.columns[at].name = Name::Known(apart);
            }
        }
    }

    fn record_id(&self, flat: &Flat, text: &str) -> Option<u64> {
        flat.field(text, self.header.record_id?)?.value.text.trim().parse().ok()
    }
}

impl Header {
    /// Product, log and event id of a Windows event.
    fn kind<'a>(&self, flat: &'a Flat, text: &'a str) -> (&'static str, &'a str, Option<u32>) {
        let value =
            |number: Option<u32>| number.and_then(|n| flat.field(text, n)).map_or("", |f| f.value.text);
        let provider = value(self.provider);
        let event_id = value(self.event_id).trim().parse().ok();
        let mut log = value(self.channel);
        if log.is_empty() {
            log = nested::log_of(provider, event_id);
        }
        let linux = provider.starts_with("Linux-Sysmon") || log.starts_with("Linux-Sysmon");
        (if linux { "linux" } else { "windows" }, log, event_id)
    }
}

/// The same kind for the same parts without making it anew for each event.
fn known_kind<'k>(kinds: &'k mut FxHashMap<u64, Kind>, parts: (&str, &str, Option<u32>)) -> &'k Kind {
    let mut hasher = FxBuildHasher.build_hasher();
    parts.hash(&mut hasher);
    let (product, log, event_id) = parts;
    let make = || Kind::new(product, log, event_id);
    let kind = kinds.entry(hasher.finish()).or_insert_with(make);
    if &*kind.product != product || &*kind.log != log || kind.event_id != event_id {
        *kind = make();
    }
    kind
}

/// Length of the wrapping at the start of a name. Mostly there is none, and comparing with an
/// empty text is not free: it may touch the address that stands for it.
fn skipped(name: &str, base: &str) -> usize {
    if !base.is_empty() && name.starts_with(base) { base.len() } else { 0 }
}

/// Keeps the better of two fields for the same purpose; lower ranks are better.
fn keep_better(slot: &mut Option<u32>, rank: &mut u8, (number, new_rank): (u32, u8)) {
    if slot.is_none() || new_rank < *rank {
        (*slot, *rank) = (Some(number), new_rank);
    }
}

/// Notes `number` unless an earlier field took the place.
fn keep_first(slot: &mut Option<u32>, number: u32) {
    slot.get_or_insert(number);
}
