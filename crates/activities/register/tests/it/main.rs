//! The register: what may be said of organisations and people, and how it is written.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

mod golden;
mod saying;
