//! JSON events of clouds, networks and machines other than Windows: kind, time, and what the
//! reader adds to them.

use crate::support::{Row, read};

fn one(text: &str) -> Row {
    let mut read = read(text.as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new(), "{text}");
    assert_eq!(read.rows.len(), 1, "{text}");
    read.rows.remove(0)
}

/// Text, kind, time (UTC, in 2026), and some values.
type Case = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

fn check(cases: &[Case]) {
    for (text, kind, time, values) in cases {
        let row = one(text);
        let day = if time.is_empty() { String::new() } else { format!("2026-{time}") };
        assert_eq!((row.kind.as_str(), row.time.as_deref().unwrap_or("")), (*kind, day.as_str()), "{text}");
        for (name, value) in *values {
            assert!(row.all(name).contains(value), "{name} of {text}: {:?}", row.all(name));
        }
    }
}

#[test]
fn aws() {
    check(&[
        (
            r#"{"Records":[{"eventVersion":"1.09","eventTime":"2026-03-02T08:00:01Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketVersioning","awsRegion":"eu-north-1","requestParameters":{"VersioningConfiguration":{"Status":"Suspended"},"policy":"{\"Effect\": \"Allow\"}"},"userIdentity":{"type":"Root"}}]}"#,
            "aws/cloudtrail",
            "03-02T08:00:01Z",
            &[
                ("userIdentity.type", "Root"),
                ("requestParameters.VersioningConfiguration.Status", "Suspended"),
                (
                    "requestParameters",
                    r#"{"VersioningConfiguration":{"Status":"Suspended"},"policy":"{"Effect": "Allow"}"}"#,
                ),
                ("status", "success"),
            ],
        ),
        // As a collector shipped it.
        (
            r#"{"@timestamp":"2026-03-02T08:00:01.000Z","eventName":"DescribeInstances","eventSource":"ec2.amazonaws.com","userIdentity":{"type":"IAMUser"},"errorCode":"AccessDenied","responseElements":null}"#,
            "aws/cloudtrail",
            "03-02T08:00:01Z",
            &[("status", "failure")],
        ),
        // `aws cloudtrail lookup-events`
        (
            r#"{"Events":[{"EventId":"4b48","EventName":"ConsoleLogin","EventTime":1772438400,"EventSource":"signin.amazonaws.com","Username":"kai","CloudTrailEvent":"{\"eventVersion\":\"1.09\",\"eventTime\":\"2026-03-02T08:00:01Z\",\"eventSource\":\"signin.amazonaws.com\",\"eventName\":\"ConsoleLogin\",\"awsRegion\":\"eu-north-1\",\"responseElements\":{\"ConsoleLogin\":\"Failure\"}}"}]}"#,
            "aws/cloudtrail",
            "03-02T08:00:01Z",
            &[("responseElements.ConsoleLogin", "Failure"), ("Username", "kai")],
        ),
    ]);
}

#[test]
fn entra_audit_logs() {
    let changes = r#"[{"displayName":"ConsentContext.IsAdminConsent","newValue":"\"False\""}]"#;
    check(&[
        // Graph
        (
            r#"{"@odata.context":"x","value":[{"id":"a","category":"ApplicationManagement","result":"success","activityDisplayName":"Consent to application","activityDateTime":"2026-03-02T08:00:01Z","loggedByService":"Core Directory","initiatedBy":{"user":{"userPrincipalName":"kai@example.org"}},"targetResources":[{"displayName":"App","modifiedProperties":[{"displayName":"ConsentContext.IsAdminConsent","oldValue":null,"newValue":"\"False\""}]}]}]}"#,
            "azure/auditlogs",
            "03-02T08:00:01Z",
            &[
                ("initiatedBy.user.userPrincipalName", "kai@example.org"),
                ("initiatedBy", r#"{"user":{"userPrincipalName":"kai@example.org"}}"#),
                ("ConsentContext.IsAdminConsent", "False"),
            ],
        ),
        // Diagnostic settings
        (
            r#"{"records":[{"time":"2026-03-02T08:00:01.25Z","resourceId":"/tenants/1/providers/Microsoft.aadiam","operationName":"Add member to role","category":"AuditLogs","resultSignature":"None","properties":{"category":"RoleManagement","activityDateTime":"2026-03-02T08:00:00Z","result":"success","targetResources":[{"type":"User"},{"displayName":"Helpdesk Administrator","type":"Role"}]}}]}"#,
            "azure/auditlogs",
            "03-02T08:00:01.25Z",
            &[(
                "properties.targetResources",
                r#"[{"type":"User"},{"displayName":"Helpdesk Administrator","type":"Role"}]"#,
            )],
        ),
        // Log Analytics
        (
            r#"{"TimeGenerated":"2026-03-02T08:00:01.983Z","OperationName":"Consent to application","Category":"ApplicationManagement","Id":"Directory_1","LoggedByService":"Core Directory","Result":"success","TargetResources":"[{\"id\":\"1\",\"modifiedProperties\":[{\"displayName\":\"ConsentContext.IsAdminConsent\",\"newValue\":\"\\\"False\\\"\"}]}]","InitiatedBy":"{\"user\":{\"userPrincipalName\":\"kai@example.org\"}}","Type":"AuditLogs"}"#,
            "azure/auditlogs",
            "03-02T08:00:01.983Z",
            &[
                ("TargetResources.modifiedProperties.displayName", "ConsentContext.IsAdminConsent"),
                (
                    "TargetResources.modifiedProperties",
                    r#"[{"displayName":"ConsentContext.IsAdminConsent","newValue":""False""}]"#,
                ),
                ("InitiatedBy.user.userPrincipalName", "kai@example.org"),
                ("ConsentContext.IsAdminConsent", "False"),
            ],
        ),
    ]);
    // The same row without the name of its table, and with what is no JSON in the column.
    let text = format!(
        r#"{{"TimeGenerated":"2026-03-02T08:00:01Z","OperationName":"x","LoggedByService":"Core Directory","TargetResources":{}}}"#,
        serde_text(&format!("{changes} and more"))
    );
    let row = one(&text);
    assert_eq!(row.kind, "azure/auditlogs");
    assert_eq!(row.get("ConsentContext.IsAdminConsent"), "", "what is broken is not opened");
}

fn serde_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[test]
fn entra_sign_ins_and_risks() {
    check(&[
        (
            r#"{"value":[{"id":"a","createdDateTime":"2026-03-02T08:00:01Z","userPrincipalName":"kai@example.org","appDisplayName":"Portal","conditionalAccessStatus":"success","authenticationProtocol":"deviceCode","status":{"errorCode":0,"additionalDetails":"MFA denied"},"location":{"countryOrRegion":"SE"}}]}"#,
            "azure/signinlogs",
            "03-02T08:00:01Z",
            &[
                ("result", "Success"),
                ("properties.message", "Device Code"),
                ("status", r#"{"errorCode":0,"additionalDetails":"MFA denied"}"#),
            ],
        ),
        (
            r#"{"time":"2026-03-02T08:00:01Z","resourceId":"/tenants/1","operationName":"Sign-in activity","category":"NonInteractiveUserSignInLogs","resultType":"50053","callerIpAddress":"198.51.100.7","properties":{"appId":"1","networkLocationDetails":[]}}"#,
            "azure/signinlogs",
            "03-02T08:00:01Z",
            &[("result", "Failure"), ("properties.networkLocationDetails", "[]")],
        ),
        (
            r#"{"TimeGenerated":"2026-03-02T08:00:01Z","ResultType":"0","DeviceDetail":"{\"deviceId\":\"\",\"isCompliant\":false}","Status":"{\"errorCode\":0}","Type":"SigninLogs"}"#,
            "azure/signinlogs",
            "03-02T08:00:01Z",
            &[
                ("result", "Success"),
                ("DeviceDetail.deviceId", ""),
                ("DeviceDetail.isCompliant", "false"),
                ("Status", r#"{"errorCode":0}"#),
            ],
        ),
        (
            r#"{"value":[{"id":"a","riskEventType":"unfamiliarFeatures","riskLevel":"high","activityDateTime":"2026-03-02T08:00:01Z","userPrincipalName":"kai@example.org"}]}"#,
            "azure/riskdetection",
            "03-02T08:00:01Z",
            &[],
        ),
        (
            r#"{"time":"2026-03-02T08:00:01Z","operationName":"User Risk Detection","category":"UserRiskEvents","properties":{"riskEventType":"unlikelyTravel"}}"#,
            "azure/riskdetection",
            "03-02T08:00:01Z",
            &[("properties.riskEventType", "unlikelyTravel")],
        ),
        (
            r##"{"@odata.type":"#microsoft.graph.staleSignInAlertIncident","id":"a","createdDateTime":"2026-03-02T08:00:01Z","roleTemplateId":"1"}"##,
            "azure/pim",
            "03-02T08:00:01Z",
            &[("riskEventType", "staleSignInAlertIncident")],
        ),
    ]);
}

#[test]
fn azure_activity() {
    check(&[
        (
            r#"{"records":[{"time":"2026-03-02T08:00:01Z","resourceId":"/SUBSCRIPTIONS/1","operationName":"MICROSOFT.NETWORK/AZUREFIREWALLS/DELETE","category":"Administrative","resultType":"Success","properties":{"message":"Delete device"}}]}"#,
            "azure/activitylogs",
            "03-02T08:00:01Z",
            &[("properties.message", "Delete device")],
        ),
        (
            r#"[{"authorization":{"action":"a"},"category":{"value":"Administrative","localizedValue":"Administrativ"},"eventTimestamp":"2026-03-02T08:00:01.5Z","operationName":{"value":"Microsoft.Portal/consoles/write","localizedValue":"x"},"resourceId":"/subscriptions/1"}]"#,
            "azure/activitylogs",
            "03-02T08:00:01.5Z",
            &[("operationName.value", "Microsoft.Portal/consoles/write")],
        ),
        (
            r#"{"TimeGenerated":"2026-03-02T08:00:01Z","OperationNameValue":"MICROSOFT.PORTAL/CONSOLES/WRITE","CategoryValue":"Administrative"}"#,
            "azure/activitylogs",
            "03-02T08:00:01Z",
            &[],
        ),
    ]);
}

#[test]
fn microsoft_365() {
    check(&[
        // The management API
        (
            r#"{"CreationTime":"2026-03-02T08:00:01","Id":"b7c1","Operation":"New-InboxRule","OrganizationId":"1","RecordType":1,"ResultStatus":"True","UserId":"kai@example.org","Workload":"Exchange","ClientIP":"198.51.100.7:4431","Parameters":[{"Name":"ForwardTo","Value":"x@example.net"}]}"#,
            "m365/exchange",
            "03-02T08:00:01Z",
            &[("Parameters", r#"[{"Name":"ForwardTo","Value":"x@example.net"}]"#), ("status", "success")],
        ),
        // A search of the unified audit log
        (
            r#"{"RecordType":"AzureActiveDirectoryStsLogon","CreationDate":"2026-03-02T08:00:09Z","UserIds":"kai@example.org","Operations":"UserLoggedIn","AuditData":"{\"CreationTime\":\"2026-03-02T08:00:01\",\"Id\":\"b7c1\",\"Operation\":\"UserLoggedIn\",\"RecordType\":15,\"Workload\":\"AzureActiveDirectory\",\"ResultStatus\":\"Success\",\"ExtendedProperties\":[{\"Name\":\"RequestType\",\"Value\":\"Cmsi:Cmsi\"}]}","ResultIndex":1}"#,
            "m365/audit",
            "03-02T08:00:01Z",
            &[
                ("Operation", "UserLoggedIn"),
                ("RequestType", "Cmsi:Cmsi"),
                ("UserIds", "kai@example.org"),
                ("RecordType", "15"),
            ],
        ),
        // An alert; its `Id` and `Source` make it no Windows event.
        (
            r#"{"CreationTime":"2026-03-02T08:00:01","Id":"b7c1","Source":"Office 365 Security & Compliance","Operation":"AlertTriggered","RecordType":40,"ResultStatus":"Succeeded","Workload":"SecurityComplianceCenter","AlertId":"1","Name":"Suspicious inbox forwarding"}"#,
            "m365/threat_management",
            "03-02T08:00:01Z",
            &[("eventName", "Suspicious inbox forwarding"), ("status", "success")],
        ),
        // Log Analytics
        (
            r#"{"TimeGenerated":"2026-03-02T08:00:01Z","Operation":"MailItemsAccessed","RecordType":"50","OfficeWorkload":"Exchange","OperationProperties":"[{\"Name\":\"MailAccessType\",\"Value\":\"Bind\"}]","Type":"OfficeActivity"}"#,
            "m365/exchange",
            "03-02T08:00:01Z",
            &[("OperationProperties.Value", "Bind")],
        ),
        (
            r#"{"Timestamp":"2026-03-02T08:00:01.7724491Z","DeviceId":"1","DeviceName":"ws1.example.org","ActionType":"LdapSearch"}"#,
            "m365/hunting",
            "03-02T08:00:01.7724491Z",
            &[],
        ),
    ]);
}

#[test]
fn zeek() {
    let base = r#""ts":1772438401.25,"uid":"C1","id.orig_h":"192.0.2.1","id.orig_p":5000,"id.resp_h":"192.0.2.2","id.resp_p":80"#;
    for (fields, log) in [
        (r#""_path":"modbus","func":"x""#, "modbus"),
        (r#""conn_state":"SF","orig_bytes":1"#, "conn"),
        (r#""query":"example.net","qtype_name":"A""#, "dns"),
        (r#""trans_depth":1,"method":"GET","uri":"/a","status_code":200"#, "http"),
        (r#""version":"TLSv12","server_name":"example.net","established":true"#, "ssl"),
        (r#""version":2,"auth_attempts":1,"client":"x""#, "ssh"),
        (r#""action":"SMB::FILE_OPEN","path":"\\\\h\\IPC$","name":"svcctl""#, "smb_files"),
        (r#""path":"\\\\h\\IPC$","share_type":"PIPE""#, "smb_mapping"),
        (r#""request_type":"TGS","client":"a","cipher":"rc4-hmac""#, "kerberos"),
        (r#""username":"a","domainname":"D","success":true"#, "ntlm"),
        (r#""endpoint":"svcctl","operation":"CreateServiceW","named_pipe":"135""#, "dce_rpc"),
        (r#""cookie":"a","security_protocol":"HYBRID""#, "rdp"),
        (r#""user":"a","command":"RETR","arg":"x","reply_code":226"#, "ftp"),
        (r#""helo":"a","mailfrom":"b","trans_depth":1"#, "smtp"),
        (r#""note":"Scan::Port_Scan","msg":"x","actions":["Notice::ACTION_LOG"]"#, "notice"),
        (r#""name":"bad_TCP_checksum","notice":false,"peer":"zeek""#, "weird"),
        (r#""something":"new""#, "other"),
    ] {
        let row = one(&format!("{{{base},{fields}}}"));
        assert_eq!(row.kind, format!("zeek/{log}"), "{fields}");
        assert_eq!(row.time.as_deref(), Some("2026-03-02T08:00:01.25Z"));
        assert_eq!(row.get("id.orig_h"), "192.0.2.1");
    }
    check(&[
        (
            r#"{"ts":"2026-03-02T08:00:01.000Z","fuid":"F1","source":"HTTP","seen_bytes":9,"mime_type":"application/x-dosexec"}"#,
            "zeek/files",
            "03-02T08:00:01Z",
            &[],
        ),
        (
            r#"{"ts":1772438401,"id":"F1","certificate.version":3,"certificate.serial":"8BB00EE"}"#,
            "zeek/x509",
            "03-02T08:00:01Z",
            &[],
        ),
        // Nested names, and what a shipper adds.
        (
            r#"{"@timestamp":"2026-03-02T09:00:00Z","ts":1772438401,"uid":"C1","id":{"orig_h":"192.0.2.1"},"method":"GET","host":"example.net","uri":"/a/b.exe?c=d","request_body_len":0}"#,
            "zeek/http",
            "03-02T08:00:01Z",
            &[
                ("c-uri", "http://example.net/a/b.exe?c=d"),
                ("cs-uri-stem", "/a/b.exe"),
                ("cs-uri-query", "c=d"),
                ("c-uri-extension", "exe"),
            ],
        ),
        // As text in the message of a shipper.
        (
            r#"{"@timestamp":"2026-03-02T09:00:00Z","host":{"name":"sensor1"},"message":"{\"_path\":\"conn\",\"ts\":1772438401,\"uid\":\"C1\",\"conn_state\":\"S0\"}"}"#,
            "zeek/conn",
            "03-02T08:00:01Z",
            &[("conn_state", "S0"), ("host.name", "sensor1")],
        ),
    ]);
}

#[test]
fn suricata() {
    check(&[
        (
            r#"{"timestamp":"2026-03-02T17:00:01.123456+0900","flow_id":1,"in_iface":"eth0","event_type":"alert","src_ip":"192.0.2.1","dest_ip":"192.0.2.2","alert":{"signature":"x","action":"allowed"}}"#,
            "suricata/alert",
            "03-02T08:00:01.123456Z",
            &[("alert.signature", "x")],
        ),
        (
            r#"{"timestamp":"2026-03-02T08:00:01.000000+0000","flow_id":1,"event_type":"http","http":{"hostname":"example.net","url":"/a?b","http_method":"GET"}}"#,
            "suricata/http",
            "03-02T08:00:01Z",
            &[("c-uri", "http://example.net/a?b"), ("cs-uri-query", "b")],
        ),
        (
            r#"{"timestamp":"2026-03-02T08:00:01Z","event_type":"stats","stats":{"uptime":7}}"#,
            "suricata/stats",
            "03-02T08:00:01Z",
            &[],
        ),
    ]);
}

#[test]
fn ocsf() {
    check(&[
        (
            r#"{"class_uid":1007,"category_uid":1,"activity_id":1,"time":1772438401250,"metadata":{"version":"1.8.0"},"device":{"hostname":"ws1","os":{"type":"Windows"}},"process":{"cmd_line":"whoami"}}"#,
            "windows/ocsf:1007",
            "03-02T08:00:01.25Z",
            &[("process.cmd_line", "whoami")],
        ),
        (
            r#"{"class_uid":201002,"activity_id":2,"time":1772438401250,"metadata":{"version":"1.8.0","product":{"name":"Windows Sensor"}},"reg_value":{"path":"HKLM\\Software\\Run","name":"a","data":"x.exe"}}"#,
            "windows/ocsf:201002",
            "03-02T08:00:01.25Z",
            &[("TargetObject", "HKLM\\Software\\Run\\a")],
        ),
        (
            r#"{"class_uid":6003,"category_uid":6,"time":1772438401250,"cloud":{"provider":"AWS"},"api":{"operation":"RunInstances"}}"#,
            "aws/ocsf:6003",
            "03-02T08:00:01.25Z",
            &[],
        ),
        (
            r#"{"class_uid":2004,"category_uid":2,"time":1772438401250,"device":{"os":{"type":"ChromeOS"}}}"#,
            "ocsf/ocsf:2004",
            "03-02T08:00:01.25Z",
            &[],
        ),
    ]);
}

#[test]
fn journal() {
    check(&[
        (
            r#"{"__REALTIME_TIMESTAMP":"1772438401250000","__CURSOR":"s=1","_HOSTNAME":"srv1","SYSLOG_IDENTIFIER":"sshd","_PID":"7","MESSAGE":"Accepted publickey for kai"}"#,
            "linux/sshd",
            "03-02T08:00:01.25Z",
            &[("MESSAGE", "Accepted publickey for kai")],
        ),
        (
            r#"{"__REALTIME_TIMESTAMP":"1772438401250000","_HOSTNAME":"srv1","SYSLOG_IDENTIFIER":"sudo","MESSAGE":"     kai : TTY=pts/0 ; PWD=/home/kai ; USER=#-1 ; COMMAND=/bin/id"}"#,
            "linux/sudo",
            "03-02T08:00:01.25Z",
            &[("USER", "#-1"), ("COMMAND", "/bin/id")],
        ),
        (
            r#"{"__REALTIME_TIMESTAMP":"1772438401250000","_HOSTNAME":"srv1","_COMM":"su","MESSAGE":[120,121]}"#,
            "linux/auth",
            "03-02T08:00:01.25Z",
            &[("MESSAGE", "xy")],
        ),
        (
            r#"{"__REALTIME_TIMESTAMP":"1772438401250000","_HOSTNAME":"srv1","SYSLOG_IDENTIFIER":"kernel","MESSAGE":"x"}"#,
            "linux/syslog",
            "03-02T08:00:01.25Z",
            &[],
        ),
    ]);
}

#[test]
fn google_okta_and_others() {
    check(&[
        (
            r#"{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"storage.googleapis.com","methodName":"storage.buckets.list"},"timestamp":"2026-03-02T08:00:01Z","logName":"projects/x"}"#,
            "gcp/gcp.audit",
            "03-02T08:00:01Z",
            &[],
        ),
        (
            r#"{"protoPayload":{"serviceName":"login.googleapis.com","metadata":{"event":[{"eventName":"suspicious_login"}]}},"timestamp":"2026-03-02T08:00:01Z"}"#,
            "gcp/google_workspace.login",
            "03-02T08:00:01Z",
            &[("protoPayload.metadata.event.eventName", "suspicious_login")],
        ),
        (
            r#"{"kind":"admin#reports#activity","id":{"time":"2026-03-02T08:00:01.000Z","applicationName":"admin"},"events":[{"name":"CHANGE_APPLICATION_SETTING","parameters":[{"name":"new_value","value":"false"}]}]}"#,
            "gcp/google_workspace.admin",
            "03-02T08:00:01Z",
            &[("new_value", "false"), ("eventService", "admin.googleapis.com")],
        ),
        (
            r#"{"actor":{"id":"1","alternateId":"kai@example.org"},"eventType":"user.session.start","outcome":{"result":"SUCCESS"},"published":"2026-03-02T08:00:01.000Z","uuid":"1"}"#,
            "okta/okta",
            "03-02T08:00:01Z",
            &[],
        ),
        (
            r#"{"@timestamp":1772438401250,"action":"repo.destroy","actor":"kai","org":"o","_document_id":"x"}"#,
            "github/audit",
            "03-02T08:00:01.25Z",
            &[],
        ),
        (
            r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"ResponseComplete","verb":"create","objectRef":{"resource":"pods","subresource":"exec"},"requestReceivedTimestamp":"2026-03-02T08:00:01.000000Z"}"#,
            "kubernetes/audit",
            "03-02T08:00:01Z",
            &[("objectRef.subresource", "exec")],
        ),
        (
            r#"{"timestamp":"2026-03-02T08:00:01Z","auditType":{"action":"SSH settings changed","category":"Global administration"}}"#,
            "bitbucket/audit",
            "03-02T08:00:01Z",
            &[],
        ),
        (
            r#"{"access_device":{"ip":"192.0.2.1"},"event_type":"authentication","factor":"x","reason":"bypass_user","isotimestamp":"2026-03-02T08:00:01+00:00"}"#,
            "cisco/duo",
            "03-02T08:00:01Z",
            &[],
        ),
        (
            r#"{"id":1,"event_type_id":3,"account_id":4,"created_at":"2026-03-02T08:00:01.000Z"}"#,
            "onelogin/onelogin.events",
            "03-02T08:00:01Z",
            &[],
        ),
        (
            r#"{"dst_host":"192.0.2.1","dst_port":21,"local_time":"2026-03-02 08:00:01.250000","logtype":2000,"node_id":"c1"}"#,
            "opencanary/opencanary",
            "03-02T08:00:01.25Z",
            &[],
        ),
    ]);
}

#[test]
fn what_is_no_event_of_a_known_system_stays_untold() {
    for text in [
        "{}",
        r#"{"eventName":"x","eventSource":"y"}"#,
        r#"{"ts":1772438401,"conn_state":"SF"}"#,
        r#"{"event_type":"login","user":"a"}"#,
        r#"{"class_uid":"many","category_uid":1}"#,
        r#"{"action":"Add thing","actor":"kai"}"#,
        r#"{"message":"{\"a\":1}","level":"info"}"#,
        r#"{"Operation":"x","Workload":"y"}"#,
        r#"{"category":"AuditLogs"}"#,
        r#"{"kind":"Event","apiVersion":"v1"}"#,
    ] {
        let row = one(text);
        assert_eq!(row.kind, "/", "{text}");
    }
    let row = one(r#"{"message":"{\"a\":1}","level":"info"}"#);
    assert_eq!((row.get("message"), row.get("a")), (r#"{"a":1}"#, ""));
    let cut = read(br#"{"UserIds":"kai","AuditData":"{\"CreationTime\":"}"#);
    assert_eq!(cut.rows[0].get("AuditData"), r#"{"CreationTime":"#, "a cut text stays what it was");
    assert_eq!(cut.flaws[0].reason.code, "text-no-object", "and is told");
}

/// Values of the wrong sort in every place that is looked at.
#[test]
fn odd_values_do_no_harm() {
    let odd = [
        "null",
        "true",
        "-1",
        "1e99",
        "\"\"",
        "\"\\u0000{\"",
        "[]",
        "[null]",
        "{}",
        "[{\"a\":[{}]}]",
        "[[[1]]]",
    ];
    let events = [
        r#"{"eventSource":@,"eventName":@,"awsRegion":@,"eventTime":@,"requestParameters":@}"#,
        r#"{"Type":"AuditLogs","TargetResources":@,"InitiatedBy":"[@","Status":@,"TimeGenerated":@}"#,
        r#"{"category":"SignInLogs","operationName":@,"time":@,"properties":{"status":@}}"#,
        r#"{"AuditData":@,"CreationDate":@}"#,
        r#"{"AuditData":"{\"Operation\":1,\"Workload\":[]}","CreationDate":@}"#,
        r#"{"Operation":@,"Workload":@,"RecordType":@,"Parameters":@,"ExtendedProperties":[{"Name":@,"Value":@}]}"#,
        r#"{"ts":@,"_path":@,"uid":@,"host":@,"uri":@}"#,
        r#"{"ts":1,"_path":"http","host":@,"uri":"?.?./."}"#,
        r#"{"event_type":@,"flow_id":@,"timestamp":@,"http":@}"#,
        r#"{"class_uid":@,"category_uid":@,"time":@,"device":{"os":@}}"#,
        r#"{"class_uid":201001,"category_uid":1,"reg_value":{"path":@,"name":@}}"#,
        r#"{"__REALTIME_TIMESTAMP":@,"MESSAGE":@,"SYSLOG_IDENTIFIER":@,"_PID":@}"#,
        r#"{"kind":"admin#reports#activity","id":{"applicationName":@},"events":@}"#,
        r#"{"message":@,"ts":@}"#,
    ];
    for event in events {
        for value in odd {
            let text = event.replace('@', value);
            assert!(read(text.as_bytes()).rows.len() <= 1, "{text}");
        }
    }
}
