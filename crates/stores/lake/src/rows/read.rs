//! Rows to sheets.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, Int32Array, Int64Array, MapArray, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, TimeUnit};
use model::catalogue::Catalogue;
use model::event::{Kind, Place};
use model::time::Instant;
use sources::{Builder, Sheet, Value};

use super::RowsError;
use super::names::{
    AUDIT_SERIAL, EVENT_ID, LINE, LOG, ORDINAL, PRODUCT, RAW, RECORD_ID, SHAPE, SOURCE_PATH, TIME, TIME_REST,
};
use super::schema::map_type;
use super::shape::{Entry, Shape};

/// The sheets of rows, one a kind, with events in the order of the rows and fields named by a
/// catalogue, which may be another than when they were written.
///
/// # Errors
/// When a column is missing or does not hold what rows hold.
pub fn sheets(rows: &RecordBatch, catalogue: &Arc<Catalogue>) -> Result<Vec<Sheet>, RowsError> {
    sheets_of(rows, catalogue, &|_| true)
}

/// The same of those fields alone that are wanted; columns in which only others stand may be missing.
pub(crate) fn sheets_of(
    rows: &RecordBatch,
    catalogue: &Arc<Catalogue>,
    wants: &dyn Fn(&Entry) -> bool,
) -> Result<Vec<Sheet>, RowsError> {
    let read = Read::of(rows)?;
    let mut builder = Builder::new(catalogue.clone());
    let mut shapes: HashMap<&str, (Shape, bool)> = HashMap::new();
    let mut columns = Columns { rows, texts: HashMap::new() };
    for row in 0..rows.num_rows() {
        let text = read.shape.value(row);
        if !shapes.contains_key(text) {
            let mut shape = Shape::of_text(text)?;
            let all = shape.records.iter().map(Vec::len).sum::<usize>();
            shape.records.iter_mut().for_each(|record| record.retain(wants));
            let is_whole = shape.records.iter().map(Vec::len).sum::<usize>() == all;
            shapes.insert(text, (shape, is_whole));
        }
        let (shape, is_whole) = &shapes[text];
        columns.prepare(shape)?;
        Event { read: &read, columns: &columns, row, is_whole: *is_whole }.build(shape, &mut builder)?;
    }
    builder.finish().map_err(|cause| RowsError::Sheet(cause.to_string()))
}

/// The columns that all rows have, in the types in which they are looked at.
struct Read {
    product: StringArray,
    log: StringArray,
    event_id: Option<Int64Array>,
    source_path: StringArray,
    ordinal: Int64Array,
    line: Option<Int64Array>,
    record_id: Option<Int64Array>,
    audit_serial: Option<Int64Array>,
    time: Option<TimestampMicrosecondArray>,
    time_rest: Option<Int32Array>,
    raw: Option<MapArray>,
    shape: StringArray,
}

impl Read {
    fn of(rows: &RecordBatch) -> Result<Self, RowsError> {
        let micros = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let number = |name| -> Result<Option<Int64Array>, RowsError> {
            let found = column(rows, name, &DataType::Int64)?;
            Ok(found.and_then(|array| array.as_primitive_opt::<Int64Type>().cloned()))
        };
        let text = |name: &str| {
            text(rows, name)?.filter(|texts| texts.null_count() == 0).ok_or_else(|| missing(name))
        };
        let time = column(rows, TIME, &micros)?;
        let time_rest = column(rows, TIME_REST, &DataType::Int32)?;
        Ok(Self {
            product: text(PRODUCT)?,
            log: text(LOG)?,
            event_id: number(EVENT_ID)?,
            source_path: text(SOURCE_PATH)?,
            ordinal: number(ORDINAL)?.ok_or_else(|| missing(ORDINAL))?,
            line: number(LINE)?,
            record_id: number(RECORD_ID)?,
            audit_serial: number(AUDIT_SERIAL)?,
            time: time.and_then(|array| array.as_primitive_opt::<TimestampMicrosecondType>().cloned()),
            time_rest: time_rest.and_then(|array| array.as_primitive_opt::<Int32Type>().cloned()),
            raw: column(rows, RAW, &map_type())?.and_then(|array| array.as_map_opt().cloned()),
            shape: text(SHAPE)?,
        })
    }

    fn kind(&self, row: usize) -> Kind {
        let event_id = number(self.event_id.as_ref(), row).and_then(|id| u32::try_from(id).ok());
        Kind::new(self.product.value(row), self.log.value(row), event_id)
    }

    fn place(&self, row: usize) -> Place {
        let unsigned = |array: &Option<Int64Array>| number(array.as_ref(), row).map(i64::cast_unsigned);
        let micros = self.time.as_ref().filter(|times| times.is_valid(row)).map(|times| times.value(row));
        let rest =
            self.time_rest.as_ref().filter(|rests| rests.is_valid(row)).map_or(0, |rests| rests.value(row));
        // The first microsecond may begin before the first nanosecond.
        let nanoseconds =
            micros.and_then(|micros| i64::try_from(i128::from(micros) * 1_000 + i128::from(rest)).ok());
        Place {
            ordinal: self.ordinal.value(row).cast_unsigned(),
            line: unsigned(&self.line),
            record_id: unsigned(&self.record_id),
            audit_serial: unsigned(&self.audit_serial),
            time: nanoseconds.map(Instant::from_nanoseconds),
        }
    }

    /// What stands in `raw` of a row: each name with its values.
    fn raw(&self, row: usize) -> HashMap<&str, Vec<&str>> {
        let Some(map) = self.raw.as_ref().filter(|map| map.is_valid(row)) else { return HashMap::new() };
        let (keys, lists) = (map.keys().as_string::<i32>(), map.values().as_list::<i32>());
        let texts = lists.values().as_string::<i32>();
        let range = |offsets: &[i32], at: usize| {
            usize::try_from(offsets[at]).unwrap_or(0)..usize::try_from(offsets[at + 1]).unwrap_or(0)
        };
        let entries = range(map.value_offsets(), row);
        let values = |entry| range(lists.value_offsets(), entry).map(|at| texts.value(at)).collect();
        entries.map(|entry| (keys.value(entry), values(entry))).collect()
    }
}

fn number(array: Option<&Int64Array>, row: usize) -> Option<i64> {
    array.filter(|array| array.is_valid(row)).map(|array| array.value(row))
}

/// Columns of values as texts, each read when a shape names it first.
struct Columns<'a> {
    rows: &'a RecordBatch,
    texts: HashMap<String, StringArray>,
}

impl Columns<'_> {
    fn prepare(&mut self, shape: &Shape) -> Result<(), RowsError> {
        let read = shape.records.iter().flatten().filter(|entry| !entry.spelled);
        for name in read.filter_map(|entry| entry.column.as_ref()) {
            if !self.texts.contains_key(name) {
                let texts = text(self.rows, name)?.ok_or_else(|| missing(name))?;
                self.texts.insert(name.clone(), texts);
            }
        }
        Ok(())
    }
}

/// One row being made an event again.
struct Event<'a> {
    read: &'a Read,
    columns: &'a Columns<'a>,
    row: usize,
    /// Whether all of its fields are wanted.
    is_whole: bool,
}

impl<'a> Event<'a> {
    fn build(&self, shape: &'a Shape, builder: &mut Builder) -> Result<(), RowsError> {
        let (kind, place) = (self.read.kind(self.row), self.read.place(self.row));
        let source = builder.source(&self.read.source_path.value(self.row).into());
        // Values of `raw` that have not been taken, by name.
        let raw = self.read.raw(self.row);
        let mut rest: HashMap<&str, std::vec::IntoIter<&str>> =
            raw.into_iter().map(|(name, values)| (name, values.into_iter())).collect();
        if shape.grouped {
            builder.begin_grouped(source, &kind, &place);
        } else {
            builder.begin(source, &kind, &place);
        }
        for record in &shape.records {
            if shape.grouped {
                builder.next_record();
            }
            for entry in record {
                self.field(entry, &mut rest, builder)?;
            }
        }
        // What no shape asks for would be lost.
        if self.is_whole && rest.values().any(|values| values.len() > 0) {
            Err(RowsError::Shape)
        } else {
            Ok(())
        }
    }

    fn field(
        &self,
        entry: &'a Entry,
        rest: &mut HashMap<&str, std::vec::IntoIter<&'a str>>,
        builder: &mut Builder,
    ) -> Result<(), RowsError> {
        let mut column = entry.column.as_ref().filter(|_| !entry.spelled);
        for &(scalar, derived) in &entry.types {
            let value = if !scalar.has_value() {
                Value::nothing(scalar)
            } else if let Some(name) = column.take() {
                let texts = self.columns.texts.get(name).filter(|texts| texts.is_valid(self.row));
                Value { text: texts.ok_or(RowsError::Shape)?.value(self.row), scalar }
            } else {
                let values = rest.get_mut(entry.name.as_str());
                Value { text: values.and_then(Iterator::next).ok_or(RowsError::Shape)?, scalar }
            };
            if derived {
                builder.derived(&entry.name, value);
            } else {
                builder.field(&entry.name, value);
            }
        }
        Ok(())
    }
}

/// A column as the type in which rows have it, whatever a file or an engine made of it.
fn column(rows: &RecordBatch, name: &str, wanted: &DataType) -> Result<Option<ArrayRef>, RowsError> {
    let Some(array) = rows.column_by_name(name) else { return Ok(None) };
    if array.data_type() == wanted {
        return Ok(Some(array.clone()));
    }
    arrow_cast::cast(array, wanted).map(Some).map_err(|_| missing(name))
}

fn text(rows: &RecordBatch, name: &str) -> Result<Option<StringArray>, RowsError> {
    Ok(column(rows, name, &DataType::Utf8)?.and_then(|array| array.as_string_opt().cloned()))
}

fn missing(name: &str) -> RowsError {
    RowsError::Column(name.to_owned())
}
