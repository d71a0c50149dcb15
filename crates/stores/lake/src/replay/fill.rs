//! Sheets of rows that were read.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, Int32Array, Int64Array, ListArray, MapArray, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt32Array,
};
use deltalake::arrow::compute::take_record_batch;
use model::event::{Kind, Place};
use model::evidence::{ContentId, Kept};
use model::time::Instant;
use sources::{Builder, Filled, KeptIn, Sheet};

use super::Reader;
use super::head::Texts;
use super::plan::{Plan, Planning, Stands, Value};
use crate::name::TableName;
use crate::rows::names::{
    AUDIT_SERIAL, BATCH, LINE, ORDINAL, RAW, RECORD_ID, ROW, SOURCE_PATH, TIME, TIME_REST,
};
use crate::rows::{RowsError, sheets_of};

/// Where the events of some rows stand, and where the rows themselves are kept.
pub(super) struct Origins {
    source: Texts,
    paths: Arc<StringArray>,
    batch: Texts,
    /// By number of the batch.
    kept: Vec<Arc<Kept>>,
    ordinal: Int64Array,
    line: Option<Int64Array>,
    record_id: Option<Int64Array>,
    audit_serial: Option<Int64Array>,
    time: Option<TimestampMicrosecondArray>,
    time_rest: Option<Int32Array>,
}

impl Origins {
    pub(super) fn of(rows: &RecordBatch, table: &TableName) -> Result<Self, RowsError> {
        let missing = |name: &str| RowsError::Column(name.to_owned());
        let number = |name| rows.column_by_name(name)?.as_primitive_opt::<Int64Type>().cloned();
        let text = |name| Texts::of(rows, name)?.ok_or_else(|| missing(name));
        let ordinal = number(ORDINAL).ok_or_else(|| missing(ORDINAL))?;
        let row = number(ROW).ok_or_else(|| missing(ROW))?;
        let (source, batch) = (text(SOURCE_PATH)?, text(BATCH)?);
        let time = rows.column_by_name(TIME);
        let time_rest = rows.column_by_name(TIME_REST);
        Ok(Self {
            paths: Arc::new(source.values.clone()),
            kept: kept(&batch, &ordinal, &row, table)?,
            source,
            batch,
            ordinal,
            line: number(LINE),
            record_id: number(RECORD_ID),
            audit_serial: number(AUDIT_SERIAL),
            time: time.and_then(|time| time.as_primitive_opt::<TimestampMicrosecondType>().cloned()),
            time_rest: time_rest.and_then(|rest| rest.as_primitive_opt::<Int32Type>().cloned()),
        })
    }

    fn place(&self, row: usize) -> Place {
        let number = |array: &Option<Int64Array>| {
            array.as_ref().filter(|array| array.is_valid(row)).map(|array| array.value(row).cast_unsigned())
        };
        let time = self.time.as_ref().filter(|times| times.is_valid(row)).map(|times| times.value(row));
        let rest = self.time_rest.as_ref().filter(|rests| rests.is_valid(row));
        let rest = rest.map_or(0, |rests| rests.value(row));
        // The first microsecond may begin before the first nanosecond.
        let time = time.and_then(|micros| i64::try_from(i128::from(micros) * 1_000 + i128::from(rest)).ok());
        Place {
            ordinal: self.ordinal.value(row).cast_unsigned(),
            line: number(&self.line),
            record_id: number(&self.record_id),
            audit_serial: number(&self.audit_serial),
            time: time.map(Instant::from_nanoseconds),
        }
    }

    /// The batches of some rows.
    fn kept_in(&self, places: impl Iterator<Item = u32>) -> KeptIn {
        let of_row = places.map(|place| self.batch.keys.value(place as usize)).collect();
        KeptIn { batches: self.kept.clone(), of_row }
    }
}

/// Batches by their numbers.
fn kept(
    batch: &Texts,
    ordinal: &Int64Array,
    row: &Int64Array,
    table: &TableName,
) -> Result<Vec<Arc<Kept>>, RowsError> {
    let wrong = || RowsError::Column(BATCH.to_owned());
    let table: Arc<str> = table.to_string().into();
    let mut first: Vec<Option<u64>> = vec![None; batch.values.len()];
    for (at, key) in batch.keys.iter().enumerate() {
        let first = first.get_mut(key.ok_or_else(wrong)? as usize).ok_or_else(wrong)?;
        if first.is_none() {
            let before = ordinal.value(at).wrapping_sub(1).wrapping_sub(row.value(at));
            *first = Some(before.cast_unsigned());
        }
    }
    let kept = |(id, first): (Option<&str>, Option<u64>)| {
        let batch: ContentId = id.ok_or_else(wrong)?.parse().map_err(|_| wrong())?;
        Ok(Arc::new(Kept { table: table.clone(), batch, first_event: first.unwrap_or(0) }))
    };
    batch.values.iter().zip(first).map(kept).collect()
}

/// Rows of one kind, about to become a sheet.
pub(super) struct Filling<'a> {
    pub(super) rows: &'a RecordBatch,
    pub(super) origins: &'a Origins,
    pub(super) plan: &'a Plan,
    pub(super) kind: &'a Kind,
}

/// A field in a shape: what it is, and the values of the column that it stands in.
struct Slot<'a> {
    value: &'a Value,
    from: From<'a>,
}

/// Values of a column and the numbers that they have in the sheet.
enum From<'a> {
    Texts(&'a Texts, Vec<u32>),
    Numbers(&'a Int64Array, HashMap<i64, u32>),
    Raw(Raw<'a>, &'a str),
    Nothing(Option<u32>),
}

/// The number of a value that has none yet.
const NEW: u32 = u32::MAX;

impl Filling<'_> {
    /// The sheet of simple events: their places among the rows, and their shapes.
    pub(super) fn sheet(&self, events: &[(u32, u32)], builder: &mut Builder) -> Result<Sheet, RowsError> {
        // Shapes by their places in a list, which is looked up for each event and field.
        let mut known: HashMap<u32, usize> = HashMap::new();
        let mut shapes: Vec<&[Value]> = Vec::new();
        let mut last = None;
        let mut of_event = Vec::with_capacity(events.len());
        for (_, shape) in events {
            let place = match last {
                Some((known, place)) if known == *shape => place,
                _ => *known.entry(*shape).or_insert_with(|| {
                    shapes.push(self.plan.simple.get(shape).and_then(Option::as_deref).unwrap_or_default());
                    shapes.len() - 1
                }),
            };
            last = Some((*shape, place));
            of_event.push(place);
        }
        let texts = self.texts()?;
        let mut columns = Vec::with_capacity(self.plan.fields.len());
        for (field, name) in self.plan.fields.iter().enumerate() {
            let mut slots = self.slots(field, &shapes, &texts)?;
            let mut column = Filled::new(name);
            for (number, ((place, _), shape)) in (0..).zip(events.iter().zip(&of_event)) {
                if let Some(slot) = slots.of_shape[*shape] {
                    let value = slots.all[slot].id(*place as usize, &mut column)?;
                    column.row(number, value);
                }
            }
            if !column.is_empty() {
                columns.push(column);
            }
        }
        let place = |(place, _): &(u32, u32)| {
            (self.origins.source.keys.value(*place as usize), self.origins.place(*place as usize))
        };
        let places: Vec<(u32, Place)> = events.iter().map(place).collect();
        let sheet = builder.sheet(self.kind, &self.origins.paths, &places, columns);
        let sheet = sheet.map_err(|cause| RowsError::Sheet(cause.to_string()))?;
        let kept = self.origins.kept_in(events.iter().map(|(place, _)| *place));
        Ok(Sheet { kept: Some(kept), ..sheet })
    }

    /// The columns of texts that the kind's values stand in.
    fn texts(&self) -> Result<HashMap<&str, Texts>, RowsError> {
        let mut texts = HashMap::new();
        for name in self.plan.columns.iter().filter(|name| *name != RAW) {
            let is_number = self.rows.column_by_name(name).is_some_and(|array| !is_text(array));
            if !is_number && let Some(found) = Texts::of(self.rows, name)? {
                texts.insert(name.as_str(), found);
            }
        }
        Ok(texts)
    }

    /// Where a field stands in each shape.
    fn slots<'s>(
        &'s self,
        field: usize,
        shapes: &[&'s [Value]],
        texts: &'s HashMap<&str, Texts>,
    ) -> Result<Slots<'s>, RowsError> {
        let mut slots = Slots { all: Vec::new(), of_shape: Vec::with_capacity(shapes.len()) };
        for values in shapes {
            let Some(value) = values.iter().find(|value| value.field == field) else {
                slots.of_shape.push(None);
                continue;
            };
            let place = match slots.all.iter().position(|slot| slot.value == value) {
                Some(known) => known,
                None => {
                    slots.all.push(Slot { value, from: self.from(value, texts)? });
                    slots.all.len() - 1
                }
            };
            slots.of_shape.push(Some(place));
        }
        Ok(slots)
    }

    fn from<'s>(&'s self, value: &Value, texts: &'s HashMap<&str, Texts>) -> Result<From<'s>, RowsError> {
        let name = match &value.stands {
            Stands::Column(name) => name,
            Stands::Raw => return Ok(From::Raw(Raw::of(self.rows)?, &self.plan.fields[value.field])),
            Stands::Nowhere => return Ok(From::Nothing(None)),
        };
        if let Some(texts) = texts.get(&**name) {
            return Ok(From::Texts(texts, vec![NEW; texts.values.len()]));
        }
        let array = self.rows.column_by_name(name).and_then(|array| array.as_primitive_opt::<Int64Type>());
        let array = array.ok_or_else(|| RowsError::Column(name.to_string()))?;
        Ok(From::Numbers(array, HashMap::new()))
    }
}

/// Where a field stands, each place once, and for each shape which of these it is.
struct Slots<'a> {
    all: Vec<Slot<'a>>,
    of_shape: Vec<Option<usize>>,
}

/// What stands in `raw`.
struct Raw<'a> {
    map: &'a MapArray,
    keys: &'a StringArray,
    lists: &'a ListArray,
    texts: &'a StringArray,
}

impl<'a> Raw<'a> {
    fn of(rows: &'a RecordBatch) -> Result<Self, RowsError> {
        let read = || {
            let map = rows.column_by_name(RAW)?.as_map_opt()?;
            let (keys, lists) = (map.keys().as_string_opt()?, map.values().as_list_opt()?);
            Some(Self { map, keys, lists, texts: lists.values().as_string_opt()? })
        };
        read().ok_or_else(|| RowsError::Column(RAW.to_owned()))
    }

    /// The first value that a row has under a name.
    fn text(&self, row: usize, name: &str) -> Option<&'a str> {
        let range = |offsets: &[i32], at: usize| -> Option<std::ops::Range<usize>> {
            Some(usize::try_from(*offsets.get(at)?).ok()?..usize::try_from(*offsets.get(at + 1)?).ok()?)
        };
        let mut entries = range(self.map.value_offsets(), row).filter(|_| self.map.is_valid(row))?;
        let entry = entries.find(|entry| self.keys.value(*entry) == name)?;
        let first = range(self.lists.value_offsets(), entry)?.next()?;
        Some(self.texts.value(first))
    }
}

fn is_text(array: &dyn Array) -> bool {
    array.as_any_dictionary_opt().is_some()
}

impl Slot<'_> {
    /// The number of the value that a row has, which joins the column when it is met first.
    #[inline]
    fn id(&mut self, row: usize, column: &mut Filled) -> Result<u32, RowsError> {
        let Value { scalar, derived, .. } = *self.value;
        let mut add = |text: &str, scalar| column.value(sources::Value { text, scalar }, derived);
        match &mut self.from {
            From::Texts(texts, ids) => {
                if texts.keys.is_null(row) {
                    return Err(RowsError::Shape);
                }
                let id = &mut ids[texts.keys.value(row) as usize];
                if *id == NEW {
                    *id = add(texts.values.value(texts.keys.value(row) as usize), scalar);
                }
                Ok(*id)
            }
            From::Numbers(numbers, ids) => {
                if numbers.is_null(row) {
                    return Err(RowsError::Shape);
                }
                let number = numbers.value(row);
                Ok(*ids.entry(number).or_insert_with(|| add(&number.to_string(), scalar)))
            }
            From::Raw(raw, name) => {
                let text = raw.text(row, name).ok_or(RowsError::Shape)?;
                Ok(column.known(sources::Value { text, scalar }, derived))
            }
            From::Nothing(id) => Ok(*id.get_or_insert_with(|| add("", scalar))),
        }
    }
}

/// Sheets of some rows, each event put together by itself.
pub(super) fn one_by_one(
    rows: &RecordBatch,
    places: &[u32],
    planning: &Planning<'_>,
    origins: &Origins,
    receive: &mut dyn FnMut(Sheet),
    reader: &Reader,
) -> Result<(), RowsError> {
    let rows = take_record_batch(rows, &UInt32Array::from(places.to_vec()))?;
    let mut places = places.iter().copied();
    let wants = |entry: &crate::rows::shape::Entry| planning.wants(&entry.name) && planning.shows(entry);
    for sheet in sheets_of(&rows, &reader.catalogue, &wants)? {
        let events = sheet.columns.num_rows();
        let kept = origins.kept_in(places.by_ref().take(events));
        receive(Sheet { kept: Some(kept), ..sheet });
    }
    Ok(())
}
