//! Rows that are known by a value of one column: few of many. That column is read, and of the others the pages in
//! which such rows are.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::{Array, BooleanArray, RecordBatch, StringViewArray};
use arrow_schema::ArrowError;
use deltalake::arrow::compute::filter_record_batch;
use deltalake::kernel::LogicalFileView;
use model::time::Instant;
use model::view::View;

use crate::error::LakeError;
use crate::groups::{Groups, Unreadable, texts};
use crate::name::TableName;
use crate::place::Place;
use crate::rows::{BATCH, CONFIDENTIALITY, DAY, OWNER, PAP, TLP, named};
use crate::table::Table;
use crate::view::{Restricted, alone, label_of};

/// Rows that are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    /// Of which table.
    pub table: &'a TableName,
    /// By which column of texts they are known.
    pub column: &'a str,
    /// By which values.
    pub values: Values<'a>,
    /// When the first and the last of them were, so that no other days are read; those without a day of their own
    /// are.
    pub between: Option<(Instant, Instant)>,
    /// Which columns of them. Those that a file lacks are not given.
    pub columns: &'a [&'a str],
}

/// Values of a column.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// Any of these.
    Any(&'a [String]),
    /// All that begin so.
    Beginning(&'a str),
}

/// Who chooses, and what they do not see.
pub(crate) struct Choosing<'a> {
    pub(crate) place: &'a Place,
    pub(crate) view: &'a View,
    /// Of somebody who sees a part, with batches that others supersede.
    pub(crate) part: Option<(&'a Restricted, Arc<HashSet<String>>)>,
}

/// What says whose a row is.
const LABELS: [&str; 4] = [OWNER, TLP, CONFIDENTIALITY, PAP];

impl Choosing<'_> {
    /// The rows of a table.
    pub(crate) fn rows(&self, table: &Table, chosen: &Chosen<'_>) -> Result<Vec<RecordBatch>, LakeError> {
        if self.part.as_ref().is_some_and(|(part, _)| !part.shows_column(chosen.column)) {
            return Ok(Vec::new());
        }
        let wanted = Wanted::of(chosen.values);
        let mut rows = Vec::new();
        let snapshot = table.delta.snapshot().map_err(|error| table.refused("read", error))?;
        for file in snapshot.log_data().iter().filter(|file| is_between(file, chosen.between)) {
            let path = self.place.folder_of(&table.name).join(file.object_store_path().as_ref());
            let found =
                self.file(&Groups::open(&path).map_err(|error| unreadable(table, error))?, &wanted, chosen);
            rows.extend(found.map_err(|error| unreadable(table, error))?);
        }
        Ok(rows)
    }

    fn file(
        &self,
        open: &Groups,
        wanted: &Wanted<'_>,
        chosen: &Chosen<'_>,
    ) -> Result<Vec<RecordBatch>, Unreadable> {
        let mut found = Vec::new();
        let Some(column) = open.place(chosen.column) else { return Ok(found) };
        let places = self.places(open, chosen);
        for group in 0..open.count() {
            let (mut rows, mut first) = (Vec::new(), 0);
            for values in open.texts(group, column)? {
                let values = values?;
                let hits = values.iter().enumerate().filter(|(_, value)| wanted.has(*value));
                rows.extend(hits.filter_map(|(row, _)| u32::try_from(first + row).ok()));
                first += values.len();
            }
            if !rows.is_empty() {
                let rows = open.rows(group, &places, &rows)?;
                found.push(self.seen(&rows, chosen).map_err(|error| open.failed(error))?);
            }
        }
        Ok(found)
    }

    /// Columns that are read: at least the one by which rows are chosen.
    fn places(&self, open: &Groups, chosen: &Chosen<'_>) -> Vec<usize> {
        let labels = LABELS.into_iter().chain([BATCH]).filter(|_| self.part.is_some());
        let names = chosen.columns.iter().copied().chain([chosen.column]).chain(labels);
        let mut places: Vec<usize> = names.filter_map(|name| open.place(name)).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// What is seen of rows, in the columns that are wanted.
    fn seen(&self, rows: &RecordBatch, chosen: &Chosen<'_>) -> Result<RecordBatch, ArrowError> {
        let schema = rows.schema();
        let shows = |name: &&&str| self.part.as_ref().is_none_or(|(part, _)| part.shows_column(name));
        let names = chosen.columns.iter().filter(shows);
        let places: Vec<usize> = names.filter_map(|name| schema.index_of(name).ok()).collect();
        let Some((_, superseded)) = &self.part else { return rows.project(&places) };
        let label = |name: &str| rows.column_by_name(name).map(texts).transpose();
        let [owner, tlp, confidentiality, pap] = LABELS.map(label);
        let (labels, batches) = ([owner?, tlp?, confidentiality?, pap?], label(BATCH)?);
        let shows = |row| {
            let said = labels.each_ref().map(|texts| text(texts.as_ref(), row));
            let is_better = text(batches.as_ref(), row).is_none_or(|batch| !superseded.contains(batch));
            let label = label_of(chosen.table.compartment().as_str(), said);
            Some(is_better && label.is_some_and(|label| self.view.shows(&label)))
        };
        let shown: BooleanArray = (0..rows.num_rows()).map(shows).collect();
        alone(&filter_record_batch(rows, &shown)?.project(&places)?)
    }
}

fn text(texts: Option<&StringViewArray>, row: usize) -> Option<&str> {
    texts.filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row))
}

/// Values that are looked for.
enum Wanted<'a> {
    Any(HashSet<&'a str>),
    Beginning(&'a str),
}

impl<'a> Wanted<'a> {
    fn of(values: Values<'a>) -> Self {
        match values {
            Values::Any(values) => Self::Any(values.iter().map(String::as_str).collect()),
            Values::Beginning(text) => Self::Beginning(text),
        }
    }

    fn has(&self, value: Option<&str>) -> bool {
        value.is_some_and(|value| match self {
            Self::Any(values) => values.contains(value),
            Self::Beginning(text) => value.starts_with(text),
        })
    }
}

/// Whether a file has rows between two times, or of no day.
fn is_between(file: &LogicalFileView, between: Option<(Instant, Instant)>) -> bool {
    let day = file.partition_values_map().remove(DAY).flatten();
    let (Some((first, last)), Some(day)) = (between, day) else { return true };
    let is_day = day.len() == 10 && day.starts_with(|first: char| first.is_ascii_digit());
    !is_day || (named(first)..=named(last)).contains(&day)
}

fn unreadable(table: &Table, error: Unreadable) -> LakeError {
    table.refused("read", deltalake::DeltaTableError::GenericError { source: Box::new(error) })
}
