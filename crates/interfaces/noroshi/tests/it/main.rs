//! The program as its users meet it, and the data-driven suites.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

mod again;
mod asking;
mod backups;
mod bundled;
mod caching;
mod census;
mod commands;
mod counting;
mod data;
mod deaths;
mod doctor;
mod evidence;
mod finding;
mod findings;
mod following;
mod full;
mod hunting;
mod indicators;
mod ingesting;
mod lines;
mod nation;
mod noting;
mod oracle;
mod outbox;
mod receiving;
mod register;
mod rotating;
mod rulesets;
mod scanning;
mod second_correlations;
mod serving;
mod settings;
mod sources;
mod stopping;
mod suppressing;
mod troubles;
mod unread;
mod upgrading;
mod verdicts;
mod words;
