//! Rows as they are stored: files of a table, to be made one.

use std::collections::HashMap;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::FieldRef;
use bytes::Bytes;
use deltalake::arrow::compute::concat_batches;
use deltalake::logstore::object_store::ObjectStoreExt;
use deltalake::logstore::object_store::path::Path as Location;
use deltalake::parquet::arrow::ProjectionMask;
use deltalake::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use deltalake::parquet::file::metadata::ColumnChunkMetaData;
use deltalake::{DeltaTableError, ObjectStore};

use crate::delivered::of_type;
use crate::files::{GROUP, Parts, Spot};

/// Most rows of one file that is made of others.
pub(crate) const ROWS: usize = 4 * GROUP;
/// Most bytes of the files that one is made of. They are held while it is made, and so is it.
pub(crate) const BYTES: usize = 64 << 20;
/// Most bytes of the values of one column in them. Two columns are at work, each being read, in order
/// and as they were before.
const COLUMN: usize = 24 << 20;

/// Files of a table that are read as one.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    files: Vec<Opened>,
    rows: usize,
    bytes: usize,
    /// Bytes of the values of each column.
    columns: HashMap<String, usize>,
}

/// A file and what its footer says.
#[derive(Debug)]
pub(crate) struct Opened {
    bytes: Bytes,
    metadata: ArrowReaderMetadata,
}

impl Opened {
    pub(crate) async fn new(store: &dyn ObjectStore, location: &Location) -> Result<Self, DeltaTableError> {
        let bytes = store.get(location).await?.bytes().await?;
        let metadata = ArrowReaderMetadata::load(&bytes, ArrowReaderOptions::new())?;
        Ok(Self { bytes, metadata })
    }

    fn rows(&self) -> usize {
        usize::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    fn chunks(&self) -> impl Iterator<Item = &ColumnChunkMetaData> {
        self.metadata.metadata().row_groups().iter().flat_map(|group| group.columns())
    }

    /// A column, if the file has it.
    fn column(&self, field: &FieldRef) -> Result<Option<ArrayRef>, DeltaTableError> {
        let Ok(place) = self.metadata.schema().index_of(field.name()) else { return Ok(None) };
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), [place]);
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(self.bytes.clone(), self.metadata.clone());
        let reader = builder.with_projection(mask).with_batch_size(self.rows()).build()?;
        let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>()?;
        let Some(first) = batches.first() else { return Ok(None) };
        Ok(Some(concat_batches(&first.schema(), &batches)?.column(0).clone()))
    }
}

impl Stored {
    /// Whether a file can be read with these within what memory there is for it.
    pub(crate) fn takes(&self, file: &Opened) -> bool {
        let mut new = HashMap::<&str, usize>::new();
        file.chunks().for_each(|chunk| *new.entry(column(chunk)).or_default() += size(chunk));
        let fits = |(name, size): (&&str, &usize)| self.columns.get(*name).unwrap_or(&0) + size <= COLUMN;
        self.rows + file.rows() <= ROWS && self.bytes + file.bytes.len() <= BYTES && new.iter().all(fits)
    }

    pub(crate) fn add(&mut self, file: Opened) {
        self.rows += file.rows();
        self.bytes += file.bytes.len();
        for chunk in file.chunks() {
            *self.columns.entry(column(chunk).to_owned()).or_default() += size(chunk);
        }
        self.files.push(file);
    }
}

/// The column that a chunk is of, or a part of.
fn column(chunk: &ColumnChunkMetaData) -> &str {
    chunk.column_path().parts().first().map_or("", String::as_str)
}

/// Bytes of the values in a chunk, once they are read.
fn size(chunk: &ColumnChunkMetaData) -> usize {
    let values = chunk.unencoded_byte_array_data_bytes().unwrap_or_else(|| chunk.uncompressed_size());
    usize::try_from(values.max(chunk.num_values().saturating_mul(8))).unwrap_or(usize::MAX)
}

impl Parts for Stored {
    fn lengths(&self) -> Vec<usize> {
        self.files.iter().map(Opened::rows).collect()
    }

    fn column(&self, field: &FieldRef) -> Result<Vec<Option<ArrayRef>>, DeltaTableError> {
        let column = |file: &Opened| file.column(field)?.map(|column| of_type(&column, field)).transpose();
        self.files.iter().map(column).collect()
    }

    fn stays(&self) -> bool {
        true
    }

    /// A file has no column without a value, or few: that costs nothing.
    fn has(&self, field: &FieldRef, _: &[Spot]) -> bool {
        self.files.iter().any(|file| file.metadata.schema().index_of(field.name()).is_ok())
    }
}
