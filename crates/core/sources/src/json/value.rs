//! Single values: escapes of strings, and words that are no strings.

use crate::sheet::Scalar;

/// Decodes the escape whose letter stands at `at`, and gives the position behind it.
pub(super) fn unescape(text: &str, at: usize, out: &mut String) -> Option<usize> {
    let bytes = text.as_bytes();
    let plain = match bytes.get(at)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return Some(unescape_unit(bytes, at, out)),
        _ => {
            // Not JSON, but what was meant is plain: a backslash (`C:\Windows`).
            out.push('\\');
            return Some(at);
        }
    };
    out.push(plain);
    Some(at + 1)
}

/// `uXXXX`, perhaps followed by `\uXXXX` as the second half of a pair. Lone halves and wrong
/// digits give U+FFFD.
fn unescape_unit(bytes: &[u8], at: usize, out: &mut String) -> usize {
    let unit = |at: usize| {
        let digits = bytes.get(at..at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let Some(first) = unit(at + 1) else {
        out.push(char::REPLACEMENT_CHARACTER);
        return at + 1;
    };
    if (0xD800..0xDC00).contains(&first)
        && bytes.get(at + 5..at + 7) == Some(b"\\u")
        && let Some(second) = unit(at + 7).filter(|second| (0xDC00..0xE000).contains(second))
    {
        let point = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        out.push(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
        return at + 11;
    }
    out.push(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    at + 5
}

/// A sound JSON text with its escapes decoded and without blanks between its parts: no JSON any
/// more, but what people see and search for.
pub(crate) fn compact(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut inside) = (0, false);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let end = memchr::memchr2(b'"', b'\\', rest).map_or(bytes.len(), |found| at + found);
        let part = text.get(at..end).unwrap_or_default();
        if inside {
            out.push_str(part);
        } else {
            out.extend(part.split([' ', '\t', '\n', '\r']));
        }
        at = end + 1;
        match bytes.get(end) {
            Some(b'"') => {
                out.push('"');
                inside = !inside;
            }
            Some(_) => at = unescape(text, at, &mut out).unwrap_or(bytes.len()),
            None => {}
        }
    }
    out
}

/// A word that is no string.
pub(super) enum Word {
    Null,
    Value(Scalar),
    Wrong,
}

/// What a word is that is no string.
pub(super) fn scalar(word: &[u8]) -> Word {
    match word {
        b"null" => return Word::Null,
        b"true" | b"false" => return Word::Value(Scalar::Boolean),
        b"NaN" | b"Infinity" | b"-Infinity" => return Word::Value(Scalar::Text),
        _ => {}
    }
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    if digits.is_empty() || !digits[0].is_ascii_digit() {
        return Word::Wrong;
    }
    if digits.iter().all(u8::is_ascii_digit) {
        return Word::Value(Scalar::Integer);
    }
    if digits.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-')) {
        return Word::Value(Scalar::Float);
    }
    // Hexadecimal numbers are no JSON, but some exporters write them.
    let hexadecimal = digits.len() > 2 && digits[0] == b'0' && digits[1] | 0x20 == b'x';
    if hexadecimal && digits[2..].iter().all(u8::is_ascii_hexdigit) {
        Word::Value(Scalar::Text)
    } else {
        Word::Wrong
    }
}
