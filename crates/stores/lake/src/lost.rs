//! Batches that lost rows. A commit that was set aside is delivered again by who still has it; but a spool
//! lets go of what is in the lake. Then some rows of a batch are gone, or nobody says any more what became of
//! them, and only its source can give it again: as another batch, which supersedes what is left of this one.
//!
//! To know which batches that befell, the rows of all are counted; so this is asked of a compartment alone of
//! which a commit was ever set aside.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_schema::DataType;
use datafusion::catalog::TableProvider;
use datafusion::error::DataFusionError;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::prelude::{SessionContext, col, lit};

use crate::batches::{BATCHES, Entry};
use crate::error::LakeError;
use crate::flaws::FLAWS;
use crate::id::BatchId;
use crate::name::{Compartment, TableName};
use crate::place::Place;
use crate::retention::account;
use crate::rows::{BATCH, RowsError};
use crate::view::{Restricted, Shelf};
use crate::{listing, question, rows};

/// Rows of batches.
type Counts = HashMap<BatchId, u64>;

/// Batches of a compartment that lost rows, and those that they superseded.
pub(crate) async fn lost(
    shelf: Shelf<'_>,
    restricted: Option<&Restricted>,
    compartment: &Compartment,
) -> Result<HashSet<BatchId>, LakeError> {
    let mut names = listing::names(shelf.place)?;
    names.retain(|name| name.compartment() == compartment);
    if !was_damaged(shelf.place, &names)? {
        return Ok(HashSet::new());
    }
    let (mut entries, mut events, mut flaws) = (Vec::new(), Counts::new(), Counts::new());
    let mut expired = Counts::new();
    for name in names {
        let table = match newest(shelf, restricted, &name).await {
            Err(LakeError::NoTable(_)) => continue,
            table => table?,
        };
        match name.class() {
            BATCHES => entries = question::entries(table, compartment).await?,
            FLAWS => add_counts(table, &mut flaws).await?,
            _ if rows::are_events(&table.schema()) => {
                add_counts(table, &mut events).await?;
                let removed = account::removed(shelf.place, &name).await?;
                removed.into_iter().for_each(|(batch, rows)| *expired.entry(batch).or_default() += rows);
            }
            // What was made of batches can be made again.
            _ => {}
        }
    }
    Ok(of(&entries, &events, &flaws, &expired))
}

/// All that is seen of a table as it stands.
async fn newest(
    shelf: Shelf<'_>,
    restricted: Option<&Restricted>,
    name: &TableName,
) -> Result<Arc<dyn TableProvider>, LakeError> {
    match restricted {
        None => listing::newest(shelf, name).await,
        Some(restricted) => restricted.newest(shelf, name).await,
    }
}

/// Whether a commit of one of the tables was set aside, or would be.
fn was_damaged(place: &Place, names: &[TableName]) -> Result<bool, LakeError> {
    for name in names {
        if place.log(name).was_damaged()? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Counts the rows of each batch.
async fn add_counts(table: Arc<dyn TableProvider>, counts: &mut Counts) -> Result<(), LakeError> {
    let answer = async {
        let table = SessionContext::new().read_table(table)?;
        table.aggregate(vec![col(BATCH)], vec![count(lit(1))])?.collect().await
    };
    let parts = answer.await.map_err(|error: DataFusionError| LakeError::Question(Box::new(error)))?;
    for part in parts {
        let texts = arrow_cast::cast(part.column(0), &DataType::Utf8).map_err(RowsError::from)?;
        let numbers = part.column(1).as_primitive::<Int64Type>().values();
        for (text, number) in texts.as_string::<i32>().iter().zip(numbers) {
            // A row that names no batch was not written by us.
            let Some(batch) = text.and_then(|text| text.parse().ok()) else { continue };
            *counts.entry(batch).or_default() += number.cast_unsigned();
        }
    }
    Ok(())
}

/// Batches that have not the rows that they should have, but for those that retention removed, or of which
/// nobody says how many those are.
fn of(entries: &[Entry], events: &Counts, flaws: &Counts, expired: &Counts) -> HashSet<BatchId> {
    let superseded: HashSet<BatchId> = entries.iter().flat_map(|entry| &entry.replaces).copied().collect();
    let known: HashMap<BatchId, &Entry> = entries.iter().map(|entry| (entry.batch, entry)).collect();
    let number = |counts: &Counts, batch| counts.get(&batch).copied().unwrap_or(0);
    let is_whole = |entry: &Entry| {
        // What was kept again under the id that it had is all there.
        let missing = entry.events.checked_sub(number(events, entry.batch));
        let is_expired = |missing| missing == 0 || missing == number(expired, entry.batch);
        missing.is_some_and(is_expired) && number(flaws, entry.batch) == entry.flaws
    };
    let torn = entries.iter().filter(|entry| !is_whole(entry)).map(|entry| entry.batch);
    let unknown = events.keys().chain(flaws.keys()).copied().filter(|batch| !known.contains_key(batch));
    let mut waiting: Vec<BatchId> = torn.chain(unknown).filter(|batch| !superseded.contains(batch)).collect();
    let mut lost = HashSet::new();
    while let Some(batch) = waiting.pop() {
        // What it superseded is hidden by it, and must not be taken for kept.
        let replaced = known.get(&batch).into_iter().flat_map(|entry| &entry.replaces);
        if lost.insert(batch) {
            waiting.extend(replaced);
        }
    }
    lost
}
