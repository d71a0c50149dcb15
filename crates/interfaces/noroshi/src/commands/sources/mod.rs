//! `noroshi sources`: what came from where, and when.

mod gather;

use jiff::Timestamp;
use lake::{Compartment, Heading};
use model::time::Instant;
use page::Words;
use page::wording::{count, duration};
use serde_json::{Value, json};

use crate::arguments::Sources;
use crate::books::{self, Books};
use crate::output::{Table, Width};
use crate::{Failure, Outcome};
use gather::{Source, gather};

const SECOND: i64 = 1_000_000_000;

/// Runs the command.
///
/// # Errors
/// When there is no home, or its lake cannot be read.
pub fn run(arguments: &Sources, words: Words) -> Result<Outcome, Failure> {
    let books = Books::open(arguments.at.home.as_deref(), "its sources", words)?;
    let mut sources = gather(&books.entries().map_err(|error| books::unread(&error, words))?);
    let is_empty = sources.is_empty();
    if let Some(pattern) = &arguments.pattern {
        let word = pattern.to_lowercase();
        sources.retain(|source| source.is_called(&word));
    }
    let text = if arguments.at.json {
        let objects = sources.iter().map(object).collect();
        format!("{:#}\n", Value::Array(objects))
    } else if sources.is_empty() {
        words.get(if is_empty { "cli-sources-none" } else { "cli-sources-none-such" }) + "\n"
    } else {
        shown(&sources, words)
    };
    books.print(&text, words)
}

/// A source for programs.
fn object(source: &Source) -> Value {
    let name = Some(&source.owner.source).filter(|name| !name.is_empty());
    json!({
        "compartment": source.owner.compartment.as_str(),
        "owner": source.owner.organisation,
        "source": name,
        "source_path": &*source.source_path,
        "format": &*source.format,
        "first_received": source.first_received,
        "last_received": source.last_received,
        "batches": source.batches,
        "events": source.events,
        "latest_event": source.latest,
        "late_seconds": source.late().map(|late| late / SECOND),
        "flaws": source.flaws,
    })
}

/// A column for people.
struct Column {
    /// Key of its heading.
    heading: &'static str,
    /// Whether it stands right and is never cut, as numbers and times.
    is_whole: bool,
    value: fn(&Source, Words) -> Value,
}

/// All sources for people. What is the same for all of them, for nobody said otherwise, has no column.
fn shown(sources: &[Source], words: Words) -> String {
    let is_elsewhere = |source: &Source| source.owner.compartment != Compartment::own();
    let text = |heading, value| Column { heading, is_whole: false, value };
    let whole = |heading, value| Column { heading, is_whole: true, value };
    let mut columns = Vec::new();
    if sources.iter().any(is_elsewhere) {
        columns.push(text("cli-sources-compartment", |source, _| source.owner.compartment.as_str().into()));
    }
    columns.push(text("cli-sources-owner", |source, _| source.owner.organisation.as_str().into()));
    if sources.iter().any(|source| !source.owner.source.is_empty()) {
        columns.push(text("cli-sources-name", |source, _| source.owner.source.as_str().into()));
    }
    columns.extend([
        text("cli-sources-path", |source, _| (*source.source_path).into()),
        text("cli-sources-format", |source, _| (*source.format).into()),
        whole("cli-sources-first", |source, _| time(source.first_received)),
        whole("cli-sources-last", |source, _| time(source.last_received)),
        whole("cli-sources-batches", |source, _| count(source.batches).into()),
        whole("cli-sources-events", |source, _| count(source.events).into()),
        whole("cli-sources-latest", |source, _| source.latest.map_or(Value::Null, time)),
        whole("cli-sources-late", |source, words| source.late().map_or(Value::Null, |by| late(by, words))),
        whole("cli-sources-flaws", |source, _| count(source.flaws).into()),
    ]);
    let heading = |column: &Column| Heading { name: words.get(column.heading), is_number: column.is_whole };
    let row = |source| columns.iter().map(|column| (column.value)(source, words)).collect();
    let mut shown = Table::new(columns.iter().map(heading).collect(), Width::of_terminal());
    shown.add(sources.iter().map(row).collect());
    shown.finish()
}

/// A time to the second.
fn time(instant: Instant) -> Value {
    let timestamp: Timestamp = instant.timestamp();
    format!("{timestamp:.0}").into()
}

/// How late something came, in words.
fn late(nanoseconds: i64, words: Words) -> Value {
    let key = if nanoseconds < 0 { "cli-sources-ahead-by" } else { "cli-sources-late-by" };
    let seconds = nanoseconds.unsigned_abs() as f64 / SECOND as f64;
    words.with(key, &[("time", duration(seconds, words).into())]).into()
}
