//! What a home has received and not yet in its lake: whoever may write adds it before reading, and
//! everybody else is told how much is not seen.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use detect::Placeholders;
use home::{Home, HomeError, Writer};
use intake::Stop;
use lake::{Damaged, Looking, Tables};
use model::catalogue::Catalogue;
use observations::{Derive, Observations, Opened, Target, Waiting};
use page::Words;
use page::foreign::visible;

use crate::books::{look, with_cause};
use crate::detecting;
use crate::sets::Sets;

/// What readers of a home do not see.
#[derive(Debug)]
pub enum Unseen {
    /// All that was received is in the lake.
    Nothing,
    /// This waits, and another process adds it: its number, or a word that the text knows.
    BeingAdded(Waiting, String),
    /// This waits, and cannot be added from here.
    Waiting(Waiting, String),
    /// Nobody knows.
    Unknown(String),
}

/// Adds to the lake what a home has received, if this process may; gives what readers still miss.
pub fn settle(home: &Home, words: Words) -> Unseen {
    look(|who| settle_as(home, who, words))
}

fn settle_as(home: &Home, who: Looking<'_>, words: Words) -> Unseen {
    let waiting = match observations::waiting(home, who) {
        Ok(waiting) if waiting == Waiting::default() => return Unseen::Nothing,
        Ok(waiting) => waiting,
        Err(error) => return Unseen::Unknown(with_cause(&error)),
    };
    match add(home, who, words) {
        Ok(opened) => {
            tell_opened(&opened, words);
            Unseen::Nothing
        }
        Err(Hindrance::Busy(process)) => Unseen::BeingAdded(waiting, process),
        Err(Hindrance::Other(reason)) => Unseen::Waiting(waiting, reason),
    }
}

impl Unseen {
    /// Says what is not seen, if there is anything.
    pub fn tell(&self, words: Words) {
        let (key, (name, said), Waiting { batches, rows }) = match self {
            Self::Nothing => return,
            Self::BeingAdded(waiting, process) => ("cli-unseen-being-added", ("process", process), *waiting),
            Self::Waiting(waiting, reason) => ("cli-unseen", ("reason", reason), *waiting),
            Self::Unknown(reason) => ("cli-unseen-unknown", ("reason", reason), Waiting::default()),
        };
        let values = [("rows", rows.into()), ("batches", batches.into()), (name, said.as_str().into())];
        eprintln!("noroshi: {}", words.with(key, &values));
    }
}

/// Why nothing can be added from here.
enum Hindrance {
    /// Another process writes.
    Busy(String),
    Other(String),
}

impl Hindrance {
    fn of(error: &dyn std::error::Error) -> Self {
        Self::Other(with_cause(error))
    }
}

/// Adds what the spool holds, as every process does that takes the home to write. The home is free again
/// when this returns.
fn add(home: &Home, who: Looking<'_>, words: Words) -> Result<Opened, Hindrance> {
    if !home.is_own() {
        let path = home.path().display();
        return Err(Hindrance::Other(format!("the home {path} belongs to another user")));
    }
    let writer = Writer::take(home.path()).map_err(|error| match error {
        HomeError::Busy { holder, .. } => Hindrance::Busy(holder.unwrap_or_else(|| "none".to_owned())),
        error => Hindrance::of(&error),
    })?;
    // It may take minutes, during which nothing else is said.
    if io::stderr().is_terminal() {
        eprintln!("{}", words.get("cli-received-adding"));
    }
    let catalogue = Catalogue::bundled().map_err(|error| Hindrance::of(&error))?;
    // Whoever received it may have named other rules: `detect --lake` runs those over it.
    let running = Sets::at(Some(home.clone()), words).running(&Placeholders::new(), &Stop::default());
    let running = running.map_err(|error| Hindrance::of(&error))?.unwrap_or_default();
    let derive: Arc<dyn Derive> = detecting::with(running, catalogue.clone());
    let target = Target { tables: Arc::new(Tables::new(catalogue)), derive: Some(derive) };
    let opened = Observations::open(&writer, who, target);
    opened.map(|(_, opened)| opened).map_err(|error| Hindrance::of(&error))
}

/// Tells what was found when observations were opened.
pub fn tell_opened(opened: &Opened, words: Words) {
    tell_damaged(&opened.damaged, words);
    if opened.lost > 0 {
        eprintln!("noroshi: {}", words.with("cli-error-rows-lost", &[("batches", opened.lost.into())]));
    }
    if opened.recovered > 0 {
        eprintln!("{}", words.with("cli-ingest-recovered", &[("batches", opened.recovered.into())]));
    }
    let torn = opened.damages.iter().filter(|damage| !damage.at_end);
    for damage in torn {
        let values = [
            ("segment", damage.segment.as_str().into()),
            ("offset", damage.offset.into()),
            ("bytes", damage.bytes.into()),
        ];
        eprintln!("noroshi: {}", words.with("cli-error-spool-damaged", &values));
    }
    for unreadable in &opened.unreadable {
        let values = [("number", unreadable.number.into()), ("reason", with_cause(&unreadable.error).into())];
        eprintln!("noroshi: {}", words.with("cli-error-spool-unreadable", &values));
    }
}

/// Tells which newest commits of tables were not whole.
pub fn tell_damaged(damaged: &[Damaged], words: Words) {
    for commit in damaged {
        let values =
            [("path", commit.path.display().to_string().into()), ("reason", commit.why.as_str().into())];
        eprintln!("noroshi: {}", visible(&words.with("cli-error-commit-damaged", &values)));
    }
}
