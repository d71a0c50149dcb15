//! A batch as the bytes of one record of the spool, and back.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | length of the header, little-endian |
//! | n | header, JSON: the compartment, the kind of each sheet, and how long everything is |
//! | n | the row of the table `batches`, Arrow IPC stream |
//! | n | zstd of: the rows of the table `flaws`, then the sheets, each an Arrow IPC stream |

use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;
use lake::{Compartment, Entry, RowsError, batches};
use model::event::Kind;
use serde::{Deserialize, Serialize};
use sources::Sheet;

/// A batch as the spool keeps it.
#[derive(Debug, Clone)]
pub struct Record {
    /// What is known of it.
    pub entry: Entry,
    /// Rows of the table `flaws`.
    pub flaws: RecordBatch,
    /// What the reader made of it.
    pub sheets: Vec<Sheet>,
}

/// Why bytes are no batch, or a batch cannot be made bytes.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// The bytes end too early.
    #[error("a record is cut off")]
    CutOff,
    /// The header is none.
    #[error("a record has no header that can be read")]
    Header(#[from] serde_json::Error),
    /// The compartment is none.
    #[error("a record names no compartment")]
    Compartment(#[from] lake::NotAName),
    /// What is compressed cannot be unpacked, or packed.
    #[error("a record cannot be compressed or unpacked")]
    Packing(#[from] std::io::Error),
    /// The row of the table `batches` is none.
    #[error("a record does not say which batch it is")]
    Entry(#[from] RowsError),
    /// Rows are not what the header says.
    #[error("the rows of a record cannot be read or written")]
    Rows(#[from] ArrowError),
}

#[derive(Serialize, Deserialize)]
struct Header {
    compartment: String,
    /// Bytes of the row of the table `batches`.
    entry: usize,
    /// Bytes of the rows of the table `flaws`, unpacked.
    flaws: usize,
    sheets: Vec<Told>,
}

/// What the header says of a sheet.
#[derive(Serialize, Deserialize)]
struct Told {
    kind: Kind,
    grouped: bool,
    bytes: usize,
}

impl Record {
    /// The bytes of the batch.
    ///
    /// # Errors
    /// When Arrow or the compression refuses, which the construction rules out.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PayloadError> {
        let entry = stream(&batches::rows(std::slice::from_ref(&self.entry))?, Vec::new())?;
        let mut rest = stream(&self.flaws, Vec::new())?;
        let flaws = rest.len();
        let mut told = Vec::new();
        for sheet in &self.sheets {
            let before = rest.len();
            rest = stream(&sheet.columns, rest)?;
            told.push(Told { kind: sheet.kind.clone(), grouped: sheet.grouped, bytes: rest.len() - before });
        }
        let compartment = self.entry.owner.compartment.to_string();
        let header = serde_json::to_vec(&Header { compartment, entry: entry.len(), flaws, sheets: told })?;
        let length = u32::try_from(header.len()).map_err(|_| PayloadError::CutOff)?;
        let packed = zstd::bulk::compress(&rest, 1)?;
        Ok([&length.to_le_bytes(), header.as_slice(), &entry, &packed].concat())
    }

    /// The batch in these bytes.
    ///
    /// # Errors
    /// When they are none.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, PayloadError> {
        let (header, entry, packed) = head(bytes)?;
        let length = header.flaws + header.sheets.iter().map(|told| told.bytes).sum::<usize>();
        let unpacked = zstd::bulk::decompress(packed, length)?;
        let (flaws, mut rest) = unpacked.split_at_checked(header.flaws).ok_or(PayloadError::CutOff)?;
        let flaws = rows(flaws)?;
        let mut sheets = Vec::new();
        for Told { kind, grouped, bytes } in header.sheets {
            let (columns, more) = rest.split_at_checked(bytes).ok_or(PayloadError::CutOff)?;
            rest = more;
            sheets.push(Sheet { kind, columns: rows(columns)?, grouped, kept: None });
        }
        Ok(Self { entry, flaws, sheets })
    }

    /// What these bytes say of their batch, without its rows.
    ///
    /// # Errors
    /// When they do not.
    pub fn entry(bytes: &[u8]) -> Result<Entry, PayloadError> {
        head(bytes).map(|(_, entry, _)| entry)
    }
}

/// Rows of one table as bytes, for another process; none are no bytes.
///
/// # Errors
/// When Arrow refuses, which the construction rules out.
pub fn pack_rows(rows: &[RecordBatch]) -> Result<Vec<u8>, PayloadError> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let mut writer = StreamWriter::try_new(Vec::new(), &first.schema())?;
    rows.iter().try_for_each(|rows| writer.write(rows))?;
    Ok(writer.into_inner()?)
}

/// The rows in these bytes.
///
/// # Errors
/// When they are none.
pub fn unpack_rows(bytes: &[u8]) -> Result<Vec<RecordBatch>, PayloadError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(StreamReader::try_new(Cursor::new(bytes), None)?.collect::<Result<_, _>>()?)
}

fn head(bytes: &[u8]) -> Result<(Header, Entry, &[u8]), PayloadError> {
    let (length, rest) = bytes.split_first_chunk().ok_or(PayloadError::CutOff)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| PayloadError::CutOff)?;
    let (header, rest) = rest.split_at_checked(length).ok_or(PayloadError::CutOff)?;
    let header: Header = serde_json::from_slice(header)?;
    let (entry, packed) = rest.split_at_checked(header.entry).ok_or(PayloadError::CutOff)?;
    let entry = batches::entries(&rows(entry)?, &header.compartment.parse::<Compartment>()?)?;
    Ok((header, entry.into_iter().next().ok_or(PayloadError::CutOff)?, packed))
}

/// Rows as a stream behind other bytes.
fn stream(rows: &RecordBatch, out: Vec<u8>) -> Result<Vec<u8>, PayloadError> {
    let mut writer = StreamWriter::try_new(out, &rows.schema())?;
    writer.write(rows)?;
    Ok(writer.into_inner()?)
}

fn rows(bytes: &[u8]) -> Result<RecordBatch, PayloadError> {
    Ok(StreamReader::try_new(Cursor::new(bytes), None)?.next().ok_or(PayloadError::CutOff)??)
}
