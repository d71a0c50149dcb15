//! What a backup or restore refuses, and says.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::{NAME, contents, done, json, run, with_text};
use crate::commands::{RULE, said};

/// A home with an act and a file, and a point of it.
pub fn backed_up(folder: &Path) {
    fs::create_dir(folder.join("set")).expect("made");
    fs::write(folder.join("set/a.yml"), RULE).expect("written");
    done(folder, &["rules", "add", "ours", "set", "--home", "home"]);
    done(folder, &["backup", "backups", "--home", "home"]);
}

fn refused(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
    said(&output)
}

#[test]
fn what_cannot_be_done_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    backed_up(folder);
    fs::create_dir(folder.join("letters")).expect("made");
    fs::write(folder.join("letters/one"), "x").expect("written");
    done(folder, &["rules", "disable", "bundled", "--reason", "x", "--home", "other"]);
    let name = json(folder, &["backup", "backups", "--list"])[0]["point"].as_str().expect("text").to_owned();
    for (arguments, code, what) in [
        (&["backup", "--home", "home"][..], 2, "noroshi backup DIR"),
        (&["backup", "letters", "--home", "home"], 2, "holds no backups"),
        (&["backup", "backups", "--home", "other"], 2, "another home"),
        (&["backup", "home/inside", "--home", "home"], 2, "on another disk"),
        (&["backup", ".", "--home", "home"], 2, "on another disk"),
        (&["backup", "backups", "--home", "none"], 3, "no home"),
        (&["backup", "letters", "--list"], 3, "no backups"),
        (&["restore", "letters", "--home", "new"], 3, "no backups"),
        (&["restore", "backups", "--home", "letters"], 2, "not empty"),
        (&["restore", "backups", "--home", "home"], 2, "not empty"),
        (&["restore", "backups", "--home", "new", "--point", "1999"], 3, "--list"),
        (&["restore", "backups"], 2, "--home"),
        (&["upgrade", "--back", "--home", "home"], 2, "no way back"),
        (&["upgrade", "--home", "none"], 3, "no home"),
    ] {
        let said = refused(folder, arguments, code);
        assert!(said.contains(what), "{arguments:?}: {said}");
    }
    assert!(!folder.join("new").exists());
    assert_eq!(json(folder, &["backup", "backups", "--list"])[0]["state"], "whole");
    // Damage is named, and leaves no home.
    let journal = folder.join("backups/points").join(&name).join("journal.sqlite");
    let whole = fs::read(&journal).expect("read");
    fs::write(&journal, &whole[..whole.len() - 1]).expect("written");
    let said = refused(folder, &["restore", "backups", "--home", "new"], 1);
    assert!(said.contains("journal.sqlite has another length"), "{said}");
    assert!(refused(folder, &["rules", "list", "--home", "new"], 2).contains("no home"));
    refused(folder, &["restore", "backups", "--drill"], 1);
    assert!(!folder.join("backups/drill").exists());
    fs::write(&journal, whole).expect("written");
    let manifest = journal.with_file_name("manifest.json");
    fs::write(&manifest, "{}").expect("written");
    assert_eq!(json(folder, &["backup", "backups", "--list"])[0]["state"], "damaged");
    assert!(refused(folder, &["restore", "backups", "--home", "new-2"], 3).contains("no point"));
    assert!(
        refused(folder, &["restore", "backups", "--home", "n", "--point", &name], 3)
            .contains("does not count")
    );
    // Where a disk is not mounted, no other is filled.
    fs::rename(folder.join("backups"), folder.join("away")).expect("moved");
    fs::create_dir(folder.join("backups")).expect("made");
    assert!(refused(folder, &["backup", "backups", "--home", "home"], 2).contains("Mount its disk"));
    assert_eq!(fs::read_dir(folder.join("backups")).expect("read").count(), 0);
}

#[test]
fn who_is_forgotten_while_a_disk_is_away_is_so_with_the_next_backup_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    backed_up(folder);
    done(folder, &["backup", "near", "--home", "home"]);
    fs::rename(folder.join("backups"), folder.join("away")).expect("moved");
    let keys =
        |place: &str| contents(&folder.join(place)).into_keys().filter(|path| path.ends_with(".key")).count();
    assert_eq!((keys("away"), keys("near")), (1, 1));
    let told = refused(folder, &["forget", NAME, "--reason", "asked", "--home", "home"], 0);
    assert!(told.contains("backups could not be told") && told.contains("Forgotten as well"), "{told}");
    assert_eq!((keys("away"), keys("near")), (1, 0));
    fs::rename(folder.join("away"), folder.join("backups")).expect("moved");
    done(folder, &["backup", "backups", "--home", "home"]);
    assert_eq!(keys("backups"), 0);
    for point in json(folder, &["backup", "backups", "--list"]).as_array().expect("points") {
        let name = point["point"].as_str().expect("text");
        let restored = json(folder, &["restore", "backups", "--point", name, "--home", name]);
        assert_eq!(restored["is_equal"], true);
        assert_eq!(with_text(&folder.join(name), NAME), Vec::<String>::new());
    }
}

#[test]
fn what_differs_from_what_was_kept_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    backed_up(folder);
    // The journal of the home is damaged before its second point.
    let rebuilt = json(folder, &["rebuild", "--home", "home"]);
    assert_eq!(rebuilt["faults"], Value::Array(Vec::new()));
    let key = contents(&folder.join("home/keys")).into_keys().next().expect("a key");
    fs::write(folder.join("home/keys").join(key), [7; 32]).expect("written");
    done(folder, &["backup", "backups", "--home", "home"]);
    let output = run(folder, &["restore", "backups", "--drill", "--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(told["is_equal"], false);
    assert!(told["faults"][0].as_str().expect("text").contains("cannot be opened"), "{told}");
    assert_eq!(told["differences"][0]["what"], "journal: personal_values");
}

/// Runs a command whose files may not grow over so many blocks of 512 bytes.
fn limited(folder: &Path, blocks: u32, arguments: &[&str]) -> Output {
    let script = format!(r#"trap '' XFSZ; ulimit -f {blocks}; exec "$0" "$@""#);
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_noroshi"), "--lang", "en"]).args(arguments);
    command.current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).env("USER", NAME);
    command.output().expect("started")
}

#[test]
fn files_that_may_not_grow_leave_all_points_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    backed_up(folder);
    for blocks in [1, 4, 16, 64, 200] {
        let output = limited(folder, blocks, &["backup", "backups", "--home", "home", "--json"]);
        assert_eq!(output.status.code(), Some(1), "{blocks}: {}", said(&output));
        let points = json(folder, &["backup", "backups", "--list"]);
        assert_eq!(points.as_array().expect("points").len(), 1, "{blocks}: {points}");
        let output = limited(folder, blocks, &["restore", "backups", "--home", &format!("r{blocks}")]);
        assert_ne!(output.status.code(), Some(0), "{blocks}");
        assert!(!folder.join(format!("r{blocks}/format")).exists(), "{blocks}");
    }
    done(folder, &["backup", "backups", "--home", "home"]);
    assert_eq!(json(folder, &["restore", "backups", "--drill"])["is_equal"], true);
    assert_eq!(json(folder, &["rebuild", "--home", "home"])["faults"], Value::Array(Vec::new()));
}
