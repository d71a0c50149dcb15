//! A panic in a worker ends as a flaw, and nothing else is lost.

use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use intake::{Found, Intake, Settings, Stage, Stop, inputs};
use model::catalogue::Catalogue;
use model::event::Flaw;
use sources::{Limits, Sheet};

/// Panics over a sheet that holds a field of a certain name.
struct Touchy(Arc<Catalogue>);

impl Stage for Touchy {
    type Scratch = ();

    fn catalogue(&self) -> &Arc<Catalogue> {
        &self.0
    }

    fn work(&self, sheet: &Sheet, (): &mut (), found: &mut Found) {
        found.unread += sheet.columns.num_rows() as u64;
        assert!(sheet.rows().is_ok_and(|rows| rows.raw("poison").is_none()), "poisoned");
    }
}

#[test]
fn a_panic_of_the_stage_costs_one_line_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for number in 0..1_000 {
        let name = if number == 500 { "poison" } else { "a" };
        writeln!(text, "{{\"{name}\":{number}}}").unwrap();
    }
    fs::write(folder.path().join("log.ndjson"), &text).unwrap();
    fs::write(folder.path().join("other.ndjson"), "{\"a\":1}\n{\"a\":2}\n").unwrap();
    let stage = Touchy(Catalogue::bundled().unwrap());
    let settings = Settings { threads: 2, limits: Limits::default() };
    let (stop, bytes) = (Stop::default(), AtomicU64::new(0));
    let intake = Intake { stage: &stage, settings: &settings, stop: &stop, bytes: &bytes };
    let (mut rows, mut flaws): (u64, Vec<Flaw>) = (0, Vec::new());
    let totals = intake::run(&inputs::find(&[folder.path().to_owned()]).files, intake, &mut |found| {
        rows += found.unread;
        flaws.extend(found.flaws);
        Ok(())
    })
    .unwrap();
    assert_eq!(totals.sources, 2);
    assert_eq!(flaws.len(), 1, "{flaws:?}");
    assert!(flaws[0].reason.text.contains("poisoned"), "{flaws:?}");
    assert_eq!(flaws[0].offset, text.find("{\"poison").unwrap() as u64);
    assert_eq!(rows, 1_001);
}
