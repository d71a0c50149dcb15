//! The small nation before the bundled rules: the demo's week, and of its year the days on which its attacks happen and
//! those that tempt rules most.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use model::level::Level;
use noroshi::commands::demo::{Plants, Seen};
use page::{Language, Words};
use report::Truth;
use serde_json::Value;
use simulate::{Census, Generator, Plan};

use crate::census::Known;
use crate::commands::{noroshi, said};

/// Days of the year on which the stories do what rules can know: first day, and how many.
const STORIES: [(&str, u32); 6] = [
    ("2026-05-28", 1),
    ("2026-06-08", 2),
    ("2026-06-18", 2),
    ("2026-08-04", 2),
    ("2026-08-18", 1),
    ("2027-01-22", 1),
];

/// Days on which people have forgotten their passwords, products are renewed, logs are put away.
const TEMPTING: [(&str, u32); 5] =
    [("2026-04-08", 1), ("2026-05-07", 2), ("2026-09-24", 2), ("2027-01-03", 2), ("2027-01-13", 1)];

/// A few days of the year.
pub fn days(from: &str, days: u32) -> Plan {
    let start = format!("{from}T00:00:00+09:00").parse().expect("an instant");
    Plan { start, days, scale: 0.05, monthly: false, ..Plan::year(1) }
}

/// Makes logs and truth below a folder.
pub fn make(folder: &Path, plan: &Plan) {
    let mut truths = String::new();
    for log in plan.files() {
        let path = folder.join("logs").join(&log.path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let mut out = BufWriter::new(File::create(&path).expect("made"));
        let mut generator = Generator::new(plan, &log);
        while !generator.write(&mut out, 1 << 20).expect("written").done {}
        for truth in generator.take_truth() {
            truths += &(serde_json::to_string(&truth).expect("JSON") + "\n");
        }
    }
    fs::write(folder.join("truth.ndjson"), truths).expect("written");
}

/// Makes logs and truth below a folder, scans them with the bundled rules, and compares.
fn compared(folder: &Path, plan: &Plan) -> Truth {
    make(folder, plan);
    let output = noroshi(folder, &["detect", "--json", "verdicts.jsonl", "logs"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let verdicts = fs::read_to_string(folder.join("verdicts.jsonl")).expect("written");
    let seen = |line: &str| {
        let verdict: Value = serde_json::from_str(line).expect("JSON");
        let events = verdict["events"].as_array().expect("events");
        let last = &events[events.len() - 1];
        Seen {
            source_path: last["source_path"].as_str().expect("a path").to_owned(),
            ordinal: last["ordinal"].as_u64().expect("a number"),
            level: Level::parse(verdict["level"].as_str().expect("a level")).expect("a level"),
        }
    };
    let seen: Vec<Seen> = verdicts.lines().map(seen).collect();
    Plants::read(folder).expect("the truth").compare(&seen, Words::new(Language::En))
}

#[test]
fn rules_see_all_of_the_stories_that_they_can_know_and_nothing_else() {
    for (from, number) in STORIES {
        let folder = tempfile::tempdir().expect("a folder");
        let truth = compared(folder.path(), &days(from, number));
        assert!(truth.planted > 0, "{from}: nothing was planted");
        assert!(truth.missed.is_empty(), "{from}: {:?}", truth.missed);
        assert_eq!(truth.false_verdicts, 0, "{from}");
    }
}

#[test]
fn days_that_tempt_rules_raise_nothing() {
    for (from, number) in TEMPTING {
        let folder = tempfile::tempdir().expect("a folder");
        let plan = Plan { stories: Vec::new(), scale: 0.2, ..days(from, number) };
        let truth = compared(folder.path(), &plan);
        assert_eq!((truth.planted, truth.verdicts), (0, 0), "{from}");
    }
}

#[test]
fn the_demo_keeps_to_its_own_folder_and_finds_what_was_planted() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = folder.path().join("demo");
    fs::write(folder.path().join("somebody's.txt"), "theirs").expect("written");
    let taken = noroshi(folder.path(), &["demo", "--home", "."]);
    assert_eq!(taken.status.code(), Some(2), "{}", said(&taken));
    let arguments = ["demo", "--week", "--home", "demo", "--no-serve", "--scale", "0.05"];
    let first = noroshi(folder.path(), &arguments);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    // Two questions with their answers: rows of each organisation, and who was in touch with the attackers.
    let text = said(&first);
    for told in [
        "Kept ",
        "precision 1.000",
        "recall 1.000",
        "A, ransomware through the supplier",
        "C, a quiet intruder",
        "What has each organisation sent?",
        "noroshi query --home demo/home",
        "203.0.113.77",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let rows = |organisation: &str| text.lines().filter(|line| line.starts_with(organisation)).count();
    assert_eq!(["kogane ", "hinata ", "aoba "].map(rows), [1, 2, 2], "{text}");
    for page in ["report-en.html", "report-ja.html"] {
        assert!(demo.join(page).is_file());
    }
    the_lake_holds_what_the_census_says(&demo);
    let mut known = Known::read(&demo);
    known.done.push(("access.viewers".to_owned(), 1));
    known.compare(&demo);
    let again = noroshi(folder.path(), &arguments);
    assert!(said(&again).contains("Using the week"), "{}", said(&again));
}

/// Events and hosts of each organisation, counted by the generator and in the lake.
fn the_lake_holds_what_the_census_says(demo: &Path) {
    let text = fs::read_to_string(demo.join("census.json")).expect("the census");
    let census: Census = serde_json::from_str(&text).expect("a census");
    let sql = r#"SELECT owner, count(*), count(DISTINCT "device.hostname") FROM events GROUP BY owner ORDER BY owner"#;
    let output = noroshi(demo, &["query", "--home", "home", "--csv", sql]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let rows = String::from_utf8_lossy(&output.stdout).into_owned();
    let counted: Vec<String> = rows.lines().skip(1).map(str::to_owned).collect();
    let expected = census.organisations.iter();
    let expected = expected.map(|(id, counts)| format!("{id},{},{}", counts.events, counts.hosts.len()));
    assert_eq!(counted, expected.collect::<Vec<_>>());
}
