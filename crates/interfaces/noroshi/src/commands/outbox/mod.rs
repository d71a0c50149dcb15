//! `noroshi outbox`: what was to be done outside, what became of it, and what people want of it.

mod change;
mod list;
mod show;

use journal::effect::{OUTBOX, State};
use journal::query::{Cell, Entry, Filter, LONGEST, Order, Select};
use journal::{JournalError, Looking, Reader};
use model::time::Instant;
use page::Words;
use serde_json::{Value, json};

use crate::arguments::{Outbox, OutboxOne};
use crate::books::look;
use crate::{Failure, Outcome};

/// Fewest signs of a key by which an effect is named.
const LEAST: usize = 4;

/// Runs the command.
///
/// # Errors
/// When there is no home, its journal cannot be used, or no effect has the key.
pub fn run(arguments: &Outbox, words: Words) -> Result<Outcome, Failure> {
    match &arguments.one {
        None => list::run(arguments, words),
        Some(OutboxOne::Show(arguments)) => show::run(arguments, words),
        Some(OutboxOne::Retry(arguments)) => change::retry(arguments, words),
        Some(OutboxOne::Drop(arguments)) => change::drop(arguments, words),
    }
}

/// An effect as it stands in the outbox.
#[derive(Debug, Clone)]
struct Waiting {
    key: String,
    kind: String,
    what: String,
    from: (String, i64),
    state: String,
    attempts: i64,
    /// When it is tried, as long as it waits.
    next: Option<Instant>,
    reason: String,
    ordered: Instant,
    changed: Instant,
}

impl Waiting {
    fn of(row: Entry<'_>) -> Self {
        let text = |column| row.text(column).to_owned();
        Self {
            key: text("key"),
            kind: text("kind"),
            what: text("what"),
            from: (text("stream"), row.number("sequence")),
            state: text("state"),
            attempts: row.number("attempts"),
            next: Some(row.time("next")).filter(|_| row.text("state") == State::Waiting.as_str()),
            reason: text("reason"),
            ordered: row.time("ordered_at"),
            changed: row.time("changed_at"),
        }
    }

    fn json(&self) -> Value {
        let (stream, sequence) = &self.from;
        json!({
            "key": self.key, "kind": self.kind, "what": self.what, "state": self.state,
            "attempts": self.attempts, "next": self.next, "reason": self.reason,
            "ordered": self.ordered, "changed": self.changed,
            "evidence": format!("act:{stream}/{sequence}"),
        })
    }
}

/// Effects in these states, the newest first.
fn effects(reader: &Reader, who: Looking<'_>, states: &[State]) -> Result<Vec<Waiting>, JournalError> {
    let states = states.iter().map(|state| Cell::from(state.as_str())).collect();
    let select = Select {
        filters: vec![Filter::In("state", states)],
        order: vec![Order { column: "ordered_at", falls: true }],
        ..Select::all(OUTBOX, LONGEST)
    };
    let mut all = Vec::new();
    reader.each(who, select, &mut |row| all.push(Waiting::of(row)))?;
    Ok(all)
}

/// The effect whose key begins so.
fn named(reader: &Reader, key: &str, words: Words) -> Result<Waiting, Failure> {
    let all = look(|who| effects(reader, who, &State::ALL));
    let all = all.map_err(|error| crate::acts::unkept(&error, words))?;
    let mut found = all.into_iter().filter(|one| one.key.starts_with(key));
    let wrong = |which: &str| {
        let values = [("key", page::foreign::visible(key).into_owned().into())];
        Failure::usage(words, which, &values)
    };
    match (found.next(), found.next()) {
        _ if key.len() < LEAST => Err(wrong("cli-error-outbox-short")),
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(wrong("cli-error-outbox-several")),
        (None, _) => Err(wrong("cli-error-outbox-none")),
    }
}
