//! Rule files as YAML: cut into documents, each read by itself, so that a broken one costs no other.
//!
//! Directives, document ends and merge keys are those of YAML 1.1 and 1.2. What a hostile file could
//! make large is bounded before the parser sees it, whose time grows with the square of the depth.

use serde::Deserialize;
use yaml_serde::Value;

use crate::cause::Cause;
use crate::spelling;

/// Longest document, in bytes; thousands of values fit.
const LONGEST: usize = 2 << 20;
/// Brackets open at once in a document. Plain texts hold brackets too, but never so many.
const DEEPEST: usize = 500;

/// A document of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a str,
    /// Line of its first content, from 1.
    pub(crate) line: usize,
}

/// Splits at document markers. In YAML a line that begins with `---` or `...` is never content.
pub(crate) fn documents(text: &str) -> Vec<Text<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut start_line, mut at) = (0, 1, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        // A mark of the encoding may stand before any document.
        let marks = line.len() - line.trim_start_matches('\u{feff}').len();
        let bare = &line[marks..];
        if let Some(rest) = marked(bare, "---") {
            parts.push((start, at, start_line));
            // What stands behind the marker is content.
            (start, start_line) = (at + line.len() - rest.len(), number + 1);
        } else if marked(bare, "...").is_some() {
            parts.push((start, at, start_line));
            (start, start_line) = (at + line.len(), number + 2);
        }
        at += line.len();
    }
    parts.push((start, text.len(), start_line));
    parts.into_iter().filter_map(|(from, to, line)| text_of(text.get(from..to)?, line)).collect()
}

/// What stands on a line behind a marker, when it begins with it.
fn marked<'a>(line: &'a str, marker: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(marker)?;
    rest.chars().next().is_none_or(char::is_whitespace).then_some(rest)
}

/// A document without the directives before it; nothing where there is no content.
fn text_of(mut text: &str, mut line: usize) -> Option<Text<'_>> {
    loop {
        text = text.trim_start_matches('\u{feff}');
        let first = text.split_inclusive('\n').next()?;
        let is_directive = first.starts_with('%');
        if !is_directive && !first.trim().is_empty() {
            break;
        }
        text = &text[first.len()..];
        line += usize::from(first.ends_with('\n'));
    }
    let is_content = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    text.lines().any(is_content).then_some(Text { text, line })
}

/// The value of a document; else the line of the file that is at fault, and why.
pub(crate) fn read(document: &Text<'_>) -> Result<Value, (usize, Cause)> {
    bounded(document.text).map_err(|cause| (document.line, cause))?;
    let read = |text: &str| {
        let mut value = Value::deserialize(yaml_serde::Deserializer::from_str(text))?;
        spelling::keep(text, &mut value);
        value.apply_merge()?;
        Ok(value)
    };
    let value: Result<Value, yaml_serde::Error> = read(document.text);
    let value = value.or_else(|error| match spelling::with_quoted_giants(document.text) {
        Some(quoted) => {
            let mut value = read(&quoted).map_err(|_| error)?;
            spelling::without_marks(&mut value);
            Ok(value)
        }
        None => Err(error),
    });
    value.map_err(|error| {
        let (mut line, mut column) =
            error.location().map_or((1, 1), |location| (location.line(), location.column()));
        // An error at the end of the text is placed behind its last line.
        let last = document.text.lines().count();
        if line > last {
            line = last;
            column = document.text.lines().last().map_or(0, |text| text.chars().count()) + 1;
        }
        let line = document.line + line.saturating_sub(1);
        let error = without_places(&error.to_string());
        (line, Cause::YamlInvalid { error, line: line as u64, column: column as u64 })
    })
}

fn bounded(text: &str) -> Result<(), Cause> {
    if text.len() > LONGEST {
        return Err(Cause::DocumentTooLong { bytes: text.len() as u64, most: LONGEST as u64 });
    }
    let (mut open, mut deepest, mut dashes) = (0usize, 0, 0usize);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            // `- - -` and `? ? ?` open a list or map each, on one line.
            b'-' | b'?' | b':' => dashes += 1,
            b' ' | b'\t' => {}
            _ => dashes = 0,
        }
        deepest = deepest.max(open).max(dashes);
    }
    if deepest > DEEPEST {
        return Err(Cause::DocumentTooDeep { most: DEEPEST as u64 });
    }
    Ok(())
}

/// The parser's words without its places, whose lines are counted from the document's first.
fn without_places(said: &str) -> String {
    let mut parts = said.split(" at line ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = |c: char| c.is_ascii_digit();
        let rest = part.trim_start_matches(digits).strip_prefix(" column ");
        match rest {
            Some(rest) => text.push_str(rest.trim_start_matches(digits)),
            None => text.extend([" at line ", part]),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_directives_and_marks_are_no_content() {
        for (text, expected) in [
            ("a: 1\n---\nb: 2\n", vec![("a: 1\n", 1), ("b: 2\n", 3)]),
            ("%YAML 1.1\n---\na: 1\n---\nb: 2\n...\n", vec![("a: 1\n", 3), ("b: 2\n", 5)]),
            ("%YAML 1.2\n%TAG ! !x\n--- # first\na: 1\n", vec![(" # first\na: 1\n", 3)]),
            ("\u{feff}---\n\u{feff}a: 1\n...\n%YAML 1.1\n---\nb: 2", vec![("a: 1\n", 2), ("b: 2", 6)]),
            ("--- {a: 1}\n", vec![(" {a: 1}\n", 1)]),
            ("---\r\na: 1\r\n...\r\n", vec![("a: 1\r\n", 2)]),
            ("a: |\n  %x\n  ---\n....\n", vec![("a: |\n  %x\n  ---\n....\n", 1)]),
            ("---\n---\n# nothing\n...\n", vec![]),
        ] {
            let found: Vec<_> =
                documents(text).into_iter().map(|text_of| (text_of.text, text_of.line)).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn merge_keys_share_what_own_keys_override() {
        let text = "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  x: 3\nc:\n  <<: [*a, {z: 4}]\n";
        let value = read(&Text { text, line: 1 }).unwrap();
        let number = |map: &str, key: &str| value[map][key].as_i64();
        assert_eq!(
            (number("b", "x"), number("b", "y"), number("c", "y"), number("c", "z")),
            (Some(3), Some(2), Some(2), Some(4))
        );
        assert!(value["b"].get("<<").is_none());
    }

    #[test]
    fn what_would_take_for_ever_is_refused() {
        let laughs = (0..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, number| {
            format!(
                "{text}a{}: &a{} [*a{number}, *a{number}, *a{number}, *a{number}]\n",
                number + 1,
                number + 1
            )
        });
        for text in [
            "[".repeat(200_000),
            "{a: ".repeat(50_000),
            "- ".repeat(100_000),
            "? ".repeat(100_000),
            format!("a: {}", "x".repeat(3 << 20)),
            (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth.min(900)))).collect(),
            laughs,
        ] {
            assert!(read(&Text { text: &text, line: 1 }).is_err(), "{}", &text[..40]);
        }
    }
}
