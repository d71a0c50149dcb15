//! Correlations beside a naive oracle that keeps every event and counts each window from nothing,
//! on random streams, in and out of order, within random bounds.

use std::collections::BTreeSet;

use detect::{Bounds, Engine, Omitted, Scratch, Signal, Verdict};
use proptest::prelude::*;

use crate::correlations::{BASES, Event, SECOND, sheet};
use crate::events::{catalogue, rules};

/// A correlation over a, b and c, or, chained, over a and b, with another over it and c.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    kind: &'static str,
    comparison: &'static str,
    limit: u8,
    percentile: u8,
    /// In seconds.
    span: i64,
    above: Option<&'static str>,
}

/// An event of a random stream: second, which of the rules a, b and c find it, and small numbers
/// for computer, user and amount.
pub(crate) type Drawn = (i64, u8, u8, u8, u8);

/// A match on its way into one group of a correlation.
#[derive(Debug, Clone)]
struct Arriving {
    time: i64,
    part: usize,
    /// Ordinals, the completing one last.
    events: Vec<u64>,
    /// Those of them that a verdict lists, in order, the completing one last.
    listed: Vec<u64>,
    user: Option<u8>,
    amount: Option<f64>,
}

/// What a verdict says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Said {
    completing: u64,
    listed: Vec<u64>,
    count: u64,
}

impl Rule {
    pub(crate) fn text(&self) -> String {
        let Self { kind, comparison, limit, percentile, span, above } = self;
        let field = match *kind {
            "value_count" => "field: User, ".to_owned(),
            "value_percentile" => format!("field: Amount, percentile: {percentile}, "),
            "value_sum" | "value_avg" => "field: Amount, ".to_owned(),
            _ => String::new(),
        };
        let parts = if above.is_some() { "a, b" } else { "a, b, c" };
        let common = format!("group-by: Computer, timespan: {span}s");
        let low = format!(
            "title: low\nname: low\ncorrelation: {{type: {kind}, rules: [{parts}], {common}, condition: {{{field}{comparison}: {limit}}}}}\n"
        );
        match above {
            None => low,
            Some(above) => format!(
                "{low}---\ntitle: top\ncorrelation: {{type: {above}, rules: [low, c], {common}, condition: {{gte: 2}}}}\n"
            ),
        }
    }

    /// The correlation above, as one by itself.
    fn upper(&self) -> Option<Self> {
        let kind = self.above?;
        Some(Self { kind, comparison: "gte", limit: 2, above: None, ..self.clone() })
    }

    fn holds(&self, window: &[Arriving]) -> bool {
        let amounts: Vec<f64> = window.iter().filter_map(|found| found.amount).collect();
        let parts: Vec<usize> = window.iter().map(|found| found.part).collect();
        let counted = match self.kind {
            "event_count" => window.len() as f64,
            "value_count" => window.iter().map(|found| found.user).collect::<BTreeSet<_>>().len() as f64,
            "temporal" => parts.iter().collect::<BTreeSet<_>>().len() as f64,
            "temporal_ordered" => longest(&parts) as f64,
            "value_sum" => amounts.iter().sum(),
            "value_avg" => amounts.iter().sum::<f64>() / amounts.len() as f64,
            _ => percentile(amounts, self.percentile),
        };
        let limit = f64::from(self.limit);
        match self.comparison {
            "gte" => counted >= limit,
            "gt" => counted > limit,
            "lt" => counted < limit,
            "lte" => counted <= limit,
            "eq" => counted == limit,
            _ => counted != limit,
        }
    }

    fn is_temporal(&self) -> bool {
        self.kind.starts_with("temporal")
    }

    /// Those of a window that take part.
    fn taking_part(&self, window: &[Arriving]) -> Vec<Arriving> {
        let parts: Vec<usize> = window.iter().map(|found| found.part).collect();
        let whole = longest(&parts);
        let on_longest = |at: usize| {
            let ahead: Vec<usize> = parts[..at].iter().copied().filter(|part| *part < parts[at]).collect();
            let behind: Vec<usize> =
                parts[at + 1..].iter().copied().filter(|part| *part > parts[at]).collect();
            longest(&ahead) + 1 + longest(&behind) == whole
        };
        let takes = |at: &usize| self.kind != "temporal_ordered" || on_longest(*at);
        (0..parts.len()).filter(takes).map(|at| window[at].clone()).collect()
    }

    /// What fires in one group, in the order of arrival, and how many came too late.
    fn naive(&self, arriving: &[Arriving], is_chained: bool, told: usize) -> (Vec<(usize, Arriving)>, u64) {
        let mut known: Vec<Arriving> = Vec::new();
        let (mut latest, mut came_last) = (i64::MIN, None);
        let (mut before, mut held, mut late) = (false, false, 0);
        let mut fired = Vec::new();
        for (number, found) in arriving.iter().enumerate() {
            let single = (found.events.len() == 1).then(|| found.events[0]);
            let again = single.is_some() && came_last == single;
            if again && !self.is_temporal() {
                continue;
            }
            let span = self.span * SECOND;
            if found.time < latest.saturating_sub(span) {
                late += 1;
                continue;
            }
            latest = latest.max(found.time);
            known.retain(|one| one.time >= latest.saturating_sub(span));
            if !again {
                before = held && !known.is_empty();
            }
            let was_told = again && held;
            came_last = single;
            let place = known.iter().position(|one| one.time > found.time).unwrap_or(known.len());
            known.insert(place, found.clone());
            held = self.holds(&known);
            if held && !before && !was_told {
                let all = all_events(&self.taking_part(&known), found, |one| &one.events);
                let listed = self.listed(&self.taking_part(&known), found, (is_chained, told));
                fired.push((number, Arriving { events: all, listed, ..found.clone() }));
            }
        }
        (fired, late)
    }

    /// The latest events, those that stand for parts, and the completing one.
    fn listed(&self, taking: &[Arriving], found: &Arriving, (is_chained, told): (bool, usize)) -> Vec<u64> {
        let mut events = all_events(taking, found, |one| &one.listed);
        let last = events.pop().expect("the completing one");
        let mut must = Vec::new();
        if self.is_temporal() || is_chained {
            let mut parts = BTreeSet::new();
            for one in taking.iter().rev().filter(|one| parts.insert(one.part)) {
                let event = *one.listed.last().expect("the completing one");
                if event != last && !must.contains(&event) {
                    must.push(event);
                }
            }
        }
        let most = told.max(1) - 1;
        let mut chosen: BTreeSet<u64> = must.into_iter().take(most).collect();
        for event in events.iter().rev() {
            if chosen.len() < most {
                chosen.insert(*event);
            }
        }
        events.retain(|event| chosen.contains(event));
        events.push(last);
        events
    }
}

/// Events behind matches in their order, each once, those behind the completing match last.
fn all_events<'a>(
    taking: &'a [Arriving],
    found: &'a Arriving,
    of: impl Fn(&'a Arriving) -> &'a Vec<u64>,
) -> Vec<u64> {
    let mut events: Vec<u64> = Vec::new();
    for event in taking.iter().flat_map(&of).filter(|event| !of(found).contains(event)) {
        if !events.contains(event) {
            events.push(*event);
        }
    }
    events.extend(of(found));
    events
}

/// Length of the longest rising subsequence, by trying all.
fn longest(parts: &[usize]) -> usize {
    fn from(parts: &[usize], above: Option<usize>) -> usize {
        let Some((first, rest)) = parts.split_first() else { return 0 };
        let without = from(rest, above);
        if above.is_none_or(|above| *first > above) {
            without.max(1 + from(rest, Some(*first)))
        } else {
            without
        }
    }
    from(parts, None)
}

fn percentile(mut amounts: Vec<f64>, percentile: u8) -> f64 {
    amounts.sort_by(f64::total_cmp);
    let rank = f64::from(percentile) / 100.0 * (amounts.len() - 1) as f64;
    let (below, above) = (amounts[rank.floor() as usize], amounts[rank.ceil() as usize]);
    below + rank.fract() * (above - below)
}

/// All that the oracle says of a stream, and how many matches came too late.
fn expected(rule: &Rule, drawn: &[Drawn], told: usize) -> (Vec<Said>, u64) {
    let (mut said, mut late) = (Vec::new(), 0);
    for computer in 1..3 {
        let mut arriving = Vec::new();
        for (ordinal, (second, found_by, of, user, amount)) in (1..).zip(drawn) {
            for part in (0..3).filter(|part| *of == computer && found_by & (1 << part) != 0) {
                let (user, amount) =
                    ((*user > 0).then_some(*user), (*amount > 1).then_some(f64::from(*amount)));
                let (events, listed) = (vec![ordinal], vec![ordinal]);
                arriving.push(Arriving { time: second * SECOND, part, events, listed, user, amount });
            }
        }
        let is_of = |found: &&Arriving| {
            (rule.above.is_none() || found.part < 2)
                && (rule.kind != "value_count" || found.user.is_some())
                && (!matches!(rule.kind, "value_sum" | "value_avg" | "value_percentile")
                    || found.amount.is_some())
        };
        let places: Vec<usize> = (0..arriving.len()).filter(|at| is_of(&&arriving[*at])).collect();
        let own: Vec<Arriving> = places.iter().map(|at| arriving[*at].clone()).collect();
        let (mut fired, came_late) = rule.naive(&own, false, told);
        late += came_late;
        if let Some(upper) = rule.upper() {
            // What fires below arrives above where its last match arrived.
            let mut above: Vec<(usize, Arriving)> = Vec::new();
            above.extend(
                fired.into_iter().map(|(number, found)| (places[number], Arriving { part: 0, ..found })),
            );
            let direct = arriving.iter().enumerate().filter(|(_, found)| found.part == 2);
            above.extend(direct.map(|(at, found)| (at, Arriving { part: 1, ..found.clone() })));
            above.sort_by_key(|(at, _)| *at);
            let above: Vec<Arriving> = above.into_iter().map(|(_, found)| found).collect();
            let came_late;
            (fired, came_late) = upper.naive(&above, true, told);
            late += came_late;
        }
        said.extend(fired.into_iter().map(|(_, found)| Said {
            completing: *found.events.last().expect("the completing one"),
            count: found.events.len() as u64,
            listed: found.listed,
        }));
    }
    said.sort();
    (said, late)
}

pub(crate) fn said(verdict: &Verdict) -> Said {
    Said {
        completing: verdict.place.ordinal,
        listed: verdict.events().iter().map(|event| event.place.ordinal).collect(),
        count: verdict.events_count,
    }
}

/// What the correlator says, which takes the events in the order drawn.
fn found(rule: &Rule, drawn: &[Drawn], bounds: Bounds) -> (Vec<Said>, Omitted) {
    let engine = Engine::new(rules(&format!("{BASES}{}", rule.text())), catalogue()).within(bounds);
    let mut correlator = engine.correlator().expect("there is a correlation");
    let mut verdicts = Vec::new();
    for signal in drawn_signals(&engine, drawn) {
        correlator.push(&signal, &mut verdicts);
    }
    let mut all: Vec<Said> = verdicts.iter().map(said).collect();
    all.sort();
    (all, correlator.omitted())
}

/// The matches of a stream, in the order drawn.
pub(crate) fn drawn_signals(engine: &Engine, drawn: &[Drawn]) -> Vec<Signal> {
    let texts: Vec<[String; 4]> = drawn
        .iter()
        .map(|(_, found_by, computer, user, amount)| {
            let line = ["a", "b", "c"].iter().enumerate().filter(|(bit, _)| found_by & (1 << bit) != 0);
            let named = |letter: &str, number: u8| {
                if number == 0 { String::new() } else { format!("{letter}{number}") }
            };
            let amount = match amount {
                0 => String::new(),
                1 => "n/a".to_owned(),
                more => more.to_string(),
            };
            [line.map(|(_, word)| *word).collect(), named("w", *computer), named("u", *user), amount]
        })
        .collect();
    let events: Vec<Event<'_>> = drawn
        .iter()
        .zip(&texts)
        .map(|((second, ..), [line, computer, user, amount])| {
            (second * SECOND, line.as_str(), computer.as_str(), user.as_str(), amount.as_str())
        })
        .collect();
    engine.scan(&sheet(&events), &mut Scratch::default()).expect("columns are those of a sheet").signals
}

pub(crate) fn rule() -> impl Strategy<Value = Rule> {
    const KINDS: [&str; 7] = [
        "event_count",
        "value_count",
        "temporal",
        "temporal_ordered",
        "value_sum",
        "value_avg",
        "value_percentile",
    ];
    const ABOVE: [Option<&str>; 6] =
        [None, None, None, Some("event_count"), Some("temporal"), Some("temporal_ordered")];
    let comparison = prop_oneof![4 => Just("gte"), 1 => Just("gt"), 1 => Just("lt"), 1 => Just("eq"), 1 => Just("neq"), 1 => Just("lte")];
    let percentile = proptest::sample::select(vec![0, 10, 50, 75, 90, 100]);
    let parts = (
        proptest::sample::select(&KINDS[..]),
        comparison,
        1u8..6,
        percentile,
        1i64..20,
        proptest::sample::select(&ABOVE[..]),
    );
    parts.prop_map(|(kind, comparison, limit, percentile, span, above)| {
        let limit = if kind.starts_with("temporal") { limit.min(3) } else { limit };
        Rule { kind, comparison, limit, percentile, span, above }
    })
}

/// Streams in the order of time, or in any order.
pub(crate) fn stream() -> impl Strategy<Value = Vec<Drawn>> {
    let events = proptest::collection::vec((0i64..60, 1u8..8, 0u8..3, 0u8..4, 0u8..8), 1..40);
    (events, 0i64..3).prop_map(|(mut events, disorder)| {
        match disorder {
            0 => {}
            1 => events.sort_by_key(|event| event.0),
            // Late by a few seconds, as in a log that is followed.
            _ => events.sort_by_key(|event| event.0 + i64::from(event.4)),
        }
        events
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_windows_enumerated_give_the_same_however_crowded(
        rule in rule(),
        drawn in stream(),
        crowded in prop_oneof![0usize..8, Just(usize::MAX)],
        told in prop_oneof![1usize..6, Just(usize::MAX)],
    ) {
        let bounds = Bounds { crowded, told, ..Bounds::default() };
        let (expected, late) = expected(&rule, &drawn, told);
        let (mut found, omitted) = found(&rule, &drawn, bounds);
        if omitted.doubtful > 0 {
            // Counts of events that were not all known one by one may be too high, and say so.
            prop_assert!(rule.above.is_some() && told != usize::MAX);
            for (found, expected) in found.iter_mut().zip(&expected) {
                prop_assert!(found.count >= expected.count);
                found.count = expected.count;
            }
        }
        prop_assert_eq!(found, expected);
        prop_assert_eq!(omitted, Omitted { late, doubtful: omitted.doubtful, ..Omitted::default() });
    }

    #[test]
    fn what_is_held_changes_no_verdict_in_silence(rule in rule(), drawn in stream(), held in 1usize..60) {
        let bounds = Bounds { held, crowded: 3, ..Bounds::default() };
        let (expected, _) = expected(&rule, &drawn, bounds.told);
        let (found, omitted) = found(&rule, &drawn, bounds);
        let is_told = omitted.forgotten > 0 || omitted.late > 0;
        prop_assert!(is_told || found == expected, "{:?}\n{:?}", found, expected);
        let is_ordered = drawn.is_sorted_by_key(|event| event.0);
        prop_assert!(omitted.late == 0 || !is_ordered);
    }
}
