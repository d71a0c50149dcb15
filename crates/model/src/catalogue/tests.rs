//! What the catalogue must say of fields and log sources.

use super::*;
use crate::event::Kind;

#[test]
fn the_bundled_catalogue_is_sound() {
    let catalogue = Catalogue::bundled().unwrap();
    let sysmon = Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(1));
    let security = Kind::new("windows", "Security", Some(4688));
    let field = |kind: &Kind, name: &str| catalogue.field(kind, name).map(|field| field.name.clone());
    assert_eq!(field(&sysmon, "Image").as_deref(), Some("process.file.path"));
    assert_eq!(field(&security, "NewProcessName"), field(&security, "Image"));
    assert_eq!(catalogue.class_of(&sysmon), ("process_activity", 1007));
    let image = catalogue.field(&security, "Image").unwrap();
    assert_eq!(catalogue.names_of(&security, image)[0], "NewProcessName");
    for field in catalogue.fields() {
        assert!(!field.ja.is_empty() && !field.en.is_empty(), "{} has no meaning", field.name);
    }
}

#[test]
fn log_sources_read_their_kinds_alone() {
    let catalogue = Catalogue::bundled().unwrap();
    let source = |product, category, service| LogSource { product, category, service };
    let sysmon = |id| Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(id));
    let process = source(Some("windows"), Some("process_creation"), None);
    assert_eq!(catalogue.route(&process, &sysmon(1)), Route::Yes);
    assert_eq!(catalogue.route(&process, &sysmon(3)), Route::No);
    assert_eq!(catalogue.route(&process, &Kind::new("windows", "System", Some(1))), Route::No);
    let deleted = source(Some("windows"), Some("registry_delete"), None);
    assert!(matches!(catalogue.route(&deleted, &sysmon(12)), Route::Where(_)));
    let windows = source(Some("windows"), None, None);
    assert_eq!(catalogue.route(&windows, &Kind::new("windows", "Anything", None)), Route::Yes);
    assert_eq!(catalogue.route(&windows, &Kind::new("linux", "auditd", None)), Route::No);
    let security = source(None, None, Some("security"));
    assert_eq!(catalogue.route(&security, &Kind::new("windows", "security", Some(1))), Route::Yes);
}

#[test]
fn text_logs_are_read_by_their_purpose() {
    let catalogue = Catalogue::bundled().unwrap();
    let access = ("apache", "access");
    for (product, category, service, kind, reads) in [
        (Some("linux"), None, Some("auth"), ("linux", "sshd"), true),
        (Some("linux"), None, Some("auth"), ("linux", "sudo"), true),
        (Some("linux"), None, Some("auth"), ("linux", "auth"), true),
        (Some("linux"), None, Some("auth"), ("linux", "cron"), false),
        (Some("linux"), None, Some("sshd"), ("linux", "sshd"), true),
        (Some("linux"), None, Some("sshd"), ("linux", "auth"), false),
        (Some("linux"), None, Some("syslog"), ("linux", "vsftpd"), true),
        (Some("linux"), None, None, ("linux", "cron"), true),
        (Some("linux"), None, None, access, false),
        (None, Some("webserver"), None, access, true),
        (None, Some("webserver"), None, ("linux", "syslog"), false),
        (Some("apache"), Some("webserver"), None, access, true),
        (Some("nginx"), Some("webserver"), None, access, true),
        (Some("apache"), None, Some("access"), access, true),
        (Some("nginx"), None, None, access, true),
        (Some("zeek"), Some("webserver"), None, access, false),
        (None, None, Some("apache"), access, false),
    ] {
        let source = LogSource { product, category, service };
        let route = catalogue.route(&source, &Kind::new(kind.0, kind.1, None));
        assert_eq!(route, if reads { Route::Yes } else { Route::No }, "{source:?} {kind:?}");
        assert!(!reads || catalogue.is_readable(&source), "{source:?}");
    }
    let error_log = LogSource { service: Some("nginx"), ..LogSource::default() };
    assert!(!catalogue.is_readable(&error_log));
    let of =
        |log, name| catalogue.field(&Kind::new("linux", log, None), name).map(|field| field.name.as_str());
    assert_eq!(of("sshd", "user"), Some("user.name"));
    assert_eq!((of("sudo", "user"), of("sudo", "USER")), (Some("actor.user.name"), Some("user.name")));
    assert_eq!(
        (of("cron", "pid"), of("auditd", "pid")),
        (Some("noroshi.record.process_id"), Some("actor.process.pid"))
    );
}

#[test]
fn ocsf_events_are_known_by_their_own_names_whatever_their_product() {
    let catalogue = Catalogue::bundled().unwrap();
    let start = Kind::new("windows", OCSF, Some(1007));
    let names = |kind: &Kind, name| catalogue.field(kind, name).map(|field| catalogue.names_of(kind, field));
    assert_eq!(names(&start, "Image"), Some(vec!["process.file.path", "Image"]));
    assert_eq!(names(&start, "process.file.path"), names(&start, "Image"));
    assert_eq!(catalogue.class_of(&start), ("process_activity", 1007));
    let sysmon = Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(1));
    assert_eq!(names(&sysmon, "process.file.path"), None);
    let starts = |product| LogSource { product, category: Some("process_creation"), service: None };
    assert!(matches!(catalogue.route(&starts(Some("windows")), &start), Route::Where(_)));
    assert!(matches!(catalogue.route(&starts(None), &start), Route::Where(_)));
    assert_eq!(catalogue.route(&starts(Some("linux")), &start), Route::No);
    assert!(catalogue.is_readable(&starts(Some("macos"))));
    assert!(!catalogue.is_readable(&starts(Some("fortios"))));
}

#[test]
fn categories_without_a_product_read_every_sensor() {
    let catalogue = Catalogue::bundled().unwrap();
    let source = |category| LogSource { product: None, category: Some(category), service: None };
    for (category, product, log, route) in [
        ("dns", "zeek", "dns", Route::Yes),
        ("dns", "suricata", "dns", Route::Yes),
        ("dns", "zeek", "http", Route::No),
        ("proxy", "suricata", "http", Route::Yes),
        ("firewall", "zeek", "conn", Route::Yes),
        ("network", "zeek", "conn", Route::Yes),
        ("network", "suricata", "dns", Route::Yes),
        ("network", "suricata", "http", Route::No),
    ] {
        assert_eq!(catalogue.route(&source(category), &Kind::new(product, log, None)), route, "{category}");
    }
    for (service, product, log, route) in [
        ("connection", "zeek", "conn", Route::Yes),
        ("connection", "suricata", "flow", Route::Yes),
        ("connection", "zeek", "dns", Route::No),
        ("dns", "zeek", "dns", Route::Yes),
        ("dns", "suricata", "flow", Route::No),
    ] {
        let source = LogSource { product: None, category: Some("network"), service: Some(service) };
        assert_eq!(catalogue.route(&source, &Kind::new(product, log, None)), route, "{service}");
        assert!(catalogue.is_readable(&source));
    }
    let flow = Kind::new("suricata", "flow", None);
    let field = |name| catalogue.field(&flow, name).map(|field| field.name.as_str());
    assert_eq!(field("network.transport"), field("proto"));
    assert_eq!(field("source.bytes"), Some("traffic.bytes_out"));
    let detection = LogSource { product: Some("m365"), category: None, service: Some("threat_detection") };
    assert_eq!(catalogue.route(&detection, &Kind::new("m365", "threat_management", None)), Route::Yes);
    assert_eq!(catalogue.route(&detection, &Kind::new("m365", "exchange", None)), Route::No);
}

#[test]
fn names_are_known_where_all_of_a_log_are() {
    let catalogue = Catalogue::bundled().unwrap();
    let sysmon = "Microsoft-Windows-Sysmon/Operational";
    for (log, id, name, known) in [
        (sysmon, Some(1), "Image", Some(true)),
        (sysmon, Some(1), "TargetFilename", Some(false)),
        (sysmon, Some(4_000), "TargetFilename", Some(true)),
        (sysmon, Some(1), "SourceModuleName", Some(true)),
        (sysmon, Some(1), "Execution_ProcessID", Some(true)),
        ("Security", Some(5156), "User", Some(false)),
        ("Security", Some(5157), "FilterOrigin", Some(true)),
        ("Security", None, "Abacus", Some(false)),
        ("System", Some(104), "SubjectUserName", Some(true)),
        ("System", Some(104), "param1", Some(false)),
        ("System", Some(7036), "param9", None),
        (OCSF, Some(1007), "Image", Some(true)),
        (OCSF, Some(1007), "TargetFilename", Some(false)),
        (OCSF, Some(1007), "process.name", Some(true)),
        (OCSF, Some(1001), "FileName", Some(true)),
        (OCSF, Some(2004), "Abacus", None),
        ("Nobody/Knows", None, "Abacus", None),
    ] {
        assert_eq!(catalogue.has_name(&Kind::new("windows", log, id), name), known, "{log} {id:?} {name}");
    }
}

#[test]
fn contradictions_are_refused() {
    let field = |name: &str| {
        format!(
            "[[field]]\nname = \"{name}\"\ntype = \"string\"\nja = \"x\"\nen = \"x\"\nsensitivity = \"public\"\nresearch = \"keep\"\nsigma = {{ \"windows\" = [\"Image\"] }}\n"
        )
    };
    let sources = "service = []\ncategory = []\nclass = []\n";
    let error = Catalogue::parse(&(field("a") + &field("b")), sources).unwrap_err();
    assert!(error.to_string().contains("Image"), "{error}");
    assert!(Catalogue::parse("field = 3", sources).is_err());
    let category = "service = []\nclass = []\n[[category]]\nproduct = \"windows\"\ncategory = \"x\"\nreads = [{ service = \"none\" }]\n";
    assert!(Catalogue::parse("field = []", category).is_err());
}
