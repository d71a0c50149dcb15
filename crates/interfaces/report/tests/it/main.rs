//! Whole pages of the report.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod finding;
mod pages;
