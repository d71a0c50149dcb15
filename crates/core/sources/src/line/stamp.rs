//! Times as text logs write them.
//!
//! Here a time is told by its shape. Whether a calendar has it, and which instant it stands for, is
//! the clock's affair: a line with an impossible time is a line all the same.

use jiff::civil::DateTime;

/// A time as written: what is not written is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub year: Option<i16>,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
    /// Seconds east of Greenwich.
    pub offset: Option<i32>,
}

impl Stamp {
    /// Reads `Oct 11 22:14:15`, also with a year behind the day or the time, a fraction of the second,
    /// or a colon behind; and says how long it is.
    pub(crate) fn traditional(text: &[u8]) -> Option<(Self, usize)> {
        let month = month(text.get(..3)?)?;
        let mut rest = Rest { text, at: 3 };
        rest.byte(b' ')?;
        rest.blanks();
        let day = rest.short()?;
        rest.byte(b' ')?;
        rest.blanks();
        let mut year = None;
        if text.get(rest.at + 4) == Some(&b' ') {
            year = Some(rest.number(4)?);
            rest.byte(b' ')?;
        }
        let (hour, minute, second) = rest.clock()?;
        let nanosecond = rest.fraction()?;
        year = year.or_else(|| rest.year_behind());
        if text.get(rest.at) == Some(&b':') {
            rest.at += 1;
        }
        let stamp = Self { year, month, day, hour, minute, second, nanosecond, offset: None };
        Some((stamp, rest.at))
    }

    /// Reads `2026-03-02T08:00:01.123456+09:00` (or `Z`, or `+0900`), and says how long it is.
    pub(crate) fn standard(text: &[u8]) -> Option<(Self, usize)> {
        let mut rest = Rest { text, at: 0 };
        let year = rest.number(4)?;
        rest.byte(b'-')?;
        let month = rest.pair()?;
        rest.byte(b'-')?;
        let day = rest.pair()?;
        rest.byte(b'T')?;
        let (hour, minute, second) = rest.clock()?;
        let nanosecond = rest.fraction()?;
        let offset = match text.get(rest.at)? {
            b'Z' => {
                rest.at += 1;
                0
            }
            _ => rest.offset()?,
        };
        let stamp =
            Self { year: Some(year), month, day, hour, minute, second, nanosecond, offset: Some(offset) };
        Some((stamp, rest.at))
    }

    /// Reads `10/Oct/2000:13:55:36 -0700`, also without the zone, and says how long it is.
    pub(crate) fn access(text: &[u8]) -> Option<(Self, usize)> {
        let mut rest = Rest { text, at: 0 };
        let day = rest.pair()?;
        rest.byte(b'/')?;
        let month = month(text.get(3..6)?)?;
        rest.at = 6;
        rest.byte(b'/')?;
        let year = rest.number(4)?;
        rest.byte(b':')?;
        let (hour, minute, second) = rest.clock()?;
        let nanosecond = rest.fraction()?;
        let offset = match text.get(rest.at) {
            Some(b']') => None,
            _ => {
                rest.byte(b' ')?;
                Some(rest.offset()?)
            }
        };
        let stamp = Self { year: Some(year), month, day, hour, minute, second, nanosecond, offset };
        Some((stamp, rest.at))
    }

    /// Whether a day has such a time. Hour 24 is the midnight that ends the day, as in ISO 8601, and a
    /// minute may have a leap second.
    pub(crate) fn has_clock(&self) -> bool {
        let midnight = self.hour == 24 && self.minute == 0 && self.second == 0 && self.nanosecond == 0;
        (self.hour < 24 || midnight) && self.minute < 60 && self.second <= 60
    }

    /// The begin of its minute in some year, if that year has such a day.
    pub(crate) fn civil(&self, year: i16) -> Option<DateTime> {
        let midnight = self.hour == 24;
        let hour = if midnight { 0 } else { self.hour };
        let civil = DateTime::new(year, self.month, self.day, hour, self.minute, 0, 0).ok()?;
        civil.checked_add(jiff::Span::new().days(i64::from(midnight))).ok()
    }

    /// Nanoseconds since the begin of its minute. A leap second counts as the one before it.
    pub(crate) fn rest(&self) -> i64 {
        i64::from(self.second.min(59)) * 1_000_000_000 + i64::from(self.nanosecond)
    }

    /// Its minute in some year.
    pub(crate) fn minute(&self, year: i16) -> Self {
        Self { year: Some(year), second: 0, nanosecond: 0, ..*self }
    }

    /// Number of the day in a year of 366 days, from 0; none if no year has such a day.
    pub(crate) fn day_of_year(&self) -> Option<i16> {
        const DAYS: [i8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let (before, rest) = DAYS.split_at_checked(usize::try_from(self.month - 1).ok()?)?;
        let fits = (1..=*rest.first()?).contains(&self.day);
        fits.then(|| before.iter().map(|days| i16::from(*days)).sum::<i16>() + i16::from(self.day) - 1)
    }

    pub(crate) fn is_leap_day(&self) -> bool {
        (self.month, self.day) == (2, 29)
    }
}

fn month(text: &[u8]) -> Option<i8> {
    const NAMES: [&[u8; 3]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    (1..).zip(NAMES).find(|(_, name)| **name == text).map(|(number, _)| number)
}

/// The part of a text that is still to be read.
struct Rest<'a> {
    text: &'a [u8],
    at: usize,
}

impl Rest<'_> {
    fn byte(&mut self, wanted: u8) -> Option<()> {
        (self.text.get(self.at) == Some(&wanted)).then(|| self.at += 1)
    }

    fn blanks(&mut self) {
        while self.text.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
    }

    /// A number of exactly `length` digits, four at most.
    fn number(&mut self, length: usize) -> Option<i16> {
        let digits = self.text.get(self.at..self.at + length)?;
        self.at += length;
        digits
            .iter()
            .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i16::from(byte - b'0')))
    }

    fn pair(&mut self) -> Option<i8> {
        i8::try_from(self.number(2)?).ok()
    }

    /// A number of one or two digits.
    fn short(&mut self) -> Option<i8> {
        let two = self.text.get(self.at + 1).is_some_and(u8::is_ascii_digit);
        i8::try_from(self.number(1 + usize::from(two))?).ok()
    }

    fn clock(&mut self) -> Option<(i8, i8, i8)> {
        let hour = self.pair()?;
        self.byte(b':')?;
        let minute = self.pair()?;
        self.byte(b':')?;
        let second = self.pair()?;
        Some((hour, minute, second))
    }

    /// ` 2023` behind the time and before a blank or a colon.
    fn year_behind(&mut self) -> Option<i16> {
        let mut ahead = Rest { text: self.text, at: self.at };
        ahead.byte(b' ')?;
        let year = ahead.number(4).filter(|year| (1970..2100).contains(year))?;
        let rest = self.text.get(ahead.at..)?;
        (rest.starts_with(b" ") || rest.starts_with(b": ")).then(|| self.at = ahead.at)?;
        Some(year)
    }

    /// Nanoseconds of a fraction of any length; 0 when there is none.
    fn fraction(&mut self) -> Option<i32> {
        if self.text.get(self.at) != Some(&b'.') {
            return Some(0);
        }
        let digits = self.text.get(self.at + 1..)?.iter().take_while(|byte| byte.is_ascii_digit());
        let (mut count, mut sum, mut scale) = (0, 0, 100_000_000);
        for digit in digits {
            sum += i32::from(digit - b'0') * scale;
            scale /= 10;
            count += 1;
        }
        self.at += 1 + count;
        (count > 0).then_some(sum)
    }

    /// `+09:00` or `+0900` in seconds.
    fn offset(&mut self) -> Option<i32> {
        let sign = match self.text.get(self.at)? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        self.at += 1;
        let hours = self.pair()?;
        if self.text.get(self.at) == Some(&b':') {
            self.at += 1;
        }
        let minutes = self.pair()?;
        (minutes < 60).then(|| sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_their_shape() {
        for text in
            ["", "Mar", "Mar 2", "Mär  2 08:00:01", "mar  2 08:00:01", "Mar x 08:00:01", "Mar  2 8:00:01"]
        {
            assert_eq!(Stamp::traditional(text.as_bytes()), None, "{text}");
        }
        for text in ["2026-03-02T08:00:01", "2026-03-02 08:00:01Z", "2026-03-02T08:00:01+9"] {
            assert_eq!(Stamp::standard(text.as_bytes()), None, "{text}");
        }
        for text in ["10/Oct/2000:13:55:36", "10/Oct/2000:13:55:36 -07", "1/Oct/2000:13:55:36 -0700"] {
            assert_eq!(Stamp::access(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Stamp::traditional(b"Mar  2 08:00:01."), None);
    }

    #[test]
    fn days_count_as_in_a_leap_year() {
        let day = |text: &str| Stamp::traditional(text.as_bytes()).unwrap().0.day_of_year();
        for (text, number) in [
            ("Jan  1 00:00:00", Some(0)),
            ("Feb 29 00:00:00", Some(59)),
            ("Mar  1 00:00:00", Some(60)),
            ("Dec 31 00:00:00", Some(365)),
            ("Feb 30 00:00:00", None),
            ("Apr 31 00:00:00", None),
            ("Apr  0 00:00:00", None),
        ] {
            assert_eq!(day(text), number, "{text}");
        }
    }
}
