//! Rules that were loaded before, and what may lie where they are kept.

use std::fs;
use std::process::Command;

use crate::commands::{RULE, folder, noroshi, said};

#[test]
fn a_cache_entry_that_is_no_file_is_passed_over() {
    let folder = folder();
    // As many as make it worth to keep them.
    let rules: Vec<String> = (0..600)
        .map(|number| {
            RULE.replace("4b5ba1b4", &format!("4b5b{number:04}"))
                .replace("title: Lantern", &format!("title: Lantern {number}"))
        })
        .collect();
    fs::write(folder.path().join("rule.yml"), rules.join("---\n")).expect("written");
    let check = || noroshi(folder.path(), &["rules", "check", "rule.yml"]);
    let expected = said(&check());
    assert!(expected.contains("600"), "{expected}");
    let kept = folder.path().join("cache/noroshi/rules");
    let entry = fs::read_dir(&kept).expect("it was kept").next().expect("one").expect("it is read").path();
    assert_eq!(said(&check()), expected);

    fs::remove_file(&entry).expect("removed");
    let made = Command::new("mkfifo").arg(&entry).status().expect("mkfifo starts");
    assert!(made.success());
    assert_eq!(said(&check()), expected);

    let _ = fs::remove_file(&entry);
    fs::create_dir_all(&entry).expect("made");
    assert_eq!(said(&check()), expected);
}
