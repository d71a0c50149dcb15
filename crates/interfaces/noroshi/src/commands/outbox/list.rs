//! `noroshi outbox`: what waits, lies here or was given up.

use journal::effect::State;
use page::Words;
use page::foreign::visible;
use page::wording::Clock;
use serde_json::Value;

use super::{Waiting, effects};
use crate::acts::{self, unkept};
use crate::arguments::Outbox;
use crate::books::look;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range};

/// States in which somebody may want to do something.
const OPEN: [State; 3] = [State::Waiting, State::Kept, State::GivenUp];
/// Signs of a key that are shown; more need not be typed.
const SHOWN: usize = 8;

pub(super) fn run(arguments: &Outbox, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let states: &[State] = if arguments.all { &State::ALL } else { &OPEN };
    let all = look(|who| effects(&reader, who, states)).map_err(|error| unkept(&error, words))?;
    if arguments.at.json {
        return output::print_json(&all.iter().map(Waiting::json).collect::<Vec<_>>(), words);
    }
    if all.is_empty() {
        return output::print(&(words.get("cli-outbox-none") + "\n"), words);
    }
    output::print(&shown(&all, &clock, words), words)
}

fn shown(all: &[Waiting], clock: &Clock, words: Words) -> String {
    let heading = |name: &str| {
        let is_number = name == "attempts";
        lake::Heading { name: words.get(&format!("cli-outbox-head-{name}")), is_number }
    };
    let headings = ["key", "state", "what", "since", "attempts", "next", "reason"].map(heading);
    let row = |one: &Waiting| -> Vec<Value> {
        let next = one.next.map(|next| clock.minute(next.timestamp()));
        let texts = [
            one.key.get(..SHOWN).unwrap_or_default().to_owned(),
            state(one, words),
            what(one, words),
            clock.minute(one.ordered.timestamp()),
            one.attempts.to_string(),
            next.unwrap_or_default(),
            visible(&one.reason).into_owned(),
        ];
        texts.into_iter().map(Value::String).collect()
    };
    let mut table = Table::new(headings.into(), Width::Any);
    table.add(all.iter().map(row).collect());
    table.finish()
}

/// What became of it.
pub(super) fn state(one: &Waiting, words: Words) -> String {
    words.get(&format!("cli-outbox-state-{}", one.state.replace('_', "-")))
}

/// What it is, in words where there are some.
fn what(one: &Waiting, words: Words) -> String {
    let key = format!("cli-outbox-what-{}", one.what.replace('.', "-"));
    if one.kind == "mail" && words.has(&key) { words.get(&key) } else { visible(&one.what).into_owned() }
}
