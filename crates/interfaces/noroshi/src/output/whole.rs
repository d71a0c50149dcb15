//! One page that a command writes: where it goes is known and opened before anything is asked.

use std::path::Path;

use page::Words;

use super::destination::{Destination, Evidence, Way, check};
use super::form::Form;
use super::outputs::Outputs;
use crate::{Failure, Outcome, signals};

/// A page that is not written yet.
pub struct PageFile {
    destination: Destination,
    outputs: Outputs,
}

impl PageFile {
    /// Opens what is written; nothing is replaced before all of it is there.
    ///
    /// # Errors
    /// When it lies in the home, may not be replaced without `force`, or cannot be written.
    pub fn open(path: &Path, force: bool, home: &Path, words: Words) -> Result<Self, Failure> {
        let destination = Destination::of(path, Form::Page, words)?;
        if let Way::File(file) = &destination.way
            && file.starts_with(home)
        {
            let values = [("path", destination.shown.into())];
            return Err(Failure::usage(words, "cli-query-error-inside", &values));
        }
        let destinations = [destination];
        check(&destinations, Evidence { inputs: &[], rules: &[] }, force, words)?;
        let stop = signals::stop().unwrap_or_default();
        let outputs = Outputs::open(&destinations, false, &stop, words)?;
        let [destination] = destinations;
        Ok(Self { destination, outputs })
    }

    /// Writes it and moves it into place; `key` says where it is.
    ///
    /// # Errors
    /// When that cannot be said.
    pub fn write(mut self, text: String, key: &str, words: Words) -> Result<Outcome, Failure> {
        self.outputs.whole(Form::Page, || text);
        if !self.outputs.are_written() {
            return Ok(Outcome::Unwritten);
        }
        if self.destination.way == Way::StandardOutput {
            return Ok(Outcome::Done);
        }
        let values = [("path", self.destination.shown.into())];
        super::print(&format!("{}\n", words.with(key, &values)), words)
    }
}
