//! A batch as the engine looks at it: every field a column of value numbers.

use std::cell::OnceCell;

use arrow_array::cast::AsArray;
use arrow_array::types::{TimestampNanosecondType, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, StringArray, StructArray};
use arrow_buffer::NullBuffer;
use arrow_schema::Field;
use hashbrown::HashMap;
use model::event::Place;
use model::time::Instant;
use rustc_hash::FxBuildHasher;
use sources::Batch;

use crate::pattern::fold_into;

/// Columns of one batch, by the names they have in it.
pub(crate) struct View<'a> {
    batch: &'a Batch,
    /// Ends of each event's records; `None` when every event is one record.
    offsets: Option<&'a [i32]>,
    pub(crate) columns: Vec<Column<'a>>,
    known: HashMap<&'a str, usize, FxBuildHasher>,
    raw: HashMap<&'a str, usize, FxBuildHasher>,
}

/// One field of all records.
pub(crate) struct Column<'a> {
    /// The name the source gives it.
    pub(crate) name: &'a str,
    /// JSON type of its values: `text`, `integer`, `float`, `boolean`.
    pub(crate) scalar: &'a str,
    /// Computed by the reader from another field.
    pub(crate) derived: bool,
    pub(crate) values: &'a StringArray,
    cells: Cells<'a>,
    folded: OnceCell<Folded>,
}

enum Cells<'a> {
    One { keys: &'a [u32], nulls: Option<&'a NullBuffer> },
    Many { offsets: &'a [i32], keys: &'a [u32] },
}

struct Folded {
    text: String,
    ends: Vec<usize>,
}

impl<'a> View<'a> {
    pub(crate) fn new(batch: &'a Batch) -> Self {
        let mut view = Self {
            batch,
            offsets: None,
            columns: Vec::new(),
            known: HashMap::default(),
            raw: HashMap::default(),
        };
        if batch.grouped {
            if let Some(records) = batch.batch.column_by_name("records").and_then(|a| a.as_list_opt::<i32>())
            {
                view.offsets = Some(records.offsets());
                if let Some(fields) = records.values().as_struct_opt() {
                    view.add_struct(fields, false);
                }
            }
        } else {
            for (field, array) in batch.batch.schema_ref().fields().iter().zip(batch.batch.columns()) {
                view.add(field, array, false);
            }
        }
        view
    }

    fn add_struct(&mut self, array: &'a StructArray, raw: bool) {
        for (field, child) in array.fields().iter().zip(array.columns()) {
            self.add(field, child, raw);
        }
    }

    fn add(&mut self, field: &'a Field, array: &'a ArrayRef, raw: bool) {
        if let (false, "raw", Some(fields)) = (raw, field.name().as_str(), array.as_struct_opt()) {
            return self.add_struct(fields, true);
        }
        // Reference columns carry no metadata; fields do.
        let metadata = field.metadata();
        let Some(name) = metadata.get("name") else { return };
        let Some((cells, values)) = cells(array) else { return };
        let number = self.columns.len();
        self.columns.push(Column {
            name,
            scalar: metadata.get("scalar").map_or("text", String::as_str),
            derived: metadata.contains_key("derived"),
            values,
            cells,
            folded: OnceCell::new(),
        });
        if raw { &mut self.raw } else { &mut self.known }.insert(field.name(), number);
    }

    /// Number of events.
    pub(crate) fn events(&self) -> usize {
        self.batch.batch.num_rows()
    }

    /// Records of an event.
    pub(crate) fn records(&self, event: usize) -> std::ops::Range<usize> {
        match self.offsets {
            None => event..event + 1,
            Some(offsets) => index(offsets[event])..index(offsets[event + 1]),
        }
    }

    /// Column of a catalogue field.
    pub(crate) fn known(&self, name: &str) -> Option<usize> {
        self.known.get(name).copied()
    }

    /// Column of a field outside the catalogue.
    pub(crate) fn raw(&self, name: &str) -> Option<usize> {
        self.raw.get(name).copied()
    }

    /// Where an event stands in its source.
    pub(crate) fn place(&self, event: usize) -> Place {
        let number = |name: &str| {
            let array = self.batch.batch.column_by_name(name)?.as_primitive_opt::<UInt64Type>()?;
            array.is_valid(event).then(|| array.value(event))
        };
        Place {
            ordinal: number("ordinal").unwrap_or(0),
            line: number("line"),
            record_id: number("record_id"),
            audit_serial: number("audit_serial"),
            time: self.time(event),
        }
    }

    fn time(&self, event: usize) -> Option<Instant> {
        let array = self.batch.batch.column_by_name("time")?.as_primitive_opt::<TimestampNanosecondType>()?;
        array.is_valid(event).then(|| Instant::from_nanoseconds(array.value(event)))
    }

    /// Source of an event.
    pub(crate) fn source_path(&self, event: usize) -> &'a str {
        let array = self.batch.batch.column_by_name("source_path");
        let array = array.and_then(|array| array.as_dictionary_opt::<UInt32Type>());
        let value =
            array.and_then(|array| Some(array.values().as_string_opt::<i32>()?.value(array.key(event)?)));
        value.unwrap_or_default()
    }
}

impl Column<'_> {
    /// Numbers of the values that a record has in this column.
    pub(crate) fn ids(&self, record: usize) -> &[u32] {
        match &self.cells {
            Cells::One { keys, nulls } => {
                if nulls.is_none_or(|nulls| nulls.is_valid(record)) {
                    &keys[record..=record]
                } else {
                    &[]
                }
            }
            Cells::Many { offsets, keys } => &keys[index(offsets[record])..index(offsets[record + 1])],
        }
    }

    /// Number of distinct values.
    pub(crate) fn distinct(&self) -> usize {
        self.values.len()
    }

    /// A value as its source spells it.
    pub(crate) fn text(&self, id: u32) -> &str {
        self.values.value(id as usize)
    }

    /// A value folded for comparison without case.
    pub(crate) fn folded(&self, id: u32) -> &str {
        let folded = self.folded.get_or_init(|| {
            let mut text = String::with_capacity(self.values.value_data().len());
            let ends = self.values.iter().map(|value| {
                fold_into(value.unwrap_or_default(), &mut text);
                text.len()
            });
            let ends = ends.collect();
            Folded { text, ends }
        });
        let at = id as usize;
        let start = if at == 0 { 0 } else { folded.ends[at - 1] };
        &folded.text[start..folded.ends[at]]
    }
}

fn cells(array: &ArrayRef) -> Option<(Cells<'_>, &StringArray)> {
    if let Some(one) = array.as_dictionary_opt::<UInt32Type>() {
        let cells = Cells::One { keys: one.keys().values(), nulls: one.keys().nulls() };
        return Some((cells, one.values().as_string_opt::<i32>()?));
    }
    let many = array.as_list_opt::<i32>()?;
    let items = many.values().as_dictionary_opt::<UInt32Type>()?;
    let cells = Cells::Many { offsets: many.offsets(), keys: items.keys().values() };
    Some((cells, items.values().as_string_opt::<i32>()?))
}

/// Arrow offsets are never negative.
fn index(offset: i32) -> usize {
    usize::try_from(offset).unwrap_or(0)
}
