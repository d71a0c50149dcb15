//! What the generator promises: same bytes, well-formed lines, consistent lives, true ground truth, bounded memory.
#![expect(clippy::unwrap_used, reason = "a test that cannot read what was generated has failed")]

mod lines;
mod lives;
mod months;
mod sameness;
mod truths;

use simulate::{Generator, LogFile, Plan, Truth};

/// A small plan that still holds every story's hosts.
fn small(seed: u64) -> Plan {
    Plan { scale: 0.01, ..Plan::week(seed) }
}

/// The whole file in chunks of `budget` bytes, with its truth and number of events.
fn generate(plan: &Plan, file: &LogFile, budget: usize) -> (Vec<u8>, Vec<Truth>, u64) {
    let mut generator = Generator::new(plan, file);
    let (mut bytes, mut truths) = (Vec::new(), Vec::new());
    loop {
        let progress = generator.write(&mut bytes, budget).unwrap();
        truths.extend(generator.take_truth());
        if progress.done {
            return (bytes, truths, generator.events());
        }
    }
}

/// A Windows line taken apart: host, time, record, channel, id, and the event's own fields.
struct Line {
    host: String,
    time: String,
    record: u64,
    channel: String,
    id: u64,
    fields: serde_json::Value,
}

fn windows(text: &str) -> Line {
    let whole: serde_json::Value = serde_json::from_str(text).unwrap();
    let string = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let time = string(&whole["@timestamp"]);
    match whole.get("winlog") {
        Some(inner) => Line {
            host: string(&inner["computer_name"]),
            time,
            record: string(&inner["record_id"]).parse().unwrap(),
            channel: string(&inner["channel"]),
            id: string(&inner["event_id"]).parse().unwrap(),
            fields: inner["event_data"].clone(),
        },
        None => Line {
            host: string(&whole["Computer"]),
            time,
            record: whole["RecordNumber"].as_u64().unwrap(),
            channel: string(&whole["Channel"]),
            id: whole["EventID"].as_u64().unwrap(),
            fields: whole,
        },
    }
}
