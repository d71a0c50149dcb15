//! One test of one value: what remains of a field's values and modifiers after loading.

use std::cmp::Ordering;
use std::sync::OnceLock;
use std::sync::atomic::{self, AtomicU64};

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::dialect::{translate, with_wide_borders};
use crate::network::Network;
use crate::number::Number;
use crate::pattern::Pattern;

/// Steps a backtracking regular expression may take on one value.
pub const REGEX_STEPS: usize = 100_000;

/// A test of one value of a field.
#[derive(Debug, Serialize, Deserialize)]
pub enum Matcher {
    /// Text with wildcards.
    Text(Pattern),
    /// A number written in the rule, and its plain decimal form: numbers must be equal to it, texts
    /// be spelled so.
    Number(Number, Box<str>),
    /// A regular expression.
    Regex(Box<RegularExpression>),
    /// An address range.
    Network(Network),
    /// A numeric comparison.
    Compare(Comparison, Number),
    /// A part of the date and time in the value, compared as a number.
    TimePart(TimePart, Comparison, Number),
}

/// A value of an event that is tested.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// As its source spells it.
    pub text: &'a str,
    /// The same, folded for comparison without case.
    pub folded: &'a str,
    /// Whether its source has it as a number.
    pub is_number: bool,
}

impl Candidate<'_> {
    /// The same without the blanks that Windows puts behind it; none where there are none.
    pub(crate) fn bare(self) -> Option<Self> {
        let text = self.text.trim_end();
        (text.len() < self.text.len()).then(|| Self { text, folded: self.folded.trim_end(), ..self })
    }
}

/// A numeric relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn holds(self, left: Number, right: Number) -> bool {
        left.compare(right).is_some_and(|order| self.fits(order))
    }

    /// Whether it holds between two numbers in this order.
    #[must_use]
    pub fn fits(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order == Ordering::Equal,
            Self::NotEqual => order != Ordering::Equal,
            Self::Less => order == Ordering::Less,
            Self::LessOrEqual => order != Ordering::Greater,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterOrEqual => order != Ordering::Less,
        }
    }
}

/// A part of a time, as the time modifiers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimePart {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl TimePart {
    /// Reads the part from a time as written; its zone is not converted.
    fn read(self, text: &str) -> Option<i128> {
        let time = civil(text)?;
        Some(match self {
            Self::Minute => i128::from(time.minute()),
            Self::Hour => i128::from(time.hour()),
            Self::Day => i128::from(time.day()),
            Self::Week => i128::from(time.date().iso_week_date().week()),
            Self::Month => i128::from(time.month()),
            Self::Year => i128::from(time.year()),
        })
    }
}

/// Date and time as written, whatever zone follows.
fn civil(text: &str) -> Option<DateTime> {
    let text = text.trim();
    let head = text.get(..19).unwrap_or(text);
    head.parse::<DateTime>()
        .or_else(|_| DateTime::strptime("%m/%d/%Y %I:%M:%S %p", text))
        .or_else(|_| text.parse::<jiff::civil::Date>().map(|date| date.at(0, 0, 0, 0)))
        .ok()
}

/// A regular expression and its flags. A set of rules that comes out of a cache compiles it when
/// it is needed first: most never are.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RegularExpression {
    /// In the words of the engines; see [`dialect`](crate::dialect).
    pub pattern: String,
    /// Whether only the engine with back-tracking takes it.
    pub is_fancy: bool,
    ignore_case: bool,
    multi_line: bool,
    dot_all: bool,
    #[serde(skip)]
    compiled: OnceLock<Compiled>,
    /// Values that took all steps: whether they match is not known.
    #[serde(skip)]
    exhausted: AtomicU64,
}

#[derive(Debug)]
enum Compiled {
    Linear(regex::Regex),
    /// With look-around or back-references, limited in steps.
    Fancy(fancy_regex::Regex),
    /// Cannot be: what is loaded has been compiled once.
    Never,
}

impl RegularExpression {
    /// Compiles it, so that a fault is told when the rule is loaded. `flags`: `i`, `m`, `s`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(pattern: &str, flags: [bool; 3]) -> Result<Self, Cause> {
        let [ignore_case, multi_line, dot_all] = flags;
        let pattern = translate(pattern, multi_line).map_err(|error| Cause::RegexUnreadable { error })?;
        let mut expression = Self { pattern, ignore_case, multi_line, dot_all, ..Self::default() };
        let compiled = expression.build()?;
        expression.is_fancy = matches!(compiled, Compiled::Fancy(_));
        expression.compiled = compiled.into();
        Ok(expression)
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        match self.compiled() {
            Compiled::Linear(regex) => regex.is_match(text),
            // A pattern that exceeds its steps has not been shown to match; that is told in the end.
            Compiled::Fancy(regex) => regex.is_match(text).unwrap_or_else(|_| {
                self.exhausted.fetch_add(1, atomic::Ordering::Relaxed);
                false
            }),
            Compiled::Never => false,
        }
    }

    /// How many values took all steps so far.
    pub(crate) fn exhausted(&self) -> u64 {
        self.exhausted.load(atomic::Ordering::Relaxed)
    }

    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| self.build().unwrap_or(Compiled::Never))
    }

    fn build(&self) -> Result<Compiled, Cause> {
        let built = regex::RegexBuilder::new(&self.pattern)
            .case_insensitive(self.ignore_case)
            .multi_line(self.multi_line)
            .dot_matches_new_line(self.dot_all)
            .size_limit(64 << 20)
            .build();
        if let Ok(regex) = built {
            return Ok(Compiled::Linear(regex));
        }
        let flags = [('i', self.ignore_case), ('m', self.multi_line), ('s', self.dot_all)];
        let letters: String = flags.iter().filter(|(_, given)| *given).map(|(letter, _)| *letter).collect();
        let pattern = with_wide_borders(&self.pattern);
        let flagged = if letters.is_empty() { pattern } else { format!("(?{letters}){pattern}") };
        fancy_regex::RegexBuilder::new(&flagged)
            .backtrack_limit(REGEX_STEPS)
            .build()
            .map(Compiled::Fancy)
            .map_err(|error| {
                let text = error.to_string();
                let error = text.lines().last().unwrap_or(&text).trim().to_owned();
                Cause::RegexUnreadable { error }
            })
    }
}

impl Matcher {
    /// Values that took all steps of a regular expression.
    pub(crate) fn exhausted(&self) -> u64 {
        if let Self::Regex(expression) = self { expression.exhausted() } else { 0 }
    }

    /// Whether the value fits.
    #[must_use]
    pub fn matches(&self, value: Candidate<'_>) -> bool {
        let text = value.text;
        match self {
            Self::Text(pattern) => pattern.matches(if pattern.cased { text } else { value.folded }),
            Self::Number(number, _) if value.is_number => {
                Number::parse(text).is_some_and(|value| value.compare(*number) == Some(Ordering::Equal))
            }
            Self::Number(_, plain) => **plain == *text,
            Self::Regex(expression) => expression.is_match(text),
            Self::Network(network) => network.contains(text),
            Self::Compare(comparison, right) => {
                Number::parse(text).is_some_and(|left| comparison.holds(left, *right))
            }
            Self::TimePart(part, comparison, right) => {
                part.read(text).is_some_and(|left| comparison.holds(Number::Integer(left), *right))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_parts_are_read_as_written() {
        for (text, part, expected) in [
            ("2026-02-03T02:10:00Z", TimePart::Hour, Some(2)),
            ("2026-02-03T02:10:00+09:00", TimePart::Hour, Some(2)),
            ("2026-02-03 02:10:00.123", TimePart::Minute, Some(10)),
            ("2026-02-03", TimePart::Month, Some(2)),
            ("2026-01-01T00:00:00Z", TimePart::Week, Some(1)),
            ("2027-01-01T00:00:00Z", TimePart::Week, Some(53)),
            ("12/24/2026 11:59:59 PM", TimePart::Hour, Some(23)),
            ("soon", TimePart::Year, None),
        ] {
            assert_eq!(part.read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_number_fits_equal_numbers_and_the_text_that_spells_it() {
        let (whole, fraction) = (Number::Integer(996), Number::Float(0.5));
        for (number, plain, text, as_number, as_text) in [
            (whole, "996", "996", true, true),
            (whole, "996", "996.0", true, false),
            (whole, "996", "9.96e2", true, false),
            (whole, "996", "0996", true, false),
            (whole, "996", " 996 ", true, false),
            (whole, "996", "9960", false, false),
            (whole, "996", "0x3e4", false, false),
            (fraction, "0.5", "0.5", true, true),
            (fraction, "0.5", ".50", true, false),
        ] {
            let matcher = Matcher::Number(number, plain.into());
            let fits = |is_number| matcher.matches(Candidate { text, folded: text, is_number });
            assert_eq!((fits(true), fits(false)), (as_number, as_text), "{text}");
        }
    }
}
