//! One test of one value: what remains of a field's values and modifiers after loading.

use std::cmp::Ordering;

use jiff::civil::DateTime;

use crate::pattern::{Network, Number, Pattern};

/// Steps a backtracking regular expression may take on one value.
pub const REGEX_STEPS: usize = 100_000;

/// A test of one value of a field.
#[derive(Debug)]
pub enum Matcher {
    /// Text with wildcards.
    Text(Pattern),
    /// A number written in the rule: equal as text or, where either has a fraction, as a number.
    Number(Number, Box<str>),
    /// A regular expression.
    Regex(Box<regex::Regex>),
    /// A regular expression with look-around or back-references, limited in steps.
    Fancy(Box<fancy_regex::Regex>),
    /// An address range.
    Network(Network),
    /// A numeric comparison.
    Compare(Comparison, Number),
    /// A part of the date and time in the value, compared as a number.
    TimePart(TimePart, Comparison, Number),
}

/// A numeric relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn holds(self, left: Number, right: Number) -> bool {
        let Some(order) = left.compare(right) else { return false };
        match self {
            Self::Equal => order == Ordering::Equal,
            Self::Less => order == Ordering::Less,
            Self::LessOrEqual => order != Ordering::Greater,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterOrEqual => order != Ordering::Less,
        }
    }
}

/// A part of a time, as the time modifiers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Matcher {
    /// Whether the value fits. `folded` is the value folded for comparison without case.
    #[must_use]
    pub fn matches(&self, text: &str, folded: &str) -> bool {
        match self {
            Self::Text(pattern) => pattern.matches(if pattern.cased { text } else { folded }),
            Self::Number(number, written) => **written == *text || equal_with_fraction(*number, text),
            Self::Regex(regex) => regex.is_match(text),
            // A pattern that exceeds its steps has not been shown to match.
            Self::Fancy(regex) => regex.is_match(text).unwrap_or(false),
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

fn equal_with_fraction(number: Number, text: &str) -> bool {
    let fraction = matches!(number, Number::Float(_)) || text.contains(['.', 'e', 'E']);
    fraction && Number::parse(text).is_some_and(|value| value.compare(number) == Some(Ordering::Equal))
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
    fn numbers_in_rules_do_not_read_hexadecimal() {
        let number = Matcher::Number(Number::Integer(996), "996".into());
        for (text, expected) in
            [("996", true), ("996.0", true), ("0x3e4", false), ("0996", false), ("9960", false)]
        {
            assert_eq!(number.matches(text, text), expected, "{text}");
        }
    }
}
