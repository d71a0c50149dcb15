//! The rows that a figure counts, and what is made of them.

use std::collections::BTreeSet;

use super::{Measure, Value};
use crate::evidence::Reference;
use crate::time::Instant;

/// One of the rows that a figure counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands.
    pub evidence: Reference,
    /// What people know it by, by name.
    pub values: Vec<(&'static str, Cell)>,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is the word it stands for")]
pub enum Cell {
    Nothing,
    Text(String),
    Number(i64),
    Time(Instant),
}

impl Row {
    /// A value by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> &Cell {
        self.values.iter().find(|(known, _)| *known == name).map_or(&Cell::Nothing, |(_, value)| value)
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Cell::Number(number) => Some(*number),
            Cell::Time(time) => Some(time.seconds()),
            Cell::Nothing | Cell::Text(_) => None,
        }
    }
}

impl Measure {
    /// What rows come to.
    #[must_use]
    pub fn of<'a>(self, rows: impl IntoIterator<Item = &'a Row>) -> Value {
        let rows = rows.into_iter();
        match self {
            Self::Rows => Value::Count(rows.count() as u64),
            Self::Words(column) => {
                let texts = rows.map(|row| match row.get(column) {
                    Cell::Text(text) => text.as_str(),
                    Cell::Nothing | Cell::Number(_) | Cell::Time(_) => "",
                });
                let words: BTreeSet<&str> = texts.flat_map(str::split_whitespace).collect();
                Value::Count(words.len() as u64)
            }
            Self::Sum(column) => {
                let sum = rows.filter_map(|row| row.number(column)).fold(0_i64, i64::saturating_add);
                Value::Count(u64::try_from(sum).unwrap_or(0))
            }
            Self::MedianBetween(from, to) => {
                let between = |row: &Row| Some(row.number(to)?.saturating_sub(row.number(from)?));
                Value::Seconds(median(rows.filter_map(between).collect()))
            }
        }
    }
}

/// The value in the middle; of two, what lies halfway between them, rounded down.
fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    let last = values.len().checked_sub(1)?;
    let (low, high) = (values[last / 2], values[last.div_ceil(2)]);
    Some(low + high.saturating_sub(low) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_made_of_rows() {
        let at = |seconds: i64| Cell::Time(Instant::from_nanoseconds(seconds * 1_000_000_000));
        let row = |number: u64, values| Row { evidence: Reference::Look(number), values };
        let rows = [
            row(
                1,
                vec![
                    ("from", at(0)),
                    ("to", at(10)),
                    ("owner", Cell::Text("a".to_owned())),
                    ("n", Cell::Number(3)),
                ],
            ),
            row(
                2,
                vec![
                    ("from", at(0)),
                    ("to", at(30)),
                    ("owner", Cell::Text("b a".to_owned())),
                    ("n", Cell::Number(4)),
                ],
            ),
            row(3, vec![("from", at(5)), ("to", Cell::Nothing), ("owner", Cell::Text("a".to_owned()))]),
            row(4, vec![("owner", Cell::Text(String::new()))]),
        ];
        for (measure, value) in [
            (Measure::Rows, Value::Count(4)),
            (Measure::Words("owner"), Value::Count(2)),
            (Measure::Words("nobody"), Value::Count(0)),
            (Measure::Sum("n"), Value::Count(7)),
            (Measure::MedianBetween("from", "to"), Value::Seconds(Some(20))),
            (Measure::MedianBetween("to", "nobody"), Value::Seconds(None)),
        ] {
            assert_eq!(measure.of(&rows), value, "{measure:?}");
        }
        for (values, middle) in
            [(vec![], None), (vec![3], Some(3)), (vec![9, 1, 4], Some(4)), (vec![4, 1], Some(2))]
        {
            assert_eq!(median(values), middle);
        }
    }
}
