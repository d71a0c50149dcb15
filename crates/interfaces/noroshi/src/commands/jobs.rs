//! `noroshi jobs`: long work, and how far it is.

use journal::jobs::{Job, JobState};
use page::Words;
use page::foreign::visible;
use page::wording::{Clock, percent};
use serde_json::{Value, json};

use crate::acts::{self, unkept};
use crate::arguments::Jobs;
use crate::books::look;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range};

/// Runs the command.
///
/// # Errors
/// When there is no home, or its journal cannot be read.
pub fn run(arguments: &Jobs, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let jobs = look(|who| reader.jobs(who)).map_err(|error| unkept(&error, words))?;
    if arguments.at.json {
        return output::print_json(&jobs.iter().map(line).collect::<Vec<_>>(), words);
    }
    if jobs.is_empty() {
        return output::print(&(words.get("cli-jobs-none") + "\n"), words);
    }
    output::print(&shown(&jobs, &clock, words), words)
}

fn line(job: &Job) -> Value {
    json!({
        "id": job.id, "kind": job.kind, "what": job.what, "done": job.done, "total": job.total,
        "state": job.state.to_string(), "reason": job.reason, "actor": job.actor,
        "made": job.made, "changed": job.changed,
    })
}

fn shown(jobs: &[Job], clock: &Clock, words: Words) -> String {
    let heading = |key: &str| lake::Heading { name: words.get(key), is_number: false };
    let headings =
        ["kind", "state", "done", "changed", "note"].map(|name| heading(&format!("cli-jobs-head-{name}")));
    let row = |job: &Job| -> Vec<Value> {
        let done = match job.total {
            0 => String::new(),
            total => format!("{}/{total} ({} %)", job.done, percent(job.done, total)),
        };
        let next = match job.state {
            JobState::Open if words.has(&format!("cli-jobs-next-{}", job.kind.replace('.', "-"))) => {
                words.get(&format!("cli-jobs-next-{}", job.kind.replace('.', "-")))
            }
            JobState::Failed => visible(&job.reason).to_string(),
            JobState::Open | JobState::Done => String::new(),
        };
        let texts = [
            words.get(&format!("cli-jobs-kind-{}", job.kind.replace('.', "-"))),
            words.get(&format!("cli-jobs-state-{}", job.state)),
            done,
            clock.minute(job.changed.timestamp()),
            next,
        ];
        texts.into_iter().map(Value::String).collect()
    };
    let mut table = Table::new(headings.into(), Width::Any);
    table.add(jobs.iter().map(row).collect());
    table.finish()
}
