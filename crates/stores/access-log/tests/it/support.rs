//! Looks, and logs to look into.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use access_log::{AccessLog, AccessLogError, Book, Durable, Entry, Fault, Limits, Look, read};
use model::marking::Tlp;
use model::time::Instant;
use model::view::Purpose;

/// 2026-04-01T00:00:00Z, a whole minute, in seconds.
pub const BEGINNING: i64 = 1_775_001_600;

/// So many seconds after [`BEGINNING`].
pub fn at(seconds: i64) -> Instant {
    Instant::from_nanoseconds((BEGINNING + seconds) * 1_000_000_000)
}

pub fn owners(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Somebody asks for something, and sees five rows of one owner.
pub fn look(seconds: i64, what: &str) -> Look {
    Look {
        at: at(seconds),
        viewer: "local:1000".parse().expect("a subject"),
        purpose: Purpose::Operation,
        book: Book::Lake,
        what: what.to_owned(),
        owners: owners(&["aoba"]),
        tlp: Some(Tlp::Amber),
        rows: 5,
    }
}

/// A folder that is not yet there.
pub fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("access");
    (folder, path)
}

/// A log whose segments are short, with so many records of a minute each.
pub fn filled(path: &Path, segment: u64, count: i64) -> AccessLog {
    let log = AccessLog::open_within(path, Limits { segment }).expect("opened");
    for number in 0..count {
        log.append(&look(number * 60, &format!("query {number}")), Durable::No).expect("noted");
    }
    log
}

/// All entries, and what is wrong, as the operator sees them.
pub fn entries(path: &Path) -> Result<(Vec<Entry>, Vec<Fault>), AccessLogError> {
    let mut entries = Vec::new();
    let view = access::operator("root", at(0));
    let faults = read(path, &view, at(0), &mut |entry| entries.push(entry))?;
    Ok((entries, faults))
}

/// Names and bytes of the segments.
pub fn segments(path: &Path) -> Vec<(String, Vec<u8>)> {
    let names = fs::read_dir(path).expect("there").map(|entry| entry.expect("there").file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(".log"));
    names.sort();
    let bytes = |name: String| (name.clone(), fs::read(path.join(name)).expect("read"));
    names.into_iter().map(bytes).collect()
}

/// A log with these segments and nothing else.
pub fn copied(segments: &[(String, Vec<u8>)]) -> (tempfile::TempDir, PathBuf) {
    let (folder, path) = place();
    fs::create_dir(&path).expect("made");
    for (name, bytes) in segments {
        fs::write(path.join(name), bytes).expect("written");
    }
    (folder, path)
}

/// Where each record of a segment ends, by the lengths that stand in it.
pub fn ends(bytes: &[u8]) -> Vec<usize> {
    let (mut ends, mut end) = (Vec::new(), 88);
    while let Some(length) = bytes.get(end..).and_then(|rest| rest.first_chunk::<4>()) {
        end += 4 + u32::from_le_bytes(*length) as usize + 32;
        ends.push(end);
    }
    ends
}
