//! What was read of lists, in words.

use model::indicator::list::{Cause, Refused};
use model::reason::{Argument, Reason};
use page::foreign::visible;
use page::{Value, Words};

/// Signs of a text that are shown.
const SHOWN: usize = 80;

/// Why a text is no indicator, in words.
#[must_use]
pub fn cause(cause: &Cause, text: &str, words: Words) -> String {
    let reason = Reason::from(cause.clone());
    let value = |argument: &Argument| match argument {
        Argument::Number(number) => Value::Number(*number),
        Argument::Text(text) => Value::Text(visible(text).into_owned()),
    };
    let mut values: Vec<(&'static str, Value)> =
        reason.arguments.iter().map(|(name, argument)| (*name, value(argument))).collect();
    values.push(("value", short(text).into()));
    words.with(&format!("cli-indicators-cause-{}", reason.code), &values)
}

/// A text as far as it is shown.
#[must_use]
pub fn short(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    visible(&short).into_owned()
}

/// A refusal, a line.
#[must_use]
pub fn refused(name: Option<&str>, refused: &Refused, words: Words) -> String {
    let why = cause(&refused.cause, &refused.text, words);
    at(name, (refused.place.line, refused.place.column), &why, words)
}

/// What is said of a place.
#[must_use]
pub fn at(name: Option<&str>, (line, column): (u64, u32), said: &str, words: Words) -> String {
    let Some(name) = name else { return format!("{said}\n") };
    let values = [
        ("list", visible(name).into_owned().into()),
        ("line", line.to_string().into()),
        ("column", column.to_string().into()),
        ("said", said.into()),
    ];
    words.with("cli-indicators-at", &values) + "\n"
}
