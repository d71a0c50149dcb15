//! Rules for clouds, networks and OCSF on events as people export them: one rule, every form.

use std::io::Cursor;

use detect::{Engine, Scratch};
use sources::{Builder, Input, Limits, Piece, Reader, Sheet, parse};

use crate::events::{catalogue, rules};

fn sheets(text: &str) -> Vec<Sheet> {
    let mut builder = Builder::new(catalogue());
    let input = Input::Seekable(Box::new(Cursor::new(text.to_owned())));
    for piece in Reader::open("events.json", input, &Limits::default()) {
        match piece {
            Piece::Segment(segment) => assert_eq!(parse(&segment, &mut builder).flaws, []),
            Piece::Flaw(flaw) => panic!("{flaw:?}"),
            Piece::Idle => {}
        }
    }
    builder.finish().expect("columns are well formed")
}

fn engine(source: &str, selection: &str) -> Engine {
    let text = format!(
        "title: t\nlogsource: {{{source}}}\ndetection:\n  selection: {{{selection}}}\n  condition: selection\n"
    );
    Engine::new(rules(&text), catalogue())
}

/// Number of verdicts; both scans must agree.
fn verdicts(engine: &Engine, text: &str) -> usize {
    let mut found = 0;
    for sheet in sheets(text) {
        let hits = engine.hits(&sheet, &mut Scratch::default());
        assert_eq!(hits, engine.scan_linear(&sheet), "{text}");
        found += hits.expect("columns are those of a sheet").len();
    }
    found
}

/// Log source, selection, events that fire, events that do not.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

fn check(cases: &[Case]) {
    for (source, selection, fire, silent) in cases {
        let engine = engine(source, selection);
        for (events, expected) in [(fire, 1), (silent, 0)] {
            for text in *events {
                assert_eq!(verdicts(&engine, text), expected, "{source} / {selection}: {text}");
            }
        }
    }
}

#[test]
fn entra_in_every_export_form() {
    const ROLE: [&str; 3] = [
        r#"{"value":[{"activityDisplayName":"Add member to role","loggedByService":"Core Directory","category":"RoleManagement","result":"success","targetResources":[{"displayName":"Global Administrator","type":"Role","modifiedProperties":[{"displayName":"Role.DisplayName","newValue":"\"x\""}]}]}]}"#,
        r#"{"records":[{"time":"2026-03-02T08:00:01Z","operationName":"Add member to role","category":"AuditLogs","properties":{"loggedByService":"Core Directory","category":"RoleManagement","result":"success","targetResources":[{"displayName":"Global Administrator","type":"Role","modifiedProperties":[{"displayName":"Role.DisplayName","newValue":"\"x\""}]}]}}]}"#,
        r#"{"OperationName":"Add member to role","LoggedByService":"Core Directory","Category":"RoleManagement","Result":"success","TargetResources":"[{\"displayName\":\"Global Administrator\",\"type\":\"Role\",\"modifiedProperties\":[{\"displayName\":\"Role.DisplayName\",\"newValue\":\"\\\"x\\\"\"}]}]","Type":"AuditLogs"}"#,
    ];
    const SIGN_IN: [&str; 3] = [
        r#"{"value":[{"userPrincipalName":"kai@example.org","appId":"1","conditionalAccessStatus":"success","authenticationRequirement":"singleFactorAuthentication","status":{"errorCode":0},"location":{"countryOrRegion":"SE"},"deviceDetail":{"deviceId":"","isCompliant":false}}]}"#,
        r#"{"category":"SignInLogs","operationName":"Sign-in activity","resultType":0,"location":"SE","properties":{"appId":"1","authenticationRequirement":"singleFactorAuthentication","deviceDetail":{"deviceId":"","isCompliant":false}}}"#,
        r#"{"Type":"SigninLogs","ResultType":"0","AppId":"1","AuthenticationRequirement":"singleFactorAuthentication","Location":"SE","DeviceDetail":"{\"deviceId\":\"\",\"isCompliant\":false}"}"#,
    ];
    let audit = "product: azure, service: auditlogs";
    let sign_in = "product: azure, service: signinlogs";
    check(&[
        (audit, "properties.message: Add member to role", &ROLE, &SIGN_IN),
        (audit, "OperationName: Add member to role, LoggedByService: core directory", &ROLE, &[]),
        (audit, "operationName: Add member to role, properties.result: success", &ROLE, &[]),
        (audit, "Category: RoleManagement, Status: Success", &ROLE, &[]),
        (audit, "properties.targetResources|contains: Administrator", &ROLE, &[]),
        (audit, "TargetResources|contains: Administrator, targetResources.type: Role", &ROLE, &[]),
        (audit, "TargetResources.ModifiedProperties.DisplayName: Role.DisplayName", &ROLE, &[]),
        (audit, "TargetResources.modifiedProperties|contains: DisplayName", &ROLE, &[]),
        (audit, "Category: Policy", &[], &ROLE),
        (sign_in, "ResultType: 0, AuthenticationRequirement: singleFactorAuthentication", &SIGN_IN, &ROLE),
        (sign_in, "resultType: 0, properties.appId: 1, location|contains: SE", &SIGN_IN, &[]),
        (sign_in, "Status: Success, DeviceDetail.isCompliant: 'false'", &SIGN_IN, &[]),
        (sign_in, "DeviceDetail.deviceId: ''", &SIGN_IN, &[]),
        (sign_in, "ResultType: 50053", &[], &SIGN_IN),
    ]);
}

#[test]
fn other_clouds() {
    const RULE: [&str; 2] = [
        r#"{"CreationTime":"2026-03-02T08:00:01","Operation":"New-InboxRule","RecordType":1,"Workload":"Exchange","ResultStatus":"True","Parameters":[{"Name":"ForwardTo","Value":"x@example.net"}]}"#,
        r#"{"Operations":"New-InboxRule","AuditData":"{\"Operation\":\"New-InboxRule\",\"RecordType\":1,\"Workload\":\"Exchange\",\"ResultStatus\":\"True\",\"Parameters\":[{\"Name\":\"ForwardTo\",\"Value\":\"x@example.net\"}]}"}"#,
    ];
    const ALERT: &str = r#"{"Operation":"AlertTriggered","RecordType":40,"ResultStatus":"Succeeded","Workload":"SecurityComplianceCenter","AlertId":"1","Name":"Impossible travel activity"}"#;
    const TRAIL: &str = r#"{"eventVersion":"1.09","eventSource":"s3.amazonaws.com","eventName":"PutBucketVersioning","awsRegion":"x","sourceIPAddress":"198.51.100.7","requestParameters":{"VersioningConfiguration":{"Status":"Suspended"}}}"#;
    const POD: &str = r#"{"kind":"Event","auditID":"1","verb":"create","objectRef":{"resource":"pods","apiGroup":"apps"},"requestObject":{"spec":{"volumes":[{"hostPath":{"path":"/"}}]}}}"#;
    const ADMIN: &str = r#"{"protoPayload":{"serviceName":"admin.googleapis.com","metadata":{"event":[{"eventName":"REMOVE_PRIVILEGE"}]}}}"#;
    const BUCKET: &str = r#"{"protoPayload":{"serviceName":"storage.googleapis.com","methodName":"storage.buckets.list","authorizationInfo":[{"permission":"a.b","granted":true}]}}"#;
    check(&[
        (
            "product: m365, service: audit",
            "Operation: New-InboxRule, Parameters|contains: ForwardTo",
            &RULE,
            &[ALERT],
        ),
        (
            "product: m365, service: exchange",
            "eventSource: Exchange, eventName: New-InboxRule, status: success",
            &RULE,
            &[ALERT],
        ),
        (
            "product: m365, service: threat_management",
            "eventSource: SecurityComplianceCenter, eventName: Impossible travel activity, status: success",
            &[ALERT],
            &RULE,
        ),
        (
            "product: m365, service: threat_detection",
            "eventSource: SecurityComplianceCenter",
            &[ALERT],
            &RULE,
        ),
        (
            "product: aws, service: cloudtrail",
            "requestParameters|contains: Suspended, src_ip: 198.51.100.7, status: success",
            &[TRAIL],
            &[],
        ),
        (
            "product: kubernetes, category: application, service: audit",
            "verb: create, apiGroup: apps, hostPath: '*'",
            &[POD],
            &[],
        ),
        ("product: kubernetes, service: audit", "objectRef.resource: pods, capabilities: '*'", &[], &[POD]),
        (
            "product: gcp, service: google_workspace.admin",
            "eventService: admin.googleapis.com, eventName: REMOVE_PRIVILEGE",
            &[ADMIN],
            &[BUCKET],
        ),
        (
            "product: gcp, service: gcp.audit",
            "gcp.audit.method_name: storage.buckets.list, data.protoPayload.authorizationInfo.granted: 'true'",
            &[BUCKET],
            &[ADMIN],
        ),
    ]);
}

#[test]
fn network_sensors_by_the_names_of_categories() {
    const LOOKUPS: [&str; 3] = [
        r#"{"_path":"dns","ts":1772438401,"id.orig_h":"192.0.2.1","query":"a.example.net","qtype_name":"TXT","answers":["TXT 3 iex"]}"#,
        r#"{"event_type":"dns","flow_id":1,"src_ip":"192.0.2.1","dns":{"rrname":"a.example.net","rrtype":"TXT","answers":[{"rdata":"iex"}]}}"#,
        r#"{"class_uid":4003,"category_uid":4,"src_endpoint":{"ip":"192.0.2.1"},"query":{"hostname":"a.example.net","type":"TXT"},"answers":[{"rdata":"iex"}]}"#,
    ];
    const REQUESTS: [&str; 3] = [
        r#"{"_path":"http","ts":1772438401,"id.resp_h":"192.0.2.2","method":"GET","host":"www.example.net","uri":"/a/b.exe?c=d","user_agent":"x/1","status_code":200}"#,
        r#"{"event_type":"http","flow_id":1,"dest_ip":"192.0.2.2","http":{"http_method":"GET","hostname":"www.example.net","url":"/a/b.exe?c=d","http_user_agent":"x/1","status":200}}"#,
        r#"{"class_uid":4002,"category_uid":4,"dst_endpoint":{"ip":"192.0.2.2"},"http_request":{"http_method":"GET","user_agent":"x/1","url":{"hostname":"www.example.net","path":"/a/b.exe","query_string":"c=d","url_string":"http://www.example.net/a/b.exe?c=d"}},"http_response":{"code":200}}"#,
    ];
    const FLOWS: [&str; 3] = [
        r#"{"_path":"conn","ts":1772438401,"id_orig_h":"192.0.2.1","id_resp_h":"203.0.113.9","id_resp_p":23}"#,
        r#"{"event_type":"flow","flow_id":1,"src_ip":"192.0.2.1","dest_ip":"203.0.113.9","dest_port":23}"#,
        r#"{"class_uid":4001,"category_uid":4,"activity_id":6,"src_endpoint":{"ip":"192.0.2.1"},"dst_endpoint":{"ip":"203.0.113.9","port":23}}"#,
    ];
    check(&[
        (
            "category: dns",
            "query|endswith: .example.net, record_type: TXT, answer|contains: iex",
            &LOOKUPS,
            &REQUESTS,
        ),
        ("category: dns", "query: b.example.net", &[], &LOOKUPS),
        (
            "category: proxy",
            "c-uri|contains: example.net/a/b.exe, cs-method: GET, sc-status: 200",
            &REQUESTS,
            &LOOKUPS,
        ),
        (
            "category: proxy",
            "cs-host|endswith: example.net, c-useragent: x/1, c-uri|endswith: '?c=d'",
            &REQUESTS,
            &[],
        ),
        ("category: proxy", "dst_ip: 192.0.2.2, r-dns: www.example.net", &REQUESTS, &[]),
        (
            "category: webserver",
            "cs-uri-query|startswith: c=, cs-uri-stem|endswith: .exe, cs-user-agent: x/1",
            &REQUESTS,
            &[],
        ),
        ("category: firewall", "dst_ip: 203.0.113.9, dst_port: 23, src_ip: 192.0.2.1", &FLOWS, &REQUESTS),
        ("category: firewall", "dst_port: 23, action: accept", &[], &FLOWS),
        (
            "product: zeek, service: http",
            "uri|contains: b.exe, c-uri|contains: www.example.net",
            &[REQUESTS[0]],
            &[REQUESTS[1]],
        ),
    ]);
}

#[test]
fn ocsf_by_its_own_names_and_by_those_of_sigma() {
    const START: &str = r#"{"class_uid":1007,"category_uid":1,"activity_id":1,"metadata":{"version":"1.8.0"},"device":{"hostname":"ws1","os":{"type":"Windows"}},"actor":{"process":{"file":{"path":"C:\\Windows\\explorer.exe"}}},"process":{"cmd_line":"whoami /all","file":{"path":"C:\\Windows\\System32\\whoami.exe","hashes":[{"algorithm":"SHA-256","algorithm_id":3,"value":"ab"}]},"user":{"name":"kai"}}}"#;
    const END: &str = r#"{"class_uid":1007,"category_uid":1,"activity_id":2,"device":{"os":{"type":"Windows"}},"process":{"cmd_line":"whoami /all","file":{"path":"C:\\Windows\\System32\\whoami.exe"}}}"#;
    const MAC: &str = r#"{"class_uid":1007,"category_uid":1,"activity_id":1,"device":{"os":{"type":"macOS"}},"process":{"cmd_line":"whoami /all"}}"#;
    const CREATED: &str = r#"{"class_uid":1001,"category_uid":1,"activity_id":1,"device":{"os":{"name":"Windows 11"}},"actor":{"process":{"file":{"path":"C:\\a.exe"}}},"file":{"path":"C:\\b.dll"}}"#;
    const OPENED: &str = r#"{"class_uid":4001,"category_uid":4,"activity_id":1,"device":{"os":{"type":"windows"}},"connection_info":{"direction_id":2},"dst_endpoint":{"ip":"203.0.113.9","port":443},"actor":{"process":{"file":{"path":"C:\\a.exe"}}}}"#;
    const VALUE: &str = r#"{"class_uid":201002,"category_uid":1,"activity_id":2,"device":{"os":{"type":"Windows"}},"reg_value":{"path":"HKLM\\Run","name":"a","data":"x.exe"}}"#;
    let start = "product: windows, category: process_creation";
    check(&[
        (
            start,
            "Image|endswith: whoami.exe, CommandLine|contains: /all, ParentImage|endswith: explorer.exe",
            &[START],
            &[END, MAC],
        ),
        (
            start,
            "process.cmd_line|contains: whoami, User: kai, Hashes|contains: SHA256=AB",
            &[START],
            &[END, CREATED],
        ),
        ("product: macos, category: process_creation", "CommandLine|contains: whoami", &[MAC], &[START]),
        ("product: windows, category: process_termination", "Image|endswith: whoami.exe", &[END], &[START]),
        (
            "product: windows, category: file_event",
            "TargetFilename|endswith: .dll, Image: 'C:\\a.exe'",
            &[CREATED],
            &[START],
        ),
        (
            "product: windows, category: network_connection",
            "DestinationIp: 203.0.113.9, DestinationPort: 443, Initiated: 'true', Image: 'C:\\a.exe'",
            &[OPENED],
            &[],
        ),
        (
            "product: windows, category: registry_set",
            "TargetObject: 'HKLM\\Run\\a', Details: x.exe",
            &[VALUE],
            &[],
        ),
        ("product: windows, service: security", "process.cmd_line|contains: whoami", &[], &[START, END]),
    ]);
    let engine = engine(start, "User: kai");
    let sheet = sheets(START).remove(0);
    let verdicts =
        engine.scan(&sheet, &mut Scratch::default()).expect("columns are those of a sheet").verdicts;
    assert_eq!(verdicts[0].host.as_deref(), Some("ws1"));
}

#[test]
fn a_sensor_is_the_host_where_it_is_named() {
    let engine = engine("product: zeek", "id.orig_h: 192.0.2.1");
    for (text, host) in [
        (
            r#"{"_path":"http","_system_name":"s1","ts":1,"id.orig_h":"192.0.2.1","host":"www.example.net"}"#,
            Some("s1"),
        ),
        (r#"{"_path":"http","ts":1,"id.orig_h":"192.0.2.1","host":"www.example.net"}"#, None),
    ] {
        let found = engine.scan(&sheets(text)[0], &mut Scratch::default());
        let verdicts = found.expect("columns are those of a sheet").verdicts;
        assert_eq!(verdicts[0].host.as_deref(), host);
    }
}
