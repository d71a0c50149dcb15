//! Filters: which rules they reach, and what becomes of the condition.

use detect::{Cause, Placeholders, RuleSet, load};

use crate::events::{Fields, firing, process_starts};

const RULE: &str = "
title: r
id: 9c9f4b0e-7d27-4b27-8d2b-6d1f6a0a5a11
name: r_name
logsource: {product: windows, category: process_creation}
detection:
  selection: {CommandLine|contains: x}
  selection_b: {CommandLine|contains: y}
  condition: 1 of selection*
---
";

/// Events that fire the rule under a filter with this log source and this body.
fn firing_with(logsource: &str, body: &str) -> Vec<usize> {
    let text = format!("{RULE}title: f\nlogsource: {logsource}\nfilter:\n{body}");
    let set = RuleSet::new(load("t.yml", &text, &Placeholders::new()));
    assert_eq!(set.refused, []);
    let events: [Fields<'_>; 4] = [
        &[("CommandLine", "x"), ("User", "kai")],
        &[("CommandLine", "x"), ("User", "svc_a")],
        &[("CommandLine", "y"), ("User", "svc_b")],
        &[("CommandLine", "z"), ("User", "kai")],
    ];
    firing(set, &process_starts(&events))
}

#[test]
fn filters_reach_the_rules_they_name_within_their_log_source() {
    let windows = "{product: windows, category: process_creation}";
    let without = "  selection: {User|startswith: svc_}\n  condition: not selection\n";
    for (logsource, body, expected) in [
        (windows, format!("  rules: [r_name]\n{without}"), &[1][..]),
        (windows, format!("  rules: 9c9f4b0e-7d27-4b27-8d2b-6d1f6a0a5a11\n{without}"), &[1]),
        (windows, format!("  rules: any\n{without}"), &[1]),
        (windows, format!("  rules: []\n{without}"), &[1]),
        ("{product: windows}", format!("  rules: ALL\n{without}"), &[1]),
        (windows, format!("  rules: [another]\n{without}"), &[1, 2, 3]),
        ("{product: linux}", format!("  rules: any\n{without}"), &[1, 2, 3]),
        ("{product: windows, service: sysmon}", format!("  rules: any\n{without}"), &[1, 2, 3]),
        // Word for word: without `not` the filter keeps what it selects.
        (windows, "  rules: any\n  selection: {User|startswith: svc_}\n  condition: selection\n".to_owned(), &[2, 3]),
        // Its selections stay its own, whatever they are called.
        (
            windows,
            "  rules: any\n  selection: {User: svc_a}\n  selection_b: {User: svc_b}\n  condition: not 1 of selection*\n".to_owned(),
            &[1],
        ),
    ] {
        assert_eq!(firing_with(logsource, &body), expected, "{logsource}\n{body}");
    }
}

#[test]
fn filters_that_cannot_work_are_refused_or_warned_of() {
    let head = "title: f\nlogsource: {product: windows}\n";
    for (body, words) in [
        ("filter: {selection: {a: b}, condition: not selection}", "for which rules"),
        ("filter: {rules: any, selection: {a: b}}", "exactly one condition"),
        (
            "filter: {rules: any, selection: {a: b}, condition: [not selection, selection]}",
            "exactly one condition",
        ),
        ("filter: {rules: any, condition: not selection}", "selection"),
        ("filter: {rules: {a: b}, selection: {a: b}, condition: not selection}", "neither a text nor a list"),
        ("filter: 5", "not a map"),
    ] {
        let set = RuleSet::new(load("t.yml", &format!("{head}{body}\n"), &Placeholders::new()));
        assert!(set.refused[0].reason.to_string().contains(words), "{body}: {}", set.refused[0].reason);
    }
    let text = format!("{RULE}{head}filter: {{rules: nobody, selection: {{a: b}}, condition: selection}}\n");
    let set = RuleSet::new(load("t.yml", &text, &Placeholders::new()));
    let warnings = &set.filters[0].warnings;
    assert_eq!(warnings, &[Cause::IdMissing, Cause::FilterKeeps, Cause::FilterFitsNothing]);
}
