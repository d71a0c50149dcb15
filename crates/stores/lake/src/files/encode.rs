//! Rows as a Parquet file.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{Field, FieldRef, Schema};
use deltalake::DeltaTableError;
use deltalake::parquet::arrow::ArrowWriter;
use deltalake::parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowWriterOptions, compute_leaves,
};
use deltalake::parquet::basic::{Compression, Encoding, ZstdLevel};
use deltalake::parquet::errors::ParquetError;
use deltalake::parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use deltalake::parquet::schema::types::ColumnPath;
use model::panic::message;

use super::gather::Gather;
use super::statistics::{self, Gathered};
use super::{GROUP, Parts, Spot};
use crate::columns::Columns;
use crate::values::{self, FileValues, Hashes};

/// Numbers that mostly rise. Dictionaries gain nothing on them.
const RISING: [&str; 6] = ["time", "time_rest", "row", "ordinal", "line", "audit_serial"];

/// Values that are looked at to see how often they repeat.
const LOOKED_AT: usize = 1_000;
/// The share of distinct ones among them, as a fraction, from which on there is no dictionary.
const UNLIKE: (usize, usize) = (3, 5);

/// Bytes of a column that are not worth the two contexts that compression makes for it, some 20 µs: for
/// files of a few hundred rows and sixty columns a tenth of all work.
const SHORT: usize = 2_048;
/// Bytes of the length of a text.
const LENGTH: usize = 4;

/// Rows from which on a second thread is worth its start.
const MANY: usize = 10_000;

/// A file that was made.
#[derive(Debug)]
pub(crate) struct Encoded {
    pub(crate) bytes: Vec<u8>,
    /// What the log says of its values.
    pub(crate) statistics: String,
    /// What the value index says of them.
    pub(crate) values: FileValues,
}

/// Makes a file of some rows, in their order.
pub(crate) fn encode(
    parts: &dyn Parts,
    rows: &[Spot],
    columns: &Columns,
) -> Result<Encoded, DeltaTableError> {
    let mut fields: Vec<FieldRef> =
        columns.stored.iter().filter(|field| parts.has(field, rows)).cloned().collect();
    if fields.is_empty() {
        // Without any column nobody could tell how many rows there are.
        fields.extend(columns.stored.first().cloned());
    }
    let counted = columns.with_statistics;
    let mut wanted = vec![false; parts.lengths().len()];
    rows.iter().for_each(|(part, _)| wanted[*part] = true);
    let sought = &columns.sought;
    let work = Work { parts, wanted, rows, fields: &fields, counted, sought, next: AtomicUsize::new(0) };
    let mut done = work.all()?;
    let statistics = said(columns, &done, rows.len());
    let (mut file, _) = writer(Vec::new(), &fields, common()?.build())?.into_serialized_writer()?;
    for group in 0..rows.len().div_ceil(GROUP) {
        let mut group_writer = file.next_row_group()?;
        for column in &mut done {
            for chunk in std::mem::take(&mut column.groups[group]) {
                chunk.append_to_row_group(&mut group_writer)?;
            }
        }
        group_writer.close()?;
    }
    let values = FileValues {
        groups: u32::try_from(rows.len().div_ceil(GROUP)).unwrap_or(u32::MAX),
        columns: done.into_iter().filter_map(|done| Some((done.name, done.values?))).collect(),
    };
    Ok(Encoded { bytes: file.into_inner()?, statistics, values })
}

/// What the log says of the first columns.
fn said(columns: &Columns, done: &[Done], rows: usize) -> String {
    let first = columns.stored.iter().take(columns.with_statistics);
    let known = first.filter(|field| !field.data_type().is_nested()).map(|field| {
        let found = done.iter().find(|done| done.name == *field.name());
        let gathered = found.map_or_else(|| Gathered::absent(rows), |done| done.gathered.clone());
        (field.name().as_str(), gathered)
    });
    statistics::to_json(rows, known)
}

/// A column, encoded.
struct Done {
    /// Its place among the columns of the file.
    place: usize,
    name: String,
    /// Its chunks in each group of rows; several where it is nested.
    groups: Vec<Vec<ArrowColumnChunk>>,
    gathered: Gathered,
    /// For each group what the value index says of it, where the column is looked at.
    values: Option<Vec<Vec<u64>>>,
}

/// Columns of which each thread takes the next.
struct Work<'a> {
    parts: &'a dyn Parts,
    /// Which parts have some of the rows.
    wanted: Vec<bool>,
    rows: &'a [Spot],
    fields: &'a [FieldRef],
    /// How many of the first fields the log has statistics of.
    counted: usize,
    /// The table's columns whose values people look up.
    sought: &'a [values::Column],
    next: AtomicUsize,
}

impl Work<'_> {
    /// All columns in their order.
    fn all(&self) -> Result<Vec<Done>, DeltaTableError> {
        let mut done = if self.rows.len() < MANY {
            self.share()?
        } else {
            thread::scope(|scope| {
                let other = scope.spawn(|| self.share());
                let mut done = self.share()?;
                done.extend(other.join().unwrap_or_else(|panic| Err(died(&message(&*panic))))?);
                Ok::<_, DeltaTableError>(done)
            })?
        };
        done.sort_by_key(|done| done.place);
        Ok(done)
    }

    fn share(&self) -> Result<Vec<Done>, DeltaTableError> {
        let mut share = Vec::new();
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(field) = self.fields.get(place) else { return Ok(share) };
            share.push(self.column(place, field)?);
        }
    }

    fn column(&self, place: usize, field: &FieldRef) -> Result<Done, DeltaTableError> {
        let column = Gather::of(self.parts, field, &self.wanted)?;
        let sought = self.sought.iter().find(|column| column.name == *field.name());
        let mut done = Done {
            place,
            name: field.name().clone(),
            groups: Vec::new(),
            gathered: Gathered::default(),
            values: sought.map(|_| Vec::new()),
        };
        let mut factory = None;
        for (group, rows) in self.rows.chunks(GROUP).enumerate() {
            let pieces = column.pieces(rows)?;
            let factory = match &factory {
                Some(factory) => factory,
                None => {
                    let known = pieces.iter().find(|piece| piece.null_count() < piece.len());
                    let properties = self.properties(field, known)?;
                    let writer = writer(io::sink(), std::slice::from_ref(field), properties)?;
                    factory.insert(writer.into_serialized_writer()?.1)
                }
            };
            let mut writers = factory.create_column_writers(group)?;
            let mut hashes = sought.map(|column| Hashes::new(column.holds));
            for values in &pieces {
                if let Some(hashes) = &mut hashes {
                    hashes.add(values);
                }
                if place < self.counted {
                    done.gathered.add(values);
                }
                for (writer, leaf) in writers.iter_mut().zip(compute_leaves(field, values)?) {
                    writer.write(&leaf)?;
                }
            }
            let chunks = writers.into_iter().map(ArrowColumnWriter::close);
            done.groups.push(chunks.collect::<Result<_, _>>()?);
            if let (Some(values), Some(hashes)) = (&mut done.values, hashes) {
                values.push(hashes.finish());
            }
        }
        Ok(done)
    }

    /// What a column is written with, some of whose values are these.
    fn properties(&self, field: &Field, values: Option<&ArrayRef>) -> Result<WriterProperties, ParquetError> {
        let column = ColumnPath::new(vec![field.name().clone()]);
        let mut properties = common()?;
        if RISING.contains(&field.name().as_str()) {
            properties = properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column.clone(), Encoding::DELTA_BINARY_PACKED);
        }
        let Some(sample) = values.and_then(Sample::of) else { return Ok(properties.build()) };
        if sample.is_unlike() {
            properties = properties.set_column_dictionary_enabled(column.clone(), false);
        }
        if !self.parts.stays() && sample.bytes(self.rows.len()) < SHORT {
            properties = properties.set_column_compression(column, Compression::UNCOMPRESSED);
        }
        Ok(properties.build())
    }
}

fn died(why: &str) -> DeltaTableError {
    DeltaTableError::Generic(format!("a column could not be written: {why}"))
}

fn writer<W: io::Write + Send>(
    into: W,
    fields: &[FieldRef],
    properties: WriterProperties,
) -> Result<ArrowWriter<W>, ParquetError> {
    // Arrow's own words for the columns would say nothing that Parquet's do not.
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(into, Arc::new(Schema::new(fields.to_vec())), options)
}

/// What files are written with.
fn common() -> Result<WriterPropertiesBuilder, ParquetError> {
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_max_row_group_row_count(Some(GROUP)))
}

/// Some values of a column, spread over all.
struct Sample {
    seen: usize,
    distinct: usize,
    /// Bytes of the distinct ones.
    bytes: usize,
}

impl Sample {
    /// Looks at texts or numbers.
    fn of(values: &ArrayRef) -> Option<Self> {
        let step = values.len() / LOOKED_AT + 1;
        let rows = (0..values.len()).step_by(step).filter(|row| values.is_valid(*row));
        if let Some(texts) = values.as_string_view_opt() {
            let all: Vec<&str> = rows.map(|row| texts.value(row)).collect();
            let distinct: HashSet<&str> = all.iter().copied().collect();
            let bytes = distinct.iter().map(|text| LENGTH + text.len()).sum();
            return Some(Self { seen: all.len(), distinct: distinct.len(), bytes });
        }
        let numbers = values.as_primitive_opt::<Int64Type>()?;
        let all: Vec<i64> = rows.map(|row| numbers.value(row)).collect();
        let distinct = all.iter().collect::<HashSet<_>>().len();
        Some(Self { seen: all.len(), distinct, bytes: distinct * size_of::<i64>() })
    }

    /// Whether hardly a value is like another: then a dictionary is as long as they are, and the places in
    /// it come on top.
    fn is_unlike(&self) -> bool {
        self.distinct * UNLIKE.1 > self.seen * UNLIKE.0
    }

    /// About how many bytes so many rows take before they are compressed.
    fn bytes(&self, rows: usize) -> usize {
        if self.is_unlike() {
            self.bytes * rows / self.seen.max(1)
        } else {
            self.bytes + rows * self.distinct.next_power_of_two().ilog2() as usize / 8
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::path::PathBuf;

    use arrow_array::{Int64Array, RecordBatch, StringArray};
    use arrow_schema::DataType;
    use deltalake::parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;
    use crate::{Compartment, Delivery, Lake, TableName};

    fn rows(first: i64, count: i64) -> RecordBatch {
        let schema = Schema::new(vec![
            Field::new("device.hostname", DataType::Utf8, true),
            Field::new("row", DataType::Int64, true),
        ]);
        let hosts =
            StringArray::from_iter_values((first..first + count).map(|row| format!("ws{:02}", row % 7)));
        let numbers = Int64Array::from_iter_values(first..first + count);
        RecordBatch::try_new(Arc::new(schema), vec![Arc::new(hosts), Arc::new(numbers)]).unwrap()
    }

    #[test]
    fn files_hold_hosts_together_and_numbers_as_their_differences() {
        let home = tempfile::tempdir().unwrap();
        let lake = Lake::open(home.path()).unwrap();
        let name = TableName::new(Compartment::own(), "base_event").unwrap();
        let mut writer = lake.writer(&name, &rows(0, 1).schema()).unwrap();
        let delivery = Delivery { shard: "a".parse().unwrap(), number: 1 };
        writer.append(vec![rows(0, 100_000), rows(100_000, 100_000)], &delivery).unwrap();
        let folder = home.path().join("own/base_event");
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|end| end == "parquet"));
        assert_eq!(files.len(), 1);
        let file = SerializedFileReader::new(File::open(&files[0]).unwrap()).unwrap();
        let groups = file.metadata().row_groups();
        assert_eq!(groups.iter().map(|group| group.num_rows()).collect::<Vec<_>>(), [131_072, 68_928]);
        let [hosts, numbers] = groups[0].columns() else { panic!("two columns") };
        assert!(matches!(hosts.compression(), Compression::ZSTD(_)));
        assert!(numbers.encodings().any(|encoding| encoding == Encoding::DELTA_BINARY_PACKED));
        assert!(numbers.dictionary_page_offset().is_none());
        // Seven hosts one after the other.
        assert!(hosts.compressed_size() < 2_000, "{}", hosts.compressed_size());
    }
}
