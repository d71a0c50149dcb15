//! How rows lie in the files of a table: what belongs together side by side, and numbers that rise as
//! the little by which they do.

use arrow_array::RecordBatch;
use deltalake::arrow::compute::{SortColumn, concat_batches, lexsort_to_indices, take_record_batch};
use deltalake::arrow::error::ArrowError;
use deltalake::parquet::basic::{Compression, Encoding, ZstdLevel};
use deltalake::parquet::errors::ParquetError;
use deltalake::parquet::file::properties::WriterProperties;
use deltalake::parquet::schema::types::ColumnPath;

/// By what rows are sorted, as far as a table has it: kind of event, host, time.
const ORDER: [&str; 5] = ["product", "log", "event_id", "device.hostname", "time"];

/// Numbers that mostly rise. Dictionaries gain nothing on them.
const RISING: [&str; 7] = ["time", "time_rest", "row", "ordinal", "line", "record_id", "audit_serial"];

/// Rows in a group: the least that is read to find one.
const GROUP: usize = 128 << 10;

/// What files are written with.
pub(crate) fn properties() -> Result<WriterProperties, ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_max_row_group_row_count(Some(GROUP));
    let delta = |properties: deltalake::parquet::file::properties::WriterPropertiesBuilder, name: &str| {
        let column = ColumnPath::new(vec![name.to_owned()]);
        properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED)
    };
    Ok(RISING.iter().fold(properties, |properties, name| delta(properties, name)).build())
}

/// The rows of one delivery in the order in which they lie best.
pub(crate) fn sorted(rows: Vec<RecordBatch>) -> Result<Vec<RecordBatch>, ArrowError> {
    let Some(first) = rows.first() else { return Ok(rows) };
    // What has other columns is refused by the table, which says so better.
    if rows.iter().any(|part| part.schema() != first.schema()) {
        return Ok(rows);
    }
    let all = concat_batches(&first.schema(), &rows)?;
    let keys = ORDER.iter().filter_map(|name| all.column_by_name(name));
    let keys: Vec<SortColumn> =
        keys.map(|values| SortColumn { values: values.clone(), options: None }).collect();
    if keys.is_empty() {
        return Ok(vec![all]);
    }
    let order = lexsort_to_indices(&keys, None)?;
    Ok(vec![take_record_batch(&all, &order)?])
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::path::PathBuf;
    use std::sync::Arc;

    use arrow_array::{Int64Array, StringArray};
    use arrow_schema::{DataType, Field, Schema};
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
