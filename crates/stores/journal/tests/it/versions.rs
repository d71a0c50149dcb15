//! Versions of the program one after another: acts of earlier forms are understood, what was made of acts in
//! another way is made anew, and what a later version wrote is refused.

use std::path::Path;

use journal::query::Select;
use journal::{
    Column, Decision, Entropy, Journal, JournalError, Kind, Kinds, Reader, Row, Stamp, Table, Upsert,
};
use model::view::Label;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::made_up::{acting, label, looking, take, view};

/// Counts, as a version of the program does that writes acts in one form and makes of them one thing or another.
struct Counts<const ACTS: u32, const FOLD: u32>;

#[derive(Debug, Serialize, Deserialize, thiserror::Error)]
#[error("never")]
struct Never;

const TABLE: &str = "made_up_counts";

impl<const ACTS: u32, const FOLD: u32> Kind for Counts<ACTS, FOLD> {
    const NAME: &'static str = "made-up/count";
    const ACTS: u32 = ACTS;
    const FOLD: u32 = FOLD;
    // From the second on there is a column more.
    const TABLES: &'static [Table] = &[Table {
        name: TABLE,
        columns: if FOLD < 2 {
            &[Column::text("id"), Column::number("sum")]
        } else {
            &[Column::text("id"), Column::number("sum"), Column::number("acts")]
        },
        key: &["id"],
        unique: &[],
        sorted: &[&["sum"]],
    }];
    type State = (i64, i64);
    type Act = Value;
    type Command = i64;
    type Refusal = Never;

    fn decide(_: &(i64, i64), by: i64, _: &Stamp<'_>, _: &mut Entropy) -> Result<Decision<Value>, Never> {
        // The first form knew steps of one alone.
        let steps = || (0..by).map(|_| json!({ "type": "counted" }));
        let mut decision = Decision::nothing();
        match ACTS {
            1 => decision.acts.extend(steps()),
            _ => decision.acts.push(json!({ "type": "counted", "by": by })),
        }
        Ok(decision)
    }

    fn apply((sum, acts): &mut (i64, i64), act: &Value, _: &Stamp<'_>) {
        let by = if ACTS == 1 { 1 } else { act["by"].as_i64().expect("upcast") };
        (*sum, *acts) = (*sum + if FOLD < 3 { by } else { -by }, *acts + 1);
    }

    fn rows((sum, acts): &(i64, i64), _: &Value, stamp: &Stamp<'_>) -> Vec<Upsert> {
        let mut values = vec![stamp.id.into(), (*sum).into()];
        if FOLD >= 2 {
            values.push((*acts).into());
        }
        vec![Upsert::Put(Row { table: TABLE, values, label: label("own") })]
    }

    fn label(_: &(i64, i64)) -> Label {
        label("own")
    }

    fn upcast(version: u32, mut act: Value) -> Result<Value, String> {
        if version != 1 || act["type"] != "counted" {
            return Err(format!("nothing is known of {act}"));
        }
        act["by"] = 1.into();
        Ok(act)
    }
}

/// The journal by a version of the program.
fn open<const ACTS: u32, const FOLD: u32>(folder: &Path) -> Result<(Journal, home::Writer), JournalError> {
    let home = take(folder);
    Ok((Journal::open(&home, Kinds::new().with::<Counts<ACTS, FOLD>>())?, home))
}

fn count<const ACTS: u32, const FOLD: u32>(folder: &Path, by: i64) {
    let (journal, _home) = open::<ACTS, FOLD>(folder).expect("opened");
    journal.act::<Counts<ACTS, FOLD>>("all", by, &acting()).expect("counted");
}

/// State and row, by whoever only reads.
fn read<const ACTS: u32, const FOLD: u32>(folder: &Path) -> Result<((i64, i64), String), JournalError> {
    let home = home::Home::open(&folder.join("home")).expect("a home");
    let reader = Reader::open(&home, Kinds::new().with::<Counts<ACTS, FOLD>>());
    let view = view();
    let (state, _) = reader.state::<Counts<ACTS, FOLD>>(looking(&view), "all")?.expect("there");
    Ok((state, format!("{:?}", reader.page(looking(&view), &Select::all(TABLE, 9))?.rows)))
}

fn change(folder: &Path, change: &str) {
    let database = Connection::open(folder.join("home/journal.sqlite")).expect("opened");
    database.execute_batch(change).expect("changed");
}

#[test]
fn acts_of_an_earlier_form_are_understood_and_stay_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    count::<1, 1>(folder, 3);
    count::<2, 1>(folder, 10);
    let row = "[[Text(\"all\"), Number(13)]]".to_owned();
    assert_eq!(read::<2, 1>(folder).expect("read"), ((13, 4), row));
    let (journal, _home) = open::<2, 1>(folder).expect("opened");
    assert!(journal.rebuild().expect("rebuilt").is_sound());
    let view = view();
    let history = journal.reader().history(looking(&view), "made-up/count/all", (2, 9)).expect("read");
    let acts: Vec<(&Value, u32)> = history.iter().map(|recorded| (&recorded.act, recorded.version)).collect();
    assert_eq!(acts, [(&json!({ "type": "counted" }), 1), (&json!({ "type": "counted", "by": 10 }), 2)]);
}

#[test]
fn an_act_that_no_version_wrote_is_told_where_it_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    count::<1, 1>(folder, 1);
    change(folder, "UPDATE acts SET bytes = replace(bytes, 'counted', 'guessed')");
    let error = read::<2, 1>(folder).expect_err("it is told");
    let JournalError::NotUpcast { stream, sequence, version, .. } = &error else { panic!("{error:?}") };
    assert_eq!((stream.as_str(), *sequence, *version), ("made-up/count/all", 1, 1));
}

#[test]
fn what_was_made_of_acts_in_another_way_is_made_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    // So many that there is a snapshot.
    count::<1, 1>(folder, 300);
    assert_eq!(read::<1, 1>(folder).expect("read").1, "[[Text(\"all\"), Number(300)]]");
    let outdated = read::<1, 3>(folder).expect_err("nobody has made it anew");
    assert!(matches!(outdated, JournalError::Outdated { .. }), "{outdated:?}");
    // Another column, then another meaning with the same columns.
    drop(open::<1, 2>(folder).expect("opened"));
    let row = "[[Text(\"all\"), Number(300), Number(300)]]".to_owned();
    assert_eq!(read::<1, 2>(folder).expect("read"), ((300, 300), row));
    let (journal, home) = open::<1, 3>(folder).expect("opened");
    let row = "[[Text(\"all\"), Number(-300), Number(300)]]".to_owned();
    assert_eq!(read::<1, 3>(folder).expect("read"), ((-300, 300), row));
    assert!(journal.rebuild().expect("rebuilt").is_sound());
    drop((journal, home));
    count::<1, 3>(folder, 1);
    assert_eq!(read::<1, 3>(folder).expect("read").0, (-301, 301));
}

#[test]
fn what_a_later_version_wrote_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    count::<2, 2>(folder, 1);
    // Acts of a form that is not known.
    let acts = read::<1, 2>(folder).expect_err("it is later");
    assert!(matches!(acts, JournalError::NewerActs { found: 2, known: 1, .. }), "{acts:?}");
    let (journal, home) = open::<1, 2>(folder).expect("opened");
    let refused = journal.act::<Counts<1, 2>>("all", 1, &acting()).expect_err("it is later");
    assert!(refused.to_string().contains("form 2"), "{refused}");
    assert!(journal.rebuild().is_err());
    drop((journal, home));
    // What is made of acts in a way that is not known.
    let made = read::<2, 1>(folder).expect_err("it is later");
    assert!(matches!(made, JournalError::NewerFold { found: 2, known: 1, .. }), "{made:?}");
    let opened = open::<2, 1>(folder).expect_err("it is later");
    assert!(matches!(opened, JournalError::NewerFold { .. }), "{opened:?}");
    // A journal that is laid out in a way that is not known.
    assert!(open::<2, 2>(folder).is_ok());
    change(folder, "PRAGMA user_version = 2");
    let opened = open::<2, 2>(folder).expect_err("it is later");
    assert!(matches!(opened, JournalError::Newer { found: 2, known: 1 }), "{opened:?}");
    let read = read::<2, 2>(folder).expect_err("it is later");
    assert!(matches!(read, JournalError::Newer { .. }), "{read:?}");
}
