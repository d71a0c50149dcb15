//! Values and modifiers: each line says which of some command lines fire.

use detect::{Engine, FieldValue, Scratch};
use model::event::{Kind, Place};
use sources::{Builder, Scalar, Value};

use crate::events::{Fields, SYSMON, catalogue, firing, lines_firing, process_starts, rule_text, rules};

fn item(item: &str, lines: &[&str]) -> Vec<usize> {
    lines_firing(&format!("selection:\n  {item}\ncondition: selection"), lines)
}

#[test]
fn texts_ignore_case_unless_cased() {
    assert_eq!(item("CommandLine: WHOAMI", &["whoami", "Whoami", "whoami /all"]), [1, 2]);
    assert_eq!(item("CommandLine|cased: Whoami", &["whoami", "Whoami"]), [2]);
    assert_eq!(item("CommandLine|contains|cased: Who", &["the Who", "the who"]), [1]);
    assert_eq!(item("CommandLine|contains: ÜBER", &["über alles", "uber"]), [1]);
}

#[test]
fn positions_and_wildcards() {
    let lines = ["abc", "xabc", "abcx", "xabcx"];
    assert_eq!(item("CommandLine|startswith: abc", &lines), [1, 3]);
    assert_eq!(item("CommandLine|endswith: abc", &lines), [1, 2]);
    assert_eq!(item("CommandLine|contains: abc", &lines), [1, 2, 3, 4]);
    assert_eq!(item("CommandLine: 'a*c'", &lines), [1]);
    assert_eq!(item("CommandLine: '?abc'", &lines), [2]);
    assert_eq!(item(r"CommandLine: 'a\*c'", &["a*c", "abc"]), [1]);
}

#[test]
fn lists_mean_or_and_all_means_and() {
    let lines = ["a b", "a", "b", "c"];
    assert_eq!(item("CommandLine|contains: [a, b]", &lines), [1, 2, 3]);
    assert_eq!(item("CommandLine|contains|all: [a, b]", &lines), [1]);
    assert_eq!(item("CommandLine|contains|neq: [a, b]", &lines), [4]);
}

#[test]
fn windash_accepts_five_dashes() {
    let lines = [
        "x -enc y",
        "x /enc y",
        "x \u{2013}enc y",
        "x \u{2014}enc y",
        "x \u{2015}enc y",
        "x +enc y",
        "x-enc y",
    ];
    assert_eq!(item("CommandLine|windash|contains: ' -enc '", &lines), [1, 2, 3, 4, 5]);
    assert_eq!(
        item("CommandLine|windash|contains|all: [' -a', ' -b']", &["x -a /b", "x /a \u{2014}b", "x -a b"]),
        [1, 2]
    );
}

#[test]
fn regexes_search_and_take_flags() {
    assert_eq!(item("CommandLine|re: 'b{2}'", &["abba", "aba"]), [1]);
    assert_eq!(item("CommandLine|re|i: '^ABBA$'", &["abba", "xabba"]), [1]);
    assert_eq!(item("CommandLine|re: '^(?!.*safe).*run'", &["run it", "safe run"]), [1]);
    assert_eq!(item(r"CommandLine|re: '(a|b)\1'", &["aa", "ab"]), [1]);
    assert_eq!(
        item("CommandLine|re: '(a+)+$(?!x)'", &["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"]),
        [0usize; 0]
    );
}

#[test]
fn encodings() {
    use base64::Engine as _;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let wide: Vec<u8> = "xx Invoke-It".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let lines =
        [encode(b"..http://a"), encode(b".http://a"), encode(b"http://a"), encode(&wide), "http://".into()];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(item("CommandLine|base64offset|contains: 'http://'", &lines), [1, 2, 3]);
    assert_eq!(item("CommandLine|wide|base64offset|contains: 'Invoke-It'", &lines), [4]);
    assert_eq!(item("CommandLine|base64: 'http://a'", &lines), [3]);
}

#[test]
fn numbers_compare() {
    let lines = ["9", "10", "10.5", "ten", "-3", "0x10"];
    assert_eq!(item("CommandLine|gt: 9", &lines), [2, 3]);
    assert_eq!(item("CommandLine|gte: 9", &lines), [1, 2, 3]);
    assert_eq!(item("CommandLine|lt: 9.5", &lines), [1, 5]);
    assert_eq!(item("CommandLine|lte: -3", &lines), [5]);
    // Texts: only the plain decimal form is the number.
    assert_eq!(item("CommandLine: 10", &["10", "10.0", "010", "10 ", "1e1"]), [1]);
}

#[test]
fn networks_and_times() {
    let lines = ["192.0.2.7", "2001:db8::7", "198.51.100.1", "x"];
    assert_eq!(item("CommandLine|cidr: [192.0.2.0/24, '2001:db8::/32']", &lines), [1, 2]);
    let times = ["2026-02-03T02:10:00Z", "2026-03-02T03:59:59+09:00", "no time"];
    assert_eq!(item("CommandLine|hour: [2, 3]", &times), [1, 2]);
    assert_eq!(item("CommandLine|hour|gte: 3", &times), [2]);
    assert_eq!(item("CommandLine|month: 2", &times), [1]);
}

#[test]
fn null_empty_and_exists() {
    let events = process_starts(&[&[("CommandLine", "")], &[("Image", "x")], &[("CommandLine", "x")]]);
    let firing = |item: &str| {
        firing(rules(&rule_text(&format!("selection:\n  {item}\ncondition: selection"))), &events)
    };
    assert_eq!(firing("CommandLine: ''"), [1]);
    assert_eq!(firing("CommandLine: null"), [2]);
    assert_eq!(firing("CommandLine|exists: true"), [1, 3]);
    assert_eq!(firing("CommandLine|exists: false"), [2]);
    assert_eq!(firing("CommandLine|neq: x"), [1, 2]);
    assert_eq!(firing("CommandLine: '*'"), [1, 3]);
    assert_eq!(firing("CommandLine: '?*'"), [3]);
}

#[test]
fn a_field_that_holds_nothing_is_there_and_has_no_value() {
    let events = process_starts(&[
        &[("User", "<null>")],
        &[("User", "<[]>")],
        &[("User", "<{}>")],
        &[("User", "")],
        &[("Image", "x")],
        &[("User", "null"), ("ParentUser", "null")],
        &[("User", "<null>"), ("User", "x"), ("ParentUser", "<null>")],
        &[("User.Name", "x")],
        &[("User.Name", "<null>")],
        &[("Username", "x")],
    ]);
    let firing = |detection: &str| firing(rules(&rule_text(detection)), &events);
    let item = |item: &str| firing(&format!("selection:\n  {item}\ncondition: selection"));
    assert_eq!(item("User|exists: true"), [1, 2, 3, 4, 6, 7, 8, 9]);
    assert_eq!(item("User|exists: false"), [5, 10]);
    assert_eq!(item("User.Name|exists: true"), [8, 9]);
    assert_eq!(item("User: null"), [1, 2, 3, 5, 10]);
    assert_eq!(item("User|neq: null"), [4, 6, 7, 8, 9]);
    assert_eq!(item("User: 'null'"), [6]);
    assert_eq!(item("User: ''"), [4]);
    assert_eq!(item("User: '*'"), [4, 6, 7]);
    assert_eq!(item("User|contains: '['"), [0usize; 0]);
    assert_eq!(item("User|re: '^$'"), [4]);
    assert_eq!(item("User|neq: x"), [1, 2, 3, 4, 5, 6, 8, 9, 10]);
    assert_eq!(item("User|fieldref: ParentUser"), [6]);
    assert_eq!(firing("keywords: ['', 'null']\ncondition: keywords"), [4, 5, 6, 7, 8, 10]);
}

#[test]
fn keywords_search_what_the_source_wrote_whatever_else_is_in_the_sheet() {
    let given: &[(&str, &str)] = &[("User", "needle")];
    let derived: &[(&str, &str)] = &[("~User", "needle")];
    for (events, expected) in [([given, derived], 1), ([derived, given], 2)] {
        let events = process_starts(&events);
        assert_eq!(firing(rules(&rule_text("keywords: [needle]\ncondition: keywords")), &events), [expected]);
        assert_eq!(firing(rules(&rule_text("s:\n  User: needle\ncondition: s")), &events), [1, 2]);
    }
}

#[test]
fn verdicts_show_values_with_the_type_of_each_and_nothing_that_is_none() {
    let mut builder = Builder::new(catalogue());
    let source = builder.source(&"events".into());
    for value in
        [Value::nothing(Scalar::Null), Value { text: "7", scalar: Scalar::Integer }, Value::text("7")]
    {
        builder.begin(source, &Kind::new("windows", SYSMON, Some(1)), &Place::default());
        builder.field("LogonId", value);
    }
    let sheet = builder.finish().expect("columns are well formed").remove(0);
    let set = rules(&rule_text("s:\n  LogonId|exists: true\ncondition: s"));
    let found = Engine::new(set, catalogue()).scan(&sheet, &mut Scratch::default());
    let verdicts = found.expect("columns are those of a sheet").verdicts;
    let fields: Vec<_> = verdicts.into_iter().map(|verdict| verdict.fields).collect();
    let shown = |scalar| vec![("LogonId".to_owned(), FieldValue { text: "7".to_owned(), scalar })];
    assert_eq!(fields, [vec![], shown(Scalar::Integer), shown(Scalar::Text)]);
}

#[test]
fn fields_are_compared_with_fields() {
    let events = process_starts(&[
        &[("User", "kai"), ("ParentUser", "KAI")],
        &[("User", "kai"), ("ParentUser", "mika")],
        &[("User", "kai")],
        &[("User", "kai.t"), ("ParentUser", "kai")],
    ]);
    let firing = |item: &str| {
        firing(rules(&rule_text(&format!("selection:\n  {item}\ncondition: selection"))), &events)
    };
    assert_eq!(firing("User|fieldref: ParentUser"), [1]);
    assert_eq!(firing("User|fieldref|neq: ParentUser"), [2, 3, 4]);
    assert_eq!(firing("User|fieldref|startswith: ParentUser"), [1, 4]);
    assert_eq!(firing("User|cased|fieldref: ParentUser"), [0usize; 0]);
}

#[test]
fn a_regular_expression_that_runs_out_of_steps_is_no_match_and_is_counted() {
    let text = rule_text("selection:\n  CommandLine|re: '(?=x)(x+x+)+\\1y'\ncondition: selection");
    let engine = Engine::new(rules(&text), catalogue());
    // Padding makes the expression try more ways than it may.
    let padded = "x".repeat(60);
    let lines = ["xxxxy", "z", padded.as_str()];
    let fields = lines.map(|line| [("CommandLine", line)]);
    let events: Vec<Fields<'_>> = fields.iter().map(|fields| &fields[..]).collect();
    let found = engine.scan(&process_starts(&events), &mut Scratch::default());
    let ordinals: Vec<_> = found.unwrap().verdicts.iter().map(|verdict| verdict.place.ordinal).collect();
    assert_eq!(ordinals, [1]);
    let exhausted: Vec<_> =
        engine.exhausted().iter().map(|(rule, values)| (rule.title.clone(), *values)).collect();
    assert_eq!(exhausted, [("t".to_owned(), 1)]);
}

#[test]
fn a_number_under_a_text_modifier_is_the_text_that_was_written() {
    let lines = ["MD5=ab12e5ff", "x1200000.0y", "0x1410", "lib.7", "5136", "1200000"];
    assert_eq!(item("CommandLine|contains: 12e5", &lines), [1]);
    assert_eq!(item("CommandLine|endswith: 0x1410", &lines), [3]);
    assert_eq!(item("CommandLine|endswith: [.7, 0o5]", &lines), [4]);
    assert_eq!(item("CommandLine|re: 12e5", &lines), [1]);
    assert_eq!(item("CommandLine|contains: 5136", &lines), [5]);
    // Alone it may be either.
    assert_eq!(item("CommandLine: 0x1410", &lines), [3, 5]);
    assert_eq!(item("CommandLine: [0x1410, 5136]", &lines), [3, 5]);
    assert_eq!(item("CommandLine|gte: 0x1410", &lines), [5, 6]);
    let keywords = "keywords:\n  - 12e5\n  - 0x1410\ncondition: keywords";
    assert_eq!(lines_firing(keywords, &lines), [1, 3]);
}

#[test]
fn whole_numbers_of_any_length_are_the_text_of_their_digits() {
    let long = "100000000000000000000000";
    let lines = [long, "1e23", "18446744073709551615"];
    assert_eq!(item(&format!("CommandLine: {long}"), &lines), [1]);
    assert_eq!(item(&format!("CommandLine: [{long}, x] # serial"), &lines), [1]);
    assert_eq!(item(&format!("CommandLine:\n    - {long}"), &lines), [1]);
    assert_eq!(item(&format!("CommandLine: [1{long}, 2{long}, 3{long}, {long}]"), &lines), [1]);
    assert_eq!(item("CommandLine: 18446744073709551615", &lines), [3]);
    // Nothing inside a text is touched, whatever stands beside it.
    let texts = [&format!("a, {long}, b"), "a, b", long];
    let both = format!("CommandLine: [\"a, {long}, b\", 9{long}]");
    assert_eq!(item(&both, &texts), [1]);
}

#[test]
fn exists_is_negated_like_anything_else() {
    let events = process_starts(&[&[("CommandLine", "x")], &[("Image", "x")]]);
    let firing = |item: &str| {
        firing(rules(&rule_text(&format!("selection:\n  {item}\ncondition: selection"))), &events)
    };
    assert_eq!(firing("CommandLine|exists|neq: true"), [2]);
    assert_eq!(firing("CommandLine|neq|exists: false"), [1]);
}
