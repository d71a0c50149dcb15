//! The documents of a file as they are meant: what `action: global` shares stands in each.

use yaml_serde::Value;

use crate::cause::Cause;
use crate::yaml::{self, Text};

/// A document with what the file shares.
#[derive(Debug)]
pub(crate) struct Merged<'a> {
    /// Its own text.
    pub(crate) text: Text<'a>,
    /// What it says; else the line of the file that is at fault, and why.
    pub(crate) value: Result<Value, (usize, Cause)>,
}

/// The documents of a file, one after the other: shared content may be large, and many share it.
pub(crate) fn documents(text: &str) -> impl Iterator<Item = Merged<'_>> {
    let mut shared = None;
    yaml::documents(text).into_iter().filter_map(move |text| merged(text, &mut shared))
}

/// A document with what is shared so far; nothing where it says nothing of its own.
fn merged<'a>(text: Text<'a>, shared: &mut Option<Value>) -> Option<Merged<'a>> {
    let value = match yaml::read(&text) {
        Ok(Value::Null) => return None,
        Ok(value) => value,
        Err(fault) => return Some(Merged { text, value: Err(fault) }),
    };
    // Files written before version 2 share content between documents by `action: global`.
    match value.get("action").and_then(Value::as_str) {
        Some("global") => {
            *shared = Some(without_action(value));
            return None;
        }
        Some("reset") => {
            *shared = None;
            if value.as_mapping().is_some_and(|map| map.len() == 1) {
                return None;
            }
        }
        _ => {}
    }
    let value = match shared {
        Some(shared) => merge(shared.clone(), without_action(value)),
        None => without_action(value),
    };
    Some(Merged { text, value: Ok(value) })
}

impl Merged<'_> {
    /// The text at a key of the document, also of one that YAML cannot read.
    pub(crate) fn word(&self, key: &str) -> Option<String> {
        match &self.value {
            Ok(value) => value.get(key).and_then(Value::as_str).map(str::to_owned),
            Err(_) => scalar_line(self.text.text, key),
        }
    }
}

/// Value of a top-level `key: value` line, for documents that YAML cannot read.
fn scalar_line(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let value = line.strip_prefix(key)?.strip_prefix(':')?.trim();
        Some(value.trim_matches(['\'', '"']).to_owned())
    })
}

fn without_action(mut value: Value) -> Value {
    if let Some(map) = value.as_mapping_mut() {
        map.remove("action");
    }
    value
}

fn merge(base: Value, over: Value) -> Value {
    match (base, over) {
        (Value::Mapping(mut base), Value::Mapping(over)) => {
            for (key, value) in over {
                let merged = match base.remove(&key) {
                    Some(below) => merge(below, value),
                    None => value,
                };
                base.insert(key, merged);
            }
            Value::Mapping(base)
        }
        (_, over) => over,
    }
}
