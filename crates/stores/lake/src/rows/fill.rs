//! The values of a sheet's events in the columns of a table, and what is left for `raw` and `shape`.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder, MapBuilder, MapFieldNames, StringBuilder};
use arrow_array::{Array, ArrayRef, Int64Array, StringViewArray, UInt32Array};
use arrow_schema::{ArrowError, DataType};
use deltalake::arrow::compute::interleave;
use rustc_hash::FxHashMap;
use sources::{Column, Rows, Sheet};

use super::RowsError;
use super::names::{RAW, SHAPE};
use super::schema::{Table, Tables, wide};
use super::shape::{Entry, Shape};
use super::texts::{chosen, numbered};
use super::write::Columns;

/// Where the first value of a sheet's column goes.
struct Target {
    /// Place of the table's column, if there is one for it.
    column: Option<usize>,
    /// Among the names that lead to the same column, the lowest present has it.
    rank: usize,
    /// Place of the column for the source's own name, for an event in which another name has that of the
    /// field.
    own: Option<usize>,
    /// For numbers, what each distinct text is as one: its value, and whether it is spelled so.
    numbers: Option<Vec<Option<(i64, bool)>>>,
}

impl Target {
    fn of(sheet: &Sheet, column: &Column<'_>, table: &Table, tables: &Tables) -> Self {
        let catalogue = tables.catalogue();
        let known = catalogue.field(&sheet.kind, column.name).and_then(|field| {
            let names = catalogue.names_of(&sheet.kind, field);
            let rank = names.iter().position(|name| *name == column.name).unwrap_or(names.len());
            Some((table.column(&field.name)?, rank))
        });
        let found = known.or_else(|| Some((table.column(&wide(column.name))?, 0)));
        let Some(((place, field), rank)) = found else {
            return Self { column: None, rank: 0, own: None, numbers: None };
        };
        let own = table.column(&wide(column.name)).map(|(own, _)| own).filter(|own| *own != place);
        let numbers = (*field.data_type() == DataType::Int64).then(|| {
            let distinct = u32::try_from(column.distinct()).unwrap_or(u32::MAX);
            (0..distinct).map(|id| number_of(column.text(id))).collect()
        });
        Self { column: Some(place), rank, own, numbers }
    }

    /// Whether the column can hold a value, and whether it must stand in `raw` as well.
    fn takes(&self, id: u32) -> Option<bool> {
        self.column?;
        match &self.numbers {
            None => Some(false),
            Some(numbers) => numbers.get(id as usize).copied().flatten().map(|(_, plain)| !plain),
        }
    }
}

/// The number that a text is, and whether it is spelled as numbers are.
fn number_of(text: &str) -> Option<(i64, bool)> {
    if let Ok(number) = text.parse::<i64>() {
        return Some((number, number.to_string() == text));
    }
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| i64::from_str_radix(digits, 16).ok())?
        .map(|n| (n, false))
}

/// The columns of values, `raw` and `shape`.
pub(super) fn values(
    sheet: &Sheet,
    events: &Rows<'_>,
    table: &Table,
    tables: &Tables,
) -> Result<Columns, RowsError> {
    let columns = events.columns();
    let targets: Vec<Target> =
        columns.iter().map(|column| Target::of(sheet, column, table, tables)).collect();
    let mut filling = Filling {
        events,
        grouped: sheet.grouped,
        targets: &targets,
        cells: HashMap::new(),
        raw: MapBuilder::new(
            Some(MapFieldNames { entry: "key_value".into(), key: "key".into(), value: "value".into() }),
            StringBuilder::new(),
            ListBuilder::new(StringBuilder::new()),
        ),
        shapes: Shapes { table, columns, targets: &targets, ids: FxHashMap::default(), texts: Vec::new() },
        keys: Vec::with_capacity(events.events()),
        firsts: vec![None; columns.len()],
        named: vec![false; columns.len()],
        signature: Vec::new(),
    };
    for event in 0..events.events() {
        filling.event(event)?;
    }
    filling.finish(table)
}

/// The value that a column of the table has for an event: number of the sheet's column and of the
/// value.
type Cell = Option<(u32, u32)>;

struct Filling<'a> {
    events: &'a Rows<'a>,
    grouped: bool,
    targets: &'a [Target],
    /// By place of the table's column.
    cells: HashMap<usize, Vec<Cell>>,
    raw: MapBuilder<StringBuilder, ListBuilder<StringBuilder>>,
    shapes: Shapes<'a>,
    keys: Vec<u32>,
    /// Of the event at hand: where the first value of each column of the sheet stands, if not in `raw`.
    firsts: Vec<Option<Stands>>,
    /// Of the event at hand: of which columns the first value has been met.
    named: Vec<bool>,
    signature: Vec<u32>,
}

/// Where a first value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// In the column of its field, or in that of its own name where it has no field.
    Field = 1,
    /// There, as a number, and in `raw` as it is spelled.
    Both = 2,
    /// In the column of its own name, since another has the field's.
    Own = 3,
}

/// The first value that an event has in a column.
fn first(events: &Rows<'_>, event: usize, column: &Column<'_>) -> Option<u32> {
    let mut ids = events.records(event).flat_map(|record| column.ids(record));
    ids.find(|id| column.has_value(**id)).copied()
}

impl Filling<'_> {
    fn event(&mut self, event: usize) -> Result<(), RowsError> {
        self.choose(event);
        self.rest(event)?;
        self.shape(event);
        Ok(())
    }

    /// Decides which value each column of the table has.
    fn choose(&mut self, event: usize) {
        self.firsts.fill(None);
        for (number, (column, target)) in self.events.columns().iter().zip(self.targets).enumerate() {
            let Some(place) = target.column else { continue };
            let Some(id) = first(self.events, event, column) else { continue };
            let Some(spelled) = target.takes(id) else { continue };
            let cells = self.cells.entry(place).or_insert_with(|| vec![None; self.events.events()]);
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            if let Some((other, _)) = cells[event] {
                if self.targets[other as usize].rank <= target.rank {
                    continue;
                }
                self.firsts[other as usize] = None;
            }
            cells[event] = Some((number, id));
            self.firsts[number as usize] = Some(if spelled { Stands::Both } else { Stands::Field });
        }
        for (number, (column, target)) in self.events.columns().iter().zip(self.targets).enumerate() {
            let Some(own) = target.own.filter(|_| self.firsts[number].is_none()) else { continue };
            let Some(id) = first(self.events, event, column) else { continue };
            let cells = self.cells.entry(own).or_insert_with(|| vec![None; self.events.events()]);
            cells[event] = Some((u32::try_from(number).unwrap_or(u32::MAX), id));
            self.firsts[number] = Some(Stands::Own);
        }
    }

    /// Puts all other values into `raw`.
    fn rest(&mut self, event: usize) -> Result<(), RowsError> {
        let records = self.events.records(event);
        for (column, first) in self.events.columns().iter().zip(&self.firsts) {
            let standing = usize::from(first.is_some_and(|stands| stands != Stands::Both));
            // So it is with nearly all.
            if records.len() == 1 && column.ids(records.start).len() <= standing {
                continue;
            }
            let ids = records.clone().flat_map(|record| column.ids(record));
            let ids = ids.copied().filter(|id| column.has_value(*id));
            let mut ids = ids.skip(standing).peekable();
            if ids.peek().is_some() {
                self.raw.keys().append_value(column.name);
                ids.for_each(|id| self.raw.values().values().append_value(column.text(id)));
                self.raw.values().append(true);
            }
        }
        Ok(self.raw.append(true)?)
    }

    /// Notes how the event is put together: a number for each record, column and value.
    fn shape(&mut self, event: usize) {
        self.signature.clear();
        // The column of a first value is named where that value stands.
        self.named.fill(false);
        for record in self.events.records(event) {
            self.signature.push(Shapes::RECORD);
            for (number, column) in self.events.columns().iter().enumerate() {
                let ids = column.ids(record);
                if ids.is_empty() {
                    continue;
                }
                let has_first = !self.named[number] && ids.iter().any(|id| column.has_value(*id));
                self.named[number] |= has_first;
                let place = self.firsts[number].filter(|_| has_first).map_or(0, |stands| stands as u32);
                self.signature.push(Shapes::column(number, place));
                self.signature.extend(ids.iter().map(|id| Shapes::mark(column, *id)));
            }
        }
        let key = self.shapes.key(&self.signature, self.grouped);
        self.keys.push(key);
    }

    fn finish(mut self, table: &Table) -> Result<Columns, RowsError> {
        let mut done = Columns::default();
        let columns = self.events.columns().iter();
        let views: Vec<StringViewArray> = columns.map(|column| column.texts().into()).collect();
        for (place, cells) in &self.cells {
            let field = table.schema.field(*place);
            let array: ArrayRef = match field.data_type() {
                DataType::Int64 => Arc::new(self.numbers(cells)),
                _ => texts(&views, cells)?,
            };
            done.insert(field.name().clone(), array);
        }
        let raw = self.raw.finish();
        if !raw.entries().is_empty() {
            done.insert(RAW.to_owned(), Arc::new(raw));
        }
        done.insert(SHAPE.to_owned(), chosen(&self.shapes.texts, self.keys)?);
        Ok(done)
    }

    fn numbers(&self, cells: &[Cell]) -> Int64Array {
        let mut numbers = Int64Builder::with_capacity(cells.len());
        for cell in cells {
            let number = cell.and_then(|(column, id)| {
                self.targets[column as usize].numbers.as_ref()?.get(id as usize).copied().flatten()
            });
            numbers.append_option(number.map(|(number, _)| number));
        }
        numbers.finish()
    }
}

/// The texts of some cells, by the texts of each column.
fn texts(columns: &[StringViewArray], cells: &[Cell]) -> Result<ArrayRef, ArrowError> {
    let mut used: Vec<usize> = cells.iter().flatten().map(|(column, _)| *column as usize).collect();
    used.dedup();
    let [only] = used[..] else { return mixed(columns, cells) };
    let ids: UInt32Array = cells.iter().map(|cell| cell.map(|(_, id)| id)).collect();
    numbered(columns[only].clone(), ids)
}

/// The same where they are of several columns.
fn mixed(columns: &[StringViewArray], cells: &[Cell]) -> Result<ArrayRef, ArrowError> {
    let nothing = StringViewArray::new_null(1);
    let none = (columns.len(), 0);
    let arrays: Vec<&dyn Array> =
        columns.iter().map(|column| column as &dyn Array).chain([&nothing as &dyn Array]).collect();
    let spot = |cell: &Cell| cell.map_or(none, |(column, id)| (column as usize, id as usize));
    interleave(&arrays, &cells.iter().map(spot).collect::<Vec<_>>())
}

/// The shapes of a sheet's events, each once.
struct Shapes<'a> {
    table: &'a Table,
    columns: &'a [Column<'a>],
    targets: &'a [Target],
    ids: FxHashMap<Box<[u32]>, u32>,
    texts: Vec<String>,
}

impl Shapes<'_> {
    const RECORD: u32 = u32::MAX;
    /// Set in the words of values.
    const VALUE: u32 = 1 << 31;
    /// Bits that say where the first value of a column stands.
    const PLACE: u32 = 2;

    /// The word of a column.
    fn column(number: usize, place: u32) -> u32 {
        u32::try_from(number).unwrap_or(u32::MAX) << Self::PLACE | place
    }

    /// The word of a value.
    fn mark(column: &Column<'_>, id: u32) -> u32 {
        Self::VALUE | (column.value(id).scalar as u32 * 2) | u32::from(column.is_derived(id))
    }

    fn key(&mut self, signature: &[u32], grouped: bool) -> u32 {
        if let Some(id) = self.ids.get(signature) {
            return *id;
        }
        let id = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(self.read(signature, grouped).to_text());
        self.ids.insert(signature.into(), id);
        id
    }

    /// The shape that a signature stands for.
    fn read(&self, signature: &[u32], grouped: bool) -> Shape {
        let mut records = Vec::new();
        let mut rest = signature.iter().copied().peekable();
        while let Some(word) = rest.next() {
            if word == Self::RECORD {
                records.push(Vec::new());
                continue;
            }
            let (number, place) = ((word >> Self::PLACE) as usize, word % (1 << Self::PLACE));
            let (column, target) = (&self.columns[number], &self.targets[number]);
            let is_mark = |word: &u32| *word != Self::RECORD && word & Self::VALUE != 0;
            let marks = std::iter::from_fn(|| rest.next_if(is_mark)).map(|mark| mark & !Self::VALUE);
            let types = marks.map(|mark| (SCALARS[mark as usize / 2], mark % 2 == 1)).collect();
            let of_column = match place {
                0 => None,
                place if place == Stands::Own as u32 => target.own,
                _ => target.column,
            };
            let entry = Entry {
                name: column.name.to_owned(),
                types,
                column: of_column.map(|at| self.table.schema.field(at).name().clone()),
                spelled: place == Stands::Both as u32,
            };
            records.last_mut().into_iter().for_each(|record| record.push(entry.clone()));
        }
        Shape { grouped, records }
    }
}

/// Types by their numbers.
const SCALARS: [sources::Scalar; 7] = {
    use sources::Scalar::{Boolean, EmptyList, EmptyObject, Float, Integer, Null, Text};
    [Text, Integer, Float, Boolean, Null, EmptyList, EmptyObject]
};
