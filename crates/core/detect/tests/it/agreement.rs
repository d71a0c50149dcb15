//! Random rules on random events: the compiled scan finds what the linear one finds.

use detect::{Engine, Placeholders, RuleSet, Scratch, load};
use model::event::Kind;
use proptest::prelude::*;

use crate::events::{Fields, SYSMON, audit, catalogue, sheet};

const WORDS: [&str; 15] = [
    "<null>",
    "<[]>",
    "<{}>",
    "",
    "a",
    "abc",
    "ABC",
    "abcd",
    "x abc y",
    "-abc",
    "/abc /d",
    "powershell -enc",
    "10",
    "192.0.2.7",
    "größe",
];
const FIELDS: [&str; 7] = ["Image", "CommandLine", "ParentImage", "User", "Odd", "NewProcessName", "EventID"];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(WORDS.to_vec()).prop_map(str::to_owned),
        "[abcABC ]{0,6}",
        "[a-c*?]{1,5}",
    ]
}

fn item() -> impl Strategy<Value = String> {
    let modifiers = proptest::sample::select(vec![
        "",
        "",
        "|contains",
        "|contains",
        "|startswith",
        "|endswith",
        "|cased",
        "|contains|all",
        "|windash|contains",
        "|neq",
        "|contains|neq",
        "|startswith|cased",
        "|base64offset|contains",
    ]);
    let field = proptest::sample::select(FIELDS.to_vec());
    let plain = (field.clone(), modifiers, proptest::collection::vec(word(), 1..4)).prop_map(
        |(field, modifiers, words)| {
            let words: Vec<String> =
                words
                    .iter()
                    .map(|word| {
                        if modifiers.contains("base64") { word.replace(['*', '?'], "") } else { word.clone() }
                    })
                    .map(|word| format!("'{word}'"))
                    .collect();
            format!("{field}{modifiers}: [{}]", words.join(", "))
        },
    );
    let special = (
        field,
        proptest::sample::select(vec![
            ": null",
            "|exists: true",
            "|exists: false",
            "|exists: true",
            ": 10",
            "|gt: 5",
            "|cidr: 192.0.2.0/24",
            "|re: 'ab+c'",
            "|re|i: 'abc( |$)'",
            "|re: '(abc|powershell) '",
            "|fieldref: CommandLine",
            "|fieldref|contains: User",
            ": ''",
        ]),
    )
        .prop_map(|(field, rest)| format!("{field}{rest}"));
    prop_oneof![4 => plain, 1 => special]
}

fn rule() -> impl Strategy<Value = String> {
    let selections = proptest::collection::vec(proptest::collection::vec(item(), 1..3), 3);
    let keywords = proptest::collection::vec("[a-c]{2,4}", 1..3);
    let conditions = proptest::sample::select(vec![
        "s0",
        "s0 and s1",
        "s0 or s1",
        "s0 and not s1",
        "not s0",
        "1 of s*",
        "all of s*",
        "(s0 or s1) and not s2",
        "k",
        "k and not s0",
        "s0 or k",
        "not (s0 or not s1)",
        "1 of them",
    ]);
    let sources = proptest::sample::select(vec![
        "category: process_creation\n  product: windows",
        "product: windows",
        "product: linux\n  service: auditd",
        "service: sysmon\n  product: windows",
    ]);
    (selections, keywords, conditions, sources).prop_map(|(selections, keywords, condition, source)| {
        let mut text = format!("title: t\nlogsource:\n  {source}\ndetection:\n");
        for (number, items) in selections.iter().enumerate() {
            // The same field twice would be a duplicate key; the second goes into a list of maps.
            text += &format!("  s{number}:\n");
            for item in items {
                text += &format!("    - {item}\n");
            }
        }
        text += &format!("  k: [{}]\n  condition: {condition}\n", keywords.join(", "));
        text
    })
}

fn event() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let more = ["Odd.Part", "NewProcessName.Odd", "~Odd", "~CommandLine"];
    let names = [&FIELDS[..6], &more].concat();
    proptest::collection::vec((proptest::sample::select(names), word()), 0..7)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn compiled_and_linear_scan_agree(
        texts in proptest::collection::vec(rule(), 1..20),
        events in proptest::collection::vec(event(), 1..20),
        types in proptest::collection::vec(proptest::sample::select(vec!["EXECVE", "SYSCALL"]), 20),
    ) {
        let rules = RuleSet::new(texts.iter().flat_map(|text| load("t.yml", text, &Placeholders::new())));
        prop_assert!(rules.refused.is_empty(), "generated rules load: {:?}", rules.refused);
        let engine = Engine::new(rules, catalogue());
        let owned: Vec<Vec<(&str, &str)>> =
            events.iter().map(|fields| fields.iter().map(|(name, value)| (*name, value.as_str())).collect()).collect();
        let mut scratch = Scratch::default();
        for kind in [
            Kind::new("windows", SYSMON, Some(1)),
            Kind::new("windows", "Security", Some(4688)),
            Kind::new("windows", "Application", None),
        ] {
            let id = kind.event_id.map(|id| id.to_string());
            let with_header: Vec<Vec<(&str, &str)>> = owned
                .iter()
                .map(|fields| {
                    let header = id.iter().map(|id| ("EventID", id.as_str())).chain([("Channel", &*kind.log)]);
                    header.chain(fields.iter().copied()).collect()
                })
                .collect();
            let fields: Vec<Fields<'_>> = with_header.iter().map(Vec::as_slice).collect();
            let sheet = sheet(&kind, &fields);
            prop_assert_eq!(engine.hits(&sheet, &mut scratch), engine.scan_linear(&sheet));
        }
        let typed: Vec<Vec<(&str, &str)>> = owned
            .iter()
            .zip(&types)
            .map(|(fields, record)| std::iter::once(("type", *record)).chain(fields.iter().copied()).collect())
            .collect();
        let records: Vec<Fields<'_>> = typed.iter().map(Vec::as_slice).collect();
        let grouped: Vec<&[Fields<'_>]> = records.chunks(3).collect();
        let sheet = audit(&grouped);
        prop_assert_eq!(engine.hits(&sheet, &mut scratch), engine.scan_linear(&sheet));
    }
}
