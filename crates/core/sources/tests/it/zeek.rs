//! Logs of Zeek in its own notation, against the JSON that it writes of the same rows.

use crate::support::{Read, Row, read, read_with};

const CONN: &str = "\
#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tconn
#open\t2026-03-02-08-00-00
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tconn_state\tlocal_orig\ttunnel_parents
#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tstring\tbool\tset[string]
1772438400.123456\tCa1\t192.0.2.1\t50000\t2001:db8::2\t443\ttcp\tssl\t0.500000\t1200\tSF\tT\t(empty)
1772438401.000000\tCa2\t192.0.2.1\t50001\t198.51.100.9\t4444\ttcp\t-\t-\t0\tS0\tF\tCb1,Cb2
#close\t2026-03-02-09-00-00
";

const CONN_JSON: &str = r#"
{"_path":"conn","ts":1772438400.123456,"uid":"Ca1","id.orig_h":"192.0.2.1","id.orig_p":50000,"id.resp_h":"2001:db8::2","id.resp_p":443,"proto":"tcp","service":"ssl","duration":0.500000,"orig_bytes":1200,"conn_state":"SF","local_orig":true,"tunnel_parents":[]}
{"_path":"conn","ts":1772438401.000000,"uid":"Ca2","id.orig_h":"192.0.2.1","id.orig_p":50001,"id.resp_h":"198.51.100.9","id.resp_p":4444,"proto":"tcp","orig_bytes":0,"conn_state":"S0","local_orig":false,"tunnel_parents":["Cb1","Cb2"]}
"#;

/// Rows without the line on which they stand.
fn rows(read: &Read) -> Vec<Row> {
    read.rows.iter().map(|row| Row { line: None, ..row.clone() }).collect()
}

#[test]
fn rows_are_those_of_the_json() {
    let own = read(CONN.as_bytes());
    assert_eq!(own.reasons(), Vec::<&str>::new());
    assert_eq!(rows(&own), rows(&read(CONN_JSON.as_bytes())));
    let row = &own.rows[1];
    assert_eq!((row.kind.as_str(), row.line, row.ordinal), ("zeek/conn", Some(10), 2));
    assert_eq!(row.time.as_deref(), Some("2026-03-02T08:00:01Z"));
    assert_eq!(row.all("tunnel_parents"), ["Cb1", "Cb2"]);
    assert_eq!((row.get("service"), row.get("local_orig")), ("", "false"));
}

/// A log with one row of these columns.
fn log(path: &str, columns: &[(&str, &str, &str)]) -> String {
    let part =
        |pick: fn(&(&str, &str, &str)) -> String| columns.iter().map(pick).collect::<Vec<_>>().join("\t");
    format!(
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t{path}\n#fields\t{}\n#types\t{}\n{}\n",
        part(|column| column.0.to_owned()),
        part(|column| column.1.to_owned()),
        part(|column| column.2.to_owned())
    )
}

#[test]
fn values_and_what_the_row_implies() {
    let http = log(
        "http",
        &[
            ("ts", "time", "1772438400.5"),
            ("uid", "string", "C1"),
            ("host", "string", "www.example.org"),
            ("uri", "string", "/a\\x09b/x.php?q=\\x5c\\x5c\"1"),
            ("user_agent", "string", "\\x2d"),
            ("status_code", "count", "200"),
            ("tags", "set[enum]", "(empty)"),
            ("proxied", "set[string]", "a\\x2cb,狼,\\xff"),
            ("orig_fuids", "vector[string]", "F1,-,(empty)"),
            ("username", "string", "(empty)"),
            ("password", "string", "-"),
        ],
    );
    let read = read(http.as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new());
    let row = &read.rows[0];
    assert_eq!(row.kind, "zeek/http");
    assert_eq!(row.get("uri"), "/a\tb/x.php?q=\\\\\"1");
    assert_eq!((row.get("cs-uri-query"), row.get("c-uri-extension")), ("q=\\\\\"1", "php"));
    assert_eq!((row.get("user_agent"), row.get("status_code")), ("-", "200"));
    assert_eq!(row.all("proxied"), ["a,b", "狼", "\\xff"]);
    assert_eq!(row.all("orig_fuids"), ["F1", ""]);
    assert!(!row.records[0].contains_key("password"));
}

#[test]
fn a_log_of_any_name_or_of_none() {
    for (path, kind) in [("dns", "zeek/dns"), ("weird_stats", "zeek/weird_stats"), ("", "zeek/dns")] {
        let columns = [
            ("ts", "time", "1.5"),
            ("uid", "string", "C1"),
            ("query", "string", "a.example"),
            ("qtype_name", "string", "A"),
        ];
        let read = read(log(path, &columns).as_bytes());
        assert_eq!((read.rows[0].kind.as_str(), read.rows[0].get("query")), (kind, "a.example"));
    }
}

#[test]
fn headers_in_the_middle_and_other_separators() {
    let dns = log("dns", &[("ts", "time", "2.0"), ("uid", "string", "C9"), ("query", "string", "b.example")]);
    let bar =
        dns.replace("\\x09", "\\x7c").replace('\t', "|").replace("#set_separator|,", "#set_separator|;");
    let read = read(format!("{CONN}{dns}{bar}{CONN}").as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new());
    let found: Vec<_> =
        read.rows.iter().map(|row| (row.kind.as_str(), row.line.unwrap(), row.get("uid"))).collect();
    assert_eq!(
        found,
        [
            ("zeek/conn", 9, "Ca1"),
            ("zeek/conn", 10, "Ca2"),
            ("zeek/dns", 19, "C9"),
            ("zeek/dns", 27, "C9"),
            ("zeek/conn", 36, "Ca1"),
            ("zeek/conn", 37, "Ca2"),
        ]
    );
}

#[test]
fn broken_rows_and_headers_cost_themselves() {
    let row = "1772438402.000000\tCa3\t192.0.2.1\t50000\n";
    let text = format!("{CONN}{row}# a remark\n\n{}", CONN.lines().nth(8).unwrap());
    let read = read(text.as_bytes());
    assert_eq!(read.rows.len(), 3);
    let lost: Vec<_> = read.flaws.iter().map(|flaw| (flaw.reason.code, flaw.offset, flaw.length)).collect();
    let at = CONN.len() as u64;
    assert_eq!(
        lost,
        [("zeek-columns", at, Some(row.len() as u64 - 1)), ("zeek-header", at + row.len() as u64, Some(11))]
    );
    // More types than columns: all are texts.
    let read = crate::support::read(CONN.replace("#types\ttime", "#types\ttime\ttime").as_bytes());
    assert_eq!((read.rows.len(), read.flaws[0].reason.code), (2, "zeek-header"));
}

#[test]
fn rows_without_a_header_are_told() {
    let rows: String =
        CONN.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let alone = read(rows.as_bytes());
    assert_eq!((alone.rows.len(), alone.flaws[0].reason.code), (0, "format-unknown"));
    assert!(alone.flaws[0].reason.text.contains("rows of a Zeek log without their header"));
    let cut = read(format!("{rows}{CONN}").as_bytes());
    assert_eq!((cut.rows.len(), cut.flaws[0].length), (2, Some(rows.len() as u64)));
    let named = read(format!("#separator \\x09\n#path\tconn\n{rows}").as_bytes());
    assert_eq!((named.rows.len(), named.flaws[0].reason.code), (0, "zeek-no-header"));
}

#[test]
fn the_size_of_segments_changes_nothing() {
    let pad = "x".repeat(30_000);
    let dns = log("dns", &[("ts", "time", "2.0"), ("uid", "string", "C9"), ("query", "string", &pad)]);
    let text = format!("{CONN}{dns}").repeat(12);
    let cut = read_with(text.as_bytes(), &sources::Limits { segment_bytes: 1, ..sources::Limits::default() });
    let whole = read(text.as_bytes());
    assert_eq!((whole.rows.len(), &whole.rows), (36, &cut.rows));
}
