//! Homes that are broken in all sorts of ways: each is named by its code, none is mended, and nothing false is
//! said of a home that somebody is busy with.

mod backed_up;
mod breakages;
mod elsewhere;
mod homes;

use std::collections::BTreeSet;
use std::path::Path;

use noroshi::commands::doctor::{Code, Examined, Severity, examine};
use page::{Language, Words};
use serde_json::Value;

use crate::commands::{noroshi, said};
use breakages::{CASES, Case};
use homes::{Homes, copy, state};

/// Codes that the table below has no case of, for a home is not broken so from outside; where they are found.
const ELSEWHERE: &[(Code, &str)] = &[
    (Code::DiskReadOnly, "a disk of its own: `elsewhere`, and the unit tests of `disk`"),
    (Code::DiskFull, "as above"),
    (Code::DiskNearlyFull, "unit tests of `disk`"),
    (Code::DiskNoNames, "unit tests of `disk`"),
    (Code::HomeOther, "another user: `elsewhere`"),
    (Code::OwnerOther, "another user: `elsewhere`"),
    (Code::NotLookedAt, "another user: `elsewhere`"),
    (Code::JournalCommitMissing, "tests of the crate `journal`: rows are removed from the database"),
    (Code::JournalActMissing, "as above"),
    (Code::BackupNone, "`backed_up`"),
    (Code::BackupAway, "`backed_up`"),
    (Code::BackupOld, "unit tests of `backups`"),
    (Code::BackupSameDisk, "`backed_up`"),
    (Code::OutboxGivenUp, "tests of the crate `journal`: an effect is given up"),
];

/// All values that texts may ask for.
const VALUES: [&str; 32] = [
    "batches", "bytes", "changed", "count", "days", "fault", "faults", "files", "found", "free", "home",
    "key", "kind", "known", "latest", "least", "line", "now", "number", "offset", "owner", "path", "process",
    "reason", "records", "rows", "said", "stream", "subject", "table", "total", "user",
];

fn codes(examined: &Examined) -> BTreeSet<&'static str> {
    // Whether there is room on the disk of this machine, or a backup, is not what is tested.
    let is_room = |code: Code| code.name().starts_with("disk-") || code == Code::BackupNone;
    let found = examined.findings.iter().map(|finding| finding.code);
    found.filter(|code| !is_room(*code)).map(Code::name).collect()
}

/// Two sentences in each language, with nothing missing in them.
fn check_texts(examined: &Examined, case: &str) {
    for finding in &examined.findings {
        for language in Language::ALL {
            let (what, remedy) = finding.sentences(&examined.home, Words::new(language));
            for text in [&what, &remedy] {
                let is_whole = !text.is_empty() && !text.contains("{$") && !text.contains("[doctor-");
                assert!(is_whole, "{case} in {language:?}: {text}");
            }
            assert_ne!(what, remedy);
        }
    }
}

/// Breaks a copy of a home, and looks at it.
fn check(homes: &Homes, case: &Case) {
    let name = case.codes.first().map_or("healthy", |code| code.name());
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    copy(&homes.of(case.of).join("home"), &home);
    let held = (case.breaks)(&home);
    let before = state(&home);
    let found = examine(&home, case.is_deep);
    let expected: BTreeSet<&str> = case.codes.iter().map(|code| code.name()).collect();
    assert_eq!(codes(&found), expected, "{name}: {:?}", found.findings);
    let is_broken = case.codes.iter().any(|code| code.severity() != Severity::Note);
    let is_room = found.findings.iter().all(|finding| !finding.code.name().starts_with("disk-"));
    assert_eq!(found.is_healthy(), !is_broken && is_room, "{name}");
    assert_eq!(found.is_there, !matches!(case.codes, [Code::HomeMissing | Code::HomeForeign]), "{name}");
    check_texts(&found, name);
    assert!(state(&home) == before, "{name}: something was changed");
    drop(held);
}

#[test]
fn each_of_many_broken_homes_is_named_and_none_is_mended() {
    let homes = Homes::new();
    for case in CASES {
        check(&homes, case);
    }
}

#[test]
fn all_codes_are_found_somewhere() {
    let in_table = CASES.iter().flat_map(|case| case.codes).copied();
    let found: BTreeSet<Code> = in_table.chain(ELSEWHERE.iter().map(|(code, _)| *code)).collect();
    assert_eq!(found, Code::ALL.iter().copied().collect());
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    assert!(names.iter().all(|name| name.bytes().all(is_word)), "{names:?}");
    for language in Language::ALL {
        let words = Words::new(language);
        for name in &names {
            for key in [format!("doctor-{name}"), format!("doctor-{name}-do")] {
                // As many values as there may be: a text that lacks one is none.
                let text = words.with(&key, &VALUES.map(|name| (name, 1_u64.into())));
                assert!(!text.starts_with("[doctor-"), "{key} in {language:?}");
            }
        }
    }
}

/// The guide has a row for each code, with how bad it is, and none of another.
#[test]
fn the_guide_lists_all_codes() {
    let guide = include_str!("../../../../../../docs/guide/doctor.md");
    let rows = |part: &str| -> Vec<(String, String)> {
        let row = |line: &str| {
            let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
            Some((cells.next()?.trim_end_matches('`').to_owned(), cells.next()?.to_owned()))
        };
        part.lines().filter_map(row).collect()
    };
    let (english, japanese) = guide.split_once("\n## ホームの診断").expect("both languages");
    for (part, language) in [(english, Language::En), (japanese, Language::Ja)] {
        let word = |severity| match severity {
            Severity::Broken => "doctor-severity-broken",
            Severity::Warning => "doctor-severity-warning",
            Severity::Note => "doctor-severity-note",
        };
        let words = Words::new(language);
        let expected: Vec<(String, String)> =
            Code::ALL.iter().map(|code| (code.name().to_owned(), words.get(word(code.severity())))).collect();
        assert_eq!(rows(part), expected, "{language:?}");
    }
}

#[test]
fn the_command_ends_with_what_it_found() {
    let homes = Homes::new();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let asked = |arguments: &[&str], code: i32| {
        let output = noroshi(path, &[&["doctor", "--home", "home"], arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        said(&output)
    };
    assert!(asked(&[], 3).contains("There is no home"));
    copy(&homes.of(homes::Of::Quiet).join("home"), &path.join("home"));
    let before = state(&path.join("home"));
    let healthy = asked(&[], 0);
    assert!(healthy.contains("Nothing is wrong") && healthy.contains("Journal: "), "{healthy}");
    assert!(asked(&["--deep"], 0).contains("rows read"));
    assert!(state(&path.join("home")) == before);
    std::fs::write(path.join("home/lock"), "999999999").expect("written");
    assert!(asked(&[], 0).contains("note [lock-old]\n"));
    std::fs::write(path.join("home/format"), "99\n").expect("written");
    assert!(asked(&[], 1).contains("broken [format-newer]\n"));
    let told: Value = serde_json::from_str(&asked(&["--json"], 1)).expect("JSON");
    let finding = &told["findings"][0];
    assert_eq!((&finding["code"], &finding["severity"]), (&"format-newer".into(), &"broken".into()));
    assert_eq!((&finding["values"]["found"], &told["healthy"]), (&99.into(), &false.into()));
    let texts = ["what", "remedy", "path"].map(|name| finding[name].as_str().expect("a text").to_owned());
    assert!(texts[0].contains("99") && texts[1].contains("noroshi --version"), "{texts:?}");
    assert!(texts[2].ends_with("home/format"), "{texts:?}");
}

/// Whoever looks at a home makes none, not even where a name was mistyped.
#[test]
fn nothing_is_made_where_there_is_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let place: &Path = &folder.path().join("home");
    assert_eq!(codes(&examine(place, true)), ["home-missing"].into());
    assert!(!place.exists());
}
