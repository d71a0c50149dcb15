//! Copies of a home that were cut off or changed: what is in them is a beginning of what was done, or it is
//! told that something is wrong. Reading alone cannot tell whether somebody changed a byte of the database: it
//! has no checksums but those of its log. Making everything anew tells it, and `noroshi rebuild` is that.
//!
//! What is no act has no proof: how far jobs are, and up to where facts were followed.
//!
//! `NOROSHI_DEATHS` says how many copies there are, by fives.

use std::fs;
use std::path::Path;

use journal::effect::{self, Effects, OUTBOX};
use journal::query::Select;
use journal::{Fault, Journal, JournalError};
use rusqlite::Connection;

use crate::child::{Said, Work, command, listen};
use crate::deaths::{Dice, deaths};
use crate::made_up::{Alarms, NOTES, PURSES, PurseCommand, Purses, acting, at, kinds, looking, seeded, view};

/// Files of the journal in a home.
const DATABASE: &str = "journal.sqlite";
const LOG: &str = "journal.sqlite-wal";

fn copies() -> u64 {
    deaths() * 5
}

/// A home that is opened, or why it is not.
fn open(folder: &Path) -> Result<(Journal, home::Writer), JournalError> {
    let home = crate::made_up::take(folder);
    Ok((Journal::open_seeded(&home, kinds(), seeded(2))?, home))
}

/// Some of everything, little enough to stand in the log alone.
fn some_acts(journal: &Journal) {
    let act = |id: &str, command| journal.act::<Purses>(id, command, &acting()).expect("done");
    for number in 0..40u64 {
        let id = format!("p{}", number % 3);
        act(
            &id,
            PurseCommand::Together(vec![
                PurseCommand::Fill(number * 50),
                PurseCommand::Note(format!("note {number}")),
            ]),
        );
        if number % 8 == 0 {
            act(&id, PurseCommand::Hold(format!("holder {number}")));
            act(&id, PurseCommand::Send(format!("mail {number}")));
        }
    }
    journal.forget("p1", (None, "asked"), &acting()).expect("forgotten");
    for (number, due) in journal.due_effects("mail", at(0), 3).expect("read").into_iter().enumerate() {
        let said = match number {
            0 => effect::Command::Deliver { receipt: "250".to_owned() },
            1 => effect::Command::Fail { reason: "451".to_owned(), next: at(60) },
            _ => effect::Command::Keep,
        };
        journal.act::<Effects>(&due.key, said, &acting()).expect("said");
    }
    act("p2", PurseCommand::CloseAt(at(5)));
    journal.wake(at(6)).expect("looked");
    // So many that there is a snapshot.
    act("p0", PurseCommand::FillEach(vec![1; 300]));
    for number in 0..12 {
        act("p0", PurseCommand::Note(format!("late {number}")));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            match fs::copy(entry.path(), to.join(entry.file_name())) {
                // Somebody writes there meanwhile, and gives what was new its name.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                copied => drop(copied.expect("copied")),
            }
        }
    }
}

/// The hash after each commit, by its position.
fn hashes(database: &Path) -> Vec<[u8; 32]> {
    let database = Connection::open(database).expect("opened");
    let mut all = database.prepare("SELECT hash FROM commits ORDER BY position").expect("prepared");
    let all = all.query_map([], |row| row.get(0)).expect("read");
    std::iter::once(Ok([0; 32])).chain(all).collect::<Result<_, _>>().expect("hashes")
}

/// All that is said to whoever asks, as one text.
fn answers(journal: &Journal) -> Result<String, JournalError> {
    let (view, reader) = (view(), journal.reader());
    let who = looking(&view);
    let (mut said, mut streams) = (Vec::new(), reader.streams::<Purses>(who)?);
    streams.extend(reader.streams::<Alarms>(who)?);
    streams.extend(reader.streams::<Effects>(who)?);
    for stream in &streams {
        said.push(format!("{:?}", reader.history(who, stream, (0, usize::MAX))?));
        let id = stream.rsplit('/').next().unwrap_or_default();
        let state = match stream.split('/').next() {
            Some("made-up") => format!("{:?}", reader.state::<Purses>(who, id)?),
            Some("journal") => format!("{:?}", reader.state::<Effects>(who, id)?),
            _ => format!("{:?}", reader.state::<Alarms>(who, id)?),
        };
        said.push(state);
    }
    for table in [PURSES, NOTES, OUTBOX, "journal_subjects"] {
        said.push(format!("{:?}", reader.page(who, &Select::all(table, 10_000))?));
    }
    Ok(said.join("\n"))
}

/// A copy opens, has a beginning of the commits, and what is made of acts is as they say.
fn is_a_beginning(folder: &Path, hashes: &[[u8; 32]], case: &str) -> u64 {
    let (journal, _home) = open(folder).unwrap_or_else(|error| panic!("{case}: {error}"));
    let rebuilt = journal.rebuild().unwrap_or_else(|error| panic!("{case}: {error:?}"));
    // A key that is made or destroyed after the last commit of the copy belongs to the original.
    let is_of_a_key = |fault: &Fault| matches!(fault, Fault::Personal(_));
    let faults = rebuilt.verified.faults.iter().filter(|fault| !is_of_a_key(fault)).count();
    assert_eq!((&rebuilt.snapshots, faults), (&Vec::new(), 0), "{case}: {rebuilt:?}");
    let others: Vec<&str> = rebuilt.tables.iter().map(|(name, _)| name.as_str()).collect();
    let of_names = |table: &&str| ["personal_values", "search_texts", "search_grams"].contains(table);
    assert!(others.iter().all(of_names), "{case}: {rebuilt:?}");
    let commits = rebuilt.verified.commits;
    assert_eq!(hashes[usize::try_from(commits).expect("small")], rebuilt.verified.last, "{case}");
    assert!(journal.rebuild().expect("rebuilt").tables.is_empty(), "{case}");
    journal.act::<Purses>("afterwards", PurseCommand::Fill(1), &acting()).expect("it goes on");
    commits
}

#[test]
fn a_copy_whose_log_is_cut_or_changed_is_a_beginning_of_what_was_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _home) = open(folder.path()).expect("opened");
    // What is behind the last checkpoint is in the log alone.
    some_acts(&journal);
    journal.act::<Purses>("p0", PurseCommand::Note("last".to_owned()), &acting()).expect("noted");
    let kept = folder.path().join("kept");
    copy(&folder.path().join("home"), &kept.join("home"));
    drop(journal);
    let hashes = hashes(&folder.path().join("home").join(DATABASE));
    let log = fs::read(kept.join("home").join(LOG)).expect("there is a log");
    let mut dice = Dice(copies());
    let mut commits = Vec::new();
    for number in 0..copies() {
        let torn = folder.path().join("torn");
        copy(&kept, &torn);
        let (at, mut bytes) = (dice.below(log.len()), log.clone());
        let case = if number % 2 == 0 {
            bytes.truncate(at);
            format!("cut at {at}")
        } else {
            bytes[at] ^= 1 << dice.below(8);
            format!("another bit at {at}")
        };
        fs::write(torn.join("home").join(LOG), bytes).expect("written");
        fs::remove_file(torn.join("home/journal.sqlite-shm")).expect("it is made anew");
        commits.push(is_a_beginning(&torn, &hashes, &case));
        fs::remove_dir_all(&torn).expect("removed");
    }
    commits.sort_unstable();
    assert!(commits[0] < commits[commits.len() - 1], "cuts leave more or less: {commits:?}");
}

/// The database and then its log, while somebody writes to both: the log may have been begun anew between.
#[test]
fn copies_that_are_made_while_somebody_writes_are_whole_or_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    let mut child = command(folder.path(), Work::Acts, 0).spawn().expect("started");
    let copier = {
        let (home, kept) = (home.clone(), folder.path().to_owned());
        std::thread::spawn(move || {
            let mut copied = 0;
            while copied < deaths().min(50) {
                let to = kept.join(format!("copy-{copied}/home"));
                fs::create_dir_all(&to).expect("made");
                // What a copy misses because the other end moves on is what this is about.
                let names = ["format", "lock", DATABASE, LOG];
                if names.iter().all(|name| fs::copy(home.join(name), to.join(name)).is_ok()) {
                    if home.join("keys").exists() {
                        copy(&home.join("keys"), &to.join("keys"));
                    }
                    copied += 1;
                }
            }
            copied
        })
    };
    let said = listen(&mut child, Some(3_000));
    child.wait().expect("ended");
    assert!(said.iter().all(|one| matches!(one, Said::Noted(..) | Said::Delivered(_))));
    let copied = copier.join().expect("ended");
    let hashes = {
        drop(open(folder.path()).expect("opened"));
        hashes(&home.join(DATABASE))
    };
    for number in 0..copied {
        let case = format!("copy {number}");
        let copy = folder.path().join(format!("copy-{number}"));
        match open(&copy).and_then(|(journal, home)| Ok((journal.rebuild()?, journal, home))) {
            Ok((rebuilt, ..)) if !rebuilt.is_sound() => {}
            Ok((rebuilt, ..)) => {
                let commits = usize::try_from(rebuilt.verified.commits).expect("small");
                assert_eq!(hashes[commits], rebuilt.verified.last, "{case}");
            }
            // The copy does not open, or the acts in it cannot all be read.
            Err(_) => {}
        }
    }
}

#[test]
fn a_database_that_is_cut_or_changed_is_told_or_answers_as_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().join("kept");
    let before = {
        let (journal, _home) = open(&kept).expect("opened");
        some_acts(&journal);
        answers(&journal).expect("answered")
    };
    let bytes = fs::read(kept.join("home").join(DATABASE)).expect("read");
    let mut dice = Dice(copies() + 7);
    let mut told = 0;
    for number in 0..copies() {
        let torn = folder.path().join("torn");
        copy(&kept, &torn);
        let (at, mut bytes) = (dice.below(bytes.len()), bytes.clone());
        let case = if number % 4 == 0 {
            bytes.truncate(at);
            format!("cut at {at}")
        } else {
            bytes[at] ^= 1 << dice.below(8);
            format!("another bit at {at}")
        };
        fs::write(torn.join("home").join(DATABASE), bytes).expect("written");
        let opened = open(&torn);
        let rebuilt = opened.and_then(|(journal, home)| {
            let answered = answers(&journal)?;
            Ok((answered, journal.rebuild()?, answers(&journal)?, home))
        });
        match rebuilt {
            // A folder that is not this one stands in no answer.
            Ok((answered, rebuilt, after, _)) => {
                if rebuilt.is_sound() {
                    assert_eq!(
                        (answered.as_str(), after.as_str()),
                        (before.as_str(), before.as_str()),
                        "{case}"
                    );
                } else {
                    told += 1;
                }
                if rebuilt.verified.faults.is_empty() {
                    assert_eq!(after, before, "{case}: what was put right is as it was");
                }
            }
            Err(_) => told += 1,
        }
        fs::remove_dir_all(&torn).expect("removed");
    }
    assert!(told > copies() / 4, "cuts are told: {told}");
}
