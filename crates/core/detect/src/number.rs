//! Numbers of rules and events.

use serde::{Deserialize, Serialize};

/// A number of a rule or an event. Decimal only: hexadecimal text stays text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Number {
    /// A whole number.
    Integer(i128),
    /// Any other.
    Float(f64),
}

impl Number {
    /// Reads decimal notation.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(integer) = text.parse::<i128>() {
            return Some(Self::Integer(integer));
        }
        let starts_like_number =
            text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
        // "inf" and "nan" are words in logs.
        text.parse::<f64>().ok().filter(|float| starts_like_number && float.is_finite()).map(Self::Float)
    }

    /// Orders two numbers; exact between whole numbers.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(&b)),
            (a, b) => a.float().partial_cmp(&b.float()),
        }
    }

    /// The nearest fraction.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "comparison with a fraction needs no more than f64 holds")]
    pub fn float(self) -> f64 {
        match self {
            Self::Integer(integer) => integer as f64,
            Self::Float(float) => float,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_exactly_where_they_can() {
        use std::cmp::Ordering::{Equal, Greater, Less};
        for (a, b, expected) in [
            ("9007199254740993", "9007199254740992", Some(Greater)),
            ("-5", "3", Some(Less)),
            ("1.50", "1.5", Some(Equal)),
        ] {
            assert_eq!(Number::parse(a).unwrap().compare(Number::parse(b).unwrap()), expected);
        }
        assert_eq!(Number::parse("0x10"), None);
        assert_eq!(Number::parse("nan"), None);
        assert_eq!(Number::parse("inf"), None);
    }
}
