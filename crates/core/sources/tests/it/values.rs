//! Values in the forms that programs give them: times, numbers, texts as bytes.

use sources::Limits;

use crate::event_log::{chunk, file, header, record};
use crate::support::{Read, Row, read, read_with};

/// The only row, read in a zone far from UTC.
fn row(text: &str) -> Row {
    let mut read = far(text);
    assert_eq!((read.reasons(), read.rows.len()), (vec![], 1), "{text}");
    read.rows.remove(0)
}

fn far(text: &str) -> Read {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    read_with(text.as_bytes(), &Limits { zone, ..Limits::default() })
}

/// Events of all systems and shapes; `#T#` stands for the value of the time.
const EVENTS: [(&str, &str); 19] = [
    (
        "windows/Security:4624",
        r##"{"Event":{"System":{"EventID":4624,"Channel":"Security","TimeCreated":{"#attributes":{"SystemTime":#T#}}}}}"##,
    ),
    (
        "windows/Security:4624",
        r##"{"Event":{"System":{"EventID":4624,"Channel":"Security","TimeCreated":#T#}}}"##,
    ),
    ("windows/Security:4624", r##"{"@timestamp":#T#,"winlog":{"event_id":4624,"channel":"Security"}}"##),
    ("windows/Security:4624", r##"{"@timestamp":#T#,"event_id":4624,"log_name":"Security"}"##),
    ("windows/Security:4624", r##"{"TimeCreated":{"@SystemTime":#T#},"EventID":4624,"Channel":"Security"}"##),
    (
        "aws/cloudtrail",
        r##"{"eventTime":#T#,"eventSource":"s3.amazonaws.com","eventName":"x","awsRegion":"x"}"##,
    ),
    (
        "azure/signinlogs",
        r##"{"createdDateTime":#T#,"userPrincipalName":"k","appDisplayName":"a","conditionalAccessStatus":"x","status":{"errorCode":1}}"##,
    ),
    (
        "azure/auditlogs",
        r##"{"activityDateTime":#T#,"activityDisplayName":"x","loggedByService":"x","initiatedBy":{"user":{"id":"a"}}}"##,
    ),
    ("m365/exchange", r##"{"CreationTime":#T#,"Operation":"x","Workload":"Exchange","RecordType":1}"##),
    ("gcp/gcp.audit", r##"{"timestamp":#T#,"protoPayload":{"methodName":"x","serviceName":"y"}}"##),
    (
        "gcp/google_workspace.login",
        r##"{"kind":"admin#reports#activity","id":{"time":#T#,"applicationName":"login"}}"##,
    ),
    ("github/audit", r##"{"@timestamp":#T#,"action":"repo.destroy","actor":"k"}"##),
    ("okta/okta", r##"{"published":#T#,"eventType":"x","outcome":{"result":"x"}}"##),
    ("kubernetes/audit", r##"{"requestReceivedTimestamp":#T#,"auditID":"x","verb":"get"}"##),
    ("zeek/dns", r##"{"ts":#T#,"_path":"dns","uid":"C"}"##),
    ("suricata/dns", r##"{"timestamp":#T#,"event_type":"dns","flow_id":1}"##),
    (
        "linux/sshd",
        r##"{"__REALTIME_TIMESTAMP":#T#,"__CURSOR":"s","MESSAGE":"x","SYSLOG_IDENTIFIER":"sshd"}"##,
    ),
    (
        "linux/ocsf:4001",
        r##"{"time":#T#,"class_uid":4001.0,"metadata":{"version":"1.8"},"device":{"os":{"name":"Linux"}}}"##,
    ),
    ("/", r##"{"@timestamp":#T#,"a":1}"##),
];

#[test]
fn times_in_every_form_in_every_system() {
    for (kind, event) in EVENTS {
        for time in [
            r#""2026-03-02T08:00:01Z""#,
            r#""2026-03-02T17:00:01+09:00""#,
            // Formats whose zone is fixed: UTC, whatever zone is set.
            r#""2026-03-02T08:00:01""#,
            r#""2026-03-02 08:00:01.000""#,
            // Dates of .NET and of document stores.
            r#""/Date(1772438401000)/""#,
            r#""\/Date(1772438401000+0900)\/""#,
            r#"{"value":"\/Date(1772438401000)\/","DisplayHint":2,"DateTime":"Monday, March 2, 2026 8:00:01 AM"}"#,
            r#"{"$date":"2026-03-02T08:00:01.000Z"}"#,
            r#"{"$date":1772438401000}"#,
            r#"{"$date":{"$numberLong":"1772438401000"}}"#,
            // Every form of a number.
            "1772438401",
            "1772438401.0",
            "1.772438401e9",
            "1772438401000",
            "1.772438401E+12",
            "1772438401000000",
            "1772438401000000000",
            r#""1772438401""#,
            r#""1.772438401e9""#,
        ] {
            let found = row(&event.replace("#T#", time));
            assert_eq!(
                (found.kind.as_str(), found.time.as_deref()),
                (kind, Some("2026-03-02T08:00:01Z")),
                "{time} in {event}"
            );
        }
    }
}

#[test]
fn a_time_that_cannot_be_read_is_told_once_in_every_system() {
    for (kind, event) in EVENTS {
        for (time, told) in [
            (r#""yesterday""#, "yesterday"),
            (r#""2026-02-30T08:00:01Z""#, "2026-02-30T08:00:01Z"),
            ("1e40", "1e40"),
            (r#""/Date(-62135596800000)/""#, "/Date(-62135596800000)/"),
        ] {
            let read = far(&event.replace("#T#", time));
            assert_eq!(
                (read.rows.len(), read.rows[0].kind.as_str(), read.rows[0].time.as_deref()),
                (1, kind, None)
            );
            assert_eq!(read.reasons(), [format!("a time that cannot be read: {told}")], "{event}");
            assert_eq!((read.flaws[0].reason.code, read.flaws[0].offset), ("time-unreadable", 0));
        }
        for time in ["null", r#""""#, r#""-""#] {
            assert_eq!(row(&event.replace("#T#", time)).time, None, "{time} in {event}");
        }
    }
    let xml = "<Event><System><EventID>1</EventID><Channel>Security</Channel><TimeCreated SystemTime='TIME'/></System></Event>\n";
    let read = far(&["2026-03-02T08:00:01", "soon"].map(|time| xml.replace("TIME", time)).concat());
    let times: Vec<_> = read.rows.iter().map(|row| row.time.as_deref()).collect();
    assert_eq!(
        (times, read.reasons()),
        (vec![Some("2026-03-02T08:00:01Z"), None], vec!["a time that cannot be read: soon"])
    );
    let read = far(
        "#separator \\x09\n#path\tdns\n#fields\tts\tuid\n#types\ttime\tstring\nsoon\tC1\n1772438401.5\tC2\n",
    );
    let times: Vec<_> = read.rows.iter().map(|row| row.time.as_deref()).collect();
    assert_eq!(
        (times, read.reasons()),
        (vec![None, Some("2026-03-02T08:00:01.5Z")], vec!["a time that cannot be read: soon"])
    );
    // A second time that can be read is enough, and an event without one is none to be told.
    assert_eq!(
        row(r#"{"@timestamp":"soon","time":"2026-03-02T08:00:01Z"}"#).time.as_deref(),
        Some("2026-03-02T08:00:01Z")
    );
    assert_eq!(row(r#"{"a":1}"#).time, None);
}

#[test]
fn unreadable_times_are_told_by_their_beginnings_and_counted() {
    let read = read(format!("{{\"time\":\"{}\"}}\n", "狼".repeat(100)).as_bytes());
    assert_eq!(read.reasons(), [format!("a time that cannot be read: {}…", "狼".repeat(64))]);
    let many: String = (0..500).map(|number| format!("{{\"a\":1}} {{\"time\":\"t{number}\"}}\n")).collect();
    let read = self::read(many.as_bytes());
    assert_eq!((read.rows.len(), read.flaws.len()), (1_000, 21));
    assert_eq!((read.flaws[0].offset, read.flaws[1].offset), (8, 30));
    assert!(read.reasons().contains(&"480 more of this kind: a time that cannot be read: t0"));
}

#[test]
fn numbers_of_events_and_records_in_every_form() {
    for number in
        ["4624", "4624.0", "4.624e3", "46240e-1", r#""4624""#, r#""4624.0""#, r#"{"$numberInt":"4624"}"#]
    {
        for event in [
            r#"{"Event":{"System":{"EventID":#,"EventRecordID":#,"Channel":"Security"}}}"#,
            r##"{"Event":{"System":{"EventID":{"#text":#},"EventRecordID":#,"Channel":"Security"}}}"##,
            r#"{"winlog":{"event_id":#,"record_id":#,"channel":"Security"}}"#,
            r#"{"winlog":{"record_id":#,"channel":"Security"},"event":{"code":#}}"#,
            r#"{"event_id":#,"log_name":"Security","record_number":#}"#,
            r#"{"EventID":#,"Channel":"Security","RecordNumber":#}"#,
            r#"{"Id":#,"LogName":"Security","RecordId":#,"ProviderName":"x"}"#,
        ] {
            let found = row(&event.replace(":#", &format!(":{number}")));
            assert_eq!(
                (found.kind.as_str(), found.record_id),
                ("windows/Security:4624", Some(4_624)),
                "{event} {number}"
            );
        }
    }
    let found = row(r#"{"Event":{"System":{"EventID":4.624e3,"Channel":"Security"}}}"#);
    assert_eq!(found.get("EventID"), "4.624e3", "the value stays as the event spells it");
    for number in ["4624.5", "-1", "1e40", r#""x""#] {
        let found = row(&format!(r#"{{"Event":{{"System":{{"EventID":{number},"Channel":"Security"}}}}}}"#));
        assert_eq!(found.kind, "windows/Security");
    }
    let found = row(
        r#"{"winlog":{"event_id":8.0,"provider_name":"Microsoft-Windows-Sysmon"},"process":{"executable":"x"}}"#,
    );
    assert_eq!(
        (found.kind.as_str(), found.get("SourceImage")),
        ("windows/Microsoft-Windows-Sysmon/Operational:8", "x")
    );
}

#[test]
fn arrays_of_bytes_in_the_journal_are_texts() {
    let entry = |rest: &str| {
        far(&format!(r#"{{"__CURSOR":"s","__REALTIME_TIMESTAMP":"1772438401000000","_PID":"1",{rest}}}"#))
    };
    let read = entry(
        r#""SYSLOG_IDENTIFIER":"sshd","MESSAGE":[65,99,99,101,112,116,101,100,32,112,97,115,115,119,111,114,100,32,102,111,114,32,107,97,105,32,102,114,111,109,32,49,57,50,46,48,46,50,46,55,32,112,111,114,116,32,52,13],"_CMDLINE":[231,139,188,27],"X":["a",[98,7],[99]],"Y":[]"#,
    );
    let row = &read.rows[0];
    assert_eq!((read.reasons(), row.kind.as_str()), (vec![], "linux/sshd"));
    assert_eq!(
        (row.get("MESSAGE"), row.get("_CMDLINE")),
        ("Accepted password for kai from 192.0.2.7 port 4\r", "狼\u{1b}")
    );
    assert_eq!(row.all("X"), ["a", "b\u{7}", "c"]);
    assert_eq!((row.get("src_ip"), row.time.as_deref()), ("192.0.2.7", Some("2026-03-02T08:00:01Z")));
    let read = entry(r#""MESSAGE":[120,255,121]"#);
    assert_eq!(
        (read.rows[0].get("MESSAGE"), read.reasons()),
        ("x\u{fffd}y", vec!["bytes that are no UTF-8 were replaced"])
    );
    // More than one on a line; and numbers of other systems stay numbers.
    let line = r#"{"__CURSOR":"s","_PID":"1","MESSAGE":[97]} {"__CURSOR":"s","_PID":"1","MESSAGE":[98]} {"MESSAGE":[97]}"#;
    let read = far(line);
    let found: Vec<_> = read.rows.iter().map(|row| row.get("MESSAGE")).collect();
    assert_eq!(found, ["a", "b", "97"]);
}

#[test]
fn a_file_time_beyond_the_calendar_costs_itself() {
    let built = |written: &str| {
        let mut bytes = chunk(1..4);
        let start = 512 + record(512, 1, "v1").len();
        bytes[start + 16..start + 24].fill(0xff);
        let units = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let time = units("2026-03-02T08:00:01.1234567Z");
        let at = start + memchr::memmem::find(&bytes[start..], &time).unwrap();
        bytes[at..at + time.len()].copy_from_slice(&units(written));
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let (last, free) = (number(44), number(48));
        header(&mut bytes, 1..4, last, free);
        read(&file(&[&bytes]))
    };
    let found = built("0000-00-00T00:00:00.0000000Z");
    let rows: Vec<_> =
        found.rows.iter().map(|row| (row.record_id, row.get("DetailText"), row.time.is_some())).collect();
    assert_eq!(rows, [(Some(1), "v1", true), (Some(2), "v2", false), (Some(3), "v3", true)]);
    assert_eq!(found.reasons(), ["a time that cannot be read: 0000-00-00T00:00:00.0000000Z"]);
    let found = built("2026-03-02T08:00:02.1234567Z");
    assert_eq!(
        (found.rows[1].time.as_deref(), found.reasons()),
        (Some("2026-03-02T08:00:02.1234567Z"), vec![])
    );
}
