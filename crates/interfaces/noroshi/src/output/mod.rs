//! Ways out: JSON lines, spreadsheet rows, a summary for programs, one for people, a page; answers to
//! questions.

mod answer;
mod csv_cell;
mod destination;
mod form;
mod notice;
mod outputs;
mod page;
mod sink;
mod summary;
mod table;
mod terminal;
mod verdicts;
mod whole;

use std::io::{self, Write};

use ::page::Words;

use crate::{Failure, Outcome};

pub use answer::{AnswerForm, AnswerOutput};
pub use destination::{Destination, Evidence, Way, check};
pub use form::Form;
pub use notice::Notice;
pub use outputs::Outputs;
pub use page::{ScanFacts, report};
pub use summary::summary;
pub use table::{Table, Width};
pub use terminal::{flaws, pad, print_refusals, terminal};
pub use whole::PageFile;

/// Prints what a command has to say.
///
/// # Errors
/// When it cannot be written; a reader that has seen enough is no failure.
pub fn print(text: &str, words: Words) -> Result<Outcome, Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::output(words, "-", &error)),
        _ => Ok(Outcome::Done),
    }
}

/// Prints a value for programs.
///
/// # Errors
/// When it cannot be written; a reader that has seen enough is no failure.
pub fn print_json(value: &impl serde::Serialize, words: Words) -> Result<Outcome, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::from);
    print(&(text.map_err(|error| Failure::output(words, "-", &error))? + "\n"), words)
}
