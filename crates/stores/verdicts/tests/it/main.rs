//! Verdicts of events that come in any order and pieces.

mod pieces;
