//! Why a question has no answer, and what to do, in words.

use lake::{AskError, Gone, LakeError};
use page::{Value, Words};

use crate::Failure;
use crate::books::{Books, unread};
use crate::near::near;

/// What a question failed by.
#[must_use]
pub fn failure(error: &AskError, books: &Books, words: Words) -> Failure {
    let usage = |key: &str, values: &[(&'static str, Value)]| Failure::usage(words, key, values);
    let reason = |text: &str| [("reason", page::foreign::visible(text).into_owned().into())];
    match error {
        AskError::Large { what, found, most } => {
            let values = [("found", (*found).into()), ("most", (*most).into())];
            usage(large(what), &values)
        }
        AskError::Unreadable(said) => usage("cli-query-error-unreadable", &reason(said)),
        AskError::NotAQuestion(what) => usage("cli-query-error-reads", &reason(what)),
        AskError::NotATable(name) => table(name, books, words),
        AskError::NotAtHorizon(name) => {
            usage("cli-query-error-horizon", &[("name", page::foreign::visible(name).into_owned().into())])
        }
        AskError::Gone(Gone::Batches { found, expected }) => {
            let values = [("found", (*found).into()), ("expected", (*expected).into())];
            over(words.with("cli-query-error-gone-batches", &values))
        }
        AskError::Gone(Gone::Rows { rows }) => {
            over(words.with("cli-query-error-gone-rows", &[("rows", (*rows).into())]))
        }
        AskError::Lake(LakeError::NoTable(name)) => table(&name.in_sql(), books, words),
        AskError::NoColumn { name, known } => column(name, known, words),
        AskError::Dotted => usage("cli-query-error-dots", &[]),
        AskError::NoValue(name) => usage("cli-query-error-value", &[("name", name.as_str().into())]),
        AskError::Cross => usage("cli-query-error-cross", &[]),
        // The question is right, and a file that it reads is not.
        AskError::Wrong(said) if is_of_a_file(said) => {
            over(words.with("cli-query-error-damaged", &reason(said)))
        }
        AskError::Wrong(said) => usage("cli-query-error-wrong", &reason(said)),
        AskError::Room(said) => over(words.with("cli-query-error-room", &reason(said))),
        AskError::Time { limit } => {
            over(words.with("cli-query-error-time", &[("seconds", limit.as_secs().into())]))
        }
        AskError::Stopped => over(words.get("cli-query-stopped")),
        AskError::Fault(said) => over(words.with("cli-query-error-fault", &reason(said))),
        AskError::View(error) => over(words.with("cli-query-error-fault", &reason(&error.to_string()))),
        AskError::Lake(error) => unread(error, words),
    }
}

/// The question is right, and yet there is no answer to be had.
fn over(text: String) -> Failure {
    Failure { code: 1, text }
}

/// Whether the library complains about a file rather than about the question.
fn is_of_a_file(said: &str) -> bool {
    ["Parquet error: ", "Parquet argument error: ", "Object Store error: "]
        .iter()
        .any(|words| said.starts_with(words))
}

fn large(what: &str) -> &'static str {
    match what {
        "bytes" => "cli-query-error-large-bytes",
        "words and signs" => "cli-query-error-large-words",
        "operators" => "cli-query-error-large-operators",
        "open brackets" => "cli-query-error-large-brackets",
        "joins" => "cli-query-error-large-joins",
        _ => "cli-query-error-large-questions",
    }
}

fn table(name: &str, books: &Books, words: Words) -> Failure {
    // A list that cannot be had suggests nothing.
    let tables: Vec<String> =
        books.tables().unwrap_or_default().iter().map(|table| table.name.in_sql()).collect();
    let near = near(name, tables.iter().map(String::as_str)).join(", ");
    let key = match (tables.is_empty(), near.is_empty()) {
        (true, _) => "cli-query-error-empty",
        (_, true) => "cli-query-error-table",
        _ => "cli-query-error-table-near",
    };
    let name = page::foreign::visible(name).into_owned();
    Failure::usage(words, key, &[("name", name.into()), ("near", near.into())])
}

fn column(name: &str, known: &[String], words: Words) -> Failure {
    let quoted = |name: &str| {
        let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if is_plain { name.to_owned() } else { format!("\"{name}\"") }
    };
    let near = near(name, known.iter().map(String::as_str));
    let near: Vec<String> = near.into_iter().map(quoted).collect();
    let key = if near.is_empty() { "cli-query-error-column" } else { "cli-query-error-column-near" };
    let name = page::foreign::visible(name).into_owned();
    Failure::usage(words, key, &[("name", name.into()), ("near", near.join(", ").into())])
}
