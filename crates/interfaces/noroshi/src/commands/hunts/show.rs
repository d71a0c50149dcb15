//! `noroshi hunts show`: what a hunt asks, what it looks for, its versions and its runs.

use page::Words;
use page::foreign::{visible, visible_block};
use page::wording::{Clock, count};
use serde_json::{Value, json};
use watch::hunts::{self, Hunt, Hunts, RunTold};

use super::{id, refused};
use crate::acts::{self, unkept};
use crate::arguments::HuntsShow;
use crate::books::look;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range};

/// Runs the command.
///
/// # Errors
/// When there is no such hunt, or the journal cannot be read.
pub fn run(arguments: &HuntsShow, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let id = id(&arguments.name, words)?;
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let read = look(|who| {
        let (state, runs) = (reader.state::<Hunts>(who, &id)?, hunts::runs(&reader, who, &id)?);
        Ok((state, runs, acts::names(&reader, who)?))
    });
    let (state, mut runs, names) = read.map_err(|error: journal::JournalError| unkept(&error, words))?;
    let Some((hunt, _)) = state else {
        return Err(refused(&hunts::Refusal::NoHunt, &arguments.name, words));
    };
    if arguments.at.json {
        return output::print_json(&object(&arguments.name, &hunt, &runs), words);
    }
    for run in &mut runs {
        if let Some(name) = names.get(&run.actor) {
            run.actor.clone_from(name);
        }
    }
    output::print(&text(&arguments.name, (&hunt, &runs), &clock, words), words)
}

fn object(name: &str, hunt: &Hunt, runs: &[RunTold]) -> Value {
    let run = |run: &RunTold| {
        json!({
            "number": run.number, "version": run.version, "horizon": run.horizon, "rows": run.rows,
            "hash": run.hash, "again": run.again, "actor": run.actor, "at": run.at,
        })
    };
    json!({
        "name": name, "versions": hunt.versions, "retired": hunt.retired,
        "runs": runs.iter().map(run).collect::<Vec<_>>(),
    })
}

fn text(name: &str, (hunt, runs): (&Hunt, &[RunTold]), clock: &Clock, words: Words) -> String {
    let mut text = String::new();
    if let Some(newest) = hunt.versions.last() {
        let tags = newest
            .saved
            .techniques
            .iter()
            .chain(&newest.saved.clauses)
            .cloned()
            .collect::<Vec<_>>()
            .join(" ");
        let values = [
            ("name", name.into()),
            ("version", u64::from(hunt.newest()).into()),
            ("at", clock.minute(newest.at.timestamp()).into()),
            ("text", visible(&newest.saved.text).into_owned().into()),
        ];
        text += &(words.with("cli-hunt", &values) + "\n");
        if !tags.is_empty() {
            text += &format!("{tags}\n");
        }
        text += &format!("\n{}\n\n", visible_block(&newest.saved.sql));
    }
    if let Some(reason) = &hunt.retired {
        let values = [("reason", visible(reason).into_owned().into())];
        text += &(words.with("cli-hunt-retired", &values) + "\n");
    }
    if runs.is_empty() {
        text + &words.get("cli-hunt-unrun") + "\n"
    } else {
        text + &table(runs, clock, words)
    }
}

fn table(runs: &[RunTold], clock: &Clock, words: Words) -> String {
    let heading = |(name, is_number): (&str, bool)| lake::Heading {
        name: words.get(&format!("cli-hunt-head-{name}")),
        is_number,
    };
    let names = [
        ("run", true),
        ("at", false),
        ("who", false),
        ("version", true),
        ("rows", true),
        ("again", true),
        ("hash", false),
        ("horizon", false),
    ];
    let mut table = Table::new(names.map(heading).into(), Width::Any);
    let row = |run: &RunTold| -> Vec<Value> {
        [
            run.number.to_string(),
            clock.second(run.at.timestamp()),
            visible(&run.actor).into_owned(),
            run.version.to_string(),
            count(run.rows),
            run.again.map(|again| again.to_string()).unwrap_or_default(),
            run.hash.get(..16).unwrap_or_default().to_owned(),
            run.horizon.clone(),
        ]
        .map(Value::String)
        .into()
    };
    table.add(runs.iter().map(row).collect());
    table.finish()
}
