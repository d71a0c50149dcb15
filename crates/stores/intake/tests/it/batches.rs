//! Batches are the same however often, under whatever name and however far a log is read.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use intake::batches::{Batches, Read};
use intake::{Settings, Stop, inputs};
use model::catalogue::Catalogue;
use sources::{Contents, Known, Limits, Stored};

use crate::stored;

/// About 10 MB: three batches.
fn log(lines: std::ops::Range<usize>) -> String {
    let mut text = String::new();
    for line in lines {
        let rest = "x".repeat(900);
        let _ = writeln!(text, r#"{{"EventID":1,"Channel":"Security","line":{line},"rest":"{rest}"}}"#);
    }
    text
}

#[derive(Debug, Default)]
struct Seen {
    new: Vec<Contents>,
    there: Vec<(String, Stored)>,
    flaws: Vec<String>,
}

/// Reads, and adds what is new to what is known, with ids that count.
fn read(paths: &[PathBuf], known: &Arc<Known>) -> Seen {
    let catalogue = Catalogue::bundled().unwrap_or_else(|error| panic!("{error}"));
    let settings = Settings { threads: 2, limits: Limits::default() };
    let (stop, bytes) = (Stop::default(), AtomicU64::new(0));
    let batches = Batches {
        catalogue: &catalogue,
        known,
        again: false,
        settings: &settings,
        stop: &stop,
        bytes: &bytes,
    };
    let mut seen = Seen::default();
    let ran = batches.run(&inputs::find(paths).files, |read| read, &mut |read| {
        match read {
            Read::New(contents) => seen.new.push(*contents),
            Read::There { source_path, stored } => seen.there.push((source_path.to_string(), stored)),
            Read::Flaws(flaws) => {
                seen.flaws.extend(flaws.iter().map(|flaw| flaw.reason.code.to_owned()));
            }
        }
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
    known.extend(seen.new.iter().map(stored));
    seen
}

fn ordinals(contents: &[Contents]) -> Vec<u64> {
    let mut all = Vec::new();
    for sheet in contents.iter().flat_map(|contents| &contents.sheets) {
        let rows = sheet.rows().unwrap_or_else(|error| panic!("{error}"));
        all.extend((0..rows.events()).map(|event| rows.place(event).ordinal));
    }
    all.sort_unstable();
    all
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_log_is_read_once_whatever_it_is_called_and_a_grown_one_adds_its_tail() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("a.json"), folder.path().join("b.json"));
    write(&first, &log(0..10_000));
    let known = Arc::default();
    let seen = read(std::slice::from_ref(&first), &known);
    assert_eq!((seen.new.len(), seen.there.len()), (3, 0));
    assert_eq!(ordinals(&seen.new), (1..=10_000).collect::<Vec<_>>());
    assert_eq!(seen.new[1].first_event, seen.new[0].events);
    assert_eq!(seen.new[2].first_event, seen.new[0].events + seen.new[1].events);
    write(&second, &log(0..12_000));
    let seen = read(&[first, second], &known);
    let there: Vec<&str> =
        seen.there.iter().map(|(path, _)| path.rsplit('/').next().unwrap_or(path)).collect();
    assert_eq!(there, ["a.json", "a.json", "a.json", "b.json", "b.json", "b.json"]);
    assert_eq!(ordinals(&seen.new), (10_001..=12_000).collect::<Vec<_>>());
    assert_eq!(seen.new[0].first_event, 10_000);
}

#[test]
fn flaws_go_with_the_batch_of_their_source_and_the_others_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (good, none) = (folder.path().join("a.json"), folder.path().join("b.json"));
    write(
        &good,
        "{\"EventID\":1,\"Channel\":\"Security\"}\n{broken}\n{\"EventID\":2,\"Channel\":\"Security\"}\n",
    );
    write(&none, "");
    let seen = read(&[good, none], &Arc::default());
    assert_eq!(seen.new.len(), 1);
    assert_eq!((seen.new[0].events, seen.new[0].flaws.len()), (2, 1));
    assert_eq!(seen.flaws.len(), 1, "{:?}", seen.flaws);
}
