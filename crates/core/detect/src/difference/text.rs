//! Values of rules as texts: what a difference tells, and by which equal members of lists are known.

use yaml_serde::Value;

use crate::spelling;

/// A value as a text. A text is itself, unless it would be read as something else than a text; what has
/// parts is YAML on one line, keys sorted, so that equal values are equal texts of the same kind.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if !reads_otherwise(text) => text.clone(),
        other => {
            let mut line = String::new();
            write(other, &mut line);
            line
        }
    }
}

fn write(value: &Value, line: &mut String) {
    match value {
        Value::Null => line.push_str("null"),
        Value::Bool(truth) => line.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => line.push_str(&number.to_string()),
        Value::String(text) => write_text(text, line),
        Value::Sequence(items) => {
            line.push('[');
            for (number, item) in items.iter().enumerate() {
                line.push_str(if number > 0 { ", " } else { "" });
                write(item, line);
            }
            line.push(']');
        }
        Value::Mapping(map) => {
            let mut entries: Vec<_> = map.iter().map(|(key, value)| (inside(key), value)).collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            line.push('{');
            for (number, (key, value)) in entries.into_iter().enumerate() {
                line.push_str(if number > 0 { ", " } else { "" });
                line.push_str(&key);
                line.push_str(": ");
                write(value, line);
            }
            line.push('}');
        }
        Value::Tagged(tagged) => match spelling::of(value) {
            Some((_, written)) => line.push_str(written),
            None => {
                line.push_str(&tagged.tag.to_string());
                line.push(' ');
                write(&tagged.value, line);
            }
        },
    }
}

fn inside(value: &Value) -> String {
    let mut line = String::new();
    write(value, &mut line);
    line
}

/// A text among others on a line, between quotes where YAML would not take it for a text.
fn write_text(text: &str, line: &mut String) {
    let signs = |letter: char| ",[]{}#:'\"\n".contains(letter);
    let edges = |letter: char| "!&*-?|>%@`~ ".contains(letter);
    if reads_otherwise(text) || text.contains(signs) || text.starts_with(edges) || text.ends_with(' ') {
        line.push('\'');
        line.push_str(&text.replace('\'', "''"));
        line.push('\'');
    } else {
        line.push_str(text);
    }
}

/// Whether a text without quotes would be a number, a truth or nothing.
fn reads_otherwise(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    let is_based = |form: &str, base| {
        digits.strip_prefix(form).is_some_and(|digits| i128::from_str_radix(digits, base).is_ok())
    };
    let words = ["", "~", "null", "true", "false"];
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
        || text.parse::<f64>().is_ok()
        || [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().any(|(form, base)| is_based(form, base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_texts_that_say_what_they_are() {
        for (yaml, expected) in [
            (r"\cmd.exe", r"\cmd.exe"),
            ("'[a-z]: it''s'", "[a-z]: it's"),
            ("5", "5"),
            ("'5'", "'5'"),
            ("'0x1f'", "'0x1f'"),
            ("''", "''"),
            ("~", "null"),
            ("yes", "yes"),
            ("'true'", "'true'"),
            ("|\n  two\n  lines\n", "two\nlines\n"),
            (
                r"{b: [\x.exe, '5', 5, 'a, b', '-x'], a: null}",
                r"{a: null, b: [\x.exe, '5', 5, 'a, b', '-x']}",
            ),
            ("['it''s', '', '*']", "['it''s', '', '*']"),
            ("!x [a]", "!x [a]"),
        ] {
            let value: Value = yaml_serde::from_str(yaml).unwrap();
            assert_eq!(shown(&value), expected, "{yaml}");
            // What has parts can be read again.
            if value.is_sequence() || value.is_mapping() {
                assert_eq!(yaml_serde::from_str::<Value>(expected).unwrap(), value, "{yaml}");
            }
        }
    }
}
