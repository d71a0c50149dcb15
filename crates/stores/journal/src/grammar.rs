//! All SQL that the journal runs is such as PostgreSQL reads: each statement that SQLite begins is looked at, over
//! everything that a journal does. What only SQLite has is listed here.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

use model::fact::Fact;
use model::marking::Marking;
use model::time::Instant;
use model::view::{Label, Looking, Part};
use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use serde::{Deserialize, Serialize};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use crate::jobs::Progress;
use crate::personal::{Personal, Subject};
use crate::query::{Compare, Filter, Order, Select};
use crate::search::Sought;
use crate::statement::Statement;
use crate::{
    Acting, Actor, Column, Decision, Entropy, Journal, Kind, Kinds, Row, Stamp, Table, Upsert, Value,
};

/// What PostgreSQL has in other words, by how it begins: how a database is opened, how a transaction begins that
/// writes, and how the log beside the file is emptied.
const SQLITE_ALONE: [&str; 2] = ["PRAGMA ", "BEGIN IMMEDIATE"];

/// All statements that were run.
static RUN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn note(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(statement, _) = event {
        RUN.lock().expect("nobody panics here").insert(statement.sql().trim().to_owned());
    }
}

/// A connection of which each statement is looked at.
pub(crate) fn watched(mut database: Connection) -> Connection {
    database.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note)).expect("watched");
    database
}

/// Pairs of a text and a person that wake, ring and go, so that each statement has a reason to be run.
struct Pairs<const FOLD: u32>;

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Act {
    Paired { person: Personal },
    Parted,
}

#[derive(Debug, Serialize, Deserialize, thiserror::Error)]
#[error("never")]
struct Never;

const TABLE: &str = "made_up_pairs";

impl<const FOLD: u32> Kind for Pairs<FOLD> {
    const NAME: &'static str = "made-up/pair";
    const ACTS: u32 = 1;
    const FOLD: u32 = FOLD;
    const TABLES: &'static [Table] = &[Table {
        name: TABLE,
        columns: &[
            Column::text("id").searched(),
            Column::number("number"),
            Column::personal("person").searched(),
            Column::time("at"),
        ],
        key: &["id", "number"],
        unique: &[&["at", "id"]],
        sorted: &[&["at"], &["number", "at"]],
    }];
    type State = u32;
    type Act = Act;
    type Command = Option<String>;
    type Refusal = Never;

    fn decide(
        _: &u32,
        name: Option<String>,
        stamp: &Stamp<'_>,
        entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Never> {
        let Some(name) = name else { return Ok(Decision::one(Act::Parted)) };
        let mut decision = Decision::nothing();
        for _ in 0..300 {
            let subject = Subject { subject: stamp.id.to_owned(), class: "names".to_owned() };
            let person = decision.personal(subject, &name, entropy);
            decision.acts.push(Act::Paired { person });
        }
        Ok(decision)
    }

    fn apply(acts: &mut u32, _: &Act, _: &Stamp<'_>) {
        *acts += 1;
    }

    fn rows(_: &u32, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        let key = || vec![Value::from(stamp.id), 1.into()];
        vec![match act {
            Act::Parted => Upsert::Remove { table: TABLE, key: key() },
            Act::Paired { person } => {
                let mut values = key();
                values.extend([Some(person.clone()).into(), stamp.at.into()]);
                Upsert::Put(Row { table: TABLE, values, label: label() })
            }
        }]
    }

    fn label(_: &u32) -> Label {
        label()
    }

    fn wakes(acts: &u32) -> Option<Instant> {
        (*acts == 300).then_some(NOW)
    }

    fn due(_: &u32, _: Instant) -> Vec<Option<String>> {
        vec![None]
    }

    fn fact(_: &u32, act: &Act, stamp: &Stamp<'_>) -> Option<Fact> {
        let (name, about) = ("made-up.parted".to_owned(), "others".to_owned());
        let stream = format!("{}/{}", Self::NAME, stamp.id);
        matches!(act, Act::Parted).then_some(Fact { name, stream, sequence: stamp.sequence, about })
    }

    fn follows(fact: &Fact) -> Vec<String> {
        if fact.stream.ends_with("others") { Vec::new() } else { vec![fact.about.clone()] }
    }

    fn react(_: &Fact, _: &u32) -> Vec<Option<String>> {
        vec![None]
    }
}

const NOW: Instant = Instant::from_nanoseconds(1_800_000_000_000_000_000);

fn label() -> Label {
    Label { compartment: "own".to_owned(), owner: "aoba".to_owned(), marking: Marking::default() }
}

fn open<const FOLD: u32>(home: &home::Writer) -> Journal {
    Journal::open(home, Kinds::new().with::<Pairs<FOLD>>()).expect("opened")
}

/// Everything that can be written.
fn write(journal: &Journal, copy: &Path) {
    let acting = Acting { actor: Actor::local(1_000), now: NOW };
    journal.name(&acting.actor, "Hanako", NOW).expect("named");
    journal.act::<Pairs<1>>("one", Some("Taro".to_owned()), &acting).expect("done");
    journal.wake(NOW).expect("woken");
    journal.act::<Pairs<1>>("two", Some("Jiro".to_owned()), &acting).expect("done");
    journal.forget("two", (None, "asked"), &acting).expect("forgotten");
    let job = journal.job("made-up.work", "some", &acting).expect("a job");
    let progress = Progress { position: "5".to_owned(), done: 1, total: 2 };
    journal.job_is_at(&job.id, &progress, NOW).expect("noted");
    journal.job_ends(&job.id, Err("why".to_owned()), NOW).expect("noted");
    let everything = access::operator("root", NOW);
    let frozen = journal.freeze(Looking { view: &everything, now: NOW }).expect("frozen");
    let snapshot = frozen.thaw();
    assert_eq!(snapshot.forgotten().expect("read").len(), 1);
    assert!(snapshot.rows().expect("counted")["acts"] > 0);
    snapshot.copy(&copy.join("copied")).expect("copied");
    drop(snapshot);
    journal.rebuild().expect("rebuilt");
    let change = "UPDATE made_up_pairs SET at = 5; UPDATE snapshots SET state = '7'";
    let file = journal.alone(|book| book.database.path().map(str::to_owned)).expect("asked");
    let other = Connection::open(file.expect("a file")).expect("opened");
    other.execute_batch(change).expect("changed");
    assert!(!journal.rebuild().expect("rebuilt").is_sound());
}

/// Everything that can be asked.
fn read(journal: &Journal) {
    let all = access::operator("root", NOW);
    let person = |part| access::person("sato", part, NOW);
    let part = person(Part { labels: [label(), crate::subject::own()].into(), ..Part::default() });
    let nothing = person(Part::default());
    let by = |column, falls| Order { column, falls };
    let orders = [
        vec![],
        vec![by("at", true)],
        vec![by("person", false), by("number", false)],
        vec![by("at", true), by("person", false)],
    ];
    let compares = [Compare::Equal, Compare::Other, Compare::Below, Compare::AtLeast];
    let filters = compares.map(|compare| Filter::Is("number", compare, 1.into())).into_iter().chain([
        Filter::Is("person", Compare::Equal, "Taro".into()),
        Filter::In("id", vec!["one".into(), "two".into()]),
        Filter::In("id", vec![]),
        Filter::Has(""),
        Filter::Has("t"),
        Filter::Has("ta"),
        Filter::Has("tar"),
        Filter::Has("taro"),
    ]);
    let filters: Vec<Filter<'_>> = filters.collect();
    let reader = journal.reader();
    for view in [&all, &part, &nothing] {
        let who = Looking { view, now: NOW };
        let ask = |select: &Select<'_>| drop(reader.page(who, select).expect("read"));
        for order in &orders {
            for filter in &filters {
                let (filters, order) = (vec![filter.clone()], order.clone());
                ask(&Select { filters, order, ..Select::all(TABLE, 1) });
            }
            let (filters, order) = (filters.clone(), order.clone());
            ask(&Select { filters, order: order.clone(), ..Select::all(TABLE, 1) });
            let first = reader.page(who, &Select { order: order.clone(), ..Select::all(TABLE, 1) });
            if let Some(after) = first.expect("read").next {
                ask(&Select { order, after: Some(after), ..Select::all(TABLE, 1) });
            }
        }
        reader.streams::<Pairs<1>>(who).expect("read");
        reader.state::<Pairs<1>>(who, "one").expect("read");
        reader.history(who, "made-up/pair/one", (0, 9)).expect("read");
        reader.jobs(who).expect("read");
    }
}

#[test]
fn all_statements_are_those_of_postgresql() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home::Writer::take(&folder.path().join("home")).expect("free");
    let journal = open::<1>(&home);
    write(&journal, folder.path());
    let acting = Acting { actor: Actor::local(1_000), now: NOW };
    for id in ["three", "four"] {
        journal.act::<Pairs<1>>(id, Some("Taro".to_owned()), &acting).expect("done");
    }
    read(&journal);
    drop(journal);
    // Tables that another version makes anew.
    drop(open::<2>(&home));
    let all = RUN.lock().expect("nobody panics here").clone();
    let is_begun = |begin: &str| all.iter().any(|statement| statement.starts_with(begin));
    for begin in [
        "SELECT",
        "INSERT INTO",
        "UPDATE",
        "DELETE FROM",
        "CREATE TABLE",
        "CREATE INDEX",
        "CREATE UNIQUE INDEX",
        "DROP TABLE",
        "SAVEPOINT",
        "RELEASE",
        "COMMIT",
        "PRAGMA wal_checkpoint",
        "INSERT INTO anew_",
    ] {
        assert!(is_begun(begin), "{begin}");
    }
    let is_of_both = |statement: &&String| !SQLITE_ALONE.iter().any(|begin| statement.starts_with(begin));
    let wrong: Vec<String> = all
        .iter()
        .filter(is_of_both)
        .filter_map(|statement| {
            let read = Parser::parse_sql(&PostgreSqlDialect {}, statement);
            read.err().map(|error| format!("{statement}: {error}"))
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
    assert!(all.len() > 150, "{}", all.len());
}

/// Which way is taken depends on how many texts there are, so that a small table shows one of them alone.
#[test]
fn however_texts_are_looked_for_the_same_rows_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home::Writer::take(&folder.path().join("home")).expect("free");
    let journal = open::<1>(&home);
    let acting = Acting { actor: Actor::local(1_000), now: NOW };
    for (id, name) in [("anna", "Taro"), ("tanaka", "Jiro"), ("taro", "Hanako"), ("ｔa ro", "x")] {
        journal.act::<Pairs<1>>(id, Some(name.to_owned()), &acting).expect("done");
    }
    let all = access::operator("root", NOW);
    let hiding = Part { labels: [label()].into(), hidden: ["person".to_owned()].into() };
    let hiding = access::person("sato", hiding, NOW);
    let table = journal.reader().kinds.table(TABLE).expect("a table");
    for (view, part, expected) in [
        (&all, "ta", "anna tanaka taro ｔa ro"),
        (&all, "ro", "anna tanaka taro ｔa ro"),
        (&all, "taro", "anna taro"),
        (&all, "t", "anna tanaka taro ｔa ro"),
        (&hiding, "taro", "taro"),
        (&hiding, "ro", "taro ｔa ro"),
        (&all, "rot", ""),
    ] {
        let select = Select { filters: vec![Filter::Has(part)], ..Select::all(TABLE, 9) };
        let pairs = crate::search::wanted(part).into_iter().map(Sought::Pair);
        let ways = pairs.chain([Sought::Sign(part[..1].to_owned()), Sought::Anywhere]);
        for way in ways {
            let who = Looking { view, now: NOW };
            let statement = Statement::of(table, who, (&select, vec![way.clone()])).expect("a question");
            Parser::parse_sql(&PostgreSqlDialect {}, &statement.text).expect("of both databases");
            let ids = journal.reader().read(|database| {
                let mut prepared = database.prepare(&statement.text)?;
                statement.bind(&mut prepared)?;
                let (mut rows, mut ids) = (prepared.raw_query(), Vec::new());
                while let Some(row) = rows.next()? {
                    ids.push(row.get::<_, String>(0)?);
                }
                Ok(ids.join(" "))
            });
            assert_eq!(ids.expect("read").as_deref(), Some(expected), "{part} {way:?}");
        }
    }
}
