//! The operations centre's acts as its versions wrote them.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

mod golden;
mod listing;
mod telling;
