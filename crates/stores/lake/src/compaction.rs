//! Small files of a table made larger ones, with the same rows.
//!
//! Deliveries make a file for each partition, and a reader pays for each file. So the small files of
//! a partition become one, piece by piece: each piece is as much as fits into memory column by
//! column, and a version of its own. Readers go on with the files that their version names, which
//! stay until they are removed on their own.

use std::collections::BTreeMap;

use deltalake::DeltaTableError;
use deltalake::kernel::{Action, LogicalFileView};
use deltalake::protocol::DeltaOperation;

use crate::commit::Change;
use crate::error::LakeError;
use crate::files;
use crate::stored::{BYTES, Opened, ROWS, Stored};
use crate::table::Table;

/// Which partitions are compacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compaction {
    /// Those with so many small files that it is time.
    Due,
    /// Those with some, as when there is nothing else to do.
    Idle,
    /// All with more than one.
    All,
}

/// What became of small files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Files that are no part of the table any more.
    pub from: usize,
    /// Files with their rows.
    pub into: usize,
}

/// Small files with which a partition is due.
const DUE: usize = 100;
/// Small files that are worth the work when there is no other.
const SOME: usize = 8;

/// The part of what a file can be that makes it large enough to be left as it is: or rows that come in
/// small numbers would be written again and again.
const SMALL: usize = 8;

/// Compacts the partitions of a table.
pub(crate) async fn compact(table: &mut Table, which: Compaction) -> Result<Compacted, LakeError> {
    let mut done = Compacted::default();
    table.catch_up().await.map_err(|error| table.refused("compacted", error))?;
    let small = small(table).map_err(|error| table.refused("compacted", error))?;
    let least = match which {
        Compaction::Due => DUE,
        Compaction::Idle => SOME,
        Compaction::All => 2,
    };
    for files in small.into_values().filter(|files| files.len() >= least) {
        let merged = merge(table, &files, &mut done).await;
        merged.map_err(|error| table.refused("compacted", error))?;
    }
    Ok(done)
}

/// The small files of each partition, oldest first.
fn small(table: &Table) -> Result<BTreeMap<Option<String>, Vec<LogicalFileView>>, DeltaTableError> {
    let mut small = BTreeMap::<_, Vec<LogicalFileView>>::new();
    for file in table.delta.snapshot()?.log_data().iter() {
        let is_small = file.num_records().is_none_or(|rows| rows <= ROWS / SMALL)
            && usize::try_from(file.size()).is_ok_and(|size| size <= BYTES / SMALL);
        if is_small {
            let partition = file.partition_values_map().into_values().next().flatten();
            small.entry(partition).or_default().push(file);
        }
    }
    for files in small.values_mut() {
        files.sort_by_cached_key(|file| (file.modification_time(), file.path().into_owned()));
    }
    Ok(small)
}

/// Makes one file of as many as fit, and goes on with the others.
async fn merge(
    table: &mut Table,
    files: &[LogicalFileView],
    done: &mut Compacted,
) -> Result<(), DeltaTableError> {
    let store = table.delta.object_store();
    let (mut piece, mut replaced) = (Stored::default(), Vec::new());
    for file in files {
        let opened = Opened::new(&store, &file.object_store_path()).await?;
        if !piece.takes(&opened) {
            let full = (std::mem::take(&mut piece), std::mem::take(&mut replaced));
            replace(table, full.0, &full.1, done).await?;
        }
        piece.add(opened);
        replaced.push(file);
    }
    replace(table, piece, &replaced, done).await
}

/// Puts one file in the place of others, in one version.
async fn replace(
    table: &mut Table,
    piece: Stored,
    replaced: &[&LogicalFileView],
    done: &mut Compacted,
) -> Result<(), DeltaTableError> {
    if replaced.len() < 2 {
        return Ok(());
    }
    let partition = replaced[0].partition_values_map().into_values().next().flatten();
    let mut actions: Vec<Action> = replaced.iter().map(|file| file.remove_action(false).into()).collect();
    let mut made = Vec::new();
    for run in files::runs(&piece, &table.columns)? {
        let file = files::encode(&piece, &run.rows, &table.columns)?;
        let mut file = table.put(file, partition.clone()).await?;
        file.add.data_change = false;
        made.push(file);
        done.into += 1;
    }
    table.index(&made);
    actions.extend(made.into_iter().map(|file| Action::from(file.add)));
    let operation =
        DeltaOperation::Optimize { predicate: None, target_size: i64::try_from(BYTES).unwrap_or(i64::MAX) };
    table.commit(Change { actions, operation, transaction: None }).await?;
    done.from += replaced.len();
    Ok(())
}
