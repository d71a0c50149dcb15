//! What Windows' own logs tell of registry, network and WMI, under Sysmon's names as well.

use crate::support::{Row, read};

fn row(text: &str) -> Row {
    let mut read = read(text.as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new(), "{text}");
    read.rows.remove(0)
}

fn registry(fields: &str) -> Row {
    row(&format!(r#"{{"EventID":4657,"Channel":"Security",{fields}}}"#))
}

#[test]
fn a_registry_value_is_spelled_as_sysmon_does() {
    let key = r#""ObjectName":"\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\EventLog""#;
    for (value, target, details, event_type) in [
        (
            r#""ObjectValueName":"Start","OperationType":"%%1905","NewValueType":"%%1876","NewValue":"4""#,
            "Start",
            "DWORD (0x00000004)",
            "SetValue",
        ),
        (
            r#""ObjectValueName":"Last","OperationType":"%%1904","NewValueType":"%%1883","NewValue":"0x1D63ED21D4ADB0A""#,
            "Last",
            "QWORD (0x01d63ed2-0x1d4adb0a)",
            "SetValue",
        ),
        (
            r#""ObjectValueName":"-","OperationType":"%%1905","NewValueType":"%%1874","NewValue":"%TEMP%\\a.exe""#,
            "(Default)",
            r"%TEMP%\a.exe",
            "SetValue",
        ),
        (
            r#""ObjectValueName":"b","OperationType":"%%1905","NewValueType":"%%1875","NewValue":"01 02""#,
            "b",
            "Binary Data",
            "SetValue",
        ),
        (
            r#""ObjectValueName":"b","OperationType":"%%1906","NewValueType":"-","NewValue":"-""#,
            "b",
            "",
            "DeleteValue",
        ),
    ] {
        let row = registry(&format!("{key},{value}"));
        let path = format!(r"HKLM\System\CurrentControlSet\Services\EventLog\{target}");
        assert_eq!(
            (row.get("TargetObject"), row.get("Details"), row.get("EventType")),
            (&*path, details, event_type)
        );
    }
    let shipped = registry(r#""EventType":"AUDIT_SUCCESS","OperationType":"%%1905""#);
    assert_eq!(shipped.all("EventType"), ["AUDIT_SUCCESS", "SetValue"], "a shipper's own field stays");
    let other = row(r#"{"EventID":4663,"Channel":"Security","ObjectName":"\\REGISTRY\\MACHINE\\a"}"#);
    assert_eq!(other.get("TargetObject"), "");
}

#[test]
fn a_connection_names_program_direction_and_protocol_as_sysmon_does() {
    let text = r#"{"Event":{"System":{"EventID":5156,"Channel":"Security"},"EventData":{"Application":"\\device\\harddiskvolume2\\windows\\system32\\rundll32.exe","Direction":"%%14593","Protocol":"6","SourceAddress":"192.0.2.5","DestAddress":"2001:db8::7"}}}"#;
    let row = row(text);
    for (name, value) in [
        ("Image", r"C:\windows\system32\rundll32.exe"),
        ("Initiated", "true"),
        ("SourceIsIpv6", "false"),
        ("DestinationIsIpv6", "true"),
    ] {
        assert_eq!(row.get(name), value, "{name}");
    }
    assert_eq!(row.all("Protocol"), ["6", "tcp"]);
}

#[test]
fn the_integrity_of_a_new_process_has_its_name_beside_its_sid() {
    for (label, expected) in [
        ("S-1-16-12288", &["S-1-16-12288", "High"][..]),
        ("S-1-16-8192", &["S-1-16-8192", "Medium"]),
        ("S-1-16-8448", &["S-1-16-8448"]),
    ] {
        let text = format!(r#"{{"EventID":4688,"Channel":"Security","MandatoryLabel":"{label}"}}"#);
        let row = row(&text);
        let found: Vec<&str> =
            ["MandatoryLabel", "IntegrityLevel"].iter().flat_map(|name| row.all(name)).collect();
        assert_eq!(found, expected, "{label}");
    }
}

#[test]
fn a_wmi_subscription_has_query_and_what_the_consumer_runs() {
    let text = r#"{"Event":{"System":{"EventID":5861,"Channel":"Microsoft-Windows-WMI-Activity/Operational"},"UserData":{"Operation_ESStoConsumerBinding":{"Namespace":"//./root/subscription","ESS":"Updater","CONSUMER":"CommandLineEventConsumer=\"Updater\"","PossibleCause":"Binding EventFilter: \ninstance of __EventFilter\n{\n\tName = \"Updater\";\n\tQuery = \"SELECT * FROM a\";\n\tQueryLanguage = \"WQL\";\n};\nPerm. Consumer: \ninstance of CommandLineEventConsumer\n{\n\tCommandLineTemplate = \"cmd.exe /c \\\"x\\\"\";\n\tName = \"Updater\";\n};\n"}}}}"#;
    let row = row(text);
    assert_eq!((row.get("Query"), row.get("Destination")), (r#""SELECT * FROM a""#, r#""cmd.exe /c \"x\"""#));
}

#[test]
fn the_channel_a_clearing_is_told_in_does_not_pass_for_the_one_that_was_cleared() {
    let flat = |fields: &str| {
        row(&format!(r#"{{"EventID":104,"SourceName":"Microsoft-Windows-Eventlog",{fields}}}"#))
    };
    for (fields, own, standing_in) in [
        (r#""Channel":"System""#, vec![], vec!["System"]),
        (r#""LogName":"System""#, vec![], vec!["System"]),
        (r#""Hostname":"h""#, vec![], vec!["System"]),
        (r#""Channel":"Windows PowerShell""#, vec!["Windows PowerShell"], vec![]),
        (
            r#""Channel":"System","Message":"The Microsoft-Windows-PowerShell/Operational log file was cleared.""#,
            vec!["Microsoft-Windows-PowerShell/Operational"],
            vec!["System"],
        ),
        (
            r#""Channel":"System","Message":"The System log file was cleared.""#,
            vec!["System"],
            vec!["System"],
        ),
        (r#""Channel":"System","Message":"消去されました。""#, vec![], vec!["System"]),
    ] {
        let row = flat(fields);
        assert_eq!(row.kind, "windows/System:104", "{fields}");
        assert_eq!((row.all("Channel"), row.all("System_Channel")), (own, standing_in), "{fields}");
    }
    let nested = |user: &str| {
        row(&format!(
            r#"{{"Event":{{"System":{{"Provider":{{"Name":"Microsoft-Windows-Eventlog"}},"EventID":104,"Channel":"System"}}{user}}}}}"#
        ))
    };
    assert_eq!(nested("").all("Channel"), Vec::<&str>::new());
    let whole = nested(r#","UserData":{"LogFileCleared":{"Channel":"System"}}"#);
    assert_eq!((whole.all("Channel"), whole.all("System_Channel")), (vec!["System"], vec!["System"]));
    let other = row(r#"{"EventID":105,"SourceName":"Microsoft-Windows-Eventlog","Channel":"System"}"#);
    assert_eq!(other.all("Channel"), ["System"]);
}
