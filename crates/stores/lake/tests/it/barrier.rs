//! What a view that shows a part withstands, trap by trap; and what else of the lake obeys it.

use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use lake::batches::{self, BATCHES, Entry};
use lake::flaws::{self, FLAWS};
use lake::{AskError, BatchId, Compartment, Lake, LakeError, Looking, Owner, TableName};
use model::event::Flaw;
use model::marking::{Confidentiality, Marking, Tlp};
use model::reason::Reason;
use model::view::{Label, Part, View};
use serde_json::{Value, json};
use sources::Mark;

use crate::views::{self, NOW, add, ask, asked, lake, operator, restricted, rows_seen};

fn one(lake: &Lake, view: &View, sql: &str) -> Value {
    ask(lake, view, sql).unwrap()[0][0].clone()
}

fn looking(view: &View) -> Looking<'_> {
    Looking { view, now: NOW }
}

#[test]
fn what_fails_on_a_hidden_row_alone_does_not_fail() {
    for pushing_down in [false, true] {
        let (_home, lake) = lake(true, pushing_down);
        for sql in [
            "SELECT sum(1 / (x - 42)) FROM base_event",
            "SELECT count(*) FROM base_event WHERE 1 / (x - 42) > 5",
            "SELECT count(*) FROM base_event WHERE x > 0 AND 1 / (x - 42) > 5",
            "SELECT count(*) FROM (SELECT * FROM base_event WHERE x <> 43) WHERE 1 / (x - 42) > 5",
            "SELECT max(CAST(text AS BIGINT)) FROM base_event",
            "SELECT count(*) FROM base_event WHERE CAST(text AS BIGINT) > 0",
            "SELECT count(*) FROM base_event a JOIN dns_activity b ON a.x = b.x AND 1 / (a.x - 42) = 0",
            "SELECT count(*) FROM dns_activity WHERE x IN (SELECT 1 / (x - 42) FROM base_event)",
            "SELECT x FROM base_event ORDER BY 1 / (x - 42), x LIMIT 1",
            "SELECT max(1 / (row - 2003)) FROM events",
        ] {
            let found = ask(&lake, &restricted(), sql);
            assert!(found.is_ok(), "{sql}: {found:?}");
            assert!(ask(&lake, &operator(), sql).is_err(), "{sql} would show nothing");
        }
    }
}

#[test]
fn counts_and_bounds_are_those_of_the_rows_that_are_seen() {
    let (_home, lake) = lake(true, false);
    let (view, all) = (restricted(), operator());
    for (sql, seen, there) in [
        ("SELECT count(*) FROM base_event", 297, 313),
        ("SELECT min(x) FROM base_event", 1, -1_000),
        ("SELECT max(x) FROM base_event", 299, 100_000),
        ("SELECT count(*) FROM base_event WHERE x = 42", 0, 4),
        ("SELECT count(*) FROM base_event WHERE owner = 'kuro' OR owner IS NULL", 0, 4),
        ("SELECT count(DISTINCT owner) FROM base_event", 2, 3),
        ("SELECT count(*) FROM events", 355, 395),
    ] {
        assert_eq!(one(&lake, &view, sql), json!(seen), "{sql}");
        assert_eq!(one(&lake, &all, sql), json!(there), "{sql}");
    }
}

#[test]
fn hidden_columns_are_not_there() {
    let (_home, lake) = lake(true, false);
    let view = restricted();
    for sql in ["SELECT concealed FROM base_event", "SELECT 1 FROM base_event WHERE concealed = 'c42'"] {
        let error = asked(&lake, &view, sql).unwrap_err();
        let AskError::NoColumn { known, .. } = error else { panic!("{error}") };
        assert!(known.iter().any(|name| name == "x") && !known.iter().any(|name| name == "concealed"));
        assert!(ask(&lake, &operator(), sql).is_ok());
    }
    let row = ask(&lake, &view, "SELECT * FROM base_event LIMIT 1").unwrap();
    assert_eq!(row[0].as_array().unwrap().len(), 10);
    // Columns that all events share, too.
    let part = |view: &View| match view.sight() {
        model::view::Sight::Part(part) => part.clone(),
        model::view::Sight::Everything => Part::default(),
    };
    let hidden = ["row".to_owned(), "shape".to_owned(), "owner".to_owned()].into();
    let view = access::person("suzuki", Part { hidden, ..part(&view) }, NOW);
    assert_eq!(one(&lake, &view, "SELECT count(*) FROM events"), json!(355));
    for column in ["row", "shape", "owner"] {
        let error = asked(&lake, &view, &format!("SELECT {column} FROM events")).unwrap_err();
        assert!(matches!(error, AskError::NoColumn { .. }), "{error}");
    }
}

#[test]
fn a_table_without_a_row_that_is_seen_is_none() {
    let (_home, lake) = lake(true, false);
    let plain: TableName = "own/plain".parse().unwrap();
    add(&lake, "own/plain", 1, {
        let fields = ["batch", "owner"].map(|name| Field::new(name, DataType::Utf8, true));
        let columns = ["b", "aoba"].map(|text| Arc::new(StringArray::from(vec![text])) as _);
        RecordBatch::try_new(Arc::new(Schema::new(fields.to_vec())), columns.to_vec()).unwrap()
    });
    let (view, all) = (restricted(), operator());
    let nowhere =
        |error: Result<Vec<Value>, AskError>| matches!(error, Err(AskError::Lake(LakeError::NoTable(_))));
    for table in
        ["web_resources_activity", "plain", "\"exercise/spring\".base_event", "\"exercise/spring\".events"]
    {
        let sql = format!("SELECT count(*) FROM {table}");
        assert!(nowhere(asked(&lake, &view, &sql)), "{table}");
        assert!(ask(&lake, &all, &sql).is_ok(), "{table}");
    }
    assert!(nowhere(asked(&lake, &view, "SELECT 1 FROM web_resources_activity WHERE x = 5")));
    let batch = BatchId::from([1; 16]);
    assert!(matches!(lake.batch(looking(&view), &plain, batch), Err(LakeError::NoTable(_))));

    let listed = lake.tables(looking(&view)).unwrap();
    let listed: Vec<_> = listed.iter().map(|table| (table.name.to_string(), table.rows)).collect();
    assert_eq!(listed, [("own/base_event".to_owned(), Some(297)), ("own/dns_activity".to_owned(), Some(58))]);
    assert!(lake.tables(looking(&view)).unwrap().iter().all(|table| table.on_disk.is_none()));
    let listed = lake.tables(looking(&all)).unwrap();
    assert!(listed.len() == 5 && listed.iter().all(|table| table.on_disk.is_some()));
    assert_eq!(lake.compartments(looking(&view)).unwrap(), [Compartment::own()]);
    assert_eq!(lake.compartments(looking(&all)).unwrap().len(), 2);
}

#[test]
fn a_table_is_there_as_soon_as_a_row_of_it_is_seen() {
    let (_home, lake) = lake(false, false);
    let (_other, full) = views::lake(true, false);
    let sql = "SELECT x FROM web_resources_activity";
    assert!(ask(&full, &restricted(), sql).is_err() && ask(&full, &restricted(), sql).is_err());
    let rows = rows_seen(70, 73);
    add(&full, "own/web_resources_activity", 9, rows);
    assert_eq!(ask(&full, &restricted(), sql).unwrap().len(), 3);
    assert!(ask(&lake, &restricted(), sql).is_err());
}

#[test]
fn errors_carry_no_values() {
    let (home, lake) = lake(true, false);
    for (sql, value) in [
        ("SELECT CAST(text || 'z' AS BIGINT) FROM base_event", "z"),
        ("SELECT CAST(row + 100000 AS TINYINT) FROM base_event", "10"),
        ("SELECT arrow_cast(text, 'Utf7') FROM base_event", "Utf7"),
    ] {
        let told = ask(&lake, &restricted(), sql).unwrap_err();
        assert_eq!(told, "the question cannot be answered: a function, a type or a value in it does not fit");
        assert!(ask(&lake, &operator(), sql).unwrap_err().contains(value), "{sql} would show nothing");
    }
    // A file that is gone: its path is not for everybody.
    let sql = "SELECT max(x) FROM base_event";
    for file in std::fs::read_dir(home.path().join("own/base_event")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "parquet") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let lake = Lake::open(home.path()).unwrap();
    assert!(ask(&lake, &operator(), sql).unwrap_err().contains("part-"));
    let told = ask(&lake, &restricted(), sql).unwrap_err();
    assert_eq!(told, "what was asked for could not be read");
    let told = lake.tables(looking(&restricted())).map_err(|error| format!("{error:?}"));
    assert_eq!(told, Err("Veiled".to_owned()));
}

#[test]
fn plans_are_shown_to_nobody() {
    let (_home, lake) = lake(true, false);
    for sql in [
        "EXPLAIN SELECT x FROM base_event",
        "EXPLAIN ANALYZE SELECT x FROM base_event",
        "EXPLAIN VERBOSE SELECT 1",
    ] {
        assert!(matches!(asked(&lake, &restricted(), sql), Err(AskError::NotAQuestion(_))), "{sql}");
    }
}

/// A batch that lies whole in the lake, or as much of it as the caller adds.
fn entry(number: u8, marking: Marking) -> Entry {
    let mark = |end| Mark { head: 1, end, hash: [number; 32] };
    Entry {
        received: NOW,
        batch: BatchId::from([number; 16]),
        owner: Owner {
            compartment: Compartment::own(),
            organisation: "aoba".to_owned(),
            source: String::new(),
        },
        marking,
        source_path: format!("{number}.log").into(),
        format: "json".into(),
        first_event: 0,
        events: 2,
        flaws: 1,
        span: None,
        reader: 1,
        begins: mark(0),
        ends: mark(9),
        open: None,
        replaces: Vec::new(),
    }
}

fn events(entry: &Entry) -> RecordBatch {
    let text = |text: Option<&str>| Arc::new(StringArray::from(vec![text; 2])) as _;
    let marking = &entry.marking;
    let columns: Vec<(&str, arrow_array::ArrayRef)> = vec![
        ("batch", text(Some(&entry.batch.to_string()))),
        ("row", Arc::new(Int64Array::from(vec![0, 1]))),
        ("owner", text(Some("aoba"))),
        ("tlp", text(Some(marking.tlp.as_str()))),
        ("confidentiality", text(marking.confidentiality.map(Confidentiality::as_str))),
        ("pap", text(None)),
        ("shape", text(Some("s"))),
    ];
    let field =
        |(name, column): &(&str, arrow_array::ArrayRef)| Field::new(*name, column.data_type().clone(), true);
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, column)| column).collect()).unwrap()
}

/// Keeps a batch: rows, flaws, and then that it is there.
fn keep(lake: &Lake, entry: &Entry, number: u64) {
    let flaw = Flaw {
        source_path: entry.source_path.clone(),
        offset: 1,
        length: None,
        reason: Reason { code: "cut", arguments: Vec::new(), text: "cut off".to_owned() },
    };
    add(lake, "own/base_event", number, events(entry));
    add(lake, &format!("own/{FLAWS}"), number, flaws::rows(entry, &[flaw]).unwrap());
    add(lake, &format!("own/{BATCHES}"), number, batches::rows(std::slice::from_ref(entry)).unwrap());
}

#[test]
fn batches_are_whole_seen_and_not_superseded_everywhere() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let green = Marking { tlp: Tlp::Green, ..Marking::default() };
    let grade = Marking { confidentiality: Some(Confidentiality::Three), ..green };
    let red = Marking { tlp: Tlp::Red, ..Marking::default() };
    let (seen, was_green, graded) = (entry(1, green), entry(2, green), entry(3, grade));
    // The same events again, now with a stricter mark.
    let now_red = Entry { replaces: vec![was_green.batch], ..entry(4, red) };
    for (number, entry) in (1..).zip([&seen, &was_green, &graded, &now_red]) {
        keep(&lake, entry, number);
    }
    // Half of a batch.
    add(&lake, "own/base_event", 5, events(&entry(5, green)));

    let labels = [Label { compartment: "own".to_owned(), owner: "aoba".to_owned(), marking: green }];
    let view = access::person("suzuki", Part { labels: labels.into(), ..Part::default() }, NOW);
    let (own, all) = (Compartment::own(), operator());
    assert_eq!(lake.entries(looking(&view), &own).unwrap(), std::slice::from_ref(&seen));
    assert_eq!(lake.entries(looking(&all), &own).unwrap().len(), 4);
    for (table, there) in [("base_event", 6), ("events", 6), ("flaws", 3), ("batches", 4)] {
        let sql = format!("SELECT DISTINCT batch FROM {table}");
        assert_eq!(ask(&lake, &view, &sql).unwrap(), [json!([seen.batch.to_string()])], "{table}");
        assert_eq!(one(&lake, &all, &format!("SELECT count(*) FROM {table}")), json!(there), "{table}");
    }
    let name: TableName = "own/base_event".parse().unwrap();
    let rows = |view: &View, batch: BatchId| -> usize {
        lake.batch(looking(view), &name, batch).unwrap().iter().map(RecordBatch::num_rows).sum()
    };
    assert_eq!([&seen, &was_green, &graded, &now_red].map(|entry| rows(&view, entry.batch)), [2, 0, 0, 0]);
    assert_eq!([&seen, &was_green, &graded, &now_red].map(|entry| rows(&all, entry.batch)), [2, 2, 2, 2]);
    let listed = lake.tables(looking(&view)).unwrap();
    assert_eq!(listed.iter().map(|table| table.rows).collect::<Vec<_>>(), [Some(2), Some(1), Some(1)]);
}

#[test]
fn batches_that_lost_rows_are_told_to_who_sees_them() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let red = Marking { tlp: Tlp::Red, ..Marking::default() };
    let (seen, hidden) = (entry(1, Marking::default()), entry(2, red));
    keep(&lake, &seen, 1);
    keep(&lake, &hidden, 2);
    // The rows of a third are torn.
    let third = entry(3, red);
    keep(&lake, &third, 3);
    let log = home.path().join("own/base_event/_delta_log/00000000000000000003.json");
    std::fs::write(&log, &std::fs::read(&log).unwrap()[..20]).unwrap();
    drop(lake);
    let lake = Lake::open(home.path()).unwrap();
    lake.heal().unwrap();
    let label = |marking| Label { compartment: "own".to_owned(), owner: "aoba".to_owned(), marking };
    let view =
        |marking| access::person("suzuki", Part { labels: [label(marking)].into(), ..Part::default() }, NOW);
    let lost = |view: &View| lake.lost(looking(view), &Compartment::own()).unwrap();
    assert_eq!(lost(&operator()), [third.batch].into());
    assert_eq!(lost(&view(red)), [third.batch].into());
    assert!(lost(&view(Marking::default())).is_empty());
}

#[test]
fn an_old_view_of_a_part_opens_nothing() {
    let (_home, lake) = lake(true, false);
    let later = model::time::Instant::from_nanoseconds(NOW.nanoseconds() + 61_000_000_000);
    let (view, own) = (restricted(), Compartment::own());
    let who = Looking { view: &view, now: later };
    assert!(matches!(lake.tables(who), Err(LakeError::View(_))));
    assert!(matches!(lake.entries(who, &own), Err(LakeError::View(_))));
    assert!(matches!(lake.lost(who, &own), Err(LakeError::View(_))));
    assert!(matches!(lake.compartments(who), Err(LakeError::View(_))));
    let table = "own/base_event".parse().unwrap();
    assert!(matches!(lake.batch(who, &table, BatchId::from([0; 16])), Err(LakeError::View(_))));
}
