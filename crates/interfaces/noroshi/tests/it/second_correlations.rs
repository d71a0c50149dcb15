//! Correlations against the outside oracle, `rsigma-eval`, on made-up streams.
//!
//! It fires at every event at which a condition holds, we at the first of a burst: its answers
//! are brought to ours by that rule. Left out is what it does otherwise: whole seconds only, an
//! event that two rules find counted twice, percentiles whose bound it does not look at.

use std::collections::BTreeMap;

use detect::{Engine, Placeholders, RuleSet, Scratch, load};
use model::catalogue::Catalogue;
use model::event::{Kind, Place};
use model::time::Instant;
use rsigma_eval::{CorrelationConfig, CorrelationEngine, JsonEvent};
use serde_json::json;
use sources::{Builder, Sheet, Value};

const SPAN: i64 = 30;

/// An event: second, command line, computer, user, number.
struct Event(i64, String, String, String, u64);

/// A stream that is the same each time for the same number.
fn stream(seed: u64) -> Vec<Event> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut dice = |sides: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % sides
    };
    let mut second = 0;
    (0..200)
        .map(|_| {
            second += 1 + i64::try_from(dice(12)).expect("small");
            let line = ["a", "b", "c", "ab", "bc", "abc", "x"][usize::try_from(dice(7)).expect("small")];
            Event(second, line.to_owned(), format!("w{}", dice(3)), format!("u{}", dice(5)), dice(100))
        })
        .collect()
}

fn rules(kind: &str, names: &str, condition: &str) -> String {
    let base = |name: &str| {
        format!(
            "title: {name}\nid: 00000000-0000-4000-8000-00000000000{}\nname: {name}\nlogsource: {{product: windows, category: process_creation}}\ndetection: {{s: {{CommandLine|contains: {name}}}, condition: s}}\n---\n",
            name.as_bytes()[0] - b'a'
        )
    };
    format!(
        "{}{}{}title: t\nid: 00000000-0000-4000-8000-000000000009\ncorrelation: {{type: {kind}, rules: [{names}], group-by: [Computer], timespan: {SPAN}s, condition: {{{condition}}}}}\n",
        base("a"),
        base("b"),
        base("c")
    )
}

fn sheet(events: &[Event], catalogue: &std::sync::Arc<Catalogue>) -> Sheet {
    let mut builder = Builder::new(catalogue.clone());
    let source = builder.source(&"log".into());
    let kind = Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(1));
    for (ordinal, Event(second, line, computer, user, amount)) in (1..).zip(events) {
        let time = Some(Instant::from_nanoseconds(second * 1_000_000_000));
        builder.begin(source, &kind, &Place { ordinal, time, ..Place::default() });
        let amount = amount.to_string();
        let fields = [("CommandLine", line), ("Computer", computer), ("User", user), ("Amount", &amount)];
        fields.iter().for_each(|(name, value)| builder.field(name, Value::text(value)));
    }
    builder.finish().expect("columns are well formed").remove(0)
}

/// Numbers of the completing events.
fn ours(text: &str, events: &[Event]) -> Vec<u64> {
    let catalogue = Catalogue::bundled().expect("the bundled catalogue is valid");
    let set = RuleSet::new(load("t.yml", text, &Placeholders::new()));
    assert_eq!(set.refused, []);
    let engine = Engine::new(set, catalogue.clone());
    let mut correlator = engine.correlator().expect("there is a correlation");
    let mut verdicts = Vec::new();
    let found = engine.scan(&sheet(events, &catalogue), &mut Scratch::default());
    for signal in found.expect("columns are those of a sheet").signals {
        correlator.push(&signal, &mut verdicts);
    }
    let mut completing: Vec<u64> = verdicts.iter().map(|verdict| verdict.place.ordinal).collect();
    completing.dedup();
    completing
}

/// The same by the oracle.
fn theirs(text: &str, events: &[Event], takes_part: impl Fn(&Event) -> bool) -> Vec<u64> {
    let mut engine = CorrelationEngine::new(CorrelationConfig::default());
    engine.add_collection(&rsigma_parser::parse_sigma_yaml(text).expect("it parses")).expect("it compiles");
    // Second of the last event of each group, and whether the condition held then.
    let mut before: BTreeMap<&str, (i64, bool)> = BTreeMap::new();
    let mut completing = Vec::new();
    for (ordinal, event) in (1..).zip(events) {
        let Event(second, line, computer, user, amount) = event;
        let row = json!({"CommandLine": line, "Computer": computer, "User": user, "Amount": amount});
        let result = engine.process_event_at(&JsonEvent::borrow(&row), *second);
        let holds = result.iter().any(|result| result.as_correlation().is_some());
        if !takes_part(event) {
            assert!(!holds);
            continue;
        }
        let held = before.insert(computer, (*second, holds));
        let goes_on = held.is_some_and(|(last, held)| held && second - last <= SPAN);
        if holds && !goes_on {
            completing.push(ordinal);
        }
    }
    completing
}

#[test]
fn the_outside_oracle_completes_bursts_at_the_same_events() {
    let mut compared = 0;
    for (kind, names, condition) in [
        ("event_count", "a", "gte: 4"),
        ("event_count", "b", "eq: 2"),
        ("value_count", "a", "field: User, gte: 3"),
        ("value_sum", "c", "field: Amount, gt: 150"),
        ("value_avg", "a", "field: Amount, gt: 60"),
        ("temporal", "a, b, c", "gte: 3"),
        ("temporal_ordered", "a, b, c", "gte: 3"),
    ] {
        let text = rules(kind, names, condition);
        for seed in 1..=30 {
            let events = stream(seed);
            let takes_part = |event: &Event| names.split(", ").any(|name| event.1.contains(name));
            let (ours, theirs) = (ours(&text, &events), theirs(&text, &events, takes_part));
            assert_eq!(ours, theirs, "{kind} {condition}, stream {seed}");
            compared += ours.len();
        }
    }
    println!("{compared} verdicts of correlations, the same on both sides");
    assert!(compared > 500);
}
