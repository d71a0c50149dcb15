//! Lines: gives stretches of whole lines, for notations in which a line can be read by itself.

use memchr::{memchr, memchr_iter, memrchr, memrchr_iter};

use super::Origin;
use crate::cause::Cause;
use crate::segment::Format;

/// How far the lines of a source have been given.
pub(crate) struct Lines {
    format: Format,
    /// Line of the first byte in the buffer.
    line: u64,
    /// Where a line too long to be read began, if the buffer begins inside one.
    skipping: Option<u64>,
}

impl Lines {
    /// `line`: number of the first line.
    pub(crate) fn new(format: Format, line: u64) -> Self {
        Self { format, line, skipping: None }
    }

    /// Gives the next segment; says whether there may be more.
    pub(crate) fn step(&mut self, origin: &mut Origin<'_>) -> bool {
        if let Some(begin) = self.skipping {
            return self.skip(begin, origin);
        }
        let (least, most) = (origin.limits.segment_bytes, origin.limits.record_bytes);
        let feed = &mut origin.feed;
        feed.fill(least);
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
        let place = (feed.offset, self.line);
        let bytes = feed.take(length);
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        origin.segment(self.format, place, bytes, Vec::new());
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
