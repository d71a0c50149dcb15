//! Correlations: a table for every type, what they refer to, what verdicts list.

use std::collections::BTreeSet;

use detect::{Engine, Scratch, Signal, Verdict};
use model::event::{Kind, Place};
use model::time::Instant;
use sources::{Builder, Sheet, Value};

use crate::events::{SYSMON, catalogue, rules};

pub(crate) const BASES: &str = "
title: a
name: a
logsource: {product: windows, category: process_creation}
detection: {s: {CommandLine|contains: a}, condition: s}
---
title: b
name: b
logsource: {product: windows, category: process_creation}
detection: {s: {CommandLine|contains: b}, condition: s}
---
title: c
name: c
logsource: {product: windows, category: process_creation}
detection: {s: {CommandLine|contains: c}, condition: s}
---
";

/// An event: time in units of 100 ns, command line, computer, user, a number. Empty: absent; with
/// bars between them: several values.
pub(crate) type Event<'a> = (i64, &'a str, &'a str, &'a str, &'a str);

pub(crate) fn sheet(events: &[Event<'_>]) -> Sheet {
    let mut builder = Builder::new(catalogue());
    let source = builder.source(&"log".into());
    for (number, (time, line, computer, user, amount)) in events.iter().enumerate() {
        let time = Some(Instant::from_nanoseconds(time * 100));
        let place = Place { ordinal: number as u64 + 1, time, ..Place::default() };
        builder.begin(source, &Kind::new("windows", SYSMON, Some(1)), &place);
        let fields = [("CommandLine", line), ("Computer", computer), ("User", user), ("Amount", amount)];
        for (name, values) in fields.into_iter().filter(|(_, values)| !values.is_empty()) {
            values.split('|').for_each(|value| builder.field(name, Value::text(value)));
        }
    }
    builder.finish().expect("columns are well formed").remove(0)
}

pub(crate) fn signals(engine: &Engine, events: &[Event<'_>]) -> Vec<Signal> {
    let found = engine.scan(&sheet(events), &mut Scratch::default());
    let mut signals = found.expect("columns are those of a sheet").signals;
    signals.sort_by_key(|signal| signal.place.time);
    signals
}

/// Verdicts of the correlations in `text`, which may name the rules a, b and c.
fn verdicts(text: &str, events: &[Event<'_>]) -> Vec<Verdict> {
    let engine = Engine::new(rules(&format!("{BASES}{text}")), catalogue());
    let mut correlator = engine.correlator().expect("there is a correlation");
    let mut verdicts = Vec::new();
    for signal in signals(&engine, events) {
        correlator.push(&signal, &mut verdicts);
    }
    verdicts
}

/// Numbers of the events of each verdict, the completing one last.
pub(crate) fn events_of(verdicts: &[Verdict]) -> Vec<Vec<u64>> {
    verdicts
        .iter()
        .map(|verdict| verdict.events().iter().map(|event| event.place.ordinal).collect())
        .collect()
}

pub(crate) fn correlation(kind: &str, rest: &str) -> String {
    format!("title: t\ncorrelation: {{type: {kind}, group-by: Computer, timespan: 10s, {rest}}}\n")
}

pub(crate) const SECOND: i64 = 10_000_000;

#[test]
fn each_type_fires_at_the_completing_event() {
    let at = |second: i64, line: &'static str| (second * SECOND, line, "w", "", "");
    let with = |second: i64, amount: &'static str| (second * SECOND, "a", "w", "", amount);
    let user = |second: i64, user: &'static str| (second * SECOND, "a", "w", user, "");
    type Case<'a> = (&'a str, &'a str, Vec<Event<'a>>, &'a [&'a [u64]]);
    let cases: &[Case<'_>] = &[
        (
            "event_count",
            "rules: a, condition: {gte: 3}",
            vec![at(0, "a"), at(5, "a"), at(10, "a")],
            &[&[1, 2, 3]],
        ),
        ("event_count", "rules: a, condition: {gte: 3}", vec![at(0, "a"), at(5, "a"), at(11, "a")], &[]),
        // One verdict a burst, and another one when the burst has passed.
        (
            "event_count",
            "rules: a, condition: {gt: 1}",
            vec![at(0, "a"), at(1, "a"), at(2, "a"), at(60, "a"), at(61, "a")],
            &[&[1, 2], &[4, 5]],
        ),
        ("event_count", "rules: a, condition: {eq: 2}", vec![at(0, "a"), at(1, "a"), at(2, "a")], &[&[1, 2]]),
        ("event_count", "rules: a, condition: {lt: 5, gte: 2}", vec![at(0, "a"), at(1, "a")], &[&[1, 2]]),
        ("event_count", "rules: a, condition: {neq: 1}", vec![at(0, "a"), at(1, "a")], &[&[1, 2]]),
        ("event_count", "rules: a, condition: {lte: 1}", vec![at(0, "a"), at(50, "a")], &[&[1], &[2]]),
        // One event that two rules find is one event.
        ("event_count", "rules: [a, b], condition: {gte: 2}", vec![at(0, "ab"), at(1, "c")], &[]),
        ("event_count", "rules: [a, b], condition: {gte: 2}", vec![at(0, "ab"), at(1, "b")], &[&[1, 2]]),
        (
            "value_count",
            "rules: a, condition: {field: User, gte: 2}",
            vec![user(0, "x"), user(1, "x"), user(2, ""), user(3, "y")],
            &[&[1, 2, 4]],
        ),
        ("temporal", "rules: [a, b]", vec![at(0, "b"), at(10, "a")], &[&[1, 2]]),
        ("temporal", "rules: [a, b]", vec![at(0, "b"), at(11, "a")], &[]),
        ("temporal", "rules: [a, b]", vec![at(0, "ab")], &[&[1]]),
        (
            "temporal",
            "rules: [a, b, c], condition: {gte: 2}",
            vec![at(0, "c"), at(1, "c"), at(2, "a")],
            &[&[1, 2, 3]],
        ),
        (
            "temporal",
            "rules: [a, b, c], condition: 'a and (b or c)'",
            vec![at(0, "c"), at(1, "a")],
            &[&[1, 2]],
        ),
        ("temporal", "condition: 'b and not c'", vec![at(0, "c"), at(1, "b"), at(12, "b")], &[&[3]]),
        ("temporal_ordered", "rules: [a, b]", vec![at(0, "b"), at(1, "a")], &[]),
        // The first event stands in no chain from a to b.
        ("temporal_ordered", "rules: [a, b]", vec![at(0, "b"), at(1, "a"), at(2, "b")], &[&[2, 3]]),
        (
            "temporal_ordered",
            "rules: [a, b, c]",
            vec![at(0, "a"), at(3, "c"), at(4, "b"), at(5, "c")],
            &[&[1, 3, 4]],
        ),
        (
            "value_sum",
            "rules: a, condition: {field: Amount, gt: 9}",
            vec![with(0, "4"), with(1, "n/a"), with(2, "6")],
            &[&[1, 3]],
        ),
        (
            "value_sum",
            "rules: a, condition: {field: Amount, gte: 0.3}",
            vec![with(0, "0.1"), with(1, "0.3")],
            &[&[1, 2]],
        ),
        (
            "value_avg",
            "rules: a, condition: {field: Amount, gt: 4}",
            vec![with(0, "4"), with(1, "6")],
            &[&[1, 2]],
        ),
        (
            "value_percentile",
            "rules: a, condition: {field: Amount, percentile: 90, gte: 9}",
            vec![with(0, "1"), with(1, "9"), with(2, "10")],
            &[&[1, 2, 3]],
        ),
        (
            "value_percentile",
            "rules: a, condition: {field: Amount, gte: 5}",
            vec![with(0, "1"), with(1, "9")],
            &[&[1, 2]],
        ),
    ];
    for (kind, rest, events, expected) in cases {
        let text = correlation(kind, rest);
        assert_eq!(events_of(&verdicts(&text, events)), *expected, "{text}{events:?}");
    }
}

#[test]
fn the_edge_of_a_window_counts_to_a_hundred_nanoseconds() {
    let text = correlation("event_count", "rules: a, condition: {gte: 2}");
    for (apart, fires) in [(10 * SECOND, true), (10 * SECOND + 1, false)] {
        let events = [(7, "a", "w", "", ""), (7 + apart, "a", "w", "", "")];
        assert_eq!(!verdicts(&text, &events).is_empty(), fires, "{apart}");
    }
}

#[test]
fn groups_are_apart_and_events_without_the_field_are_in_none() {
    let text = correlation("event_count", "rules: a, condition: {gte: 2}");
    let events = [(0, "a", "w1", "", ""), (1, "a", "", "", ""), (2, "a", "w2", "", ""), (3, "a", "", "", "")];
    assert!(verdicts(&text, &events).is_empty());
    let one_group = text.replace("group-by: Computer, ", "");
    let found = verdicts(&one_group, &events);
    assert_eq!(events_of(&found), [[1, 2]]);
    assert_eq!(found[0].group, []);
}

#[test]
fn several_fields_are_one_combined_value() {
    let text = correlation("value_count", "rules: a, condition: {field: [User, Amount], gte: 3}");
    let events =
        [(0, "a", "w", "u", "1"), (1, "a", "w", "v", "1"), (2, "a", "w", "", "2"), (3, "a", "w", "u", "2")];
    assert_eq!(events_of(&verdicts(&text, &events)), [[1, 2, 4]]);
}

#[test]
fn aliases_join_fields_of_different_names() {
    let text = "title: t\ncorrelation:\n  type: temporal\n  rules: [a, b]\n  group-by: who\n  timespan: 10s\n  aliases: {who: {a: User, b: Computer}}\n";
    let events = [(0, "a", "x", "k", ""), (1, "b", "k", "x", ""), (2, "b", "x", "k", "")];
    let found = verdicts(text, &events);
    assert_eq!(events_of(&found), [[1, 2]]);
    assert_eq!(found[0].group, [("who".to_owned(), "k".to_owned())]);
}

#[test]
fn a_chain_lists_all_events_and_takes_its_own_fields() {
    let text = "
title: burst
name: burst
correlation: {type: event_count, rules: a, group-by: Computer, timespan: 10s, condition: {gte: 2}}
---
title: burst, then success
level: critical
correlation: {type: temporal_ordered, rules: [burst, b], group-by: User, timespan: 1m}
";
    let at = |second: i64, line: &'static str, user: &'static str| (second * SECOND, line, "w", user, "");
    let events = [at(0, "a", "u"), at(1, "a", "v"), at(20, "b", "u"), at(30, "b", "v"), at(40, "c", "v")];
    let found = verdicts(text, &events);
    assert_eq!(events_of(&found), [[1, 2, 4]]);
    assert_eq!(found[0].group, [("User".to_owned(), "v".to_owned())]);
}

#[test]
fn an_event_that_comes_late_counts_in_the_open_window() {
    let text = correlation("event_count", "rules: a, condition: {gte: 3}");
    let engine = Engine::new(rules(&format!("{BASES}{text}")), catalogue());
    let events = [(0, "a", "w", "", ""), (5, "a", "w", "", ""), (9 * SECOND, "a", "w", "", "")];
    let signals = signals(&engine, &events);
    for order in [[0, 1, 2], [2, 0, 1], [2, 1, 0], [1, 2, 0]] {
        let mut correlator = engine.correlator().expect("there is a correlation");
        let mut found = Vec::new();
        order.iter().for_each(|number| correlator.push(&signals[*number], &mut found));
        assert_eq!(found.len(), 1, "{order:?}");
        assert_eq!(found[0].place.ordinal as usize, order[2] + 1, "the one that came last completes it");
    }
}

#[test]
fn crowded_windows_keep_what_matters() {
    // Twenty thousand events in one window, of which the first has the second value, too.
    let engine = |text: &str| Engine::new(rules(&format!("{BASES}{text}")), catalogue());
    for (kind, rest, last, fires) in [
        ("event_count", "rules: a, condition: {gte: 20001}", "a", true),
        ("event_count", "rules: a, condition: {gte: 20002}", "a", false),
        ("value_count", "rules: a, condition: {field: User, gte: 3}", "a", true),
        ("value_count", "rules: a, condition: {field: User, gte: 4}", "a", false),
        ("temporal_ordered", "rules: [b, a, c]", "c", true),
        ("temporal_ordered", "rules: [c, a, b]", "c", false),
    ] {
        let engine = engine(&correlation(kind, rest));
        let mut events = vec![(0, "b a", "w", "first", "")];
        events.extend((1..20_000).map(|number| (number, "a", "w", "many", "")));
        events.push((20_000, last, "w", "last", ""));
        let mut correlator = engine.correlator().expect("there is a correlation");
        let mut found = Vec::new();
        signals(&engine, &events).iter().for_each(|signal| correlator.push(signal, &mut found));
        assert_eq!(!found.is_empty(), fires, "{kind} {rest}");
    }
}

#[test]
fn references_that_cannot_be_resolved_are_refused_and_the_rest_stays() {
    let part = |title: &str, rules: &str| {
        format!(
            "title: {title}\nname: {title}\ncorrelation: {{type: temporal, rules: {rules}, group-by: User, timespan: 1m}}\n---\n"
        )
    };
    let text = [
        BASES.to_owned(),
        part("good", "[a, b]"),
        part("unknown", "[a, nobody]"),
        part("ring", "[ring2]"),
        part("ring2", "[ring]"),
        part("itself", "[itself]"),
        part("above", "[unknown, a]"),
        part("twice", "[a, a]"),
        part("chain", "[good, c]"),
    ]
    .concat();
    let set = detect::RuleSet::new(detect::load("t.yml", &text, &detect::Placeholders::new()));
    let titles = |refused: &detect::Refusal| refused.title.clone().unwrap_or_default();
    let refused: BTreeSet<String> = set.refused.iter().map(titles).collect();
    let expected = ["unknown", "ring", "ring2", "itself", "above", "twice"].map(str::to_owned);
    assert_eq!(refused, expected.into());
    assert_eq!(set.correlations.len(), 2);
    assert!(set.refused.iter().all(|refused| refused.line > 10), "each names its document");
    // Rules of what is left are silent, and so is the part of a chain.
    assert!(set.rules.iter().all(|rule| rule.silent));
    assert_eq!(set.correlations.iter().map(|one| one.silent).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn levels_and_tags_choose_verdicts_and_not_what_they_stand_on() {
    let text = format!("{BASES}{}level: high\n", correlation("event_count", "rules: a, condition: {gte: 2}"));
    let mut set = rules(&text);
    set.retain(|meta| meta.level >= model::level::Level::High);
    assert_eq!(set.rules.len(), 1, "b and c are of no use any more");
    let engine = Engine::new(set, catalogue());
    let found = engine.scan(&sheet(&[(0, "a", "w", "", ""), (1, "b", "w", "", "")]), &mut Scratch::default());
    let found = found.expect("columns are those of a sheet");
    assert_eq!((found.verdicts.len(), found.signals.len()), (0, 1));
}

#[test]
fn a_rule_switched_off_feeds_the_correlations_that_are_not() {
    let counts = |name: &str, part: &str, count: u8| {
        let rest = format!("rules: {part}, generate: true, condition: {{gte: {count}}}");
        correlation("event_count", &rest).replace("title: t", &format!("title: {name}\nname: {name}"))
    };
    let text = format!("{BASES}{}---\n{}", counts("twice", "a", 2), counts("again", "twice", 1));
    let events: Vec<Event<'_>> = vec![(0, "a", "w", "", ""), (1, "ab", "w", "", "")];
    for (off, expected) in [
        (&[][..], &["a", "a", "b", "twice", "again"][..]),
        (&["a"], &["b", "twice", "again"]),
        (&["a", "twice"], &["b", "again"]),
        (&["twice"], &["a", "a", "b", "again"]),
        (&["again"], &["a", "a", "b", "twice"]),
        (&["twice", "again"], &["a", "a", "b"]),
        (&["a", "twice", "again"], &["b"]),
    ] {
        let mut set = rules(&text);
        set.retain(|meta| !off.contains(&meta.title.as_str()));
        let engine = Engine::new(set, catalogue());
        let found = engine.scan(&sheet(&events), &mut Scratch::default());
        let mut verdicts = found.expect("columns are those of a sheet").verdicts;
        if let Some(mut correlator) = engine.correlator() {
            for signal in signals(&engine, &events) {
                correlator.push(&signal, &mut verdicts);
            }
        }
        let titles: Vec<&str> = verdicts.iter().map(|verdict| verdict.rule.title.as_str()).collect();
        assert_eq!(titles, expected, "without {off:?}");
    }
}
