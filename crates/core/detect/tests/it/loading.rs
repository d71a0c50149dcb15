//! What is refused, where, and why; what loads beside it.

use detect::{Cause, Placeholders, RuleSet, load};

use crate::events::{lines_firing, rule_text};

/// Reason and line of the refusal of a single document.
fn refusal(text: &str) -> (usize, String) {
    let mut loaded = load("test.yml", text, &Placeholders::new());
    assert_eq!(loaded.len(), 1);
    let refused = loaded.remove(0).expect_err("the document is refused");
    (refused.line, refused.reason.to_string())
}

#[test]
fn refusals_name_line_and_reason() {
    for (detection, line, words) in [
        ("selection:\n  CommandLine|containz: x\ncondition: selection", 8, "containz is not a modifier"),
        ("selection:\n  CommandLine: [x, null]\ncondition: selection", 8, "null"),
        ("selection:\n  CommandLine:\n    inner: x\ncondition: selection", 8, "map"),
        ("selection:\n  CommandLine|re: '('\ncondition: selection", 8, "regular expression"),
        ("selection:\n  CommandLine|cidr: here\ncondition: selection", 8, "network"),
        ("selection:\n  CommandLine|lt: few\ncondition: selection", 8, "number"),
        ("selection:\n  CommandLine|expand: '%list%'\ncondition: selection", 8, "%list%"),
        ("selection:\n  CommandLine|base64: 'a*'\ncondition: selection", 8, "wildcards"),
        ("selection:\n  CommandLine|i: x\ncondition: selection", 8, "without re"),
        ("selection:\n  CommandLine: []\ncondition: selection", 8, "empty"),
        ("selection:\n  CommandLine: x", 6, "no condition"),
        ("selection:\n  CommandLine: x\ncondition: selektion", 9, "selektion"),
        ("selection:\n  CommandLine: x\ncondition: 1 of filter*", 9, "filter*"),
        ("selection:\n  CommandLine: x\ncondition: selection |count() > 5", 9, "aggregation"),
        ("selection:\n  CommandLine: x\ncondition: selection and", 9, "cannot be read"),
        ("selection: {}\ncondition: selection", 7, "empty"),
    ] {
        let (at, reason) = refusal(&rule_text(detection));
        assert!(reason.contains(words), "{detection}: {reason}");
        assert_eq!(at, line, "{detection}: {reason}");
    }
}

#[test]
fn documents_without_what_a_rule_needs_are_refused() {
    for (text, words) in [
        ("title: t\ndetection:\n  s:\n    a: b\n  condition: s\n", "logsource"),
        ("logsource:\n  product: windows\ndetection:\n  s:\n    a: b\n  condition: s\n", "title"),
        ("title: t\nlogsource:\n  product: windows\n", "detection"),
        ("title: t\nlogsource: {}\ndetection:\n  s:\n    a: b\n  condition: s\n", "logsource"),
        ("title: t\nfilter:\n  rules: []\n", "logsource"),
        ("- a\n- b\n", "not a map"),
        ("title: [\n", "YAML"),
    ] {
        let (_, reason) = refusal(text);
        assert!(reason.contains(words), "{text}: {reason}");
    }
}

#[test]
fn neighbours_of_a_broken_document_load() {
    let good = rule_text("selection:\n  CommandLine: x\ncondition: selection");
    let text = format!("{good}---\ntitle: [\n---\n# only a comment\n---\n{good}");
    let loaded = load("test.yml", &text, &Placeholders::new());
    assert_eq!(loaded.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    assert!(loaded[1].as_ref().is_err_and(|refused| refused.line >= 11), "{:?}", loaded[1]);
}

#[test]
fn faults_of_yaml_are_placed_in_the_file_not_in_the_document() {
    let good = rule_text("selection:\n  CommandLine: x\ncondition: selection");
    let begins = good.lines().count() as u64 + 2;
    let named = |broken: &str| {
        let mut loaded = load("test.yml", &format!("{good}---\n{broken}"), &Placeholders::new());
        let refused = loaded.remove(1).expect_err("the document is refused");
        let Cause::YamlInvalid { error, line, column } = refused.reason else { panic!("{refused}") };
        assert_eq!(line, refused.line as u64);
        assert!(!error.contains(" line ") && !error.contains(" column "), "{error}");
        (line - begins, column)
    };
    for (broken, place) in [
        ("title: x\nid: 'y\n", (1, 7)),
        ("title: x\nlevel: {a: b]\n", (1, 13)),
        ("title: x\nlevel: a: b\n", (1, 9)),
        ("title: x\nlevel: [a,\n# more\n", (2, 7)),
        ("a: &a [x]\nb: *c\n", (1, 4)),
    ] {
        assert_eq!(named(broken), place, "{broken}");
    }
}

#[test]
fn a_text_that_ends_too_early_is_refused_on_its_last_line() {
    for (text, line) in [("title: a\nlevel: low\nA", 3), ("title: a\rlevel: low\rA", 1), ("A: [\n", 1)] {
        let loaded = load("test.yml", text, &Placeholders::new());
        let lines: Vec<_> =
            loaded.iter().map(|rule| rule.as_ref().err().map(|refused| refused.line)).collect();
        assert_eq!(lines, [Some(line)], "{text:?}");
    }
}

#[test]
fn placeholders_take_the_values_given() {
    let text = rule_text(
        r"selection:
  CommandLine|expand|contains: '\%x\% %users%\%'
condition: selection",
    );
    let refused = load("t.yml", &text, &Placeholders::new());
    assert!(refused[0].is_err());
    let given = Placeholders::from([("users".to_owned(), vec!["kai".to_owned(), "mi*a".to_owned()])]);
    let loaded = load("t.yml", &text, &given);
    assert!(loaded[0].is_ok(), "{:?}", loaded[0]);
    let plain = lines_firing(
        "selection:\n  CommandLine|contains: '%TEMP%'\ncondition: selection",
        &["a %temp% b", "x"],
    );
    assert_eq!(plain, [1]);
}

/// Two long lists on one text would be multiplied before anybody counts them.
#[test]
fn placeholders_that_multiply_are_refused_before_they_are_spelled_out() {
    let text = rule_text("selection:\n  CommandLine|expand: '%a% %b%'\ncondition: selection");
    let many = |count: usize| (0..count).map(|number| number.to_string()).collect::<Vec<_>>();
    for (first, second, loads) in [(1_000, 100, true), (1_000, 101, false), (100_000, 1_000_000, false)] {
        let given = Placeholders::from([("a".to_owned(), many(first)), ("b".to_owned(), many(second))]);
        let loaded = load("t.yml", &text, &given);
        assert_eq!(loaded[0].is_ok(), loads, "{first} × {second}");
    }
}

#[test]
fn a_list_of_null_alone_is_still_a_list() {
    for detection in ["s: {a: [null]}", "s: {'|all': [null]}", "s: {a|neq: [null]}"] {
        let (_, reason) = refusal(&rule_text(&format!("{detection}\ncondition: s")));
        assert_eq!(reason, "a list of values holds null, which the specification forbids", "{detection}");
    }
}

#[test]
fn global_documents_are_merged_until_reset() {
    let text = "action: global\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n  base:\n    Image: x\n---\ntitle: a\ndetection:\n  more:\n    CommandLine: y\n  condition: base and more\n---\naction: reset\n---\ntitle: b\nlogsource:\n  product: linux\ndetection:\n  s:\n    a: b\n  condition: s\n";
    let loaded = load("t.yml", text, &Placeholders::new());
    let set = RuleSet::new(loaded);
    let titles: Vec<_> = set.rules.iter().map(|rule| rule.meta.title.as_str()).collect();
    assert_eq!(titles, ["a", "b"]);
}

/// Codes and arguments of what is told of a document without faults.
fn told(text: &str) -> Vec<String> {
    let set = RuleSet::new(load("t.yml", text, &Placeholders::new()));
    assert_eq!(set.refused, [], "{text}");
    let told = set.documents().flat_map(|(_, warnings)| warnings.to_vec());
    told.map(|cause| format!("{} {:?}", cause.code(), cause.arguments())).collect()
}

#[test]
fn entries_of_a_wrong_kind_are_told_and_passed_over() {
    let rule = |entry: &str| {
        format!(
            "title: t\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {{product: windows}}\ndetection: {{s: {{a: b}}, condition: s}}\n{entry}\n"
        )
    };
    let texts = [
        "name",
        "title_ja",
        "taxonomy",
        "status",
        "description",
        "license",
        "author",
        "date",
        "modified",
        "level",
    ];
    for key in texts {
        for value in ["5", "[high]", "{a: b}", "true"] {
            let expected = format!("meta-not-text [(\"key\", Text(\"{key}\"))]");
            assert_eq!(told(&rule(&format!("{key}: {value}"))), [expected], "{key}: {value}");
        }
        assert_eq!(told(&rule(&format!("{key}:"))), Vec::<String>::new(), "an entry without a value");
    }
    for key in ["references", "tags", "fields", "falsepositives", "scope"] {
        for value in ["x", "[x, 5]", "5", "{a: b}"] {
            let expected = format!("meta-not-texts [(\"key\", Text(\"{key}\"))]");
            assert_eq!(told(&rule(&format!("{key}: {value}"))), [expected], "{key}: {value}");
        }
        assert_eq!(told(&rule(&format!("{key}: [x]"))), Vec::<String>::new());
    }
    for value in ["x", "[x]", "{id: x}", "[{type: similar}]"] {
        assert_eq!(told(&rule(&format!("related: {value}"))), ["related-not-references []"], "{value}");
    }
    assert_eq!(
        told(&rule("related: [{id: x, type: similar}]\ndate: 2026-01-01\nmodified: 2026/01/02")),
        Vec::<String>::new()
    );
    let number = rule("").replace("id: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11", "id: 5");
    assert_eq!(told(&number), ["meta-not-text [(\"key\", Text(\"id\"))]"], "an id is there, and no text");
}

#[test]
fn signs_that_nobody_sees_are_told() {
    let detection = |detection: &str| {
        told(&format!(
            "title: t\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {{product: windows}}\ndetection: {{condition: s, s: {detection}}}\n"
        ))
    };
    for (selection, expected) in [
        ("{\"a\\u00a0\": b}", r#"key-hidden [("key", Text("a")), ("character", Text("U+00A0"))]"#),
        (
            "{\"\\ufeffa|contains\": b}",
            r#"key-hidden [("key", Text("a|contains")), ("character", Text("U+FEFF"))]"#,
        ),
        ("[{\"a\\u200b\": b}]", r#"key-hidden [("key", Text("a")), ("character", Text("U+200B"))]"#),
        (r#"{a: "C:\temp"}"#, r#"value-control [("key", Text("a")), ("character", Text("U+0009"))]"#),
        (r#"{a: [x, "\bin"]}"#, r#"value-control [("key", Text("a")), ("character", Text("U+0008"))]"#),
        (r#"["x\0y"]"#, r#"value-control [("key", Text("xy")), ("character", Text("U+0000"))]"#),
        ("{a|wide: b}", r#"encoding-open [("key", Text("a|wide")), ("modifier", Text("wide"))]"#),
        (
            "{a|base64|utf16le: b}",
            r#"encoding-open [("key", Text("a|base64|utf16le")), ("modifier", Text("utf16le"))]"#,
        ),
        ("{a|wide|base64offset|contains: b, c: 'C:\\temp', 'Threat Name': d}", ""),
    ] {
        assert_eq!(detection(selection).join(""), expected, "{selection}");
    }
}

#[test]
fn a_digest_says_what_a_rule_finds_and_says_and_not_where_it_stands() {
    const RULE: &str =
        "title: a\nname: a\nlogsource: {product: windows}\ndetection: {s: {x|expand: '%v%'}, condition: s}\n";
    const FILTER: &str =
        "\n---\ntitle: f\nlogsource: {product: windows}\nfilter: {rules: [a], s: {y: 1}, condition: not s}\n";
    const COUNT: &str =
        "\n---\ntitle: c\ncorrelation: {type: event_count, rules: [a], timespan: 1m, condition: {gte: 2}}\n";
    let values = |value: &str| Placeholders::from([("v".to_owned(), vec![value.to_owned()])]);
    let set = |path: &str, text: &str, value: &str| RuleSet::new(load(path, text, &values(value)));
    let one = set("a.yml", RULE, "1");
    let of = |set: &RuleSet| set.rules[0].meta.digest;
    // Neither its place nor its layout is part of it.
    let laid_out = RULE.replace(
        "{s: {x|expand: '%v%'}, condition: s}",
        "\n  # why\n  s:\n    x|expand: '%v%'\n  condition: s",
    );
    assert_eq!(of(&one), of(&set("b/c.yml", &format!("\n\n{laid_out}"), "1")));
    assert_eq!(one.digest(), set("b/c.yml", &laid_out, "1").digest());
    for (text, value) in [
        (RULE.replace("title: a", "title: b"), "1"),
        (RULE.replace("x|", "z|"), "1"),
        (RULE.to_owned(), "2"),
        (format!("{RULE}{FILTER}"), "1"),
    ] {
        let other = set("a.yml", &text, value);
        assert_ne!(of(&one), of(&other), "{text}");
        assert_ne!(one.digest(), other.digest(), "{text}");
    }
    // A correlation is another when its parts are.
    let counts = [RULE.to_owned(), RULE.replace("x|", "z|")];
    let [first, second] =
        counts.map(|text| set("a.yml", &format!("{text}{COUNT}"), "1").correlations[0].meta.digest);
    assert_ne!(first, second);
    // The order of a set does not matter, and what stays silent does.
    let both = [RULE, &RULE.replace("title: a", "title: b").replace("name: a", "name: b")];
    let [there, back] = [both.join("\n---\n"), format!("{}\n---\n{}", both[1], both[0])];
    assert_eq!(set("a.yml", &there, "1").digest(), set("a.yml", &back, "1").digest());
    let loud = COUNT.replace("rules: [a],", "rules: [a], generate: true,");
    let mut silent = set("a.yml", &format!("{RULE}{loud}"), "1");
    let before = silent.digest();
    silent.retain(|meta| meta.is_correlation);
    assert_ne!(before, silent.digest());
}
