//! `noroshi indicators` over a small home: lists in the forms that people paste, benign lists, what the lake has, and
//! an import that is killed.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::commands::said;
use crate::counting;

/// What two machines logged.
const LOG: &str = r#"{"@timestamp":"2026-06-11T01:00:00Z","EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","SourceName":"Microsoft-Windows-Sysmon","Computer":"ws01.aoba.example","User":"AOBA\\sato","DestinationIp":"198.18.5.77","SourceIp":"10.1.2.3","Image":"C:\\Temp\\Up.exe"}
{"@timestamp":"2026-06-12T01:00:00Z","EventID":22,"Channel":"Microsoft-Windows-Sysmon/Operational","SourceName":"Microsoft-Windows-Sysmon","Computer":"ws02.aoba.example","QueryName":"login.evil-desk.net","QueryResults":"::ffff:45.83.220.9;","Image":"C:\\Temp\\up.exe"}
"#;

/// A list as somebody pastes it.
const LIST: &str = "# 調査メモ
連絡先は hxxp://evil-desk[.]net/a.php、通信先は45[.]83[.]220[.]9。
\"45.83.220.9\",\"evil-desk[.]net\",high
SHA256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
the host 192.168.1.1 runs version 10.0.19045.1
From: <bad@evil-desk.net>
nothing to see here
";

fn start(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(folder).args(["--lang", "en"]).args(arguments);
    command.env("NOROSHI_HOME", folder.join("home")).env("USER", "suzuki").stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    start(folder, &[&["indicators"], arguments].concat()).output().expect("the program starts")
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&done(folder, &[arguments, &["--json"]].concat())).expect("JSON")
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("list.txt"), LIST).expect("written");
    folder
}

/// Kind and value of each.
fn pairs(of: &Value) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    of.as_array().expect("an array").iter().map(|one| (text(&one["kind"]), text(&one["value"]))).collect()
}

fn expected(all: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    all.iter().map(|(kind, value)| ((*kind).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_list_is_read_as_people_paste_it_and_what_is_none_is_named() {
    let folder = folder();
    let folder = folder.path();
    let dry = json(folder, &["add", "list.txt", "--dry-run", "--silent"]);
    let there = expected(&[
        ("url", "http://evil-desk.net/a.php"),
        ("address", "45.83.220.9"),
        ("domain", "evil-desk.net"),
        ("mail", "bad@evil-desk.net"),
    ]);
    assert_eq!((pairs(&dry["indicators"]), &dry["again"]), (there.clone(), &json!(1)));
    assert_eq!((&dry["added"], folder.join("home").exists()), (&Value::Null, false));
    let benign: Vec<&Value> =
        dry["benign"].as_array().expect("an array").iter().map(|one| &one["benign"]).collect();
    assert_eq!(benign, [&json!("empty"), &json!("reserved")]);
    let refused = &dry["refused"][0];
    assert_eq!((&refused["code"], &refused["text"]), (&json!("version"), &json!("10.0.19045.1")));
    assert_eq!(refused["at"], json!({"list": "list.txt", "line": 5, "column": 35}));
    assert_eq!(
        dry["silent"],
        json!([{"list": "list.txt", "line": 1, "column": 3}, {"list": "list.txt", "line": 7, "column": 1}])
    );

    let said =
        done(folder, &["add", "list.txt", "--from", "Aoba CSIRT", "--tlp", "green", "--note", "false desk"]);
    assert!(said.contains("list.txt:5:35: “10.0.19045.1” is the version of a program."), "{said}");
    assert!(said.contains("“192.168.1.1” is on the benign list reserved"), "{said}");
    assert!(said.ends_with("4 added, 0 known before.\n"), "{said}");
    let again =
        done(folder, &["add", "list.txt", "--from", "Aoba CSIRT", "--tlp", "green", "--note", "false desk"]);
    assert!(again.ends_with("0 added, 4 known before.\n"), "{again}");
    let all = json(folder, &[]);
    assert_eq!(pairs(&all), there);
    let one = all.as_array().expect("an array").iter().find(|one| one["kind"] == "address").expect("there");
    let told =
        ["state", "source", "partner", "list", "tlp", "note"].map(|key| one[key].as_str().unwrap_or("?"));
    assert_eq!(told, ["active", "partner", "Aoba CSIRT", "list.txt", "TLP:GREEN", "false desk"]);
    // Nobody follows by accident what a terminal shows.
    let shown = done(folder, &["--kind", "domain"]);
    assert!(
        shown.contains("evil-desk[.]net") && shown.contains("Aoba CSIRT") && !shown.contains("evil-desk.net"),
        "{shown}"
    );
    assert!(done(folder, &["--kind", "domain", "--plain"]).contains("evil-desk.net"));
    assert_eq!(json(folder, &["--text", "a.php"]).as_array().map(Vec::len), Some(1));
    assert_eq!(json(folder, &["--from", "nobody"]), json!([]));
}

#[test]
fn what_is_benign_comes_in_with_a_reason_alone_and_lists_can_be_changed() {
    let folder = folder();
    let folder = folder.path();
    let taken = |arguments: &[&str]| json(folder, arguments)["indicators"].as_array().map_or(0, Vec::len);
    assert_eq!(taken(&["add", "203.0.113.5"]), 0);
    assert_eq!(taken(&["add", "203.0.113.5", "--force", "an exercise"]), 1);
    let shown = done(folder, &["show", "203[.]0.113.5"]);
    assert!(shown.contains("though on the benign list documentation: an exercise"), "{shown}");
    done(folder, &["benign", "off", "documentation", "--reason", "an exercise uses them"]);
    assert_eq!(taken(&["add", "203.0.113.6", "--dry-run"]), 1);
    done(folder, &["benign", "on", "documentation", "--reason", "it is over"]);
    assert_eq!(taken(&["add", "203.0.113.6", "--dry-run"]), 0);
    done(folder, &["benign", "add", "ours", "aoba-desk.net", "45.83.0.0/16", "--reason", "our own"]);
    assert_eq!(taken(&["add", "www.aoba-desk.net", "45.83.220.9", "other.net", "--dry-run"]), 1);
    let ours = json(folder, &["benign", "ours"]);
    assert_eq!(ours.as_array().map(Vec::len), Some(2));
    assert_eq!(taken(&["add", "bit.ly", "--dry-run"]), 0);
    done(folder, &["benign", "remove", "shared", "bit.ly", "--reason", "abused this week"]);
    assert_eq!(taken(&["add", "bit.ly", "--dry-run"]), 1);
    let all = json(folder, &["benign"]);
    let list =
        |name: &str| all.as_array().and_then(|all| all.iter().find(|list| list["list"] == name)).cloned();
    assert_eq!(list("shared").expect("there")["left_out"], json!(1));
    assert_eq!(list("ours").expect("there")["added"], json!(2));
    for (arguments, code) in [
        (&["benign", "remove", "shared", "never-there.net", "--reason", "x"][..], 2),
        (&["benign", "off", "nosuch", "--reason", "x"], 2),
        (&["benign", "add", "ours", "nothing", "--reason", "x"], 2),
        (&["benign", "nosuch"], 2),
        (&["add", "nothing"], 2),
        (&["show", "never-there.net"], 2),
        (&["withdraw", "never-there.net", "--reason", "x"], 2),
        (&["add", "203.0.113.7", "--until", "2001-01-01", "--force", "x"], 2),
    ] {
        let output = run(folder, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn the_lake_is_looked_through_and_what_changed_is_noted() {
    let folder = folder();
    let folder = folder.path();
    std::fs::write(folder.join("log.json"), LOG).expect("written");
    let kept = start(folder, &["ingest", "log.json"]).output().expect("the program starts");
    assert_eq!(kept.status.code(), Some(0), "{}", said(&kept));
    done(folder, &["add", "list.txt"]);
    done(folder, &["add", r"C:\Temp\up.exe", "never-there.net"]);
    let seen = json(folder, &["seen"]);
    assert_eq!((&seen["indicators"], &seen["found"]), (&json!(6), &json!(3)));
    let changed =
        expected(&[("address", "45.83.220.9"), ("domain", "evil-desk.net"), ("path", r"c:\temp\up.exe")]);
    assert_eq!(pairs(&seen["changed"]), changed);
    // A whole URL is meant, and not all of its host.
    let hits = json(folder, &["--hits"]);
    assert_eq!(pairs(&hits), changed);
    let path =
        hits.as_array().and_then(|all| all.iter().find(|one| one["kind"] == "path")).cloned().expect("there");
    assert_eq!((&path["hits"], &path["first_seen"]), (&json!(2), &json!("2026-06-11T01:00:00Z")));
    assert_eq!(json(folder, &["seen"])["changed"], json!([]));
    let shown = json(folder, &["show", "evil-desk[.]net"]);
    assert_eq!((&shown["rows"], &shown["places"][0]["table"]), (&json!(1), &json!("dns_activity")));
    assert_eq!(shown["acts"].as_array().map(Vec::len), Some(2));
    let text = done(folder, &["show", "evil-desk[.]net"]);
    assert!(text.contains("suzuki: added (list.txt, line 3)") && text.contains("dns_activity"), "{text}");
    done(folder, &["withdraw", "45[.]83.220.9", "--reason", "shared hosting"]);
    assert_eq!(json(folder, &["seen"])["indicators"], json!(5));
    assert_eq!(json(folder, &["--state", "withdrawn"])[0]["reason"], json!("shared hosting"));
    assert_eq!(json(folder, &["--state", "all"]).as_array().map(Vec::len), Some(6));
}

#[test]
fn a_mail_address_is_in_no_file_of_the_home_once_it_is_forgotten() {
    let folder = folder();
    let folder = folder.path();
    done(folder, &["add", "list.txt"]);
    let shown = json(folder, &["show", "bad[@]evil-desk.net"]);
    let subject =
        shown["acts"][0]["act"]["value"]["person"]["subject"].as_str().expect("a subject").to_owned();
    let forgotten = start(folder, &["forget", &subject, "--reason", "asked"]).output().expect("started");
    assert_eq!(forgotten.status.code(), Some(0), "{}", said(&forgotten));
    assert_eq!(json(folder, &["--kind", "mail"])[0]["value"], json!(""));
    let bytes = std::fs::read(folder.join("home/journal.sqlite")).expect("read");
    let is_there = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(is_there("45.83.220.9") && !is_there("bad@evil-desk.net"));
    let rebuilt = start(folder, &["rebuild", "--json"]).output().expect("started");
    assert_eq!(rebuilt.status.code(), Some(0), "{}", said(&rebuilt));
}

/// What another command says as JSON; of those that say an object a line, all of them.
fn other(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = start(folder, &[arguments, &["--json"]].concat()).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    let told = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Value>();
    told.collect::<Result<_, _>>().expect("JSON")
}

/// The evidence of a row that `noroshi find` shows.
fn evidence(row: &Value) -> String {
    let text = |of: &Value| of.as_str().expect("a text").to_owned();
    let values = &row["values"];
    format!("lake:own/{}/{}/{}", text(&row["table"]), text(&values["batch"]), values["row"])
}

/// The findings to which a row leads; the line of the log that it is must have the text.
fn findings_of(folder: &Path, row: &str, text: &str) -> BTreeSet<u64> {
    let told = other(folder, &["evidence", row]).remove(0);
    let open = told["open"].as_str().expect("a command");
    let line = Command::new("sh").args(["-c", open]).output().expect("it starts");
    let line = String::from_utf8_lossy(&line.stdout).replace("\\\\", "\\").to_lowercase();
    assert!(line.contains(text), "{row}: {text} is not in {line}");
    let findings = told["findings"].as_array().expect("a list").iter();
    findings.map(|finding| finding["finding"].as_u64().expect("a number")).collect()
}

/// The tool with which one body was encrypted is found at another one, and leads to the finding of that.
#[test]
fn from_a_finding_its_indicators_lead_to_the_rest_of_the_lake_and_back() {
    let folder = counting::copied();
    let folder = folder.path();
    let all = other(folder, &["findings", "--all", "--state", "new,progress,closed"]).remove(0);
    let all = all.as_array().expect("a list");
    let latest = |organisation: &str| {
        let is_of = |one: &&Value| one["organisation"] == organisation && one["level"] == "critical";
        all.iter().find(is_of).and_then(|finding| finding["finding"].as_u64()).expect("a finding")
    };
    let (number, same) = (latest("aoba"), latest("hinata"));
    let from = json(folder, &["from-finding", &number.to_string()]);
    let taken = from["indicators"].as_array().expect("a list");
    assert_eq!((from["added"].as_u64(), &from["known"]), (Some(taken.len() as u64), &json!(0)));
    assert_eq!(json(folder, &["from-finding", &number.to_string()])["added"], json!(0), "once more");

    let values: Vec<&str> = taken.iter().map(|one| one["value"].as_str().expect("a text")).collect();
    let found = other(folder, &[&["find", "--rows", "10000"], &values[..]].concat());
    assert_eq!(found.len(), values.len());
    let (mut kinds, mut is_at_other) = (BTreeSet::new(), false);
    for (one, found) in taken.iter().zip(&found) {
        let value = one["value"].as_str().expect("a text");
        // Where else it is: at least where it was taken from.
        assert_eq!(found["value"], one["value"]);
        let rows: BTreeSet<String> = found["latest"].as_array().expect("rows").iter().map(evidence).collect();
        assert_eq!(Some(rows.len() as u64), found["rows"].as_u64(), "{value}");
        let own: Vec<&str> =
            one["evidence"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        assert!(!own.is_empty() && own.iter().all(|row| rows.contains(*row)), "{value}: {own:?}");
        let kind = one["kind"].as_str().expect("a text");
        if !kinds.insert(kind) {
            continue;
        }
        // From the row to the line of the log, and back to the finding.
        assert!(findings_of(folder, own[0], value).contains(&number), "{value}: {}", own[0]);
        // From the value to what is known of it, and where that was said.
        let shown = json(folder, &["show", &format!("{kind}:{value}")]);
        assert_eq!((&shown["rows"], &shown["finding"]), (&found["rows"], &json!(number)), "{kind}:{value}");
        let source = &shown["acts"][0]["act"]["source"];
        assert_eq!((&source["finding"], &source["evidence"][0]), (&json!(number), &json!(own[0])));
        let told = other(folder, &["evidence", shown["evidence"].as_str().expect("an act")]).remove(0);
        assert!(told.to_string().contains(value) || value.contains('\\'), "{told}");
        if kind == "path" {
            let elsewhere = found["latest"].as_array().expect("rows").iter();
            let mut elsewhere = elsewhere.filter(|row| row["values"]["owner"] == "hinata").map(evidence);
            is_at_other = elsewhere.any(|row| findings_of(folder, &row, value).contains(&same));
        }
    }
    assert!(kinds.contains("path") && kinds.contains("sha256"), "{kinds:?}");
    assert!(is_at_other, "no row at the other body leads to finding {same}");
}

/// Ten thousand lines of all sorts.
fn long() -> String {
    let line = |number: u32| match number % 10 {
        0 => format!("hxxp://a{number}[.]evil-desk[.]net/x?y={number}"),
        1 => format!("45[.]{}[.]{}[.]{}", number % 200, number / 256 % 256, number % 256),
        2 => format!("通信先は b{number}.evil-desk.net、確度は高い。"),
        3 => format!("\"c{number}.exe\",\"{:032x}\",high", u128::from(number) + (0xabc << 100)),
        4 => format!("- `{:064x}`", u128::from(number) + (0xdef << 110)),
        5 => format!("run {number} was at 10:00:{:02} with version 1.2.3.{}", number % 60, number % 256),
        6 => format!("10.0.0.{}", number % 256),
        7 => format!("Cut hash {:024x}…", u128::from(number) + (0xa1 << 80)),
        8 => "The report says nothing more about this, i.e. nobody knows.".to_owned(),
        _ => String::new(),
    };
    (0..10_000).map(|number| line(number) + "\n").collect()
}

#[test]
fn standard_input_is_read_and_ten_thousand_lines_are_accounted_for() {
    let folder = folder();
    let folder = folder.path();
    let mut child = start(folder, &["indicators", "add", "-", "--dry-run", "--silent", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || input.write_all(long().as_bytes()));
    let output = child.wait_with_output().expect("ended");
    writer.join().expect("no panic").expect("written");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let lines = |of: &str| -> BTreeSet<u64> {
        let all = told[of].as_array().expect("an array").iter();
        all.map(|one| one["at"]["line"].as_u64().or_else(|| one["line"].as_u64()).expect("a line")).collect()
    };
    let all: BTreeSet<u64> =
        ["indicators", "benign", "refused", "silent"].iter().flat_map(|of| lines(of)).collect();
    // Every line but the empty ones is named somewhere, but for addresses that come again.
    let again = told["again"].as_u64().expect("a number");
    assert_eq!((told["lines"].as_u64(), all.len() as u64 + again >= 9_000), (Some(10_000), true), "{again}");
    let codes: BTreeSet<&str> =
        told["refused"].as_array().expect("an array").iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(codes, ["cut", "version"].into());
}

#[test]
fn whenever_an_import_is_killed_nothing_is_lost_or_doubled() {
    let deaths = std::env::var("NOROSHI_DEATHS").ok().and_then(|number| number.parse().ok()).unwrap_or(3_u32);
    let folder = folder();
    let folder = folder.path();
    let lines: Vec<String> = (0..400).map(|number| format!("k{number}.evil-desk.net")).collect();
    std::fs::write(folder.join("many.txt"), lines.join("\n")).expect("written");
    for number in 0..deaths {
        let mut child = start(folder, &["indicators", "add", "many.txt"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        for _ in 0..20_000 * (number + 1) {
            if child.try_wait().expect("asked").is_some() {
                break;
            }
            std::thread::yield_now();
        }
        drop(child.kill());
        child.wait().expect("ended");
        let rebuilt = start(folder, &["rebuild", "--json"]).output().expect("started");
        assert!([Some(0), Some(3)].contains(&rebuilt.status.code()), "{}", said(&rebuilt));
    }
    done(folder, &["add", "many.txt"]);
    let all = json(folder, &[]);
    let values: BTreeSet<String> = pairs(&all).into_iter().map(|(_, value)| value).collect();
    assert_eq!((all.as_array().map(Vec::len), values), (Some(400), lines.into_iter().collect()));
    let one = json(folder, &["show", "k7.evil-desk.net"]);
    assert_eq!(one["acts"].as_array().map(Vec::len), Some(1));
}
