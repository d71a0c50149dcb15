//! Answers as Parquet files, piece by piece.

use std::io;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use deltalake::parquet::arrow::ArrowWriter;
use deltalake::parquet::arrow::arrow_writer::ArrowWriterOptions;
use deltalake::parquet::basic::{Compression, ZstdLevel};
use deltalake::parquet::errors::ParquetError;
use deltalake::parquet::file::properties::WriterProperties;

/// What says at the end of a file that an answer stands in it.
pub const PARQUET_MARK: &str = "noroshi query";

/// Rows in a group.
const GROUP: usize = 128 << 10;

/// A Parquet file being written.
pub struct Parquet {
    writer: ArrowWriter<Vec<u8>>,
}

impl Parquet {
    /// A file of rows with these columns.
    ///
    /// # Errors
    /// When Parquet has no words for one of them.
    pub fn new(columns: &SchemaRef) -> io::Result<Self> {
        let level = ZstdLevel::try_new(1).map_err(refused)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_max_row_group_row_count(Some(GROUP))
            .set_created_by(PARQUET_MARK.to_owned())
            .build();
        // Readers are to see plain columns, not how this program holds them in memory.
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(Vec::new(), columns.clone(), options);
        Ok(Self { writer: writer.map_err(refused)? })
    }

    /// Adds rows; gives what of the file is ready, which may be nothing.
    ///
    /// # Errors
    /// When the rows have other columns.
    pub fn add(&mut self, rows: &RecordBatch) -> io::Result<Vec<u8>> {
        self.writer.write(rows).map_err(refused)?;
        Ok(std::mem::take(self.writer.inner_mut()))
    }

    /// Ends the file; gives the rest of it.
    ///
    /// # Errors
    /// When the rows cannot be encoded.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        self.writer.into_inner().map_err(refused)
    }
}

fn refused(error: ParquetError) -> io::Error {
    io::Error::other(error)
}
