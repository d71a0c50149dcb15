//! What the spool promises, on a disk that forgets and on one that is real.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod cuts;
mod folder;
mod power;
