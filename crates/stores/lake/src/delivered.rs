//! Rows as they are delivered: batches, each with the columns that have a value in it.

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{DataType, FieldRef};
use deltalake::DeltaTableError;
use rustc_hash::FxHashMap;

use crate::files::{Parts, Spot};

/// Batches of one delivery, each a part.
#[derive(Debug)]
pub(crate) struct Delivered {
    parts: Vec<RecordBatch>,
    /// The columns by name: parts are many, and each has few of the table's.
    columns: FxHashMap<String, Vec<Column>>,
}

/// A column of a part.
#[derive(Debug)]
struct Column {
    part: usize,
    values: ArrayRef,
}

impl Delivered {
    pub(crate) fn new(parts: Vec<RecordBatch>) -> Self {
        let mut columns: FxHashMap<String, Vec<Column>> = FxHashMap::default();
        for (part, rows) in parts.iter().enumerate() {
            for (field, values) in rows.schema_ref().fields().iter().zip(rows.columns()) {
                if values.null_count() < values.len() {
                    let column = Column { part, values: values.clone() };
                    columns.entry(field.name().clone()).or_default().push(column);
                }
            }
        }
        Self { parts, columns }
    }

    fn named(&self, field: &FieldRef) -> &[Column] {
        self.columns.get(field.name()).map_or(&[], Vec::as_slice)
    }
}

impl Parts for Delivered {
    fn lengths(&self) -> Vec<usize> {
        self.parts.iter().map(RecordBatch::num_rows).collect()
    }

    fn column(&self, field: &FieldRef) -> Result<Vec<Option<ArrayRef>>, DeltaTableError> {
        let mut all = vec![None; self.parts.len()];
        for column in self.named(field) {
            let is_numbered = is_numbered(column.values.data_type(), field.data_type());
            let values = if is_numbered { column.values.clone() } else { of_type(&column.values, field)? };
            all[column.part] = Some(values);
        }
        Ok(all)
    }

    fn stays(&self) -> bool {
        false
    }

    fn has(&self, field: &FieldRef, rows: &[Spot]) -> bool {
        let columns = self.named(field);
        if columns.is_empty() {
            return false;
        }
        let mut by_part = vec![None; self.parts.len()];
        columns.iter().for_each(|column| by_part[column.part] = Some(&column.values));
        rows.iter().any(|(part, row)| by_part[*part].is_some_and(|values| values.is_valid(*row)))
    }
}

/// Whether a column has numbers of values of a type.
fn is_numbered(column: &DataType, values: &DataType) -> bool {
    matches!(column, DataType::Dictionary(keys, of) if **keys == DataType::UInt32 && **of == *values)
}

/// A column as the table has it.
pub(crate) fn of_type(column: &ArrayRef, field: &FieldRef) -> Result<ArrayRef, DeltaTableError> {
    if column.data_type() == field.data_type() {
        return Ok(column.clone());
    }
    // Types that are one to Delta, such as dictionaries, or names inside of nested ones.
    Ok(cast(column, field.data_type())?)
}
