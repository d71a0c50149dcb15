//! The lake over folders of the disk.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod asking;
mod data;
mod durable;
mod power;
mod rows;
mod tables;

use lake::{Lake, LakeError, Looking, TableName};
use model::time::Instant;

/// Rows that the operator sees.
fn count(lake: &Lake, name: &TableName) -> Result<u64, LakeError> {
    let now = Instant::from_nanoseconds(1_780_000_000_000_000_000);
    lake.count(Looking { view: &access::operator("sato", now), now }, name)
}
