//! Processes that are killed at any point, and disks that are full: nothing that was acknowledged is lost,
//! nothing is there twice, and what was made of acts is as they say.
//!
//! `NOROSHI_DEATHS` says how many are killed, twenty without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use journal::effect::OUTBOX;
use journal::query::Select;
use journal::{Journal, Looking};

use crate::account::key;
use crate::child::{AFTER_FULL, Note, Said, WRITERS, Work, command, listen, name};
use crate::made_up::{Alarms, PURSES, PurseCommand, Purses, acting, looking, open, view};
use crate::rebuilding::with_bytes;

/// How many processes are killed.
pub fn deaths() -> u64 {
    std::env::var("NOROSHI_DEATHS").ok().and_then(|number| number.parse().ok()).unwrap_or(20)
}

/// Deaths in one home, one after another.
const IN_ONE_HOME: u64 = 5;

/// Numbers as if thrown.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("small") % end
    }
}

/// Where each note stands, in all streams of purses; each stands there once.
fn notes(journal: &Journal, who: Looking<'_>) -> BTreeMap<Note, (String, u64)> {
    let (mut notes, mut sums, reader) = (BTreeMap::new(), BTreeMap::new(), journal.reader());
    let mut rung: Vec<String> = Vec::new();
    for stream in reader.streams::<Purses>(who).expect("read") {
        let history = reader.history(who, &stream, (0, usize::MAX)).expect("read");
        let mut of_stream = Vec::new();
        for (sequence, recorded) in (1..).zip(&history) {
            assert_eq!(recorded.sequence, sequence, "{stream}");
            if let Some(text) = recorded.act["note"].as_str() {
                let twice = notes.insert(Note::read(text).expect("a note"), (stream.clone(), sequence));
                assert_eq!(twice, None, "{text} is there twice");
                of_stream.push(text.to_owned());
            }
            if recorded.act["coins"].as_u64().is_some_and(|coins| coins >= 1_000) {
                rung.push(format!("{stream}/{sequence}"));
            }
        }
        let id = stream.rsplit('/').next().expect("an id");
        let (purse, last) = reader.state::<Purses>(who, id).expect("read").expect("there");
        assert_eq!((purse.notes, last), (of_stream, history.len() as u64), "{stream}");
        sums.insert(id.to_owned(), (purse.coins, purse.is_closed));
    }
    // What facts led to is there once, and the rows are those of the states.
    let alarm = reader.state::<Alarms>(who, "own").expect("read").map(|(alarm, _)| alarm.rung);
    let followed: BTreeSet<String> = alarm.iter().flatten().cloned().collect();
    assert_eq!(alarm.map_or(0, |alarm| alarm.len()), followed.len(), "a fact was followed twice");
    assert_eq!(followed, rung.into_iter().collect());
    let page = reader.page(who, &Select::all(PURSES, 10_000)).expect("read");
    let rows: Vec<(&str, i64)> = (0..page.rows.len())
        .map(|row| ["id", "coins"].map(|column| page.cell(row, column).expect("there")))
        .map(|[id, coins]| (id.text(), coins.number()))
        .collect();
    let open = sums.iter().filter(|(_, (_, is_closed))| !is_closed);
    let open: Vec<(&str, i64)> = open.map(|(id, (coins, _))| (id.as_str(), coins.cast_signed())).collect();
    assert_eq!(rows, open);
    notes
}

/// Each effect that an act tells of was ordered once, in the same decision, and no other; what was said to be
/// delivered is.
fn outbox(journal: &Journal, who: Looking<'_>, said: &[Said], case: &str) {
    let (reader, mut expected) = (journal.reader(), BTreeMap::new());
    for stream in reader.streams::<Purses>(who).expect("read") {
        let history = reader.history(who, &stream, (0, usize::MAX)).expect("read");
        for recorded in history {
            let Some((_, part)) = recorded.act["text"].as_str().and_then(|text| text.rsplit_once(' ')) else {
                continue;
            };
            // Two are sent in one decision, of which these are the first acts.
            let number: u64 = part.parse::<u64>().expect("a number") - 1;
            let key = key(&stream, recorded.sequence - number, number);
            assert_eq!(expected.insert(key, recorded.act["text"].clone()), None, "{case}");
        }
    }
    let mut found = BTreeMap::new();
    let mut delivered = BTreeSet::new();
    reader
        .each(who, Select::all(OUTBOX, 10_000), &mut |row| {
            let effect: serde_json::Value = serde_json::from_str(row.text("effect")).expect("JSON");
            found.insert(row.text("key").to_owned(), effect["values"]["text"]["text"].clone());
            delivered.extend((row.text("state") == "delivered").then(|| row.text("key").to_owned()));
        })
        .expect("read");
    assert_eq!(found, expected, "{case}");
    for one in said {
        let Said::Delivered(key) = one else { continue };
        assert!(delivered.contains(key), "{case}: {key} is to be delivered again");
    }
}

/// All that was said to be done is there, where it was said; of each writer at most one act more, since it
/// waits for each; and everything made anew is as it was.
fn all_there(folder: &Path, said: &[Said], case: &str) {
    let opened = open(folder);
    let view = view();
    let found = notes(&opened.journal, looking(&view));
    let mut told: BTreeMap<u64, u64> = BTreeMap::new();
    for one in said {
        let Said::Noted(note, last) = one else { continue };
        let (_, sequence) = found.get(note).unwrap_or_else(|| panic!("{case}: {note} is lost"));
        assert_eq!(sequence, last, "{case}: {note}");
        *told.entry(note.writer).or_default() += 1;
    }
    let mut there: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for note in found.keys() {
        there.entry(note.writer).or_default().insert(note.number);
    }
    for (writer, numbers) in there {
        let (told, count) = (told.get(&writer).copied().unwrap_or(0), numbers.len() as u64);
        assert!((told..=told + 1).contains(&count), "{case}: writer {writer}: {told} and {count}");
        assert!(numbers.into_iter().eq(0..count), "{case}: writer {writer}");
    }
    outbox(&opened.journal, looking(&view), said, case);
    let rebuilt = opened.journal.rebuild().expect("rebuilt");
    assert!(rebuilt.is_sound(), "{case}: {rebuilt:?}");
    opened.journal.act::<Purses>("afterwards", PurseCommand::Fill(1), &acting()).expect("it goes on");
}

#[test]
fn a_process_that_is_killed_loses_and_doubles_nothing() {
    let mut dice = Dice(deaths());
    for home in 0..deaths().div_ceil(IN_ONE_HOME) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut said = Vec::new();
        for death in 0..IN_ONE_HOME {
            // Some die while they make the home, some after many acts.
            let most = [3, 40, 400, 1_200][dice.below(4)];
            let most = 1 + dice.below(most);
            let mut child = command(folder.path(), Work::Acts, death * WRITERS).spawn().expect("started");
            let heard = listen(&mut child, Some(most));
            assert!(!child.wait().expect("ended").success() && heard.len() >= most);
            said.extend(heard);
            all_there(folder.path(), &said, &format!("home {home}, death {death} after {most}"));
        }
    }
}

#[test]
fn a_process_that_is_killed_before_it_said_anything_leaves_a_home_that_opens() {
    for death in 0..deaths() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().join("home");
        let mut child = command(folder.path(), Work::Acts, 0).spawn().expect("started");
        // As soon as a file of so many bytes is there, from the first one on.
        let file = home.join(
            ["format", "journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"][death as usize % 4],
        );
        while fs::metadata(&file).is_err() && child.try_wait().expect("asked").is_none() {
            std::thread::yield_now();
        }
        child.kill().expect("killed");
        let said = listen(&mut child, None);
        child.wait().expect("ended");
        all_there(folder.path(), &said, &format!("death {death} at {}", file.display()));
    }
}

#[test]
fn who_was_forgotten_stays_so_whenever_the_process_is_killed() {
    let mut dice = Dice(deaths() + 1);
    for home in 0..deaths().div_ceil(IN_ONE_HOME) {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut named, mut forgotten) = (BTreeSet::new(), BTreeSet::new());
        for death in 0..IN_ONE_HOME {
            let first = death * 1_000;
            let mut child = command(folder.path(), Work::Forgets, first).spawn().expect("started");
            for said in listen(&mut child, Some(1 + dice.below(60))) {
                match said {
                    Said::Named(number) => named.insert(number),
                    Said::Forgotten(number) => forgotten.insert(number),
                    other => panic!("{other:?}"),
                };
            }
            child.wait().expect("ended");
            let case = format!("home {home}, death {death}");
            // As the process left it, and when it was opened again.
            nowhere(folder.path(), &forgotten, &case);
            whole_or_not_at_all(folder.path(), (&named, &forgotten), &case);
        }
    }
}

fn nowhere(folder: &Path, forgotten: &BTreeSet<u64>, case: &str) {
    for number in forgotten {
        for part in ["Unmistakably", "unmistakably"].map(|part| format!("{number:06}{part}")) {
            assert_eq!(with_bytes(folder, part.as_bytes()), Vec::<String>::new(), "{case}: {part}");
        }
    }
}

/// Who was named is so, or forgotten wholly; who was said to be forgotten is.
fn whole_or_not_at_all(folder: &Path, (named, forgotten): (&BTreeSet<u64>, &BTreeSet<u64>), case: &str) {
    let opened = open(folder);
    let (view, reader) = (view(), opened.journal.reader());
    let page = reader.page(looking(&view), &Select::all(PURSES, 10_000)).expect("read");
    let holder = |number: &u64| {
        let id = format!("named-{number}");
        let row = (0..page.rows.len()).find(|row| page.cell(*row, "id").expect("there").text() == id);
        page.cell(row.unwrap_or_else(|| panic!("{case}: {number} is lost")), "holder").expect("there").text()
    };
    let mut gone = BTreeSet::new();
    for number in named {
        let (holder, is_said) = (holder(number), forgotten.contains(number));
        assert!(holder.is_empty() || (!is_said && holder == name(*number)), "{case}: {number}: {holder}");
        if holder.is_empty() {
            gone.insert(*number);
        }
        let acts = reader.history(looking(&view), &format!("journal/subject/named-{number}"), (0, 9));
        assert_eq!(acts.expect("read").len(), usize::from(holder.is_empty()), "{case}: {number}");
    }
    nowhere(folder, &gone, case);
    let rebuilt = opened.journal.rebuild().expect("rebuilt");
    assert!(rebuilt.is_sound(), "{case}: {rebuilt:?}");
    assert!(rebuilt.verified.forgotten >= gone.len() as u64, "{case}");
}

/// What was refused is not there until somebody does it again, and then once.
fn refused_and_done(folder: &Path, said: &[Said]) {
    let full = said.iter().position(|one| matches!(one, Said::Refused(_))).expect("the disk was full");
    for writer in 0..WRITERS {
        let of = |one: &&Said| matches!(one, Said::Noted(note, _) if note.writer == writer);
        let after = said[full..].iter().filter(of).count() as u64;
        assert!(after >= AFTER_FULL, "writer {writer} goes on when there is room: {after}");
    }
    all_there(folder, said, "full");
}

#[test]
fn files_that_may_not_grow_refuse_acts_and_lose_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = command(folder.path(), Work::Limited, 0).spawn().expect("started");
    let said = listen(&mut child, None);
    assert!(child.wait().expect("ended").success(), "the child says why");
    refused_and_done(folder.path(), &said);
}

/// Mounts a small disk, lets the child fill it, and takes what it left to where it can be looked at.
const SCRIPT: &str = r#"
mount -t tmpfs -o size=2m none "$DISK" || exit 77
"$@" || exit 1
cp -a "$DISK/home" "$LEFT"
"#;

/// Why there can be no such disk here; a failure where it must be.
fn skipped(why: &str) {
    let list = std::env::var("NOROSHI_REQUIRE").unwrap_or_default();
    assert!(!list.split(',').any(|word| word == "mounts"), "no disk can be mounted: {why}");
    eprintln!("skipped: no disk can be mounted ({})", why.trim());
}

#[test]
fn a_full_disk_refuses_acts_and_loses_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, left) = (folder.path().join("disk"), folder.path().join("left"));
    fs::create_dir(&disk).and_then(|()| fs::create_dir(&left)).expect("made");
    if !Command::new("unshare")
        .args(["--map-root-user", "--mount", "true"])
        .status()
        .is_ok_and(|ran| ran.success())
    {
        return skipped("`unshare` gives no namespace");
    }
    let child = command(&disk, Work::Full, 0);
    let mut unshare = Command::new("unshare");
    unshare.args(["--map-root-user", "--mount", "sh", "-c", SCRIPT, "sh"]);
    unshare.arg(child.get_program()).args(child.get_args());
    unshare.envs(child.get_envs().filter_map(|(name, value)| Some((name, value?))));
    unshare.env("DISK", &disk).env("LEFT", &left).stdout(std::process::Stdio::piped());
    let mut unshare = unshare.spawn().expect("started");
    let said = listen(&mut unshare, None);
    let ended = unshare.wait().expect("ended");
    if ended.code() == Some(77) {
        return skipped("mount refused");
    }
    assert!(ended.success(), "the child says why");
    refused_and_done(&left, &said);
}
