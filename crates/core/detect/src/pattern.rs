//! Patterns of Sigma values: how one text is compared with one value of a rule.
//!
//! Matching ignores case unless `cased` is given (Sigma specification 2.1.0, "Value
//! modifiers"): both sides are folded once, so a comparison is a comparison of bytes.

use memchr::memmem;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fold::fold;
use crate::token::{DASHES, Token, Tokens};

/// A wildcard pattern in the cheapest form that decides it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Pattern {
    /// Compare as written instead of folded.
    pub cased: bool,
    shape: Shape,
}

#[derive(Debug, Serialize, Deserialize)]
enum Shape {
    /// Any value at all.
    Present,
    Exact(Box<str>),
    Prefix(Box<str>),
    Suffix(Box<str>),
    #[serde(serialize_with = "needle", deserialize_with = "finder")]
    Contains(Box<memmem::Finder<'static>>),
    Glob(Glob),
}

fn needle<S: Serializer>(finder: &memmem::Finder<'static>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(finder.needle())
}

fn finder<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<memmem::Finder<'static>>, D::Error> {
    let needle = <&[u8]>::deserialize(deserializer)?;
    Ok(Box::new(memmem::Finder::new(needle).into_owned()))
}

/// How a literal must stand in a value, so that the pattern can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stand {
    /// It is the whole value.
    Whole,
    /// The value begins with it.
    Begin,
    /// The value ends with it.
    End,
    /// Anywhere.
    Inside,
}

impl Pattern {
    /// Builds the pattern; tokens are folded here unless `cased`.
    #[must_use]
    pub fn new(tokens: &[Token], cased: bool) -> Self {
        let folded: Tokens = tokens
            .iter()
            .map(|token| match token {
                Token::Literal(text) if !cased => Token::Literal(fold(text).into_owned()),
                other => other.clone(),
            })
            .collect();
        let shape = match folded.as_slice() {
            [] => Shape::Exact("".into()),
            [Token::Literal(text)] => Shape::Exact(text.as_str().into()),
            [Token::Any, rest @ ..] if rest.iter().all(|token| *token == Token::Any) => Shape::Present,
            [Token::Literal(text), Token::Any] => Shape::Prefix(text.as_str().into()),
            [Token::Any, Token::Literal(text)] => Shape::Suffix(text.as_str().into()),
            [Token::Any, Token::Literal(text), Token::Any] => {
                Shape::Contains(Box::new(memmem::Finder::new(text.as_bytes()).into_owned()))
            }
            tokens => Shape::Glob(Glob::new(tokens)),
        };
        Self { cased, shape }
    }

    /// Whether the text fits; `text` is folded unless the pattern is cased.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match &self.shape {
            Shape::Present => true,
            Shape::Exact(wanted) => **wanted == *text,
            Shape::Prefix(wanted) => text.starts_with(&**wanted),
            Shape::Suffix(wanted) => text.ends_with(&**wanted),
            Shape::Contains(finder) => finder.find(text.as_bytes()).is_some(),
            Shape::Glob(glob) => glob.matches(text),
        }
    }

    /// Texts that every fitting value holds, as the pattern compares them; empty when there are none.
    #[must_use]
    pub fn literals(&self) -> Vec<(&str, Stand)> {
        match &self.shape {
            Shape::Present => Vec::new(),
            Shape::Exact(text) => vec![(text, Stand::Whole)],
            Shape::Prefix(text) => vec![(text, Stand::Begin)],
            Shape::Suffix(text) => vec![(text, Stand::End)],
            Shape::Contains(finder) => std::str::from_utf8(finder.needle())
                .map_or_else(|_| Vec::new(), |text| vec![(text, Stand::Inside)]),
            Shape::Glob(glob) => glob.literals(),
        }
    }
}

/// A pattern with inner wildcards: runs of units, separated by `*`.
#[derive(Debug, Serialize, Deserialize)]
struct Glob {
    runs: Vec<Vec<Unit>>,
    starts_open: bool,
    ends_open: bool,
}

#[derive(Debug, Serialize, Deserialize)]
enum Unit {
    Literal(Box<str>),
    One,
    Dash,
}

impl Glob {
    fn new(tokens: &[Token]) -> Self {
        let mut runs = vec![Vec::new()];
        for token in tokens {
            let unit = match token {
                Token::Literal(text) => Unit::Literal(text.as_str().into()),
                Token::One => Unit::One,
                Token::Dash => Unit::Dash,
                Token::Any => {
                    runs.push(Vec::new());
                    continue;
                }
            };
            if let Some(run) = runs.last_mut() {
                run.push(unit);
            }
        }
        let starts_open = tokens.first() == Some(&Token::Any);
        let ends_open = tokens.last() == Some(&Token::Any);
        runs.retain(|run| !run.is_empty());
        Self { runs, starts_open, ends_open }
    }

    fn matches(&self, text: &str) -> bool {
        let mut at = 0;
        let last = self.runs.len().saturating_sub(1);
        for (number, run) in self.runs.iter().enumerate() {
            let must_start = number == 0 && !self.starts_open;
            let must_end = number == last && !self.ends_open;
            let found = match (must_start, must_end) {
                (true, must_end) => run_at(run, text, 0).filter(|end| !must_end || *end == text.len()),
                (false, true) => run_at_end(run, text, at),
                (false, false) => find_run(run, text, at),
            };
            match found {
                Some(end) => at = end,
                None => return false,
            }
        }
        true
    }

    fn literals(&self) -> Vec<(&str, Stand)> {
        let mut found = Vec::new();
        for (number, run) in self.runs.iter().enumerate() {
            for (position, unit) in run.iter().enumerate() {
                let Unit::Literal(text) = unit else { continue };
                let first = number == 0 && position == 0 && !self.starts_open;
                let last = number + 1 == self.runs.len() && position + 1 == run.len() && !self.ends_open;
                found.push((
                    &**text,
                    if first {
                        Stand::Begin
                    } else if last {
                        Stand::End
                    } else {
                        Stand::Inside
                    },
                ));
            }
        }
        found
    }
}

/// End of the run when it stands at byte `at`.
fn run_at(run: &[Unit], text: &str, at: usize) -> Option<usize> {
    let mut rest = text.get(at..)?;
    for unit in run {
        rest = match unit {
            Unit::Literal(literal) => rest.strip_prefix(&**literal)?,
            Unit::One => {
                let character = rest.chars().next()?;
                &rest[character.len_utf8()..]
            }
            Unit::Dash => rest.strip_prefix(DASHES)?,
        };
    }
    Some(text.len() - rest.len())
}

/// End of the first place at or after `from` where the run stands.
fn find_run(run: &[Unit], text: &str, from: usize) -> Option<usize> {
    if let Some(Unit::Literal(first)) = run.first() {
        // Each place is tried, also those that overlap the one before.
        let mut from = from;
        loop {
            let start = from + memmem::find(text.as_bytes().get(from..)?, first.as_bytes())?;
            if let Some(end) = run_at(run, text, start) {
                return Some(end);
            }
            from = start + text[start..].chars().next().map_or(1, char::len_utf8);
        }
    }
    let rest = text.get(from..)?;
    let starts = rest.char_indices().map(|(offset, _)| from + offset).chain([text.len()]);
    starts.into_iter().find_map(|start| run_at(run, text, start))
}

/// The text's length when the run stands at its end, not before `from`.
fn run_at_end(run: &[Unit], text: &str, from: usize) -> Option<usize> {
    // A run has a fixed number of characters, so only one start can reach the end.
    let characters: usize = run
        .iter()
        .map(|unit| match unit {
            Unit::Literal(text) => text.chars().count(),
            Unit::One | Unit::Dash => 1,
        })
        .sum();
    let start = match characters {
        0 => text.len(),
        count => text.char_indices().rev().nth(count - 1)?.0,
    };
    if start < from {
        return None;
    }
    run_at(run, text, start).filter(|end| *end == text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::push_literal;

    fn glob(text: &str) -> Pattern {
        let mut tokens = Tokens::new();
        for character in text.chars() {
            match character {
                '*' => tokens.push(Token::Any),
                '?' => tokens.push(Token::One),
                '~' => tokens.push(Token::Dash),
                other => push_literal(&mut tokens, &other.to_string()),
            }
        }
        Pattern::new(&tokens, false)
    }

    #[test]
    fn wildcards_fit_the_whole_value() {
        for (pattern, text, expected) in [
            ("bake*done", "bake it\ndone", true),
            ("bake*done", "bakedone", true),
            ("bake*done", "xbakedone", false),
            ("bake*done", "bakedonex", false),
            ("prog?", "progé", true),
            ("prog?", "prog", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "ba", false),
            ("ab*ba", "aba", false),
            ("*ab?c*de", "xxabzcabycde", true),
            ("?*?", "x", false),
            ("?*?", "xy", true),
            ("* ~s*", "run \u{2014}s", true),
            ("* ~s*", "run +s", false),
            ("*??b", "éab", true),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(glob(pattern).matches(&fold(text)), expected, "{pattern} on {text}");
        }
    }

    /// The same pattern as a regular expression.
    fn expression(pattern: &str) -> regex::Regex {
        let sign = |character: char| match character {
            '*' => "(?s:.*)".to_owned(),
            '?' => "(?s:.)".to_owned(),
            '~' => "[-/\u{2013}\u{2014}\u{2015}]".to_owned(),
            other => regex::escape(&other.to_string()),
        };
        let inner: String = pattern.chars().map(sign).collect();
        regex::Regex::new(&format!(r"\A{inner}\z")).unwrap()
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4_000))]

        #[test]
        fn patterns_fit_what_their_regular_expressions_fit(
            pattern in "[ab~?*é-]{0,9}",
            texts in proptest::collection::vec("[ab/é\n\u{2014}-]{0,12}", 8),
        ) {
            let (ours, theirs) = (glob(&pattern), expression(&pattern));
            for text in texts {
                proptest::prop_assert_eq!(ours.matches(&text), theirs.is_match(&text), "{} on {:?}", pattern, text);
            }
        }
    }

    #[test]
    fn places_that_overlap_are_all_tried() {
        assert!(glob("*aa?b*").matches("aaaxb"));
        assert!(glob("*aa~b*").matches("aaa-b"));
        assert!(glob("*éé?b*").matches("éééxb"));
    }
}
