//! A lake of simulated weeks, and questions to it: what the benches share.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant as Clock};

use arrow_array::RecordBatch;
use lake::{
    Answer, AskLimits, Asking, BatchId, Compartment, Delivery, Labels, Lake, Looking, Owner, Question,
    TableName, Tables,
};
use model::catalogue::Catalogue;
use model::marking::Marking;
use model::time::Instant;
use model::view::View;
use serde_json::Value;
use sources::{BATCH_BYTES, Batch, Builder, Cutter, Input, Known, Limits, Piece, Reader, parse};

/// Time after which nothing is tried again.
const LONG: Duration = Duration::from_secs(20);

/// When rows are made and asked for.
pub const NOW: Instant = Instant::from_nanoseconds(1_782_000_000_000_000_000);

/// Milliseconds of the fastest of some runs; slow ones are not repeated for ever.
pub fn best_of(runs: usize, run: &mut dyn FnMut()) -> f64 {
    let (begun, mut best) = (Clock::now(), f64::MAX);
    for _ in 0..runs {
        let began = Clock::now();
        run();
        best = best.min(began.elapsed().as_secs_f64() * 1e3);
        if begun.elapsed() > LONG {
            break;
        }
    }
    best
}

pub fn ask(lake: &Lake, view: &View, sql: &str) -> Option<Vec<Vec<Value>>> {
    let question = Question { sql: sql.to_owned(), values: Vec::new() };
    let (who, stop) = (Looking { view, now: NOW }, AtomicBool::new(false));
    let asking = Asking { who, question: &question, limits: AskLimits::default(), stop: &stop };
    let mut rows = Vec::new();
    let asked = lake.ask(&asking, &mut |part| {
        if let Answer::Rows(part) = part {
            rows.extend(lake::values(&part));
        }
        ControlFlow::Continue(())
    });
    asked.ok().map(|()| rows)
}

/// Weeks of the small nation, one after the other until there are enough rows. Each log is one commit,
/// as after a compaction.
pub fn fill(lake: &Lake, rows: u64) {
    let tables = Tables::new(Catalogue::bundled().expect("the catalogue"));
    let mut made = 0;
    for seed in 1.. {
        let plan = simulate::Plan::week(seed);
        let mut by_class: BTreeMap<Arc<str>, Vec<RecordBatch>> = BTreeMap::new();
        for file in plan.files() {
            let mut generator = simulate::Generator::new(&plan, &file);
            let mut bytes = Vec::new();
            while !generator.write(&mut bytes, 1 << 20).expect("memory takes all").done {}
            made += read(&format!("{seed}/{}", file.path), bytes, &tables, &mut by_class);
        }
        for (class, rows) in by_class {
            let name = TableName::new(Compartment::own(), &class).expect("a name");
            let mut writer =
                lake.writer(&name, &tables.get(&class).expect("a table").schema).expect("a writer");
            let delivery = Delivery { shard: "bench".parse().expect("a shard"), number: seed };
            writer.append(rows, &delivery).expect("added");
        }
        if made >= rows {
            return;
        }
    }
}

/// The rows of a log, by class; gives how many there are.
fn read(
    path: &str,
    bytes: Vec<u8>,
    tables: &Tables,
    by_class: &mut BTreeMap<Arc<str>, Vec<RecordBatch>>,
) -> u64 {
    let organisation = path.split('/').nth(1).unwrap_or("").to_owned();
    let owner = Owner { compartment: Compartment::own(), organisation, source: path.to_owned() };
    let mut builder = Builder::new(tables.catalogue().clone());
    let mut first_event = 0;
    for batch in batches(path, bytes) {
        let mut count = 0;
        for segment in &batch.segments {
            builder.count_from(first_event + count);
            count += parse(segment, &mut builder).events;
        }
        let id = BatchId::of(&owner, &batch.end, first_event);
        let marking = Marking::default();
        let labels = Labels { batch: id, first_event, owner: owner.clone(), marking, reader: 1 };
        for sheet in builder.drain() {
            let (table, rows) = lake::rows(&sheet.expect("a sheet"), &labels, tables, NOW).expect("rows");
            by_class.entry(table.class.clone()).or_default().push(rows);
        }
        first_event += count;
    }
    first_event
}

fn batches(path: &str, bytes: Vec<u8>) -> Vec<Batch> {
    let input = Input::Seekable(Box::new(Cursor::new(bytes)));
    let mut cutter = Cutter::new(Arc::<Known>::default(), BATCH_BYTES);
    let mut batches = Vec::new();
    for piece in Reader::open(path, input, &Limits::default()) {
        if let Piece::Segment(segment) = piece {
            batches.extend(cutter.push(segment));
        }
    }
    batches.extend(cutter.finish());
    batches
}
