//! `noroshi rules history`: who decided what about sets of rules, when and why.

use journal::{Kind as _, Looking, Reader, Recorded};
use page::Words;
use page::foreign::visible;
use page::wording::Clock;
use serde_json::{Value, json};
use watch::rulesets::{Act, BUNDLED, Rulesets, name_of};

use crate::acts::{self, unkept};
use crate::arguments::RulesHistory;
use crate::books::look;
use crate::output::print;
use crate::{Failure, Outcome, range};

/// Acts that are read at once.
const PAGE: usize = 1_000;

/// Runs the command.
///
/// # Errors
/// When there is no home, or its journal cannot be read.
pub fn run(arguments: &RulesHistory, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let told = look(|who| told(&reader, who, arguments.set.as_deref()));
    let told = told.map_err(|error| unkept(&error, words))?;
    if let Some(set) = arguments.set.as_deref().filter(|_| told.is_empty()) {
        let known = set == BUNDLED;
        if !known {
            let values = [("set", set.into()), ("version", 0u64.into())];
            return Err(Failure::usage(words, "cli-error-rules-set", &values));
        }
    }
    let text = if arguments.at.json {
        format!("{:#}\n", Value::Array(told.iter().map(Told::json).collect()))
    } else if told.is_empty() {
        words.get("cli-rules-history-none") + "\n"
    } else {
        told.iter().map(|told| told.line(&clock, words)).collect()
    };
    print(&text, words)
}

/// An act, and the name of who did it as far as it is known.
struct Told {
    set: String,
    recorded: Recorded,
    name: String,
}

fn told(reader: &Reader, who: Looking<'_>, set: Option<&str>) -> Result<Vec<Told>, journal::JournalError> {
    let names = acts::names(reader, who)?;
    let mut all = Vec::new();
    for stream in reader.streams::<Rulesets>(who)? {
        let name = stream.trim_start_matches(Rulesets::NAME).trim_start_matches('/').to_owned();
        if set.is_some_and(|set| set != name) {
            continue;
        }
        let mut after = 0;
        loop {
            let acts = reader.history(who, &stream, (after, PAGE))?;
            let Some(last) = acts.last() else { break };
            after = last.sequence;
            all.extend(acts.into_iter().map(|recorded| {
                let by = names.get(recorded.actor.subject()).cloned().unwrap_or_default();
                Told { set: name.clone(), recorded, name: by }
            }));
        }
    }
    all.sort_by_key(|told| told.recorded.at);
    Ok(all)
}

impl Told {
    fn json(&self) -> Value {
        let Recorded { act, actor, at, sequence, stream, .. } = &self.recorded;
        json!({
            "set": self.set, "sequence": sequence, "at": at, "actor": actor,
            "name": if self.name.is_empty() { Value::Null } else { self.name.as_str().into() },
            "act": act, "evidence": format!("act:{stream}/{sequence}"),
        })
    }

    fn line(&self, clock: &Clock, words: Words) -> String {
        let Recorded { actor, at, .. } = &self.recorded;
        let by = if self.name.is_empty() { actor.subject() } else { &self.name };
        format!("{}  {}  {}\n", clock.moment(at.timestamp()), visible(by), visible(&self.what(clock, words)))
    }

    /// What was done, in words.
    fn what(&self, clock: &Clock, words: Words) -> String {
        // What a later version of the program wrote is shown as it stands there.
        let Ok(act) = serde_json::from_value::<Act>(self.recorded.act.clone()) else {
            return self.recorded.act.to_string();
        };
        let set = self.set.as_str();
        let say = |key: &str, values: &[(&'static str, page::Value)]| words.with(key, values);
        match act {
            Act::Added { version, added } => say(
                "cli-rules-act-added",
                &[
                    ("version", name_of(set, version).into()),
                    ("rules", u64::from(added.rules).into()),
                    ("source", added.source.into()),
                ],
            ),
            Act::Enabled { version: 0, reason } => {
                say("cli-rules-act-enabled", &[("version", set.into()), ("reason", reason.into())])
            }
            Act::Enabled { version, reason } => {
                let version = name_of(set, version);
                say("cli-rules-act-enabled", &[("version", version.into()), ("reason", reason.into())])
            }
            Act::Disabled { reason } => {
                say("cli-rules-act-disabled", &[("set", set.into()), ("reason", reason.into())])
            }
            Act::Excluded { rule, title, reason, until } => {
                let key =
                    if until.is_some() { "cli-rules-act-excluded-until" } else { "cli-rules-act-excluded" };
                let until = until.map(|until| clock.moment(until.timestamp())).unwrap_or_default();
                let values = [
                    ("set", set.into()),
                    ("rule", rule.into()),
                    ("title", title.into()),
                    ("reason", reason.into()),
                    ("until", until.into()),
                ];
                say(key, &values)
            }
            Act::Warned { rule, until } => say(
                "cli-rules-act-warned",
                &[
                    ("set", set.into()),
                    ("rule", rule.into()),
                    ("until", clock.moment(until.timestamp()).into()),
                ],
            ),
            Act::Included { rule, title, reason } => {
                let key = if reason.is_some() { "cli-rules-act-included" } else { "cli-rules-act-expired" };
                let reason = reason.unwrap_or_default();
                let values = [
                    ("set", set.into()),
                    ("rule", rule.into()),
                    ("title", title.into()),
                    ("reason", reason.into()),
                ];
                say(key, &values)
            }
        }
    }
}
