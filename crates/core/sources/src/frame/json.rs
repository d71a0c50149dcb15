//! JSON: decides how a source is laid out and, when each line is whole by itself, cuts at lines.
//!
//! When the first line that is not blank holds whole objects, so do the others, and a line that
//! does not is broken and costs itself alone. Otherwise objects span lines, or all stand on one:
//! `elements` looks for their ends.

use memchr::memchr;

use super::elements::Elements;
use super::lines::Lines;
use super::origin::Origin;
use crate::json::{Brackets, Step, skip_blanks};
use crate::line::container;
use crate::segment::Format;

pub(crate) struct Objects<'a> {
    pub origin: Origin<'a>,
    layout: Layout,
}

enum Layout {
    Unknown,
    Lines(Lines),
    Elements(Elements),
}

/// Bytes in which the layout is looked for.
const SAMPLE: usize = 1 << 20;

impl<'a> Objects<'a> {
    pub(crate) fn new(origin: Origin<'a>) -> Self {
        Self { origin, layout: Layout::Unknown }
    }

    /// Gives the next segment; says whether there may be more.
    pub(crate) fn step(&mut self) -> bool {
        match &mut self.layout {
            Layout::Unknown => {
                self.origin.feed.fill(SAMPLE);
                if self.origin.feed.paused && memchr(b'\n', &self.origin.feed.buffer).is_none() {
                    return true;
                }
                let lines = are_lines(&self.origin.feed.buffer, self.origin.feed.ended);
                self.layout = if lines {
                    Layout::Lines(Lines::new(Format::Json, self.origin.line, None))
                } else {
                    Layout::Elements(Elements::new(&self.origin))
                };
                self.step()
            }
            Layout::Lines(lines) => lines.step(&mut self.origin),
            Layout::Elements(elements) => elements.step(&mut self.origin),
        }
    }
}

/// Whether each line is whole by itself, as far as the first lines show. `ended`: the sample is
/// all there is.
fn are_lines(sample: &[u8], ended: bool) -> bool {
    let mut start = 0;
    for tried in 0..16 {
        start = skip_separators(sample, start);
        let end = memchr(b'\n', &sample[start..]).map(|length| start + length);
        let line = &sample[start..end.unwrap_or(sample.len())];
        if container::begins(line) {
            return end.is_some() || ended;
        }
        if line.first() == Some(&b'{') {
            match Brackets::new().run(line, 0) {
                // One line that goes on and on with object after object is no line.
                Step::End(_) => return end.is_some() || ended,
                // A very long line, or an envelope all of whose records stand on it.
                Step::More if end.is_none() => return !ended && !is_envelope(line),
                Step::More | Step::Fault(..) => {}
            }
            // An object over several lines?
            if tried == 0 && !matches!(Brackets::new().run(&sample[start..], 0), Step::Fault(..)) {
                return false;
            }
        }
        let Some(end) = end else { break };
        start = end + 1;
    }
    // Nothing is whole; the search for objects copes with whatever it is.
    false
}

fn is_envelope(bytes: &[u8]) -> bool {
    super::elements::envelope(bytes, 0).is_some()
}

fn skip_separators(bytes: &[u8], from: usize) -> usize {
    let mut at = skip_blanks(bytes, from);
    while matches!(bytes.get(at), Some(b'[' | b',' | b']')) {
        at = skip_blanks(bytes, at + 1);
    }
    at
}
