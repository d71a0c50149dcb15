//! `noroshi status`: how the process is that holds a home.

use home::{Holder, HomeError};
use page::Words;
use page::foreign::visible;
use page::wording::{Clock, count, size};
use serde_json::json;

use crate::acts::existing;
use crate::arguments::Status;
use crate::holder::request::{self, Request};
use crate::holder::{Behind, Far, Unanswered};
use crate::{Failure, Outcome, output, range};

/// Runs the command.
///
/// # Errors
/// When there is no home. That nobody holds it is told, and the exit code is 3.
pub fn run(arguments: &Status, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let home = existing(arguments.at.home.as_deref(), words)?;
    let mut far = Far::open(home.path(), words).map_err(|error| {
        let path = home.path().display().to_string();
        if matches!(home.holder(), Ok(Holder::Process { .. })) {
            // It is a short command, or does not take clients.
            let values = [("path", path.into()), ("reason", error.to_string().into())];
            return Failure { code: 1, text: words.with("cli-error-status-mute", &values) };
        }
        Failure { code: 3, text: words.with("cli-error-status-none", &[("path", path.into())]) }
    })?;
    let answer = far.ask(&Request::Status, &Behind::Nothing).map_err(|unanswered| match unanswered {
        Unanswered::Failed(failure) => failure,
        Unanswered::NotBegun | Unanswered::Unknown(_) => {
            let busy = HomeError::Busy { path: home.path().to_owned(), holder: None };
            crate::books::homeless(&busy, words)
        }
    })?;
    let status: request::Status =
        serde_json::from_value(answer).map_err(|error| Failure { code: 1, text: error.to_string() })?;
    if arguments.at.json {
        return output::print_json(&json!(status), words);
    }
    output::print(&shown(&status, &clock, words), words)
}

fn shown(status: &request::Status, clock: &Clock, words: Words) -> String {
    let values = [
        ("command", status.command.as_str().into()),
        ("process", status.process.to_string().into()),
        ("version", status.version.as_str().into()),
        ("since", clock.minute(status.since.timestamp()).into()),
        ("events", count(status.events).into()),
        ("batches", count(status.batches).into()),
        ("free", size(status.free).into()),
        ("clients", count(status.clients).into()),
    ];
    let mut text = words.with("cli-status", &values) + "\n";
    for followed in &status.follows {
        let heard = followed
            .heard
            .map_or_else(|| words.get("cli-status-never"), |heard| clock.minute(heard.timestamp()));
        let values = [
            ("name", followed.name.as_str().into()),
            ("heard", heard.into()),
            ("events", count(followed.events).into()),
        ];
        text += &format!("  {}\n", visible(&words.with("cli-status-followed", &values)));
        if let Some(trouble) = &followed.trouble {
            text += &format!("    ! {}\n", visible(trouble));
        }
    }
    if let Some(trouble) = &status.trouble {
        text += &format!("! {}\n", visible(trouble));
    }
    text
}
