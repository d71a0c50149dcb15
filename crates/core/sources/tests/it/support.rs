//! Reads bytes the way a caller does and gives the rows as plain values.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use model::catalogue::Catalogue;
use model::event::{Flaw, Place};
use sources::{Builder, Input, Limits, Piece, Reader, Rows, Scalar, Segment, Sheet, parse};

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
    /// Fields that are there without a value, by name.
    pub hollow: Vec<(String, Scalar)>,
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
        let events = before.entry(segment.source_path.to_string()).or_default();
        let (rows, flaws) = parsed(&segment, *events, &mut builder);
        read.flaws.extend(flaws);
        *events += rows.len() as u64;
        read.rows.extend(rows);
    }
    read
}

/// Rows and flaws of a segment of a source that gave so many events before.
pub fn parsed(segment: &Segment, before: u64, builder: &mut Builder) -> (Vec<Row>, Vec<Flaw>) {
    let parsed = parse(segment, builder);
    let sheets = builder.finish().unwrap();
    let mut rows: Vec<Row> = sheets.iter().flat_map(|sheet| rows_of(sheet, before)).collect();
    assert_eq!(rows.len() as u64, parsed.events);
    rows.sort_by_key(|row| row.ordinal);
    (rows, parsed.flaws)
}

fn rows_of(sheet: &Sheet, before: u64) -> Vec<Row> {
    let rows = sheet.rows().unwrap();
    let row = |event| {
        let Place { ordinal, line, record_id, audit_serial, time } = rows.place(event);
        Row {
            path: rows.source_path(event).to_owned(),
            kind: sheet.kind.to_string(),
            ordinal: before + ordinal,
            line,
            record_id,
            serial: audit_serial,
            time: time.map(|time| time.to_string()),
            records: rows.records(event).map(|record| fields_of(&rows, record)).collect(),
            hollow: rows.records(event).flat_map(|record| hollow_of(&rows, record)).collect(),
        }
    };
    (0..rows.events()).map(row).collect()
}

fn fields_of(rows: &Rows<'_>, record: usize) -> Fields {
    let mut fields = Fields::new();
    for column in rows.columns() {
        for &id in column.ids(record).iter().filter(|id| column.has_value(**id)) {
            fields.entry(column.name.to_owned()).or_default().push(column.text(id).to_owned());
        }
    }
    fields
}

fn hollow_of(rows: &Rows<'_>, record: usize) -> Vec<(String, Scalar)> {
    let columns = rows.columns().iter();
    let mut hollow: Vec<_> = columns
        .flat_map(|column| {
            let ids = column.ids(record).iter().filter(|id| !column.has_value(**id));
            ids.map(|id| (column.name.to_owned(), column.value(*id).scalar))
        })
        .collect();
    hollow.sort_by(|a, b| a.0.cmp(&b.0));
    hollow
}
