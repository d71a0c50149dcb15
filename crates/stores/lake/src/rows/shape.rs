//! How an event is put together from the columns of its row.

use serde_json::{Value as Json, json};
use sources::Scalar;

use super::RowsError;

/// The fields of an event in order, each with the types of its values and the place of the first.
///
/// As text it is JSON: a list of fields, or `{"records": [fields, …]}` for an event of several
/// records. A field is `[name, types]`, `[name, types, column]`, or `[name, types, column, true]`
/// where the column holds a number and `raw` its spelling. `types` has a letter for each value: the
/// first of text, integer, float, boolean, null, list (empty) or object (empty), as a capital if the
/// reader computed it. Only the first four stand anywhere: in the column, where one is named, the
/// first of them, all else under the name in `raw`, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Whether the event has several records.
    pub(crate) grouped: bool,
    /// Fields of each record.
    pub(crate) records: Vec<Vec<Entry>>,
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The source's name.
    pub(crate) name: String,
    /// Types of its values, and whether they are derived.
    pub(crate) types: Vec<(Scalar, bool)>,
    /// The column that has the first value.
    pub(crate) column: Option<String>,
    /// Whether that value stands in `raw` as well, as it is spelled.
    pub(crate) spelled: bool,
}

/// Letter of a value's type.
pub(crate) fn letter(scalar: Scalar, derived: bool) -> char {
    let letter = match scalar {
        Scalar::Text => 't',
        Scalar::Integer => 'i',
        Scalar::Float => 'f',
        Scalar::Boolean => 'b',
        Scalar::Null => 'n',
        Scalar::EmptyList => 'l',
        Scalar::EmptyObject => 'o',
    };
    if derived { letter.to_ascii_uppercase() } else { letter }
}

fn type_of(letter: char) -> Option<(Scalar, bool)> {
    let scalar = match letter.to_ascii_lowercase() {
        't' => Scalar::Text,
        'i' => Scalar::Integer,
        'f' => Scalar::Float,
        'b' => Scalar::Boolean,
        'n' => Scalar::Null,
        'l' => Scalar::EmptyList,
        'o' => Scalar::EmptyObject,
        _ => return None,
    };
    Some((scalar, letter.is_ascii_uppercase()))
}

impl Shape {
    pub(crate) fn to_text(&self) -> String {
        let fields = |record: &Vec<Entry>| Json::Array(record.iter().map(Entry::to_json).collect());
        let records: Vec<Json> = self.records.iter().map(fields).collect();
        match (self.grouped, records) {
            (false, mut records) => records.pop().unwrap_or_else(|| json!([])).to_string(),
            (true, records) => json!({ "records": records }).to_string(),
        }
    }

    pub(crate) fn of_text(text: &str) -> Result<Self, RowsError> {
        let json: Json = serde_json::from_str(text).map_err(|_| RowsError::Shape)?;
        let read = |json: &Json| json.as_array()?.iter().map(Entry::of_json).collect::<Option<Vec<_>>>();
        let shape = match &json {
            Json::Object(object) => {
                let records = object.get("records").and_then(Json::as_array);
                let records = records.and_then(|records| records.iter().map(read).collect());
                records.map(|records| Self { grouped: true, records })
            }
            fields => read(fields).map(|fields| Self { grouped: false, records: vec![fields] }),
        };
        shape.ok_or(RowsError::Shape)
    }
}

impl Entry {
    fn to_json(&self) -> Json {
        let types: String = self.types.iter().map(|(scalar, derived)| letter(*scalar, *derived)).collect();
        match (&self.column, self.spelled) {
            (None, _) => json!([self.name, types]),
            (Some(column), false) => json!([self.name, types, column]),
            (Some(column), true) => json!([self.name, types, column, true]),
        }
    }

    fn of_json(json: &Json) -> Option<Self> {
        let (name, types, rest) = match json.as_array()?.as_slice() {
            [name, types, rest @ ..] => (name, types, rest),
            _ => return None,
        };
        let (column, spelled) = match rest {
            [] => (None, false),
            [column] => (Some(column.as_str()?.to_owned()), false),
            [column, spelled] => (Some(column.as_str()?.to_owned()), spelled.as_bool()?),
            _ => return None,
        };
        let types = types.as_str()?.chars().map(type_of).collect::<Option<_>>()?;
        Some(Self { name: name.as_str()?.to_owned(), types, column, spelled })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_read_as_it_was_written() {
        let entry = |name: &str, types: &str, column: Option<&str>, spelled| Entry {
            name: name.to_owned(),
            types: types.chars().filter_map(type_of).collect(),
            column: column.map(str::to_owned),
            spelled,
        };
        let plain = vec![
            entry("EventID", "i", Some("metadata.event_code"), false),
            entry("ProcessId", "t", Some("process.pid"), true),
            entry("a \"quoted\" name", "tTnlofb", None, false),
        ];
        for (shape, text) in [
            (
                Shape { grouped: false, records: vec![plain.clone()] },
                r#"[["EventID","i","metadata.event_code"],["ProcessId","t","process.pid",true],["a \"quoted\" name","tTnlofb"]]"#,
            ),
            (Shape { grouped: false, records: vec![vec![]] }, "[]"),
            (
                Shape { grouped: true, records: vec![vec![], vec![plain[0].clone()]] },
                r#"{"records":[[],[["EventID","i","metadata.event_code"]]]}"#,
            ),
        ] {
            assert_eq!(shape.to_text(), text);
            assert_eq!(Shape::of_text(text).unwrap(), shape);
        }
        for wrong in ["", "1", "{}", "[1]", r#"[["a"]]"#, r#"[["a","x"]]"#, r#"[["a","t","c",true,1]]"#] {
            assert!(Shape::of_text(wrong).is_err(), "{wrong}");
        }
    }
}
