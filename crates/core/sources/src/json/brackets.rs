//! Finds the end of a JSON object without reading its values.

use super::text::{is_blank, word_end};
use crate::cause::Cause;

/// A pushdown automaton over bytes that may come in several pieces.
#[derive(Debug)]
pub(crate) struct Brackets {
    /// Open containers, `true` for objects.
    open: Vec<bool>,
    expect: Expect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    Text { key: bool, escaped: bool },
    Word,
}

/// What a run over some bytes came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// The bytes ended before the object did.
    More,
    /// The object ended; the position behind it.
    End(usize),
    /// What stands here cannot be part of an object.
    Fault(usize, Cause),
}

impl Brackets {
    /// Expects an object (or any value) from its first byte on.
    pub(crate) fn new() -> Self {
        Self { open: Vec::new(), expect: Expect::Value }
    }

    /// Stands behind a member of an object that is `depth` objects deep.
    pub(crate) fn inside(depth: usize) -> Self {
        Self { open: vec![true; depth], expect: Expect::CommaOrEnd }
    }

    /// Containers open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Reads on from `at` to the end of the bytes or of the object.
    pub(crate) fn run(&mut self, bytes: &[u8], mut at: usize) -> Step {
        while let Some(&byte) = bytes.get(at) {
            match self.expect {
                Expect::Text { key, escaped } => match self.text(bytes, at, key, escaped) {
                    Ok(next) => at = next,
                    Err(fault) => return fault,
                },
                Expect::Word => {
                    at = word_end(bytes, at);
                    if at < bytes.len() {
                        self.expect = Expect::CommaOrEnd;
                        if self.open.is_empty() {
                            return Step::End(at);
                        }
                    }
                }
                _ if is_blank(byte) => at += 1,
                _ => {
                    if let Err(reason) = self.token(byte) {
                        return Step::Fault(at, reason);
                    }
                    if self.expect != Expect::Word {
                        at += 1;
                    }
                    if self.open.is_empty() && self.expect == Expect::CommaOrEnd {
                        return Step::End(at);
                    }
                }
            }
        }
        Step::More
    }

    /// Goes through a string; a raw line end in it means that its closing quote is missing.
    fn text(&mut self, bytes: &[u8], at: usize, key: bool, escaped: bool) -> Result<usize, Step> {
        if escaped {
            self.expect = Expect::Text { key, escaped: false };
            return Ok(at + 1);
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(found) = memchr::memchr3(b'"', b'\\', b'\n', rest) else { return Ok(bytes.len()) };
        match rest[found] {
            b'\n' => return Err(Step::Fault(at + found, Cause::JsonTextOpen)),
            b'\\' => self.expect = Expect::Text { key, escaped: true },
            _ => self.expect = if key { Expect::Colon } else { Expect::CommaOrEnd },
        }
        Ok(at + found + 1)
    }

    fn token(&mut self, byte: u8) -> Result<(), Cause> {
        self.expect = match (self.expect, byte) {
            (Expect::Value | Expect::ValueOrEnd, b'{') => {
                self.open.push(true);
                Expect::KeyOrEnd
            }
            (Expect::Value | Expect::ValueOrEnd, b'[') => {
                self.open.push(false);
                Expect::ValueOrEnd
            }
            (Expect::Value | Expect::ValueOrEnd, b'"') => Expect::Text { key: false, escaped: false },
            (Expect::ValueOrEnd | Expect::CommaOrEnd, b']') if self.open.last() == Some(&false) => {
                self.close()
            }
            (Expect::KeyOrEnd | Expect::CommaOrEnd, b'}') if self.open.last() == Some(&true) => self.close(),
            (Expect::Value | Expect::ValueOrEnd, b',' | b']' | b'}' | b':') => {
                return Err(Cause::JsonNoValue);
            }
            (Expect::Value | Expect::ValueOrEnd, _) => Expect::Word,
            (Expect::KeyOrEnd, b'"') => Expect::Text { key: true, escaped: false },
            (Expect::Colon, b':') => Expect::Value,
            (Expect::CommaOrEnd, b',') if self.open.last() == Some(&true) => Expect::KeyOrEnd,
            (Expect::CommaOrEnd, b',') => Expect::ValueOrEnd,
            (Expect::KeyOrEnd, _) => return Err(Cause::JsonNoName),
            (Expect::Colon, _) => return Err(Cause::JsonNoColon),
            _ => return Err(Cause::JsonNoComma),
        };
        Ok(())
    }

    fn close(&mut self) -> Expect {
        self.open.pop();
        Expect::CommaOrEnd
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_end_wherever_the_bytes_are_cut() {
        let text = br#"{"a": [1, {"b]": "x\"}"}, null ], "c" : {}} {"#;
        for cut in 0..text.len() {
            let mut brackets = Brackets::new();
            let first = brackets.run(&text[..cut], 0);
            let end = match first {
                Step::More => brackets.run(text, cut),
                done => done,
            };
            assert_eq!(end, Step::End(text.len() - 2), "cut at {cut}");
        }
    }

    #[test]
    fn says_what_is_wrong_where_it_is_wrong() {
        for (text, at) in [
            ("{\"a\":1 \"b\":2}", 7),
            ("{\"a\":{\"b\":2}\n{\"c\":1}", 13),
            ("{\"a\":\"x\n{\"b\":1}", 7),
            ("{\"a\" 1}", 5),
            ("{\"a\":}", 5),
            ("{a:1}", 1),
            ("{\"a\":[1}", 7),
        ] {
            assert!(
                matches!(Brackets::new().run(text.as_bytes(), 0), Step::Fault(found, _) if found == at),
                "{text}"
            );
        }
    }
}
