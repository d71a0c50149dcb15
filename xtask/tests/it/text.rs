//! What must not stand in any file: paths of the machine it was written on, marks of unfinished
//! work, lints switched off without a reason, names that say nothing, and files too long to read.

use anyhow::Result;

use crate::house::{none, root};
use crate::tree::{ending, files};

/// Endings of what people write; everything else that is text is data.
const WRITTEN: &[&str] =
    &["rs", "toml", "md", "yml", "yaml", "ftl", "css", "js", "html", "svg", "sh", "py", ""];

/// Endings of program text, whose length is looked at.
const PROGRAMS: &[&str] = &["rs", "css", "js", "sh", "py"];

/// Lines after which a program file holds more than one idea; aim at half of it.
const LONGEST: usize = 800;

/// Folders of a build machine at the beginning of a path. The words are put together here so
/// that this file does not accuse itself.
const MACHINE: [&str; 3] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

/// Where the paths of a story's hosts are the subject: a rule or an event about Linux names
/// the home of a user or of the superuser.
const TELLS_OF_HOSTS: &[&str] = &[
    "rules/",
    "catalogue/",
    "crates/model/src/indicator/",
    "crates/core/simulate/",
    "crates/core/sources/",
    "crates/core/detect/",
];

/// Marks of unfinished work that stand as words of their own.
const UNFINISHED_WORDS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

/// The same in Rust.
const UNFINISHED_CODE: [&str; 3] =
    [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[ig", "nore")];

/// Lints switched off for good.
const SWITCHED_OFF: [&str; 2] = [concat!("#[al", "low("), concat!("#![al", "low(")];

/// Names of files and folders that could hold anything.
const EMPTY_NAMES: [&str; 8] =
    ["util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"];

/// What is wrong with one file's name.
fn name_faults(path: &str) -> Vec<String> {
    let parts = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    let empty = parts.filter(|part| EMPTY_NAMES.contains(&part.to_lowercase().as_str()));
    empty.map(|part| format!("{path}: {part:?} names nothing; say what it holds")).collect()
}

/// What is wrong with one file's text.
fn text_faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let kind = ending(path);
    for (index, line) in text.lines().enumerate() {
        let mut found = |what: &str| faults.push(format!("{path}:{}: {what}", index + 1));
        for folder in MACHINE.iter().filter(|folder| begins_a_path(line, folder)) {
            if *folder == MACHINE[0] || !about_hosts(path) {
                found(&format!("a path of one machine ({folder})"));
            }
        }
        if WRITTEN.contains(&kind) {
            UNFINISHED_WORDS.iter().filter(|word| is_word_of(line, word)).for_each(|word| found(word));
        }
        if kind == "rs" {
            UNFINISHED_CODE.iter().filter(|mark| line.contains(**mark)).for_each(|mark| found(mark));
            SWITCHED_OFF.iter().filter(|mark| line.contains(**mark)).for_each(|mark| found(mark));
        }
    }
    let lines = text.lines().count();
    if PROGRAMS.contains(&kind) && lines > LONGEST {
        faults.push(format!("{path}: {lines} lines, more than {LONGEST}"));
    }
    faults
}

fn about_hosts(path: &str) -> bool {
    TELLS_OF_HOSTS.iter().any(|folder| path.starts_with(folder))
        || path.contains("/tests/")
        || !WRITTEN.contains(&ending(path))
}

/// Whether `folder` stands in `line` at the beginning of a path, not inside a longer one.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-~}>)*/".contains(before))
    })
}

/// Whether `word` stands in `line` as a word of its own.
fn is_word_of(line: &str, word: &str) -> bool {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|part| part == word)
}

#[test]
fn names_say_what_a_file_holds() -> Result<()> {
    let found: Vec<String> = files()?.iter().flat_map(|file| name_faults(&file.path)).collect();
    none(&found, "Name a file by the idea that it holds.");
    Ok(())
}

#[test]
fn nothing_unfinished_and_nothing_of_one_machine() -> Result<()> {
    let here = format!("{}/", root().display());
    let mut found = Vec::new();
    for file in files()? {
        let Some(text) = &file.text else { continue };
        found.extend(text_faults(&file.path, text));
        if text.contains(&here) {
            found.push(format!("{}: names the folder of this very checkout", file.path));
        }
    }
    none(
        &found,
        "Finish it, or open an issue and take the mark out; use #[expect(lint, reason = \"...\")] for a lint.",
    );
    Ok(())
}

#[test]
fn names_that_say_nothing_are_found() {
    assert_eq!(name_faults("crates/model/src/utils.rs").len(), 1);
    assert_eq!(name_faults("crates/common/src/lib.rs").len(), 1);
    assert!(name_faults("crates/model/src/utilisation.rs").is_empty());
}

#[test]
fn paths_of_a_machine_are_found_where_they_begin() {
    let work = MACHINE[0];
    assert_eq!(text_faults("docs/a.md", &format!("see `{work}main`")).len(), 1);
    assert_eq!(text_faults("rules/linux/a.yml", &format!("see {work}main")).len(), 1);
    assert!(
        text_faults("docs/a.md", &format!("see docs{work}main and https://example.org{work}x")).is_empty()
    );
}

#[test]
fn a_rule_may_name_the_home_of_a_user() {
    let line = format!("TargetFilename|startswith: {}taro/.ssh", MACHINE[2]);
    assert!(text_faults("rules/linux/a.yml", &line).is_empty());
    assert_eq!(text_faults("README.md", &line).len(), 1);
}

#[test]
fn marks_of_unfinished_work_are_found() {
    let comment = format!("// {}: later", UNFINISHED_WORDS[0]);
    assert_eq!(text_faults("a.rs", &comment).len(), 1);
    assert!(text_faults("a.rs", &format!("// the {}_LIST of a peer", UNFINISHED_WORDS[0])).is_empty());
    assert_eq!(text_faults("a.rs", &format!("    {})", UNFINISHED_CODE[0])).len(), 1);
    assert_eq!(text_faults("a.rs", &format!("{}dead_code)]", SWITCHED_OFF[0])).len(), 1);
    assert_eq!(text_faults("case.ndjson", &comment).len(), 0);
}

#[test]
fn a_file_too_long_is_found() {
    let long = "x\n".repeat(LONGEST + 1);
    assert_eq!(text_faults("a.rs", &long).len(), 1);
    assert!(text_faults("catalogue/fields.toml", &long).is_empty());
}
