//! Command lines as a user types them: exit codes, what is said, what is written.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

pub const RULE: &str = "title: Lantern\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlevel: high\ntags: [attack.t1059]\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n  selection:\n    CommandLine|contains: lantern\n  condition: selection\n";

pub fn event(time: &str, command_line: &str) -> String {
    let event = serde_json::json!({
        "@timestamp": time, "EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational",
        "SourceName": "Microsoft-Windows-Sysmon", "Computer": "ws01.example", "ProcessId": 4711, "CommandLine": command_line,
    });
    format!("{event}\n")
}

pub fn noroshi(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .args(["--lang", "en"])
        .args(arguments)
        .output()
        .expect("the program starts")
}

pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A folder with a rule and a small log.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("rule.yml"), RULE).expect("written");
    let log = event("2026-06-11T01:00:00Z", "x lantern")
        + &event("2026-06-12T01:00:00Z", "nothing")
        + &event("2026-06-13T01:00:00Z", "LANTERN =1");
    fs::write(folder.path().join("log.json"), log).expect("written");
    folder
}

#[test]
fn verdicts_are_json_lines_with_references() {
    let folder = folder();
    let output = noroshi(
        folder.path(),
        &["detect", "--rules", "rule.yml", "--json", "out.jsonl", "--summary", "s.json", "log.json"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let text = fs::read_to_string(folder.path().join("out.jsonl")).expect("written");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["rule_id"], "4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11");
    assert_eq!(lines[0]["level"], "high");
    assert_eq!(lines[0]["source_path"], "log.json");
    assert_eq!(lines[0]["fields"]["CommandLine"], "x lantern");
    assert_eq!(lines[1]["events"][0]["ordinal"], 3);
    assert_eq!(lines[1]["events"][0]["line"], 3);
    assert_eq!(lines[1]["time"], "2026-06-13T01:00:00Z");
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("s.json")).expect("written"))
            .expect("JSON");
    assert_eq!((&summary["rules"], &summary["events"]), (&1.into(), &3.into()));
    assert_eq!((&summary["refused"], &summary["flaws"]), (&Value::Array(vec![]), &Value::Array(vec![])));
}

#[test]
fn flaws_carry_a_code_and_their_arguments() {
    let folder = folder();
    fs::write(folder.path().join("empty.json"), "").expect("written");
    let arguments = ["detect", "--rules", "rule.yml", "--summary", "s.json", "empty.json", "gone.json"];
    noroshi(folder.path(), &arguments);
    let text = fs::read_to_string(folder.path().join("s.json")).expect("written");
    let summary: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        summary["flaws"][0],
        json!({"source_path": "empty.json", "offset": 0, "code": "file-empty", "reason": "the file is empty"})
    );
    let gone = &summary["flaws"][1];
    assert_eq!(gone["code"], "file-unopened");
    let error = gone["arguments"]["error"].as_str().expect("a text");
    assert_eq!(gone["reason"], format!("the file cannot be opened: {error}"));
}

#[test]
fn refusals_and_warnings_carry_a_code_and_their_arguments() {
    let folder = folder();
    let path = folder.path().join("rules");
    fs::create_dir(&path).expect("made");
    let id = "4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11";
    fs::write(path.join("a.yml"), RULE.replace("contains", "containz")).expect("written");
    fs::write(path.join("b.yml"), RULE.replace("windows", "abacus")).expect("written");
    fs::write(path.join("c.yml"), format!("# twice\n{RULE}")).expect("written");
    fs::write(path.join("d.yml"), b"title: \xff\n").expect("written");
    let unknown = json!({
        "rule_id": id, "title": "Lantern", "path": "rules/a.yml", "line": 10, "code": "modifier-unknown",
        "arguments": {"modifier": "containz"}, "reason": "containz is not a modifier of the specification",
    });
    let no_text = json!({
        "rule_id": null, "title": null, "path": "rules/d.yml", "line": 1, "code": "file-not-text",
        "reason": "the file is not UTF-8 text",
    });
    let json = |arguments: &[&str]| -> Value {
        let output = noroshi(folder.path(), arguments);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {}", said(&output)))
    };
    let checked = json(&["rules", "check", "--json", "rules"]);
    assert_eq!(checked["refused"], json!([unknown, no_text]));
    let unread = json!({
        "rule_id": id, "title": "Lantern", "path": "rules/b.yml", "line": 1, "code": "logsource-unread",
        "arguments": {"logsource": "product abacus, category process_creation"},
        "reason": "no reader brings events of the log source (product abacus, category process_creation), so the rule never fires",
    });
    let twice = json!({
        "rule_id": id, "title": "Lantern", "path": "rules/c.yml", "line": 1, "code": "id-twice",
        "arguments": {"id": id, "path": "rules/b.yml", "line": 1},
        "reason": format!("the id {id} is also that of rules/b.yml:1"),
    });
    assert_eq!(checked["warnings"], json!([unread, twice]));
    let summary = json(&["detect", "--rules", "rules", "--summary", "-", "log.json"]);
    assert_eq!(summary["refused"], json!([unknown, no_text]));
}

/// The memory of a process is a file that opens and whose first byte cannot be read.
#[cfg(target_os = "linux")]
#[test]
fn a_rule_file_that_cannot_be_read_is_refused_by_code() {
    let folder = folder();
    let output = noroshi(folder.path(), &["rules", "check", "--json", "rule.yml", "/proc/self/mem"]);
    let checked: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&checked["rules"], &checked["refused"][0]["code"]), (&1.into(), &"file-unreadable".into()));
    let error = checked["refused"][0]["arguments"]["error"].as_str().expect("a text");
    assert_eq!(checked["refused"][0]["reason"], format!("the file cannot be read: {error}"));
}

#[test]
fn no_two_reasons_share_a_code() {
    let all = [sources::Cause::CODES, intake::Cause::CODES, detect::Cause::CODES];
    let codes: Vec<_> = all.into_iter().flatten().map(|(code, _)| code).collect();
    let different: std::collections::HashSet<_> = codes.iter().collect();
    assert_eq!(codes.len(), different.len());
}

#[test]
fn choices_narrow_the_result() {
    let folder = folder();
    for (arguments, expected) in [
        (vec!["--from", "2026-06-12"], 1),
        (vec!["--to", "2026-06-12", "--zone", "UTC"], 1),
        // Two verdicts, on 11 and 13 June at 01:00 UTC: the first end counts, the last does not.
        (vec!["--from", "2026-06-13T01:00:00Z"], 1),
        (vec!["--to", "2026-06-13T01:00:00Z"], 1),
        (vec!["--to", "2026-06-13T01:00:00.000000001Z"], 2),
        (vec!["--from", "2026-06-11T01:00:00Z", "--to", "2026-06-13T01:00:00Z"], 1),
        (vec!["--from", "2026-06-13T10:00:00+09:00"], 1),
        (vec!["--from", "2026-06-13T10:00:01+09:00"], 0),
        (vec!["--from", "2026-06-13 10:00:00"], 1),
        (vec!["--from", "2026-06-13T10:01"], 0),
        (vec!["--from", "2026-06-12T22:00", "--zone", "-03:00"], 1),
        (vec!["--from", "2026-06-12T22:01", "--zone", "-03:00"], 0),
        (vec!["--to", "2026-06-13T10:00", "--zone", "UTC+9"], 1),
        (vec!["--from", "2026-06-13T01:00", "--zone", "Z"], 1),
        (vec!["--from", "0001-01-01", "--to", "9999-12-31"], 2),
        (vec!["--level", "critical"], 0),
        (vec!["--level", "low"], 2),
        (vec!["--tag", "t1059"], 2),
        (vec!["--tag", "attack.t1003"], 0),
    ] {
        let mut all = vec!["detect", "--rules", "rule.yml", "--json", "-"];
        all.extend(&arguments);
        all.push("log.json");
        let output = noroshi(folder.path(), &all);
        let lines = String::from_utf8_lossy(&output.stdout).lines().count();
        assert_eq!(lines, expected, "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn exit_codes_are_as_promised() {
    let folder = folder();
    fs::create_dir(folder.path().join("empty")).expect("made");
    fs::write(folder.path().join("zero.evtx"), b"").expect("written");
    fs::write(folder.path().join("bad.yml"), RULE.replace("contains", "containz")).expect("written");
    for (arguments, code, words) in [
        (vec!["detect", "log.json"], 0, "3 events"),
        (vec!["detect", "zero.evtx"], 3, "empty"),
        (vec!["detect", "--rules", "bad.yml", "log.json"], 2, "bad.yml:10: containz is not a modifier"),
        (vec!["detect", "log.json", "missing"], 0, "missing cannot be opened"),
        (vec!["detect", "missing"], 3, "missing cannot be opened"),
        (vec!["detect", "empty"], 3, "no input is recognised"),
        (vec!["detect", "rule.yml"], 3, "no input is recognised"),
        (vec!["detect", "--level", "critical", "--rules", "rule.yml", "log.json"], 2, "no rule is left"),
        (vec!["detect"], 2, "PATH"),
        (vec!["detect", "--rules", "missing", "log.json"], 2, "Give a rule file or a folder that is there"),
        (vec!["detect", "--rules", "empty", "log.json"], 2, "no .yml"),
        (vec!["detect", "--zone", "Mars/Olympus", "log.json"], 2, "not a time zone"),
        (vec!["detect", "--from", "yesterday", "log.json"], 2, "not a time"),
        (vec!["detect", "--from", "2026-06-18T03:05:12+99:00", "log.json"], 2, "not a time"),
        (vec!["detect", "--from", "2026-06-12", "--to", "2026-06-12", "log.json"], 2, "No time lies"),
        (vec!["detect", "--from", "2026-06-13", "--to", "2026-06-12T23:00Z", "log.json"], 0, "3 events"),
        (vec!["detect", "--from", "2026-06-13", "--to", "2026-06-12", "log.json"], 2, "No time lies"),
        (vec!["detect", "--zone", "+9:5", "log.json"], 2, "not a time zone"),
        (vec!["detect", "--year", "26", "log.json"], 2, "1970"),
        (vec!["detect", "--level", "hgih", "log.json"], 2, "medium"),
        (vec!["detect", "--json", "no/such/folder/x", "log.json"], 1, "cannot be written"),
        (vec!["rules", "check", "bad.yml"], 0, "1 is refused"),
        (vec!["rules", "check"], 0, "0 are refused, 0 warnings"),
        (vec!["fields", "cmd_line"], 0, "process.cmd_line"),
        (vec!["fly"], 2, "fly"),
        (vec!["--version"], 0, "noroshi"),
        (vec!["--help"], 0, "Exit codes"),
    ] {
        let output = noroshi(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn standard_input_is_a_log_too() {
    let folder = folder();
    let log = fs::File::open(folder.path().join("log.json")).expect("opens");
    let output = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .current_dir(folder.path())
        .args(["detect", "--rules", "rule.yml", "--json", "-", "-"])
        .stdin(log)
        .output()
        .expect("the program starts");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2);
}

#[test]
fn lines_without_a_year_take_it_from_the_file_or_the_user() {
    let folder = folder();
    let rule = RULE
        .replace("product: windows", "product: linux")
        .replace("category: process_creation", "service: auth")
        .replace("CommandLine|contains: lantern", "src_ip|cidr: 192.0.2.0/24");
    fs::write(folder.path().join("rule.yml"), rule).expect("written");
    let log = "Dec 31 23:59:58 srv01 sshd[7]: Failed password for root from 192.0.2.7 port 4 ssh2\n\
               Jan  1 00:00:01 srv01 sshd[7]: Failed password for root from 192.0.2.7 port 4 ssh2\n\
               Jan  1 00:00:02 srv01 su[8]: nothing\n";
    let path = folder.path().join("auth.log");
    fs::write(&path, log).expect("written");
    // 2026-01-01T09:00:00Z
    let changed = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_767_258_000);
    fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(changed)).expect("set");
    for (year, expected) in [
        (vec![], ["2025-12-31T14:59:58Z", "2025-12-31T15:00:01Z"]),
        (vec!["--zone", "UTC"], ["2025-12-31T23:59:58Z", "2026-01-01T00:00:01Z"]),
        (vec!["--year", "2024"], ["2024-12-31T14:59:58Z", "2024-12-31T15:00:01Z"]),
    ] {
        let mut all = vec!["detect", "--rules", "rule.yml", "--json", "-", "auth.log"];
        all.extend(&year);
        let output = noroshi(folder.path(), &all);
        let text = String::from_utf8_lossy(&output.stdout);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let times: Vec<_> = lines.iter().map(|line| line["time"].as_str().expect("a time")).collect();
        assert_eq!(times, expected, "{year:?}: {}", said(&output));
        assert_eq!(
            (&lines[0]["host"], &lines[0]["fields"]["src_ip"]),
            (&"srv01".into(), &"192.0.2.7".into())
        );
    }
}

#[test]
fn hostile_text_stays_text() {
    let folder = folder();
    let log = event("2026-06-11T01:00:00Z", "=lantern\u{1b}[2J<script>alert(1)</script>\u{202e}");
    fs::write(folder.path().join("log.json"), log).expect("written");
    let output = noroshi(
        folder.path(),
        &["detect", "--rules", "rule.yml", "--html", "r.html", "--csv", "v.csv", "log.json"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let page = fs::read_to_string(folder.path().join("r.html")).expect("written");
    assert!(!page.contains("<script>alert(1)") && !page.contains('\u{1b}') && !page.contains('\u{202e}'));
    let rows = fs::read_to_string(folder.path().join("v.csv")).expect("written");
    assert!(!rows.contains('\u{1b}') && !rows.contains('\u{202e}'));
    assert!(!said(&output).contains('\u{1b}'));
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said() {
    let folder = folder();
    let output =
        noroshi(folder.path(), &["detect", "--rules", "rule.yml", "--json", "/dev/full", "log.json"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("cannot be written"));
}

#[test]
fn rules_come_from_the_cache_until_anything_changes() {
    let folder = folder();
    let path = folder.path();
    // Large enough to be worth it.
    let many = |word: &str| {
        (0..600)
            .map(|n| RULE.replace("lantern", &format!("{word}{n}")).replace("Lantern", &format!("L{n}")))
            .collect::<Vec<_>>()
            .join("---\n")
    };
    fs::write(path.join("many.yml"), many("lantern") + "---\n" + RULE + "---\ntitle: broken\n")
        .expect("written");
    let entries = || fs::read_dir(path.join("cache/noroshi/rules")).map_or(0, |entries| entries.count());
    let scan = || {
        let output = noroshi(path, &["detect", "--rules", "many.yml", "--summary", "-", "log.json"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut summary: Value = serde_json::from_str(&text).expect("JSON");
        summary["seconds"] = Value::Null;
        summary
    };
    let first = scan();
    assert_eq!(
        (first["verdicts"].as_u64(), first["refused"].as_array().map(Vec::len), entries()),
        (Some(2), Some(1), 1)
    );
    assert_eq!(scan(), first, "the same from the cache");
    assert_eq!(entries(), 1);
    // A damaged entry is made anew.
    let entry =
        fs::read_dir(path.join("cache/noroshi/rules")).expect("there").flatten().next().expect("one").path();
    let mut bytes = fs::read(&entry).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&entry, &bytes).expect("written");
    assert_eq!(scan(), first);
    assert_ne!(fs::read(&entry).expect("read"), bytes);
    // Another content is another entry.
    fs::write(path.join("many.yml"), many("other")).expect("written");
    assert_eq!(scan()["verdicts"], 0);
    assert_eq!(entries(), 2);
}
