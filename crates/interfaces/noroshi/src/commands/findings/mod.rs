//! `noroshi findings`: verdicts that tell one story, and what people make of them.

mod change;
mod join;
mod list;
mod rules;
mod show;
mod told;

use journal::{ActError, NotDone};
use page::Words;
use verdicts::VerdictsError;
use watch::findings::{Findings, Refusal};

use crate::arguments::{self, FindingsOne};
use crate::books::with_cause;
use crate::{Failure, Outcome, acts};

/// Runs the command.
///
/// # Errors
/// When there is no home, its journal cannot be used, or what is asked for is refused.
pub fn run(arguments: &arguments::Findings, words: Words) -> Result<Outcome, Failure> {
    match &arguments.one {
        None => list::run(arguments, words),
        Some(FindingsOne::Show(arguments)) => show::run(arguments, words),
        Some(FindingsOne::Take(arguments)) => change::take(arguments, words),
        Some(FindingsOne::Release(arguments)) => change::release(arguments, words),
        Some(FindingsOne::Close(arguments)) => change::close(arguments, words),
        Some(FindingsOne::Reopen(arguments)) => change::reopen(arguments, words),
        Some(FindingsOne::Grade(arguments)) => change::grade(arguments, words),
        Some(FindingsOne::Title(arguments)) => change::title(arguments, words),
        Some(FindingsOne::Note(arguments)) => change::note(arguments, words),
        Some(FindingsOne::Attach(arguments)) => change::attach(arguments, words),
        Some(FindingsOne::Clear(arguments)) => change::clear(arguments, words),
        Some(FindingsOne::Withhold(arguments)) => change::withhold(arguments, words),
        Some(FindingsOne::Undo(arguments)) => change::undo(arguments, words),
        Some(FindingsOne::Merge(arguments)) => join::merge(arguments, words),
        Some(FindingsOne::Separate(arguments)) => join::separate(arguments, words),
        Some(FindingsOne::Split(arguments)) => join::split(arguments, words),
        Some(FindingsOne::Rules(arguments)) => rules::run(arguments, words),
    }
}

/// Why something was not done with a finding, in words.
fn refused(refusal: &Refusal, number: u64, words: Words) -> Failure {
    let (key, other) = match refusal {
        Refusal::Missing => ("missing", 0),
        Refusal::NoReason => ("no-reason", 0),
        Refusal::BadText => ("bad-text", 0),
        Refusal::Already => ("already", 0),
        Refusal::Part(whole) => ("part", *whole),
        Refusal::HasParts => ("has-parts", 0),
        Refusal::Closed => ("closed", 0),
        Refusal::NotClosed => ("not-closed", 0),
        Refusal::NotPart(other) => ("not-part", *other),
        Refusal::Held => ("held", 0),
        Refusal::ChangedSince => ("changed-since", 0),
        Refusal::Meanwhile => ("meanwhile", 0),
        Refusal::Empty => ("empty", 0),
    };
    let values = [("number", number.into()), ("other", other.into())];
    Failure::usage(words, &format!("findings-error-{key}"), &values)
}

/// Why nothing was done of what was to be done together, in words.
fn not_done(not_done: NotDone, words: Words) -> Failure {
    let number = not_done.stream.rsplit('/').next().and_then(|id| id.parse().ok()).unwrap_or_default();
    let error: ActError<Refusal> = not_done.why.of::<Findings>();
    acts::undone(error, words, |refusal| refused(refusal, number, words))
}

/// Why verdicts cannot be read, in words.
fn unseen(error: &VerdictsError, words: Words) -> Failure {
    Failure { code: 1, text: words.with("cli-error-lake", &[("reason", with_cause(error).into())]) }
}

/// There is no such finding.
fn missing(number: u64, words: Words) -> Failure {
    refused(&Refusal::Missing, number, words)
}
