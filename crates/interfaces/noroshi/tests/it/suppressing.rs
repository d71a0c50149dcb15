//! What is suppressed: shown no more for a while, over updates, and shown again as it was.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::commands::{RULE, event, folder, noroshi, said};

const LANTERN: &str = "4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11";
const HOUR_AGO: &str = "2020-01-01";
const FAR: &str = "2200-01-01";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = noroshi(folder, &[arguments, &["--home", "home"]].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    output
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[arguments, &["--json"]].concat());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Ids of the verdicts that are kept.
fn verdicts(folder: &Path) -> Vec<String> {
    let found = json(folder, &["query", "SELECT id FROM verdicts ORDER BY 1"]);
    let id = |row: &Value| row["id"].as_str().expect("an id").to_owned();
    found.as_array().expect("rows").iter().map(id).collect()
}

/// A home with the rule, in a set of its own.
fn home(folder: &Path) {
    fs::create_dir_all(folder.join("set")).expect("made");
    fs::write(folder.join("set/a.yml"), RULE).expect("written");
    run(folder, &["rules", "add", "ours", "set", "--enable", "--reason", "reviewed"]);
    run(folder, &["rules", "disable", "bundled", "--reason", "only ours here"]);
}

fn keep(folder: &Path, name: &str, lines: &[(&str, &str)]) {
    let text: String = lines.iter().map(|(time, line)| event(time, line)).collect();
    fs::write(folder.join(name), text).expect("written");
    run(folder, &["ingest", name]);
}

#[test]
fn what_is_suppressed_comes_back_as_the_same_verdicts() {
    let folder = folder();
    let folder = folder.path();
    home(folder);
    keep(
        folder,
        "one.json",
        &[("2026-06-11T01:00:00Z", "lantern one"), ("2026-06-11T02:00:00Z", "lantern two")],
    );
    let before = verdicts(folder);
    assert_eq!(before.len(), 2);
    let about = ["rules", "suppress", "--rule", "Lantern", "--where", "CommandLine|endswith=two"];
    // Tried on what is kept: one of two goes. Nothing is decided.
    let tried = json(folder, &[&about[..], &["--dry-run"]].concat());
    assert_eq!((&tried["changes"][0]["before"], &tried["changes"][0]["after"]), (&2.into(), &1.into()));
    assert_eq!(json(folder, &["rules", "suppressions", "--all"]), Value::Array(vec![]));
    let decided = [&about[..], &["--reason", "the backup", "--until", FAR]].concat();
    let done = json(folder, &decided);
    assert_eq!((&done["is_new"], &done["rules"]), (&true.into(), &1.into()));
    let name = done["name"].as_str().expect("a name").to_owned();
    assert!(name.starts_with("4b5ba1b4-"), "{name}");
    // Said twice it is one thing.
    assert_eq!(json(folder, &decided)["is_new"], false);
    let listed = json(folder, &["rules", "suppressions"]);
    assert_eq!((&listed[0]["rules"][0], &listed[0]["holds"]), (&LANTERN.into(), &true.into()));
    assert!(listed[0]["filter"].as_str().expect("text").contains("not selection"), "{listed}");
    // What comes is not shown, what is there stays, and scanning again adds nothing of either.
    keep(
        folder,
        "two.json",
        &[("2026-06-12T01:00:00Z", "lantern two"), ("2026-06-12T02:00:00Z", "lantern six")],
    );
    let during = verdicts(folder);
    assert_eq!(during.len(), 3);
    run(folder, &["detect", "--lake"]);
    assert_eq!(verdicts(folder), during);
    // An update of the rule changes its digest, and the suppression holds.
    fs::write(folder.join("set/a.yml"), RULE.replace("title: Lantern", "title: Lantern lit"))
        .expect("written");
    run(folder, &["rules", "add", "ours", "set", "--enable", "--reason", "update"]);
    keep(folder, "three.json", &[("2026-06-13T01:00:00Z", "lantern two")]);
    assert_eq!(verdicts(folder), during);
    fs::write(folder.join("set/a.yml"), RULE).expect("written");
    run(folder, &["rules", "add", "ours", "set", "--enable", "--reason", "back"]);
    // Over, it is found as what it always was.
    let ended = json(folder, &["rules", "unsuppress", &name, "--reason", "the backup is gone"]);
    assert_eq!(ended["rescan_days"], 3);
    run(folder, &["detect", "--lake"]);
    let after = verdicts(folder);
    assert_eq!(after.len(), 5, "two of before, and three that were not shown or not suppressed");
    assert!(during.iter().all(|id| after.contains(id)));
    assert_eq!(json(folder, &["rules", "suppressions"]), Value::Array(vec![]));
    assert_eq!(json(folder, &["rules", "suppressions", "--all"])[0]["holds"], false);
    assert_eq!(
        json(folder, &["evidence", done["act"].as_str().expect("an act")])["act"]["type"],
        "suppressed"
    );
}

/// Whoever holds the home with its rules goes on with those of now.
#[test]
fn a_filter_of_a_file_is_taken_and_wrong_ones_are_refused() {
    let folder = folder();
    let folder = folder.path();
    home(folder);
    let filter = "title: Nightly backup\nlogsource:\n  product: windows\nfilter:\n  rules: any\n  backup:\n    CommandLine|contains: backup\n  condition: not backup\n";
    for (file, text) in [
        ("Night Backup.yml", filter.to_owned()),
        ("rule.yml", RULE.to_owned()),
        ("broken.yml", "title: [".to_owned()),
        ("two.yml", format!("{filter}---\n{filter}")),
        ("linux.yml", filter.replace("windows", "linux")),
    ] {
        fs::write(folder.join(file), text).expect("written");
    }
    let decided = ["--reason", "x", "--until", FAR];
    for (wrong, what) in [
        (&["rule.yml"][..], "no Sigma filter"),
        (&["broken.yml"], "no Sigma filter"),
        (&["two.yml"], "no Sigma filter"),
        (&["nowhere.yml"], "nowhere.yml"),
        (&["linux.yml"], "for no rule that runs here"),
        (&["--rule", "nobody", "--where", "A=b"], "No rule is called"),
        (&["--rule", "Lantern", "--where", "CommandLine"], "no field with a value"),
        (&["--rule", "Lantern", "--where", "Command Line|nonsense=b"], "no Sigma filter"),
        (&["Night Backup.yml", "--name", "Not A Name"], "cannot be the name"),
    ] {
        let output =
            noroshi(folder, &[&["rules", "suppress"], wrong, &decided, &["--home", "home"]].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", said(&output));
        assert!(said(&output).contains(what), "{wrong:?}: {}", said(&output));
    }
    for (wrong, what) in [
        (&["suppress", "Night Backup.yml", "--reason", " ", "--until", FAR][..], "needs a reason"),
        (&["suppress", "Night Backup.yml", "--reason", "x", "--until", HOUR_AGO], "over already"),
        (&["suppress", "Night Backup.yml", "--reason", "x", "--until", "soon"], "is not a time"),
        (&["suppress", "Night Backup.yml", "--reason", "x"], "--until"),
        (&["unsuppress", "night-backup", "--reason", "x"], "no suppression night-backup"),
        (&["suppressions", "night-backup"], "no suppression night-backup"),
    ] {
        let output = noroshi(folder, &[&["rules"], wrong, &["--home", "home"]].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", said(&output));
        assert!(said(&output).contains(what), "{wrong:?}: {}", said(&output));
    }
    assert_eq!(json(folder, &["rules", "suppressions", "--all"]), Value::Array(vec![]));
    let done = json(folder, &[&["rules", "suppress", "Night Backup.yml"], &decided[..]].concat());
    assert_eq!(done["name"], "night-backup");
    keep(
        folder,
        "log.json",
        &[("2026-06-11T01:00:00Z", "lantern backup"), ("2026-06-11T02:00:00Z", "lantern")],
    );
    assert_eq!(verdicts(folder).len(), 1);
    let shown = said(&run(folder, &["rules", "suppressions", "night-backup"]));
    assert!(shown.contains("Nightly backup") && shown.contains("CommandLine|contains: backup"), "{shown}");
}
