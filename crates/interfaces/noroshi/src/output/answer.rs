//! The answer to a question on its way out: a table for people, JSON, CSV or Parquet.

use std::io;

use intake::Stop;
use lake::{Answer, Heading, Parquet};
use serde_json::Value;

use super::csv_cell::harmless;
use super::destination::Way;
use super::sink::Sink;
use super::table::{Table, Width};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerForm {
    /// For people.
    Table,
    /// An array of objects, each on a line of its own.
    Json,
    /// RFC 4180.
    Csv,
    /// Parquet.
    Parquet,
}

/// An answer being written. What was not finished stays without an end, so that nobody takes it for the
/// whole: a file does not appear, and JSON has no closing bracket.
pub struct AnswerOutput {
    form: AnswerForm,
    way: Way,
    /// Opened with the first part, so that a question without answer changes nothing.
    sink: Option<Sink>,
    writer: Option<Writer>,
    rows: u64,
    /// Why nothing more is written.
    failed: Option<io::Error>,
}

enum Writer {
    Table(Table),
    Json(Vec<Heading>),
    Csv(Vec<Heading>),
    Parquet(Box<Parquet>),
}

impl AnswerOutput {
    /// An answer that goes a way.
    #[must_use]
    pub fn new(form: AnswerForm, way: Way) -> Self {
        Self { form, way, sink: None, writer: None, rows: 0, failed: None }
    }

    /// Rows taken so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Takes a part of the answer and says whether more is wanted. `begin` is called before anything is
    /// written.
    pub fn take(&mut self, part: &Answer, stop: &Stop, begin: &mut dyn FnMut()) -> bool {
        let written = self.encode(part).and_then(|bytes| {
            if bytes.is_empty() {
                return Ok(());
            }
            begin();
            self.put(bytes, stop)
        });
        self.failed = written.err();
        self.failed.is_none()
    }

    /// Ends the answer; gives the number of its rows.
    ///
    /// # Errors
    /// When it could not be written. A reader that has seen enough is no failure.
    pub fn finish(mut self, stop: &Stop) -> io::Result<u64> {
        let ended = match self.failed.take() {
            Some(error) => Err(error),
            None => self.end(stop),
        };
        match ended {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(self.rows),
        }
    }

    fn end(&mut self, stop: &Stop) -> io::Result<()> {
        let rest = match self.writer.take() {
            Some(Writer::Table(mut table)) => table.finish().into_bytes(),
            Some(Writer::Json(_)) if self.rows == 0 => b"[]\n".to_vec(),
            Some(Writer::Json(_)) => b"\n]\n".to_vec(),
            Some(Writer::Parquet(parquet)) => parquet.finish()?,
            Some(Writer::Csv(_)) | None => Vec::new(),
        };
        self.put(rest, stop)?;
        self.sink.take().map_or(Ok(()), Sink::finish)
    }

    fn width(&self) -> Width {
        if matches!(self.way, Way::StandardOutput) { Width::of_terminal() } else { Width::Any }
    }

    fn put(&mut self, bytes: Vec<u8>, stop: &Stop) -> io::Result<()> {
        if self.sink.is_none() {
            self.sink = Some(Sink::open(&self.way, false, stop)?);
        }
        match &mut self.sink {
            Some(sink) if !bytes.is_empty() => sink.put(bytes),
            _ => Ok(()),
        }
    }

    /// What of a part can be written now.
    fn encode(&mut self, part: &Answer) -> io::Result<Vec<u8>> {
        let rows = match part {
            Answer::Columns(columns) => {
                let headings = lake::headings(columns);
                let mut first = Vec::new();
                self.writer = Some(match self.form {
                    AnswerForm::Table => Writer::Table(Table::new(headings, self.width())),
                    AnswerForm::Json => Writer::Json(headings),
                    AnswerForm::Csv => {
                        let names = headings.iter().map(|heading| harmless(&heading.name));
                        first = csv_row(names)?;
                        Writer::Csv(headings)
                    }
                    AnswerForm::Parquet => Writer::Parquet(Box::new(Parquet::new(columns)?)),
                });
                return Ok(first);
            }
            Answer::Rows(rows) => rows,
        };
        let before = self.rows;
        self.rows += rows.num_rows() as u64;
        match &mut self.writer {
            Some(Writer::Parquet(parquet)) => parquet.add(rows),
            Some(Writer::Table(table)) => {
                table.add(lake::values(rows));
                Ok(table.ready().into_bytes())
            }
            Some(Writer::Json(headings)) => json_rows(headings, &lake::values(rows), before == 0),
            Some(Writer::Csv(headings)) => csv_rows(headings, &lake::values(rows)),
            None => Ok(Vec::new()),
        }
    }
}

/// Objects with the columns in their order.
fn json_rows(headings: &[Heading], rows: &[Vec<Value>], is_first: bool) -> io::Result<Vec<u8>> {
    let names: Vec<String> =
        headings.iter().map(|heading| serde_json::to_string(&heading.name)).collect::<Result<_, _>>()?;
    let mut bytes = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        bytes.extend(if is_first && number == 0 { &b"[\n"[..] } else { b",\n" });
        for (place, (name, value)) in names.iter().zip(row).enumerate() {
            bytes.extend(if place == 0 { b"{" } else { b"," });
            bytes.extend(name.as_bytes());
            bytes.push(b':');
            serde_json::to_writer(&mut bytes, value)?;
        }
        bytes.push(b'}');
    }
    Ok(bytes)
}

fn csv_rows(headings: &[Heading], rows: &[Vec<Value>]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for row in rows {
        let cells = row.iter().zip(headings).map(|(value, heading)| match value {
            Value::Null => String::new(),
            // A number that begins with a sign is no formula.
            Value::Number(number) => number.to_string(),
            Value::String(text) if heading.is_number => text.clone(),
            Value::String(text) => harmless(text),
            other => harmless(&other.to_string()),
        });
        bytes.extend(csv_row(cells)?);
    }
    Ok(bytes)
}

fn csv_row(cells: impl Iterator<Item = String>) -> io::Result<Vec<u8>> {
    let mut row = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    row.write_record(cells)?;
    row.into_inner().map_err(|error| error.into_error())
}
