//! What is new is what a plain question sees and nobody was given yet, whatever becomes of the table meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use lake::{
    Added, BatchId, Chosen, Compaction, Compartment, Day, Days, Delivery, Entry, Lake, LakeError, Looking,
    News, Owner, Position, Retention, Since, TableName, TablePoint, Values, batches,
};
use model::marking::Marking;
use model::time::Instant;
use proptest::prelude::*;
use sources::Mark;

use crate::asking::ask;
use crate::compaction::{HOUR, hours};
use crate::points::copy;
use crate::views::{NOW, operator, restricted};

const DAYS: [&str; 3] = ["2026-01-01", "2026-01-02", "other"];
const OWNERS: [&str; 2] = ["aoba", "misaki"];

fn name() -> TableName {
    "own/verdicts".parse().unwrap()
}

fn columns() -> Schema {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let number = Field::new("number", DataType::Int64, true);
    Schema::new(vec![number, text("batch"), text("owner"), text("words"), text("day")])
}

fn batch(number: u8) -> BatchId {
    BatchId::from([number; 16])
}

/// A row: day, owner, batch; what numbers it is the order in which rows were made.
type Row = (usize, usize, u8);

fn rows(first: i64, rows: &[Row]) -> RecordBatch {
    let numbers = first..first + i64::try_from(rows.len()).unwrap();
    let text = |get: &dyn Fn(&Row) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(get)))
    };
    let values: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(numbers)),
        text(&|row| batch(row.2).to_string()),
        text(&|row| OWNERS[row.1].to_owned()),
        text(&|row| "words ".repeat(usize::from(row.2))),
        text(&|row| DAYS[row.0].to_owned()),
    ];
    RecordBatch::try_new(Arc::new(columns()), values).unwrap()
}

fn entry(number: u8, replaces: Vec<BatchId>) -> Entry {
    let mark = Mark { head: 0, end: 1, hash: [number; 32] };
    let owner =
        Owner { compartment: Compartment::own(), organisation: "aoba".to_owned(), source: String::new() };
    Entry {
        received: NOW,
        batch: batch(number),
        owner,
        marking: Marking::default(),
        source_path: "a.json".into(),
        format: "json".into(),
        first_event: 0,
        events: 1,
        flaws: 0,
        span: None,
        reader: 1,
        begins: mark,
        ends: mark,
        open: None,
        replaces,
    }
}

fn look(lake: &Lake, after: &Position, most: usize) -> News {
    let view = operator();
    let since = Since { table: &name(), after, columns: &["number", "batch"], rows: most };
    lake.news(Looking { view: &view, now: NOW }, since).unwrap()
}

fn numbers(news: &News) -> Vec<i64> {
    let column = |rows: &RecordBatch| rows.column_by_name("number").unwrap().clone();
    let all = news.rows.iter().flat_map(|rows| column(rows).as_primitive::<Int64Type>().values().to_vec());
    all.collect()
}

/// The numbers that a plain question sees.
fn seen(lake: &Lake) -> BTreeSet<i64> {
    match ask(lake, "SELECT number FROM verdicts") {
        Ok(rows) => rows.iter().map(|row| row[0].parse().unwrap()).collect(),
        Err(lake::AskError::Lake(LakeError::NoTable(_))) => BTreeSet::new(),
        Err(error) => panic!("{error}"),
    }
}

/// What becomes of the table, and looks of two readers.
#[derive(Debug, Clone)]
enum Step {
    /// Rows of a shard; whether the table of batches is told.
    Deliver(u8, Vec<Row>, bool),
    Supersede(u8),
    Compact(bool),
    Expire(usize, usize),
    Vacuum,
    Pin,
    Restore,
    Reopen,
    Look(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let row = (0..3usize, 0..2usize, 0..5u8);
    prop_oneof![
        8 => (0..3u8, prop::collection::vec(row, 0..6), prop::bool::weighted(0.8))
            .prop_map(|(shard, rows, told)| Step::Deliver(shard, rows, told)),
        1 => (0..5u8).prop_map(Step::Supersede),
        3 => any::<bool>().prop_map(Step::Compact),
        1 => (0..3usize, 0..2usize).prop_map(|(day, owner)| Step::Expire(day, owner)),
        1 => Just(Step::Vacuum),
        1 => Just(Step::Pin),
        1 => Just(Step::Restore),
        1 => Just(Step::Reopen),
        8 => (0..2usize, 1..9usize).prop_map(|(reader, most)| Step::Look(reader, most)),
    ]
}

/// Somebody who looks, and what they were given.
#[derive(Debug, Clone, Default)]
struct Reader {
    after: Position,
    /// Since all was given anew.
    lately: BTreeSet<i64>,
    /// Whether anything happened that lets a position be unknown.
    may_be_anew: bool,
}

impl Reader {
    fn look(&mut self, lake: &Lake, most: usize) -> bool {
        let visible = seen(lake);
        // Positions go into acts as texts.
        self.after = self.after.to_string().parse().unwrap();
        let news = look(lake, &self.after, most);
        let given = numbers(&news);
        assert!(given.len() <= most);
        if news.is_anew {
            assert!(self.may_be_anew, "anew without a reason: {}", self.after);
            self.lately.clear();
        }
        self.may_be_anew &= !news.is_all;
        for number in given {
            assert!(visible.contains(&number), "{number} is not to be seen");
            assert!(self.lately.insert(number), "{number} was given twice");
        }
        self.after = news.next;
        if news.is_all {
            let missed: Vec<_> = visible.difference(&self.lately).collect();
            assert!(missed.is_empty(), "{missed:?} were not given up to {}", self.after);
        }
        news.is_all
    }
}

/// A lake as it was, and who had seen what of it: what they note is put back with it.
#[derive(Debug)]
struct Pinned {
    folder: tempfile::TempDir,
    shards: BTreeMap<u8, (u64, bool)>,
    readers: Vec<Reader>,
}

/// A lake, and what was done with it.
struct World {
    folder: tempfile::TempDir,
    lake: Lake,
    rows: i64,
    /// The last number of each shard, and whether the table of batches lacks it.
    shards: BTreeMap<u8, (u64, bool)>,
    pinned: Option<Pinned>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        drop(lake.writer(&batches_name(), &batches::schema()).unwrap());
        Self { folder, lake, rows: 0, shards: BTreeMap::new(), pinned: None }
    }

    fn told(&mut self, from: &Delivery, entries: &[Entry]) {
        let rows = batches::rows(entries).unwrap();
        let mut writer = self.lake.writer(&batches_name(), &batches::schema()).unwrap();
        writer.append(vec![rows], from).unwrap();
    }

    /// As long as a delivery is half there, nothing else becomes of its tables.
    fn make_whole(&mut self) {
        for (shard, (number, _)) in self.shards.clone().into_iter().filter(|(_, (_, half))| *half) {
            self.told(&delivery(shard, number), &[]);
            self.shards.insert(shard, (number, false));
        }
    }

    fn deliver(&mut self, shard: u8, some: &[Row], told: bool) {
        self.make_whole();
        let number = self.shards.get(&shard).map_or(1, |(number, _)| number + 1);
        let mut writer = self.lake.writer(&name(), &columns()).unwrap();
        let added = writer.append(vec![rows(self.rows, some)], &delivery(shard, number)).unwrap();
        assert!(matches!(added, Added::Now(_)));
        drop(writer);
        self.rows += i64::try_from(some.len()).unwrap();
        if told {
            self.told(&delivery(shard, number), &[]);
        }
        self.shards.insert(shard, (number, !told));
    }

    fn step(&mut self, step: &Step, readers: &mut [Reader]) {
        let view = operator();
        let who = Looking { view: &view, now: NOW };
        if matches!(step, Step::Compact(_) | Step::Expire(..) | Step::Vacuum) {
            self.make_whole();
        }
        match step {
            Step::Deliver(shard, some, told) => self.deliver(*shard, some, *told),
            Step::Supersede(number) => {
                let shard = 10 + number;
                let number_of = self.shards.get(&shard).map_or(1, |(number, _)| number + 1);
                self.told(&delivery(shard, number_of), &[entry(shard, vec![batch(*number)])]);
                self.shards.insert(shard, (number_of, false));
            }
            Step::Compact(all) => {
                let which = if *all { Compaction::All } else { Compaction::Idle };
                if let Ok(mut writer) = self.lake.existing_writer(&name()) {
                    writer.compact(which).unwrap();
                }
            }
            Step::Expire(day, owner) => {
                let day = DAYS[*day].parse::<Day>().map_or(Days::Undated, Days::Through);
                let retention = Retention { owner: Some(OWNERS[*owner].to_owned()), days: day };
                if let Ok(mut writer) = self.lake.existing_writer(&name()) {
                    writer.expire(&retention).unwrap();
                    readers.iter_mut().for_each(|reader| reader.may_be_anew = true);
                }
            }
            Step::Vacuum => {
                if let Ok(mut writer) = self.lake.existing_writer(&name()) {
                    writer.vacuum(hours(2), HOUR).unwrap();
                    readers.iter_mut().for_each(|reader| reader.may_be_anew = true);
                }
            }
            Step::Pin => {
                let points: Vec<TablePoint> = self.lake.inventory(who, self.lake.pin(who).unwrap()).unwrap();
                let to = tempfile::tempdir().unwrap();
                copy(self.folder.path(), points, to.path());
                let (shards, readers) = (self.shards.clone(), readers.to_vec());
                self.pinned = Some(Pinned { folder: to, shards, readers });
            }
            Step::Restore => {
                let Some(Pinned { folder, shards, readers: then }) = self.pinned.take() else { return };
                self.lake = Lake::open(folder.path()).unwrap();
                (self.folder, self.shards) = (folder, shards);
                readers.clone_from_slice(&then);
                readers.iter_mut().for_each(|reader| reader.may_be_anew = true);
            }
            Step::Reopen => self.lake = Lake::open(self.folder.path()).unwrap(),
            Step::Look(reader, most) => {
                readers[*reader].look(&self.lake, *most);
            }
        }
    }
}

fn batches_name() -> TableName {
    "own/batches".parse().unwrap()
}

fn delivery(shard: u8, number: u64) -> Delivery {
    Delivery { shard: format!("s{shard}").parse().unwrap(), number }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("NOROSHI_HISTORIES").ok().and_then(|count| count.parse().ok()).unwrap_or(16)
    ))]

    #[test]
    fn each_row_is_given_once_whatever_becomes_of_its_table(
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let mut world = World::new();
        let mut readers = [Reader::default(), Reader::default()];
        for step in &steps {
            world.step(step, &mut readers);
        }
        for reader in &mut readers {
            while !reader.look(&world.lake, 4) {}
            // And then there is nothing more.
            prop_assert!(reader.look(&world.lake, 4));
            let news = look(&world.lake, &reader.after, 4);
            prop_assert_eq!((numbers(&news), news.is_anew, &news.next), (vec![], false, &reader.after));
        }
    }
}

/// A lake with so many deliveries of a row each.
fn lake(deliveries: u64) -> (tempfile::TempDir, Lake) {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    add(&lake, 1..deliveries + 1);
    (home, lake)
}

fn add(lake: &Lake, numbers: std::ops::Range<u64>) {
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    for number in numbers {
        let row = rows(i64::try_from(number).unwrap(), &[(0, 0, 0)]);
        writer.append(vec![row], &delivery(0, number)).unwrap();
    }
}

#[test]
fn a_position_behind_which_the_log_was_cut_short_is_no_more() {
    let (_home, lake) = lake(2);
    let first = look(&lake, &Position::start(), 10);
    assert_eq!((numbers(&first), first.is_all, first.is_anew), (vec![1, 2], true, false));
    add(&lake, 3..700);
    let mut writer = lake.existing_writer(&name()).unwrap();
    // Five hundred versions are known, and what was made of their files brings nothing new.
    let half = look(&lake, &first.next, 400);
    assert_eq!((numbers(&half).len(), half.is_all), (400, false));
    writer.compact(Compaction::All).unwrap();
    let rest = look(&lake, &half.next, 1_000);
    assert_eq!((numbers(&rest).len(), rest.is_all, rest.is_anew), (297, true, false));
    let anew = look(&lake, &first.next, 1_000);
    assert_eq!((numbers(&anew).len(), anew.is_all, anew.is_anew), (699, true, true));
}

#[test]
fn a_version_that_was_lost_and_made_again_is_another() {
    let (home, lake) = lake(3);
    let all = look(&lake, &Position::start(), 10);
    let newest = home.path().join(format!("own/verdicts/_delta_log/{:020}.json", 3));
    let bytes = fs::read(&newest).unwrap();
    fs::write(&newest, &bytes[..bytes.len() / 2]).unwrap();
    // While it is torn, it is as if it were not there; what was given before is not taken back.
    let torn = look(&lake, &all.next, 10);
    assert_eq!((numbers(&torn), torn.is_all, torn.is_anew), (vec![1, 2], true, true));
    assert_eq!(lake.heal().unwrap().len(), 1);
    add(&lake, 3..5);
    let again = look(&lake, &all.next, 10);
    assert_eq!((numbers(&again), again.is_anew), (vec![1, 2, 3, 4], true));
    let more = look(&lake, &torn.next, 10);
    assert_eq!((numbers(&more), more.is_anew), (vec![3, 4], false));
}

#[test]
fn a_table_that_is_not_there_has_nothing_new() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let nothing = look(&lake, &Position::start(), 10);
    assert_eq!((nothing.rows.len(), nothing.next, nothing.is_all), (0, Position::start(), true));
    let (_home, other) = self::lake(1);
    // A position of another home is none here.
    let of_other = look(&other, &Position::start(), 10).next;
    assert!(look(&lake, &of_other, 10).is_all);
    add(&lake, 1..3);
    let all = look(&lake, &of_other, 10);
    assert_eq!((numbers(&all), all.is_anew), (vec![1, 2], true));
}

#[test]
fn who_sees_a_part_is_told_of_nothing_new() {
    let (_home, lake) = lake(1);
    let view = restricted();
    let since = Since { table: &name(), after: &Position::start(), columns: &["number"], rows: 1 };
    let refused = lake.news(Looking { view: &view, now: NOW }, since);
    assert!(matches!(refused, Err(LakeError::Veiled)), "{refused:?}");
}

#[test]
fn rows_are_chosen_by_a_value_and_by_its_beginning() {
    let (home, lake) = lake(0);
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    writer.append(vec![rows(0, &[(0, 0, 1), (1, 0, 2), (2, 1, 17), (0, 1, 2)])], &delivery(0, 1)).unwrap();
    let day = 86_400_000_000_000;
    let at = |number: i64| Instant::from_nanoseconds(1_767_225_600_000_000_000 + number * day + day / 2);
    let chosen = |values, between| {
        let view = operator();
        let columns = &["number", "nothing"];
        let chosen = Chosen { table: &name(), column: "batch", values, between, columns };
        let parts = lake.chosen(Looking { view: &view, now: NOW }, &chosen).unwrap();
        let numbers = |rows: &RecordBatch| rows.column(0).as_primitive::<Int64Type>().values().to_vec();
        let mut numbers: Vec<i64> = parts.iter().flat_map(numbers).collect();
        numbers.sort_unstable();
        numbers
    };
    let two = [batch(2).to_string(), batch(9).to_string()];
    assert_eq!(chosen(Values::Any(&two), None), [1, 3]);
    assert_eq!(chosen(Values::Any(&[]), None), [0_i64; 0]);
    assert_eq!(chosen(Values::Any(&two), Some((at(1), at(1)))), [1]);
    let text = batch(17).to_string();
    // Rows without a day of their own are of any.
    assert_eq!(chosen(Values::Beginning(&text[..3]), Some((at(0), at(0)))), [2]);
    assert_eq!(chosen(Values::Beginning("_"), None), [0_i64; 0]);
    drop(home);
    let nowhere: PathBuf = tempfile::tempdir().unwrap().path().join("lake");
    let empty = Lake::open(&nowhere).unwrap();
    let view = operator();
    let none = Chosen {
        table: &name(),
        column: "batch",
        values: Values::Any(&two),
        between: None,
        columns: &["number"],
    };
    assert!(empty.chosen(Looking { view: &view, now: NOW }, &none).unwrap().is_empty());
}
