//! In which order rows lie, and which of them lie in one file.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, new_null_array};
use arrow_schema::{DataType, Field, FieldRef};
use deltalake::DeltaTableError;
use deltalake::arrow::compute::{SortColumn, concat, lexsort_to_indices};

use super::{ORDER, Parts, Spot};
use crate::columns::Columns;

/// Rows of one partition in the order in which they lie best.
#[derive(Debug)]
pub(crate) struct Run {
    /// The partition; none where rows have none.
    pub(crate) partition: Option<String>,
    pub(crate) rows: Vec<Spot>,
}

/// The rows of all parts, each partition by itself.
pub(crate) fn runs(parts: &dyn Parts, columns: &Columns) -> Result<Vec<Run>, DeltaTableError> {
    let spots: Vec<Spot> = (0..)
        .zip(parts.lengths())
        .flat_map(|(part, length)| (0..length).map(move |row| (part, row)))
        .collect();
    let partition = columns.partition.as_ref().map(|name| Field::new(name, DataType::Utf8, true));
    let partitions = match partition {
        Some(field) => whole(parts, &Arc::new(field))?,
        None => None,
    };
    let mut keys: Vec<ArrayRef> = partitions.iter().cloned().collect();
    for name in ORDER {
        let field = columns.stored.iter().find(|field| field.name() == name);
        keys.extend(field.map(|field| whole(parts, field)).transpose()?.flatten());
    }
    let order = sorted(&keys, spots.len())?;
    let at = |row: &usize| partitions.as_ref().and_then(|names| text(names, *row));
    let together = order.chunk_by(|one, other| at(one) == at(other));
    let run = |rows: &[usize]| Run {
        partition: rows.first().and_then(at).map(str::to_owned),
        rows: rows.iter().map(|row| spots[*row]).collect(),
    };
    Ok(together.map(run).collect())
}

/// A column of all parts, one after the other.
fn whole(parts: &dyn Parts, field: &FieldRef) -> Result<Option<ArrayRef>, DeltaTableError> {
    let arrays = parts.column(field)?;
    if arrays.iter().all(Option::is_none) {
        return Ok(None);
    }
    let nothing = |length| new_null_array(field.data_type(), length);
    let arrays = arrays.into_iter().zip(parts.lengths());
    let arrays: Vec<ArrayRef> =
        arrays.map(|(array, length)| array.unwrap_or_else(|| nothing(length))).collect();
    let arrays: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
    Ok(Some(concat(&arrays)?))
}

fn sorted(keys: &[ArrayRef], rows: usize) -> Result<Vec<usize>, DeltaTableError> {
    if keys.is_empty() {
        return Ok((0..rows).collect());
    }
    let keys: Vec<SortColumn> =
        keys.iter().map(|values| SortColumn { values: values.clone(), options: None }).collect();
    let order = lexsort_to_indices(&keys, None)?;
    Ok(order.values().iter().map(|row| *row as usize).collect())
}

fn text(names: &ArrayRef, row: usize) -> Option<&str> {
    let names = names.as_string_opt::<i32>()?;
    names.is_valid(row).then(|| names.value(row))
}
