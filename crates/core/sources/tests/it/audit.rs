//! Linux audit logs.

use proptest::prelude::*;
use sources::{Limits, Scalar};

use crate::support::{Fields, Read, Row, read, read_with};

fn field<'a>(row: &'a Row, record: usize, name: &str) -> &'a str {
    row.records[record].get(name).map_or("", |values| values[0].as_str())
}

fn rows(text: &str) -> Vec<Row> {
    let read = read(text.as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new(), "{text}");
    read.rows
}

fn record(text: &str) -> Fields {
    rows(text).remove(0).records.remove(0)
}

#[test]
fn records_of_events_that_alternate_are_joined() {
    let rows = rows(concat!(
        "node=a type=SYSCALL msg=audit(1772438400.101:7): comm=\"x\"\n",
        "node=b type=SYSCALL msg=audit(1772438400.101:7): comm=\"y\"\n",
        "\n----\r\n",
        "node=a type=EXECVE msg=audit(1772438400.101:7): argc=1 a0=\"ls\"\r\n",
        "node=b type=EXECVE msg=audit(1772438400.101:7): argc=1 a0=\"id\"\n",
        "node=a type=SYSCALL msg=audit(1772438401.101:7): comm=\"z\"",
    ));
    let comms: Vec<&str> = rows.iter().map(|row| row.get("comm")).collect();
    assert_eq!(comms, ["x", "y", "z"]);
    assert_eq!(rows.iter().map(|row| row.records.len()).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(
        (field(&rows[1], 1, "a0"), field(&rows[1], 1, "node"), field(&rows[1], 1, "Computer")),
        ("id", "b", "b")
    );
    assert_eq!((rows[1].line, rows[2].line, rows[1].ordinal), (Some(2), Some(7), 2));
    assert_eq!((rows[0].serial, rows[0].time.as_deref()), (Some(7), Some("2026-03-02T08:00:00.101Z")));
    assert_eq!(rows[0].kind, "linux/auditd");
}

#[test]
fn encoded_values() {
    let execve = |fields: &str| record(&format!("type=EXECVE msg=audit(1.000:1): {fields}"));
    assert_eq!(execve("a0=6C73202D6C a1=\"4409\" a2=2D63")["a0"], ["ls -l"]);
    assert_eq!(execve("a0=6C73 a1=\"4409\" a2=zz")["a1"], ["4409"]);
    assert_eq!(execve("a0=\"x\" a1_len=6 a1[0]=616263 a1[1]=\"def\" a2=\"y\"")["a1"], ["abcdef"]);
    let syscall = record(
        "type=SYSCALL msg=audit(1.000:1): a0=4F4B a1=4f4b exe=2F62696E2F6C73 comm=\"4F4B\" key=(null) tty=(none)",
    );
    assert_eq!(
        (&syscall["a0"][0][..], &syscall["exe"][0][..], &syscall["comm"][0][..]),
        ("4F4B", "/bin/ls", "4F4B")
    );
    assert_eq!((syscall.get("key"), &syscall["tty"][0][..]), (None, "(none)"));
    let hollow = rows("type=SYSCALL msg=audit(1.000:1): a0=1 key=(null)").remove(0).hollow;
    assert_eq!(hollow, [("key".to_owned(), Scalar::Null)], "it is there without a value");
    let title = |value: &str| {
        record(&format!("type=PROCTITLE msg=audit(1.000:1): proctitle={value}"))["proctitle"][0].clone()
    };
    assert_eq!(title("67726570002D72006C616E7465726E"), "grep -r lantern");
    assert_eq!(title("\"67726570\""), "67726570");
    assert_eq!(title("E78BBC"), "狼");
    assert_eq!(title("ABC"), "ABC", "an odd number of digits");
    assert_eq!(title("67ff"), "67ff", "lower case");
}

#[test]
fn long_commands_go_on_in_further_records() {
    let rows = rows(concat!(
        "type=SYSCALL msg=audit(1.000:1): syscall=59\n",
        "type=EXECVE msg=audit(1.000:1): argc=3 a0=\"sh\" a1_len=8 a1[0]=6162\n",
        "type=EXECVE msg=audit(1.000:1): a1[1]=6364 a2=\"end\"\n",
        "type=PATH msg=audit(1.000:1): item=0 name=\"/bin/sh\"\n",
        "type=PATH msg=audit(1.000:1): item=1 name=\"/lib/ld.so\"\n",
    ));
    assert_eq!(rows[0].records.len(), 4);
    assert_eq!((field(&rows[0], 1, "a1"), field(&rows[0], 1, "a2")), ("abcd", "end"));
    assert_eq!(field(&rows[0], 3, "name"), "/lib/ld.so");
}

#[test]
fn user_messages_and_enriched_parts() {
    for between in ["\u{1d}", ""] {
        let found = record(&format!(
            "type=USER_LOGIN msg=audit(1.000:1): pid=9 uid=0 msg='op=login acct=\"o'neil\" exe=\"/usr/sbin/sshd\" hostname=? addr=192.0.2.30 terminal=ssh res=success'{between}UID=\"root\" AUID=\"kai\""
        ));
        let values: Vec<&str> = ["op", "acct", "addr", "res", "UID", "AUID"]
            .iter()
            .map(|name| found[*name][0].as_str())
            .collect();
        assert_eq!(values, ["login", "o'neil", "192.0.2.30", "success", "root", "kai"]);
        let found = record(&format!(
            "type=SYSCALL msg=audit(1.000:1): uid=0 key=\"lantern\"{between}ARCH=x86_64 SYSCALL=unlinkat"
        ));
        assert_eq!(
            (&found["key"][0][..], &found["ARCH"][0][..], &found["SYSCALL"][0][..]),
            ("lantern", "x86_64", "unlinkat")
        );
    }
}

#[test]
fn access_decisions_addresses_and_kernel_lines() {
    let avc = record(
        "type=AVC msg=audit(1.000:1): avc:  denied  { read write } for  pid=1 comm=\"x\" scontext=a:b:c:s0",
    );
    assert_eq!(
        (&avc["seresult"][0][..], &avc["seperms"][0][..], &avc["pid"][0][..]),
        ("denied", "read write", "1")
    );
    let address = record("type=SOCKADDR msg=audit(1.000:1): saddr=02000035C000021E0000000000000000");
    assert_eq!(
        (&address["laddr"][0][..], &address["lport"][0][..], &address["saddr_fam"][0][..]),
        ("192.0.2.30", "53", "inet")
    );
    let enriched = record(
        "type=SOCKADDR msg=audit(1.000:1): saddr=02000035C000021E\u{1d}SADDR={ saddr_fam=inet laddr=192.0.2.30 lport=53 }",
    );
    assert_eq!(enriched["laddr"], ["192.0.2.30"]);
    let kernel = record(
        "Mar  2 08:00:00 h kernel: [1.0] audit: type=1400 audit(1.000:1): apparmor=\"DENIED\" name=\"/x\"",
    );
    assert_eq!((&kernel["type"][0][..], &kernel["apparmor"][0][..]), ("AVC", "DENIED"));
}

#[test]
fn malformed_lines_are_told() {
    let read = read(
        concat!(
            "type=CWD msg=audit(1.000:1): cwd=\"/\"\n",
            "nonsense\n",
            "type=CWD msg=audit(99999999999999999999.000:1): cwd=\"/\"\n",
            "type=CWD msg=audit(1.000:99999999999999999999): cwd=\"/y\"\n",
            "type=CWD msg=audit(1.000:2): cwd=\"/x",
        )
        .as_bytes(),
    );
    assert_eq!(read.rows.len(), 4);
    assert_eq!(read.rows[3].get("cwd"), "/x");
    // A time or a number out of range costs itself, never its event.
    assert_eq!(
        (read.rows[1].time.as_deref(), read.rows[1].serial, read.rows[1].get("cwd")),
        (None, Some(1), "/")
    );
    assert_eq!(
        (read.rows[2].time.is_some(), read.rows[2].serial, read.rows[2].get("cwd")),
        (true, None, "/y")
    );
    assert_eq!(
        read.reasons(),
        [
            "this line is no audit record",
            "a time that cannot be read: 99999999999999999999.000",
            "an audit record without a readable serial number",
        ]
    );
    assert_eq!(read.flaws[0].offset, 37);
}

/// Rows and flaws of a log under some window.
fn windowed(text: &str, segment_bytes: usize, audit_window: u64) -> Read {
    read_with(text.as_bytes(), &Limits { segment_bytes, audit_window, ..Limits::default() })
}

#[test]
fn an_event_ends_when_its_window_has_passed() {
    let other = |serial: u32| format!("type=CWD msg=audit(2.000:{serial}): cwd=\"/\"\n");
    let fill: String = (100..200).map(other).collect();
    let text =
        format!("type=CWD msg=audit(1.000:1): cwd=\"/a\"\n{fill}type=CWD msg=audit(1.000:1): cwd=\"/b\"\n");
    assert_eq!(windowed(&text, 1 << 20, 1 << 20).rows.len(), 101);
    assert_eq!(windowed(&text, 1 << 20, 1_000).rows.len(), 102);
    assert_eq!(windowed(&text, 500, 1_000).rows.len(), 102);
    // An event that never pauses ends, too.
    let endless: String = (0..2_000).map(|n| format!("type=PATH msg=audit(1.000:1): item={n}\n")).collect();
    let read = windowed(&endless, 500, 1_000);
    assert!(read.rows.len() > 3 && read.segments > 1);
    assert_eq!(read.rows.iter().map(|row| row.records.len()).sum::<usize>(), 2_000);
}

/// Numbers of records of the events of which a record stands at each of these offsets.
fn joined(offsets: &[usize], limits: &Limits) -> Vec<usize> {
    let record = "type=PATH msg=audit(1.000:1): item=0\n";
    let mut text = String::new();
    for offset in offsets {
        let between = offset - text.len();
        text.extend(std::iter::repeat_n('\n', between));
        text.push_str(record);
    }
    read_with(text.as_bytes(), limits).rows.iter().map(|row| row.records.len()).collect()
}

#[test]
fn the_window_is_a_mebibyte_and_an_event_lasts_for_sixteen() {
    let window = 1 << 20;
    for segment_bytes in [1, 64 << 20] {
        let limits = Limits { segment_bytes, ..Limits::default() };
        assert_eq!(joined(&[0, window], &limits), [2]);
        assert_eq!(joined(&[0, window + 1], &limits), [1, 1]);
        // A record in each window keeps the event open, to the last byte of the sixteenth.
        let mut offsets: Vec<usize> = (0..=16).map(|number| number * window).collect();
        assert_eq!(joined(&offsets, &limits), [17]);
        offsets.insert(16, 15 * window + 100);
        *offsets.last_mut().unwrap() += 1;
        assert_eq!(joined(&offsets, &limits), [17, 1]);
    }
}

#[test]
fn several_keys_are_several_values() {
    for (written, expected) in [
        ("6C616E7465726E01686172626F7572", &["lantern", "harbour"][..]),
        ("6C616E7465726E01686172626F757201E78BBC", &["lantern", "harbour", "狼"]),
        ("\"lantern\u{1}harbour\"", &["lantern", "harbour"]),
        ("\"lantern\" key=\"harbour\"", &["lantern", "harbour"]),
        ("\"lantern\"", &["lantern"]),
        ("lantern", &["lantern"]),
        ("01616101", &["aa"]),
    ] {
        let found = record(&format!("type=SYSCALL msg=audit(1.000:1): exit=0 key={written}"));
        assert_eq!(found["key"], expected, "{written}");
    }
    for none in ["(null)", "\"\""] {
        let found = record(&format!("type=SYSCALL msg=audit(1.000:1): exit=0 key={none}"));
        assert_eq!(found.get("key"), None, "{none}");
    }
}

proptest! {
    #[test]
    fn the_size_of_segments_changes_nothing(
        serials in prop::collection::vec(0u32..12, 1..120),
        segment_bytes in 1usize..2_000,
        audit_window in 60u64..1_500,
    ) {
        let line = |(n, serial): (usize, &u32)| match serial {
            0 => "broken\n".to_owned(),
            _ => format!("type=PATH msg=audit(1.000:{serial}): item={n}\n"),
        };
        let text: String = "type=PATH msg=audit(1.000:9): item=x\n".to_owned() + &serials.iter().enumerate().map(line).collect::<String>();
        let whole = windowed(&text, 1 << 20, audit_window);
        let cut = windowed(&text, segment_bytes, audit_window);
        prop_assert_eq!(&whole.rows, &cut.rows);
    }
}
