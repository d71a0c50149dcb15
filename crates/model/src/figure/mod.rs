//! Figures: numbers that reports say, each with what it counts, so that nobody has to believe it.
//!
//! A figure is a value, not code: which rows of which table it counts, and by which of their times a row is of a
//! [`Period`]. Whoever can read the books counts it, and shows the very rows; the same declaration gives the number,
//! its rows and the query that people read. Titles and definitions are words of the pages, by the figure's id.

mod cell;
mod period;
mod row;

pub use cell::{CellId, NotACell};
pub use period::{Length, NotAPeriod, Period};
pub use row::{Cell, Row};

/// A number that reports say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// `<activity>.<name>`.
    pub id: &'static str,
    /// What is counted: the word of its unit.
    pub unit: &'static str,
    /// Clauses that it answers, by their ids.
    pub clauses: &'static [&'static str],
    /// When a row is of a period.
    pub rule: Rule,
    /// What its rows are.
    pub counted: Counted,
    /// By what it is broken down: each list gives a part for each combination of its values.
    pub by: &'static [&'static [Part]],
}

/// When a row is of a period. What this is of a row, by which of its times, says what it is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Something happened then.
    During,
    /// It was going on then: it began before the period's end, and did not end before its beginning.
    Overlapping,
    /// It was so at the period's end.
    AtEnd,
    /// Always: it has no time.
    Always,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Rows of the lake.
    Lake(Lake),
    /// Rows of the journal.
    Journal(Journal),
    /// What the function of this name, which is the figure's id, gives of acts or of what the program knows.
    Named(Measure),
}

/// Rows of the lake, in the notation of its questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lake {
    /// What stands behind FROM.
    pub from: &'static str,
    /// The table whose rows are the evidence.
    pub of: LakeTable,
    /// The time by which a row is of a period; where something goes on, its beginning and its end.
    pub time: &'static [&'static str],
    /// What must hold of a row besides; empty for nothing.
    pub when: &'static str,
    /// What is counted once, however many rows have it: names and expressions. Empty where each row counts. A row
    /// without one of them does not count.
    pub distinct: &'static [Part],
    /// Columns by which people know a row.
    pub shown: &'static [&'static str],
    /// Whether there are so many of what is counted that it is gone over by itself.
    pub is_wide: bool,
}

/// How a row of the lake is named as evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LakeTable {
    /// A row of a class, by its batch and number there; of verdicts, the row on which they stand.
    Events,
    /// A batch, whose number is 0.
    Batches,
    /// A flaw, by its batch and its place in the source.
    Flaws,
}

/// Rows of a table of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Journal {
    /// The table.
    pub table: &'static str,
    /// The kind of stream of which a row is, and the column that has its id.
    pub stream: (&'static str, &'static str),
    /// The column of time by which a row is of a period.
    pub time: &'static str,
    /// What must hold of a row besides.
    pub when: &'static [Condition],
    /// What is made of the rows.
    pub measure: Measure,
    /// Columns by which people know a row.
    pub shown: &'static [&'static str],
    /// Which of them are times.
    pub times: &'static [&'static str],
}

/// What must hold of a row of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// A text is one of these.
    Text(&'static str, &'static [&'static str]),
    /// A number is at least this.
    AtLeast(&'static str, i64),
}

/// What is made of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// How many they are.
    Rows,
    /// How many different words stand in a column, whose texts have blanks between them.
    Words(&'static str),
    /// The median of the seconds between two times.
    MedianBetween(&'static str, &'static str),
    /// The sum of a column.
    Sum(&'static str),
}

/// By what a figure is broken down, or what of a row counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its name in ids.
    pub name: &'static str,
    /// What it is of a row.
    pub of: PartOf,
}

/// What a part is of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartOf {
    /// What a column or an expression says.
    Column(&'static str),
    /// The month in which its time lies.
    Month,
    /// The stretch of seven days in which its time lies, counted from the period's first day, by its first day.
    Week,
}

/// What a figure or a part of it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// So many.
    Count(u64),
    /// So long; none where there is nothing to measure.
    Seconds(Option<i64>),
}

impl Value {
    /// As one number.
    #[must_use]
    pub fn number(self) -> Option<i64> {
        match self {
            Self::Count(count) => i64::try_from(count).ok(),
            Self::Seconds(seconds) => seconds,
        }
    }
}
