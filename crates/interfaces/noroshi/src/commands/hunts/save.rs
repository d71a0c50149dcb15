//! `noroshi hunts save`: a question that is to be asked again, and what it looks for.

use std::ops::ControlFlow;

use intake::Stop;
use lake::{AskError, LakeError, Question};
use page::Words;
use serde_json::json;
use watch::hunts::{Command, Hunts, Saved};

use super::{id, refused};
use crate::acts::hand;
use crate::arguments::HuntsSave;
use crate::books::Books;
use crate::commands::query::{refusal, statement};
use crate::holder::Opening;
use crate::{Failure, Outcome, output};

/// Runs the command.
///
/// # Errors
/// When it cannot be asked, or the journal cannot be used.
pub fn run(arguments: &HuntsSave, words: Words) -> Result<Outcome, Failure> {
    let HuntsSave { name, text, technique, clause, at, .. } = arguments;
    let id = id(name, words)?;
    let sql = statement(&arguments.sql, words)?;
    let hand = hand(at.home.as_deref(), Opening::short("hunts"), words)?;
    let place = hand.home().path().to_owned();
    let command = Command::Save(Saved {
        sql: sql.clone(),
        text: text.clone(),
        techniques: technique.clone(),
        clauses: clause.clone(),
    });
    // What can never be asked is not saved; what cannot be asked yet is.
    let unasked = check(&Books::open(Some(&place), "whether a hunt can be asked", words)?, sql, words)?;
    let done = hand.act::<Hunts>(&id, &command, |refusal| refused(refusal, name, words))?;
    let is_new = done.position.is_some();
    if at.json {
        let act = format!("act:watch/hunt/{name}/{}", done.sequence);
        return output::print_json(&json!({ "name": name, "is_new": is_new, "act": act }), words);
    }
    let key = if is_new { "cli-hunts-saved" } else { "cli-hunts-saved-before" };
    let mut said = words.with(key, &[("name", name.as_str().into())]) + "\n";
    if let Some(unasked) = unasked {
        said += &(words.with("cli-hunts-unasked", &[("reason", unasked.into())]) + "\n");
    }
    output::print(&said, words)
}

/// Why a question cannot be asked yet, if so.
fn check(books: &Books, sql: String, words: Words) -> Result<Option<String>, Failure> {
    let question = Question { sql, values: Vec::new() };
    match books.ask(&question, &Stop::default(), &mut |_| ControlFlow::Break(())) {
        Ok(()) => Ok(None),
        Err(
            error @ (AskError::Lake(LakeError::NoTable(_))
            | AskError::NotATable(_)
            | AskError::NoColumn { .. }),
        ) => Ok(Some(refusal::failure(&error, books, words).text)),
        Err(error) => Err(refusal::failure(&error, books, words)),
    }
}
