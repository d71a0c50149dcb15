//! System logs and access logs.

use model::time::Instant;
use proptest::prelude::*;
use sources::{Input, Limits, Undated};

use crate::support::{Read, Row, read, read_input, read_with};

fn zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::fixed(jiff::tz::offset(9))
}

fn of_year(text: &[u8], segment_bytes: usize) -> Read {
    read_with(
        text,
        &Limits { segment_bytes, zone: zone(), undated: Undated::Year(2026), ..Limits::default() },
    )
}

/// All fields of a row but the message, as `name=value`.
fn fields(row: &Row) -> String {
    let all = row.records[0].iter().filter(|(name, _)| *name != "message");
    all.map(|(name, values)| format!("{name}={}", values.join("|"))).collect::<Vec<_>>().join(" ")
}

const AUTH: &str = "\
Mar  2 08:00:01 srv01 sshd[4711]: Failed password for invalid user admin from 192.0.2.7 port 40022 ssh2
Mar  2 08:00:03 srv01 sshd[4712]: Accepted publickey for kai from 2001:db8::7 port 40023 ssh2: ED25519 SHA256:x
Mar  2 08:00:04 srv01 CRON[80]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Mar  2 08:00:05 srv01 sudo:      kai : TTY=pts/0 ; PWD=/home/kai ; USER=root ; COMMAND=/bin/sh -c a ; b
Mar  2 08:00:06 srv01 sudo:      eve : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/ls
Mar  2 08:00:07 srv01 useradd[81]: new user: name=mori, UID=1001, GID=1001, home=/home/mori, shell=/bin/sh
";

#[test]
fn an_auth_log() {
    let read = of_year(AUTH.as_bytes(), 1 << 20);
    assert_eq!(read.reasons(), Vec::<&str>::new());
    let found: Vec<_> = read.rows.iter().map(|row| (row.kind.as_str(), fields(row))).collect();
    for ((kind, fields), (expected_kind, expected)) in found.iter().zip([
        ("linux/sshd", "Hostname=srv01 auth_method=password outcome=Failure pid=4711 program=sshd src_ip=192.0.2.7 src_port=40022 user=admin"),
        ("linux/sshd", "Hostname=srv01 auth_method=publickey outcome=Success pid=4712 program=sshd src_ip=2001:db8::7 src_port=40023 user=kai"),
        ("linux/auth", "Hostname=srv01 pid=80 program=CRON"),
        ("linux/sudo", "COMMAND=/bin/sh -c a ; b Hostname=srv01 PWD=/home/kai TTY=pts/0 USER=root program=sudo user=kai"),
        ("linux/sudo", "COMMAND=/bin/ls Hostname=srv01 PWD=/ TTY=pts/1 USER=root program=sudo reason=user NOT in sudoers user=eve"),
        ("linux/auth", "Hostname=srv01 pid=81 program=useradd"),
    ]) {
        assert_eq!((*kind, fields.as_str()), (expected_kind, expected));
    }
    let last = &read.rows[5];
    assert_eq!((last.ordinal, last.line, last.time.as_deref()), (6, Some(6), Some("2026-03-01T23:00:07Z")));
    assert_eq!(
        last.get("message"),
        "new user: name=mori, UID=1001, GID=1001, home=/home/mori, shell=/bin/sh"
    );
}

#[test]
fn notations_of_system_logs() {
    for (line, time, expected) in [
        (
            "<34>Oct 11 22:14:15 h su: 'su root' failed",
            "2026-10-11T13:14:15Z",
            "Hostname=h facility=auth program=su severity=crit",
        ),
        (
            "2026-03-02T08:00:01.123456+09:00 h sshd-session[1]: x",
            "2026-03-01T23:00:01.123456Z",
            "Hostname=h pid=1 program=sshd-session",
        ),
        (
            "<165>1 2003-10-11T22:14:15.003Z h app p-1 ID47 [sd@1 k=\"v\" k2=\"v\\]x\"][o k=\"狼\"] \u{feff}m",
            "2003-10-11T22:14:15.003Z",
            "Hostname=h facility=local4 msgid=ID47 o.k=狼 pid=p-1 program=app sd@1.k=v sd@1.k2=v]x severity=notice",
        ),
    ] {
        let read = of_year(line.as_bytes(), 1 << 20);
        assert_eq!(read.reasons(), Vec::<&str>::new(), "{line}");
        assert_eq!((read.rows[0].time.as_deref(), fields(&read.rows[0]).as_str()), (Some(time), expected));
    }
}

#[test]
fn a_line_without_a_year_has_no_time_unless_told() {
    let at = |text: &str| Instant::parse(text, &jiff::tz::TimeZone::UTC).unwrap();
    let text = b"Dec 31 23:59:58 h x: a\nJan  1 00:00:02 h x: b\nFeb 29 12:00:00 h x: c\n";
    for (undated, expected, flaws) in [
        (Undated::Unknown, [None, None, None], 0),
        (
            Undated::Year(2023),
            [Some("2023-12-31T23:59:58Z"), Some("2024-01-01T00:00:02Z"), Some("2024-02-29T12:00:00Z")],
            0,
        ),
        (Undated::Year(2026), [Some("2026-12-31T23:59:58Z"), Some("2027-01-01T00:00:02Z"), None], 1),
        (
            Undated::Before(at("2026-01-01T00:00:05Z")),
            [Some("2023-12-31T23:59:58Z"), Some("2024-01-01T00:00:02Z"), Some("2024-02-29T12:00:00Z")],
            0,
        ),
        (
            Undated::Before(at("2024-01-01T00:00:05Z")),
            [Some("2019-12-31T23:59:58Z"), Some("2020-01-01T00:00:02Z"), Some("2020-02-29T12:00:00Z")],
            0,
        ),
    ] {
        let read = read_with(text, &Limits { undated, ..Limits::default() });
        let times: Vec<_> = read.rows.iter().map(|row| row.time.as_deref()).collect();
        assert_eq!((times.as_slice(), read.flaws.len()), (&expected[..], flaws), "{undated:?}");
    }
}

#[test]
fn lines_that_go_on() {
    let text = concat!(
        "\u{feff}Mar  2 08:00:01 h java[1]: trouble\r\n\tat one\r\n  at two\r\n",
        "Mar  2 08:00:02 h x: b\n",
        "nonsense\n  goes on with nonsense\n",
        " Mar  2 08:00:03 h x: c\n",
        "\n  behind nothing\n",
        "-- Boot 9c --\n",
        "Mar  2 08:00:04 h x: d",
    );
    let read = of_year(text.as_bytes(), 1 << 20);
    let found: Vec<_> = read.rows.iter().map(|row| (row.line.unwrap(), row.get("message"))).collect();
    assert_eq!(found, [(1, "trouble\n\tat one\n  at two"), (4, "b"), (7, "c"), (11, "d")]);
    assert_eq!(read.reasons(), ["this line is none of a system log"; 3]);
    assert_eq!(read.flaws[0].offset as usize, text.find("nonsense").unwrap());
}

#[test]
fn frames_behind_their_lengths() {
    let read = of_year(b"29 <34>Oct 11 22:14:15 h su: a b30 <34>Oct 11 22:14:16 h su: cd e\n31 <34>Oct 11 22:14:17 h su: f\n", 1);
    let found: Vec<_> = read.rows.iter().map(|row| (row.line.unwrap(), row.get("message"))).collect();
    assert_eq!(found, [(1, "a b"), (1, "cd e"), (2, "f")]);
    assert_eq!(read.reasons(), Vec::<&str>::new());
}

#[test]
fn other_bytes_and_long_lines() {
    let mut text = b"Mar  2 08:00:01 h x: a\n\0\0Mar  2 08:00:02 h x: \xb0\xa1\n".to_vec();
    text.extend(b"Mar  2 08:00:03 h x: ".iter().copied().chain(std::iter::repeat_n(b'x', 300_000)));
    text.extend(b"\nMar  2 08:00:04 h x: d\n");
    let limits = Limits { segment_bytes: 1, record_bytes: 100_000, ..Limits::default() };
    let read = read_with(&text, &limits);
    let found: Vec<_> = read.rows.iter().map(|row| (row.line.unwrap(), row.get("message"))).collect();
    assert_eq!(found, [(1, "a"), (2, "\u{fffd}\u{fffd}"), (4, "d")]);
    let mut reasons = read.reasons();
    reasons.sort_unstable();
    assert_eq!(
        reasons,
        [
            "a line longer than the limit for one event",
            "bytes that are no UTF-8 were replaced",
            "zeros stand where a log should"
        ]
    );
    // What never stops to go on is parted, and nothing of it is held.
    let endless = format!("Mar  2 08:00:01 h x: a\n{}Mar  2 08:00:02 h x: b\n", " at one\n".repeat(60_000));
    let read = read_with(endless.as_bytes(), &limits);
    assert_eq!((read.rows.len(), read.rows[1].get("message")), (2, "b"));
    assert_eq!(read.rows[1].line, Some(60_002));
    assert!(
        read.flaws.iter().all(|flaw| flaw.reason.text.contains("none of a system log"))
            && !read.flaws.is_empty()
    );
}

const ACCESS: &str = r#"192.0.2.7 - kai [10/Oct/2025:13:55:36 +0900] "GET /shop/a.php?id=1' HTTP/1.1" 200 2326 "https://www.example.jp/" "Mozilla/5.0 \"x\""
www.example.jp:443 2001:db8::7 - - [10/Oct/2025:13:55:37 +0900] "POST /login HTTP/2.0" 302 - "-" "-"
192.0.2.8 - - [10/Oct/2025:13:55:38 +0900] "\x16\x03\x01" 400 226
192.0.2.8 - - [10/Oct/2025:13:55:39 +0900] "-" 408 -
nonsense
192.0.2.9 - - [31/Feb/2025:13:55:40 +0900] "GET / HTTP/1.1" 200 1 "-" "curl/8" "198.51.100.1"
"#;

#[test]
fn an_access_log() {
    let read = read(ACCESS.as_bytes());
    assert_eq!(
        read.reasons(),
        ["this line is none of an access log", "a time that cannot be read: 31/Feb/2025:13:55:40 +0900"]
    );
    let found: Vec<_> = read.rows.iter().map(fields).collect();
    assert_eq!(
        found,
        [
            "c-ip=192.0.2.7 c-uri=/shop/a.php?id=1' c-uri-query=id=1' cs-method=GET cs-referer=https://www.example.jp/ cs-uri-query=id=1'|/shop/a.php?id=1' cs-uri-stem=/shop/a.php cs-user-agent=Mozilla/5.0 \"x\" cs-username=kai cs-version=HTTP/1.1 sc-bytes=2326 sc-status=200",
            "c-ip=2001:db8::7 c-uri=/login cs-host=www.example.jp cs-method=POST cs-uri-query=/login cs-uri-stem=/login cs-version=HTTP/2.0 s-port=443 sc-status=302",
            "c-ip=192.0.2.8 request=\\x16\\x03\\x01 sc-bytes=226 sc-status=400",
            "c-ip=192.0.2.8 sc-status=408",
            "c-ip=192.0.2.9 c-uri=/ cs-method=GET cs-uri-query=/ cs-uri-stem=/ cs-user-agent=curl/8 cs-version=HTTP/1.1 more=\"198.51.100.1\" sc-bytes=1 sc-status=200",
        ]
    );
    let places: Vec<_> = read.rows.iter().map(|row| (row.line.unwrap(), row.time.as_deref())).collect();
    assert_eq!(places[0], (1, Some("2025-10-10T04:55:36Z")));
    assert_eq!(places[4], (6, None));
    assert!(read.rows.iter().all(|row| row.kind == "apache/access"));
}

proptest! {
    #[test]
    fn the_size_of_segments_changes_nothing(
        picks in prop::collection::vec(0usize..12, 1..24),
        end in any::<bool>(),
        pad in 0usize..3,
    ) {
        let lines = [
            "Mar  2 08:00:01 h sshd[1]: Failed password for root from 192.0.2.7 port 1 ssh2",
            "Feb 29 08:00:01 h x: y", "Oct 10 08:00:01 h x: y", "Jan  1 08:00:01 h x: y",
            "\tat one", "  at two", "", "   ", "nonsense", " Mar  2 08:00:01 h x: z",
            "5 <1>ab7 <2>cdef",
            "<165>1 2003-10-11T22:14:15.003Z h app 1 id [a b=\"c\"] m\r",
        ];
        // Sources are read 64 KiB at once at least, so it takes long lines to meet their ends.
        let filler = "x".repeat(pad * 30_000);
        let mut text = picks.iter().map(|pick| format!("{}{filler}", lines[*pick])).collect::<Vec<_>>().join("\n");
        text.insert_str(0, &"Mar  2 08:00:01 h x: first\n".repeat(8));
        if end {
            text.push('\n');
        }
        let (whole, cut) = (of_year(text.as_bytes(), 64 << 20), of_year(text.as_bytes(), 1));
        prop_assert_eq!(&whole.rows, &cut.rows);
        let undated = Undated::Before(Instant::parse("2026-03-01T00:00:00Z", &zone()).unwrap());
        let before = |segment_bytes| Limits { segment_bytes, undated, ..Limits::default() };
        let (as_one, in_parts) = (read_with(text.as_bytes(), &before(64 << 20)), read_with(text.as_bytes(), &before(1)));
        prop_assert_eq!(&as_one.rows, &in_parts.rows);
        let stream = read_input(Input::Stream(Box::new(text.as_bytes())), &before(1));
        prop_assert_eq!(&as_one.rows, &stream.rows);
        prop_assert_eq!(whole.segments, 1);
        let access: String = picks.iter().map(|pick| format!("{}{filler}\n", ACCESS.lines().nth(pick % 6).unwrap())).collect();
        prop_assert_eq!(read(access.as_bytes()).rows, of_year(access.as_bytes(), 1).rows);
    }

    #[test]
    fn random_lines(rest in "[ -~\\n\\t\\[\\]\"\\\\<>:狼0-9]{0,300}", beginning in 0usize..8, segment_bytes in 1usize..200) {
        let beginning = [
            "Mar  2 08:00:01 h sshd[1]: Failed password for ", "Mar  2 08:00:01 ", "<34>", "<165>1 - h a p m [",
            "2026-03-02T08:00:01Z h ", "9 <34>", "192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] \"",
            "Mar  2 08:00:01 h sudo: a : ",
        ][beginning];
        let told = ["Mar  2 08:00:01 h x: y\n", "::1 - - [10/Oct/2000:13:55:36 -0700] \"-\" 400 1\n"];
        for first in told {
            let text = format!("{first}{beginning}{rest}\n{beginning}{rest}");
            let _ = read_with(text.as_bytes(), &Limits { segment_bytes, record_bytes: 150, ..Limits::default() });
        }
    }

    #[test]
    fn random_bytes_behind_a_line(rest in prop::collection::vec(any::<u8>(), 0..2_000)) {
        for first in [&b"Mar  2 08:00:01 h x: "[..], b"::1 - - [10/Oct/2000:13:55:36 -0700] \"-\" 400 1\n"] {
            let _ = read(&[first, &rest].concat());
        }
    }
}
