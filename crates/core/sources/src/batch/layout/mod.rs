//! Which columns a batch has: written and read here and nowhere else.
//!
//! One row an event. Reference columns, then fields:
//!
//! | column | type | what |
//! |---|---|---|
//! | `source_path` | text | file as given, `archive!member` inside archives |
//! | `ordinal` | u64 | number of the event in its source, from 1 |
//! | `line`, `record_id`, `audit_serial` | u64, may be null | further ways to point at the event |
//! | `time` | timestamp, ns, UTC, may be null | event time |
//! | catalogue names (`process.file.path` …) | values | fields the catalogue knows for this kind |
//! | `raw` | struct of values | all other fields, by the names the event gives them |
//!
//! A field that repeats inside an event is a list of values. A *grouped* batch (Linux audit) holds
//! events of several records: one column `records`, a list of structs, has the fields of each
//! record, since the same name (`a0`) means different things in different records.
//!
//! **Values** keep the spelling of their source. The metadata of their column says the source's own
//! name (`name`). Where all values of a column are of one JSON type and one origin, they are texts,
//! and the metadata says which (`type`; `derived`, if the reader computed them from another field).
//! Where not, they are structs of `text` and `type`, a letter: that of the JSON type, as a capital if
//! the value is derived. So the type of a value is data and stays with it when rows are chosen,
//! sorted, joined or packed in another way. Equal texts of different types are different values.
//! An absent field is null in its column; one that holds `null`, `[]` or `{}` is there, with the
//! empty text and its type.
//!
//! Texts and structs are written as the values of dictionaries, each distinct one once. Read are
//! dictionaries with any keys and plain columns, of short, long and view texts. What is none of
//! this is an error: a field that is passed over is a verdict that is missing.

mod packing;
mod read;
mod write;

use arrow_schema::Field;

use super::column::Mark;
use super::value::Scalar;
use crate::cause::Cause;

pub(super) use read::span;
pub use read::{Column, Rows};
pub(super) use write::{Events, Named, write};

/// Names of columns.
const SOURCE_PATH: &str = "source_path";
const ORDINAL: &str = "ordinal";
const LINE: &str = "line";
const RECORD_ID: &str = "record_id";
const AUDIT_SERIAL: &str = "audit_serial";
const TIME: &str = "time";
const RAW: &str = "raw";
const RECORDS: &str = "records";
/// Columns that every batch has.
pub(super) const REFERENCES: [&str; 6] = [SOURCE_PATH, ORDINAL, LINE, RECORD_ID, AUDIT_SERIAL, TIME];

/// Parts of a value that says its type.
const TEXT: &str = "text";
const TYPE: &str = "type";
/// Further keys of a column's metadata.
const NAME: &str = "name";
const DERIVED: &str = "derived";

fn unfit(field: &Field) -> Cause {
    Cause::ColumnType { column: field.name().clone(), found: field.data_type().to_string() }
}

fn null(field: &Field) -> Cause {
    Cause::ColumnNull { column: field.name().clone() }
}

fn unsound(field: &Field, key: &str) -> Cause {
    Cause::ColumnMetadata { column: field.name().clone(), key: key.to_owned() }
}

impl Scalar {
    /// The word in the metadata of a column.
    fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Null => "null",
            Self::EmptyList => "list",
            Self::EmptyObject => "object",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scalar| scalar.word() == word)
    }
}

impl Mark {
    /// A text that stands in the source.
    const TEXT: Self = Self::new(Scalar::Text, false);

    /// First letter of the type's word, as a capital for a derived value.
    fn letter(self) -> u8 {
        let letter = self.scalar().word().as_bytes()[0];
        if self.is_derived() { letter.to_ascii_uppercase() } else { letter }
    }

    fn of_letter(letter: u8) -> Option<Self> {
        let lower = letter.to_ascii_lowercase();
        let scalar = Scalar::ALL.into_iter().find(|scalar| scalar.word().as_bytes()[0] == lower)?;
        Some(Self::new(scalar, letter != lower))
    }
}
