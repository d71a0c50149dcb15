//! Who works on the platform, and that each sees their own.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::commands::{RULE, event, folder, noroshi, said};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = noroshi(folder, &[arguments, &["--home", "home"]].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    output
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[arguments, &["--json"]].concat());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn refused(folder: &Path, arguments: &[&str], what: &str) {
    let output = noroshi(folder, &[arguments, &["--home", "home"]].concat());
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
    assert!(said(&output).contains(what), "{arguments:?}: {}", said(&output));
}

/// Two organisations and the centre, one person each, and a finding of each organisation.
fn nation(folder: &Path) {
    fs::create_dir_all(folder.join("set")).expect("made");
    fs::write(folder.join("set/a.yml"), RULE).expect("written");
    run(folder, &["rules", "add", "ours", "set", "--enable", "--reason", "reviewed"]);
    for (id, name, kind) in [
        ("centre", "国家観測運用センター", "operator"),
        ("hinata", "ひなた市役所", "local-government"),
        ("aoba", "あおば病院", "infrastructure"),
    ] {
        run(folder, &["register", "organisation", id, "--name", name, "--kind", kind]);
    }
    for (id, organisation, role, name) in [
        ("bunseki", "centre", "analyst", "三宅 涼"),
        ("kanri", "hinata", "administrator,member", "川口 花子"),
        ("joho", "aoba", "member", "森 一"),
        ("kansa", "hinata", "auditor", "林 二"),
    ] {
        let place = ["register", "person", id, "--organisation", organisation, "--role", role];
        run(folder, &[&place[..], &["--name", name]].concat());
    }
    for (owner, day) in [("hinata", "11"), ("aoba", "12")] {
        let file = format!("{owner}.json");
        let text = event(&format!("2026-06-{day}T01:00:00Z"), "lantern");
        fs::write(folder.join(&file), text).expect("written");
        run(folder, &["ingest", &file, "--owner", owner]);
    }
}

/// The organisations of the findings that somebody sees.
fn seen(folder: &Path, person: &[&str]) -> Vec<String> {
    let found = json(folder, &[&["findings"], person].concat());
    let all = found.as_array().expect("findings").iter();
    let mut all: Vec<String> =
        all.map(|one| one["organisation"].as_str().expect("text").to_owned()).collect();
    all.sort();
    all
}

#[test]
fn each_sees_their_own_and_that_it_was_looked_so_is_noted() {
    let folder = folder();
    let folder = folder.path();
    nation(folder);
    assert_eq!(seen(folder, &[]), ["aoba", "hinata"]);
    for (person, expected) in
        [("bunseki", &["aoba", "hinata"][..]), ("kanri", &["hinata"]), ("joho", &["aoba"]), ("kansa", &[])]
    {
        assert_eq!(seen(folder, &["--as", person]), expected, "{person}");
    }
    // One finding is told to who sees it, and to nobody else that it is there.
    let number = |owner: &str| {
        let all = json(folder, &["findings"]);
        let one = all.as_array().expect("all").iter().find(|one| one["organisation"] == owner).cloned();
        one.expect("a finding")["finding"].as_u64().expect("a number").to_string()
    };
    let (mine, theirs) = (number("hinata"), number("aoba"));
    assert_eq!(json(folder, &["findings", "show", &mine, "--as", "kanri"])["organisation"], "hinata");
    let hidden = noroshi(folder, &["findings", "show", &theirs, "--as", "kanri", "--home", "home"]);
    let absent = noroshi(folder, &["findings", "show", "999", "--as", "kanri", "--home", "home"]);
    assert_eq!(said(&hidden).replace(&theirs, "N"), said(&absent).replace("999", "N"));
    // The register too.
    let ids = |arguments: &[&str]| -> Vec<String> {
        let all = json(folder, arguments);
        all.as_array().expect("rows").iter().map(|one| one["id"].as_str().expect("id").to_owned()).collect()
    };
    assert_eq!(ids(&["register", "people", "--as", "kanri"]), ["kanri", "kansa"]);
    assert_eq!(ids(&["register", "organisations", "--as", "kanri"]), ["hinata"]);
    assert_eq!(ids(&["register", "people"]).len(), 4);
    // Who took whose place, and what was seen from it.
    let log: String = fs::read_dir(folder.join("home/access"))
        .expect("a folder")
        .map(|file| {
            String::from_utf8_lossy(&fs::read(file.expect("a file").path()).expect("read")).into_owned()
        })
        .collect();
    assert!(log.contains("as kanri"), "{log}");
}

/// No question to the lake tells of a row that somebody does not see, by whatever it is asked.
#[test]
fn no_question_tells_of_what_somebody_does_not_see() {
    let folder = folder();
    let folder = folder.path();
    nation(folder);
    // What only the other one has.
    let secret = event("2026-06-12T02:00:00Z", "lantern tobira4711");
    fs::write(folder.join("secret.json"), secret).expect("written");
    run(folder, &["ingest", "secret.json", "--owner", "aoba"]);
    let count = |sql: &str, person: &str| -> Value {
        let all = json(folder, &["query", sql, "--as", person]);
        all[0]["n"].clone()
    };
    for (sql, mine, theirs, all) in [
        ("SELECT count(*) AS n FROM events", 1, 2, 3),
        ("SELECT count(*) AS n FROM events WHERE owner = 'aoba'", 0, 2, 2),
        ("SELECT count(*) AS n FROM process_activity WHERE \"process.cmd_line\" LIKE '%tobira%'", 0, 1, 1),
        ("SELECT count(DISTINCT owner) AS n FROM events", 1, 1, 2),
        ("SELECT count(*) AS n FROM events AS a JOIN events AS b ON a.class = b.class", 1, 4, 9),
        ("SELECT count(*) AS n FROM verdicts", 1, 2, 3),
        ("SELECT sum(events) AS n FROM batches", 1, 2, 3),
    ] {
        for (person, expected) in [("kanri", mine), ("joho", theirs), ("bunseki", all)] {
            assert_eq!(count(sql, person), expected, "{person}: {sql}");
        }
        assert_eq!(json(folder, &["query", sql])[0]["n"], all, "{sql}");
    }
    // A division that fails on the hidden row alone fails for nobody else.
    let trap = "SELECT count(*) AS n FROM process_activity WHERE 1 / (CASE WHEN \"process.cmd_line\" LIKE '%tobira%' THEN 0 ELSE 1 END) = 1";
    assert_eq!(count(trap, "kanri"), 1);
    let output = noroshi(folder, &["query", trap, "--as", "joho", "--home", "home"]);
    assert_ne!(output.status.code(), Some(0), "{}", said(&output));
    let found = |person: &str| json(folder, &["find", "ws01.example", "--as", person])["rows"].clone();
    assert_eq!((found("kanri"), found("joho"), found("kansa")), (1.into(), 2.into(), 0.into()));
    let text = |arguments: &[&str]| said(&run(folder, arguments));
    for arguments in [
        &["query", "SELECT * FROM process_activity", "--as", "kanri"][..],
        &["query", "EXPLAIN ANALYZE SELECT * FROM process_activity", "--as", "kanri"],
        &["tables", "--as", "kanri"],
        &["find", "ws01.example", "--rows", "9", "--as", "kanri"],
    ] {
        let output = noroshi(folder, &[arguments, &["--home", "home"]].concat());
        assert!(!said(&output).contains("tobira4711"), "{arguments:?}: {}", said(&output));
        assert!(!said(&output).contains("aoba"), "{arguments:?}: {}", said(&output));
    }
    assert!(
        text(&["query", "SELECT * FROM process_activity", "--as", "joho", "--json"]).contains("tobira4711")
    );
    // Why.
    let theirs = json(folder, &["findings", "--as", "joho"])[0]["finding"].to_string();
    let why = json(folder, &["access", "why", "kanri", &theirs]);
    assert_eq!((&why["is_seen"], &why["owner"]), (&false.into(), &"aoba".into()));
    let changes = why["changes"].as_array().expect("changes");
    let tlp: Vec<&str> = changes.iter().filter_map(|change| change["tlp"].as_str()).collect();
    assert_eq!((tlp, changes.len()), (vec!["TLP:CLEAR", "TLP:GREEN"], 3));
    let row = json(folder, &["findings", "show", &theirs, "--rows"])["rows"][0]["evidence"][0].clone();
    let row = row.as_str().expect("evidence").to_owned();
    assert_eq!(json(folder, &["access", "why", "joho", &row])["policies"], serde_json::json!(["own"]));
    assert_eq!(json(folder, &["access", "why", "kanri", &row])["is_seen"], false);
    refused(folder, &["access", "why", "who", &theirs], "nobody who");
    refused(folder, &["access", "why", "kanri", "something"], "neither the number");
    // A finding with its rows.
    let mine = json(folder, &["findings", "--as", "kanri"])[0]["finding"].to_string();
    let rows = json(folder, &["findings", "show", &mine, "--rows", "--as", "kanri"]);
    assert_eq!(rows["rows"].as_array().expect("rows").len(), 1);
}

#[test]
fn leavers_see_nothing_and_wrong_entries_are_refused() {
    let folder = folder();
    let folder = folder.path();
    nation(folder);
    let again = ["register", "person", "kanri", "--organisation", "hinata", "--role", "administrator,member"];
    assert_eq!(json(folder, &[&again[..], &["--name", "川口 花子"]].concat())["is_new"], false);
    assert_eq!(json(folder, &[&again[..], &["--name", "川口 葉子"]].concat())["is_new"], true);
    run(folder, &["register", "leave", "kanri", "--reason", "moved on"]);
    refused(folder, &["findings", "--as", "kanri"], "nobody kanri");
    run(folder, &["register", "leave", "--organisation", "aoba", "--reason", "agreement over"]);
    refused(folder, &["findings", "--as", "joho"], "nobody joho");
    run(folder, &["register", "person", "kanri", "--organisation", "hinata", "--role", "member"]);
    assert_eq!(seen(folder, &["--as", "kanri"]), ["hinata"]);
    for (wrong, what) in [
        (&["findings", "--as", "who"][..], "nobody who"),
        (&["findings", "show", "1", "--html", "x.html", "--as", "kanri"], "--as"),
        (&["register", "person", "x y", "--organisation", "hinata", "--role", "member"], "cannot be an id"),
        (
            &["register", "person", "x", "--organisation", "nowhere", "--role", "member"],
            "no organisation nowhere",
        ),
        (&["register", "person", "x", "--organisation", "hinata", "--role", "king"], "analyst"),
        (&["register", "organisation", "X", "--name", "x", "--kind", "isp"], "cannot be an id"),
        (&["register", "organisation", "x", "--name", " ", "--kind", "isp"], "name is empty"),
        (
            &["register", "organisation", "x", "--name", "x", "--kind", "isp", "--prefecture", "48"],
            "no prefecture",
        ),
        (&["register", "organisation", "x", "--name", "x", "--kind", "isp", "--parent", "x"], "belongs to"),
        (&["register", "leave", "who", "--reason", "x"], "nobody who"),
        (&["register", "leave", "--organisation", "aoba", "--reason", "x"], "no organisation aoba"),
        (&["register", "leave", "kanri", "--reason", " "], "needs a reason"),
    ] {
        refused(folder, wrong, what);
    }
}

/// What is personal of somebody goes; that they were there stays.
#[test]
fn the_name_of_who_is_forgotten_is_gone() {
    let folder = folder();
    let folder = folder.path();
    nation(folder);
    run(folder, &["forget", "person:kanri", "--reason", "asked for it"]);
    let all = json(folder, &["register", "people"]);
    let kanri = all.as_array().expect("people").iter().find(|one| one["id"] == "kanri").expect("there");
    assert_eq!((&kanri["name"], &kanri["organisation"]), (&"".into(), &"hinata".into()));
    assert_eq!(seen(folder, &["--as", "kanri"]), ["hinata"]);
}
