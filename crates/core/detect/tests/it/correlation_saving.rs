//! A correlator that is saved and resumed goes on as if nothing had been.

use detect::{Bounds, Engine, NotResumed};
use proptest::prelude::*;

use crate::correlation_oracle::{Drawn, Rule, drawn_signals, rule, said, stream};
use crate::correlations::{BASES, correlation};
use crate::events::{catalogue, rules};

fn engine(rule: &Rule, bounds: Bounds) -> Engine {
    Engine::new(rules(&format!("{BASES}{}", rule.text())), catalogue()).within(bounds)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_cut_anywhere_gives_the_same_verdicts(
        rule in rule(),
        drawn in stream(),
        places in proptest::collection::vec(any::<proptest::sample::Index>(), 1..4),
        crowded in 0usize..8,
        told in 1usize..6,
        held in prop_oneof![20usize..60, Just(4_000_000)],
    ) {
        let drawn: Vec<Drawn> = drawn;
        let engine = engine(&rule, Bounds { crowded, told, held, ..Bounds::default() });
        let signals = drawn_signals(&engine, &drawn);
        prop_assume!(!signals.is_empty());
        let cuts: Vec<usize> = places.iter().map(|place| place.index(signals.len())).collect();
        let (mut whole, mut parts) = (engine.correlator().unwrap(), engine.correlator().unwrap());
        let (mut expected, mut found) = (Vec::new(), Vec::new());
        for (at, signal) in signals.iter().enumerate() {
            if cuts.contains(&at) {
                parts = engine.resume(&parts.save()).expect("what was saved is whole");
            }
            whole.push(signal, &mut expected);
            parts.push(signal, &mut found);
            // Which of equally old groups are forgotten may differ, and is told.
            if whole.omitted().forgotten > 0 {
                return Ok(());
            }
        }
        let all = |verdicts: &[detect::Verdict]| verdicts.iter().map(said).collect::<Vec<_>>();
        prop_assert_eq!(all(&found), all(&expected));
        prop_assert_eq!(parts.omitted(), whole.omitted());
        prop_assert_eq!(parts.open_groups(), whole.open_groups());
    }

    #[test]
    fn damaged_bytes_are_refused(drawn in stream(), place: proptest::sample::Index, flip in 1u8..=255, rule in rule()) {
        let engine = engine(&rule, Bounds::default());
        let mut correlator = engine.correlator().unwrap();
        let mut verdicts = Vec::new();
        drawn_signals(&engine, &drawn).iter().for_each(|signal| correlator.push(signal, &mut verdicts));
        let mut bytes = correlator.save();
        let at = place.index(bytes.len());
        prop_assert!(engine.resume(&bytes[..at]).is_err(), "cut off at {}", at);
        bytes[at] ^= flip;
        prop_assert!(engine.resume(&bytes).is_err(), "changed at {}", at);
    }
}

#[test]
fn other_correlations_are_refused_and_other_rules_beside_them_are_not() {
    let of = |text: &str| Engine::new(rules(&format!("{BASES}{text}")), catalogue());
    let text = correlation("event_count", "rules: a, condition: {gte: 2}");
    let saved = of(&text).correlator().expect("there is a correlation").save();
    let beside = format!(
        "title: d\nlogsource: {{product: windows}}\ndetection: {{s: {{X: y}}, condition: s}}\n---\n{text}"
    );
    assert!(of(&beside).resume(&saved).is_ok());
    for (from, to) in [
        ("gte: 2", "gte: 3"),
        ("rules: a", "rules: b"),
        ("10s", "11s"),
        ("Computer", "User"),
        ("event_count", "temporal"),
    ] {
        let other = text.replace(from, to);
        assert_ne!(other, text);
        assert_eq!(of(&other).resume(&saved).err(), Some(NotResumed::OtherCorrelations), "{other}");
    }
    assert_eq!(of(&text).resume(&[]).err(), Some(NotResumed::Damaged));
}
