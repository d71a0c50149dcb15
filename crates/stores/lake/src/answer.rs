//! Rows of an answer as JSON values, for whoever shows them or writes them down.
//!
//! Numbers are numbers, times are RFC 3339 in UTC, bytes are hexadecimal digits; lists, maps and
//! structures are what JSON has for them. What JSON has no word for is a text: a fraction with more
//! digits than a double holds, or no number at all.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, Schema, TimeUnit};
use model::time::Instant;
use serde_json::{Map, Number, Value};

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its name, which no other column of the answer has.
    pub name: String,
    /// Whether its values are numbers.
    pub is_number: bool,
}

/// The columns of an answer. Of several with one name the later ones get a number.
#[must_use]
pub fn headings(columns: &Schema) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    for field in columns.fields() {
        let is_taken = |name: &str| headings.iter().any(|heading| heading.name == name);
        let mut name = field.name().clone();
        let mut number = 2;
        while is_taken(&name) {
            name = format!("{}_{number}", field.name());
            number += 1;
        }
        headings.push(Heading { name, is_number: field.data_type().is_numeric() });
    }
    headings
}

/// The values of rows, row by row, in the order of the columns.
#[must_use]
pub fn values(rows: &RecordBatch) -> Vec<Vec<Value>> {
    let mut columns: Vec<_> = rows.columns().iter().map(|array| column(array).into_iter()).collect();
    let row = |_| columns.iter_mut().map(|values| values.next().unwrap_or(Value::Null)).collect();
    (0..rows.num_rows()).map(row).collect()
}

/// The values of a column.
fn column(array: &ArrayRef) -> Vec<Value> {
    let found = match array.data_type() {
        DataType::Null => Some(vec![Value::Null; array.len()]),
        DataType::Boolean => Some(each(array, |row| array.as_boolean().value(row).into())),
        DataType::UInt64 => Some(each(array, |row| array.as_primitive::<UInt64Type>().value(row).into())),
        kind if kind.is_integer() => as_type(array, &DataType::Int64, |array| {
            each(array, |row| array.as_primitive::<Int64Type>().value(row).into())
        }),
        kind if kind.is_floating() => as_type(array, &DataType::Float64, |array| {
            each(array, |row| float(array.as_primitive::<Float64Type>().value(row)))
        }),
        DataType::Utf8 => Some(each(array, |row| array.as_string::<i32>().value(row).into())),
        DataType::Utf8View => Some(each(array, |row| array.as_string_view().value(row).into())),
        DataType::Timestamp(unit, _) => as_type(array, &DataType::Int64, |ticks| times(array, ticks, *unit)),
        DataType::Dictionary(_, inner) => as_type(array, inner, column),
        DataType::List(_) => Some(each(array, |row| column(&array.as_list::<i32>().value(row)).into())),
        DataType::Map(..) => Some(each(array, |row| object(array, row))),
        DataType::Struct(_) => Some(structures(array)),
        _ => None,
    };
    found.unwrap_or_else(|| texts(array))
}

/// A value for each row that has one.
fn each(array: &dyn Array, value: impl Fn(usize) -> Value) -> Vec<Value> {
    (0..array.len()).map(|row| if array.is_valid(row) { value(row) } else { Value::Null }).collect()
}

fn as_type(
    array: &ArrayRef,
    wanted: &DataType,
    values: impl FnOnce(&ArrayRef) -> Vec<Value>,
) -> Option<Vec<Value>> {
    cast(array, wanted).ok().map(|array| values(&array))
}

fn float(number: f64) -> Value {
    Number::from_f64(number).map_or_else(|| Value::String(number.to_string()), Value::Number)
}

/// Times, given as ticks of their unit as well.
fn times(array: &ArrayRef, ticks: &ArrayRef, unit: TimeUnit) -> Vec<Value> {
    let scale = match unit {
        TimeUnit::Second => 1_000_000_000,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    };
    let ticks = ticks.as_primitive::<Int64Type>();
    let time = |row: usize| ticks.value(row).checked_mul(scale).map(Instant::from_nanoseconds);
    // A time that no log can have is shown as the library shows it.
    let others = (0..array.len()).any(|row| array.is_valid(row) && time(row).is_none());
    let others = if others { texts(array) } else { Vec::new() };
    each(array, |row| match time(row) {
        Some(time) => Value::String(time.to_string()),
        None => others.get(row).cloned().unwrap_or(Value::Null),
    })
}

/// A map of one row. Names are texts; of one that stands twice the later value counts.
fn object(array: &ArrayRef, row: usize) -> Value {
    let entries = array.as_map().value(row);
    let names = column(entries.column(0)).into_iter().map(|name| match name {
        Value::String(name) => name,
        other => other.to_string(),
    });
    Value::Object(names.zip(column(entries.column(1))).collect())
}

fn structures(array: &ArrayRef) -> Vec<Value> {
    let parts = array.as_struct();
    let columns: Vec<Vec<Value>> = parts.columns().iter().map(column).collect();
    each(array, |row| {
        let values = columns.iter().map(|column| column[row].clone());
        let names = parts.column_names().into_iter().map(str::to_owned);
        Value::Object(names.zip(values).collect::<Map<_, _>>())
    })
}

/// Values as the library writes them; numbers where that is one.
fn texts(array: &ArrayRef) -> Vec<Value> {
    let options = FormatOptions::default().with_display_error(true);
    let Ok(formatter) = ArrayFormatter::try_new(array.as_ref(), &options) else {
        return vec![Value::Null; array.len()];
    };
    let is_number = array.data_type().is_numeric();
    each(array, |row| {
        let text = formatter.value(row).to_string();
        if is_number { decimal(text) } else { Value::String(text) }
    })
}

/// A decimal fraction as the number that it is, if a number of JSON can hold it.
fn decimal(text: String) -> Value {
    let short = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    match short.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) => match short.parse::<f64>() {
            Ok(number) if number.to_string() == short => float(number),
            _ => Value::String(text),
        },
    }
}
