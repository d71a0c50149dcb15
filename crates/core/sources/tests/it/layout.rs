//! What is written into a sheet is read back, however its columns are packed since.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int64Array, LargeStringArray, ListArray, PrimitiveArray, RecordBatch,
    StringArray, StringViewArray, StructArray, TimestampMicrosecondArray, TimestampNanosecondArray,
    UInt8Array, UInt64Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema};
use model::catalogue::Catalogue;
use model::event::{Kind, Place};
use model::time::Instant;
use proptest::prelude::*;
use sources::{Builder, Scalar, Sheet, Value};

/// Name, text, type, whether it is derived.
type Given = (&'static str, String, Scalar, bool);
type Record = Vec<Given>;
/// Source, place and records of an event.
type Event = (usize, Place, Vec<Record>);
/// Values of a record by name, in their order.
type Values = BTreeMap<String, Vec<(String, Scalar, bool)>>;

const SOURCES: [&str; 2] = ["a.json", "b.zip!c.json"];

fn build(events: &[Event], grouped: bool) -> Sheet {
    let mut builder = Builder::new(Catalogue::bundled().unwrap());
    let kind = Kind::new("windows", "Security", Some(4688));
    for (source, place, records) in events {
        let source = builder.source(&SOURCES[*source].into());
        if grouped {
            builder.begin_grouped(source, &kind, place);
        }
        for record in records {
            if grouped {
                builder.next_record();
            } else {
                builder.begin(source, &kind, place);
            }
            for (name, text, scalar, derived) in record {
                let value = Value { text, scalar: *scalar };
                if *derived { builder.derived(name, value) } else { builder.field(name, value) }
            }
        }
    }
    let mut sheets = builder.finish().unwrap();
    assert_eq!(sheets.len(), 1);
    sheets.remove(0)
}

/// The events that a sheet holds.
fn read(sheet: &Sheet) -> Vec<(String, Place, Vec<Values>)> {
    let rows = sheet.rows().unwrap_or_else(|error| panic!("{error}"));
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
    let event = |event| {
        let records = rows.records(event).map(record).collect();
        (rows.source_path(event).to_owned(), rows.place(event), records)
    };
    (0..rows.events()).map(event).collect()
}

/// How values are packed.
#[derive(Debug, Clone, Copy)]
enum Texts {
    Short,
    Long,
    View,
}

#[derive(Debug, Clone, Copy)]
enum Keys {
    Plain,
    Byte,
    Short,
    Ours,
    Long,
}

fn texts(form: Texts, texts: &[Option<&str>]) -> ArrayRef {
    match form {
        Texts::Short => Arc::new(texts.iter().copied().collect::<StringArray>()),
        Texts::Long => Arc::new(texts.iter().copied().collect::<LargeStringArray>()),
        Texts::View => Arc::new(texts.iter().copied().collect::<StringViewArray>()),
    }
}

/// Values of an array packed by the builder, packed in another way: each by itself, none shared.
fn packed(array: &dyn Array, form: (Keys, Texts)) -> ArrayRef {
    if let Some(list) = array.as_list_opt::<i32>() {
        let items = packed(list.values(), form);
        let field = Arc::new(Field::new("item", items.data_type().clone(), true));
        return Arc::new(ListArray::new(field, list.offsets().clone(), items, list.nulls().cloned()));
    }
    let dictionary = array.as_dictionary::<UInt32Type>();
    let (values, letters) = match dictionary.values().as_struct_opt() {
        None => (dictionary.values().as_string::<i32>(), None),
        Some(parts) => {
            (parts.column(0).as_string::<i32>(), Some(parts.column(1).as_primitive::<UInt8Type>().values()))
        }
    };
    let keys: Vec<Option<usize>> = (0..array.len()).map(|item| dictionary.key(item)).collect();
    // In a dictionary nothing is null but keys.
    let present: Vec<usize> = keys.iter().flatten().copied().collect();
    let stored: Vec<Option<usize>> = match form.0 {
        Keys::Plain => keys.clone(),
        _ => present.iter().rev().map(|key| Some(*key)).collect(),
    };
    let plain = texts(form.1, &stored.iter().map(|key| key.map(|key| values.value(key))).collect::<Vec<_>>());
    let plain: ArrayRef = match letters {
        None => plain,
        Some(letters) => {
            let letters = stored.iter().map(|key| key.map(|key| letters[key])).collect::<UInt8Array>();
            let fields = vec![
                Field::new("text", plain.data_type().clone(), true),
                Field::new("type", DataType::UInt8, true),
            ];
            let nulls = plain.nulls().cloned();
            Arc::new(StructArray::new(fields.into(), vec![plain, Arc::new(letters)], nulls))
        }
    };
    let mut left = present.len();
    let mut numbers = keys.iter().map(|key| {
        key.map(|_| {
            left -= 1;
            left
        })
    });
    macro_rules! dictionary {
        ($key:ty) => {{
            let keys: PrimitiveArray<$key> =
                numbers.by_ref().map(|n| n.map(|n| n.try_into().unwrap())).collect();
            Arc::new(DictionaryArray::<$key>::new(keys, plain))
        }};
    }
    match form.0 {
        Keys::Plain => plain,
        Keys::Byte => dictionary!(Int8Type),
        Keys::Short => dictionary!(UInt16Type),
        Keys::Ours => dictionary!(UInt32Type),
        Keys::Long => dictionary!(UInt64Type),
    }
}

/// A column in another packing.
fn repacked(field: &FieldRef, array: &ArrayRef, form: (Keys, Texts)) -> (FieldRef, ArrayRef) {
    let all = |whole: &StructArray| -> ArrayRef {
        let parts = whole.fields().iter().zip(whole.columns());
        let (fields, arrays): (Vec<_>, Vec<_>) =
            parts.map(|(field, array)| repacked(field, array, form)).unzip();
        Arc::new(StructArray::try_new_with_length(Fields::from(fields), arrays, None, whole.len()).unwrap())
    };
    let array: ArrayRef = match (field.name().as_str(), array.data_type()) {
        ("raw", DataType::Struct(_)) => all(array.as_struct()),
        ("records", DataType::List(_)) => {
            let list = array.as_list::<i32>();
            let records = all(list.values().as_struct());
            let item = Arc::new(Field::new("item", records.data_type().clone(), false));
            Arc::new(ListArray::new(item, list.offsets().clone(), records, None))
        }
        (_, DataType::UInt64 | DataType::Timestamp(..)) => array.clone(),
        _ => packed(array, form),
    };
    (Arc::new(field.as_ref().clone().with_data_type(array.data_type().clone())), array)
}

fn repack(sheet: &Sheet, form: (Keys, Texts)) -> Sheet {
    let columns = sheet.columns.schema_ref().fields().iter().zip(sheet.columns.columns());
    let (fields, arrays): (Vec<_>, Vec<_>) =
        columns.map(|(field, array)| repacked(field, array, form)).unzip();
    let sheet_of = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    Sheet { columns: sheet_of, ..sheet.clone() }
}

fn record() -> impl Strategy<Value = Record> {
    let names = vec!["NewProcessName", "Image", "CommandLine", "a.b", "a", "Ω"];
    let texts = vec!["", "1", "true", "null", "[]", "{}", "größe", "x"];
    let scalars = vec![
        Scalar::Text,
        Scalar::Text,
        Scalar::Integer,
        Scalar::Float,
        Scalar::Boolean,
        Scalar::Null,
        Scalar::EmptyList,
        Scalar::EmptyObject,
    ];
    let select = proptest::sample::select::<Scalar>;
    let value =
        (proptest::sample::select(names), proptest::sample::select(texts), select(scalars), any::<bool>());
    let value = value.prop_map(|(name, text, scalar, derived)| {
        let text = if scalar.has_value() { text } else { "" };
        (name, text.to_owned(), scalar, derived)
    });
    // Many records have values of one type only, as in real logs.
    proptest::collection::vec(value, 0..6).prop_flat_map(|values| {
        let plain =
            values.iter().map(|(name, text, ..)| (*name, text.clone(), Scalar::Text, false)).collect();
        prop_oneof![Just(values), Just(plain)]
    })
}

fn event(records: impl Strategy<Value = Vec<Record>>) -> impl Strategy<Value = Event> {
    let number = || proptest::option::of(any::<u64>());
    let place = (any::<u64>(), number(), number(), number(), proptest::option::of(any::<i64>()));
    let place = place.prop_map(|(ordinal, line, record_id, audit_serial, time)| Place {
        ordinal: ordinal / 2,
        line,
        record_id,
        audit_serial,
        time: time.map(Instant::from_nanoseconds),
    });
    (0..SOURCES.len(), place, records)
}

fn events() -> impl Strategy<Value = (bool, Vec<Event>)> {
    let single = proptest::collection::vec(event(record().prop_map(|record| vec![record])), 1..8);
    let grouped = proptest::collection::vec(event(proptest::collection::vec(record(), 0..4)), 1..8);
    prop_oneof![single.prop_map(|events| (false, events)), grouped.prop_map(|events| (true, events))]
}

fn given(events: &[Event]) -> Vec<(String, Place, Vec<Values>)> {
    let values = |record: &Record| {
        let mut values = Values::new();
        for (name, text, scalar, derived) in record {
            values.entry((*name).to_owned()).or_default().push((text.clone(), *scalar, *derived));
        }
        values
    };
    let event = |(source, place, records): &Event| {
        (SOURCES[*source].to_owned(), *place, records.iter().map(values).collect())
    };
    events.iter().map(event).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_however_it_is_packed((grouped, events) in events(), from in 0usize..8) {
        let expected = given(&events);
        let sheet = build(&events, grouped);
        prop_assert_eq!(read(&sheet), expected.clone());
        for keys in [Keys::Plain, Keys::Byte, Keys::Short, Keys::Ours, Keys::Long] {
            for texts in [Texts::Short, Texts::Long, Texts::View] {
                let again = repack(&sheet, (keys, texts));
                prop_assert_eq!(read(&again), expected.clone(), "{:?} {:?}", keys, texts);
                let from = from.min(events.len());
                let part = again.columns.slice(from, events.len() - from);
                prop_assert_eq!(read(&Sheet { columns: part, ..again.clone() }), expected[from..].to_vec());
            }
        }
    }
}

fn place(ordinal: u64) -> Place {
    Place { ordinal, time: Some(Instant::from_nanoseconds(1)), ..Place::default() }
}

fn sample(grouped: bool) -> Sheet {
    let record =
        vec![("a", "1".to_owned(), Scalar::Integer, false), ("b", "x".to_owned(), Scalar::Text, true)];
    let other = vec![("a", String::new(), Scalar::Null, false)];
    build(&[(0, place(1), vec![record]), (1, place(2), vec![other])], grouped)
}

/// The sheet with another column under a name; without any if `array` is none.
fn with(sheet: &Sheet, field: Field, array: Option<ArrayRef>) -> Sheet {
    let columns =
        sheet.columns.schema_ref().fields().iter().cloned().zip(sheet.columns.columns().iter().cloned());
    let mut columns: Vec<(FieldRef, ArrayRef)> =
        columns.filter(|(known, _)| known.name() != field.name()).collect();
    if let Some(array) = array {
        columns.push((Arc::new(field.with_data_type(array.data_type().clone())), array));
    }
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    Sheet { columns: RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap(), ..sheet.clone() }
}

/// The sheet with these fields in place of its own.
fn with_raw(fields: Vec<(Field, ArrayRef)>) -> Sheet {
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(field, array)| (field.with_data_type(array.data_type().clone()), array))
        .collect();
    let (fields, arrays): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
    let raw = StructArray::new(fields.into(), arrays, None);
    with(&sample(false), Field::new("raw", DataType::Null, false), Some(Arc::new(raw)))
}

fn column(metadata: &[(&str, &str)], array: ArrayRef) -> Vec<(Field, ArrayRef)> {
    let metadata: HashMap<String, String> =
        metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    vec![(Field::new("a", DataType::Null, true).with_metadata(metadata), array)]
}

fn numbers(values: [Option<i64>; 2]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

fn words(values: [Option<&str>; 2]) -> ArrayRef {
    Arc::new(StringViewArray::from_iter(values))
}

/// One item a row.
fn offsets() -> OffsetBuffer<i32> {
    OffsetBuffer::from_lengths([1, 1])
}

/// Values that say their types, with a third part if `more`.
fn typed(texts: [Option<&str>; 2], letters: [u8; 2], more: bool) -> ArrayRef {
    let mut fields =
        vec![Field::new("text", DataType::Utf8View, true), Field::new("type", DataType::UInt8, true)];
    let mut arrays = vec![words(texts), Arc::new(UInt8Array::from(letters.to_vec())) as ArrayRef];
    if more {
        fields.push(Field::new("more", DataType::UInt8, true));
        arrays.push(arrays[1].clone());
    }
    Arc::new(StructArray::new(fields.into(), arrays, None))
}

#[test]
fn a_field_that_does_not_fit_is_an_error_and_not_passed_over() {
    const NAME: (&str, &str) = ("name", "a");
    const TEXT: (&str, &str) = ("type", "text");
    let two = [Some("x"), Some("y")];
    assert!(with_raw(column(&[NAME, TEXT], words(two))).rows().is_ok());
    assert!(with_raw(column(&[NAME, TEXT, ("derived", "true")], words([None, None]))).rows().is_ok());
    assert!(with_raw(column(&[NAME], typed(two, *b"tN", false))).rows().is_ok());
    let twice = [column(&[NAME, TEXT], words(two)), column(&[NAME, TEXT], words(two))].concat();
    for (fields, code) in [
        (column(&[NAME, TEXT], numbers([Some(1), None])), "column-type"),
        (
            column(
                &[NAME, TEXT],
                Arc::new(DictionaryArray::<Int8Type>::new(vec![0, 1].into(), numbers([Some(1), None]))),
            ),
            "column-type",
        ),
        (column(&[NAME], typed(two, *b"tt", true)), "column-type"),
        (column(&[TEXT], words(two)), "column-metadata"),
        (column(&[NAME], words(two)), "column-metadata"),
        (column(&[NAME, ("type", "word")], words(two)), "column-metadata"),
        (column(&[NAME, TEXT, ("derived", "yes")], words(two)), "column-metadata"),
        (column(&[NAME, ("derived", "true")], typed(two, *b"tt", false)), "column-metadata"),
        (column(&[NAME, TEXT], typed(two, *b"tt", false)), "column-metadata"),
        (column(&[NAME], typed(two, *b"tx", false)), "column-letter"),
        (column(&[NAME], typed([Some("x"), None], *b"tt", false)), "column-null"),
        (twice, "column-twice"),
    ] {
        let shown = format!("{:?}", fields[0]);
        let error = with_raw(fields).rows().map(|_| ()).unwrap_err();
        assert_eq!(error.code(), code, "{shown}");
        assert!(error.to_string().contains(" a"), "it names the column: {error}");
    }
}

#[test]
fn a_sheet_without_its_reference_columns_is_an_error() {
    let microseconds = TimestampMicrosecondArray::from(vec![1, 2]).with_timezone("UTC");
    let zoneless = TimestampNanosecondArray::from(vec![1, 2]);
    let list: ArrayRef = {
        let item = Arc::new(Field::new("item", DataType::Utf8View, true));
        Arc::new(ListArray::new(item, offsets(), words([Some("x"), Some("y")]), None))
    };
    let ordinals = || Arc::new(UInt64Array::from(vec![Some(1), None]));
    for (name, array, code) in [
        ("time", None, "column-missing"),
        ("ordinal", None, "column-missing"),
        ("source_path", None, "column-missing"),
        ("time", Some(Arc::new(microseconds) as ArrayRef), "column-type"),
        ("time", Some(Arc::new(zoneless)), "column-type"),
        ("ordinal", Some(numbers([Some(1), Some(2)])), "column-type"),
        ("line", Some(numbers([Some(1), None])), "column-type"),
        ("ordinal", Some(ordinals()), "column-null"),
        ("source_path", Some(numbers([Some(1), Some(2)])), "column-type"),
        ("source_path", Some(list), "column-type"),
        ("source_path", Some(words([Some("x"), None])), "column-null"),
        ("raw", Some(words([Some("x"), Some("y")])), "column-metadata"),
        ("_row", Some(ordinals()), "column-metadata"),
    ] {
        let sheet = with(&sample(false), Field::new(name, DataType::Null, true), array);
        let error = sheet.rows().map(|_| ()).unwrap_err();
        assert_eq!(error.code(), code, "{name}");
        assert!(error.to_string().contains(name), "it names the column: {error}");
    }
    let grouped = Sheet { grouped: true, ..sample(false) };
    assert_eq!(grouped.rows().unwrap_err().code(), "column-type", "fields beside records");
    let without = with(&sample(true), Field::new("records", DataType::Null, false), None);
    assert_eq!(without.rows().unwrap_err().code(), "column-missing");
    assert!(without.span().is_ok());
}

#[test]
fn a_row_without_a_list_has_no_values_whatever_its_list_holds() {
    let item = Arc::new(Field::new("item", DataType::Utf8View, true));
    let nulls = Some(vec![true, false].into());
    let list = ListArray::new(item.clone(), offsets(), words([Some("x"), Some("y")]), nulls);
    let metadata = [("name", "a"), ("type", "text")];
    let sheet = with_raw(column(&metadata, Arc::new(list)));
    let found: Vec<usize> = read(&sheet).iter().map(|(_, _, records)| records[0].len()).collect();
    assert_eq!(found, [1, 0]);
    let holed = ListArray::new(item, offsets(), words([Some("x"), None]), None);
    let error = with_raw(column(&metadata, Arc::new(holed))).rows().map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "column-null");
}
