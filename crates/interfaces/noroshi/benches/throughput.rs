//! A hundred million events of the small nation against all of SigmaHQ's rules for Windows, on
//! every processor: `NOROSHI_DATA=<folder> cargo bench --bench throughput` (set sigma).
//!
//! The rows of several weeks are held in memory as the columns that the lake gives, and scanned
//! again and again; nothing is remembered from one sheet to the next.

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
use sources::Sheet;

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
    let sheets: Vec<Sheet> = (1..=WEEKS).flat_map(|seed| rows::of_week(seed, &catalogue)).collect();
    let rows: usize = sheets.iter().map(|sheet| sheet.columns.num_rows()).sum();
    let windows: usize = sheets
        .iter()
        .filter(|sheet| *sheet.kind.product == *"windows")
        .map(|sheet| sheet.columns.num_rows())
        .sum();
    println!("{rules} rules; {rows} events in {} sheets, {windows} of them of Windows", sheets.len());

    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, scanned, hits) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut scratch = Scratch::default();
                while scanned.load(Ordering::Relaxed) < EVENTS {
                    let sheet = &sheets[next.fetch_add(1, Ordering::Relaxed) % sheets.len()];
                    let found = engine.scan(sheet, &mut scratch).expect("columns are those of a sheet");
                    let found = found.verdicts.len();
                    hits.fetch_add(found, Ordering::Relaxed);
                    scanned.fetch_add(sheet.columns.num_rows(), Ordering::Relaxed);
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
