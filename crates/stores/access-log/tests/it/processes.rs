//! Processes that add at once, are killed, or have no more room. They are this very test, run again.
//! `NOROSHI_DEATHS` says how many are killed, twenty without it.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use access_log::{AccessLog, AccessLogError, Durable, Entry, Limits, verify};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::support::{entries, look, place};

/// Names the log of a child, its work, and itself.
const FOLDER: &str = "ACCESS_LOG_FOLDER";
const WORK: &str = "ACCESS_LOG_WORK";
const NAME: &str = "ACCESS_LOG_NAME";

/// Before a number that a child was given.
const NOTED: &str = "noted ";

/// Bytes that a file may have while the disk is full.
const FULL: u64 = 2_000;

fn child(path: &Path, work: &str, name: &str) -> Child {
    let mut command = Command::new("sh");
    // A file that grows over its limit is an error then, and no signal.
    command.args(["-c", r#"trap '' XFSZ; exec "$0" "$@""#]).arg(std::env::current_exe().expect("a program"));
    command.args(["--exact", "processes::the_work_of_a_child", "--nocapture"]);
    command.env(FOLDER, path).env(WORK, work).env(NAME, name);
    command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("started")
}

/// The numbers that a child was given, until it ends; `after` is called with how many there are.
fn numbers(child: &mut Child, after: &mut dyn FnMut(usize, &mut Child)) -> Vec<u64> {
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut numbers = Vec::new();
    for line in lines {
        let line = line.expect("read");
        // The harness does not end its own line before the first of these.
        let Some((_, number)) = line.split_once(NOTED) else { continue };
        numbers.push(number.parse().expect("a number"));
        after(numbers.len(), child);
    }
    numbers
}

fn say(number: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{NOTED}{number}").and_then(|()| out.flush()).expect("said");
}

#[test]
fn the_work_of_a_child() {
    let variable = |name| std::env::var(name).ok();
    let Some((folder, work)) = variable(FOLDER).zip(variable(WORK)) else { return };
    let name = variable(NAME).expect("a name");
    let log = AccessLog::open_within(Path::new(&folder), Limits { segment: 5_000 }).expect("opened");
    let what =
        |count: u64| format!("{name}-{count}-{}", "x".repeat(usize::try_from(count % 97).expect("small")));
    let note = |count| log.append(&look(0, &what(count)), Durable::Yes);
    match work.as_str() {
        "some" => (0..200).for_each(|count| say(note(count).expect("noted").number)),
        // Longer than anybody waits.
        "ever" => (0..1_000_000).for_each(|count| say(note(count).expect("noted").number)),
        _ => {
            let limit = getrlimit(Resource::Fsize);
            setrlimit(Resource::Fsize, Rlimit { current: Some(FULL), ..limit }).expect("limited");
            let failed = (0..).find_map(|count| note(count).map(|noted| say(noted.number)).err());
            assert!(matches!(failed, Some(AccessLogError::Disk { .. })), "{failed:?}");
            assert!(note(1_000).is_err(), "still full");
            setrlimit(Resource::Fsize, limit).expect("limited no more");
            (2_000..2_010).for_each(|count| say(note(count).expect("noted").number));
        }
    }
}

/// All that was said to be noted is there, once.
fn all_there(path: &Path, numbers: &[u64], case: &str) -> Vec<Entry> {
    let (found, _) = entries(path).expect("read");
    let there: BTreeSet<u64> = found.iter().map(|entry| entry.number).collect();
    assert_eq!(there.len(), found.len(), "{case}: a number twice");
    let whats: BTreeSet<&str> = found.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(whats.len(), found.len(), "{case}: a look twice");
    let lost: Vec<_> = numbers.iter().filter(|number| !there.contains(number)).collect();
    assert!(lost.is_empty(), "{case}: {lost:?}");
    found
}

#[test]
fn a_process_that_is_killed_loses_nothing_that_it_was_told() {
    let rounds = std::env::var("NOROSHI_DEATHS").ok().and_then(|number| number.parse().ok()).unwrap_or(20);
    let mut state = 7_u64;
    for round in 0..rounds {
        let (_folder, path) = place();
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let most = usize::try_from(state >> 33).expect("small") % 120 + 1;
        let mut child = child(&path, "ever", "child");
        let numbers = numbers(&mut child, &mut |count, child| {
            if count == most {
                child.kill().expect("killed");
            }
        });
        assert!(!child.wait().expect("ended").success());
        assert!(numbers.len() >= most, "{round}");
        all_there(&path, &numbers, &format!("round {round}"));
        let log = AccessLog::open(&path).expect("opened");
        let next = log.append(&look(0, "afterwards"), Durable::Yes).expect("noted").number;
        assert!(numbers.iter().all(|number| *number < next), "{round}");
        assert_eq!(verify(&path).expect("walked").faults, [], "{round}");
    }
}

#[test]
fn processes_that_add_at_once_make_one_chain() {
    let (_folder, path) = place();
    let children = [child(&path, "some", "one"), child(&path, "some", "other")];
    let mut all = Vec::new();
    for mut child in children {
        // Whoever looks meanwhile sees no record that is not whole.
        all.extend(numbers(&mut child, &mut |_, _| {
            assert_eq!(verify(&path).expect("walked").faults, []);
        }));
        assert!(child.wait().expect("ended").success());
    }
    assert_eq!(all.len(), 400);
    assert_eq!(all_there(&path, &all, "two").len(), 400);
    let verified = verify(&path).expect("walked");
    assert_eq!(
        (verified.records, verified.number, verified.faults, verified.set_aside),
        (400, 400, vec![], vec![])
    );
}

#[test]
fn a_full_disk_refuses_and_loses_nothing_and_goes_on_when_there_is_room() {
    let (_folder, path) = place();
    let mut child = child(&path, "full", "child");
    let numbers = numbers(&mut child, &mut |_, _| {});
    assert!(child.wait().expect("ended").success(), "the child says why");
    let found = all_there(&path, &numbers, "full");
    // What was refused left nothing behind: no record, no torn end, no number.
    assert_eq!(found.iter().map(|entry| entry.number).collect::<Vec<_>>(), numbers);
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    assert!(numbers.len() > 13, "{numbers:?}");
    let verified = verify(&path).expect("walked");
    assert_eq!((verified.faults, verified.set_aside), (vec![], vec![]));
}
