//! Homes of others, homes on disks of their own, and homes that somebody is busy with.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use noroshi::commands::doctor::examine;
use serde_json::Value;

use super::homes::{Homes, Of, copy, run, state};
use super::{check_texts, codes};
use crate::commands::{event, said};
use crate::full::skipped;
use crate::serving::Serving;

fn quiet() -> (tempfile::TempDir, Homes) {
    let (folder, homes) = (tempfile::tempdir().expect("a folder"), Homes::new());
    copy(&homes.of(Of::Quiet).join("home"), &folder.path().join("home"));
    (folder, homes)
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
}

/// Gives a folder and all in it to somebody.
fn give(path: &Path, user: u32) {
    chown(path, Some(user), None).expect("given");
    for entry in fs::read_dir(path).into_iter().flatten() {
        give(&entry.expect("an entry").path(), user);
    }
}

fn told(output: &Output) -> BTreeSet<String> {
    let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(output)));
    let findings = told["findings"].as_array().expect("findings").iter();
    findings.map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect()
}

/// Needs a process that may give files away and be somebody else.
#[test]
fn another_user_is_told_what_could_not_be_looked_at() {
    let (folder, _homes) = quiet();
    let home = folder.path().join("home");
    let owner = fs::metadata(&home).expect("there").uid();
    let (other, third) = (owner + 4_001, owner + 4_002);
    if chown(&home, Some(other), None).is_err() {
        return unread_as_oneself(&home);
    }
    chown(home.join("lake"), Some(owner), None).expect("given");
    give(&home, other);
    chown(home.join("spool"), Some(owner), None).expect("given");
    let found = examine(&home, false);
    assert_eq!(codes(&found), ["home-other", "owner-other"].into());
    check_texts(&found, "others");

    chown(home.join("spool"), Some(other), None).expect("given");
    mode(folder.path(), 0o755);
    let ask = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
        command.args(["doctor", "--json", "--home"]).arg(&home);
        command.uid(third).gid(third).output()
    };
    let Ok(output) = ask() else { return skipped("nobody else may run the program") };
    assert_eq!((output.status.code(), told(&output)), (Some(1), ["not-looked-at".to_owned()].into()));
    // What lies in the folder may be listed, and some of it read.
    mode(&home, 0o755);
    mode(&home.join("format"), 0o644);
    mode(&home.join("access"), 0o755);
    let before = state(&home);
    let output = ask().expect("started");
    let expected = ["backup-none", "home-other", "mode-open", "not-looked-at"].map(str::to_owned).into();
    assert_eq!((output.status.code(), told(&output)), (Some(1), expected), "{}", said(&output));
    assert!(state(&home) == before);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for name in ["lake", "spool", "journal.sqlite", "keys", "lock", "access"] {
        assert!(text.contains(&format!("/home/{name}\"")), "{name}: {text}");
    }
}

/// The same for who may not be anybody else.
fn unread_as_oneself(home: &Path) {
    let closed = [home.join("journal.sqlite"), home.join("lake/own"), home.join("access")];
    closed.iter().for_each(|path| mode(path, 0));
    let found = examine(home, false);
    assert_eq!(codes(&found), ["not-looked-at"].into(), "{:?}", found.findings);
    closed.iter().for_each(|path| mode(path, 0o700));
}

/// Looks at a home on a small disk, then on one that may only be read. Ends with 77 where nobody may mount one.
const SCRIPT: &str = r#"
mount -t tmpfs -o size=40m,mode=700 none "$DISK" || exit 77
cp -a home "$DISK/home" || exit 1
"$NOROSHI" doctor --json --home "$DISK/home" >full.json
echo $? >full.code
mount -o remount,ro "$DISK" || exit 77
"$NOROSHI" doctor --json --deep --home "$DISK/home" >ro.json
echo $? >ro.code
"#;

#[test]
fn disks_that_are_full_or_may_only_be_read_are_told() {
    let (folder, _homes) = quiet();
    let path = folder.path();
    fs::create_dir(path.join("disk")).expect("made");
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", SCRIPT]).current_dir(path);
    command.env("DISK", path.join("disk")).env("NOROSHI", env!("CARGO_BIN_EXE_noroshi"));
    let Ok(output) = command.output() else { return skipped("there is no program `unshare`") };
    if output.status.code() == Some(77) || !path.join("full.code").exists() {
        return skipped(&said(&output));
    }
    let codes = |name: &str| -> (String, Vec<String>) {
        let text = fs::read_to_string(path.join(format!("{name}.json"))).expect("written");
        let told: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}", said(&output)));
        let findings = told["findings"].as_array().expect("findings").iter();
        let codes = findings.map(|finding| finding["code"].as_str().expect("a code").to_owned());
        let code = fs::read_to_string(path.join(format!("{name}.code"))).expect("written");
        (code.trim().to_owned(), codes.collect())
    };
    assert_eq!(codes("full"), ("1".to_owned(), ["disk-full", "backup-none"].map(str::to_owned).to_vec()));
    assert_eq!(codes("ro"), ("1".to_owned(), ["disk-read-only", "backup-none"].map(str::to_owned).to_vec()));
}

/// Looks at a home as often as somebody is busy with it.
fn nothing_false(home: &Path, work: impl FnOnce() + Send) {
    thread::scope(|scope| {
        let working = scope.spawn(work);
        let mut looks = 0;
        while !working.is_finished() {
            let found = examine(home, looks % 4 == 3);
            let mut said = codes(&found);
            // True: who ends during a look leaves its log to the next.
            said.remove("journal-log-left");
            assert_eq!(said, BTreeSet::new(), "look {looks}: {:?}", found.findings);
            looks += 1;
        }
        working.join().expect("done");
        assert!(looks > 3, "{looks}");
    });
}

/// Logs that come one after the other, decisions, and questions, each by a process of its own.
fn works(folder: &Path, rounds: u32) {
    for round in 0..rounds {
        let time = format!("2026-06-{:02}T03:00:00Z", round % 28 + 1);
        let name = format!("log-{round}.json");
        fs::write(folder.join(&name), event(&time, &format!("lantern {round}"))).expect("written");
        run(folder, &["ingest", &name]);
        let id = "4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11";
        run(folder, &["rules", "exclude", id, "--reason", "noisy"]);
        run(folder, &["query", "SELECT count(*) FROM events"]);
        run(folder, &["rules", "include", id, "--reason", "needed"]);
    }
}

#[test]
fn nothing_false_is_said_while_processes_come_and_go() {
    let homes = Homes::new();
    let folder = homes.of(Of::Quiet);
    nothing_false(&folder.join("home"), || works(folder, 6));
}

#[test]
fn nothing_false_is_said_while_one_process_serves() {
    let homes = Homes::new();
    let folder = homes.of(Of::Quiet);
    let serving = Serving::start(folder);
    nothing_false(&folder.join("home"), || works(folder, 6));
    serving.end();
    assert_eq!(codes(&examine(&folder.join("home"), true)), BTreeSet::new());
}
