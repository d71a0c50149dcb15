//! Windows events in the JSON shapes that programs give them.

use jiff::tz::TimeZone;
use sources::Limits;

use crate::support::{Row, read, read_with};

fn row(text: &str) -> Row {
    let mut read = read(text.as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new(), "{text}");
    assert_eq!(read.rows.len(), 1, "{text}");
    read.rows.remove(0)
}

const SYSMON: &str = "windows/Microsoft-Windows-Sysmon/Operational:1";

/// The same event in a shape must have the same names.
fn check(text: &str) {
    let row = row(text);
    assert_eq!(row.kind, SYSMON, "{text}");
    assert_eq!(row.record_id, Some(7), "{text}");
    assert_eq!(row.time.as_deref(), Some("2026-03-02T08:00:01.1234567Z"), "{text}");
    for (name, value) in [
        ("EventID", "1"),
        ("Channel", "Microsoft-Windows-Sysmon/Operational"),
        ("Provider_Name", "Microsoft-Windows-Sysmon"),
        ("Computer", "ws01.example.org"),
        ("EventRecordID", "7"),
        ("Image", "C:\\x\\lantern.exe"),
        ("MD5", "AB"),
    ] {
        assert_eq!(row.all(name), [value], "{name} in {text}");
    }
}

#[test]
fn shapes_of_nested_events() {
    let system = |attributes: fn(&str, &str) -> String, text: fn(&str) -> String| {
        format!(
            r#""System":{{"Provider":{},"EventID":{},"TimeCreated":{},"EventRecordID":7,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"ws01.example.org"}}"#,
            attributes("Name", "Microsoft-Windows-Sysmon"),
            text("1"),
            attributes("SystemTime", "2026-03-02T08:00:01.1234567Z"),
        )
    };
    let styles: [(fn(&str, &str) -> String, fn(&str) -> String); 6] = [
        (|n, v| format!(r##"{{"#attributes":{{"{n}":"{v}"}}}}"##), |t| t.to_owned()),
        (|n, v| format!(r#"{{"{n}":"{v}"}}"#), |t| format!(r##"{{"#text":"{t}","Qualifiers":"0"}}"##)),
        (|n, v| format!(r#"{{"@{n}":"{v}"}}"#), |t| format!(r##"{{"@Qualifiers":"0","#text":"{t}"}}"##)),
        (|n, v| format!(r#"{{"_attributes":{{"{n}":"{v}"}}}}"#), |t| format!(r#"{{"_text":"{t}"}}"#)),
        (
            |n, v| format!(r#"{{"$":{{"{n}":"{v}"}}}}"#),
            |t| format!(r#"{{"_":"{t}","$":{{"Qualifiers":"0"}}}}"#),
        ),
        (|n, v| format!(r#"{{"{n}":"{v}"}}"#), |t| format!(r#"{{"Value":{t}}}"#)),
    ];
    let data = [
        r#""EventData":{"Image":"C:\\x\\lantern.exe","Hashes":"MD5=AB,IMPHASH="}"#,
        r##""EventData":{"Data":[{"Name":"Image","#text":"C:\\x\\lantern.exe"},{"Name":"Hashes","#text":"MD5=AB"}]}"##,
        r##""EventData":{"Data":[{"@Name":"Image","#text":"C:\\x\\lantern.exe"},{"#text":"MD5=AB","@Name":"Hashes"}]}"##,
        r##""EventData":{"Data":[{"#attributes":{"Name":"Image"},"#text":"C:\\x\\lantern.exe"},{"$":{"Name":"Hashes"},"_":"SHA1=,MD5=AB"}]}"##,
        r#""EventData":{"Data":[{"Name":"Image","Value":"C:\\x\\lantern.exe"},{"Name":"Hashes","Value":"MD5=AB"}]}"#,
    ];
    for (attributes, text) in styles {
        for data in data {
            let inner = format!("{{{},{data}}}", system(attributes, text));
            check(&inner);
            check(&format!(r#"{{"Event":{inner}}}"#));
            check(&format!(r#"{{"_index":"i","_source":{{"Event":{inner}}}}}"#));
        }
    }
}

#[test]
fn shapes_of_beats() {
    check(
        r#"{"@timestamp":"2026-03-02T08:00:01.1234567Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":1,"provider_name":"Microsoft-Windows-Sysmon","computer_name":"ws01.example.org","record_id":7,"event_data":{"Image":"C:\\x\\lantern.exe","Hashes":"MD5=AB"}}}"#,
    );
    check(
        r#"{"@timestamp":"2026-03-02T08:00:01.1234567Z","winlog.channel":"Microsoft-Windows-Sysmon/Operational","winlog.event_id":{"id":"1"},"winlog.provider_name":"Microsoft-Windows-Sysmon","winlog.computer_name":"ws01.example.org","winlog.record_id":"7","winlog.event_data.Image":"C:\\x\\lantern.exe","winlog.event_data.Hashes":"MD5=AB"}"#,
    );
    check(
        r#"{"_index":"w","_source":{"@timestamp":"2026-03-02T08:00:01.1234567Z","host":{"name":"ws01.example.org"},"event":{"code":"1","provider":"Microsoft-Windows-Sysmon"},"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","record_id":7},"process":{"executable":"C:\\x\\lantern.exe","hash":{"md5":"AB"}}}}"#,
    );
    check(
        r#"{"@timestamp":"2026-03-02T08:00:01.1234567Z","log_name":"Microsoft-Windows-Sysmon/Operational","event_id":1,"source_name":"Microsoft-Windows-Sysmon","computer_name":"ws01.example.org","record_number":"7","event_data":{"Image":"C:\\x\\lantern.exe","Hashes":"MD5=AB"}}"#,
    );
    let kept = row(
        r#"{"winlog":{"channel":"Security","event_id":1102,"user_data":{"SubjectUserName":"mika.t","xml_name":"LogFileCleared"},"api":"wineventlog"},"host":{"name":"h"}}"#,
    );
    assert_eq!((kept.kind.as_str(), kept.get("SubjectUserName")), ("windows/Security:1102", "mika.t"));
    assert_eq!(
        (kept.get("winlog.api"), kept.get("host.name"), kept.get("Computer")),
        ("wineventlog", "h", "h")
    );
}

#[test]
fn shapes_of_plain_events() {
    check(
        r#"{"EventTime":"2026-03-02 08:00:01.1234567","EventID":1,"SourceName":"Microsoft-Windows-Sysmon","Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"ws01.example.org","RecordNumber":7,"Image":"C:\\x\\lantern.exe","Hashes":"MD5=AB"}"#,
    );
    check(
        r#"{"TimeCreated":"2026-03-02T08:00:01.1234567Z","Id":1,"ProviderName":"Microsoft-Windows-Sysmon","LogName":"Microsoft-Windows-Sysmon/Operational","MachineName":"ws01.example.org","RecordId":7,"Image":"C:\\x\\lantern.exe","Hashes":"MD5=AB"}"#,
    );
    check(
        r#"{"UtcTime":"2026-03-02 08:00:01.1234567","EventID":"1","Source":"other","Provider_Name":"Microsoft-Windows-Sysmon","Computer":"ws01.example.org","EventRecordID":7,"Image":"C:\\x\\lantern.exe","Hash":"MD5=AB"}"#,
    );
    let row = row(
        r#"{"EventID":4688,"Channel":"Security","Hostname":"h","ExecutionProcessID":4,"Threat Name":"x"}"#,
    );
    assert_eq!(
        row.records[0].keys().collect::<Vec<_>>(),
        [
            "Channel",
            "Computer",
            "EventID",
            "ExecutionProcessID",
            "Execution_ProcessID",
            "Hostname",
            "ThreatName"
        ]
    );
}

/// The attributes of the header's elements, which no name of their own reached in some shapes.
#[test]
fn attributes_of_the_header_have_one_name_in_every_shape() {
    let head = r#""EventID":4720,"Channel":"Security""#;
    let elements = |style: fn(&str, &[(&str, &str)]) -> String| {
        let members = [
            style("Provider", &[("Name", "P"), ("Guid", "G")]),
            style("TimeCreated", &[("SystemTime", "2026-03-02T08:00:01Z")]),
            style("Correlation", &[("ActivityID", "{A}"), ("RelatedActivityID", "{R}")]),
            style("Execution", &[("ProcessID", "600"), ("ThreadID", "604")]),
            style("Security", &[("UserID", "S-1-5-18")]),
        ];
        let event = format!(r#""System":{{{head},{}}},"EventData":{{"ProcessID":"own"}}"#, members.join(","));
        [format!("{{{event}}}"), format!(r#"{{"Event":{{{event}}}}}"#)]
    };
    fn object(before: &str, pairs: &[(&str, &str)], behind: &str) -> String {
        let pairs: Vec<_> =
            pairs.iter().map(|(name, value)| format!(r#""{before}{name}":"{value}""#)).collect();
        format!("{{{}{behind}}}", pairs.join(","))
    }
    let styles: [fn(&str, &[(&str, &str)]) -> String; 10] = [
        |tag, pairs| format!(r##""{tag}":{{"#attributes":{}}}"##, object("", pairs, "")),
        |tag, pairs| format!(r#""{tag}_attributes":{}"#, object("", pairs, "")),
        |tag, pairs| format!(r#""{tag}":null,"{tag}_attributes":{}"#, object("", pairs, "")),
        |tag, pairs| format!(r#""{tag}":{}"#, object("@", pairs, "")),
        |tag, pairs| format!(r#""{tag}":{}"#, object("-", pairs, "")),
        |tag, pairs| format!(r#""{tag}":{}"#, object("_", pairs, "")),
        |tag, pairs| format!(r#""{tag}":[{{"$":{}}}]"#, object("", pairs, "")),
        |tag, pairs| format!(r#""{tag}":{{"attributes":{}}}"#, object("", pairs, "")),
        |tag, pairs| format!(r#""{tag}":{{"_attributes":{}}}"#, object("", pairs, "")),
        |tag, pairs| format!(r##""{tag}":{}"##, object("", pairs, r##","#text":null"##)),
    ];
    let nested = styles.into_iter().flat_map(elements);
    let flat = [
        // Winlogbeat, version 7 and 6
        r#"{"@timestamp":"2026-03-02T08:00:01Z","winlog":{"event_id":4720,"channel":"Security","provider_name":"P","provider_guid":"G","activity_id":"{A}","related_activity_id":"{R}","process":{"pid":600,"thread":{"id":604}},"user":{"identifier":"S-1-5-18"},"event_data":{"ProcessID":"own"}}}"#,
        r#"{"@timestamp":"2026-03-02T08:00:01Z","log_name":"Security","event_id":4720,"source_name":"P","provider_guid":"G","activity_id":"{A}","related_activity_id":"{R}","process_id":600,"thread_id":604,"user":{"identifier":"S-1-5-18"},"event_data":{"ProcessID":"own"}}"#,
        // NXLog
        r#"{"EventID":4720,"Channel":"Security","SourceName":"P","ProviderGuid":"G","TimeCreated_SystemTime":"2026-03-02T08:00:01Z","ActivityID":"{A}","RelatedActivityID":"{R}","ExecutionProcessID":600,"ThreadID":604,"UserID":"S-1-5-18","ProcessID":"own"}"#,
        // Under Sigma's own names
        r#"{"EventID":4720,"Channel":"Security","Provider_Name":"P","Provider_Guid":"G","TimeCreated_SystemTime":"2026-03-02T08:00:01Z","Correlation_ActivityID":"{A}","Correlation_RelatedActivityID":"{R}","Execution_ProcessID":600,"Execution_ThreadID":604,"Security_UserID":"S-1-5-18","ProcessID":"own"}"#,
    ];
    for text in nested.chain(flat.map(str::to_owned)) {
        let row = row(&text);
        assert_eq!((row.kind.as_str(), row.time.is_some()), ("windows/Security:4720", true), "{text}");
        for (name, value) in [
            ("Provider_Name", "P"),
            ("Provider_Guid", "G"),
            ("TimeCreated_SystemTime", "2026-03-02T08:00:01Z"),
            ("Correlation_ActivityID", "{A}"),
            ("Correlation_RelatedActivityID", "{R}"),
            ("Execution_ProcessID", "600"),
            ("Execution_ThreadID", "604"),
            ("Security_UserID", "S-1-5-18"),
            ("ProcessID", "own"),
        ] {
            assert_eq!(row.all(name), [value], "{name} in {text}");
        }
    }
}

/// .NET calls the writer's process `ProcessId`, as Sysmon calls the process that an event is about.
#[test]
fn the_header_as_net_names_it_is_told_from_data_of_the_same_names() {
    let text = r#"{"Id":1,"Qualifiers":null,"RecordId":7,"ProviderName":"Microsoft-Windows-Sysmon","ProviderId":"G","LogName":"Microsoft-Windows-Sysmon/Operational","ProcessId":600,"ThreadId":604,"MachineName":"h","UserId":{"BinaryLength":12,"Value":"S-1-5-18"},"TimeCreated":"\/Date(1772438401000)\/","ActivityId":"A","RelatedActivityId":null}"#;
    let row_of_net = row(text);
    for (name, value) in [
        ("Execution_ProcessID", "600"),
        ("Execution_ThreadID", "604"),
        ("Security_UserID", "S-1-5-18"),
        ("Provider_Guid", "G"),
        ("Correlation_ActivityID", "A"),
        ("UserId.BinaryLength", "12"),
        ("ProcessId", ""),
    ] {
        assert_eq!(row_of_net.get(name), value, "{name}");
    }
    let data = row(
        r#"{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","ProcessId":7,"ExecutionProcessID":600,"ThreadID":604,"UserId":"x"}"#,
    );
    assert_eq!((data.get("ProcessId"), data.get("Execution_ProcessID")), ("7", "600"));
    assert_eq!((data.get("UserId"), data.get("Security_UserID")), ("x", ""));
}

#[test]
fn data_of_all_kinds() {
    let system = r#""System":{"Provider":{"Name":"P"},"EventID":6,"Channel":"Application","Execution":{"ProcessID":788}}"#;
    let row_of = |data: &str| row(&format!(r#"{{"Event":{{{system},{data}}}}}"#));
    let unnamed = row_of(r##""EventData":{"Data":{"#text":["a","","b"]},"Binary":"00"}"##);
    assert_eq!((unnamed.all("Data"), unnamed.get("Binary")), (vec!["a", "", "b"], "00"));
    assert_eq!(row_of(r#""EventData":{"Data":["a","b"]}"#).all("Data"), ["a", "b"]);
    assert_eq!(row_of(r#""EventData":{"Data":"a"}"#).all("Data"), ["a"]);
    assert_eq!(row_of(r#""EventData":null"#).all("Data"), Vec::<&str>::new());
    let blanks = row_of(r#""EventData":{"Threat Name":"x","Severity ID":5}"#);
    assert_eq!((blanks.get("ThreatName"), blanks.get("SeverityID")), ("x", "5"));
    let user = row_of(
        r##""UserData":{"LogFileCleared":{"#attributes":{"xmlns":"x"},"a:SubjectUserName":"mika.t","Deep":{"Value":"v","@xmlns:b":"y"}}}"##,
    );
    assert_eq!((user.get("SubjectUserName"), user.get("Value")), ("mika.t", "v"));
    assert_eq!(user.records[0].len(), 6, "{user:?}");
    let own = row_of(r#""EventData":{"ProcessID":"1"}"#);
    assert_eq!((own.all("ProcessID"), own.get("Execution_ProcessID")), (vec!["1"], "788"));
    let cleared = row_of(r#""UserData":{"LogFileCleared":{"Channel":"Windows PowerShell"}}"#);
    assert_eq!(
        (cleared.all("Channel"), cleared.get("System_Channel")),
        (vec!["Windows PowerShell"], "Application")
    );
    assert_eq!(cleared.kind, "windows/Application:6", "the kind goes by the header");
    let rendered =
        row_of(r#""RenderingInfo":{"@Culture":"ja-JP","Message":"本文","Level":"情報"},"EventData":{"a":1}"#);
    assert_eq!((rendered.get("Message"), rendered.get("RenderingInfo_Level")), ("本文", "情報"));
}

#[test]
fn linux_sysmon_and_absent_channels() {
    let kind = |text: &str| row(text).kind;
    assert_eq!(kind(r#"{"EventID":1,"SourceName":"Linux-Sysmon"}"#), "linux/Linux-Sysmon/Operational:1");
    assert_eq!(
        kind(r#"{"EventID":4624,"SourceName":"Microsoft-Windows-Security-Auditing"}"#),
        "windows/Security:4624"
    );
    let filled = row(r#"{"EventID":4104,"ProviderName":"Microsoft-Windows-PowerShell"}"#);
    assert_eq!(filled.get("Channel"), "Microsoft-Windows-PowerShell/Operational");
    assert_eq!(kind(r#"{"EventID":9,"SourceName":"Lantern"}"#), "windows/:9");
    assert_eq!(kind(r#"{"EventID":9,"Name":"Lantern"}"#), "/");
}

#[test]
fn times_without_a_zone() {
    let zone = TimeZone::fixed(jiff::tz::offset(9));
    let read = read_with(
        br#"{"EventID":1,"Channel":"System","EventTime":"2026-03-02 17:00:01"}"#,
        &Limits { zone, ..Limits::default() },
    );
    assert_eq!(read.rows[0].time.as_deref(), Some("2026-03-02T08:00:01Z"));
}
