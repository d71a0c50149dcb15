//! Instants: nanoseconds since 1970-01-01T00:00:00Z, as logs and columns carry them.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, nanoseconds since the Unix epoch, UTC. Range 1677 to 2262.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// From nanoseconds since the epoch.
    #[must_use]
    pub const fn from_nanoseconds(nanoseconds: i64) -> Self {
        Self(nanoseconds)
    }

    /// From seconds and milliseconds, as audit logs write them.
    #[must_use]
    pub fn from_milliseconds(milliseconds: i64) -> Option<Self> {
        milliseconds.checked_mul(1_000_000).map(Self)
    }

    /// Nanoseconds since the epoch.
    #[must_use]
    pub fn nanoseconds(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }

    /// The same instant as a calendar library's value.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        // Every i64 of nanoseconds (years 1677 to 2262) is inside jiff's range.
        Timestamp::from_nanosecond(i128::from(self.0)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Reads the notations logs use: RFC 3339, a blank instead of `T`, no zone (then
    /// `zone`), fractions of any length, and `M/D/YYYY h:mm:ss AM`. Hour 24 is the midnight that ends
    /// the day, as in ISO 8601.
    #[must_use]
    pub fn parse(text: &str, zone: &TimeZone) -> Option<Self> {
        let text = text.trim();
        if let Some(instant) = parse_fixed(text.as_bytes()) {
            return Some(instant);
        }
        if let Some(rest) = text.get(11..).and_then(|clock| clock.strip_prefix("24:00:00")) {
            let begin = Self::parse(&format!("{}00:00:00{rest}", text.get(..11)?), zone)?;
            let is_midnight = begin.0.rem_euclid(1_000_000_000) == 0;
            return begin.0.checked_add(86_400_000_000_000).filter(|_| is_midnight).map(Self);
        }
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Self::from_timestamp(timestamp);
        }
        let civil = text
            .parse::<jiff::civil::DateTime>()
            .or_else(|_| jiff::civil::DateTime::strptime("%m/%d/%Y %I:%M:%S %p", text))
            .ok()?;
        Self::from_timestamp(zone.to_timestamp(civil).ok()?)
    }

    fn from_timestamp(timestamp: Timestamp) -> Option<Self> {
        i64::try_from(timestamp.as_nanosecond()).ok().map(Self)
    }
}

/// `YYYY-MM-DD?HH:MM:SS[.fraction]Z`, the shape of nearly every event, without the general parser.
fn parse_fixed(text: &[u8]) -> Option<Instant> {
    let (&last, body) = text.split_last()?;
    if last != b'Z' || body.len() < 19 || (body[10] != b'T' && body[10] != b' ') {
        return None;
    }
    let separators = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    if separators.iter().any(|&(at, byte)| body[at] != byte) {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i64> {
        body[from..to]
            .iter()
            .try_fold(0i64, |sum, &byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut fraction = 0i64;
    if body.len() > 19 {
        if body[19] != b'.' || body.len() == 20 {
            return None;
        }
        let digits = &body[20..];
        let mut scale = 100_000_000i64;
        for &byte in digits {
            if !byte.is_ascii_digit() {
                return None;
            }
            fraction += i64::from(byte - b'0') * scale;
            scale /= 10;
        }
    }
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    seconds.checked_mul(1_000_000_000)?.checked_add(fraction).map(Instant)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar (era arithmetic on 400-year cycles).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, with as many digits of the second as it has.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(formatter)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom(format!("{text} is no time"));
        Self::parse(&text, &TimeZone::UTC).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_logs_write() {
        let zone = TimeZone::fixed(jiff::tz::offset(9));
        for (text, expected) in [
            ("2026-03-02T08:00:01.000Z", "2026-03-02T08:00:01Z"),
            ("2026-03-02 08:00:01.1234567Z", "2026-03-02T08:00:01.1234567Z"),
            ("2026-03-02T17:00:01+09:00", "2026-03-02T08:00:01Z"),
            ("2026-03-02 17:00:01", "2026-03-02T08:00:01Z"),
            ("2026-03-02T17:00:01.5", "2026-03-02T08:00:01.5Z"),
            ("3/2/2026 5:00:01 PM", "2026-03-02T08:00:01Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
            ("2024-02-28T24:00:00Z", "2024-02-29T00:00:00Z"),
            ("2024-02-28 24:00:00.000", "2024-02-28T15:00:00Z"),
            ("2024-02-28T23:59:60Z", "2024-02-28T23:59:59Z"),
        ] {
            assert_eq!(Instant::parse(text, &zone).unwrap().to_string(), expected, "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2026-13-02T08:00:01Z",
            "2025-02-29T00:00:00Z",
            "2026-03-02T24:00:01Z",
            "2026-03-02T24:00:00.5Z",
            "2026-03-02T08:00:01.Z",
        ] {
            assert_eq!(Instant::parse(text, &zone), None, "{text}");
        }
    }

    #[test]
    fn the_short_way_agrees_with_the_general_parser() {
        for days in (-40_000..40_000).step_by(37) {
            let timestamp = Timestamp::from_second(days * 86_400 + 12_345).unwrap();
            let fixed = parse_fixed(timestamp.to_string().as_bytes()).unwrap();
            assert_eq!(fixed.timestamp(), timestamp);
        }
    }
}
