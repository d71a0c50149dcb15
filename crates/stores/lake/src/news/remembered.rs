//! What is remembered from one look to the next: batches that others supersede, as far as somebody has looked, to
//! which what is new in a table of batches is added; and the files of the version that is gone through.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_array::cast::AsArray;
use arrow_array::{BooleanArray, RecordBatch};
use deltalake::arrow::compute::filter_record_batch;

use crate::batches::{BATCHES, REPLACES};
use crate::error::LakeError;
use crate::groups::texts;
use crate::name::{Compartment, TableName};
use crate::rows::{BATCH, RowsError};
use crate::view::Shelf;

use super::position::Mark;
use super::{Position, Since, since};

/// Batches whose entries are read at a time.
const ROWS: usize = 100_000;

/// What is remembered.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    replaced: Mutex<HashMap<Compartment, Known>>,
    /// Of one table at a time: whoever goes through one does so from end to end.
    version: Mutex<Option<Version>>,
}

/// Batches of a compartment that others supersede.
#[derive(Debug, Default)]
struct Known {
    after: Position,
    batches: HashSet<String>,
}

/// The files of a version.
#[derive(Debug)]
struct Version {
    table: TableName,
    mark: Mark,
    files: Arc<[String]>,
}

impl Remembered {
    /// The files of a version, if they are known.
    pub(super) fn files(&self, table: &TableName, mark: Mark) -> Option<Arc<[String]>> {
        let version = self.version.lock().unwrap_or_else(PoisonError::into_inner);
        let known = version.as_ref().filter(|known| known.table == *table && known.mark == mark);
        known.map(|known| known.files.clone())
    }

    /// Remembers them.
    pub(super) fn keep(&self, table: &TableName, mark: Mark, files: Arc<[String]>) {
        let version = Version { table: table.clone(), mark, files };
        *self.version.lock().unwrap_or_else(PoisonError::into_inner) = Some(version);
    }

    /// Leaves out rows of batches of a compartment that others supersede.
    pub(crate) async fn leave_out(
        &self,
        shelf: Shelf<'_>,
        compartment: &Compartment,
        rows: &mut Vec<RecordBatch>,
    ) -> Result<(), LakeError> {
        if rows.is_empty() {
            return Ok(());
        }
        // Two who look at once both do it, rather than that one waits.
        let mut known = self.take(compartment);
        let looked = known.look(shelf, compartment).await;
        let left = looked.and_then(|()| {
            let better = rows.iter().map(|rows| known.without(rows)).collect::<Result<_, _>>();
            Ok(better.map_err(RowsError::from)?)
        });
        self.replaced().insert(compartment.clone(), known);
        *rows = left?;
        Ok(())
    }

    fn take(&self, compartment: &Compartment) -> Known {
        self.replaced().remove(compartment).unwrap_or_default()
    }

    fn replaced(&self) -> MutexGuard<'_, HashMap<Compartment, Known>> {
        self.replaced.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    async fn look(&mut self, shelf: Shelf<'_>, compartment: &Compartment) -> Result<(), LakeError> {
        let table = TableName::new(compartment.clone(), BATCHES)?;
        loop {
            let wanted = Since { table: &table, after: &self.after, columns: &[REPLACES], rows: ROWS };
            let news = since(shelf, None, wanted).await?;
            for rows in &news.rows {
                self.add(rows)?;
            }
            self.after = news.next;
            if news.is_all {
                return Ok(());
            }
        }
    }

    fn add(&mut self, rows: &RecordBatch) -> Result<(), RowsError> {
        let lists = rows.column(0).as_list_opt::<i32>();
        for list in lists.into_iter().flat_map(|lists| lists.iter().flatten()) {
            self.batches.extend(texts(&list)?.iter().flatten().map(str::to_owned));
        }
        Ok(())
    }

    fn without(&self, rows: &RecordBatch) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let Some(batches) = rows.column_by_name(BATCH).filter(|_| !self.batches.is_empty()) else {
            return Ok(rows.clone());
        };
        let batches = texts(batches)?;
        let stays = |batch: Option<&str>| Some(batch.is_none_or(|batch| !self.batches.contains(batch)));
        filter_record_batch(rows, &batches.iter().map(stays).collect::<BooleanArray>())
    }
}
