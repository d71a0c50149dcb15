//! Rules that load and cannot fire: what is told of log sources, tests and names of fields.

use detect::{Placeholders, RuleSet, load};

use crate::events::catalogue;

/// What is told of a rule with this log source and these selections (YAML), all of which must hold.
fn told(logsource: &str, selections: &[&str]) -> Vec<String> {
    let mut text = format!(
        "title: t\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {logsource}\ndetection:\n  condition: all of s*\n"
    );
    for (number, selection) in selections.iter().enumerate() {
        text.push_str(&format!("  s{number}: {selection}\n"));
    }
    let set = RuleSet::new(load("t.yml", &text, &Placeholders::new()));
    assert_eq!(set.refused, [], "{text}");
    let warnings = set.warnings(&catalogue());
    let told = warnings.into_iter().map(|warning| {
        let reason = model::reason::Reason::from(warning.reason);
        let arguments: Vec<String> = reason.arguments.iter().map(|(_, value)| format!("{value:?}")).collect();
        format!("{} {}", reason.code, arguments.join(" "))
    });
    told.collect()
}

#[test]
fn log_sources_and_tests_that_exclude_each_other_are_told() {
    let excluded = |logsource: &str, selections: &[&str]| {
        let told = told(logsource, selections);
        assert!(told.iter().all(|told| told.starts_with("logsource-excluded")), "{told:?}");
        !told.is_empty()
    };
    let sysmon = "{product: windows, service: sysmon}";
    let start = "{product: windows, category: process_creation}";
    for (logsource, selections, expected) in [
        (start, &["{EventID: 1}"][..], false),
        (start, &["{EventID: 4688}"], false),
        (start, &["{EventID: 4104}"], true),
        (start, &["{EventID: [1, 4104]}"], false),
        (start, &["[{EventID: 4104}, {EventID: 4688}]"], false),
        (start, &["{EventID: 4688, Channel: Security}"], false),
        (start, &["{EventID: 4688, Channel: Microsoft-Windows-Sysmon/Operational}"], true),
        (start, &["{EventID|re: '4.04'}"], true),
        (start, &["{EventID|gt: 4000}"], false),
        ("{category: process_creation}", &["{EventID: 4104}"], true),
        (sysmon, &["{EventID: 4657}"], false),
        (sysmon, &["{EventID: 4657, Channel: Security}"], true),
        (sysmon, &["{EventID: 1}", "{EventID: 3}"], true),
        (sysmon, &["{EventID: 1}", "{EventID|startswith: '1'}"], false),
        ("{product: windows, service: security}", &["{Channel: System}"], true),
        ("{product: windows, service: powershell}", &["{Channel: PowerShellCore/Operational}"], false),
        ("{product: windows}", &["{Channel: Nobody/Knows}"], false),
        ("{product: windows}", &["{Channel: a}", "{Channel: b}"], true),
        ("{product: windows}", &["{Channel|contains: Knows}", "{EventID: 3}"], false),
        ("{product: windows, category: registry_set}", &["{EventID: 4657}"], false),
        ("{product: windows, category: registry_delete}", &["{EventID: 12, EventType: DeleteKey}"], false),
        ("{product: windows, category: registry_delete}", &["{EventID: 12, EventType: CreateKey}"], true),
        ("{product: windows, category: registry_add}", &["{OperationType: '%%1905', EventID: 4657}"], true),
        ("{product: zeek, service: dns}", &["{query: a}"], false),
        ("{product: linux, service: auditd}", &["{type: EXECVE}"], false),
    ] {
        assert_eq!(excluded(logsource, selections), expected, "{logsource} {selections:?}");
    }
}

#[test]
fn names_that_no_event_of_the_log_source_has_are_told() {
    let start = "{product: windows, category: process_creation}";
    let security = "{product: windows, service: security}";
    let gateway = "Channel: Microsoft-Windows-TerminalServices-Gateway/Operational";
    for (logsource, selection, expected) in [
        (start, "{Image: a, NewProcessName: b, process.file.path: c}", &[][..]),
        (start, "{Commandline: a}", &[r#"field-misnamed Text("Commandline") Text("CommandLine")"#]),
        (start, "{TargetFilename: a}", &[r#"field-unknown Text("TargetFilename")"#]),
        (start, "{Image|fieldref: Abacus}", &[r#"field-unknown Text("Abacus")"#]),
        (start, "{EventID: 1, TokenElevationType: a}", &[r#"field-unknown Text("TokenElevationType")"#]),
        (security, "{Abacus: a}", &[r#"field-unknown Text("Abacus")"#]),
        (security, "{EventID: 4898, TemplateContent: a, Security_UserID: b}", &[]),
        (
            "{product: windows, service: system}",
            "{EventID: 104, LogFileClearedChannel: System}",
            &[r#"field-misnamed Text("LogFileClearedChannel") Text("Channel")"#],
        ),
        ("{product: windows, service: system}", "{EventID: [104, 7045], LogFileClearedChannel: a}", &[]),
        ("{product: windows, service: system}", "{LogFileClearedChannel: System}", &[]),
        (
            "{product: windows}",
            &format!("{{{gateway}, RdsGtwErrorCode: 0}}"),
            &[r#"field-misnamed Text("RdsGtwErrorCode") Text("ErrorCode")"#],
        ),
        ("{product: windows}", "{Abacus: a}", &[]),
        ("{product: windows, service: windefend}", "{Threat Name: a}", &[]),
        ("{product: aws, service: cloudtrail}", "{requestParameters.anything: a}", &[]),
    ] {
        assert_eq!(told(logsource, &[selection]), expected, "{logsource} {selection}");
    }
}
