//! Rows of one kind as Arrow columns, and the builder that readers fill.
//!
//! # Shape of a batch
//!
//! One row an event. Reference columns, then fields:
//!
//! | column | type | what |
//! |---|---|---|
//! | `source_path` | dictionary of text | file as given, `archive!member` inside archives |
//! | `ordinal` | u64 | number of the event in its source, from 1 |
//! | `line`, `record_id`, `audit_serial` | u64, may be null | further ways to point at the event |
//! | `time` | timestamp, ns, UTC, may be null | event time |
//! | catalogue names (`process.file.path` …) | dictionary of text | fields the catalogue knows for this kind |
//! | `raw` | struct of dictionaries | all other fields, by the names the event gives them |
//!
//! A field that repeats inside an event is a list of dictionary values. A *grouped* batch
//! (Linux audit) holds events of several records: one column `records`, a list of structs, has
//! the fields of each record, since the same name (`a0`) means different things in different
//! records. Every value keeps the spelling of its source; the metadata of a column says the
//! source's own name (`name`), the JSON type of its values (`scalar`: `text`, `integer`, `float`,
//! `boolean`) and whether the reader computed it from another field (`derived`).

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{TimestampNanosecondType, UInt32Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, ListArray, RecordBatch, StringArray, StructArray,
    TimestampNanosecondArray, UInt32Array, UInt64Array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use hashbrown::HashTable;
use model::catalogue::Catalogue;
use model::event::{Kind, Place};
use model::time::Instant;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// Most cells (columns times records) of one batch, filled or empty.
const CELLS: usize = 4 << 20;
/// Bytes that a column costs before its first value, in the builder and as Arrow array; with ever
/// new kinds they are far more than the values.
const COLUMN_BYTES: usize = 1 << 9;
/// Columns that every batch has.
const REFERENCE_COLUMNS: usize = 6;

/// Rows of one kind.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What all rows are.
    pub kind: Kind,
    /// The columns, as the module describes them.
    pub batch: RecordBatch,
    /// Whether fields stand in `records`.
    pub grouped: bool,
}

impl Batch {
    /// Times of the earliest and latest event, where any event has one.
    #[must_use]
    pub fn span(&self) -> Option<(Instant, Instant)> {
        let times = self.batch.column_by_name("time")?.as_primitive_opt::<TimestampNanosecondType>()?;
        let (first, last) = (times.iter().flatten().min()?, times.iter().flatten().max()?);
        Some((Instant::from_nanoseconds(first), Instant::from_nanoseconds(last)))
    }
}

/// JSON type a value had in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// A string.
    Text,
    /// A number without fraction or exponent.
    Integer,
    /// Any other number.
    Float,
    /// `true` or `false`.
    Boolean,
}

impl Scalar {
    /// The word in a column's metadata.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Boolean => "boolean",
        }
    }
}

/// One value as its source spells it. Absent and null values are not pushed at all.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    /// The text.
    pub text: &'a str,
    /// Its JSON type.
    pub scalar: Scalar,
}

impl<'a> Value<'a> {
    /// A string value.
    #[must_use]
    pub fn text(text: &'a str) -> Self {
        Self { text, scalar: Scalar::Text }
    }
}

/// Collects events of many kinds and sources, and gives one batch a kind.
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
    names: FxHashMap<Box<str>, usize>,
    columns: Vec<Column>,
    /// Column after the one filled last: fields come in the same order in nearly every event.
    hint: usize,
}

#[derive(Debug)]
struct Column {
    name: Box<str>,
    derived: bool,
    repeats: bool,
    scalars: u8,
    cells: Vec<(u32, u32)>,
    index: HashTable<u32>,
    text: Vec<u8>,
    ends: Vec<i32>,
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
    pub fn finish(&mut self) -> Result<Vec<Batch>, ArrowError> {
        self.drain().collect()
    }

    /// Starts anew and gives the batches, one a kind (more when it has very many names), in order
    /// of first appearance; each is made when it is asked for, since batches of few rows are far
    /// larger than what they are made of.
    pub fn drain(&mut self) -> impl Iterator<Item = Result<Batch, ArrowError>> + '_ {
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
            let batch = self.batch(table, &kind, &paths);
            Some(batch.map(|batch| Batch { kind, batch, grouped }))
        })
    }

    fn open(&mut self, source: u32, kind: &Kind, place: &Place, grouped: bool) {
        let fits = |table: &Table| table.kind.as_ref() == Some(kind) && table.has_room();
        if !self.tables.get(self.current).is_some_and(fits) {
            let known = self.numbers.get(kind).copied();
            self.current = known.filter(|number| self.tables[*number].has_room()).unwrap_or_else(|| {
                self.tables.push(Table { kind: Some(kind.clone()), grouped, ..Table::default() });
                self.bytes += REFERENCE_COLUMNS * COLUMN_BYTES;
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
                    table.columns.push(Column::new(name, derived));
                    self.bytes += COLUMN_BYTES;
                    table.names.insert(name.into(), table.columns.len() - 1);
                    table.columns.len() - 1
                }
            },
        };
        table.hint = number + 1;
        self.bytes += table.columns[number].push(row, value);
    }

    fn batch(
        &mut self,
        table: Table,
        kind: &Kind,
        paths: &Arc<StringArray>,
    ) -> Result<RecordBatch, ArrowError> {
        let mut columns = reference_columns(&table, paths)?;
        let records = table.records as usize;
        let fields = self.field_columns(table.columns, kind, records)?;
        if table.grouped {
            let mut offsets = table.starts;
            offsets.push(i32::try_from(records).unwrap_or(i32::MAX));
            let records = StructArray::try_new(
                fields.iter().map(|(field, _)| field.clone()).collect::<Fields>(),
                fields.into_iter().map(|(_, array)| array).collect(),
                None,
            )?;
            let item = Arc::new(Field::new("item", records.data_type().clone(), false));
            let list = ListArray::try_new(item, OffsetBuffer::new(offsets.into()), Arc::new(records), None)?;
            columns.push((Arc::new(Field::new("records", list.data_type().clone(), false)), Arc::new(list)));
        } else {
            columns.extend(fields);
        }
        let schema = Schema::new(columns.iter().map(|(field, _)| field.clone()).collect::<Fields>());
        RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, array)| array).collect())
    }

    /// Catalogue columns first, in the order of the event, then `raw`.
    fn field_columns(
        &mut self,
        columns: Vec<Column>,
        kind: &Kind,
        rows: usize,
    ) -> Result<Vec<(Arc<Field>, ArrayRef)>, ArrowError> {
        let mapped: Vec<Option<Mapped>> =
            columns.iter().map(|column| self.mapped(kind, &column.name)).collect();
        let mut best: HashMap<Arc<str>, usize> = HashMap::new();
        for entry in mapped.iter().flatten() {
            let rank = best.entry(entry.field.clone()).or_insert(entry.rank);
            *rank = entry.rank.min(*rank);
        }
        let mut known = Vec::new();
        let mut raw = Vec::new();
        for (column, entry) in columns.into_iter().zip(mapped) {
            match entry.filter(|entry| best.get(&entry.field) == Some(&entry.rank)) {
                Some(entry) => known.push(column.finish(&entry.field, rows)?),
                None => {
                    let name = column.name.clone();
                    raw.push(column.finish(&name, rows)?);
                }
            }
        }
        if !raw.is_empty() {
            let array = StructArray::try_new(
                raw.iter().map(|(field, _)| field.clone()).collect::<Fields>(),
                raw.into_iter().map(|(_, array)| array).collect(),
                None,
            )?;
            known.push((Arc::new(Field::new("raw", array.data_type().clone(), false)), Arc::new(array)));
        }
        Ok(known)
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

impl Column {
    fn new(name: &str, derived: bool) -> Self {
        Self {
            name: name.into(),
            derived,
            repeats: false,
            scalars: 0,
            cells: Vec::new(),
            index: HashTable::new(),
            text: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Adds a value and says how many bytes of text it cost.
    fn push(&mut self, row: u32, value: Value<'_>) -> usize {
        self.scalars |= 1 << value.scalar as u8;
        self.repeats |= self.cells.last().is_some_and(|&(last, _)| last == row);
        let bytes = value.text.as_bytes();
        let hash = hash_of(bytes);
        let (text, ends) = (&self.text, &self.ends);
        if let Some(&id) = self.index.find(hash, |&id| value_at(text, ends, id) == bytes) {
            self.cells.push((row, id));
            return 4;
        }
        let id = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.extend_from_slice(bytes);
        self.ends.push(i32::try_from(self.text.len()).unwrap_or(i32::MAX));
        let (text, ends) = (&self.text, &self.ends);
        self.index.insert_unique(hash, id, |&id| hash_of(value_at(text, ends, id)));
        self.cells.push((row, id));
        bytes.len() + 8
    }

    fn finish(self, name: &str, rows: usize) -> Result<(Arc<Field>, ArrayRef), ArrowError> {
        let mut offsets = Vec::with_capacity(self.ends.len() + 1);
        offsets.push(0);
        offsets.extend_from_slice(&self.ends);
        let values: ArrayRef = Arc::new(StringArray::try_new(
            OffsetBuffer::new(ScalarBuffer::from(offsets)),
            Buffer::from_vec(self.text),
            None,
        )?);
        let scalar = match self.scalars {
            s if s == 1 << Scalar::Integer as u8 => Scalar::Integer,
            s if s == 1 << Scalar::Boolean as u8 => Scalar::Boolean,
            s if s & !(1 << Scalar::Integer as u8 | 1 << Scalar::Float as u8) == 0 => Scalar::Float,
            _ => Scalar::Text,
        };
        let array =
            if self.repeats { list(&self.cells, values, rows)? } else { dense(&self.cells, values, rows)? };
        let mut metadata = HashMap::from([
            ("name".to_owned(), self.name.to_string()),
            ("scalar".to_owned(), scalar.as_str().to_owned()),
        ]);
        if self.derived {
            metadata.insert("derived".to_owned(), "true".to_owned());
        }
        let field = Field::new(name, array.data_type().clone(), true).with_metadata(metadata);
        Ok((Arc::new(field), array))
    }
}

fn hash_of(bytes: &[u8]) -> u64 {
    FxBuildHasher.hash_one(bytes)
}

fn value_at<'a>(text: &'a [u8], ends: &[i32], id: u32) -> &'a [u8] {
    let at = id as usize;
    let start = if at == 0 { 0 } else { usize::try_from(ends[at - 1]).unwrap_or(0) };
    &text[start..usize::try_from(ends[at]).unwrap_or(start)]
}

/// One key a row, null where the row has no value.
fn dense(cells: &[(u32, u32)], values: ArrayRef, rows: usize) -> Result<ArrayRef, ArrowError> {
    let mut keys = vec![0u32; rows];
    let nulls = if cells.len() == rows {
        cells.iter().for_each(|&(row, id)| keys[row as usize] = id);
        None
    } else {
        let mut present = vec![false; rows];
        for &(row, id) in cells {
            keys[row as usize] = id;
            present[row as usize] = true;
        }
        Some(NullBuffer::new(BooleanBuffer::from(present)))
    };
    let keys = UInt32Array::try_new(ScalarBuffer::from(keys), nulls)?;
    Ok(Arc::new(DictionaryArray::<UInt32Type>::try_new(keys, values)?))
}

/// A list of keys a row, null where the row has no value.
fn list(cells: &[(u32, u32)], values: ArrayRef, rows: usize) -> Result<ArrayRef, ArrowError> {
    let mut offsets = vec![0i32; rows + 1];
    for &(row, _) in cells {
        offsets[row as usize + 1] += 1;
    }
    let present: Vec<bool> = offsets[1..].iter().map(|&count| count > 0).collect();
    for row in 0..rows {
        offsets[row + 1] += offsets[row];
    }
    // Cells come in row order, so their ids are the list's items as they stand.
    let keys = UInt32Array::from_iter_values(cells.iter().map(|&(_, id)| id));
    let items = DictionaryArray::<UInt32Type>::try_new(keys, values)?;
    let item = Arc::new(Field::new("item", items.data_type().clone(), false));
    let nulls = Some(NullBuffer::new(BooleanBuffer::from(present)));
    Ok(Arc::new(ListArray::try_new(item, OffsetBuffer::new(offsets.into()), Arc::new(items), nulls)?))
}

fn reference_columns(
    table: &Table,
    paths: &Arc<StringArray>,
) -> Result<Vec<(Arc<Field>, ArrayRef)>, ArrowError> {
    let places = &table.places;
    let sources = UInt32Array::from_iter_values(places.iter().map(|(source, _)| *source));
    let sources = DictionaryArray::<UInt32Type>::try_new(sources, paths.clone())?;
    let number = |get: fn(&Place) -> Option<u64>| -> ArrayRef {
        Arc::new(places.iter().map(|(_, place)| get(place)).collect::<UInt64Array>())
    };
    let times = places.iter().map(|(_, place)| place.time.map(|time| time.nanoseconds()));
    let times = times.collect::<TimestampNanosecondArray>().with_timezone("UTC");
    let column = |name: &str, array: ArrayRef, nullable| {
        (Arc::new(Field::new(name, array.data_type().clone(), nullable)), array)
    };
    Ok(vec![
        column("source_path", Arc::new(sources), false),
        column("ordinal", number(|place| Some(place.ordinal)), false),
        column("line", number(|place| place.line), true),
        column("record_id", number(|place| place.record_id), true),
        column("audit_serial", number(|place| place.audit_serial), true),
        (
            Arc::new(Field::new(
                "time",
                DataType::Timestamp(arrow_schema::TimeUnit::Nanosecond, Some("UTC".into())),
                true,
            )),
            Arc::new(times),
        ),
    ])
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
        let batches = builder.finish().unwrap();
        assert_eq!(batches.len(), 1);
        let batch = &batches[0].batch;
        assert_eq!(batch.num_rows(), 3);
        let host = batch.column_by_name("device.hostname").unwrap();
        assert!(host.is_null(0) && host.is_valid(1), "Computer is the first name of the field");
        let raw = batch.column_by_name("raw").unwrap().as_struct();
        assert_eq!(raw.column_by_name("Hostname").unwrap().null_count(), 0);
        let data = raw.column_by_name("Data").unwrap().as_list::<i32>();
        assert_eq!(data.value_length(1), 2);
        assert!(data.is_null(0));
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
        let batches = builder.finish().unwrap();
        let rows: usize = batches.iter().map(|batch| batch.batch.num_rows()).sum();
        assert_eq!(rows, 10_000);
        assert!(batches.len() < 10, "{}", batches.len());
        let cells = |batch: &Batch| batch.batch.get_array_memory_size();
        assert!(batches.iter().map(cells).max().unwrap() < 64 << 20);
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
        let batches = builder.finish().unwrap();
        assert!(batches[0].grouped);
        let records = batches[0].batch.column_by_name("records").unwrap().as_list::<i32>();
        assert_eq!((batches[0].batch.num_rows(), records.value_length(0)), (1, 2));
    }
}
