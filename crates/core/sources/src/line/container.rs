//! Lines as container runtimes write them (the log format of CRI): time, stream, whether the text
//! is whole, and the text that the program in the container wrote.

/// Bytes in which time, stream and tags stand.
const HEAD: usize = 80;

/// Such a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    pub time: &'a str,
    pub stream: &'a str,
    /// Whether the text is whole or ends here; long ones are split.
    pub whole: bool,
    pub text: &'a str,
}

/// Reads `2026-03-02T08:00:01.123456789Z stdout F text`.
pub(crate) fn line(line: &str) -> Option<Line<'_>> {
    let begins = line.as_bytes().get(..11)?;
    if !begins[0].is_ascii_digit() || begins[4] != b'-' || begins[10] != b'T' {
        return None;
    }
    let mut parts = line.splitn(4, ' ');
    let (time, stream, tags, text) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let whole = match tags.split(':').next()? {
        "F" => true,
        "P" => false,
        _ => return None,
    };
    matches!(stream, "stdout" | "stderr").then_some(Line { time, stream, whole, text })
}

/// Whether bytes begin such a line.
pub(crate) fn begins(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    line(&String::from_utf8_lossy(head)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_stands_behind_time_stream_and_tags() {
        let time = "2026-03-02T08:00:01.123456789+09:00";
        let of = |rest: &str| {
            let text = format!("{time} {rest}");
            line(&text).map(|line| (line.stream.to_owned(), line.whole, line.text.to_owned()))
        };
        assert_eq!(of("stdout F {\"a\": 1}"), Some(("stdout".to_owned(), true, "{\"a\": 1}".to_owned())));
        assert_eq!(of("stderr P:x a"), Some(("stderr".to_owned(), false, "a".to_owned())));
        assert_eq!(of("stdout F "), Some(("stdout".to_owned(), true, String::new())));
        for rest in ["stdout X a", "stdin F a", "stdout F", ""] {
            assert_eq!(of(rest), None, "{rest}");
        }
        assert_eq!(line("2026-03-02 08:00:01 stdout F a"), None);
        assert_eq!(line(""), None);
    }
}
