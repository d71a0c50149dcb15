//! Kept events as sheets again: whoever has other rules than before looks at all of them once more.
//!
//! A [`Replay`] is the events of a compartment at one moment, in parts: the files of its tables. Of a part
//! only those kinds are read that somebody wants, and of these only the fields: first the columns that
//! tell what the rows are ([`head`]), then those that have what is wanted ([`plan`]). Where fields have one
//! value, as nearly all have, the columns become those of a sheet ([`fill`]); other events are put together
//! one by one ([`rows`](crate::rows)).
//!
//! Batches that others supersede, and halves of batches, are not there, nor is what the view hides.

mod fill;
mod group;
mod head;
mod plan;

use std::collections::HashSet;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{Array, Int64Array};
use deltalake::parquet::errors::ParquetError;
use model::catalogue::Catalogue;
use model::event::Kind;
use model::time::Instant;
use model::view::View;
use sources::{Builder, Sheet};

use crate::error::LakeError;
use crate::lake::{Lake, Looking};
use crate::listing;
use crate::name::{Compartment, TableName};
use crate::rows::{self, DAY, RowsError};
use crate::whole::Whole;
use group::{Group, Opened};
use plan::Shapes;

/// What of the events of a kind is wanted.
#[derive(Clone)]
pub enum Wanted {
    /// Nothing; they are counted.
    Nothing,
    /// All of it.
    Everything,
    /// The fields of which this says so, by the source's name and by that of the catalogue, if it knows
    /// the field.
    Fields(Arc<Includes>),
}

/// Says whether a field is wanted.
pub type Includes = dyn Fn(&str, Option<&str>) -> bool + Send + Sync;

/// Says what of a kind is wanted.
pub type Wants<'a> = dyn Fn(&Kind) -> Wanted + Sync + 'a;

/// Why a part could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The file cannot be opened.
    #[error("the file cannot be read")]
    File(#[from] std::io::Error),
    /// It is no whole Parquet file.
    #[error("the file is damaged")]
    Parquet(#[from] ParquetError),
    /// Its columns are not those of events.
    #[error(transparent)]
    Rows(#[from] RowsError),
}

impl From<arrow_schema::ArrowError> for ReplayError {
    fn from(error: arrow_schema::ArrowError) -> Self {
        Self::Rows(error.into())
    }
}

/// Which events are replayed, by their time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Between {
    /// The earliest time.
    pub from: Option<Instant>,
    /// The first time that is too late.
    pub to: Option<Instant>,
}

/// The events of a compartment at one moment.
#[derive(Debug)]
pub struct Replay {
    parts: Vec<Part>,
    view: View,
    /// Batches that others supersede.
    superseded: Arc<HashSet<String>>,
}

/// A file of a table.
#[derive(Debug, Clone)]
pub struct Part {
    table: TableName,
    path: PathBuf,
    rows: u64,
    day: Option<String>,
}

impl Part {
    /// The table.
    #[must_use]
    pub fn table(&self) -> &TableName {
        &self.table
    }

    /// How many rows it has; none where nobody counted them.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The day of its events in UTC, or `other`.
    #[must_use]
    pub fn day(&self) -> Option<&str> {
        self.day.as_deref()
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }
}

/// What was read of a part besides the sheets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Events.
    pub events: u64,
    /// Of these, events of kinds of which nothing is wanted.
    pub passed: u64,
    /// Times of the earliest and latest of them, to the microsecond below.
    pub span: Option<(Instant, Instant)>,
}

/// What one thread reads parts with, kept from one to the next.
#[derive(Debug)]
pub struct Reader {
    builder: Builder,
    catalogue: Arc<Catalogue>,
    shapes: Shapes,
}

impl Reader {
    /// A reader that names fields by this catalogue.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { builder: Builder::new(catalogue.clone()), catalogue, shapes: Shapes::default() }
    }
}

impl Lake {
    /// The events of a compartment that may lie between two times, as they are now: by day, table and age
    /// of their files.
    ///
    /// # Errors
    /// When the view is not of now, or a table cannot be read.
    pub fn replay(
        &self,
        who: Looking<'_>,
        compartment: &Compartment,
        between: Between,
    ) -> Result<Replay, LakeError> {
        who.view.begin(who.now)?;
        self.wait(async {
            let whole = Whole::of(&self.place, compartment).await?;
            let superseded = whole.superseded(&self.superseded, &self.footers).await?;
            let mut parts = Vec::new();
            for name in listing::names(&self.place)? {
                if name.compartment() != compartment {
                    continue;
                }
                match whole.table(&name).await {
                    Ok(table) => parts.extend(self.parts(&table, between)?),
                    // A table whose first commit is not there yet.
                    Err(LakeError::NoTable(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            parts.sort_by(|one: &Part, other| (&one.day, &one.path).cmp(&(&other.day, &other.path)));
            Ok(Replay { parts, view: who.view.clone(), superseded })
        })
    }

    /// The files of a table of events that may have some between two times.
    fn parts(&self, table: &crate::table::Table, between: Between) -> Result<Vec<Part>, LakeError> {
        let refused = |error| table.refused("read again", error);
        let snapshot = table.delta.snapshot().map_err(refused)?.snapshot();
        let schema = snapshot.arrow_schema();
        if !rows::are_events(&schema) {
            return Ok(Vec::new());
        }
        let folder = self.place.folder_of(&table.name);
        let log = snapshot.log_data();
        let spans = Spans::of(&log);
        let mut parts = Vec::new();
        for (number, file) in log.iter().enumerate() {
            if !spans.may_meet(number, between) {
                continue;
            }
            let path = file.object_store_path();
            let path = path.parts().fold(folder.clone(), |path, part| path.join(part.as_ref()));
            let day = file.partition_values_map().get(DAY).cloned().flatten();
            let rows = file.num_records().map_or(0, |rows| rows as u64);
            parts.push(Part { table: table.name.clone(), path, rows, day });
        }
        Ok(parts)
    }
}

impl Replay {
    /// The parts, by day, table and file.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Reads a part; each sheet goes to `receive`, with events in the order of the file.
    ///
    /// # Errors
    /// When the file cannot be read, or does not hold what rows hold.
    pub fn read(
        &self,
        part: &Part,
        wants: &Wants<'_>,
        reader: &mut Reader,
        receive: &mut dyn FnMut(Sheet),
    ) -> Result<Replayed, ReplayError> {
        let file = File::open(&part.path)?;
        let opened = Opened::new(file, part, &self.view, &self.superseded)?;
        let mut replayed = Replayed::default();
        for number in 0..opened.groups() {
            Group { file: &opened, number }.read(wants, reader, receive, &mut replayed)?;
        }
        Ok(replayed)
    }
}

/// Times of the earliest and latest events of files, as the log knows them.
struct Spans {
    least: Option<Int64Array>,
    greatest: Option<Int64Array>,
}

impl Spans {
    fn of(log: &deltalake::kernel::LogDataHandler<'_>) -> Self {
        use datafusion::common::Column;
        use datafusion::physical_optimizer::pruning::PruningStatistics;
        let name = Column::new_unqualified(rows::TIME);
        let micros = |array: Option<arrow_array::ArrayRef>| {
            let array = arrow_cast::cast(&array?, &arrow_schema::DataType::Int64).ok()?;
            array.as_any().downcast_ref::<Int64Array>().cloned()
        };
        Self { least: micros(log.min_values(&name)), greatest: micros(log.max_values(&name)) }
    }

    /// Whether a file may have an event between two times. Of events without a time nothing is said, and
    /// none of them lies between any.
    fn may_meet(&self, file: usize, between: Between) -> bool {
        let known = |array: &Option<Int64Array>| {
            let array = array.as_ref()?;
            array.is_valid(file).then(|| array.value(file))
        };
        // Other makers cut statistics to milliseconds.
        let micros = |time: Instant| time.nanoseconds().div_euclid(1_000);
        let early = between.to.zip(known(&self.least)).is_none_or(|(to, least)| least <= micros(to));
        let late = between.from.zip(known(&self.greatest));
        let late = late.is_none_or(|(from, greatest)| greatest.saturating_add(1_000) >= micros(from));
        early && late
    }
}
