//! What of a document's text a careful author would mend, whatever the document means: keys and
//! values with signs that nobody sees, entries of another kind than the specification says.

use yaml_serde::{Mapping, Value};

use crate::cause::Cause;

/// Keys whose value is a text (Sigma specification 2.1.0, JSON schema of rules).
const TEXTS: [&str; 11] = [
    "id",
    "name",
    "title_ja",
    "taxonomy",
    "status",
    "description",
    "license",
    "author",
    "date",
    "modified",
    "level",
];
/// Keys whose value is a list of texts.
const LISTS: [&str; 5] = ["references", "tags", "fields", "falsepositives", "scope"];
/// Modifiers that leave bytes.
const ENCODINGS: [&str; 4] = ["wide", "utf16le", "utf16be", "utf16"];

/// What is told of a document.
pub(crate) fn told(map: &Mapping) -> Vec<Cause> {
    let mut told = Vec::new();
    kinds(map, &mut told);
    keys(map, &mut told);
    for part in ["detection", "filter"] {
        if let Some(entry) = map.get(part).and_then(Value::as_mapping) {
            let selections = entry.iter().filter(|(name, _)| name.as_str() != Some("condition"));
            selections.for_each(|(_, value)| values(value, "", &mut told));
        }
    }
    told
}

/// Entries of another kind than they should be are passed over when rules are loaded.
fn kinds(map: &Mapping, told: &mut Vec<Cause>) {
    // An entry without a value is one that is not there.
    let entry = |key: &str| map.get(key).filter(|value| !value.is_null());
    for key in TEXTS {
        if entry(key).is_some_and(|value| !value.is_string()) {
            told.push(Cause::MetaNotText { key: key.to_owned() });
        }
    }
    let is_texts =
        |value: &Value| value.as_sequence().is_some_and(|items| items.iter().all(Value::is_string));
    for key in LISTS {
        if entry(key).is_some_and(|value| !is_texts(value)) {
            told.push(Cause::MetaNotTexts { key: key.to_owned() });
        }
    }
    let is_reference = |value: &Value| value.get("id").is_some_and(Value::is_string);
    let are_references =
        |value: &Value| value.as_sequence().is_some_and(|items| items.iter().all(is_reference));
    if entry("related").is_some_and(|value| !are_references(value)) {
        told.push(Cause::RelatedNotReferences);
    }
}

/// Keys with a blank that is no space, or a sign without width: nobody sees why they do not work.
fn keys(map: &Mapping, told: &mut Vec<Cause>) {
    for (key, value) in map {
        if let Some(key) = key.as_str()
            && let Some(letter) = key.chars().find(|letter| is_hidden(*letter))
        {
            let key = key.chars().filter(|letter| !is_hidden(*letter)).collect();
            told.push(Cause::KeyHidden { key, character: code_point(letter) });
        }
        match value {
            Value::Mapping(inner) => keys(inner, told),
            Value::Sequence(items) => {
                items.iter().filter_map(Value::as_mapping).for_each(|map| keys(map, told))
            }
            _ => {}
        }
    }
}

fn is_hidden(letter: char) -> bool {
    let without_width = matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    without_width || letter.is_control() || (letter.is_whitespace() && letter != ' ')
}

/// Values below the key of a selection.
fn values(value: &Value, key: &str, told: &mut Vec<Cause>) {
    match value {
        Value::Mapping(map) => {
            for (key, value) in map {
                let key = key.as_str().unwrap_or_default();
                encoding(key, told);
                values(value, key, told);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| values(item, key, told)),
        Value::String(text) => {
            if let Some(letter) = text.chars().find(|letter| letter.is_control()) {
                let key = if key.is_empty() {
                    text.chars().filter(|c| !c.is_control()).collect()
                } else {
                    key.to_owned()
                };
                told.push(Cause::ValueControl { key, character: code_point(letter) });
            }
        }
        _ => {}
    }
}

/// An encoding whose bytes nothing makes text again: such values stand in no event.
fn encoding(key: &str, told: &mut Vec<Cause>) {
    let modifiers: Vec<&str> = key.split('|').skip(1).collect();
    let last = modifiers.iter().rposition(|modifier| ENCODINGS.contains(modifier));
    if let Some(at) = last
        && !modifiers[at..].iter().any(|modifier| modifier.starts_with("base64"))
    {
        told.push(Cause::EncodingOpen { key: key.to_owned(), modifier: modifiers[at].to_owned() });
    }
}

fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}
