//! What is said of a home's backups.

use std::collections::BTreeSet;
use std::fs;

use noroshi::commands::doctor::examine;

use super::check_texts;
use crate::backups::done;
use crate::backups::refused::backed_up;

#[test]
fn backups_that_are_missing_away_or_beside_the_home_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let home = folder.join("home");
    let told = |case: &str| {
        let found = examine(&home, false);
        check_texts(&found, case);
        let names = found.findings.iter().map(|finding| finding.code.name());
        names.filter(|name| name.starts_with("backup-")).collect::<BTreeSet<_>>()
    };
    backed_up(folder);
    assert_eq!(told("there"), ["backup-same-disk"].into());
    let points = folder.join("backups/points");
    fs::rename(&points, folder.join("points")).expect("moved");
    fs::create_dir(&points).expect("made");
    assert_eq!(told("empty"), ["backup-none", "backup-same-disk"].into());
    fs::rename(folder.join("backups"), folder.join("away")).expect("moved");
    assert_eq!(told("away"), ["backup-away"].into());
    // The backups of another home lie there.
    done(folder, &["rules", "disable", "bundled", "--reason", "x", "--home", "other"]);
    done(folder, &["backup", "backups", "--home", "other"]);
    assert_eq!(told("another home's"), ["backup-away"].into());
    fs::remove_file(home.join("backups")).expect("removed");
    assert_eq!(told("none"), ["backup-none"].into());
}
