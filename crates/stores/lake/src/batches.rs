//! The table of batches: one row for each, added behind its rows in the tables of events.
//!
//! | column | type | what |
//! |---|---|---|
//! | `received` | µs, UTC | when it was taken in |
//! | `batch` | text (UUID) | its id |
//! | `owner`, `source` | text | whose it is, and what keeps it apart from the same bytes of another source |
//! | `source_path`, `format` | text | where it was read first, and as what |
//! | `tlp`, `confidentiality`, `pap` | text | what may be done with it |
//! | `first_event`, `events`, `flaws` | i64 | number of its first event in the source, how many there are, and what could not be read |
//! | `earliest`, `latest` | µs, UTC | times of its events |
//! | `reader` | i32 | version of the reader |
//! | `begins`, `ends` | text | places in the source, as [`sources::Mark`] writes them |
//! | `open` | text | `line` or `events` and a place, if the source ended in the middle of one |
//! | `replaces` | list of text | batches whose events are whole, or read better, in this one |
//!
//! What a batch replaces is superseded: its rows stay, and questions leave them out.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use model::marking::Marking;
use model::time::Instant;
use sources::{Mark, Open, Stored};

use crate::id::{BatchId, Owner};
use crate::name::Compartment;
use crate::rows::RowsError;

/// The name of the table in each compartment.
pub const BATCHES: &str = "batches";

/// The column of what a batch supersedes.
pub(crate) const REPLACES: &str = "replaces";

const MICROSECOND: i64 = 1_000;

/// What the lake knows of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it was taken in; whole microseconds.
    pub received: Instant,
    /// Its id.
    pub batch: BatchId,
    /// Whose it is.
    pub owner: Owner,
    /// What may be done with it.
    pub marking: Marking,
    /// Where it was read first.
    pub source_path: Arc<str>,
    /// One word for the notation of its source.
    pub format: Arc<str>,
    /// Number of its first event in the source, from 0.
    pub first_event: u64,
    /// Events in it.
    pub events: u64,
    /// What could not be read.
    pub flaws: u64,
    /// Times of the earliest and latest event, to the microsecond below.
    pub span: Option<(Instant, Instant)>,
    /// Version of the reader.
    pub reader: u32,
    /// Where it begins in its source.
    pub begins: Mark,
    /// Where it ends.
    pub ends: Mark,
    /// Whether the source ended there in the middle of something.
    pub open: Option<Open>,
    /// Batches that it supersedes.
    pub replaces: Vec<BatchId>,
}

impl Entry {
    /// Bytes of its events in the source.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.ends.end.saturating_sub(self.begins.end)
    }

    /// The batch as the cutting of sources knows it.
    #[must_use]
    pub fn stored(&self) -> Stored {
        Stored {
            id: self.batch.bytes(),
            start: self.begins,
            end: self.ends,
            first_event: self.first_event,
            events: self.events,
            open: self.open,
        }
    }
}

/// The columns of the table.
#[must_use]
pub fn schema() -> SchemaRef {
    let time = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let list = DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)));
    let columns = [
        ("received", time()),
        ("batch", DataType::Utf8),
        ("owner", DataType::Utf8),
        ("source", DataType::Utf8),
        ("source_path", DataType::Utf8),
        ("format", DataType::Utf8),
        ("tlp", DataType::Utf8),
        ("confidentiality", DataType::Utf8),
        ("pap", DataType::Utf8),
        ("first_event", DataType::Int64),
        ("events", DataType::Int64),
        ("flaws", DataType::Int64),
        ("earliest", time()),
        ("latest", time()),
        ("reader", DataType::Int32),
        ("begins", DataType::Utf8),
        ("ends", DataType::Utf8),
        ("open", DataType::Utf8),
        (REPLACES, list),
    ];
    Arc::new(Schema::new(columns.map(|(name, data_type)| Field::new(name, data_type, true)).to_vec()))
}

/// Rows of the table, in the order of the entries, which are of one compartment.
///
/// # Errors
/// When Arrow refuses, which the construction rules out.
pub fn rows(entries: &[Entry]) -> Result<RecordBatch, RowsError> {
    let text = |get: &dyn Fn(&Entry) -> Option<String>| -> ArrayRef {
        Arc::new(entries.iter().map(get).collect::<StringArray>())
    };
    let number = |get: &dyn Fn(&Entry) -> u64| -> ArrayRef {
        Arc::new(entries.iter().map(|entry| Some(get(entry).cast_signed())).collect::<Int64Array>())
    };
    let time = |get: &dyn Fn(&Entry) -> Option<Instant>| -> ArrayRef {
        let micros = |entry| get(entry).map(|time| time.nanoseconds().div_euclid(MICROSECOND));
        Arc::new(entries.iter().map(micros).collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
    };
    let mut replaces = ListBuilder::new(StringBuilder::new());
    for entry in entries {
        entry.replaces.iter().for_each(|batch| replaces.values().append_value(batch.to_string()));
        replaces.append(true);
    }
    let readers = entries.iter().map(|entry| Some(entry.reader.cast_signed()));
    let columns: Vec<ArrayRef> = vec![
        time(&|entry| Some(entry.received)),
        text(&|entry| Some(entry.batch.to_string())),
        text(&|entry| Some(entry.owner.organisation.clone())),
        text(&|entry| Some(entry.owner.source.clone()).filter(|source| !source.is_empty())),
        text(&|entry| Some(entry.source_path.to_string())),
        text(&|entry| Some(entry.format.to_string())),
        text(&|entry| Some(entry.marking.tlp.as_str().to_owned())),
        text(&|entry| entry.marking.confidentiality.map(|grade| grade.as_str().to_owned())),
        text(&|entry| entry.marking.pap.map(|pap| pap.as_str().to_owned())),
        number(&|entry| entry.first_event),
        number(&|entry| entry.events),
        number(&|entry| entry.flaws),
        time(&|entry| entry.span.map(|(earliest, _)| earliest)),
        time(&|entry| entry.span.map(|(_, latest)| latest)),
        Arc::new(readers.collect::<Int32Array>()),
        text(&|entry| Some(entry.begins.to_string())),
        text(&|entry| Some(entry.ends.to_string())),
        text(&|entry| entry.open.as_ref().map(open_text)),
        Arc::new(replaces.finish()),
    ];
    Ok(RecordBatch::try_new(schema(), columns)?)
}

fn open_text(open: &Open) -> String {
    match open {
        Open::Line(mark) => format!("line {mark}"),
        Open::Events(mark) => format!("events {mark}"),
    }
}

fn open_of(text: &str) -> Option<Open> {
    match text.split_once(' ')? {
        ("line", mark) => Some(Open::Line(Mark::read(mark)?)),
        ("events", mark) => Some(Open::Events(Mark::read(mark)?)),
        _ => None,
    }
}

/// The entries of rows of the table.
///
/// # Errors
/// When a column is missing or does not hold what it should.
pub fn entries(rows: &RecordBatch, compartment: &Compartment) -> Result<Vec<Entry>, RowsError> {
    let read = Columns::of(rows)?;
    (0..rows.num_rows()).map(|row| read.entry(row, compartment)).collect()
}

/// Columns of rows, in the types of the schema.
struct Columns(RecordBatch);

impl Columns {
    fn of(rows: &RecordBatch) -> Result<Self, RowsError> {
        let column = |field: &Arc<Field>| {
            let missing = || RowsError::Column(field.name().clone());
            cast(rows.column_by_name(field.name()).ok_or_else(missing)?, field.data_type())
                .map_err(|_| missing())
        };
        let columns = schema().fields().iter().map(column).collect::<Result<_, _>>()?;
        Ok(Self(RecordBatch::try_new(schema(), columns)?))
    }

    fn column(&self, name: &str) -> Option<&ArrayRef> {
        self.0.column_by_name(name)
    }

    fn text(&self, name: &str, row: usize) -> Option<&str> {
        let texts = self.column(name)?.as_string_opt::<i32>()?;
        texts.is_valid(row).then(|| texts.value(row))
    }

    fn number(&self, name: &str, row: usize) -> Option<u64> {
        let numbers = self.column(name)?.as_primitive_opt::<Int64Type>()?;
        numbers.is_valid(row).then(|| numbers.value(row).cast_unsigned())
    }

    fn time(&self, name: &str, row: usize) -> Option<Instant> {
        let times = self.column(name)?.as_primitive_opt::<TimestampMicrosecondType>()?;
        let micros = times.is_valid(row).then(|| times.value(row))?;
        Some(Instant::from_nanoseconds(micros.checked_mul(MICROSECOND)?))
    }

    fn reader(&self, row: usize) -> Option<u32> {
        Some(self.column("reader")?.as_primitive_opt::<Int32Type>()?.value(row).cast_unsigned())
    }

    fn replaces(&self, row: usize) -> Option<Vec<BatchId>> {
        let lists = self.column("replaces")?.as_list_opt::<i32>()?;
        if !lists.is_valid(row) {
            return Some(Vec::new());
        }
        let list = lists.value(row);
        list.as_string_opt::<i32>()?.iter().map(|text| text?.parse().ok()).collect()
    }

    fn entry(&self, row: usize, compartment: &Compartment) -> Result<Entry, RowsError> {
        let wrong = |name: &str| RowsError::Column(name.to_owned());
        let text = |name: &str| self.text(name, row).ok_or_else(|| wrong(name));
        let number = |name: &str| self.number(name, row).ok_or_else(|| wrong(name));
        let mark = |name: &str| Mark::read(text(name)?).ok_or_else(|| wrong(name));
        let optional = |name| self.text(name, row);
        let marking = Marking {
            tlp: text("tlp")?.parse().map_err(|_| wrong("tlp"))?,
            confidentiality: optional("confidentiality")
                .map(str::parse)
                .transpose()
                .map_err(|_| wrong("confidentiality"))?,
            pap: optional("pap").map(str::parse).transpose().map_err(|_| wrong("pap"))?,
        };
        let owner = Owner {
            compartment: compartment.clone(),
            organisation: text("owner")?.to_owned(),
            source: optional("source").unwrap_or_default().to_owned(),
        };
        Ok(Entry {
            received: self.time("received", row).ok_or_else(|| wrong("received"))?,
            batch: text("batch")?.parse().map_err(|_| wrong("batch"))?,
            owner,
            marking,
            source_path: text("source_path")?.into(),
            format: text("format")?.into(),
            first_event: number("first_event")?,
            events: number("events")?,
            flaws: number("flaws")?,
            span: self.time("earliest", row).zip(self.time("latest", row)),
            reader: self.reader(row).ok_or_else(|| wrong("reader"))?,
            begins: mark("begins")?,
            ends: mark("ends")?,
            open: optional("open").map(|text| open_of(text).ok_or_else(|| wrong("open"))).transpose()?,
            replaces: self.replaces(row).ok_or_else(|| wrong("replaces"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use model::marking::{Confidentiality, Pap, Tlp};

    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let mark = |end| Mark { head: u64::MAX, end, hash: [end.to_le_bytes()[0]; 32] };
        let owner = |source: &str| Owner {
            compartment: Compartment::own(),
            organisation: "あおば市".to_owned(),
            source: source.to_owned(),
        };
        let at = |micros: i64| Instant::from_nanoseconds(micros * 1_000);
        let first = Entry {
            received: at(1_780_000_000_000_000),
            batch: BatchId::from([7; 16]),
            owner: owner("ws01"),
            marking: Marking {
                tlp: Tlp::AmberStrict,
                confidentiality: Some(Confidentiality::Two),
                pap: Some(Pap::Red),
            },
            source_path: "a.zip!b".into(),
            format: "json".into(),
            first_event: 3,
            events: u64::MAX,
            flaws: 1,
            span: Some((at(-5), at(6))),
            reader: 9,
            begins: mark(4),
            ends: mark(9),
            open: Some(Open::Line(mark(8))),
            replaces: vec![BatchId::from([1; 16]), BatchId::from([2; 16])],
        };
        let second = Entry {
            owner: owner(""),
            marking: Marking::default(),
            span: None,
            open: Some(Open::Events(mark(1))),
            replaces: Vec::new(),
            ..first.clone()
        };
        let third = Entry { open: None, ..second.clone() };
        let all = [first, second, third];
        let rows = rows(&all).unwrap();
        assert_eq!(entries(&rows, &Compartment::own()).unwrap(), all);
        assert!(entries(&rows.project(&[0, 1, 2]).unwrap(), &Compartment::own()).is_err());
    }
}
