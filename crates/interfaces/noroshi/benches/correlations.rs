//! Correlations with a million open groups: memory and speed, beside `rsigma-eval` on the same
//! stream in the same run. `cargo bench --bench correlations [ours|theirs]`; memory is the peak
//! of the process, so each side is measured in a run of its own when named.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

use std::sync::Arc;
use std::time::Instant as Clock;

use detect::{Engine, Placeholders, RuleSet, Signal, load};
use model::catalogue::Catalogue;
use model::event::Place;
use model::time::Instant;
use rsigma_eval::{CorrelationConfig, CorrelationEngine, JsonEvent};
use serde_json::json;

const GROUPS: u64 = 1_000_000;

const RULES: &str = "
title: failed
id: 00000000-0000-4000-8000-000000000001
name: failed
logsource: {product: windows, service: security}
detection: {s: {EventID: 4625}, condition: s}
---
title: many
id: 00000000-0000-4000-8000-000000000002
correlation: {type: event_count, rules: [failed], group-by: [IpAddress, TargetUserName], timespan: 1d, condition: {gte: 3}}
";

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wants = |side: &str| asked.is_empty() || asked.iter().any(|word| word == side);
    if wants("ours") {
        ours();
    }
    if wants("theirs") {
        theirs();
    }
}

fn address(number: u64) -> String {
    format!("2001:db8::{:x}:{:x}", number >> 16, number & 0xffff)
}

fn ours() {
    let catalogue = Catalogue::bundled().expect("the bundled catalogue is valid");
    let engine = Engine::new(RuleSet::new(load("t.yml", RULES, &Placeholders::new())), catalogue);
    let mut correlator = engine.correlator().expect("there is a correlation");
    let source = Arc::new(model::evidence::Origin::unkept("security.evtx".into()));
    let mut verdicts = Vec::new();
    let began = Clock::now();
    for number in 0..GROUPS {
        let nanoseconds = i64::try_from(number).expect("small") * 1_000_000;
        let time = Some(Instant::from_nanoseconds(nanoseconds));
        let signal = Signal {
            rule: 0,
            origin: source.clone(),
            place: Place { ordinal: number, line: Some(number), time, ..Place::default() },
            host: None,
            values: vec![vec![address(number).into()], vec!["administrator".into()]],
        };
        correlator.push(&signal, &mut verdicts);
    }
    said("noroshi", began, correlator.open_groups());
}

fn theirs() {
    let mut engine = CorrelationEngine::new(CorrelationConfig {
        max_state_entries: usize::MAX,
        ..CorrelationConfig::default()
    });
    engine.add_collection(&rsigma_parser::parse_sigma_yaml(RULES).expect("parses")).expect("compiles");
    let began = Clock::now();
    for number in 0..GROUPS {
        let row = json!({"EventID": 4625, "IpAddress": address(number), "TargetUserName": "administrator"});
        let second = i64::try_from(number / 1_000).expect("small");
        drop(engine.process_event_at(&JsonEvent::borrow(&row), second));
    }
    said("rsigma-eval (keeps no events)", began, engine.state_count());
}

fn said(side: &str, began: Clock, groups: usize) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim().to_owned();
    println!("{side}: {groups} open groups, {:.2} s, peak {peak}", began.elapsed().as_secs_f64());
}
