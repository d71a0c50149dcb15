//! Sets of rules: versions that are added, looked at, taken; rules that stay off over updates; who did it.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use watch::retention::{Command, Ending, Retentions};

use crate::commands::{RULE, event, folder, noroshi, said};

const LANTERN: &str = "4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11";

/// Another rule over the same events.
fn rule(title: &str, id: &str, word: &str) -> String {
    RULE.replace("Lantern", title).replace(LANTERN, id).replace("lantern", word)
}

fn write(folder: &Path, files: &[(&str, String)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = noroshi(folder, &[arguments, &["--home", "home"]].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    output
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[arguments, &["--json"]].concat());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn refused(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = noroshi(folder, &[arguments, &["--home", "home"]].concat());
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
    said(&output)
}

/// Kept verdicts by title and the version of the set that named them first.
fn verdicts(folder: &Path) -> Vec<(String, String)> {
    let found = json(folder, &["query", "SELECT title, rule_set FROM verdicts ORDER BY 1, 2"]);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    found.as_array().expect("rows").iter().map(|row| (text(row, "title"), text(row, "rule_set"))).collect()
}

#[test]
fn what_is_decided_stays_and_another_command_reads_it() {
    let folder = folder();
    let folder = folder.path();
    write(folder, &[("set/a.yml", RULE.to_owned())]);
    let added = json(folder, &["rules", "add", "ours", "set", "--enable", "--reason", "reviewed"]);
    assert_eq!((&added["version"], &added["rules"]), (&1.into(), &1.into()));
    // Repeated, it is the same version, and nothing new.
    assert_eq!(json(folder, &["rules", "add", "ours", "set"])["version"], 1);
    json(folder, &["rules", "exclude", LANTERN, "--reason", "noisy", "--until", "2200-01-01"]);
    let history = json(folder, &["rules", "history", "ours"]);
    let acts: Vec<&str> = history
        .as_array()
        .expect("acts")
        .iter()
        .map(|act| act["act"]["type"].as_str().expect("text"))
        .collect();
    assert_eq!(acts, ["added", "enabled", "excluded"]);
    assert_eq!(history[2]["act"]["until"], "2199-12-31T15:00:00Z");
    assert_eq!(history[2]["evidence"], "act:watch/ruleset/ours/3");
    assert!(history[2]["actor"].as_str().expect("text").starts_with("local:"));
    let sets = json(folder, &["rules", "list"]);
    assert_eq!(
        (&sets[1]["set"], &sets[1]["enabled"], &sets[1]["exclusions"]),
        (&"ours".into(), &"1".into(), &1.into())
    );
    let rules = json(folder, &["rules", "list", "ours"]);
    assert_eq!(rules[0]["is_excluded"], true);
    for (wrong, what) in [
        (&["rules", "enable", "ours", "--version", "7", "--reason", "x"][..], "no version 7"),
        (&["rules", "enable", "theirs", "--reason", "x"], "no set theirs"),
        (&["rules", "enable", "ours", "--reason", " "], "needs a reason"),
        (&["rules", "enable", "ours", "--reason", "x"], "so already"),
        (&["rules", "exclude", "nobody", "--reason", "x"], "No rule is called"),
        (&["rules", "exclude", "Lantern", "--reason", "x", "--until", "2020-01-01"], "over already"),
        (&["rules", "add", "bundled", "set"], "comes with the program"),
        (&["rules", "add", "No Name", "set"], "cannot be the name"),
        (&["rules", "add", "ours", "log.json"], "no rule that can run"),
        (&["rules", "include", "nobody", "--reason", "x"], "No rule is called"),
        (&["rules", "disable", "theirs", "--reason", "x"], "no set theirs"),
        (&["rules", "history", "theirs"], "no set theirs"),
    ] {
        let said = refused(folder, wrong, 2);
        assert!(said.to_lowercase().contains(&what.to_lowercase()), "{wrong:?}: {said}");
    }
    assert_eq!(json(folder, &["rules", "history", "ours"]).as_array().expect("acts").len(), 3);
}

#[test]
fn a_home_that_is_named_must_be_there_and_be_readable() {
    let folder = folder();
    let folder = folder.path();
    refused(folder, &["rules", "list"], 3);
    refused(folder, &["rules", "list", "bundled"], 3);
    run(folder, &["rules", "disable", "bundled", "--reason", "a test"]);
    fs::write(folder.join("home/format"), "999\n").expect("written");
    // A set that cannot be read is not taken for one that comes with the program.
    for arguments in
        [&["rules", "list"][..], &["rules", "list", "bundled"], &["rules", "exclude", "x", "--reason", "x"]]
    {
        assert!(refused(folder, arguments, 2).contains("newer"), "{arguments:?}");
    }
}

#[test]
fn the_enabled_version_scans_what_is_kept_and_verdicts_name_it() {
    let folder = folder();
    let folder = folder.path();
    write(folder, &[("one/a.yml", RULE.to_owned())]);
    run(folder, &["rules", "add", "ours", "one", "--enable", "--reason", "first"]);
    run(folder, &["rules", "disable", "bundled", "--reason", "only ours here"]);
    run(folder, &["ingest", "log.json"]);
    assert_eq!(
        verdicts(folder),
        [("Lantern".to_owned(), "ours@1".to_owned()), ("Lantern".to_owned(), "ours@1".to_owned())]
    );
    // The second version has a rule more. Taking it offers to scan again, and that finds what is new.
    let other = rule("Nothing", "22222222-3c4e-4f7e-8a55-0d0a6e9d2f11", "nothing");
    write(folder, &[("two/a.yml", RULE.to_owned()), ("two/b.yml", other)]);
    run(folder, &["rules", "add", "ours", "two"]);
    let enabled = json(folder, &["rules", "enable", "ours", "--reason", "second"]);
    assert_eq!(enabled["rescan_days"], 3);
    let jobs = json(folder, &["jobs"]);
    assert_eq!((&jobs[0]["kind"], &jobs[0]["state"]), (&"watch.rescan".into(), &"open".into()));
    run(folder, &["detect", "--lake"]);
    let jobs = json(folder, &["jobs"]);
    assert_eq!((&jobs[0]["state"], &jobs[0]["done"]), (&"done".into(), &3.into()));
    assert_eq!(verdicts(folder).last(), Some(&("Nothing".to_owned(), "ours@2".to_owned())));
    // What is off gives no verdict, from whatever command.
    run(folder, &["rules", "exclude", "Lantern", "--reason", "noisy"]);
    fs::write(folder.join("more.json"), event("2026-06-14T01:00:00Z", "a lantern for nothing"))
        .expect("written");
    run(folder, &["ingest", "more.json"]);
    let found = verdicts(folder);
    assert_eq!(
        (found.len(), found.iter().filter(|(title, _)| title == "Nothing").count()),
        (4, 2),
        "{found:?}"
    );
    run(folder, &["rules", "include", "Lantern", "--reason", "tuned"]);
    run(folder, &["detect", "--lake"]);
    assert_eq!(verdicts(folder).len(), 5);
}

#[test]
fn an_update_keeps_exclusions_and_says_what_it_changes() {
    let folder = folder();
    let folder = folder.path();
    let id = |number: u32| format!("{number:08}-3c4e-4f7e-8a55-0d0a6e9d2f11");
    write(
        folder,
        &[
            ("old/rules/stays.yml", rule("Stays", &id(1), "stays")),
            ("old/rules/changes.yml", rule("Changes", &id(2), "before")),
            ("old/rules/goes.yml", rule("Goes", &id(3), "goes")),
            ("old/.github/none.yml", "on: push".to_owned()),
        ],
    );
    run(folder, &["rules", "add", "sigma", "old", "--enable", "--reason", "first"]);
    run(folder, &["rules", "exclude", "Changes", "--reason", "our backup does this"]);
    run(folder, &["rules", "exclude", "goes.yml", "--reason", "and this"]);
    // The update comes as an archive, with a folder around everything.
    let files = [
        ("sigma-2/rules/stays.yml", rule("Stays", &id(1), "stays")),
        ("sigma-2/rules/changes.yml", rule("Changes", &id(2), "after").replace("level: high", "level: low")),
        ("sigma-2/rules/comes.yml", rule("Comes", &id(4), "comes")),
        ("sigma-2/.github/none.yml", "on: push".to_owned()),
    ];
    let mut archive = tar::Builder::new(Vec::new());
    for (path, text) in &files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, path, text.as_bytes()).expect("added");
    }
    fs::write(folder.join("update.tar"), archive.into_inner().expect("whole")).expect("written");
    let before = json(folder, &["rules", "diff", "sigma", "update.tar"]);
    let added = json(folder, &["rules", "add", "sigma", "update.tar"]);
    assert_eq!(added["changes"]["difference"], before["difference"]);
    let difference = json(folder, &["rules", "diff", "sigma"]);
    assert_eq!((&difference["from"], &difference["to"]), (&"sigma@1".into(), &"sigma@2".into()));
    let titles = |of: &str| -> Vec<String> {
        let all = difference["difference"][of].as_array().expect("entries").iter();
        all.map(|entry| {
            entry["title"].as_str().or_else(|| entry["after"]["title"].as_str()).expect("text").to_owned()
        })
        .collect()
    };
    assert_eq!(
        (titles("added"), titles("removed"), titles("changed")),
        (vec!["Comes".into()], vec!["Goes".into()], vec!["Changes".into()])
    );
    assert_eq!(difference["difference"]["unchanged"], 1);
    assert_eq!(difference["excluded_changed"], serde_json::json!(["Changes"]));
    assert_eq!(difference["excluded_removed"], serde_json::json!(["Goes"]));
    let changes = difference["difference"]["changed"][0]["changes"].as_array().expect("changes");
    let at: Vec<&str> = changes.iter().map(|change| change["at"].as_str().expect("text")).collect();
    assert_eq!(at, ["level", "detection.selection.CommandLine|contains"]);
    run(folder, &["rules", "enable", "sigma", "--reason", "the update"]);
    let rules = json(folder, &["rules", "list", "sigma"]);
    let off: Vec<&str> = rules
        .as_array()
        .expect("rules")
        .iter()
        .filter(|rule| rule["is_excluded"] == true)
        .map(|rule| rule["title"].as_str().expect("text"))
        .collect();
    assert_eq!(off, ["Changes"]);
    let told = said(&run(folder, &["rules", "diff", "sigma"]));
    for line in [
        "+ high          Comes",
        "- high          Goes",
        "~ low           Changes",
        "before → after",
        "level: high → low",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
}

#[test]
fn rows_end_when_somebody_says_so_and_why() {
    let folder = folder();
    let folder = folder.path();
    run(folder, &["ingest", "--owner", "aoba", "log.json"]);
    let through = ["retention", "--owner", "aoba", "--through", "2026-06-12"];
    let would = json(folder, &through);
    let rows = |said: &Value| -> u64 {
        let days = said["would_remove"].as_array().expect("days").iter();
        days.filter(|day| day["table"] == "own.process_activity" || day["table"] == "process_activity")
            .map(|day| day["rows"].as_u64().expect("a number"))
            .sum()
    };
    assert_eq!(rows(&would), 2, "{would}");
    let count =
        || json(folder, &["query", "SELECT count(*) AS rows FROM process_activity"])[0]["rows"].clone();
    assert_eq!(count(), 3);
    refused(folder, &[&through[..], &["--remove"]].concat(), 2);
    let other = json(folder, &["retention", "--owner", "hinata", "--through", "2026-06-12"]);
    assert_eq!(rows(&other), 0);
    let removed = json(folder, &[&through[..], &["--remove", "--reason", "kept for a year"]].concat());
    assert_eq!(removed["removed_rows"], 2, "{removed}");
    assert_eq!(count(), 1);
    let ended = json(folder, &["retention", "--history"]);
    let process = ended.as_array().expect("acts").iter().find(|act| act["table"] == "own.process_activity");
    let process = process.expect("it ended");
    assert_eq!((&process["owner"], &process["rows"]), (&"aoba".into(), &2.into()));
    assert_eq!((&process["through"], &process["reason"]), (&"2026-06-12".into(), &"kept for a year".into()));
    let jobs = json(folder, &["jobs"]);
    assert_eq!((&jobs[0]["kind"], &jobs[0]["state"]), (&"watch.retention".into(), &"done".into()));
    // A process may stop between doing it and saying so: whoever does it again says so.
    {
        let home = home::Writer::take(&folder.join("home")).expect("the home is free");
        let journal = journal::Journal::open(&home, noroshi::acts::kinds()).expect("opened");
        let (owner, through) = (Some("aoba".to_owned()), "2026-06-12".to_owned());
        let ending = Ending { owner, through, rows: 2, days: 2, reason: "stopped".to_owned() };
        let (actor, now) = (journal::Actor::local(home::user()), noroshi::books::now());
        let acting = journal::Acting { actor, now };
        journal.act::<Retentions>("own:process_activity", Command::Order(ending), &acting).expect("ordered");
    }
    let again = json(folder, &[&through[..], &["--remove", "--reason", "again"]].concat());
    assert_eq!(again["removed_rows"], 0);
    let reader = journal::Reader::open(
        &home::Home::open(&folder.join("home")).expect("there"),
        noroshi::acts::kinds(),
    );
    let kept = noroshi::books::look(|who| reader.state::<Retentions>(who, "own:process_activity"));
    let (kept, acts) = kept.expect("read").expect("there");
    assert_eq!((kept.open, acts), (vec![], 4));
    assert_eq!(json(folder, &["jobs"]).as_array().expect("jobs").len(), 1, "nothing was to be done");
    // Read again, they do not come back.
    run(folder, &["ingest", "--owner", "aoba", "log.json"]);
    assert_eq!((count(), rows(&json(folder, &through))), (1.into(), 0));
    let rebuilt = json(folder, &["rebuild"]);
    assert_eq!(rebuilt["faults"], serde_json::json!([]));
    assert!(refused(folder, &["retention", "--through", "yesterday"], 2).contains("no day"));
}

#[test]
fn who_acted_is_forgotten_and_what_was_done_stays() {
    let folder = folder();
    let folder = folder.path();
    let name = "unmistakable-operator";
    let named = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_noroshi"));
        let output =
            command.current_dir(folder).env("USER", name).env("XDG_CACHE_HOME", folder.join("cache"));
        let output = output.args(["--lang", "en"]).args(arguments).args(["--home", "home"]).output();
        let output = output.expect("the program starts");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
        said(&output)
    };
    named(&["rules", "disable", "bundled", "--reason", "a test"]);
    assert!(named(&["rules", "history"]).contains(name));
    named(&["forget", name, "--reason", "they asked for it"]);
    let history = named(&["rules", "history"]);
    assert!(history.contains("disabled bundled: a test") && !history.contains(name), "{history}");
    // Not even when they act again.
    named(&["rules", "enable", "bundled", "--reason", "a test"]);
    assert_eq!(holding(&folder.join("home"), name.as_bytes()), Vec::<String>::new());
    assert!(named(&["rebuild"]).contains("1 forgotten"));
    assert!(refused(folder, &["forget", "nobody-here", "--reason", "x"], 2).contains("Nothing personal"));
}

/// Files below a folder that hold these bytes.
fn holding(folder: &Path, wanted: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(holding(&path, wanted));
        } else if fs::read(&path).expect("read").windows(wanted.len()).any(|bytes| bytes == wanted) {
            found.push(path.display().to_string());
        }
    }
    found
}
