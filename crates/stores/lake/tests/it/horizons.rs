//! What was there at a horizon is asked again with the same answer, whatever came since and however it lies on
//! disk; and where that cannot be, there is no answer.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_schema::{Field, Schema};
use lake::batches::{self, BATCHES, Entry};
use lake::{
    Answer, AskError, AskLimits, Asking, BatchId, Compaction, Compartment, Days, Delivery, Gone, Horizon,
    Lake, Looking, Owner, Question, Retention, TableName,
};
use model::marking::Marking;
use model::time::Instant;
use model::view::View;
use serde_json::{Value, json};
use sources::Mark;

const BEGIN: i64 = 1_800_000_000_000_000_000;
const SECOND: i64 = 1_000_000_000;

fn at(second: i64) -> Instant {
    Instant::from_nanoseconds(BEGIN + second * SECOND)
}

fn id(number: u8) -> BatchId {
    BatchId::from([number; 16])
}

fn entry(number: u8, received: i64, replaces: Vec<BatchId>) -> Entry {
    let mark = Mark { head: 0, end: 1, hash: [number; 32] };
    Entry {
        received: at(received),
        batch: id(number),
        owner: Owner {
            compartment: Compartment::own(),
            organisation: "aoba".to_owned(),
            source: String::new(),
        },
        marking: Marking::default(),
        source_path: "a.json".into(),
        format: "json".into(),
        first_event: 0,
        events: 2,
        flaws: 0,
        span: None,
        reader: 1,
        begins: mark,
        ends: mark,
        open: None,
        replaces,
    }
}

/// Two rows of a batch; of a table with a time at which they were found, with that.
fn rows(number: u8, found: Option<i64>) -> RecordBatch {
    let text = |text: &str| Arc::new(StringArray::from(vec![text; 2])) as ArrayRef;
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("batch", text(&id(number).to_string())),
        ("row", Arc::new(Int64Array::from(vec![0, 1]))),
        ("owner", text("aoba")),
        ("tlp", text("TLP:AMBER")),
        ("confidentiality", Arc::new(StringArray::from(vec![None::<&str>; 2]))),
        ("pap", Arc::new(StringArray::from(vec![None::<&str>; 2]))),
        ("day", text(if number == 1 { "2026-01-01" } else { "2026-01-02" })),
    ];
    match found {
        None => columns.push(("shape", text("[]"))),
        Some(found) => {
            let found = vec![at(found).nanoseconds() / 1_000; 2];
            let times = TimestampMicrosecondArray::from(found).with_timezone("UTC");
            columns.push(("found", Arc::new(times)));
        }
    }
    let field = |(name, column): &(&str, ArrayRef)| Field::new(*name, column.data_type().clone(), true);
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, column)| column).collect()).unwrap()
}

struct Home {
    lake: Lake,
    _folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { lake: Lake::open(folder.path()).unwrap(), _folder: folder }
    }

    fn add(&self, table: &str, number: u64, rows: RecordBatch) {
        let name: TableName = table.parse().unwrap();
        let from = Delivery { shard: "a".parse().unwrap(), number };
        self.lake.writer(&name, &rows.schema()).unwrap().append(vec![rows], &from).unwrap();
    }

    fn keep(&self, number: u8, received: i64, replaces: &[u8]) {
        let entry = entry(number, received, replaces.iter().map(|number| id(*number)).collect());
        self.add("own/base_event", number.into(), rows(number, None));
        self.add("own/verdicts", number.into(), rows(number, Some(received)));
        self.add(&format!("own/{BATCHES}"), number.into(), batches::rows(&[entry]).unwrap());
    }

    fn horizon(&self, second: i64) -> Horizon {
        let view = view(second);
        self.lake.horizon(Looking { view: &view, now: at(second) }, &Compartment::own()).unwrap()
    }

    fn ask(&self, sql: &str, horizon: Option<&Horizon>) -> Result<Vec<Value>, AskError> {
        let question = Question { sql: sql.to_owned(), values: Vec::new() };
        let (view, stop) = (view(900), AtomicBool::new(false));
        let who = Looking { view: &view, now: at(900) };
        let asking = Asking { who, question: &question, limits: AskLimits::default(), stop: &stop };
        let mut found = Vec::new();
        let mut receive = |part| {
            if let Answer::Rows(part) = part {
                found.extend(lake::values(&part).into_iter().map(Value::Array));
            }
            ControlFlow::Continue(())
        };
        match horizon {
            None => self.lake.ask(&asking, &mut receive)?,
            Some(horizon) => self.lake.ask_at(&asking, (&Compartment::own(), horizon), &mut receive)?,
        }
        Ok(found)
    }

    fn counts(&self, horizon: Option<&Horizon>) -> Vec<u64> {
        let count = |table: &str| {
            let found = self.ask(&format!("SELECT count(*) FROM {table}"), horizon).unwrap();
            found[0][0].as_u64().unwrap()
        };
        ["base_event", "events", "verdicts", "batches"].map(count).into()
    }

    /// Makes all tables one file each, and removes what no version names.
    fn tidy(&self) {
        for table in ["own/base_event", "own/verdicts", &format!("own/{BATCHES}")] {
            let name: TableName = table.parse().unwrap();
            let mut writer = self.lake.existing_writer(&name).unwrap();
            writer.compact(Compaction::All).unwrap();
            writer.vacuum(Instant::from_nanoseconds(i64::MAX / 2), Duration::ZERO).unwrap();
        }
    }
}

fn view(second: i64) -> View {
    access::operator("root", at(second))
}

#[test]
fn a_horizon_is_asked_again_whatever_came_since_and_however_it_lies() {
    let home = Home::new();
    assert_eq!(home.horizon(0).batches(), 0);
    home.keep(1, 10, &[]);
    home.keep(2, 20, &[]);
    let (first, now) = (home.horizon(25), home.horizon(30));
    assert_eq!((first.batches(), home.counts(Some(&first))), (2, vec![4, 4, 4, 2]));
    assert_eq!(home.counts(Some(&first)), home.counts(Some(&now)));
    // A batch of which one more is whole, and supersedes another; a verdict that was found later in what was there.
    home.keep(3, 40, &[1]);
    // A delivery is seen once the table of batches has it as well.
    home.add("own/verdicts", 9, rows(2, Some(41)));
    home.add(&format!("own/{BATCHES}"), 9, batches::rows(&[]).unwrap());
    assert_eq!(home.counts(None), [4, 4, 6, 3]);
    assert_eq!(home.counts(Some(&first)), [4, 4, 4, 2]);
    let later = home.horizon(50);
    assert_eq!(home.counts(Some(&later)), [4, 4, 6, 3]);
    for number in 10..36 {
        home.keep(number, 60 + i64::from(number), &[]);
    }
    home.tidy();
    assert_eq!(home.counts(Some(&first)), [4, 4, 4, 2]);
    assert_eq!(home.counts(Some(&later)), [4, 4, 6, 3]);
    let rows = home.ask("SELECT batch, row FROM events ORDER BY batch, row", Some(&first)).unwrap();
    let expected = [1, 2].map(|number| [0, 1].map(|row| json!([id(number).to_string(), row]))).concat();
    assert_eq!(rows, expected);
    assert_eq!(home.counts(Some(&first.to_string().parse().unwrap())), [4, 4, 4, 2]);
}

#[test]
fn what_is_not_known_any_more_has_no_answer() {
    let home = Home::new();
    home.keep(1, 10, &[]);
    home.keep(2, 20, &[]);
    let horizon = home.horizon(30);
    let sql = "SELECT count(*) FROM base_event";
    let refused = |sql: &str, horizon: &Horizon| home.ask(sql, Some(horizon)).unwrap_err();
    // Nobody knows which of these were there.
    home.add("own/signals", 1, rows(1, None).project(&[0, 1, 2]).unwrap());
    assert!(
        matches!(refused("SELECT 1 FROM signals", &horizon), AskError::NotAtHorizon(name) if name == "signals")
    );
    let elsewhere = rows(7, None);
    home.add("exercise/a/base_event", 1, elsewhere);
    let other = r#"SELECT 1 FROM "exercise/a".base_event"#;
    assert!(matches!(refused(other, &horizon), AskError::NotAtHorizon(_)));
    let person = access::person("suzuki", model::view::Part::default(), at(900));
    let (question, stop) = (Question { sql: sql.to_owned(), values: Vec::new() }, AtomicBool::new(false));
    let who = Looking { view: &person, now: at(900) };
    let asking = Asking { who, question: &question, limits: AskLimits::default(), stop: &stop };
    let own = Compartment::own();
    assert!(home.lake.ask_at(&asking, (&own, &horizon), &mut |_| ControlFlow::Continue(())).is_err());
    // A batch that was received before, and came into the lake afterwards.
    home.keep(3, 29, &[]);
    let gone = refused(sql, &horizon);
    assert!(matches!(gone, AskError::Gone(Gone::Batches { found: 3, expected: 2 })), "{gone}");
    // Rows that are kept no longer.
    let horizon = home.horizon(40);
    assert_eq!(home.ask(sql, Some(&horizon)).unwrap(), [json!([6])]);
    let name: TableName = "own/base_event".parse().unwrap();
    let retention =
        Retention { owner: Some("aoba".to_owned()), days: Days::Through("2026-01-01".parse().unwrap()) };
    home.lake.existing_writer(&name).unwrap().expire(&retention).unwrap();
    assert!(matches!(refused(sql, &horizon), AskError::Gone(Gone::Rows { rows: 2 })));
    assert_eq!(home.ask(sql, Some(&home.horizon(50))).unwrap(), [json!([4])]);
}

#[test]
fn batches_tell_of_themselves_as_they_were() {
    let home = Home::new();
    home.keep(1, 10, &[]);
    let horizon = home.horizon(20);
    home.keep(2, 30, &[]);
    let found = home.ask("SELECT batch FROM batches", Some(&horizon)).unwrap();
    assert_eq!(found, [json!([id(1).to_string()])]);
}
