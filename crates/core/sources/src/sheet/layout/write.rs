//! Columns of a sheet from what the builder has collected.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, ListArray, RecordBatch, StringArray, StructArray,
    TimestampNanosecondArray, UInt8Array, UInt32Array, UInt64Array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, Field, FieldRef, Fields, Schema};
use model::event::Place;

use super::names::{
    AUDIT_SERIAL, DERIVED, LINE, NAME, ORDINAL, RAW, RECORD_ID, RECORDS, SOURCE_PATH, TEXT, TIME, TYPE,
};
use crate::cause::Cause;
use crate::sheet::column::{Column, Distinct};

/// The events of a sheet.
pub(in crate::sheet) struct Events<'a> {
    /// Number of the source, and place in it.
    pub(in crate::sheet) places: &'a [(u32, Place)],
    /// Records of all events.
    pub(in crate::sheet) records: u32,
    /// First record of each event, where events have several.
    pub(in crate::sheet) starts: Option<Vec<i32>>,
}

/// A column and the field of the catalogue that it is, if it is one.
pub(in crate::sheet) struct Named {
    pub(in crate::sheet) column: Column,
    pub(in crate::sheet) known: Option<Arc<str>>,
}

type Columns = Vec<(FieldRef, ArrayRef)>;

/// The columns of a sheet; takes the texts out of what was collected. `paths`: source paths by their
/// numbers.
pub(in crate::sheet) fn write(
    events: Events<'_>,
    columns: &mut [Named],
    paths: &Arc<StringArray>,
) -> Result<RecordBatch, Cause> {
    let mut all = references(events.places, paths)?;
    let records = events.records as usize;
    let (mut fields, mut raw) = (Columns::new(), Columns::new());
    for Named { column, known } in columns {
        match known {
            Some(name) => fields.push(values(name, column, records)?),
            None => raw.push(values(&column.name.clone(), column, records)?),
        }
    }
    if !raw.is_empty() {
        fields.push(one(RAW, Arc::new(structure(raw, records)?), false));
    }
    match events.starts {
        None => all.extend(fields),
        Some(mut offsets) => {
            offsets.push(i32::try_from(records).unwrap_or(i32::MAX));
            let records = structure(fields, records)?;
            let item = Arc::new(Field::new("item", records.data_type().clone(), false));
            let list = ListArray::try_new(item, OffsetBuffer::new(offsets.into()), Arc::new(records), None)?;
            all.push(one(RECORDS, Arc::new(list), false));
        }
    }
    let (fields, arrays): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

fn one(name: &str, array: ArrayRef, nullable: bool) -> (FieldRef, ArrayRef) {
    (Arc::new(Field::new(name, array.data_type().clone(), nullable)), array)
}

fn structure(columns: Columns, rows: usize) -> Result<StructArray, ArrowError> {
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    StructArray::try_new_with_length(Fields::from(fields), arrays, None, rows)
}

fn references(places: &[(u32, Place)], paths: &Arc<StringArray>) -> Result<Columns, ArrowError> {
    let sources = UInt32Array::from_iter_values(places.iter().map(|(source, _)| *source));
    let sources = DictionaryArray::<UInt32Type>::try_new(sources, paths.clone())?;
    let number = |get: fn(&Place) -> Option<u64>| -> ArrayRef {
        Arc::new(places.iter().map(|(_, place)| get(place)).collect::<UInt64Array>())
    };
    let times = places.iter().map(|(_, place)| place.time.map(|time| time.nanoseconds()));
    let times = times.collect::<TimestampNanosecondArray>().with_timezone("UTC");
    Ok(vec![
        one(SOURCE_PATH, Arc::new(sources), false),
        one(ORDINAL, number(|place| Some(place.ordinal)), false),
        one(LINE, number(|place| place.line), true),
        one(RECORD_ID, number(|place| place.record_id), true),
        one(AUDIT_SERIAL, number(|place| place.audit_serial), true),
        one(TIME, Arc::new(times), true),
    ])
}

/// A column of values.
fn values(name: &str, column: &mut Column, rows: usize) -> Result<(FieldRef, ArrayRef), ArrowError> {
    let mut metadata = HashMap::from([(NAME.to_owned(), column.name.to_string())]);
    if let Some(common) = column.values.common() {
        metadata.insert(TYPE.to_owned(), common.scalar().word().to_owned());
        if common.is_derived() {
            metadata.insert(DERIVED.to_owned(), "true".to_owned());
        }
    }
    let distinct = distinct(&mut column.values)?;
    let array = if column.repeats {
        list(&column.cells, distinct, rows)?
    } else {
        dense(&column.cells, distinct, rows)?
    };
    let field = Field::new(name, array.data_type().clone(), true).with_metadata(metadata);
    Ok((Arc::new(field), array))
}

/// Distinct values: texts, or structs where they differ in more than their text.
fn distinct(values: &mut Distinct) -> Result<ArrayRef, ArrowError> {
    let letters = values.common().is_none().then(|| values.marks.iter().map(|mark| mark.letter()).collect());
    let texts: ArrayRef = Arc::new(texts(values)?);
    let Some(letters) = letters else { return Ok(texts) };
    let letters: ArrayRef = Arc::new(UInt8Array::new(letters, None));
    let count = texts.len();
    Ok(Arc::new(structure(vec![one(TEXT, texts, false), one(TYPE, letters, false)], count)?))
}

/// The texts of distinct values, which are taken out.
pub(super) fn texts(values: &mut Distinct) -> Result<StringArray, ArrowError> {
    let mut offsets = Vec::with_capacity(values.ends.len() + 1);
    offsets.push(0);
    offsets.extend_from_slice(&values.ends);
    let text = std::mem::take(&mut values.text);
    StringArray::try_new(OffsetBuffer::new(ScalarBuffer::from(offsets)), Buffer::from_vec(text), None)
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
