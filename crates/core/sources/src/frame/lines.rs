//! Lines: gives stretches of whole lines, for notations in which a line can be read by itself.
//!
//! Years of a system log's lines follow from its end. Where that is not known yet, segments are held
//! until the source ends or pauses, or until they are too many: then what was read so far is taken
//! for all.

use memchr::{memchr, memchr_iter, memrchr, memrchr_iter};

use super::origin::{Origin, Start};
use crate::cause::Cause;
use crate::line::course::{Course, End, Years};
use crate::segment::{Format, Piece, Segment};

/// How far the lines of a source have been given.
pub(crate) struct Lines {
    format: Format,
    /// Line of the first byte in the buffer.
    line: u64,
    /// Where a line too long to be read began, if the buffer begins inside one.
    skipping: Option<u64>,
    course: Course,
    /// What the end tells of the years, once it is known or need not be.
    end: Option<End>,
    /// Segments that wait for that, and their bytes.
    held: Vec<Segment>,
    held_bytes: usize,
}

impl Lines {
    /// `line`: number of the first line; `end`: what the end of the source tells of its years, where that
    /// is known already.
    pub(crate) fn new(format: Format, line: u64, end: Option<End>) -> Self {
        let end = end.or_else(|| (format != Format::Syslog).then(End::default));
        let (course, held) = (Course::default(), Vec::new());
        Self { format, line, skipping: None, course, end, held, held_bytes: 0 }
    }

    /// Gives the next segment, or holds it; says whether there may be more.
    pub(crate) fn step(&mut self, origin: &mut Origin<'_>) -> bool {
        let more = self.read(origin);
        let full = self.held_bytes > origin.limits.held_bytes;
        if (full || !more || origin.feed.paused) && !self.held.is_empty() {
            let end = self.course.end();
            for mut segment in self.held.drain(..) {
                segment.years.end = end;
                origin.ready.push_back(Piece::Segment(segment));
            }
            self.held_bytes = 0;
            self.end = full.then_some(end);
        }
        if origin.feed.paused && self.format == Format::Syslog {
            // What is written next is written now, whatever stood there before.
            self.course.begin_anew();
            self.end = None;
        }
        more
    }

    fn read(&mut self, origin: &mut Origin<'_>) -> bool {
        if let Some(begin) = self.skipping {
            return self.skip(begin, origin);
        }
        let (least, most) = (origin.limits.segment_bytes, origin.limits.record_bytes);
        origin.feed.fill(least);
        origin.pass_zeros();
        let feed = &mut origin.feed;
        let mut cut = if feed.paused { whole_lines(&feed.buffer) } else { self.cut(&feed.buffer) };
        while cut.is_none() && !feed.ended && !feed.paused {
            if feed.buffer.len() > most {
                // Endless continuation: what belongs together is parted.
                cut = memrchr(b'\n', &feed.buffer).map(|at| at + 1);
                if cut.is_some() {
                    break;
                }
                self.skipping = Some(feed.offset);
                return true;
            }
            feed.more();
            cut = self.cut(&feed.buffer);
        }
        let length = if feed.ended { feed.buffer.len() } else { cut.unwrap_or(0) };
        if length == 0 {
            return !feed.ended;
        }
        let start = Start { offset: feed.offset, line: self.line };
        let bytes = feed.take(length);
        let course = self.course;
        self.line += match self.format {
            Format::Syslog => self.course.over(&bytes),
            _ => memchr_iter(b'\n', &bytes).count() as u64,
        };
        let mut segment = origin.cut(self.format, start, bytes, Vec::new());
        segment.years = Years { course, end: self.end.unwrap_or_default() };
        if self.end.is_some() {
            origin.ready.push_back(Piece::Segment(segment));
        } else {
            self.held_bytes += length;
            self.held.push(segment);
        }
        true
    }

    /// The last place where a segment may end. In system logs a line that begins with a blank
    /// may go on with the one before, so that they must not be parted.
    fn cut(&self, buffer: &[u8]) -> Option<usize> {
        if self.format != Format::Syslog {
            return whole_lines(buffer);
        }
        let begins = |at: &usize| buffer.get(*at).is_some_and(|byte| !matches!(byte, b' ' | b'\t'));
        memrchr_iter(b'\n', buffer).map(|at| at + 1).find(begins)
    }

    /// Goes on through a line too long to be read, which is told at its end.
    fn skip(&mut self, begin: u64, origin: &mut Origin<'_>) -> bool {
        let feed = &mut origin.feed;
        let end = memchr(b'\n', &feed.buffer);
        feed.drop(end.map_or(feed.buffer.len(), |end| end + 1));
        self.line += u64::from(end.is_some());
        if end.is_none() && !feed.ended {
            feed.more();
            return true;
        }
        self.skipping = None;
        let more = !(feed.ended && feed.buffer.is_empty());
        origin.lost(begin, origin.feed.offset - begin, Cause::LineTooLong);
        more
    }
}

/// Length of the whole lines. In a log that pauses the last line is taken to be whole.
fn whole_lines(buffer: &[u8]) -> Option<usize> {
    memrchr(b'\n', buffer).map(|at| at + 1)
}
