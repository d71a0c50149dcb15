//! JSON objects that span lines or share one: finds where each begins and ends.
//!
//! An object that is broken costs itself: reading goes on at the next line that begins with an
//! object and is indented no deeper than the broken one.

use memchr::{memchr, memchr_iter, memrchr};

use super::origin::Origin;
use crate::cause::Cause;
use crate::json::{Brackets, Flat, Step, Stop, has_object, is_blank, skip_blanks};
use crate::line::is_banner;
use crate::segment::{Format, Unit};

/// Where the reading stands. Positions are in the feed's buffer, whose front is dropped at the
/// end of every step.
pub(crate) struct Elements {
    at: usize,
    state: State,
    /// Line of the buffer's position `counted`.
    line: u64,
    counted: usize,
    /// Position of the first byte of the current line, as an offset in the source.
    line_start: u64,
    /// Objects open around the records of an envelope, and arrays open inside it.
    envelope: Option<(usize, usize)>,
    arrays: usize,
    /// Where bytes began that are being passed over, and why.
    losing: Option<(u64, Cause)>,
    bytes: Vec<u8>,
    units: Vec<Unit>,
}

enum State {
    Between,
    /// Inside the object that begins here.
    Inside {
        start: usize,
        brackets: Brackets,
    },
    /// Inside what an envelope holds behind its records; `objects`: among it are some.
    Behind {
        brackets: Brackets,
        objects: bool,
    },
    /// Looks for a line that begins with an object, indented by no more than this.
    Lost {
        indent: u64,
        line_known: bool,
    },
    /// Inside a run of zeros.
    Zeros,
}

/// Bytes of an object in which the records of an envelope must begin.
const SAMPLE: usize = 64 << 10;

impl Elements {
    pub(crate) fn new(origin: &Origin<'_>) -> Self {
        Self {
            at: 0,
            state: State::Between,
            line: origin.line,
            counted: 0,
            line_start: origin.feed.offset,
            envelope: None,
            arrays: 0,
            losing: None,
            bytes: Vec::new(),
            units: Vec::new(),
        }
    }

    /// Reads on until a segment is full or the buffer is used up; says whether there may be more.
    pub(crate) fn step(&mut self, origin: &mut Origin<'_>) -> bool {
        origin.feed.fill(origin.limits.segment_bytes.max(SAMPLE));
        while self.bytes.len() < origin.limits.segment_bytes && self.advance(origin) {}
        if self.bytes.len() >= origin.limits.segment_bytes {
            self.give(origin);
            self.forget(origin);
            return true;
        }
        if !origin.feed.ended {
            if origin.feed.paused {
                self.give(origin);
            }
            self.forget(origin);
            origin.feed.more();
            return true;
        }
        match self.state {
            State::Inside { start, .. } => self.lose(origin, start, Cause::ObjectCutOff),
            State::Behind { objects: false, .. } => self.losing = None,
            _ => {}
        }
        (self.at, self.state) = (origin.feed.buffer.len(), State::Between);
        self.found(origin);
        self.give(origin);
        false
    }

    /// One step through the buffer; says whether something is left to do without reading more.
    fn advance(&mut self, origin: &mut Origin<'_>) -> bool {
        match &mut self.state {
            State::Between => self.between(origin),
            State::Inside { start, brackets } => {
                let start = *start;
                match brackets.run(&origin.feed.buffer, self.at) {
                    Step::End(end) => self.element(origin, start, end),
                    Step::More if origin.feed.buffer.len() - start > origin.limits.record_bytes => {
                        self.broken(origin, start, origin.feed.buffer.len(), Cause::ObjectTooLong);
                    }
                    Step::More => {
                        self.at = origin.feed.buffer.len();
                        return false;
                    }
                    Step::Fault(wrong, fault) => {
                        self.broken(origin, start, wrong, Cause::ObjectBroken { fault: fault.to_string() });
                    }
                }
                true
            }
            State::Behind { brackets, objects } => {
                let step = brackets.run(&origin.feed.buffer, self.at);
                let (end, ended) = match step {
                    Step::End(end) | Step::Fault(end, _) => (end, true),
                    Step::More => (origin.feed.buffer.len(), false),
                };
                *objects |= has_object(&origin.feed.buffer[self.at..end]);
                let objects = *objects;
                self.at = end;
                if ended {
                    self.state = State::Between;
                    if !objects {
                        self.losing = None;
                    }
                    self.found(origin);
                }
                ended
            }
            State::Zeros => {
                let rest = &origin.feed.buffer[self.at..];
                let end = rest.iter().position(|byte| *byte != 0);
                self.at += end.unwrap_or(rest.len());
                if end.is_some() {
                    self.state = State::Between;
                    self.found(origin);
                }
                end.is_some()
            }
            State::Lost { .. } => self.lost(origin),
        }
    }

    /// Between objects: blanks, commas and the brackets of arrays.
    fn between(&mut self, origin: &mut Origin<'_>) -> bool {
        let buffer = &origin.feed.buffer;
        self.at = skip_blanks(buffer, self.at);
        let Some(&byte) = buffer.get(self.at) else { return false };
        match byte {
            b'{' => return self.open(origin),
            b'[' => self.arrays += 1,
            b']' => {
                self.arrays = self.arrays.saturating_sub(1);
                if let Some((objects, arrays)) = self.envelope.filter(|(_, arrays)| *arrays == self.arrays) {
                    self.envelope = None;
                    self.arrays = arrays;
                    self.losing = Some((origin.feed.offset + self.at as u64 + 1, Cause::EnvelopeRest));
                    self.state = State::Behind { brackets: Brackets::inside(objects), objects: false };
                }
            }
            b',' | 0x1e => {}
            b'}' => {
                self.lose(origin, self.at, Cause::NoObject);
                self.at += 1;
                self.found(origin);
                return true;
            }
            0 => {
                self.lose(origin, self.at, Cause::Zeros);
                self.state = State::Zeros;
                return true;
            }
            _ => return self.stray(origin),
        }
        self.at += 1;
        true
    }

    fn open(&mut self, origin: &mut Origin<'_>) -> bool {
        let buffer = &origin.feed.buffer;
        if self.envelope.is_none() && self.arrays == 0 {
            if buffer.len() - self.at < SAMPLE && !origin.feed.ended && !origin.feed.paused {
                return false;
            }
            if let Some((array, objects)) = envelope(buffer, self.at) {
                self.envelope = Some((objects, self.arrays));
                (self.at, self.arrays) = (array + 1, self.arrays + 1);
                return true;
            }
        }
        self.state = State::Inside { start: self.at, brackets: Brackets::new() };
        true
    }

    /// Something else than an object between objects: costs its line.
    fn stray(&mut self, origin: &mut Origin<'_>) -> bool {
        let buffer = &origin.feed.buffer;
        let Some(length) = memchr(b'\n', &buffer[self.at..]) else {
            if buffer.len() - self.at < SAMPLE && !origin.feed.ended {
                return false;
            }
            self.lose(origin, self.at, Cause::NoObject);
            self.at = origin.feed.buffer.len();
            self.state = State::Lost { indent: u64::MAX, line_known: false };
            return true;
        };
        let line = self.at..self.at + length;
        if !is_banner(&buffer[line.clone()]) {
            self.lose(origin, line.start, Cause::NoObject);
        }
        self.at = line.end + 1;
        self.found(origin);
        true
    }

    fn element(&mut self, origin: &Origin<'_>, start: usize, end: usize) {
        self.count_lines(origin, start);
        let offset = origin.feed.offset + start as u64;
        self.units.push(Unit { start: self.bytes.len(), offset, line: self.line });
        self.bytes.extend_from_slice(&origin.feed.buffer[start..end]);
        (self.at, self.state) = (end, State::Between);
    }

    fn broken(&mut self, origin: &mut Origin<'_>, start: usize, wrong: usize, cause: Cause) {
        self.lose(origin, start, cause);
        self.count_lines(origin, start);
        let indent = (origin.feed.offset + start as u64).saturating_sub(self.line_start);
        let buffer = &origin.feed.buffer;
        // The line on which the fault shows may be the beginning of the next object.
        let own_line = memrchr(b'\n', &buffer[start..wrong.min(buffer.len())]).map(|at| start + at + 1);
        self.at = own_line.unwrap_or(wrong).min(buffer.len());
        self.state = State::Lost { indent, line_known: own_line.is_some() };
    }

    /// Begins to pass over bytes. What is whole before them is given first.
    fn lose(&mut self, origin: &mut Origin<'_>, from: usize, cause: Cause) {
        self.give(origin);
        self.losing = Some((origin.feed.offset + from as u64, cause));
    }

    /// Ends to pass over bytes, and tells which they were.
    fn found(&mut self, origin: &mut Origin<'_>) {
        let end = origin.feed.offset + self.at as u64;
        if let Some((begin, cause)) = self.losing.take() {
            origin.lost(begin, end - begin, cause);
        }
    }

    fn lost(&mut self, origin: &mut Origin<'_>) -> bool {
        let State::Lost { indent, line_known } = self.state else { return false };
        let buffer = &origin.feed.buffer;
        if !line_known {
            let Some(length) = memchr(b'\n', &buffer[self.at..]) else {
                self.at = buffer.len();
                return false;
            };
            self.at += length + 1;
            self.state = State::Lost { indent, line_known: true };
        }
        let rest = &buffer[self.at..];
        let inner = rest.iter().position(|byte| *byte == b'\n' || !is_blank(*byte));
        match inner.and_then(|inner| Some((inner, rest.get(inner)?))) {
            Some((inner, b'{' | b'[')) if inner as u64 <= indent => {
                self.state = State::Between;
                self.found(origin);
            }
            Some(_) => self.state = State::Lost { indent, line_known: false },
            None if rest.len() > SAMPLE => self.state = State::Lost { indent, line_known: false },
            None => return false,
        }
        true
    }

    /// Counts the lines up to `to`.
    fn count_lines(&mut self, origin: &Origin<'_>, to: usize) {
        let passed = origin.feed.buffer.get(self.counted..to).unwrap_or_default();
        self.line += memchr_iter(b'\n', passed).count() as u64;
        if let Some(last) = memrchr(b'\n', passed) {
            self.line_start = origin.feed.offset + (self.counted + last + 1) as u64;
        }
        self.counted = self.counted.max(to);
    }

    /// Gives what has been collected.
    fn give(&mut self, origin: &mut Origin<'_>) {
        let Some(first) = self.units.first() else { return };
        let start = first.into();
        origin.segment(Format::Json, start, std::mem::take(&mut self.bytes), std::mem::take(&mut self.units));
    }

    /// Drops the front of the buffer that is no longer needed.
    fn forget(&mut self, origin: &mut Origin<'_>) {
        let used = if let State::Inside { start, .. } = self.state { start } else { self.at };
        self.count_lines(origin, used);
        origin.feed.drop(used);
        self.at -= used;
        self.counted -= used.min(self.counted);
        if let State::Inside { start, .. } = &mut self.state {
            *start = 0;
        }
    }
}

/// The position of the array of records if the object at `at` is an envelope, and the number of
/// objects open around that array.
pub(super) fn envelope(buffer: &[u8], at: usize) -> Option<(usize, usize)> {
    let sample = &buffer[at..buffer.len().min(at + SAMPLE)];
    let text = match std::str::from_utf8(sample) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&sample[..error.valid_up_to()]).ok()?,
    };
    match Flat::default().read(text, 0, true) {
        Err(Stop::Envelope(array)) => {
            let mut brackets = Brackets::new();
            let _ = brackets.run(&sample[..array], 0);
            Some((at + array, brackets.depth()))
        }
        _ => None,
    }
}
