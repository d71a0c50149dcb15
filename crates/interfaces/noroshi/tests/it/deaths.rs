//! Processes that group verdicts, act on many findings and write the report are killed at any moment: nothing is lost,
//! doubled or done in part. `NOROSHI_DEATHS` says how many are killed by each test, a few without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use model::evidence::ContentId;
use noroshi::acts;
use noroshi::books::look;
use page::{Language, Words};
use serde_json::{Value, json as value};
use watch::findings::{self, Listed, Wanted};

use crate::backups::deaths::{Dice, start};
use crate::backups::{done, json, run};
use crate::commands::{RULE, said};

/// Events of the log, and hosts that have them.
const EVENTS: u64 = 1_500;
const HOSTS: u64 = 23;

/// Another rule, about the other events; its verdicts are told apart by their hosts.
const CANDLE: &str = "title: Candle\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f12\nlevel: low\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n  selection:\n    CommandLine|contains: candle\n  condition: selection\n";

const DETECT: [&str; 4] = ["detect", "--lake", "--home", "home"];
const INGEST: [&str; 4] = ["ingest", "log.json", "--home", "home"];
const REPORT: [&str; 7] = ["report", "--year", "2026", "--html", "report.html", "--home", "home"];

/// How many processes are killed by a test that kills few of them otherwise.
fn deaths(few: usize) -> usize {
    std::env::var("NOROSHI_DEATHS").ok().and_then(|number| number.parse().ok()).unwrap_or(few)
}

/// A folder with homes to copy: `kept` has events and rules that did not run over them, `found` has their verdicts and
/// a journal from before, `grouped` was never disturbed.
fn homes() -> &'static Path {
    static HOMES: OnceLock<tempfile::TempDir> = OnceLock::new();
    HOMES.get_or_init(make).path()
}

fn make() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let line = |number: u64| {
        let time = jiff::Timestamp::from_second(1_781_139_600 + i64::try_from(number).expect("small") * 420);
        let event = value!({
            "@timestamp": time.expect("a time"), "EventID": 1,
            "Channel": "Microsoft-Windows-Sysmon/Operational", "SourceName": "Microsoft-Windows-Sysmon",
            "Computer": format!("ws{:02}.example", number * number % HOSTS), "ProcessId": number,
            "CommandLine": if number.is_multiple_of(3) { "a lantern" } else { "a candle" },
        });
        format!("{event}\n")
    };
    fs::write(path.join("log.json"), (0..EVENTS).map(line).collect::<String>()).expect("written");
    fs::create_dir(path.join("set")).expect("made");
    fs::write(path.join("set/lantern.yml"), RULE).expect("written");
    fs::write(path.join("set/candle.yml"), CANDLE).expect("written");
    done(path, &["rules", "disable", "bundled", "--reason", "a test", "--home", "home"]);
    done(path, &INGEST);
    done(path, &["rules", "add", "ours", "set", "--enable", "--reason", "reviewed", "--home", "home"]);
    copy(&path.join("home"), &path.join("kept"));
    done(path, &DETECT);
    copy(&path.join("home"), &path.join("grouped"));
    copy(&path.join("home"), &path.join("found"));
    fs::copy(path.join("kept/journal.sqlite"), path.join("found/journal.sqlite")).expect("copied");
    folder
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").args([from, to]).status().expect("cp starts").success());
}

/// A folder with a copy of one of the homes, and the log.
fn copied(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&homes().join(name), &folder.path().join("home"));
    copy(&homes().join("log.json"), &folder.path().join("log.json"));
    folder
}

/// All findings of the home, and the verdicts that joined each.
fn read(folder: &Path) -> (Vec<Listed>, Vec<(ContentId, u64)>) {
    let reader = acts::read(Some(&folder.join("home")), Words::new(Language::En)).expect("a journal");
    let all = look(|who| findings::list(&reader, who, &Wanted::default())).expect("findings");
    let numbers: BTreeSet<u64> = all.iter().map(|finding| finding.number).collect();
    let mut verdicts = Vec::new();
    look(|who| findings::verdicts_of(&reader, who, &numbers, &mut |id, of| verdicts.push((id, of))))
        .expect("verdicts");
    (all, verdicts)
}

/// A finding that is no part of another: title, severity, organisation, events, and its verdicts.
type Told = (String, String, String, u64, BTreeSet<ContentId>);

/// The findings, when all of the home is whole: no verdict is in two findings, those of a finding are as many as it
/// says, each of them is in the lake once, and the journal is as its acts say.
fn whole(folder: &Path, case: &str) -> BTreeSet<Told> {
    let rebuilt = json(folder, &["rebuild", "--home", "home"]);
    assert_eq!(rebuilt["faults"], value!([]), "{case}");
    let (all, verdicts) = read(folder);
    let into: BTreeMap<u64, u64> =
        all.iter().filter_map(|finding| Some((finding.number, finding.whole?))).collect();
    let mut of: BTreeMap<u64, BTreeSet<ContentId>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (id, mut number) in verdicts {
        assert!(seen.insert(id), "{case}: {id} is in two findings");
        while let Some(whole) = into.get(&number) {
            number = *whole;
        }
        of.entry(number).or_default().insert(id);
    }
    let stored = stored(folder, case);
    let once: BTreeSet<ContentId> = stored.iter().copied().collect();
    assert_eq!(once.len(), stored.len(), "{case}: a verdict is in the lake twice");
    assert!(seen.is_subset(&once), "{case}: a finding has a verdict that the lake has not");
    let told = |finding: &Listed| {
        let verdicts = of.remove(&finding.number).unwrap_or_default();
        assert_eq!(verdicts.len() as u64, finding.verdicts, "{case}: finding {}", finding.number);
        let Listed { title, level, organisation, events, .. } = finding.clone();
        (title, level.as_str().to_owned(), organisation, events, verdicts)
    };
    let told = all.iter().filter(|finding| finding.whole.is_none()).map(told).collect();
    assert!(of.is_empty(), "{case}: verdicts are in a finding that is not there");
    told
}

/// The verdicts in the lake; before the first one there is no table of them.
fn stored(folder: &Path, case: &str) -> Vec<ContentId> {
    let output = run(folder, &["query", "SELECT id FROM verdicts", "--home", "home", "--json"]);
    if said(&output).contains("There is no table verdicts") {
        return Vec::new();
    }
    assert_eq!(output.status.code(), Some(0), "{case}: {}", said(&output));
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    rows.iter().map(|row| row["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")).collect()
}

/// How far a command comes in a home: turns of waiting, and bytes in the log behind its journal.
#[derive(Debug, Default, Clone, Copy)]
struct Reach {
    turns: usize,
    bytes: u64,
}

impl Reach {
    /// Of a command that nobody disturbs, in a copy of one of the homes.
    fn of(name: &str, arguments: &[&str]) -> Self {
        Self::after(copied(name).path(), arguments)
    }

    fn after(folder: &Path, arguments: &[&str]) -> Self {
        let mut reach = Self::default();
        let mut child = start(folder, arguments);
        while child.try_wait().expect("asked").is_none() {
            reach.turns += 1;
            reach.bytes = reach.bytes.max(logged(folder));
            std::thread::yield_now();
        }
        reach
    }

    /// Somewhere on the way: by turns, or where it is written.
    fn moment(self, dice: &mut Dice) -> Self {
        let turns = dice.below(self.turns * 5 / 4);
        let bytes = dice.below(usize::try_from(self.bytes).expect("small") + 1);
        let bytes = u64::try_from(bytes).expect("small");
        if dice.below(2) == 0 { Self { turns, bytes: u64::MAX } } else { Self { turns: usize::MAX, bytes } }
    }

    /// Starts a command and kills it when it has come so far; whether it was done before.
    fn kill(self, folder: &Path, arguments: &[&str]) -> bool {
        let mut child = start(folder, arguments);
        let mut turns = 0;
        while turns < self.turns && logged(folder) <= self.bytes && child.try_wait().expect("asked").is_none()
        {
            turns += 1;
            std::thread::yield_now();
        }
        drop(child.kill());
        child.wait().expect("ended").success()
    }
}

/// How much stands in the log behind the journal.
fn logged(folder: &Path) -> u64 {
    fs::metadata(folder.join("home/journal.sqlite-wal")).map_or(0, |metadata| metadata.len())
}

#[test]
fn whenever_grouping_is_killed_each_verdict_is_in_one_finding() {
    let grouped = whole(copied("grouped").path(), "undisturbed");
    assert!(grouped.len() > 5 && grouped.iter().map(|told| told.4.len() as u64).sum::<u64>() == EVENTS);
    // Going over the lake takes long and groups at its end; where all is found, grouping is most of it.
    let (detecting, ingesting) =
        (("kept", &DETECT[..], deaths(4).div_ceil(4)), ("found", &INGEST[..], deaths(8).div_ceil(2)));
    for (name, arguments, number) in [detecting, ingesting] {
        let (reach, mut dice) = (Reach::of(name, arguments), Dice(number as u64));
        for home in 0..number.div_ceil(2) {
            let folder = copied(name);
            let mut case = format!("{name}, home {home}, {}:", arguments[0]);
            for _ in 0..2 {
                let moment = reach.moment(&mut dice);
                let is_done = moment.kill(folder.path(), arguments);
                case += &format!(" {moment:?}");
                let told = whole(folder.path(), &case);
                assert!(told == grouped || (told.is_empty() && !is_done), "{case}: neither all nor nothing");
            }
            done(folder.path(), arguments);
            assert!(whole(folder.path(), &case) == grouped, "{case}: other findings");
        }
    }
}

/// What an act says of all findings, when it says the same of each.
fn same<T: PartialEq + std::fmt::Debug>(folder: &Path, case: &str, of: impl Fn(&Listed) -> T) -> T {
    let (all, _) = read(folder);
    let mut said = all.iter().map(&of);
    let first = said.next().expect("findings");
    let others: Vec<T> = said.filter(|other| *other != first).collect();
    assert!(others.is_empty(), "{case}: {first:?}, and {others:?}");
    first
}

/// Acts of people on a finding, by their kind.
fn acts_on(folder: &Path, number: u64) -> Vec<Value> {
    let shown = json(folder, &["findings", "show", &number.to_string(), "--home", "home"]);
    shown["acts"].as_array().expect("acts").iter().map(|recorded| recorded["act"].clone()).collect()
}

#[test]
fn whenever_an_act_on_many_is_killed_it_is_said_of_all_or_none_and_so_is_its_undoing() {
    let folder = copied("grouped");
    let folder = folder.path();
    let before = whole(folder, "undisturbed");
    let numbers: Vec<String> = read(folder).0.iter().map(|finding| finding.number.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let close = ["--as", "true", "--reason", "one story", "--home", "home"];
    let close = [&["findings", "close"], &numbers[..], &close].concat();
    let take = [&["findings", "take"], &numbers[..], &["--name", "佐藤", "--home", "home"]].concat();
    let (reach, mut dice) = (Reach::of("grouped", &close), Dice(7));
    let rounds = deaths(8).div_ceil(2);
    for round in 0..rounds {
        let case = format!("round {round}");
        let is_said = |finding: &Listed| !finding.disposition.is_empty() || !finding.owner.is_empty();
        let act = if round % 2 == 0 { &close } else { &take };
        let is_done = reach.moment(&mut dice).kill(folder, act);
        let is_there = same(folder, &case, is_said);
        assert!(is_there || !is_done, "{case}: it was said to be done");
        if !is_there {
            done(folder, act);
        }
        let key = acts_on(folder, 1).last().expect("an act")["together"].as_str().expect("a key").to_owned();
        let undo = ["findings", "undo", &key, "--reason", "not yet", "--home", "home"];
        let is_done = reach.moment(&mut dice).kill(folder, &undo);
        let is_there = same(folder, &case, is_said);
        assert!(!is_there || !is_done, "{case}: it was said to be undone");
        if is_there {
            done(folder, &undo);
        }
        assert!(!same(folder, &case, is_said), "{case}");
    }
    assert!(whole(folder, "at the end") == before, "other findings");
    for number in &numbers {
        let kinds: Vec<Value> = acts_on(folder, number.parse().expect("a number"))
            .iter()
            .map(|act| act["change"]["what"].as_str().unwrap_or("taken back").into())
            .collect();
        let round =
            |round: usize| [if round.is_multiple_of(2) { "closed" } else { "assigned" }, "taken back"];
        assert_eq!(kinds, (0..rounds).flat_map(round).collect::<Vec<_>>(), "finding {number}");
    }
}

#[test]
fn whenever_the_report_is_killed_its_file_is_whole_or_as_it_was() {
    let folder = copied("grouped");
    let folder = folder.path();
    let file = folder.join("report.html");
    let write = || {
        done(folder, &REPORT);
        fs::read(&file).expect("written")
    };
    // Who looks is counted, from the first time on.
    write();
    let old = write();
    done(folder, &["findings", "close", "1", "--as", "true", "--reason", "a story", "--home", "home"]);
    let new = write();
    assert!(old != new && new.trim_ascii_end().ends_with(b"</html>"));
    let (reach, mut dice) = (Reach::after(folder, &REPORT), Dice(11));
    for death in 0..deaths(4).div_ceil(4) * 2 {
        let is_there = death % 2 == 0;
        fs::write(&file, &old).expect("written");
        if !is_there {
            fs::remove_file(&file).expect("removed");
        }
        let moment = Reach { turns: dice.below(reach.turns * 9 / 8), bytes: u64::MAX };
        let is_done = moment.kill(folder, &REPORT);
        let found = fs::read(&file).ok();
        let is_old = found.as_deref() == is_there.then_some(&old[..]);
        let is_new = found.as_ref() == Some(&new);
        assert!(is_new || (is_old && !is_done), "death {death}: {:?} bytes", found.map(|found| found.len()));
    }
    assert!(write() == new, "the same home gives the same bytes");
    assert_eq!(json(folder, &["rebuild", "--home", "home"])["faults"], value!([]));
    // What a process that was killed leaves behind hides, and is no report.
    for entry in fs::read_dir(folder).expect("a folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let is_known = ["home", "log.json", "report.html", "cache"].contains(&name.as_str());
        assert!(is_known || (name.starts_with('.') && name.ends_with(".part")), "{name}");
    }
}
