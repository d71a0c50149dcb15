//! What holds of any two versions of rules, however they were made.

use std::collections::{BTreeMap, BTreeSet};

use detect::{Change, Changed, Difference, Entry, Placeholders, Refusal, difference, load};
use proptest::prelude::*;

type Files = Vec<(String, Vec<u8>)>;

/// Documents in the files of a version, as the loader counts them.
fn documents(files: &Files) -> usize {
    let count = |(path, bytes): &(String, Vec<u8>)| match std::str::from_utf8(bytes) {
        Ok(text) => load(path, text, &Placeholders::new()).len(),
        Err(_) => 1,
    };
    files.iter().map(count).sum()
}

fn mirrored(change: &Change) -> Change {
    // The number of a map in a list is that in the new version.
    let bare = |at: &str| {
        let mut parts = at.split('[');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |at, part| at + part.split_once(']').map_or(part, |(_, rest)| rest))
    };
    match change.clone() {
        Change::Moved { before, after } => Change::Moved { before: after, after: before },
        Change::Value { at, before, after } => Change::Value { at: bare(&at), before: after, after: before },
        Change::Members { at, added, removed } => {
            Change::Members { at: bare(&at), added: removed, removed: added }
        }
        Change::Reordered { at } => Change::Reordered { at: bare(&at) },
        Change::Bytes => Change::Bytes,
    }
}

fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}

/// What is told without the order and without the side from which it was looked at.
fn seen(difference: &Difference, back: bool) -> [Vec<String>; 5] {
    let entries = |entries: &[Entry]| sorted(entries.iter().map(|entry| format!("{entry:?}")));
    let refusals = |refusals: &[Refusal]| sorted(refusals.iter().map(|refusal| format!("{refusal:?}")));
    let change = |change: &Change| {
        // Twice is no mirror, but takes the numbers of maps away.
        let change = mirrored(change);
        format!("{:?}", if back { change } else { mirrored(&change) })
    };
    let changed = |Changed { before, after, changes, finds_otherwise }: &Changed| {
        let [before, after] = if back { [after, before] } else { [before, after] };
        format!("{before:?} {after:?} {:?} {finds_otherwise}", sorted(changes.iter().map(change)))
    };
    let Difference { added, removed, newly_refused, newly_loaded, .. } = difference;
    let [first, second] = if back { [removed, added] } else { [added, removed] };
    let [refused, loaded] = if back { [newly_loaded, newly_refused] } else { [newly_refused, newly_loaded] };
    [
        entries(first),
        entries(second),
        sorted(difference.changed.iter().map(changed)),
        refusals(refused),
        refusals(loaded),
    ]
}

/// What must hold of any two versions.
fn check(old: &Files, new: &Files) -> Result<(), TestCaseError> {
    let none = Placeholders::new();
    let told = difference(old, new, &none);
    prop_assert_eq!(told.added.len() + told.changed.len() + told.unchanged, documents(new));
    prop_assert_eq!(told.removed.len() + told.changed.len() + told.unchanged, documents(old));
    prop_assert!(told.changed.iter().all(|changed| !changed.changes.is_empty()));
    prop_assert!(told.newly_refused.iter().all(|refusal| told.refused.contains(refusal)));
    let back = difference(new, old, &none);
    prop_assert_eq!(told.unchanged, back.unchanged);
    prop_assert_eq!(seen(&told, false), seen(&back, true));
    for version in [old, new] {
        let same = difference(version, version, &none);
        prop_assert_eq!(same, Difference { unchanged: documents(version), ..Difference::default() });
    }
    Ok(())
}

const RULES: &str = "title: a
id: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11
tags: [attack.t1003, attack.t1055]
logsource: {product: windows}
detection:
  s:
    - Image|endswith: ['\\a.exe', '\\b.exe']
    - Image|endswith: c
    - User: 5
  t: {CommandLine|contains|all: [x, y], User: 0x10}
  condition: s or t
---
action: global
level: high
---
title: b
id: d0a6e9d2-7d27-4b27-8d2b-6d1f6a0a5a11
correlation: {type: temporal_ordered, rules: [a, c], timespan: 1m}
---
title: c
name: c
logsource: {product: windows}
filter: {rules: any, s: {a: b}, condition: not s}
";

/// Bytes that a file may begin, end or be made of.
fn foreign() -> impl Strategy<Value = Vec<u8>> {
    let pieces = vec![
        "---\n",
        "...\n",
        "id: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\n",
        "title: t\n",
        "title: [\n",
        "action: global\n",
        "'action': reset\n",
        "\u{feff}",
        "\r",
        "~\n",
        "- a\n",
        "{a: .nan}\n",
        "a: &a [1e3, *a]\n",
        "b: {<<: *a}\n",
        "? x\n: y\n",
        "# c\n",
        "  ",
        "!x y\n",
        "a: [{b: c}, {b: d}]\n",
        "a: [{b: d}, 5, '5']\n",
        "\u{2028}",
    ];
    let piece = proptest::sample::select(pieces).prop_map(|piece| piece.as_bytes().to_vec());
    let parts = prop_oneof![4 => piece, 1 => proptest::collection::vec(any::<u8>(), 0..12)];
    proptest::collection::vec(parts, 0..10).prop_map(|parts| parts.concat())
}

/// The rules with some bytes taken away and others put there, or lines changed about.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let insert = prop_oneof![
        Just(Vec::new()),
        foreign(),
        proptest::sample::select(vec!["x", "5", ", z", "\n", "'", "[", "}"]).prop_map(|text| text.into()),
    ];
    let edits = proptest::collection::vec((any::<u16>(), 0usize..12, insert), 0..4);
    let swap = (any::<bool>(), any::<u16>(), any::<u16>());
    (edits, swap).prop_map(|(edits, (swap, one, other))| {
        let mut lines: Vec<&str> = RULES.split_inclusive('\n').collect();
        if swap {
            let many = lines.len();
            lines.swap(usize::from(one) % many, usize::from(other) % many);
        }
        let mut bytes = lines.concat().into_bytes();
        for (at, many, insert) in edits {
            let at = usize::from(at) % (bytes.len() + 1);
            let end = (at + many).min(bytes.len());
            bytes.splice(at..end, insert);
        }
        bytes
    })
}

fn version(file: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Files> {
    let path = proptest::sample::select(vec!["a.yml", "b.yml", "c/d.yml"]).prop_map(str::to_owned);
    proptest::collection::vec((path, file), 0..4)
}

const KEYS: [&str; 6] = ["Image", "Image|endswith", "User", "a.b", "x", "y"];
const WORDS: [&str; 8] = ["a", "b", "5", "true", "x, y", "'", "[a]", "~"];

/// A rule whose parts are known: where they lie, and their members in order.
type Known = BTreeMap<String, Vec<String>>;

fn known() -> impl Strategy<Value = Known> {
    let at = (
        proptest::sample::select(vec!["detection.s", "detection.t", "tags", "custom"]),
        proptest::sample::select(KEYS.to_vec()),
    );
    let at =
        at.prop_map(|(part, key)| if part == "tags" { part.to_owned() } else { format!("{part}|{key}") });
    let members =
        proptest::collection::vec(proptest::sample::select(WORDS.to_vec()).prop_map(str::to_owned), 2..5);
    proptest::collection::btree_map(at, members, 0..6)
}

/// The document of known parts; a bar is where a key of the last map begins.
fn written(known: &Known) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let list = |members: &[String]| members.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
    let inside = |part: &str| {
        let entries = known.iter().filter_map(|(at, members)| {
            let (at, key) = at.split_once('|')?;
            (at == part).then(|| format!("{}: [{}]", quoted(key), list(members)))
        });
        entries.collect::<Vec<_>>().join(", ")
    };
    let tags = known.get("tags").map(|members| format!("tags: [{}]\n", list(members))).unwrap_or_default();
    format!(
        "title: t\n{tags}custom: {{{}}}\ndetection: {{s: {{{}}}, t: {{{}}}, condition: s or t}}\n",
        inside("custom"),
        inside("detection.s"),
        inside("detection.t")
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_told_apart_both_ways(old in version(foreign()), new in version(foreign())) {
        check(&old, &new)?;
    }

    #[test]
    fn mutated_rules_are_told_apart_both_ways(old in version(mutated()), new in version(mutated())) {
        check(&old, &new)?;
    }

    /// Whoever carries out what is told has the new version.
    #[test]
    fn changes_carried_out_give_the_new_version(old in known(), new in known()) {
        let file = |known: &Known| vec![("a.yml".to_owned(), written(known).into_bytes())];
        let told = difference(&file(&old), &file(&new), &Placeholders::new());
        let mut carried: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let plain = |text: &str| match text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            Some(inside) => inside.replace("''", "'"),
            None => text.to_owned(),
        };
        // `Image|endswith` is one key, and a bar of ours stands before it.
        let told_at = |at: &str| at.replacen('|', ".", 1);
        for (at, members) in &old {
            carried.insert(told_at(at), members.clone());
        }
        let mut reordered = BTreeSet::new();
        for change in told.changed.iter().flat_map(|changed| &changed.changes) {
            match change {
                Change::Members { at, added, removed } => {
                    let list = carried.entry(at.clone()).or_default();
                    for text in removed {
                        let place = list.iter().position(|member| *member == plain(text));
                        list.remove(place.ok_or_else(|| TestCaseError::fail(format!("no {text} at {at}")))?);
                    }
                    list.extend(added.iter().map(|text| plain(text)));
                }
                Change::Reordered { at } => {
                    reordered.insert(at.clone());
                }
                // An empty map that has parts now, or the reverse, is told by its parts.
                other => prop_assert!(false, "{:?}", other),
            }
        }
        carried.retain(|_, list| !list.is_empty());
        let expected: BTreeMap<String, Vec<String>> =
            new.iter().map(|(at, members)| (told_at(at), members.clone())).collect();
        let as_sets = |lists: &BTreeMap<String, Vec<String>>| -> BTreeMap<String, Vec<String>> {
            lists.iter().map(|(at, list)| (at.clone(), sorted(list.iter().cloned()))).collect()
        };
        prop_assert_eq!(as_sets(&carried), as_sets(&expected));
        let turned = old.iter().filter(|(at, list)| {
            new.get(*at).is_some_and(|other| other != *list && sorted(other.iter().cloned()) == sorted(list.iter().cloned()))
        });
        prop_assert_eq!(reordered, turned.map(|(at, _)| told_at(at)).collect::<BTreeSet<_>>());
    }
}
