//! Finds where a log begins: at its first byte, or behind zeros, banners and garbage.
//!
//! Zeros stand at the head of a log that was cut while its writer kept its place, and may be
//! gigabytes; they are passed as they are read. Whatever else stands there is held until it is
//! known where the log begins, up to [`REACH`]. All that stands before it is a flaw.

use std::collections::VecDeque;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr_iter};
use model::event::Flaw;

use crate::cause::Cause;
use crate::feed::Feed;
use crate::format::{self, LINES, Told};
use crate::line::zeros;
use crate::looks::{self, looks_like};
use crate::search::{Found, SAMPLE, are_objects, search};
use crate::segment::Piece;
use crate::text::MARK;

/// Bytes other than zeros in which the beginning is looked for.
const REACH: usize = 2 << 20;
/// Zeros read at once.
const BLOCK: usize = 1 << 20;

/// Stretches before the beginning that are told one by one at most.
const STRETCHES: usize = 32;
/// Bytes by whose sight a file of no known format is named.
const NAMED: usize = 32;

/// A source whose format is being told.
pub(crate) struct Beginning<'a> {
    pub(crate) feed: Feed<'a>,
    pub(crate) source_path: Arc<str>,
    /// Line of the first byte in the buffer.
    pub(crate) line: u64,
    /// Whether the source still grows.
    pub(crate) live: bool,
    /// The first bytes of the source.
    first: Vec<u8>,
    /// What stands before the buffer.
    before: Vec<Flaw>,
    /// Where the next search begins.
    searched: usize,
    /// Bytes searched that are no longer in the buffer.
    passed: usize,
    /// Whether it has been said that nothing is known so far.
    told: bool,
}

/// What a step came to.
pub(crate) enum Step {
    /// What begins at the feed's first byte.
    Told(Told),
    /// A source that still grows has shown too little.
    Wait,
}

impl<'a> Beginning<'a> {
    pub(crate) fn new(source_path: Arc<str>, feed: Feed<'a>, live: bool) -> Self {
        let (first, before) = (Vec::new(), Vec::new());
        Self { feed, source_path, line: 1, live, first, before, searched: 0, passed: 0, told: false }
    }

    /// Looks on. When the beginning is found, what stands before it becomes flaws; when there is
    /// none, all of it becomes one.
    pub(crate) fn step(&mut self, ready: &mut VecDeque<Piece>) -> Step {
        self.feed.paused = false;
        let told = self.look();
        match told {
            Some(Told::Unknown) => self.unknown(ready),
            Some(_) => {
                ready.extend(self.before.drain(..).map(Piece::Flaw));
                self.mark();
            }
            None if memchr(b'\n', &self.feed.buffer).is_some() => self.unknown(ready),
            None => {}
        }
        told.map_or(Step::Wait, Step::Told)
    }

    /// What begins here; nothing when a source that still grows has shown too little.
    fn look(&mut self) -> Option<Told> {
        loop {
            self.feed.fill(format::HEAD);
            let head = &self.feed.buffer[..self.feed.buffer.len().min(format::HEAD)];
            if self.feed.offset == 0 {
                self.first = head[..head.len().min(NAMED)].to_vec();
            }
            match tell(head) {
                Told::Unknown if self.zeros() => continue,
                Told::Unknown => {}
                Told::Empty if !self.feed.ended => return None,
                Told::Empty if self.feed.offset > 0 => return Some(Told::Unknown),
                told if self.begins(told) => return Some(told),
                told => return Some(self.further(told)),
            }
            loop {
                match self.search() {
                    Search::Told(told) => return told,
                    Search::Zeros => break,
                    Search::More => self.feed.more(),
                }
            }
        }
    }

    /// Passes zeros at the front of the buffer, and says whether there were any.
    fn zeros(&mut self) -> bool {
        let offset = self.feed.offset;
        loop {
            self.feed.drop(zeros(&self.feed.buffer));
            if !self.feed.buffer.is_empty() || self.feed.ended || self.feed.paused {
                break;
            }
            self.feed.fill(BLOCK);
        }
        let count = self.feed.offset - offset;
        if count > 0 {
            self.foreign(offset, count, Cause::Zeros);
        }
        count > 0
    }

    /// Whether what has been told begins with the buffer's first byte.
    fn begins(&self, told: Told) -> bool {
        match told {
            Told::Audit | Told::Syslog | Told::Access => format::begins(&self.feed.buffer),
            Told::Json => are_objects(&self.feed.buffer),
            _ => true,
        }
    }

    /// What has been told by most of its lines, or by its first letters, begins with something else:
    /// passes that. A broken object before others costs itself wherever objects are read.
    fn further(&mut self, told: Told) -> Told {
        match search(&self.feed.buffer, 0..self.feed.buffer.len()) {
            Found::At(at, found) if (told, found) != (Told::Json, Told::Json) => {
                self.pass(at);
                found
            }
            _ => told,
        }
    }

    /// Searches what is there.
    fn search(&mut self) -> Search {
        let feed = &mut self.feed;
        let length = feed.buffer.len();
        let full = length + self.passed >= REACH || self.before.len() >= STRETCHES;
        let all = feed.ended || feed.paused || full;
        let end = if all { length } else { length.saturating_sub(SAMPLE) };
        match search(&feed.buffer, self.searched.min(end)..end) {
            Found::At(at, told) => {
                self.pass(at);
                return Search::Told(Some(told));
            }
            // Lines that more of their kind may follow are looked at again.
            Found::Nothing(at) => {
                let ends = memrchr_iter(b'\n', &feed.buffer[..at]);
                self.searched = ends.map(|end| end + 1).nth(LINES).unwrap_or(0);
            }
        }
        let zeros = feed.buffer.iter().rev().take_while(|byte| **byte == 0).count();
        if zeros >= SAMPLE && !full {
            self.pass(length - zeros);
            return Search::Zeros;
        }
        match (feed.ended || full, feed.paused) {
            (true, _) => Search::Told(Some(Told::Unknown)),
            (false, true) => Search::Told(None),
            (false, false) => Search::More,
        }
    }

    /// Says once that a source, or what there is of one that still grows, is of no known format.
    fn unknown(&mut self, ready: &mut VecDeque<Piece>) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        let looks = match looks::known(&self.first) {
            Some(known) => known.into(),
            None => looks_like(&self.feed.buffer),
        };
        let flaw = Flaw::new(self.source_path.clone(), 0, Cause::FormatUnknown { looks });
        let whole = self.feed.ended.then_some(self.feed.end());
        ready.push_back(Piece::Flaw(Flaw { length: whole, ..flaw }));
    }

    /// Drops what stands before a place.
    fn pass(&mut self, length: usize) {
        let offset = self.feed.offset;
        let head = &self.feed.buffer[..length];
        self.line += memchr_iter(b'\n', head).count() as u64;
        if !head.iter().all(u8::is_ascii_whitespace) {
            let looks = looks_like(head);
            self.foreign(offset, length as u64, Cause::HeadForeign { looks });
        }
        self.feed.drop(length);
        self.passed += length;
    }

    /// A mark of UTF-8 is no part of a text.
    fn mark(&mut self) {
        if self.feed.buffer.starts_with(MARK) {
            self.feed.drop(MARK.len());
        }
    }

    fn foreign(&mut self, offset: u64, length: u64, cause: Cause) {
        self.searched = 0;
        // Zeros of a source that grows come in several pieces.
        if let Some(last) = self.before.last_mut()
            && cause == Cause::Zeros
            && last.reason.code == cause.code()
            && last.offset + last.length.unwrap_or(0) == offset
        {
            last.length = Some(offset + length - last.offset);
            return;
        }
        self.before.push(Flaw::new(self.source_path.clone(), offset, cause).over(length));
    }
}

enum Search {
    /// What begins at the front of the buffer; nothing when more must be awaited.
    Told(Option<Told>),
    /// A block of zeros begins there.
    Zeros,
    /// More must be read.
    More,
}

/// What begins here. What begins with zeros does so at its end, though it could be told before.
fn tell(head: &[u8]) -> Told {
    match (head.first(), format::tell(head)) {
        (Some(0), told) if !matches!(told, Told::Evtx | Told::Tar) => Told::Unknown,
        (_, told) => told,
    }
}
