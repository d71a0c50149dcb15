//! The columns of each table.
//!
//! | column | type | what |
//! |---|---|---|
//! | `time`, `time_rest` | µs, UTC; i32 | event time, and the nanoseconds that it has besides |
//! | `batch`, `row` | text (UUID), i64 | who the row is: batch and number in it, from 0 |
//! | hot fields of the catalogue | text | names, addresses, hashes, domains: what people look up |
//! | `product`, `log`, `event_id` | text, text, i64 | kind of event |
//! | `class` | text | OCSF class, which is the table |
//! | `owner`, `tlp`, `confidentiality`, `pap` | text | whose it is, and what may be done with it |
//! | `source_path`, `ordinal`, `line`, `record_id`, `audit_serial` | text, i64 | place in the source |
//! | `reader` | i32 | version of the reader |
//! | other fields of the catalogue | text; i64 for integers | under their OCSF names |
//! | `raw.<name>` | text | fields by the source's name that the catalogue chooses for the class |
//! | `raw` | map of text to lists of text | everything else |
//! | `shape` | text | how the event is put together again |
//! | `day` | text | day of `time` in UTC, or `other`; the partition |
//!
//! The log keeps statistics of the first columns; a number of a record beyond 63 bits stands as the
//! negative one of the same bits. Rows carry only the columns in which one of them has a value.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use model::catalogue::{self, Catalogue, OCSF};
use model::event::Kind;

use super::names::{
    AUDIT_SERIAL, BATCH, CLASS, CONFIDENTIALITY, EVENT_ID, LINE, LOG, ORDINAL, OWNER, PAP, PRODUCT, RAW,
    READER, RECORD_ID, ROW, SHAPE, SOURCE_PATH, TIME, TIME_REST, TLP,
};

/// Name of the partition column.
pub(crate) const DAY: &str = "day";

/// The partition of events without a time, or with one that no log can have.
pub(crate) const OTHER: &str = "other";

/// First columns of which the log keeps statistics.
pub(crate) const WITH_STATISTICS: &str = "12";

/// Catalogue fields that people look up, in the order of their columns.
const HOT: [&str; 10] = [
    "device.hostname",
    "user.name",
    "actor.user.name",
    "src_endpoint.ip",
    "dst_endpoint.ip",
    "query.hostname",
    "dst_endpoint.hostname",
    "http_request.url.hostname",
    "noroshi.file.sha256",
    "process.file.path",
];

/// The table of events of no class.
const UNLISTED: &str = "base_event";

/// What a table of events holds.
#[derive(Debug, Clone)]
pub struct Table {
    /// The OCSF class.
    pub class: Arc<str>,
    /// All its columns, the partition last.
    pub schema: SchemaRef,
    places: HashMap<String, usize>,
}

/// The tables of all classes.
#[derive(Debug)]
pub struct Tables {
    catalogue: Arc<Catalogue>,
    by_class: BTreeMap<Arc<str>, Table>,
    /// That of events of no class.
    unlisted: Table,
}

impl Tables {
    /// One table for each class of the catalogue, and one for events of none.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        let listed = catalogue.classes().iter().map(|class| {
            let fields = catalogue.fields().iter().filter(|field| may_have(class, field));
            Table::new(&class.name, fields, &class.raw)
        });
        let unlisted = Table::new(UNLISTED, catalogue.fields().iter(), &[]);
        let by_class = listed.map(|table| (table.class.clone(), table)).collect();
        Self { catalogue, by_class, unlisted }
    }

    /// The catalogue that they were made from.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// The table of a class.
    #[must_use]
    pub fn get(&self, class: &str) -> Option<&Table> {
        self.iter().find(|table| *table.class == *class)
    }

    /// The table of events of a kind.
    #[must_use]
    pub fn of(&self, kind: &Kind) -> &Table {
        self.by_class.get(self.catalogue.class_of(kind).0).unwrap_or(&self.unlisted)
    }

    /// All tables: by class, and that of none.
    pub fn iter(&self) -> impl Iterator<Item = &Table> {
        self.by_class.values().chain([&self.unlisted])
    }
}

impl Table {
    fn new<'a>(class: &str, fields: impl Iterator<Item = &'a catalogue::Field>, raw: &[String]) -> Self {
        let fields: Vec<&catalogue::Field> = fields.collect();
        let by_name: HashMap<&str, &catalogue::Field> =
            fields.iter().map(|field| (field.name.as_str(), *field)).collect();
        let hot = HOT.iter().filter_map(|name| by_name.get(name)).map(|field| known(field));
        let mut seen: HashSet<&str> = HOT.into_iter().collect();
        let others = fields.iter().filter(|field| seen.insert(&field.name)).map(|field| known(field));
        let mut columns = first();
        columns.extend(hot);
        columns.extend(place());
        columns.extend(others);
        columns.extend(raw.iter().map(|name| text(&wide(name))));
        columns.extend(last());
        let places = columns.iter().enumerate().map(|(at, field)| (field.name().clone(), at)).collect();
        Self { class: class.into(), schema: Arc::new(Schema::new(columns)), places }
    }

    /// Place of a column, and what it is.
    pub(super) fn column(&self, name: &str) -> Option<(usize, &Field)> {
        let at = *self.places.get(name)?;
        Some((at, self.schema.field(at)))
    }
}

/// The columns that questions over all classes see: those that all tables have, and what people look up,
/// in the order of the tables.
pub(crate) fn shared() -> Vec<Field> {
    let hot = HOT.iter().map(|name| text(name));
    first().into_iter().chain(hot).chain(place()).chain(last()).collect()
}

/// Whether a table holds events: only they have a shape.
pub(crate) fn are_events(columns: &Schema) -> bool {
    columns.field_with_name(SHAPE).is_ok()
}

/// What all tables begin with.
fn first() -> Vec<Field> {
    vec![time(), text(BATCH)]
}

/// What stands in all tables after the fields that people look up.
fn place() -> Vec<Field> {
    let mut columns = vec![number(ROW), Field::new(TIME_REST, DataType::Int32, true)];
    columns.extend([PRODUCT, LOG].map(text));
    columns.push(number(EVENT_ID));
    columns.extend([CLASS, OWNER, TLP, CONFIDENTIALITY, PAP, SOURCE_PATH].map(text));
    columns.extend([ORDINAL, LINE, RECORD_ID, AUDIT_SERIAL].map(number));
    columns.push(Field::new(READER, DataType::Int32, true));
    columns
}

/// What all tables end with.
fn last() -> Vec<Field> {
    vec![Field::new(RAW, map_type(), true), text(SHAPE), text(DAY)]
}

/// The column for a field that the catalogue does not know.
pub(crate) fn wide(name: &str) -> String {
    format!("{RAW}.{name}")
}

/// A map of text to lists of text. Readers refuse maps whose values cannot be null.
pub(super) fn map_type() -> DataType {
    let item = Arc::new(Field::new("item", DataType::Utf8, true));
    let entry = Fields::from(vec![
        Field::new("key", DataType::Utf8, false),
        Field::new("value", DataType::List(item), true),
    ]);
    DataType::Map(Arc::new(Field::new("key_value", DataType::Struct(entry), false)), false)
}

fn time() -> Field {
    Field::new(TIME, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), true)
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8View, true)
}

fn number(name: &str) -> Field {
    Field::new(name, DataType::Int64, true)
}

fn known(field: &catalogue::Field) -> Field {
    if field.data_type == catalogue::DataType::Integer { number(&field.name) } else { text(&field.name) }
}

/// Whether events of a class can have a field: a log that the class reads knows it.
fn may_have(class: &catalogue::Class, field: &catalogue::Field) -> bool {
    field.sigma.keys().any(|key| {
        let (place, ids) = key.split_once(':').unwrap_or((key, ""));
        let (product, service) = place.split_once('/').unwrap_or((place, ""));
        let ids: Vec<u32> = ids.split(',').filter_map(|id| id.trim().parse().ok()).collect();
        class.reads.iter().any(|read| {
            let shared = ids.iter().any(|id| read.event_ids.contains(id));
            (product == read.product || product == OCSF)
                && (service.is_empty() || service == read.service)
                && (ids.is_empty() || read.event_ids.is_empty() || shared)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_has_the_fields_that_its_sources_know() {
        let tables = Tables::new(Catalogue::bundled().unwrap());
        let process = tables.get("process_activity").unwrap();
        assert_eq!([0, 1, 2].map(|at| process.schema.field(at).name().as_str()), ["time", "batch", HOT[0]]);
        assert_eq!(process.column("process.pid").unwrap().1.data_type(), &DataType::Int64);
        assert_eq!(process.column("process.cmd_line").unwrap().1.data_type(), &DataType::Utf8View);
        assert!(process.column("query.hostname").is_none());
        assert!(tables.get("dns_activity").unwrap().column("query.hostname").is_some());
        assert!(tables.get("dns_activity").unwrap().column("raw.rejected").is_some());
        assert_eq!(process.schema.fields().last().unwrap().name(), DAY);
    }

    #[test]
    fn names_of_columns_differ_in_more_than_case() {
        for table in Tables::new(Catalogue::bundled().unwrap()).iter() {
            let names: Vec<String> =
                table.schema.fields().iter().map(|field| field.name().to_lowercase()).collect();
            let distinct: HashSet<&String> = names.iter().collect();
            assert_eq!(distinct.len(), names.len(), "{}", table.class);
            assert!(names.len() > WITH_STATISTICS.parse().unwrap());
            // What Delta takes as names without mapping them.
            assert!(
                names.iter().all(|name| !name.contains([' ', ',', ';', '{', '}', '(', ')', '\n', '\t', '=']))
            );
        }
    }
}
