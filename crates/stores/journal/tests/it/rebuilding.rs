//! What was made of acts is the same when it is made anew; what was forgotten stays forgotten.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use journal::effect::OUTBOX;
use journal::query::Select;
use journal::{ActError, Fault, Journal, subject};
use rusqlite::Connection;

use crate::deaths::Dice;
use crate::made_up::{PURSES, PurseCommand, Purses, acting, at, looking, open, view};

fn act(journal: &Journal, id: &str, command: PurseCommand) {
    journal.act::<Purses>(id, command, &acting()).expect("done");
}

/// Some of everything.
pub fn some_acts(journal: &Journal) {
    for number in 0..300u64 {
        let id = format!("p{}", number % 7);
        act(journal, &id, PurseCommand::Fill(number * 11));
        if number % 5 == 0 {
            act(journal, &id, PurseCommand::Hold(format!("holder number {number}")));
        }
        if number % 11 == 0 {
            act(journal, &id, PurseCommand::Tag(format!("tag {number}")));
        }
    }
    act(journal, "p3", PurseCommand::CloseAt(at(5)));
    journal.wake(at(6)).expect("looked");
}

/// All files below a folder in which these bytes stand.
pub fn with_bytes(folder: &Path, wanted: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(with_bytes(&path, wanted));
        } else if fs::read(&path).expect("read").windows(wanted.len()).any(|bytes| bytes == wanted) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn everything_made_anew_is_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    some_acts(&opened.journal);
    let rebuilt = opened.journal.rebuild().expect("rebuilt");
    assert!(rebuilt.is_sound(), "{rebuilt:?}");
    // Seven purses, seven alarms' one stream, and nobody who has a name.
    assert_eq!((rebuilt.streams, rebuilt.verified.personal), (8, 60));
    assert_eq!(rebuilt.verified.commits, rebuilt.verified.acts);
    act(&opened.journal, "p1", PurseCommand::Send("a mail".to_owned()));
    let with_mail = opened.journal.rebuild().expect("rebuilt");
    assert!(with_mail.is_sound(), "{with_mail:?}");
    // What was ordered is an act in the commit of the one that it follows from.
    let grown = (with_mail.streams - rebuilt.streams, with_mail.verified.acts - rebuilt.verified.acts);
    assert_eq!((grown, with_mail.verified.commits), ((1, 2), rebuilt.verified.commits + 1));
}

#[test]
fn rows_that_somebody_changed_are_found_and_put_right() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let opened = open(folder.path());
        some_acts(&opened.journal);
        act(&opened.journal, "p1", PurseCommand::Send("a mail".to_owned()));
    }
    let file = folder.path().join("home").join("journal.sqlite");
    let database = Connection::open(&file).expect("opened");
    let change = "UPDATE made_up_purses SET coins = coins + 1 WHERE id = 'p1'; \
                  DELETE FROM search_grams WHERE gram = 'ta'; UPDATE streams SET wake = 5 WHERE wake IS NULL; \
                  UPDATE journal_outbox SET state = 'delivered'; \
                  UPDATE snapshots SET state = replace(state, 'coins', 'coinz') WHERE 1 = 0;";
    database.execute_batch(change).expect("changed");
    drop(database);
    let opened = open(folder.path());
    let rebuilt = opened.journal.rebuild().expect("rebuilt");
    let tables: Vec<&str> = rebuilt.tables.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(tables, ["streams", "search_grams", OUTBOX, PURSES], "{rebuilt:?}");
    assert!(rebuilt.verified.faults.is_empty());
    assert!(opened.journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn acts_that_somebody_changed_are_told() {
    let changes: [(&str, Fault); 8] = [
        (
            "UPDATE acts SET bytes = replace(bytes, '\"coins\":22', '\"coins\":23') WHERE stream = 'made-up/purse/p2' \
          AND sequence = 1",
            Fault::Hash(5),
        ),
        ("DELETE FROM commits WHERE position = 2", Fault::Missing(2)),
        ("UPDATE commits SET hash = zeroblob(32) WHERE position = 3", Fault::Hash(3)),
        (
            "DELETE FROM acts WHERE stream = 'made-up/purse/p4' AND sequence = 1",
            Fault::Gap("made-up/purse/p4".to_owned(), 1),
        ),
        ("DELETE FROM commits WHERE position = (SELECT max(position) FROM commits)", Fault::Missing(599)),
        (
            "UPDATE acts SET stream = 'made-up/purse/elsewhere' WHERE stream = 'made-up/purse/p4' AND sequence = 2",
            Fault::Act("commit 16".to_owned(), 16),
        ),
        ("UPDATE commits SET at = at + 1 WHERE position = 3", Fault::Act("commit 3".to_owned(), 3)),
        (
            "INSERT INTO commits SELECT 9223372036854775807, at, hash FROM commits WHERE position = 1",
            Fault::Missing(600),
        ),
    ];
    for (change, fault) in changes {
        let folder = tempfile::tempdir().expect("a folder");
        {
            let opened = open(folder.path());
            some_acts(&opened.journal);
        }
        let database = Connection::open(folder.path().join("home/journal.sqlite")).expect("opened");
        assert_eq!(database.execute(change, []).expect("changed"), 1, "{change}");
        drop(database);
        let opened = open(folder.path());
        let faults = opened.journal.rebuild().expect("rebuilt").verified.faults;
        assert!(faults.contains(&fault), "{change}: {faults:?}");
    }
}

#[test]
fn what_is_forgotten_stands_in_no_file_any_more_and_all_else_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    let opened = open(folder.path());
    some_acts(&opened.journal);
    let name = "花子 Kawaguchi-Unmistakable";
    act(&opened.journal, "p1", PurseCommand::Hold(name.to_owned()));
    act(&opened.journal, "p2", PurseCommand::Hold("Jiro Remains".to_owned()));
    let view = view();
    let holder = |journal: &Journal, id: &str| {
        let page = journal.reader().page(looking(&view), &Select::all(PURSES, 10)).expect("read");
        let row = (0..page.rows.len()).find(|row| page.cell(*row, "id").expect("there").text() == id);
        page.cell(row.expect("there"), "holder").expect("there").text().to_owned()
    };
    assert_eq!(holder(&opened.journal, "p1"), name);
    for wanted in [name.as_bytes(), "花子 kawa".as_bytes()] {
        assert!(!with_bytes(&home, wanted).is_empty());
    }
    let nobody = opened.journal.forget("p9", (None, "asked"), &acting());
    assert!(matches!(nobody, Err(ActError::Refused(subject::ForgetRefusal::Nothing(_)))), "{nobody:?}");
    let silent = opened.journal.forget("p1", (None, " "), &acting());
    assert!(matches!(silent, Err(ActError::Refused(subject::ForgetRefusal::NoReason))), "{silent:?}");
    opened.journal.forget("p1", (None, "the person asked for it"), &acting()).expect("forgotten");
    let gone = |journal: &Journal| {
        assert_eq!(holder(journal, "p1"), "");
        assert_eq!(holder(journal, "p2"), "Jiro Remains");
        for wanted in ["Kawaguchi", "kawaguchi", "花子 k", "Unmistakable", "holder number 295"] {
            assert_eq!(with_bytes(&home, wanted.as_bytes()), Vec::<String>::new(), "{wanted}");
        }
    };
    gone(&opened.journal);
    let rebuilt = opened.journal.rebuild().expect("rebuilt");
    assert!(rebuilt.is_sound() && rebuilt.verified.forgotten > 0, "{rebuilt:?}");
    gone(&opened.journal);
    drop(opened);
    let opened = open(folder.path());
    gone(&opened.journal);
    // Who was forgotten may give something anew.
    act(&opened.journal, "p1", PurseCommand::Hold("Somebody Else".to_owned()));
    assert_eq!(holder(&opened.journal, "p1"), "Somebody Else");
    assert!(opened.journal.rebuild().expect("rebuilt").is_sound());
}

/// Pages of the database are split and joined while rows come and go, and what was moved may stay where it was.
#[test]
fn what_is_forgotten_among_many_leaves_no_trace_in_pages_that_were_split() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, opened) = (folder.path().join("home"), open(folder.path()));
    let name =
        |number: usize, again: usize| format!("Sato{number:05}Q{again}{}", "long ".repeat(number * 7 % 40));
    let mut dice = Dice(3);
    for _ in 0..900 {
        let (number, again) = (dice.below(300), dice.below(10));
        act(&opened.journal, &format!("p{number}"), PurseCommand::Hold(name(number, again)));
    }
    for number in (0..300).filter(|number| number % 3 != 0) {
        // Who was never named has nothing to be forgotten.
        drop(opened.journal.forget(&format!("p{number}"), (None, "asked"), &acting()));
    }
    let mut there = BTreeSet::new();
    for bytes in files(&home).iter().map(|path| fs::read(path).expect("read")) {
        for found in bytes.windows(9).filter(|found| found[1..].starts_with(b"ato")) {
            there.extend(
                std::str::from_utf8(&found[4..]).ok().and_then(|number| number.parse::<usize>().ok()),
            );
        }
    }
    assert!(there.len() > 50 && there.iter().all(|number| number % 3 == 0), "{there:?}");
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
