//! Columns of rows, one value after the other.

use std::sync::Arc;

use arrow_array::builder::{MapBuilder, MapFieldNames, StringBuilder};
use arrow_array::{ArrayRef, Int32Array, Int64Array, StringArray, TimestampMicrosecondArray};
use arrow_schema::{ArrowError, DataType, Field, Fields, TimeUnit};
use model::marking::{Confidentiality, Pap};
use model::time::Instant;

use crate::label::Label;

/// Rows about to become columns.
pub(crate) struct Rows<'a, T>(pub(crate) &'a [T]);

impl<T> Rows<'_, T> {
    pub(crate) fn text<S: AsRef<str>>(&self, get: impl Fn(&T) -> Option<S>) -> ArrayRef {
        Arc::new(self.0.iter().map(get).collect::<StringArray>())
    }

    pub(crate) fn number(&self, get: impl Fn(&T) -> Option<u64>) -> ArrayRef {
        Arc::new(self.0.iter().map(|row| get(row).map(u64::cast_signed)).collect::<Int64Array>())
    }

    pub(crate) fn time(&self, get: impl Fn(&T) -> Option<Instant>) -> ArrayRef {
        let micros = self.0.iter().map(|row| get(row).map(|time| time.nanoseconds().div_euclid(1_000)));
        Arc::new(micros.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
    }

    pub(crate) fn rest(&self, get: impl Fn(&T) -> Option<Instant>) -> ArrayRef {
        let rest = |row: &T| i32::try_from(get(row)?.nanoseconds().rem_euclid(1_000)).ok();
        Arc::new(self.0.iter().map(rest).collect::<Int32Array>())
    }

    /// Whose rows are, and how they are marked.
    pub(crate) fn labels(&self, get: impl Fn(&T) -> &Label) -> [ArrayRef; 4] {
        let marking = |row: &T| get(row).marking;
        [
            self.text(|row| get(row).owner.clone()),
            self.text(|row| Some(marking(row).tlp.as_str())),
            self.text(|row| marking(row).confidentiality.map(Confidentiality::as_str)),
            self.text(|row| marking(row).pap.map(Pap::as_str)),
        ]
    }
}

/// Maps of text to text, each with its entries in their order.
pub(crate) fn maps<'a>(rows: impl Iterator<Item = Vec<(&'a str, &'a str)>>) -> Result<ArrayRef, ArrowError> {
    let names = MapFieldNames { entry: "key_value".into(), key: "key".into(), value: "value".into() };
    let mut maps = MapBuilder::new(Some(names), StringBuilder::new(), StringBuilder::new());
    for entries in rows {
        for (name, value) in entries {
            maps.keys().append_value(name);
            maps.values().append_value(value);
        }
        maps.append(true)?;
    }
    Ok(Arc::new(maps.finish()))
}

pub(crate) fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

pub(crate) fn number(name: &str) -> Field {
    Field::new(name, DataType::Int64, true)
}

pub(crate) fn time(name: &str) -> Field {
    Field::new(name, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), true)
}

pub(crate) fn rest(name: &str) -> Field {
    Field::new(name, DataType::Int32, true)
}

/// A map of text to text. Readers refuse maps whose values cannot be null.
pub(crate) fn map(name: &str) -> Field {
    let entry = Fields::from(vec![
        Field::new("key", DataType::Utf8, false),
        Field::new("value", DataType::Utf8, true),
    ]);
    let entries = Field::new("key_value", DataType::Struct(entry), false);
    Field::new(name, DataType::Map(Arc::new(entries), false), true)
}
