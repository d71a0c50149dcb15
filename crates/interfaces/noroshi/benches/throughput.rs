//! A hundred million events of the small nation against all of SigmaHQ's rules for Windows, on
//! every processor: `NOROSHI_DATA=<folder> cargo bench --bench throughput` (set sigma).
//!
//! The rows of several weeks are held in memory as the columns that the lake gives, and scanned
//! again and again; nothing is remembered from one batch to the next.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

#[path = "rows/mod.rs"]
#[expect(dead_code, reason = "shared with another bench, which uses more of it")]
mod rows;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use detect::{Engine, Scratch};
use model::catalogue::Catalogue;
use noroshi::ruleset;
use page::{Language, Words};
use sources::Batch;

/// Different weeks in memory.
const WEEKS: u64 = 6;
/// Events scanned.
const EVENTS: usize = 100_000_000;

fn main() {
    let Some(data) = std::env::var_os("NOROSHI_DATA").map(PathBuf::from) else {
        println!("skipped: NOROSHI_DATA does not lead to the data sets");
        return;
    };
    let catalogue = Catalogue::bundled().expect("the bundled catalogue is valid");
    let folders = ["rules/windows", "rules-emerging-threats", "rules-threat-hunting/windows"];
    let paths = folders.map(|folder| data.join("sigma/sigma").join(folder));
    let mut set = ruleset::open(&paths, &[], Words::new(Language::En))
        .unwrap_or_else(|failure| panic!("{}", failure.text));
    set.rules.retain(|rule| rule.source.product.as_deref() == Some("windows"));
    let rules = set.len();
    let engine = Engine::new(set, catalogue.clone());
    let batches: Vec<Batch> = (1..=WEEKS).flat_map(|seed| rows::of_week(seed, &catalogue)).collect();
    let rows: usize = batches.iter().map(|batch| batch.batch.num_rows()).sum();
    let windows: usize = batches
        .iter()
        .filter(|batch| *batch.kind.product == *"windows")
        .map(|batch| batch.batch.num_rows())
        .sum();
    println!("{rules} rules; {rows} events in {} batches, {windows} of them of Windows", batches.len());

    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, scanned, hits) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut scratch = Scratch::default();
                while scanned.load(Ordering::Relaxed) < EVENTS {
                    let batch = &batches[next.fetch_add(1, Ordering::Relaxed) % batches.len()];
                    let found = engine.scan(batch, &mut scratch).expect("columns are those of a batch");
                    let found = found.verdicts.len();
                    hits.fetch_add(found, Ordering::Relaxed);
                    scanned.fetch_add(batch.batch.num_rows(), Ordering::Relaxed);
                }
            });
        }
    });
    let (scanned, hits) = (scanned.into_inner(), hits.into_inner());
    let seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let speed = scanned as f64 / seconds;
    println!("{scanned} events, {hits} verdicts, {seconds:.1} s on {threads} threads: {speed:.0} events/s");
}
