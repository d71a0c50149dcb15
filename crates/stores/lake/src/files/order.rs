//! In which order rows lie, and which of them lie in one file.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, new_null_array};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, FieldRef};
use deltalake::DeltaTableError;
use deltalake::arrow::compute::concat;

use super::{GROUPS, Parts, Spot, TIME};
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
    let partition =
        columns.partition.as_ref().map(|name| Arc::new(Field::new(name, DataType::Utf8View, true)));
    let partitions = partition.map(|field| whole(parts, &field)).transpose()?.flatten();
    let partition = partitions.as_ref().map_or_else(|| vec![0; spots.len()], ranks);
    let named = |name: &str| columns.stored.iter().find(|field| field.name() == name);
    let column = |name: &str| named(name).map_or(Ok(None), |field| whole(parts, field));
    let mut groups = partition.clone();
    for name in GROUPS {
        if let Some(values) = column(name)? {
            groups = dense(groups.into_iter().zip(ranks(&values)));
        }
    }
    let times = column(TIME)?;
    let times = times.as_ref().and_then(|times| times.as_primitive_opt::<TimestampMicrosecondType>());
    let time = |row: usize| times.filter(|times| times.is_valid(row)).map(|times| times.value(row));
    // Rows of the same time stay as they came.
    let mut order: Vec<(u32, Option<i64>, usize)> =
        groups.into_iter().enumerate().map(|(row, group)| (group, time(row), row)).collect();
    order.sort_unstable();
    let name = |row: usize| partitions.as_ref().and_then(|names| text(names, row));
    let together = order.chunk_by(|one, other| partition[one.2] == partition[other.2]);
    let run = |rows: &[(u32, Option<i64>, usize)]| Run {
        partition: rows.first().and_then(|(_, _, row)| name(*row)).map(str::to_owned),
        rows: rows.iter().map(|(_, _, row)| spots[*row]).collect(),
    };
    Ok(together.map(run).collect())
}

/// A column of all parts, one after the other.
fn whole(parts: &dyn Parts, field: &FieldRef) -> Result<Option<ArrayRef>, DeltaTableError> {
    let arrays = parts.column(field)?;
    if arrays.iter().all(Option::is_none) {
        return Ok(None);
    }
    let all = |(array, length): (Option<ArrayRef>, usize)| match array {
        None => Ok(new_null_array(field.data_type(), length)),
        Some(array) => cast(&array, field.data_type()),
    };
    let arrays = arrays.into_iter().zip(parts.lengths());
    let arrays: Vec<ArrayRef> = arrays.map(all).collect::<Result<_, _>>()?;
    let arrays: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
    Ok(Some(concat(&arrays)?))
}

/// For each row the rank of its value among all in a column of texts or numbers.
fn ranks(values: &ArrayRef) -> Vec<u32> {
    match (values.as_string_view_opt(), values.as_primitive_opt::<Int64Type>()) {
        (Some(texts), _) => dense(texts.iter()),
        (None, Some(numbers)) => dense(numbers.iter()),
        (None, None) => vec![0; values.len()],
    }
}

/// For each value its rank. To compare ranks costs less than to compare texts, and values are many times
/// as many as distinct ones.
fn dense<V: Copy + Ord + Hash>(values: impl Iterator<Item = V>) -> Vec<u32> {
    // Names of hosts come from outside: a hash that they could be made to meet in would take the square.
    let mut numbers: HashMap<V, u32> = HashMap::new();
    let next = |numbers: &HashMap<V, u32>| u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    let numbered: Vec<u32> = values
        .map(|value| {
            let next = next(&numbers);
            *numbers.entry(value).or_insert(next)
        })
        .collect();
    let sorted: BTreeSet<(V, u32)> = numbers.into_iter().collect();
    let mut ranks = vec![0; sorted.len()];
    for (rank, (_, number)) in (0..).zip(sorted) {
        ranks[number as usize] = rank;
    }
    numbered.into_iter().map(|number| ranks[number as usize]).collect()
}

fn text(names: &ArrayRef, row: usize) -> Option<&str> {
    let names = names.as_string_view_opt()?;
    names.is_valid(row).then(|| names.value(row))
}
