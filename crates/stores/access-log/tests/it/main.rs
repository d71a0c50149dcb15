//! The access log over folders of the disk.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

mod damage;
mod format;
mod keeping;
mod processes;
mod random;
mod seeing;
mod support;
