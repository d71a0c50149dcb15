//! A log a month: the same bytes in other files, counted as they are; and a plan that ends within a day.

use super::{generate, windows};
use simulate::{Census, Generator, LogFile, Plan, Shape, Truth};
use std::collections::{BTreeMap, BTreeSet};

/// From the end of May to the beginning of July, a file a month.
fn months() -> Plan {
    let start = "2026-05-27T15:00:00Z".parse().unwrap();
    Plan { start, days: 36, scale: 0.01, monthly: true, ..Plan::year(1) }
}

fn log(plan: &Plan, organisation: &str, shape: Shape) -> LogFile {
    let wanted = |file: &LogFile| file.organisation == organisation && file.shape == shape;
    plan.files().into_iter().find(wanted).unwrap()
}

/// A file: its path and its bytes.
type File = (String, Vec<u8>);

/// The files of a log, its truth, and its census.
fn files(plan: &Plan, log: &LogFile) -> (Vec<File>, Vec<Truth>, Census) {
    let mut generator = Generator::new(plan, log);
    let mut files = vec![(generator.path().to_owned(), Vec::new())];
    loop {
        let (_, bytes) = files.last_mut().unwrap();
        let progress = generator.write(bytes, 10_000).unwrap();
        if progress.done {
            return (files, generator.take_truth(), generator.census());
        }
        if progress.file_done {
            files.push((generator.path().to_owned(), Vec::new()));
        }
    }
}

#[test]
fn months_hold_the_bytes_of_the_whole() {
    let plan = months();
    let whole = Plan { monthly: false, ..plan.clone() };
    for shape in [Shape::Flat, Shape::Auditd] {
        let file = log(&plan, "keizai", shape);
        let parts = files(&plan, &file).0;
        let names: Vec<String> = parts.iter().map(|(path, _)| path.clone()).collect();
        let written =
            plan.written().into_iter().filter(|one| one.organisation == "keizai" && one.shape == shape);
        assert_eq!(names, written.map(|one| one.path).collect::<Vec<_>>());
        assert_eq!(names.len(), 3);
        let together: Vec<u8> = parts.into_iter().flat_map(|(_, bytes)| bytes).collect();
        assert!(together == generate(&whole, &file, 1 << 20).0, "{names:?}");
    }
}

/// Every file holds its own month, and the truth counts lines and events within it.
#[test]
fn truth_counts_within_the_month() {
    let plan = months();
    let log = log(&plan, "hinata", Shape::Flat);
    let (files, truths, _) = files(&plan, &log);
    let june: Vec<&str> = std::str::from_utf8(&files[1].1).unwrap().lines().collect();
    assert_eq!(files[1].0, "hinata/windows-2026-06.ndjson");
    assert!(windows(june[0]).time.as_str() >= "2026-05-31T15:00");
    assert!(windows(june[june.len() - 1]).time.as_str() < "2026-06-30T15:00");
    assert!(!truths.is_empty());
    for truth in truths {
        assert_eq!((truth.source_path.as_str(), truth.line), (files[1].0.as_str(), truth.ordinal));
        assert_eq!(Some(windows(june[truth.line as usize - 1]).record), truth.record_id);
    }
}

/// The census, counted again from the lines and the truth alone.
#[test]
fn the_census_is_what_the_lines_hold() {
    let plan = months();
    let log = log(&plan, "aoba", Shape::Flat);
    let (files, truths, census) = files(&plan, &log);
    let counted = &census.organisations["aoba"];
    let (mut hosts, mut kinds) = (BTreeMap::<String, u64>::new(), BTreeMap::<String, u64>::new());
    let (mut events, mut times) = (0, Vec::new());
    for (path, bytes) in files {
        let mut here = BTreeSet::new();
        let before = events;
        for line in std::str::from_utf8(&bytes).unwrap().lines().map(windows) {
            events += 1;
            here.insert(line.host.clone());
            *hosts.entry(line.host).or_default() += 1;
            *kinds.entry(format!("{}/{}", line.channel, line.id)).or_default() += 1;
            times.push(line.time);
        }
        let month = &counted.months[&path["aoba/windows-".len()..][..7]];
        assert_eq!((month.events, month.hosts), (events - before, here.len() as u64), "{path}");
    }
    assert_eq!((counted.events, census.events()), (events, events));
    assert_eq!((&counted.hosts, &counted.kinds), (&hosts, &kinds));
    assert_eq!((&counted.first, &counted.last), (&times[0], &times[times.len() - 1]));
    let planted: u64 = census.planted.iter().map(|planted| planted.events).sum();
    assert_eq!(planted, truths.len() as u64);
    for planted in &census.planted {
        let of_it = |truth: &&Truth| {
            (truth.story, truth.technique, truth.rule_expected)
                == (planted.story.as_str(), planted.technique.as_str(), planted.rule_expected)
        };
        assert_eq!(truths.iter().filter(of_it).count() as u64, planted.events, "{planted:?}");
    }
}

#[test]
fn a_census_is_the_same_in_any_order() {
    let plan = months();
    let parts: Vec<Census> = ["keizai", "chiri", "hoshu"]
        .iter()
        .flat_map(|id| plan.files().into_iter().filter(|log| log.organisation == *id).collect::<Vec<_>>())
        .map(|log| files(&plan, &log).2)
        .collect();
    let sum = |parts: &mut dyn Iterator<Item = &Census>| {
        let mut sum = Census::default();
        parts.for_each(|part| sum.add(part.clone()));
        sum
    };
    let forth = sum(&mut parts.iter());
    assert_eq!(forth, sum(&mut parts.iter().rev()));
    assert_eq!(forth.events(), parts.iter().map(Census::events).sum::<u64>());
    // Two logs of one organisation.
    assert!(forth.organisations["keizai"].kinds.contains_key("auditd/SYSCALL"));
    assert!(forth.organisations["keizai"].kinds.contains_key("Security/4624"));
    let text = serde_json::to_string(&forth).unwrap();
    assert_eq!(serde_json::from_str::<Census>(&text).unwrap(), forth);
}

/// The demo's clock begins in the middle of a morning: the day before is as it would have been, and nothing is ahead.
#[test]
fn nothing_happens_after_the_plan() {
    let until = "2026-06-01T01:00:00Z";
    let whole = Plan { days: 5, ..months() };
    let short = Plan { until: Some(until.parse().unwrap()), ..whole.clone() };
    let log = log(&short, "shitei", Shape::Winlogbeat);
    let (bytes, all) = (generate(&short, &log, 1 << 20).0, generate(&whole, &log, 1 << 20).0);
    assert!(all.starts_with(&bytes) && all.len() > bytes.len());
    let text = String::from_utf8(bytes).unwrap();
    let last = windows(text.lines().last().unwrap()).time;
    assert!(last.as_str() < until && last.as_str() > "2026-05-31T22");
    let demo = Plan::demo_year(1);
    assert_eq!(demo.until, Some("2027-03-12T01:00:00Z".parse().unwrap()));
    assert_eq!(demo.written().len(), 120);
}

/// At a slower pace machines and people do less, and attacks and oddities are the same.
#[test]
fn the_pace_is_of_ordinary_work() {
    let usual = Plan { days: 3, ..months() };
    let quiet = Plan { pace: 0.3, ..usual.clone() };
    let log = log(&usual, "chiri", Shape::Winlogbeat);
    let (bytes, planted, events) = generate(&usual, &log, 1 << 20);
    let (quiet_bytes, quiet_planted, quiet_events) = generate(&quiet, &log, 1 << 20);
    assert!(quiet_events * 5 < events * 3, "{quiet_events} of {events}");
    assert_eq!(planted.len(), quiet_planted.len());
    let backups = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().matches("vssadmin list shadows").count();
    let (usual, quiet) = (backups(bytes), backups(quiet_bytes));
    assert!(usual > 0 && usual == quiet);
}
