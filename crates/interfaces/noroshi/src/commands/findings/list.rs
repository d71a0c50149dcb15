//! `noroshi findings`: which there are.

use page::Words;
use page::foreign::visible;
use page::wording::Clock;
use serde_json::Value;
use watch::findings::{self, Listed, Status, Wanted};

use super::told;
use crate::acts::{self, unkept};
use crate::arguments::Findings;
use crate::books::look;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range, seat};

/// Where a finding stands that somebody may want to do something about.
const OPEN: [Status; 2] = [Status::New, Status::Progress];

pub(super) fn run(arguments: &Findings, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let wanted = wanted(arguments, words)?;
    seat::take(arguments.at.home.as_deref(), arguments.seat.as_deref(), words)?;
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    // One more says whether there are more.
    let more = Wanted { limit: wanted.limit.map(|limit| limit + 1), ..wanted.clone() };
    let mut all = look(|who| findings::list(&reader, who, &more)).map_err(|error| unkept(&error, words))?;
    let is_more = wanted.limit.is_some_and(|limit| all.len() > limit);
    all.truncate(wanted.limit.unwrap_or(usize::MAX));
    if arguments.at.json {
        return output::print_json(&all.iter().map(told::json).collect::<Vec<_>>(), words);
    }
    if all.is_empty() {
        return output::print(&(words.get("findings-none") + "\n"), words);
    }
    let mut text = shown(&all, &clock, words);
    if is_more {
        text += &format!("\n{}\n", words.with("findings-more", &[("shown", all.len().into())]));
    }
    output::print(&text, words)
}

fn wanted(arguments: &Findings, words: Words) -> Result<Wanted, Failure> {
    let Findings { state, level, text, limit, all, .. } = arguments;
    let known = |word: &String| {
        let wrong = [("state", visible(word).into_owned().into())];
        Status::parse(word).ok_or_else(|| Failure::usage(words, "findings-error-state", &wrong))
    };
    let states: Vec<Status> = state.iter().map(known).collect::<Result<_, _>>()?;
    let states = if states.is_empty() { OPEN.to_vec() } else { states };
    let limit = (!all).then_some(*limit);
    Ok(Wanted { states, level: *level, text: text.clone(), limit, ..Wanted::default() })
}

fn shown(all: &[Listed], clock: &Clock, words: Words) -> String {
    let heading = |name: &str| {
        let is_number = matches!(name, "number" | "verdicts");
        lake::Heading { name: words.get(&format!("findings-head-{name}")), is_number }
    };
    let names = ["number", "level", "state", "last", "verdicts", "host", "title", "owner"];
    let row = |finding: &Listed| -> Vec<Value> {
        let state = match finding.disposition.as_str() {
            "" => told::status(finding.status, words),
            word => told::disposition(word, words),
        };
        let texts = [
            finding.number.to_string(),
            told::level(finding.level, words),
            state,
            told::minute(finding.last, clock),
            finding.verdicts.to_string(),
            told::hosts(finding, words),
            visible(&finding.title).into_owned(),
            visible(&finding.owner).into_owned(),
        ];
        texts.into_iter().map(Value::String).collect()
    };
    let mut table = Table::new(names.map(heading).into(), Width::of_terminal());
    table.add(all.iter().map(row).collect());
    table.finish()
}
