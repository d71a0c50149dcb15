//! Sheets to rows.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{
    Array, ArrayRef, Int32Array, Int64Array, RecordBatch, RecordBatchOptions, TimestampMicrosecondArray,
};
use arrow_schema::{ArrowError, Field, Schema};
use model::event::Place;
use model::marking::{Confidentiality, Marking, Pap};
use model::time::Instant;
use rustc_hash::FxHashMap;
use sources::{Rows, Sheet};

use super::RowsError;
use super::fill::values;
use super::names::{
    AUDIT_SERIAL, BATCH, CLASS, CONFIDENTIALITY, EVENT_ID, LINE, LOG, Labels, ORDINAL, OWNER, PAP, PRODUCT,
    READER, RECORD_ID, ROW, SOURCE_PATH, TIME, TIME_REST, TLP,
};
use super::schema::{DAY, OTHER, Table, Tables};
use super::texts::{chosen, in_runs, repeated};

/// Nanoseconds in a microsecond.
const NANOSECONDS: i64 = 1_000;
const DAY_NANOSECONDS: i64 = 86_400 * 1_000_000_000;

/// Days that a time may lie before `now`, and after it, to have a partition of its own.
const BEFORE: i64 = 20 * 366;
const AFTER: i64 = 2;

/// The rows of a sheet, for the table of its class. Columns without any value are left out; the
/// partition is decided by `now`. Most texts are those of the sheet, by their numbers.
///
/// # Errors
/// When the sheet is none, or Arrow refuses, which the construction rules out.
pub fn rows<'t>(
    sheet: &Sheet,
    labels: &Labels,
    tables: &'t Tables,
    now: Instant,
) -> Result<(&'t Table, RecordBatch), RowsError> {
    let table = tables.of(&sheet.kind);
    let events = sheet.rows().map_err(|cause| RowsError::Sheet(cause.to_string()))?;
    let mut columns = places(&events, labels, now)?;
    columns.extend(same(sheet, labels, table, events.events())?);
    columns.extend(values(sheet, &events, table, tables)?);
    in_order(table, columns, events.events()).map(|rows| (table, rows))
}

pub(super) type Columns = FxHashMap<String, ArrayRef>;

/// Puts columns into the order of the table and leaves out those without any value.
fn in_order(table: &Table, mut columns: Columns, rows: usize) -> Result<RecordBatch, RowsError> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for field in table.schema.fields() {
        let Some(array) = columns.remove(field.name()) else { continue };
        if array.null_count() < array.len() {
            fields.push(Arc::new(Field::new(field.name(), array.data_type().clone(), true)));
            arrays.push(array);
        }
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)?)
}

/// Where each event stands.
fn places(events: &Rows<'_>, labels: &Labels, now: Instant) -> Result<Columns, ArrowError> {
    let places: Vec<Place> = (0..events.events()).map(|event| events.place(event)).collect();
    let number = |get: &dyn Fn(&Place) -> Option<u64>| -> ArrayRef {
        Arc::new(places.iter().map(|place| get(place).map(u64::cast_signed)).collect::<Int64Array>())
    };
    let times = || places.iter().map(|place| place.time.map(Instant::nanoseconds));
    let micros = times().map(|time| time.map(|time| time.div_euclid(NANOSECONDS)));
    let rest = times().map(|time| i32::try_from(time?.rem_euclid(NANOSECONDS)).ok());
    let paths = (0..events.events()).map(|event| events.source_path(event));
    Ok(Columns::from_iter([
        (
            TIME.to_owned(),
            Arc::new(micros.collect::<TimestampMicrosecondArray>().with_timezone("UTC")) as ArrayRef,
        ),
        (TIME_REST.to_owned(), Arc::new(rest.collect::<Int32Array>())),
        (DAY.to_owned(), days(times(), now)?),
        (ROW.to_owned(), number(&|place| place.ordinal.checked_sub(labels.first_event + 1))),
        (SOURCE_PATH.to_owned(), in_runs(paths)?),
        (ORDINAL.to_owned(), number(&|place| Some(place.ordinal))),
        (LINE.to_owned(), number(&|place| place.line)),
        (RECORD_ID.to_owned(), number(&|place| place.record_id)),
        (AUDIT_SERIAL.to_owned(), number(&|place| place.audit_serial)),
    ]))
}

/// How many of some rows have no day of their own, for they have no time, or one that no log can have.
#[must_use]
pub fn undated(rows: &RecordBatch) -> usize {
    let days = rows.column_by_name(DAY).and_then(|days| days.as_dictionary_opt::<UInt32Type>());
    let Some((days, names)) = days.and_then(|days| Some((days, days.values().as_string_view_opt()?))) else {
        return 0;
    };
    let other = names.iter().position(|name| name == Some(OTHER));
    days.keys_iter().filter(|day| day.is_some() && *day == other).count()
}

/// The partition of each event.
fn days(times: impl Iterator<Item = Option<i64>>, now: Instant) -> Result<ArrayRef, ArrowError> {
    let (mut names, mut known) = (Vec::new(), FxHashMap::default());
    let mut name = |day: Option<i64>| {
        *known.entry(day).or_insert_with(|| {
            names.push(name_of(day));
            u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
        })
    };
    let days = times.map(|time| number_of(time, now));
    let numbers = days.map(&mut name).collect();
    chosen(&names, numbers)
}

/// The partition of an event at this time, decided by `now`: its day in UTC, or `other`.
#[must_use]
pub fn day(time: Option<Instant>, now: Instant) -> String {
    name_of(number_of(time.map(Instant::nanoseconds), now))
}

/// The number of a day that has a partition of its own.
fn number_of(time: Option<i64>, now: Instant) -> Option<i64> {
    let today = now.nanoseconds().div_euclid(DAY_NANOSECONDS);
    let day = time.map(|time| time.div_euclid(DAY_NANOSECONDS));
    day.filter(|day| (today - BEFORE..=today + AFTER).contains(day))
}

fn name_of(day: Option<i64>) -> String {
    day.map_or_else(|| OTHER.to_owned(), |day| named(Instant::from_nanoseconds(day * DAY_NANOSECONDS)))
}

/// The day of a time in UTC, whether it has a partition of its own or not.
pub(crate) fn named(time: Instant) -> String {
    time.to_string().chars().take(10).collect()
}

/// What is the same for all rows of a sheet.
fn same(sheet: &Sheet, labels: &Labels, table: &Table, rows: usize) -> Result<Columns, ArrowError> {
    let text = |text: &str| repeated(text, rows);
    let mut columns = Columns::from_iter([
        (BATCH.to_owned(), text(&labels.batch.to_string())?),
        (PRODUCT.to_owned(), text(&sheet.kind.product)?),
        (LOG.to_owned(), text(&sheet.kind.log)?),
        (CLASS.to_owned(), text(&table.class)?),
        (OWNER.to_owned(), text(&labels.owner.organisation)?),
        (TLP.to_owned(), text(labels.marking.tlp.as_str())?),
        (READER.to_owned(), Arc::new(Int32Array::from(vec![labels.reader.cast_signed(); rows]))),
    ]);
    let Marking { confidentiality, pap, .. } = labels.marking;
    let optional =
        [(CONFIDENTIALITY, confidentiality.map(Confidentiality::as_str)), (PAP, pap.map(Pap::as_str))];
    for (name, value) in optional {
        if let Some(value) = value {
            columns.insert(name.to_owned(), text(value)?);
        }
    }
    let event_id = sheet.kind.event_id.map(i64::from);
    let event_id = event_id.map(|id| Arc::new(Int64Array::from(vec![id; rows])) as ArrayRef);
    columns.extend(event_id.map(|ids| (EVENT_ID.to_owned(), ids)));
    Ok(columns)
}
