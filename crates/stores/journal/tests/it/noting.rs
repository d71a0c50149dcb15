//! Whoever reads is in the access log before they have an answer, and without the names that they looked for.

use std::fs;

use access_log::{Book, Entry};
use journal::query::{Compare, Filter, Select};
use journal::{JournalError, Looking};
use model::marking::Tlp;
use model::view::{Part, View};

use crate::made_up::{NOW, Opened, PURSES, PurseCommand, Purses, acting, label, looking, open, view};

fn purses(opened: &Opened) {
    let act = |id: &str, command| opened.journal.act::<Purses>(id, command, &acting()).expect("done");
    for (id, owner) in [("a", "aoba"), ("b", "hinata"), ("c", "aoba")] {
        act(id, PurseCommand::Open { owner: owner.to_owned() });
        act(id, PurseCommand::Hold(format!("Unmistakable {id}")));
    }
}

/// What was noted, by whoever sees everything.
fn noted(opened: &Opened) -> Vec<Entry> {
    let (mut entries, view) = (Vec::new(), view());
    let faults = access_log::read(&opened.home.home().access(), &view, NOW, &mut |entry| entries.push(entry));
    assert_eq!(faults.expect("read"), []);
    entries
}

#[test]
fn each_read_is_noted_with_the_owners_of_what_it_gave() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    purses(&opened);
    assert_eq!(noted(&opened), []);
    let (reader, everything) = (opened.journal.reader(), view());
    let who = looking(&everything);
    reader.page(who, &Select::all(PURSES, 10)).expect("read");
    let is = |column, value: &str| vec![Filter::Is(column, Compare::Equal, value.into())];
    reader.page(who, &Select { filters: is("id", "b"), ..Select::all(PURSES, 10) }).expect("read");
    reader
        .page(who, &Select { filters: is("holder", "Unmistakable b"), ..Select::all(PURSES, 10) })
        .expect("read");
    reader
        .page(who, &Select { filters: vec![Filter::Has("unmistakable")], ..Select::all(PURSES, 10) })
        .expect("read");
    reader.state::<Purses>(who, "c").expect("read");
    reader.history(who, "made-up/purse/b", (0, 9)).expect("read");
    reader.streams::<Purses>(who).expect("read");
    reader.jobs(who).expect("read");
    let part = Part { labels: [label("hinata")].into(), ..Part::default() };
    let some: View = access::person("person:7", part, NOW);
    reader.page(Looking { view: &some, now: NOW }, &Select::all(PURSES, 10)).expect("read");
    let told: Vec<(String, String, Vec<String>, u64)> = noted(&opened)
        .into_iter()
        .map(|entry| {
            assert_eq!(
                (entry.book, entry.tlp),
                (Book::Journal, Some(Tlp::Amber).filter(|_| entry.rows != Some(0)))
            );
            (
                entry.viewer.to_string(),
                entry.what,
                entry.owners.into_iter().collect(),
                entry.rows.expect("said"),
            )
        })
        .collect();
    let all = ["aoba", "hinata"];
    let line = |viewer: &str, what: &str, owners: &[&str], rows| {
        (viewer.to_owned(), what.to_owned(), owners.iter().map(|owner| (*owner).to_owned()).collect(), rows)
    };
    let who = told[0].0.clone();
    assert_eq!(
        told,
        [
            line(&who, "rows of made_up_purses", &all, 3),
            line(&who, "rows of made_up_purses with id = \"b\"", &["hinata"], 1),
            line(&who, "rows of made_up_purses with holder = …", &["hinata"], 1),
            line(&who, "rows of made_up_purses with a text", &all, 3),
            line(&who, "state of made-up/purse/c", &["aoba"], 1),
            line(&who, "acts of made-up/purse/b", &["hinata"], 2),
            line(&who, "streams of made-up/purse", &all, 3),
            line(&who, "jobs", &[], 0),
            line("person:7", "rows of made_up_purses", &["hinata"], 1),
        ]
    );
    // The test's operator has a name where an id should be; not even that stands there.
    assert!(who.starts_with("unknown:"), "{who}");
}

#[test]
fn what_cannot_be_noted_is_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    purses(&opened);
    let access = opened.home.home().access();
    fs::write(&access, "no folder").expect("written");
    let everything = view();
    let who = looking(&everything);
    let reader = opened.journal.reader();
    let unnoted = |error: JournalError| matches!(error, JournalError::Unnoted(_));
    assert!(unnoted(reader.page(who, &Select::all(PURSES, 10)).expect_err("a page")));
    assert!(unnoted(reader.state::<Purses>(who, "a").map(drop).expect_err("a state")));
    assert!(unnoted(reader.history(who, "made-up/purse/a", (0, 9)).expect_err("acts")));
    assert!(unnoted(reader.streams::<Purses>(who).expect_err("streams")));
    assert!(unnoted(reader.jobs(who).expect_err("jobs")));
    fs::remove_file(&access).expect("removed");
    reader.page(who, &Select::all(PURSES, 10)).expect("it can be noted again");
}
