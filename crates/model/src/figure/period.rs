//! Stretches of days over which figures are counted.
//!
//! A day begins at midnight in Japan, and a fiscal year in April, wherever the installation shows its times: the
//! yearly report is made by the law of that country.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use jiff::{Span, ToSpan};

use crate::time::Instant;

/// A stretch of whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    from: Date,
    to: Date,
    length: Length,
}

/// How long a period is, and by what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// A fiscal year, April to March, by the year in which it begins: `2026`.
    Year(i16),
    /// A quarter of a fiscal year, 1 to 4: `2026-Q1` begins in April.
    Quarter(i16, i8),
    /// A month: `2026-06`.
    Month(i16, i8),
    /// Any days: `2026-04-01..2026-07-01`, the last one left out.
    Days,
}

/// A text that is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period such as 2026, 2026-Q1, 2026-06 or 2026-04-01..2026-07-01")]
pub struct NotAPeriod(pub String);

impl Period {
    /// A fiscal year.
    #[must_use]
    pub fn year(year: i16) -> Option<Self> {
        Self::begin(Date::new(year, 4, 1).ok()?, 1.year(), Length::Year(year))
    }

    /// A quarter of a fiscal year, from 1.
    #[must_use]
    pub fn quarter(year: i16, quarter: i8) -> Option<Self> {
        let before = (1..=4).contains(&quarter).then(|| 3 * i32::from(quarter - 1))?;
        let from = Date::new(year, 4, 1).ok()?.checked_add(before.months()).ok()?;
        Self::begin(from, 3.months(), Length::Quarter(year, quarter))
    }

    /// A month.
    #[must_use]
    pub fn month(year: i16, month: i8) -> Option<Self> {
        Self::begin(Date::new(year, month, 1).ok()?, 1.month(), Length::Month(year, month))
    }

    /// The days from one on, without the last.
    #[must_use]
    pub fn days(from: Date, to: Date) -> Option<Self> {
        let is_known = |date: Date| (1678..=2261).contains(&date.year());
        (from < to && is_known(from) && is_known(to)).then_some(Self { from, to, length: Length::Days })
    }

    /// The fiscal year in which an instant lies.
    #[must_use]
    pub fn year_of(instant: Instant) -> Option<Self> {
        let day = day_of(instant);
        Self::year(if day.month() < 4 { day.year().checked_sub(1)? } else { day.year() })
    }

    fn begin(from: Date, long: Span, length: Length) -> Option<Self> {
        Some(Self { length, ..Self::days(from, from.checked_add(long).ok()?)? })
    }

    /// The first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        self.from
    }

    /// The last day that is of it.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.to.yesterday().unwrap_or(self.to)
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> Length {
        self.length
    }

    /// Its first instant.
    #[must_use]
    pub fn from(self) -> Instant {
        midnight(self.from)
    }

    /// The first instant behind it.
    #[must_use]
    pub fn to(self) -> Instant {
        midnight(self.to)
    }

    /// Whether an instant lies in it.
    #[must_use]
    pub fn holds(self, instant: Instant) -> bool {
        self.from() <= instant && instant < self.to()
    }

    /// The one before it, as long as it is.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        match self.length {
            Length::Year(year) => Self::year(year.checked_sub(1)?),
            Length::Quarter(year, 1) => Self::quarter(year.checked_sub(1)?, 4),
            Length::Quarter(year, quarter) => Self::quarter(year, quarter - 1),
            Length::Month(year, 1) => Self::month(year.checked_sub(1)?, 12),
            Length::Month(year, month) => Self::month(year, month - 1),
            Length::Days => {
                Self::days(self.from.checked_sub(self.from.until(self.to).ok()?).ok()?, self.from)
            }
        }
    }

    /// What both have in common.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        if self.from <= other.from && other.to <= self.to {
            return Some(other);
        }
        Self::days(self.from.max(other.from), self.to.min(other.to))
    }

    /// The months of which days are in it.
    pub fn months(self) -> impl Iterator<Item = Self> {
        let first = Self::month(self.from.year(), self.from.month());
        let after =
            |month: &Self| Self::begin(month.to, 1.month(), Length::Month(month.to.year(), month.to.month()));
        std::iter::successors(first, after).take_while(move |month| month.from < self.to)
    }

    /// The stretches of seven days that it is made of, from its first day on; the last may be shorter.
    pub fn weeks(self) -> impl Iterator<Item = Self> {
        let week = move |from: Date| {
            let to = from.checked_add(7.days()).ok()?.min(self.to);
            Self::days(from, to)
        };
        std::iter::successors(week(self.from), move |before| week(before.to))
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let read = || {
            if let Some((from, to)) = text.split_once("..") {
                return Self::days(from.parse().ok()?, to.parse().ok()?);
            }
            let year = |text: &str| {
                let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse::<i16>().ok().filter(|_| is_year)
            };
            let Some((first, rest)) = text.split_once('-') else { return Self::year(year(text)?) };
            match rest.strip_prefix(['Q', 'q']) {
                Some(quarter) => {
                    Self::quarter(year(first)?, quarter.parse().ok().filter(|_| quarter.len() == 1)?)
                }
                None => Self::month(year(first)?, rest.parse().ok().filter(|_| rest.len() == 2)?),
            }
        };
        read().ok_or_else(|| NotAPeriod(text.to_owned()))
    }
}

impl fmt::Display for Period {
    /// As it is read.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Length::Year(year) => write!(formatter, "{year:04}"),
            Length::Quarter(year, quarter) => write!(formatter, "{year:04}-Q{quarter}"),
            Length::Month(year, month) => write!(formatter, "{year:04}-{month:02}"),
            Length::Days => write!(formatter, "{}..{}", self.from, self.to),
        }
    }
}

/// The zone of the law.
fn japan() -> TimeZone {
    TimeZone::fixed(offset(9))
}

fn midnight(day: Date) -> Instant {
    // Days of a period are known to lie in the range of instants.
    let nanoseconds = day.to_zoned(japan()).map_or(0, |day| day.timestamp().as_nanosecond());
    Instant::from_nanoseconds(i64::try_from(nanoseconds).unwrap_or_default())
}

/// The day on which an instant lies.
fn day_of(instant: Instant) -> Date {
    instant.timestamp().to_zoned(japan()).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn periods_are_read_as_they_are_written_and_known_by_their_ends() {
        for (text, from, to, before) in [
            ("2026", "2026-03-31T15:00:00Z", "2027-03-31T15:00:00Z", "2025"),
            ("2026-Q1", "2026-03-31T15:00:00Z", "2026-06-30T15:00:00Z", "2025-Q4"),
            ("2026-Q4", "2026-12-31T15:00:00Z", "2027-03-31T15:00:00Z", "2026-Q3"),
            ("2026-01", "2025-12-31T15:00:00Z", "2026-01-31T15:00:00Z", "2025-12"),
            ("2024-02", "2024-01-31T15:00:00Z", "2024-02-29T15:00:00Z", "2024-01"),
            (
                "2026-04-01..2026-07-01",
                "2026-03-31T15:00:00Z",
                "2026-06-30T15:00:00Z",
                "2025-12-31..2026-04-01",
            ),
        ] {
            let read = period(text);
            assert_eq!(read.to_string(), text);
            assert_eq!((read.from().to_string(), read.to().to_string()), (from.to_owned(), to.to_owned()));
            assert_eq!(read.before().unwrap().to_string(), before);
            assert!(read.holds(read.from()) && !read.holds(read.to()));
            assert_eq!(read.before().unwrap().to(), read.from());
        }
        for text in [
            "",
            "26",
            "2026-",
            "2026-Q0",
            "2026-Q5",
            "2026-Q01",
            "2026-13",
            "2026-6",
            "+2026",
            "2026-04-01",
            "2026-04-01..",
            "2026-07-01..2026-07-01",
            "2026-07-02..2026-07-01",
            "0001-01-01..2026-01-01",
            "9999",
        ] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod(text.to_owned())));
        }
    }

    #[test]
    fn a_fiscal_year_changes_in_april_in_japan() {
        for (time, year) in [
            ("2026-03-31T14:59:59Z", "2025"),
            ("2026-03-31T15:00:00Z", "2026"),
            ("2026-12-31T15:00:00Z", "2026"),
        ] {
            let instant = Instant::parse(time, &TimeZone::UTC).unwrap();
            assert_eq!(Period::year_of(instant).unwrap().to_string(), year, "{time}");
        }
    }

    #[test]
    fn months_and_weeks_make_up_the_whole() {
        for (text, months, weeks) in
            [("2026", 12, 53), ("2026-Q1", 3, 13), ("2026-02", 1, 4), ("2026-04-10..2026-05-02", 2, 4)]
        {
            let whole = period(text);
            let parts: Vec<Period> = whole.weeks().collect();
            assert_eq!((whole.months().count(), parts.len()), (months, weeks), "{text}");
            assert_eq!((parts[0].from(), parts[weeks - 1].to()), (whole.from(), whole.to()));
            assert!(parts.windows(2).all(|pair| pair[0].to() == pair[1].from()));
            let inside: Vec<Period> = whole.months().filter_map(|month| whole.and(month)).collect();
            assert_eq!((inside[0].from(), inside[months - 1].to()), (whole.from(), whole.to()));
        }
        assert_eq!(period("2026-04").and(period("2026-05")), None);
        assert_eq!(period("2026").and(period("2026-05")), Some(period("2026-05")));
    }
}
