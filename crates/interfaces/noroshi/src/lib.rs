//! The command line of Noroshi: one program, one command for each thing it does.
//!
//! This crate knows files, threads, terminals and the clock, and hands bytes and values to the
//! crates below. A command is a module of [`commands`]; what several share stands beside it:
//! loading rules ([`ruleset`]), counting ([`tally`]), writing ([`output`]) and [`signals`]; reading
//! over threads is the work of `intake`.
//!
//! Exit codes: 0 done to the end, whatever was found, flawed or refused; 1 an output could not
//! be written, or an answer takes more than it may; 2 wrong use, or no rule was left to run; 3 no
//! input was recognised, or there is no home; 130 stopped by the user.

pub mod acts;
pub mod arguments;
pub mod backups;
pub mod books;
pub mod commands;
pub mod detecting;
pub mod figures;
pub mod holder;
pub mod keeping;
pub mod log;
pub mod memory;
mod near;
pub mod notify;
pub mod output;
pub mod range;
pub mod received;
pub mod rulecache;
pub mod ruleset;
pub mod seat;
pub mod sets;
pub mod settings;
pub mod signals;
pub mod tally;
pub mod upgrading;

use std::ffi::OsString;
use std::process::ExitCode;

use page::{Value, Words};

use crate::tally::Unchecked;

/// Why a command ended early: what happened and what to do, in the user's language.
#[derive(Debug)]
pub struct Failure {
    /// Exit code.
    pub code: u8,
    /// Two sentences.
    pub text: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// Wrong use.
    #[must_use]
    pub fn usage(words: Words, key: &str, values: &[(&'static str, Value)]) -> Self {
        Self { code: 2, text: words.with(key, values) }
    }

    /// An output could not be written.
    #[must_use]
    pub fn output(words: Words, path: &str, error: &std::io::Error) -> Self {
        let values = [("path", path.into()), ("reason", error.to_string().into())];
        Self { code: 1, text: words.with("cli-error-output", &values) }
    }
}

/// How a command ended that did all it could; what went wrong has been said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// To the end.
    Done,
    /// Stopped by the user; what was found until then is written.
    Stopped,
    /// An output was not written, the others are; or a scan broke off, and what it found until then is written.
    Unwritten,
    /// Nothing was looked for or looked at.
    Unchecked(Unchecked),
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Stopped => signals::STOPPED,
            Self::Unwritten => 1,
            Self::Unchecked(Unchecked::NoRule) => 2,
            Self::Unchecked(Unchecked::NoInput) => 3,
        }
    }
}

/// Runs the program with its arguments, the program's own name first.
#[must_use]
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let words = Words::new(arguments::language(&arguments));
    let parsed = match arguments::parse(arguments.clone(), words) {
        Ok(parsed) => parsed,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    if matches!(parsed.command, arguments::Command::Ingest(_) | arguments::Command::Demo(_)) {
        memory::spare(&arguments);
    }
    match commands::run(parsed, words) {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(failure) => {
            eprintln!("noroshi: {}", failure.text);
            ExitCode::from(failure.code)
        }
    }
}
