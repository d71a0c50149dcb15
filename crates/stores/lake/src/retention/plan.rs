//! What would go: for each day the rows of the owner, and how they lie on the disk.
//!
//! Whose rows are in a file only the file says: its column `owner` is read, which is a few words over and
//! over. Somebody who sees a part is told of the rows that they see, as by any question.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use deltalake::DeltaTableError;
use deltalake::kernel::LogicalFileView;

use super::{Days, Expiring, Retention, Touched};
use crate::error::LakeError;
use crate::groups::{Groups, Unreadable};
use crate::id::BatchId;
use crate::name::TableName;
use crate::place::Place;
use crate::question;
use crate::rows::{BATCH, DAY, OTHER, OWNER};
use crate::table::Table;
use crate::view::{Restricted, Shelf};
use crate::whole::Whole;

/// A file with rows that are kept no longer.
pub(super) struct Going {
    pub(super) file: LogicalFileView,
    pub(super) day: String,
    /// Such rows.
    pub(super) rows: u64,
    /// Whether it holds no other.
    pub(super) whole: bool,
}

/// The rows of a file, each of which goes or stays.
#[derive(Debug)]
pub(super) struct Marked {
    open: Groups,
    goes: Vec<bool>,
}

/// What would go of a table, by day.
pub(crate) fn expiring(
    table: &Table,
    place: &Place,
    retention: &Retention,
) -> Result<Vec<Expiring>, LakeError> {
    let mut days: BTreeMap<String, (u64, Touched)> = BTreeMap::new();
    for Going { file, day, rows, whole } in going(table, place, retention)? {
        let (all, touched) = days.entry(day).or_default();
        *all += rows;
        touched.files += 1;
        if whole {
            touched.whole += 1;
            touched.bytes += u64::try_from(file.size()).unwrap_or(0);
        }
    }
    let day = |(day, (rows, touched))| Expiring { day, rows, on_disk: Some(touched) };
    Ok(days.into_iter().map(day).collect())
}

/// The same as somebody sees it who sees a part.
pub(crate) async fn seen(
    shelf: Shelf<'_>,
    restricted: &Restricted,
    name: &TableName,
    retention: &Retention,
) -> Result<Vec<Expiring>, LakeError> {
    let whole = Whole::of(shelf.place, name.compartment()).await?;
    let (all, _) = restricted.table(shelf, &whole, name).await?;
    if all.schema().index_of(DAY).is_err() {
        return Err(LakeError::WithoutDays(name.clone()));
    }
    // Nobody who sees a part sees rows of no owner.
    let Some(owner) = &retention.owner else { return Ok(Vec::new()) };
    let of_owner: Arc<dyn TableProvider> = match restricted.of_owner(owner).table(shelf, &whole, name).await {
        Ok((table, _)) => table,
        Err(LakeError::NoTable(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let last = match &retention.days {
        Days::Through(day) => day.as_str(),
        Days::Undated => OTHER,
    };
    let days = question::days(of_owner, last).await?.into_iter().filter(|(day, _)| retention.days.mean(day));
    Ok(days.map(|(day, rows)| Expiring { day, rows, on_disk: None }).collect())
}

/// The files of a table that have such rows, by day and age.
pub(super) fn going(table: &Table, place: &Place, retention: &Retention) -> Result<Vec<Going>, LakeError> {
    if table.columns.partition.as_deref() != Some(DAY) || table.columns.place(OWNER).is_none() {
        return Err(LakeError::WithoutDays(table.name.clone()));
    }
    let look = || -> Result<Vec<Going>, DeltaTableError> {
        let mut found = Vec::new();
        for file in table.delta.snapshot()?.log_data().iter() {
            let day = file.partition_values_map().remove(DAY).flatten();
            let Some(day) = day.filter(|day| retention.days.mean(day)) else { continue };
            let marked = Marked::read(table, place, (&file, retention))?;
            let rows = marked.going();
            if rows > 0 {
                found.push(Going { day, rows, whole: marked.staying().next().is_none(), file });
            }
        }
        found.sort_by_cached_key(|going| {
            (going.day.clone(), going.file.modification_time(), going.file.path().into_owned())
        });
        Ok(found)
    };
    look().map_err(|error| table.refused("looked through", error))
}

impl Marked {
    /// Marks the rows of a file of a table.
    pub(super) fn read(
        table: &Table,
        place: &Place,
        (file, retention): (&LogicalFileView, &Retention),
    ) -> Result<Self, DeltaTableError> {
        let path = place.folder_of(&table.name).join(file.object_store_path().as_ref());
        let marked = || -> Result<Self, Unreadable> {
            let open = Groups::open(&path)?;
            let mut goes = Vec::with_capacity(open.length());
            match open.place(OWNER) {
                // A column without any value is not there.
                None => goes.resize(open.length(), retention.owner.is_none()),
                Some(column) => {
                    for group in 0..open.count() {
                        for owners in open.texts(group, column)? {
                            let owners = owners?;
                            goes.extend(owners.iter().map(|owner| owner == retention.owner.as_deref()));
                        }
                    }
                }
            }
            Ok(Self { open, goes })
        };
        marked().map_err(unreadable)
    }

    /// How many rows go.
    pub(super) fn going(&self) -> u64 {
        self.goes.iter().filter(|goes| **goes).count() as u64
    }

    /// The rows that stay, in their order.
    pub(super) fn staying(&self) -> impl Iterator<Item = usize> {
        self.goes.iter().enumerate().filter(|(_, goes)| !**goes).map(|(row, _)| row)
    }

    /// How many rows of each batch go; of rows that name none nothing is said.
    pub(super) fn batches(&self) -> Result<HashMap<BatchId, u64>, DeltaTableError> {
        let count = || -> Result<HashMap<String, u64>, Unreadable> {
            let mut counts = HashMap::new();
            let Some(column) = self.open.place(BATCH) else { return Ok(counts) };
            let mut goes = self.goes.iter();
            for group in 0..self.open.count() {
                for batches in self.open.texts(group, column)? {
                    let batches = batches?;
                    for (batch, _) in batches.iter().zip(&mut goes).filter(|(_, goes)| **goes) {
                        let Some(batch) = batch else { continue };
                        match counts.get_mut(batch) {
                            Some(count) => *count += 1,
                            None => drop(counts.insert(batch.to_owned(), 1)),
                        }
                    }
                }
            }
            Ok(counts)
        };
        let counts = count().map_err(unreadable)?.into_iter();
        Ok(counts.filter_map(|(batch, rows)| Some((batch.parse().ok()?, rows))).collect())
    }
}

fn unreadable(error: Unreadable) -> DeltaTableError {
    DeltaTableError::GenericError { source: Box::new(error) }
}
