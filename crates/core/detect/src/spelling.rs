//! Numbers of rules as they are written. YAML reads `12e5` and `0x1410` as numbers and forgets how
//! they were spelled; but a rule that looks for them in a text means the spelling.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use yaml_serde::value::{Tag, TaggedValue};
use yaml_serde::{Mapping, Number, Value};

/// Parts of a document in which spelling matters.
const PARTS: [&str; 2] = ["detection", "filter"];
/// Marks a number with its spelling. A document that writes it spells a number, and that is all.
const MARK: &str = "!noroshi spelling";

/// Keeps the spelling of numbers whose own form is another.
pub(crate) fn keep(text: &str, value: &mut Value) {
    if PARTS.iter().any(|part| value.get(part).is_some_and(|part| may_differ(part, text))) {
        // The document has been read once, so that it can be read again.
        drop(Spelling { value, whole: true }.deserialize(yaml_serde::Deserializer::from_str(text)));
    }
}

/// A number and its spelling, where that was kept.
pub(crate) fn of(value: &Value) -> Option<(&Number, &str)> {
    let Value::Tagged(tagged) = value else { return None };
    match (tagged.tag == Tag::new(MARK), &tagged.value) {
        (true, Value::Sequence(pair)) => match pair.as_slice() {
            [Value::Number(number), Value::String(written)] => Some((number, written)),
            _ => None,
        },
        _ => None,
    }
}

/// Stands before a whole number that was put between quotes: no rule writes it, and where it stands
/// inside of a text, the quotes are not ours to keep.
const GIANT: char = '\u{e000}';

/// Whole numbers beyond 64 bits between quotes: the parser knows none, and what serials and hashes
/// of digits alone mean is a text anyway.
pub(crate) fn with_quoted_giants(text: &str) -> Option<String> {
    if text.contains(GIANT) {
        return None;
    }
    let giant = regex::Regex::new(r"(?m)([:\-,\[]\s+|\[)([-+]?[0-9]{19,})(\s*(?:[,\]}#]|$))").ok()?;
    let marked = format!("$1'{GIANT}$2'$3");
    // Neighbours in a list share a comma, so that every other one is found at once.
    let quoted = giant.replace_all(text, &marked);
    let quoted = giant.replace_all(&quoted, &marked);
    (quoted != text).then(|| quoted.into_owned())
}

/// Takes the marks of such numbers away; of one that stood inside of a text, with the quotes.
pub(crate) fn without_marks(value: &mut Value) {
    match value {
        Value::String(text) if text.contains(GIANT) => {
            let inside = format!("'{GIANT}");
            let mut parts = text.trim_start_matches(GIANT).split(&inside);
            let first = parts.next().unwrap_or_default().to_owned();
            *text = parts.fold(first, |whole, part| whole + &part.replacen('\'', "", 1));
        }
        Value::Mapping(map) => map.values_mut().for_each(without_marks),
        Value::Sequence(items) => items.iter_mut().for_each(without_marks),
        _ => {}
    }
}

/// Signs by which whole numbers are written in another form than their own.
const FORMS: [&str; 5] = ["0x", "0o", "0b", "+", "-0"];

/// Whether a number may be written in another form than its own.
fn may_differ(value: &Value, text: &str) -> bool {
    match value {
        Value::Number(number) => number.is_f64() || FORMS.iter().any(|form| text.contains(form)),
        Value::Mapping(map) => map.values().any(|value| may_differ(value, text)),
        Value::Sequence(items) => items.iter().any(|item| may_differ(item, text)),
        _ => false,
    }
}

/// Goes through a document beside what was read of it.
struct Spelling<'v> {
    value: &'v mut Value,
    /// Whether it is the whole document, of which only some parts matter.
    whole: bool,
}

impl<'de> DeserializeSeed<'de> for Spelling<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.value {
            Value::Number(number) => {
                let written = String::deserialize(deserializer)?;
                if number.to_string() != written {
                    let pair = vec![Value::Number(number.clone()), Value::String(written)];
                    let tagged = TaggedValue { tag: Tag::new(MARK), value: Value::Sequence(pair) };
                    *self.value = Value::Tagged(Box::new(tagged));
                }
                Ok(())
            }
            Value::Mapping(map) => deserializer.deserialize_map(Members { map, whole: self.whole }),
            Value::Sequence(items) => deserializer.deserialize_seq(Items(items)),
            _ => IgnoredAny::deserialize(deserializer).map(drop),
        }
    }
}

struct Members<'v> {
    map: &'v mut Mapping,
    whole: bool,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the map that was read before")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        for (key, value) in self.map.iter_mut() {
            if access.next_key::<IgnoredAny>()?.is_none() {
                return Err(changed());
            }
            if self.whole && !key.as_str().is_some_and(|key| PARTS.contains(&key)) {
                access.next_value::<IgnoredAny>()?;
            } else {
                access.next_value_seed(Spelling { value, whole: false })?;
            }
        }
        access.next_key::<IgnoredAny>().map(drop)
    }
}

struct Items<'v>(&'v mut Vec<Value>);

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the list that was read before")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        for value in self.0.iter_mut() {
            access.next_element_seed(Spelling { value, whole: false })?.ok_or_else(changed)?;
        }
        access.next_element::<IgnoredAny>().map(drop)
    }
}

fn changed<E: Error>() -> E {
    Error::custom("the document has changed")
}
