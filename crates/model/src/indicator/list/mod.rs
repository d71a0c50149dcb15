//! A list of indicators as people paste it: one a line or in sentences, in cells of tables, in lists of
//! Markdown, in mails, in Japanese, made harmless in all the usual ways.
//!
//! Whatever looks like an indicator is taken, or refused with a reason, its line and its column; words of
//! sentences are neither. Where a word may be either it is refused and named, since nobody sees what is
//! missing from a list. Values are in one spelling: addresses without ports, names in small letters as the DNS
//! spells them, URLs without names, passwords and what stands behind `#`.

mod cause;
mod letters;
mod name;
mod network;
mod path;
#[cfg(test)]
mod properties;
mod punycode;
mod tell;
#[cfg(test)]
mod tests;
mod top;
mod url;
mod words;

pub use cause::Cause;

use letters::Letter;

use super::Observable;

/// What was read of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// Indicators, each as often as it stands there.
    pub taken: Vec<Taken>,
    /// What looks like one and is none.
    pub refused: Vec<Refused>,
    /// Lines with words of which none is either.
    pub silent: Vec<Place>,
    /// Lines in all.
    pub lines: u64,
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line, from 1.
    pub line: u64,
    /// The sign in it, from 1.
    pub column: u32,
}

/// An indicator on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Where it stands.
    pub place: Place,
    /// As it is written there.
    pub text: String,
    /// What it is.
    pub observable: Observable,
    /// Its value in the one spelling.
    pub value: String,
}

/// What looks like an indicator and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it stands.
    pub place: Place,
    /// As it is written there.
    pub text: String,
    /// Why it is none.
    pub cause: Cause,
}

/// Reads a list.
#[must_use]
pub fn read(text: &str) -> List {
    let mut list = List::default();
    for line in text.lines() {
        list.lines += 1;
        list.read_line(line);
    }
    list
}

/// The value of something of which the kind is known, in the one spelling.
///
/// # Errors
/// Why it is none of this kind.
pub fn value(observable: Observable, text: &str) -> Result<String, Cause> {
    tell::known(observable, text.trim())
}

impl List {
    fn read_line(&mut self, line: &str) {
        let letters = letters::meant(line);
        let is_comment = is_comment(&letters);
        let words = words::words(&letters);
        let found = self.taken.len() + self.refused.len();
        let signs: Vec<char> = line.chars().collect();
        let mut before = "";
        for word in &words {
            if let Some(telling) = tell::told(word, before) {
                let from = word.span.0 + telling.part.0;
                let to = from + telling.part.1.max(1);
                let part = letters.get(from..to.min(word.span.1)).unwrap_or_default();
                let place = Place { line: self.lines, column: part.first().map_or(1, |first| first.column) };
                let text = written(&signs, part, letters.get(to.min(word.span.1)));
                let what =
                    telling.what.and_then(|told| if is_comment { Err(Cause::Comment) } else { Ok(told) });
                match what {
                    Ok(tell::Told { observable, value }) => {
                        self.taken.push(Taken { place, text, observable, value })
                    }
                    Err(cause) => self.refused.push(Refused { place, text, cause }),
                }
            }
            before = &word.text;
        }
        if self.taken.len() + self.refused.len() == found
            && let Some(first) = letters.iter().find(|letter| letter.sign.is_alphanumeric())
        {
            self.silent.push(Place { line: self.lines, column: first.column });
        }
    }
}

/// What a part of a line is as it was written.
fn written(signs: &[char], part: &[Letter], next: Option<&Letter>) -> String {
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return String::new() };
    let end = match next {
        Some(next) if last.how != letters::How::Written => next.column,
        _ => last.column + 1,
    };
    let place = |column: u32| (column as usize).saturating_sub(1).min(signs.len());
    signs[place(first.column)..place(end).max(place(first.column))].iter().collect()
}

/// Whether somebody took the line out of the list. A heading of Markdown is none, but the widest.
fn is_comment(letters: &[Letter]) -> bool {
    let signs: Vec<char> =
        letters.iter().map(|letter| letter.sign).skip_while(|sign| sign.is_whitespace()).take(2).collect();
    matches!(signs[..], ['#', next] if next != '#') || matches!(signs[..], ['/', '/'] | [';', _])
}
