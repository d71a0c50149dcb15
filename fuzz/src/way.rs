//! The way of the bytes: read, cut, parse, columns, both scans; and what must hold at its end.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use detect::{Engine, Outcome, Placeholders, RuleSet, Scratch, load};
use model::catalogue::Catalogue;
use sources::{Builder, Input, Limits, Piece, Reader, Sheet, parse};

/// Rows by source and kind.
type Rows = BTreeMap<(String, String), usize>;

/// The catalogue of the product.
pub fn catalogue() -> Arc<Catalogue> {
    static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| match Catalogue::bundled() {
        Ok(catalogue) => catalogue,
        Err(error) => panic!("the bundled catalogue is not valid: {error}"),
    });
    CATALOGUE.clone()
}

/// Limits as the product has them, a thousand times smaller, so that an input of a few bytes
/// reaches them and none takes long.
fn limits() -> Limits {
    Limits {
        member_bytes: 1 << 20,
        total_bytes: 4 << 20,
        ratio_from: 1 << 20,
        members: 256,
        record_bytes: 64 << 10,
        segment_bytes: 16 << 10,
        audit_window: 4 << 10,
        ..Limits::default()
    }
}

/// A few rules of every sort of test on every kind of event: with them each kind has a program.
fn engine() -> &'static Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
        let set = RuleSet::new(load("rules.yml", include_str!("../rules.yml"), &Placeholders::new()));
        if let Some(refusal) = set.refused.first() {
            panic!("line {}: {}", refusal.line, refusal.reason);
        }
        Engine::new(set, catalogue())
    });
    &ENGINE
}

/// Runs a source.
pub fn run(bytes: &[u8]) {
    read(bytes, &limits(), Some(engine()));
}

/// Runs an archive as a source of members, and not of events: what is read stays within the limits.
pub fn run_members(bytes: &[u8]) {
    let limits = limits();
    let input = Input::Seekable(Box::new(Cursor::new(bytes.to_vec())));
    let mut total = 0u64;
    let read = Reader::members(input, &limits, &mut |member| {
        let Ok(member) = member else { return Ok(()) };
        total += std::io::copy(member.content, &mut std::io::sink()).unwrap_or(0);
        Ok(())
    });
    assert!(total <= limits.total_bytes, "{total} bytes, {read:?}");
}

/// Runs a source that is no archive; a part of the inputs a second time, cut as finely as can be:
/// where it is cut must not be seen in the rows.
pub fn run_both(bytes: &[u8]) {
    let whole = read(bytes, &limits(), Some(engine()));
    if bytes.iter().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte)).is_multiple_of(4) {
        let cut = read(bytes, &Limits { segment_bytes: 1, ..limits() }, None);
        assert_eq!(whole, cut, "rows depend on where the source is cut");
    }
}

fn read(bytes: &[u8], limits: &Limits, engine: Option<&Engine>) -> Rows {
    let mut builder = Builder::new(catalogue());
    let mut rows = Rows::new();
    for piece in Reader::open("source", Input::Seekable(Box::new(Cursor::new(bytes))), limits) {
        let segment = match piece {
            Piece::Segment(segment) => segment,
            Piece::Flaw(flaw) => {
                assert!(!flaw.reason.text.is_empty(), "a flaw without a reason");
                continue;
            }
            Piece::Idle => panic!("nothing is waited for in a source that is whole"),
        };
        let parsed = parse(&segment, &mut builder);
        assert!(parsed.flaws.iter().all(|flaw| !flaw.reason.text.is_empty()), "a flaw without a reason");
        let sheets = match builder.finish() {
            Ok(sheets) => sheets,
            Err(error) => panic!("the columns are not well formed: {error}"),
        };
        let count: usize = sheets.iter().map(|sheet| sheet.columns.num_rows()).sum();
        assert_eq!(parsed.events, count as u64, "events and rows");
        for sheet in &sheets {
            let key = (segment.source_path.to_string(), sheet.kind.to_string());
            *rows.entry(key).or_default() += sheet.columns.num_rows();
            if let Some(engine) = engine {
                agree(engine, sheet);
            }
        }
    }
    rows
}

/// Both scans find the same, and every hit becomes a verdict or a signal to the correlations.
pub fn agree(engine: &Engine, sheet: &Sheet) -> Outcome {
    thread_local! {
        static SCRATCH: RefCell<Scratch> = RefCell::default();
    }
    SCRATCH.with_borrow_mut(|scratch| {
        let hits = engine.hits(sheet, scratch);
        assert_eq!(hits, engine.scan_linear(sheet), "the scans differ on {}", sheet.kind);
        let (hits, found) = match (hits, engine.scan(sheet, scratch)) {
            (Ok(hits), Ok(found)) => (hits, found),
            (Err(error), _) | (_, Err(error)) => panic!("what was written is not read: {error}"),
        };
        let told = found.verdicts.len() + found.signals.len();
        assert!(told >= hits.len(), "{told} told of {} hits on {}", hits.len(), sheet.kind);
        found
    })
}
