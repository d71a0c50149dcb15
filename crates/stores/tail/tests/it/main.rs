//! What following promises: on a disk in memory whose inodes turn over, and on a real one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod contents;
mod file_system;
mod histories;
mod limits;
mod memory;
mod steps;
