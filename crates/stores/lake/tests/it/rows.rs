//! Events become rows and are the same events again, also out of a table.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use arrow_array::RecordBatch;
use arrow_schema::DataType;
use lake::{
    Added, BatchId, Compartment, Delivery, Labels, Lake, LakeError, Looking, Owner, TableName, Tables,
};
use model::catalogue::Catalogue;
use model::event::{Kind, Place};
use model::marking::Marking;
use model::time::Instant;
use proptest::prelude::*;
use sources::{Builder, Scalar, Sheet, Value};

const NOW: i64 = 1_780_000_000_000_000_000;

/// Values of a record by name, in their order.
pub type Values = BTreeMap<String, Vec<(String, Scalar, bool)>>;
/// Kind, source, place and records of an event.
pub type Event = (String, String, Place, Vec<Values>);

pub fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| Tables::new(Catalogue::bundled().unwrap()))
}

pub fn labels() -> Labels {
    let owner =
        Owner { compartment: Compartment::own(), organisation: "aoba".to_owned(), source: String::new() };
    let end = sources::Mark { head: 1, end: 2, hash: [3; 32] };
    let batch = BatchId::of(&owner, &end, 0);
    Labels { batch, first_event: 0, owner, marking: Marking::default(), reader: 1 }
}

/// The events of sheets in the order of source and ordinal, and the source's names of the fields
/// that the catalogue knows.
pub fn events(sheets: &[Sheet]) -> (Vec<Event>, Vec<(String, String, String)>) {
    let (mut events, mut known) = (Vec::new(), Vec::new());
    let catalogue = tables().catalogue();
    for sheet in sheets {
        let rows = sheet.rows().unwrap();
        let record = |record| {
            let mut values = Values::new();
            for column in rows.columns() {
                for &id in column.ids(record) {
                    let Value { text, scalar } = column.value(id);
                    let value = (text.to_owned(), scalar, column.is_derived(id));
                    values.entry(column.name.to_owned()).or_default().push(value);
                }
            }
            values
        };
        for event in 0..rows.events() {
            let records = rows.records(event).map(record).collect();
            let kind = format!("{}{}", sheet.kind, if sheet.grouped { " grouped" } else { "" });
            events.push((kind, rows.source_path(event).to_owned(), rows.place(event), records));
        }
        for field in catalogue.fields() {
            let name = rows.known(&field.name).map(|column| rows.columns()[column].name.to_owned());
            known.extend(name.map(|name| (sheet.kind.to_string(), field.name.clone(), name)));
        }
    }
    events.sort_by(|a, b| (&a.1, a.2.ordinal, &a.0).cmp(&(&b.1, b.2.ordinal, &b.0)));
    known.sort();
    known.dedup();
    (events, known)
}

fn rows_of(sheets: &[Sheet], tables: &Tables) -> Vec<RecordBatch> {
    let now = Instant::from_nanoseconds(NOW);
    sheets.iter().map(|sheet| lake::rows(sheet, &labels(), tables, now).unwrap().1).collect()
}

fn again(rows: &[RecordBatch], tables: &Tables) -> Vec<Sheet> {
    rows.iter().flat_map(|rows| lake::sheets(rows, tables.catalogue()).unwrap()).collect()
}

pub fn sheets(build: impl FnOnce(&mut Builder)) -> Vec<Sheet> {
    let mut builder = Builder::new(tables().catalogue().clone());
    build(&mut builder);
    builder.finish().unwrap()
}

fn text_of(rows: &RecordBatch, name: &str, row: usize) -> Option<String> {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    let column = arrow_cast::cast(rows.column_by_name(name)?, &DataType::Utf8View).unwrap();
    let column = column.as_string_view();
    column.is_valid(row).then(|| column.value(row).to_owned())
}

#[test]
fn values_stand_where_people_look_for_them() {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;
    let kind = Kind::new("windows", "Security", Some(4688));
    let sheets = sheets(|builder| {
        let source = builder.source(&"a.evtx".into());
        let place = Place {
            ordinal: 1,
            record_id: Some(u64::MAX),
            time: Some(Instant::from_nanoseconds(NOW - 1)),
            ..Place::default()
        };
        builder.begin(source, &kind, &place);
        builder.field("EventID", Value { text: "4688", scalar: Scalar::Integer });
        builder.field("NewProcessName", Value::text("C:\\Windows\\cmd.exe"));
        builder.field("NewProcessId", Value::text("0x1a4"));
        builder.field("Lantern", Value::text("lit"));
        builder.field("CommandLine", Value::nothing(Scalar::Null));
    });
    let tables = tables();
    let (table, rows) = lake::rows(&sheets[0], &labels(), tables, Instant::from_nanoseconds(NOW)).unwrap();
    assert_eq!((&*table.class, rows.num_rows()), ("process_activity", 1));
    assert_eq!(text_of(&rows, "process.file.path", 0).as_deref(), Some("C:\\Windows\\cmd.exe"));
    assert_eq!(text_of(&rows, "process.cmd_line", 0).as_deref(), None);
    assert_eq!(text_of(&rows, "product", 0).as_deref(), Some("windows"));
    assert_eq!(text_of(&rows, "tlp", 0).as_deref(), Some("TLP:AMBER"));
    assert_eq!(text_of(&rows, "day", 0).as_deref(), Some("2026-05-28"));
    assert_eq!(text_of(&rows, "source_path", 0).as_deref(), Some("a.evtx"));
    assert_eq!(text_of(&rows, "batch", 0).as_deref(), Some(labels().batch.to_string().as_str()));
    let number = |name: &str| rows.column_by_name(name).unwrap().as_primitive::<Int64Type>().value(0);
    assert_eq!((number("process.pid"), number("row"), number("event_id")), (0x1a4, 0, 4688));
    assert_eq!(number("record_id"), -1);
    let shape = text_of(&rows, "shape", 0).unwrap();
    assert!(shape.contains(r#"["NewProcessId","t","process.pid",true]"#), "{shape}");
    assert!(shape.contains(r#"["CommandLine","n"]"#), "{shape}");
    assert!(shape.contains(r#"["Lantern","t"]"#), "{shape}");
}

#[test]
fn times_outside_any_log_have_a_partition_of_their_own() {
    let day = 86_400_000_000_000;
    let times = [None, Some(0), Some(NOW), Some(NOW + 2 * day), Some(NOW + 4 * day), Some(i64::MIN)];
    let sheets = sheets(|builder| {
        let source = builder.source(&"a".into());
        for (ordinal, time) in (1..).zip(times) {
            let time = time.map(Instant::from_nanoseconds);
            builder.begin(source, &Kind::new("", "", None), &Place { ordinal, time, ..Place::default() });
            builder.field("a", Value::text("b"));
        }
    });
    let rows = rows_of(&sheets, tables());
    let days: Vec<_> = (0..times.len()).map(|row| text_of(&rows[0], "day", row).unwrap()).collect();
    assert_eq!(days, ["other", "other", "2026-05-28", "2026-05-30", "other", "other"]);
    assert_eq!(events(&again(&rows, tables())), events(&sheets));
}

#[test]
fn rows_whose_shape_does_not_fit_are_refused() {
    let sheets = sheets(|builder| {
        let source = builder.source(&"a".into());
        builder.begin(source, &Kind::new("", "", None), &Place { ordinal: 1, ..Place::default() });
        builder.field("a", Value::text("b"));
    });
    let tables = tables();
    let rows = &rows_of(&sheets, tables)[0];
    let without = |name: &str| {
        let kept = (0..rows.num_columns()).filter(|at| rows.schema().field(*at).name() != name);
        rows.project(&kept.collect::<Vec<_>>()).unwrap()
    };
    for name in ["raw", "shape", "product", "ordinal", "source_path"] {
        assert!(lake::sheets(&without(name), tables.catalogue()).is_err(), "without {name}");
    }
    assert!(lake::sheets(&without("line"), tables.catalogue()).is_ok());
}

/// Kinds of several classes, and whether their events have several records.
fn kinds() -> Vec<(Kind, bool)> {
    vec![
        (Kind::new("windows", "Security", Some(4688)), false),
        (Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(1)), false),
        (Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(22)), false),
        (Kind::new("", "", None), false),
        (Kind::new("linux", "auditd", None), true),
        (Kind::new("zeek", "dns", None), false),
        (Kind::new("acme", "ocsf", Some(1007)), false),
    ]
}

/// Names of which some are the catalogue's in some kinds, and several lead to one field.
const NAMES: [&str; 17] = [
    "Image",
    "NewProcessName",
    "ProcessId",
    "NewProcessId",
    "Computer",
    "Hostname",
    "EventID",
    "CommandLine",
    "QueryName",
    "query",
    "process.pid",
    "process.file.path",
    "rejected",
    "a0",
    "exe",
    "Lantern",
    "a name, with blanks",
];
const TEXTS: [&str; 12] =
    ["", "7", "007", "-3", "+3", "0x1a4", "0X1A", "0x", "9223372036854775808", "C:\\x.exe", "灯台", " 7"];

fn scalar() -> impl Strategy<Value = Scalar> {
    use Scalar::{Boolean, EmptyList, EmptyObject, Float, Integer, Null, Text};
    prop::sample::select(vec![Text, Text, Text, Integer, Float, Boolean, Null, EmptyList, EmptyObject])
}

type Field = (usize, usize, Scalar, bool);
/// Number of a kind, place, and records.
pub type Given = (usize, Place, Vec<Vec<Field>>);

pub fn event() -> impl Strategy<Value = Given> {
    let field = (0..NAMES.len(), 0..TEXTS.len(), scalar(), any::<bool>());
    let records = prop::collection::vec(prop::collection::vec(field, 0..8), 1..4);
    let number = prop::option::of(any::<u64>());
    let place = (number.clone(), number.clone(), number, prop::option::of(any::<i64>()));
    let place = place.prop_map(|(line, record_id, audit_serial, time)| {
        let time = time.map(Instant::from_nanoseconds);
        Place { ordinal: 0, line, record_id, audit_serial, time }
    });
    (0..kinds().len(), place, records)
}

/// The sheets of some events.
pub fn sheets_of(given: &[Given]) -> Vec<Sheet> {
    sheets(|builder| {
        let kinds = kinds();
        for (ordinal, (kind, place, records)) in (1..).zip(given) {
            let (kind, grouped) = &kinds[*kind];
            let source = builder.source(&["a.json", "b.zip!c"][usize::from(ordinal % 3 == 0)].into());
            let place = Place { ordinal, ..*place };
            match grouped {
                true => builder.begin_grouped(source, kind, &place),
                false => builder.begin(source, kind, &place),
            }
            for record in records.iter().take(if *grouped { 4 } else { 1 }) {
                if *grouped {
                    builder.next_record();
                }
                for (name, text, scalar, derived) in record {
                    let text = if scalar.has_value() { TEXTS[*text] } else { "" };
                    let value = Value { text, scalar: *scalar };
                    match derived {
                        true => builder.derived(NAMES[*name], value),
                        false => builder.field(NAMES[*name], value),
                    }
                }
            }
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn rows_give_back_the_events_that_they_were_made_of(given in prop::collection::vec(event(), 1..20)) {
        let sheets = sheets_of(&given);
        let tables = tables();
        let rows = rows_of(&sheets, tables);
        for (rows, sheet) in rows.iter().zip(&sheets) {
            let class = tables.catalogue().class_of(&sheet.kind).0;
            let schema = &tables.get(class).or_else(|| tables.get("base_event")).unwrap().schema;
            let mut last = None;
            for field in rows.schema().fields() {
                let at = schema.index_of(field.name()).unwrap();
                let stored = match field.data_type() {
                    DataType::Dictionary(_, values) => values,
                    other => other,
                };
                prop_assert_eq!(schema.field(at).data_type(), stored);
                prop_assert!(last.replace(at).is_none_or(|last| last < at), "{}", field.name());
            }
        }
        let found = again(&rows, tables);
        prop_assert_eq!(events(&found), events(&sheets));
    }
}

#[test]
fn a_table_gives_back_the_events_of_a_batch() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let now = Instant::from_nanoseconds(NOW);
    let kind = Kind::new("windows", "Security", Some(4688));
    let given = |batch: i64| {
        sheets(|builder| {
            let source = builder.source(&"a.evtx".into());
            for ordinal in 1..=20i64 {
                let time = Some(Instant::from_nanoseconds(NOW - ordinal * 30_000_000_000_001));
                let place = Place { ordinal: ordinal.cast_unsigned(), time, ..Place::default() };
                builder.begin(source, &kind, &place);
                builder.field("NewProcessId", Value::text(["0x1a4", "7"][usize::from(ordinal % 2 == 0)]));
                builder.field("NewProcessName", Value::text(&format!("C:\\{batch}-{ordinal}.exe")));
                (0..ordinal % 3).for_each(|_| builder.field("Lantern", Value::text("灯")));
            }
        })
    };
    let name = TableName::new(Compartment::own(), "process_activity").unwrap();
    let table = tables().get("process_activity").unwrap();
    let mut writer = lake.writer(&name, &table.schema).unwrap();
    let ids: Vec<BatchId> = (1..=3)
        .map(|number| {
            let id = BatchId::from([number as u8; 16]);
            let labels = Labels { batch: id, ..labels() };
            let sheets = given(number);
            let rows = sheets.iter().map(|sheet| lake::rows(sheet, &labels, tables(), now).unwrap().1);
            let delivery = Delivery { shard: "a".parse().unwrap(), number: number.cast_unsigned() };
            assert!(matches!(writer.append(rows.collect(), &delivery).unwrap(), Added::Now(_)));
            id
        })
        .collect();
    let view = access::operator("sato", now);
    assert_eq!(crate::count(&lake, &name).unwrap(), 60);
    for (number, id) in (1..).zip(ids) {
        let rows = lake.batch(Looking { view: &view, now }, &name, id).unwrap();
        assert_eq!(events(&again(&rows, tables())), events(&given(number)));
    }
    // A folder for each day.
    assert!(home.path().join("own/process_activity/day=2026-05-28").is_dir());
    let late = Instant::from_nanoseconds(NOW + 61_000_000_000);
    let late = lake.batch(Looking { view: &view, now: late }, &name, BatchId::from([1; 16]));
    assert!(matches!(late, Err(LakeError::View(_))));
}

/// Two sheets of one kind become rows of one table; so they are read as one.
#[test]
fn the_catalogue_of_the_day_names_the_fields() {
    let kind = Kind::new("windows", "Security", Some(4688));
    let sheets = sheets(|builder| {
        let source = builder.source(&"a".into());
        builder.begin(source, &kind, &Place { ordinal: 1, ..Place::default() });
        builder.field("NewProcessName", Value::text("x"));
    });
    let rows = rows_of(&sheets, tables());
    let empty = Arc::new(Catalogue::parse("field = []", "service = []\ncategory = []\nclass = []").unwrap());
    let older = lake::sheets(&rows[0], &empty).unwrap();
    let read = older[0].rows().unwrap();
    assert!(read.raw("NewProcessName").is_some() && read.known("process.file.path").is_none());
    let now = again(&rows, tables());
    assert!(now[0].rows().unwrap().known("process.file.path").is_some());
}
