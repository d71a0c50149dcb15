//! What changes between two versions of rules: what is told, of whom, and what may find otherwise.

use detect::{Change, Difference, Placeholders, difference};

const ID: &str = "4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11";
const OTHER: &str = "d0a6e9d2-7d27-4b27-8d2b-6d1f6a0a5a11";

const RULE: &str = r"
title: Dump
id: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11
level: medium
status: test
tags: [attack.t1055, attack.t1003]
falsepositives:
  - Unknown
logsource:
  product: windows
  category: process_creation
detection:
  selection:
    Image|endswith: [\a.exe, \b.exe]
    EventID: 1
  either:
    - CommandLine|contains: x
      User: kai
    - OriginalFileName: y
  condition: selection and either
";

const COUNT: &str = "title: c\ncorrelation:\n  type: temporal_ordered\n  rules: [a, b]\n  group-by: [User, Computer]\n  timespan: 10s\n";

fn files(texts: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    texts.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

fn compared(old: &[(&str, &str)], new: &[(&str, &str)]) -> Difference {
    difference(&files(old), &files(new), &Placeholders::new())
}

/// A change on a line, as a printer might write it.
fn line(change: &Change) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    match change {
        Change::Moved { before, after } => format!("moved {before} > {after}"),
        Change::Value { at, before, after } => format!("{at}: {} > {}", or_none(before), or_none(after)),
        Change::Members { at, added, removed } => {
            let signed = |sign, list: &[String]| list.iter().map(|text| format!(" {sign}{text}")).collect();
            let parts: [String; 2] = [signed("+", added), signed("-", removed)];
            format!("{at}{}", parts.concat())
        }
        Change::Reordered { at } => format!("{at} reordered"),
        Change::Bytes => "bytes".to_owned(),
    }
}

/// The changes from one text to another at the same path, and whether something else may be found.
fn changes(old: &str, new: &str) -> (Vec<String>, bool) {
    let told = compared(&[("a.yml", old)], &[("a.yml", new)]);
    assert_eq!((told.added.len(), told.removed.len()), (0, 0), "{new}");
    assert_eq!(told.changed.len() + told.unchanged, 1, "{new}");
    let Some(changed) = told.changed.first() else { return (Vec::new(), false) };
    assert_eq!((changed.before.path.as_str(), changed.after.path.as_str()), ("a.yml", "a.yml"));
    (changed.changes.iter().map(line).collect(), changed.finds_otherwise)
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Of a document: words, what stands there then, what is told, and whether it may find something else.
type Edit<'a> = (&'a str, &'a str, &'a [&'a str], bool);

fn tell(text: &str, edits: &[Edit<'_>]) {
    for (words, instead, expected, finds_otherwise) in edits {
        assert_eq!(text.matches(words).count(), 1, "{words}");
        let (told, otherwise) = changes(text, &text.replace(words, instead));
        assert_eq!((told, otherwise), (owned(expected), *finds_otherwise), "{instead}");
    }
}

#[test]
fn what_a_rule_says_changes_key_by_key() {
    tell(
        RULE,
        &[
            ("level: medium", "level: high", &["level: medium > high"], false),
            ("level: medium\n", "", &["level: medium > nothing"], false),
            ("level: medium", "level:", &["level: medium > null"], false),
            ("title: Dump", "title: |\n  Two\n  lines", &["title: Dump > Two\nlines\n"], false),
            ("status: test", "status: test\ndate: 2026-01-05", &["date: nothing > 2026-01-05"], false),
            ("[attack.t1055, ", "[", &["tags -attack.t1055"], false),
            ("attack.t1055, attack", "attack.t1070, attack", &["tags +attack.t1070 -attack.t1055"], false),
            ("[attack.t1055, attack.t1003]", "[attack.t1003, attack.t1055]", &["tags reordered"], false),
            ("[attack.t1055, attack.t1003]", "[]", &["tags -attack.t1055 -attack.t1003"], false),
            ("t1055, ", "t1055, attack.t1003, ", &["tags +attack.t1003"], false),
            ("  - Unknown", "  - Unknown\n  - Tests, too", &["falsepositives +Tests, too"], false),
            ("\n  - Unknown", " Unknown", &["falsepositives: [Unknown] > Unknown"], false),
            ("falsepositives:\n  - Unknown\n", "", &["falsepositives -Unknown"], false),
            (
                "status: test",
                "status: test\nrelated: [{id: x, type: similar}]",
                &["related +{id: x, type: similar}"],
                false,
            ),
            ("status: test", "status: test\nfields: []", &["fields: nothing > []"], false),
            ("status: test", "status: test\ncustom: {a: {b: 5}}", &["custom.a.b: nothing > 5"], false),
            ("4b5ba1b4", "4B5BA1B4", &[&format!("id: {ID} > 4B5BA1B4{}", &ID[8..])], false),
        ],
    );
}

#[test]
fn what_a_rule_finds_changes_test_by_test() {
    tell(
        RULE,
        &[
            (
                "category: process_creation",
                "service: sysmon",
                &["logsource.category: process_creation > nothing", "logsource.service: nothing > sysmon"],
                true,
            ),
            (r"\b.exe", r"\c.exe", &[r"detection.selection.Image|endswith +\c.exe -\b.exe"], true),
            (
                r"[\a.exe, \b.exe]",
                r"[\b.exe, \a.exe]",
                &["detection.selection.Image|endswith reordered"],
                false,
            ),
            (r"[\a.exe, \b.exe]", r"\a.exe", &[r"detection.selection.Image|endswith -\b.exe"], true),
            ("EventID: 1", "EventID: '1'", &["detection.selection.EventID: 1 > '1'"], true),
            ("EventID: 1", "EventID: 0x1", &["detection.selection.EventID: 1 > 0x1"], true),
            ("EventID: 1", "EventID: !x [1]", &["detection.selection.EventID: 1 > !x [1]"], true),
            ("EventID: 1", "EventID: [1, 5]", &["detection.selection.EventID +5"], true),
            ("    EventID: 1\n", "", &["detection.selection.EventID: 1 > nothing"], true),
            (
                "Image|endswith",
                "Image|startswith",
                &[
                    r"detection.selection.Image|endswith -\a.exe -\b.exe",
                    r"detection.selection.Image|startswith +\a.exe +\b.exe",
                ],
                true,
            ),
            ("contains: x", "contains: z", &["detection.either[0].CommandLine|contains: x > z"], true),
            ("contains: x\n", "contains: [x, z]\n", &["detection.either[0].CommandLine|contains +z"], true),
            ("    - OriginalFileName: y\n", "", &["detection.either -{OriginalFileName: y}"], true),
            (
                "  either:\n",
                "  either:\n    - User: [mia, 'no, not']\n",
                &["detection.either +{User: [mia, 'no, not']}"],
                true,
            ),
            (
                "  condition: selection and either",
                "  more: {User: {}}\n  condition: selection and either",
                &["detection.more.User: nothing > {}"],
                true,
            ),
            (
                "selection and either",
                "selection or either",
                &["detection.condition: selection and either > selection or either"],
                true,
            ),
            // Maps of a list are known by their keys, wherever in it they stand.
            (
                "    - CommandLine|contains: x\n      User: kai\n    - OriginalFileName: y\n",
                "    - OriginalFileName: z\n    - Image: a\n    - CommandLine|contains: x\n      User: mia\n",
                &[
                    "detection.either[0].OriginalFileName: y > z",
                    "detection.either[2].User: kai > mia",
                    "detection.either +{Image: a}",
                ],
                true,
            ),
            // Nothing but the order of what one of several must be.
            (
                "    - CommandLine|contains: x\n      User: kai\n    - OriginalFileName: y\n",
                "    - OriginalFileName: y\n    - CommandLine|contains: x\n      User: kai\n",
                &["detection.either reordered"],
                false,
            ),
        ],
    );
    tell(
        COUNT,
        &[
            ("[a, b]", "[b, a]", &["correlation.rules reordered"], true),
            ("[User, Computer]", "[Computer, User]", &["correlation.group-by reordered"], false),
            ("timespan: 10s", "timespan: 20s", &["correlation.timespan: 10s > 20s"], true),
            ("title: c", "title: d", &["title: c > d"], false),
        ],
    );
    let filter = "title: f\nlogsource: {product: windows}\nfilter:\n  rules: [a]\n  s: {User: kai}\n  condition: not s\n";
    tell(
        filter,
        &[
            ("[a]", "any", &["filter.rules +any -a"], true),
            ("kai", "mia", &["filter.s.User: kai > mia"], true),
        ],
    );
}

#[test]
fn comments_layout_and_the_order_of_keys_are_no_change() {
    let block = "tags: # of ATT&CK\n  - \"attack.t1055\"\n  - 'attack.t1003'";
    for (words, instead) in [
        ("title: Dump", "# why\ntitle:   'Dump'   # what\n"),
        ("tags: [attack.t1055, attack.t1003]", block),
        ("level: medium\nstatus: test", "status: test\nlevel: medium"),
        ("product: windows\n  category: process_creation", "category: process_creation\n  product: windows"),
        ("CommandLine|contains: x\n      User: kai", "{User: kai, CommandLine|contains: x}"),
        ("\ntitle", "\r\n---\r\ntitle"),
        ("condition: selection and either\n", "condition: selection and either\n...\n---\n# the end\n"),
    ] {
        assert_eq!(RULE.matches(words).count(), 1, "{words}");
        assert_eq!(changes(RULE, &RULE.replace(words, instead)), (vec![], false), "{instead}");
    }
}

/// Who is who, told as `+` added, `-` removed, `~` changed with what, and the number of unchanged ones.
fn told(difference: &Difference) -> Vec<String> {
    let added = difference.added.iter().map(|entry| format!("+{}", entry.path));
    let removed = difference.removed.iter().map(|entry| format!("-{}", entry.path));
    let changed = difference.changed.iter().map(|changed| {
        let changes: Vec<String> = changed.changes.iter().map(line).collect();
        format!("~{} {}", changed.after.path, changes.join(", "))
    });
    added.chain(removed).chain(changed).chain([difference.unchanged.to_string()]).collect()
}

#[test]
fn documents_are_known_by_id_and_else_by_path_and_number() {
    let rule = |head: &str, title: &str| {
        let rest = "logsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n";
        format!("{head}title: {title}\n{rest}")
    };
    let [a, b] = [ID, OTHER].map(|id| rule(&format!("id: {id}\n"), "t"));
    let upper = a.replace(ID, &ID.to_uppercase());
    let [none, none_too, named] = [rule("", "t"), rule("", "u"), rule("id: x1\n", "t")];
    let [both, turned] = [format!("{a}---\n{b}"), format!("{b}---\n{a}")];
    let [two, other_two] = [format!("{none}---\n{none_too}"), format!("{none}---\n{none}")];
    let global = format!("action: global\nlevel: low\n---\n{a}---\n{b}");
    let other_global = global.replace("low", "high");
    let renamed = a.replace("title: t", "title: u");
    type Version<'a> = &'a [(&'a str, &'a str)];
    let cases: &[(Version<'_>, Version<'_>, &[&str])] = &[
        (&[], &[], &["0"]),
        (&[("1", &a)], &[("1", &a)], &["1"]),
        (&[], &[("1", &both)], &["+1", "+1", "0"]),
        (&[("1", &both)], &[("1", "")], &["-1", "-1", "0"]),
        (&[("1", &a)], &[("2", &a)], &["~2 moved 1 > 2", "0"]),
        (&[("1", &a)], &[("2", &renamed)], &["~2 moved 1 > 2, title: t > u", "0"]),
        (&[("1", &a)], &[("2", &upper)], &["~2 moved 1 > 2, id: ID > UPPER", "0"]),
        // Another id is another rule, wherever it stands.
        (&[("1", &a)], &[("1", &b)], &["+1", "-1", "0"]),
        (&[("1", &a), ("2", &b)], &[("1", &b), ("2", &a)], &["~1 moved 2 > 1", "~2 moved 1 > 2", "0"]),
        (&[("1", &both)], &[("1", &turned)], &["2"]),
        (&[("1", &both)], &[("1", &a), ("2", &b)], &["~2 moved 1 > 2", "1"]),
        // Without one, the place is all there is.
        (&[("1", &none)], &[("2", &none)], &["+2", "-1", "0"]),
        (&[("1", &two)], &[("1", &other_two)], &["~1 title: u > t", "1"]),
        (&[("1", &none)], &[("1", &a)], &["~1 id: nothing > ID", "0"]),
        (&[("1", &a)], &[("1", &named)], &["~1 id: ID > x1", "0"]),
        // An id that is no UUID says nothing.
        (&[("1", &named)], &[("2", &named)], &["+2", "-1", "0"]),
        // What several have tells none of them.
        (&[("1", &a)], &[("2", &a), ("3", &a)], &["+2", "+3", "-1", "0"]),
        (&[("1", &a)], &[("1", &renamed), ("3", &a)], &["+3", "~1 title: t > u", "0"]),
        (
            &[("1", &a), ("2", &a)],
            &[("1", &renamed), ("2", &upper)],
            &["~1 title: t > u", "~2 id: ID > UPPER", "0"],
        ),
        // A file that stays as it is keeps what it has.
        (&[("1", &a), ("2", &a)], &[("1", &a), ("3", &a)], &["~3 moved 2 > 3", "1"]),
        (&[("1", &a)], &[("1", &a), ("2", &renamed)], &["+2", "1"]),
        // What a file shares stands in each of its documents.
        (&[("1", &global)], &[("1", &other_global)], &["~1 level: low > high", "~1 level: low > high", "0"]),
        (&[("1", &global)], &[("1", &global)], &["2"]),
        // A path given twice is both files.
        (&[("1", &a), ("1", &b)], &[("1", &a), ("1", &b)], &["2"]),
        (&[("1", &a), ("1", &b)], &[("1", &a)], &["-1", "1"]),
    ];
    for (old, new, expected) in cases {
        let expected: Vec<String> =
            expected.iter().map(|text| text.replace("UPPER", &ID.to_uppercase()).replace("ID", ID)).collect();
        assert_eq!(told(&compared(old, new)), expected, "{old:?}\n{new:?}");
    }
}

#[test]
fn what_is_refused_now_and_was_not_is_told_and_so_is_what_was_mended() {
    let broken = RULE.replace("condition: selection and either", "condition: nobody");
    let odd = broken.replace("medium", "low");
    let torn = RULE.replace("tags: [", "tags: [[");
    let torn_too = torn.replace("medium", "low");
    let renamed = RULE.replace("Dump", "Dumps");
    type Case<'a> = (&'a str, &'a str, [usize; 3], &'a [&'a str], bool);
    let cases: &[Case<'_>] = &[
        (RULE, &renamed, [0, 0, 0], &["title: Dump > Dumps"], false),
        (RULE, &broken, [1, 1, 0], &["detection.condition: selection and either > nobody"], true),
        (&broken, RULE, [0, 0, 1], &["detection.condition: nobody > selection and either"], true),
        // A rule that finds nothing in either version does not find otherwise.
        (&broken, &odd, [1, 0, 0], &["level: medium > low"], false),
        (
            &odd,
            &broken.replace("nobody", "noone"),
            [1, 0, 0],
            &["level: low > medium", "detection.condition: nobody > noone"],
            false,
        ),
        // What is no YAML is known by what its lines say.
        (RULE, &torn, [1, 1, 0], &["bytes"], true),
        (&torn, RULE, [0, 0, 1], &["bytes"], true),
        (&torn, &torn_too, [1, 0, 0], &["bytes"], false),
        (RULE, &RULE.replace("title: Dump\n", ""), [1, 1, 0], &["title: Dump > nothing"], true),
    ];
    for (old, new, [refused, newly_refused, newly_loaded], expected, finds_otherwise) in cases {
        let told = compared(&[("a.yml", old)], &[("a.yml", new)]);
        let counts = [told.refused.len(), told.newly_refused.len(), told.newly_loaded.len()];
        assert_eq!(counts, [*refused, *newly_refused, *newly_loaded], "{new}");
        let [changed] = told.changed.as_slice() else { panic!("one document changed: {told:?}") };
        let changes: Vec<String> = changed.changes.iter().map(line).collect();
        assert_eq!((changes, changed.finds_otherwise), (owned(expected), *finds_otherwise), "{new}");
        assert_eq!(changed.after.rule_id.as_deref(), Some(ID), "{new}");
    }
    // A file that differs tells all that is refused in it, one that does not, nothing.
    let whole = format!("{torn}---\n{RULE}");
    let told = compared(
        &[("a.yml", &whole), ("b.yml", &torn)],
        &[("a.yml", &format!("{whole}\n# x\n")), ("b.yml", &torn)],
    );
    assert_eq!((told.refused.len(), told.newly_refused.len(), told.unchanged), (1, 0, 3));
}

#[test]
fn a_file_that_is_no_text_is_one_document_of_bytes() {
    let file = |bytes: &[u8]| vec![("a.yml".to_owned(), bytes.to_vec())];
    let none = Placeholders::new();
    for (old, new, expected, finds_otherwise) in [
        (&b"title: \xff"[..], &b"title: \xfe"[..], "bytes", false),
        (RULE.as_bytes(), b"title: \xfe", "bytes", true),
        (b"title: \xff", RULE.as_bytes(), "bytes", true),
    ] {
        let told = difference(&file(old), &file(new), &none);
        let [changed] = told.changed.as_slice() else { panic!("one document changed: {told:?}") };
        assert_eq!(
            (line(&changed.changes[0]).as_str(), changed.finds_otherwise),
            (expected, finds_otherwise)
        );
    }
    let told = difference(&file(b"\xff---\n\xff"), &file(b"\xff---\n\xff"), &none);
    assert_eq!(told, Difference { unchanged: 1, ..Difference::default() });
}

#[test]
fn placeholders_are_those_of_both_versions() {
    let rule = RULE.replace("User: kai", "User|expand: '%staff%'");
    let without = compared(&[("a.yml", RULE)], &[("a.yml", &rule)]);
    assert_eq!((without.newly_refused.len(), without.refused.len()), (1, 1));
    let staff = Placeholders::from([("staff".to_owned(), vec!["mia".to_owned()])]);
    let with = difference(&files(&[("a.yml", RULE)]), &files(&[("a.yml", &rule)]), &staff);
    assert_eq!(with.refused, []);
}

#[test]
fn programs_get_words_in_snake_case_and_reasons_by_code() {
    let new = RULE.replace("condition: selection and either", "condition: nobody").replace("medium", "high");
    let told = yaml_serde::to_value(compared(&[("a.yml", RULE)], &[("b.yml", &new)])).expect("it is a value");
    let expected = format!(
        r"
added: []
removed: []
changed:
  - before: {{rule_id: {ID}, title: Dump, level: medium, status: test, path: a.yml}}
    after: {{rule_id: {ID}, title: Dump, level: high, status: test, path: b.yml}}
    changes:
      - {{kind: moved, before: a.yml, after: b.yml}}
      - {{kind: value, at: level, before: medium, after: high}}
      - {{kind: value, at: detection.condition, before: selection and either, after: nobody}}
    finds_otherwise: true
unchanged: 0
refused: &refused
  - rule_id: {ID}
    title: Dump
    path: b.yml
    line: 20
    code: selection-unknown
    arguments: {{name: nobody}}
    reason: the condition names nobody, which is no selection
newly_refused: *refused
newly_loaded: []
"
    );
    let expected: yaml_serde::Value = yaml_serde::from_str(&expected).expect("it is YAML");
    assert_eq!(told, expected);
}
