//! Collects events of many kinds and sources, and gives one sheet a kind.

use std::sync::Arc;

use arrow_array::StringArray;
use model::catalogue::Catalogue;
use model::event::{Kind, Place};
use rustc_hash::FxHashMap;

use super::column::{Column, Room, Rooms};
use super::data::Sheet;
use super::filled::Filled;
use super::layout::names::REFERENCES;
use super::layout::write::{self, Events, Named};
use super::value::Value;
use crate::cause::Cause;

/// Most cells (columns times records) of one sheet, filled or empty.
const CELLS: usize = 4 << 20;
/// Bytes that a column costs before its first value, in the builder and as Arrow array; with ever
/// new kinds they are far more than the values.
const COLUMN_BYTES: usize = 1 << 9;
/// Collects events of many kinds and sources, and gives one sheet a kind.
#[derive(Debug)]
pub struct Builder {
    catalogue: Arc<Catalogue>,
    sources: Vec<Arc<str>>,
    tables: Vec<Table>,
    numbers: FxHashMap<Kind, usize>,
    current: usize,
    events: usize,
    bytes: usize,
    before: u64,
    columns_of: FxHashMap<Kind, FxHashMap<Box<str>, Option<Mapped>>>,
    rooms: Rooms,
}

/// Where the catalogue puts a source name: field name and rank among the names of that field.
#[derive(Debug, Clone)]
struct Mapped {
    field: Arc<str>,
    rank: usize,
}

#[derive(Debug, Default)]
struct Table {
    kind: Option<Kind>,
    grouped: bool,
    places: Vec<(u32, Place)>,
    /// First record of each event; equal to the row number unless grouped.
    starts: Vec<i32>,
    records: u32,
    names: hashbrown::HashMap<Box<str>, usize>,
    columns: Vec<Column>,
    /// Room for further columns.
    rooms: Vec<Room>,
    /// Column after the one filled last: fields come in the same order in nearly every event.
    hint: usize,
}

impl Builder {
    /// An empty builder that names columns by `catalogue`.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            catalogue,
            sources: Vec::new(),
            tables: Vec::new(),
            numbers: FxHashMap::default(),
            current: 0,
            events: 0,
            bytes: 0,
            before: 0,
            columns_of: FxHashMap::default(),
            rooms: Rooms::default(),
        }
    }

    /// Number that stands for a source path until the next [`drain`](Self::drain).
    pub fn source(&mut self, path: &Arc<str>) -> u32 {
        // Consecutive segments nearly always share their source; looking back a little suffices.
        let found = self.sources.iter().rposition(|known| known == path);
        let number = found.unwrap_or_else(|| {
            self.sources.push(path.clone());
            self.sources.len() - 1
        });
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// Sets how many events of the source came before the segment that is parsed next: they are
    /// added to its ordinals.
    pub fn count_from(&mut self, events: u64) {
        self.before = events;
    }

    /// Adds events of a source that came before all of those collected: segments are parsed before
    /// it is known how many events others hold.
    pub fn count_before(&mut self, path: &str, events: u64) {
        let Some(source) = self.sources.iter().position(|known| **known == *path) else { return };
        let places = self.tables.iter_mut().flat_map(|table| &mut table.places);
        let places = places.filter(|(number, _)| *number as usize == source);
        places.for_each(|(_, place)| place.ordinal += events);
    }

    /// Begins an event of one record.
    pub fn begin(&mut self, source: u32, kind: &Kind, place: &Place) {
        self.open(source, kind, place, false);
        self.next_record();
    }

    /// Begins an event of several records; each starts with [`next_record`](Self::next_record).
    pub fn begin_grouped(&mut self, source: u32, kind: &Kind, place: &Place) {
        self.open(source, kind, place, true);
    }

    /// Begins the next record of a grouped event.
    pub fn next_record(&mut self) {
        if let Some(table) = self.tables.get_mut(self.current) {
            table.records += 1;
            table.hint = 0;
        }
    }

    /// Adds a field to the record begun last. The same name again makes a list.
    pub fn field(&mut self, name: &str, value: Value<'_>) {
        self.push(name, value, false);
    }

    /// Adds a field that the reader computed from another one.
    pub fn derived(&mut self, name: &str, value: Value<'_>) {
        self.push(name, value, true);
    }

    /// Events collected.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// Bytes collected: text, repeated values counted once, and what columns cost by themselves.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// All of [`drain`](Self::drain) at once.
    ///
    /// # Errors
    /// When Arrow refuses the columns, which the construction rules out.
    pub fn finish(&mut self) -> Result<Vec<Sheet>, Cause> {
        self.drain().collect()
    }

    /// Starts anew and gives the sheets, one a kind (more when it has very many names), in order
    /// of first appearance; each is made when it is asked for, since sheets of few rows are far
    /// larger than what they are made of.
    pub fn drain(&mut self) -> impl Iterator<Item = Result<Sheet, Cause>> + '_ {
        let tables = std::mem::take(&mut self.tables);
        let sources = std::mem::take(&mut self.sources);
        self.numbers.clear();
        (self.current, self.events, self.bytes) = (0, 0, 0);
        if self.columns_of.len() > 4_096 {
            self.columns_of.clear();
        }
        let paths: Arc<StringArray> = Arc::new(sources.iter().map(|path| Some(&**path)).collect());
        tables.into_iter().filter_map(move |mut table| {
            let (kind, grouped) = (table.kind.take()?, table.grouped);
            let mut columns = self.named(table.columns, &kind);
            let events = Events {
                places: &table.places,
                records: table.records,
                starts: grouped.then_some(table.starts),
            };
            let sheet = write::write(events, &mut columns, &paths);
            self.rooms.keep(&kind, columns.into_iter().map(|named| named.column));
            Some(sheet.map(|columns| Sheet { kind, columns, grouped, kept: None }))
        })
    }

    /// A sheet of events of one record whose values are there already: `places` says the number of each
    /// event's source among `paths`, and where it stands there.
    ///
    /// # Errors
    /// When a column has more than 2 GiB of text.
    pub fn sheet(
        &mut self,
        kind: &Kind,
        paths: &Arc<StringArray>,
        places: &[(u32, Place)],
        columns: Vec<Filled>,
    ) -> Result<Sheet, Cause> {
        let is_large = |column: &&Filled| i32::try_from(column.0.values.text.len()).is_err();
        if let Some(Filled(column)) = columns.iter().find(is_large) {
            return Err(Cause::ColumnLarge { column: column.name.to_string() });
        }
        let mut columns = self.named(columns.into_iter().map(|Filled(column)| column).collect(), kind);
        let records = u32::try_from(places.len()).unwrap_or(u32::MAX);
        let columns = write::write(Events { places, records, starts: None }, &mut columns, paths)?;
        Ok(Sheet { kind: kind.clone(), columns, grouped: false, kept: None })
    }

    fn open(&mut self, source: u32, kind: &Kind, place: &Place, grouped: bool) {
        let fits = |table: &Table| table.kind.as_ref() == Some(kind) && table.has_room();
        if !self.tables.get(self.current).is_some_and(fits) {
            let known = self.numbers.get(kind).copied();
            self.current = known.filter(|number| self.tables[*number].has_room()).unwrap_or_else(|| {
                let rooms = self.rooms.take(kind);
                self.tables.push(Table { kind: Some(kind.clone()), grouped, rooms, ..Table::default() });
                self.bytes += REFERENCES.len() * COLUMN_BYTES;
                self.numbers.insert(kind.clone(), self.tables.len() - 1);
                self.tables.len() - 1
            });
        }
        let table = &mut self.tables[self.current];
        table.places.push((source, Place { ordinal: place.ordinal + self.before, ..*place }));
        table.starts.push(i32::try_from(table.records).unwrap_or(i32::MAX));
        self.events += 1;
    }

    fn push(&mut self, name: &str, value: Value<'_>, derived: bool) {
        let Some(table) = self.tables.get_mut(self.current) else { return };
        let Some(row) = table.records.checked_sub(1) else { return };
        let number = match table.columns.get(table.hint) {
            Some(column) if *column.name == *name => table.hint,
            _ => match table.names.get(name) {
                Some(&number) => number,
                None => {
                    table.columns.push(Column::new(name, table.rooms.pop().unwrap_or_default()));
                    self.bytes += COLUMN_BYTES;
                    table.names.insert(name.into(), table.columns.len() - 1);
                    table.columns.len() - 1
                }
            },
        };
        table.hint = number + 1;
        self.bytes += table.columns[number].push(row, value, derived);
    }

    /// Says under which names the columns of a table stand: those that the catalogue knows under
    /// its own, in the order of the event; the others under the event's.
    fn named(&mut self, columns: Vec<Column>, kind: &Kind) -> Vec<Named> {
        let mapped: Vec<Option<Mapped>> =
            columns.iter().map(|column| self.mapped(kind, &column.name)).collect();
        let mut best: FxHashMap<Arc<str>, usize> = FxHashMap::default();
        for entry in mapped.iter().flatten() {
            let rank = best.entry(entry.field.clone()).or_insert(entry.rank);
            *rank = entry.rank.min(*rank);
        }
        let mut known = |entry: Option<Mapped>| {
            let Mapped { field, rank } = entry?;
            // A field stands in one column only, whatever the others are called.
            (best.get(&field) == Some(&rank)).then(|| best.remove(&field))?;
            Some(field)
        };
        columns.into_iter().zip(mapped).map(|(column, entry)| Named { column, known: known(entry) }).collect()
    }

    fn mapped(&mut self, kind: &Kind, name: &str) -> Option<Mapped> {
        if !self.columns_of.contains_key(kind) {
            self.columns_of.insert(kind.clone(), FxHashMap::default());
        }
        let known = self.columns_of.get_mut(kind)?;
        if let Some(found) = known.get(name) {
            return found.clone();
        }
        let found = self.catalogue.field(kind, name).map(|field| {
            let names = self.catalogue.names_of(kind, field);
            let rank = names.iter().position(|listed| *listed == name).unwrap_or(names.len());
            Mapped { field: field.name.as_str().into(), rank }
        });
        if known.len() < 4_096 {
            known.insert(name.into(), found.clone());
        }
        found
    }
}

impl Table {
    /// Events with ever new names would make columns by rows grow as a square; then the kind
    /// goes on in another table.
    fn has_room(&self) -> bool {
        self.columns.len() * self.records as usize <= CELLS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Arc<Catalogue> {
        let fields = r#"
            [[field]]
            name = "device.hostname"
            type = "string"
            ja = "端末名"
            en = "host name"
            sensitivity = "internal"
            research = "hash"
            sigma = { "windows" = ["Computer", "Hostname"] }
        "#;
        let logsources = r#"
            category = []
            class = []
            [[service]]
            product = "windows"
            service = "security"
            channels = ["Security"]
        "#;
        Arc::new(Catalogue::parse(fields, logsources).unwrap())
    }

    #[test]
    fn columns_are_named_by_the_catalogue_and_lose_nothing() {
        let mut builder = Builder::new(catalogue());
        let source = builder.source(&"a.json".into());
        let kind = Kind::new("windows", "Security", Some(4624));
        for ordinal in 1..=3 {
            builder.begin(source, &kind, &Place { ordinal, ..Place::default() });
            builder.field("Hostname", Value::text("h1"));
            if ordinal == 2 {
                builder.field("Computer", Value::text("c1"));
                builder.field("Data", Value::text("x"));
                builder.field("Data", Value::text("y"));
            }
        }
        let sheets = builder.finish().unwrap();
        assert_eq!(sheets.len(), 1);
        let rows = sheets[0].rows().unwrap();
        assert_eq!(rows.events(), 3);
        let ids = |column: Option<usize>, row| rows.columns()[column.unwrap()].ids(row).len();
        let host = rows.known("device.hostname");
        assert_eq!([0, 1].map(|row| ids(host, row)), [0, 1], "Computer is the first name of the field");
        assert_eq!([0, 1, 2].map(|row| ids(rows.raw("Hostname"), row)), [1, 1, 1]);
        assert_eq!([0, 1].map(|row| ids(rows.raw("Data"), row)), [0, 2]);
        assert_eq!(builder.events(), 0);
    }

    #[test]
    fn ever_new_names_do_not_fill_memory() {
        let mut builder = Builder::new(catalogue());
        let source = builder.source(&"a.json".into());
        for number in 0..10_000u64 {
            builder.begin(source, &Kind::new("", "", None), &Place { ordinal: number, ..Place::default() });
            builder.field(&format!("name{number}"), Value::text("x"));
        }
        let sheets = builder.finish().unwrap();
        let rows: usize = sheets.iter().map(|sheet| sheet.columns.num_rows()).sum();
        assert_eq!(rows, 10_000);
        assert!(sheets.len() < 10, "{}", sheets.len());
        let cells = |sheet: &Sheet| sheet.columns.get_array_memory_size();
        assert!(sheets.iter().map(cells).max().unwrap() < 64 << 20);
    }

    #[test]
    fn the_columns_of_ever_new_kinds_count_as_bytes() {
        let mut builder = Builder::new(Catalogue::bundled().unwrap());
        let source = builder.source(&"s".into());
        for number in 0..1_000 {
            builder.begin(source, &Kind::new("zeek", &format!("log{number}"), None), &Place::default());
            builder.field("uid", Value::text("C1"));
        }
        assert!(builder.bytes() > 1_000 * COLUMN_BYTES, "{}", builder.bytes());
        assert_eq!(builder.drain().filter(Result::is_ok).count(), 1_000);
        assert_eq!((builder.events(), builder.bytes()), (0, 0));
    }

    #[test]
    fn grouped_events_keep_their_records_apart() {
        let mut builder = Builder::new(catalogue());
        let source = builder.source(&"audit.log".into());
        let kind = Kind::new("linux", "auditd", None);
        builder.begin_grouped(source, &kind, &Place { ordinal: 1, ..Place::default() });
        for (record, a0) in [("SYSCALL", "5601d0"), ("EXECVE", "ls")] {
            builder.next_record();
            builder.field("type", Value::text(record));
            builder.field("a0", Value::text(a0));
        }
        let sheets = builder.finish().unwrap();
        assert!(sheets[0].grouped);
        let rows = sheets[0].rows().unwrap();
        assert_eq!((rows.events(), rows.records(0)), (1, 0..2));
    }
}
