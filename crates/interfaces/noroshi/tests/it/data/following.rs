//! An event log in a followed folder is read at the start and whenever it has grown, new records only.

use std::fs;

use intake::inputs;

use crate::commands::noroshi;
use crate::following::verdicts;
use crate::ingesting::{Following, asked};
use crate::scanning::data;
use crate::stopping::{start, wait_until};

const RULE: &str =
    "title: Any\nlogsource: {product: windows}\ndetection: {s: {EventID|exists: true}, condition: s}\n";

/// Bytes of the header, and of a chunk.
const HEADER: usize = 4096;
const CHUNK: usize = 65_536;

/// An event log of twelve chunks, from as many files.
fn log(evtx: std::path::PathBuf) -> Vec<u8> {
    let mut log = Vec::new();
    for file in inputs::find(&[evtx]).files {
        let bytes = fs::read(&file.path).expect("read");
        if bytes.get(HEADER..HEADER + 8) == Some(b"ElfChnk\0") && bytes.len() >= HEADER + CHUNK {
            log.extend(&bytes[if log.is_empty() { 0 } else { HEADER }..HEADER + CHUNK]);
        }
        if log.len() >= HEADER + 12 * CHUNK {
            break;
        }
    }
    log
}

#[test]
fn an_event_log_that_grows_gives_each_record_once() {
    let Some(evtx) = data("evtx") else { return };
    let (log, folder) = (log(evtx), tempfile::tempdir().expect("made"));
    let at = |name: &str| folder.path().join(name);
    fs::write(at("rule.yml"), RULE).expect("written");
    fs::create_dir(at("logs")).expect("made");
    fs::write(at("whole.evtx"), &log).expect("written");
    let places = || {
        let verdicts = verdicts(folder.path());
        let mut places: Vec<String> = verdicts
            .iter()
            .map(|found| found["events"][0].to_string().replace("logs/app", "whole"))
            .collect();
        places.sort();
        places
    };
    start(folder.path(), "--rules rule.yml --json out.jsonl whole.evtx").end();
    let wanted = places();
    assert!(wanted.len() > 100, "{} records", wanted.len());
    fs::remove_file(at("out.jsonl")).expect("removed");

    let running = start(folder.path(), "--follow --rules rule.yml --json out.jsonl --summary s.json logs");
    for chunks in [3, 7, 12] {
        let before = places().len();
        fs::write(at("logs/app.evtx"), &log[..HEADER + chunks * CHUNK]).expect("written");
        wait_until(|| places().len() > before);
    }
    wait_until(|| places().len() >= wanted.len());
    running.signal("INT");
    running.end();
    assert_eq!(places(), wanted);
    let summary = fs::read_to_string(at("s.json")).expect("written");
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!((&summary["events"], &summary["flaws_total"]), (&wanted.len().into(), &0.into()));
}

#[test]
fn an_event_log_that_grows_is_kept_record_by_record() {
    let Some(evtx) = data("evtx") else { return };
    let (log, folder) = (log(evtx), tempfile::tempdir().expect("made"));
    let path = folder.path();
    fs::create_dir(path.join("whole")).expect("made");
    fs::write(path.join("whole/app.evtx"), &log).expect("written");
    // What it is when it is read at once, and thrown away for what follows.
    let records = "SELECT log, event_id, ordinal, record_id, time FROM events ORDER BY ordinal";
    noroshi(path, &["ingest", "--home", "h", "whole/app.evtx"]);
    let wanted = asked(path, records);
    let count = wanted.as_array().expect("rows").len() as u64;
    assert!(count > 100, "{count} records");
    fs::remove_dir_all(path.join("h")).expect("removed");

    fs::create_dir(path.join("logs")).expect("made");
    let mut following = Following::start(path, "logs");
    let mut kept = 0;
    for chunks in [3, 7, 12] {
        fs::write(path.join("logs/app.evtx"), &log[..HEADER + chunks * CHUNK]).expect("written");
        kept += following.rows();
    }
    while kept < count {
        kept += following.rows();
    }
    following.stop();
    assert_eq!(asked(path, records), wanted);
}
