//! Looks in bytes that are no log from their first one on for the place where one begins.
//!
//! A log begins where a line stands that can be one of its lines, and most of the lines behind it
//! can be, too; or where a mark stands that chance does not make. A line that shares its beginning
//! with garbage is found when bytes that are no text stand before it.

use std::io::Read;
use std::ops::Range;

use memchr::{memchr, memmem};

use crate::format::{LINES, Told, tell_line, tell_lines, tell_text, xml_event};
use crate::frame;
use crate::json::{Brackets, Step, skip_blanks};
use crate::line::zeek;
use crate::text::MARK;
use crate::text::Utf16;

/// Bytes behind a place by which it is judged.
pub(crate) const SAMPLE: usize = 64 << 10;
/// Bytes of objects that are scanned in one search, so that many a beginning costs no square.
const SCANNED: usize = 16 << 20;
/// Places inside one line that are looked at.
const PLACES: usize = 64;
/// Letters that must stand behind a mark of UTF-16.
const LETTERS: usize = 4;

/// What a search came to.
pub(crate) enum Found {
    /// A log of this format begins here.
    At(usize, Told),
    /// None does before this place, where a further search may begin.
    Nothing(usize),
}

/// Searches for places in `within`, which begins at the begin of a line.
pub(crate) fn search(buffer: &[u8], within: Range<usize>) -> Found {
    let marked = marked(buffer, &within);
    let end = marked.map_or(within.end, |(at, _)| at);
    let earlier = |place: usize| place <= end;
    let mut search = Search { buffer, left: SCANNED };
    let mut at = within.start;
    while at < end {
        let line = at..memchr(b'\n', &buffer[at..]).map_or(buffer.len(), |length| at + length);
        match search.line(&line) {
            Some((place, told)) if earlier(place) => return Found::At(place, told),
            _ => {}
        }
        if line.end >= end {
            break;
        }
        at = line.end + 1;
    }
    match marked {
        Some((place, told)) => Found::At(place, told),
        None => Found::Nothing(at),
    }
}

/// Whether a text begins with an object that is whole, and such as stands before others.
pub(crate) fn are_objects(text: &[u8]) -> bool {
    let start = skip_blanks(text, 0);
    start < text.len() && Search { buffer: text, left: SCANNED }.is_object(start)
}

/// The first mark that chance does not make.
fn marked(buffer: &[u8], within: &Range<usize>) -> Option<(usize, Told)> {
    let chunk = frame::evtx_begin(buffer, within.clone()).map(|at| (at, Told::Evtx));
    let event = xml_event(&buffer[within.start..]).map(|at| (within.start + at, Told::Xml));
    let event = event.filter(|(at, _)| within.contains(at));
    chunk.into_iter().chain(event).chain(utf16(buffer, within)).min_by_key(|(at, _)| *at)
}

/// A mark of UTF-16 with a log behind it.
fn utf16(buffer: &[u8], within: &Range<usize>) -> Option<(usize, Told)> {
    let places = memchr::memchr2_iter(0xff, 0xfe, buffer.get(within.clone())?).map(|at| within.start + at);
    places.into_iter().find_map(|at| {
        let big_endian = match buffer.get(at..at + 2)? {
            [0xff, 0xfe] => false,
            [0xfe, 0xff] => true,
            _ => return None,
        };
        let text = buffer.get(at + 2..buffer.len().min(at + 2 + SAMPLE))?;
        let (low, high) = if big_endian { (1, 0) } else { (0, 1) };
        let is_letter = |pair: &[u8]| pair[high] == 0 && matches!(pair[low], b' '..=b'~' | b'\t'..=b'\r');
        if text.len() < 2 * LETTERS || !text.chunks_exact(2).take(LETTERS).all(is_letter) {
            return None;
        }
        let mut decoded = Vec::new();
        Utf16::new(text, big_endian).read_to_end(&mut decoded).ok()?;
        (tell_text(&decoded) != Told::Unknown).then_some((at, Told::Utf16 { big_endian }))
    })
}

struct Search<'b> {
    buffer: &'b [u8],
    /// Bytes of objects that may still be scanned.
    left: usize,
}

impl Search<'_> {
    /// The place on a line where a log begins.
    fn line(&mut self, line: &Range<usize>) -> Option<(usize, Told)> {
        let bytes = &self.buffer[line.clone()];
        let is_blank = |byte: &u8| matches!(byte, 0 | b' ' | b'\t' | b'\r');
        let start = line.start + bytes.iter().position(|byte| !is_blank(byte))?;
        // A notation that takes anything for a name would take the garbage, too.
        self.shared(start, line.end).or_else(|| self.place(start, line.end))
    }

    /// A log that begins behind garbage on the same line.
    fn shared(&mut self, start: usize, end: usize) -> Option<(usize, Told)> {
        let line = self.buffer.get(start..end)?;
        // Text that ends the line. Its first bytes may still be garbage.
        let text = start + text_behind(line)?;
        (text..end).take(PLACES).find_map(|at| self.place(at, end))
    }

    /// Whether a log begins exactly here; the line ends at `end`.
    fn place(&mut self, at: usize, end: usize) -> Option<(usize, Told)> {
        let buffer = self.buffer;
        if matches!(buffer[at], b'{' | b'[') && self.is_object(at) {
            return Some((at, Told::Json));
        }
        if zeek::is_header(&buffer[at..end]) {
            return Some((at, Told::Zeek));
        }
        tell_line(&buffer[at..end.min(at + SAMPLE)])?;
        let behind = &buffer[at..buffer.len().min(end + SAMPLE)];
        let lines = behind.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        Some((at, tell_lines(lines.take(LINES))?))
    }

    /// Whether an object begins here, or an array of objects, and what stands behind the object is
    /// such as stands behind an event.
    fn is_object(&mut self, at: usize) -> bool {
        let buffer = self.buffer;
        let open = |at: &usize| (buffer.get(*at) == Some(&b'[')).then(|| skip_blanks(buffer, at + 1));
        let start = std::iter::successors(Some(at), open).last().unwrap_or(at);
        if buffer.get(start) != Some(&b'{') || buffer.get(skip_blanks(buffer, start + 1)) != Some(&b'"') {
            return false;
        }
        let sample = &buffer[..buffer.len().min(start + self.left)];
        let step = Brackets::new().run(sample, start);
        let reached = match step {
            Step::More => sample.len(),
            Step::End(at) | Step::Fault(at, _) => at,
        };
        self.left = self.left.saturating_sub(reached - start);
        match step {
            // Longer than all that is looked at; the end of the source is no proof.
            Step::More => sample.len() - start >= SAMPLE,
            Step::Fault(..) => false,
            Step::End(end) => {
                let next = buffer.get(skip_blanks(buffer, end));
                matches!(next, None | Some(b'{' | b'[' | b',' | b']' | 0x1e | 0)) || self.objects_follow(end)
            }
        }
    }

    /// Whether at least half of the lines behind the one that ends an object begin with one.
    fn objects_follow(&self, end: usize) -> bool {
        let behind = &self.buffer[end..self.buffer.len().min(end + SAMPLE)];
        let lines = behind.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.trim_ascii().is_empty());
        let (mut objects, mut others) = (0, 0);
        for line in lines.take(LINES) {
            let object = crate::line::trimmed(line).trim_ascii_start().starts_with(b"{\"");
            *(if object { &mut objects } else { &mut others }) += 1;
        }
        objects > 0 && objects >= others
    }
}

/// Where the text begins that ends a line, if it does not begin with the line: behind the last byte
/// that is no text, or a mark of UTF-8.
fn text_behind(line: &[u8]) -> Option<usize> {
    let control = line.iter().rposition(|byte| *byte < b' ' && !matches!(byte, b'\t' | b'\r' | 0x1d));
    let mark = memmem::rfind(line, MARK).map(|at| at + MARK.len());
    let mut from = mark.max(control.map(|at| at + 1)).unwrap_or(0);
    while let Err(error) = std::str::from_utf8(&line[from..]) {
        from += error.valid_up_to() + error.error_len().unwrap_or(line.len());
        if from >= line.len() {
            return None;
        }
    }
    (from > 0).then_some(from)
}
