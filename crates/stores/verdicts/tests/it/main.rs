//! Verdicts of events that come in any order and pieces.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod known;
mod pieces;
