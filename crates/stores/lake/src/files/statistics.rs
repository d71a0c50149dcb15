//! What the log knows of the values in a file, so that a reader can pass the file over.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use deltalake::arrow::compute::{max, max_string_view, min, min_string_view};
use model::time::Instant;
use serde_json::{Map, Value as Json, json};

/// Characters of a text that stand in the log.
const CHARACTERS: usize = 32;

/// What is known of a column's values.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Gathered {
    nulls: usize,
    range: Option<Range>,
}

/// The least and the greatest value.
#[derive(Debug, Clone, PartialEq)]
enum Range {
    Numbers(i64, i64),
    /// Microseconds.
    Times(i64, i64),
    Texts(String, String),
}

impl Gathered {
    /// What is known of a column that a file has not.
    pub(super) fn absent(rows: usize) -> Self {
        Self { nulls: rows, range: None }
    }

    /// Takes in some values.
    pub(super) fn add(&mut self, values: &ArrayRef) {
        self.nulls += values.null_count();
        let found = Range::of(values);
        self.range = match (self.range.take(), found) {
            (Some(one), Some(other)) => one.with(other),
            (one, other) => one.or(other),
        };
    }
}

impl Range {
    fn of(values: &ArrayRef) -> Option<Self> {
        match values.data_type() {
            DataType::Utf8View => {
                let texts = values.as_string_view();
                Some(Self::Texts(min_string_view(texts)?.to_owned(), max_string_view(texts)?.to_owned()))
            }
            DataType::Int64 => {
                let numbers = values.as_primitive::<Int64Type>();
                Some(Self::Numbers(min(numbers)?, max(numbers)?))
            }
            DataType::Int32 => {
                let numbers = values.as_primitive::<Int32Type>();
                Some(Self::Numbers(min(numbers)?.into(), max(numbers)?.into()))
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                let times = values.as_primitive::<TimestampMicrosecondType>();
                Some(Self::Times(min(times)?, max(times)?))
            }
            _ => None,
        }
    }

    fn with(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Numbers(a, b), Self::Numbers(c, d)) => Some(Self::Numbers(a.min(c), b.max(d))),
            (Self::Times(a, b), Self::Times(c, d)) => Some(Self::Times(a.min(c), b.max(d))),
            (Self::Texts(a, b), Self::Texts(c, d)) => Some(Self::Texts(a.min(c), b.max(d))),
            _ => None,
        }
    }

    fn least(&self) -> Option<Json> {
        match self {
            Self::Numbers(least, _) => Some(json!(least)),
            Self::Times(least, _) => time(least.div_euclid(1_000)),
            Self::Texts(least, _) => Some(json!(least.chars().take(CHARACTERS).collect::<String>())),
        }
    }

    fn greatest(&self) -> Option<Json> {
        match self {
            Self::Numbers(_, greatest) => Some(json!(greatest)),
            Self::Times(_, greatest) => {
                let is_whole = greatest.rem_euclid(1_000) == 0;
                time(greatest.div_euclid(1_000) + i64::from(!is_whole))
            }
            Self::Texts(_, greatest) => bound(greatest).map(Json::from),
        }
    }
}

/// A time as the log writes it. One that no log can have is left out, which says nothing of it.
fn time(milliseconds: i64) -> Option<Json> {
    let instant = Instant::from_milliseconds(milliseconds)?;
    let text = instant.to_string();
    let (second, fraction) =
        text.trim_end_matches('Z').split_once('.').unwrap_or((text.trim_end_matches('Z'), ""));
    Some(json!(format!("{second}.{fraction:0<3}Z")))
}

/// A short text that is not less than a text; none if there is none.
fn bound(text: &str) -> Option<String> {
    let mut short: Vec<char> = text.chars().take(CHARACTERS).collect();
    if text.chars().nth(CHARACTERS).is_none() {
        return Some(text.to_owned());
    }
    while let Some(last) = short.pop() {
        // Between the last character before the surrogates and the first behind them is none.
        let next = if last == '\u{d7ff}' { Some('\u{e000}') } else { char::from_u32(last as u32 + 1) };
        if let Some(next) = next {
            short.push(next);
            return Some(short.into_iter().collect());
        }
    }
    None
}

/// Statistics of a file as the log has them.
pub(super) fn to_json<'a>(rows: usize, columns: impl Iterator<Item = (&'a str, Gathered)>) -> String {
    let (mut least, mut greatest, mut nulls) = (Map::new(), Map::new(), Map::new());
    for (name, gathered) in columns {
        nulls.insert(name.to_owned(), json!(gathered.nulls));
        let Some(range) = gathered.range else { continue };
        least.extend(range.least().map(|value| (name.to_owned(), value)));
        greatest.extend(range.greatest().map(|value| (name.to_owned(), value)));
    }
    json!({ "numRecords": rows, "minValues": least, "maxValues": greatest, "nullCount": nulls }).to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Int32Array, StringViewArray, TimestampMicrosecondArray};
    use proptest::prelude::*;

    use super::*;

    fn of(arrays: &[ArrayRef]) -> Json {
        let mut gathered = Gathered::default();
        arrays.iter().for_each(|array| gathered.add(array));
        let rows = arrays.iter().map(|array| array.len()).sum();
        serde_json::from_str(&to_json(rows, [("a.b", gathered)].into_iter())).unwrap()
    }

    #[test]
    fn values_lie_between_what_the_log_says() {
        let times = |micros: Vec<Option<i64>>| -> ArrayRef {
            Arc::new(TimestampMicrosecondArray::from(micros).with_timezone("UTC"))
        };
        let said = of(&[times(vec![Some(1_767_312_000_123_456), None]), times(vec![Some(-1)])]);
        assert_eq!(
            said,
            json!({
                "numRecords": 3,
                "minValues": { "a.b": "1969-12-31T23:59:59.999Z" },
                "maxValues": { "a.b": "2026-01-02T00:00:00.124Z" },
                "nullCount": { "a.b": 1 },
            })
        );
        let said = of(&[times(vec![Some(1_767_312_000_000_000), Some(1_767_312_000_000_000)])]);
        assert_eq!(said["maxValues"]["a.b"], "2026-01-02T00:00:00.000Z");
        // Nothing is said of what no log can have.
        let said = of(&[times(vec![Some(i64::MAX), Some(0)])]);
        assert_eq!(
            (&said["minValues"]["a.b"], &said["maxValues"]),
            (&json!("1970-01-01T00:00:00.000Z"), &json!({}))
        );
        let said = of(&[Arc::new(Int32Array::from(vec![Some(-7), None, Some(3)]))]);
        assert_eq!((&said["minValues"]["a.b"], &said["maxValues"]["a.b"]), (&json!(-7), &json!(3)));
        let said = of(&[Arc::new(StringViewArray::from(vec![None::<&str>, None]))]);
        assert_eq!((&said["nullCount"]["a.b"], &said["minValues"]), (&json!(2), &json!({})));
        assert_eq!(bound(&char::MAX.to_string().repeat(40)), None);
    }

    proptest! {
        #[test]
        fn short_texts_are_bounds(text in "[a\u{d7ff}\u{10ffff}灯é]{0,40}") {
            let range = Range::Texts(text.clone(), text.clone());
            let least = range.least().unwrap();
            prop_assert!(least.as_str().unwrap() <= text.as_str());
            if let Some(greatest) = range.greatest() {
                let greatest = greatest.as_str().unwrap().to_owned();
                prop_assert!(greatest >= text);
                prop_assert!(greatest.chars().count() <= CHARACTERS);
            }
        }
    }
}
