//! What bounds of correlations leave as it is, and what they tell.

use detect::{Bounds, Correlator, Engine, Omitted, Scratch, Signal, Verdict};
use model::time::Instant;

use crate::correlations::{BASES, Event, SECOND, correlation, events_of, sheet, signals};
use crate::events::{catalogue, rules};

fn engine(text: &str, bounds: Bounds) -> Engine {
    Engine::new(rules(&format!("{BASES}{text}")), catalogue()).within(bounds)
}

fn pushed(correlator: &mut Correlator, signals: &[Signal]) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    signals.iter().for_each(|signal| correlator.push(signal, &mut verdicts));
    verdicts
}

fn run(text: &str, events: &[Event<'_>], bounds: Bounds) -> (Vec<Verdict>, Omitted) {
    let engine = engine(text, bounds);
    let mut correlator = engine.correlator().expect("there is a correlation");
    let verdicts = pushed(&mut correlator, &signals(&engine, events));
    (verdicts, correlator.omitted())
}

/// Events a hundred nanoseconds apart, so that all lie in one window.
fn dense<'a>(lines: impl IntoIterator<Item = (usize, &'a str)>) -> Vec<Event<'a>> {
    let lines = lines.into_iter().flat_map(|(count, line)| std::iter::repeat_n(line, count));
    (0..).zip(lines).map(|(time, line)| (time, line, "w", "u", "")).collect()
}

#[test]
fn a_chain_is_found_whatever_crowds_around_it() {
    let text = correlation("temporal_ordered", "rules: [a, b, c]");
    for (before, after) in [(300, 4_200), (1, 20_000), (5_000, 5_000)] {
        let (found, omitted) =
            run(&text, &dense([(before, "a"), (1, "b"), (after, "a"), (1, "c")]), Bounds::default());
        assert_eq!(found.len(), 1, "{before} {after}");
        assert_eq!(found[0].events_count as usize, before + 2, "the others stand in no chain");
        assert_eq!(omitted, Omitted::default());
        let listed = &events_of(&found)[0];
        assert_eq!(listed.len(), (before + 2).min(1_000));
        assert!(listed.contains(&(before as u64 + 1)), "b is not listed");
    }
    let (found, _) = run(&text, &dense([(300, "b"), (1, "a"), (4_200, "b"), (1, "a")]), Bounds::default());
    assert!(found.is_empty());
}

#[test]
fn a_crowded_window_fires_at_the_right_events_and_counts_all_that_are_left() {
    // Five thousand at once; of these a thousand still lie in the window of the next.
    let span = 10 * SECOND;
    let mut events = dense([(5_000, "a")]);
    events.push((span + 4_000, "b", "w", "u", ""));
    for (kind, rest, counts) in [
        ("temporal", "rules: [a, b]", &[1_001][..]),
        // First with the 1,001st of them, then when the others have passed.
        ("event_count", "rules: [a, b], condition: {eq: 1001}", &[1_001, 1_001]),
    ] {
        let (found, omitted) = run(&correlation(kind, rest), &events, Bounds::default());
        let counted: Vec<u64> = found.iter().map(|verdict| verdict.events_count).collect();
        assert_eq!((&counted[..], omitted), (counts, Omitted::default()), "{kind}");
        let listed = &events_of(&found)[0];
        assert_eq!((listed.len(), listed.last().copied()), (1_000, Some(found[0].place.ordinal)));
    }
}

#[test]
fn verdicts_list_the_completing_event_and_999_before_it_with_the_latest_of_each_part() {
    let text = correlation("temporal", "rules: [a, b, c]");
    let events = dense([(3, "a"), (20_000, "b"), (1, "c")]);
    let (found, omitted) = run(&text, &events, Bounds::default());
    assert_eq!((found[0].events_count, omitted), (20_004, Omitted::default()));
    let listed = &events_of(&found)[0];
    assert_eq!(listed.len(), 1_000);
    assert_eq!(listed[0], 3, "the latest a");
    assert!(listed[1..].iter().copied().eq(20_003 - 997..=20_004), "the latest b, and c");

    let (found, _) = run(&text, &events, Bounds::whole_verdicts());
    assert!(events_of(&found)[0].iter().copied().eq(1..=20_004));
    assert_eq!(found[0].events_count, 20_004);
}

#[test]
fn numbers_of_crowded_windows_fire_at_the_event_that_completes_them() {
    // Ones, then tens: the percentile 90 passes 5 when a tenth of all are tens, the sum and the mean
    // when they must.
    let ones = 20_000u64;
    let events: Vec<Event<'_>> =
        (0..40_000).map(|number| (number, "a", "w", "", if number < 20_000 { "1" } else { "10" })).collect();
    for (kind, condition, expected) in [
        // The rank 0.9 (n - 1) lies above the ones from the 2,223rd ten on: 0.9 * 22,222 = 19,999.8.
        ("value_percentile", "percentile: 90, gte: 8", ones + 2_223),
        ("value_sum", "gte: 30000", ones + 1_000),
        ("value_avg", "gte: 4", ones + 10_000),
    ] {
        let text = correlation(kind, &format!("rules: a, condition: {{field: Amount, {condition}}}"));
        let (found, omitted) = run(&text, &events, Bounds::default());
        let counts: Vec<u64> = found.iter().map(|verdict| verdict.events_count).collect();
        assert_eq!((counts, omitted), (vec![expected], Omitted::default()), "{kind}");
        assert_eq!(found[0].place.ordinal, expected);
    }
}

#[test]
fn values_dropped_from_a_crowded_window_change_no_answer() {
    // Eight values, the first once, the others again and again; as the first ones pass, the count sinks.
    let users: Vec<String> = (0..8).map(|number| format!("u{number}")).collect();
    let event = |number: usize| {
        let user = if number == 0 { 0 } else { 1 + number % 7 };
        (number as i64 * SECOND / 4, "a", "w", users[user].as_str(), "")
    };
    let events: Vec<Event<'_>> = (0..400).map(event).collect();
    for limit in 1..10 {
        for comparison in ["gte", "gt", "eq", "neq", "lt", "lte"] {
            let rest = format!("rules: a, condition: {{field: User, {comparison}: {limit}}}");
            let text = correlation("value_count", &rest);
            let (roomy, _) = run(&text, &events, Bounds::default());
            let (crowded, omitted) = run(&text, &events, Bounds { crowded: 0, ..Bounds::default() });
            let said = |verdicts: &[Verdict]| -> Vec<(u64, u64)> {
                verdicts.iter().map(|verdict| (verdict.place.ordinal, verdict.events_count)).collect()
            };
            assert_eq!((said(&crowded), omitted), (said(&roomy), Omitted::default()), "{comparison} {limit}");
        }
    }
}

#[test]
fn an_event_of_more_groups_than_the_bound_is_told() {
    let text = correlation("event_count", "rules: a, condition: {gte: 2}");
    let hosts: Vec<String> = (0..33).map(|number| format!("w{number}")).collect();
    let (few, many) = (hosts[..32].join("|"), hosts.join("|"));
    for (line, groups, cut) in [(&few, 32, 0), (&many, 32, 2), (&"w|w".repeat(40), 2, 0)] {
        let events = [(0, "a", line.as_str(), "", ""), (1, "a", line.as_str(), "", "")];
        let (found, omitted) = run(&text, &events, Bounds::default());
        assert_eq!((found.len(), omitted), (groups, Omitted { groups_cut: cut, ..Omitted::default() }));
    }
    let text = correlation("value_count", "rules: a, condition: {field: User, gte: 33}");
    let (found, omitted) = run(&text, &[(0, "a", "w", &many, "")], Bounds::default());
    assert_eq!((found.len(), omitted.groups_cut), (0, 1));
}

#[test]
fn values_that_hold_a_separator_are_other_values() {
    let text = correlation("value_count", "rules: a, condition: {field: [User, Amount], gte: 2}");
    for separator in ["\u{1f}", "\0", "\u{1}a"] {
        let (one, other) = (format!("x{separator}y"), format!("y{separator}z"));
        let events = [(0, "a", "w", one.as_str(), "z"), (1, "a", "w", "x", other.as_str())];
        assert_eq!(run(&text, &events, Bounds::default()).0.len(), 1, "{separator:?}");
    }
}

#[test]
fn a_verdict_lost_to_the_bound_on_events_is_told() {
    let text = correlation("event_count", "rules: a, condition: {gte: 2}");
    // A pair in one group, and between its events many groups of one event, all at one instant.
    let hosts: Vec<String> = (0..500).map(|number| format!("w{number}")).collect();
    let mut events: Vec<Event<'_>> = vec![(0, "a", "pair", "", "")];
    events.extend(hosts.iter().map(|host| (1, "a", host.as_str(), "", "")));
    events.push((2, "a", "pair", "", ""));
    for (held, fires) in [(502, true), (400, false)] {
        let (found, omitted) = run(&text, &events, Bounds { held, ..Bounds::default() });
        assert_eq!((!found.is_empty(), omitted.forgotten > 0), (fires, !fires), "{held}");
    }
    // What is held stays below the bound, although all are of one instant.
    let engine = engine(&text, Bounds { held: 400, ..Bounds::default() });
    let mut correlator = engine.correlator().expect("there is a correlation");
    let mut most = 0;
    for signal in signals(&engine, &events) {
        pushed(&mut correlator, &[signal]);
        most = most.max(correlator.open_groups());
    }
    assert!((200..=400).contains(&most), "{most}");
}

#[test]
fn an_event_of_the_far_future_silences_no_group_that_is_followed() {
    let text = correlation("event_count", "rules: a, condition: {gte: 2}");
    let engine = engine(&text, Bounds::default());
    let day = 86_400 * SECOND;
    let events = [
        (4 * 365 * day, "a", "w", "", ""),
        (day + SECOND, "a", "x", "", ""),
        (0, "a", "w", "", ""),
        (SECOND, "a", "w", "", ""),
    ];
    let found = engine.scan(&sheet(&events), &mut Scratch::default()).expect("columns are those of a sheet");
    let mut correlator = engine.correlator().expect("there is a correlation");
    correlator.set_now(Instant::from_nanoseconds(SECOND * 100));
    let verdicts = pushed(&mut correlator, &found.signals);
    assert_eq!(events_of(&verdicts), [[3, 4]]);
    assert_eq!(correlator.omitted(), Omitted { ahead: 1, ..Omitted::default() }, "a day ahead is let pass");
    // Later it is as good as any other.
    correlator.set_now(Instant::from_nanoseconds(4 * 365 * day * 100));
    pushed(&mut correlator, &found.signals[..1]);
    assert_eq!(correlator.omitted().ahead, 1);
}

#[test]
fn events_older_than_the_open_window_are_told() {
    let text = correlation("event_count", "rules: [a, b], condition: {gte: 3}");
    let engine = engine(&text, Bounds::default());
    let at = |second: i64, line: &'static str| (second * SECOND, line, "w", "", "");
    // The second lies in the window of the first, the third does not, the fourth is late and found twice.
    let events = [at(20, "a"), at(10, "a"), at(9, "a"), at(12, "ab")];
    let found = engine.scan(&sheet(&events), &mut Scratch::default()).expect("columns are those of a sheet");
    let mut correlator = engine.correlator().expect("there is a correlation");
    let verdicts = pushed(&mut correlator, &found.signals);
    assert_eq!(events_of(&verdicts), [[2, 1, 4]]);
    assert_eq!(correlator.omitted(), Omitted { late: 1, ..Omitted::default() });
}

#[test]
fn a_chain_over_bursts_too_long_to_list_says_when_it_may_count_twice() {
    let text = "
title: burst
name: burst
correlation: {type: event_count, rules: a, group-by: Computer, timespan: 10s, condition: {gte: 20}}
---
title: burst, then success
correlation: {type: temporal_ordered, rules: [burst, b], group-by: Computer, timespan: 1m}
";
    let events = dense([(20, "a"), (1, "b")]);
    for (told, listed, doubtful) in [(1_000, 21, 0), (5, 5, 1)] {
        let (found, omitted) = run(text, &events, Bounds { told, ..Bounds::default() });
        assert_eq!((found[0].events_count, events_of(&found)[0].len()), (21, listed));
        assert_eq!(omitted, Omitted { doubtful, ..Omitted::default() });
    }
}

#[test]
fn long_values_are_cut_between_characters_and_say_so() {
    let long = format!("a{}", "烽".repeat(20_000));
    let engine = |bounds| {
        Engine::new(rules(BASES), catalogue())
            .within(bounds)
            .scan(&sheet(&[(0, &long, "w", "", "")]), &mut Scratch::default())
            .expect("columns are those of a sheet")
    };
    let field = |found: &detect::Outcome| found.verdicts[0].fields[0].1.text.clone();
    let found = engine(Bounds::default());
    let kept = 1 + (32 * 1_024 - 1) / 3 * 3;
    assert_eq!(field(&found), format!("{}…", &long[..kept]));
    assert_eq!(found.verdicts[0].cut, [("CommandLine".to_owned(), (long.len() - kept) as u64)]);
    let found = engine(Bounds::whole_verdicts());
    assert_eq!((field(&found), &found.verdicts[0].cut[..]), (long.clone(), &[][..]));
}
