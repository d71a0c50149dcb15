//! Where values stand: rows of a table that holds what people look up, and looks at them.

mod kept;
mod random;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow_array::{ArrayRef, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use lake::{Compartment, Delivery, Finding, Found, Lake, Looking, TableName};
use model::holds::Holds;
use model::indicator::Indicator;
use model::time::Instant;
use model::view::View;

/// When everything happens here.
const NOW: Instant = Instant::from_nanoseconds(1_780_000_000_000_000_000);
/// Microseconds at which the first day begins.
const BEGIN: i64 = 1_767_312_000_000_000;
const HOUR: i64 = 3_600_000_000;

/// Columns that hold what people look up.
const HELD: [(&str, Holds); 8] = [
    ("batch", Holds::Id),
    ("device.hostname", Holds::Host),
    ("user.name", Holds::User),
    ("src_endpoint.ip", Holds::Address),
    ("dst_endpoint.ip", Holds::Address),
    ("query.hostname", Holds::Domain),
    ("process.file.path", Holds::Path),
    ("noroshi.file.hashes", Holds::Hash),
];
/// And others.
const OTHERS: [&str; 5] = ["owner", "tlp", "process.cmd_line", "shape", "day"];

/// A row: what stands in its columns, and its time.
#[derive(Debug, Clone, Default)]
struct Row {
    texts: BTreeMap<&'static str, String>,
    time: Option<i64>,
}

impl Row {
    fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }
}

fn columns() -> Schema {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let mut fields =
        vec![Field::new("time", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), true)];
    fields.extend(HELD.iter().map(|(name, _)| text(name)));
    fields.extend(OTHERS.map(text));
    Schema::new(fields)
}

fn rows(rows: &[Row]) -> RecordBatch {
    let times = rows.iter().map(|row| row.time).collect::<TimestampMicrosecondArray>().with_timezone("UTC");
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(times)];
    for name in HELD.iter().map(|(name, _)| *name).chain(OTHERS) {
        arrays.push(Arc::new(rows.iter().map(|row| row.text(name)).collect::<StringArray>()));
    }
    RecordBatch::try_new(Arc::new(columns()), arrays).unwrap()
}

fn name() -> TableName {
    "own/network_activity".parse().unwrap()
}

fn delivery(number: usize) -> Delivery {
    Delivery { shard: "a".parse().unwrap(), number: number as u64 }
}

fn all(values: &[&str]) -> Vec<Indicator> {
    values.iter().map(|value| Indicator::read(value).unwrap()).collect()
}

/// Looks for values as somebody, in a span of time.
fn find(lake: &Lake, view: &View, values: &[Indicator], span: (Option<i64>, Option<i64>)) -> Vec<Found> {
    let at = |micros: i64| Instant::from_nanoseconds(micros * 1_000);
    lake.find(&Finding {
        who: Looking { view, now: NOW },
        compartment: &Compartment::own(),
        values,
        from: span.0.map(at),
        to: span.1.map(at),
        rows: 3,
        stop: &AtomicBool::new(false),
        progress: &|_, _| {},
    })
    .unwrap()
}

/// The files of the index of the table.
fn index(home: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(home.join("own/network_activity/_values")) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
