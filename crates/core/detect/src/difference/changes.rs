//! What two versions of one document differ in.

use std::collections::{HashMap, VecDeque};

use yaml_serde::{Mapping, Value};

use super::Change;
use super::text::shown;
use super::version::Document;

/// Top-level keys that decide what a document finds.
const DECIDING: [&str; 4] = ["detection", "logsource", "correlation", "filter"];
/// The one list whose order decides: the parts of a `temporal_ordered` correlation.
const ORDERED: &str = "correlation.rules";

/// The changes, and whether those of the text may change what is found.
pub(super) fn between(before: &Document<'_>, after: &Document<'_>) -> (Vec<Change>, bool) {
    let mut changes = Vec::new();
    if before.path != after.path {
        changes.push(Change::Moved { before: before.path.to_owned(), after: after.path.to_owned() });
    }
    let mut decides = false;
    match (before.value(), after.value()) {
        (Some(Value::Mapping(before)), Some(Value::Mapping(after))) => {
            for key in keys(before, after) {
                let begin = changes.len();
                compare(&shown(key), before.get(key), after.get(key), &mut changes);
                let is_deciding = key.as_str().is_some_and(|key| DECIDING.contains(&key));
                decides |= is_deciding && changes[begin..].iter().any(is_decisive);
            }
        }
        (Some(before), Some(after)) => compare("", Some(before), Some(after), &mut changes),
        _ if before.bytes() != after.bytes() => changes.push(Change::Bytes),
        _ => {}
    }
    (changes, decides)
}

fn is_decisive(change: &Change) -> bool {
    match change {
        Change::Reordered { at } => at == ORDERED,
        _ => true,
    }
}

/// The keys of both, those of the first in their order.
fn keys<'a>(before: &'a Mapping, after: &'a Mapping) -> impl Iterator<Item = &'a Value> {
    before.keys().chain(after.keys().filter(|key| !before.contains_key(key)))
}

fn compare(at: &str, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    let none = Mapping::new();
    let maps = match (before, after) {
        (Some(Value::Mapping(before)), Some(Value::Mapping(after))) => Some((before, after)),
        // What is there or not, is told part by part; what has no part, as it is.
        (Some(Value::Mapping(before)), None) if !before.is_empty() => Some((before, &none)),
        (None, Some(Value::Mapping(after))) if !after.is_empty() => Some((&none, after)),
        _ => None,
    };
    if let Some((before, after)) = maps {
        for key in keys(before, after) {
            compare(&format!("{at}.{}", shown(key)), before.get(key), after.get(key), changes);
        }
        return;
    }
    // A list behind a tag is none: what the tag means is not known.
    let is_list = |value: Option<&Value>| matches!(value, Some(Value::Sequence(_)));
    if (is_list(before) || is_list(after)) && compare_lists(at, members(before), members(after), changes) {
        return;
    }
    changes.push(if is_list(before) && is_list(after) {
        Change::Reordered { at: at.to_owned() }
    } else {
        Change::Value { at: at.to_owned(), before: before.map(shown), after: after.map(shown) }
    });
}

/// A value as a list.
fn members(value: Option<&Value>) -> &[Value] {
    match value {
        None => &[],
        Some(Value::Sequence(items)) => items,
        Some(other) => std::slice::from_ref(other),
    }
}

/// Tells what other members a list has, and whether it has.
fn compare_lists(at: &str, before: &[Value], after: &[Value], changes: &mut Vec<Change>) -> bool {
    let (removed, added) = apart(before, after);
    if removed.is_empty() && added.is_empty() {
        return false;
    }
    // Maps with the same keys are the same with other values.
    let mut waiting: HashMap<String, VecDeque<usize>> = HashMap::new();
    for number in &removed {
        if let Value::Mapping(map) = &before[*number] {
            waiting.entry(names(map)).or_default().push_back(*number);
        }
    }
    let mut paired = vec![false; before.len()];
    let mut new = Vec::new();
    for number in added {
        let old = match &after[number] {
            Value::Mapping(map) => waiting.get_mut(&names(map)).and_then(VecDeque::pop_front),
            _ => None,
        };
        match old {
            Some(old) => {
                paired[old] = true;
                let at = format!("{at}[{number}]");
                compare(&at, Some(&before[old]), Some(&after[number]), changes);
            }
            None => new.push(shown(&after[number])),
        }
    }
    let gone = removed.into_iter().filter(|number| !paired[*number]);
    let removed: Vec<String> = gone.map(|number| shown(&before[number])).collect();
    if !new.is_empty() || !removed.is_empty() {
        changes.push(Change::Members { at: at.to_owned(), added: new, removed });
    }
    true
}

/// The numbers of members that only the first and only the second has, each as often as it has it more.
fn apart(before: &[Value], after: &[Value]) -> (Vec<usize>, Vec<usize>) {
    // By text, because all broken numbers have one hash.
    let texts = |list: &[Value]| -> Vec<(bool, String)> {
        list.iter().map(|value| (matches!(value, Value::String(_)), shown(value))).collect()
    };
    let (before, after) = (texts(before), texts(after));
    let mut balance: HashMap<&(bool, String), usize> = HashMap::new();
    for text in &before {
        *balance.entry(text).or_default() += 1;
    }
    let mut added = Vec::new();
    for (number, text) in after.iter().enumerate() {
        match balance.get_mut(text).filter(|left| **left > 0) {
            Some(left) => *left -= 1,
            None => added.push(number),
        }
    }
    // The last of equal members is the one too many.
    let mut removed: Vec<usize> = Vec::new();
    for (number, text) in before.iter().enumerate().rev() {
        if let Some(left) = balance.get_mut(text).filter(|left| **left > 0) {
            *left -= 1;
            removed.push(number);
        }
    }
    removed.reverse();
    (removed, added)
}

/// The keys of a map, by which it is known among others.
fn names(map: &Mapping) -> String {
    let mut names: Vec<String> = map.keys().map(shown).collect();
    names.sort();
    names.join("\0")
}
