//! A file of rows, of which some columns of some groups of rows are read.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch, StringViewArray};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use deltalake::arrow::compute::concat_batches;
use deltalake::parquet::arrow::ProjectionMask;
use deltalake::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
    RowSelection, RowSelector,
};
use deltalake::parquet::file::metadata::PageIndexPolicy;

use crate::columns::in_memory;

/// Rows that are read at a time.
const AT_ONCE: usize = 32 << 10;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a file of rows cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the file {} cannot be read", path.display())]
pub(crate) struct Unreadable {
    path: PathBuf,
    source: Cause,
}

/// A file and what its footer says.
#[derive(Debug)]
pub(crate) struct Groups {
    path: PathBuf,
    file: File,
    metadata: ArrowReaderMetadata,
}

impl Groups {
    pub(crate) fn open(path: &Path) -> Result<Self, Unreadable> {
        let open = || -> Result<_, Cause> {
            let file = File::open(path)?;
            // Where pages begin, so that those without a wanted row are passed over.
            let options = ArrowReaderOptions::new()
                .with_skip_arrow_metadata(true)
                .with_offset_index_policy(PageIndexPolicy::Optional);
            let read = ArrowReaderMetadata::load(&file, options.clone())?;
            let fields = read.schema().fields().iter().map(|field| Arc::new(in_memory(field)));
            let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
            let metadata =
                ArrowReaderMetadata::try_new(read.metadata().clone(), options.with_schema(schema))?;
            Ok((file, metadata))
        };
        match open() {
            Ok((file, metadata)) => Ok(Self { path: path.to_owned(), file, metadata }),
            Err(source) => Err(Unreadable { path: path.to_owned(), source }),
        }
    }

    /// How many groups of rows there are.
    pub(crate) fn count(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// How many rows it has.
    pub(crate) fn length(&self) -> usize {
        usize::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// How many rows a group has.
    pub(crate) fn rows_of(&self, group: usize) -> usize {
        usize::try_from(self.metadata.metadata().row_group(group).num_rows()).unwrap_or(0)
    }

    /// Bytes of all values of a group, where those that repeat stand once.
    pub(crate) fn bytes_of(&self, group: usize) -> usize {
        usize::try_from(self.metadata.metadata().row_group(group).total_byte_size()).unwrap_or(0)
    }

    /// The columns that the file has.
    pub(crate) fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    /// The place of a column, if the file has it.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.metadata.schema().index_of(name).ok()
    }

    /// A column of texts of a group, part by part.
    pub(crate) fn texts(
        &self,
        group: usize,
        place: usize,
    ) -> Result<impl Iterator<Item = Result<StringViewArray, Unreadable>>, Unreadable> {
        let reader = self.reader(group, &[place], None)?;
        Ok(reader.map(|part| part.and_then(|part| texts(part.column(0))).map_err(|error| self.failed(error))))
    }

    /// Some columns of some rows of a group, which are in order, each once; at least one of both.
    pub(crate) fn rows(
        &self,
        group: usize,
        places: &[usize],
        rows: &[u32],
    ) -> Result<RecordBatch, Unreadable> {
        let read = || {
            let parts: Vec<RecordBatch> = self
                .reader(group, places, Some(selection(rows)))?
                .collect::<Result<_, _>>()
                .map_err(|error| self.failed(error))?;
            let schema = parts.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
            concat_batches(&schema, &parts).map_err(|error| self.failed(error))
        };
        let read = read()?;
        if read.num_rows() == rows.len() {
            Ok(read)
        } else {
            Err(self.failed("it has fewer rows than it says"))
        }
    }

    /// Some columns of rows of a group that follow each other, part by part.
    pub(crate) fn run(
        &self,
        group: usize,
        places: &[usize],
        rows: Range<usize>,
    ) -> Result<Vec<RecordBatch>, Unreadable> {
        let selection = vec![RowSelector::skip(rows.start), RowSelector::select(rows.len())].into();
        let reader = self.reader(group, places, Some(selection))?;
        reader.collect::<Result<_, _>>().map_err(|error| self.failed(error))
    }

    /// What is wrong with this file.
    pub(crate) fn failed(&self, source: impl Into<Cause>) -> Unreadable {
        Unreadable { path: self.path.clone(), source: source.into() }
    }

    fn reader(
        &self,
        group: usize,
        places: &[usize],
        selection: Option<RowSelection>,
    ) -> Result<ParquetRecordBatchReader, Unreadable> {
        let file = self.file.try_clone().map_err(|error| self.failed(error))?;
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), places.iter().copied());
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(AT_ONCE);
        let builder = match selection {
            Some(selection) => builder.with_row_selection(selection),
            None => builder,
        };
        builder.build().map_err(|error| self.failed(error))
    }
}

/// Those rows of a group and no others.
fn selection(rows: &[u32]) -> RowSelection {
    let mut selectors = Vec::new();
    let mut at = 0;
    for run in rows.chunk_by(|one, next| one + 1 == *next) {
        let first = run[0] as usize;
        if first > at {
            selectors.push(RowSelector::skip(first - at));
        }
        selectors.push(RowSelector::select(run.len()));
        at = first + run.len();
    }
    selectors.into()
}

/// A column as texts.
pub(crate) fn texts(column: &ArrayRef) -> Result<StringViewArray, ArrowError> {
    match column.as_string_view_opt() {
        Some(texts) => Ok(texts.clone()),
        None => Ok(cast(column, &DataType::Utf8View)?.as_string_view().clone()),
    }
}
