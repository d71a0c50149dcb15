//! The columns of a table as its log has them.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, FieldRef, Schema};
use deltalake::kernel::engine::arrow_conversion::{TryIntoArrow, TryIntoKernel};
use deltalake::kernel::{StructField, StructType};
use deltalake::{DeltaTable, DeltaTableError};

use crate::rows;
use crate::values::{self, Sought};

/// The columns of a table.
#[derive(Debug)]
pub(crate) struct Columns {
    all: StructType,
    /// Those that stand in files, in the table's order, as they are in memory.
    pub(crate) stored: Vec<FieldRef>,
    /// The column that names the folder of a file instead.
    pub(crate) partition: Option<String>,
    /// How many of the first columns the log has statistics of.
    pub(crate) with_statistics: usize,
    /// Those of the columns in files whose values people look up, in the table's order.
    pub(crate) sought: Vec<values::Column>,
}

/// A column as it is in memory: texts as views, which are the fastest to compare and to put in order.
pub(crate) fn in_memory(field: &Field) -> Field {
    match field.data_type() {
        DataType::Utf8 => field.clone().with_data_type(DataType::Utf8View),
        _ => field.clone(),
    }
}

impl Columns {
    pub(crate) fn of(delta: &DeltaTable, sought: &Sought) -> Result<Self, DeltaTableError> {
        let snapshot = delta.snapshot()?;
        let all: StructType = snapshot.schema().as_ref().clone();
        let schema: Schema = (&all).try_into_arrow()?;
        let partition = snapshot.metadata().partition_columns().first().cloned();
        let is_stored = |field: &&FieldRef| Some(field.name()) != partition.as_ref();
        let stored = schema.fields().iter().filter(is_stored);
        let stored: Vec<FieldRef> = stored.map(|field| Arc::new(in_memory(field))).collect();
        // Only what events say of the world is looked up by its values.
        let sought = if rows::are_events(&schema) { sought.among(&stored) } else { Vec::new() };
        let counted = snapshot.metadata().configuration().get("delta.dataSkippingNumIndexedCols");
        let with_statistics = counted.and_then(|count| count.parse().ok()).unwrap_or(DELTA_COUNT);
        Ok(Self { all, stored, partition, with_statistics, sought })
    }

    /// Whether files can have a column, and its place among those that they can have.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.stored.iter().position(|field| field.name() == name)
    }

    /// Refuses rows with a column that the table has not, or of another type.
    pub(crate) fn fit(&self, rows: &RecordBatch) -> Result<(), DeltaTableError> {
        for field in kernel(&rows.schema())?.fields() {
            let name = field.name();
            let known = self.all.field(name).ok_or_else(|| unfit(name, "is not one of the table's"))?;
            if known.data_type() != field.data_type() {
                return Err(unfit(name, &format!("is {} and not {}", field.data_type(), known.data_type())));
            }
        }
        Ok(())
    }

    /// The table's columns and those that it lacks of others; none if it lacks none.
    pub(crate) fn grown(&self, wanted: &Schema) -> Result<Option<Grown>, DeltaTableError> {
        let wanted = kernel(wanted)?;
        let is_new = |field: &&StructField| self.all.field(field.name()).is_none();
        // Rows that are there have no value in it.
        let nullable = |field: &StructField| StructField::nullable(field.name(), field.data_type().clone());
        let new: Vec<StructField> = wanted.fields().filter(is_new).map(nullable).collect();
        if new.is_empty() {
            return Ok(None);
        }
        let all = StructType::try_new(self.all.fields().cloned().chain(new.iter().cloned()))?;
        Ok(Some(Grown { all, new }))
    }
}

/// The columns of a table that gets more.
#[derive(Debug)]
pub(crate) struct Grown {
    pub(crate) all: StructType,
    pub(crate) new: Vec<StructField>,
}

/// How many columns have statistics where a table says nothing.
const DELTA_COUNT: usize = 32;

/// Columns as the library of tables names their types.
pub(crate) fn kernel(columns: &Schema) -> Result<StructType, DeltaTableError> {
    Ok(columns.try_into_kernel()?)
}

fn unfit(name: &str, why: &str) -> DeltaTableError {
    DeltaTableError::SchemaMismatch { msg: format!("the column {name} {why}") }
}
