//! `noroshi query`: a question to the lake in SQL, and its answer.

pub mod refusal;

use std::io::{self, IsTerminal, Read};
use std::ops::ControlFlow;
use std::time::{Duration, Instant as Clock};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use intake::Stop;
use lake::{Answer, AskError, Question};
use page::Words;
use page::wording::{count, duration};

use crate::arguments::Query;
use crate::books::Books;
use crate::output::{self, AnswerForm, AnswerOutput, Destination, Evidence, Form, Way};
use crate::signals;
use crate::{Failure, Outcome};

pub use refusal::failure as unanswered;

/// Most bytes of a statement that is read from standard input; the lake wants fewer.
const STATEMENT: u64 = 1 << 20;
/// Time between two looks of the spinner.
const TICK: Duration = Duration::from_millis(120);

/// Runs the command.
///
/// # Errors
/// Why there is no answer.
pub fn run(arguments: &Query, words: Words) -> Result<Outcome, Failure> {
    answer(arguments, signals::stop().unwrap_or_default(), words)
}

/// Answers a question, until the user wants to stop.
///
/// # Errors
/// Why there is no answer.
pub fn answer(arguments: &Query, stop: Stop, words: Words) -> Result<Outcome, Failure> {
    let question = Question { sql: statement(&arguments.sql, words)?, values: arguments.param.clone() };
    let (home, person) = (arguments.home.as_deref(), arguments.seat.as_deref());
    let books = Books::open_as(home, &without_texts(&question.sql), person, words)?;
    let outcome = write(arguments, &Asked { books: &books, question, stop }, words);
    // Behind the answer, where it is not scrolled away.
    books.tell_unseen(words);
    outcome
}

/// A statement as the access log has it: texts in it may be names, and stand as `…`.
fn without_texts(sql: &str) -> String {
    let parts = sql.split('\'').enumerate();
    parts.map(|(number, part)| if number % 2 == 0 { part } else { "'…'" }).collect()
}

/// What is asked, and of whom.
struct Asked<'a> {
    books: &'a Books,
    question: Question,
    stop: Stop,
}

/// Writes the answer.
fn write(arguments: &Query, asked: &Asked<'_>, words: Words) -> Result<Outcome, Failure> {
    let Asked { books, stop, .. } = asked;
    let way = way(arguments, books, words)?;
    let form = match arguments {
        Query { json: true, .. } => AnswerForm::Json,
        Query { csv: true, .. } => AnswerForm::Csv,
        Query { parquet: Some(_), .. } => AnswerForm::Parquet,
        _ => AnswerForm::Table,
    };
    let began = Clock::now();
    let spinner = spinner();
    let mut output = AnswerOutput::new(form, way);
    let ended = ask(asked, &mut output, &spinner);
    let ended = ended.and_then(|()| if stop.asked() { Err(AskError::Stopped) } else { Ok(()) });
    spinner.finish_and_clear();
    match ended {
        Ok(()) => {}
        Err(AskError::Stopped) => {
            eprintln!("{}", words.get("cli-query-stopped"));
            return Ok(Outcome::Stopped);
        }
        Err(error) => return Err(refusal::failure(&error, books, words)),
    }
    let shown = arguments.parquet.as_ref().map_or("-".to_owned(), |path| path.display().to_string());
    let rows = output.finish(stop).map_err(|error| Failure::output(words, &shown, &error))?;
    if matches!(form, AnswerForm::Table | AnswerForm::Parquet) {
        let time = duration(began.elapsed().as_secs_f64(), words);
        eprintln!("{}", words.with("cli-query-rows", &[("rows", rows.into()), ("time", time.into())]));
    }
    Ok(Outcome::Done)
}

fn ask(asked: &Asked<'_>, output: &mut AnswerOutput, spinner: &ProgressBar) -> Result<(), AskError> {
    let Asked { books, question, stop } = asked;
    books.ask(question, stop, &mut |part: Answer| {
        let goes_on = output.take(&part, stop, &mut || spinner.finish_and_clear());
        spinner.set_message(count(output.rows()));
        if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
}

/// The statement as it was typed, or what standard input says.
///
/// # Errors
/// When it cannot be read.
pub fn statement(typed: &str, words: Words) -> Result<String, Failure> {
    if typed != "-" {
        return Ok(typed.to_owned());
    }
    let mut text = String::new();
    let read = io::stdin().lock().take(STATEMENT).read_to_string(&mut text);
    let refused = |error: io::Error| {
        let values = [("path", "-".into()), ("reason", error.to_string().into())];
        Failure::usage(words, "cli-error-input", &values)
    };
    read.map_err(refused).map(|_| text)
}

/// Where the answer goes: a file only where nothing is lost by it, and never into the home.
fn way(arguments: &Query, books: &Books, words: Words) -> Result<Way, Failure> {
    let Some(path) = &arguments.parquet else { return Ok(Way::StandardOutput) };
    let destination = Destination::of(path, Form::Parquet, words)?;
    if let Way::File(file) = &destination.way
        && file.starts_with(books.folder())
    {
        let values = [("path", destination.shown.into())];
        return Err(Failure::usage(words, "cli-query-error-inside", &values));
    }
    let destinations = [destination];
    output::check(&destinations, Evidence { inputs: &[], rules: &[] }, arguments.force, words)?;
    let [destination] = destinations;
    Ok(destination.way)
}

/// Shows that the lake is at work, how long, and how many rows came.
#[must_use]
pub fn spinner() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}");
    let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8))
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    spinner.enable_steady_tick(TICK);
    spinner
}
