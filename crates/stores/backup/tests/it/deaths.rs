//! Processes that are killed while they back up, remove old points, put back and forget: what counts as a point is
//! one, what was told is there, and who was forgotten is in no home that is put back. They are this very test, run
//! again. `NOROSHI_DEATHS` says how many, twenty without it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::made_up::{Contents, Made, contents, key};

/// Names the folder of a child, and its first number.
const FOLDER: &str = "BACKUP_FOLDER";
const FIRST: &str = "BACKUP_FIRST";

/// Before what a child was told is done.
const SAID: &str = "said ";

fn child(folder: &Path, first: u64) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("a program"));
    command.args(["--exact", "deaths::the_work_of_a_child", "--nocapture"]);
    command.env(FOLDER, folder).env(FIRST, first.to_string());
    command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("started")
}

fn say(what: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{SAID}{what}").and_then(|()| out.flush()).expect("said");
}

/// What a child was told, until it is killed: behind so many words, and as many bytes of a file that grows.
fn listen(child: &mut Child, until: usize) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("piped")).lines() {
        let line = line.expect("read");
        let Some((_, said)) = line.split_once(SAID) else { continue };
        let (what, of) = said.split_once(' ').expect("two words");
        all.push((what.to_owned(), of.to_owned()));
        if all.len() == until {
            child.kill().expect("killed");
        }
    }
    all
}

#[test]
fn the_work_of_a_child() {
    let variable = |name| std::env::var(name).ok();
    let Some((folder, first)) = variable(FOLDER).zip(variable(FIRST)) else { return };
    let (folder, first) = (PathBuf::from(folder), first.parse::<u64>().expect("a number"));
    let made = Made::new(&folder);
    for number in first.. {
        made.write(&format!("lake/own/x/part-{number}.parquet"), &vec![7; 3_000 * (number as usize % 9)]);
        made.upload(format!("upload {number}").as_bytes());
        made.write(&key(&format!("who{number}")), format!("key of who{number}").as_bytes());
        made.grow("journal.sqlite", format!("act {number}\n").as_bytes());
        say(&format!("named who{number}"));
        if made.back_up(number).is_ok() {
            say(&format!("point {number}"));
        }
        if number % 3 == 1 {
            let who = format!("who{}", number - 1);
            made.forget(&who);
            if backup::add(&made.folder(), &made.forgotten()).is_ok() && made.folder().destroy_keys().is_ok()
            {
                say(&format!("forgotten {who}"));
            }
        }
        if number % 3 == 2
            && let Ok(held) = made.held()
        {
            held.prune(2, None).expect("pruned");
            say(&format!("pruned {number}"));
        }
        if number % 4 == 3
            && let Some(point) = made.points().iter().rfind(|point| point.whole().is_some())
        {
            let into = folder.join(format!("put-back-{number}"));
            made.put_back(&point.name, &into).expect("put back");
            say(&format!("restored {}", point.name));
            fs::remove_dir_all(into).expect("removed");
        }
    }
}

/// What a home that is put back must be like: the journal says how far it was.
fn expected(journal: &str) -> u64 {
    journal.lines().rev().find_map(|line| line.strip_prefix("act ")?.parse().ok()).unwrap_or(0)
}

fn look(folder: &Path, said: &[(String, String)], case: &str) {
    let made = Made::new(folder);
    if !made.backups.join("noroshi-backup").exists() {
        assert!(!said.iter().any(|(what, _)| what == "point"), "{case}");
        return;
    }
    let forgotten: BTreeSet<&str> =
        said.iter().filter(|(what, _)| what == "forgotten").map(|(_, who)| who.as_str()).collect();
    // As it was left: no key of theirs is in a point that counts, nor can be put back.
    let mut numbers = BTreeSet::new();
    for point in made.points() {
        let Some(manifest) = point.whole() else { continue };
        let other = tempfile::tempdir().expect("a folder");
        let into = other.path().join("home");
        made.put_back(&point.name, &into).unwrap_or_else(|error| panic!("{case}: {}: {error}", point.name));
        let there: Contents = contents(&into);
        let journal = String::from_utf8_lossy(&there["journal.sqlite"]).into_owned();
        let last = expected(&journal);
        assert!(there.contains_key(&format!("lake/own/x/part-{last}.parquet")), "{case}: {}", point.name);
        for who in &forgotten {
            assert!(!there.contains_key(&key(who)), "{case}: {who} comes back by {}", point.name);
        }
        numbers.insert(manifest.about.journal.position);
    }
    let told: BTreeSet<u64> = said
        .iter()
        .filter(|(what, _)| what == "point")
        .map(|(_, number)| number.parse().expect("a number"))
        .collect();
    // Old ones may have been removed; the newest never is.
    if let Some(newest) = told.last() {
        assert!(numbers.iter().any(|number| number >= newest), "{case}: point {newest} is lost: {numbers:?}");
    }
    // The next who comes finds it in order, and leaves nothing of who was forgotten.
    let next = numbers.last().map_or(1, |last| last + 1_000_000);
    made.back_up(next).unwrap_or_else(|error| panic!("{case}: {error}"));
    for path in contents(&made.backups).into_keys() {
        let name = Path::new(&path).file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        assert!(!(path.ends_with(".key") && forgotten.contains(name)), "{case}: {path}");
    }
    let newest = made.points().pop().expect("a point").name;
    fs::remove_dir_all(made.backups.join("points").join(newest)).expect("removed");
}

#[test]
fn a_process_that_is_killed_leaves_points_that_are_whole_and_nobody_who_was_forgotten() {
    let deaths =
        std::env::var("NOROSHI_DEATHS").ok().and_then(|number| number.parse().ok()).unwrap_or(20_u64);
    let mut state = deaths;
    for home in 0..deaths.div_ceil(5) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut said = Vec::new();
        for death in 0..5 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let most = usize::try_from(state >> 33).expect("small") % 25 + 1;
            let mut child = child(folder.path(), death * 1_000 + 1);
            said.extend(listen(&mut child, most));
            assert!(!child.wait().expect("ended").success());
            look(folder.path(), &said, &format!("home {home}, death {death} after {most}"));
        }
    }
}
