//! What is kept stays, once, whatever happens on the way.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod cuts;
mod damage;
mod expiring;
mod growing;
mod keeping;
mod payload;
#[path = "../../../lake/tests/it/power.rs"]
mod power;
mod seeing;
mod support;
mod waiting;
