//! The reasons of refusals and warnings: what their codes look like, and that each can occur.

use std::collections::BTreeSet;

use detect::{Cause, Placeholders, RuleSet, load};

use crate::events::catalogue;

/// Codes that no text of a rule leads to.
const ELSEWHERE: [(&str, &str); 4] = [
    ("filter-not-alone", "told by the program, which wants one filter for a suppression"),
    ("file-unreadable", "told by the program, which reads the files"),
    ("file-not-text", "told by the program, which has the bytes"),
    ("program-fault", "told by the program, which catches panics; none is known that a rule leads to"),
];

const RULE: &str =
    "title: t\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nname: base\nlogsource: {product: windows}\n";
const PLAIN: &str = "{s: {a: b}, condition: s}";

/// Codes and the YAML of a whole rule file.
const DOCUMENTS: &[(&str, &str)] = &[
    ("yaml-invalid", "title: [\n"),
    ("document-not-map", "- a\n- b\n"),
    ("title-missing", "id: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\n"),
    ("title-not-text", "title: [t]\n"),
    ("logsource-missing", "title: t\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\ndetection: {s: {a: b}}\n"),
    ("logsource-not-map", "title: t\nlogsource: windows\n"),
    ("logsource-key-not-text", "title: t\nlogsource: {product: [windows]}\n"),
    ("logsource-empty", "title: t\nlogsource: {}\n"),
    ("detection-missing", "title: t\nlogsource: {product: windows}\n"),
    ("detection-not-map", "title: t\nlogsource: {product: windows}\ndetection: [s]\n"),
    ("id-missing", "title: t\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n"),
    ("id-not-uuid", "title: t\nid: x\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n"),
    (
        "meta-not-text",
        "title: t\nlevel: [high]\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n",
    ),
    (
        "meta-not-texts",
        "title: t\ntags: attack.t1003\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n",
    ),
    (
        "related-not-references",
        "title: t\nrelated: [4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11]\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n",
    ),
    (
        "logsource-excluded",
        "title: t\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {EventID: 4104}, condition: s}\n",
    ),
    (
        "field-unknown",
        "title: t\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {Abacus: b}, condition: s}\n",
    ),
    (
        "field-misnamed",
        "title: t\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {image: b}, condition: s}\n",
    ),
    (
        "logsource-unread",
        "title: t\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {product: abacus}\ndetection: {s: {a: b}, condition: s}\n",
    ),
];

/// Codes and what stands behind `detection:` of an otherwise healthy rule.
const DETECTIONS: &[(&str, &str)] = &[
    ("selection-name-not-text", "{5: {a: b}, condition: s}"),
    ("selection-empty-map", "{s: {}, condition: s}"),
    ("selection-empty-list", "{s: [], condition: s}"),
    ("selection-nested-list", "{s: [[a]], condition: s}"),
    ("selection-tagged", "{s: !x {a: b}, condition: s}"),
    ("field-not-text", "{s: {5: b}, condition: s}"),
    ("condition-missing", "{s: {a: b}}"),
    ("list-not-texts", "{s: {a: b}, condition: 5}"),
    ("condition-unreadable", "{s: {a: b}, condition: s and}"),
    ("condition-aggregates", "{s: {a: b}, condition: s | count() > 5}"),
    ("selection-unknown", "{s: {a: b}, condition: s or t}"),
    ("selection-none-fits", "{s: {a: b}, condition: s or 1 of t*}"),
    ("quantifier-unknown", "{s: {a: b}, condition: 2 of s*}"),
    ("modifier-unknown", "{s: {a|containz: b}, condition: s}"),
    ("modifier-without-re", "{s: {a|i: b}, condition: s}"),
    ("modifier-without-field", "{s: {'|exists': true}, condition: s}"),
    ("modifier-without-field", "{s: {'|fieldref': b}, condition: s}"),
    ("modifiers-exclusive", "{s: {a|contains|re: b}, condition: s}"),
    ("modifiers-exclusive", "{s: {a|gt|cidr: b}, condition: s}"),
    ("modifiers-exclusive", "{s: {a|gt|lt: 20}, condition: s}"),
    ("modifiers-exclusive", "{s: {a|hour|day: 2}, condition: s}"),
    ("modifiers-exclusive", "{s: {a|contains|exists: true}, condition: s}"),
    ("modifiers-exclusive", "{s: {a|exists|cased: true}, condition: s}"),
    ("modifiers-exclusive", "{s: {a|cidr|fieldref: b}, condition: s}"),
    ("modifiers-exclusive", "{s: {a|base64|fieldref: b}, condition: s}"),
    ("modifiers-exclusive", "{s: {a|contains|endswith|fieldref: b}, condition: s}"),
    ("modifier-on-null", "{s: {a|contains: null}, condition: s}"),
    ("modifier-on-bytes", "{s: {a|wide|wide: é}, condition: s}"),
    ("modifier-on-wildcards", "{s: {a|base64: 'b*'}, condition: s}"),
    ("windash-too-many", "{s: {a|windash|base64: '-a -b -c -d -e'}, condition: s}"),
    ("keyword-null", "{s: [null], condition: s}"),
    ("keyword-null", "{s: {'': null}, condition: s}"),
    ("values-empty", "{s: {a: []}, condition: s}"),
    ("value-null", "{s: {a: [b, null]}, condition: s}"),
    ("value-map", "{s: {a: {b: c}}, condition: s}"),
    ("value-list", "{s: {a: [[b]]}, condition: s}"),
    ("value-tagged", "{s: {a: !x b}, condition: s}"),
    ("value-encoded", "{s: {a|wide: é}, condition: s}"),
    ("value-wildcards", "{s: {a|cidr: '192.0.2.*'}, condition: s}"),
    ("exists-not-truth", "{s: {a|exists: b}, condition: s}"),
    ("fieldref-not-name", "{s: {a|fieldref: 5}, condition: s}"),
    ("regex-not-text", "{s: {a|re: true}, condition: s}"),
    ("regex-unreadable", "{s: {a|re: '('}, condition: s}"),
    ("network-unreadable", "{s: {a|cidr: here}, condition: s}"),
    ("number-unreadable", "{s: {a|lt: few}, condition: s}"),
    ("number-unreadable", "{s: {a|hour: late}, condition: s}"),
    ("placeholder-unknown", "{s: {a|expand: '%none%'}, condition: s}"),
    (
        "placeholder-too-many",
        "{s: {a|expand: '%digits%%digits%%digits%%digits%%digits%%digits%'}, condition: s}",
    ),
    ("key-hidden", "{s: {\"a\\u00a0|contains\": b}, condition: s}"),
    ("value-control", "{s: {a: \"C:\\temp\"}, condition: s}"),
    ("encoding-open", "{s: {a|wide|contains: b}, condition: s}"),
    ("selection-unused", "{s: {a: b}, t: {a: b}, condition: s}"),
    ("level-unknown", "{s: {a: b}, condition: s}\nlevel: loud"),
    ("status-unknown", "{s: {a: b}, condition: s}\nstatus: odd"),
    (
        "id-twice",
        "{s: {a: b}, condition: s}\n---\ntitle: u\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}",
    ),
];

/// Codes and what stands behind `filter:` of a filter beside a healthy rule.
const FILTERS: &[(&str, &str)] = &[
    ("filter-not-map", "5"),
    ("filter-rules-missing", "{s: {a: b}, condition: not s}"),
    ("filter-rule-not-text", "{rules: [5], s: {a: b}, condition: not s}"),
    ("filter-rules-not-texts", "{rules: 5, s: {a: b}, condition: not s}"),
    ("filter-condition-not-text", "{rules: any, s: {a: b}, condition: [not s]}"),
    ("filter-keeps", "{rules: any, s: {a: b}, condition: s}"),
    ("filter-fits-nothing", "{rules: nobody, s: {a: b}, condition: not s}"),
];

/// Codes and what stands behind `correlation:` of a correlation beside the healthy rule `base`.
const CORRELATIONS: &[(&str, &str)] = &[
    ("correlation-not-map", "5"),
    ("correlation-type-missing", "{rules: base}"),
    ("correlation-type-unknown", "{type: guess, rules: base}"),
    ("correlation-rules-missing", "{type: event_count, condition: {gte: 2}, timespan: 1m}"),
    ("correlation-rule-twice", "{type: temporal, rules: [base, base], group-by: a, timespan: 1m}"),
    (
        "correlation-rule-twice",
        "{type: temporal, rules: [base, 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11], group-by: a, timespan: 1m}",
    ),
    (
        "correlation-rule-unknown",
        "{type: event_count, rules: none, group-by: a, timespan: 1m, condition: {gte: 2}}",
    ),
    (
        "correlation-rule-ambiguous",
        "{type: event_count, rules: base, group-by: a, timespan: 1m, condition: {gte: 2}}\nname: base",
    ),
    (
        "correlation-circular",
        "{type: event_count, rules: self, group-by: a, timespan: 1m, condition: {gte: 2}}\nname: self",
    ),
    ("generate-not-truth", "{type: temporal, rules: base, generate: maybe}"),
    ("timespan-missing", "{type: temporal, rules: base, group-by: a}"),
    ("timespan-unreadable", "{type: temporal, rules: base, group-by: a, timespan: soon}"),
    ("aliases-not-map", "{type: temporal, rules: base, group-by: a, timespan: 1m, aliases: 5}"),
    (
        "alias-name-not-text",
        "{type: temporal, rules: base, group-by: a, timespan: 1m, aliases: {5: {base: a}}}",
    ),
    ("alias-not-map", "{type: temporal, rules: base, group-by: a, timespan: 1m, aliases: {x: base}}"),
    ("correlation-condition-missing", "{type: event_count, rules: base}"),
    ("correlation-condition-not-map", "{type: event_count, rules: base, condition: [5]}"),
    ("formula-not-temporal", "{type: event_count, rules: base, condition: base}"),
    ("formula-quantifies", "{type: temporal, rules: base, condition: 1 of base*}"),
    (
        "formula-rule-unlisted",
        "{type: temporal, rules: base, group-by: a, timespan: 1m, condition: base and other}",
    ),
    ("bound-unknown", "{type: event_count, rules: base, condition: {more: 2}}"),
    ("bound-not-number", "{type: event_count, rules: base, condition: {gte: few}}"),
    ("bound-missing", "{type: event_count, rules: base, condition: {field: a}}"),
    ("counted-not-names", "{type: value_count, rules: base, condition: {gte: 2, field: 5}}"),
    ("counted-missing", "{type: value_count, rules: base, condition: {gte: 2}}"),
    ("counted-not-one", "{type: value_sum, rules: base, condition: {gte: 2, field: [a, b]}}"),
    (
        "percentile-unreadable",
        "{type: value_percentile, rules: base, condition: {gte: 2, field: a, percentile: 101}}",
    ),
    ("list-not-texts", "{type: temporal, rules: 5}"),
    ("group-by-missing", "{type: temporal, rules: base, timespan: 1m}"),
];

/// All codes with a rule file that leads to each.
fn table() -> Vec<(&'static str, String)> {
    let beside = |key: &str, body: &str| {
        let id = "d0a6e9d2-7d27-4b27-8d2b-6d1f6a0a5a11";
        let logsource = if key == "filter" { "logsource: {product: windows}\n" } else { "" };
        format!("{RULE}detection: {PLAIN}\n---\ntitle: u\nid: {id}\n{logsource}{key}: {body}\n")
    };
    let documents = DOCUMENTS.iter().map(|(code, text)| (*code, (*text).to_owned()));
    let detections = DETECTIONS.iter().map(|(code, body)| (*code, format!("{RULE}detection: {body}\n")));
    let filters = FILTERS.iter().map(|(code, body)| (*code, beside("filter", body)));
    let correlations = CORRELATIONS.iter().map(|(code, body)| (*code, beside("correlation", body)));
    let made = [
        ("document-too-deep", format!("a: {}", "[".repeat(600))),
        ("document-too-long", format!("a: {}", "x".repeat(3 << 20))),
    ];
    documents.chain(detections).chain(filters).chain(correlations).chain(made).collect()
}

/// Codes of what is refused and warned of.
fn codes(text: &str) -> BTreeSet<&'static str> {
    let digits = (0..10).map(|digit| digit.to_string()).collect();
    let set = RuleSet::new(load("t.yml", text, &Placeholders::from([("digits".to_owned(), digits)])));
    let refused = set.refused.iter().map(|refusal| refusal.reason.code());
    refused.chain(set.warnings(&catalogue()).iter().map(|warning| warning.reason.code())).collect()
}

#[test]
fn each_code_is_led_to_by_a_rule_file_and_by_nothing_else_in_it() {
    assert_eq!(codes(&format!("{RULE}detection: {PLAIN}\n")), BTreeSet::new());
    for (code, text) in table() {
        assert_eq!(codes(&text), BTreeSet::from([code]), "{text}");
    }
}

#[test]
fn no_code_is_dead_and_none_is_without_an_example() {
    let shown: BTreeSet<_> = table().iter().map(|(code, _)| *code).collect();
    let elsewhere: BTreeSet<_> = ELSEWHERE.iter().map(|(code, _)| *code).collect();
    assert!(shown.is_disjoint(&elsewhere));
    let all: BTreeSet<_> = Cause::CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(shown.union(&elsewhere).copied().collect::<BTreeSet<_>>(), all);
}

#[test]
fn codes_are_unique_kebab_case_and_clauses_are_clauses() {
    let mut known = BTreeSet::new();
    for (code, clause) in Cause::CODES {
        assert!(known.insert(code), "{code} stands twice");
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        assert!(code.split('-').all(is_word), "{code}");
        assert!(!clause.starts_with(char::is_uppercase) && !clause.ends_with('.'), "{code}: {clause}");
        assert_eq!(clause.trim(), *clause, "{code}");
    }
}
