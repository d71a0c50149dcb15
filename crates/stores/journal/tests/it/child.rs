//! The process that dies: this very test, run again, with several writers at work.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use journal::effect::{self, Effects};
use journal::{ActError, Done, Journal};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::made_up::{PurseCommand, PurseRefusal, Purses, acting, at, open};

/// Names the folder of a child's home, its work, and the first number of its writers.
const FOLDER: &str = "JOURNAL_FOLDER";
const WORK: &str = "JOURNAL_WORK";
const FIRST: &str = "JOURNAL_FIRST";

/// Writers of a process.
pub const WRITERS: u64 = 4;

/// Before what a child was told is done.
const SAID: &str = "said ";

/// Bytes that a file may have while there is no room.
const FULL: u64 = 600_000;

/// How often writers are refused before there is room again.
const REFUSED: u64 = 12;

/// Notes of each writer after a disk was full.
pub const AFTER_FULL: u64 = 50;

/// What a child does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Acts of all sorts.
    Acts,
    /// Gives names and forgets them.
    Forgets,
    /// Opens the journal for each act anew.
    Opens,
    /// Acts while files may not grow, then with room again.
    Limited,
    /// Acts on a disk that becomes full for real, then with room again; the folder is on it.
    Full,
}

/// What a child was told is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The note of a writer, and which act of its stream is the last of that decision.
    Noted(Note, u64),
    /// So many acts were refused since there was no room.
    Refused(u64),
    /// The effect with this key was delivered.
    Delivered(String),
    /// A name was given.
    Named(u64),
    /// It was forgotten.
    Forgotten(u64),
}

/// A note that no other one is like: of a writer, its number from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Note {
    pub writer: u64,
    pub number: u64,
}

impl Work {
    const ALL: [Self; 5] = [Self::Acts, Self::Forgets, Self::Opens, Self::Limited, Self::Full];
}

impl std::fmt::Display for Note {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.writer, self.number)
    }
}

impl Note {
    pub fn read(text: &str) -> Option<Self> {
        let (writer, number) = text.split_once(' ')?;
        Some(Self { writer: writer.parse().ok()?, number: number.parse().ok()? })
    }
}

/// The command that runs this test again.
pub fn command(folder: &Path, work: Work, first: u64) -> Command {
    let mut command = Command::new("sh");
    // A file that grows over its limit is an error then, and no signal.
    command.args(["-c", r#"trap '' XFSZ; exec "$0" "$@""#]).arg(std::env::current_exe().expect("a program"));
    command.args(["--exact", "child::the_work_of_a_child", "--nocapture"]);
    command.env(FOLDER, folder).env(WORK, format!("{work:?}")).env(FIRST, first.to_string());
    command.stdout(Stdio::piped()).stderr(Stdio::inherit());
    command
}

/// What a child says until it ends; it is killed when it has said so much.
pub fn listen(child: &mut Child, until: Option<usize>) -> Vec<Said> {
    let mut all = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("piped")).lines() {
        let line = line.expect("read");
        // The harness does not end its own line before the first of these.
        let Some((_, said)) = line.split_once(SAID) else { continue };
        all.push(read(said).expect("understood"));
        if Some(all.len()) == until {
            child.kill().expect("killed");
        }
    }
    all
}

fn read(said: &str) -> Option<Said> {
    let words: Vec<&str> = said.split(' ').collect();
    let number = |at: usize| words.get(at)?.parse::<u64>().ok();
    Some(match *words.first()? {
        "noted" => Said::Noted(Note { writer: number(1)?, number: number(2)? }, number(3)?),
        "refused" => Said::Refused(number(1)?),
        "delivered" => Said::Delivered((*words.get(1)?).to_owned()),
        "named" => Said::Named(number(1)?),
        "forgotten" => Said::Forgotten(number(1)?),
        _ => return None,
    })
}

fn say(what: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{SAID}{what}").and_then(|()| out.flush()).expect("said");
}

#[test]
fn the_work_of_a_child() {
    let variable = |name| std::env::var(name).ok();
    let Some((folder, work)) = variable(FOLDER).zip(variable(WORK)) else { return };
    let work = Work::ALL.into_iter().find(|one| format!("{one:?}") == work).expect("known");
    let first: u64 = variable(FIRST).and_then(|first| first.parse().ok()).expect("a number");
    let folder = PathBuf::from(folder);
    let opened = open(&folder);
    let journal = &opened.journal;
    match work {
        Work::Acts => all_write(journal, first, &|| {}),
        Work::Forgets => (first..u64::MAX).for_each(|number| forget(journal, number)),
        Work::Opens => {
            drop(opened);
            for number in first.. {
                let opened = open(&folder);
                let note = Note { writer: first, number };
                let done = act(&opened.journal, note).expect("done");
                say(&format!("noted {note} {}", done.sequence));
            }
        }
        Work::Limited => {
            let limit = getrlimit(Resource::Fsize);
            setrlimit(Resource::Fsize, Rlimit { current: Some(FULL), ..limit }).expect("limited");
            let more = || setrlimit(Resource::Fsize, limit).expect("limited no more");
            all_write(journal, first, &more);
        }
        Work::Full => all_write(journal, first, &|| {
            let mut remount = Command::new("mount");
            remount.args(["-o", "remount,size=200m"]).arg(&folder);
            assert!(remount.status().expect("run").success());
        }),
    }
}

/// Writers that write for ever, or where there was no room as much more as shows that it goes on.
fn all_write(journal: &Journal, first: u64, make_room: &(dyn Fn() + Sync)) {
    let refused = AtomicU64::new(0);
    let refused = || {
        let refused = refused.fetch_add(1, Ordering::Relaxed) + 1;
        say(&format!("refused {refused}"));
        if refused == REFUSED {
            make_room();
        }
        assert!(refused < 10_000, "there is room again, and it is still refused");
    };
    let was_full = AtomicBool::new(false);
    thread::scope(|scope| {
        for writer in first..first + WRITERS {
            scope.spawn({
                let (refused, was_full) = (&refused, &was_full);
                move || write(journal, writer, (refused, was_full))
            });
        }
    });
}

fn write(journal: &Journal, writer: u64, (refused, was_full): (&dyn Fn(), &AtomicBool)) {
    let (mut number, mut until) = (0, u64::MAX);
    while number < until {
        let note = Note { writer, number };
        match act(journal, note) {
            Ok(done) => {
                say(&format!("noted {note} {}", done.sequence));
                deliver(journal, note);
                number += 1;
            }
            Err(ActError::Journal(_)) => {
                refused();
                was_full.store(true, Ordering::Relaxed);
            }
            Err(other) => panic!("{note}: {other}"),
        }
        if until == u64::MAX && was_full.load(Ordering::Relaxed) {
            until = number + AFTER_FULL;
        }
    }
}

/// An act of some sort; each carries its note, so that it can be told whether it is there, and how often.
fn act(journal: &Journal, note: Note) -> Result<Done, ActError<PurseRefusal>> {
    let own = format!("of-{}", note.writer);
    let also = |id: &str, command: PurseCommand| {
        let all = PurseCommand::Together(vec![command, PurseCommand::Note(note.to_string())]);
        journal.act::<Purses>(id, all, &acting())
    };
    match note.number % 7 {
        0 => journal.act::<Purses>("all", PurseCommand::Note(note.to_string()), &acting()),
        1 => also(&own, PurseCommand::Fill(1_000 + note.number)),
        2 => also(&own, PurseCommand::Hold(format!("holder {note}"))),
        3 => also("all", PurseCommand::FillEach(vec![1_000, 5, 1_000])),
        4 => also(&own, PurseCommand::Tag(format!("tag {note}"))),
        5 => {
            let twice = [1, 2].map(|part| PurseCommand::Send(format!("{note} {part}")));
            also("all", PurseCommand::Together(twice.into()))
        }
        _ => {
            let id = format!("closing-{}-{}", note.writer, note.number);
            let done = also(&id, PurseCommand::CloseAt(at(60)))?;
            // What is due and cannot be done now is done by whoever wakes next.
            drop(journal.wake(at(61)));
            Ok(done)
        }
    }
}

/// Carries out some of what waits, as somebody does who comes by now and then.
fn deliver(journal: &Journal, note: Note) {
    if note.number % 11 != 3 {
        return;
    }
    for due in journal.due_effects("mail", at(0), 2).unwrap_or_default() {
        let delivered = effect::Command::Deliver { receipt: note.to_string() };
        // Where there is no room now it waits on.
        if journal.act::<Effects>(&due.key, delivered, &acting()).is_ok() {
            say(&format!("delivered {}", due.key));
        }
    }
}

/// Names somebody and forgets it.
fn forget(journal: &Journal, number: u64) {
    let id = format!("named-{number}");
    journal.act::<Purses>(&id, PurseCommand::Hold(name(number)), &acting()).expect("named");
    say(&format!("named {number}"));
    // Some remain.
    if number % 4 != 3 {
        journal.forget(&id, (None, "asked"), &acting()).expect("forgotten");
        say(&format!("forgotten {number}"));
    }
}

/// A name of which no part stands in another.
pub fn name(number: u64) -> String {
    format!("Aoki{number:06}Unmistakably{number:06}Hanako")
}
