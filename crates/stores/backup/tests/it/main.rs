//! Backups of made-up homes: folders of files that grow, change and go as those of a home do.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

mod damage;
mod deaths;
mod made_up;
mod random;
