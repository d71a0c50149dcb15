//! The texts of both languages are complete: same files, same keys, same placeholders, and
//! every key the code asks for exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use page::Language;
use page::words::get;

fn locales() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../locales")
}

/// Keys of a Fluent file with the names of their placeholders.
fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-') {
            let (key, _) = line.split_once('=').unwrap();
            current = key.trim().to_owned();
            let twice = messages.insert(current.clone(), BTreeSet::new());
            assert!(twice.is_none(), "{current} is defined twice");
        }
        let names = line.split('$').skip(1).map(|rest| {
            rest.chars()
                .take_while(|character| character.is_ascii_alphanumeric() || *character == '-')
                .collect()
        });
        messages.get_mut(&current).unwrap().extend(names);
    }
    messages
}

fn files(language: Language) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    std::fs::read_dir(locales().join(language.tag()))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ftl"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, messages(&std::fs::read_to_string(path).unwrap()))
        })
        .collect()
}

/// A placeholder that one language needs for its grammar and the other does not.
const ONE_SIDED: [(&str, &str); 3] =
    [("report-finding-burst", "hosts"), ("report-finding-burst", "others"), ("report-window-hour", "end")];

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    let (japanese, english) = (files(Language::Ja), files(Language::En));
    let names = |files: &BTreeMap<String, _>| files.keys().cloned().collect::<Vec<String>>();
    assert_eq!(names(&japanese), names(&english));
    for (file, messages) in &japanese {
        let other = &english[file];
        let keys = |messages: &BTreeMap<String, _>| messages.keys().cloned().collect::<Vec<String>>();
        assert_eq!(keys(messages), keys(other), "{file}");
        for (key, placeholders) in messages {
            let differ = placeholders.symmetric_difference(&other[key]);
            let unexpected: Vec<&String> = differ.filter(|name| !ONE_SIDED.contains(&(key, name))).collect();
            assert!(unexpected.is_empty(), "{file}: {key} differs in {unexpected:?}");
        }
    }
}

#[test]
fn every_text_resolves_in_both_languages() {
    for language in Language::ALL {
        for (file, messages) in files(language) {
            for (key, placeholders) in messages {
                let values: Vec<(&'static str, page::Value)> =
                    placeholders.into_iter().map(|name| (&*name.leak(), page::Value::Number(3))).collect();
                let text = get(language, &key, &values);
                // A key that is not there comes back in brackets; inside of a text they are its own.
                // Ids of figures have braces; what could not be filled has another sign behind one.
                let is_whole =
                    !["{$", "{ ", "{-"].iter().any(|left| text.contains(left)) && !text.starts_with('[');
                assert!(is_whole, "{file}: {key} gives {text}");
            }
        }
    }
}

/// The beginnings of keys that this crate and the report name, each with the file that has them.
const OURS: [(&str, &str); 4] =
    [("page-", "page.ftl"), ("report-", "report.ftl"), ("yearly-", "yearly.ftl"), ("found-", "found.ftl")];

/// All texts of source files in a folder and below it.
fn sources(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(sources(&path));
        } else {
            texts.push(std::fs::read_to_string(path).unwrap());
        }
    }
    texts
}

/// Keys that the code of this crate and of the report names.
fn named_keys() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = BTreeSet::new();
    for source in ["page", "report"].iter().flat_map(|name| sources(&crates.join(name).join("src"))) {
        let is_ours = |literal: &&str| OURS.iter().any(|(beginning, _)| literal.starts_with(beginning));
        named.extend(source.split('"').filter(is_ours).map(str::to_owned));
    }
    named.remove("page-nonsense");
    named
}

/// Keys made from a word, such as a severity or a tactic, appear in the code up to `{`.
fn is_made(key: &str, named: &BTreeSet<String>) -> bool {
    named.iter().any(|name| name.split_once('{').is_some_and(|(start, _)| key.starts_with(start)))
}

#[test]
fn every_key_in_the_code_exists_and_every_key_is_used() {
    let mut known = BTreeSet::new();
    for (file, messages) in files(Language::Ja) {
        if OURS.iter().any(|(_, known)| *known == file) {
            known.extend(messages.into_keys());
        }
    }
    let named = named_keys();
    let missing: Vec<&String> =
        named.iter().filter(|key| !key.contains('{') && !known.contains(*key)).collect();
    assert!(missing.is_empty(), "not in locales: {missing:?}");
    let idle: Vec<&String> =
        known.iter().filter(|key| !named.contains(*key) && !is_made(key, &named)).collect();
    assert!(idle.is_empty(), "in locales, not in the code: {idle:?}");
}
