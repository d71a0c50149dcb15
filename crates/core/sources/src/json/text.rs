//! The letters of JSON: blanks, words, quotes.

use std::fmt::Write;

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
