//! JSON without a tree: a scanner that finds where objects end, and a flattener that turns one
//! object into a list of (dotted name, value as written).
//!
//! Both are lenient where exporters are careless (unknown escapes, control characters, a comma
//! before a closing brace) and strict where leniency would swallow the events that follow.

use std::fmt::Write;

mod bytes;
mod flat;
mod number;
mod scan;
mod value;
mod view;

pub(crate) use bytes::as_texts;
pub(crate) use flat::{Field, Flat, Stop};
pub(crate) use number::{Number, whole};
pub(crate) use scan::{Scanner, Step};
pub(crate) use value::compact;
pub(crate) use view::camel;

/// Blanks of JSON.
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// First position at or after `at` that is no blank.
pub(crate) fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| !is_blank(*byte)))
        .map_or(bytes.len(), |n| at + n)
}

/// End of a word that is no string: a number, `true`, `null` or what stands in their place.
pub(crate) fn word_end(bytes: &[u8], at: usize) -> usize {
    let ends = |byte: &u8| is_blank(*byte) || matches!(byte, b',' | b']' | b'}' | b'{' | b'[' | b'"' | b':');
    bytes.get(at..).and_then(|rest| rest.iter().position(ends)).map_or(bytes.len(), |n| at + n)
}

/// Whether among the bytes an object begins that is not empty.
pub(crate) fn has_object(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'{', bytes).any(|at| bytes.get(skip_blanks(bytes, at + 1)) != Some(&b'}'))
}

/// Writes a text between quotes.
pub(crate) fn quote(text: &str, out: &mut String) {
    out.push('"');
    escape(text, out);
    out.push('"');
}

/// Writes a text as it stands between quotes.
pub(crate) fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\0'..' ' => {
                let _ = write!(out, "\\u{:04x}", letter as u32);
            }
            _ => out.push(letter),
        }
    }
}
