//! All outputs of a run: opened together before it, written while it goes on, ended after it. One
//! that fails is named and given up; the others go on.

use std::io;

use detect::Verdict;
use intake::Stop;
use intake::identity::Identity;
use page::Words;

use super::destination::Destination;
use super::form::Form;
use super::sink::Sink;
use super::verdicts;
use crate::Failure;

/// Bytes of lines that are handed over at once.
const PORTION: usize = 1 << 16;

/// The outputs of a run.
pub struct Outputs {
    outputs: Vec<Output>,
    words: Words,
    failed: bool,
}

struct Output {
    shown: String,
    form: Form,
    /// None once it has failed, or its reader has seen enough.
    sink: Option<Sink>,
    /// Whole lines that wait.
    lines: Vec<u8>,
}

impl Outputs {
    /// Opens outputs; those of verdicts are written in place when they are `live`.
    ///
    /// # Errors
    /// Says which cannot be written and why; nothing has changed then.
    pub fn open(
        destinations: &[Destination],
        live: bool,
        stop: &Stop,
        words: Words,
    ) -> Result<Self, Failure> {
        let mut outputs = Vec::new();
        // What replaces nothing until the end comes first.
        let is_live = |destination: &&Destination| live && destination.form.is_of_lines();
        let (in_place, beside): (Vec<_>, Vec<_>) = destinations.iter().partition(is_live);
        for destination in beside.into_iter().chain(in_place) {
            let Destination { shown, form, way, .. } = destination;
            let sink = Sink::open(way, live && form.is_of_lines(), stop);
            let sink = Some(sink.map_err(|error| Failure::output(words, shown, &error))?);
            let lines = if *form == Form::Csv { verdicts::headings() } else { Vec::new() };
            outputs.push(Output { shown: shown.clone(), form: *form, sink, lines });
        }
        Ok(Self { outputs, words, failed: false })
    }

    /// Files that are being written.
    #[must_use]
    pub fn identities(&self) -> Vec<Identity> {
        self.outputs.iter().filter_map(|output| output.sink.as_ref()?.identity()).collect()
    }

    /// Adds verdicts, and hands them over when there are enough or when they are to be seen `now`.
    pub fn verdicts(&mut self, verdicts: &[Verdict], now: bool) {
        for output in &mut self.outputs {
            let written = output.add(verdicts, now);
            self.failed |= output.is_failure(written, self.words);
        }
    }

    /// Ends the outputs of verdicts.
    pub fn end_lines(&mut self) {
        for output in self.outputs.iter_mut().filter(|output| output.form.is_of_lines()) {
            self.failed |= output.end(self.words);
        }
    }

    /// Writes and ends a whole output, if it was asked for.
    pub fn whole(&mut self, form: Form, text: impl FnOnce() -> String) {
        if let Some(output) = self.outputs.iter_mut().find(|output| output.form == form) {
            output.lines = text().into_bytes();
            self.failed |= output.end(self.words);
        }
    }

    /// Whether none of the outputs has failed so far.
    #[must_use]
    pub fn are_written(&self) -> bool {
        !self.failed
    }

    /// Whether all readers of outputs have seen enough, and nothing else waits for the end.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        !self.failed && !self.outputs.is_empty() && self.outputs.iter().all(|output| output.sink.is_none())
    }
}

impl Output {
    fn add(&mut self, verdicts: &[Verdict], now: bool) -> io::Result<()> {
        let line = match self.form {
            Form::Json => verdicts::json_line,
            Form::Csv => verdicts::csv_row,
            Form::Page | Form::Summary | Form::Parquet => return Ok(()),
        };
        if self.sink.is_none() {
            return Ok(());
        }
        for verdict in verdicts {
            self.lines.extend(line(verdict));
            if self.lines.len() >= PORTION {
                self.hand_over()?;
            }
        }
        if now { self.hand_over() } else { Ok(()) }
    }

    fn hand_over(&mut self) -> io::Result<()> {
        let lines = std::mem::take(&mut self.lines);
        match &mut self.sink {
            Some(sink) if !lines.is_empty() => sink.put(lines),
            _ => Ok(()),
        }
    }

    /// Says whether it failed.
    fn end(&mut self, words: Words) -> bool {
        let written = self.hand_over().and_then(|()| self.sink.take().map_or(Ok(()), Sink::finish));
        self.is_failure(written, words)
    }

    /// Gives up an output that could not be written, and says so unless its reader left.
    fn is_failure(&mut self, written: io::Result<()>, words: Words) -> bool {
        let Err(error) = written else { return false };
        self.sink = None;
        if error.kind() == io::ErrorKind::BrokenPipe {
            return false;
        }
        eprintln!("noroshi: {}", Failure::output(words, &self.shown, &error).text);
        true
    }
}
