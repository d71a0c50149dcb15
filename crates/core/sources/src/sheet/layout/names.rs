//! Names of columns and of what stands in their metadata.

use arrow_schema::Field;

use crate::cause::Cause;
use crate::sheet::column::Mark;
use crate::sheet::value::Scalar;

/// Names of columns.
pub(super) const SOURCE_PATH: &str = "source_path";
pub(super) const ORDINAL: &str = "ordinal";
pub(super) const LINE: &str = "line";
pub(super) const RECORD_ID: &str = "record_id";
pub(super) const AUDIT_SERIAL: &str = "audit_serial";
pub(super) const TIME: &str = "time";
pub(super) const RAW: &str = "raw";
pub(super) const RECORDS: &str = "records";
/// Columns that every sheet has.
pub(in crate::sheet) const REFERENCES: [&str; 6] =
    [SOURCE_PATH, ORDINAL, LINE, RECORD_ID, AUDIT_SERIAL, TIME];

/// Parts of a value that says its type.
pub(super) const TEXT: &str = "text";
pub(super) const TYPE: &str = "type";
/// Further keys of a column's metadata.
pub(super) const NAME: &str = "name";
pub(super) const DERIVED: &str = "derived";

pub(super) fn unfit(field: &Field) -> Cause {
    Cause::ColumnType { column: field.name().clone(), found: field.data_type().to_string() }
}

pub(super) fn null(field: &Field) -> Cause {
    Cause::ColumnNull { column: field.name().clone() }
}

pub(super) fn unsound(field: &Field, key: &str) -> Cause {
    Cause::ColumnMetadata { column: field.name().clone(), key: key.to_owned() }
}

impl Scalar {
    /// The word in the metadata of a column.
    pub(super) fn word(self) -> &'static str {
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

    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scalar| scalar.word() == word)
    }
}

impl Mark {
    /// A text that stands in the source.
    pub(super) const TEXT: Self = Self::new(Scalar::Text, false);

    /// First letter of the type's word, as a capital for a derived value.
    pub(super) fn letter(self) -> u8 {
        let letter = self.scalar().word().as_bytes()[0];
        if self.is_derived() { letter.to_ascii_uppercase() } else { letter }
    }

    pub(super) fn of_letter(letter: u8) -> Option<Self> {
        let lower = letter.to_ascii_lowercase();
        let scalar = Scalar::ALL.into_iter().find(|scalar| scalar.word().as_bytes()[0] == lower)?;
        Some(Self::new(scalar, letter != lower))
    }
}
