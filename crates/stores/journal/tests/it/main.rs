//! The journal as activities use it.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

mod account;
mod child;
mod copies;
mod deaths;
mod effects;
mod golden;
mod histories;
mod looking;
mod made_up;
mod noting;
mod pages;
mod past;
mod rebuilding;
mod streams;
mod torn;
mod versions;
