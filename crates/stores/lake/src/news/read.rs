//! Rows of files, from a spot on, as many as fit.

use std::ops::Range;

use arrow_array::RecordBatch;
use deltalake::DeltaTableError;

use crate::error::LakeError;
use crate::groups::{Groups, Unreadable};
use crate::name::TableName;

use super::position::Spot;
use super::tail::Tail;
use super::{Looking, Since};

/// Bytes of the values of a piece, from which on it ends.
const BYTES: usize = 32 << 20;
/// Bytes that a value takes, however short it is.
const VALUE: usize = 16;

/// Rows that were read.
pub(super) struct Piece {
    rows: Vec<RecordBatch>,
    /// Rows for which there is room.
    room: usize,
    /// Bytes for which there is.
    bytes: usize,
}

impl Piece {
    pub(super) fn new(since: Since<'_>) -> Self {
        Self { rows: Vec::new(), room: since.rows.max(1), bytes: BYTES }
    }

    pub(super) fn is_full(&self) -> bool {
        self.room == 0 || self.bytes == 0
    }

    pub(super) fn into_rows(self) -> Vec<RecordBatch> {
        self.rows
    }

    /// How many rows of so many bytes fit, at least one.
    fn fits(&self, row: usize) -> usize {
        self.room.min(self.bytes / row.max(1)).max(1)
    }

    fn add(&mut self, run: &Range<usize>, row: usize, rows: Vec<RecordBatch>) {
        self.rows.extend(rows);
        self.room = self.room.saturating_sub(run.len());
        self.bytes = self.bytes.saturating_sub(run.len() * row);
    }
}

/// Reading of what came into a table.
pub(super) struct Reading<'a> {
    pub(super) looking: Looking<'a>,
    pub(super) tail: &'a Tail,
}

/// Where reading ended: the spot to go on with, none behind the last file; nothing at all where a file is not to
/// be had as it was.
type Ended = Option<Option<Spot>>;

impl Reading<'_> {
    /// Reads files that came with a version, from a spot of them on.
    pub(super) fn files(
        &self,
        files: &[String],
        (version, from): (u64, Spot),
        piece: &mut Piece,
    ) -> Result<Ended, LakeError> {
        let mut spot = from;
        while let Some(file) = files.get(spot.file) {
            if piece.is_full() {
                return Ok(Some(Some(spot)));
            }
            if !self.tail.is_kept(file, version) {
                return Ok(None);
            }
            let Some(row) = self.file(file, spot.row, piece)? else { return Ok(None) };
            spot = match row {
                Some(row) => Spot { row, ..spot },
                None => Spot { file: spot.file + 1, row: 0 },
            };
        }
        Ok(Some(None))
    }

    /// Reads one from a row on; gives the next row, none behind the last.
    fn file(&self, file: &str, from: usize, piece: &mut Piece) -> Result<Option<Option<usize>>, LakeError> {
        let Looking { shelf, since, .. } = self.looking;
        let path = shelf.place.folder_of(since.table).join(file);
        // Vacuumed: its rows are in another by now.
        if !path.is_file() {
            return Ok(None);
        }
        let unreadable = |error| unreadable(since.table, error);
        let open = Groups::open(&path).map_err(unreadable)?;
        let mut places: Vec<usize> = since.columns.iter().filter_map(|name| open.place(name)).collect();
        places.sort_unstable();
        if places.is_empty() {
            return Ok(Some(None));
        }
        let mut first = 0;
        for group in 0..open.count() {
            let rows = open.rows_of(group);
            let row = open.bytes_of(group) / rows.max(1) + VALUE * places.len();
            let mut begin = from.saturating_sub(first);
            while begin < rows {
                if piece.is_full() {
                    return Ok(Some(Some(first + begin)));
                }
                let run = begin..rows.min(begin + piece.fits(row));
                begin = run.end;
                piece.add(&run, row, open.run(group, &places, run.clone()).map_err(unreadable)?);
            }
            first += rows;
        }
        Ok(Some(None))
    }
}

fn unreadable(table: &TableName, error: Unreadable) -> LakeError {
    let source = DeltaTableError::GenericError { source: Box::new(error) };
    LakeError::Table { table: table.clone(), action: "read", source: Box::new(source) }
}
