//! Which figure, or which part of one, is meant: its id as text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A figure or a part of it. As text `lake.events` or `lake.events{owner=aoba,month=2026-06}`; a value with other
/// signs than letters, digits, `.`, `_`, `-`, `:`, `/` and blanks stands in double quotes, where `\` stands before a
/// quote and before itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellId {
    /// The figure: `<activity>.<name>`.
    pub figure: Cow<'static, str>,
    /// Names of its parts and their values, in the order in which the figure has them.
    pub parts: Vec<(Cow<'static, str>, String)>,
}

/// A text that names no part of a figure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no figure such as lake.events or lake.events{{owner=aoba}}")]
pub struct NotACell(pub String);

impl CellId {
    /// A whole figure.
    #[must_use]
    pub fn whole(figure: &'static str) -> Self {
        Self { figure: figure.into(), parts: Vec::new() }
    }

    /// The value of a part.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&str> {
        self.parts.iter().find(|(part, _)| part == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for CellId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.figure)?;
        for (number, (name, value)) in self.parts.iter().enumerate() {
            write!(formatter, "{}{name}=", if number == 0 { "{" } else { "," })?;
            if is_plain(value) {
                formatter.write_str(value)?;
            } else {
                write!(formatter, "\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))?;
            }
        }
        formatter.write_str(if self.parts.is_empty() { "" } else { "}" })
    }
}

fn is_plain(value: &str) -> bool {
    let is_plain = |sign: char| sign.is_alphanumeric() || " ._-:/".contains(sign);
    !value.is_empty() && value.trim() == value && value.chars().all(is_plain)
}

/// `<activity>.<name>`, small letters, digits and `_`.
fn is_name(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    text.split_once('.').is_some_and(|(activity, name)| is_word(activity) && is_word(name))
}

impl FromStr for CellId {
    type Err = NotACell;

    /// Reads what `Display` writes; blanks around names and values do not matter.
    fn from_str(text: &str) -> Result<Self, NotACell> {
        let text = text.trim();
        let wrong = || NotACell(text.to_owned());
        let (figure, inside) = match text.split_once('{') {
            Some((figure, inside)) => (figure.trim(), inside.strip_suffix('}').ok_or_else(wrong)?),
            None => (text, ""),
        };
        let is_whole = !text.contains('{');
        let parts = parts(inside).filter(|parts| is_whole || !parts.is_empty()).ok_or_else(wrong)?;
        if !is_name(figure) {
            return Err(wrong());
        }
        Ok(Self { figure: figure.to_owned().into(), parts })
    }
}

/// `name=value, name="value"`; none where it is not that.
fn parts(mut rest: &str) -> Option<Vec<(Cow<'static, str>, String)>> {
    let mut parts = Vec::new();
    while !rest.trim().is_empty() {
        let (name, behind) = rest.split_once('=')?;
        let name = name.trim();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let behind = behind.trim_start();
        let (value, behind) = match behind.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = behind.find(',').unwrap_or(behind.len());
                let value = behind[..end].trim();
                (Some(value.to_owned()).filter(|value| is_plain(value))?, &behind[end..])
            }
        };
        let behind = behind.trim_start();
        rest = match behind.strip_prefix(',') {
            Some(more) if !more.trim().is_empty() => more,
            None if behind.is_empty() => behind,
            _ => return None,
        };
        let is_new = parts.iter().all(|(known, _)| known != name);
        (is_name && is_new).then(|| parts.push((name.to_owned().into(), value)))?;
    }
    Some(parts)
}

/// A value up to the quote that ends it, and what stands behind.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut signs = text.char_indices();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(signs.next()?.1),
            sign => value.push(sign),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        for value in
            ["aoba", "あおば市", "2026-06", "a, b", "x\"y\\", "}", "", " a", "a=b", "T1059.001", "Process"]
        {
            for parts in [
                vec![("owner".into(), value.to_owned())],
                vec![("owner".into(), value.to_owned()), ("data_source".into(), "a b".to_owned())],
                Vec::new(),
            ] {
                let id = CellId { figure: "lake.events".into(), parts };
                assert_eq!(id.to_string().parse(), Ok(id));
            }
        }
        let read: CellId = " lake.events{ owner = aoba , month = \"2026-06\" } ".parse().unwrap();
        assert_eq!(read.to_string(), "lake.events{owner=aoba,month=2026-06}");
        assert_eq!((read.part("month"), read.part("level")), (Some("2026-06"), None));
        for wrong in [
            "",
            "events",
            "lake.",
            "Lake.events",
            "lake.events{",
            "lake.events{}",
            "lake.events}",
            "lake.events{a}",
            "lake.events{a=}",
            "lake.events{a=b,}",
            "lake.events{a=b,a=c}",
            "lake.events{a=\"b}",
            "lake.events{A=b}",
            "lake.events{a=\"b\"c}",
            "lake.a.b",
        ] {
            assert_eq!(wrong.parse::<CellId>(), Err(NotACell(wrong.to_owned())), "{wrong}");
        }
    }
}
