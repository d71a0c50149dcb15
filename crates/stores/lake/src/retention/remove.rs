//! Rows that are kept no longer go, in versions of the table.
//!
//! A version takes some files away. In the place of one that holds other rows as well stands a new one with
//! those, in their order; whoever reads goes on with the files of their version. The table says of itself
//! that it is only added to, so that nobody takes rows away by mistake; that is lifted before, and set again
//! behind, each in a version that the log keeps.

use deltalake::DeltaTableError;
use deltalake::kernel::{Action, MetadataExt, Transaction};
use deltalake::protocol::DeltaOperation;

use super::account::{Account, EXPIRED};
use super::plan::{Going, Marked, going};
use super::{Expired, Retention};
use crate::commit::Change;
use crate::error::LakeError;
use crate::files::{self, Spot};
use crate::place::Place;
use crate::rows::SHAPE;
use crate::stored::{Opened, Stored};
use crate::table::Table;

/// Files of one version. Whoever is stopped does the work of one again at most.
const FILES: usize = 64;
/// For how many of them a file counts that is written anew.
const ANEW: usize = 8;

/// The property of a table that rows are added and never taken away.
const APPEND_ONLY: &str = "delta.appendOnly";

/// Removes the rows that are kept no longer from a table that is as its log has it.
pub(crate) async fn expire(
    table: &mut Table,
    place: &Place,
    retention: &Retention,
) -> Result<Expired, LakeError> {
    let files = going(table, place, retention)?;
    let mut done = Expired::default();
    if !files.is_empty() {
        let last = table.last_of(EXPIRED).await?.unwrap_or(0);
        set_append_only(table, false).await?;
        let account = Account::read(place, &table.name)?;
        let mut removing = Removing { table: &mut *table, place, retention, account, last };
        for some in versions(&files) {
            let removed = removing.version(some, &mut done).await;
            removed.map_err(|error| removing.table.refused("rid of rows", error))?;
        }
    }
    set_append_only(table, true).await?;
    Ok(done)
}

/// The files that go with each version.
fn versions(files: &[Going]) -> impl Iterator<Item = &[Going]> {
    let mut rest = files;
    std::iter::from_fn(move || {
        let mut count = 0;
        let fits = |going: &&Going| {
            count += if going.whole { 1 } else { ANEW };
            count <= FILES
        };
        let (some, others) = rest.split_at(rest.iter().take_while(fits).count());
        rest = others;
        Some(some).filter(|some| !some.is_empty())
    })
}

/// Says of a table that it is only added to, or not; where it never said so, it goes on like that.
pub(crate) async fn set_append_only(table: &mut Table, value: bool) -> Result<(), LakeError> {
    let set = async {
        let metadata = table.delta.snapshot()?.metadata().clone();
        let value = value.to_string();
        if metadata.configuration().get(APPEND_ONLY).is_none_or(|known| *known == value) {
            return Ok(());
        }
        let metadata = metadata.add_config_key(APPEND_ONLY.to_owned(), value.clone())?;
        let properties = [(APPEND_ONLY.to_owned(), value)].into();
        let operation = DeltaOperation::SetTableProperties { properties };
        table.commit(Change { actions: vec![metadata.into()], operation, transaction: None }).await?;
        // What may be changed is decided by what is known of the table.
        table.catch_up().await
    };
    set.await.map_err(|error| table.refused("told what it may lose", error))
}

/// What removes rows.
struct Removing<'a> {
    table: &'a mut Table,
    place: &'a Place,
    retention: &'a Retention,
    account: Account,
    /// The number of the last removal that was.
    last: u64,
}

impl Removing<'_> {
    /// Removes the rows of some files in one version.
    async fn version(&mut self, files: &[Going], done: &mut Expired) -> Result<(), DeltaTableError> {
        let mut account = std::mem::take(&mut self.account).next(self.last);
        let (mut actions, mut made) = (Vec::new(), Vec::new());
        // What was made of batches names them, and they lack nothing without it.
        let are_events = self.table.columns.place(SHAPE).is_some();
        for going in files {
            let marked = Marked::read(self.table, self.place, (&going.file, self.retention))?;
            if are_events {
                marked.batches()?.into_iter().for_each(|(batch, rows)| account.add(batch, rows));
            }
            actions.push(Action::from(going.file.remove_action(true)));
            if !going.whole {
                made.push(self.rest(going, &marked).await?);
            }
        }
        // What the version takes is known before it is there, and its index may be there before it, too.
        account.put(self.table).await?;
        self.table.index(&made);
        actions.extend(made.into_iter().map(|file| Action::from(file.add)));
        let operation = DeltaOperation::Delete { predicate: Some(self.retention.to_string()) };
        let transaction = Some(Transaction::new(EXPIRED, account.number().cast_signed()));
        self.last = account.number();
        self.account = account;
        self.table.commit(Change { actions, operation, transaction }).await?;
        for Going { file, rows, whole, .. } in files {
            let bytes = if *whole { u64::try_from(file.size()).unwrap_or(0) } else { 0 };
            done.rows += rows;
            done.files += 1;
            done.rewritten += u64::from(!whole);
            done.bytes += bytes;
        }
        Ok(())
    }

    /// Stores the other rows of a file as a file of their own, as they lie there.
    async fn rest(&self, going: &Going, marked: &Marked) -> Result<crate::table::Stood, DeltaTableError> {
        let opened = Opened::new(&self.table.delta.object_store(), &going.file.object_store_path()).await?;
        let mut stored = Stored::default();
        stored.add(opened);
        let rows: Vec<Spot> = marked.staying().map(|row| (0, row)).collect();
        let file = files::encode(&stored, &rows, &self.table.columns)?;
        self.table.put_for(file, Some(going.day.clone()), &going.file.path()).await
    }
}
