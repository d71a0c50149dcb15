//! Ordinals are those of the whole source wherever they are seen: in the rows that a stage gets, in
//! verdicts and signals, over jobs, sources, followed logs and after a panic.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use detect::{Engine, Placeholders, RuleSet, Verdict, load};
use intake::{Detection, Found, Intake, Settings, Stage, Stop, inputs};
use model::catalogue::Catalogue;
use sources::{Limits, Sheet};

/// Notes path, ordinal and line of every row, and panics over a row with a certain field.
struct Noting(Arc<Catalogue>, Mutex<Vec<(String, u64, u64)>>);

impl Stage for Noting {
    type Scratch = ();

    fn catalogue(&self) -> &Arc<Catalogue> {
        &self.0
    }

    fn work(&self, sheet: &Sheet, (): &mut (), _: &mut Found) {
        let rows = sheet.rows().unwrap_or_else(|error| panic!("{error}"));
        assert!(rows.raw("poison").is_none(), "poisoned");
        let place = |event| {
            let place = rows.place(event);
            (rows.source_path(event).to_owned(), place.ordinal, place.line.unwrap_or(0))
        };
        let mut noted = self.1.lock().unwrap_or_else(|_| panic!("a note was not taken"));
        noted.extend((0..rows.events()).map(place));
    }
}

/// One event a line, of two kinds in turn, each as long as a line of a log; the needle stands in
/// these lines.
fn log(lines: usize, needles: &[usize]) -> String {
    let mut text = String::new();
    for line in 1..=lines {
        let image = if needles.contains(&line) { "needle" } else { "hay" };
        let (id, time) = (1 + line % 2, 1_772_438_400 + line);
        let rest = "x".repeat(100);
        let _ = writeln!(
            text,
            r#"{{"EventID":{id},"Channel":"Security","@timestamp":{time},"Image":"{image}","rest":"{rest}"}}"#
        );
    }
    text
}

fn run<S: Stage>(paths: &[PathBuf], stage: &S) -> Vec<Found> {
    let settings = Settings { threads: 3, limits: Limits { segment_bytes: 64 << 10, ..Limits::default() } };
    let (stop, bytes) = (Stop::default(), AtomicU64::new(0));
    let intake = Intake { stage, settings: &settings, stop: &stop, bytes: &bytes };
    let mut all = Vec::new();
    intake::run(&inputs::find(paths).files, intake, &mut |found| {
        all.push(found);
        Ok(())
    })
    .unwrap_or_else(|error| panic!("{error}"));
    all
}

const RULES: &str = "
title: needle
name: needle
logsource: {product: windows}
detection: {s: {Image: needle}, condition: s}
---
title: hay
logsource: {product: windows}
detection: {s: {Image: hay}, condition: s}
---
title: two needles
correlation: {type: event_count, rules: needle, timespan: 30d, group-by: Channel, condition: {gte: 2}}
";

fn engine() -> Engine {
    let set = RuleSet::new(load("t.yml", RULES, &Placeholders::new()));
    assert!(set.refused.is_empty(), "{:?}", set.refused);
    Engine::new(set, Catalogue::bundled().unwrap_or_else(|error| panic!("{error}")))
}

/// Path, ordinal and line of all events of a verdict.
fn events(verdict: &Verdict) -> Vec<(String, u64, u64)> {
    let events = verdict.events().into_iter();
    events
        .map(|event| (event.source_path.to_string(), event.place.ordinal, event.place.line.unwrap_or(0)))
        .collect()
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap_or_else(|error| panic!("{error}"));
    path
}

#[test]
fn rows_have_the_ordinals_of_their_source_over_jobs_and_files() {
    let folder = tempfile::tempdir().unwrap();
    // Small sources before, between and behind those of several jobs.
    let files = [("a", 3), ("b", 60_000), ("c", 2), ("d", 1), ("e", 40_000), ("f", 5)];
    let paths = files.map(|(name, lines)| write(folder.path(), name, &log(lines, &[])));
    let stage = Noting(Catalogue::bundled().unwrap(), Mutex::default());
    let found = run(&paths, &stage);
    assert!(found.len() > 5, "{} jobs", found.len());
    let rows = stage.1.into_inner().unwrap();
    assert_eq!(rows.len(), files.iter().map(|(_, lines)| lines).sum::<usize>());
    let wrong = rows.iter().find(|(_, ordinal, line)| ordinal != line);
    assert_eq!(wrong, None);
}

#[test]
fn verdicts_and_signals_have_the_ordinals_of_their_source_in_the_order_of_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [("a", log(10, &[])), ("b", log(60_000, &[7, 59_999]))];
    let paths = paths.map(|(name, text)| write(folder.path(), name, &text));
    let engine = engine();
    let found = run(&paths, &Detection { engine: &engine, from: None, to: None });
    let verdicts: Vec<&Verdict> = found.iter().flat_map(|found| &found.verdicts).collect();
    let (plain, correlated): (Vec<&Verdict>, Vec<&Verdict>) =
        verdicts.iter().partition(|verdict| !verdict.rule.is_correlation);
    let shown = |path: &Path| path.display().to_string();
    let places: Vec<_> = plain.iter().flat_map(|verdict| events(verdict)).collect();
    let expected = [(&paths[0], 10), (&paths[1], 60_000)];
    let expected =
        expected.iter().flat_map(|(path, lines)| (1..=*lines).map(|line| (shown(path), line, line)));
    // The hay of both kinds of event, without the needles: those feed the correlation.
    let needles = [7, 59_999];
    let expected: Vec<_> =
        expected.filter(|(path, line, _)| *path == shown(&paths[0]) || !needles.contains(line)).collect();
    assert!(places == expected, "{} places, the first: {:?}", places.len(), &places[..4]);
    let correlated: Vec<_> = correlated.iter().map(|verdict| events(verdict)).collect();
    assert_eq!(correlated, [needles.map(|line| (shown(&paths[1]), line, line))]);
}

#[test]
fn events_behind_one_that_is_lost_keep_their_ordinals() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<String> = log(40_000, &[]).lines().map(str::to_owned).collect();
    lines[9_000] = r#"{"poison":1}"#.to_owned();
    let path = write(folder.path(), "a", &lines.join("\n"));
    let stage = Noting(Catalogue::bundled().unwrap(), Mutex::default());
    let found = run(&[path], &stage);
    assert_eq!(found.iter().flat_map(|found| &found.flaws).count(), 1);
    // What was noted of a part before the panic is noted again with the smaller parts.
    let mut rows = stage.1.into_inner().unwrap();
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows.len(), 39_999);
    assert_eq!(rows.iter().find(|(_, ordinal, line)| ordinal != line), None);
}

#[test]
fn a_followed_log_counts_on() {
    // Needles in different jobs; and in one job, but of two kinds of event, the later kind first.
    for needles in [[2, 29], [2, 5]] {
        follow(needles).unwrap();
    }
}

/// Follows a log that grows from 10 lines to 30.
fn follow(needles: [u64; 2]) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let text = log(30, &needles.map(|line| line as usize));
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let path = write(folder.path(), "a", &lines[..10].concat());
    let engine = engine();
    let stage = Detection { engine: &engine, from: None, to: None };
    let settings = Settings { threads: 1, limits: Limits::default() };
    let (stop, bytes) = (Stop::default(), AtomicU64::new(0));
    let intake = Intake { stage: &stage, settings: &settings, stop: &stop, bytes: &bytes };
    let (mut plain, mut correlated) = (Vec::new(), Vec::new());
    let mut left = [20, 30].into_iter();
    let mut seen = 10;
    intake::follow::run(std::slice::from_ref(&path), &[], intake, &mut |found| {
        for verdict in &found.verdicts {
            if verdict.rule.is_correlation { &mut correlated } else { &mut plain }.push(events(verdict));
        }
        if found.events > 0 {
            match left.next() {
                Some(next) => {
                    let mut file = File::options().append(true).open(&path)?;
                    file.write_all(lines[seen..next].concat().as_bytes())?;
                    seen = next;
                }
                None => stop.ask(),
            }
        }
        Ok(())
    })?;
    let shown = path.display().to_string();
    let place = |line: u64| (shown.clone(), line, line);
    let hay = (1..=30).filter(|line| !needles.contains(line)).map(|line| vec![place(line)]);
    assert_eq!(plain, hay.collect::<Vec<_>>());
    assert_eq!(correlated, [needles.map(place).to_vec()]);
    Ok(())
}
