//! Events inside other objects: the event is the same whatever it is wrapped in.

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

/// Bare events of many systems.
const EVENTS: [&str; 12] = [
    r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"k-1","stage":"ResponseComplete","verb":"create","user":{"username":"kai","groups":["harbour","system:authenticated"]},"sourceIPs":["192.0.2.30"],"objectRef":{"resource":"pods","subresource":"exec"},"requestReceivedTimestamp":"2026-03-02T08:00:01.000000Z","stageTimestamp":"2026-03-02T08:00:01.100000Z"}"#,
    r#"{"eventVersion":"1.09","userIdentity":{"type":"Root"},"eventTime":"2026-03-02T08:00:01Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketVersioning","awsRegion":"eu-north-1","requestParameters":{"policy":"{\"Effect\": \"Allow\"}"}}"#,
    r#"{"id":"a","createdDateTime":"2026-03-02T08:00:01Z","userPrincipalName":"kai@example.org","appDisplayName":"Portal","conditionalAccessStatus":"success","status":{"errorCode":50126},"location":{"countryOrRegion":"SE"}}"#,
    r#"{"time":"2026-03-02T08:00:01Z","resourceId":"/tenants/1","operationName":"Add member to role","category":"AuditLogs","properties":{"result":"success","targetResources":[{"type":"User"},{"displayName":"Helpdesk"}]}}"#,
    r#"{"CreationTime":"2026-03-02T08:00:01","Id":"b7c1","Operation":"New-InboxRule","OrganizationId":"1","RecordType":1,"ResultStatus":"True","UserId":"kai@example.org","Workload":"Exchange","Parameters":[{"Name":"ForwardTo","Value":"x@example.net"}]}"#,
    r#"{"protoPayload":{"serviceName":"storage.googleapis.com","methodName":"storage.buckets.list"},"timestamp":"2026-03-02T08:00:01Z","logName":"projects/x"}"#,
    r#"{"actor":{"id":"1","alternateId":"kai@example.org"},"eventType":"user.session.start","outcome":{"result":"SUCCESS"},"published":"2026-03-02T08:00:01.000Z","uuid":"1"}"#,
    r#"{"@timestamp":1772438401250,"action":"repo.destroy","actor":"kai","org":"o","_document_id":"x"}"#,
    r#"{"_path":"conn","ts":1772438401.25,"uid":"C1","id.orig_h":"192.0.2.1","conn_state":"SF"}"#,
    r#"{"timestamp":"2026-03-02T08:00:01.123456+0000","flow_id":1,"event_type":"alert","src_ip":"192.0.2.1","alert":{"signature":"x"}}"#,
    r#"{"Event":{"System":{"Provider":{"@Name":"P"},"EventID":4720,"Channel":"Security","Computer":"h","TimeCreated":{"@SystemTime":"2026-03-02T08:00:01Z"},"EventRecordID":7},"EventData":{"TargetUserName":"lantern"}}}"#,
    r#"{"@timestamp":"2026-03-02T08:00:01Z","winlog":{"channel":"Security","event_id":4720,"provider_name":"P","event_data":{"TargetUserName":"lantern"}}}"#,
];

/// The wrapped event must have all that the bare one has.
fn check(bare: &Row, text: &str) -> Row {
    let row = one(text);
    assert_eq!((&row.kind, &row.time, row.record_id), (&bare.kind, &bare.time, bare.record_id), "{text}");
    for (name, values) in &bare.records[0] {
        assert_eq!(row.records[0].get(name), Some(values), "{name} in {text}");
    }
    row
}

#[test]
fn an_event_as_text_is_the_event() {
    for event in EVENTS {
        let bare = one(event);
        let text = quoted(event);
        let line = quoted(&format!("{event}\n"));
        let docker = format!(r#"{{"log":{line},"stream":"stdout","time":"2027-01-01T00:00:00.1Z"}}"#);
        for (name, value) in [("stream", "stdout"), ("time", "2027-01-01T00:00:00.1Z")] {
            let row = check(&bare, &docker);
            let own = bare.records[0].contains_key(name);
            assert_eq!(row.get(&if own { format!("wrapper.{name}") } else { name.to_owned() }), value);
        }
        let cri = format!("2027-01-01T00:00:00.1Z stdout F {event}");
        assert_eq!(check(&bare, &cri).get("stream"), "stdout");
        for wrapped in [
            // Fluent Bit, Fluentd, Vector, Logstash
            format!(r#"{{"date":1800000000.5,"log":{text},"kubernetes":{{"pod_name":"p"}}}}"#),
            format!(r#"{{"@timestamp":"2027-01-01T00:00:00Z","host":{{"name":"h9"}},"message":{text}}}"#),
            format!(r#"{{"source_type":"file","file":"/var/log/x","message":{text}}}"#),
            format!(r#"{{"message":{},"stream":"stderr"}}"#, quoted(&cri)),
            // Beats with the original kept, Splunk, Kafka, Google's text payload
            format!(r#"{{"@timestamp":"2027-01-01T00:00:00Z","event":{{"original":{text},"dataset":"d"}}}}"#),
            format!(r#"{{"preview":false,"result":{{"_raw":{text},"sourcetype":"s"}}}}"#),
            format!(r#"{{"topic":"t","partition":0,"value":{text}}}"#),
            format!(r#"{{"textPayload":{text},"insertId":"i"}}"#),
            // CloudWatch
            format!(
                r#"{{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{{"id":"1","timestamp":1800000000000,"message":{text}}}]}}"#
            ),
            // In an index, and twice
            format!(r#"{{"_index":"i","_source":{{"@timestamp":"2027-01-01T00:00:00Z","message":{text}}}}}"#),
            format!(r#"{{"agent":"a","message":{}}}"#, quoted(&docker)),
            // An array of one event, or an envelope, as text
            format!(r#"{{"message":{}}}"#, quoted(&format!("[{event}]"))),
            format!(r#"{{"body":{}}}"#, quoted(&format!(r#"{{"Records":[{event}]}}"#))),
        ] {
            check(&bare, &wrapped);
        }
    }
}

#[test]
fn an_event_below_a_prefix_is_the_event() {
    for event in EVENTS {
        let bare = one(event);
        let members = &event[1..event.len() - 1];
        for wrapped in [
            format!(
                r#"{{"@timestamp":"2027-01-01T00:00:00Z","kubernetes":{{"audit":{event}}},"agent":{{"name":"a"}}}}"#
            ),
            format!(
                r#"{{"_index":"i","_source":{{"@timestamp":"2027-01-01T00:00:00Z","kubernetes":{{"audit":{event}}}}}}}"#
            ),
            format!(r#"{{"o365":{{"audit":{event}}},"event":{{"dataset":"o365.audit"}}}}"#),
            format!(r#"{{"json":{event},"log":{{"offset":7}}}}"#),
            format!(r#"{{"time":"2027-01-01T00:00:00Z","detail-type":"t","detail":{event}}}"#),
            format!(r#"{{"log_processed":{event},"stream":"stdout"}}"#),
            format!(r#"{{"time":1800000000,"sourcetype":"s","event":{event}}}"#),
            format!(r#"{{"a":{{"b":{{"c":{{{members}}}}}}}}}"#),
            format!(r#"{{"body":{{"Records":[{event}]}},"messageId":"m"}}"#),
            // Below a prefix inside a text
            format!(r#"{{"message":{}}}"#, quoted(&format!(r#"{{"json":{event}}}"#))),
        ] {
            check(&bare, &wrapped);
        }
    }
    let bare = one(EVENTS[0]);
    let dotted = r#"{"@timestamp":"2027-01-01T00:00:00Z","kubernetes.audit.kind":"Event","kubernetes.audit.apiVersion":"audit.k8s.io/v1","kubernetes.audit.level":"Metadata","kubernetes.audit.auditID":"k-1","kubernetes.audit.stage":"ResponseComplete","kubernetes.audit.verb":"create","kubernetes.audit.user.username":"kai","kubernetes.audit.user.groups":["harbour","system:authenticated"],"kubernetes.audit.sourceIPs":["192.0.2.30"],"kubernetes.audit.objectRef.resource":"pods","kubernetes.audit.objectRef.subresource":"exec","kubernetes.audit.requestReceivedTimestamp":"2026-03-02T08:00:01.000000Z","kubernetes.audit.stageTimestamp":"2026-03-02T08:00:01.100000Z","level":"info"}"#;
    let row = check(&bare, dotted);
    assert_eq!((row.all("level"), row.get("wrapper.level")), (vec!["Metadata"], "info"));
}

#[test]
fn several_events_in_one_object_are_several_rows() {
    let event = |verb: &str| format!(r#"{{"auditID":"{verb}","verb":"{verb}"}}"#);
    let list = format!("[{},{},{}]", event("get"), r#"{"other":1}"#, event("list"));
    let wrapped = format!(
        "{{\"host\":\"h\",\"message\":{}}}\n{{\"agent\":\"a\",\"body\":{{\"items\":{list}}}}}\n{}\n",
        quoted(&list),
        event("watch")
    );
    let read = read(wrapped.as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new());
    let rows: Vec<_> =
        read.rows.iter().map(|row| (row.ordinal, row.line, row.get("verb"), row.get("host"))).collect();
    assert_eq!(
        rows,
        [
            (1, Some(1), "get", "h"),
            (2, Some(1), "", "h"),
            (3, Some(1), "list", "h"),
            (4, Some(2), "get", ""),
            (5, Some(2), "", ""),
            (6, Some(2), "list", ""),
            (7, Some(3), "watch", ""),
        ]
    );
    assert_eq!(read.rows[1].get("other"), "1");
}

/// Where an entry is no object of its own, what was read before must not stand in for it.
#[test]
fn a_journal_entry_below_a_prefix_is_the_entry() {
    let entry = r#"{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1772438401250000","_HOSTNAME":"srv1","_COMM":"su","MESSAGE":[104,105]}"#;
    let text = format!(
        "{{\"message\":{}}}\n{{\"host\":\"h\",\"journal\":{entry}}}\n{{\"host\":\"h\",{}}}\n",
        quoted(r#"{"auditID":"k-1","sourceIPs":[1,2]}"#),
        entry[1..entry.len() - 1].replace(",\"", ",\"journal.").replacen('"', "\"journal.", 1)
    );
    let read = read(text.as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new());
    let kinds: Vec<_> = read.rows.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["kubernetes/audit", "linux/auth", "linux/auth"]);
    for row in &read.rows[1..] {
        assert_eq!((row.get("_HOSTNAME"), row.get("host")), ("srv1", "h"));
    }
    assert_eq!(read.rows[1].all("MESSAGE"), ["hi"]);
    assert_eq!(read.rows[2].all("MESSAGE"), ["104", "105"], "names with dots are kept as they are");
}

/// Elastic's modules call things otherwise and move some into ECS.
#[test]
fn events_of_modules_get_their_own_names_back() {
    for (text, kind, values) in [
        (
            r#"{"@timestamp":"2026-03-02T08:00:01Z","event":{"action":"ConsoleLogin","provider":"signin.amazonaws.com"},"cloud":{"region":"eu-north-1"},"source":{"address":"192.0.2.7"},"aws":{"cloudtrail":{"event_version":"1.08","user_identity":{"type":"Root"},"error_code":"AccessDenied"}}}"#,
            "aws/cloudtrail",
            &[
                ("eventName", "ConsoleLogin"),
                ("eventSource", "signin.amazonaws.com"),
                ("userIdentity.type", "Root"),
                ("sourceIPAddress", "192.0.2.7"),
                ("errorCode", "AccessDenied"),
                ("status", "failure"),
                ("event.action", "ConsoleLogin"),
            ][..],
        ),
        (
            r#"{"@timestamp":"2026-03-02T08:00:01Z","azure.signinlogs.category":"SignInLogs","azure.signinlogs.operation_name":"Sign-in activity","azure.signinlogs.result_type":"50126","azure.signinlogs.properties.app_display_name":"Portal","azure.signinlogs.properties.status.error_code":50126,"source.ip":"192.0.2.7"}"#,
            "azure/signinlogs",
            &[
                ("properties.appDisplayName", "Portal"),
                ("properties.status.errorCode", "50126"),
                ("result", "Failure"),
                ("callerIpAddress", "192.0.2.7"),
            ],
        ),
        (
            r#"{"@timestamp":"2026-03-02T08:00:01Z","azure":{"auditlogs":{"category":"AuditLogs","operation_name":"Add member to role","properties":{"target_resources":{"0":{"display_name":"Helpdesk"}}}}}}"#,
            "azure/auditlogs",
            &[
                ("operationName", "Add member to role"),
                ("properties.targetResources.displayName", "Helpdesk"),
            ],
        ),
        (
            r#"{"@timestamp":"2026-03-02T08:00:01Z","azure":{"resource":{"id":"/S/1"},"activitylogs":{"category":"Administrative","operation_name":"A/WRITE"}}}"#,
            "azure/activitylogs",
            &[("resourceId", "/S/1"), ("operationName", "A/WRITE")],
        ),
        (
            r#"{"@timestamp":"2026-03-02T08:00:01Z","okta":{"event_type":"user.session.start","outcome":{"result":"SUCCESS"},"actor":{"alternate_id":"kai@example.org"}}}"#,
            "okta/okta",
            &[("eventType", "user.session.start"), ("actor.alternateId", "kai@example.org")],
        ),
        (
            r#"{"@timestamp":"2026-03-02T08:00:01Z","gcp":{"audit":{"method_name":"m","service_name":"storage.googleapis.com","authentication_info":{"principal_email":"kai@example.org"}}}}"#,
            "gcp/gcp.audit",
            &[
                ("protoPayload.methodName", "m"),
                ("protoPayload.authenticationInfo.principalEmail", "kai@example.org"),
            ],
        ),
        (
            r#"{"@timestamp":"2026-03-02T08:00:01Z","event":{"action":"repo.destroy"},"user":{"name":"kai"},"github":{"org":"o","repo":"o/r"}}"#,
            "github/audit",
            &[("action", "repo.destroy"), ("actor", "kai"), ("repo", "o/r")],
        ),
        (
            r#"{"@timestamp":"2026-03-02T08:00:01Z","event":{"action":"CHANGE_APPLICATION_SETTING","provider":"admin"},"google_workspace":{"kind":"admin#reports#activity","admin":{"new_value":"false"}}}"#,
            "gcp/google_workspace.admin",
            &[("events.name", "CHANGE_APPLICATION_SETTING"), ("new_value", "false")],
        ),
    ] {
        let row = one(text);
        assert_eq!((row.kind.as_str(), row.time.as_deref()), (kind, Some("2026-03-02T08:00:01Z")), "{text}");
        for (name, value) in values {
            assert_eq!(row.all(name), [*value], "{name} in {text}");
        }
    }
}

#[test]
fn the_wrapper_dates_what_has_no_time_of_its_own() {
    let event = r#"{"auditID":"k-1","verb":"get"}"#;
    for text in [
        format!(r#"{{"log":{},"stream":"stdout","time":"2026-03-02T08:00:01Z"}}"#, quoted(event)),
        format!(r#"{{"@timestamp":"2026-03-02T08:00:01Z","kubernetes":{{"audit":{event}}}}}"#),
        format!("2026-03-02T08:00:01Z stdout F {event}"),
        format!(
            r#"{{"host":"h","message":{}}}"#,
            quoted(&format!(r#"{{"log":{},"time":"2026-03-02T08:00:01Z"}}"#, quoted(event)))
        ),
    ] {
        let row = one(&text);
        assert_eq!(
            (row.kind.as_str(), row.time.as_deref()),
            ("kubernetes/audit", Some("2026-03-02T08:00:01Z")),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_event_stays_what_it_was() {
    for text in [
        r#"{"log":"{\"level\":\"info\",\"msg\":\"started\"}\n","stream":"stdout","time":"2026-03-02T08:00:01Z"}"#,
        r#"{"message":"{not json}","a":{"b":1}}"#,
        r#"{"message":"[1,2]","request":{"operationName":"x"}}"#,
        r#"{"a":{"flow_id":1},"b":{"ts":2}}"#,
        r#"{"kubernetes":{"pod":{"name":"p"}},"log":"plain text\n"}"#,
    ] {
        let row = one(text);
        assert_eq!(row.kind, "/", "{text}");
        assert!(!row.records[0].keys().any(|name| name.starts_with("wrapper.")), "{text}");
    }
    let deep = (0..9)
        .fold(r#"{"auditID":"k-1"}"#.to_owned(), |inner, _| format!(r#"{{"message":{}}}"#, quoted(&inner)));
    let read = read(deep.as_bytes());
    assert_eq!((read.rows[0].kind.as_str(), read.flaws[0].reason.code), ("/", "wrapped-too-deep"));
    let deep = (0..3)
        .fold(r#"{"auditID":"k-1"}"#.to_owned(), |inner, _| format!(r#"{{"message":{}}}"#, quoted(&inner)));
    assert_eq!(one(&deep).kind, "kubernetes/audit");
}

/// Parts that hold each other make ever more ways to look at the same fields.
#[test]
fn what_is_looked_at_again_and_again_has_a_bound() {
    let level = |inner: String| {
        let names =
            ["a", "b", "c", "d"].map(|name| format!(r#""{name}":{{"flow_id":1,"auditAction":{inner}}}"#));
        format!("{{{}}}", names.join(","))
    };
    let text = (0..7).fold("1".to_owned(), |inner, _| level(inner));
    let read = read(format!("{text}\n{text}\n").as_bytes());
    assert_eq!(read.rows.len(), 2);
    assert!(read.flaws.iter().any(|flaw| flaw.reason.code == "wrapped-too-deep"), "{:?}", read.flaws);
}

#[test]
fn what_is_passed_over_inside_is_told() {
    let codes =
        |text: &str| read(text.as_bytes()).flaws.iter().map(|flaw| flaw.reason.code).collect::<Vec<_>>();
    assert_eq!(codes(r#"{"UserIds":"kai","AuditData":"{\"CreationTime\":"}"#), ["text-no-object"]);
    assert_eq!(
        codes(r#"{"log":"type=SYSCALL msg=audit(1772438401.000:7): a=b\n","stream":"stdout"}"#),
        ["line-inside"]
    );
    assert_eq!(codes(r#"{"message":"Mar  2 08:00:01 h sshd[1]: x"}"#), ["line-inside"]);
    assert_eq!(
        codes(
            "2026-03-02T08:00:01Z stdout P {\"auditID\"\n2026-03-02T08:00:01Z stdout F {\"auditID\":\"k\"}\n"
        ),
        ["container-part"]
    );
    assert_eq!(
        codes(r#"{"AuditData":"[{\"Workload\":\"x\",\"Operation\":\"x\",\"RecordType\":1},{\"Wor"}"#),
        ["text-no-object"]
    );
    for cut in [
        r#"{"message":"{\"_path\":\"conn\",\"ts\":1"}"#,
        r#"{"log":"{\"auditID\":\"k\",}}","stream":"stdout"}"#,
    ] {
        assert_eq!(codes(cut), ["text-no-object"], "{cut}");
    }
    for empty in [r#""""#, "null", "{}"] {
        assert_eq!(codes(&format!(r#"{{"UserIds":"kai","AuditData":{empty}}}"#)), Vec::<&str>::new());
    }
    assert_eq!(codes(r#"{"message":"Starting up","log":"Mar is a month"}"#), Vec::<&str>::new());
}
