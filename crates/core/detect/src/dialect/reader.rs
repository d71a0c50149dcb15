//! An expression as it is read: signs, escapes and properties that stand inside and outside of classes.

use std::iter::Peekable;
use std::str::CharIndices;

/// The expression, from where it is read next.
pub(super) struct Reader<'a> {
    pattern: &'a str,
    characters: Peekable<CharIndices<'a>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(pattern: &'a str) -> Self {
        Self { pattern, characters: pattern.char_indices().peekable() }
    }

    pub(super) fn next(&mut self) -> Option<char> {
        self.characters.next().map(|(_, character)| character)
    }

    pub(super) fn peek(&mut self) -> Option<char> {
        self.characters.peek().map(|(_, character)| *character)
    }

    pub(super) fn rest(&mut self) -> &'a str {
        let at = self.characters.peek().map_or(self.pattern.len(), |(at, _)| *at);
        &self.pattern[at..]
    }

    fn pass(&mut self, characters: usize) {
        for _ in 0..characters {
            self.next();
        }
    }

    /// Goes past a text if it stands here.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let stands = self.rest().starts_with(text);
        if stands {
            self.pass(text.chars().count());
        }
        stands
    }

    /// What stands before `end`, and goes past both.
    pub(super) fn up_to(&mut self, end: &str) -> Option<&'a str> {
        let rest = self.rest();
        let length = rest.find(end)?;
        self.pass(rest[..length + end.len()].chars().count());
        Some(&rest[..length])
    }

    /// All that is left, and goes past it.
    pub(super) fn all(&mut self) -> &'a str {
        let rest = self.rest();
        self.pass(rest.chars().count());
        rest
    }

    /// Up to `most` digits of a base.
    pub(super) fn digits(&mut self, base: u32, most: usize) -> &'a str {
        let rest = self.rest();
        let length = rest.chars().take(most).take_while(|digit| digit.is_digit(base)).count();
        self.pass(length);
        &rest[..length]
    }

    /// The character that a backslash and this letter stand for, inside and outside of classes.
    pub(super) fn escaped(&mut self, letter: char) -> Result<char, String> {
        let of = |digits: &str, base| {
            let are_digits = digits.chars().all(|digit| digit.is_digit(base));
            let code = u32::from_str_radix(digits, base).ok().filter(|_| are_digits);
            code.and_then(char::from_u32).ok_or_else(|| format!("\\{letter} names no character"))
        };
        Ok(match letter {
            'a' => '\x07',
            'e' => '\x1B',
            'f' => '\x0C',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'c' => match self.next() {
                Some(control @ ' '..='~') => char::from(control.to_ascii_uppercase() as u8 ^ 0x40),
                _ => return Err("\\c stands before no letter".to_owned()),
            },
            'x' if self.take("{") => of(self.up_to("}").ok_or("\\x{ is not closed")?.trim(), 16)?,
            'x' => match self.digits(16, 2) {
                "" => return Err("\\x stands before no digit".to_owned()),
                digits => of(digits, 16)?,
            },
            'o' if self.take("{") => of(self.up_to("}").ok_or("\\o{ is not closed")?.trim(), 8)?,
            '0' => match self.digits(8, 2) {
                "" => '\0',
                digits => of(digits, 8)?,
            },
            // Not PCRE's by default, but no dialect reads it otherwise.
            'u' => match self.digits(16, 4) {
                digits if digits.len() == 4 => of(digits, 16)?,
                _ => return Err("\\u stands before no four digits".to_owned()),
            },
            letter if letter.is_ascii_alphanumeric() => {
                return Err(format!("\\{letter} is no escape of regular expressions"));
            }
            other => other,
        })
    }

    /// A property of characters behind `\p` or `\P`, as both dialects write it.
    pub(super) fn property(&mut self, letter: char) -> Result<String, String> {
        let name = if self.take("{") {
            self.up_to("}").ok_or("\\p{ is not closed")?
        } else {
            let rest = self.rest();
            let one = rest.chars().next().ok_or("\\p names nothing")?;
            self.next();
            &rest[..one.len_utf8()]
        };
        let (name, turned) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
        let known =
            !name.starts_with('X') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '&');
        if !known {
            return Err(format!("\\{letter}{{{name}}} is not read"));
        }
        let name = if name == "L&" { "LC" } else { name };
        let letter = if turned != (letter == 'P') { 'P' } else { 'p' };
        Ok(format!("\\{letter}{{{name}}}"))
    }
}
