//! Log sources and field names: which events a rule reads and where it finds its fields.

use model::event::Kind;

use crate::events::{Fields, SYSMON, firing, rule_text, rules, sheet};

const WMI: &str = "Microsoft-Windows-WMI-Activity/Operational";
const DETECTION: &str = "selection:\n  Image|endswith: '\\whoami.exe'\ncondition: selection";

fn fires(kind: &Kind, fields: Fields<'_>) -> bool {
    !firing(rules(&rule_text(DETECTION)), &sheet(kind, &[fields])).is_empty()
}

#[test]
fn a_category_reads_each_source_by_its_own_names() {
    let image = [("Image", r"C:\Windows\System32\whoami.exe")];
    let new_process = [("NewProcessName", r"C:\Windows\System32\whoami.exe")];
    assert!(fires(&Kind::new("windows", SYSMON, Some(1)), &image));
    assert!(fires(&Kind::new("windows", "Security", Some(4688)), &new_process));
    assert!(!fires(&Kind::new("windows", SYSMON, Some(5)), &image));
    assert!(!fires(&Kind::new("windows", "Security", Some(4689)), &new_process));
    assert!(!fires(&Kind::new("windows", "System", Some(1)), &image));
    assert!(!fires(&Kind::new("linux", "Linux-Sysmon/Operational", Some(1)), &image));
}

#[test]
fn event_ids_and_channels_are_decided_once() {
    let text = "title: t\nlogsource:\n  product: windows\n  service: security\ndetection:\n  selection:\n    EventID: [4624, 4625]\n    LogonType: 3\n  condition: selection\n";
    let fires = |log: &str, id| {
        let kind = Kind::new("windows", log, Some(id));
        let id = id.to_string();
        let fields = [("EventID", id.as_str()), ("Channel", log), ("LogonType", "3")];
        !firing(rules(text), &sheet(&kind, &[&fields])).is_empty()
    };
    assert!(fires("Security", 4624) && fires("Security", 4625));
    assert!(!fires("Security", 4634) && !fires("System", 4624));
}

#[test]
fn an_event_id_is_that_of_the_kind_however_the_event_says_it() {
    let fires = |ids: &[&str], test: &str| {
        let text = format!(
            "title: t\nlogsource:\n  product: windows\ndetection:\n  s:\n    {test}\n  condition: s\n"
        );
        let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("EventID", *id)).collect();
        !firing(rules(&text), &sheet(&Kind::new("windows", SYSMON, Some(3)), &[&fields])).is_empty()
    };
    for ids in [&["3"][..], &["3", "4769"], &["03"], &[" 3"]] {
        for (test, expected) in [
            ("EventID: 3", true),
            ("EventID: 4769", false),
            ("EventID|gt: 5", false),
            ("EventID|lt: 5", true),
        ] {
            assert_eq!(fires(ids, test), expected, "{ids:?} {test}");
        }
    }
}

#[test]
fn conditions_of_a_log_source_on_fields_hold() {
    let text = "title: t\nlogsource:\n  product: windows\n  category: registry_delete\ndetection:\n  selection:\n    TargetObject|contains: Run\n  condition: selection\n";
    let kind = Kind::new("windows", SYSMON, Some(12));
    let events = sheet(
        &kind,
        &[
            &[("EventType", "DeleteKey"), ("TargetObject", "HKLM\\Run")],
            &[("EventType", "CreateKey"), ("TargetObject", "HKLM\\Run")],
        ],
    );
    assert_eq!(firing(rules(text), &events), [1]);
}

#[test]
fn blanks_in_field_names_do_not_matter() {
    let text = "title: t\nlogsource:\n  product: windows\n  service: windefend\ndetection:\n  selection:\n    Threat Name|contains: Lantern\n  condition: selection\n";
    let kind = Kind::new("windows", "Microsoft-Windows-Windows Defender/Operational", Some(1116));
    assert_eq!(firing(rules(text), &sheet(&kind, &[&[("ThreatName", "HackTool:Lantern")]])), [1]);
}

#[test]
fn blanks_that_windows_puts_behind_a_value_are_not_meant_and_those_before_it_are() {
    let fires = |item: &str, value: &str| {
        let text = format!(
            "title: t\nlogsource:\n  product: windows\n  service: security\ndetection:\n  selection:\n    EventID: 4624\n    {item}\n  condition: selection\n"
        );
        let kind = Kind::new("windows", "Security", Some(4624));
        let fields = [("EventID", "4624"), ("LogonProcessName", value), ("TargetUserName", value)];
        !firing(rules(&text), &sheet(&kind, &[&fields])).is_empty()
    };
    for (item, value, expected) in [
        ("LogonProcessName: ntlmssp", "NtLmSsp ", true),
        ("LogonProcessName: 'NtLmSsp '", "NtLmSsp ", true),
        ("LogonProcessName|endswith: lmssp", "NtLmSsp ", true),
        ("LogonProcessName|cased: Advapi", "Advapi  ", true),
        ("LogonProcessName|re: '^Advapi$'", "Advapi  ", true),
        ("LogonProcessName|neq: Advapi", "Advapi  ", false),
        ("LogonProcessName: '%%4416'", "%%4416\r\n\t\t\t\t", true),
        ("LogonProcessName: 'Advapi  '", "Advapi", false),
        ("LogonProcessName: ' Advapi'", "Advapi  ", false),
        ("LogonProcessName: Advapi", " Advapi", false),
        // What people type is not padded.
        ("TargetUserName: Advapi", "Advapi  ", false),
    ] {
        assert_eq!(fires(item, value), expected, "{item} on {value:?}");
    }
}

#[test]
fn categories_of_registry_connections_and_wmi_read_the_logs_of_windows() {
    let fires = |category: &str, test: &str, (log, id): (&str, u32), fields: Fields<'_>| {
        let text = format!(
            "title: t\nlogsource:\n  product: windows\n  category: {category}\ndetection:\n  s:\n    {test}\n  condition: s\n"
        );
        !firing(rules(&text), &sheet(&Kind::new("windows", log, Some(id)), &[fields])).is_empty()
    };
    let value = |operation| [("ObjectName", r"\REGISTRY\MACHINE\Run"), ("OperationType", operation)];
    let registry = |category, operation| {
        fires(category, r"ObjectName|endswith: \Run", ("Security", 4657), &value(operation))
    };
    for (category, made, changed, deleted) in [
        ("registry_event", true, true, true),
        ("registry_set", true, true, false),
        ("registry_add", true, false, false),
        ("registry_delete", false, false, true),
        ("registry_rename", false, false, false),
    ] {
        let found = ["%%1904", "%%1905", "%%1906"].map(|operation| registry(category, operation));
        assert_eq!(found, [made, changed, deleted], "{category}");
    }
    let target: Fields<'_> = &[("~TargetObject", r"HKLM\Run\a"), ("OperationType", "%%1905")];
    assert!(fires("registry_set", r"TargetObject|endswith: \Run\a", ("Security", 4657), target));
    let raw: Fields<'_> = &[("EventID", "5156"), ("DestPort", "3389"), ("DestAddress", "192.0.2.7")];
    for test in
        ["EventID: 5156", "DestPort: 3389", "DestinationPort: 3389", "DestinationIp|cidr: 192.0.2.0/24"]
    {
        assert!(fires("network_connection", test, ("Security", 5156), raw), "{test}");
    }
    assert!(!fires("network_connection", "DestPort: 3389", ("Security", 5157), raw), "a blocked connection");
    let cause: Fields<'_> = &[("PossibleCause", "new-object"), ("CONSUMER", "x")];
    assert!(fires("wmi_event", "PossibleCause|contains: new-object", (WMI, 5861), cause));
    assert!(fires("wmi_event", "Consumer: x", (WMI, 5861), cause));
    assert!(!fires("wmi_event", "Consumer: x", (WMI, 5860), cause));
}

#[test]
fn a_filter_on_a_field_that_a_stand_in_cannot_have_is_taken_to_hold() {
    let fires = |filter: &str, selection: &str, fields: Fields<'_>| {
        let text = format!(
            "title: t\nlogsource:\n  product: windows\n  category: network_connection\ndetection:\n  s:\n    {selection}\n  f:\n    {filter}\n  condition: s and not f\n"
        );
        let with = |id| [&[("EventID", id)], fields].concat();
        let stand_in = sheet(&Kind::new("windows", "Security", Some(5156)), &[&with("5156")]);
        let own = sheet(&Kind::new("windows", SYSMON, Some(3)), &[&with("3")]);
        (!firing(rules(&text), &stand_in).is_empty(), !firing(rules(&text), &own).is_empty())
    };
    let fields: Fields<'_> = &[("DestPort", "5985"), ("DestinationPort", "5985"), ("Initiated", "true")];
    let port = "DestinationPort: 5985";
    assert_eq!(fires("User: x", port, fields), (false, true), "who it was, 5156 does not tell");
    assert_eq!(fires("{User: x, Initiated: 'false'}", port, fields), (true, true), "the filter cannot hold");
    assert_eq!(fires("User: null", port, fields), (false, false));
    assert_eq!(fires("ParentImage: x", port, fields), (true, true), "no connection has that");
    assert_eq!(fires("CommandLine: x", port, fields), (true, true), "nor that, but in OCSF");
    assert_eq!(fires("User|exists: true", port, fields), (false, true));
    assert_eq!(fires("User|fieldref: Image", port, fields), (false, true));
    assert_eq!(fires("Initiated: 'false'", port, fields), (true, true));
    assert_eq!(
        fires("User: x", "{DestPort: 5985, EventID: 5156}", fields),
        (true, false),
        "it names the event"
    );
    assert_eq!(fires("User|neq: x", port, fields), (false, false));
}

#[test]
fn a_clearing_without_the_cleared_log_is_none_of_a_certain_log() {
    let fires = |channels: &str, fields: Fields<'_>| {
        let text = format!(
            "title: t\nlogsource:\n  product: windows\n  service: system\ndetection:\n  s:\n    EventID: 104\n    Channel: {channels}\n  condition: s\n"
        );
        !firing(rules(&text), &sheet(&Kind::new("windows", "System", Some(104)), &[fields])).is_empty()
    };
    let unknown: Fields<'_> = &[("EventID", "104"), ("System_Channel", "System")];
    let shell: Fields<'_> =
        &[("EventID", "104"), ("System_Channel", "System"), ("~Channel", "Windows PowerShell")];
    assert!(!fires("[System, Security]", unknown) && !fires("[System, Security]", shell));
    assert!(fires("[System, Windows PowerShell]", shell) && !fires("[System, Windows PowerShell]", unknown));
    assert!(fires("System", unknown), "a single channel says where the event stands");
}

#[test]
fn an_opened_file_goes_by_the_name_of_its_category() {
    let text = "title: t\nlogsource:\n  product: windows\n  category: file_access\ndetection:\n  s:\n    FileName|endswith: '\\Login Data'\n  condition: s\n";
    let opened = |activity| [("activity_id", activity), ("file.path", r"C:\Users\a\Login Data")];
    let events = sheet(&Kind::new("windows", "ocsf", Some(1001)), &[&opened("14"), &opened("1")]);
    assert_eq!(firing(rules(text), &events), [1]);
}
