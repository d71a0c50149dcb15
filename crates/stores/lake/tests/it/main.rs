//! The lake over folders of the disk.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod answers;
mod asking;
mod barrier;
mod compaction;
mod damage;
mod data;
mod durable;
mod files;
mod finding;
mod horizons;
mod news;
mod points;
mod power;
mod replay;
mod retention;
mod rows;
mod scanning;
mod tables;
mod views;
mod windows;

use lake::{AskError, Lake, LakeError, TableName};

/// Rows that the operator sees.
fn count(lake: &Lake, name: &TableName) -> Result<u64, LakeError> {
    let sql = format!("SELECT count(*) FROM \"{}\".{}", name.compartment(), name.class());
    match asking::ask(lake, &sql) {
        Ok(rows) => Ok(rows[0][0].parse().unwrap()),
        Err(AskError::Lake(error)) => Err(error),
        Err(error) => panic!("{error}"),
    }
}
