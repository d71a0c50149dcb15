//! Texts that are written as arrays of their bytes.
//!
//! The systemd journal writes a value so that holds control characters or is no UTF-8; a field that
//! repeats is an array of texts and of such arrays.

use super::text::{quote, skip_blanks};

/// The same JSON with its arrays of bytes as texts, and whether all of them were UTF-8; none when it
/// has no such array. The text is sound JSON.
pub(crate) fn as_texts(text: &str) -> Option<(String, bool)> {
    let bytes = text.as_bytes();
    let (mut out, mut sound, mut from) = (String::new(), true, 0);
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'[', rest)) {
        at += found;
        if bytes[at] == b'"' {
            at = behind_text(bytes, at + 1);
        } else if let Some((content, end)) = array(bytes, at + 1) {
            let read = String::from_utf8_lossy(&content);
            sound &= matches!(read, std::borrow::Cow::Borrowed(_));
            out.push_str(text.get(from..at)?);
            quote(&read, &mut out);
            (at, from) = (end, end);
        } else {
            at += 1;
        }
    }
    out.push_str(text.get(from..)?);
    (from > 0).then_some((out, sound))
}

/// Position behind the text whose first letter stands at `at`.
fn behind_text(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found + 1;
        if bytes[at - 1] == b'"' {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// The bytes of an array from behind its bracket, and the position behind it.
fn array(bytes: &[u8], at: usize) -> Option<(Vec<u8>, usize)> {
    let mut content = Vec::new();
    let mut at = skip_blanks(bytes, at);
    loop {
        let digits = bytes.get(at..)?.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
        let number = bytes[at..at + digits].iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
        content.push(u8::try_from(number).ok().filter(|_| digits > 0)?);
        at = skip_blanks(bytes, at + digits);
        match bytes.get(at)? {
            b',' => at = skip_blanks(bytes, at + 1),
            b']' => return Some((content, at + 1)),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_arrays_of_bytes_become_texts() {
        for (text, expected) in [
            (r#"{"a":[72, 105,13]}"#, r#"{"a":"Hi\u000d"}"#),
            (r#"{"a": [ "x" , [ 7 ] ],"b":[34,92]}"#, r#"{"a": [ "x" , "\u0007" ],"b":"\"\\"}"#),
            (r#"{"a":"[72]","b":"\"[72]","c":[231,139,188]}"#, r#"{"a":"[72]","b":"\"[72]","c":"狼"}"#),
        ] {
            assert_eq!(as_texts(text), Some((expected.to_owned(), true)));
        }
        assert_eq!(as_texts(r#"{"a":[72,255]}"#), Some((r#"{"a":"H�"}"#.to_owned(), false)));
        for text in [
            r#"{"a":[]}"#,
            r#"{"a":[256]}"#,
            r#"{"a":[-1]}"#,
            r#"{"a":[1.5]}"#,
            r#"{"a":[1,"x"]}"#,
            r#"{"a":[1000]}"#,
            r#"{"a":["x"]}"#,
            r#"{"a":"[1]"}"#,
            r#"{"a":1}"#,
            r#"{"a":[1"#,
            r#"{"a":"[1]"#,
        ] {
            assert_eq!(as_texts(text), None, "{text}");
        }
    }
}
