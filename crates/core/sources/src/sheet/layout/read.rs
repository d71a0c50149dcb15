//! Values from the columns of a sheet.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{TimestampNanosecondType, UInt64Type};
use arrow_array::{Array, RecordBatch, StringArray, StructArray, TimestampNanosecondArray, UInt64Array};
use arrow_schema::{DataType, Field, TimeUnit};
use hashbrown::HashMap;
use model::event::Place;
use model::time::Instant;

use super::names::{
    AUDIT_SERIAL, DERIVED, LINE, NAME, ORDINAL, RAW, RECORD_ID, RECORDS, REFERENCES, SOURCE_PATH, TIME, TYPE,
    null, unfit, unsound,
};
use super::packing::{Marks, Packed, index};
use crate::cause::Cause;
use crate::sheet::column::Mark;
use crate::sheet::data::Sheet;
use crate::sheet::value::{Scalar, Value};

/// The events of a sheet: where each stands, and columns of values.
#[derive(Debug)]
pub struct Rows<'a> {
    events: usize,
    /// Ends of each event's records; `None` when every event is one record.
    offsets: Option<&'a [i32]>,
    places: Places<'a>,
    columns: Vec<Column<'a>>,
    known: HashMap<&'a str, usize>,
    raw: HashMap<&'a str, usize>,
}

impl Sheet {
    /// The columns as values.
    ///
    /// # Errors
    /// When a column is none that a sheet has, or not of the type it must have.
    pub fn rows(&self) -> Result<Rows<'_>, Cause> {
        Rows::read(self)
    }

    /// Times of the earliest and latest event, where any event has one.
    ///
    /// # Errors
    /// When the times are no column of a sheet.
    pub fn span(&self) -> Result<Option<(Instant, Instant)>, Cause> {
        span(&self.columns)
    }
}

/// One field of all records.
#[derive(Debug)]
pub struct Column<'a> {
    /// The name the source gives it.
    pub name: &'a str,
    packed: Packed,
}

/// The reference columns.
#[derive(Debug)]
struct Places<'a> {
    source_path: Packed,
    ordinal: &'a UInt64Array,
    line: &'a UInt64Array,
    record_id: &'a UInt64Array,
    audit_serial: &'a UInt64Array,
    time: &'a TimestampNanosecondArray,
}

/// Times of the earliest and latest event, where any event has one.
pub(in crate::sheet) fn span(sheet: &RecordBatch) -> Result<Option<(Instant, Instant)>, Cause> {
    let times = times(sheet)?;
    let ends = times.iter().flatten().min().zip(times.iter().flatten().max());
    Ok(ends.map(|(first, last)| (Instant::from_nanoseconds(first), Instant::from_nanoseconds(last))))
}

impl<'a> Rows<'a> {
    pub(in crate::sheet) fn read(sheet: &'a Sheet) -> Result<Self, Cause> {
        let Sheet { columns, grouped, .. } = sheet;
        let mut rows = Self {
            events: columns.num_rows(),
            offsets: None,
            places: Places::read(columns)?,
            columns: Vec::with_capacity(columns.num_columns()),
            known: HashMap::default(),
            raw: HashMap::default(),
        };
        let mut records = false;
        for (field, array) in columns.schema_ref().fields().iter().zip(columns.columns()) {
            match field.name().as_str() {
                name if REFERENCES.contains(&name) => {}
                RECORDS if *grouped && !records => {
                    rows.read_records(field, array)?;
                    records = true;
                }
                _ if *grouped => return Err(unfit(field)),
                _ => rows.read_field(field, array, false)?,
            }
        }
        if *grouped && !records { Err(Cause::ColumnMissing { column: RECORDS.to_owned() }) } else { Ok(rows) }
    }

    fn read_records(&mut self, field: &'a Field, array: &'a dyn Array) -> Result<(), Cause> {
        let list = array.as_list_opt::<i32>().ok_or_else(|| unfit(field))?;
        whole(field, list)?;
        self.offsets = Some(list.offsets());
        let records = list.values().as_struct_opt().ok_or_else(|| unfit(field))?;
        self.read_fields(field, records, false)
    }

    fn read_fields(&mut self, of: &'a Field, all: &'a StructArray, raw: bool) -> Result<(), Cause> {
        whole(of, all)?;
        let mut fields = all.fields().iter().zip(all.columns());
        fields.try_for_each(|(field, array)| self.read_field(field, array, raw))
    }

    fn read_field(&mut self, field: &'a Field, array: &'a dyn Array, raw: bool) -> Result<(), Cause> {
        if let (false, RAW, Some(fields)) = (raw, field.name().as_str(), array.as_struct_opt()) {
            return self.read_fields(field, fields, true);
        }
        let names = if raw { &mut self.raw } else { &mut self.known };
        if names.insert(field.name(), self.columns.len()).is_some() {
            return Err(Cause::ColumnTwice { column: field.name().clone() });
        }
        self.columns.push(Column::read(field, array)?);
        Ok(())
    }

    /// Number of events.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// Records of an event.
    #[inline]
    #[must_use]
    pub fn records(&self, event: usize) -> Range<usize> {
        match self.offsets {
            None => event..event + 1,
            Some(offsets) => index(offsets[event])..index(offsets[event + 1]),
        }
    }

    /// All columns, in the order of the sheet.
    #[inline]
    #[must_use]
    pub fn columns(&self) -> &[Column<'a>] {
        &self.columns
    }

    /// Takes the columns out, for who keeps more beside each.
    #[must_use]
    pub fn take_columns(&mut self) -> Vec<Column<'a>> {
        std::mem::take(&mut self.columns)
    }

    /// Number of the column of a catalogue field.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<usize> {
        self.known.get(name).copied()
    }

    /// Number of the column of a field outside the catalogue.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<usize> {
        self.raw.get(name).copied()
    }

    /// Where an event stands in its source.
    #[must_use]
    pub fn place(&self, event: usize) -> Place {
        let Places { ordinal, line, record_id, audit_serial, time, .. } = &self.places;
        let number = |array: &UInt64Array| array.is_valid(event).then(|| array.value(event));
        Place {
            ordinal: ordinal.value(event),
            line: number(line),
            record_id: number(record_id),
            audit_serial: number(audit_serial),
            time: time.is_valid(event).then(|| Instant::from_nanoseconds(time.value(event))),
        }
    }

    /// Source of an event.
    #[must_use]
    pub fn source_path(&self, event: usize) -> &str {
        let Packed { cells, texts, .. } = &self.places.source_path;
        cells.ids(event).first().map_or("", |&id| texts.value(id as usize))
    }
}

impl<'a> Places<'a> {
    fn read(columns: &'a RecordBatch) -> Result<Self, Cause> {
        let (field, array) = column(columns, SOURCE_PATH)?;
        if matches!(array.data_type(), DataType::List(_)) {
            return Err(unfit(field));
        }
        let source_path = Packed::read(field, array, Some(Mark::TEXT))?;
        if (0..columns.num_rows()).any(|event| source_path.cells.ids(event).is_empty()) {
            return Err(null(field));
        }
        let number = |name| {
            let (field, array) = column(columns, name)?;
            array.as_primitive_opt::<UInt64Type>().ok_or_else(|| unfit(field))
        };
        let ordinal = number(ORDINAL)?;
        whole(column(columns, ORDINAL)?.0, ordinal)?;
        Ok(Self {
            source_path,
            ordinal,
            line: number(LINE)?,
            record_id: number(RECORD_ID)?,
            audit_serial: number(AUDIT_SERIAL)?,
            time: times(columns)?,
        })
    }
}

impl<'a> Column<'a> {
    fn read(field: &'a Field, array: &'a dyn Array) -> Result<Self, Cause> {
        let metadata = field.metadata();
        let wrong = |key| unsound(field, key);
        let name = metadata.get(NAME).ok_or_else(|| wrong(NAME))?;
        let scalar = match metadata.get(TYPE) {
            None => None,
            Some(word) => Some(Scalar::of_word(word).ok_or_else(|| wrong(TYPE))?),
        };
        let derived = match (metadata.get(DERIVED).map(String::as_str), scalar) {
            (None, _) => false,
            (Some("true"), Some(_)) => true,
            _ => return Err(wrong(DERIVED)),
        };
        let packed = Packed::read(field, array, scalar.map(|scalar| Mark::new(scalar, derived)))?;
        Ok(Self { name, packed })
    }

    /// Numbers of the values that a record has in this column.
    #[inline]
    #[must_use]
    pub fn ids(&self, record: usize) -> &[u32] {
        self.packed.cells.ids(record)
    }

    /// Number of distinct values.
    #[inline]
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.packed.texts.len()
    }

    /// All distinct values as their source spells them, by their numbers.
    #[must_use]
    pub fn texts(&self) -> &StringArray {
        &self.packed.texts
    }

    /// Bytes of all distinct values.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.packed.texts.value_data().len()
    }

    /// A value as its source spells it.
    #[inline]
    #[must_use]
    pub fn text(&self, id: u32) -> &str {
        self.packed.texts.value(id as usize)
    }

    /// A value with its type.
    #[inline]
    #[must_use]
    pub fn value(&self, id: u32) -> Value<'_> {
        Value { text: self.text(id), scalar: self.mark(id).scalar() }
    }

    /// Whether there is a value to look at; not so for `null`, `[]` and `{}`.
    #[inline]
    #[must_use]
    pub fn has_value(&self, id: u32) -> bool {
        self.mark(id).scalar().has_value()
    }

    /// Whether the source itself has any value of this column.
    #[inline]
    #[must_use]
    pub fn is_given(&self) -> bool {
        !matches!(self.packed.marks, Marks::All(mark) if mark.is_derived())
    }

    /// Whether the reader computed a value from another field.
    #[inline]
    #[must_use]
    pub fn is_derived(&self, id: u32) -> bool {
        self.mark(id).is_derived()
    }

    #[inline]
    fn mark(&self, id: u32) -> Mark {
        match &self.packed.marks {
            Marks::All(mark) => *mark,
            Marks::Each(marks) => marks[id as usize],
        }
    }
}

/// An error when a list or struct that must be there is null somewhere.
fn whole(field: &Field, array: &dyn Array) -> Result<(), Cause> {
    if array.null_count() > 0 { Err(null(field)) } else { Ok(()) }
}

fn column<'a>(sheet: &'a RecordBatch, name: &'static str) -> Result<(&'a Field, &'a dyn Array), Cause> {
    let mut found = sheet.schema_ref().fields().iter().zip(sheet.columns()).filter(|(f, _)| f.name() == name);
    let (field, array) = found.next().ok_or(Cause::ColumnMissing { column: name.to_owned() })?;
    if found.next().is_some() {
        return Err(Cause::ColumnTwice { column: name.to_owned() });
    }
    Ok((field, array))
}

fn times(sheet: &RecordBatch) -> Result<&TimestampNanosecondArray, Cause> {
    let (field, array) = column(sheet, TIME)?;
    // Without a zone it would be a time of day somewhere, and no instant.
    if !matches!(field.data_type(), DataType::Timestamp(TimeUnit::Nanosecond, Some(_))) {
        return Err(unfit(field));
    }
    array.as_primitive_opt::<TimestampNanosecondType>().ok_or_else(|| unfit(field))
}
