//! `noroshi hunts run`: a hunt asked of what is there, or of what was there at a horizon.

use std::ops::ControlFlow;

use lake::{Answer, AskError, Compartment, Heading, Horizon, Question};
use model::hash::Sha256;
use page::Words;
use page::foreign::visible;
use page::wording::count;
use serde_json::{Map, Value, json};
use watch::hunts::{self, Command, Hunt, Hunts, Run, RunTold};

use super::digest::Digest;
use super::{id, refused};
use crate::acts::{existing, existing_hand, kinds, unkept};
use crate::arguments::HuntsRun;
use crate::books::{Books, look, unread};
use crate::commands::query::{refusal, spinner};
use crate::holder::Opening;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, signals};

/// An answer: its first rows, how many there are, and the hash of all.
struct Answered {
    headings: Vec<Heading>,
    shown: Vec<Vec<Value>>,
    rows: u64,
    hash: Sha256,
}

/// What is run, and where.
struct Running {
    version: u32,
    sql: String,
    horizon: Horizon,
    /// The run whose horizon it is.
    again: Option<RunTold>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such hunt or horizon, it cannot be asked, or an answer is not what it was.
pub fn run(arguments: &HuntsRun, words: Words) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let HuntsRun { name, at, .. } = arguments;
    let id = id(name, words)?;
    let home = existing(at.home.as_deref(), words)?;
    let reader = journal::Reader::open(&home, kinds());
    let read = look(|who| Ok((reader.state::<Hunts>(who, &id)?, hunts::runs(&reader, who, &id)?)));
    let (hunt, runs) = read.map_err(|error: journal::JournalError| unkept(&error, words))?;
    let Some((hunt, _)) = hunt else { return Err(refused(&hunts::Refusal::NoHunt, name, words)) };
    if hunt.retired.is_some() {
        return Err(refused(&hunts::Refusal::Retired, name, words));
    }
    let books = Books::open(at.home.as_deref(), &format!("hunt {name}"), words)?;
    let running = running(&hunt, runs, (&books, arguments), words)?;
    let asked = ask(&books, &running, (arguments.rows, &stop));
    let answered = match asked {
        Err(AskError::Stopped) => {
            eprintln!("{}", words.get("cli-query-stopped"));
            return Ok(Outcome::Stopped);
        }
        asked => asked.map_err(|error| refusal::failure(&error, &books, words))?,
    };
    let hand = existing_hand(at.home.as_deref(), Opening::short("hunts"), words)?;
    let run = Run {
        version: running.version,
        horizon: running.horizon.to_string(),
        rows: answered.rows,
        hash: answered.hash,
        again: running.again.as_ref().map(|again| again.number),
    };
    let done = hand.act::<Hunts>(&id, &Command::Run(run), |refusal| refused(refusal, name, words))?;
    drop(hand);
    let told = Told { arguments, running: &running, answered: &answered, act: done.sequence };
    told.print(words)?;
    books.tell_unseen(words);
    told.compare(words)
}

/// What is run and where: at the horizon that is named, or where the lake is now.
fn running(
    hunt: &Hunt,
    runs: Vec<RunTold>,
    (books, arguments): (&Books, &HuntsRun),
    words: Words,
) -> Result<Running, Failure> {
    let version = hunt.newest();
    let sql = hunt.version(version).map(|version| version.saved.sql.clone()).unwrap_or_default();
    let wrong = |text: &str| {
        let values =
            [("horizon", visible(text).into_owned().into()), ("name", arguments.name.as_str().into())];
        Failure::usage(words, "cli-error-hunts-horizon", &values)
    };
    let Some(pinned) = &arguments.pinned else {
        let horizon = books.horizon(&Compartment::own()).map_err(|error| unread(&error, words))?;
        return Ok(Running { version, sql, horizon, again: None });
    };
    let again = match pinned.parse::<u64>() {
        Ok(number) => Some(runs.into_iter().find(|run| run.number == number).ok_or_else(|| wrong(pinned))?),
        Err(_) => runs.into_iter().find(|run| run.horizon == *pinned),
    };
    let horizon = again.as_ref().map_or(pinned.as_str(), |again| again.horizon.as_str());
    let horizon = horizon.parse().map_err(|_| wrong(pinned))?;
    Ok(Running { version, sql, horizon, again })
}

fn ask(books: &Books, running: &Running, (most, stop): (usize, &intake::Stop)) -> Result<Answered, AskError> {
    let question = Question { sql: running.sql.clone(), values: Vec::new() };
    let spinner = spinner();
    let (mut digest, mut headings, mut shown) = (Digest::default(), Vec::new(), Vec::new());
    let asked = books.ask_at(&question, &running.horizon, stop, &mut |part| {
        match part {
            Answer::Columns(columns) => {
                headings = lake::headings(&columns);
                digest.columns(headings.iter().map(|heading| heading.name.clone()).collect());
            }
            Answer::Rows(rows) => {
                for row in lake::values(&rows) {
                    digest.row(&row);
                    if shown.len() < most {
                        shown.push(row);
                    }
                }
                spinner.set_message(count(digest.rows()));
            }
        }
        if stop.asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    spinner.finish_and_clear();
    asked?;
    if stop.asked() {
        return Err(AskError::Stopped);
    }
    Ok(Answered { headings, shown, rows: digest.rows(), hash: digest.finish() })
}

/// A run, to be told.
struct Told<'a> {
    arguments: &'a HuntsRun,
    running: &'a Running,
    answered: &'a Answered,
    act: u64,
}

impl Told<'_> {
    fn print(&self, words: Words) -> Result<Outcome, Failure> {
        let Self { arguments, running, answered, act } = self;
        if arguments.at.json {
            let named = |row: &Vec<Value>| -> Map<String, Value> {
                let names = answered.headings.iter().map(|heading| heading.name.clone());
                names.zip(row.iter().cloned()).collect()
            };
            let told = json!({
                "name": arguments.name, "version": running.version, "horizon": running.horizon,
                "rows": answered.rows, "hash": answered.hash,
                "again": running.again.as_ref().map(|again| again.number), "is_same": self.is_same(),
                "act": format!("act:watch/hunt/{}/{act}", arguments.name),
                "answer": answered.shown.iter().map(named).collect::<Vec<_>>(),
            });
            return output::print_json(&told, words);
        }
        let mut table = Table::new(answered.headings.clone(), Width::of_terminal());
        table.add(answered.shown.clone());
        output::print(&table.finish(), words)?;
        let left = answered.rows - answered.shown.len() as u64;
        let values = [
            ("rows", answered.rows.into()),
            ("left", left.into()),
            ("horizon", running.horizon.to_string().into()),
            ("hash", answered.hash.to_string().into()),
        ];
        eprintln!("{}", words.with("cli-hunts-ran", &values));
        Ok(Outcome::Done)
    }

    /// Whether the answer is that of the run at whose horizon it was asked; none where that asked something else.
    fn is_same(&self) -> Option<bool> {
        let again = self.running.again.as_ref()?;
        let is_comparable = again.version == u64::from(self.running.version);
        is_comparable.then(|| again.hash == self.answered.hash.to_string())
    }

    /// Says whether the answer is what it was.
    fn compare(&self, words: Words) -> Result<Outcome, Failure> {
        let number = self.running.again.as_ref().map_or(0, |again| again.number);
        let values = [("number", number.into())];
        match self.is_same() {
            None => Ok(Outcome::Done),
            Some(true) => {
                eprintln!("{}", words.with("cli-hunts-same", &values));
                Ok(Outcome::Done)
            }
            Some(false) => Err(Failure { code: 1, text: words.with("cli-error-hunts-differs", &values) }),
        }
    }
}
