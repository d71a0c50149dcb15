//! Reads bytes the way a caller does and gives the rows as plain values.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{TimestampNanosecondType, UInt32Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use model::catalogue::Catalogue;
use model::event::Flaw;
use model::time::Instant;
use sources::{Builder, Input, Limits, Piece, Reader, parse};

/// Fields of a record in the order of their names; each with its values.
pub type Fields = BTreeMap<String, Vec<String>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub path: String,
    pub kind: String,
    pub ordinal: u64,
    pub line: Option<u64>,
    pub record_id: Option<u64>,
    pub serial: Option<u64>,
    pub time: Option<String>,
    /// One record, or several of a grouped event.
    pub records: Vec<Fields>,
}

impl Row {
    /// The first value of a field of the first record; empty when it is absent.
    pub fn get(&self, name: &str) -> &str {
        self.records[0].get(name).map_or("", |values| values[0].as_str())
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.records[0].get(name).map_or(Vec::new(), |values| values.iter().map(String::as_str).collect())
    }
}

#[derive(Debug, Default)]
pub struct Read {
    pub rows: Vec<Row>,
    pub flaws: Vec<Flaw>,
    pub segments: usize,
}

impl Read {
    pub fn reasons(&self) -> Vec<&str> {
        self.flaws.iter().map(|flaw| flaw.reason.text.as_str()).collect()
    }
}

pub fn catalogue() -> Arc<Catalogue> {
    Arc::new(Catalogue::parse("field = []", "service = []\ncategory = []\nclass = []").unwrap())
}

pub fn read(bytes: &[u8]) -> Read {
    read_with(bytes, &Limits::default())
}

pub fn read_with(bytes: &[u8], limits: &Limits) -> Read {
    read_input(Input::Seekable(Box::new(Cursor::new(bytes))), limits)
}

pub fn read_input(input: Input<'_>, limits: &Limits) -> Read {
    let mut read = Read::default();
    let mut before: BTreeMap<String, u64> = BTreeMap::new();
    let mut builder = Builder::new(catalogue());
    for piece in Reader::open("s", input, limits) {
        let segment = match piece {
            Piece::Segment(segment) => segment,
            Piece::Flaw(flaw) => {
                read.flaws.push(flaw);
                continue;
            }
            Piece::Idle => continue,
        };
        read.segments += 1;
        let parsed = parse(&segment, &mut builder);
        read.flaws.extend(parsed.flaws);
        let events = before.entry(segment.source_path.to_string()).or_default();
        let mut rows = Vec::new();
        for batch in builder.finish().unwrap() {
            rows.extend(rows_of(&batch.kind.to_string(), &batch.batch, *events));
        }
        assert_eq!(rows.len() as u64, parsed.events);
        *events += parsed.events;
        rows.sort_by_key(|row: &Row| row.ordinal);
        read.rows.extend(rows);
    }
    read
}

fn rows_of(kind: &str, batch: &RecordBatch, before: u64) -> Vec<Row> {
    let number = |name: &str, row: usize| {
        let column = batch.column_by_name(name).unwrap().as_primitive::<UInt64Type>();
        column.is_valid(row).then(|| column.value(row))
    };
    let times = batch.column_by_name("time").unwrap().as_primitive::<TimestampNanosecondType>();
    let mut rows = Vec::new();
    for row in 0..batch.num_rows() {
        let records = match batch.column_by_name("records") {
            Some(records) => {
                let records = records.as_list::<i32>().value(row);
                let records = records.as_struct();
                (0..records.len()).map(|at| fields_of(records.column_by_name("raw").unwrap(), at)).collect()
            }
            None => vec![batch.column_by_name("raw").map_or_else(Fields::new, |raw| fields_of(raw, row))],
        };
        rows.push(Row {
            path: values(batch.column_by_name("source_path").unwrap(), row).remove(0),
            kind: kind.to_owned(),
            ordinal: before + number("ordinal", row).unwrap(),
            line: number("line", row),
            record_id: number("record_id", row),
            serial: number("audit_serial", row),
            time: times.is_valid(row).then(|| Instant::from_nanoseconds(times.value(row)).to_string()),
            records,
        });
    }
    rows
}

fn fields_of(raw: &dyn Array, row: usize) -> Fields {
    let raw = raw.as_struct();
    let columns = raw.column_names().into_iter().zip(raw.columns());
    let fields = columns.map(|(name, column)| (name.to_owned(), values(column, row)));
    fields.filter(|(_, values)| !values.is_empty()).collect()
}

fn values(column: &dyn Array, row: usize) -> Vec<String> {
    if column.is_null(row) {
        return Vec::new();
    }
    if let Some(list) = column.as_list_opt::<i32>() {
        let items = list.value(row);
        return (0..items.len()).flat_map(|at| values(&items, at)).collect();
    }
    let dictionary = column.as_dictionary::<UInt32Type>();
    let key = dictionary.key(row).unwrap();
    vec![dictionary.values().as_string::<i32>().value(key).to_owned()]
}
