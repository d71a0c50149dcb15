//! `noroshi find` over a small home: what is shown of what is there, of what is not, and of what is no value.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::commands::said;

/// Connections and processes of two hosts.
const LOG: &str = r#"{"@timestamp":"2026-06-11T01:00:00Z","EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","SourceName":"Microsoft-Windows-Sysmon","Computer":"ws01.aoba.example","User":"AOBA\\sato","DestinationIp":"203.0.113.77","SourceIp":"10.1.2.3","Image":"C:\\Temp\\Up.exe"}
{"@timestamp":"2026-06-12T01:00:00Z","EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","SourceName":"Microsoft-Windows-Sysmon","Computer":"ws02.aoba.example","User":"AOBA\\mori","DestinationIp":"203.0.113.78","SourceIp":"10.1.2.4","Image":"C:\\Temp\\up.exe"}
{"@timestamp":"2026-06-13T01:00:00Z","EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","SourceName":"Microsoft-Windows-Sysmon","Computer":"ws01.aoba.example","User":"AOBA\\sato","Image":"C:\\Windows\\System32\\cmd.exe","CommandLine":"cmd 203.0.113.77","Hashes":"MD5=D41D8CD98F00B204E9800998ECF8427E,SHA256=E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"}
{"@timestamp":"2026-06-13T02:00:00Z","EventID":22,"Channel":"Microsoft-Windows-Sysmon/Operational","SourceName":"Microsoft-Windows-Sysmon","Computer":"ws01.aoba.example","QueryName":"login.evil.example.net","QueryResults":"::ffff:203.0.113.77;","Image":"C:\\Temp\\up.exe"}
"#;

fn home() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("log.json"), LOG).expect("written");
    let kept = start(folder.path(), &["ingest", "log.json"]).output().expect("the program starts");
    assert_eq!(kept.status.code(), Some(0), "{}", said(&kept));
    folder
}

fn start(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(folder).args(["--lang", "en"]).args(arguments);
    command.env("NOROSHI_HOME", folder.join("home")).stdin(Stdio::null());
    command
}

fn find(folder: &Path, arguments: &[&str]) -> Output {
    start(folder, &[&["find"], arguments].concat()).output().expect("the program starts")
}

fn text(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What is found of each value, as objects.
fn objects(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let lines = text(&find(folder, &[arguments, &["--json"]].concat()));
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Rows, and table and column of each place.
fn places(found: &Value) -> (u64, Vec<String>) {
    let place = |place: &Value| {
        format!("{}:{}", place["table"].as_str().unwrap_or("?"), place["column"].as_str().unwrap_or("?"))
    };
    let places = found["places"].as_array().expect("a list").iter().map(place).collect();
    (found["rows"].as_u64().expect("a number"), places)
}

#[test]
fn values_are_found_as_people_write_them() {
    let folder = home();
    let places = |value: &str| places(&objects(folder.path(), &[value])[0]);
    let at =
        |rows: u64, named: &[&str]| (rows, named.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    let both = ["dns_activity:answers.rdata", "network_activity:dst_endpoint.ip"];
    assert_eq!(places("203[.]0.113.77"), at(2, &both));
    assert_eq!(places("203.0.113.0/24"), at(3, &both));
    assert_eq!(places("hxxps://login.evil[.]example.net/x?y"), at(1, &["dns_activity:query.hostname"]));
    assert_eq!(places("evil.example.net"), at(1, &["dns_activity:query.hostname"]));
    assert_eq!(places("d41d8cd98f00b204e9800998ecf8427e").0, 1);
    assert_eq!(places("SHA256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855").0, 1);
    assert_eq!(places("sato").0, 2);
    assert_eq!(places(r"aoba\SATO").0, 2);
    assert_eq!(places("WS01").0, 3);
    assert_eq!(places("up.exe").0, 3);
    assert_eq!(places("c:/temp/up.exe").0, 3);
    assert_eq!(places("example.org"), at(0, &[]));
}

#[test]
fn what_is_found_is_told_with_times_hosts_and_rows() {
    let folder = home();
    let found = objects(folder.path(), &["up.exe", "--rows", "2"]);
    let told = |key: &str| found[0][key].clone();
    assert_eq!((told("value"), told("sort"), told("rows")), (json!("up.exe"), json!("text"), json!(3)));
    assert_eq!((told("first"), told("last")), (json!("2026-06-11T01:00:00Z"), json!("2026-06-13T02:00:00Z")));
    assert_eq!((told("hosts"), told("hosts_or_more")), (json!(2), json!(false)));
    let latest: Vec<&Value> = found[0]["latest"].as_array().expect("a list").iter().collect();
    let times: Vec<&Value> = latest.iter().map(|row| &row["values"]["time"]).collect();
    assert_eq!(times, [&json!("2026-06-13T02:00:00Z"), &json!("2026-06-12T01:00:00Z")]);
    assert_eq!(latest[0]["table"], json!("dns_activity"));
    assert_eq!(latest[0]["values"]["query.hostname"], json!("login.evil.example.net"));

    let between =
        objects(folder.path(), &["up.exe", "--from", "2026-06-12", "--to", "2026-06-13", "--zone", "UTC"]);
    assert_eq!((&between[0]["rows"], &between[0]["hosts"]), (&json!(1), &json!(1)));

    let table = find(folder.path(), &["203.0.113.78", "nobody", "nothing.example", "--rows", "1"]);
    let expected = "value         rows  first seen            last seen             hosts  table             column\n\
                    ────────────  ────  ────────────────────  ────────────────────  ─────  ────────────────  ───────────────\n\
                    203.0.113.78     1  2026-06-12T01:00:00Z  2026-06-12T01:00:00Z      1  network_activity  dst_endpoint.ip\n\
                    \n203.0.113.78, the latest row:\n";
    let shown = text(&table);
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.contains("ws02.aoba.example") && shown.contains("log.json"), "{shown}");
    assert!(shown.ends_with("\nFound nowhere: nobody, nothing.example\n"), "{shown}");
    assert!(said(&table).contains("1 of 3 values found"), "{}", said(&table));
    let nowhere = find(folder.path(), &["nobody"]);
    assert_eq!(text(&nowhere), "Found nowhere: nobody\n");
    // What may stand in a command line is for questions.
    assert_eq!(objects(folder.path(), &["cmd 203.0.113.77"])[0]["rows"], json!(0));
}

#[test]
fn lists_are_read_and_what_is_no_value_is_named() {
    let folder = home();
    let list = "# indicators\r\n203[.]0[.]113[.]77\r\n\r\n10.0.0.0/33\na\tb\n203.0.113.77\nsato\n0.0.0.0/1\n";
    std::fs::write(folder.path().join("list.txt"), list).expect("written");
    let found = find(folder.path(), &["-f", "list.txt", "mori", "--json"]);
    let values: Vec<Value> =
        text(&found).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let rows: Vec<(&Value, &Value)> = values.iter().map(|found| (&found["value"], &found["rows"])).collect();
    assert_eq!(
        rows,
        [(&json!("mori"), &json!(1)), (&json!("203.0.113.77"), &json!(2)), (&json!("sato"), &json!(2))]
    );
    for line in
        ["line 4: “10.0.0.0/33” is no network", "line 5: “a", "line 8: “0.0.0.0/1” is nearly everything"]
    {
        assert!(said(&found).contains(line), "{line}: {}", said(&found));
    }
    std::fs::write(folder.path().join("none.txt"), "# nothing\n").expect("written");
    for (arguments, code, word) in [
        (&["-f", "none.txt"][..], 2, "holds no value"),
        (&["-f", "absent.txt"], 2, "absent.txt"),
        (&[""], 2, "is empty"),
        (&["10.0.0.0/40"], 2, "is no network"),
        (&[], 2, "VALUE"),
        (&["x", "--compartment", "else"], 2, "no compartment"),
        (&["x", "--from", "never"], 2, "not a time"),
        (&["x", "--home", "nowhere"], 3, "no home"),
        (&["x", "--compartment", "exercise/1"], 0, "0 of 1 value found"),
    ] {
        let output = find(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(word), "{arguments:?}: {}", said(&output));
    }
}
