//! Logs of Zeek: stretches of rows, each with the header that was valid for it. A header may stand
//! anywhere, as when rotated logs are put one behind the other.

use std::sync::Arc;

use memchr::memchr;

use super::lines::Lines;
use super::origin::{Origin, Start};
use crate::cause::Cause;
use crate::line::zeek::Columns;
use crate::line::zeros;
use crate::segment::{Format, Piece, Segment};

pub(crate) struct Rows {
    lines: Lines,
    header: Columns,
    /// The header as rows carry it, made when the first of them comes.
    columns: Option<Arc<Columns>>,
}

impl Rows {
    pub(crate) fn new(line: u64) -> Self {
        Self { lines: Lines::new(Format::Zeek, line, None), header: Columns::default(), columns: None }
    }

    /// Gives the next segments; says whether there may be more.
    pub(crate) fn step(&mut self, origin: &mut Origin<'_>) -> bool {
        let given = origin.ready.len();
        let more = self.lines.step(origin);
        for piece in origin.ready.split_off(given) {
            match piece {
                Piece::Segment(segment) => self.part(&segment, origin),
                piece => origin.ready.push_back(piece),
            }
        }
        more
    }

    /// Parts a stretch of lines into those of headers and those between them.
    fn part(&mut self, segment: &Segment, origin: &mut Origin<'_>) {
        let bytes = &segment.bytes;
        let index = |start: Start| (start.offset - segment.offset) as usize;
        // Where the rows begin that have not been given, and where the line does that is looked at.
        let mut begin = Start { offset: segment.offset, line: segment.first_line };
        let mut at = begin;
        while let rest @ [_, ..] = &bytes[index(at)..] {
            let line = &rest[..memchr(b'\n', rest).map_or(rest.len(), |length| length + 1)];
            let next = Start { offset: at.offset + line.len() as u64, line: at.line + 1 };
            if line.get(zeros(line)) == Some(&b'#') {
                self.rows(segment, begin, &bytes[index(begin)..index(at)], origin);
                self.header_line(line, at.offset, origin);
                begin = next;
            }
            at = next;
        }
        self.rows(segment, begin, &bytes[index(begin)..], origin);
    }

    /// Reads a line of a header, before which zeros may stand.
    fn header_line(&mut self, line: &[u8], offset: u64, origin: &mut Origin<'_>) {
        let (before, line) = line.split_at(zeros(line));
        if !before.is_empty() {
            origin.lost(offset, before.len() as u64, Cause::Zeros);
        }
        self.columns = None;
        if !self.header.read(line.trim_ascii_end()) {
            origin.lost(offset + before.len() as u64, line.len() as u64, Cause::ZeekHeader);
        }
    }

    fn rows(&mut self, whole: &Segment, start: Start, bytes: &[u8], origin: &mut Origin<'_>) {
        if bytes.trim_ascii().is_empty() {
            return;
        }
        if self.header.fields.is_empty() {
            let zeros = zeros(bytes);
            let only = bytes[zeros..].trim_ascii().is_empty();
            let (length, cause) =
                if only { (zeros, Cause::Zeros) } else { (bytes.len(), Cause::ZeekNoHeader) };
            return origin.lost(start.offset, length as u64, cause);
        }
        let columns = self.columns.get_or_insert_with(|| Arc::new(self.header.clone()));
        let columns = Some(columns.clone());
        let (source_path, zone) = (whole.source_path.clone(), whole.zone.clone());
        origin.ready.push_back(Piece::Segment(Segment {
            source_path,
            zone,
            offset: start.offset,
            first_line: start.line,
            bytes: bytes.to_vec(),
            columns,
            units: Vec::new(),
            ..*whole
        }));
    }
}
