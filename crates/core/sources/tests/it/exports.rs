//! Events as tools for incident response export them: EvtxECmd, the cmdlets for Entra ID.

use crate::support::{Row, read};

fn one(text: &str) -> Row {
    let mut read = read(text.as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new(), "{text}");
    assert_eq!(read.rows.len(), 1, "{text}");
    read.rows.remove(0)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// An object of EvtxECmd; `payload` is JSON.
fn evtxecmd(payload: &str) -> String {
    format!(
        r#"{{"PayloadData1":"x","ChunkNumber":0,"Computer":"h","Payload":{payload},"UserId":"S-1-5-18","Channel":"Security","Provider":"Microsoft-Windows-Security-Auditing","EventId":4720,"EventRecordId":"7","ProcessId":600,"ThreadId":604,"Level":"LogAlways","UserName":"a map's column","TimeCreated":"2026-03-02T08:00:01.0218984+00:00","RecordNumber":3}}"#
    )
}

#[test]
fn the_data_of_evtxecmd_are_fields() {
    let pairs = r##"{"EventData":{"Data":[{"@Name":"TargetUserName","#text":"lantern"},{"@Name":"ProcessId","#text":"0x3e8"},{"@Name":"Threat Name","#text":"t"}]}}"##;
    let user = r#"{"UserData":{"Made":{"@xmlns":"u","TargetUserName":"lantern","ProcessId":"0x3e8","ThreatName":"t"}}}"#;
    for payload in [pairs, user] {
        for text in
            [evtxecmd(&quoted(payload)), evtxecmd(&quoted(&format!(" {payload}\n"))), evtxecmd(payload)]
        {
            let row = one(&text);
            assert_eq!((row.kind.as_str(), row.record_id), ("windows/Security:4720", Some(7)), "{text}");
            assert_eq!(row.time.as_deref(), Some("2026-03-02T08:00:01.0218984Z"), "{text}");
            for (name, value) in [
                ("TargetUserName", "lantern"),
                ("ProcessId", "0x3e8"),
                ("ThreatName", "t"),
                ("Execution_ProcessID", "600"),
                ("Execution_ThreadID", "604"),
                ("Security_UserID", "S-1-5-18"),
                ("Provider_Name", "Microsoft-Windows-Security-Auditing"),
                ("EventID", "4720"),
                ("EventRecordID", "7"),
                ("Computer", "h"),
                ("PayloadData1", "x"),
                ("UserName", "a map's column"),
            ] {
                assert_eq!(row.all(name), [value], "{name} in {text}");
            }
            assert_eq!(row.get("Payload"), "", "its content is in the fields");
        }
    }
}

#[test]
fn the_data_of_evtxecmd_in_few_and_in_many_elements() {
    let data = |payload: &str| one(&evtxecmd(&quoted(payload)));
    let single = data(r##"{"EventData":{"Data":{"@Name":"TargetUserName","#text":"lantern"}}}"##);
    assert_eq!(single.get("TargetUserName"), "lantern");
    assert_eq!(data(r#"{"EventData":{"Data":"a, b","Binary":"00"}}"#).get("Data"), "a, b");
    assert_eq!(data(r#"{"EventData":{"Data":["a","b"]}}"#).all("Data"), ["a", "b"]);
    assert_eq!(data(r#"{"EventData":"a"}"#).get("Data"), "a");
    assert_eq!(data(r#"{"EventData":{"TargetUserName":"lantern"}}"#).get("TargetUserName"), "lantern");
    assert_eq!(data(r#"{"EventXml":{"a":{"b":1}}}"#).get("EventXml.a.b"), "1", "kept by its own name");
    let empty = data(r##"{"EventData":{"Data":[{"@Name":"A b"},{"@Name":"C","#text":"c"}]}}"##);
    assert_eq!((empty.all("Ab"), empty.get("C")), (vec![""], "c"), "an empty element is there");
    for nothing in [r#""""#, "null", r#""{}""#] {
        assert_eq!(one(&evtxecmd(nothing)).kind, "windows/Security:4720");
    }
    let hashes = data(r##"{"EventData":{"Data":[{"@Name":"Hashes","#text":"MD5=AB"}]}}"##);
    assert_eq!(hashes.get("MD5"), "AB");
}

/// Names that the tool and the event's data share mean the data.
#[test]
fn columns_of_evtxecmd_make_room_for_the_data() {
    let payload = r##"{"EventData":{"Data":[{"@Name":"UserName","#text":"kai"},{"@Name":"Channel","#text":"System"},{"@Name":"Payload","#text":"own"}]}}"##;
    let row = one(&evtxecmd(&quoted(payload)));
    assert_eq!((row.all("UserName"), row.get("EvtxECmd_UserName")), (vec!["kai"], "a map's column"));
    assert_eq!((row.all("Channel"), row.get("System_Channel")), (vec!["System"], "Security"));
    assert_eq!((row.all("Payload"), row.kind.as_str()), (vec!["own"], "windows/Security:4720"));
}

#[test]
fn a_broken_payload_of_evtxecmd_is_told_and_costs_itself() {
    let broken = r##"{"EventData":{"Data":[{"@Name":"TargetUserName","#text":"lan"##;
    let read = read(evtxecmd(&quoted(broken)).as_bytes());
    assert_eq!(read.flaws.len(), 1);
    assert_eq!(read.flaws[0].reason.code, "text-no-object");
    assert_eq!((read.rows[0].kind.as_str(), read.rows[0].get("Payload")), ("windows/Security:4720", broken));
    // PowerShell's own data of that name is no export.
    for own in [r#"{"a":1}"#, "{ Get-Item }", "{}"] {
        let text = format!(
            r#"{{"EventID":4103,"Channel":"Microsoft-Windows-PowerShell/Operational","Payload":{}}}"#,
            quoted(own)
        );
        assert_eq!(one(&text).all("Payload"), [own]);
    }
}

/// Sign-ins as the cmdlets write them: told, and reached by either spelling.
#[test]
fn names_with_capitals_are_the_names_of_the_api() {
    let sign_in = one(
        r#"[{"Id":"a1","CreatedDateTime":"/Date(1772438400000)/","UserPrincipalName":"kai@example.org","UserId":"u","AppDisplayName":"Portal","AppId":"app","IPAddress":"192.0.2.30","ClientAppUsed":"Browser","ConditionalAccessStatus":"notApplied","Status":{"ErrorCode":50126,"FailureReason":"Invalid"},"DeviceDetail":{"TrustType":""},"AuthenticationProtocol":"deviceCode"}]"#,
    );
    assert_eq!(
        (sign_in.kind.as_str(), sign_in.time.as_deref()),
        ("azure/signinlogs", Some("2026-03-02T08:00:00Z"))
    );
    for (name, value) in [
        ("status.errorCode", "50126"),
        ("Status.ErrorCode", "50126"),
        ("status", r#"{"ErrorCode":50126,"FailureReason":"Invalid"}"#),
        ("userPrincipalName", "kai@example.org"),
        ("UserPrincipalName", "kai@example.org"),
        ("ipAddress", "192.0.2.30"),
        ("deviceDetail.trustType", ""),
        ("result", "Failure"),
        ("properties.message", "Device Code"),
        ("id", "a1"),
    ] {
        assert_eq!(sign_in.all(name), [value], "{name}");
    }
    let audit = one(
        r#"{"Id":"a","Category":"ApplicationManagement","Result":"success","ActivityDisplayName":"Consent to application","ActivityDateTime":"2026-03-02T08:00:01Z","LoggedByService":"Core Directory","InitiatedBy":{"User":{"UserPrincipalName":"kai@example.org"}},"TargetResources":[{"DisplayName":"App","ModifiedProperties":[{"DisplayName":"ConsentContext.IsAdminConsent","NewValue":"\"False\""}]}]}"#,
    );
    assert_eq!(
        (audit.kind.as_str(), audit.time.as_deref()),
        ("azure/auditlogs", Some("2026-03-02T08:00:01Z"))
    );
    for (name, value) in [
        ("initiatedBy.user.userPrincipalName", "kai@example.org"),
        ("InitiatedBy.User.UserPrincipalName", "kai@example.org"),
        ("targetResources.displayName", "App"),
        ("activityDisplayName", "Consent to application"),
        ("ConsentContext.IsAdminConsent", "False"),
    ] {
        assert_eq!(audit.all(name), [value], "{name}");
    }
    let activity = one(
        r#"{"EventTimestamp":"2026-03-02T08:00:01Z","OperationName":{"Value":"A/WRITE","LocalizedValue":"w"},"Category":{"Value":"Administrative"},"ResourceId":"/S/1","EventDataId":"e","Caller":"kai@example.org"}"#,
    );
    assert_eq!(
        (activity.kind.as_str(), activity.time.as_deref()),
        ("azure/activitylogs", Some("2026-03-02T08:00:01Z"))
    );
    assert_eq!((activity.get("operationName.value"), activity.get("caller")), ("A/WRITE", "kai@example.org"));
    let risk = one(
        r#"{"Id":"a","RiskEventType":"unfamiliarFeatures","RiskLevel":"high","ActivityDateTime":"2026-03-02T08:00:01Z"}"#,
    );
    assert_eq!((risk.kind.as_str(), risk.get("riskLevel")), ("azure/riskdetection", "high"));
    // A row of Log Analytics has the names that its table gives.
    let row = one(
        r#"{"TimeGenerated":"2026-03-02T08:00:01Z","ResultType":"0","AppDisplayName":"P","Type":"SigninLogs"}"#,
    );
    assert_eq!((row.get("ResultType"), row.get("resultType")), ("0", ""));
}

#[test]
fn a_search_of_the_unified_audit_log_gives_the_events_in_it() {
    let data = r#"{"CreationTime":"2026-03-02T08:00:01","Id":"b","Operation":"UserLoggedIn","RecordType":15,"Workload":"AzureActiveDirectory","UserId":"kai@example.org"}"#;
    for text in [
        format!(
            r#"{{"RecordType":"AzureActiveDirectoryStsLogon","CreationDate":"\/Date(1772438500000)\/","UserIds":"kai@example.org","Operations":"UserLoggedIn","AuditData":{}}}"#,
            quoted(data)
        ),
        format!(
            r#"{{"CreationDate":"2026-03-02T09:00:00Z","UserIds":"kai@example.org","Operations":"UserLoggedIn","AuditData":{data}}}"#
        ),
        format!(
            r#"{{"id":"q","createdDateTime":"2026-03-02T09:00:00Z","operation":"UserLoggedIn","auditData":{data}}}"#
        ),
    ] {
        let row = one(&text);
        assert_eq!(
            (row.kind.as_str(), row.time.as_deref()),
            ("m365/audit", Some("2026-03-02T08:00:01Z")),
            "{text}"
        );
        assert_eq!(
            (row.all("Operation"), row.all("RecordType")),
            (vec!["UserLoggedIn"], vec!["15"]),
            "{text}"
        );
    }
}
