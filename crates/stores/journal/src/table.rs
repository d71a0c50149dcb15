//! Tables that acts fill: what they are made of, and their rows.

use model::time::Instant;
use model::view::Label;

use crate::personal::Personal;

/// A table of an activity. Besides its own columns each has those of the label, by which views decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name: small letters and `_`.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// Names of the columns that tell rows apart.
    pub key: &'static [&'static str],
    /// Columns whose values may stand in one row only.
    pub unique: &'static [&'static [&'static str]],
    /// Columns by which rows are often sorted.
    pub sorted: &'static [&'static [&'static str]],
}

/// A column. It has a value in each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name: small letters and `_`.
    pub name: &'static str,
    /// What stands in it.
    pub sort: Sort,
    /// Whether its texts are looked for by their parts.
    pub searched: bool,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Text.
    Text,
    /// A whole number, also a flag.
    Number,
    /// An instant, nanoseconds since the epoch.
    Time,
    /// A personal value: the row has its commitment; what is read is the value, empty once it is forgotten.
    Personal,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// An instant.
    Time(Instant),
    /// A personal value, by what stands for it; none where there is no such person.
    Personal(Option<Personal>),
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The table.
    pub table: &'static str,
    /// A value for each of its columns, in their order.
    pub values: Vec<Value>,
    /// Who may see it.
    pub label: Label,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upsert {
    /// It stands in its table, in place of the one with the same key.
    Put(Row),
    /// The row with this key does not stand there any more.
    Remove {
        /// The table.
        table: &'static str,
        /// A value for each column of its key, in their order.
        key: Vec<Value>,
    },
}

impl Column {
    /// A column of texts.
    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        Self { name, sort: Sort::Text, searched: false }
    }

    /// A column of whole numbers.
    #[must_use]
    pub const fn number(name: &'static str) -> Self {
        Self { name, sort: Sort::Number, searched: false }
    }

    /// A column of instants.
    #[must_use]
    pub const fn time(name: &'static str) -> Self {
        Self { name, sort: Sort::Time, searched: false }
    }

    /// A column of personal values.
    #[must_use]
    pub const fn personal(name: &'static str) -> Self {
        Self { name, sort: Sort::Personal, searched: false }
    }

    /// The same, looked through for parts of its texts.
    #[must_use]
    pub const fn searched(self) -> Self {
        Self { searched: true, ..self }
    }
}

impl Table {
    /// The place of a column.
    #[must_use]
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|one| one.name == column)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Number(i64::from(flag))
    }
}

impl From<Instant> for Value {
    fn from(time: Instant) -> Self {
        Self::Time(time)
    }
}

impl From<Option<Personal>> for Value {
    fn from(personal: Option<Personal>) -> Self {
        Self::Personal(personal)
    }
}
