//! Changes of a table's log, each whole or not at all.

use std::collections::HashMap;

use deltalake::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake::kernel::{Action, Transaction};
use deltalake::logstore::LogStore;
use deltalake::protocol::DeltaOperation;
use deltalake::{DeltaTable, DeltaTableError};
use serde_json::{Value as Json, json};

/// Where a commit says of how many lines it is made. A commit that lost some of them can look whole.
pub(crate) const LINES: &str = "lines";

/// What is to be changed.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) actions: Vec<Action>,
    pub(crate) operation: DeltaOperation,
    /// What of a spool is in it.
    pub(crate) transaction: Option<Transaction>,
}

/// How commits of so many actions are made.
pub(crate) fn properties(actions: usize) -> CommitProperties {
    // The library adds a line that says who did what.
    let lines = HashMap::<String, Json>::from([(LINES.to_owned(), json!(actions + 1))]);
    // A clean-up lists the whole log at every commit; it is done on its own.
    CommitProperties::default().with_metadata(lines).with_cleanup_expired_logs(Some(false))
}

/// Makes a version of a table, if there is none of that number. What is known of the table stays as
/// it was: the library would list the log and all files of the table again.
pub(crate) async fn commit(table: &DeltaTable, version: u64, change: Change) -> Result<(), DeltaTableError> {
    let count = change.actions.len() + usize::from(change.transaction.is_some());
    let mut properties = properties(count);
    if let Some(transaction) = change.transaction {
        properties = properties.with_application_transaction(transaction);
    }
    let log = table.log_store();
    let builder = CommitBuilder::from(properties).with_actions(change.actions);
    let commit = builder.build(Some(table.snapshot()?), log.clone(), change.operation);
    let prepared = commit.into_prepared_commit_future().await?;
    let bytes = prepared.commit_or_bytes().clone();
    Ok(log.write_commit_entry(version, bytes, Default::default()).await?)
}
