//! The command line of Noroshi: one program, one command for each thing it does.
//!
//! This crate knows files, threads, terminals and the clock, and hands bytes and values to the
//! crates below. A command is a module of [`commands`]; what several share stands beside it:
//! loading rules ([`ruleset`]), counting ([`tally`]), writing ([`output`]) and [`signals`]; reading
//! over threads is the work of `intake`.
//!
//! Exit codes: 0 done to the end, whatever was found, flawed or refused; 1 an output could not
//! be written; 2 wrong use; 3 no input could be opened; 130 stopped by the user.

pub mod arguments;
pub mod commands;
pub mod output;
pub mod rulecache;
pub mod ruleset;
pub mod signals;
pub mod tally;

use std::ffi::OsString;
use std::process::ExitCode;

use page::{Value, Words};

/// Why a command ended early: what happened and what to do, in the user's language.
#[derive(Debug)]
pub struct Failure {
    /// Exit code.
    pub code: u8,
    /// Two sentences.
    pub text: String,
}

impl Failure {
    /// Wrong use.
    #[must_use]
    pub fn usage(words: Words, key: &str, values: &[(&'static str, Value)]) -> Self {
        Self { code: 2, text: words.with(key, values) }
    }

    /// No input could be opened.
    #[must_use]
    pub fn no_input(words: Words, key: &str, values: &[(&'static str, Value)]) -> Self {
        Self { code: 3, text: words.with(key, values) }
    }

    /// An output could not be written.
    #[must_use]
    pub fn output(words: Words, path: &str, error: &std::io::Error) -> Self {
        let values = [("path", path.into()), ("reason", error.to_string().into())];
        Self { code: 1, text: words.with("cli-error-output", &values) }
    }
}

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// To the end.
    Done,
    /// Stopped by the user; what was found until then is written.
    Stopped,
}

/// Runs the program with its arguments, the program's own name first.
#[must_use]
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let words = Words::new(arguments::language(&arguments));
    let parsed = match arguments::parse(arguments, words) {
        Ok(parsed) => parsed,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match commands::run(parsed, words) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Stopped) => ExitCode::from(130),
        Err(failure) => {
            eprintln!("noroshi: {}", failure.text);
            ExitCode::from(failure.code)
        }
    }
}
