//! The instants that times of text logs stand for.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use model::time::Instant;

use super::course::{Course, Years};
use super::stamp::Stamp;
use crate::limits::Undated;

const DAY: i64 = 86_400 * 1_000_000_000;
/// Years between two 29 Februaries at most: 1896 and 1904.
const LEAP: i16 = 8;
/// Before this year no system log was written; a source that would reach further back has no order.
const OLDEST: i64 = 1970;

/// Turns the times of one source's lines into instants, in the order of the lines. Lines of the same
/// minute share the work.
#[derive(Debug)]
pub(crate) struct Clock<'z> {
    zone: &'z TimeZone,
    course: Course,
    first: First,
    /// The latest that a line without a year may be.
    bound: Option<i64>,
    last: Option<(Stamp, i64)>,
}

/// Year of the first line that names none.
#[derive(Debug, Clone, Copy)]
enum First {
    Unknown,
    Year(i64),
    /// Each line is judged by itself.
    None,
}

/// What a time comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Instant(Instant),
    /// The order of the lines gives no year in which it is possible and not later than its source; this
    /// is the latest such year.
    Moved(Instant),
    /// Nobody can tell its year.
    Unknown,
    /// No calendar has it.
    Impossible,
}

impl Told {
    pub(crate) fn instant(self) -> Option<Instant> {
        match self {
            Self::Instant(instant) | Self::Moved(instant) => Some(instant),
            _ => None,
        }
    }
}

impl<'z> Clock<'z> {
    pub(crate) fn new(zone: &'z TimeZone, undated: Undated, years: &Years) -> Self {
        let mut clock = Self { zone, course: years.course, first: First::Unknown, bound: None, last: None };
        match undated {
            Undated::Unknown => {}
            Undated::Year(year) => clock.first = First::Year(year.into()),
            Undated::Before(latest) => {
                let bound = latest.nanoseconds().saturating_add(DAY);
                clock.bound = Some(bound);
                clock.first = clock.first(years, bound).map_or(First::None, First::Year);
            }
        }
        clock
    }

    /// The instant of a time.
    pub(crate) fn tell(&mut self, stamp: &Stamp) -> Told {
        if let Some(year) = stamp.year {
            return self.at(stamp, year).map_or(Told::Impossible, Told::Instant);
        }
        let year = self.course.year(stamp);
        let told = match (self.first, year) {
            (_, None) => return Told::Impossible,
            (First::Unknown, _) => return Told::Unknown,
            (First::Year(first), Some(year)) => i16::try_from(first.saturating_add(year)).ok(),
            (First::None, _) => None,
        };
        let told = told.and_then(|year| self.at(stamp, year));
        let Some(bound) = self.bound else { return told.map_or(Told::Impossible, Told::Instant) };
        match told {
            Some(time) if time.nanoseconds() <= bound => Told::Instant(time),
            _ => {
                let alone = matches!(self.first, First::None);
                let told = if alone { Told::Instant } else { Told::Moved };
                self.years(stamp, bound).next().map_or(Told::Impossible, |(_, time)| told(time))
            }
        }
    }

    /// Year of the first line: the latest in which no line is later than the source, and each
    /// 29 February stands in a leap year, if there is one.
    fn first(&mut self, years: &Years, bound: i64) -> Option<i64> {
        let latest = years.end.latest?;
        let firsts: Vec<i64> =
            self.years(&latest.stamp, bound).map(|(year, _)| years.end.first(year.into())).collect();
        let fitting = firsts.iter().find(|first| years.end.fits(**first));
        fitting.or(firsts.first()).copied().filter(|first| *first >= OLDEST)
    }

    /// Years in which a time is not later than the bound, the latest first.
    fn years(&mut self, stamp: &Stamp, bound: i64) -> impl Iterator<Item = (i16, Instant)> {
        let last = self.zone.to_datetime(Instant::from_nanoseconds(bound).timestamp()).year();
        let years = (0..=LEAP).filter_map(move |back| Some((last - back, self.at(stamp, last - back)?)));
        years.filter(move |(_, time)| time.nanoseconds() <= bound)
    }

    /// The instant of a time in some year.
    fn at(&mut self, stamp: &Stamp, year: i16) -> Option<Instant> {
        if !stamp.has_clock() {
            return None;
        }
        let key = stamp.minute(year);
        let begin = match self.last {
            Some((known, begin)) if known == key => begin,
            _ => {
                let begin = self.resolve(stamp.civil(year)?, stamp.offset)?;
                self.last = Some((key, begin));
                begin
            }
        };
        begin.checked_add(stamp.rest()).map(Instant::from_nanoseconds)
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
    use Undated::{Before, Unknown, Year};

    fn before(text: &str) -> Undated {
        Before(Instant::parse(text, &TimeZone::UTC).unwrap())
    }

    /// The times of the lines of one source, in UTC.
    fn times(lines: &[&str], undated: Undated) -> Vec<String> {
        let mut course = Course::default();
        course.over(lines.join("\n").as_bytes());
        let years = Years { course: Course::default(), end: course.end() };
        let zone = TimeZone::UTC;
        let mut clock = Clock::new(&zone, undated, &years);
        let told = lines.iter().map(|line| clock.tell(&Stamp::traditional(line.as_bytes()).unwrap().0));
        told.map(|told| match told {
            Told::Instant(time) => time.to_string(),
            Told::Moved(time) => format!("moved {time}"),
            told => format!("{told:?}"),
        })
        .collect()
    }

    fn years(days: &[&str], undated: Undated) -> Vec<String> {
        let lines: Vec<String> = days.iter().map(|day| format!("{day} 12:00:00")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        times(&lines, undated).iter().map(|time| time.split("-").next().unwrap().to_owned()).collect()
    }

    #[test]
    fn notations() {
        let zone = TimeZone::fixed(jiff::tz::offset(9));
        let read = |text: &str, (stamp, length): (Stamp, usize)| {
            let told = Clock::new(&zone, Year(2026), &Years::default()).tell(&stamp);
            let time = told.instant().map_or(format!("{told:?}"), |time| time.to_string());
            format!("{time} {}", &text[length..])
        };
        for (text, expected) in [
            ("Mar  2 08:00:01 h", "2026-03-01T23:00:01Z  h"),
            ("Mar 2 08:00:01 h", "2026-03-01T23:00:01Z  h"),
            ("Mar 02 08:00:01.25: h", "2026-03-01T23:00:01.25Z  h"),
            ("Oct 11 2003 22:14:15: h", "2003-10-11T13:14:15Z  h"),
            ("Oct 11 22:14:15 2003 h", "2003-10-11T13:14:15Z  h"),
            ("Oct 11 22:14:15.5 2003: h", "2003-10-11T13:14:15.5Z  h"),
            ("Oct 11 22:14:15 2003", "2026-10-11T13:14:15Z  2003"),
            ("Oct 11 22:14:15 20031 x", "2026-10-11T13:14:15Z  20031 x"),
            ("Oct 11 22:14:15 4711 x", "2026-10-11T13:14:15Z  4711 x"),
            ("Dec 31 23:59:60", "2026-12-31T14:59:59Z "),
            ("Dec 31 24:00:00", "2026-12-31T15:00:00Z "),
            ("Dec 31 24:00:01", "Impossible "),
            ("Dec 31 25:00:00", "Impossible "),
            ("Dec 31 23:60:00", "Impossible "),
            ("Dec 31 23:59:61", "Impossible "),
            ("Dec 32 23:59:59", "Impossible "),
        ] {
            assert_eq!(read(text, Stamp::traditional(text.as_bytes()).unwrap()), expected);
        }
        for (text, expected) in [
            ("2026-03-02T08:00:01.123456+09:00 h", "2026-03-01T23:00:01.123456Z  h"),
            ("2026-03-02T08:00:01-0330", "2026-03-02T11:30:01Z "),
            ("2003-10-11T22:14:15.003Z h", "2003-10-11T22:14:15.003Z  h"),
            ("2003-10-11T22:14:15.0031234567890Z", "2003-10-11T22:14:15.003123456Z "),
            ("2003-12-31T24:00:00Z", "2004-01-01T00:00:00Z "),
            ("2003-13-31T12:00:00Z", "Impossible "),
        ] {
            assert_eq!(read(text, Stamp::standard(text.as_bytes()).unwrap()), expected);
        }
        for (text, expected) in [
            ("10/Oct/2000:13:55:36 -0700] x", "2000-10-10T20:55:36Z ] x"),
            ("10/Oct/2000:13:55:36] x", "2000-10-10T04:55:36Z ] x"),
            ("10/Oct/2000:24:55:36 -0700] x", "Impossible ] x"),
        ] {
            assert_eq!(read(text, Stamp::access(text.as_bytes()).unwrap()), expected);
        }
    }

    #[test]
    fn what_was_possible_in_this_minute_decides_nothing() {
        let lines =
            ["Dec 31 24:00:00", "Dec 31 24:00:05", "Mar  2 08:00:01", "Mar  2 08:00:61", "Mar  2 08:00:02"];
        let expected = [
            "2027-01-01T00:00:00Z",
            "Impossible",
            "2027-03-02T08:00:01Z",
            "Impossible",
            "2027-03-02T08:00:02Z",
        ];
        assert_eq!(times(&lines, Year(2026)), expected);
    }

    #[test]
    fn one_line_is_of_the_last_year_that_its_file_allows() {
        for (text, undated, expected) in [
            ("Mar  2 09:00:00", Unknown, "Unknown"),
            ("Mar  2 09:00:00", Year(2024), "2024-03-02T09:00:00Z"),
            ("Feb 29 09:00:00", Year(2024), "2024-02-29T09:00:00Z"),
            ("Feb 29 09:00:00", Year(2025), "Impossible"),
            // The file was changed in March: December is of the year before.
            ("Mar  2 09:00:00", before("2026-03-02T00:00:00Z"), "2026-03-02T09:00:00Z"),
            ("Dec 31 09:00:00", before("2026-03-02T00:00:00Z"), "2025-12-31T09:00:00Z"),
            // A day of patience, to the second.
            ("Mar  3 00:00:30", before("2026-03-02T00:00:30Z"), "2026-03-03T00:00:30Z"),
            ("Mar  3 00:00:31", before("2026-03-02T00:00:30Z"), "2025-03-03T00:00:31Z"),
            ("Jan  1 08:00:00", before("2025-12-31T14:00:00Z"), "2026-01-01T08:00:00Z"),
            ("Feb 29 09:00:00", before("2026-03-02T00:00:00Z"), "2024-02-29T09:00:00Z"),
            ("Feb 29 09:00:00", before("1903-03-02T00:00:00Z"), "1896-02-29T09:00:00Z"),
            ("Feb 30 09:00:00", before("2026-03-02T00:00:00Z"), "Impossible"),
        ] {
            assert_eq!(times(&[text], undated), [expected], "{text} {undated:?}");
        }
    }

    #[test]
    fn years_rise_through_a_source() {
        let march = before("2026-03-02T00:00:00Z");
        for (days, undated, expected) in [
            // The older half of a file over a new year landed a year too late.
            (&["Mar  1", "Jun 10", "Dec 31", "Jan  1", "Feb 14"][..], march, "2025 2025 2025 2026 2026"),
            (
                &["Mar  1", "Jun 10", "Dec 31", "Jan  1", "Feb 14"],
                before("2026-01-20T00:00:00Z"),
                "2024 2024 2024 2025 2025",
            ),
            // Several years, and gaps of months.
            (
                &["Nov  5", "Feb 10", "Sep  1", "May 20", "Dec  1", "Feb  1"],
                march,
                "2023 2024 2024 2025 2025 2026",
            ),
            (&["Nov  5", "Feb 10", "Sep  1", "May 20"], Year(2020), "2020 2021 2021 2022"),
            // Lines out of order are no new year, also where one begins.
            (&["Jan  5", "Jan  4", "Jan  5"], march, "2026 2026 2026"),
            (&["Dec 31", "Jan  1", "Dec 31", "Jan  1"], march, "2025 2026 2025 2026"),
            (&["Jan  1", "Dec 31", "Jan  1"], march, "2026 2025 2026"),
            (&["Jan  1", "Dec 31", "Jan  1"], Year(2024), "2024 2023 2024"),
            // Weekly logs put behind each other, the newest first.
            (
                &["Feb 20", "Feb 27", "Feb 13", "Feb 20", "Feb  6", "Feb 13"],
                march,
                "2026 2026 2026 2026 2026 2026",
            ),
            // The file was put together from the end.
            (&["Jan  2", "Dec 20", "Dec  2", "Nov 10"], march, "2026 2025 2025 2025"),
            (
                &["Mar  1", "Dec 31", "Jan  1", "Mar  1", "Dec 31", "Jan  1", "Mar  1"],
                march,
                "2024 2024 2025 2025 2025 2026 2026",
            ),
            // A machine that started without a clock.
            (&["Aug 10", "Jan  1", "Jan  1", "Aug 10", "Aug 11"], march, "2025 2026 2026 2025 2025"),
            (&["Aug 10", "Jan  1"], march, "2025 2026"),
            (&["Aug 10", "Jan  1", "Jan  2", "Jan  3"], march, "2025 2026 2026 2026"),
            (&["Oct 14", "Jan  1", "Feb 14"], march, "2025 2026 2026"),
            // A leap day fixes the year of its neighbours.
            (&["Feb 28", "Feb 29", "Mar  1"], march, "2024 2024 2024"),
            (&["Dec 31", "Feb 29", "Dec 31", "Jan  2"], march, "2023 2024 2024 2025"),
            (&["Feb 29", "Mar  1", "Jan 10", "Jun  1", "Jan 10"], march, "2024 2024 2025 2025 2026"),
        ] {
            assert_eq!(years(days, undated).join(" "), expected, "{days:?} {undated:?}");
        }
    }

    #[test]
    fn what_no_year_suits_is_told() {
        let march = before("2026-03-02T00:00:00Z");
        // Two leap days a year apart.
        let days = ["Feb 29", "Jun  1", "Feb  1", "Feb 29"];
        assert_eq!(years(&days, march).join(" "), "moved 2024 2023 2024 2024");
        // Years without end are none: each line is judged by itself.
        let days = ["Jun  1", "Jan  1", "Mar  1"].repeat(100);
        assert_eq!(years(&days, march)[..3].join(" "), "2025 2026 2026");
        assert_eq!(years(&days, Year(2026))[299], "2126");
    }

    #[test]
    fn segments_of_a_source_agree_with_the_whole() {
        let days = ["Nov  5", "Jan 10", "Jan  9", "Aug  1", "Jan  1", "Aug  1", "Feb 28", "Feb 29", "Jan  1"];
        let lines: Vec<String> = days.iter().map(|day| format!("{day} 12:00:00")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let undated = before("2026-03-02T00:00:00Z");
        let whole = times(&lines, undated);
        let mut course = Course::default();
        course.over(lines.join("\n").as_bytes());
        let (end, mut course, zone) = (course.end(), Course::default(), TimeZone::UTC);
        for (line, expected) in lines.iter().zip(&whole) {
            let mut clock = Clock::new(&zone, undated, &Years { course, end });
            let told = clock.tell(&Stamp::traditional(line.as_bytes()).unwrap().0);
            assert_eq!(told.instant().unwrap().to_string(), *expected, "{line}");
            course.over(line.as_bytes());
        }
    }
}
