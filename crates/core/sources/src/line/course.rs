//! The course of a source's days: what tells the years of lines that name none.
//!
//! The lines of one source follow each other, so a day that falls back begins a new year. Two things
//! are no new year: lines that fall back by a month or less (two machines, clocks that were set, logs
//! put behind each other), and lines of a 1 January behind which the log goes on where it was (a
//! machine that started without a clock). The latest line then tells the year of all: it is hardly
//! younger than its file. Days are counted as if every year had 366, so that a day has the same
//! number in each.

use std::io::Read;

use memchr::memchr;

use super::stamp::Stamp;

/// Days of a year that may be any.
const YEAR: i64 = 366;
/// Days by which lines may be out of order; a new year from a day farther before it is doubted.
const MONTH: i64 = 31;
/// Days within which a log goes on where it was.
const PAUSE: i64 = 2;
/// Bytes read at once, and the part of them in which the head of a line stands.
const STEP: usize = 256 << 10;
const HEAD: usize = 128;

/// Length of a month and a day, with the blank behind.
const DAY: usize = 7;

/// How far the days of a source have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Course {
    /// Day of the last line, counted from the begin of the first line's year.
    settled: Option<i64>,
    /// The latest of lines of a 1 January, far from those before, while it is open whether the log goes
    /// on there.
    stray: Option<Latest>,
    end: End,
}

/// What the lines up to an end tell of their years.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) latest: Option<Latest>,
    /// Bit `n` when a 29 February stands in year `n` modulo 4 of the source.
    leaps: u8,
}

/// The latest line without a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Latest {
    day: i64,
    pub(crate) stamp: Stamp,
}

/// What a segment needs to know of its source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Years {
    /// Before the first line of the segment.
    pub(crate) course: Course,
    pub(crate) end: End,
}

impl Course {
    /// Takes the next line without a year, and says in which year it stands, counted from that of
    /// the first line. None when no year has such a day.
    pub(crate) fn year(&mut self, stamp: &Stamp) -> Option<i64> {
        let day = i64::from(stamp.day_of_year()?);
        let place = self.place(day);
        let latest = Latest { day: place, stamp: *stamp };
        if self.settled == Some(place) {
            self.end.add(latest);
        } else {
            self.stray = Some(latest);
        }
        let year = place.div_euclid(YEAR);
        if stamp.is_leap_day() {
            self.end.leaps |= 1 << year.rem_euclid(4);
        }
        Some(year)
    }

    fn place(&mut self, day: i64) -> i64 {
        let mut settled = self.settled.unwrap_or(day);
        if let Some(stray) = self.stray.filter(|_| day > 0) {
            self.stray = None;
            if !(0..=PAUSE).contains(&(next(settled, day) - settled)) {
                self.end.add(stray);
                settled = stray.day;
            }
        }
        let place = next(settled, day);
        let doubted = day == 0 && place - settled > MONTH;
        self.settled = Some(if doubted { settled } else { place });
        place
    }

    /// What is known at the end of the lines.
    pub(crate) fn end(&self) -> End {
        let mut end = self.end;
        if let Some(latest) = self.stray {
            end.add(latest);
        }
        end
    }

    /// Goes on behind lines that are judged by themselves.
    pub(crate) fn begin_anew(&mut self) {
        self.end = End::default();
    }

    /// Goes over whole lines, and says how many ends of lines there are.
    pub(crate) fn over(&mut self, bytes: &[u8]) -> u64 {
        let (mut start, mut lines) = (0, 0);
        // Of the lines of one day the first and the last are read.
        let (mut day, mut last): (&[u8], &[u8]) = (&[], &[]);
        while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
            if is_of(day, rest) {
                last = rest;
            } else {
                self.line(last);
                self.line(rest);
                (day, last) = (rest.get(..DAY).unwrap_or_default(), &[]);
            }
            let Some(length) = memchr(b'\n', rest) else { break };
            lines += 1;
            start += length + 1;
        }
        self.line(last);
        lines
    }

    fn line(&mut self, line: &[u8]) {
        if let Some(stamp) = undated(line) {
            self.year(&stamp);
        }
    }

    /// Goes over a source to its end.
    pub(crate) fn through(&mut self, source: &mut dyn Read) -> std::io::Result<()> {
        let mut buffer = Vec::new();
        let mut inside = false;
        loop {
            let read = source.take(STEP as u64).read_to_end(&mut buffer)?;
            if inside {
                // The head of this line stood in the bytes before, of which nothing is left.
                let end = memchr(b'\n', &buffer);
                inside = end.is_none();
                buffer.drain(..end.map_or(buffer.len(), |end| end + 1));
            }
            let whole = memchr::memrchr(b'\n', &buffer).map_or(0, |end| end + 1);
            self.over(&buffer[..whole]);
            buffer.drain(..whole);
            if read == 0 {
                self.over(&buffer);
                return Ok(());
            }
            if buffer.len() > HEAD {
                self.over(&buffer);
                buffer.clear();
                inside = true;
            }
        }
    }
}

impl End {
    fn add(&mut self, latest: Latest) {
        if self.latest.is_none_or(|known| known.day <= latest.day) {
            self.latest = Some(latest);
        }
    }

    /// Year of the first line, if the latest is of this one.
    pub(crate) fn first(&self, latest: i64) -> i64 {
        latest - self.latest.map_or(0, |latest| latest.day.div_euclid(YEAR))
    }

    /// Whether all 29 Februaries stand in leap years, if the first line is of this year. Between
    /// 1901 and 2099 every fourth year is one.
    pub(crate) fn fits(&self, first: i64) -> bool {
        (0..4).all(|year| self.leaps >> year & 1 == 0 || (first + year).rem_euclid(4) == 0)
    }
}

/// The next place of a day of the year: a little before, or else behind.
fn next(settled: i64, day: i64) -> i64 {
    let back = (settled - day).rem_euclid(YEAR);
    if back <= MONTH { settled - back } else { settled - back + YEAR }
}

/// Whether a line plainly begins with this day, a time and no year, `Mar  2 08:00:01 h`.
fn is_of(day: &[u8], line: &[u8]) -> bool {
    let Some(head) = line.get(..17).filter(|head| head.starts_with(day) && day.len() == DAY) else {
        return false;
    };
    (head[9], head[12], head[15]) == (b':', b':', b' ') && !head[16].is_ascii_digit()
}

/// The time of a line of a system log, where it names no year.
fn undated(line: &[u8]) -> Option<Stamp> {
    let blanks = line.iter().take_while(|byte| matches!(byte, 0 | b' ' | b'\t')).count();
    let line = &line[blanks..];
    let line = line.strip_prefix(crate::text::MARK).unwrap_or(line);
    let digits = line.iter().take(8).take_while(|byte| byte.is_ascii_digit()).count();
    let framed = digits > 0 && line[digits..].starts_with(b" <");
    let line = if framed { &line[digits + 1..] } else { line };
    let line = match line.strip_prefix(b"<") {
        Some(rest) => rest.iter().take(4).position(|byte| *byte == b'>').map(|end| &rest[end + 1..])?,
        None => line,
    };
    Stamp::traditional(line).map(|(stamp, _)| stamp).filter(|stamp| stamp.year.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_as_the_parser_finds_them() {
        for (line, found) in [
            ("Mar  2 08:00:01 h x", true),
            ("\0\0 Mar  2 08:00:01 h x", true),
            ("\u{feff}Mar  2 08:00:01 h x", true),
            ("<34>Mar  2 08:00:01 h x", true),
            ("29 <34>Mar  2 08:00:01 h x", true),
            ("Mar  2 08:00:01 2026 h x", false),
            ("2026-03-02T08:00:01Z h x: y", false),
            ("at Mar  2 08:00:01", false),
            ("", false),
            ("<", false),
            ("<34", false),
        ] {
            assert_eq!(undated(line.as_bytes()).is_some(), found, "{line}");
        }
    }

    #[test]
    fn lines_between_the_first_and_the_last_of_a_day_change_nothing() {
        let lines = [
            "Mar  2 08:00:01 h x: a\n",
            "Mar  2 08:00:02 2019 h x: b\n",
            "Mar  2 08:00:03 h x: c\n",
            "Mar  2 0\n",
            "\n",
            "Mar  2 08:00:04 h x: d\n",
            "Mar  2 08:00:05 h x: e\n",
            "Jan  1 08:00:05 h x: f\n",
            "Jan  1 08:00:06 h x: g\n",
        ];
        for count in 0..=lines.len() {
            let (mut whole, mut single) = (Course::default(), Course::default());
            whole.over(lines[..count].concat().as_bytes());
            lines[..count].iter().for_each(|line| single.line(line.as_bytes()));
            assert_eq!(whole, single, "{count}");
        }
    }

    /// Gives a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = into.len().min(self.1).min(self.0.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn a_source_is_gone_through_whatever_the_length_of_its_lines() {
        let long = "x".repeat(700_000);
        let text = format!(
            "Nov  5 12:00:00 h a\nJan  5 12:00:00 h {long}\nJan  6 12:00:00 h {long}Mar  1\nJan  7 12:00:00 h b"
        );
        let mut whole = Course::default();
        assert_eq!(whole.over(text.as_bytes()), 3);
        for step in [7, 4_096, usize::MAX] {
            let mut course = Course::default();
            course.through(&mut Slow(text.as_bytes(), step)).unwrap();
            assert_eq!((course.settled, course.end()), (whole.settled, whole.end()));
        }
        assert_eq!(whole.settled, Some(YEAR + 6));
    }
}
