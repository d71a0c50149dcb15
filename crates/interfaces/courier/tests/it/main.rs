//! The courier, with servers that do what they are told.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

mod boxes;
mod deaths;
mod desk;
mod files;
mod letters;
mod mails;
mod other_maker;
mod secrets;
mod server;
