//! `noroshi status`: how the process is that holds a home.

use home::{Holder, Home, HomeError};
use page::Words;
use page::foreign::visible;
use page::wording::{Clock, count, size};
use serde_json::json;

use crate::acts::existing;
use crate::arguments::Status;
use crate::books::now;
use crate::holder::request::{self, Request};
use crate::holder::{Behind, Far, Unanswered};
use crate::settings::{Settings, Span};
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
    let silent = silent(&home, &status);
    if arguments.at.json {
        let mut told = json!(status);
        for (number, after) in silent.iter().enumerate() {
            told["follows"][number]["silent"] = after.is_some().into();
        }
        return output::print_json(&told, words);
    }
    output::print(&shown(&status, &silent, &clock, words), words)
}

/// Of each source that is followed, how long it may be silent, if it is for longer.
fn silent(home: &Home, status: &request::Status) -> Vec<Option<Span>> {
    // Whoever follows has them; what is wrong in them since, `config check` tells.
    let settings = Settings::read(home).unwrap_or_default();
    let after = |name: &str| settings.follow.iter().find(|one| one.name.as_str() == name)?.silent_after;
    let silent = |followed: &request::Followed| {
        after(&followed.name).filter(|after| after.is_over(followed.heard.unwrap_or(status.since), now()))
    };
    status.follows.iter().map(silent).collect()
}

fn shown(status: &request::Status, silent: &[Option<Span>], clock: &Clock, words: Words) -> String {
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
    for (followed, silent) in status.follows.iter().zip(silent) {
        let heard = followed
            .heard
            .map_or_else(|| words.get("cli-status-never"), |heard| clock.minute(heard.timestamp()));
        let values = [
            ("name", followed.name.as_str().into()),
            ("heard", heard.into()),
            ("events", count(followed.events).into()),
        ];
        text += &format!("  {}\n", visible(&words.with("cli-status-followed", &values)));
        if let Some(after) = silent {
            let after = words.with("cli-status-silent", &[("after", after.to_string().into())]);
            text += &format!("    ! {after}\n");
        }
        if let Some(trouble) = &followed.trouble {
            text += &format!("    ! {}\n", visible(trouble));
        }
    }
    if let Some(trouble) = &status.trouble {
        text += &format!("! {}\n", visible(trouble));
    }
    text
}
