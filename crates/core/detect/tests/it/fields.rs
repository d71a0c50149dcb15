//! Log sources and field names: which events a rule reads and where it finds its fields.

use model::event::Kind;

use crate::events::{Fields, SYSMON, firing, rule_text, rules, sheet};

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
