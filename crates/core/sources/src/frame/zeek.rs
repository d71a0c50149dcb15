//! Logs of Zeek: stretches of rows, each with the header that was valid for it. A header may stand
//! anywhere, as when rotated logs are put one behind the other.

use std::sync::Arc;

use memchr::memchr;

use super::lines::Lines;
use super::origin::Origin;
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
        // Where the rows begin that have not been given, and where the line does that is looked at.
        let (mut begin, mut at) = ((0, segment.first_line), (0, segment.first_line));
        while at.0 < bytes.len() {
            let end = memchr(b'\n', &bytes[at.0..]).map_or(bytes.len(), |length| at.0 + length + 1);
            let line = &bytes[at.0..end];
            let zeros = zeros(line);
            if line.get(zeros) == Some(&b'#') {
                self.rows(segment, begin, &bytes[begin.0..at.0], origin);
                self.header_line(&line[zeros..], (segment.offset + at.0 as u64, zeros), origin);
                begin = (end, at.1 + 1);
            }
            at = (end, at.1 + 1);
        }
        self.rows(segment, begin, &bytes[begin.0..], origin);
    }

    /// Reads a line of a header, before which zeros may stand.
    fn header_line(&mut self, line: &[u8], (offset, zeros): (u64, usize), origin: &mut Origin<'_>) {
        let before = zeros as u64;
        if zeros > 0 {
            origin.lost(offset, before, Cause::Zeros);
        }
        self.columns = None;
        if !self.header.read(line.trim_ascii_end()) {
            origin.lost(offset + before, line.len() as u64, Cause::ZeekHeader);
        }
    }

    fn rows(
        &mut self,
        whole: &Segment,
        (start, first_line): (usize, u64),
        bytes: &[u8],
        origin: &mut Origin<'_>,
    ) {
        let offset = whole.offset + start as u64;
        if bytes.trim_ascii().is_empty() {
            return;
        }
        if self.header.fields.is_empty() {
            let zeros = zeros(bytes);
            let only = bytes[zeros..].trim_ascii().is_empty();
            let (length, cause) =
                if only { (zeros, Cause::Zeros) } else { (bytes.len(), Cause::ZeekNoHeader) };
            return origin.lost(offset, length as u64, cause);
        }
        let columns = self.columns.get_or_insert_with(|| Arc::new(self.header.clone()));
        let columns = Some(columns.clone());
        let (source_path, zone) = (whole.source_path.clone(), whole.zone.clone());
        origin.ready.push_back(Piece::Segment(Segment {
            source_path,
            zone,
            offset,
            first_line,
            bytes: bytes.to_vec(),
            columns,
            units: Vec::new(),
            ..*whole
        }));
    }
}
