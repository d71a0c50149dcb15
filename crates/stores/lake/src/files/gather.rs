//! The values of a column for rows that lie in several parts.

use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{Array, ArrayRef, UInt32Array, new_null_array};
use arrow_schema::FieldRef;
use deltalake::DeltaTableError;
use deltalake::arrow::compute::interleave;

use super::{Parts, Spot};

/// Rows for each piece, at least on the average: shorter ones cost more than they spare.
const PIECE: usize = 256;

/// A column of some parts.
#[derive(Debug)]
pub(super) struct Gather<'a> {
    field: &'a FieldRef,
    /// Those that have it, and behind them a single null for the others.
    arrays: Vec<ArrayRef>,
    /// For each of these the numbers of its rows, where it holds each value once.
    numbers: Vec<Option<UInt32Array>>,
    /// For each part its place among these, if it has the column.
    places: Vec<Option<usize>>,
}

impl<'a> Gather<'a> {
    /// The column of those parts that are wanted.
    pub(super) fn of(
        parts: &dyn Parts,
        field: &'a FieldRef,
        wanted: &[bool],
    ) -> Result<Self, DeltaTableError> {
        let (mut arrays, mut numbers, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for (part, is_wanted) in parts.column(field)?.into_iter().zip(wanted) {
            let part = part.filter(|array| *is_wanted && array.null_count() < array.len());
            places.push(part.is_some().then_some(arrays.len()));
            let Some(part) = part else { continue };
            let known = part.as_dictionary_opt::<UInt32Type>();
            numbers.push(known.map(|known| known.keys().clone()));
            arrays.push(known.map_or_else(|| part.clone(), |known| known.values().clone()));
        }
        arrays.push(new_null_array(field.data_type(), 1));
        Ok(Self { field, arrays, numbers, places })
    }

    /// The values of some rows in their order, piece by piece. Rows of one kind lie together and lack the
    /// same columns, so that where there is nothing, nothing is copied.
    pub(super) fn pieces(&self, rows: &[Spot]) -> Result<Vec<ArrayRef>, DeltaTableError> {
        let has = |spot: &Spot| self.places[spot.0].is_some();
        let runs = || rows.chunk_by(|one, other| has(one) == has(other));
        if runs().count() > 1 + rows.len() / PIECE {
            return Ok(vec![self.copied(rows)?]);
        }
        runs()
            .map(|run| match run.first().is_some_and(has) {
                true => self.copied(run),
                false => Ok(new_null_array(self.field.data_type(), run.len())),
            })
            .collect()
    }

    fn copied(&self, rows: &[Spot]) -> Result<ArrayRef, DeltaTableError> {
        let arrays: Vec<&dyn Array> = self.arrays.iter().map(AsRef::as_ref).collect();
        let none = (arrays.len() - 1, 0);
        let spot = |&(part, row): &Spot| match self.places[part] {
            None => none,
            Some(place) => match &self.numbers[place] {
                None => (place, row),
                Some(numbers) if numbers.is_valid(row) => (place, numbers.value(row) as usize),
                Some(_) => none,
            },
        };
        let spots: Vec<Spot> = rows.iter().map(spot).collect();
        Ok(interleave(&arrays, &spots)?)
    }
}
