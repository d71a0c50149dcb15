//! To which story the event of a verdict belongs, by kind of event.

use detect::{Engine, Scratch, Story};
use model::event::{Kind, Place};
use model::time::Instant;
use sources::{Builder, Sheet, Value};

use crate::events::{Fields, SYSMON, audit, catalogue, rules, sheet};

/// A rule of each kind that fires on what has this field.
const RULES: &str = "
title: windows
logsource: {product: windows}
detection: {s: {Marker: x}, condition: s}
---
title: linux
logsource: {product: linux}
detection: {s: {Marker: x}, condition: s}
";

fn story(sheet: &Sheet) -> [Option<String>; 4] {
    let engine = Engine::new(rules(RULES), catalogue());
    let outcome = engine.scan(sheet, &mut Scratch::default()).expect("columns are those of a sheet");
    let [verdict] = &outcome.verdicts[..] else { panic!("{:?}", outcome.verdicts) };
    let Story { process, parent, session, user } = verdict.story.clone();
    [process, parent, session, user]
}

fn of(log: &str, event_id: u32, fields: Fields<'_>) -> [Option<String>; 4] {
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("Marker", "x")]).collect();
    story(&sheet(&Kind::new("windows", log, Some(event_id)), &[&fields]))
}

/// Process, parent, session and user, of which `-` is none.
fn told(parts: [&str; 4]) -> [Option<String>; 4] {
    parts.map(|part| Some(part.to_owned()).filter(|part| part != "-"))
}

const A: &str = "{A23EAE89-0000-0001-0000-0010E9D95E00}";
const B: &str = "{A23EAE89-0000-0002-0000-0010E9D95E00}";
const SMALL_A: &str = "a23eae89-0000-0001-0000-0010e9d95e00";
const SMALL_B: &str = "a23eae89-0000-0002-0000-0010e9d95e00";

#[test]
fn sysmon_names_processes_and_the_first_event_of_one_its_session() {
    let begun = [
        ("ProcessGuid", A),
        ("ParentProcessGuid", B),
        ("LogonId", "0x5f1a3"),
        ("User", "AOBA\\tanaka"),
        ("ParentUser", "AOBA\\sato"),
    ];
    assert_eq!(of(SYSMON, 1, &begun), told([SMALL_A, SMALL_B, "0x5f1a3", "AOBA\\tanaka"]));
    let connected = [("ProcessGuid", A), ("User", "AOBA\\tanaka")];
    assert_eq!(of(SYSMON, 3, &connected), told([SMALL_A, "-", "-", "AOBA\\tanaka"]));
    // Who reads the memory of another, and not the other.
    let read = [
        ("SourceProcessGUID", A),
        ("TargetProcessGUID", B),
        ("SourceUser", "AOBA\\tanaka"),
        ("TargetUser", "NT AUTHORITY\\SYSTEM"),
    ];
    assert_eq!(of(SYSMON, 10, &read), told([SMALL_A, "-", "-", "AOBA\\tanaka"]));
    let nothing = [("ProcessGuid", "{00000000-0000-0000-0000-000000000000}"), ("User", "-")];
    assert_eq!(of(SYSMON, 3, &nothing), told(["-"; 4]));
}

#[test]
fn security_names_the_session_that_begins_or_that_somebody_acts_in() {
    let logon = [
        ("SubjectLogonId", "0x3e7"),
        ("SubjectUserName", "WS01$"),
        ("TargetLogonId", "0x5F1A3"),
        ("TargetUserName", "tanaka"),
    ];
    assert_eq!(of("Security", 4624, &logon), told(["-", "-", "0x5f1a3", "tanaka"]));
    // Nobody has a session yet, and it is about somebody all the same.
    assert_eq!(of("Security", 4625, &logon), told(["-", "-", "-", "tanaka"]));
    let begun = [
        ("SubjectLogonId", "0x3e7"),
        ("LogonId", "0x5f1a3"),
        ("SubjectUserName", "tanaka"),
        ("TargetLogonId", "0x0"),
        ("TargetUserName", "-"),
    ];
    assert_eq!(of("Security", 4688, &begun[2..]), told(["-", "-", "-", "tanaka"]));
    assert_eq!(of("Security", 4688, &begun[1..]), told(["-", "-", "0x5f1a3", "tanaka"]));
    let created = [("SubjectLogonId", "0x5f1a3"), ("SubjectUserName", "tanaka"), ("TargetUserName", "new")];
    assert_eq!(of("Security", 4720, &created), told(["-", "-", "0x5f1a3", "tanaka"]));
    let service = [("SubjectLogonId", "0x3e4"), ("SubjectUserName", "WS01$")];
    assert_eq!(of("Security", 4697, &service), told(["-", "-", "-", "WS01$"]));
    // The number of a terminal is given again and again.
    let terminal = [("SessionID", "2"), ("User", "AOBA\\tanaka")];
    let log = "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational";
    assert_eq!(of(log, 21, &terminal), told(["-", "-", "-", "AOBA\\tanaka"]));
}

#[test]
fn linux_names_sessions_in_any_of_the_records() {
    let records: [Fields<'_>; 2] =
        [&[("type", "PATH")], &[("type", "SYSCALL"), ("ses", "3"), ("UID", "tanaka"), ("Marker", "x")]];
    assert_eq!(story(&audit(&[&records])), told(["-", "-", "3", "tanaka"]));
    let records: [Fields<'_>; 1] = [&[("ses", "4294967295"), ("UID", "root"), ("Marker", "x")]];
    assert_eq!(story(&audit(&[&records])), told(["-", "-", "-", "root"]));
}

#[test]
fn a_correlation_tells_no_story() {
    let counted = "correlation: {type: event_count, rules: [windows], timespan: 1m, condition: {gte: 1}}";
    let text = RULES.replacen("title: windows", "title: windows\nname: windows", 1);
    let engine = Engine::new(rules(&format!("{text}---\ntitle: one\n{counted}\n")), catalogue());
    let mut builder = Builder::new(catalogue());
    let source = builder.source(&"events".into());
    let place = Place { ordinal: 1, time: Some(Instant::from_nanoseconds(1)), ..Place::default() };
    builder.begin(source, &Kind::new("windows", SYSMON, Some(3)), &place);
    [("ProcessGuid", A), ("Marker", "x")]
        .iter()
        .for_each(|(name, text)| builder.field(name, Value::text(text)));
    let sheet = builder.finish().expect("columns are well formed").remove(0);
    let outcome = engine.scan(&sheet, &mut Scratch::default()).expect("columns are those of a sheet");
    let mut correlator = engine.correlator().expect("there is a correlation");
    let mut found = Vec::new();
    outcome.signals.iter().for_each(|signal| correlator.push(signal, &mut found));
    assert_eq!(found.iter().map(|verdict| verdict.story.clone()).collect::<Vec<_>>(), [Story::default()]);
}
