//! JSON in all the ways in which programs lay it out.

use proptest::prelude::*;
use sources::{Limits, Scalar};

use crate::support::{read, read_with};

/// (line, value of `n`) of each row.
fn rows(text: &str) -> Vec<(u64, String)> {
    let read = read(text.as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new(), "{text}");
    read.rows.iter().map(|row| (row.line.unwrap(), row.get("n").to_owned())).collect()
}

fn expected(list: &[(u64, &str)]) -> Vec<(u64, String)> {
    list.iter().map(|(line, value)| (*line, (*value).to_owned())).collect()
}

#[test]
fn layouts() {
    let two = expected(&[(1, "1"), (2, "2")]);
    assert_eq!(rows("{\"n\":1}\n{\"n\":2}\n"), two, "lines");
    assert_eq!(rows("{\"n\":1}\r\n{\"n\":2}"), two, "CRLF and no final line end");
    assert_eq!(rows("\u{feff}{\"n\":1}\n{\"n\":2}"), two, "byte order mark");
    assert_eq!(rows("{\"n\":1},\n{\"n\":2},\n"), two, "commas");
    assert_eq!(rows("[{\"n\":1},\n{\"n\":2}]"), two, "array over lines");
    assert_eq!(rows("{\"n\":1}\n\n  \n{\"n\":2}"), expected(&[(1, "1"), (4, "2")]), "blank lines");
    assert_eq!(rows("[\n{\"n\":1},\n{\"n\":2}\n]\n"), expected(&[(2, "1"), (3, "2")]), "brackets apart");
    let one = expected(&[(1, "1"), (1, "2"), (1, "3")]);
    assert_eq!(rows("{\"n\":1}{\"n\":2} {\"n\":3}"), one, "concatenated");
    assert_eq!(rows("[{\"n\":1},{\"n\":2},{\"n\":3}]"), one, "array on one line");
    let pretty = "[\n  {\n    \"n\": 1,\n    \"x\": \"]} \\\" ,{\"\n  },\n  {\n    \"n\": 2\n  }\n]\n";
    assert_eq!(rows(pretty), expected(&[(2, "1"), (6, "2")]), "pretty array");
    assert_eq!(rows("{\n\"n\":1\n}\n{\n\"n\":2\n}"), expected(&[(1, "1"), (4, "2")]), "pretty objects");
    assert_eq!(rows("{\n\"n\":1\n}{\"n\":2}"), expected(&[(1, "1"), (3, "2")]), "pretty and concatenated");
    let banners = "Record 1\n{\n  \"n\": 1\n}\nRecord 2\n{\n  \"n\": 2\n}\n";
    assert_eq!(rows(banners), expected(&[(2, "1"), (6, "2")]), "banners between pretty objects");
    assert_eq!(
        rows("Record 1\n{\"n\":1}\nRecord 2\n{\"n\":2}\n"),
        expected(&[(2, "1"), (4, "2")]),
        "banners"
    );
    assert_eq!(rows("[]"), [], "empty array");
    assert_eq!(rows("{}"), expected(&[(1, "")]), "an object without members is an event");
}

#[test]
fn envelopes() {
    let one = expected(&[(1, "1"), (1, "2")]);
    assert_eq!(rows(r#"{"Records":[{"n":1},{"n":2}]}"#), one);
    assert_eq!(rows(r#"{"count":2,"events":[{"n":1},{"n":2}],"next":"x"}"#), one);
    assert_eq!(
        rows(r#"{"took":1,"_shards":{"t":1},"hits":{"total":{"v":2},"hits":[{"n":1},{"n":2}]}}"#),
        one
    );
    let pretty = "{\n  \"Records\": [\n    {\n      \"n\": 1\n    },\n    {\n      \"n\": 2\n    }\n  ],\n  \"x\": {}\n}\n";
    assert_eq!(rows(pretty), expected(&[(3, "1"), (6, "2")]));
    let two = format!("{pretty}{pretty}");
    assert_eq!(rows(&two), expected(&[(3, "1"), (6, "2"), (14, "1"), (17, "2")]));
    assert_eq!(rows(r#"{"Records":[]}"#), []);
    let event = read(br#"{"id":{"t":1},"events":[{"n":1},{"n":2}]}"#);
    assert_eq!(event.rows[0].all("events.n"), ["1", "2"], "an event with a list is no envelope");
}

#[test]
fn long_envelopes_and_arrays_on_one_line() {
    for (open, close) in [("{\"Records\":[", "]}"), ("[", "]"), ("{\"hits\":{\"hits\":[", "]}}")] {
        let objects: Vec<String> =
            (0..60_000).map(|n| format!("{{\"n\":{n},\"pad\":\"{}\"}}", "x".repeat(20))).collect();
        let read = read(format!("{open}{}{close}", objects.join(",")).as_bytes());
        assert_eq!((read.rows.len(), read.reasons()), (60_000, vec![]), "{open}");
        assert!(read.segments > 1);
        assert!(
            read.rows.iter().zip(0..).all(|(row, n)| row.get("n") == n.to_string() && row.ordinal == n + 1)
        );
    }
}

#[test]
fn a_broken_line_costs_itself() {
    for broken in [
        "{\"n\":\"x",
        "{\"n\":1,\"m\":{\"k\":2}",
        "nonsense",
        "{\"n\" 1}",
        "{\"n\":tru}",
        "\"text\"",
        "{'n':1}",
    ] {
        for text in [
            format!("{{\"n\":1}}\n{broken}\n{{\"n\":2}}\n"),
            format!("{broken}\n{{\"n\":1}}\n{{\"n\":2}}\n"),
            format!("{{\"n\":1}}\n{{\"n\":2}}\n{broken}"),
        ] {
            let read = read(text.as_bytes());
            assert_eq!(read.rows.iter().map(|row| row.get("n")).collect::<Vec<_>>(), ["1", "2"], "{text}");
            assert_eq!(read.flaws.len(), 1, "{text}");
            let line = text.find(broken).unwrap() as u64;
            assert!(
                (line..=line + broken.len() as u64).contains(&read.flaws[0].offset),
                "{text}: {:?}",
                read.flaws
            );
        }
    }
}

#[test]
fn a_broken_object_over_several_lines_costs_itself() {
    let object = |n: u32| format!("  {{\n    \"n\": {n},\n    \"m\": {{\n      \"k\": 1\n    }}\n  }}");
    let broken = "  {\n    \"n\": \"9,\n    \"m\": {\n      \"k\": 1\n    }\n  }";
    for list in
        [[&object(1), broken, &object(2)], [broken, &object(1), &object(2)], [&object(1), &object(2), broken]]
    {
        let read = read(format!("[\n{}\n]\n", list.join(",\n")).as_bytes());
        assert_eq!(read.rows.iter().map(|row| row.get("n")).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(read.flaws.len(), 1, "{:?}", read.flaws);
    }
    let cut = read(b"[\n  {\n    \"n\": 1\n  },\n  {\n    \"n\": 2,\n");
    assert_eq!((cut.rows.len(), cut.flaws.len()), (1, 1));
}

#[test]
fn many_flaws_become_a_count() {
    let read = read(format!("{{\"n\":1}}\n{}", "oops\n".repeat(1_000)).as_bytes());
    assert_eq!(read.flaws.len(), 21);
    assert_eq!(read.flaws[20].reason.text, "980 more of this kind: this line is no JSON object");
}

#[test]
fn long_lines() {
    let long = "x".repeat(5 << 20);
    let read_all = read(format!("{{\"n\":1}}\n{{\"n\":\"{long}\"}}\n{{\"n\":3}}").as_bytes());
    assert_eq!(read_all.rows.len(), 3);
    assert_eq!(read_all.rows[1].get("n").len(), long.len());
    assert_eq!(read(format!("{{\"n\":\"{long}\"}}\n{{\"n\":3}}").as_bytes()).rows.len(), 2, "the first one");
    let limits = Limits { record_bytes: 1 << 20, ..Limits::default() };
    for text in [
        format!("{{\"n\":1}}\n{{\"n\":\"{long}\"}}\n{{\"n\":3}}"),
        format!("{{\n\"n\":1\n}}\n{{\n\"n\":\"{long}\"\n}}\n{{\n\"n\":3\n}}"),
    ] {
        let limited = read_with(text.as_bytes(), &limits);
        assert_eq!(limited.rows.iter().map(|row| row.get("n")).collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(limited.flaws.len(), 1, "{:?}", limited.flaws);
    }
}

#[test]
fn text_that_is_no_utf8_and_text_that_is_utf16() {
    let latin = read(b"{\"n\":\"Gr\xfc\xdfe\"}\n{\"n\":2}");
    assert_eq!(latin.rows[0].get("n"), "Gr\u{fffd}\u{fffd}e");
    assert_eq!((latin.rows.len(), latin.flaws.len()), (2, 1));
    let text = "\u{feff}{\"n\":\"狼煙😀\"}\r\n{\"n\":\"2\"}\r\n";
    for big_endian in [false, true] {
        let bytes = |unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() };
        let read = read(&text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>());
        assert_eq!(read.rows.iter().map(|row| row.get("n")).collect::<Vec<_>>(), ["狼煙😀", "2"]);
        assert_eq!(read.rows[1].line, Some(2));
    }
}

#[test]
fn values_and_nesting() {
    let read =
        read(br#"{"a":{"b":[1.0,{"c":1e3},{"c":true}]},"k":"1","k":"2","z":null,"e":"","w.x":{"y":-0}}"#);
    let row = &read.rows[0];
    assert_eq!(row.kind, "/");
    assert_eq!(
        (row.get("a.b"), row.all("a.b.c"), row.all("k")),
        ("1.0", vec!["1e3", "true"], vec!["1", "2"])
    );
    assert_eq!((row.all("z"), row.all("e"), row.get("w.x.y")), (vec![], vec![""], "-0"));
    let deep = format!("{{\"n\":1}}\n{}1{}\n{{\"n\":2}}", "{\"a\":".repeat(300), "}".repeat(300));
    let read = crate::support::read(deep.as_bytes());
    assert_eq!((read.rows.len(), read.reasons()), (2, vec!["objects nested deeper than 128 levels"]));
}

/// Texts of objects, some of them broken, in one of the layouts.
fn source() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        "[a-z{}\\[\\],:]{0,12}".prop_map(|text| format!("\"{text}\"")),
        "-?[0-9]{1,5}",
        Just("[1,{\"b\":null},[]]".to_owned()),
        Just("{\"c\":{\"d\":\"\\\"}\\\\\"}}".to_owned()),
    ];
    let object = prop::collection::vec(("[a-e]", value), 0..5).prop_map(|members| {
        let members: Vec<String> =
            members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    });
    let line = prop_oneof![9 => object, 1 => Just("{\"a\":".to_owned()), 1 => Just("words".to_owned())];
    (prop::collection::vec(line, 1..40), prop::sample::select(vec!["\n", ",\n", "\r\n", "\n\n"]))
        .prop_map(|(lines, between)| lines.join(between))
}

proptest! {
    #[test]
    fn the_size_of_segments_changes_nothing(text in source(), segment_bytes in 1usize..300) {
        let text = format!("{{\"first\":1}}\n{text}");
        let whole = read(text.as_bytes());
        let cut = read_with(text.as_bytes(), &Limits { segment_bytes, ..Limits::default() });
        prop_assert_eq!(&whole.rows, &cut.rows);
        prop_assert_eq!(whole.flaws.is_empty(), cut.flaws.is_empty());
    }

    #[test]
    fn nor_does_it_for_objects_over_lines(count in 1usize..30, segment_bytes in 1usize..300, broken in 0usize..40) {
        let object = |n: usize| if n == broken { "{\n \"n\": \"x\n}".to_owned() } else { format!("{{\n \"n\": {n}\n}}") };
        let text = (0..count).map(object).collect::<Vec<_>>().join(",\n");
        let whole = read(text.as_bytes());
        let cut = read_with(text.as_bytes(), &Limits { segment_bytes, ..Limits::default() });
        prop_assert_eq!(&whole.rows, &cut.rows);
        prop_assert_eq!(whole.rows.len(), count - usize::from(broken < count));
        prop_assert_eq!(whole.flaws.len(), cut.flaws.len());
    }
}

/// Fields without a value of the only row, by name.
fn hollow(text: &str) -> Vec<(String, Scalar)> {
    let mut read = read(text.as_bytes());
    assert_eq!((read.reasons(), read.rows.len()), (Vec::new(), 1), "{text}");
    read.rows.remove(0).hollow
}

#[test]
fn fields_that_hold_nothing_are_there_in_every_shape() {
    use Scalar::{EmptyList, EmptyObject, Null};
    let one = |name: &str, scalar| vec![(name.to_owned(), scalar)];
    for (text, expected) in [
        (r#"{"n":1,"a":null}"#, one("a", Null)),
        (r#"{"n":1,"a":{"b":[]}}"#, one("a.b", EmptyList)),
        (r#"{"a":{}}"#, one("a", EmptyObject)),
        (r#"{"n":1,"a":[1,null,{}]}"#, vec![("a".to_owned(), Null), ("a".to_owned(), EmptyObject)]),
        // Flat, as NXLog writes.
        (r#"{"EventID":1,"Channel":"Security","Product":null,"EventData":{}}"#, one("Product", Null)),
        // Nested; elements that have attributes or members only are no fields.
        (
            r#"{"Event":{"System":{"EventID":1,"Channel":"Security","Correlation":null,"Security":{},"Level":null},"EventData":{"User Name":null},"UserData":null}}"#,
            vec![("Level".to_owned(), Null), ("UserName".to_owned(), Null)],
        ),
        (
            r##"{"Event":{"System":{"EventID":1,"Channel":"Security"},"EventData":{"Data":[{"@Name":"Image","#text":null},{"@Name":null,"#text":"x"}]}}}"##,
            one("Image", Null),
        ),
        // Beats.
        (r#"{"winlog":{"channel":"Security","event_id":1,"event_data":{"Image":null}}}"#, one("Image", Null)),
        // An event inside a text, and its wrapper.
        (
            r#"{"AuditData":"{\"Operation\":\"x\",\"a\":null,\"b\":null,\"n\":1}","a":[],"b":"y","c":{}}"#,
            [("a", Null), ("b", Null), ("c", EmptyObject), ("wrapper.a", EmptyList)]
                .map(|(name, scalar)| (name.to_owned(), scalar))
                .to_vec(),
        ),
    ] {
        assert_eq!(hollow(text), expected, "{text}");
    }
}

#[test]
fn what_holds_nothing_stands_in_the_way_of_nothing() {
    let row = |text: &str| {
        let mut read = read(text.as_bytes());
        assert_eq!((read.reasons(), read.rows.len()), (Vec::new(), 1), "{text}");
        read.rows.remove(0)
    };
    let plain = row(
        r#"{"EventID":null,"EventCode":4624,"Channel":null,"LogName":"Security","EventTime":null,"Hostname":"h","time":"2026-03-02T08:00:01Z"}"#,
    );
    assert_eq!((&plain.kind[..], plain.get("EventID")), ("windows/Security:4624", "4624"));
    assert_eq!(plain.time.as_deref(), Some("2026-03-02T08:00:01Z"));
    let beat = row(
        r#"{"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon","event_id":null,"event_data":{"Image":null}},"event":{"code":"1"},"process":{"executable":"x"}}"#,
    );
    assert_eq!((&beat.kind[..], beat.get("Image")), ("windows/Microsoft-Windows-Sysmon/Operational:1", "x"));
    let hashes =
        row(r#"{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Hashes":"MD5=AB","MD5":null}"#);
    assert_eq!(hashes.get("MD5"), "AB");
    let wrapped = row(r#"{"AuditData":"{\"Operation\":\"x\",\"user\":null}","user":"kai"}"#);
    assert_eq!((wrapped.get("user"), wrapped.get("wrapper.user")), ("", "kai"), "the event says null");
    let apart =
        row(r#"{"Event":{"System":{"EventID":104,"Channel":"System"},"UserData":{"Log":{"Channel":null}}}}"#);
    assert_eq!((apart.get("System_Channel"), &apart.hollow[0].0[..]), ("System", "Channel"));
    assert_eq!(apart.kind, "windows/System:104");
}
