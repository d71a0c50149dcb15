//! What may be said of a hunt.

use journal::{Decision, Stamp};
use serde::{Deserialize, Serialize};

use super::{Act, Hunt, Run, Saved};

/// Most signs of a question, of a text and of a name.
const SQL: usize = 100_000;
const TEXT: usize = 2_000;
const NAME: usize = 60;
/// Most tags of one sort.
const TAGS: usize = 50;

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Save it. Nothing changes where it is saved just so.
    Save(Saved),
    /// Say what a run came to.
    Run(Run),
    /// Let nobody run it any more.
    Retire {
        /// Why.
        reason: String,
    },
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A hunt is named by small letters, digits and `-`.
    #[error("a hunt is named by small letters, digits and dashes, {NAME} at most")]
    BadName,
    /// A hunt asks something.
    #[error("a question has 1 to {SQL} signs")]
    BadSql,
    /// What a hunt looks for is to be said.
    #[error("a text has 1 to {TEXT} signs")]
    BadText,
    /// A tag is none.
    #[error("{0:?} is no tag")]
    BadTag(String),
    /// A decision needs a reason.
    #[error("a reason must be given")]
    NoReason,
    /// There is none of this name.
    #[error("there is no such hunt")]
    NoHunt,
    /// There is no such version.
    #[error("the hunt has no version {0}")]
    NoVersion(u32),
    /// Nobody is to run it any more.
    #[error("the hunt is retired")]
    Retired,
}

pub(super) fn decide(hunt: &Hunt, command: Command, stamp: &Stamp<'_>) -> Result<Decision<Act>, Refusal> {
    match command {
        Command::Save(saved) => {
            let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if stamp.id.len() > NAME || !stamp.id.bytes().all(is_of_name) {
                return Err(Refusal::BadName);
            }
            let saved = sound(saved)?;
            let newest = hunt.versions.last().filter(|_| hunt.retired.is_none());
            let is_same = newest.is_some_and(|version| version.saved == saved);
            Ok(if is_same { Decision::nothing() } else { Decision::one(Act::Saved(saved)) })
        }
        _ if hunt.versions.is_empty() => Err(Refusal::NoHunt),
        _ if hunt.retired.is_some() => Err(Refusal::Retired),
        Command::Run(run) if hunt.version(run.version).is_none() => Err(Refusal::NoVersion(run.version)),
        Command::Run(run) => Ok(Decision::one(Act::Ran(run))),
        Command::Retire { reason } => match reason.trim() {
            "" => Err(Refusal::NoReason),
            reason if reason.chars().count() > TEXT => Err(Refusal::BadText),
            reason => Ok(Decision::one(Act::Retired { reason: reason.to_owned() })),
        },
    }
}

/// A hunt in one spelling.
fn sound(saved: Saved) -> Result<Saved, Refusal> {
    let fits = |text: &str, most| !text.is_empty() && text.chars().count() <= most;
    let (sql, text) = (saved.sql.trim().to_owned(), saved.text.trim().to_owned());
    if !fits(&sql, SQL) {
        return Err(Refusal::BadSql);
    }
    if !fits(&text, TEXT) {
        return Err(Refusal::BadText);
    }
    let is_technique = |tag: &str| {
        let (whole, part) = tag.split_once('.').map_or((tag, None), |(whole, part)| (whole, Some(part)));
        let digits =
            |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        whole.strip_prefix('T').is_some_and(|number| digits(number, 4))
            && part.is_none_or(|part| digits(part, 3))
    };
    let is_clause =
        |tag: &str| fits(tag, 20) && tag.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-');
    let techniques = tags(saved.techniques.iter().map(|tag| tag.trim().to_uppercase()), &is_technique)?;
    let clauses = tags(saved.clauses.iter().map(|tag| tag.trim().to_owned()), &is_clause)?;
    Ok(Saved { sql, text, techniques, clauses })
}

/// Tags in their order, each once.
fn tags(given: impl Iterator<Item = String>, is_one: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Refusal> {
    let mut tags: Vec<String> = given.collect();
    tags.sort();
    tags.dedup();
    match tags.iter().find(|tag| !is_one(tag)) {
        Some(wrong) => Err(Refusal::BadTag(wrong.clone())),
        None if tags.len() > TAGS => Err(Refusal::BadTag(format!("{} tags", tags.len()))),
        None => Ok(tags),
    }
}
