//! The operations centre's acts as its versions wrote them.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

mod findings;
mod golden;
mod grouping;
mod hunts;
mod indicators;
mod listing;
mod suppressions;
mod telling;
