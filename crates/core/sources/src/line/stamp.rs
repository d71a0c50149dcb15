//! Times as text logs write them, and the instants they stand for.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use model::time::Instant;

use crate::reader::Undated;

const DAY: i64 = 86_400 * 1_000_000_000;
const MINUTE: i64 = 60 * 1_000_000_000;
/// Years between two 29 Februaries at most: 1896 and 1904.
const LEAP: i16 = 8;

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
    offset: Option<i32>,
}

impl Stamp {
    /// Reads `Oct 11 22:14:15`, also with a year behind the day, a fraction of the second, or a
    /// colon behind; and says how long it is.
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

    /// Reads `10/Oct/2000:13:55:36 -0700`, and says how long it is.
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
        rest.byte(b' ')?;
        let offset = rest.offset()?;
        let stamp =
            Self { year: Some(year), month, day, hour, minute, second, nanosecond, offset: Some(offset) };
        Some((stamp, rest.at))
    }

    /// The begin of its minute in some year, if that year has such a day.
    fn civil(&self, year: i16) -> Option<DateTime> {
        DateTime::new(year, self.month, self.day, self.hour, self.minute, 0, 0).ok()
    }

    /// Nanoseconds since the begin of its minute. A leap second counts as the one before it.
    fn rest(&self) -> i64 {
        i64::from(self.second.min(59)) * 1_000_000_000 + i64::from(self.nanosecond)
    }

    fn minute(&self) -> Self {
        Self { second: 0, nanosecond: 0, ..*self }
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
        (hour < 24 && minute < 60 && second <= 60).then_some((hour, minute, second))
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

/// Turns times into instants. Lines of the same minute share the work.
#[derive(Debug)]
pub(crate) struct Clock<'z> {
    zone: &'z TimeZone,
    undated: Undated,
    last: Option<(Stamp, i64)>,
}

impl<'z> Clock<'z> {
    pub(crate) fn new(zone: &'z TimeZone, undated: Undated) -> Self {
        Self { zone, undated, last: None }
    }

    /// The instant of a time; none if no calendar has it, or nobody can tell its year.
    pub(crate) fn instant(&mut self, stamp: &Stamp) -> Option<Instant> {
        let key = stamp.minute();
        let begin = match self.last {
            Some((known, begin)) if known == key => begin,
            _ => {
                let (begin, lasting) = self.begin(stamp)?;
                self.last = lasting.then_some((key, begin));
                begin
            }
        };
        begin.checked_add(stamp.rest()).map(Instant::from_nanoseconds)
    }

    /// The begin of the minute, and whether it is the same for every second of that minute.
    fn begin(&self, stamp: &Stamp) -> Option<(i64, bool)> {
        let at = |year| self.resolve(stamp.civil(year)?, stamp.offset);
        if let Some(year) = stamp.year {
            return Some((at(year)?, true));
        }
        match self.undated {
            Undated::Unknown => None,
            Undated::Year(year) => Some((at(year)?, true)),
            Undated::Before(latest) => {
                let bound = latest.nanoseconds().saturating_add(DAY);
                let last = self.zone.to_datetime(Instant::from_nanoseconds(bound).timestamp()).year();
                let mut years = (0..=LEAP).filter_map(|back| at(last - back));
                let begin = years.find(|begin| begin.saturating_add(stamp.rest()) <= bound)?;
                let near = |begin: i64| (begin..begin.saturating_add(MINUTE)).contains(&bound);
                Some((begin, !at(last).is_some_and(near)))
            }
        }
    }

    fn resolve(&self, civil: DateTime, offset: Option<i32>) -> Option<i64> {
        let timestamp: Timestamp = match offset {
            Some(seconds) => Offset::from_seconds(seconds).ok()?.to_timestamp(civil).ok()?,
            None => self.zone.to_timestamp(civil).ok()?,
        };
        i64::try_from(timestamp.as_nanosecond()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Instant {
        Instant::parse(text, &TimeZone::UTC).unwrap()
    }

    #[test]
    fn notations() {
        let read = |text: &str, (stamp, length): (Stamp, usize)| {
            let zone = TimeZone::fixed(jiff::tz::offset(9));
            let time = Clock::new(&zone, Undated::Year(2026)).instant(&stamp).unwrap();
            format!("{time} {}", &text[length..])
        };
        for (text, expected) in [
            ("Mar  2 08:00:01 h", "2026-03-01T23:00:01Z  h"),
            ("Mar 2 08:00:01 h", "2026-03-01T23:00:01Z  h"),
            ("Mar 02 08:00:01.25: h", "2026-03-01T23:00:01.25Z  h"),
            ("Oct 11 2003 22:14:15: h", "2003-10-11T13:14:15Z  h"),
            ("Dec 31 23:59:60", "2026-12-31T14:59:59Z "),
        ] {
            assert_eq!(read(text, Stamp::traditional(text.as_bytes()).unwrap()), expected);
        }
        for (text, expected) in [
            ("2026-03-02T08:00:01.123456+09:00 h", "2026-03-01T23:00:01.123456Z  h"),
            ("2026-03-02T08:00:01-0330", "2026-03-02T11:30:01Z "),
            ("2003-10-11T22:14:15.003Z h", "2003-10-11T22:14:15.003Z  h"),
            ("2003-10-11T22:14:15.0031234567890Z", "2003-10-11T22:14:15.003123456Z "),
        ] {
            assert_eq!(read(text, Stamp::standard(text.as_bytes()).unwrap()), expected);
        }
        let text = "10/Oct/2000:13:55:36 -0700] x";
        assert_eq!(read(text, Stamp::access(text.as_bytes()).unwrap()), "2000-10-10T20:55:36Z ] x");
        for text in [
            "",
            "Mar",
            "Mar 2",
            "Mär  2 08:00:01",
            "mar  2 08:00:01",
            "Mar  2 24:00:00",
            "Mar x 08:00:01",
            "Mar  2 8:00:01",
            "Mar  2 08:00:01.",
            "2026-03-02T08:00:01",
            "2026-03-02 08:00:01Z",
            "2026-03-02T08:00:01+9",
            "10/Oct/2000:13:55:36",
        ] {
            let bytes = text.as_bytes();
            assert_eq!(Stamp::traditional(bytes), None, "{text}");
            assert_eq!(Stamp::standard(bytes), None, "{text}");
            assert_eq!(Stamp::access(bytes), None, "{text}");
        }
    }

    #[test]
    fn the_year_that_is_not_written() {
        use Undated::{Before, Unknown, Year};
        let zone = TimeZone::fixed(jiff::tz::offset(9));
        for (text, undated, expected) in [
            ("Mar  2 09:00:00", Unknown, None),
            ("Mar  2 09:00:00", Year(2024), Some("2024-03-02T00:00:00Z")),
            ("Dec 31 09:00:00", Year(2024), Some("2024-12-31T00:00:00Z")),
            ("Feb 29 09:00:00", Year(2024), Some("2024-02-29T00:00:00Z")),
            ("Feb 29 09:00:00", Year(2025), None),
            // The file was changed in March: December is of the year before.
            ("Mar  2 09:00:00", Before(instant("2026-03-02T00:00:00Z")), Some("2026-03-02T00:00:00Z")),
            ("Dec 31 09:00:00", Before(instant("2026-03-02T00:00:00Z")), Some("2025-12-31T00:00:00Z")),
            // Over the turn of the year, on both sides of it.
            ("Dec 31 23:59:59", Before(instant("2026-01-01T00:00:00Z")), Some("2025-12-31T14:59:59Z")),
            ("Jan  1 00:00:00", Before(instant("2026-01-01T00:00:00Z")), Some("2025-12-31T15:00:00Z")),
            ("Jan  1 08:00:00", Before(instant("2025-12-31T14:00:00Z")), Some("2025-12-31T23:00:00Z")),
            // A day of patience, to the second.
            ("Mar  3 09:00:30", Before(instant("2026-03-02T00:00:30Z")), Some("2026-03-03T00:00:30Z")),
            ("Mar  3 09:00:31", Before(instant("2026-03-02T00:00:30Z")), Some("2025-03-03T00:00:31Z")),
            // Leap years.
            ("Feb 29 09:00:00", Before(instant("2026-03-02T00:00:00Z")), Some("2024-02-29T00:00:00Z")),
            ("Feb 29 09:00:00", Before(instant("1903-03-02T00:00:00Z")), Some("1896-02-29T00:00:00Z")),
            ("Feb 30 09:00:00", Before(instant("2026-03-02T00:00:00Z")), None),
        ] {
            let (stamp, _) = Stamp::traditional(text.as_bytes()).unwrap();
            let time = Clock::new(&zone, undated).instant(&stamp).map(|time| time.to_string());
            assert_eq!(time.as_deref(), expected, "{text} {undated:?}");
        }
    }

    #[test]
    fn what_was_read_before_does_not_matter() {
        let before = Undated::Before(instant("2026-03-02T00:00:30Z"));
        let zone = TimeZone::get("America/New_York").unwrap();
        let lines =
            ["Mar  2 19:00:10", "Mar  2 19:00:50", "Mar  2 19:00:20", "Mar  2 19:01:00", "Nov  1 01:30:00"];
        let stamps = lines.map(|text| Stamp::traditional(text.as_bytes()).unwrap().0);
        let mut shared = Clock::new(&zone, before);
        for stamp in stamps {
            assert_eq!(shared.instant(&stamp), Clock::new(&zone, before).instant(&stamp), "{stamp:?}");
        }
    }
}
