//! `noroshi find`: where values stand, first and last seen, and how often.

mod shown;
mod wanted;

use std::io::{self, Write};
use std::time::Instant as Clock;

use intake::Stop;
use lake::{Compartment, FindError, Found};
use page::Words;
use page::wording::{count, duration};

use crate::arguments::Find;
use crate::books::{self, Books, Wanted};
use crate::range::{self, Range};
use crate::{Failure, Outcome, signals};

/// Runs the command.
///
/// # Errors
/// Why nothing can be said.
pub fn run(arguments: &Find, words: Words) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let zone = range::zone(&arguments.zone, words)?;
    let range = Range::of(arguments.from.as_deref(), arguments.to.as_deref(), &zone, words)?;
    let values = wanted::read(arguments, words)?;
    let compartment = compartment(&arguments.compartment, words)?;
    let (home, person) = (arguments.at.home.as_deref(), arguments.seat.as_deref());
    let books = Books::open_as(home, &told(&values), person, words)?;
    let began = Clock::now();
    let wanted = Wanted {
        compartment: &compartment,
        values: &values,
        range,
        rows: arguments.rows.unwrap_or(0).into(),
    };
    let found = match look(&books, &wanted, &stop) {
        Ok(found) => found,
        Err(FindError::Stopped) => {
            eprintln!("{}", words.get("cli-query-stopped"));
            return Ok(Outcome::Stopped);
        }
        Err(error) => return Err(books::unfound(&error, words)),
    };
    let written = write(arguments, &values, &found, words);
    books.tell_unseen(words);
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        return Err(Failure::output(words, "-", &error));
    }
    let there = found.iter().filter(|found| found.rows > 0).count();
    let time = duration(began.elapsed().as_secs_f64(), words);
    let said = [("found", there.into()), ("values", values.len().into()), ("time", time.into())];
    eprintln!("{}", words.with("cli-find-done", &said));
    Ok(Outcome::Done)
}

fn compartment(name: &str, words: Words) -> Result<Compartment, Failure> {
    name.parse().map_err(|_| Failure::usage(words, "cli-find-error-compartment", &[("name", name.into())]))
}

/// Looks, and shows how far it is.
///
/// # Errors
/// Why nothing can be said.
pub fn look(books: &Books, wanted: &Wanted<'_>, stop: &Stop) -> Result<Vec<Found>, FindError> {
    let spinner = super::query::spinner();
    let told = |done: usize, of: usize| {
        spinner.set_message(format!("{} / {}", count(done as u64), count(of as u64)))
    };
    let found = books.find(wanted, stop, &told);
    spinner.finish_and_clear();
    if stop.asked() { Err(FindError::Stopped) } else { found }
}

fn write(
    arguments: &Find,
    values: &[model::indicator::Indicator],
    found: &[Found],
    words: Words,
) -> io::Result<()> {
    let text =
        if arguments.at.json { shown::lines(values, found)? } else { shown::tables(values, found, words) };
    io::stdout().lock().write_all(text.as_bytes())
}

/// What is looked for, as the access log has it: how many values, for they may be names.
fn told(values: &[model::indicator::Indicator]) -> String {
    format!("{} values", values.len())
}
