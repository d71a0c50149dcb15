//! What is kept gives again the events that it was made of, or those of their fields that are wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::RecordBatch;
use lake::{
    BatchId, Between, Compaction, Compartment, Delivery, Entry, Labels, Lake, Looking, Owner, Reader,
    Replayed, TableName, Wanted, batches, rows,
};
use model::event::Kind;
use model::evidence::Evidence;
use model::marking::{Marking, Tlp};
use model::time::Instant;
use model::view::{Label, Part, View};
use proptest::prelude::*;
use sources::{Mark, Sheet};

use crate::rows::{Event, event, events, labels, sheets_of, tables};

const NOW: Instant = Instant::from_nanoseconds(1_780_000_000_000_000_000);

/// Adds sheets as rows of their tables, in one commit each.
pub fn add(lake: &Lake, sheets: &[Sheet], labels: &Labels, number: u64) {
    let mut by_class: BTreeMap<Arc<str>, Vec<RecordBatch>> = BTreeMap::new();
    for sheet in sheets {
        let (table, rows) = rows(sheet, labels, tables(), NOW).unwrap();
        by_class.entry(table.class.clone()).or_default().push(rows);
    }
    for (class, rows) in by_class {
        let name = TableName::new(Compartment::own(), &class).unwrap();
        let schema = &tables().get(&class).unwrap().schema;
        let delivery = Delivery { shard: "a".parse().unwrap(), number };
        let mut writer = lake.writer(&name, schema).unwrap();
        writer.append(rows, &delivery).unwrap();
        writer.compact(Compaction::All).unwrap();
    }
}

/// All sheets of a replay, and what was read besides.
fn replay(lake: &Lake, view: &View, wanted: &Wanted, between: Between) -> (Vec<Sheet>, Replayed) {
    let replay = lake.replay(Looking { view, now: NOW }, &Compartment::own(), between).unwrap();
    let mut reader = Reader::new(tables().catalogue().clone());
    let (mut sheets, mut all) = (Vec::new(), Replayed::default());
    let wants = |_: &Kind| wanted.clone();
    for part in replay.parts() {
        let read = replay.read(part, &wants, &mut reader, &mut |sheet| sheets.push(sheet)).unwrap();
        all.events += read.events;
        all.passed += read.passed;
    }
    (sheets, all)
}

fn operator() -> View {
    access::operator("sato", NOW)
}

/// The events without the fields that are not wanted.
fn fields_of(events: &[Event], is_wanted: &dyn Fn(&str) -> bool) -> Vec<Event> {
    let mut events = events.to_vec();
    let records = events.iter_mut().flat_map(|(_, _, _, records)| records);
    records.for_each(|record| record.retain(|name, _| is_wanted(name)));
    events
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn kept_events_are_the_same_again(
        given in prop::collection::vec(event(), 1..40),
        wanted in prop::collection::btree_set("[A-Za-z]", 3..20),
    ) {
        let home = tempfile::tempdir().unwrap();
        let lake = Lake::open(home.path()).unwrap();
        let sheets = sheets_of(&given);
        // In two commits, which compaction makes one file a day.
        let half = sheets.len() / 2;
        add(&lake, &sheets[..half], &labels(), 1);
        add(&lake, &sheets[half..], &labels(), 2);
        let (again, read) = replay(&lake, &operator(), &Wanted::Everything, Between::default());
        prop_assert_eq!((read.events, read.passed), (given.len() as u64, 0));
        // What the catalogue calls a field that has two names depends on who its neighbours are.
        prop_assert_eq!(events(&again).0, events(&sheets).0);

        let initials: BTreeSet<char> = wanted.iter().filter_map(|text| text.chars().next()).collect();
        let is_wanted = move |name: &str| name.chars().next().is_some_and(|first| initials.contains(&first));
        let some = is_wanted.clone();
        let fields = Wanted::Fields(Arc::new(move |name, _| some(name)));
        let (some, _) = replay(&lake, &operator(), &fields, Between::default());
        prop_assert_eq!(events(&some).0, fields_of(&events(&sheets).0, &is_wanted));

        let (none, read) = replay(&lake, &operator(), &Wanted::Nothing, Between::default());
        prop_assert_eq!((none.len(), read.events, read.passed), (0, given.len() as u64, given.len() as u64));
    }
}

/// The evidence of all events.
pub fn evidence(sheets: &[Sheet]) -> Vec<Evidence> {
    let of = |sheet: &Sheet| {
        let rows = sheet.rows().unwrap();
        let kept = sheet.kept.clone().unwrap();
        let event = |event| {
            let origin = model::evidence::Origin {
                source_path: "".into(),
                kept: kept.of(event).map(|kept| (**kept).clone()),
            };
            origin.evidence(rows.place(event).ordinal).unwrap()
        };
        (0..rows.events()).map(event).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = sheets.iter().flat_map(of).collect();
    all.sort();
    all
}

/// A sheet of Sysmon with as many events, numbered on from others; one a day.
pub fn sysmon(first: u64, count: u64) -> Vec<Sheet> {
    crate::rows::sheets(|builder| {
        let source = builder.source(&"a.json".into());
        let kind = Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(1));
        builder.count_from(first);
        for ordinal in 1..=count {
            let days = i64::try_from(first + ordinal).unwrap();
            let time = Some(Instant::from_nanoseconds(NOW.nanoseconds() - days * 86_400_000_000_000));
            let place = model::event::Place { ordinal, time, ..Default::default() };
            builder.begin(source, &kind, &place);
            builder.field("Image", sources::Value::text("C:\\x.exe"));
        }
    })
}

pub fn batch(number: u8, first_event: u64, owner: &str, tlp: Tlp) -> Labels {
    let owner = Owner { organisation: owner.to_owned(), ..labels().owner };
    let marking = Marking { tlp, ..Marking::default() };
    Labels { batch: BatchId::from([number; 16]), first_event, owner, marking, reader: 1 }
}

#[test]
fn each_event_names_its_row() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    add(&lake, &sysmon(0, 3), &batch(1, 0, "aoba", Tlp::Amber), 1);
    add(&lake, &sysmon(3, 2), &batch(2, 3, "aoba", Tlp::Amber), 2);
    let (sheets, _) = replay(&lake, &operator(), &Wanted::Everything, Between::default());
    let found: Vec<String> = evidence(&sheets).iter().map(ToString::to_string).collect();
    let row = |number: u8, row| format!("lake:own/process_activity/{}/{row}", BatchId::from([number; 16]));
    assert_eq!(found, [row(1, 0), row(1, 1), row(1, 2), row(2, 0), row(2, 1)]);
}

#[test]
fn files_are_left_out_that_lie_at_other_times() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    add(&lake, &sysmon(0, 10), &batch(1, 0, "aoba", Tlp::Amber), 1);
    let day = |days: i64| Some(Instant::from_nanoseconds(NOW.nanoseconds() - days * 86_400_000_000_000));
    for (from, to, expected) in [
        (None, None, 10),
        (day(3), None, 3),
        // What lies at the very end of the range does not count, but its file may.
        (None, day(8), 3),
        (day(5), day(4), 2),
        (day(-5), None, 0),
        (None, day(50), 0),
    ] {
        let (sheets, read) = replay(&lake, &operator(), &Wanted::Everything, Between { from, to });
        assert_eq!((read.events, evidence(&sheets).len()), (expected, usize::try_from(expected).unwrap()));
    }
}

#[test]
fn superseded_batches_and_halves_are_not_there() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let own = Compartment::own();
    for (number, replaces) in [(1, vec![]), (2, vec![1]), (3, vec![])] {
        let first = u64::from(number) * 10;
        add(&lake, &sysmon(first, 2), &batch(number, first, "aoba", Tlp::Amber), number.into());
        // The third is not in the table of batches.
        if number == 3 {
            continue;
        }
        let mark = Mark { head: 0, end: 1, hash: [number; 32] };
        let entry = Entry {
            received: NOW,
            batch: BatchId::from([number; 16]),
            owner: labels().owner,
            marking: Marking::default(),
            source_path: "a".into(),
            format: "json".into(),
            first_event: first,
            events: 2,
            flaws: 0,
            span: None,
            reader: 1,
            begins: mark,
            ends: mark,
            open: None,
            replaces: replaces.into_iter().map(|number: u8| BatchId::from([number; 16])).collect(),
        };
        let rows = batches::rows(std::slice::from_ref(&entry)).unwrap();
        let name = TableName::new(own.clone(), batches::BATCHES).unwrap();
        let delivery = Delivery { shard: "a".parse().unwrap(), number: number.into() };
        lake.writer(&name, &rows.schema()).unwrap().append(vec![rows], &delivery).unwrap();
    }
    let (sheets, read) = replay(&lake, &operator(), &Wanted::Everything, Between::default());
    let batches: BTreeSet<_> = evidence(&sheets).into_iter().map(|found| found.batch.bytes()[0]).collect();
    assert_eq!((read.events, batches), (2, [2].into()));
}

#[test]
fn a_view_hides_rows_and_columns() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let owned = [("aoba", Tlp::Amber), ("aoba", Tlp::Red), ("misaki", Tlp::Amber)];
    for (number, (owner, tlp)) in (1u8..).zip(owned) {
        let first = u64::from(number) * 10;
        add(&lake, &sysmon(first, 2), &batch(number, first, owner, tlp), number.into());
    }
    let label = Label {
        compartment: "own".to_owned(),
        owner: "aoba".to_owned(),
        marking: Marking { tlp: Tlp::Amber, ..Marking::default() },
    };
    let see = |hidden: &str| {
        let part = Part { labels: [label.clone()].into(), hidden: [hidden.to_owned()].into() };
        replay(&lake, &access::person("sato", part, NOW), &Wanted::Everything, Between::default())
    };
    let (sheets, read) = see("user.name");
    let batches: BTreeSet<_> = evidence(&sheets).into_iter().map(|found| found.batch.bytes()[0]).collect();
    assert_eq!((read.events, batches), (2, [1].into()));
    let fields = |sheets: &[Sheet]| {
        let events = events(sheets).0;
        events.into_iter().map(|(_, _, _, records)| records[0].len()).collect::<Vec<_>>()
    };
    assert_eq!(fields(&sheets), [1, 1]);
    assert_eq!(fields(&see("process.file.path").0), [0, 0]);
}
