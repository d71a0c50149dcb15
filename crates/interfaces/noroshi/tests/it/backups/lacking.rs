//! A home that lost rows is not backed up in silence, and takes no good point away.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{done, ingest, json, run};
use crate::commands::said;

fn newest_commit(folder: &Path) -> PathBuf {
    let log = folder.join("home/lake/own/process_activity/_delta_log");
    let commits = fs::read_dir(log).expect("a folder").map(|entry| entry.expect("an entry").path());
    commits.filter(|path| path.extension().is_some_and(|ending| ending == "json")).max().expect("one")
}

/// Codes that the doctor names, whatever the disk of this machine has room for.
fn codes(folder: &Path) -> Vec<String> {
    let output = run(folder, &["doctor", "--home", "home", "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = told["findings"].as_array().expect("findings").iter();
    findings.map(|finding| finding["code"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn a_home_that_lost_rows_says_so_with_each_backup_and_no_older_point_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let back_up = || run(folder, &["backup", "backups", "--keep", "1", "--home", "home"]);
    let points = || json(folder, &["backup", "backups", "--list"]).as_array().expect("points").len();
    ingest(folder, 11, 3);
    ingest(folder, 12, 2);
    done(folder, &["backup", "backups", "--home", "home"]);
    let commit = newest_commit(folder);
    let bytes = fs::read(&commit).expect("read");
    fs::write(&commit, &bytes[..bytes.len() / 2]).expect("written");
    // Whoever writes next sets it aside.
    ingest(folder, 13, 1);
    for expected in [2, 3] {
        let output = back_up();
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains("lacks rows of 1 batch"), "{}", said(&output));
        assert_eq!(points(), expected);
    }
    assert!(codes(folder).contains(&"lake-batches-missing".to_owned()));
    // Its log is read again.
    done(folder, &["ingest", "log-12.json", "--home", "home"]);
    let codes = codes(folder);
    assert!(!codes.contains(&"lake-batches-missing".to_owned()), "{codes:?}");
    assert!(codes.contains(&"lake-commit-aside".to_owned()), "{codes:?}");
    let output = back_up();
    assert_eq!((output.status.code(), points()), (Some(0), 1), "{}", said(&output));
}
