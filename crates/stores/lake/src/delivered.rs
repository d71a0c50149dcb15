//! Rows as they are delivered: batches, each with the columns that have a value in it.

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::FieldRef;
use deltalake::DeltaTableError;

use crate::files::{Parts, Spot};

/// Batches of one delivery, each a part.
#[derive(Debug)]
pub(crate) struct Delivered(pub(crate) Vec<RecordBatch>);

impl Parts for Delivered {
    fn lengths(&self) -> Vec<usize> {
        self.0.iter().map(RecordBatch::num_rows).collect()
    }

    fn column(&self, field: &FieldRef) -> Result<Vec<Option<ArrayRef>>, DeltaTableError> {
        let column = |part: &RecordBatch| {
            part.column_by_name(field.name()).map(|column| of_type(column, field)).transpose()
        };
        self.0.iter().map(column).collect()
    }

    fn has(&self, field: &FieldRef, rows: &[Spot]) -> bool {
        let columns: Vec<Option<&ArrayRef>> =
            self.0.iter().map(|part| part.column_by_name(field.name())).collect();
        let is_anywhere = columns.iter().flatten().any(|column| column.null_count() < column.len());
        is_anywhere
            && rows.iter().any(|(part, row)| columns[*part].is_some_and(|column| column.is_valid(*row)))
    }
}

/// A column as the table has it.
pub(crate) fn of_type(column: &ArrayRef, field: &FieldRef) -> Result<ArrayRef, DeltaTableError> {
    if column.data_type() == field.data_type() {
        return Ok(column.clone());
    }
    // Types that are one to Delta, such as dictionaries, or names inside of nested ones.
    Ok(cast(column, field.data_type())?)
}
