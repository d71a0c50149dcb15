//! What a file may say.

use noroshi::settings::{Settings, Size, Span, Tls};
use serde_json::json;

use super::{WHOLE, parse};

#[test]
fn an_empty_file_says_the_defaults() {
    let settings = parse("").expect("settings");
    assert_eq!(settings, Settings::default());
    let all = json!({
        "language": "ja", "zone": "Asia/Tokyo", "log": {"level": "info"},
        "disk": {"free": "128 MiB", "files": "10 GiB"},
    });
    assert_eq!(serde_json::to_value(&settings).expect("JSON"), all);
}

#[test]
fn all_that_a_file_says_is_taken_and_can_be_said_again() {
    let settings = parse(WHOLE).expect("settings");
    let all = json!({
        "language": "en", "zone": "+09:30", "log": {"level": "debug"},
        "disk": {"free": "1536 MiB", "files": "20 GB"},
        "follow": [
            {
                "name": "dc01", "paths": ["/var/log/forwarded/dc01", "/var/log/b \"quoted\" \\ \t"],
                "owner": "あおば市", "tlp": "TLP:RED", "zone": "UTC", "year": 2026, "silent_after": "36 h",
            },
            {
                "name": "proxy", "paths": ["/var/log/proxy.log"], "owner": "own", "tlp": "TLP:AMBER",
                "zone": "+09:30",
            },
        ],
        "mail": {
            "from": "noroshi@soc.example.jp",
            "desk": ["desk@soc.example.jp", "night.desk+noroshi@soc.example.jp"],
            "smtp": {
                "host": "mail.example.jp", "port": 465, "tls": "implicit", "user": "noroshi",
                "password_file": "/srv/home/smtp-password", "ca_file": "/etc/ssl/own-ca.pem",
            },
        },
        "deliver": {"folder": "/srv/noroshi/out"},
        "backup": {"folder": "/backup/noroshi", "keep": 30},
    });
    assert_eq!(serde_json::to_value(&settings).expect("JSON"), all);
    assert_eq!(parse(&settings.to_toml()), Ok(settings));
    assert_eq!(parse(&Settings::default().to_toml()), Ok(Settings::default()));
}

#[test]
fn ports_are_those_of_the_protection() {
    for (tls, port) in [("starttls", 587), ("implicit", 465), ("none", 25)] {
        let text = format!(
            "[mail]\nfrom = \"a@b\"\ndesk = [\"c@d\"]\n[mail.smtp]\nhost = \"127.0.0.1\"\ntls = \"{tls}\"\n"
        );
        let smtp = parse(&text).expect("settings").mail.and_then(|mail| mail.smtp).expect("a server");
        assert_eq!((smtp.tls.as_str(), smtp.port.get()), (tls, port));
    }
    assert_eq!(Tls::default(), Tls::StartTls);
}

#[test]
fn sizes_and_spans_are_read_exactly_and_written_so_that_they_are_read_again() {
    for (text, bytes) in [
        ("0 B", Some(0)),
        ("1 KiB", Some(1_024)),
        ("1kB", Some(1_000)),
        ("1.5 MiB", Some(1_572_864)),
        ("0.000000001 GB", Some(1)),
        ("3  TB", Some(3_000_000_000_000)),
        ("16777216 TiB", None),
        ("16777215 TiB", Some(18_446_742_974_197_923_840)),
        ("1 KB", None),
        ("1 gib", None),
        ("1", None),
        ("GiB", None),
        ("-1 B", None),
        ("1. B", None),
        (".5 B", None),
        ("1.0000000000 GB", None),
        ("1.2.3 B", None),
        ("99999999999999999999 B", None),
    ] {
        let size = text.parse::<Size>().ok();
        assert_eq!(size.map(Size::bytes), bytes, "{text}");
        assert_eq!(size.and_then(|size| size.to_string().parse().ok()), size, "{text}");
    }
    for (text, seconds) in [
        ("1 s", Some(1)),
        ("90min", Some(5_400)),
        ("36 h", Some(129_600)),
        ("1 d", Some(86_400)),
        ("0 s", None),
        ("1.5 h", None),
        ("1 m", None),
        ("1 day", None),
        ("36526 d", None),
        ("99999999999999999 d", None),
    ] {
        let span = text.parse::<Span>().ok();
        assert_eq!(span.map(|span| span.duration().as_secs()), seconds, "{text}");
        assert_eq!(span.and_then(|span| span.to_string().parse().ok()), span, "{text}");
    }
}
