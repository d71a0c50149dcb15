//! The commands, one module each.

pub mod access;
pub mod backtest;
pub mod backup;
pub mod config;
pub mod demo;
pub mod detect;
pub mod doctor;
pub mod evidence;
pub mod fields;
pub mod figures;
pub mod find;
pub mod findings;
pub mod forget;
pub mod hunts;
pub mod indicators;
pub mod ingest;
pub mod jobs;
pub mod outbox;
pub mod query;
pub mod rebuild;
pub mod register;
pub mod report;
pub mod restore;
pub mod retention;
pub mod rules;
pub mod serve;
pub mod sources;
pub mod status;
pub mod tables;
pub mod upgrade;

use page::Words;

use crate::arguments::{Arguments, Command};
use crate::{Failure, Outcome};

/// Runs the command that was typed.
///
/// # Errors
/// What the command could not do.
pub fn run(arguments: Arguments, words: Words) -> Result<Outcome, Failure> {
    match arguments.command {
        Command::Detect(arguments) => detect::run(&arguments, words),
        Command::Backtest(arguments) => backtest::run(&arguments, words),
        Command::Rules(arguments) => rules::run(arguments, words),
        Command::Fields(arguments) => fields::run(&arguments, words),
        Command::Find(arguments) => find::run(&arguments, words),
        Command::Figures(arguments) => figures::run(&arguments, words),
        Command::Evidence(arguments) => evidence::run(&arguments, words),
        Command::Report(arguments) => report::run(&arguments, words),
        Command::Findings(arguments) => findings::run(&arguments, words),
        Command::Hunts(arguments) => hunts::run(&arguments, words),
        Command::Indicators(arguments) => indicators::run(&arguments, words),
        Command::Ingest(arguments) => ingest::run(&arguments, words),
        Command::Query(arguments) => query::run(&arguments, words),
        Command::Access(arguments) => access::run(&arguments, words),
        Command::Register(arguments) => register::run(&arguments, words),
        Command::Sources(arguments) => sources::run(&arguments, words),
        Command::Tables(arguments) => tables::run(&arguments, words),
        Command::Retention(arguments) => retention::run(&arguments, words),
        Command::Forget(arguments) => forget::run(&arguments, words),
        Command::Rebuild(arguments) => rebuild::run(&arguments, words),
        Command::Doctor(arguments) => doctor::run(&arguments, words),
        Command::Jobs(arguments) => jobs::run(&arguments, words),
        Command::Outbox(arguments) => outbox::run(&arguments, words),
        Command::Config(arguments) => config::run(&arguments, words),
        Command::Serve(arguments) => serve::run(&arguments, words),
        Command::Status(arguments) => status::run(&arguments, words),
        Command::Backup(arguments) => backup::run(&arguments, words),
        Command::Restore(arguments) => restore::run(&arguments, words),
        Command::Upgrade(arguments) => upgrade::run(&arguments, words),
        Command::Demo(arguments) => demo::run(&arguments, words),
    }
}
