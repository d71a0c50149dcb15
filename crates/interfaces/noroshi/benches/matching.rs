//! The cost of matching alone, against `rsigma-eval` on the same rows in the same run.
//!
//! `NOROSHI_DATA=<folder> cargo bench --bench matching` (sets sigma and evtx). With
//! `NOROSHI_RULES=<folder>` further rule sets are measured, for example rules converted for
//! Windows logs, in which every rule names channel and event ids.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

#[path = "../tests/it/oracle.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod oracle;
#[path = "rows/mod.rs"]
mod rows;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use detect::{Engine, Rule, RuleSet, Scratch};
use model::catalogue::{Catalogue, Route};
use noroshi::ruleset;
use page::{Language, Words};
use rsigma_eval::JsonEvent;
use sources::Sheet;

/// Times the scan is repeated; the fastest counts.
const ROUNDS: usize = 5;

fn main() {
    let Some(data) = std::env::var_os("NOROSHI_DATA").map(PathBuf::from) else {
        println!("skipped: NOROSHI_DATA does not lead to the data sets");
        return;
    };
    let catalogue = Catalogue::bundled().expect("the bundled catalogue is valid");
    let sheets = rows::of_folder(&data.join("evtx"), &catalogue);
    let events: usize = sheets.iter().map(|sheet| sheet.columns.num_rows()).sum();
    println!("{events} events in {} sheets", sheets.len());
    let folders = ["rules", "rules-emerging-threats", "rules-threat-hunting"];
    let mut sets =
        vec![("SigmaHQ".to_owned(), folders.map(|folder| data.join("sigma/sigma").join(folder)).to_vec())];
    if let Some(more) = std::env::var_os("NOROSHI_RULES") {
        sets.push((more.to_string_lossy().into_owned(), vec![more.into()]));
    }
    let ordinary = rows::of_week(1, &catalogue);
    let ordinary_events: usize = ordinary.iter().map(|sheet| sheet.columns.num_rows()).sum();
    for (name, paths) in sets {
        println!("\n{name}");
        let set = ruleset::open(&paths, &[], Words::new(Language::En))
            .unwrap_or_else(|failure| panic!("{}", failure.text));
        println!("  attack samples, {events} events");
        growth(&set.rules, &sheets, events, &catalogue);
        println!("  a week of the small nation, {ordinary_events} events");
        growth(&set.rules, &ordinary, ordinary_events, &catalogue);
        against_rsigma(&paths, &set.rules, &sheets, events, &catalogue);
    }
}

/// Cost by number of loaded rules, spread evenly over the set.
fn growth(rules: &[Rule], sheets: &[Sheet], events: usize, catalogue: &std::sync::Arc<Catalogue>) {
    let mut first = None;
    for count in [100, 1_000, 4_000] {
        let step = rules.len().div_ceil(count).max(1);
        let chosen: Vec<Rule> = if count >= rules.len() {
            rules.to_vec()
        } else {
            (0..count).map(|number| rules[number * rules.len() / count].clone()).collect()
        };
        let loaded = chosen.len();
        let (time, hits) = fastest(&Engine::new(plain(chosen), catalogue.clone()), sheets);
        let base = *first.get_or_insert(time);
        println!(
            "  {loaded:>5} rules (every {step}): {:>9.0} events/s, {hits} hits, {:.2} times the cost of 100",
            per_second(events, time),
            time.as_secs_f64() / base.as_secs_f64()
        );
    }
}

fn plain(rules: Vec<Rule>) -> RuleSet {
    let mut set = RuleSet::default();
    set.rules = rules;
    set
}

fn scanned(engine: &Engine, sheet: &Sheet, scratch: &mut Scratch) -> usize {
    engine.scan(sheet, scratch).expect("columns are those of a sheet").verdicts.len()
}

fn fastest(engine: &Engine, sheets: &[Sheet]) -> (Duration, usize) {
    let mut scratch = Scratch::default();
    let run = |scratch: &mut Scratch| {
        let began = Instant::now();
        let hits: usize = sheets.iter().map(|sheet| scanned(engine, sheet, scratch)).sum();
        (began.elapsed(), hits)
    };
    // The first round compiles the programs.
    run(&mut scratch);
    (0..ROUNDS).map(|_| run(&mut scratch)).min().unwrap_or_default()
}

fn against_rsigma(
    paths: &[PathBuf],
    rules: &[Rule],
    sheets: &[Sheet],
    events: usize,
    catalogue: &std::sync::Arc<Catalogue>,
) {
    let (ours, our_hits) = fastest(&Engine::new(plain(rules.to_vec()), catalogue.clone()), sheets);
    let rows: Vec<(usize, Vec<serde_json::Value>)> = sheets
        .iter()
        .enumerate()
        .map(|(number, sheet)| (number, oracle::events_of(sheet, catalogue)))
        .collect();
    let loaded = oracle::rsigma_rules(paths);
    // One engine for each set of log sources that reads a kind: that is its routing by log source.
    let mut engines: Vec<(Vec<bool>, rsigma_eval::Engine)> = Vec::new();
    let mut engine_of = Vec::new();
    for (number, _) in &rows {
        let kind = &sheets[*number].kind;
        let reads: Vec<bool> =
            loaded.iter().map(|rule| oracle::route(rule, catalogue, kind) != Route::No).collect();
        let known = engines.iter().position(|(set, _)| *set == reads);
        engine_of.push(known.unwrap_or_else(|| {
            let mut engine = rsigma_eval::Engine::new();
            for (rule, _) in loaded.iter().zip(&reads).filter(|(_, reads)| **reads) {
                // What it cannot compile is left out; that only makes it faster.
                drop(engine.add_rule(rule));
            }
            engines.push((reads, engine));
            engines.len() - 1
        }));
    }
    let run = || {
        let began = Instant::now();
        let mut hits = 0;
        for ((_, events), engine) in rows.iter().zip(&engine_of) {
            let engine = &engines[*engine].1;
            hits +=
                events.iter().map(|event| engine.evaluate(&JsonEvent::borrow(event)).len()).sum::<usize>();
        }
        (began.elapsed(), hits)
    };
    let (theirs, their_hits) = (0..2).map(|_| run()).min().unwrap_or_default();
    println!(
        "  noroshi {:.0} events/s ({our_hits} hits), rsigma-eval {:.0} events/s ({their_hits} hits): {:.1} times",
        per_second(events, ours),
        per_second(events, theirs),
        theirs.as_secs_f64() / ours.as_secs_f64()
    );
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn per_second(events: usize, time: Duration) -> f64 {
    events as f64 / time.as_secs_f64()
}
